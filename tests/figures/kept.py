"""Figures that take too long for every run or need an idle machine: docs/figures.kept. A line is

    NAME VALUE UNIT | COMMIT | DATE | MACHINE | COMMAND
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs/figures.kept"
LINE = re.compile(r"(\S+) [0-9.]+ \S+ \| [0-9a-f]{7,40} \| \d{4}-\d\d-\d\d \| [^|]+ \| [^|]+")

# The command that makes each.
MADE = {
    "tests.all_s": "tests/run",
    "tests.quick_s": "tests/run quick",
    "host.check.ns": "tests/figures/run times",
    "host.dalek_strict.ns": "tests/figures/run times",
    "batch.codes_per_s": "tests/figures/run times",
    "batch.bare_signing_per_s": "tests/figures/run times",
    "ledger.verify_rows_per_s": "tests/figures/run times",
    "issue.cold_ms": "tests/figures/run times",
    "mutants.tried": "tests/mutants figures",
    "mutants.missed": "tests/mutants figures",
}


def lines() -> dict[str, str]:
    """Name to line, of those that are complete."""
    found = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if match := LINE.fullmatch(line):
            found[match[1]] = line
    return found
