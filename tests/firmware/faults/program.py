"""What the linked program consists of: its symbols and its instructions, as GNU's tools show them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^ *([0-9a-f]+):\t((?:[0-9a-f]{4} ?)+)\s*\t(\S+)(?:\t(.*))?$")
_SYMBOL = re.compile(r"^([0-9a-f]+) <(.*)>:$")
_CONDITIONS = "eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
_CONDITIONAL_BRANCH = re.compile(rf"^b({_CONDITIONS})(\.[nw])?$")
_IT = re.compile(r"^it[te]{0,3}$")
# Registers that objdump writes by name.
_NAMES = {"sb": "r9", "sl": "r10", "fp": "r11", "ip": "r12"}
# Neither reads nor changes the flags, as long as no condition precedes it.
_NO_FLAGS = re.compile(
    r"^(ldr|str|ldm|stm|push|pop|mov|movw|movt|mvn|add|addw|sub|subw|rsb|and|orr|orn|eor|bic|mul|mla|mls|umull|umlal|umaal"
    r"|smull|smlal|lsl|lsr|asr|ror|uxt|sxt|ubfx|sbfx|bfi|bfc|rev|clz|rbit|adr|nop|b|bl|bx|blx|cbz|cbnz|tbb|tbh)"
    r"(b|h|d|sb|sh|ia|db|16)?(\.[nw])?$"
)
# Writes its first operand whatever that was, and needs the others only.
_WRITES_FIRST = re.compile(r"^(ldr(b|h|sb|sh)?|movs?|movw|mvns?|uxt[bh]|sxt[bh]|ubfx|sbfx|rev(16)?|clz|adr)(\.[nw])?$")


@dataclass(frozen=True)
class Instruction:
    """One instruction and what it may touch."""

    address: int
    size: int
    text: str
    function: str
    registers: frozenset[str]
    touches_flags: bool
    conditional: int
    """0, or its place in a block of IT: 1 to 4."""
    overwritten: str
    """The register that it writes without having read it, or none."""


class Program:
    """The code of an ELF file. Symbols come from one with the same code."""

    def __init__(self, cross: str, elf: Path) -> None:
        shown = subprocess.run([f"{cross}objdump", "-d", "-C", elf], check=True, capture_output=True, text=True).stdout
        self.instructions: dict[int, Instruction] = {}
        self.functions: dict[str, int] = {}
        self._blocks: dict[int, int] = {}
        function, block, state = "", 0, 0
        place = 0
        for line in shown.splitlines():
            if found := _SYMBOL.match(line):
                function = found[2]
                self.functions.setdefault(function, int(found[1], 16))
                continue
            found = _LINE.match(line)
            if found is None or found[3].startswith("."):
                continue
            address, size = int(found[1], 16), len(found[2].replace(" ", "")) // 2
            mnemonic, operands = found[3], (found[4] or "").split("@")[0].split("<")[0]
            place = place + 1 if place < block else 0
            if place == 0:
                block = 0
            self.instructions[address] = _instruction(address, size, mnemonic, operands, function, place)
            if place:
                self._blocks[address] = state
            if _IT.match(mnemonic):
                block, place, state = len(mnemonic) - 1, 0, int(found[2].strip(), 16) & 0xFF

    def entry(self, part: str) -> int:
        """The address of the one function with this in its name."""
        found = {address for name, address in self.functions.items() if part in name}
        if len(found) != 1:
            raise SystemExit(f"{len(found)} functions are called {part}: name the one where the region begins in campaign.py")
        return found.pop()

    def block(self, address: int) -> int:
        """The state that the IT instruction before this address has set, or 0."""
        return self._blocks.get(address, 0)

    def size(self, address: int) -> int:
        """The length of the instruction at an address."""
        return self.instructions[address].size if address in self.instructions else 2


def _instruction(address: int, size: int, mnemonic: str, operands: str, function: str, place: int) -> Instruction:
    words = [_NAMES.get(word, word) for word in re.findall(r"\b(?:r\d+|sb|sl|fp|ip|lr)\b", operands)]
    for first, last in re.findall(r"\br(\d+)-r(\d+)", operands):
        words.extend(f"r{number}" for number in range(int(first), int(last) + 1))
    touched = set(words)
    overwritten = ""
    if mnemonic.startswith(("bl", "blx")) and not _CONDITIONAL_BRANCH.match(mnemonic):
        touched.add("lr")
        overwritten = "lr" if "lr" not in words else ""
    elif _WRITES_FIRST.match(mnemonic) and words and words.count(words[0]) == 1:
        overwritten = words[0] if re.match(r"\s*(r\d+|sb|sl|fp|ip|lr)\s*,", operands) else ""
    plain = _NO_FLAGS.match(mnemonic) is not None and not _CONDITIONAL_BRANCH.match(mnemonic)
    return Instruction(
        address, size, f"{mnemonic} {operands}".strip(), function, frozenset(touched), not plain or place > 0, place,
        "" if place else overwritten,
    )
