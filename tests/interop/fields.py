"""Field types that licenses and certificates share: stamps, identifiers, texts, items (FORMAT.md §5)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from .postcard import Reader, utf8
from .status import Refused

EPOCH = 1_577_836_800
MOST_DAYS = 36_525
MOST_ITEMS = 32


@dataclasses.dataclass(frozen=True)
class Item:
    """An item as written: for unknown ones and those of sellers."""

    number: int
    critical: bool
    content: bytes


@dataclasses.dataclass(frozen=True)
class KnownItem:
    """What this reader knows of an item number: its criticality, how its content is read, what never is beside it."""

    critical: bool
    decode: Callable[[bytes], Any]
    never_beside: int | None = None


def demand(kept: bool) -> None:
    """Every breach of a limit, a range or an order is PAYLOAD_VALUE."""
    if not kept:
        raise Refused("PAYLOAD_VALUE")


def stamp(reader: Reader) -> int:
    """A stamp, as Unix time."""
    return EPOCH + int.from_bytes(reader.take(4), "little")


def identifier(value: str, most: int) -> str:
    """identifier(n): 1 to n bytes of printable ASCII without space."""
    raw = value.encode("utf-8")
    demand(1 <= len(raw) <= most and all(0x21 <= byte <= 0x7E for byte in raw))
    return value


def product(value: str) -> str:
    """A product id: an identifier(64) that does not end in `*`."""
    identifier(value, 64)
    demand(not value.endswith("*"))
    return value


def product_or_every(value: str) -> str:
    """A product id, or empty for every product."""
    return product(value) if value else value


def text(value: str, most: int) -> str:
    """text(n): 1 to n bytes of UTF-8 without control characters."""
    raw = value.encode("utf-8")
    demand(1 <= len(raw) <= most and all(byte >= 0x20 and byte != 0x7F for byte in raw))
    return value


def whole(read: Callable[[Reader], Any]) -> Callable[[bytes], Any]:
    """Decodes the content of an item: one record that fills its space."""

    def decode(content: bytes) -> Any:
        reader = Reader(content)
        value = read(reader)
        reader.end_whole()
        return value

    return decode


def ranged(decode: Callable[[bytes], int], least: int, most: int) -> Callable[[bytes], int]:
    """Decodes a number that has to be in a range."""

    def in_range(content: bytes) -> int:
        value = decode(content)
        demand(least <= value <= most)
        return value

    return in_range


def plain(check: Callable[[str, int], str], most: int) -> Callable[[bytes], str]:
    """Decodes an item whose content is the bytes of a string without a length."""
    return lambda content: check(utf8(content), most)


def read_items(content: bytes, known: Mapping[int, KnownItem]) -> tuple[dict[int, Any], tuple[Item, ...]]:
    """The values of the known items by number, and all others as they are.

    Each item completely before the next: its encoding, the count and the order, its content, whether it is known.
    """
    values: dict[int, Any] = {}
    others: list[Item] = []
    reader = Reader(content)
    last = count = 0
    while not reader.at_end():
        tag, value = reader.u16(), reader.byte_string()
        reader.end_element()
        count += 1
        number, critical = tag >> 1, tag & 1 == 1
        demand(count <= MOST_ITEMS and number > last)
        last = number
        if number in known:
            values[number] = known[number].decode(value)
            demand(critical == known[number].critical)
            demand(known[number].never_beside not in values)
        elif critical:
            raise Refused("EXTENSION_UNKNOWN")
        else:
            others.append(Item(number, critical, value))
    return values, tuple(others)


def raw_items(content: bytes) -> tuple[Item, ...]:
    """Every item as written, of a list that `read_items` has accepted."""
    items: list[Item] = []
    reader = Reader(content)
    while not reader.at_end():
        tag, value = reader.u16(), reader.byte_string()
        items.append(Item(tag >> 1, tag & 1 == 1, value))
    return tuple(items)
