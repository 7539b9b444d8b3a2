"""`python3 -m interop.renew OLD NEW`: makes tests/vectors/extra.txt of 523 cases that another program had made.

They came from an earlier text of FORMAT.md. Each keeps its document unless a number that stood for "unknown" there has
been assigned since, or may be: such a number becomes one that is never assigned (§9), and the document is signed again
with the key that had signed it. New statuses are written down by hand. The table of what changed goes to the output,
as it is in CHANGELOG.md. Names follow the other files.
"""

from __future__ import annotations

import dataclasses
import pathlib
import re
import sys
from collections.abc import Callable, Iterator

from . import text
from .encode import Key
from .envelope import SIGNATURE_CONTEXT

_HEADING = """\
# Codes and key rings of another program, made from an earlier docs/FORMAT.md alone, and renewed after it by
# `python3 -m interop.renew`. The keys come from the seeds of README.md and are worthless.
"""

_KEYS = {key.public[:4]: key for key in (Key(bytes([seed]) * 32) for seed in (0x07, 0x0B, 0x0D))}
_HEADER, _SIGNATURE = 8, 64

Edit = Callable[[bytes], bytes]


@dataclasses.dataclass(frozen=True)
class Change:
    """What becomes of a case: its document, its status, lines that are added, and why."""

    why: str
    edit: Edit | None = None
    status: int | None = None
    added: tuple[str, ...] = ()
    of_the_ring: bool = False
    issuer: bool = False


def signed(content: bytes, before: bytes) -> bytes:
    """A changed document, signed by whom it had been signed."""
    key = _KEYS[before[4:_HEADER]]
    assert key.sign(SIGNATURE_CONTEXT + before[:-_SIGNATURE]) == before[-_SIGNATURE:]
    return content + key.sign(SIGNATURE_CONTEXT + content)


def byte(at: int, value: int) -> Edit:
    """Changes one byte."""

    def edit(document: bytes) -> bytes:
        return signed(document[:at] + bytes([value]) + document[at + 1 : -_SIGNATURE], document)

    return edit


def both(*edits: Edit) -> Edit:
    """One change after another."""

    def edit(document: bytes) -> bytes:
        for one in edits:
            document = one(document)
        return document

    return edit


def end(old: str, new: str) -> Edit:
    """Changes the end of the payload, in hex."""

    def edit(document: bytes) -> bytes:
        content = document[:-_SIGNATURE]
        assert content.endswith(bytes.fromhex(old))
        return signed(content.removesuffix(bytes.fromhex(old)) + bytes.fromhex(new), document)

    return edit


def inside(change: Edit) -> Edit:
    """Changes the certificate inside a document."""

    def edit(document: bytes) -> bytes:
        start = _HEADER + 2
        length = int.from_bytes(document[_HEADER:start], "little")
        certificate = change(document[start : start + length])
        rest = document[start + length : -_SIGNATURE]
        content = document[:_HEADER] + len(certificate).to_bytes(2, "little") + certificate + rest
        return signed(content, document)

    return edit


def bare(at: int, value: int) -> Edit:
    """Changes one byte of a document that nobody had signed."""
    return lambda document: document[:at] + bytes([value]) + document[at + 1 :]


_ASSIGNED = "items 11 and 12 are now 900 and 901"
_VERSION = "formats 2 and 3 are now 240 and 241"
_ALGORITHM = "algorithms 2 and 3 are now 240 and 241"
_FLAG = "a reserved flag announces a later format; bit 7 is set"
_KIND_FIRST = "the kind of the text form is compared before byte 1"

