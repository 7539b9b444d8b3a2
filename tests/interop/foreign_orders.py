"""Cases of foreign.txt with two faults, and of rules that few other cases touch: the order decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from . import crafted, encode, text
from .encode import byte_string, item, string, varint
from .envelope import SIGNATURE_CONTEXT
from .fields import EPOCH
from .foreign_documents import CERTIFICATE, PLAIN, SALT, code, hashed, issuer_text
from .foreign_growth import NEVER
from .keyring import CODE
from .keyring import ISSUER as ISSUER_KIND
from .license import Components, DeviceKey, Feature, Term
from .stanza import ANCHOR, DAY, ISSUER, NOW, PRODUCT, STRANGER, FeatureLine, Stanza
from .status import GRANTED

SMALL_ORDER = b"\1" + bytes(31)


def stanzas() -> Iterator[Stanza]:
    """All cases of this file."""
    yield from _texts()
    yield from _certificate_places()
    yield from _certificates()
    yield from _permissions()
    yield from _rings()
    yield from _payloads()
    yield from _devices()
    yield from _facts()


def _texts() -> Iterator[Stanza]:
    plain = code()
    quotes = "\"'`«»‘’‚‛“”„‟‹›「」『』＂＇"
    yield Stanza("every-quote", f"{quotes}{plain}{quotes}".encode(), GRANTED)
    for quote in quotes:
        name = f"quote-{ord(quote):04x}"
        yield Stanza(name, f"{quote}{plain}{quote}".encode(), GRANTED)
    yield Stanza("prefix-in-lower-case", f"lic2C{plain[5:]}", "TEXT_PREFIX")
    yield Stanza("a-full-stop-behind-the-quote", f"“{plain}”。".encode(), "TEXT_CHARACTER")
    yield Stanza("a-quote-behind-the-quotes", f"“{plain}”“{plain}".encode(), "TEXT_SEVERAL")
    yield Stanza("the-name-alone-behind-the-code", f"{plain}\nLIC2!".encode(), "TEXT_CHARACTER")
    longest = _longest()
    wrapped = "\n".join(longest[at : at + 64] for at in range(0, len(longest), 64))
    yield Stanza("longest-code-in-lines", f"> {wrapped}".replace("> ", "", 1).encode(), GRANTED)
    yield Stanza("longest-code-in-quotes", f"  “{longest}”  ".encode(), GRANTED)


def _longest() -> str:
    """A code of 1024 characters."""
    spare = 1018 * 6 // 8 - len(text.decode_base64url(code()[6:].encode()))
    overhead = len(item(1000, False, bytes(200))) - 200 + 1
    found = _with_items(item(1000, False, bytes(spare - overhead)))
    assert len(found) == 1024
    return found


def _with_items(items: bytes) -> str:
    payload = encode.license_payload(PLAIN)[:-1] + byte_string(items)
    return text.write(CODE, encode.document(CODE, ANCHOR, payload))


def _certificate_places() -> Iterator[Stanza]:
    """A certificate that ends where the signature begins, or in it."""
    certificate = encode.issuer_document(CERTIFICATE, ANCHOR)
    nothing_behind = encode.unsigned(CODE, ISSUER.public[:4], b"", certificate)
    signed = nothing_behind + ISSUER.sign(SIGNATURE_CONTEXT + nothing_behind)
    yield Stanza("a-certificate-and-no-payload", text.write(CODE, signed), "PAYLOAD_MALFORMED")
    for count in (1, 2, 3):
        short = bytearray(nothing_behind[:-count])
        signed = bytes(short) + ISSUER.sign(SIGNATURE_CONTEXT + bytes(short))
        yield Stanza(f"a-certificate-{count}-bytes-into-the-signature", text.write(CODE, signed), "FORMAT_ENVELOPE")


def _signed_certificate(payload: bytes) -> bytes:
    return encode.document(ISSUER_KIND, ANCHOR, payload)


def _certificates() -> Iterator[Stanza]:
    """Certificates with two faults."""
    good = encode.certificate_payload(CERTIFICATE)
    dates = encode.stamp(NOW - 90 * DAY) + encode.stamp(NOW - 60 * DAY) + encode.stamp(NOW + 60 * DAY)

    def payload(
        algorithm: int = 1,
        key: bytes = ISSUER.public,
        days: int = 0,
        flags: int = 0,
        scope: bytes = b"",
        items: bytes = b"",
    ) -> bytes:
        head = bytes([algorithm]) + byte_string(key) + dates + varint(days) + bytes([1, flags])
        return head + byte_string(scope) + byte_string(items)

    assert payload() == good
    bad_item = item(1, False, b"\xff")
    for name, content, status in (
        ("certified-algorithm-240", payload(NEVER), "FORMAT_ALGORITHM"),
        ("certified-algorithm-240-and-a-byte-more", payload(NEVER) + b"\0", "PAYLOAD_MALFORMED"),
        ("certified-algorithm-240-and-flags", payload(NEVER, flags=0x80), "FORMAT_ALGORITHM"),
        ("certified-algorithm-240-and-a-long-key", payload(NEVER, key=bytes(33)), "FORMAT_ALGORITHM"),
        ("certificate-flags-and-scope", payload(flags=0x80, scope=b"\2p"), "PAYLOAD_VALUE"),
        ("certificate-days-and-scope", payload(days=36_526, scope=b"\2p"), "PAYLOAD_VALUE"),
        ("certificate-scope-and-key", payload(key=bytes(31), scope=b"\2p"), "PAYLOAD_MALFORMED"),
        ("certificate-key-and-items", payload(key=bytes(31), items=bad_item), "PAYLOAD_VALUE"),
        ("certificate-items-and-a-key-of-small-order", payload(key=SMALL_ORDER, items=bad_item), "PAYLOAD_MALFORMED"),
        ("certified-key-of-small-order", payload(key=SMALL_ORDER), "CERTIFICATE_INVALID"),
    ):
        yield Stanza(name, code(ISSUER, _signed_certificate(content)), status)
    forged = encode.unsigned(ISSUER_KIND, ANCHOR.public[:4], payload(items=bad_item))
    forged += STRANGER.sign(SIGNATURE_CONTEXT + forged)
    yield Stanza("forged-certificate-with-a-bad-item", code(ISSUER, forged), "CERTIFICATE_SIGNATURE")
    unknown = encode.unsigned(ISSUER_KIND, STRANGER.public[:4], payload(items=bad_item))
    unknown += STRANGER.sign(SIGNATURE_CONTEXT + unknown)
    yield Stanza("strange-certificate-with-a-bad-item", code(ISSUER, unknown), "CERTIFICATE_UNTRUSTED")
    namesake = dataclasses.replace(CERTIFICATE, key=crafted.decoy(ANCHOR.public[:4]))
    borrowed = code(ANCHOR, encode.issuer_document(namesake, ANCHOR))
    yield Stanza("signed-by-the-anchor-that-a-namesake-is-certified-by", borrowed, "SIGNATURE_INVALID")


def _permissions() -> Iterator[Stanza]:
    """What an issuer may sign, two faults at a time."""
    kind, date = {"kinds": 0x8E}, {"not_after": PLAIN.issued_at}
    scope, test, days = {"scope": ("pump",)}, {"flags": 1}, {"longest_days": 1}
    for name, changes, status in (
        ("kind-before-date", {**kind, **date}, "ISSUER_KIND"),
        ("date-before-scope", {**date, **scope}, "ISSUER_DATE"),
        ("scope-before-test-only", {**scope, **test}, "ISSUER_SCOPE"),
        ("test-only-before-term", {**test, **days}, "ISSUER_TEST_ONLY"),
        ("scope-in-capitals", {"scope": ("METER-4",)}, "ISSUER_SCOPE"),
        ("kinds-with-bit-7", {"kinds": 0x81}, GRANTED),
    ):
        certificate = dataclasses.replace(CERTIFICATE, **changes)
        yield Stanza(f"permission-{name}", code(ISSUER, encode.issuer_document(certificate, ANCHOR)), status)
    test_only = encode.issuer_document(dataclasses.replace(CERTIFICATE, flags=1), ANCHOR)
    for class_name in ("trial", "nfr"):
        yield Stanza(f"test-only-and-{class_name}", code(ISSUER, test_only, class_name=class_name), "ISSUER_TEST_ONLY")


def _rings() -> Iterator[Stanza]:
    """Key rings with two faults."""
    keys = [encode.Key(bytes([number]) * 32).public for number in range(0x30, 0x34)]
    five = (*keys, SMALL_ORDER)
    yield Stanza("ring-a-fifth-anchor-of-small-order", code(), "KEY_INVALID", anchors=five, of_the_ring=True)
    full = (*keys, keys[0])
    yield Stanza("ring-a-fifth-anchor-that-is-there", code(), "KEYRING_FULL", anchors=full, of_the_ring=True)
    issuers = tuple(issuer_text(dataclasses.replace(CERTIFICATE, longest_days=days)) for days in range(1, 5))
    again = (*issuers, issuers[0])
    yield Stanza("ring-a-fifth-issuer-that-is-there", code(), "KEYRING_FULL", issuers=again, of_the_ring=True)
    stranger = (*issuers, issuer_text(CERTIFICATE, STRANGER))
    yield Stanza(
        "ring-a-fifth-issuer-of-a-stranger", code(), "CERTIFICATE_UNTRUSTED", issuers=stranger, of_the_ring=True
    )


def _payloads() -> Iterator[Stanza]:
    """Signed payloads at the edge."""
    head = varint(0) + string(PRODUCT) + encode.stamp(PLAIN.issued_at)
    tail = varint(0) + varint(0) + varint(0)
    malformed_feature = byte_string(b"\1a\4")
    for name, payload, status in (
        (
            "serial-of-three-bytes-overlong",
            string("L-1") + b"\x80\x81\x00" + head + varint(0) + tail,
            "PAYLOAD_NOT_CANONICAL",
        ),
        (
            "length-of-six-bytes",
            b"\x83\x80\x80\x80\x80\x00L-1" + varint(1) + head + varint(0) + tail,
            "PAYLOAD_MALFORMED",
        ),
        (
            "length-of-five-bytes",
            b"\x83\x80\x80\x80\x00L-1" + varint(1) + head + varint(0) + tail,
            "PAYLOAD_NOT_CANONICAL",
        ),
        ("days-0-and-a-byte-more", string("L-1") + varint(1) + head + b"\2\0" + tail + b"\0", "PAYLOAD_MALFORMED"),
        ("days-0-and-overlong", string("L-1") + varint(1) + head + b"\2\x80\x00" + tail, "PAYLOAD_NOT_CANONICAL"),
        (
            "days-of-more-than-16-bits",
            string("L-1") + varint(1) + head + b"\2" + varint(65_536) + tail,
            "PAYLOAD_MALFORMED",
        ),
        (
            "serial-0-and-a-malformed-feature",
            string("L-1") + varint(0) + head + varint(0) + varint(0) + malformed_feature + varint(0),
            "PAYLOAD_VALUE",
        ),
    ):
        yield Stanza(name, text.write(CODE, encode.document(CODE, ANCHOR, payload)), status)


def _devices() -> Iterator[Stanza]:
    """Identity components that nearly match."""
    underscore = Components(1, SALT, ((5, hashed(5, b"A_B")),))
    yield Stanza("underscore-is-kept", code(binding=underscore), GRANTED, components=((5, b"a_b"),))
    yield Stanza("underscore-is-not-dropped", code(binding=underscore), "DEVICE_MISMATCH", components=((5, b"ab"),))
    swapped = Components(1, SALT, ((1, hashed(2, b"A")),))
    yield Stanza("the-hash-of-another-kind", code(binding=swapped), "DEVICE_UNKNOWN", components=((2, b"A"),))
    disks = Components(2, SALT, tuple(sorted((3, hashed(3, value)) for value in (b"A", b"B"))))
    yield Stanza("one-disk-shows-both-entries", code(binding=disks), "DEVICE_MISMATCH", components=((3, b"C"),))
    yield Stanza("one-disk-twice-is-one", code(binding=disks), "DEVICE_MISMATCH", components=((3, b"A"), (3, b"a")))
    key = DeviceKey(b"key-" + bytes(28))
    facts: dict[str, object] = {"device_key": (b"key-" + b"\1" * 28).hex()}
    yield Stanza("device-key-of-the-same-id", code(binding=key), "DEVICE_MISMATCH", facts=facts)
    never = Components(1, SALT, tuple(sorted((kind, hashed(kind, b"A")) for kind in (120, 127))))
    yield Stanza("identity-kinds-120-and-127", code(binding=never), GRANTED, components=((127, b"-a"),))


def _facts() -> Iterator[Stanza]:
    """Times, and the order of the rules."""
    dated = code(term=Term("until", NOW + DAY))
    yield Stanza("now-0-is-unknown", dated, "TIME_UNKNOWN", facts={"now": 0}, expected={"next_deadline": 0})
    lease = code(lease_days=2, issued_at=NOW - DAY)
    yield Stanza(
        "lease-does-not-count-from-the-activation",
        lease,
        GRANTED,
        facts={"activated_at": NOW - 60},
        expected={"lease_until": NOW + DAY},
    )
    late = {"built_at": NOW + DAY}
    yield Stanza("lease-over-by-the-floor", lease, "LEASE_OVERDUE", facts=late)
    in_grace = code(term=Term("until", NOW + DAY), grace_days=1)
    yield Stanza("in-grace-by-the-floor", in_grace, GRANTED, facts=late, expected={"in_grace": 1})
    over = code(term=Term("until", NOW + DAY))
    yield Stanza("over-by-the-floor", over, "EXPIRED", facts=late)
    begun = code(not_before=NOW + DAY)
    yield Stanza("begun-by-the-floor", begun, GRANTED, facts=late)
    feature = code(features=(Feature("f", "limit", 2, NOW + DAY),))
    line = FeatureLine("f", "FEATURE_EXPIRED", "limit", "2", str(NOW + DAY))
    yield Stanza("feature-over-by-the-floor", feature, GRANTED, facts=late, features=(line,))
    graceful = code(term=Term("until", NOW), grace_days=9, features=(Feature("f", "limit", 2, NOW),))
    ended = FeatureLine("f", "FEATURE_EXPIRED", "limit", "2", str(NOW))
    yield Stanza("a-feature-has-no-grace", graceful, GRANTED, features=(ended,), expected={"in_grace": 1})
    maintained = code(maintenance_until=NOW + DAY)
    facts: dict[str, object] = {"built_at": NOW - DAY}
    yield Stanza("maintenance-is-no-deadline", maintained, GRANTED, facts=facts, expected={"next_deadline": 0})
    add_on = code(add_on=True, versions=((1, 0, 0), (1, 0, 0)))
    yield Stanza("base-before-version", add_on, "BASE_MISSING")
    hours = code(term=Term("hours", 10), lease_days=1, issued_at=EPOCH + 1)
    yield Stanza("hours-before-lease", hours, "EXPIRED", facts={"powered_hours": 10})
    unknown = code(term=Term("hours", 10), binding=DeviceKey(bytes(32)))
    yield Stanza("device-before-hours", unknown, "DEVICE_UNKNOWN")
