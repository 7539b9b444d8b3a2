"""`python3 -m interop.misreadings [--note]`: misreads FORMAT.md in one way after another; a case has to notice each.

misreadings.txt has the list: errors that a careful reader of the text could make. Each is a change of one place of
this package, with the words of FORMAT.md that it misreads. Nothing is written: a process of its own compiles the
changed source, asks the cases of all vector files and the rules of rules.py, and stops at the first other answer. An
exception is no answer. Every sentence of sections 2 to 17 that has a status, a MUST, a limit or an order has to be
misread at least once.

`--note` writes to the list which case noticed, so that the next run asks that one first.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import selectors
import signal
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence

from . import documents, ed25519, rules, vectors

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIST = HERE / "misreadings.txt"
FORMAT = ROOT / "docs" / "FORMAT.md"
VECTORS = ROOT / "tests" / "vectors"

FIRST_SECTION, LAST_SECTION = 2, 17
LONGEST_SECONDS = 60

# The name of the package that is compiled from the changed sources.
_CHANGED = "misread"


@dataclasses.dataclass
class Misreading:
    """One of the list: its line, the file and the change, the words, and the case that noticed last."""

    line: int
    section: int
    file: str
    old: str = ""
    new: str = ""
    words: list[str] = dataclasses.field(default_factory=list)
    noticed: str = ""

    def name(self) -> str:
        """For people."""
        change = " ".join(self.new.split())[:100] or "(nothing)"
        return f"{LIST.name}:{self.line} §{self.section} {self.file}: {change}"


@dataclasses.dataclass(frozen=True)
class Question:
    """A case of a vector file or a rule: `ask` gets the modules to ask, and gives the differences."""

    name: str
    ask: Callable[[Modules], Iterator[str]]


class Modules:
    """The modules of a package, this one or a changed one."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __call__(self, name: str) -> types.ModuleType:
        return importlib.import_module(f"{self._package}.{name}")


class ListError(Exception):
    """The list is not in its form."""


def read_list(text: str) -> list[Misreading]:
    """The misreadings of a list."""
    found: list[Misreading] = []
    for count, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"§([0-9]+) ([a-z0-9_]+\.py)", line):
            found.append(Misreading(count, int(heading[1]), heading[2]))
            continue
        if not found or line[1:2] not in ("", " ") or line[0] not in "-+=~":
            raise ListError(f"{LIST.name}:{count}: neither a heading nor a line of one")
        one, rest = found[-1], line[2:]
        if line[0] == "-":
            one.old += rest if not one.old else f"\n{rest}"
        elif line[0] == "+":
            one.new += rest if not one.new else f"\n{rest}"
        elif line[0] == "=":
            one.words.append(rest)
        else:
            one.noticed = rest
    return found


