"""`python3 -m interop.chance COUNT SEED OUT`: writes cases by chance, with what this package makes of them.

They are for comparing another reader of vector files with this one, at length: contents of every shape, documents
with signed faults, damaged texts, and facts around the dates that matter. Nothing of it is frozen.
"""

from __future__ import annotations

import dataclasses
import pathlib
import random
import sys
from collections.abc import Iterator

from . import encode, samples, text
from .certificate import Certificate
from .fields import EPOCH
from .keyring import CODE, ring_of
from .keyring import ISSUER as ISSUER_KIND
from .license import DATES, Allocation, Binding, Components, DeviceKey, License
from .policy import MOST_TIME, Decision, component_hash, decide
from .stanza import ANCHOR, DAY, ISSUER, FeatureLine, Stanza
from .status import Refused
from .vectors import Case, columns, facts_of

_VALUES = (b"A", b"a", b"-a.", b"B", b"\xff\x00", b"", b"--")
_KINDS = (1, 2, 127, 128, 255)
_SALT = b"\0\1\2\3"
_DEVICE_KEY = bytes(range(32))


def stanzas(count: int, rng: random.Random) -> Iterator[Stanza]:
    """Cases with what has to come of them."""
    for index in range(count):
        yield _completed(_question(rng, f"chance-{index}"))


def _question(rng: random.Random, name: str) -> Stanza:
    """A case without its expectation."""
    license = _license(rng)
    payload = encode.license_payload(license)
    if rng.random() < 0.4:
        payload = _changed(rng, payload)
    issuers: tuple[str, ...] = ()
    inline = None
    key = rng.choice((ANCHOR, ISSUER))
    if key is ISSUER:
        signed = encode.document(ISSUER_KIND, ANCHOR, _certificate_payload(rng, license))
        if rng.random() < 0.7:
            inline = signed
        elif not _fails(issuer := text.write(ISSUER_KIND, signed)):
            issuers = (issuer,)
    document = encode.document(CODE, key, payload, inline)
    if rng.random() < 0.05:
        document = _changed(rng, document)
    pasted = text.write(CODE, document).encode()
    if rng.random() < 0.1:
        pasted = _disguised(rng, pasted)
    return Stanza(name, pasted, "", issuers=issuers, facts=_facts(rng, license), components=_components(rng))


def _fails(issuer: str) -> bool:
    try:
        ring_of([ANCHOR.public], [issuer.encode()])
    except Refused:
        return True
    return False


def _completed(question: Stanza) -> Stanza:
    """The case with the answer of this package."""
    ring = ring_of(list(question.anchors), [issuer.encode() for issuer in question.issuers])
    assert isinstance(question.pasted, bytes)
    try:
        license = ring.open_code(question.pasted)
    except Refused as refused:
        return dataclasses.replace(question, status=refused.name)
    case = Case(question.name, {key: str(value) for key, value in question.facts.items() if value is not None})
    case.repeated["component"] = [f"{kind}:{value.hex()}" for kind, value in question.components]
    decision = decide(license, facts_of(case))
    names = [feature.name for feature in license.features] + ["?"]
    return dataclasses.replace(
        question,
        status=decision.status,
        expected=decision.shown(),
        features=tuple(_feature_line(decision, name) for name in names),
    )


def _feature_line(decision: Decision, name: str) -> FeatureLine:
    right = decision.right(name)
    return FeatureLine(name, right.status, *columns(right))


def _license(rng: random.Random) -> License:
    license = samples.license(rng)
    kept: dict[str, object] = {"customer": None, "order": None, "others": ()} if rng.random() < 0.7 else {}
    if rng.random() < 0.5:
        kept = {**kept, "versions": None, **dict.fromkeys(DATES)}
    return dataclasses.replace(license, binding=_binding(rng), **kept)  # type: ignore[arg-type]


def _hash(rng: random.Random, kind: int) -> bytes:
    return component_hash(_SALT, kind, rng.choice(_VALUES)) or bytes(8)


def _binding(rng: random.Random) -> Binding:
    entries = sorted({(kind, _hash(rng, kind)) for kind in rng.choices(_KINDS, k=rng.randint(1, 5))})
    kind = rng.choice(_KINDS)
    table = sorted({_hash(rng, kind): rng.choice((1, 127, 128, 2**32 - 1)) for _ in range(3)}.items())
    return rng.choice(
        (
            None,
            None,
            Components(rng.randint(1, len(entries)), _SALT, tuple(entries)),
            Allocation(kind, _SALT, tuple(table)),
            DeviceKey(_DEVICE_KEY),
        )
    )


