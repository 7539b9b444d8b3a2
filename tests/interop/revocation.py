"""Revocation lists (FORMAT.md §11)."""

from __future__ import annotations

import dataclasses
import hashlib

from .fields import Item, KnownItem, demand, product_or_every, raw_items, read_items, stamp, whole
from .license import nothing
from .postcard import Reader

MOST_ISSUERS = 16
MOST_LICENSES = 64
REASONS = ("released", "frozen", "refunded", "replaced")
LICENSE_CONTEXT = b"LIC2 license id1"


@dataclasses.dataclass(frozen=True)
class RevokedIssuer:
    """An issuer by the first bytes of its key; `keep` is 1 if what was activated before stays."""

    key: bytes
    keep: int


@dataclasses.dataclass(frozen=True)
class RevokedLicense:
    """A license by the hash of its id, the first serial that is not revoked, and why the others are."""

    id: bytes
    below: int
    reason: str


@dataclasses.dataclass(frozen=True)
class Part:
    """Which part of how many a list is, and the licenses that it covers by the first two bytes of their hash."""

    number: int
    count: int
    first: int
    last: int

    def covers(self, license: bytes) -> bool:
        """Whether a license is in the range."""
        return self.first <= int.from_bytes(license[:2], "big") <= self.last

    def overlaps(self, other: Part) -> bool:
        """Whether some license could be in both ranges."""
        return self.first <= other.last and other.first <= self.last


@dataclasses.dataclass(frozen=True)
class RevocationList:
    """The content of a document of kind `L`; the product is empty for every product."""

    number: int
    issued_at: int
    product: str
    series: int
    issuers: tuple[RevokedIssuer, ...]
    licenses: tuple[RevokedLicense, ...]
    items: tuple[Item, ...]
    part: Part | None = None
    named_only: bool = False

    def is_whole(self) -> bool:
        """Whether it has neither item 1 nor item 2."""
        return self.part is None and not self.named_only

    def entry(self, license: bytes) -> RevokedLicense | None:
        """What it says of a license, by the hash of its id."""
        return next((one for one in self.licenses if one.id == license), None)

    def covers(self, license: bytes) -> bool:
        """Whether it says something of a license ("Coverage")."""
        if self.named_only:
            return self.entry(license) is not None
        return self.part is None or self.part.covers(license)


def license_hash(license_id: str) -> bytes:
    """How a list names a license."""
    return hashlib.sha512(LICENSE_CONTEXT + license_id.encode("utf-8")).digest()[:8]


def decode(payload: bytes) -> RevocationList:
    """Checked in the order of §11."""
    reader = Reader(payload)
    number, issued_at, product, series = reader.u32(), stamp(reader), reader.string(), reader.u8()
    issuers, licenses, items = reader.byte_string(), reader.byte_string(), reader.byte_string()
    reader.end_whole()
    demand(number >= 1)
    product_or_every(product)
    revoked_issuers, revoked_licenses = _issuers(issuers), _licenses(licenses)
    values, _ = read_items(items, ITEMS)
    part, named_only = values.get(1), values.get(2, False)
    demand(not revoked_issuers or (part is None and not named_only))
    demand(part is None or all(part.covers(one.id) for one in revoked_licenses))
    return RevocationList(
        number, issued_at, product, series, revoked_issuers, revoked_licenses, raw_items(items), part, named_only
    )


def _issuers(content: bytes) -> tuple[RevokedIssuer, ...]:
    issuers: list[RevokedIssuer] = []
    reader = Reader(content)
    while not reader.at_end():
        issuer = RevokedIssuer(reader.take(8), reader.u8())
        reader.end_element()
        demand(len(issuers) < MOST_ISSUERS)
        demand(not issuers or issuers[-1].key < issuer.key)
        demand(issuer.keep <= 1)
        issuers.append(issuer)
    return tuple(issuers)


def _licenses(content: bytes) -> tuple[RevokedLicense, ...]:
    licenses: list[RevokedLicense] = []
    reader = Reader(content)
    while not reader.at_end():
        revoked = RevokedLicense(reader.take(8), reader.u32(), REASONS[reader.variant(len(REASONS))])
        reader.end_element()
        demand(len(licenses) < MOST_LICENSES)
        demand(not licenses or licenses[-1].id < revoked.id)
        demand(revoked.below >= 1)
        licenses.append(revoked)
    return tuple(licenses)


def _part(content: bytes) -> Part:
    part: Part = _four_numbers(content)
    demand(1 <= part.number <= part.count)
    demand(part.count >= 2)
    demand(part.first <= part.last)
    return part


_four_numbers = whole(lambda reader: Part(reader.u16(), reader.u16(), reader.u16(), reader.u16()))

ITEMS = {
    1: KnownItem(True, _part),
    2: KnownItem(True, nothing, never_beside=1),
}
