"""Cases of foreign_documents.txt: revocation lists, time tokens, unlocks, and documents of devices.

The writer of these documents is here, too; what is expected was written down by hand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from . import crafted, ed25519, encode, status, text
from .encode import Key, byte_string, item, stamp, string, varint
from .envelope import SIGNATURE_CONTEXT
from .fields import EPOCH
from .foreign_documents import CERTIFICATE
from .foreign_growth import FLAG_NEVER, NEVER
from .foreign_growth import start as document_start
from .stanza import ANCHOR, ISSUER, NOW, PRODUCT
from .status import GRANTED

NONCE = bytes(range(8))
HASH = b"\x40\x00hash-x"
AT_DEVICE, AT_SELLER = "device", "seller"
DEVICE = Key(bytes([0x24]) * 32)

Lines = Sequence[tuple[str, object]]


@dataclasses.dataclass(frozen=True)
class DocumentStanza:
    """A case to write: who reads which text, and everything that has to come of it."""

    name: str
    reader: str
    pasted: str
    status: str
    said: Lines = ()
    kept: tuple[bytes, ...] = ()

    def lines(self) -> Iterable[str]:
        """The lines of the case."""
        yield f"[{self.name}]"
        yield f"reader = {self.reader}"
        if self.reader == AT_DEVICE:
            yield f"anchors = {ANCHOR.public.hex()}"
        for certificate in self.kept:
            yield f"kept = {certificate.hex()}"
        yield f"text = {self.pasted}"
        yield f"status = {status.number(self.status)}"
        for key, value in self.said:
            yield f"{key} = {value}"


def stanzas() -> Iterator[DocumentStanza]:
    """All cases of this file."""
    yield from _lists()
    yield from _list_orders()
    yield from _list_permissions()
    yield from _grants()
    yield from _starts()
    yield from _device_starts()
    yield from _device_signatures()
    yield from _parts()
    yield from _requests()
    yield from _usage()


def a_list(
    *licenses: bytes, number: int = 1, product: str = PRODUCT, series: int = 0, issuers: bytes = b"", items: bytes = b""
) -> bytes:
    """The payload of a revocation list."""
    head = varint(number) + stamp(NOW) + string(product) + bytes([series])
    return head + byte_string(issuers) + byte_string(b"".join(licenses)) + byte_string(items)


def entry(license: bytes = HASH, below: int = 2, reason: int = 2) -> bytes:
    """One license of a list."""
    return license + varint(below) + varint(reason)


def part(number: int, count: int, first: int, last: int) -> bytes:
    """Item 1 of a list."""
    return item(1, True, varint(number) + varint(count) + varint(first) + varint(last))


NAMED_ONLY = item(2, True, b"")


def signed(kind: str, payload: bytes, key: Key = ANCHOR, certificate: bytes | None = None) -> str:
    """The text form of a seller's document."""
    return text.write(kind, encode.document(kind, key, payload, certificate))


def _said_of_a_list(*more: tuple[str, object], signer: str = "anchor", key: Key = ANCHOR) -> Lines:
    head: Lines = (("signer", f"{signer} {key.public[:4].hex()}"), ("number", 1), ("issued_at", NOW))
    return (*head, ("product", PRODUCT), ("series", 0), *more)


