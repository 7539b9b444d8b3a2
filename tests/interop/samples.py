"""Licenses and certificates of every shape, from a seeded generator, for round trips."""

from __future__ import annotations

import random

from .certificate import Certificate
from .fields import EPOCH, Item
from .license import (
    CLASSES,
    LATER,
    RIGHTS,
    Allocation,
    Binding,
    Components,
    DeviceKey,
    Feature,
    Later,
    License,
    Term,
)

_PRINTABLE = [chr(byte) for byte in range(0x21, 0x7F)]
_LETTERS = [*_PRINTABLE, " ", "é", "\u0080", "計", "\U0001f600"]


def license(rng: random.Random) -> License:
    """A license that keeps every limit."""
    return License(
        id=_identifier(rng, 64),
        serial=_number(rng, 1, 32),
        class_name=rng.choice(CLASSES),
        product=_identifier(rng, 63).rstrip("*") + "p",
        issued_at=_time(rng),
        term=_term(rng),
        binding=_binding(rng),
        features=tuple(_feature(rng, name) for name in sorted({_identifier(rng, 32) for _ in range(rng.randrange(5))})),
        not_before=rng.choice((None, _time(rng))),
        grace_days=rng.choice((0, rng.randint(1, 36_525))),
        lease_days=rng.choice((None, rng.randint(1, 36_525))),
        versions=rng.choice((None, _versions(rng))),
        maintenance_until=rng.choice((None, _time(rng))),
        quantity=rng.choice((1, _number(rng, 2, 32))),
        edition=rng.choice((None, _identifier(rng, 64))),
        customer=rng.choice((None, _text(rng))),
        order=rng.choice((None, _text(rng))),
        add_on=rng.random() < 0.1,
        others=_others(rng),
    )


def certificate(rng: random.Random) -> Certificate:
    """A certificate that keeps every limit; its key is no key."""
    return Certificate(
        key=rng.randbytes(32),
        issued_at=_time(rng),
        not_before=_time(rng),
        not_after=_time(rng),
        longest_days=rng.choice((0, rng.randint(1, 36_525))),
        kinds=rng.randrange(256),
        flags=rng.randrange(2),
        scope=tuple(sorted({_identifier(rng, 30) for _ in range(rng.randrange(4))})),
        name=rng.choice((None, _text(rng))),
        stated_line=rng.choice((None, rng.randbytes(7) + b"!")),
        others=_others(rng),
    )


def _identifier(rng: random.Random, most: int) -> str:
    return "".join(rng.choices(_PRINTABLE, k=rng.randint(1, most)))


def _text(rng: random.Random) -> str:
    return "".join(rng.choices(_LETTERS, k=rng.randint(1, 16)))


def _number(rng: random.Random, least: int, bits: int) -> int:
    """A number of any length, the largest one among them."""
    return max(least, (1 << rng.randint(0, bits)) - rng.randint(0, 1) - (rng.random() < 0.5)) % (1 << bits) or least


def _time(rng: random.Random) -> int:
    return EPOCH + rng.choice((0, 2**32 - 1, rng.randrange(2**32)))


def _term(rng: random.Random) -> Term:
    return rng.choice(
        (
            Term(),
            Term("until", _time(rng)),
            Term("days", rng.randint(1, 36_525)),
            Term("hours", rng.randint(1, 876_600)),
        )
    )


def _binding(rng: random.Random) -> Binding:
    entries = sorted((rng.randint(1, 255), rng.randbytes(8)) for _ in range(rng.randint(1, 16)))
    table = sorted((rng.randbytes(8), _number(rng, 1, 32)) for _ in range(rng.randint(1, 48)))
    return rng.choice(
        (
            None,
            Components(rng.randint(1, len(entries)), rng.randbytes(4), tuple(entries)),
            Allocation(rng.randint(1, 255), rng.randbytes(4), tuple(table)),
            DeviceKey(rng.randbytes(32)),
        )
    )


def _feature(rng: random.Random, name: str) -> Feature:
    if rng.random() < 0.1:
        return Feature(name, LATER, Later(_number(rng, 10, 32), rng.randbytes(rng.randrange(20))))
    kind = rng.choice(RIGHTS)
    value: int | str | None = None
    if kind == "text":
        value = _text(rng)
    elif kind != "flag":
        value = _number(rng, 0, 64)
    return Feature(name, kind, value, rng.choice((None, _time(rng))))


def _versions(rng: random.Random) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    one, other = (tuple(_number(rng, 0, 16) for _ in range(3)) for _ in range(2))
    first, last = min(one, other), max(one, other)
    return (first[0], first[1], first[2]), (last[0], last[1], last[2])


def _others(rng: random.Random) -> tuple[Item, ...]:
    numbers = sorted(rng.sample(range(900, 2**15), rng.randrange(4)))
    return tuple(Item(number, False, rng.randbytes(rng.randrange(20))) for number in numbers)
