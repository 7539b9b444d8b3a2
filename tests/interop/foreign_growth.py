"""Cases of foreign.txt about growth: formats to come, rights of later versions, lines, what is reserved."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from . import encode, text
from .encode import byte_string, item, string, varint
from .fields import Item
from .foreign_documents import CERTIFICATE, PLAIN, code, issuer_text
from .keyring import CODE
from .keyring import ISSUER as ISSUER_KIND
from .license import Feature, Later, Term
from .stanza import ANCHOR, ISSUER, NOW, PRODUCT, FeatureLine, Stanza
from .status import GRANTED

NEVER = 240
FLAG_NEVER = 0x80
LONG = 760
VERY_LONG = 4096


def stanzas() -> Iterator[Stanza]:
    """All cases of this file."""
    yield from _announced()
    yield from _announced_at_length()
    yield from _starts()
    yield from _rights()
    yield from _lines()
    yield from _items()
    yield from _device_documents()


def start(letter: str = CODE, version: int = 1, algorithm: int = 1, flags: int = 0, kind: str = "") -> bytes:
    """Bytes 0 to 3 of a document."""
    return bytes([version, ord(kind or letter), algorithm, flags])


def _long(letter: str = CODE, version: int = 1, algorithm: int = 1, flags: int = 0, kind: str = "") -> str:
    """The text form of a document that is a byte too long, with a good check."""
    return text.write(letter, start(letter, version, algorithm, flags, kind).ljust(LONG, b"\0"))


def _announced() -> Iterator[Stanza]:
    """Texts of 1025 characters: bytes 0 to 3 of the document give the status."""
    for name, pasted, status in (
        ("too-long", _long(), "TEXT_TOO_LONG"),
        ("too-long-of-format-240", _long(version=NEVER), "FORMAT_VERSION"),
        ("too-long-of-format-255", _long(version=255), "FORMAT_VERSION"),
        ("too-long-of-format-0", _long(version=0), "FORMAT_VERSION"),
        ("too-long-with-flag-7", _long(flags=FLAG_NEVER), "FORMAT_VERSION"),
        ("too-long-with-flags-7-and-0", _long(flags=FLAG_NEVER | 1), "FORMAT_VERSION"),
        ("too-long-with-a-certificate", _long(flags=1), "TEXT_TOO_LONG"),
        ("too-long-of-algorithm-240", _long(algorithm=NEVER), "FORMAT_ALGORITHM"),
        ("too-long-and-unsigned", _long(algorithm=0), "TEXT_TOO_LONG"),
        ("too-long-of-algorithm-240-with-a-certificate", _long(algorithm=NEVER, flags=1), "FORMAT_ALGORITHM"),
        ("too-long-of-format-and-algorithm-240", _long(version=NEVER, algorithm=NEVER), "FORMAT_VERSION"),
        ("too-long-with-flag-7-and-algorithm-240", _long(algorithm=NEVER, flags=FLAG_NEVER), "FORMAT_VERSION"),
        ("too-long-of-format-240-and-another-kind", _long(version=NEVER, kind="L"), "FORMAT_VERSION"),
        ("too-long-of-another-kind", _long(kind="L"), "TEXT_TOO_LONG"),
        ("too-long-of-an-unknown-kind", _long("X"), "TEXT_TOO_LONG"),
        ("too-long-of-an-unknown-kind-and-algorithm-240", _long("X", algorithm=NEVER), "FORMAT_ALGORITHM"),
        ("too-long-of-an-unknown-kind-and-unsigned", _long("X", algorithm=0), "TEXT_TOO_LONG"),
    ):
        yield Stanza(name, pasted, status)
    for letter in "RPM":
        for algorithm, status in ((0, "TEXT_TOO_LONG"), (1, "TEXT_TOO_LONG"), (NEVER, "FORMAT_ALGORITHM")):
            name = f"too-long-{letter}-of-algorithm-{algorithm}"
            yield Stanza(name, _long(letter, algorithm=algorithm), status)
    later = _long(version=NEVER)
    yield Stanza("too-long-of-format-240-with-a-bad-check", f"{later[:-1]}A", "FORMAT_VERSION")
    yield Stanza("too-long-of-format-240-in-quotes", f'"{later}"', "FORMAT_VERSION")
    yield Stanza("too-long-of-format-240-and-a-dot", f"{later}.", "TEXT_CHARACTER")
    yield Stanza("too-long-of-format-240-and-words-behind", f"{later}\u201d\u3002", "TEXT_CHARACTER")
    spread = f"LIC2C .\n{later[6]}\u200b{later[7:9]} {later[9:]}"
    yield Stanza("too-long-of-format-240-in-pieces", spread.encode(), "FORMAT_VERSION")
    exact = text.write(CODE, start(version=NEVER).ljust(LONG - 1, b"\0"))
    yield Stanza("longest-of-format-240", exact, "FORMAT_VERSION")
    yield Stanza("longest-of-format-240-damaged", f"{exact[:-2]}AA", "TEXT_DAMAGED")


def _announced_at_length() -> Iterator[Stanza]:
    """Texts of more than 4096 bytes: only the first 4096 count."""
    later = _long(version=NEVER)
    body = later.ljust(VERY_LONG + 1, "A")
    for name, pasted, status in (
        ("4096-bytes-of-format-240", body[:VERY_LONG], "FORMAT_VERSION"),
        ("4097-bytes-of-format-240", body, "FORMAT_VERSION"),
        ("4097-bytes-of-format-1", _long().ljust(VERY_LONG + 1, "A"), "TEXT_TOO_LONG"),
        ("4097-bytes-of-algorithm-240", _long(algorithm=NEVER).ljust(VERY_LONG + 1, "A"), "FORMAT_ALGORITHM"),
        ("4097-bytes-and-unsigned", _long(algorithm=0).ljust(VERY_LONG + 1, "A"), "TEXT_TOO_LONG"),
        ("4097-bytes-with-flag-7", _long(flags=FLAG_NEVER).ljust(VERY_LONG + 1, "A"), "FORMAT_VERSION"),
        ("4097-bytes-of-format-240-and-words", f"{body}\u3002", "FORMAT_VERSION"),
        ("4097-bytes-in-quotes", f"\u201c\u201c \n{body}\u201d", "FORMAT_VERSION"),
        ("format-240-behind-4096-spaces", " " * VERY_LONG + later, "TEXT_TOO_LONG"),
        ("format-240-that-begins-in-time", " " * (VERY_LONG - 12) + later, "FORMAT_VERSION"),
        ("format-240-that-begins-too-late", " " * (VERY_LONG - 11) + later, "TEXT_TOO_LONG"),
        ("4097-spaces", " " * (VERY_LONG + 1), "TEXT_TOO_LONG"),
        ("4097-letters", "x" * (VERY_LONG + 1), "TEXT_TOO_LONG"),
        ("4097-bytes-with-words-in-front", f"Code: {body}", "TEXT_TOO_LONG"),
        ("4097-bytes-of-five-characters", f"{later[:11]}{' ' * VERY_LONG}", "TEXT_TOO_LONG"),
        ("4097-bytes-of-five-characters-in-quotes", f"{later[:11]}\u201d{body[11:]}", "TEXT_TOO_LONG"),
        ("4097-bytes-with-a-word-in-between", f"{later[:9]}!{body[9:]}", "TEXT_TOO_LONG"),
        ("4097-bytes-with-a-dot-in-between", f"{later[:9]}.{body[9:]}", "TEXT_TOO_LONG"),
    ):
        yield Stanza(name, pasted.encode(), status)


def _starts() -> Iterator[Stanza]:
    """Documents of which little more than the first four bytes is there, or is right."""
    rest = bytes(68)
    for name, letter, document, status in (
        ("start-of-three-bytes", CODE, start()[:3], "FORMAT_ENVELOPE"),
        ("start-of-three-bytes-of-format-240", CODE, start(version=NEVER)[:3], "FORMAT_VERSION"),
        ("start-of-three-bytes-of-an-unknown-kind", "X", start("X")[:3], "FORMAT_ENVELOPE"),
        ("start-of-one-byte-of-an-unknown-kind", "Y", start("Y")[:1], "FORMAT_ENVELOPE"),
        ("start-alone", CODE, start(), "FORMAT_ENVELOPE"),
        ("start-alone-of-an-unknown-kind", "Z", start("Z"), "DOCUMENT_KIND"),
        ("start-alone-of-algorithm-240", CODE, start(algorithm=NEVER), "FORMAT_ALGORITHM"),
        ("start-alone-with-flag-7", CODE, start(flags=FLAG_NEVER), "FORMAT_VERSION"),
        ("start-alone-with-flag-7-of-an-unknown-kind", "X", start("X", flags=FLAG_NEVER), "FORMAT_VERSION"),
        ("start-alone-of-another-kind-within", CODE, start(kind="L"), "FORMAT_ENVELOPE"),
        ("flag-7", CODE, start(flags=FLAG_NEVER) + rest, "FORMAT_VERSION"),
        ("flags-7-and-0", CODE, start(flags=FLAG_NEVER | 1) + rest, "FORMAT_VERSION"),
        ("flag-7-and-algorithm-240", CODE, start(algorithm=NEVER, flags=FLAG_NEVER) + rest, "FORMAT_VERSION"),
        ("another-kind-within-and-algorithm-240", CODE, start(algorithm=NEVER, kind="L") + rest, "FORMAT_ENVELOPE"),
        ("an-unknown-kind-that-says-code", "X", start(kind=CODE) + rest, "DOCUMENT_KIND"),
        ("a-list-that-says-code", "L", start(kind=CODE) + rest, "DOCUMENT_KIND"),
        ("a-list-of-algorithm-240", "L", start("L", algorithm=NEVER) + rest, "DOCUMENT_KIND"),
        ("71-bytes-of-algorithm-240", CODE, start(algorithm=NEVER) + rest[1:], "FORMAT_ALGORITHM"),
        ("71-bytes-with-a-certificate", CODE, start(flags=1) + rest[1:], "FORMAT_ENVELOPE"),
    ):
        yield Stanza(name, text.write(letter, document), status)


def _rights() -> Iterator[Stanza]:
    """A right of a later version refuses one feature."""
    later = (
        Feature("a", "later", Later(901, b"")),
        Feature("b", "later", Later(900, b"\xff\xfe\x80")),
        Feature("c", "limit", 3),
        Feature("d", "later", Later(999, bytes(range(40)))),
        Feature("e", "later", Later(2**32 - 1, b"\x01")),
        Feature("f", "flag", None, NOW + 5),
    )
    named = tuple(FeatureLine(one.name, "RIGHT_UNKNOWN") for one in later if one.kind == "later")
    known = (
        FeatureLine("c", GRANTED, "limit", "3"),
        FeatureLine("f", GRANTED, "flag", "-", str(NOW + 5)),
        FeatureLine("nosuch", "FEATURE_UNKNOWN"),
    )
    yield Stanza(
        "rights-of-a-later-version",
        code(features=later),
        GRANTED,
        expected={"next_deadline": NOW + 5, "quantity": 1},
        features=(*named, *known),
    )
    refused = (FeatureLine("a", "EXPIRED"), FeatureLine("c", "EXPIRED", "limit", "3"))
    expired = code(features=later, term=Term("until", NOW))
    yield Stanza("rights-of-a-later-version-in-a-refused-license", expired, "EXPIRED", features=refused)
    unknown_time = (FeatureLine("a", "RIGHT_UNKNOWN"), FeatureLine("f", "TIME_UNKNOWN", "flag", "-", str(NOW + 5)))
    facts: dict[str, object] = {"now": None}
    yield Stanza(
        "rights-of-a-later-version-without-time", code(features=later), GRANTED, facts=facts, features=unknown_time
    )
    name = string("a")
    for what, features, status in (
        ("without-fields", name + varint(900), "PAYLOAD_MALFORMED"),
        ("cut-off", name + varint(900) + varint(4) + bytes(3), "PAYLOAD_MALFORMED"),
        ("overlong", name + b"\x84\x87\x00" + byte_string(b""), "PAYLOAD_NOT_CANONICAL"),
        ("with-an-overlong-length", name + varint(900) + b"\x80\x00", "PAYLOAD_NOT_CANONICAL"),
        ("too-large", name + b"\xff\xff\xff\xff\x10" + byte_string(b""), "PAYLOAD_MALFORMED"),
        ("without-a-name", string("") + varint(900) + byte_string(b""), "PAYLOAD_VALUE"),
        ("out-of-order", string("b") + varint(900) + byte_string(b"") + name + varint(0), "PAYLOAD_VALUE"),
        (
            "of-the-same-name",
            name + varint(900) + byte_string(b"") + name + varint(901) + byte_string(b""),
            "PAYLOAD_VALUE",
        ),
    ):
        yield Stanza(f"right-900-{what}", _with_features(features), status)


def _with_features(content: bytes) -> str:
    payload = encode.license_payload(PLAIN)
    return text.write(CODE, encode.document(CODE, ANCHOR, payload[:-2] + byte_string(content) + varint(0)))


def _lines() -> Iterator[Stanza]:
    """Item 2 of a certificate, and 900."""
    for name, items, status in (
        ("line", item(2, False, b"\0\0\0line\0"), GRANTED),
        ("line-of-zeros", item(2, False, bytes(8)), "PAYLOAD_VALUE"),
        ("line-of-seven-bytes", item(2, False, b"linelin"), "PAYLOAD_MALFORMED"),
        ("line-of-nine-bytes", item(2, False, b"lineline!"), "PAYLOAD_MALFORMED"),
        ("line-of-no-byte", item(2, False, b""), "PAYLOAD_MALFORMED"),
        ("line-critical", item(2, True, b"lineline"), "PAYLOAD_VALUE"),
        ("line-critical-of-seven-bytes", item(2, True, b"linelin"), "PAYLOAD_MALFORMED"),
        ("line-twice", item(2, False, b"lineline") * 2, "PAYLOAD_VALUE"),
        ("certificate-item-900", item(900, False, b"\xff"), GRANTED),
        ("certificate-item-900-critical", item(900, True, b"\xff"), "EXTENSION_UNKNOWN"),
        ("certificate-item-900-critical-and-a-bad-name", item(1, False, b"") + item(900, True, b""), "PAYLOAD_VALUE"),
    ):
        payload = encode.certificate_payload(CERTIFICATE)[:-1] + byte_string(items)
        yield Stanza(name, code(ISSUER, encode.document(ISSUER_KIND, ANCHOR, payload)), status)
    own = ISSUER.public[:8]
    every = dataclasses.replace(CERTIFICATE, kinds=0xFF)
    assigned = dataclasses.replace(CERTIFICATE, kinds=0x0F)
    other_key = dataclasses.replace(CERTIFICATE, key=ANCHOR.public, stated_line=b"lineline")
    for name, certificates, status in (
        (
            "issuer-twice-with-two-lines",
            (CERTIFICATE, dataclasses.replace(CERTIFICATE, stated_line=b"lineline")),
            GRANTED,
        ),
        (
            "issuer-twice-with-its-own-line",
            (CERTIFICATE, dataclasses.replace(CERTIFICATE, stated_line=own)),
            "KEY_DUPLICATE",
        ),
        ("issuer-twice-with-other-ignored-kinds", (every, assigned), "KEY_DUPLICATE"),
        ("two-issuers-of-one-line", (dataclasses.replace(CERTIFICATE, stated_line=b"lineline"), other_key), GRANTED),
    ):
        texts = tuple(issuer_text(one) for one in certificates)
        yield Stanza(name, code(ISSUER), status, issuers=texts, of_the_ring=status != GRANTED)


def _items() -> Iterator[Stanza]:
    """Numbers that are never assigned, and what the seller assigns."""
    for number in (900, 999, 1000, 32_767):
        yield Stanza(f"item-{number}", code(others=(Item(number, False, b"\xff"),)), GRANTED)
        yield Stanza(f"item-{number}-critical", code(others=(Item(number, True, b"\xff"),)), "EXTENSION_UNKNOWN")


def _device_documents() -> Iterator[Stanza]:
    """What a device wrote, pasted as a code."""
    shared = string(PRODUCT) + bytes(8) + encode.stamp(NOW)
    request = shared + string("") + byte_string(b"") + byte_string(b"")
    for name, letter, document, status in (
        ("a-request-pasted-as-a-code", "R", start("R", algorithm=0) + bytes(4) + request, "DOCUMENT_KIND"),
        ("a-short-receipt-pasted-as-a-code", "P", start("P", algorithm=0), "DOCUMENT_KIND"),
        ("a-short-report-pasted-as-a-code", "M", start("M", algorithm=0) + bytes(4), "DOCUMENT_KIND"),
        ("a-cut-off-request-pasted-as-a-code", "R", start("R", algorithm=0)[:3], "FORMAT_ENVELOPE"),
        ("a-request-of-format-240-pasted-as-a-code", "R", start("R", version=NEVER, algorithm=0), "FORMAT_VERSION"),
        ("a-request-with-flag-7-pasted-as-a-code", "R", start("R", algorithm=0, flags=FLAG_NEVER), "FORMAT_VERSION"),
    ):
        yield Stanza(name, text.write(letter, document), status)
    issuer = encode.issuer_document(CERTIFICATE, ANCHOR)
    yield Stanza("a-certificate-pasted-as-a-code", text.write(ISSUER_KIND, issuer), "DOCUMENT_KIND")
