"""The envelope of a document (FORMAT.md §4)."""

from __future__ import annotations

import dataclasses

from . import ed25519
from .status import Refused
from .text import RESERVED_FLAGS, VERSION

ALGORITHM_ED25519 = 1
FLAG_CERTIFICATE = 1
SIGNATURE_CONTEXT = b"LIC2 document 1\n"

_START = 4
_HEADER = 8
_SIGNATURE = 64
MOST_CERTIFICATE = 256


@dataclasses.dataclass(frozen=True)
class Envelope:
    """The parts of a document, nothing verified."""

    key_id: bytes
    certificate: bytes | None
    payload: bytes
    signed: bytes
    signature: bytes

    def signed_by(self, key: bytes) -> bool:
        """Whether the signature is good under `key`."""
        return ed25519.verify(key, self.signature, SIGNATURE_CONTEXT + self.signed)


def check_start(document: bytes) -> None:
    """Step 1, for documents of every kind: what says that a format is to come."""
    if not document:
        raise Refused("FORMAT_ENVELOPE")
    if document[0] != VERSION:
        raise Refused("FORMAT_VERSION")
    if len(document) < _START:
        raise Refused("FORMAT_ENVELOPE")
    if document[3] & RESERVED_FLAGS:
        raise Refused("FORMAT_VERSION")


def split(document: bytes, letter: str, kind: str, *, issuers: bool = True) -> Envelope:
    """Steps 1 to 5 of §4 for a document whose text form has `letter`, where `kind` is expected.

    Without `issuers` the reader trusts anchors alone.
    """
    check_start(document)  # 1
    if letter != kind:  # 2
        raise Refused("DOCUMENT_KIND")
    if document[1] != ord(letter):  # 3
        raise Refused("FORMAT_ENVELOPE")
    if document[2] != ALGORITHM_ED25519:  # 4
        raise Refused("FORMAT_ALGORITHM")
    if len(document) < _HEADER + _SIGNATURE:  # 5
        raise Refused("FORMAT_ENVELOPE")
    signed, signature = document[:-_SIGNATURE], document[-_SIGNATURE:]
    certificate, payload = None, signed[_HEADER:]
    if document[3] & FLAG_CERTIFICATE:
        if not issuers:
            raise Refused("ISSUER_UNSUPPORTED")
        certificate, payload = _certificate(payload)
    return Envelope(document[4:_HEADER], certificate, payload, signed, signature)


def _certificate(rest: bytes) -> tuple[bytes, bytes]:
    """The certificate that the flags state, and the payload behind it."""
    length = int.from_bytes(rest[:2], "little")
    if len(rest) < 2 or length > MOST_CERTIFICATE or length > len(rest) - 2:
        raise Refused("FORMAT_ENVELOPE")
    return rest[2 : 2 + length], rest[2 + length :]