_CHANGES: dict[str, Change] = {
    "right-900": Change(
        "right 10 is now 900, with its `bytes`: it refuses one feature, 426",
        end("0301610a00", "05016184070000"),
        0,
        (
            "expires_at = 0",
            "grace_until = 0",
            "lease_until = 0",
            "next_deadline = 0",
            "powered_hours_end = 0",
            "quantity = 1",
            "in_grace = 0",
            "license_id = PL-1",
            "serial = 1",
            "class = commercial",
            "feature = a 426 - - -",
            "feature = nosuch 409 - - -",
        ),
    ),
    "item-900": Change(_ASSIGNED, end("03160178", "04880e0178")),
    "item-900-critical": Change(_ASSIGNED, end("03170178", "04890e0178")),
    "item-900-twice": Change(_ASSIGNED, end("06160178160178", "08880e0178880e0178")),
    "item-900-critical-and-not": Change(_ASSIGNED, end("0416001700", "06880e00890e00")),
    "item-900-critical-and-one-out-of-order": Change(_ASSIGNED, end("051700120178", "06890e00120178")),
    "item-900-critical-out-of-order": Change(_ASSIGNED, end("0418001700", "068a0e00890e00")),
    "item-tag-overlong": Change(_ASSIGNED, end("03960000", "04888e0000")),
    "item-length-overlong": Change(_ASSIGNED, end("0416810078", "05880e810078")),
    "item-content-cut-off": Change(_ASSIGNED, end("03160578", "04880e0578")),
    "item-twice-and-overlong": Change(_ASSIGNED, end("051600960000", "07880e00888e0000")),
    "format-240": Change(_VERSION, byte(0, 240)),
    "format-241": Change(_VERSION, byte(0, 241)),
    "format-240-of-one-byte": Change(_VERSION, bare(0, 240)),
    "algorithm-240": Change(_ALGORITHM, byte(2, 240)),
    "algorithm-241": Change(_ALGORITHM, byte(2, 241)),
    "flags-130": Change(_FLAG, byte(3, 0x82), 208),
    "flags-132": Change(_FLAG, byte(3, 0x84), 208),
    "flags-128": Change(_FLAG, None, 208),
    "flags-254": Change(_FLAG, None, 208),
    "flags-131": Change(_FLAG, byte(3, 0x83), 208),
    "flags-255": Change(_FLAG, None, 208),
    "algorithm-240-and-flags-130": Change(_FLAG, both(byte(2, 240), byte(3, 0x82)), 208),
    "text-of-a-list-and-document-of-a-code": Change(_KIND_FIRST, None, 207),
    "text-of-a-list-and-document-of-a-code-of-algorithm-240": Change(_KIND_FIRST, byte(2, 240), 207),
    "text-of-a-short-request": Change("the kind is compared before the length", None, 207),
    "text-of-an-unknown-kind-and-document-of-a-code": Change(_KIND_FIRST, None, 207),
    "certificate-item-900": Change("item 2 is now 900", inside(end("03040178", "04880e0178"))),
    "certificate-item-900-critical": Change("item 2 is now 900", inside(end("03050178", "04890e0178"))),
    "certified-algorithm-240": Change(_ALGORITHM, inside(byte(_HEADER, 240))),
    "certified-algorithm-240-and-flags-2": Change(_ALGORITHM, inside(byte(_HEADER, 240))),
    "certificate-algorithm-240-before-flags": Change(_ALGORITHM, inside(byte(_HEADER, 240))),
    "certificate-flags-130": Change(_FLAG, inside(byte(3, 0x82)), 208),
    "certificate-format-240": Change(_VERSION, inside(byte(0, 240))),
    "certificate-algorithm-240": Change(_ALGORITHM, inside(byte(2, 240))),
    "ring-same-limits-but-ignored-kinds": Change(
        "only the assigned bits of kinds are limits", None, 107, of_the_ring=True
    ),
    "ring-text-of-a-code-and-certificate": Change(_KIND_FIRST, None, 207),
    "ring-text-of-a-short-request": Change("the kind is compared before the length", None, 207),
    "ring-item-900-critical": Change("item 3 is now 900", end("020700", "03890e00"), issuer=True),
    "ring-certified-algorithm-240": Change(_ALGORITHM, byte(_HEADER, 240), issuer=True),
}

