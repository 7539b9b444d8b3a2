"""Reading records in the postcard wire format, each value in its only encoding (FORMAT.md §5)."""

from __future__ import annotations

from .status import Refused


class Reader:
    """Reads the fields of records one after another and remembers superfluous bytes until a record ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._superfluous = False

    def at_end(self) -> bool:
        """Whether every byte has been read."""
        return self._at == len(self._data)

    def end_element(self) -> None:
        """Ends a record that others may follow: step 2 of the checks."""
        if self._superfluous:
            raise Refused("PAYLOAD_NOT_CANONICAL")

    def end_whole(self) -> None:
        """Ends a record that has to fill its space: steps 2 and 3."""
        self.end_element()
        if not self.at_end():
            raise Refused("PAYLOAD_MALFORMED")

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        if count > len(self._data) - self._at:
            raise Refused("PAYLOAD_MALFORMED")
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def u8(self) -> int:
        """One byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """A varint of at most 3 bytes."""
        return self._varint(3, 16)

    def u32(self) -> int:
        """A varint of at most 5 bytes."""
        return self._varint(5, 32)

    def u64(self) -> int:
        """A varint of at most 10 bytes."""
        return self._varint(10, 64)

    def variant(self, count: int) -> int:
        """The number of an enum's variant, below `count`."""
        number = self.u32()
        if number >= count:
            raise Refused("PAYLOAD_MALFORMED")
        return number

    def byte_string(self) -> bytes:
        """`bytes`: a length, then that many bytes."""
        return self.take(self.u32())

    def string(self) -> str:
        """`str`: as `bytes`, and UTF-8."""
        return utf8(self.byte_string())

    def _varint(self, most_bytes: int, bits: int) -> int:
        value = 0
        for index in range(most_bytes):
            byte = self.u8()
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                self._superfluous |= index > 0 and byte == 0
                if value >> bits:
                    raise Refused("PAYLOAD_MALFORMED")
                return value
        raise Refused("PAYLOAD_MALFORMED")


def utf8(raw: bytes) -> str:
    """A string, or PAYLOAD_MALFORMED."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("PAYLOAD_MALFORMED") from None
