"""Which keys are trusted, and the way from a text to a genuine document (FORMAT.md §4, step 6 on)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from . import certificate, ed25519, envelope, grants, license, revocation, text
from .certificate import Certificate
from .envelope import Envelope
from .grants import TimeToken, Unlock
from .license import License
from .revocation import RevocationList
from .status import Refused

MOST_ANCHORS = 4
MOST_ISSUERS = 4

CODE = "C"
ISSUER = "I"

Content = License | RevocationList | TimeToken | Unlock

_DECODERS: dict[str, Callable[[bytes], Content]] = {
    CODE: license.decode,
    "L": revocation.decode,
    "T": grants.decode_time_token,
    "U": grants.decode_unlock,
}


@dataclasses.dataclass(frozen=True)
class Genuine:
    """A genuine document: what it says, and who signed it; no issuer stands for an anchor."""

    content: Content
    key_id: bytes
    issuer: Certificate | None


@dataclasses.dataclass
class KeyRing:
    """Anchors, and issuers that the product knows in advance."""

    anchors: list[bytes] = dataclasses.field(default_factory=list)
    issuers: list[Certificate] = dataclasses.field(default_factory=list)

    def add_anchor(self, key: bytes) -> None:
        """Validity, then room, then whether it is new."""
        if not ed25519.usable_key(key):
            raise Refused("KEY_INVALID")
        _demand_room(len(self.anchors), MOST_ANCHORS, key in self.anchors)
        self.anchors.append(key)

    def add_issuer(self, raw: bytes) -> None:
        """Accepts an issuer from the text form of its certificate."""
        letter, document = text.read(raw)
        issuer = self._issuer(document, letter)
        known = any(issuer.key == other.key and issuer.limits() == other.limits() for other in self.issuers)
        _demand_room(len(self.issuers), MOST_ISSUERS, known)
        self.issuers.append(issuer)

    def open_code(self, raw: bytes) -> License:
        """The license of a code, once it is genuine and its issuer was allowed to sign it."""
        letter, document = text.read(raw)
        content = self._open(envelope.split(document, letter, CODE), CODE, ()).content
        assert isinstance(content, License)
        return content

    def open_document(self, raw: bytes, kept: Sequence[bytes] = ()) -> Genuine:
        """A code, revocation list, time token or unlock; `kept` are certificates of earlier documents."""
        letter, document = text.read(raw)
        if document and document[0] == envelope.VERSION and letter not in _DECODERS:
            raise Refused("DOCUMENT_KIND")
        return self._open(envelope.split(document, letter, letter), letter, kept)

    def _open(self, parts: Envelope, kind: str, kept: Sequence[bytes]) -> Genuine:
        """Steps 6 to 8."""
        refusals: list[Refused] = []
        for signer in self._signers(parts, kept):
            content = _DECODERS[kind](parts.payload)
            try:
                if signer is not None:
                    _hold_against(signer, content)
            except Refused as refused:
                refusals.append(refused)
            else:
                return Genuine(content, parts.key_id, signer)
        raise refusals[-1]

    def _issuer(self, document: bytes, letter: str) -> Certificate:
        """Step 6 as far as it concerns the certificate alone."""
        parts = envelope.split(document, letter, ISSUER)
        if parts.certificate is not None or len(document) > envelope.MOST_CERTIFICATE:
            raise Refused("CERTIFICATE_INVALID")
        candidates = [key for key in self.anchors if key[:4] == parts.key_id]
        if not candidates:
            raise Refused("CERTIFICATE_UNTRUSTED")
        if not any(parts.signed_by(key) for key in candidates):
            raise Refused("CERTIFICATE_SIGNATURE")
        issuer = certificate.decode(parts.payload)
        if not ed25519.usable_key(issuer.key):
            raise Refused("CERTIFICATE_INVALID")
        return issuer

    def _kept(self, kept: Sequence[bytes]) -> list[Certificate]:
        """The kept certificates that the anchors still vouch for."""
        issuers = []
        for document in kept:
            try:
                issuers.append(self._issuer(document, ISSUER))
            except Refused:
                continue
        return issuers

    def _signers(self, code: Envelope, kept: Sequence[bytes]) -> list[Certificate | None]:
        """Step 6: under whose certificates it may have been signed, in order; none stands for an anchor."""
        if code.certificate is not None:
            issuer = self._issuer(code.certificate, ISSUER)
            if issuer.key[:4] != code.key_id:
                raise Refused("CERTIFICATE_INVALID")
            if not code.signed_by(issuer.key):
                raise Refused("SIGNATURE_INVALID")
            return [issuer]
        candidates: list[tuple[bytes, Certificate | None]] = [(key, None) for key in self.anchors]
        candidates += [(issuer.key, issuer) for issuer in self.issuers + self._kept(kept)]
        candidates = [candidate for candidate in candidates if candidate[0][:4] == code.key_id]
        if not candidates:
            raise Refused("KEY_UNKNOWN")
        signers = [signer for key, signer in candidates if code.signed_by(key)]
        if not signers:
            raise Refused("SIGNATURE_INVALID")
        return signers


def _hold_against(issuer: Certificate, content: Content) -> None:
    """Step 8."""
    if isinstance(content, License):
        issuer.check(content)
    elif isinstance(content, RevocationList):
        issuer.check_other(2, content.issued_at, content.product, bool(content.issuers))
    elif isinstance(content, TimeToken):
        issuer.check_other(4, content.issued_at, content.product, False)
    else:
        issuer.check_other(8, content.issued_at, content.product, False)


def ring_of(anchors: list[bytes], issuers: list[bytes]) -> KeyRing:
    """A key ring: anchors first, then the texts of issuer certificates."""
    if not anchors:
        raise Refused("INVALID_ARGUMENT")
    ring = KeyRing()
    for key in anchors:
        ring.add_anchor(key)
    for raw in issuers:
        ring.add_issuer(raw)
    return ring


def _demand_room(count: int, most: int, known: bool) -> None:
    if count >= most:
        raise Refused("KEYRING_FULL")
    if known:
        raise Refused("KEY_DUPLICATE")