# Names that do not come out of the rules below.
_NAMES = {
    "x15-serial-max": "serial-most",
    "x26-right-10": "right-900",
    "x39-u64-max": "limit-most",
    "x40-u64-overlong": "limit-overlong",
    "x41-u64-10-bytes-overlong": "limit-of-10-bytes-overlong",
    "x42-u64-11-bytes": "limit-of-11-bytes",
    "x43-u64-2-64": "limit-2-64",
    "x44-u64-10th-byte-3": "limit-with-a-tenth-byte-of-3",
    "x84-features-unsorted---bad-items": "features-unsorted-and-bad-items",
    "x85-bad-item-enc-after-good-feature": "malformed-item-after-a-good-feature",
    "x92-feature-bytes-order-Z-a": "feature-capital-before-small",
    "x102-feature-text-22x3-utf8-66": "feature-text-of-22-characters-and-66-bytes",
    "x105-feature-text-C1-85": "feature-text-next-line",
    "x106-feature-text-RLO": "feature-text-right-to-left",
    "x114-1st-feature-bad-value--2nd-malformed": "first-feature-bad-and-second-malformed",
    "x123-comp-k-0": "components-needed-0",
    "x124-comp-k-n": "components-all-needed",
    "x125-comp-k-255": "components-needed-255",
    "x122-comp-empty-need1": "components-empty-and-one-needed",
    "x228-unknown-11-noncrit": "item-900",
    "x229-unknown-11-crit": "item-900-critical",
    "x230-unknown-999-crit": "item-999-critical",
    "x231-1000-noncrit": "item-1000",
    "x232-1000-crit": "item-1000-critical",
    "x233-32767-noncrit": "item-32767",
    "x234-32767-crit": "item-32767-critical",
    "x235-tag-65536": "item-tag-65536",
    "x236-number-0": "item-0",
    "x237-number-0-crit": "item-0-critical",
    "x238-dup-item": "item-twice",
    "x239-dup-unknown": "item-900-twice",
    "x240-same-number-crit---not": "item-900-critical-and-not",
    "x241-unsorted": "items-unsorted",
    "x242-unknown-crit-then-unsorted": "item-900-critical-and-one-out-of-order",
    "x243-unsorted-then-crit": "item-900-critical-out-of-order",
    "x246-33rd-crit": "item-33-critical",
    "x247-33rd-malformed": "item-33-malformed",
    "x248-tag-overlong": "item-tag-overlong",
    "x249-content-len-overlong": "item-length-overlong",
    "x250-content-too-long": "item-content-cut-off",
    "x251-dup---overlong": "item-twice-and-overlong",
    "x254-long-item": "item-long",
    "x267-until---issued": "until-before-issued",
    "x268-until---issued": "until-is-issued",
    "x269-not-before----until": "not-before-and-until",
    "x271-lease-overflow": "lease-beyond-the-last-stamp",
    "x272-version-0": "format-0",
    "x273-version-2": "format-240",
    "x274-version-3": "format-241",
    "x275-version-255": "format-255",
    "x276-alg-0": "algorithm-0",
    "x277-alg-2": "algorithm-240",
    "x278-alg-3": "algorithm-241",
    "x279-alg-255": "algorithm-255",
    "x280-flags-2": "flags-130",
    "x281-flags-4": "flags-132",
    "x284-flags-3": "flags-131",
    "x286-flags-1-no-cert-room": "flags-1-without-room-for-a-certificate",
    "x287-flags-1-len-1-byte": "flags-1-and-one-byte-of-length",
    "x292-kind-I-in-C": "certificate-in-the-text-of-a-code",
    "x293-kind-lower": "kind-in-lower-case",
    "x294-text-L-for-code-reader": "text-of-a-list",
    "x295-text-L-doc-C": "text-of-a-list-and-document-of-a-code",
    "x296-text-R-to-code-reader-unsigned-long": "text-of-an-unsigned-request",
    "x297-text-R-short-to-code-reader": "text-of-a-short-request",
    "x298-text-X-to-code-reader": "text-of-an-unknown-kind-and-document-of-a-code",
    "x299-keyid-wrong": "key-id-wrong",
    "x302-version-before-length": "format-240-of-one-byte",
    "x303-max-document-759": "document-of-759",
    "x309-nb---issued": "certificate-not-before-is-issued",
    "x310-nb---issued-1": "certificate-not-before-a-second-later",
    "x311-na---issued": "certificate-not-after-is-issued",
    "x312-na---issued-1": "certificate-not-after-a-second-later",
    "x313-na-nb": "certificate-not-after-before-not-before",
    "x314-cert-issued-later-than-code": "certificate-issued-later-than-the-code",
    "x315-flags-2": "certified-flags-2",
    "x316-flags-255": "certified-flags-255",
    "x322-longest---term": "longest-is-the-term",
    "x323-longest-perp": "longest-and-perpetual",
    "x324-longest-term-1s": "longest-and-a-second-more",
    "x325-longest-term-grace": "longest-and-a-day-of-grace",
    "x326-longest-until-issued-grace": "longest-and-grace-of-a-term-before-issued",
    "x327-until-past-by-far--grace-over": "longest-and-too-much-grace-of-a-term-before-issued",
    "x328-hours-24-365": "longest-and-hours",
    "x329-hours-24-365-1": "longest-and-an-hour-more",
    "x330-days-366": "longest-and-a-day-more",
    "x332-scope-p": "scope-of-the-product",
    "x333-scope-q": "scope-of-another-product",
    "x334-scope--": "scope-star",
    "x335-scope-p-": "scope-product-and-star",
    "x336-scope-pp-": "scope-longer-than-the-product-and-star",
    "x343-scope---": "scope-two-stars",
    "x344-scope-p--": "scope-product-and-two-stars",
    "x345-scope-star-inside": "scope-star-in-front",
    "x358-cert-name-nl": "certificate-name-with-a-line-feed",
    "x361-cert-item-2": "certificate-item-900",
    "x362-cert-item-2-crit": "certificate-item-900-critical",
    "x365-cert-name-prefixed-by-length-byte-01--control-": "certificate-name-with-a-length",
    "x356-cert-name-with-length-prefix": "certificate-name-with-a-printable-length",
    "x366-key-alg-2": "certified-algorithm-240",
    "x367-key-alg-0": "certified-algorithm-0",
    "x368-key-alg-2-flags-2": "certified-algorithm-240-and-flags-2",
    "x369-key-31": "certified-key-of-31",
    "x370-key-33": "certified-key-of-33",
    "x371-key-len-overlong": "certified-key-length-overlong",
    "x372-key-31-scope-bad": "certified-key-of-31-and-a-bad-scope",
    "x373-key-small-order": "certified-key-of-small-order",
    "x374-key-no-point": "certified-key-no-point",
    "x375-keyid-differs-from-cert": "key-id-of-another-than-the-certified-key",
    "x377-sig-by-other-with-cert-id": "signature-of-another-than-the-certified-key",
    "x382-cert-flags-2": "certificate-flags-130",
    "x383-cert-version-2": "certificate-format-240",
    "x384-cert-alg-2": "certificate-algorithm-240",
    "x385-cert-kind-C": "certificate-that-says-code",
    "x387-cert-71": "certificate-of-71",
    "x388-cert-256": "certificate-of-258",
    "x389-cert-257": "certificate-of-259",
    "x391-issuer-is-anchor-too--cert-limits": "issuer-that-is-an-anchor-and-its-certificate-limits",
    "x393-payload-bad-vs-issuer-kind": "bad-payload-before-issuer-kind",
    "x394-cert-value-vs-sig-invalid": "bad-certificate-before-signature",
    "x397-two-limits-first-bad": "known-issuer-with-two-limits",
    "x398-last-status": "known-issuer-last-status",
    "x399-last-status-2": "known-issuer-last-status-in-the-other-order",
    "text-nel": "text-with-a-next-line",
    "text-two-broken": "text-twice-in-pieces",
    "c-algorithm-2-and-flags-2": "algorithm-240-and-flags-130",
    "text-L-document-C-algorithm-2": "text-of-a-list-and-document-of-a-code-of-algorithm-240",
    "cert-algorithm-2-and-flags-2": "certificate-algorithm-240-before-flags",
    "S = L": "s-is-the-order",
    "dup": "ring-issuer-twice",
    "same limits other name": "ring-same-limits-and-another-name",
    "same limits other issue": "ring-same-limits-issued-again",
    "other na": "ring-other-not-after",
    "other nb": "ring-other-not-before",
    "other longest": "ring-other-longest-days",
    "other kinds": "ring-other-kinds",
    "other test": "ring-other-test-only",
    "other scope": "ring-other-scope",
    "kinds differ in ignored bits": "ring-same-limits-but-ignored-kinds",
    "five issuers": "ring-five-issuers",
    "fifth dup": "ring-fifth-issuer-that-is-there",
    "five bad fifth": "ring-fifth-issuer-that-is-forged",
    "issuer text C": "ring-code-for-a-certificate",
    "issuer text I doc C": "ring-text-of-a-certificate-and-code",
    "issuer text C doc I": "ring-text-of-a-code-and-certificate",
    "issuer text R": "ring-text-of-a-short-request",
    "ring R long alg0": "ring-text-of-an-unsigned-request",
    "ring 257": "ring-certificate-of-257",
    "ring cert in cert": "ring-certificate-in-a-certificate",
    "ring key small": "ring-certified-key-of-small-order",
    "ring flags 2": "ring-certified-flags-2",
    "ring item crit": "ring-item-900-critical",
    "ring alg 2": "ring-certified-algorithm-240",
}

