"""Running the cases of documents other than codes (the form is described in tests/vectors/README.md)."""

from __future__ import annotations

import dataclasses
import pathlib
import re
from collections.abc import Iterator

from . import device, status
from .fields import Item
from .grants import TimeToken, Unlock
from .keyring import Genuine, ring_of
from .license import Allocation, Binding, Components, License
from .revocation import RevocationList
from .status import Refused
from .vectors import VectorError

_SUFFIX = "documents.txt"

INPUTS = {"reader", "anchors", "issuer", "kept", "text"}

Fields = list[tuple[str, str]]


@dataclasses.dataclass
class Case:
    """One case: its place and its lines."""

    place: str
    fields: Fields

    def all(self, key: str) -> list[str]:
        """Every value of a key."""
        return [value for name, value in self.fields if name == key]

    def one(self, key: str) -> str:
        """The only value of a key."""
        values = self.all(key)
        if len(values) != 1:
            raise VectorError(f"{self.place}: one {key} is needed")
        return values[0]


def is_about_documents(path: pathlib.Path) -> bool:
    """Whether a vector file is about other documents than codes: documents.txt and foreign_documents.txt."""
    return path.name.endswith(_SUFFIX)


def read(path: pathlib.Path) -> list[Case]:
    """The cases of the file."""
    cases: list[Case] = []
    for count, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[([^\[\]]+)\]", line.strip()):
            cases.append(Case(f"{path.name}:{count} [{heading[1]}]", []))
            continue
        key, equals, value = line.partition(" = ")
        if not equals or not cases:
            raise VectorError(f"{path.name}:{count}: not a value of a case")
        cases[-1].fields.append((key, value))
    return cases


def differences(case: Case) -> Iterator[str]:
    """A case states everything that its document says, in the order of the file."""
    expected = [field for field in case.fields if field[0] not in INPUTS]
    try:
        seen = _READERS[case.one("reader")](case)
    except Refused as refused:
        seen = [("status", str(status.number(refused.name)))]
    if seen != expected:
        yield f"expected {expected}, got {seen}"


def _at_the_device(case: Case) -> Fields:
    anchors = bytes.fromhex(case.one("anchors"))
    keys = [anchors[at : at + 32] for at in range(0, len(anchors), 32)]
    ring = ring_of(keys, [issuer.encode("utf-8") for issuer in case.all("issuer")])
    kept = [bytes.fromhex(one) for one in case.all("kept")]
    return _genuine(ring.open_document(case.one("text").encode("utf-8"), kept))


def _genuine(genuine: Genuine) -> Fields:
    who = "anchor" if genuine.signer.issuer is None else "issuer"
    fields = [("status", "0"), ("signer", f"{who} {genuine.key_id.hex()}")]
    content = genuine.content
    if isinstance(content, License):
        return [*fields, ("license", content.id)]
    if isinstance(content, RevocationList):
        fields += _list(content)
    elif isinstance(content, TimeToken):
        fields += [("issued_at", str(content.issued_at)), ("product", content.product or "*")]
    elif isinstance(content, Unlock):
        fields += _unlock(content)
    return fields + _items(content.items)


def _list(content: RevocationList) -> Fields:
    return [
        ("number", str(content.number)),
        ("issued_at", str(content.issued_at)),
        ("product", content.product or "*"),
        ("series", str(content.series)),
        *(("revoked_issuer", f"{issuer.key.hex()} {issuer.keep}") for issuer in content.issuers),
        *(("revoked_license", f"{one.id.hex()} {one.below} {one.reason}") for one in content.licenses),
    ]


def _unlock(content: Unlock) -> Fields:
    return [
        ("issued_at", str(content.issued_at)),
        ("product", content.product),
        ("nonce", content.nonce.hex()),
        ("grants", str(content.grants)),
        ("binding", _binding(content.binding)),
    ]


def _binding(binding: Binding) -> str:
    if binding is None:
        return "none"
    if isinstance(binding, Components):
        shown = " ".join(f"{kind}:{hashed.hex()}" for kind, hashed in binding.entries)
        return f"components {binding.needed} {binding.salt.hex()} {shown}"
    if isinstance(binding, Allocation):
        shown = " ".join(f"{hashed.hex()}:{quantity}" for hashed, quantity in binding.entries)
        return f"allocation {binding.kind} {binding.salt.hex()} {shown}"
    return f"key {binding.key.hex()}"


def _at_the_seller(case: Case) -> Fields:
    content, key = device.read(case.one("text").encode("utf-8"))
    fields = [
        ("status", "0"),
        ("proof", "unsigned" if key is None else key.hex()),
        ("product", content.product),
        ("nonce", content.nonce.hex()),
        ("at", str(content.at)),
        *(("component", f"{kind}:{hashed.hex()}") for kind, hashed in content.components),
    ]
    key_fields = [] if content.device_key is None else [("device_key", content.device_key.hex())]
    if isinstance(content, device.Request):
        fields += _request(content, key_fields)
    elif isinstance(content, device.Receipt):
        fields += [("license", content.license), ("serial", str(content.serial))]
        fields += [("used", f"{feature} {used}") for feature, used in content.usage] + key_fields
    elif isinstance(content, device.UsageReport):
        fields += [("number", str(content.number))]
        for one in content.entries:
            fields.append(("entry", f"{one.license} {one.serial} {one.feature} {one.used} {one.reported}"))
        fields += key_fields
    return fields + _items(content.items)


def _request(content: device.Request, key_fields: Fields) -> Fields:
    fields = [("license", content.license)] if content.license else []
    if content.version is not None:
        fields.append(("version", ".".join(str(part) for part in content.version)))
    fields += key_fields
    if content.status is not None:
        fields.append(("refused_with", str(content.status)))
    if content.signs is not None:
        fields.append(("signs", str(content.signs)))
    return fields


def _items(items: tuple[Item, ...]) -> Fields:
    return [("item", f"{item.number} {item.critical:d} {item.content.hex() or '-'}") for item in items]


_READERS = {"device": _at_the_device, "seller": _at_the_seller}