def sections() -> dict[int, str]:
    """The sections of FORMAT.md by number, with single spaces for all white space."""
    parts = re.split(r"^## ([0-9]+)\. .*$", FORMAT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {int(number): " ".join(content.split()) for number, content in zip(parts[1::2], parts[2::2], strict=True)}


def sources() -> dict[str, str]:
    """The files of this package."""
    return {path.name: path.read_text(encoding="utf-8") for path in HERE.glob("*.py")}


def places(one: Misreading, own: dict[str, str]) -> int:
    """How often its source text is there; it can be tried if that is once."""
    return own.get(one.file, "").count(one.old) if one.old else 0


def faults(listed: Sequence[Misreading], texts: dict[int, str]) -> Iterator[str]:
    """What is wrong with the list itself."""
    own = sources()
    for one in listed:
        found = places(one, own)
        if found != 1:
            yield f"{one.name()}: its source text is there {found} times"
        if one.old == one.new:
            yield f"{one.name()}: it changes nothing"
        if not one.words:
            yield f"{one.name()}: it states no words of FORMAT.md"
        for words in one.words:
            if texts.get(one.section, "").count(words) < 1:
                yield f"{one.name()}: §{one.section} does not say: {words}"
    seen: set[tuple[str, str, str]] = set()
    for one in listed:
        if (one.file, one.old, one.new) in seen:
            yield f"{one.name()}: it is there twice"
        seen.add((one.file, one.old, one.new))


def never_misread(listed: Sequence[Misreading], texts: dict[int, str]) -> Iterator[str]:
    """The sentences and rows that have to be misread, and are not."""
    for section in range(FIRST_SECTION, LAST_SECTION + 1):
        text = texts[section]
        spans = [
            found.span()
            for one in listed
            if one.section == section
            for words in one.words
            for found in re.finditer(re.escape(words), text)
        ]
        for start, end in _sentences(text):
            sentence = text[start:end]
            if _binds(section, sentence) and not any(first < end and start < last for first, last in spans):
                yield f"§{section} is never misread: {sentence.strip()}"


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in re.finditer(r"(?<=[.;]) |(?<=\|) (?=\|)|(?<=\|) (?=The order)|$", text):
        yield start, found.start()
        start = found.end()


def _binds(section: int, sentence: str) -> bool:
    """Whether a sentence has a MUST, a status, a limit or an order."""
    if re.search(r"MUST|`[A-Z]+(_[A-Z]+)+`|The order of checks|ascending", sentence):
        return True
    return section == 3 and re.fullmatch(r"\| [^|]+ \| [0-9]+ \|", sentence.strip()) is not None


def questions() -> list[Question]:
    """The cases of every vector file about codes and other documents, and the rules."""
    asked: list[Question] = []
    for path in sorted(VECTORS.glob("*.txt")):
        if documents.is_about_documents(path):
            asked += [_document(case) for case in documents.read(path)]
        else:
            asked += [_code(case) for case in vectors.read(path)]
    return asked + [_rule(rule.name) for rule in rules.rules()]


def _code(case: vectors.Case) -> Question:
    return Question(_named(case.place), lambda modules: modules("vectors").differences(case))


def _document(case: documents.Case) -> Question:
    return Question(_named(case.place), lambda modules: modules("documents").differences(case))


def _rule(name: str) -> Question:
    def ask(modules: Modules) -> Iterator[str]:
        for rule in modules("rules").rules():
            if rule.name == name:
                yield from rule.differences()
                return

    return Question(f"rules.py [{name}]", ask)


def _named(place: str) -> str:
    return re.sub(r":[0-9]+ ", " ", place)


class ChangedSources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads this package under another name, with one source changed."""

    def __init__(self, codes: dict[str, types.CodeType]) -> None:
        self._codes = codes

    def find_spec(
        self, fullname: str, path: object, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, _, name = fullname.partition(".")
        if package != _CHANGED:
            return None
        file = f"{name or '__init__'}.py"
        spec = importlib.util.spec_from_loader(fullname, self, origin=str(HERE / file), is_package=not name)
        if spec is not None:
            spec.has_location = True
        return spec

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__.partition(".")[2] or "__init__"
        exec(self._codes[f"{name}.py"], module.__dict__)


class Verified:
    """Ed25519 with a memory: what was verified before is not verified again."""

    def __init__(self) -> None:
        self._verify = functools.cache(ed25519.verify)
        self._usable = functools.cache(ed25519.usable_key)

    def put_into(self, module: types.ModuleType) -> None:
        """Takes the place of the functions of a module."""
        module.verify = self._verify  # type: ignore[attr-defined]
        module.usable_key = self._usable  # type: ignore[attr-defined]


def differing(asked: Iterable[Question], modules: Modules) -> tuple[str, str]:
    """The first question that is answered differently, or nothing, and the last exception there was."""
    trouble = ""
    for question in asked:
        try:
            if next(iter(question.ask(modules)), None):
                return question.name, trouble
        except Exception as error:
            trouble = f"{question.name}: {type(error).__name__}: {error}"
    return "", trouble


class Runner:
    """Tries misreadings, in as many processes at once as there are processors."""

    def __init__(self, asked: list[Question], verified: Verified) -> None:
        self._asked = asked
        self._verified = verified
        self._sources = sources()
        self._codes = {name: compile(source, str(HERE / name), "exec") for name, source in self._sources.items()}

    def run(self, listed: Sequence[Misreading]) -> Iterator[tuple[Misreading, str, str]]:
        """Each misreading, the case that noticed it or nothing, and trouble on the way."""
        waiting = list(reversed(listed))
        selector = selectors.DefaultSelector()
        while waiting or selector.get_map():
            while waiting and len(selector.get_map()) < len(os.sched_getaffinity(0)):
                one = waiting.pop()
                reading, pid = self._start(one)
                selector.register(reading, selectors.EVENT_READ, (one, pid))
            for key, _ in selector.select():
                one, pid = key.data
                said = b"".join(iter(lambda file=key.fd: os.read(file, 4096), b"")).decode("utf-8")  # type: ignore[misc]
                selector.unregister(key.fd)
                os.close(key.fd)
                _, code = os.waitpid(pid, 0)
                noticed, _, trouble = said.partition("\n")
                yield one, noticed, trouble or ("" if code == 0 else f"ended with {code}")

    def _start(self, one: Misreading) -> tuple[int, int]:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writing)
            return reading, pid
        os.close(reading)
        signal.alarm(LONGEST_SECONDS)
        try:
            said = "\n".join(self._try(one))
        except BaseException as error:
            said = f"\ndoes not load: {type(error).__name__}: {error}"
        os.write(writing, said.encode("utf-8")[:4000])
        os._exit(0)

    def _try(self, one: Misreading) -> tuple[str, str]:
        """In a process of its own."""
        changed = self._sources[one.file].replace(one.old, one.new)
        self._codes[one.file] = compile(changed, str(HERE / one.file), "exec")
        sys.meta_path.insert(0, ChangedSources(self._codes))
        modules = Modules(_CHANGED)
        if one.file != "ed25519.py":
            self._verified.put_into(modules("ed25519"))
        first = [question for question in self._asked if question.name == one.noticed]
        modules("vectors"), modules("documents"), modules("rules")
        return differing(first + self._asked, modules)


def note(text: str, listed: Sequence[Misreading]) -> str:
    """The list, with the cases that noticed."""
    by_line = {one.line: one for one in listed}
    lines: list[str] = []
    current: Misreading | None = None

    def finish() -> None:
        if current is not None and current.noticed:
            end = len(lines)
            while not lines[end - 1]:
                end -= 1
            lines.insert(end, f"~ {current.noticed}")

    for count, line in enumerate(text.split("\n"), 1):
        if count in by_line or line.startswith("#"):
            finish()
            current = by_line.get(count)
        if not line.startswith("~"):
            lines.append(line)
    finish()
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0 if every misreading is noticed; 1 if not, or if the list is wrong."""
    verified = Verified()
    verified.put_into(ed25519)
    written = LIST.read_text(encoding="utf-8")
    listed = read_list(written)
    texts = sections()
    wrong = list(faults(listed, texts)) + list(never_misread(listed, texts))
    own = Modules(__package__ or "interop")
    asked = []
    for question in questions():
        found, trouble = differing([question], own)
        if found or trouble:
            wrong.append(f"without any misreading: {question.name} {trouble}".rstrip())
        else:
            asked.append(question)
    missed = 0
    own_sources = sources()
    tried = [one for one in listed if places(one, own_sources) == 1]
    for one, noticed, trouble in Runner(asked, verified).run(tried):
        if not noticed:
            missed += 1
            print(f"not noticed: {one.name()} {trouble}".rstrip())
        one.noticed = noticed
    for fault in wrong:
        print(fault)
    if "--note" in arguments:
        LIST.write_text(note(written, listed), encoding="utf-8")
    print(f"vectors.misreadings_tried {len(listed)} misreadings")
    print(f"vectors.misreadings_missed {missed} misreadings")
    print(f"{len(listed) - missed} passed, {missed + len(wrong)} failed")
    return 1 if missed or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
