"""The envelope of a document (FORMAT.md §4)."""

from __future__ import annotations

import dataclasses

from . import ed25519
from .status import Refused

VERSION = 1
ALGORITHM_ED25519 = 1
FLAG_CERTIFICATE = 1
SIGNATURE_CONTEXT = b"LIC2 document 1\n"

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


def split(document: bytes, letter: str, kind: str) -> Envelope:
    """Steps 1 to 5 of §4 for a document whose text form has `letter`, where `kind` is expected."""
    if not document:  # 1
        raise Refused("FORMAT_ENVELOPE")
    if document[0] != VERSION:
        raise Refused("FORMAT_VERSION")
    if len(document) < _HEADER + _SIGNATURE:  # 2
        raise Refused("FORMAT_ENVELOPE")
    if document[1] != ord(letter):  # 3
        raise Refused("FORMAT_ENVELOPE")
    if document[1] != ord(kind):
        raise Refused("DOCUMENT_KIND")
    if document[2] != ALGORITHM_ED25519:  # 4
        raise Refused("FORMAT_ALGORITHM")
    signed, signature = document[:-_SIGNATURE], document[-_SIGNATURE:]
    certificate, payload = _certificate(document[3], signed[_HEADER:])  # 5
    return Envelope(document[4:_HEADER], certificate, payload, signed, signature)


def _certificate(flags: int, rest: bytes) -> tuple[bytes | None, bytes]:
    """Step 5: the certificate, if the flags announce one, and the payload."""
    if flags == 0:
        return None, rest
    length = int.from_bytes(rest[:2], "little")
    if flags != FLAG_CERTIFICATE or len(rest) < 2 or length > MOST_CERTIFICATE or length > len(rest) - 2:
        raise Refused("FORMAT_ENVELOPE")
    return rest[2 : 2 + length], rest[2 + length :]
