"""A Cortex-M4 with the memory of examples/firmware_qemu/board/arm.ld and the semihosting calls that the example makes."""

from __future__ import annotations

import enum
import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile
from unicorn import (
    UC_ARCH_ARM,
    UC_HOOK_CODE,
    UC_HOOK_INTR,
    UC_MODE_MCLASS,
    UC_MODE_THUMB,
    UC_PROT_ALL,
    UC_PROT_EXEC,
    UC_PROT_READ,
    UC_PROT_WRITE,
    Uc,
    UcError,
)
from unicorn import arm_const as arm

# Of the linker script. Flash and fuses cannot be written by a store.
FLASH = (0x0000_0000, 0x40000)
FUSES = (0x0008_0000, 0x1000)
RAM = (0x2000_0000, 0x10000)
SYSTEM = (0xE000_E000, 0x1000)

# r0 to r12, sp, lr, pc, xPSR: a state is a list of their values in this order, and the memory.
GENERAL = [getattr(arm, f"UC_ARM_REG_R{number}") for number in range(13)]
REGISTERS = [*GENERAL, arm.UC_ARM_REG_SP, arm.UC_ARM_REG_LR, arm.UC_ARM_REG_PC, arm.UC_ARM_REG_XPSR]
SP, LR, PC, XPSR = 13, 14, 15, 16

BREAKPOINT = 7
SEMIHOSTING = (0xBEAB).to_bytes(2, "little")
WRITE0, TIME, EXIT = 0x04, 0x11, 0x20
CALL = [arm.UC_ARM_REG_PC, arm.UC_ARM_REG_R0, arm.UC_ARM_REG_R1]
# Of what the program says, as much as identifies it.
MOST_TEXT = 12
NOWHERE = 0xFFFF_FFFE

State = tuple[list[int], bytes]


class Outcome(enum.Enum):
    """How a run came to its end."""

    ENDED = "by its own wish"
    STOPPED = "by an exception of the processor, after which a device starts again"
    UNDECIDED = "by somebody else"


class Machine:
    """One processor. What it says is in `said`, how it ended in `exit`: None unless by its own wish."""

    def __init__(self, elf: Path, now: int) -> None:
        self.uc = Uc(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS)
        self.uc.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4)
        self.uc.mem_map(*FLASH, UC_PROT_READ | UC_PROT_EXEC)
        self.uc.mem_map(*FUSES, UC_PROT_READ)
        self.uc.mem_map(*RAM, UC_PROT_ALL)
        self.uc.mem_map(*SYSTEM, UC_PROT_READ | UC_PROT_WRITE)
        with elf.open("rb") as file:
            for segment in ELFFile(file).iter_segments("PT_LOAD"):
                if segment["p_filesz"]:
                    self.uc.mem_write(segment["p_paddr"], segment.data())
        self.flash = bytes(self.uc.mem_read(*FLASH))
        self.now = now
        self.said: list[bytes] = []
        self.exit: int | None = None
        self.halted = False
        self.uc.hook_add(UC_HOOK_INTR, self._interrupt)
        stack, self.entry = (int.from_bytes(self.uc.mem_read(at, 4), "little") for at in (0, 4))
        self.uc.reg_write(arm.UC_ARM_REG_SP, stack)
        self.uc.reg_write(arm.UC_ARM_REG_PC, self.entry)
        self.fresh = self.uc.context_save()

    def state(self) -> State:
        """Registers and memory as they are."""
        return [int(value) for value in self.uc.reg_read_batch(REGISTERS)], bytes(self.uc.mem_read(*RAM))

    def restore(self, state: State) -> None:
        """Another machine's registers and memory."""
        registers, memory = state
        self.uc.context_restore(self.fresh)
        self.uc.mem_write(RAM[0], memory)
        self.uc.reg_write_batch(list(zip(REGISTERS, registers, strict=True)))
        self.said, self.exit, self.halted = [], None, False

    def run(self) -> Outcome:
        """Runs to the end."""
        try:
            self.uc.emu_start(self.uc.reg_read(arm.UC_ARM_REG_PC) | 1, NOWHERE)
        except UcError:
            return Outcome.STOPPED
        if self.exit is not None:
            return Outcome.ENDED
        return Outcome.STOPPED if self.halted else Outcome.UNDECIDED

    def run_to(self, address: int) -> State:
        """Runs until this instruction is the next."""
        # What is translated already does not know the hook.
        self.uc.ctl_flush_tb()
        hook = self.uc.hook_add(UC_HOOK_CODE, lambda uc, *_: uc.emu_stop(), begin=address, end=address)
        self.run()
        self.uc.hook_del(hook)
        state = self.state()
        if state[0][PC] & ~1 != address:
            raise SystemExit(f"the program ends without coming to {address:#x}")
        return state

    def visit(self, visitor: Callable[[int, int], None]) -> None:
        """Runs to the end and calls with the number and the address of each instruction, before it is executed."""
        number = itertools.count()
        self.uc.ctl_flush_tb()
        hook = self.uc.hook_add(UC_HOOK_CODE, lambda _uc, address, *_: visitor(next(number), address))
        self.run()
        self.uc.hook_del(hook)

    def granted(self) -> bool:
        """Whether it came to the work that only a grant permits."""
        return any(text.startswith(b"granted") for text in self.said)

    def _interrupt(self, uc: Uc, number: int, _data: Any) -> None:
        at, operation, argument = uc.reg_read_batch(CALL)
        if number == BREAKPOINT and self._read(at, 2) == SEMIHOSTING:
            if operation == EXIT:
                self.exit = int.from_bytes(self._read(argument + 4, 4), "little")
            elif operation == WRITE0:
                self.said.append(self._read(argument, MOST_TEXT).split(b"\0")[0])
                uc.reg_write(arm.UC_ARM_REG_PC, at + 2 | 1)
                return
            elif operation == TIME:
                uc.reg_write(arm.UC_ARM_REG_R0, self.now)
                uc.reg_write(arm.UC_ARM_REG_PC, at + 2 | 1)
                return
        self.halted = self.exit is None
        uc.emu_stop()

    def _read(self, address: int, length: int) -> bytes:
        if address + length <= len(self.flash):
            return self.flash[address : address + length]
        try:
            return bytes(self.uc.mem_read(address, length))
        except UcError:
            return b""


class Watch:
    """Stops a machine that a fault has sent into a loop: once it has taken four times as long as the first run, in which
    the emulator translates the program."""

    TIMES = 4
    TICK_SECONDS = 0.02

    def __init__(self) -> None:
        self.running: Machine | None = None
        self.began = 0.0
        self.limit = float("inf")
        threading.Thread(target=self._watch, daemon=True).start()

    def measure(self, machine: Machine) -> Outcome:
        """Runs undisturbed, for the time that this takes."""
        outcome = self.run(machine)
        self.limit = self.TIMES * (time.process_time() - self.began)
        return outcome

    def run(self, machine: Machine) -> Outcome:
        """As Machine.run, undecided if it took too long. The time of this process counts, not that of a busy computer."""
        self.began = time.process_time()
        self.running = machine
        outcome = machine.run()
        self.running = None
        return outcome

    def _watch(self) -> None:
        while True:
            time.sleep(self.TICK_SECONDS)
            machine = self.running
            if machine is not None and time.process_time() - self.began > self.limit:
                machine.uc.emu_stop()
