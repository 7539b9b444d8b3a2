"""`python3 -m interop FILE...`: runs vector files and prints each difference."""

from __future__ import annotations

import pathlib
import sys

from .vectors import VectorError, differences, read


def main(arguments: list[str]) -> int:
    """0 if every case of every file came out as it says; 1 if not; 2 if a file cannot be run."""
    passed = failed = 0
    try:
        for name in arguments:
            for case in read(pathlib.Path(name)):
                found = list(differences(case))
                passed, failed = passed + (not found), failed + bool(found)
                for difference in found:
                    print(f"{case.place} {difference}")
    except (VectorError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not passed + failed:
        print("no cases: name at least one vector file that has some", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
