"""Writing cases of vector files (the form is described in tests/vectors/README.md)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from . import status
from .encode import Key

ANCHOR = Key(bytes([0x21]) * 32)
ISSUER = Key(bytes([0x22]) * 32)
STRANGER = Key(bytes([0x23]) * 32)

PRODUCT = "meter-4"
NOW = 1_800_000_000
DAY = 86_400


@dataclasses.dataclass(frozen=True)
class FeatureLine:
    """What is expected of one feature; `-` where there is nothing."""

    name: str
    status: str
    kind: str = "-"
    value: str = "-"
    expires: str = "-"


@dataclasses.dataclass(frozen=True)
class Stanza:
    """A case to write: what is pasted, the keys, the facts, and what has to come of it.

    `of_the_ring`: it is setting up the key ring that fails.
    """

    name: str
    pasted: str | bytes
    status: str
    anchors: tuple[bytes, ...] = (ANCHOR.public,)
    issuers: tuple[str, ...] = ()
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)
    components: tuple[tuple[int, bytes], ...] = ()
    expected: Mapping[str, object] = dataclasses.field(default_factory=dict)
    features: tuple[FeatureLine, ...] = ()
    of_the_ring: bool = False

    def lines(self) -> Iterable[str]:
        """The lines of the case; product and now have a usual value unless the facts say otherwise."""
        yield f"[{self.name}]"
        yield f"anchors = {b''.join(self.anchors).hex()}"
        for issuer in self.issuers:
            yield f"issuer = {issuer}"
        if isinstance(self.pasted, str):
            yield f"text = {self.pasted}"
        else:
            yield f"text_hex = {self.pasted.hex()}"
        for key, value in {"product": PRODUCT, "now": NOW, **self.facts}.items():
            if value is not None:
                yield f"{key} = {value}"
        for kind, content in self.components:
            yield f"component = {kind}:{content.hex()}"
        if self.of_the_ring:
            yield f"ring_status = {status.number(self.status)}"
            return
        yield f"status = {status.number(self.status)}"
        for key, value in self.expected.items():
            yield f"{key} = {value}"
        for feature in self.features:
            number = status.number(feature.status)
            yield f"feature = {feature.name} {number} {feature.kind} {feature.value} {feature.expires}"
