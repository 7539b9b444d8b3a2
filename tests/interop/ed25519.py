"""Strict Ed25519 (FORMAT.md §4, "Verification of signatures is strict").

OpenSSL, behind PyCA, does the cofactorless verification with the comparison of bytes. What it leaves open is here:
points of small order, and S below L, which it checks too but is not trusted with.
"""

from __future__ import annotations

import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Point = tuple[int, int]

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
IDENTITY: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032 §5.1.4, affine)."""
    (x1, y1), (x2, y2) = one, other
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P
    return x, y


def multiply(scalar: int, point: Point) -> Point:
    """`scalar` times `point`, by doubling and adding."""
    product = IDENTITY
    while scalar:
        if scalar & 1:
            product = add(product, point)
        point = add(point, point)
        scalar >>= 1
    return product


def decode(encoded: bytes) -> Point | None:
    """The point of an encoding, or none. As ed25519-dalek, it takes y modulo p and lets x = 0 have a sign."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number % 2**255 % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return (P - x if x % 2 != sign else x) % P, y


def encode(point: Point) -> bytes:
    """The encoding of a point (RFC 8032 §5.1.2)."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


@functools.cache
def small_order_points() -> frozenset[Point]:
    """The eight points whose order divides 8: L times any point is one of them; a generator gives all."""
    for y in range(2, P):
        point = decode(y.to_bytes(32, "little"))
        if point is None:
            continue
        torsion = multiply(L, point)
        group = frozenset(multiply(count, torsion) for count in range(8))
        if len(group) == 8:
            return group
    raise AssertionError("the curve has eight points of small order")


def usable_key(key: bytes) -> bool:
    """Whether a public key is a point of the curve and not of small order."""
    point = decode(key)
    return point is not None and point not in small_order_points()


def verify(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature is good under a key, strictly."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L or not usable_key(key) or not usable_key(r):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True