def _lists() -> Iterator[DocumentStanza]:
    """Items 1 and 2 of a list, each with its own values."""
    listed = ("revoked_license", f"{HASH.hex()} 2 refunded")
    for name, payload, said in (
        ("list-in-parts", a_list(entry(), items=part(1, 2, 0, 0x7FFF)), (listed, ("item", "1 1 010200ffff01"))),
        (
            "list-of-one-hash",
            a_list(entry(), items=part(2, 2, 0x4000, 0x4000)),
            (listed, ("item", "1 1 0202808001808001")),
        ),
        (
            "list-of-the-last-part",
            a_list(items=part(65_535, 65_535, 65_535, 65_535)),
            (("item", "1 1 " + "ffff03" * 4),),
        ),
        (
            "list-of-everything-in-parts",
            a_list(entry(), items=part(1, 2, 0, 65_535)),
            (listed, ("item", "1 1 010200ffff03")),
        ),
        ("list-for-one-customer", a_list(entry(), items=NAMED_ONLY), (listed, ("item", "2 1 -"))),
        (
            "list-for-one-customer-that-takes-back",
            a_list(entry(below=1), items=NAMED_ONLY),
            (("revoked_license", f"{HASH.hex()} 1 refunded"), ("item", "2 1 -")),
        ),
        ("list-for-nobody", a_list(items=NAMED_ONLY), (("item", "2 1 -"),)),
        (
            "list-in-parts-with-item-900",
            a_list(items=part(1, 2, 5, 6) + item(900, False, b"\xff")),
            (("item", "1 1 01020506"), ("item", "900 0 ff")),
        ),
    ):
        yield DocumentStanza(name, AT_DEVICE, signed("L", payload), GRANTED, _said_of_a_list(*said))
    four = varint(1) + varint(2) + varint(0) + varint(9)
    for name, items, refused in (
        ("list-part-0", part(0, 2, 0, 9), "PAYLOAD_VALUE"),
        ("list-part-beyond-the-last", part(3, 2, 0, 9), "PAYLOAD_VALUE"),
        ("list-one-part-of-one", part(1, 1, 0, 9), "PAYLOAD_VALUE"),
        ("list-part-of-none", part(0, 0, 0, 9), "PAYLOAD_VALUE"),
        ("list-part-upside-down", part(1, 2, 10, 9), "PAYLOAD_VALUE"),
        ("list-part-not-critical", item(1, False, four), "PAYLOAD_VALUE"),
        ("list-part-of-three-numbers", item(1, True, four[:3]), "PAYLOAD_MALFORMED"),
        ("list-part-of-five-numbers", item(1, True, four + b"\0"), "PAYLOAD_MALFORMED"),
        ("list-part-empty", item(1, True, b""), "PAYLOAD_MALFORMED"),
        ("list-part-overlong", item(1, True, varint(1) + varint(2) + b"\x80\x00" + varint(9)), "PAYLOAD_NOT_CANONICAL"),
        ("list-part-overlong-and-a-byte-more", item(1, True, b"\x81\x00" + four[1:] + b"\0"), "PAYLOAD_NOT_CANONICAL"),
        (
            "list-part-with-a-large-range",
            item(1, True, varint(1) + varint(2) + varint(0) + varint(65_536)),
            "PAYLOAD_MALFORMED",
        ),
        ("list-part-0-not-critical-and-cut-off", item(1, False, b"\0"), "PAYLOAD_MALFORMED"),
        ("list-part-twice", part(1, 2, 0, 9) * 2, "PAYLOAD_VALUE"),
        ("list-for-one-customer-not-critical", item(2, False, b""), "PAYLOAD_VALUE"),
        ("list-for-one-customer-with-content", item(2, True, b"\0"), "PAYLOAD_MALFORMED"),
        ("list-for-one-customer-not-critical-with-content", item(2, False, b"\0"), "PAYLOAD_MALFORMED"),
        ("list-in-parts-and-for-one-customer", part(1, 2, 0, 9) + NAMED_ONLY, "PAYLOAD_VALUE"),
        ("list-with-item-900-critical", item(900, True, b""), "EXTENSION_UNKNOWN"),
        (
            "list-with-both-items-and-900-critical",
            part(1, 2, 0, 9) + NAMED_ONLY + item(900, True, b""),
            "PAYLOAD_VALUE",
        ),
        ("list-with-both-items-and-a-cut-off-one", part(1, 2, 0, 9) + NAMED_ONLY + b"\3", "PAYLOAD_VALUE"),
        (
            "list-with-both-items-the-second-with-content",
            part(1, 2, 0, 9) + item(2, True, b"\0"),
            "PAYLOAD_MALFORMED",
        ),
        ("list-in-parts-out-of-order", NAMED_ONLY + part(1, 2, 0, 9), "PAYLOAD_VALUE"),
    ):
        yield DocumentStanza(name, AT_DEVICE, signed("L", a_list(items=items)), refused)


