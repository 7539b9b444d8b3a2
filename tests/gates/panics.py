#!/usr/bin/env python3
"""Finds every place in a linked object from which a panic can start, and compares it with an allow-list.

    panics.py OBJECT PANIC-ALLOW

OBJECT is the relocatable object of bindings/c/package --keep: all symbols, line tables, relocations. A panic function
is the panic handler, and every function of Rust's core library that leads to one. A site is a relocation to a panic
function from any other function, named by the innermost source line that is not in Rust's core library: optimizing
compilers move code between functions, line tables tell where it came from.

CROSS_COMPILE is the prefix of binutils for the object's processor, such as arm-none-eabi-.

Prints one line a site. Exit code 0 if all are allowed and all of the list occur, 1 if not.
"""

import os
import re
import subprocess
import sys

# The handler itself, and where the compiler has merged it into core's last function before it.
HANDLER = re.compile(r"rust_begin_unwind|rust_panic|^core(\[\w+\])?::panicking::")
CORE = re.compile(r"^(<.*>::)?<?&?(mut )?(core|alloc|std)(\[|::)")
CORE_FILE = re.compile(r"/library/(core|alloc|std)/")


def output(tool, *arguments, text=None):
    command = [os.environ.get("CROSS_COMPILE", "") + tool, *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def relocations(path):
    """(section, offset, referenced symbol) of the code; a section is a function, since each has its own."""
    found, section = [], ""
    for line in output("objdump", "-r", "-w", path).splitlines():
        if header := re.match(r"RELOCATION RECORDS FOR \[(.*)\]:", line):
            section = header[1]
        elif (record := re.match(r"([0-9a-f]{8,}) R_\w+ +(\S+?)([-+]0x[0-9a-f]+)?$", line)) and code(section):
            found.append((section, int(record[1], 16), record[2]))
    return found


def code(section):
    return section.startswith((".text", ".rodata", ".data"))


def function(name):
    """The mangled function in a section's or a symbol's name."""
    return re.sub(r"^\.(text|rodata|data)(\.rel\.ro)?(\.(unlikely|hot|cold|startup)\.?)?\.?", "", name)


def demangled(names):
    names = sorted(names)
    return dict(zip(names, output("c++filt", text="\n".join(names)).splitlines()))


def panic_functions(edges, names):
    found = {name for name in names if HANDLER.search(names[name])}
    size = 0
    while size != len(found):
        size = len(found)
        found |= {source for source, target in edges if target in found and CORE.match(names[source])}
    return found


def origin(path, section, offset):
    """`crate-version/src/file:line` of the innermost place outside of Rust's core library."""
    lines = output("addr2line", "-e", path, "-j", section, "-i", hex(offset)).splitlines()
    for place in lines:
        if CORE_FILE.search(place) or place.startswith("??"):
            continue
        place = re.sub(r" \(discriminator \d+\)$", "", place)
        crate = re.search(r"/([a-z0-9_-]+-\d+\.\d+\.\d+[^/]*/src/.*)$", place)
        return crate[1] if crate else re.sub(r"^.*?/((bindings/c/)?src/)", r"\1", place)
    return "unknown " + section


def main(path, allow):
    records = [(section, offset, function(symbol)) for section, offset, symbol in relocations(path)]
    edges = {(function(section), target) for section, _, target in records}
    symbols = {line.split()[-1] for line in output("nm", path).splitlines()}
    names = demangled({name for edge in edges for name in edge} | symbols)
    panics = panic_functions(edges, names)
    # On x86 the relocation is inside the call, which the line table knows by its first byte.
    inside = 1 if "x86-64" in output("objdump", "-f", path) else 0
    sites = {}
    for section, offset, target in records:
        if target in panics and function(section) not in panics:
            where = origin(path, section, offset - inside)
            sites.setdefault(where, []).append(names[function(section)])
    with open(allow, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    for where, functions in sorted(sites.items()):
        print(f"{'allowed' if where in lines else 'NOT ALLOWED'}: {where}: {len(functions)} in {sorted(set(functions))}")
    stale = [line for line in lines if line not in sites]
    for line in stale:
        print(f"no longer there, remove it from the list: {line}")
    print(f"{len(panics)} panic functions, {sum(map(len, sites.values()))} sites")
    return 1 if stale or any(where not in lines for where in sites) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
