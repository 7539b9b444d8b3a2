"""The decision on a genuine license (FORMAT.md §8)."""

from __future__ import annotations

import dataclasses
import hashlib

from .license import LATER, Allocation, Components, DeviceKey, Feature, License, Version
from .status import GRANTED, Refused

DAY = 86_400
MOST_TIME = 2**64 - 1
MOST_COMPONENTS = 16
MOST_COMPONENT_VALUE = 256
FIRST_OPAQUE_KIND = 128
COMPONENT_CONTEXT = b"LIC2 component 1"

_DROPPED = b" \t\r\n:-."


@dataclasses.dataclass(frozen=True)
class Facts:
    """What the application says of the device and the moment; none is unknown, as is an empty product."""

    product: bytes = b""
    version: Version | None = None
    built_at: int | None = None
    now: int | None = None
    activated_at: int | None = None
    refreshed_at: int | None = None
    powered_hours: int | None = None
    components: tuple[tuple[int, bytes], ...] = ()
    device_key: bytes | None = None
    allow_test: bool = False
    has_base: bool = False


@dataclasses.dataclass(frozen=True)
class Dates:
    """The dates that follow from a license and the facts; none where there is none."""

    expires_at: int | None
    grace_until: int | None
    lease_until: int | None
    powered_hours_end: int | None


@dataclasses.dataclass(frozen=True)
class Right:
    """The answer for one feature: a status, and the feature if the license has it."""

    status: str
    feature: Feature | None


@dataclasses.dataclass(frozen=True)
class Decision:
    """What the license allows now."""

    license: License
    facts: Facts
    status: str
    dates: Dates
    in_grace: bool
    quantity: int
    next_deadline: int | None

    def shown(self) -> dict[str, int | str]:
        """What a case of a vector file can expect; 0 stands for none."""
        return {
            "expires_at": self.dates.expires_at or 0,
            "grace_until": self.dates.grace_until or 0,
            "lease_until": self.dates.lease_until or 0,
            "next_deadline": self.next_deadline or 0,
            "powered_hours_end": self.dates.powered_hours_end or 0,
            "quantity": self.quantity,
            "in_grace": int(self.in_grace),
            "license_id": self.license.id,
            "serial": self.license.serial,
            "class": self.license.class_name,
        }

    def right(self, name: str) -> Right:
        """The answer for a feature ("Features")."""
        feature = next((one for one in self.license.features if one.name == name), None)
        if self.status != GRANTED:
            return Right(self.status, feature)
        if feature is None:
            return Right("FEATURE_UNKNOWN", None)
        if feature.kind == LATER:
            return Right("RIGHT_UNKNOWN", feature)
        if feature.expires_at is None:
            return Right(GRANTED, feature)
        try:
            expired = effective_time(self.license, self.facts) >= feature.expires_at
        except Refused as refused:
            return Right(refused.name, feature)
        return Right("FEATURE_EXPIRED" if expired else GRANTED, feature)


def decide(license: License, facts: Facts) -> Decision:
    """Runs the rules; the first refusal is the status."""
    dates = dates_of(license, facts)
    deadline = _next_deadline(license, facts, dates)
    try:
        _check_use(license, facts)
        _check_components_given(facts)
        quantity = _check_binding(license, facts)
        in_grace = _check_term(license, facts, dates)
        in_grace |= _check_time(license, facts, dates)
    except Refused as refused:
        return Decision(license, facts, refused.name, dates, False, 0, deadline)
    return Decision(license, facts, GRANTED, dates, in_grace, quantity, deadline)


def effective_time(license: License, facts: Facts) -> int:
    """Effective time t, or one of its two refusals."""
    if facts.now is None:
        raise Refused("TIME_UNKNOWN")
    known = (license.issued_at, facts.built_at, facts.activated_at, facts.refreshed_at)
    floor = max(time for time in known if time is not None)
    if _sum(facts.now, DAY) < floor:
        raise Refused("CLOCK_BEHIND")
    return max(facts.now, floor)


def dates_of(license: License, facts: Facts) -> Dates:
    """The dates of a decision; those of refused ones too."""
    expires_at = None
    if license.term.kind == "until":
        expires_at = license.term.value
    elif license.term.kind == "days" and facts.activated_at is not None:
        expires_at = _sum(facts.activated_at, license.term.value * DAY)
    grace_until = None if expires_at is None else _sum(expires_at, license.grace_days * DAY)
    lease_until = None
    if license.lease_days is not None:
        lease_until = _sum(max(license.issued_at, facts.refreshed_at or 0), license.lease_days * DAY)
    hours = license.term.value if license.term.kind == "hours" else None
    return Dates(expires_at, grace_until, lease_until, hours)


def component_hash(salt: bytes, kind: int, value: bytes) -> bytes | None:
    """The hash of an identity component (§7, "Binding"); none for an empty value."""
    if kind < FIRST_OPAQUE_KIND:
        value = bytes(byte for byte in value if byte not in _DROPPED).upper()
    if not value:
        return None
    return hashlib.sha512(COMPONENT_CONTEXT + salt + bytes([kind]) + value).digest()[:8]


