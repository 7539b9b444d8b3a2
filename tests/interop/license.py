"""The payload of a code (FORMAT.md §7)."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Callable

from .fields import (
    MOST_DAYS,
    Item,
    KnownItem,
    demand,
    identifier,
    plain,
    ranged,
    read_items,
    stamp,
    text,
    whole,
)
from .fields import product as check_product
from .postcard import Reader
from .status import Refused

CLASSES = ("commercial", "trial", "test", "nfr")
TERMS = ("perpetual", "until", "days", "hours")
RIGHTS = ("flag", "limit", "quota", "overage", "text")
LATER = "later"
MOST_HOURS = 876_600
MOST_FEATURES = 64
MOST_COMPONENTS = 16
MOST_ALLOCATIONS = 48
COMPONENT_BYTES = 9
DEVICE_KEY_CONTEXT = b"LIC2 device key1"
MOST_U32 = 2**32 - 1

Version = tuple[int, int, int]


@dataclasses.dataclass(frozen=True)
class Term:
    """How long a license runs: Unix time, days or hours, as `kind` says; 0 if perpetual."""

    kind: str = "perpetual"
    value: int = 0


@dataclasses.dataclass(frozen=True)
class Components:
    """At least `needed` of the entries (kind, hash) have to match."""

    needed: int
    salt: bytes
    entries: tuple[tuple[int, bytes], ...]


@dataclasses.dataclass(frozen=True)
class Allocation:
    """Any of the devices (hash, quantity), known by components of one kind."""

    kind: int
    salt: bytes
    entries: tuple[tuple[bytes, int], ...]


@dataclasses.dataclass(frozen=True)
class DeviceKey:
    """The device that holds this key."""

    key: bytes


Binding = Components | Allocation | DeviceKey | None


@dataclasses.dataclass(frozen=True)
class Later:
    """A right of a later version: the number of its variant, and its fields unread."""

    variant: int
    fields: bytes


@dataclasses.dataclass(frozen=True)
class Feature:
    """A named right; `value` is none for a flag, a string for a text, otherwise a number.

    A right of a later version has the kind `later`.
    """

    name: str
    kind: str
    value: int | str | Later | None = None
    expires_at: int | None = None


@dataclasses.dataclass(frozen=True)
class License:
    """The content of a code; times are Unix times, items that are absent have their default."""

    id: str
    serial: int
    class_name: str
    product: str
    issued_at: int
    term: Term = Term()
    binding: Binding = None
    features: tuple[Feature, ...] = ()
    not_before: int | None = None
    grace_days: int = 0
    lease_days: int | None = None
    versions: tuple[Version, Version] | None = None
    maintenance_until: int | None = None
    quantity: int = 1
    edition: str | None = None
    customer: str | None = None
    order: str | None = None
    add_on: bool = False
    others: tuple[Item, ...] = ()


def decode(payload: bytes) -> License:
    """The payload of a document of kind `C`, checked in the order of §7."""
    reader = Reader(payload)
    license_id, serial = reader.string(), reader.u32()
    class_name = CLASSES[reader.variant(len(CLASSES))]
    product, issued_at = reader.string(), stamp(reader)
    term = _term(reader)
    check_binding = read_binding(reader)
    features, items = reader.byte_string(), reader.byte_string()
    reader.end_whole()
    _check_term(term)
    identifier(license_id, 64)
    check_product(product)
    demand(serial >= 1)
    rights = _features(features)
    binding = check_binding()
    values, others = read_items(items, ITEMS)
    named = {ITEM_NAMES[number]: value for number, value in values.items()}
    return License(license_id, serial, class_name, product, issued_at, term, binding, rights, others=others, **named)


def _term(reader: Reader) -> Term:
    kind = TERMS[reader.variant(len(TERMS))]
    value = 0
    if kind == "until":
        value = stamp(reader)
    elif kind == "days":
        value = reader.u16()
    elif kind == "hours":
        value = reader.u32()
    return Term(kind, value)


def _check_term(term: Term) -> None:
    if term.kind == "days":
        demand(1 <= term.value <= MOST_DAYS)
    elif term.kind == "hours":
        demand(1 <= term.value <= MOST_HOURS)


def device_key_of(public: bytes) -> bytes:
    """The 32 bytes that stand for a device key of another algorithm than Ed25519, from its standard encoding."""
    return hashlib.sha512(DEVICE_KEY_CONTEXT + public).digest()[:32]


def read_binding(reader: Reader) -> Callable[[], Binding]:
    """Reads the fields of a binding; its content is checked later, by the function returned."""
    variant = reader.variant(4)
    if variant == 1:
        needed, salt, content = reader.u8(), reader.take(4), reader.byte_string()
        return lambda: _components(needed, salt, content)
    if variant == 2:
        kind, salt, content = reader.u8(), reader.take(4), reader.byte_string()
        return lambda: _allocation(kind, salt, content)
    if variant == 3:
        key = reader.take(32)
        return lambda: DeviceKey(key)
    return lambda: None


def _components(needed: int, salt: bytes, content: bytes) -> Components:
    if len(content) % COMPONENT_BYTES:
        raise Refused("PAYLOAD_MALFORMED")
    raw = [content[at : at + COMPONENT_BYTES] for at in range(0, len(content), COMPONENT_BYTES)]
    demand(1 <= len(raw) <= MOST_COMPONENTS and 1 <= needed <= len(raw))
    demand(all(one < next_one for one, next_one in itertools.pairwise(raw)))
    demand(all(entry[0] != 0 for entry in raw))
    return Components(needed, salt, tuple((entry[0], entry[1:]) for entry in raw))


def _allocation(kind: int, salt: bytes, content: bytes) -> Allocation:
    entries: list[tuple[bytes, int]] = []
    reader = Reader(content)
    while not reader.at_end():
        hashed, quantity = reader.take(8), reader.u32()
        reader.end_element()
        demand(len(entries) < MOST_ALLOCATIONS and quantity != 0)
        demand(not entries or entries[-1][0] < hashed)
        entries.append((hashed, quantity))
    demand(len(entries) >= 1 and kind != 0)
    return Allocation(kind, salt, tuple(entries))


def _features(content: bytes) -> tuple[Feature, ...]:
    features: list[Feature] = []
    reader = Reader(content)
    while not reader.at_end():
        feature = _feature(reader)
        reader.end_element()
        demand(len(features) < MOST_FEATURES)
        demand(not features or features[-1].name < feature.name)
        identifier(feature.name, 32)
        if isinstance(feature.value, str):
            text(feature.value, 64)
        features.append(feature)
    return tuple(features)


def _feature(reader: Reader) -> Feature:
    name = reader.string()
    variant = reader.u32()
    if variant >= 2 * len(RIGHTS):
        return Feature(name, LATER, Later(variant, reader.byte_string()))
    kind = RIGHTS[variant % len(RIGHTS)]
    value: int | str | None = None
    if kind == "text":
        value = reader.string()
    elif kind != "flag":
        value = reader.u64()
    return Feature(name, kind, value, stamp(reader) if variant >= len(RIGHTS) else None)


def _versions(content: bytes) -> tuple[Version, Version]:
    first, last = _two_versions(content)
    demand(first <= last)
    return first, last


def read_version(reader: Reader) -> Version:
    """Major, minor, patch."""
    return reader.u16(), reader.u16(), reader.u32()


def nothing(content: bytes) -> bool:
    """An item that says everything by being there."""
    if content:
        raise Refused("PAYLOAD_MALFORMED")
    return True


_two_versions = whole(lambda reader: (read_version(reader), read_version(reader)))


ITEMS = {
    1: KnownItem(True, whole(stamp)),
    2: KnownItem(False, ranged(whole(Reader.u16), 1, MOST_DAYS)),
    3: KnownItem(True, ranged(whole(Reader.u16), 1, MOST_DAYS)),
    4: KnownItem(True, _versions),
    5: KnownItem(True, whole(stamp)),
    6: KnownItem(False, ranged(whole(Reader.u32), 2, MOST_U32)),
    7: KnownItem(False, plain(identifier, 64)),
    8: KnownItem(False, plain(text, 64)),
    9: KnownItem(False, plain(text, 64)),
    10: KnownItem(True, nothing),
}

# The fields that hold a time.
DATES = ("not_before", "maintenance_until")

ITEM_NAMES = {
    1: "not_before",
    2: "grace_days",
    3: "lease_days",
    4: "versions",
    5: "maintenance_until",
    6: "quantity",
    7: "edition",
    8: "customer",
    9: "order",
    10: "add_on",
}
