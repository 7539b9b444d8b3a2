"""Time tokens and unlocks (FORMAT.md §12, §13)."""

from __future__ import annotations

import dataclasses

from .fields import Item, demand, product, product_or_every, raw_items, read_items, stamp
from .license import Binding, read_binding
from .postcard import Reader

GRANTS_CLOCK = 1
GRANTS_STATE = 2


@dataclasses.dataclass(frozen=True)
class TimeToken:
    """The content of a document of kind `T`; the product is empty for every product."""

    issued_at: int
    product: str
    items: tuple[Item, ...]


@dataclasses.dataclass(frozen=True)
class Unlock:
    """The content of a document of kind `U`."""

    issued_at: int
    product: str
    nonce: bytes
    grants: int
    binding: Binding
    items: tuple[Item, ...]


def decode_time_token(payload: bytes) -> TimeToken:
    """Checked in the order of §12."""
    reader = Reader(payload)
    issued_at, name, items = stamp(reader), reader.string(), reader.byte_string()
    reader.end_whole()
    product_or_every(name)
    read_items(items, {})
    return TimeToken(issued_at, name, raw_items(items))


def decode_unlock(payload: bytes) -> Unlock:
    """Checked in the order of §13."""
    reader = Reader(payload)
    issued_at, name, nonce, grants = stamp(reader), reader.string(), reader.take(8), reader.u8()
    check_binding = read_binding(reader)
    items = reader.byte_string()
    reader.end_whole()
    product(name)
    demand(1 <= grants <= GRANTS_CLOCK + GRANTS_STATE)
    binding = check_binding()
    read_items(items, {})
    return Unlock(issued_at, name, nonce, grants, binding, raw_items(items))
