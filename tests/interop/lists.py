"""What revocation lists say together, and which of them a device keeps (FORMAT.md §11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from .keyring import Signer
from .license import License
from .revocation import RevocationList, RevokedLicense, license_hash
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


def retired(anchors: Sequence[bytes], lists: Iterable[Listed]) -> dict[int, int]:
    """The retired anchors by their position in the key ring, and the keep of each.

    From the last anchor to the first: the lists of a retired one retire nobody.
    """
    found: dict[int, int] = {}
    given = list(lists)
    for at in reversed(range(len(anchors))):
        for listed in given:
            if listed.signer.issuer is not None or listed.signer.anchor <= at or listed.signer.anchor in found:
                continue
            for named in listed.content.issuers:
                if named.key == anchors[at][:KEY_BYTES]:
                    found[at] = min(found.get(at, 1), named.keep)
    return found


def revoked_issuers(anchors: Sequence[bytes], lists: Iterable[Listed]) -> dict[bytes, int]:
    """The revoked issuers by the first bytes of their key, and the keep of each."""
    given = list(lists)
    without = retired(anchors, given)
    found: dict[bytes, int] = {}
    for listed in given:
        if listed.signer.issuer is None and listed.signer.anchor not in without:
            for named in listed.content.issuers:
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
    deciding: dict[Place, tuple[Rank, RevokedLicense | None]] = {}
    said = [
        (listed.place, listed.rank, listed.content.entry(named))
        for listed in counting(anchors, kept.lists)
        if listed.content.covers(named)
    ]
    said += [(one.place, one.rank, one.entry) for key, one in kept.statements if key == named]
    for place, rank, entry in said:
        if place[1] in ("", product) and (place not in deciding or deciding[place][0] < rank):
            deciding[place] = (rank, entry)
    return {
        f"LICENSE_{entry.reason.upper()}"
        for _, entry in deciding.values()
        if entry is not None and license.serial < entry.below
    }


def take(anchors: Sequence[bytes], kept: Kept, new: Listed, held: Sequence[str] = ()) -> Kept:
    """What a device keeps after one more list, or the status with which it refuses it.

    `held` are the ids of the licenses that it holds. A list for another product is the caller's to refuse.
    """
    if keep_of(anchors, kept.lists, new.signer) is not None:
        raise Refused("ISSUER_REVOKED")
    replaced = None
    for other in kept.lists:
        if other.place != new.place:
            continue
        if new.rank < other.rank:
            raise Refused("LIST_OLDER")
        if other.content.named_only != new.content.named_only:
            continue
        if new.rank == other.rank:
            _demand_another_part(other.content, new.content)
        replaced = other
    if replaced is None and len(kept.lists) >= ROOM:
        if new.signer.issuer is not None:
            raise Refused("STATE_FULL")
        replaced = next((one for one in kept.lists if one.signer.issuer is not None), None)
        if replaced is None:
            raise Refused("STATE_FULL")
    lists = tuple(one for one in kept.lists if one is not replaced) + (new,)
    return Kept(lists, _statements(kept, replaced, new, held))


def missing_part(kept: Kept, product: str, license: License, signer: Signer) -> bool:
    """Whether a code of a license that the device does not hold is refused with LIST_PART_MISSING."""
    named = license_hash(license.id)
    for listed in kept.lists:
        line, covered, _ = listed.place
        if listed.content.part is None or license.issued_at > listed.content.issued_at:
            continue
        if line not in (ANCHORS, line_of(signer)) or covered not in ("", product):
            continue
        if not any(
            other.place == listed.place and other.rank >= listed.rank and other.content.covers(named)
            for other in kept.lists
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
    kept: Kept, replaced: Listed | None, new: Listed, held: Sequence[str]
) -> tuple[tuple[bytes, Statement], ...]:
    """One statement of each held license: of a list that another one took the place of without covering it."""
    before = dict(kept.statements)
    after: dict[bytes, Statement] = {}
    for name in held:
        named = license_hash(name)
        old = before.get(named)
        if old is not None and old.place == new.place and old.rank <= new.rank and new.content.covers(named):
            old = None
        if replaced is not None and replaced.content.covers(named) and not new.content.covers(named):
            left = Statement(replaced.place, replaced.rank, replaced.content.entry(named))
            if old is None or not old.revokes():
                old = left
        if old is not None:
            after[named] = old
    return tuple(sorted(after.items()))
