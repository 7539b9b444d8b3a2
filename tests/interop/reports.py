"""Receipts and usage reports in parts, put together again (FORMAT.md §14, item 3)."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence

from .device import Entry, Receipt, UsageReport

Report = Receipt | UsageReport
Read = tuple[Report, bytes | None]


class Mixed(Exception):
    """Documents that cannot be parts of one report; the message says why."""


@dataclasses.dataclass(frozen=True)
class Joined:
    """A report as far as its parts are there; `usage` of a receipt or `entries` of a usage report, over all parts.

    `missing` has the numbers that lack up to the last part that is there, and `open_ended` says that the last part of
    all is not among them.
    """

    usage: tuple[tuple[str, int], ...]
    entries: tuple[Entry, ...]
    missing: tuple[int, ...]
    open_ended: bool

    def complete(self) -> bool:
        """Whether every part from the first to the last is there."""
        return not self.missing and not self.open_ended


def join(read: Sequence[Read]) -> Joined:
    """Joins the parts of one report, each with the key that signed it, in any order; the same part MAY come again."""
    parts = [part for part, _ in read]
    if not parts:
        raise Mixed("there are no parts")
    if len({(signed_by is not None, *_head(part)) for part, signed_by in read}) > 1:
        raise Mixed("the parts belong to several reports")
    by_number = _numbered(parts)
    ordered = [by_number[number] for number in sorted(by_number)]
    usage = tuple(one for part in ordered if isinstance(part, Receipt) for one in part.usage)
    entries = tuple(one for part in ordered if isinstance(part, UsageReport) for one in part.entries)
    _demand_ascending([feature for feature, _ in usage])
    _demand_ascending([(entry.license, entry.feature) for entry in entries])
    last = [number for number, part in by_number.items() if part.part is None or part.part.last]
    if last and last != [max(by_number)]:
        raise Mixed("a part follows the last one")
    missing = tuple(number for number in range(1, max(by_number)) if number not in by_number)
    return Joined(usage, entries, missing, not last)


def _head(part: Report) -> tuple[object, ...]:
    """What the parts of a report have in common."""
    shared = (type(part).__name__, part.product, part.nonce, part.components, part.device_key)
    return (*shared, part.license, part.serial) if isinstance(part, Receipt) else (*shared, part.number)


def _numbered(parts: Sequence[Report]) -> dict[int, Report]:
    """The parts by their number; a report that is not split is its own only part."""
    found: dict[int, Report] = {}
    for part in parts:
        number = 1 if part.part is None else part.part.number
        if found.setdefault(number, part) != part:
            raise Mixed(f"part {number} is there in two versions")
    return found


def _demand_ascending(keys: Iterable[object]) -> None:
    """The entries ascend over all parts."""
    listed = list(keys)
    if any(not one < other for one, other in itertools.pairwise(listed)):  # type: ignore[operator]
        raise Mixed("the entries do not ascend over the parts")