def _list_orders() -> Iterator[DocumentStanza]:
    """What a list with an item must not say, and lists with two faults."""
    issuer = b"issuer-8" + b"\0"
    last = b"\x80\x00hash-x"
    for name, payload, refused in (
        ("list-in-parts-that-names-an-issuer", a_list(issuers=issuer, items=part(1, 2, 0, 9)), "PAYLOAD_VALUE"),
        ("list-for-one-customer-that-names-an-issuer", a_list(issuers=issuer, items=NAMED_ONLY), "PAYLOAD_VALUE"),
        ("list-part-of-another-license", a_list(entry(), items=part(1, 2, 0, 0x3FFF)), "PAYLOAD_VALUE"),
        ("list-part-of-another-license-behind", a_list(entry(), items=part(2, 2, 0x4001, 0xFFFF)), "PAYLOAD_VALUE"),
        (
            "list-part-of-one-of-two-licenses",
            a_list(entry(), entry(last), items=part(1, 2, 0, 0x7FFF)),
            "PAYLOAD_VALUE",
        ),
        (
            "list-part-of-another-license-and-900-critical",
            a_list(entry(), items=part(1, 2, 0, 9) + item(900, True, b"")),
            "EXTENSION_UNKNOWN",
        ),
        ("list-number-before-issuers", a_list(number=0, issuers=b"cut"), "PAYLOAD_VALUE"),
        ("list-issuers-before-licenses", a_list(b"cut", issuers=b"issuer-8\2"), "PAYLOAD_VALUE"),
        ("list-licenses-before-items", a_list(entry(below=0), items=b"\3"), "PAYLOAD_VALUE"),
        ("list-issuers-before-items", a_list(issuers=b"issuer-8\2", items=b"\3"), "PAYLOAD_VALUE"),
        ("list-licenses-before-an-unknown-item", a_list(entry(below=0), items=item(900, True, b"")), "PAYLOAD_VALUE"),
        ("list-licenses-cut-off-before-items", a_list(entry()[:-1], items=part(0, 2, 0, 9)), "PAYLOAD_MALFORMED"),
        ("list-a-byte-more-and-number-0", a_list(number=0) + b"\0", "PAYLOAD_MALFORMED"),
        ("list-reason-240", a_list(entry(reason=240)), "PAYLOAD_MALFORMED"),
    ):
        yield DocumentStanza(name, AT_DEVICE, signed("L", payload), refused)


def _list_permissions() -> Iterator[DocumentStanza]:
    """Lists of an issuer, whose certificate has a line or an item that nobody knows."""
    for name, items in (("line", item(2, False, b"lineline")), ("item-900", item(900, False, b""))):
        payload = encode.certificate_payload(dataclasses.replace(CERTIFICATE, kinds=0x82))[:-1] + byte_string(items)
        certificate = encode.document("I", ANCHOR, payload)
        pasted = signed("L", a_list(entry(), items=NAMED_ONLY), ISSUER, certificate)
        listed = ("revoked_license", f"{HASH.hex()} 2 refunded")
        said = _said_of_a_list(listed, ("item", "2 1 -"), signer="issuer", key=ISSUER)
        yield DocumentStanza(f"list-of-an-issuer-with-{name}", AT_DEVICE, pasted, GRANTED, said)
        kept = signed("L", a_list(entry(), items=NAMED_ONLY), ISSUER)
        yield DocumentStanza(f"list-of-a-kept-issuer-with-{name}", AT_DEVICE, kept, GRANTED, said, (certificate,))
    kinds = encode.issuer_document(dataclasses.replace(CERTIFICATE, kinds=0x8D), ANCHOR)
    pasted = signed("L", a_list(issuers=b"issuer-8\0", items=NAMED_ONLY), ISSUER, kinds)
    yield DocumentStanza("list-of-an-issuer-content-before-kind", AT_DEVICE, pasted, "PAYLOAD_VALUE")
    pasted = signed("L", a_list(), ISSUER, kinds)
    yield DocumentStanza("list-of-an-issuer-with-bit-7-for-lists", AT_DEVICE, pasted, "ISSUER_KIND")


