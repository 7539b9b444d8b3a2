"""Revocation lists (FORMAT.md §11)."""

from __future__ import annotations

import dataclasses

from .fields import Item, demand, product_or_every, raw_items, read_items, stamp
from .postcard import Reader

MOST_ISSUERS = 16
MOST_LICENSES = 64
REASONS = ("released", "frozen", "refunded", "replaced")


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
class RevocationList:
    """The content of a document of kind `L`; the product is empty for every product."""

    number: int
    issued_at: int
    product: str
    series: int
    issuers: tuple[RevokedIssuer, ...]
    licenses: tuple[RevokedLicense, ...]
    items: tuple[Item, ...]


def decode(payload: bytes) -> RevocationList:
    """Checked in the order of §11."""
    reader = Reader(payload)
    number, issued_at, product, series = reader.u32(), stamp(reader), reader.string(), reader.u8()
    issuers, licenses, items = reader.byte_string(), reader.byte_string(), reader.byte_string()
    reader.end_whole()
    demand(number >= 1)
    product_or_every(product)
    revoked_issuers, revoked_licenses = _issuers(issuers), _licenses(licenses)
    read_items(items, {})
    return RevocationList(number, issued_at, product, series, revoked_issuers, revoked_licenses, raw_items(items))


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
