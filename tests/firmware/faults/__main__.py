"""`python3 -m faults CROSS FOLDER`: runs all faults on both programs of a folder that `run` has filled."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path

from .campaign import Job, Result, check_good, work

FORGED = ("signature", "changed", "tailored")
REFUSED = ("expired", "other", *FORGED, "unknown")
# How many random faults a process takes at a time: the seed gives the same on every machine.
SHARE = 3_340
# Grants are many in the control: a quarter of the instructions will do.
CONTROL_EVERY = 4
# The grants of the control that are shown; all are counted.
SHOWN = 3


def jobs(arguments: argparse.Namespace) -> tuple[list[Job], list[Job]]:
    """Those on the hardened program, the longest first, and those on the control."""
    parts = arguments.processes

    def decision(program: str, code: str, every: int = 1) -> list[Job]:
        folder = arguments.folder / program
        return [Job(arguments.cross, folder, code, part, parts, every) for part in range(parts)]

    def check(code: str) -> list[Job]:
        each = -(-arguments.random // len(FORGED))
        shares = -(-each // SHARE)
        folder = arguments.folder / "hardened"
        return [
            Job(arguments.cross, folder, code, share, shares, 1, -(-each // shares), arguments.seed)
            for share in range(shares)
        ]

    hardened = [job for code in REFUSED for job in decision("hardened", code)]
    return hardened + [job for code in FORGED for job in check(code)], decision("control", "expired", CONTROL_EVERY)


def progress(result: Result) -> Result:
    """A line for each job, for those who wait."""
    print(f"# {result.code}: {result.runs} faults run, {len(result.grants)} grants", *result.grants, file=sys.stderr, flush=True)
    return result


def tell(code: str, results: list[Result]) -> None:
    """One line about a code."""
    total = {name: sum(getattr(result, name) for result in results) for name in ("points", "runs", "loops")}
    instructions = max(result.instructions for result in results) if results[0].random else sum(
        result.instructions for result in results
    )
    where = "signature check" if results[0].random else "decision"
    grants = sum(len(result.grants) for result in results)
    print(
        f"{code}, {where}: {instructions} instructions, {total['points']} faults, {total['runs']} of them run"
        f" ({total['loops']} without end), {grants} grants",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/firmware/faults/run")
    parser.add_argument("cross")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--random", type=int, default=2_000, help="faults inside the signature check")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    began = time.monotonic()
    for program in ("hardened", "control"):
        check_good(arguments.folder / program)
    with multiprocessing.Pool(arguments.processes, maxtasksperchild=1) as pool:
        hardened, control = ([*map(progress, pool.imap(work, part))] for part in jobs(arguments))
    for results in (hardened, control):
        for kind in sorted({(result.random, result.code) for result in results}):
            tell(kind[1], [result for result in results if (result.random, result.code) == kind])
    grants = [grant for result in hardened for grant in result.grants]
    wins = [grant for result in control for grant in result.grants]
    for grant in grants + wins[:SHOWN]:
        print(grant)
    print(f"fault.points {sum(result.points for result in hardened if not result.random)} points")
    print(f"fault.random {sum(result.points for result in hardened if result.random)} points")
    print(f"fault.grants {len(grants)} points")
    print(f"fault.control_grants {len(wins)} points")
    print(f"{time.monotonic() - began:.0f} s in {arguments.processes} processes", file=sys.stderr)
    return 0 if wins and not grants else 1


if __name__ == "__main__":
    sys.exit(main())