def _grants() -> Iterator[DocumentStanza]:
    """Time tokens and unlocks."""
    unlock = stamp(NOW) + string(PRODUCT) + NONCE
    nobody = varint(0)
    for name, kind, payload, refused in (
        (
            "token-with-item-900-critical",
            "T",
            stamp(NOW) + string(PRODUCT) + byte_string(item(900, True, b"")),
            "EXTENSION_UNKNOWN",
        ),
        ("token-product-before-items", "T", stamp(NOW) + string("*") + byte_string(b"\3"), "PAYLOAD_VALUE"),
        (
            "token-product-before-an-unknown-item",
            "T",
            stamp(NOW) + string("*") + byte_string(item(900, True, b"")),
            "PAYLOAD_VALUE",
        ),
        (
            "unlock-with-item-900-critical",
            "U",
            unlock + b"\1" + nobody + byte_string(item(900, True, b"")),
            "EXTENSION_UNKNOWN",
        ),
        ("unlock-grants-bit-7", "U", unlock + b"\x81" + nobody + byte_string(b""), "PAYLOAD_VALUE"),
        ("unlock-grants-before-binding", "U", unlock + b"\0" + b"\1\1salt\1\5" + byte_string(b""), "PAYLOAD_VALUE"),
        (
            "unlock-binding-before-items",
            "U",
            unlock + b"\1" + b"\1\1salt" + byte_string(bytes(9)) + byte_string(b"\3"),
            "PAYLOAD_VALUE",
        ),
        ("unlock-binding-240", "U", unlock + b"\1" + varint(240) + byte_string(b""), "PAYLOAD_MALFORMED"),
    ):
        yield DocumentStanza(name, AT_DEVICE, signed(kind, payload), refused)


def _starts() -> Iterator[DocumentStanza]:
    """Documents of which little is there, or that belong to a later format; any document may come."""
    rest = bytes(68)
    for name, letter, document, refused in (
        ("three-bytes-of-an-unknown-kind", "X", document_start("X")[:3], "FORMAT_ENVELOPE"),
        ("four-bytes-of-an-unknown-kind", "X", document_start("X"), "DOCUMENT_KIND"),
        ("an-unknown-kind-of-format-240", "Y", document_start("Y", version=NEVER), "FORMAT_VERSION"),
        ("an-unknown-kind-with-flag-7", "Z", document_start("Z", flags=FLAG_NEVER), "FORMAT_VERSION"),
        ("an-unknown-kind-of-algorithm-240", "X", document_start("X", algorithm=NEVER) + rest, "DOCUMENT_KIND"),
        ("an-unknown-kind-that-says-list", "X", document_start(kind="L") + rest, "DOCUMENT_KIND"),
        ("a-certificate-where-any-document-may-come", "I", document_start("I") + rest, "DOCUMENT_KIND"),
        ("a-report-where-any-document-may-come", "M", document_start("M", algorithm=0) + rest, "DOCUMENT_KIND"),
        ("list-of-four-bytes", "L", document_start("L"), "FORMAT_ENVELOPE"),
        ("list-of-four-bytes-and-algorithm-240", "L", document_start("L", algorithm=NEVER), "FORMAT_ALGORITHM"),
        ("list-with-flag-7", "L", document_start("L", flags=FLAG_NEVER) + rest, "FORMAT_VERSION"),
        (
            "token-that-says-list-of-algorithm-240",
            "T",
            document_start("T", algorithm=NEVER, kind="L") + rest,
            "FORMAT_ENVELOPE",
        ),
    ):
        yield DocumentStanza(name, AT_DEVICE, text.write(letter, document), refused)
    too_long = text.write("L", document_start("L", version=NEVER).ljust(760, b"\0"))
    yield DocumentStanza("list-of-format-240-that-is-too-long", AT_DEVICE, too_long, "FORMAT_VERSION")


