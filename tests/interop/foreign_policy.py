"""Cases of foreign.txt about decisions: dates, their order, and numbers at their ends."""

from __future__ import annotations

from collections.abc import Iterator

from .foreign_documents import LARGEST_STAMP, PLAIN, SALT, code, hashed
from .license import Allocation, DeviceKey, Feature, Term
from .policy import MOST_TIME
from .stanza import DAY, NOW, FeatureLine, Stanza
from .status import GRANTED


def stanzas() -> Iterator[Stanza]:
    """All cases of this file."""
    yield from _days()
    yield from _hours()
    yield from _leases()
    yield from _clocks()
    yield from _refusals()


def _days() -> Iterator[Stanza]:
    trial = code(class_name="trial", term=Term("days", 30), grace_days=2)
    end = NOW + 20 * DAY
    dates = {"expires_at": end, "grace_until": end + 2 * DAY}
    activated = {"activated_at": NOW - 10 * DAY}
    yield Stanza("days-running", trial, GRANTED, facts=activated, expected={**dates, "next_deadline": end})
    yield Stanza(
        "days-in-grace",
        trial,
        GRANTED,
        facts={**activated, "now": end},
        expected={**dates, "in_grace": 1, "next_deadline": end + 2 * DAY},
    )
    yield Stanza(
        "days-over",
        trial,
        "EXPIRED",
        facts={**activated, "now": end + 2 * DAY},
        expected={**dates, "in_grace": 0, "quantity": 0, "next_deadline": 0},
    )
    yield Stanza(
        "days-saturate",
        trial,
        "EXPIRED",
        facts={"activated_at": MOST_TIME - 1, "now": MOST_TIME},
        expected={"expires_at": MOST_TIME, "grace_until": MOST_TIME},
    )
    yield Stanza(
        "days-without-activation",
        trial,
        "ACTIVATION_UNKNOWN",
        expected={"expires_at": 0, "grace_until": 0, "next_deadline": 0},
    )


def _hours() -> Iterator[Stanza]:
    hours = code(term=Term("hours", 876_600), grace_days=1, lease_days=30)
    end = {"powered_hours_end": 876_600, "expires_at": 0, "grace_until": 0}
    lease = {"lease_until": NOW + DAY, "next_deadline": NOW + DAY}
    facts = {"refreshed_at": NOW - 29 * DAY}
    yield Stanza(
        "hours-in-grace",
        hours,
        GRANTED,
        facts={**facts, "powered_hours": 876_623},
        expected={**end, **lease, "in_grace": 1},
    )
    yield Stanza("hours-over", hours, "EXPIRED", facts={**facts, "powered_hours": 876_624}, expected=lease)
    yield Stanza(
        "hours-in-grace-and-lease-over",
        hours,
        "LEASE_OVERDUE",
        facts={"powered_hours": 876_600},
        expected={**end, "lease_until": NOW, "in_grace": 0},
    )
    yield Stanza(
        "hours-do-not-need-a-clock", code(term=Term("hours", 1)), GRANTED, facts={"now": None, "powered_hours": 0}
    )


def _leases() -> Iterator[Stanza]:
    leased = code(term=Term("until", NOW), grace_days=3, lease_days=31)
    yield Stanza(
        "in-grace-with-a-lease",
        leased,
        GRANTED,
        expected={"in_grace": 1, "lease_until": NOW + DAY, "next_deadline": NOW + DAY},
    )
    yield Stanza(
        "in-grace-with-the-lease-over", leased, "LEASE_OVERDUE", facts={"now": NOW + DAY}, expected={"in_grace": 0}
    )
    yield Stanza("grace-and-lease-over", leased, "EXPIRED", facts={"now": NOW + 3 * DAY}, expected={"next_deadline": 0})


def _clocks() -> Iterator[Stanza]:
    until = code(term=Term("until", LARGEST_STAMP), not_before=NOW - DAY)
    refreshed = {"refreshed_at": NOW + DAY}
    yield Stanza("clock-a-day-behind", until, GRANTED, facts=refreshed, expected={"next_deadline": LARGEST_STAMP})
    behind = {"refreshed_at": NOW + DAY + 1}
    yield Stanza("clock-further-behind", until, "CLOCK_BEHIND", facts=behind, expected={"next_deadline": 0})
    ending = code(term=Term("until", NOW + DAY))
    yield Stanza("a-late-clock-gains-nothing", ending, "EXPIRED", facts=refreshed)
    early = code(not_before=NOW + 1, term=Term("until", NOW))
    yield Stanza("too-early-comes-before-expired", early, "NOT_YET_VALID", expected={"next_deadline": NOW + 1})
    starting = code(not_before=NOW + DAY)
    yield Stanza("the-floor-may-start-a-license", starting, GRANTED, facts=refreshed)
    dated = code(features=(Feature("dated", "limit", 3, NOW + 1), Feature("plain", "flag")))
    for name, facts, status in (
        ("dated-feature-without-a-clock", {"now": None}, "TIME_UNKNOWN"),
        ("dated-feature-with-a-clock-behind", {"built_at": NOW + 2 * DAY}, "CLOCK_BEHIND"),
    ):
        features = (
            FeatureLine("dated", status, "limit", "3", str(NOW + 1)),
            FeatureLine("plain", GRANTED, "flag"),
        )
        yield Stanza(name, dated, GRANTED, facts=facts, expected={"next_deadline": 0}, features=features)


def _refusals() -> Iterator[Stanza]:
    """Which of several refusals comes first, and what a refused decision still says."""
    license = code(
        class_name="test",
        versions=((1, 0, 0), (1, 0, 0)),
        maintenance_until=NOW,
        binding=DeviceKey(PLAIN.id.encode().ljust(32, b"\0")),
        term=Term("until", NOW + DAY),
        features=(Feature("dated", "quota", 9, NOW + 5),),
    )
    good = {"allow_test": 1, "version": "1.0.0", "built_at": NOW - 1, "device_key": "4c2d31" + "00" * 29}
    wrong = (
        ("product", "", "PRODUCT_UNKNOWN"),
        ("allow_test", None, "TEST_CODE"),
        ("version", None, "VERSION_UNKNOWN"),
        ("built_at", None, "BUILD_TIME_UNKNOWN"),
        ("device_key", None, "DEVICE_UNKNOWN"),
        ("now", NOW + DAY, "EXPIRED"),
    )
    for first, (key, _, status) in enumerate(wrong):
        facts: dict[str, object] = {**good, **{later: value for later, value, _ in wrong[first:]}, "now": NOW}
        if key == "now":
            facts["now"] = NOW + DAY
        described = FeatureLine("dated", status, "quota", "9", str(NOW + 5))
        absent = FeatureLine("absent", status)
        deadline = 0 if key == "now" else NOW + 5
        expected = {"quantity": 0, "license_id": PLAIN.id, "class": "test", "next_deadline": deadline}
        yield Stanza(f"first-{key}", license, status, facts=facts, expected=expected, features=(described, absent))
    too_many = tuple((1, bytes([index])) for index in range(17))
    yield Stanza("too-many-components", code(), "INVALID_ARGUMENT", components=too_many)
    one_device = code(binding=Allocation(5, SALT, ((hashed(5, b"A"), 1),)))
    yield Stanza("too-long-a-component", one_device, "INVALID_ARGUMENT", components=((1, b"-" * 257), (5, b"A")))
    yield Stanza("a-long-component", one_device, GRANTED, components=((5, b"a" + b"-" * 255),))
    yield Stanza("empty-components-show-nothing", one_device, "DEVICE_UNKNOWN", components=((5, b"-"),))
