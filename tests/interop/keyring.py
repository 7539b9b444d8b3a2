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
class Signer:
    """Who signed a document: an anchor, by its position in the key ring, or an issuer that it vouches for."""

    anchor: int
    issuer: Certificate | None = None


@dataclasses.dataclass(frozen=True)
class Genuine:
    """A genuine document: what it says, and who signed it."""

    content: Content
    key_id: bytes
    signer: Signer


@dataclasses.dataclass
class KeyRing:
    """Anchors, and issuers that the product knows in advance; `with_issuers` is false in a build without them."""

    anchors: list[bytes] = dataclasses.field(default_factory=list)
    issuers: list[Signer] = dataclasses.field(default_factory=list)
    with_issuers: bool = True

    def add_anchor(self, key: bytes) -> None:
        """Validity, then room, then whether it is new."""
        if not ed25519.usable_key(key):
            raise Refused("KEY_INVALID")
        _demand_room(len(self.anchors), MOST_ANCHORS, key in self.anchors)
        self.anchors.append(key)

    def add_issuer(self, raw: bytes) -> None:
        """Accepts an issuer from the text form of its certificate."""
        letter, document = text.read(raw)
        signer, issuer = self._issuer(document, letter)
        others = [other.issuer for other in self.issuers if other.issuer is not None]
        known = any(issuer.key == other.key and issuer.limits() == other.limits() for other in others)
        _demand_room(len(self.issuers), MOST_ISSUERS, known)
        self.issuers.append(signer)

    def open_code(self, raw: bytes) -> License:
        """The license of a code, once it is genuine and its issuer was allowed to sign it."""
        letter, document = text.read(raw)
        content = self._open(self._split(document, letter, CODE), CODE, ()).content
        assert isinstance(content, License)
        return content

    def open_document(self, raw: bytes, kept: Sequence[bytes] = ()) -> Genuine:
        """A code, revocation list, time token or unlock; `kept` are certificates of earlier documents."""
        letter, document = text.read(raw)
        kind = letter if letter in _DECODERS else CODE
        return self._open(self._split(document, letter, kind), kind, kept)

    def _split(self, document: bytes, letter: str, kind: str) -> Envelope:
        """Steps 1 to 5."""
        return envelope.split(document, letter, kind, issuers=self.with_issuers)

    def _open(self, parts: Envelope, kind: str, kept: Sequence[bytes]) -> Genuine:
        """Steps 6 to 8."""
        refusals: list[Refused] = []
        signers = self._signers(parts, kept)
        content = _DECODERS[kind](parts.payload)
        for signer in signers:
            try:
                if signer.issuer is not None:
                    _hold_against(signer.issuer, content)
            except Refused as refused:
                refusals.append(refused)
            else:
                return Genuine(content, parts.key_id, signer)
        raise refusals[-1]

    def _issuer(self, document: bytes, letter: str) -> tuple[Signer, Certificate]:
        """Step 6 as far as it concerns the certificate alone."""
        parts = envelope.split(document, letter, ISSUER)
        if parts.certificate is not None or len(document) > envelope.MOST_CERTIFICATE:
            raise Refused("CERTIFICATE_INVALID")
        candidates = [(at, key) for at, key in enumerate(self.anchors) if key[:4] == parts.key_id]
        if not candidates:
            raise Refused("CERTIFICATE_UNTRUSTED")
        vouching = next((at for at, key in candidates if parts.signed_by(key)), None)
        if vouching is None:
            raise Refused("CERTIFICATE_SIGNATURE")
        issuer = certificate.decode(parts.payload)
        if not ed25519.usable_key(issuer.key):
            raise Refused("CERTIFICATE_INVALID")
        return Signer(vouching, issuer), issuer

    def _kept(self, kept: Sequence[bytes]) -> list[Signer]:
        """The kept certificates that the anchors still vouch for."""
        signers = []
        for document in kept:
            try:
                signers.append(self._issuer(document, ISSUER)[0])
            except Refused:
                continue
        return signers

    def _signers(self, code: Envelope, kept: Sequence[bytes]) -> list[Signer]:
        """Step 6: who may have signed it, in order."""
        if code.certificate is not None:
            signer, issuer = self._issuer(code.certificate, ISSUER)
            if issuer.key[:4] != code.key_id:
                raise Refused("CERTIFICATE_INVALID")
            if not code.signed_by(issuer.key):
                raise Refused("SIGNATURE_INVALID")
            return [signer]
        candidates = [(key, Signer(at)) for at, key in enumerate(self.anchors)]
        issuers = self.issuers + self._kept(kept) if self.with_issuers else []
        candidates += [(signer.issuer.key, signer) for signer in issuers if signer.issuer is not None]
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