def _device_starts() -> Iterator[DocumentStanza]:
    """The same for the seller, who reads what devices write."""
    rest = bytes(68)
    request = request_payload()
    for name, letter, document, refused in (
        ("seller-three-bytes", "R", document_start("R", algorithm=0)[:3], "FORMAT_ENVELOPE"),
        ("seller-three-bytes-of-an-unknown-kind", "X", document_start("X")[:3], "FORMAT_ENVELOPE"),
        ("seller-an-unknown-kind-of-format-240", "X", document_start("X", version=NEVER), "FORMAT_VERSION"),
        ("seller-an-unknown-kind-with-flag-7", "Y", document_start("Y", flags=FLAG_NEVER), "FORMAT_VERSION"),
        ("seller-an-unknown-kind-of-algorithm-240", "Z", document_start("Z", algorithm=NEVER), "DOCUMENT_KIND"),
        ("seller-an-unknown-kind-that-says-request", "X", document_start(kind="R") + rest, "DOCUMENT_KIND"),
        ("seller-a-code-of-format-240", "C", document_start(version=NEVER) + rest, "FORMAT_VERSION"),
        ("seller-a-code-of-algorithm-240", "C", document_start(algorithm=NEVER) + rest, "DOCUMENT_KIND"),
        ("seller-four-bytes", "P", document_start("P", algorithm=0), "FORMAT_ENVELOPE"),
        ("seller-four-bytes-of-algorithm-240", "P", document_start("P", algorithm=NEVER), "FORMAT_ALGORITHM"),
        ("seller-seven-bytes", "M", document_start("M", algorithm=0) + bytes(3), "FORMAT_ENVELOPE"),
        (
            "seller-seven-bytes-of-algorithm-240",
            "M",
            document_start("M", algorithm=NEVER) + bytes(3),
            "FORMAT_ALGORITHM",
        ),
        (
            "seller-flag-7",
            "R",
            document_start("R", algorithm=0, flags=FLAG_NEVER) + bytes(4) + request,
            "FORMAT_VERSION",
        ),
        ("seller-flag-0", "R", document_start("R", algorithm=0, flags=1) + bytes(4) + request, "FORMAT_ENVELOPE"),
        (
            "seller-flag-7-and-algorithm-240",
            "R",
            document_start("R", algorithm=NEVER, flags=FLAG_NEVER),
            "FORMAT_VERSION",
        ),
        (
            "seller-another-kind-within",
            "R",
            document_start("R", algorithm=0, kind="P") + bytes(4) + request,
            "FORMAT_ENVELOPE",
        ),
        (
            "seller-another-kind-within-and-algorithm-240",
            "R",
            document_start("R", algorithm=NEVER, kind="P") + rest,
            "FORMAT_ENVELOPE",
        ),
        (
            "seller-algorithm-240-and-a-key-id",
            "R",
            document_start("R", algorithm=NEVER) + b"key-" + rest,
            "FORMAT_ALGORITHM",
        ),
        (
            "seller-unsigned-with-a-key-id-and-a-bad-request",
            "R",
            document_start("R", algorithm=0) + b"key-" + b"\1",
            "FORMAT_ENVELOPE",
        ),
    ):
        yield DocumentStanza(name, AT_SELLER, text.write(letter, document), refused)
    too_long = text.write("M", document_start("M", algorithm=0).ljust(760, b"\0"))
    yield DocumentStanza("seller-report-that-is-too-long", AT_SELLER, too_long, "TEXT_TOO_LONG")
    later = text.write("M", document_start("M", algorithm=0, flags=FLAG_NEVER).ljust(760, b"\0"))
    yield DocumentStanza("seller-report-with-flag-7-that-is-too-long", AT_SELLER, later, "FORMAT_VERSION")


def request_payload(license: str = "", components: bytes = b"", items: bytes = b"", product: str = PRODUCT) -> bytes:
    """The payload of a request."""
    return shared(product) + string(license) + byte_string(components) + byte_string(items)


def receipt_payload(
    usage: bytes = b"", items: bytes = b"", *, license: str = "L-1", serial: int = 3, components: bytes = b""
) -> bytes:
    """The payload of a receipt."""
    head = shared() + string(license) + varint(serial)
    return head + byte_string(components) + byte_string(usage) + byte_string(items)


def report_payload(entries: bytes = b"", items: bytes = b"", *, number: int = 7, components: bytes = b"") -> bytes:
    """The payload of a usage report."""
    return shared() + varint(number) + byte_string(components) + byte_string(entries) + byte_string(items)


