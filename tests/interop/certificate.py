"""Issuer certificates (FORMAT.md §6)."""

from __future__ import annotations

import dataclasses

from .envelope import ALGORITHM_ED25519
from .fields import MOST_DAYS, Item, KnownItem, demand, identifier, plain, read_items, stamp, text, whole
from .license import License, Term
from .postcard import Reader
from .status import Refused

KIND_CODES = 1
FLAG_TEST_ONLY = 1
ASSIGNED_KINDS = 0x0F
MOST_SCOPE_BYTES = 96
LINE_BYTES = 8
DAY = 86_400


@dataclasses.dataclass(frozen=True)
class Certificate:
    """What an anchor says of an issuer."""

    key: bytes
    issued_at: int
    not_before: int
    not_after: int
    longest_days: int = 0
    kinds: int = KIND_CODES
    flags: int = 0
    scope: tuple[str, ...] = ()
    name: str | None = None
    stated_line: bytes | None = None
    others: tuple[Item, ...] = ()

    def line(self) -> bytes:
        """The line of its revocation lists."""
        return self.key[:LINE_BYTES] if self.stated_line is None else self.stated_line

    def limits(self) -> tuple[object, ...]:
        """What makes two certificates of one key different to a key ring (§4, "Key ring")."""
        kinds = self.kinds & ASSIGNED_KINDS
        test_only = self.flags & FLAG_TEST_ONLY
        return (self.not_before, self.not_after, self.longest_days, kinds, test_only, self.scope, self.line())

    def check(self, license: License) -> None:
        """What a license signed by this issuer has to pass, in the order of §6."""
        if not self.kinds & KIND_CODES:
            raise Refused("ISSUER_KIND")
        if not self.not_before <= license.issued_at < self.not_after:
            raise Refused("ISSUER_DATE")
        if self.scope and not any(covers(pattern, license.product) for pattern in self.scope):
            raise Refused("ISSUER_SCOPE")
        if self.flags & FLAG_TEST_ONLY and license.class_name != "test":
            raise Refused("ISSUER_TEST_ONLY")
        if self.longest_days and not self._short_enough(license):
            raise Refused("ISSUER_TERM")

    def check_other(self, value: int, issued_at: int, product: str, revokes_issuers: bool) -> None:
        """What a revocation list, a time token or an unlock has to pass; `value` is that of its kind."""
        if revokes_issuers or not self.kinds & value:
            raise Refused("ISSUER_KIND")
        if not self.not_before <= issued_at < self.not_after:
            raise Refused("ISSUER_DATE")
        if self.scope and not (product and any(covers(pattern, product) for pattern in self.scope)):
            raise Refused("ISSUER_SCOPE")
        if self.flags & FLAG_TEST_ONLY:
            raise Refused("ISSUER_TEST_ONLY")

    def _short_enough(self, license: License) -> bool:
        length = _seconds(license.term, license.issued_at)
        grace = license.grace_days * DAY
        return length is not None and length + grace <= self.longest_days * DAY


def covers(pattern: str, product: str) -> bool:
    """Whether a pattern of the scope covers a product."""
    if pattern.endswith("*"):
        return product.startswith(pattern[:-1])
    return product == pattern


def decode(payload: bytes) -> Certificate:
    """The payload of a document of kind `I`: the record, algorithm, flags and days, scope, length of the key, items."""
    reader = Reader(payload)
    algorithm, key = reader.u8(), reader.byte_string()
    issued_at, not_before, not_after = stamp(reader), stamp(reader), stamp(reader)
    longest_days = reader.u16()
    kinds, flags = reader.u8(), reader.u8()
    scope, items = reader.byte_string(), reader.byte_string()
    reader.end_whole()
    if algorithm != ALGORITHM_ED25519:
        raise Refused("FORMAT_ALGORITHM")
    demand(flags & ~FLAG_TEST_ONLY == 0 and longest_days <= MOST_DAYS)
    patterns = _scope(scope)
    demand(len(key) == 32)
    values, others = read_items(items, ITEMS)
    return Certificate(
        key,
        issued_at,
        not_before,
        not_after,
        longest_days,
        kinds,
        flags,
        patterns,
        values.get(1),
        values.get(2),
        others,
    )


def _line(content: bytes) -> bytes:
    line: bytes = whole(lambda reader: reader.take(LINE_BYTES))(content)
    demand(any(line))
    return line


def _scope(content: bytes) -> tuple[str, ...]:
    demand(len(content) <= MOST_SCOPE_BYTES)
    patterns: list[str] = []
    reader = Reader(content)
    while not reader.at_end():
        pattern = reader.string()
        reader.end_element()
        identifier(pattern, 64)
        demand(not patterns or patterns[-1] < pattern)
        patterns.append(pattern)
    return tuple(patterns)


def _seconds(term: Term, issued_at: int) -> int | None:
    """The length of a term in seconds; none if perpetual."""
    if term.kind == "until":
        return max(term.value - issued_at, 0)
    if term.kind == "days":
        return term.value * DAY
    if term.kind == "hours":
        return term.value * 3600
    return None


ITEMS = {
    1: KnownItem(False, plain(text, 64)),
    2: KnownItem(False, _line),
}
