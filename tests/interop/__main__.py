"""`python3 -m interop FILE...`: runs vector files and prints each difference."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterator

from . import documents, vectors
from .vectors import VectorError


def main(arguments: list[str]) -> int:
    """0 if every case of every file came out as it says; 1 if not; 2 if a file cannot be run."""
    passed = failed = 0
    try:
        for name in arguments:
            path = pathlib.Path(name)
            for place, found in _documents(path) if documents.is_about_documents(path) else _codes(path):
                passed, failed = passed + (not found), failed + bool(found)
                for difference in found:
                    print(f"{place} {difference}")
    except (VectorError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not passed + failed:
        print("no cases: name at least one vector file that has some", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _codes(path: pathlib.Path) -> Iterator[tuple[str, list[str]]]:
    """Each case of a file about codes: its place and its differences."""
    for case in vectors.read(path):
        yield case.place, list(vectors.differences(case))


def _documents(path: pathlib.Path) -> Iterator[tuple[str, list[str]]]:
    """The same for a file about other documents."""
    for case in documents.read(path):
        yield case.place, list(documents.differences(case))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