def shared(product: str = PRODUCT) -> bytes:
    """Product, nonce and time."""
    return string(product) + NONCE + stamp(NOW)


def unsigned(kind: str, payload: bytes) -> str:
    """The text form of a device's document that nobody signed."""
    return text.write(kind, document_start(kind, algorithm=0) + bytes(4) + payload)


def by_device(kind: str, payload: bytes, key: Key = DEVICE, key_id: bytes | None = None) -> str:
    """The text form of a device's document, signed."""
    content = document_start(kind) + (key.public[:4] if key_id is None else key_id) + payload
    return text.write(kind, content + key.sign(SIGNATURE_CONTEXT + content))


def _said_of_a_device(*more: tuple[str, object], proof: str = "unsigned") -> Lines:
    return (("proof", proof), ("product", PRODUCT), ("nonce", NONCE.hex()), ("at", NOW), *more)


def _device_signatures() -> Iterator[DocumentStanza]:
    """Signatures of devices."""
    key_item = item(2, False, DEVICE.public)
    shown = f"2 0 {DEVICE.public.hex()}"
    proof = DEVICE.public.hex()
    good = by_device("R", request_payload(items=key_item))
    said = _said_of_a_device(("device_key", proof), ("item", shown), proof=proof)
    yield DocumentStanza("request-of-a-device-with-a-key", AT_SELLER, good, GRANTED, said)
    small = ed25519.encode(ed25519.IDENTITY)
    anything = ed25519.encode(crafted.base_point()) + (1).to_bytes(32, "little")
    content = document_start("R") + small[:4] + request_payload(items=item(2, False, small))
    pasted = text.write("R", content + anything)
    yield DocumentStanza("request-of-a-small-order-key-that-signs-anything", AT_SELLER, pasted, "SIGNATURE_INVALID")
    no_point = b"\2" + bytes(31)
    assert ed25519.decode(no_point) is None
    content = document_start("R") + no_point[:4] + request_payload(items=item(2, False, no_point))
    pasted = text.write("R", content + anything)
    yield DocumentStanza("request-of-a-key-that-is-no-point", AT_SELLER, pasted, "SIGNATURE_INVALID")
    content = document_start("R") + DEVICE.public[:4] + request_payload(items=key_item)
    message = SIGNATURE_CONTEXT + content
    for name, signature in (
        ("r-of-small-order", crafted.small_order_r(DEVICE, message)),
        ("r-with-torsion", crafted.torsion_in_r(DEVICE, message)),
        ("s-above-the-order", crafted.high_s(DEVICE.sign(message))),
        ("of-another-domain", DEVICE.sign(content)),
    ):
        pasted = text.write("R", content + signature)
        yield DocumentStanza(f"request-signature-{name}", AT_SELLER, pasted, "SIGNATURE_INVALID")
    other = by_device("R", request_payload(items=key_item), key_id=b"\0\0\0\0")
    yield DocumentStanza("request-signed-with-the-key-id-of-nobody", AT_SELLER, other, "PAYLOAD_VALUE")
    missing = by_device("R", request_payload())
    yield DocumentStanza("request-signed-without-the-key", AT_SELLER, missing, "PAYLOAD_VALUE")


