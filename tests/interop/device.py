"""Documents that devices write for the seller (FORMAT.md §14 to §17)."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

from . import ed25519, text
from .envelope import ALGORITHM_ED25519, SIGNATURE_CONTEXT, check_start
from .fields import EPOCH, Item, KnownItem, demand, identifier, product, ranged, raw_items, read_items, stamp, whole
from .license import COMPONENT_BYTES, MOST_COMPONENTS, Version, read_version
from .postcard import Reader
from .status import Refused

ALGORITHM_NONE = 0
MOST_USAGE = 64

_HEADER = 8
_SIGNATURE = 64
_DEVICE_KEY = 2
_PART = 3


@dataclasses.dataclass(frozen=True)
class Shared:
    """What every kind says; `at` is 0 if the device does not know the time."""

    product: str
    nonce: bytes
    at: int
    components: tuple[tuple[int, bytes], ...]
    device_key: bytes | None
    items: tuple[Item, ...]


@dataclasses.dataclass(frozen=True)
class Request(Shared):
    """The content of a document of kind `R`."""

    license: str
    version: Version | None
    status: int | None
    signs: int | None


@dataclasses.dataclass(frozen=True)
class Part:
    """Which part of a report a document is, and whether it is the last one."""

    number: int
    last: bool


@dataclasses.dataclass(frozen=True)
class Receipt(Shared):
    """The content of a document of kind `P`; usage is feature and amount."""

    license: str
    serial: int
    usage: tuple[tuple[str, int], ...]
    part: Part | None = None


@dataclasses.dataclass(frozen=True)
class Entry:
    """One quota in a usage report."""

    license: str
    serial: int
    feature: str
    used: int
    reported: int


@dataclasses.dataclass(frozen=True)
class UsageReport(Shared):
    """The content of a document of kind `M`."""

    number: int
    entries: tuple[Entry, ...]
    part: Part | None = None


def read(raw: bytes, wanted: str | None = None) -> tuple[Request | Receipt | UsageReport, bytes | None]:
    """A document and the device's key that signed it, if one did: the steps of §14.

    `wanted` is the letter of the one kind that the reader wants, if it wants one.
    """
    letter, document = text.read(raw)
    check_start(document)  # 1
    if letter not in _KINDS or (wanted is not None and letter != wanted):  # 2
        raise Refused("DOCUMENT_KIND")
    if document[1] != ord(letter):  # 3
        raise Refused("FORMAT_ENVELOPE")
    algorithm, flags, key_id = document[2], document[3], document[4:_HEADER]
    if algorithm not in (ALGORITHM_NONE, ALGORITHM_ED25519):  # 4
        raise Refused("FORMAT_ALGORITHM")
    signed = algorithm == ALGORITHM_ED25519
    if len(document) < _HEADER or (not signed and key_id != bytes(4)):  # 5
        raise Refused("FORMAT_ENVELOPE")
    if (signed and len(document) < _HEADER + _SIGNATURE) or flags != 0:
        raise Refused("FORMAT_ENVELOPE")
    end = len(document) - _SIGNATURE if signed else len(document)
    content = _KINDS[letter](document[_HEADER:end])  # 6
    if not signed:
        return content, None
    key = content.device_key  # 7
    demand(key is not None and key[:4] == key_id)
    if key is None or not ed25519.verify(key, document[end:], SIGNATURE_CONTEXT + document[:end]):
        raise Refused("SIGNATURE_INVALID")
    return content, key


def _request(payload: bytes) -> Request:
    """Checked in the order of §15."""
    reader = Reader(payload)
    name, nonce, at, license_id = reader.string(), reader.take(8), stamp(reader), reader.string()
    components, items = reader.byte_string(), reader.byte_string()
    reader.end_whole()
    product(name)
    if license_id:
        identifier(license_id, 64)
    shown = _components(components)
    values, _ = read_items(items, REQUEST_ITEMS)
    return Request(
        name, nonce, _known(at), shown, values.get(_DEVICE_KEY), raw_items(items),
        license_id, values.get(1), values.get(3), values.get(4),
    )  # fmt: skip


def _receipt(payload: bytes) -> Receipt:
    """Checked in the order of §16."""
    reader = Reader(payload)
    name, nonce, at = reader.string(), reader.take(8), stamp(reader)
    license_id, serial = reader.string(), reader.u32()
    components, usage, items = reader.byte_string(), reader.byte_string(), reader.byte_string()
    reader.end_whole()
    product(name)
    identifier(license_id, 64)
    demand(serial >= 1)
    shown, used = _components(components), _usage(usage)
    values, _ = read_items(items, REPORT_ITEMS)
    return Receipt(
        name, nonce, _known(at), shown, values.get(_DEVICE_KEY), raw_items(items),
        license_id, serial, used, values.get(_PART),
    )  # fmt: skip


def _report(payload: bytes) -> UsageReport:
    """Checked in the order of §17."""
    reader = Reader(payload)
    name, nonce, at, number = reader.string(), reader.take(8), stamp(reader), reader.u32()
    components, entries, items = reader.byte_string(), reader.byte_string(), reader.byte_string()
    reader.end_whole()
    product(name)
    demand(number >= 1)
    shown, quotas = _components(components), _entries(entries)
    values, _ = read_items(items, REPORT_ITEMS)
    return UsageReport(
        name, nonce, _known(at), shown, values.get(_DEVICE_KEY), raw_items(items),
        number, quotas, values.get(_PART),
    )  # fmt: skip


def _known(at: int) -> int:
    """The zero stamp says that the device does not know the time."""
    return 0 if at == EPOCH else at


def _components(content: bytes) -> tuple[tuple[int, bytes], ...]:
    if len(content) % COMPONENT_BYTES:
        raise Refused("PAYLOAD_MALFORMED")
    raw = [content[at : at + COMPONENT_BYTES] for at in range(0, len(content), COMPONENT_BYTES)]
    demand(len(raw) <= MOST_COMPONENTS)
    demand(all(one < next_one for one, next_one in itertools.pairwise(raw)))
    demand(all(entry[0] != 0 for entry in raw))
    return tuple((entry[0], entry[1:]) for entry in raw)


def _usage(content: bytes) -> tuple[tuple[str, int], ...]:
    usage: list[tuple[str, int]] = []
    reader = Reader(content)
    while not reader.at_end():
        feature, used = reader.string(), reader.u64()
        reader.end_element()
        demand(len(usage) < MOST_USAGE)
        demand(not usage or usage[-1][0] < feature)
        identifier(feature, 32)
        usage.append((feature, used))
    return tuple(usage)


def _entries(content: bytes) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    reader = Reader(content)
    while not reader.at_end():
        entry = Entry(reader.string(), reader.u32(), reader.string(), reader.u64(), reader.u64())
        reader.end_element()
        demand(len(entries) < MOST_USAGE)
        demand(not entries or (entries[-1].license, entries[-1].feature) < (entry.license, entry.feature))
        identifier(entry.license, 64)
        identifier(entry.feature, 32)
        demand(entry.serial >= 1)
        entries.append(entry)
    return tuple(entries)


def _part(content: bytes) -> Part:
    number, last = _two_numbers(content)
    demand(number >= 1)
    demand(last <= 1)
    demand(not (number == 1 and last == 1))
    return Part(number, last == 1)


_two_numbers = whole(lambda reader: (reader.u16(), reader.u8()))

_KINDS: dict[str, Callable[[bytes], Request | Receipt | UsageReport]] = {
    "R": _request,
    "P": _receipt,
    "M": _report,
}

_KEY_ITEM = {_DEVICE_KEY: KnownItem(False, whole(lambda reader: reader.take(32)))}

REPORT_ITEMS = {**_KEY_ITEM, _PART: KnownItem(True, _part)}

REQUEST_ITEMS = {
    1: KnownItem(False, whole(read_version)),
    **_KEY_ITEM,
    3: KnownItem(False, ranged(whole(Reader.u16), 1, 2**16 - 1)),
    4: KnownItem(False, ranged(whole(Reader.u8), 1, 2**8 - 1)),
}
