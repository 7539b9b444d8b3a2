"""Status names and their numbers, from bindings/schema.json.

Numbers are not what this program checks of the library: its vectors name them, and they are frozen.
"""

from __future__ import annotations

import functools
import json
import pathlib

GRANTED = "GRANTED"

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "bindings" / "schema.json"


class Refused(Exception):
    """A document or a use of it is refused; `name` is the status as FORMAT.md writes it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@functools.cache
def numbers() -> dict[str, int]:
    """Name to number."""
    statuses = json.loads(SCHEMA.read_text(encoding="utf-8"))["statuses"]
    return {status["name"]: status["number"] for status in statuses}


def number(name: str) -> int:
    """The number of a status name; 0 for granted."""
    return 0 if name == GRANTED else numbers()[name]


def name_of(wanted: int) -> str:
    """The name of a number, for people; the number itself if it has none."""
    if wanted == 0:
        return GRANTED
    return next((name for name, number in numbers().items() if number == wanted), str(wanted))