def _parts() -> Iterator[DocumentStanza]:
    """Item 3 of receipts and usage reports."""
    first, second, last = b"\1\0", b"\2\0", b"\2\1"
    largest = varint(65_535) + b"\1"
    for content, name in ((first, "first"), (second, "second"), (last, "last"), (largest, "largest-last")):
        shown = ("item", f"3 1 {content.hex()}")
        receipt = unsigned("P", receipt_payload(string("a") + varint(9), item(3, True, content)))
        said = _said_of_a_device(("license", "L-1"), ("serial", 3), ("used", "a 9"), shown)
        yield DocumentStanza(f"receipt-the-{name}-part", AT_SELLER, receipt, GRANTED, said)
        report = unsigned("M", report_payload(items=item(3, True, content)))
        yield DocumentStanza(
            f"report-the-{name}-part", AT_SELLER, report, GRANTED, _said_of_a_device(("number", 7), shown)
        )
    faults: tuple[tuple[str, bytes, str], ...] = (
        ("part-0", item(3, True, b"\0\0"), "PAYLOAD_VALUE"),
        ("part-0-that-is-last", item(3, True, b"\0\1"), "PAYLOAD_VALUE"),
        ("part-1-that-is-last", item(3, True, b"\1\1"), "PAYLOAD_VALUE"),
        ("part-with-last-2", item(3, True, b"\2\2"), "PAYLOAD_VALUE"),
        ("part-with-last-128", item(3, True, b"\2\x80"), "PAYLOAD_VALUE"),
        ("part-1-with-last-255", item(3, True, b"\1\xff"), "PAYLOAD_VALUE"),
        ("part-not-critical", item(3, False, first), "PAYLOAD_VALUE"),
        ("part-not-critical-and-cut-off", item(3, False, first[:1]), "PAYLOAD_MALFORMED"),
        ("part-without-last", item(3, True, first[:1]), "PAYLOAD_MALFORMED"),
        ("part-with-a-byte-more", item(3, True, first + b"\0"), "PAYLOAD_MALFORMED"),
        ("part-overlong", item(3, True, b"\x81\x00\0"), "PAYLOAD_NOT_CANONICAL"),
        ("part-too-large", item(3, True, varint(65_536) + b"\0"), "PAYLOAD_MALFORMED"),
        ("part-empty", item(3, True, b""), "PAYLOAD_MALFORMED"),
        ("part-before-the-key", item(3, True, first) + item(2, False, DEVICE.public), "PAYLOAD_VALUE"),
        ("item-900-critical", item(900, True, b""), "EXTENSION_UNKNOWN"),
    )
    for name, items, refused in faults:
        yield DocumentStanza(f"receipt-{name}", AT_SELLER, unsigned("P", receipt_payload(items=items)), refused)
        yield DocumentStanza(f"report-{name}", AT_SELLER, unsigned("M", report_payload(items=items)), refused)
    key_and_part = item(2, False, DEVICE.public) + item(3, True, last)
    proof = DEVICE.public.hex()
    said = _said_of_a_device(
        ("license", "L-1"),
        ("serial", 3),
        ("device_key", proof),
        ("item", f"2 0 {proof}"),
        ("item", "3 1 0201"),
        proof=proof,
    )
    signed_part = by_device("P", receipt_payload(items=key_and_part))
    yield DocumentStanza("receipt-part-that-is-signed", AT_SELLER, signed_part, GRANTED, said)


def _requests() -> Iterator[DocumentStanza]:
    """Requests at the edge."""
    one, two = b"\1" + bytes(8), b"\2" + bytes(8)
    version = item(1, False, varint(65_535) * 2 + varint(2**32 - 1))
    said = _said_of_a_device(("version", "65535.65535.4294967295"), ("item", "1 0 ffff03ffff03ffffffff0f"))
    yield DocumentStanza(
        "request-largest-version", AT_SELLER, unsigned("R", request_payload(items=version)), GRANTED, said
    )
    signs = item(4, False, b"\x80")
    shown = _said_of_a_device(("signs", 128), ("item", "4 0 80"))
    yield DocumentStanza("request-signs-bit-7", AT_SELLER, unsigned("R", request_payload(items=signs)), GRANTED, shown)
    known = _said_of_a_device(("item", "900 0 ff"))
    item_900 = request_payload(items=item(900, False, b"\xff"))
    yield DocumentStanza("request-item-900", AT_SELLER, unsigned("R", item_900), GRANTED, known)
    reason = item(3, False, varint(999))
    refused_with = _said_of_a_device(("refused_with", 999), ("item", "3 0 e707"))
    yield DocumentStanza(
        "request-status-999", AT_SELLER, unsigned("R", request_payload(items=reason)), GRANTED, refused_with
    )
    for name, payload, refused in (
        ("major-of-17-bits", request_payload(items=item(1, False, varint(65_536) + b"\0\0")), "PAYLOAD_MALFORMED"),
        (
            "minor-of-17-bits",
            request_payload(items=item(1, False, b"\0" + varint(65_536) + b"\0")),
            "PAYLOAD_MALFORMED",
        ),
        ("patch-of-33-bits", request_payload(items=item(1, False, b"\0\0" + varint(2**32))), "PAYLOAD_MALFORMED"),
        ("components-descending-and-cut", request_payload(components=two + one + b"\3"), "PAYLOAD_MALFORMED"),
        (
            "components-17-and-cut",
            request_payload(components=b"".join(bytes([kind + 1]) + bytes(8) for kind in range(17)) + b"\3"),
            "PAYLOAD_MALFORMED",
        ),
        ("license-before-components", request_payload("a b", components=b"\1"), "PAYLOAD_VALUE"),
        ("components-before-items", request_payload(components=two + one, items=b"\3"), "PAYLOAD_VALUE"),
        ("product-before-license", request_payload("", components=b"\1", product="*"), "PAYLOAD_VALUE"),
        ("item-900-critical", request_payload(items=item(900, True, b"")), "EXTENSION_UNKNOWN"),
        ("item-3-of-a-report", request_payload(items=item(3, True, b"\1\0")), "PAYLOAD_MALFORMED"),
    ):
        yield DocumentStanza(f"request-{name}", AT_SELLER, unsigned("R", payload), refused)
    unknown = unsigned("R", string(PRODUCT) + NONCE + stamp(EPOCH) + string("") + byte_string(b"") + byte_string(b""))
    timeless: Lines = (("proof", "unsigned"), ("product", PRODUCT), ("nonce", NONCE.hex()), ("at", 0))
    yield DocumentStanza("request-without-time", AT_SELLER, unknown, GRANTED, timeless)


