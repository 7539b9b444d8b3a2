"""Reading vector files and running their cases (the form is described in tests/vectors/README.md)."""

from __future__ import annotations

import dataclasses
import pathlib
import re
from collections.abc import Iterator

from . import policy, status
from .keyring import ring_of
from .license import LATER, Version
from .policy import Decision, Facts, Right
from .status import Refused

_REPEATED = {"issuer", "component", "feature"}
_FACTS = {
    "product",
    "version",
    "built_at",
    "now",
    "activated_at",
    "refreshed_at",
    "powered_hours",
    "device_key",
    "has_base",
    "allow_test",
}
_INPUTS = {"anchors", "text", "text_hex"} | _FACTS
_NUMBERS = {
    "expires_at",
    "grace_until",
    "lease_until",
    "next_deadline",
    "powered_hours_end",
    "quantity",
    "in_grace",
    "serial",
}
_EXPECTED = {"status", "ring_status", "license_id", "class"} | _NUMBERS
_KEYS = _INPUTS | _EXPECTED | _REPEATED


class VectorError(Exception):
    """A vector file is not in the form that it has to have."""


@dataclasses.dataclass
class Case:
    """One case: its place, its single values by key, and its repeated ones."""

    place: str
    single: dict[str, str] = dataclasses.field(default_factory=dict)
    repeated: dict[str, list[str]] = dataclasses.field(default_factory=lambda: {key: [] for key in sorted(_REPEATED)})

    def number(self, key: str) -> int | None:
        """A decimal value, or none if it is not stated."""
        return _decimal(self.single[key]) if key in self.single else None


def read(path: pathlib.Path) -> list[Case]:
    """The cases of a vector file."""
    cases: list[Case] = []
    names: set[str] = set()
    for count, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place = f"{path.name}:{count}"
        if heading := re.fullmatch(r"\[([^\[\]]+)\]", line.strip()):
            if heading[1] in names:
                raise VectorError(f"{place}: a second case [{heading[1]}]")
            names.add(heading[1])
            cases.append(Case(f"{place} [{heading[1]}]"))
        elif not cases:
            raise VectorError(f"{place}: a value before the first case")
        else:
            _add(cases[-1], line, place)
    for case in cases:
        _check_form(case)
    return cases


def differences(case: Case) -> Iterator[str]:
    """Runs a case and tells each difference from what it expects."""
    anchors = bytes.fromhex(case.single.get("anchors", ""))
    if len(anchors) % 32:
        raise VectorError(f"{case.place}: anchors are 32 bytes each")
    keys = [anchors[at : at + 32] for at in range(0, len(anchors), 32)]
    expects_ring_failure = "ring_status" in case.single
    try:
        ring = ring_of(keys, [issuer.encode("utf-8") for issuer in case.repeated["issuer"]])
    except Refused as refused:
        yield from _status("ring_status", case.number("ring_status") or 0, refused.name)
        return
    if expects_ring_failure:
        yield from _status("ring_status", case.number("ring_status") or 0, status.GRANTED)
        return
    try:
        license = ring.open_code(_text(case))
    except Refused as refused:
        yield from _compare_refused(case, refused.name)
        return
    yield from _compare(case, policy.decide(license, facts_of(case)))


def _add(case: Case, line: str, place: str) -> None:
    key, equals, value = line.partition("=")
    key, value = key.strip(), value.strip(" \t\r")
    if not equals or key not in _KEYS:
        raise VectorError(f"{place}: not a key of a case: {key}")
    if key in _REPEATED:
        case.repeated[key].append(value)
    elif key in case.single:
        raise VectorError(f"{place}: a second value for {key}")
    else:
        case.single[key] = value


def _check_form(case: Case) -> None:
    if ("status" in case.single) == ("ring_status" in case.single):
        raise VectorError(f"{case.place}: one of status and ring_status is needed")
    texts = sum(key in case.single for key in ("text", "text_hex"))
    if texts != 1 and "status" in case.single:
        raise VectorError(f"{case.place}: one of text and text_hex is needed")


def _text(case: Case) -> bytes:
    if "text_hex" in case.single:
        return bytes.fromhex(case.single["text_hex"])
    return case.single["text"].encode("utf-8")


def facts_of(case: Case) -> Facts:
    """The facts of a case."""
    key = case.single.get("device_key")
    return Facts(
        product=case.single.get("product", "").encode("utf-8"),
        version=_version(case.single["version"]) if "version" in case.single else None,
        built_at=case.number("built_at") or None,
        now=case.number("now") or None,
        activated_at=case.number("activated_at") or None,
        refreshed_at=case.number("refreshed_at") or None,
        powered_hours=case.number("powered_hours"),
        components=tuple(_component(value) for value in case.repeated["component"]),
        device_key=None if key is None else bytes.fromhex(key),
        allow_test=case.number("allow_test") == 1,
        has_base=case.number("has_base") == 1,
    )


def _decimal(value: str) -> int:
    if not re.fullmatch(r"[0-9]+", value):
        raise VectorError(f"not a decimal number: {value}")
    return int(value)


def _version(value: str) -> Version:
    major, minor, patch = value.split(".")
    return _decimal(major), _decimal(minor), _decimal(patch)


def _component(value: str) -> tuple[int, bytes]:
    kind, _, content = value.partition(":")
    return _decimal(kind), bytes.fromhex(content)


def _status(key: str, expected: int, actual: str) -> Iterator[str]:
    if status.number(actual) != expected:
        yield f"{key}: expected {expected} {status.name_of(expected)}, got {status.number(actual)} {actual}"


def _compare_refused(case: Case, actual: str) -> Iterator[str]:
    """Without a genuine license nothing but the status is known: every number is 0, every feature refused."""
    yield from _status("status", case.number("status") or 0, actual)
    for key in sorted(_NUMBERS & case.single.keys()):
        yield from _value(key, case.single[key], "0")
    for key in sorted({"license_id", "class"} & case.single.keys()):
        yield f"{key}: expected {case.single[key]}, got none"
    for expected in case.repeated["feature"]:
        yield from _feature(expected, Right(actual, None))


def _compare(case: Case, decision: Decision) -> Iterator[str]:
    yield from _status("status", case.number("status") or 0, decision.status)
    actual = decision.shown()
    for key, value in actual.items():
        if key in case.single:
            yield from _value(key, case.single[key], str(value))
    for expected in case.repeated["feature"]:
        yield from _feature(expected, decision.right(expected.split()[0]))


def _value(key: str, expected: str, actual: str) -> Iterator[str]:
    if expected != actual:
        yield f"{key}: expected {expected}, got {actual}"


def _feature(expected: str, right: Right) -> Iterator[str]:
    """Compares a feature; a refused one that the license has is described as a granted one is."""
    name, wanted_status, *wanted = expected.split()
    yield from _status(f"feature {name}", _decimal(wanted_status), right.status)
    if len(wanted) != 3:
        raise VectorError(f"a feature is NAME STATUS TYPE VALUE EXPIRES: {expected}")
    for key, one, actual in zip(("type", "value", "expires"), wanted, columns(right)):
        yield from _value(f"feature {name} {key}", one, actual)


def columns(right: Right) -> tuple[str, str, str]:
    """Type, value and expiry as a case writes them."""
    feature = right.feature
    if feature is None or feature.kind == LATER:
        return "-", "-", "-"
    value = "-" if feature.value is None else str(feature.value)
    if isinstance(feature.value, str):
        value = feature.value.encode("utf-8").hex()
    return feature.kind, value, "-" if feature.expires_at is None else str(feature.expires_at)
