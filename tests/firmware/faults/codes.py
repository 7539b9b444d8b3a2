"""`python3 -m faults.codes GOOD OTHER`: makes codes with a wrong signature of two good ones, in the folder of GOOD.

`signature.txt` has another document's signature. `changed.txt` has a payload that was changed after it was signed.
`tailored.txt` has a signature with R = S B, which is good as soon as a fault makes the challenge zero. The content of
each permits: nothing but the signature stands against it.
"""

from __future__ import annotations

import base64
import sys
import zlib
from pathlib import Path

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
SIGNATURE = 64
CHECK = 4
PREFIX_LENGTH = 6

Point = tuple[int, int]


def document(text: str) -> bytes:
    """The document in a text form (FORMAT.md §2), without the check."""
    body = text.strip()[PREFIX_LENGTH :]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))[:-CHECK]


def write(prefix: str, content: bytes) -> str:
    """The text form of a document."""
    check = zlib.crc32(prefix.encode() + content).to_bytes(CHECK, "little")
    return prefix + base64.urlsafe_b64encode(content + check).decode().rstrip("=") + "\n"


def add(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032 §5.1.4, affine)."""
    (x1, y1), (x2, y2) = one, other
    t = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def multiple_of_base(scalar: int) -> bytes:
    """An encoded multiple of the base point, whose y is 4/5 and whose x is even."""
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    point, product = (x if x % 2 == 0 else P - x, y), (0, 1)
    while scalar:
        if scalar & 1:
            product = add(product, point)
        point = add(point, point)
        scalar >>= 1
    return (product[1] | (product[0] & 1) << 255).to_bytes(32, "little")


def main(arguments: list[str]) -> int:
    """Writes the three files."""
    good_path, other_path = map(Path, arguments)
    text = good_path.read_text(encoding="ascii")
    prefix = text[: PREFIX_LENGTH]
    good, other = document(text), document(other_path.read_text(encoding="ascii"))
    # The license's own name, DL-1, becomes DL-2.
    changed = good.replace(b"DL-1", b"DL-2")
    assert changed != good
    scalar = int.from_bytes(b"chosen by whoever forges it", "little")
    codes = {
        "signature": good[:-SIGNATURE] + other[-SIGNATURE:],
        "changed": changed,
        "tailored": good[:-SIGNATURE] + multiple_of_base(scalar) + scalar.to_bytes(32, "little"),
    }
    for name, content in codes.items():
        good_path.with_name(f"{name}.txt").write_text(write(prefix, content), encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
