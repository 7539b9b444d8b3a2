"""Signatures and keys that no honest signer makes, from the arithmetic of the curve (RFC 8032 §5.1)."""

from __future__ import annotations

import hashlib
import itertools

from . import ed25519
from .ed25519 import IDENTITY, L, P, Point
from .encode import Key


def base_point() -> Point:
    """B: y is 4/5, x is even."""
    point = ed25519.decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert point is not None
    return point


def scalar(key: Key) -> int:
    """The secret scalar of a key."""
    raw = int.from_bytes(hashlib.sha512(key.seed).digest()[:32], "little")
    return raw & (2**254 - 8) | 2**254


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    """k of RFC 8032 §5.1.6, before its reduction: its last bits matter to points of small order."""
    return int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L


def small_order_r(key: Key, message: bytes) -> bytes:
    """A signature whose R is the identity: the equation holds, byte for byte, yet strictly it is refused."""
    r = ed25519.encode(IDENTITY)
    s = challenge(r, key.public, message) * scalar(key) % L
    return r + s.to_bytes(32, "little")


def high_s(signature: bytes) -> bytes:
    """The same signature with S + L for S."""
    return signature[:32] + (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")


def torsion_in_r(key: Key, message: bytes) -> bytes:
    """A signature whose R is off by a point of order 8: only a verifier with the cofactor accepts it."""
    r = ed25519.encode(ed25519.add(ed25519.multiply(5, base_point()), order_eight()))
    s = (5 + challenge(r, key.public, message) * scalar(key)) % L
    return r + s.to_bytes(32, "little")


def mixed_key(key: Key) -> bytes:
    """A public key of large order with a part of order 8."""
    return ed25519.encode(ed25519.add(ed25519.multiply(scalar(key), base_point()), order_eight()))


def mixed_signature(key: Key, message: bytes, *, exact: bool) -> bytes:
    """A signature under a mixed key: one that holds exactly, or one that holds only with the cofactor."""
    public = mixed_key(key)
    for secret in itertools.count(1):
        r = ed25519.encode(ed25519.multiply(secret, base_point()))
        k = challenge(r, public, message)
        if (k % 8 == 0) == exact:
            return r + ((secret + k * scalar(key)) % L).to_bytes(32, "little")
    raise AssertionError("every eighth challenge is a multiple of 8")


def decoy(key_id: bytes) -> bytes:
    """A usable public key, owned by nobody, that begins with the key id of another."""
    for count in itertools.count():
        key = key_id + count.to_bytes(28, "little")
        if ed25519.usable_key(key):
            return key
    raise AssertionError("every other encoding is a point")


def order_eight() -> Point:
    """A point of order 8; of the four the one with the least encoding."""
    points = (point for point in ed25519.small_order_points() if ed25519.multiply(4, point) != IDENTITY)
    return min(points, key=ed25519.encode)