def _certificate_payload(rng: random.Random, license: License) -> bytes:
    def around(time: int) -> int:
        return min(max(time + rng.choice((-DAY, -1, 0, 1, DAY)), EPOCH), EPOCH + 2**32 - 1)

    half = license.product[: len(license.product) // 2]
    certificate = Certificate(
        ISSUER.public,
        license.issued_at,
        around(license.issued_at) if rng.random() < 0.2 else EPOCH,
        around(license.issued_at) if rng.random() < 0.2 else EPOCH + 2**32 - 1,
        rng.choice((0, 0, 0, rng.randint(1, 36_525))),
        rng.choice((1, 1, 1, 255, 254)),
        int(rng.random() < 0.1),
        rng.choice(((), (f"{half}*",), (license.product,), ("!", f"{half[:40]}~"), ("*",))),
    )
    payload = encode.certificate_payload(certificate)
    if rng.random() < 0.3:
        # The key stays: behind another one, the rest would not be reached.
        payload = payload[:32] + _changed(rng, payload[32:])
    return payload


def _changed(rng: random.Random, raw: bytes) -> bytes:
    """One to three changes of bytes."""
    changed = bytearray(raw)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(changed))
        change = rng.randrange(6)
        if change == 0:
            del changed[at]
        elif change == 1:
            changed.insert(at, rng.choice((0, 1, 0x80, 0xFF, rng.randrange(256))))
        elif change == 2:
            changed[at : at + 1] = bytes([changed[at] | 0x80, 0])
        elif change == 3:
            changed[at] ^= 1 << rng.randrange(8)
        elif change == 4:
            changed[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
        else:
            changed[at] = (changed[at] + rng.choice((-1, 1))) % 256
    return bytes(changed)


def _disguised(rng: random.Random, pasted: bytes) -> bytes:
    """A text with something put in, around it, or twice."""
    extra = (
        "\u00a0",
        "\u200b",
        "\u2029",
        "\u202f",
        "\ufeff",
        "\u3000",
        "“",
        "「",
        "＂",
        "«",
        "。",
        "\u2010",
        "\r\n",
        "=",
        ".",
    )
    piece = rng.choice((*(one.encode() for one in extra), b"\xe2\x80", b"\xc2", b"\0", b"LIC2I.", pasted))
    at = rng.choice((0, rng.randrange(len(pasted)), len(pasted)))
    return pasted[:at] + piece + pasted[at:]


def _facts(rng: random.Random, license: License) -> dict[str, object]:
    dates = [license.issued_at, *(getattr(license, name) for name in DATES), license.issued_at]
    dates += [feature.expires_at for feature in license.features]
    dates += [license.term.value if license.term.kind == "until" else None, 1, MOST_TIME]

    def time() -> int | None:
        known = rng.choice([date for date in dates if date is not None])
        chosen = known + rng.choice((-DAY - 1, -DAY, -1, 0, 1, DAY, license.grace_days * DAY))
        return None if rng.random() < 0.2 else min(max(chosen, 1), MOST_TIME)

    def numbers(version: tuple[int, int, int]) -> str:
        return ".".join(str(min(max(number + rng.choice((-1, 0, 0, 0, 1)), 0), 65_535)) for number in version)

    versions = license.versions or ((0, 0, 0), (1, 1, 1))
    hours = license.term.value + rng.choice((-1, 0, 1, 24 * license.grace_days, 24 * license.grace_days - 1))
    facts: dict[str, object] = {
        "product": license.product if rng.random() < 0.95 else license.product[:-1],
        "version": numbers(rng.choice(versions)),
        "built_at": time() if rng.random() < 0.3 else 1,
        "now": time(),
        "activated_at": time() if rng.random() < 0.3 else license.issued_at,
        "refreshed_at": time() if rng.random() < 0.3 else None,
        "powered_hours": min(max(hours, 0), 2**32 - 1),
        "device_key": rng.choice((_DEVICE_KEY, _DEVICE_KEY, bytes(32))).hex(),
        "allow_test": 1 if rng.random() < 0.9 else None,
    }
    for key in rng.sample(sorted(facts), rng.choice((0, 0, 0, 1))):
        if key not in ("product", "now"):
            facts[key] = None
    return facts


def _components(rng: random.Random) -> tuple[tuple[int, bytes], ...]:
    return tuple((rng.choice(_KINDS), rng.choice(_VALUES)) for _ in range(rng.choice((0, 1, 3, 8, 8, 16))))


def main(arguments: list[str]) -> int:
    """Writes the file that is named."""
    if len(arguments) != 3:
        print("usage: python3 -m interop.chance COUNT SEED OUT", file=sys.stderr)
        return 2
    made = stanzas(int(arguments[0]), random.Random(int(arguments[1])))
    lines = (f"{line}\n" for stanza in made for line in stanza.lines())
    pathlib.Path(arguments[2]).write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
