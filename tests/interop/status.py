"""Status names and their numbers.

docs/ERRORS.md is their source. The table here is what the numbers were when this program was written; both have to
agree, so that a number that moves is noticed.
"""

from __future__ import annotations

import functools
import pathlib
import re

GRANTED = "GRANTED"

_ERRORS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "ERRORS.md"

_GROUPS = {
    101: "NULL_POINTER STRUCT_SIZE STRUCT_TOO_NEW INVALID_ARGUMENT NOT_INITIALIZED KEY_INVALID KEY_DUPLICATE"
    " KEYRING_FULL BUFFER_TOO_SMALL",
    201: "TEXT_EMPTY TEXT_TOO_LONG TEXT_PREFIX TEXT_CHARACTER TEXT_SEVERAL TEXT_DAMAGED DOCUMENT_KIND FORMAT_VERSION"
    " FORMAT_ALGORITHM FORMAT_ENVELOPE PAYLOAD_MALFORMED PAYLOAD_NOT_CANONICAL PAYLOAD_VALUE EXTENSION_UNKNOWN",
    301: "KEY_UNKNOWN SIGNATURE_INVALID CERTIFICATE_UNTRUSTED CERTIFICATE_SIGNATURE CERTIFICATE_INVALID ISSUER_KIND"
    " ISSUER_DATE ISSUER_SCOPE ISSUER_TERM ISSUER_TEST_ONLY",
    401: "PRODUCT_MISMATCH TEST_CODE VERSION_NOT_COVERED MAINTENANCE_ENDED DEVICE_MISMATCH NOT_YET_VALID EXPIRED"
    " LEASE_OVERDUE FEATURE_UNKNOWN FEATURE_EXPIRED BASE_MISSING",
    426: "RIGHT_UNKNOWN LIST_PART_MISSING",
    501: "TIME_UNKNOWN CLOCK_BEHIND ACTIVATION_UNKNOWN POWERED_HOURS_UNKNOWN PRODUCT_UNKNOWN VERSION_UNKNOWN"
    " BUILD_TIME_UNKNOWN DEVICE_UNKNOWN",
}


class Refused(Exception):
    """A document or a use of it is refused; `name` is the status as FORMAT.md writes it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@functools.cache
def numbers() -> dict[str, int]:
    """Name to number: of ERRORS.md if it is there, otherwise of the table above."""
    written = {name: first + index for first, names in _GROUPS.items() for index, name in enumerate(names.split())}
    if not _ERRORS.exists():
        return written
    published = _published(_ERRORS.read_text(encoding="utf-8"))
    differing = [name for name, number in written.items() if published.get(name) != number]
    if differing:
        raise ValueError(f"docs/ERRORS.md has no or another number for {', '.join(differing)}")
    return published


def number(name: str) -> int:
    """The number of a status name; 0 for granted."""
    return 0 if name == GRANTED else numbers()[name]


def name_of(wanted: int) -> str:
    """The name of a number, for people; the number itself if it has none."""
    if wanted == 0:
        return GRANTED
    return next((name for name, number in numbers().items() if number == wanted), str(wanted))


def _published(document: str) -> dict[str, int]:
    """The rows of every table that hold a number of three digits and a name in capitals."""
    found: dict[str, int] = {}
    for line in document.splitlines():
        cells = [cell.strip().strip("`*") for cell in line.split("|")]
        digits = next((cell for cell in cells if re.fullmatch(r"[1-9][0-9]{2}", cell)), None)
        name = next((cell for cell in cells if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", cell)), None)
        if digits and name:
            found[name.removeprefix("LIC2_").removeprefix("STATUS_").removeprefix("ERROR_")] = int(digits)
    return found
