"""Runs the faults over one program with one code. A part of the work for each process."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from .fault import EACH, FLIPPED, NAMES, ONES, Fault, distinct, with_block
from .machine import PC, Machine, Outcome, State, Watch
from .program import Program

# Where the signature check begins, and where its result is computed: src/signature.rs and src/ed25519.
CHECK_BEGINS = "lic2::signature::PublicKey>::verify"
RESULT_BEGINS = "equation::Sum>::word"
# Where a code is decided on whose key nobody knows: it has no signature to check.
LOOKUP_BEGINS = "Unverified>::find_signer"

# 2026-06-01, what the emulated clock shows: between the issue of the codes and their end.
NOW = 1_780_272_000
# How many instructions to look ahead: more would take longer than to run the fault.
SOON = 100
# The example says so when it has tested the verdict.
TELLS = "host_write"


@dataclass(frozen=True)
class Job:
    """The share of one process, `part` of `parts`: of every instruction, or of each that is `every` further on; or so many
    random faults."""

    cross: str
    folder: Path
    code: str
    part: int
    parts: int
    every: int = 1
    random_faults: int = 0
    seed: int = 0


@dataclass
class Result:
    """What a job found."""

    code: str
    random: bool
    instructions: int = 0
    points: int = 0
    runs: int = 0
    loops: int = 0
    grants: list[str] = field(default_factory=list)


class Campaign:
    """The machines of one process for one program and code: a guide without faults, and the victim of each."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.elf = job.folder / f"{job.code}.elf"
        self.program = Program(job.cross, job.folder / "symbols.elf")
        self.guide = self._machine()
        self.victim = self._machine()
        self.watch = Watch()
        self.watch.measure(self._machine())
        self.result = Result(job.code, job.random_faults > 0)

    def _machine(self) -> Machine:
        return Machine(self.elf, NOW)

    def decision(self) -> Result:
        """Every fault from the result of the signature check to the test of the verdict."""
        start = LOOKUP_BEGINS if self.job.code == "unknown" else RESULT_BEGINS
        self.guide.run_to(self.program.entry(start))
        length = len(self._path())

        def visit(number: int, address: int) -> None:
            turn, left = divmod(number, self.job.every)
            if number >= length or left or turn % self.job.parts != self.job.part:
                return
            self.result.instructions += 1
            self.result.points += EACH
            state = self._state()
            instruction = self.program.instructions[address]
            if instruction.conditional:
                self._undisturbed(state)
            for fault in distinct(instruction, number == length - 1):
                self._try(fault, state)

        self.guide.visit(visit)
        return self.result

    def check(self) -> Result:
        """Random faults inside the signature check."""
        begin = self.guide.run_to(self.program.entry(CHECK_BEGINS))
        path = self._path(self.program.entry(RESULT_BEGINS))
        chance = random.Random(f"{self.job.seed} {self.job.code} {self.job.part}")
        at = sorted(chance.randrange(len(path)) for _ in range(self.job.random_faults))
        at.reverse()

        def visit(number: int, _address: int) -> None:
            state = None
            while at and at[-1] == number:
                at.pop()
                self.result.points += 1
                fault = _random_fault(chance)
                if not self._is_overwritten(fault.register, path, number):
                    state = state or self._state()
                    self._try(fault, state)

        self.guide.restore(begin)
        self.guide.visit(visit)
        self.result.instructions = len(path)
        return self.result

    def _path(self, until: int | None = None) -> list[int]:
        """The addresses of the instructions from here to one, or to the first word that the program says. The guide is
        back where it was."""
        here = self.guide.state()
        path: list[int] = []
        ended = False

        def visit(_number: int, address: int) -> None:
            nonlocal ended
            ended = ended or (address == until if until is not None else self._tells(address))
            if not ended:
                path.append(address)

        self.guide.visit(visit)
        if not ended or self.guide.exit is None or self.guide.granted():
            raise SystemExit(f"{self.elf} is not refused: {self.guide.said}")
        self.guide.restore(here)
        return path

    def _is_overwritten(self, register: str, path: list[int], number: int) -> bool:
        """Whether a register is soon written again before anything reads it."""
        for address in path[number : number + SOON]:
            instruction = self.program.instructions[address]
            if register in instruction.registers:
                return instruction.overwritten == register
        return False

    def _tells(self, address: int) -> bool:
        return self.program.instructions[address].function == TELLS

    def _state(self) -> State:
        registers, memory = self.guide.state()
        return with_block(registers, self.program), memory

    def _undisturbed(self, state: State) -> None:
        """Without a fault, a machine that begins in the middle of an IT block ends as it should."""
        self.victim.restore(state)
        if self.watch.run(self.victim) is not Outcome.ENDED or self.victim.granted():
            raise SystemExit(f"{self.elf}: no emulation from {state[0][PC]:#x}")

    def _try(self, fault: Fault, state: State) -> None:
        struck = fault.strike(state, self.program)
        if struck[0] == state[0]:
            return
        self.result.runs += 1
        self.victim.restore(struck)
        if self.watch.run(self.victim) is Outcome.UNDECIDED:
            self.result.loops += 1
        if self.victim.granted():
            instruction = self.program.instructions[state[0][PC] & ~1]
            place = f"{instruction.address:#x} {instruction.function}: {instruction.text}"
            self.result.grants.append(f"{self.job.code}: {fault} at {place}")


def _random_fault(chance: random.Random) -> Fault:
    kind = chance.choice(("skip", "zero", "ones", "flip"))
    register = chance.choice(list(NAMES))
    if kind == "skip":
        return Fault("skip")
    if kind == "flip":
        return Fault(FLIPPED, register, 1 << chance.randrange(32))
    return Fault("force", register, ONES if kind == "ones" else 0)


def work(job: Job) -> Result:
    """One job from its beginning to its end."""
    campaign = Campaign(job)
    return campaign.check() if job.random_faults else campaign.decision()


def check_good(folder: Path) -> None:
    """Without a fault a good code is granted: a program that grants nothing would pass every test."""
    machine = Machine(folder / "good.elf", NOW)
    machine.run()
    if not machine.granted() or machine.exit != 0:
        raise SystemExit(f"{folder / 'good.elf'} is not granted: {machine.said}; tests/firmware/faults/make renews the codes")
