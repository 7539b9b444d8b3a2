"""`python3 -m interop.make DIRECTORY`: writes the cases of the independent encoder.

foreign.txt has codes, foreign_documents.txt the other documents.
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterable, Iterator
from typing import Protocol

from . import foreign_documents, foreign_growth, foreign_orders, foreign_others, foreign_policy

_CODES = """\
# Codes of the independent encoder: made by `python3 -m interop.make`, from docs/FORMAT.md alone.
# What is expected was written down by hand. The keys come from seeds of 32 equal bytes (21 anchor, 22 issuer,
# 23 stranger, 24 device) and are worthless.
"""
_DOCUMENTS = _CODES.replace("# Codes of", "# Documents other than codes, of")


class Stanza(Protocol):
    """A case to write."""

    def lines(self) -> Iterable[str]:
        """Its lines."""


def files() -> dict[str, str]:
    """The content of each file by its name."""
    codes = (foreign_documents, foreign_policy, foreign_growth, foreign_orders)
    return {
        "foreign.txt": _file(_CODES, (stanza for module in codes for stanza in module.stanzas())),
        "foreign_documents.txt": _file(_DOCUMENTS, foreign_others.stanzas()),
    }


def _file(heading: str, stanzas: Iterable[Stanza]) -> str:
    return heading + "".join(f"\n{line}" if line.startswith("[") else line for line in _lines(stanzas))


def _lines(stanzas: Iterable[Stanza]) -> Iterator[str]:
    for stanza in stanzas:
        for line in stanza.lines():
            yield f"{line}\n"


def main(arguments: list[str]) -> int:
    """Writes the files into the directory that is named."""
    if len(arguments) != 1:
        print("usage: python3 -m interop.make DIRECTORY", file=sys.stderr)
        return 2
    for name, content in files().items():
        (pathlib.Path(arguments[0]) / name).write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