_WORDS = (
    (r"^x[0-9]+-", ""),
    (r"S\+([0-9]+)L", r"s-plus-\1-orders"),
    (r"y=p\+([0-9]+) sign", r"y-p-plus-\1 sign"),
    (r"SIGNATURE_INVALID", "refused"),
    (r" OK$", " exact"),
    (r"[ _]+", "-"),
    (r"\bcomp\b", "components"),
    (r"\balloc\b", "allocation"),
    (r"\bcert\b", "certificate"),
    (r"\bnoncrit\b", "not-critical"),
    (r"\bcrit\b", "critical"),
    (r"\bdup\b", "twice"),
    (r"\bmax\b", "most"),
    (r"\blen\b", "length"),
    (r"\bnl\b", "line-feed"),
    (r"\bq([0-9])", r"quantity-\1"),
    (r"\bq-", "quantity-"),
    (r"\balg\b", "algorithm"),
    (r"--+", "-and-"),
)


def named(old: str) -> str:
    """The name of a case in the form of the other files."""
    if old in _NAMES:
        return _NAMES[old]
    for pattern, word in _WORDS:
        old = re.sub(pattern, word, old)
    return old.strip("-").lower()


def renewed(lines: list[str], name: str) -> Iterator[str]:
    """The lines of a case behind its name."""
    change = _CHANGES.get(name)
    if change is None:
        yield from lines
        return
    for line in lines:
        key, _, value = line.partition(" = ")
        if key == ("issuer" if change.issuer else "text") and change.edit is not None:
            letter, document = text.read(value.encode())
            yield f"{key} = {text.write(letter, change.edit(document))}"
        elif key == "status" and change.of_the_ring:
            yield f"ring_status = {change.status}"
        elif key in ("status", "ring_status") and change.status is not None:
            yield f"{key} = {change.status}"
        elif not (change.of_the_ring and key in ("text", "product", "now", "allow_test")):
            yield line
    yield from change.added