def _usage() -> Iterator[DocumentStanza]:
    """Orders of checks in receipts and usage reports."""
    bad_components = bytes(9)
    for name, payload, refused in (
        ("license-before-components", receipt_payload(license="", components=b"\1"), "PAYLOAD_VALUE"),
        ("serial-before-components", receipt_payload(serial=0, components=b"\1"), "PAYLOAD_VALUE"),
        ("components-before-usage", receipt_payload(b"\1", components=bad_components), "PAYLOAD_VALUE"),
        ("usage-before-items", receipt_payload(string("") + b"\0", b"\3"), "PAYLOAD_VALUE"),
        ("usage-twice-with-more", receipt_payload((string("a") + b"\1") + (string("a") + b"\2")), "PAYLOAD_VALUE"),
        ("feature-of-33", receipt_payload(string("f" * 33) + b"\1"), "PAYLOAD_VALUE"),
    ):
        yield DocumentStanza(f"receipt-order-{name}", AT_SELLER, unsigned("P", payload), refused)

    def quota(license: str, feature: str, serial: int = 1, used: int = 5, reported: int = 9) -> bytes:
        return string(license) + varint(serial) + string(feature) + varint(used) + varint(reported)

    for name, payload, refused in (
        ("number-before-components", report_payload(number=0, components=b"\1"), "PAYLOAD_VALUE"),
        ("components-before-entries", report_payload(b"\1", components=bad_components), "PAYLOAD_VALUE"),
        ("entries-before-items", report_payload(quota("", "a"), b"\3"), "PAYLOAD_VALUE"),
        ("entry-twice-with-another-serial", report_payload(quota("L", "a", 1) + quota("L", "a", 2)), "PAYLOAD_VALUE"),
        ("entry-order-before-values", report_payload(quota("M", "a") + quota("L", "")), "PAYLOAD_VALUE"),
    ):
        yield DocumentStanza(f"report-order-{name}", AT_SELLER, unsigned("M", payload), refused)
    falling = (
        quota("L", "a", serial=2, used=2**64 - 1, reported=2**64 - 1) + quota("L", "b") + quota("M", "a", serial=1)
    )
    said = _said_of_a_device(
        ("number", 7),
        ("entry", f"L 2 a {2**64 - 1} {2**64 - 1}"),
        ("entry", "L 1 b 5 9"),
        ("entry", "M 1 a 5 9"),
    )
    yield DocumentStanza("report-of-three-entries", AT_SELLER, unsigned("M", report_payload(falling)), GRANTED, said)
