"""What revocation lists say together, and which of them a device keeps (FORMAT.md §11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from .keyring import Signer
from .license import License
from .revocation import RevocationList, RevokedIssuer, RevokedLicense, license_hash
from .status import Refused

ROOM = 4
KEY_BYTES = 8
ANCHORS = b"anchors"

Place = tuple[bytes, str, int]
Rank = tuple[int, int]


@dataclasses.dataclass(frozen=True)
class Listed:
    """A genuine list and its signer."""

    content: RevocationList
    signer: Signer

    @property
    def place(self) -> Place:
        """Line, product and series: lists of different places do not touch each other."""
        return line_of(self.signer), self.content.product, self.content.series

    @property
    def rank(self) -> Rank:
        """Which of two lists of one place ranks higher."""
        return (0 if self.signer.issuer is not None else self.signer.anchor), self.content.number


@dataclasses.dataclass(frozen=True)
class Statement:
    """What a list that is not kept any more said of a license that the device holds."""

    place: Place
    rank: Rank
    signer: Signer
    entry: RevokedLicense | None

    def revokes(self) -> bool:
        """Whether it revokes any issue."""
        return self.entry is not None and self.entry.below > 1


@dataclasses.dataclass(frozen=True)
class Kept:
    """The lists that a device keeps, and one more statement of each license (by its hash) that it holds."""

    lists: tuple[Listed, ...] = ()
    statements: tuple[tuple[bytes, Statement], ...] = ()


def line_of(signer: Signer) -> bytes:
    """The line that the lists of a signer are of."""
    return ANCHORS if signer.issuer is None else signer.issuer.line()


def _naming(lists: Iterable[Listed]) -> Iterator[RevokedIssuer]:
    """Whom some lists of anchors name: of each product and series the highest-ranking whole list says it."""
    highest: dict[Place, Listed] = {}
    for listed in lists:
        if not listed.content.is_whole():
            continue
        if listed.place not in highest or highest[listed.place].rank < listed.rank:
            highest[listed.place] = listed
    for listed in highest.values():
        yield from listed.content.issuers


def retired(anchors: Sequence[bytes], lists: Iterable[Listed]) -> dict[int, int]:
    """The retired anchors by their position in the key ring, and the keep of each.

    From the last anchor to the first: the lists of a retired one retire nobody.
    """
    found: dict[int, int] = {}
    given = list(lists)
    for at in reversed(range(len(anchors))):
        later = []
        for listed in given:
            if listed.signer.issuer is not None or listed.signer.anchor <= at or listed.signer.anchor in found:
                continue
            later.append(listed)
        for named in _naming(later):
            if named.key == anchors[at][:KEY_BYTES]:
                found[at] = min(found.get(at, 1), named.keep)
    return found


def revoked_issuers(anchors: Sequence[bytes], lists: Iterable[Listed]) -> dict[bytes, int]:
    """The revoked issuers by the first bytes of their key, and the keep of each."""
    given = list(lists)
    without = retired(anchors, given)
    found: dict[bytes, int] = {}
    remaining = [one for one in given if one.signer.issuer is None and one.signer.anchor not in without]
    for named in _naming(remaining):
        found[named.key] = min(found.get(named.key, 1), named.keep)
    return found


def keep_of(anchors: Sequence[bytes], lists: Iterable[Listed], signer: Signer) -> int | None:
    """None if a signer is in good standing; otherwise 0, or 1 if what was activated before stays."""
    given = list(lists)
    keeps = [retired(anchors, given).get(signer.anchor)]
    if signer.issuer is not None:
        keeps.append(revoked_issuers(anchors, given).get(signer.issuer.key[:KEY_BYTES]))
    return min((keep for keep in keeps if keep is not None), default=None)


def counting(anchors: Sequence[bytes], lists: Iterable[Listed]) -> list[Listed]:
    """The lists whose signers are in good standing."""
    given = list(lists)
    return [listed for listed in given if keep_of(anchors, given, listed.signer) is None]


def refusals(anchors: Sequence[bytes], kept: Kept, product: str, license: License) -> set[str]:
    """With which statuses an issue of a license is refused: one for each place that revokes it."""
    named = license_hash(license.id)
    deciding: dict[Place, tuple[Rank, list[RevokedLicense | None]]] = {}
    said = [
        (listed.place, listed.rank, listed.content.entry(named))
        for listed in counting(anchors, kept.lists)
        if listed.content.covers(named)
    ]
    said += [(one.place, one.rank, one.entry) for key, one in kept.statements if key == named]
    for place, rank, entry in said:
        if place[1] not in ("", product):
            continue
        if place not in deciding or deciding[place][0] < rank:
            deciding[place] = (rank, [])
        if deciding[place][0] == rank:
            deciding[place][1].append(entry)
    return {
        f"LICENSE_{entry.reason.upper()}"
        for _, entries in deciding.values()
        for entry in entries
        if entry is not None and license.serial < entry.below
    }


def take(anchors: Sequence[bytes], product: str, kept: Kept, new: Listed, held: Sequence[str] = ()) -> Kept:
    """What a device keeps after one more list, or the status with which it refuses it.

    `held` are the ids of the licenses that it holds.
    """
    if keep_of(anchors, kept.lists, new.signer) is not None:
        raise Refused("ISSUER_REVOKED")
    if new.content.product not in ("", product):
        raise Refused("PRODUCT_MISMATCH")
    beside = [other for other in kept.lists if other.place == new.place]
    if any(new.rank < other.rank for other in beside):
        raise Refused("LIST_OLDER")
    for other in beside:
        if new.rank == other.rank and other.content.named_only == new.content.named_only:
            _demand_another_part(other.content, new.content)
    replaced = [other for other in beside if _takes_the_place(new, other)]
    lists = counting(anchors, [one for one in kept.lists if one not in replaced] + [new])
    if len(lists) > ROOM:
        if new.signer.issuer is not None:
            raise Refused("STATE_FULL")
        least = next((one for one in lists if one.signer.issuer is not None), None)
        if least is None:
            raise Refused("STATE_FULL")
        lists.remove(least)
    return Kept(tuple(lists), _statements(anchors, kept.statements, lists, replaced, new, held))


def _takes_the_place(new: Listed, other: Listed) -> bool:
    """Whether a list takes the place of a kept one of the same line, product and series that does not rank higher."""
    if new.content.is_whole():
        return other.rank < new.rank
    if new.content.named_only or other.content.named_only:
        return new.content.named_only == other.content.named_only
    return not (other.content.is_whole() and other.content.issuers)


def missing_part(anchors: Sequence[bytes], kept: Kept, product: str, license: License, signer: Signer) -> bool:
    """Whether a code of a license that the device does not hold is refused with LIST_PART_MISSING."""
    named = license_hash(license.id)
    lists = counting(anchors, kept.lists)
    for listed in lists:
        line, covered, _ = listed.place
        if listed.content.part is None or license.issued_at > listed.content.issued_at:
            continue
        if line not in (ANCHORS, line_of(signer)) or covered not in ("", product):
            continue
        if not any(
            other.place == listed.place and other.rank >= listed.rank and other.content.covers(named)
            for other in lists
        ):
            return True
    return False


def _demand_another_part(old: RevocationList, new: RevocationList) -> None:
    """Two lists of one rank and sort: the same one again, another part, or a conflict."""
    if new == old:
        raise Refused("ALREADY_APPLIED")
    if old.part is None or new.part is None or old.part.overlaps(new.part):
        raise Refused("LIST_CONFLICT")


def _statements(
    anchors: Sequence[bytes],
    before: Iterable[tuple[bytes, Statement]],
    lists: Sequence[Listed],
    replaced: Sequence[Listed],
    new: Listed,
    held: Sequence[str],
) -> tuple[tuple[bytes, Statement], ...]:
    """One statement of each held license: of a list that another one took the place of without covering it."""
    kept = dict(before)
    places = {one.place for one in lists}
    after: dict[bytes, Statement] = {}
    for name in held:
        named = license_hash(name)
        old = kept.get(named)
        if old is not None and old.place == new.place and old.rank < new.rank and new.content.covers(named):
            old = None
        if old is not None and (old.place not in places or keep_of(anchors, lists, old.signer) is not None):
            old = None
        for left in replaced:
            if left.content.covers(named) and not new.content.covers(named) and (old is None or not old.revokes()):
                old = Statement(left.place, left.rank, left.signer, left.content.entry(named))
        if old is not None:
            after[named] = old
    return tuple(sorted(after.items(), key=lambda one: one[0]))