def cases(content: str) -> Iterator[tuple[str, list[str]]]:
    """The names and lines of a file."""
    for stanza in re.split(r"^\[", content, flags=re.MULTILINE)[1:]:
        name, _, rest = stanza.partition("]\n")
        yield name, [line.strip() for line in rest.splitlines() if line.strip() and not line.startswith("#")]


def status_of(lines: list[str]) -> str:
    """What a case expects."""
    return next(line.partition(" = ")[2] for line in lines if re.match(r"(ring_)?status = ", line))


def main(arguments: list[str]) -> int:
    """Writes the new file, and the table of what changed to the output."""
    old, new = (pathlib.Path(argument) for argument in arguments)
    written = [_HEADING]
    seen: set[str] = set()
    rows: dict[tuple[str, str, str], list[str]] = {}
    for was, lines in cases(old.read_text(encoding="utf-8")):
        name = named(was)
        assert name not in seen and re.fullmatch(r"[a-z0-9-]+", name), (was, name)
        seen.add(name)
        after = list(renewed(lines, name))
        written.append(f"\n[{name}]\n" + "".join(f"{line}\n" for line in after))
        if name in _CHANGES:
            rows.setdefault((status_of(lines), status_of(after), _CHANGES[name].why), []).append(f"`{name}`")
    assert not _CHANGES.keys() - seen, _CHANGES.keys() - seen
    new.write_text("".join(written), encoding="utf-8")
    print("| cases | old | new | why |\n|---|---|---|---|")
    for (before, now, why), names in rows.items():
        print(f"| {' '.join(names)} | {before} | {now} | {why} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
