"""`python3 -m interop.make OUT`: writes the cases of the independent encoder, tests/vectors/foreign.txt."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterator

from . import foreign_documents, foreign_policy

_HEADING = """\
# Codes of the independent encoder: made by `python3 -m interop.make`, from docs/FORMAT.md alone.
# What is expected was written down by hand. The keys come from seeds of 32 equal bytes (21 anchor, 22 issuer,
# 23 stranger) and are worthless.
"""


def content() -> str:
    """The whole file."""
    return _HEADING + "".join(f"\n{line}" if line.startswith("[") else line for line in _lines())


def _lines() -> Iterator[str]:
    for stanzas in (foreign_documents.stanzas(), foreign_policy.stanzas()):
        for stanza in stanzas:
            for line in stanza.lines():
                yield f"{line}\n"


def main(arguments: list[str]) -> int:
    """Writes the file that is named."""
    if len(arguments) != 1:
        print("usage: python3 -m interop.make OUT", file=sys.stderr)
        return 2
    pathlib.Path(arguments[0]).write_text(content(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