def _check_use(license: License, facts: Facts) -> None:
    """Rules 1 to 5: product, class, add-on, version, maintenance."""
    if not facts.product:
        raise Refused("PRODUCT_UNKNOWN")
    if facts.product != license.product.encode("ascii"):
        raise Refused("PRODUCT_MISMATCH")
    if license.class_name == "test" and not facts.allow_test:
        raise Refused("TEST_CODE")
    if license.add_on and not facts.has_base:
        raise Refused("BASE_MISSING")
    if license.versions is not None:
        if facts.version is None:
            raise Refused("VERSION_UNKNOWN")
        first, last = license.versions
        if not first <= facts.version <= last:
            raise Refused("VERSION_NOT_COVERED")
    if license.maintenance_until is not None:
        if facts.built_at is None:
            raise Refused("BUILD_TIME_UNKNOWN")
        if facts.built_at >= license.maintenance_until:
            raise Refused("MAINTENANCE_ENDED")


def _check_components_given(facts: Facts) -> None:
    """Rule 6, its beginning: the limits of the components given."""
    if len(facts.components) > MOST_COMPONENTS:
        raise Refused("INVALID_ARGUMENT")
    if any(kind == 0 or len(value) > MOST_COMPONENT_VALUE for kind, value in facts.components):
        raise Refused("INVALID_ARGUMENT")


def _check_binding(license: License, facts: Facts) -> int:
    """Rule 6; the quantity that a grant will have."""
    binding = license.binding
    if binding is None:
        return license.quantity
    if isinstance(binding, DeviceKey):
        if facts.device_key is None:
            raise Refused("DEVICE_UNKNOWN")
        if facts.device_key != binding.key:
            raise Refused("DEVICE_MISMATCH")
        return license.quantity
    if isinstance(binding, Allocation):
        return _allocated(binding, facts)
    _check_matching(binding, facts)
    return license.quantity


def _check_matching(binding: Components, facts: Facts) -> None:
    """Whether enough entries match, and if not, whether enough are shown at all."""
    given = _given(binding.salt, facts)
    kinds = {kind for kind, _ in given}
    if sum(entry in given for entry in binding.entries) >= binding.needed:
        return
    if sum(kind in kinds for kind, _ in binding.entries) < binding.needed:
        raise Refused("DEVICE_UNKNOWN")
    raise Refused("DEVICE_MISMATCH")


def _given(salt: bytes, facts: Facts) -> list[tuple[int, bytes]]:
    """The components given, in their order, without those that have no hash."""
    hashes = ((kind, component_hash(salt, kind, value)) for kind, value in facts.components)
    return [(kind, hashed) for kind, hashed in hashes if hashed is not None]


def _allocated(binding: Allocation, facts: Facts) -> int:
    """The quantity of the first given component that is in the table."""
    table = dict(binding.entries)
    given = [hashed for kind, hashed in _given(binding.salt, facts) if kind == binding.kind]
    for hashed in given:
        if hashed in table:
            return table[hashed]
    raise Refused("DEVICE_MISMATCH" if given else "DEVICE_UNKNOWN")


def _check_term(license: License, facts: Facts, dates: Dates) -> bool:
    """Rule 7, its beginning; whether the powered-on hours are in their grace."""
    if license.term.kind == "days" and facts.activated_at is None:
        raise Refused("ACTIVATION_UNKNOWN")
    end = dates.powered_hours_end
    if end is None:
        return False
    if facts.powered_hours is None:
        raise Refused("POWERED_HOURS_UNKNOWN")
    if facts.powered_hours >= _sum(end, 24 * license.grace_days):
        raise Refused("EXPIRED")
    return facts.powered_hours >= end


def _check_time(license: License, facts: Facts, dates: Dates) -> bool:
    """Rule 7; whether the time is in the grace."""
    if license.not_before is None and dates.expires_at is None and dates.lease_until is None:
        return False
    now = effective_time(license, facts)
    if license.not_before is not None and now < license.not_before:
        raise Refused("NOT_YET_VALID")
    if dates.grace_until is not None and now >= dates.grace_until:
        raise Refused("EXPIRED")
    if dates.lease_until is not None and now >= dates.lease_until:
        raise Refused("LEASE_OVERDUE")
    return dates.expires_at is not None and now >= dates.expires_at


def _next_deadline(license: License, facts: Facts, dates: Dates) -> int | None:
    """The next deadline; of refused decisions too."""
    try:
        now = effective_time(license, facts)
    except Refused:
        return None
    times = [license.not_before, dates.expires_at, dates.grace_until, dates.lease_until]
    times += [feature.expires_at for feature in license.features]
    return min((time for time in times if time is not None and time > now), default=None)


def _sum(one: int, other: int) -> int:
    """Additions saturate."""
    return min(one + other, MOST_TIME)
