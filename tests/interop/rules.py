"""Rules of FORMAT.md that no vector file can state: lists together (§11), reports in parts (§14), readers of one kind.

Each rule is a question with the answer that was written down by hand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from . import device, encode, text
from .certificate import Certificate
from .device import Entry, Receipt, UsageReport
from .fields import Item
from .foreign_documents import CERTIFICATE, PLAIN
from .keyring import KeyRing, Signer
from .license import License, device_key_of
from .lists import Kept, Listed, keep_of, missing_part, refusals, retired, take
from .reports import Mixed, join
from .revocation import Part, RevocationList, RevokedIssuer, RevokedLicense, license_hash
from .stanza import ANCHOR, DAY, ISSUER, NOW, PRODUCT
from .status import Refused

# Licenses by their ids; the first two bytes of their hashes are 0bfc, 2643, 7f7f and fec4.
LOW, SECOND, THIRD, HIGH = "L-21", "L-1", "L-6", "L-33"
HASHES = {LOW: "0bfc74766fa3a573", SECOND: "26435b7deeb2d1a3", THIRD: "7f7f7044b06cf0b8", HIGH: "fec48d1226970370"}

ANCHORS = tuple(bytes([number]) * 32 for number in (0xA0, 0xA1, 0xA2))
FIRST, MIDDLE, LAST = Signer(0), Signer(1), Signer(2)
ONE, OTHER, HEIR = b"\1" * 32, b"\2" * 32, b"\3" * 32


class Rule:
    """One question, `ask` of its arguments, and its answer."""

    def __init__(self, name: str, expected: object, ask: Callable[..., object], *arguments: object) -> None:
        self.name = name
        self.expected = expected
        self.ask = ask
        self.arguments = arguments

    def differences(self) -> Iterator[str]:
        """Asks."""
        seen = self.ask(*self.arguments)
        if seen != self.expected:
            yield f"expected {self.expected}, got {seen}"


def rules() -> Iterator[Rule]:
    """All of them."""
    yield from _hashes()
    yield from _coverage()
    yield from _ranks()
    yield from _lines()
    yield from _standing()
    yield from _naming()
    yield from _certified_twice()
    yield from _shelves()
    yield from _shelf_room()
    yield from _statements()
    yield from _missing_parts()
    yield from _reports()
    yield from _readers()


def issuer(key: bytes = ONE, line: bytes | None = None, anchor: int = 0) -> Signer:
    """An issuer that an anchor vouches for."""
    return Signer(anchor, Certificate(key, NOW, NOW, NOW + DAY, stated_line=line))


def a_list(
    number: int,
    *entries: RevokedLicense,
    by: Signer = FIRST,
    product: str = "",
    series: int = 0,
    issuers: Sequence[RevokedIssuer] = (),
    part: Part | None = None,
    named_only: bool = False,
    issued_at: int = NOW,
) -> Listed:
    """A genuine list."""
    ordered = tuple(sorted(entries, key=lambda one: one.id))
    content = RevocationList(number, issued_at, product, series, tuple(issuers), ordered, (), part, named_only)
    return Listed(content, by)


def entry(license: str, below: int = 2, reason: str = "refunded") -> RevokedLicense:
    """An entry of a list."""
    return RevokedLicense(license_hash(license), below, reason)


def issue(license: str, serial: int = 1, issued_at: int = NOW) -> License:
    """An issue of a license."""
    return dataclasses.replace(PLAIN, id=license, serial=serial, issued_at=issued_at)


def _said(kept: Sequence[Listed], license: str, serial: int = 1, product: str = PRODUCT) -> list[str]:
    return sorted(refusals(ANCHORS, Kept(tuple(kept)), product, issue(license, serial)))


def _taken(lists: Sequence[Listed], held: Sequence[str] = (), *, rest: Kept | None = None) -> Kept:
    kept = rest or Kept()
    for one in lists:
        kept = take(ANCHORS, PRODUCT, kept, one, held)
    return kept


def _last(lists: Sequence[Listed], held: Sequence[str] = ()) -> object:
    """The status with which the last of some lists is refused, or the numbers of the lists that are kept then."""
    kept = _taken(lists[:-1], held)
    try:
        kept = take(ANCHORS, PRODUCT, kept, lists[-1], held)
    except Refused as refused:
        return refused.name
    return [one.content.number for one in kept.lists]


def _after(lists: Sequence[Listed], held: Sequence[str], license: str, serial: int = 1) -> list[str]:
    """How a held license is refused after some lists."""
    return sorted(refusals(ANCHORS, _taken(lists, held), PRODUCT, issue(license, serial)))


def _hash(name: str) -> str:
    return license_hash(name).hex()


def _key(public: bytes) -> str:
    return device_key_of(public).hex()


def _covers(listed: Listed, license: bytes) -> bool:
    return listed.content.covers(license)


def _hashes() -> Iterator[Rule]:
    for name, wanted in HASHES.items():
        yield Rule(f"hash of the license {name}", wanted, _hash, name)
    wanted = "b9e96ee514f057508de110d84db17b087384c72428b745c6117daff716c9ea75"
    yield Rule("device key of another algorithm", wanted, _key, b"public")


def _coverage() -> Iterator[Rule]:
    full = a_list(1, entry(LOW, 3))
    for serial, answer in ((1, ["LICENSE_REFUNDED"]), (2, ["LICENSE_REFUNDED"]), (3, []), (4, [])):
        yield Rule(f"below 3 and serial {serial}", answer, _said, [full], LOW, serial)
    for reason in ("released", "frozen", "refunded", "replaced"):
        listed = a_list(1, entry(LOW, 2, reason))
        yield Rule(f"reason {reason}", [f"LICENSE_{reason.upper()}"], _said, [listed], LOW)
    yield Rule("not named", [], _said, [full], HIGH)
    ranges = (
        (0x2643, 0x2643, True),
        (0x2644, 0xFFFF, False),
        (0, 0x2642, False),
        (0, 0x2643, True),
        (0x2643, 0xFFFF, True),
        (0, 0xFFFF, True),
        (0x4326, 0x4326, False),
    )
    for first, last, covered in ranges:
        part = a_list(1, part=Part(1, 2, first, last))
        named = license_hash(SECOND)
        name = f"a part from {first:04x} to {last:04x}"
        yield Rule(name, covered, _covers, part, named)
    upper = a_list(2, part=Part(2, 2, 0x8000, 0xFFFF))
    yield Rule("a part takes nothing back outside its range", ["LICENSE_REFUNDED"], _said, [full, upper], LOW)
    lower = a_list(2, part=Part(1, 2, 0, 0x7FFF))
    yield Rule("a part takes back in its range", [], _said, [full, lower], LOW)
    customer = a_list(2, entry(HIGH), named_only=True)
    yield Rule(
        "a list for one customer takes nothing back for others",
        ["LICENSE_REFUNDED"],
        _said,
        [full, customer],
        LOW,
    )
    yield Rule("it revokes what it names", ["LICENSE_REFUNDED"], _said, [full, customer], HIGH)
    back = a_list(2, entry(LOW, 1), named_only=True)
    yield Rule("below 1 takes back", [], _said, [full, back], LOW)
    yield Rule("below 1 in a list of a lower number", ["LICENSE_REFUNDED"], _said, [a_list(3, entry(LOW)), back], LOW)
    same = a_list(1, entry(LOW, 1), named_only=True)
    frozen = a_list(1, entry(LOW, 3, "frozen"), named_only=True)
    for order, lists in (("in order", [full, same]), ("out of order", [same, full])):
        yield Rule(f"below 1 in a list of the same number, {order}", ["LICENSE_REFUNDED"], _said, lists, LOW)
    for order, lists in (("in order", [a_list(1), frozen]), ("out of order", [frozen, a_list(1)])):
        name = f"a list for one customer and a whole one that says nothing, {order}"
        yield Rule(name, ["LICENSE_FROZEN"], _said, lists, LOW)
    both = ["LICENSE_FROZEN", "LICENSE_REFUNDED"]
    yield Rule("two lists of one rank with different reasons", both, _said, [full, frozen], LOW)


def _ranks() -> Iterator[Rule]:
    full, later = a_list(7, entry(LOW)), a_list(8)
    for order, lists in (("in order", [full, later]), ("out of order", [later, full])):
        yield Rule(f"the higher number decides, {order}", [], _said, lists, LOW)
    safe = a_list(1, by=LAST)
    for order, lists in (("in order", [full, safe]), ("out of order", [safe, full])):
        yield Rule(f"the later anchor decides, {order}", [], _said, lists, LOW)
    early = a_list(9, by=FIRST)
    found = [a_list(2, entry(LOW), by=MIDDLE), early]
    yield Rule("an earlier anchor does not take back", ["LICENSE_REFUNDED"], _said, found, LOW)


def _lines() -> Iterator[Rule]:
    revoked = a_list(1, entry(LOW, reason="frozen"))
    for name, listed in (
        ("another series", a_list(9, series=1)),
        ("another product", a_list(9, product=PRODUCT)),
        ("another line", a_list(9, by=issuer())),
    ):
        yield Rule(f"{name} does not take back", ["LICENSE_FROZEN"], _said, [revoked, listed], LOW)
        again = dataclasses.replace(listed.content, licenses=(entry(LOW, reason="released"),))
        both = [revoked, Listed(again, listed.signer)]
        wanted = ["LICENSE_FROZEN", "LICENSE_RELEASED"]
        yield Rule(f"{name} revokes as well", wanted, _said, both, LOW)
    foreign = a_list(1, entry(LOW), product="pump")
    yield Rule("a list for another product", [], _said, [foreign], LOW)
    old = a_list(1, entry(LOW), by=issuer(ONE))
    yield Rule("two issuers have two lines", ["LICENSE_REFUNDED"], _said, [old, a_list(2, by=issuer(OTHER))], LOW)
    heir = a_list(2, by=issuer(HEIR, ONE[:8]))
    yield Rule("an issuer that succeeds another", [], _said, [old, heir], LOW)
    renewed = a_list(2, by=issuer(ONE, ONE[:8]))
    yield Rule("a line that is stated and is that of the key", [], _said, [old, renewed], LOW)
    same = a_list(3, by=issuer(ONE, anchor=2))
    yield Rule("the line of an issuer is not that of its anchor", [], _said, [old, same], LOW)


def _named(key: bytes, keep: int = 0) -> RevokedIssuer:
    return RevokedIssuer(key[:8], keep)


def _standing() -> Iterator[Rule]:
    def standing(lists: Sequence[Listed], signer: Signer) -> int | None:
        return keep_of(ANCHORS, lists, signer)

    for keep in (0, 1):
        revokes = [a_list(1, issuers=[_named(ONE, keep)])]
        yield Rule(f"a revoked issuer with keep {keep}", keep, standing, revokes, issuer(ONE))
        yield Rule(f"another issuer than one with keep {keep}", None, standing, revokes, issuer(OTHER))
        listed = a_list(1, entry(LOW), by=issuer(ONE))
        yield Rule(f"its lists count no longer with keep {keep}", [], _said, [*revokes, listed], LOW)
        middle = [a_list(1, by=LAST, issuers=[_named(ANCHORS[1], keep)])]
        yield Rule(f"a retired anchor with keep {keep}", keep, standing, middle, MIDDLE)
        vouched = issuer(ONE, anchor=1)
        yield Rule(f"an issuer of a retired anchor with keep {keep}", keep, standing, middle, vouched)
        yield Rule(f"an issuer of another anchor than one with keep {keep}", None, standing, middle, issuer(ONE))
    itself = [a_list(1, by=MIDDLE, issuers=[_named(ANCHORS[1])])]
    yield Rule("an anchor does not retire itself", {}, retired, ANCHORS, itself)
    upward = [a_list(1, by=MIDDLE, issuers=[_named(ANCHORS[2])])]
    yield Rule("an anchor does not retire a later one", {}, retired, ANCHORS, upward)
    downward = [a_list(1, by=MIDDLE, issuers=[_named(ANCHORS[0])])]
    yield Rule("an anchor retires an earlier one", {0: 0}, retired, ANCHORS, downward)
    over = [*downward, a_list(1, by=LAST, series=1, issuers=[_named(ANCHORS[1], 1)])]
    yield Rule("a retired anchor retires nobody", {1: 1}, retired, ANCHORS, over)
    own = [a_list(1, by=MIDDLE, issuers=[_named(ONE)]), over[-1]]
    yield Rule("a retired anchor revokes no issuer", None, standing, own, issuer(ONE))
    silenced = [a_list(1, entry(LOW), by=MIDDLE), over[-1]]
    yield Rule("the lists of a retired anchor count no longer", [], _said, silenced, LOW)
    double = [a_list(1, by=FIRST, issuers=[_named(ANCHORS[1])])]
    yield Rule("an anchor that is an issuer too, as anchor", None, standing, double, MIDDLE)
    yield Rule("an anchor that is an issuer too, as issuer", 0, standing, double, issuer(ANCHORS[1]))
    by_issuer = [a_list(1, by=issuer(OTHER, anchor=2), issuers=[_named(ANCHORS[0])])]
    yield Rule("no issuer retires an anchor", {}, retired, ANCHORS, by_issuer)


def _naming() -> Iterator[Rule]:
    """Which list says whom an anchor revokes."""

    def standing(lists: Sequence[Listed], signer: Signer) -> int | None:
        return keep_of(ANCHORS, lists, signer)

    one, half = [_named(ONE)], Part(1, 2, 0, 0x7FFF)
    revokes, nobody = a_list(5, issuers=one), a_list(6)
    later_anchor = a_list(1, by=LAST)
    stays_retired = [a_list(1, by=LAST, issuers=[_named(ANCHORS[0])]), a_list(2, by=LAST, part=half)]
    over = a_list(1, by=LAST, series=1, issuers=[_named(ANCHORS[1])])
    for name, lists, signer, answer in (
        ("a later whole list that names nobody", [revokes, nobody], issuer(), None),
        ("an earlier whole list that names nobody", [a_list(4), revokes], issuer(), 0),
        ("the same, out of order", [revokes, a_list(4)], issuer(), 0),
        ("a later part", [revokes, a_list(6, part=half)], issuer(), 0),
        ("a later list for one customer", [revokes, a_list(6, named_only=True)], issuer(), 0),
        ("a whole list behind the part", [revokes, a_list(6, part=half), a_list(7)], issuer(), None),
        ("a later list of another series", [revokes, a_list(6, series=1)], issuer(), 0),
        ("a later list of another product", [revokes, a_list(6, product=PRODUCT)], issuer(), 0),
        ("a later list of an issuer", [revokes, a_list(6, by=issuer(OTHER))], issuer(), 0),
        ("a list of a later anchor", [revokes, later_anchor], issuer(), None),
        ("the same behind it", [later_anchor, revokes], issuer(), None),
        ("a part of a later anchor", stays_retired, FIRST, 0),
        ("a later list that retires nobody", [stays_retired[0], a_list(2, by=LAST)], FIRST, None),
        ("before the list of a retired anchor", [revokes, a_list(1, by=MIDDLE), over], issuer(), 0),
        ("one series keeps and one does not", [revokes, a_list(1, series=1, issuers=[_named(ONE, 1)])], issuer(), 0),
        (
            "two series keep",
            [a_list(5, issuers=[_named(ONE, 1)]), a_list(1, series=1, issuers=[_named(ONE, 1)])],
            issuer(),
            1,
        ),
        (
            "one product keeps and every product does not",
            [a_list(5, issuers=[_named(ONE, 1)], product=PRODUCT), a_list(1, issuers=one)],
            issuer(),
            0,
        ),
        ("a list of an issuer that names one", [a_list(5, by=issuer(OTHER), issuers=one)], issuer(), None),
        ("an unknown item", [revokes, _with_an_item(nobody)], issuer(), None),
    ):
        yield Rule(f"who is revoked: {name}", answer, standing, lists, signer)


def _with_an_item(listed: Listed) -> Listed:
    """The same list with an item that nobody knows: it is whole all the same."""
    return Listed(dataclasses.replace(listed.content, items=(Item(900, False, b""),)), listed.signer)


def _certified_twice() -> Iterator[Rule]:
    """An issuer that two anchors have certified, one of which is retired."""
    second = encode.Key(b"\x25" * 32)
    allowed = dataclasses.replace(CERTIFICATE, kinds=4)
    retired_one, other = (encode.issuer_document(allowed, key) for key in (ANCHOR, second))
    certificates = {"retired": retired_one, "other": other}
    anchors = (ANCHOR.public, second.public)
    retires = [a_list(1, by=Signer(1), issuers=[_named(ANCHOR.public)])]
    payload = encode.stamp(NOW) + encode.string(PRODUCT) + encode.varint(0)

    def standing(known: str, inline: bytes | None, kept: Sequence[bytes]) -> int | None:
        ring = KeyRing(list(anchors))
        if known:
            ring.add_issuer(text.write("I", certificates[known]).encode())
        token = text.write("T", encode.document("T", ISSUER, payload, inline)).encode()
        return keep_of(anchors, retires, ring.open_document(token, kept).signer)

    for name, known, inline, kept, answer in (
        ("that of the retired one inside", "", retired_one, (), 0),
        ("that of the other one inside", "", other, (), None),
        ("that of the retired one inside, the other one known", "other", retired_one, (), 0),
        ("that of the other one inside, the retired one known", "retired", other, (), None),
        ("that of the retired one known, the other one kept", "retired", None, (other,), 0),
        ("that of the other one known, the retired one kept", "other", None, (retired_one,), None),
        ("both kept", "", None, (retired_one, other), 0),
    ):
        yield Rule(f"certified by two anchors: {name}", answer, standing, known, inline, kept)


def _shelves() -> Iterator[Rule]:
    five = a_list(5, entry(LOW))
    lower, upper = Part(1, 2, 0, 0x7FFF), Part(2, 2, 0x8000, 0xFFFF)
    both = Part(2, 2, 0x7FFF, 0xFFFF)
    names = a_list(5, issuers=[_named(ONE)])
    for name, lists, answer in (
        ("a later list takes the place", [five, a_list(6)], [6]),
        ("an older list", [five, a_list(4)], "LIST_OLDER"),
        ("the same list again", [five, a_list(5, entry(LOW))], "ALREADY_APPLIED"),
        ("the same number and other entries", [five, a_list(5)], "LIST_CONFLICT"),
        ("another part", [a_list(5, part=lower), a_list(5, part=upper)], [5]),
        ("a part that overlaps", [a_list(5, part=lower), a_list(5, part=both)], "LIST_CONFLICT"),
        ("the same part again", [a_list(5, part=lower), a_list(5, part=lower)], "ALREADY_APPLIED"),
        ("a part beside the whole", [five, a_list(5, part=lower)], "LIST_CONFLICT"),
        ("the whole beside a part", [a_list(5, part=lower), five], "LIST_CONFLICT"),
        ("a list of the other sort", [five, a_list(6, named_only=True)], [5, 6]),
        ("a list of the other sort and the same number", [five, a_list(5, named_only=True)], [5, 5]),
        ("an older list of the other sort", [five, a_list(4, named_only=True)], "LIST_OLDER"),
        ("an older list than one of the other sort", [a_list(5, named_only=True), a_list(4)], "LIST_OLDER"),
        ("the last one of each sort", [five, a_list(5, named_only=True), a_list(6, named_only=True)], [5, 6]),
        ("a lower number of a later anchor", [five, a_list(1, by=LAST)], [1]),
        ("a higher number of an earlier anchor", [a_list(1, by=LAST), a_list(9)], "LIST_OLDER"),
        ("a lower number of another series", [five, a_list(1, series=1)], [5, 1]),
        ("a lower number of another product", [five, a_list(1, product=PRODUCT)], [5, 1]),
        ("a lower number of another line", [five, a_list(1, by=issuer())], [5, 1]),
        (
            "a lower number in the line of an heir",
            [a_list(5, by=issuer()), a_list(4, by=issuer(HEIR, ONE[:8]))],
            "LIST_OLDER",
        ),
        (
            "another list of an heir",
            [a_list(5, by=issuer()), a_list(5, entry(LOW), by=issuer(HEIR, ONE[:8]))],
            "LIST_CONFLICT",
        ),
        ("a whole list behind one for one customer", [a_list(4, named_only=True), five], [5]),
        ("a whole list behind one of the other sort and the same number", [a_list(5, named_only=True), five], [5, 5]),
        ("a part behind one for one customer", [a_list(4, named_only=True), a_list(5, part=lower)], [4, 5]),
        ("a part behind a whole list", [five, a_list(6, part=lower)], [6]),
        ("a part behind a list that names an issuer", [names, a_list(6, part=lower)], [5, 6]),
        ("two parts behind it", [names, a_list(6, part=lower), a_list(6, part=upper)], [5, 6]),
        ("a whole list behind both", [names, a_list(6, part=lower), a_list(7)], [7]),
        (
            "a whole list behind everything",
            [names, a_list(6, part=lower), a_list(6, named_only=True), a_list(7)],
            [7],
        ),
        ("a whole list behind a list that names an issuer", [names, a_list(6)], [6]),
        ("a list between that list and its part", [names, a_list(7, part=lower), a_list(6)], "LIST_OLDER"),
        ("a list for one customer beside one that names an issuer", [names, a_list(6, named_only=True)], [5, 6]),
        ("a list for a foreign product", [five, a_list(6, product="pump")], "PRODUCT_MISMATCH"),
        ("a list for its own product", [five, a_list(6, product=PRODUCT)], [5, 6]),
        ("a list of its own product after every product's", [a_list(6, product=PRODUCT), five], [6, 5]),
        ("an issuer's lists when it is revoked", [a_list(9, by=issuer()), a_list(1, issuers=[_named(ONE, 1)])], [1]),
        (
            "an heir's list that is older than that of a revoked issuer",
            [a_list(9, by=issuer()), a_list(1, issuers=[_named(ONE)]), a_list(2, by=issuer(HEIR, ONE[:8]))],
            [1, 2],
        ),
        (
            "an anchor's lists when it is retired",
            [a_list(9), a_list(1, by=LAST, series=1, issuers=[_named(ANCHORS[0])])],
            [1],
        ),
        ("an issuer of a later anchor", [a_list(5, by=issuer()), a_list(4, by=issuer(anchor=2))], "LIST_OLDER"),
        ("a list of a revoked issuer", [a_list(1, issuers=[_named(ONE, 1)]), a_list(1, by=issuer())], "ISSUER_REVOKED"),
        (
            "a list of a retired anchor",
            [a_list(1, by=LAST, issuers=[_named(ANCHORS[0], 1)]), a_list(9)],
            "ISSUER_REVOKED",
        ),
    ):
        yield Rule(name, answer, _last, lists)


def _shelf_room() -> Iterator[Rule]:
    four = [a_list(series + 1, series=series) for series in range(4)]
    yield Rule("four lists", [1, 2, 3, 4], _last, four)
    yield Rule("a fifth list of an anchor", "STATE_FULL", _last, [*four, a_list(5, series=4)])
    yield Rule("the next list of one of the four", [1, 2, 3, 9], _last, [*four, a_list(9, series=3)])
    three = [*four[:3], a_list(4, by=issuer())]
    yield Rule("an anchor's list takes the place of an issuer's", [1, 2, 3, 5], _last, [*three, a_list(5, series=4)])
    yield Rule("an issuer's list does not", "STATE_FULL", _last, [*three, a_list(5, by=issuer(OTHER))])
    yield Rule("nor that of an anchor", "STATE_FULL", _last, [*four, a_list(5, by=issuer())])
    part = Part(1, 2, 0, 0x7FFF)
    names = [*four[:3], a_list(4, series=3, issuers=[_named(OTHER)])]
    yield Rule("a part beside the fourth", "STATE_FULL", _last, [*names, a_list(5, series=3, part=part)])
    names = [three[3], *names[1:]]
    wanted = [2, 3, 4, 5]
    yield Rule("a part beside it, and an issuer's list", wanted, _last, [*names, a_list(5, series=3, part=part)])
    two = [*four[:2], a_list(3, by=issuer(OTHER)), a_list(4, by=issuer())]
    revokes = a_list(5, series=4, issuers=[_named(ONE)])
    yield Rule("the list of an issuer that is revoked makes room", [1, 2, 3, 5], _last, [*two, revokes])


def _statements() -> Iterator[Rule]:
    lower, upper = Part(1, 2, 0, 0x7FFF), Part(2, 2, 0x8000, 0xFFFF)
    revoked = ["LICENSE_REFUNDED"]
    first, second = a_list(5, entry(LOW), part=lower), a_list(5, entry(HIGH), part=upper)
    for order, lists in (("in order", [first, second]), ("out of order", [second, first])):
        yield Rule(f"parts {order}: the lower one", revoked, _after, lists, [LOW, HIGH], LOW)
        yield Rule(f"parts {order}: the upper one", revoked, _after, lists, [LOW, HIGH], HIGH)
    yield Rule("of a license that is not held nothing is kept", [], _after, [first, second], [HIGH], LOW)
    later = a_list(6, part=lower)
    yield Rule("a later list of its own part", [], _after, [first, second, later], [LOW], LOW)
    upper_again = a_list(6, part=upper)
    parts = [first, second, later, upper_again]
    yield Rule("a later list of its own part, and then another part", [], _after, parts, [LOW], LOW)
    wholes = [a_list(5, entry(LOW)), a_list(6), a_list(7, part=upper)]
    yield Rule("what the last whole list took back, and then a part", [], _after, wholes, [LOW], LOW)
    whole = a_list(7, entry(LOW, 9))
    yield Rule("the whole list after its parts", revoked, _after, [first, second, whole], [LOW], LOW, 8)
    yield Rule("the whole list that does not name it", [], _after, [first, second, a_list(7)], [LOW], LOW)
    one, other = a_list(6, entry(LOW, 1), named_only=True), a_list(7, entry(HIGH), named_only=True)
    taken_back = [a_list(5, entry(LOW)), one, other]
    yield Rule("what was taken back stays so", [], _after, taken_back, [LOW, HIGH], LOW)
    nothing = [a_list(4, entry(LOW), named_only=True), a_list(5, part=lower), a_list(6, part=upper)]
    yield Rule("that nothing is revoked is a statement, too", [], _after, nothing, [LOW], LOW)
    frozen = [
        a_list(1, entry(LOW, reason="frozen"), by=issuer(), part=lower),
        a_list(2, by=issuer(), part=upper),
    ]
    refunded = [a_list(1, entry(LOW), part=lower), a_list(2, part=upper)]
    yield Rule("of two lines the first that revokes", ["LICENSE_FROZEN"], _after, frozen + refunded, [LOW], LOW)
    yield Rule("in the other order", revoked, _after, refunded + frozen, [LOW], LOW)
    harmless = [a_list(1, by=issuer(), part=lower), a_list(2, by=issuer(), part=upper)]
    below = [a_list(1, entry(LOW, 1), by=issuer(), part=lower), harmless[1]]
    yield Rule("one with below 1 gives way, too", revoked, _after, below + refunded, [LOW], LOW)
    same = a_list(5, entry(LOW, 1), named_only=True)
    parts = [first, second, same]
    yield Rule("both parts and one for one customer of their number", revoked, _after, parts, [LOW], LOW)
    higher = a_list(6, entry(LOW, 1), named_only=True)
    yield Rule("both parts and a later one for one customer", [], _after, [first, second, higher], [LOW], LOW)
    ends = a_list(9, series=1, issuers=[_named(ONE, 1)])
    yield Rule("of an issuer that is revoked", [], _after, [*frozen, ends], [LOW], LOW)
    yield Rule("and then another one that revokes", revoked, _after, [*frozen, ends, *refunded], [LOW], LOW)
    names = a_list(1, entry(LOW), issuers=[_named(OTHER)])
    yield Rule("a list that names an issuer goes on to count", revoked, _after, [names, refunded[1]], [LOW], LOW)
    third = a_list(3, part=upper)
    yield Rule("two parts beside it that say nothing", revoked, _after, [names, refunded[1], third], [LOW], LOW)
    heir = [frozen[0], a_list(2, by=issuer(HEIR, ONE[:8]), part=upper)]
    yield Rule("of an issuer with an heir", ["LICENSE_FROZEN"], _after, heir, [LOW], LOW)
    yield Rule("of an issuer with an heir that is revoked", [], _after, [*heir, ends], [LOW], LOW)
    yield Rule("of a license that is not held, too", revoked, _after, [names, refunded[1]], [], LOW)
    series = [a_list(series, series=series) for series in (1, 2)]
    full = [*frozen, *series, a_list(3, series=3)]
    yield Rule("before the last list of its line goes", ["LICENSE_FROZEN"], _after, full, [LOW], LOW)
    yield Rule("when the last list of its line goes", [], _after, [*full, a_list(4, series=4)], [LOW], LOW)
    evicted = [frozen[0], *series, a_list(3, series=3), a_list(4, series=4, part=upper)]
    yield Rule("of a list that gave its room to one of another line", [], _after, evicted, [LOW], LOW)
    yield Rule("one that revokes nothing gives way", revoked, _after, harmless + refunded, [LOW], LOW)


def _missing_parts() -> Iterator[Rule]:
    lower, upper = Part(1, 2, 0, 0x7FFF), Part(2, 2, 0x8000, 0xFFFF)
    kept = [a_list(5, part=lower)]

    def missing(lists: Sequence[Listed], license: str, at: int = NOW, signer: Signer = FIRST) -> bool:
        return missing_part(ANCHORS, Kept(tuple(lists)), PRODUCT, issue(license, issued_at=at), signer)

    for name, lists, license, at, signer, answer in (
        ("a code that the part covers", kept, LOW, NOW, FIRST, False),
        ("a code of another part", kept, HIGH, NOW, FIRST, True),
        ("a code issued before the list", kept, HIGH, NOW - 1, FIRST, True),
        ("a code issued after the list", kept, HIGH, NOW + 1, FIRST, False),
        ("a code of an issuer", kept, HIGH, NOW, issuer(), True),
        ("a part of the code's own issuer", [a_list(5, by=issuer(), part=lower)], HIGH, NOW, issuer(), True),
        ("a part of its heir", [a_list(5, by=issuer(HEIR, ONE[:8]), part=lower)], HIGH, NOW, issuer(), True),
        ("a part of another issuer", [a_list(5, by=issuer(OTHER), part=lower)], HIGH, NOW, issuer(), False),
        ("a part of an issuer and a code of an anchor", [a_list(5, by=issuer(), part=lower)], HIGH, NOW, FIRST, False),
        ("no part", [a_list(5)], HIGH, NOW, FIRST, False),
        ("a list for one customer", [a_list(5, named_only=True)], HIGH, NOW, FIRST, False),
        ("named for its customer", [*kept, a_list(5, entry(HIGH, 1), named_only=True)], HIGH, NOW, FIRST, False),
        ("named there, but earlier", [*kept, a_list(4, entry(HIGH, 1), named_only=True)], HIGH, NOW, FIRST, True),
        ("covered in another series", [*kept, a_list(9, series=1)], HIGH, NOW, FIRST, True),
        ("covered for another product", [*kept, a_list(9, product=PRODUCT)], HIGH, NOW, FIRST, True),
        ("covered in another line", [*kept, a_list(9, by=issuer())], HIGH, NOW, issuer(), True),
        ("two series in parts", [a_list(5, part=upper), a_list(5, part=lower, series=1)], HIGH, NOW, FIRST, True),
        ("a part for another product", [a_list(5, part=lower, product="pump")], HIGH, NOW, FIRST, False),
        ("beside a whole list that stays", [a_list(4, issuers=[_named(OTHER)]), *kept], HIGH, NOW, FIRST, True),
        (
            "a part of a revoked issuer",
            [a_list(5, by=issuer(), part=lower), a_list(1, issuers=[_named(ONE, 1)])],
            HIGH,
            NOW,
            issuer(HEIR, ONE[:8]),
            False,
        ),
        ("a part for its own product", [a_list(5, part=lower, product=PRODUCT)], HIGH, NOW, FIRST, True),
    ):
        yield Rule(f"missing part: {name}", answer, missing, lists, license, at, signer)


def _receipt(number: int | None, last: bool, *usage: tuple[str, int], **changes: object) -> Receipt:
    part = None if number is None else device.Part(number, last)
    receipt = Receipt(PRODUCT, bytes(8), NOW, ((5, b"hash-of8"),), None, (), "L-1", 3, usage, part)
    return dataclasses.replace(receipt, **changes)  # type: ignore[arg-type]


def _report(number: int, last: bool, *entries: Entry, **changes: object) -> UsageReport:
    report = UsageReport(PRODUCT, bytes(8), NOW, (), None, (), 7, entries, device.Part(number, last))
    return dataclasses.replace(report, **changes)  # type: ignore[arg-type]


KEY = b"\x24" * 32


def _joined(*parts: Receipt | UsageReport, signed: Sequence[int] = ()) -> object:
    """The names over all parts, and what is missing; or that they are no parts of one report.

    `signed` has the places of those that the device has signed.
    """
    try:
        joined = join([(part, KEY if at in signed else None) for at, part in enumerate(parts)])
    except Mixed:
        return "mixed"
    names = [feature for feature, _ in joined.usage]
    names += [f"{one.license} {one.feature}" for one in joined.entries]
    return names, joined.missing, joined.open_ended, joined.complete()


def _reports() -> Iterator[Rule]:
    one, two, three = _receipt(1, False, ("a", 1)), _receipt(2, False, ("b", 2)), _receipt(3, True, ("c", 3))
    every = (["a", "b", "c"], (), False, True)
    quota = Entry("L-1", 1, "b", 2, 1)
    next_license = dataclasses.replace(quota, license="L-2", feature="a")
    for name, parts, answer in (
        ("three parts", (one, two, three), every),
        ("in another order", (three, one, two), every),
        ("one of them twice", (one, two, two, three), every),
        ("a report that is not split", (_receipt(None, False, ("a", 1)),), (["a"], (), False, True)),
        ("without the first", (two, three), (["b", "c"], (1,), False, False)),
        ("without the second", (one, three), (["a", "c"], (2,), False, False)),
        ("without the last", (one, two), (["a", "b"], (), True, False)),
        ("only the last", (three,), (["c"], (1, 2), False, False)),
        ("each at its own time", (one, dataclasses.replace(two, at=NOW + 1), three), every),
        ("another product", (one, dataclasses.replace(two, product="pump")), "mixed"),
        ("another nonce", (one, dataclasses.replace(two, nonce=b"another!")), "mixed"),
        ("other components", (one, dataclasses.replace(two, components=())), "mixed"),
        ("another device key", (one, dataclasses.replace(two, device_key=bytes(32))), "mixed"),
        ("another license", (one, dataclasses.replace(two, license="L-2")), "mixed"),
        ("another serial", (one, dataclasses.replace(two, serial=4)), "mixed"),
        ("a part in two versions", (one, _receipt(1, False, ("a", 2))), "mixed"),
        ("a part behind the last", (one, _receipt(2, True, ("b", 2)), three), "mixed"),
        ("the last is not the last", (one, _receipt(2, True, ("b", 2)), _receipt(3, False, ("c", 3))), "mixed"),
        ("entries that do not ascend", (one, _receipt(2, True, ("A", 1))), "mixed"),
        ("an entry in two parts", (one, _receipt(2, True, ("a", 1))), "mixed"),
        (
            "parts of usage",
            (_report(1, False, quota), _report(2, True, next_license)),
            (["L-1 b", "L-2 a"], (), False, True),
        ),
        ("usage that does not ascend", (_report(1, False, next_license), _report(2, True, quota)), "mixed"),
        ("another number", (_report(1, False), dataclasses.replace(_report(2, True), number=8)), "mixed"),
        ("a receipt and a usage report", (one, _report(2, True)), "mixed"),
    ):
        yield Rule(f"parts of a report: {name}", answer, _joined, *parts)
    three_parts = [dataclasses.replace(part, device_key=KEY) for part in (one, two, three)]
    twice = [three_parts[0], *three_parts]

    def joined(signed: Sequence[int], parts: Sequence[Receipt]) -> object:
        return _joined(*parts, signed=signed)

    for name, signed, signed_parts, answer in (
        ("all signed", (0, 1, 2), three_parts, every),
        ("none signed", (), three_parts, every),
        ("the first not signed", (1, 2), three_parts, "mixed"),
        ("the last not signed", (0, 1), three_parts, "mixed"),
        ("one signed and not", (0, 2, 3), twice, "mixed"),
    ):
        yield Rule(f"parts of a report: {name}", answer, joined, signed, signed_parts)


def _written(document: bytes) -> str:
    return text.write("T", document)


def _status(call: Callable[..., object], *arguments: object) -> str:
    try:
        call(*arguments)
    except Refused as refused:
        return refused.name
    return "OK"


def _readers() -> Iterator[Rule]:
    written = f"LIC2T.AVQB{'A' * 84}b4_4"
    yield Rule("a text form", written, _written, bytes([1, ord("T"), 1]) + bytes(62))
    request = text.write("R", bytes([1, ord("R"), 0, 0]) + bytes(4)).encode()
    later = text.write("R", bytes([1, ord("R"), 255, 0]) + bytes(4)).encode()
    yield Rule("a request for a reader of receipts", "DOCUMENT_KIND", _status, device.read, request, "P")
    yield Rule("of an unknown algorithm", "DOCUMENT_KIND", _status, device.read, later, "P")
    yield Rule("for a reader of requests", "FORMAT_ALGORITHM", _status, device.read, later, "R")
    anchors = KeyRing([ANCHOR.public], with_issuers=False)
    inline = encode.issuer_document(CERTIFICATE, ANCHOR)

    def alone(document: bytes) -> str:
        return _status(anchors.open_code, text.write("C", document).encode())

    payload = encode.license_payload(PLAIN)
    bare = encode.unsigned("C", ISSUER.public[:4], b"")
    flagged = bytes([1, ord("C"), 1, 1])
    for name, document, answer in (
        ("a code of an anchor", encode.document("C", ANCHOR, payload), "OK"),
        ("a code with a certificate", encode.document("C", ISSUER, payload, inline), "ISSUER_UNSUPPORTED"),
        ("a code of an issuer without one", encode.document("C", ISSUER, payload), "KEY_UNKNOWN"),
        ("72 bytes with the flag", flagged + bytes(68), "ISSUER_UNSUPPORTED"),
        ("71 bytes with the flag", flagged + bytes(67), "FORMAT_ENVELOPE"),
        ("another algorithm with the flag", bytes([1, ord("C"), 255, 1]) + bytes(68), "FORMAT_ALGORITHM"),
        ("a reserved flag beside it", bytes([1, ord("C"), 1, 0x81]) + bytes(68), "FORMAT_VERSION"),
        ("no certificate and no signature", bare, "FORMAT_ENVELOPE"),
    ):
        yield Rule(f"anchors alone: {name}", answer, alone, document)
    alone_kept = encode.document("T", ISSUER, encode.stamp(NOW) + encode.string(PRODUCT) + encode.varint(0))
    token = text.write("T", alone_kept).encode()
    kept = [inline]
    yield Rule("anchors alone: a kept certificate", "KEY_UNKNOWN", _status, anchors.open_document, token, kept)
