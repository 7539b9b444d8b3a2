"""The faults, and which of them are one and the same.

A fault strikes before an instruction is executed, once. A register that an instruction does not touch may as well be
forced before the next one; a register that it overwrites without having read it need not be forced at all. Both are
counted, and neither is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .machine import LR, PC, XPSR, State
from .program import Instruction, Program

FLIPPED = "flip"
ONES = 0xFFFF_FFFF
FLAGS = 0xF000_0000
IT_BITS = 0x0600_FC00
NAMES = {**{f"r{number}": number for number in range(13)}, "lr": LR}


@dataclass(frozen=True)
class Fault:
    """What happens, by name: `skip`, `skip two`, `r3 := 00000000`, `flags := f0000000`, `r3 ^= 00000400`."""

    kind: str
    register: str = ""
    value: int = 0

    def __str__(self) -> str:
        if not self.register:
            return self.kind
        return f"{self.register} {'^=' if self.kind == FLIPPED else ':='} {self.value:08x}"

    def strike(self, state: State, program: Program) -> State:
        """The state behind it."""
        registers, memory = list(state[0]), state[1]
        if self.kind.startswith("skip"):
            for _ in range(2 if self.kind == "skip two" else 1):
                registers[PC] += program.size(registers[PC] & ~1)
                registers[XPSR] = _with_it(registers[XPSR], _advanced(_it(registers[XPSR])))
        elif self.register == "flags":
            registers[XPSR] = registers[XPSR] & ~FLAGS | self.value
        elif self.kind == FLIPPED:
            registers[NAMES[self.register]] ^= self.value
        else:
            registers[NAMES[self.register]] = self.value
        return registers, memory


SKIPS = [Fault("skip"), Fault("skip two")]
FORCED = [Fault("force", name, value) for name in NAMES for value in (0, ONES)]
FORCED_FLAGS = [Fault("force", "flags", value) for value in (0, FLAGS)]
EACH = len(SKIPS) + len(FORCED) + len(FORCED_FLAGS)


def distinct(instruction: Instruction, last: bool) -> Iterator[Fault]:
    """The faults before an instruction that are not the same as one before the next, or as none."""
    yield from SKIPS
    for fault in FORCED:
        if last or (fault.register in instruction.registers and fault.register != instruction.overwritten):
            yield fault
    if last or instruction.touches_flags:
        yield from FORCED_FLAGS


def with_block(registers: list[int], program: Program) -> list[int]:
    """The registers with the state of the IT block in which the next instruction stands: an emulator that is stopped in
    one does not tell."""
    address = registers[PC] & ~1
    place = program.instructions[address].conditional if address in program.instructions else 0
    state = program.block(address)
    for _ in range(place - 1):
        state = _advanced(state)
    return [*registers[:XPSR], _with_it(registers[XPSR], state)]


def _it(xpsr: int) -> int:
    return xpsr >> 25 & 3 | xpsr >> 8 & 0xFC


def _with_it(xpsr: int, state: int) -> int:
    return xpsr & ~IT_BITS | (state & 3) << 25 | (state & 0xFC) << 8


def _advanced(state: int) -> int:
    """ITAdvance of the Armv7-M Architecture Reference Manual, A7.3.3."""
    return state & 0xE0 | state << 1 & 0x1F if state & 7 else 0
