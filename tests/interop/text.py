"""The text form (FORMAT.md §2)."""

from __future__ import annotations

import base64
import re
import zlib

from .status import Refused

MOST_BYTES = 4096
MOST_CHARACTERS = 1024
PREFIX_LENGTH = 6
CHECK_LENGTH = 4
ANNOUNCED_LENGTH = 6
VERSION = 1
RESERVED_FLAGS = 0xFE
KNOWN_ALGORITHMS = (0, 1)

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LETTERS = {bytes([letter]) for letter in _ALPHABET}
_CODE = re.compile(rb"[0-9A-Za-z_.-]")
_SPACE = re.compile(
    rb"[\x09-\x0d\x20]|\xc2[\xa0\xad]|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\x9f\xa0\xa6-\xa9]|\xe3\x80\x80|\xef\xbb\xbf"
)
_QUOTE = re.compile(
    rb"[\x22\x27\x60]|\xc2[\xab\xbb]|\xe2\x80[\x98-\x9f\xb9\xba]|\xe3\x80[\x8c-\x8f]|\xef\xbc[\x82\x87]"
)
_PREFIX = re.compile(rb"LIC2[A-Z]\.")

# A token is one code byte as it is, or one of these two.
_A_QUOTE = b"quote"
_A_FOREIGN = b"foreign"


def read(raw: bytes) -> tuple[str, bytes]:
    """The kind letter and the document of a text form; the steps of §2, numbered as there."""
    if len(raw) > MOST_BYTES:  # 1
        raise Refused(_far_too_long(raw[:MOST_BYTES]))
    prefix, rest = _prefix(raw)  # 2, 3
    body = _body(rest, raw)  # 4
    if PREFIX_LENGTH + len(body) > MOST_CHARACTERS:  # 5
        raise Refused(_announced(rest))
    checked = decode_base64url(body)  # 6
    document, check = checked[:-CHECK_LENGTH], checked[-CHECK_LENGTH:]  # 7
    if len(checked) < CHECK_LENGTH or check != check_of(prefix, document):
        raise Refused("TEXT_DAMAGED")
    return chr(prefix[4]), document


def write(letter: str, document: bytes) -> str:
    """The text form of a document."""
    prefix = f"LIC2{letter}.".encode("ascii")
    body = base64.urlsafe_b64encode(document + check_of(prefix, document)).rstrip(b"=")
    return (prefix + body).decode("ascii")


def check_of(prefix: bytes, document: bytes) -> bytes:
    """The four bytes that tell a damaged copy from a forged one."""
    return zlib.crc32(prefix + document).to_bytes(CHECK_LENGTH, "little")


def decode_base64url(body: bytes) -> bytes:
    """Strict base64url without padding: one text for each byte string. `body` holds letters of the alphabet only."""
    if len(body) % 4 == 1:
        raise Refused("TEXT_DAMAGED")
    bits = 0
    for letter in body:
        bits = bits << 6 | _ALPHABET.index(letter)
    unused = len(body) * 6 % 8
    if bits & ((1 << unused) - 1):
        raise Refused("TEXT_DAMAGED")
    return (bits >> unused).to_bytes(len(body) * 6 // 8, "big")


def _tokens(raw: bytes) -> list[bytes]:
    """The classes of §2 in order, spaces dropped."""
    tokens = []
    at = 0
    while at < len(raw):
        if _CODE.match(raw, at):
            tokens.append(raw[at : at + 1])
            at += 1
        elif space := _SPACE.match(raw, at):
            at = space.end()
        elif quote := _QUOTE.match(raw, at):
            tokens.append(_A_QUOTE)
            at = quote.end()
        else:
            tokens.append(_A_FOREIGN)
            at += 1
    return tokens


def _prefix(raw: bytes) -> tuple[bytes, list[bytes]]:
    """Steps 2 and 3: the prefix, and the tokens behind it."""
    tokens = _tokens(raw)
    while tokens and tokens[0] == _A_QUOTE:
        del tokens[0]
    if not tokens:
        raise Refused("TEXT_EMPTY")
    prefix = tokens[:PREFIX_LENGTH]
    if any(len(token) != 1 for token in prefix) or not _PREFIX.fullmatch(b"".join(prefix)):
        raise Refused("TEXT_PREFIX")
    return b"".join(prefix), tokens[PREFIX_LENGTH:]


def _far_too_long(first: bytes) -> str:
    """The status of a text of which step 1 looks at the first bytes alone."""
    try:
        _, rest = _prefix(first)
    except Refused:
        return "TEXT_TOO_LONG"
    return _announced(rest)


def _announced(rest: list[bytes]) -> str:
    """The announcement: the status of a text that is too long, by bytes 0 to 3 of its document."""
    start = rest[:ANNOUNCED_LENGTH]
    if len(start) < ANNOUNCED_LENGTH or any(token not in _LETTERS for token in start):
        return "TEXT_TOO_LONG"
    bits = 0
    for token in start:
        bits = bits << 6 | _ALPHABET.index(token)
    version, _, algorithm, flags = (bits >> 4).to_bytes(4, "big")
    if version != VERSION or flags & RESERVED_FLAGS:
        return "FORMAT_VERSION"
    if algorithm not in KNOWN_ALGORITHMS:
        return "FORMAT_ALGORITHM"
    return "TEXT_TOO_LONG"


def _body(rest: list[bytes], raw: bytes) -> bytes:
    """Step 4: the characters up to the end or the first quote."""
    end = rest.index(_A_QUOTE) if _A_QUOTE in rest else len(rest)
    body, behind = rest[:end], rest[end:]
    if _A_FOREIGN in body or b"." in body or any(token != _A_QUOTE for token in behind):
        raise Refused("TEXT_SEVERAL" if len(_PREFIX.findall(raw)) >= 2 else "TEXT_CHARACTER")
    return b"".join(body)
