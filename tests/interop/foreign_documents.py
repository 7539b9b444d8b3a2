"""Cases of foreign.txt about documents: every kind of content, signatures at the edge, signed faults."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from . import crafted, encode, text
from .certificate import Certificate
from .encode import Key, byte_string, item, string, varint
from .envelope import SIGNATURE_CONTEXT
from .fields import EPOCH, Item
from .keyring import CODE
from .keyring import ISSUER as ISSUER_KIND
from .license import Allocation, Components, DeviceKey, Feature, License, Term
from .policy import component_hash
from .stanza import ANCHOR, DAY, ISSUER, NOW, PRODUCT, STRANGER, FeatureLine, Stanza
from .status import GRANTED

SALT = b"salt"
LARGEST_STAMP = EPOCH + 2**32 - 1
PLAIN = License("L-1", 1, "commercial", PRODUCT, NOW - 30 * DAY)
CERTIFICATE = Certificate(ISSUER.public, NOW - 90 * DAY, NOW - 60 * DAY, NOW + 60 * DAY)
UNTIL_KEPT = Term("until", NOW + DAY)


def stanzas() -> Iterator[Stanza]:
    """All cases of this file."""
    yield from _contents()
    yield from _bindings()
    yield from _rights()
    yield from _texts()
    yield from _certificates()
    yield from _shared_key_ids()
    yield from _signatures()
    yield from _faults()


def hashed(kind: int, value: bytes) -> bytes:
    """The hash of a component that has one."""
    found = component_hash(SALT, kind, value)
    assert found is not None
    return found


def code(key: Key = ANCHOR, certificate: bytes | None = None, **changes: object) -> str:
    """The plain license with some changes, as a code."""
    return encode.code(dataclasses.replace(PLAIN, **changes), key, certificate)  # type: ignore[arg-type]


def issuer_text(certificate: Certificate, anchor: Key = ANCHOR) -> str:
    """The text form of a certificate."""
    return text.write(ISSUER_KIND, encode.issuer_document(certificate, anchor))


def _contents() -> Iterator[Stanza]:
    nothing = {"expires_at": 0, "grace_until": 0, "lease_until": 0, "next_deadline": 0, "powered_hours_end": 0}
    named = {"license_id": "L-1", "serial": 1, "class": "commercial", "quantity": 1, "in_grace": 0}
    yield Stanza("plain", code(), GRANTED, expected={**nothing, **named})
    longest = "".join(chr(0x21 + index) for index in range(64))
    yield Stanza(
        "longest-names-and-largest-numbers",
        code(
            id=longest, serial=2**32 - 1, product=longest[::-1], term=Term("until", LARGEST_STAMP), quantity=2**32 - 1
        ),
        GRANTED,
        facts={"product": longest[::-1]},
        expected={"license_id": longest, "serial": 2**32 - 1, "quantity": 2**32 - 1, "expires_at": LARGEST_STAMP},
    )
    yield Stanza("issued-at-the-first-second", code(issued_at=EPOCH), GRANTED, facts={"now": EPOCH})
    yield Stanza("trial", code(class_name="trial"), GRANTED, expected={"class": "trial"})
    yield Stanza("nfr", code(class_name="nfr"), GRANTED, expected={"class": "nfr"})
    yield Stanza("test", code(class_name="test"), GRANTED, facts={"allow_test": 1}, expected={"class": "test"})
    whole = code(
        term=Term("until", NOW + 10 * DAY),
        not_before=NOW,
        grace_days=36_525,
        lease_days=31,
        versions=((1, 2, 3), (65_535, 0, 128)),
        maintenance_until=NOW,
        quantity=128,
        edition="!",
        customer="Müller & Söhne — 計測",
        order="\u0080",
    )
    yield Stanza(
        "every-item",
        whole,
        GRANTED,
        facts={"version": "65535.0.128", "built_at": NOW - 1},
        expected={
            "expires_at": NOW + 10 * DAY,
            "grace_until": NOW + 36_535 * DAY,
            "lease_until": NOW + DAY,
            "next_deadline": NOW + DAY,
            "quantity": 128,
        },
    )
    others = (
        Item(900, False, b""),
        Item(999, False, b"\xff"),
        Item(1000, False, b"vendor"),
        Item(32_767, False, b"\0"),
    )
    yield Stanza("items-of-others", code(quantity=2, others=others), GRANTED, expected={"quantity": 2})
    yield Stanza("thirty-two-items", code(others=tuple(Item(900 + index, False, b"") for index in range(32))), GRANTED)


def _bindings() -> Iterator[Stanza]:
    three = Components(2, SALT, tuple((kind, hashed(kind, b"AB12")) for kind in (1, 2, 128)))
    yield Stanza(
        "two-of-three-components",
        code(binding=three),
        GRANTED,
        components=((2, b"\rab:1-2.\n"), (128, b"ab12"), (128, b"AB12")),
    )
    yield Stanza(
        "opaque-kinds-as-they-are", code(binding=three), "DEVICE_MISMATCH", components=((1, b"ab12"), (128, b"AB-12"))
    )
    sixteen = Components(16, SALT, tuple(sorted((kind, hashed(kind, bytes([kind]))) for kind in range(240, 256))))
    given = tuple((kind, bytes([kind])) for kind in range(255, 239, -1))
    yield Stanza("sixteen-of-sixteen-components", code(binding=sixteen), GRANTED, components=given)
    table = sorted((hashed(5, b"ESN%d" % index), index + 1) for index in range(48))
    allocation = Allocation(5, SALT, tuple(table))
    yield Stanza(
        "forty-eight-devices",
        code(binding=allocation, quantity=7),
        GRANTED,
        components=((6, b"ESN1"), (5, b"..."), (5, b"ESN48"), (5, b"esn-47"), (5, b"ESN0")),
        expected={"quantity": 48},
    )
    yield Stanza("device-key", code(binding=DeviceKey(bytes(32))), GRANTED, facts={"device_key": "00" * 32})


def _rights() -> Iterator[Stanza]:
    kinds: tuple[tuple[str, int | str | None, str], ...] = (
        ("flag", None, "-"),
        ("limit", 2**64 - 1, str(2**64 - 1)),
        ("quota", 0, "0"),
        ("overage", 128, "128"),
        ("text", "é", "c3a9"),
    )
    features: list[Feature] = []
    expected: list[FeatureLine] = []
    for expiry, letter in ((None, "a"), (NOW + 1, "b"), (NOW, "c")):
        for kind, value, shown in kinds:
            features.append(Feature(f"{letter}-{kind}", kind, value, expiry))
            status = "FEATURE_EXPIRED" if expiry == NOW else GRANTED
            expected.append(FeatureLine(f"{letter}-{kind}", status, kind, shown, str(expiry or "-")))
    features.sort(key=lambda one: one.name)
    yield Stanza(
        "every-right",
        code(features=tuple(features)),
        GRANTED,
        expected={"next_deadline": NOW + 1},
        features=(*expected, FeatureLine("a", "FEATURE_UNKNOWN")),
    )
    many = tuple(Feature(f"{index:02}", "flag") for index in range(64))
    yield Stanza("sixty-four-features", code(features=many), GRANTED, features=(FeatureLine("63", GRANTED, "flag"),))


def _texts() -> Iterator[Stanza]:
    filled = len(text.decode_base64url(code(others=(Item(1000, False, bytes(200)),))[6:].encode())) - 4
    for name, size, status in (("longest-code", 759, GRANTED), ("code-a-byte-too-long", 760, "TEXT_TOO_LONG")):
        others = (Item(1000, False, bytes(200 + size - filled)),)
        yield Stanza(name, code(others=others), status)
    plain = code()
    wrapped = "\r\n\t".join(plain[at : at + 20] for at in range(0, len(plain), 20))
    yield Stanza("wrapped-and-quoted", f"\ufeff「“{wrapped}\u200b”」\n".encode(), GRANTED)
    yield Stanza("padded", f"{plain}=", "TEXT_CHARACTER")
    yield Stanza("twice", f"{plain}\n{plain}".encode(), "TEXT_SEVERAL")


def _certificates() -> Iterator[Stanza]:
    certificate = dataclasses.replace(
        CERTIFICATE,
        longest_days=32,
        kinds=0xFF,
        scope=("meter-*", "pump"),
        name="Händler",
        others=(Item(900, False, b"new"), Item(1000, False, b"")),
    )
    inline = encode.issuer_document(certificate, ANCHOR)
    exact = Term("until", PLAIN.issued_at + 31 * DAY)
    kept = code(ISSUER, inline, term=exact, grace_days=1)
    yield Stanza("inline-certificate", kept, GRANTED, expected={"grace_until": exact.value + DAY})
    known = code(ISSUER, term=exact, grace_days=1)
    yield Stanza("issuer-known-beforehand", known, GRANTED, issuers=(issuer_text(certificate),))
    longer = code(ISSUER, inline, term=Term("until", exact.value + 1), grace_days=1)
    yield Stanza("a-second-longer-than-allowed", longer, "ISSUER_TERM")
    no_codes = dataclasses.replace(certificate, kinds=0xFE)
    yield Stanza("every-kind-but-codes", code(ISSUER, encode.issuer_document(no_codes, ANCHOR)), "ISSUER_KIND")
    star = dataclasses.replace(CERTIFICATE, scope=("*ter-4", "meter", "meter-4-*"))
    yield Stanza("star-in-front", code(ISSUER, encode.issuer_document(star, ANCHOR)), "ISSUER_SCOPE")
    for size, status in ((96, GRANTED), (97, "PAYLOAD_VALUE")):
        scope = (PRODUCT, "n" * 40, "o" * (size - len(PRODUCT) - 43))
        scoped = encode.issuer_document(dataclasses.replace(CERTIFICATE, scope=scope), ANCHOR)
        yield Stanza(f"scope-of-{size}-bytes-with-the-lengths", code(ISSUER, scoped), status)
    short = encode.issuer_document(dataclasses.replace(CERTIFICATE, longest_days=1), ANCHOR)
    over = Term("until", PLAIN.issued_at - 2 * DAY)
    yield Stanza("over-before-it-was-issued", code(ISSUER, short, term=over), "EXPIRED")
    forged = encode.unsigned(ISSUER_KIND, ANCHOR.public[:4], encode.certificate_payload(CERTIFICATE))
    forged += STRANGER.sign(SIGNATURE_CONTEXT + forged)
    yield Stanza("forged-certificate", code(ISSUER, forged), "CERTIFICATE_SIGNATURE")


def _shared_key_ids() -> Iterator[Stanza]:
    """A key id is a hint: other keys may begin with the same four bytes."""
    decoy = crafted.decoy(ANCHOR.public[:4])
    anchors = (decoy, ANCHOR.public)
    yield Stanza("two-anchors-of-one-key-id", code(), GRANTED, anchors=anchors)
    inline = encode.issuer_document(CERTIFICATE, ANCHOR)
    yield Stanza("certificate-under-two-anchors-of-one-key-id", code(ISSUER, inline), GRANTED, anchors=anchors)
    namesake = dataclasses.replace(CERTIFICATE, key=decoy, kinds=0)
    yield Stanza("issuer-with-the-key-id-of-the-anchor", code(), GRANTED, issuers=(issuer_text(namesake),))
    own = dataclasses.replace(CERTIFICATE, key=ANCHOR.public, kinds=0)
    yield Stanza("anchor-that-is-an-issuer-too", code(), GRANTED, issuers=(issuer_text(own),))
    other = dataclasses.replace(CERTIFICATE, key=crafted.decoy(ISSUER.public[:4]), kinds=0)
    issuers = (issuer_text(other), issuer_text(CERTIFICATE))
    yield Stanza("two-issuers-of-one-key-id", code(ISSUER), GRANTED, issuers=issuers)


def _signatures() -> Iterator[Stanza]:
    """Where verifiers of Ed25519 differ from each other (§4)."""
    content = encode.unsigned(CODE, ANCHOR.public[:4], encode.license_payload(PLAIN))
    message = SIGNATURE_CONTEXT + content
    for name, signature in (
        ("r-of-small-order", crafted.small_order_r(ANCHOR, message)),
        ("r-with-torsion", crafted.torsion_in_r(ANCHOR, message)),
        ("s-above-the-order", crafted.high_s(ANCHOR.sign(message))),
    ):
        yield Stanza(name, text.write(CODE, content + signature), "SIGNATURE_INVALID")
    mixed = crafted.mixed_key(ANCHOR)
    content = encode.unsigned(CODE, mixed[:4], encode.license_payload(PLAIN))
    message = SIGNATURE_CONTEXT + content
    for name, exact, status in (
        ("mixed-key-exact", True, GRANTED),
        ("mixed-key-only-with-the-cofactor", False, "SIGNATURE_INVALID"),
    ):
        signature = crafted.mixed_signature(ANCHOR, message, exact=exact)
        yield Stanza(name, text.write(CODE, content + signature), status, anchors=(mixed,))


def _faults() -> Iterator[Stanza]:
    """Signed payloads with two faults: the order of the checks gives the status."""
    start = string("L-1") + varint(1)
    fields = varint(0) + string(PRODUCT) + encode.stamp(PLAIN.issued_at) + varint(0)
    bad_feature = byte_string(string("") + varint(0))
    for name, payload, status in (
        ("overlong-and-cut-off", string("L-1") + b"\x81\x00", "PAYLOAD_MALFORMED"),
        ("overlong-and-a-byte-more", string("L-1") + b"\x81\x00" + fields + bytes(4), "PAYLOAD_NOT_CANONICAL"),
        ("a-byte-more-and-a-bad-id", string("") + varint(1) + fields + bytes(4), "PAYLOAD_MALFORMED"),
        (
            "a-bad-feature-and-bad-components",
            start + fields + varint(1) + b"\1salt" + byte_string(b"\1") + bad_feature + varint(0),
            "PAYLOAD_VALUE",
        ),
        (
            "an-item-out-of-range-and-one-cut-off",
            start + fields + varint(0) + varint(0) + byte_string(item(2, False, varint(0)) + b"\x10"),
            "PAYLOAD_VALUE",
        ),
        (
            "an-item-of-wrong-criticality-and-cut-off",
            start + fields + varint(0) + varint(0) + byte_string(item(2, True, b"")),
            "PAYLOAD_MALFORMED",
        ),
        (
            "an-unknown-item-and-one-out-of-order",
            start + fields + varint(0) + varint(0) + byte_string(item(900, True, b"") + item(1, True, bytes(4))),
            "EXTENSION_UNKNOWN",
        ),
    ):
        yield Stanza(name, text.write(CODE, encode.document(CODE, ANCHOR, payload)), status)
