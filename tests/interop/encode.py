"""Writing documents: the way back of the readers (FORMAT.md §4 to §7).

The writer checks nothing: it also serves to make documents that have to be refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import text
from .certificate import Certificate
from .envelope import ALGORITHM_ED25519, FLAG_CERTIFICATE, SIGNATURE_CONTEXT
from .fields import EPOCH, Item
from .keyring import CODE, ISSUER
from .license import (
    CLASSES,
    DATES,
    ITEM_NAMES,
    ITEMS,
    RIGHTS,
    TERMS,
    Allocation,
    Binding,
    Components,
    Feature,
    Later,
    License,
    Term,
    Version,
)
from .text import VERSION


@dataclasses.dataclass(frozen=True)
class Key:
    """A signing key, from a seed of 32 bytes."""

    seed: bytes

    @property
    def public(self) -> bytes:
        """The public key."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature over a message."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def varint(value: int) -> bytes:
    """Seven bits a byte, least significant first."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def byte_string(content: bytes) -> bytes:
    """`bytes`, and a list."""
    return varint(len(content)) + content


def string(value: str) -> bytes:
    """`str`."""
    return byte_string(value.encode("utf-8"))


def stamp(time: int) -> bytes:
    """A stamp, from Unix time."""
    return (time - EPOCH).to_bytes(4, "little")


def item(number: int, critical: bool, content: bytes) -> bytes:
    """One item."""
    return varint(2 * number + critical) + byte_string(content)


def license_payload(license: License) -> bytes:
    """The payload of a code."""
    return b"".join(
        (
            string(license.id),
            varint(license.serial),
            varint(CLASSES.index(license.class_name)),
            string(license.product),
            stamp(license.issued_at),
            term(license.term),
            binding(license.binding),
            byte_string(b"".join(feature(one) for one in license.features)),
            byte_string(license_items(license)),
        )
    )


def term(value: Term) -> bytes:
    """How long a license runs."""
    variant = varint(TERMS.index(value.kind))
    if value.kind == "perpetual":
        return variant
    return variant + (stamp(value.value) if value.kind == "until" else varint(value.value))


def binding(value: Binding) -> bytes:
    """Where a license runs."""
    if value is None:
        return varint(0)
    if isinstance(value, Components):
        entries = b"".join(bytes([kind]) + hashed for kind, hashed in value.entries)
        return varint(1) + bytes([value.needed]) + value.salt + byte_string(entries)
    if isinstance(value, Allocation):
        table = b"".join(hashed + varint(quantity) for hashed, quantity in value.entries)
        return varint(2) + bytes([value.kind]) + value.salt + byte_string(table)
    return varint(3) + value.key


def feature(value: Feature) -> bytes:
    """One feature."""
    if isinstance(value.value, Later):
        return string(value.name) + varint(value.value.variant) + byte_string(value.value.fields)
    dated = value.expires_at is not None
    encoded = string(value.name) + varint(RIGHTS.index(value.kind) + len(RIGHTS) * dated)
    if isinstance(value.value, str):
        encoded += string(value.value)
    elif value.value is not None:
        encoded += varint(value.value)
    return encoded + (stamp(value.expires_at) if value.expires_at is not None else b"")


def license_items(license: License) -> bytes:
    """The items of a license in the order of their numbers."""
    items: list[Item] = list(license.others)
    absent = {field.name: field.default for field in dataclasses.fields(license)}
    for number, name in ITEM_NAMES.items():
        value = getattr(license, name)
        if value != absent[name]:
            items.append(Item(number, ITEMS[number].critical, stamp(value) if name in DATES else _content(value)))
    return _items(items)


def _content(value: bool | int | str | tuple[Version, Version]) -> bytes:
    if value is True:
        return b""
    if isinstance(value, int):
        return varint(value)
    if isinstance(value, str):
        return value.encode("utf-8")
    first, last = value
    return b"".join(varint(number) for number in first + last)


def certificate_payload(certificate: Certificate) -> bytes:
    """The payload of an issuer certificate."""
    items = list(certificate.others)
    if certificate.name is not None:
        items.append(Item(1, False, certificate.name.encode("utf-8")))
    if certificate.stated_line is not None:
        items.append(Item(2, False, certificate.stated_line))
    return b"".join(
        (
            bytes([ALGORITHM_ED25519]) + byte_string(certificate.key),
            stamp(certificate.issued_at),
            stamp(certificate.not_before),
            stamp(certificate.not_after),
            varint(certificate.longest_days),
            bytes([certificate.kinds, certificate.flags]),
            byte_string(b"".join(string(pattern) for pattern in certificate.scope)),
            byte_string(_items(items)),
        )
    )


def unsigned(kind: str, key_id: bytes, payload: bytes, certificate: bytes | None = None) -> bytes:
    """A document before its signature."""
    flags = 0 if certificate is None else FLAG_CERTIFICATE
    header = bytes([VERSION, ord(kind), ALGORITHM_ED25519, flags]) + key_id
    if certificate is not None:
        header += len(certificate).to_bytes(2, "little") + certificate
    return header + payload


def document(kind: str, key: Key, payload: bytes, certificate: bytes | None = None) -> bytes:
    """A signed document."""
    content = unsigned(kind, key.public[:4], payload, certificate)
    return content + key.sign(SIGNATURE_CONTEXT + content)


def code(license: License, key: Key, certificate: bytes | None = None) -> str:
    """The text form of a code."""
    return text.write(CODE, document(CODE, key, license_payload(license), certificate))


def issuer_document(certificate: Certificate, anchor: Key) -> bytes:
    """A signed issuer certificate, as it is inside a code."""
    return document(ISSUER, anchor, certificate_payload(certificate))


def _items(items: Iterable[Item]) -> bytes:
    ordered = sorted(items, key=lambda one: one.number)
    return b"".join(item(one.number, one.critical, one.content) for one in ordered)
