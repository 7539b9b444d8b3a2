//! The revocation lists in the store, and what they say of the licenses that are held: `docs/FORMAT.md` §11.
//!
//! Of each line a device keeps the last list. When a part takes the place of another one, what the other said of the
//! licenses that are held stays with those licenses, as a statement.

use super::Engine;
use super::authenticated::Authenticated;
use super::image::{ENTRY_HEADER_LEN, EntryKind, Image, Place};
use super::layout::license::{REVOCATION, STATEMENT};
use super::layout::{list, statement};
use super::position::{Position, line_of};
use super::signing_key::SigningKey;
use super::status_number;
use crate::document::Unverified;
use crate::error::Error;
use crate::keys::KeyRing;
use crate::limits::{DOCUMENT_MAX, LISTS, LISTS_MAX};
use crate::wire::license::License;
use crate::wire::revocation::{Coverage, RevocationList};

/// The entry of a list without its document, in bytes.
const LIST_ENTRY_LEN: usize = ENTRY_HEADER_LEN + list::FIXED_LEN;

fn is_named(list: &RevocationList<'_>) -> bool {
    list.coverage == Coverage::Named
}

/// What a list that is held means for a new one. A stronger one goes before a weaker one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// Nothing.
    Apart,
    /// The new one takes its place.
    Replaced,
    /// It has the same rank and says something else.
    Conflict,
    /// It is the new one.
    Same,
    /// It ranks higher.
    Later,
}

impl Image<'_> {
    pub(super) fn list_document(&self, held: Place) -> &[u8] {
        self.up_to(held.field(list::FIXED_LEN), held.field(self.length_of(held)))
    }

    fn list_signer(&self, held: Place) -> SigningKey {
        self.signing_key_at(held.field(list::KEY), held.field(list::SIGNER))
    }

    /// The list, if its signature was good when it was last checked.
    #[inline(never)]
    pub(super) fn list(&self, held: Place) -> Option<RevocationList<'_>> {
        if self.u16(held.field(list::AUTHENTICITY)) != 0 {
            return None;
        }
        let unverified = Unverified::from_stored(self.list_document(held)).ok()?;
        RevocationList::decode(unverified.envelope.payload).ok()
    }

    /// The first list for which `is_meant` holds.
    fn find_list(&self, is_meant: &mut dyn FnMut(&Self, Place) -> bool) -> Option<Place> {
        let mut next = None;
        loop {
            next = self.next(EntryKind::LIST, next);
            if !LISTS || is_meant(self, next?) {
                return next;
            }
        }
    }

    /// How many lists there are whose signatures are good, and the highest number among them.
    pub(super) fn lists(&self) -> (u32, u32) {
        let (mut count, mut number) = (0_u32, 0);
        self.find_list(&mut |image, held| {
            if let Some(list) = image.list(held) {
                count = count.saturating_add(1);
                number = list.number.max(number);
            }
            false
        });
        (count, number)
    }

    /// Adds the entry of a list.
    pub(super) fn add_list(&mut self, authenticated: &Authenticated, document: &[u8]) -> Result<(), Error> {
        let mut entry = self.begin();
        self.push(&mut entry, &[0; list::FIXED_LEN]);
        self.push(&mut entry, document);
        authenticated.write(self, EntryKind::LIST, entry.content());
        self.finish(&entry, EntryKind::LIST)
    }

    /// What a list that is held means for a new one with this payload.
    #[inline(never)]
    fn relation(&self, held: Place, new: Position, list: &RevocationList<'_>, payload: &[u8]) -> Relation {
        let position = self.position(held.field(0));
        let Some(other) = self.list(held).filter(|_| position.line == new.line) else { return Relation::Apart };
        if position.rank > new.rank {
            return Relation::Later;
        }
        let is_same_sort = is_named(list) == is_named(&other);
        if position.rank == new.rank && is_same_sort {
            let document = Unverified::from_stored(self.list_document(held));
            if document.is_ok_and(|document| document.envelope.payload == payload) {
                return Relation::Same;
            }
            let is_other_part = match (list.coverage, other.coverage) {
                (Coverage::Part(part), Coverage::Part(other)) => !part.overlaps(&other),
                _ => false,
            };
            if !is_other_part {
                return Relation::Conflict;
            }
        }
        // What a list says of issuers counts until another one of all licenses says it.
        let is_whole = list.coverage == Coverage::Every;
        let is_replaced =
            is_same_sort && (is_whole || other.issuers.is_empty()) || is_whole && position.rank < new.rank;
        if is_replaced { Relation::Replaced } else { Relation::Apart }
    }

    /// The strongest relation that a list has to the new one, and which list that is.
    pub(super) fn strongest_relation(
        &self,
        new: Position,
        list: &RevocationList<'_>,
        payload: &[u8],
    ) -> (Relation, Option<Place>) {
        let (mut strongest, mut which) = (Relation::Apart, None);
        self.find_list(&mut |image, held| {
            let relation = image.relation(held, new, list, payload);
            if relation > strongest {
                (strongest, which) = (relation, Some(held));
            }
            false
        });
        (strongest, which)
    }

    /// Keeps with the licenses that are held what a list says of them, which is to be removed for one that does not.
    pub(super) fn keep_statements(&mut self, held: Place, successor: &RevocationList<'_>) {
        let position = self.position(held.field(0));
        let mut next = None;
        loop {
            next = self.license_after(next);
            let Some(license) = next else { return };
            let id = self.id_hash(license).to_le_bytes();
            let revoked = self.list(held).and_then(|list| list.statement(id));
            let Some(revoked) = revoked.filter(|_| successor.statement(id).is_none()) else { continue };
            let at = license.field(STATEMENT);
            let kept = self.position(at);
            let is_needed = if kept.line == position.line {
                kept.rank > position.rank
            } else {
                // There is room for one: of two lines, the first that ends the license.
                kept.line != 0 && self.u32(at.wrapping_add(statement::BELOW)) > 1
            };
            if !is_needed {
                let mut shared = [0; statement::SHARED_LEN];
                for (target, byte) in shared.iter_mut().zip(self.range(held.field(0), statement::SHARED_LEN)) {
                    *target = *byte;
                }
                self.set(at, &shared);
                self.set_u16(at.wrapping_add(statement::STATUS), status_number::to_u16(revoked.reason.status()));
                self.set_u32(at.wrapping_add(statement::BELOW), revoked.below);
            }
        }
    }

    /// Whether this list can be added as one more.
    pub(super) fn has_list_place(&self, document: &[u8]) -> bool {
        self.count(EntryKind::LIST) < LISTS_MAX && self.free() >= LIST_ENTRY_LEN.saturating_add(document.len())
    }

    /// Whether the longest list still finds room after `taken` more bytes: as the first one, or in the place of one
    /// that is held, because lists grow.
    #[inline(never)]
    pub(super) fn has_list_room(&self, taken: usize) -> bool {
        if !LISTS {
            return self.free() >= taken;
        }
        let mut shortest = usize::MAX;
        self.find_list(&mut |image, held| {
            shortest = shortest.min(ENTRY_HEADER_LEN.saturating_add(image.length_of(held)));
            false
        });
        let room = self.free().saturating_add(if shortest == usize::MAX { 0 } else { shortest });
        room >= LIST_ENTRY_LEN.saturating_add(DOCUMENT_MAX).saturating_add(taken)
    }

    /// The first list under keys that are not trusted any more.
    pub(super) fn lost_list(&self) -> Option<Place> {
        self.find_list(&mut |image, held| image.list(held).is_none())
    }

    /// The first list of an issuer.
    pub(super) fn issuers_list(&self) -> Option<Place> {
        self.find_list(&mut |image, held| image.list_signer(held).is_issuer())
    }

    /// Whether some list ends everything from this key, also from now on if `also_new`: a list of an anchor that is later in
    /// the ring than the key itself, or than the anchor that vouches for it.
    #[inline(never)]
    pub(super) fn is_revoked(&self, ring: &KeyRing, signer: SigningKey, also_new: bool) -> bool {
        let [own, vouching] = signer.places();
        let vouching_key = ring.anchor_at(vouching);
        let names = |image: &Self, held| {
            let [lister, _] = image.list_signer(held).places();
            let Some(list) = image.list(held) else { return false };
            for entry in list.issuers {
                let is_meant = u64::from_le_bytes(entry.key) == signer.key && lister > own
                    || Some(entry.key) == vouching_key && lister > vouching;
                if is_meant && (also_new || !entry.keep_activated) {
                    return true;
                }
            }
            false
        };
        self.find_list(&mut { names }).is_some()
    }

    /// Every statement about a license, the kept one first, until `is_meant` holds: its position, below which serial it ends the
    /// license, and with which status. Says whether it held.
    #[inline(never)]
    fn find_statement(&self, id: [u8; 8], is_meant: &mut dyn FnMut(&Self, Position, u32, u16) -> bool) -> bool {
        if let Some(held) = self.license(u64::from_le_bytes(id)) {
            let at = held.field(STATEMENT);
            let (below, status) = (at.wrapping_add(statement::BELOW), at.wrapping_add(statement::STATUS));
            if is_meant(self, self.position(at), self.u32(below), self.u16(status)) {
                return true;
            }
        }
        let by_list = |image: &Self, held: Place| {
            let revoked = image.list(held).and_then(|list| list.statement(id));
            revoked.is_some_and(|revoked| {
                is_meant(
                    image,
                    image.position(held.field(0)),
                    revoked.below,
                    status_number::to_u16(revoked.reason.status()),
                )
            })
        };
        self.find_list(&mut { by_list }).is_some()
    }

    /// Whether something of this line and of this rank or a higher one is said of a license.
    #[inline(never)]
    fn has_statement(&self, id: [u8; 8], line: u64, rank: u64) -> bool {
        self.find_statement(id, &mut |_, other, _, _| other.line == line && other.rank >= rank)
    }

    /// Why some list ends this issue of a license: of each line the statement with the highest rank counts.
    #[inline(never)]
    pub(super) fn revocation(&self, id_hash: u64, serial: u32) -> Option<Error> {
        let id = id_hash.to_le_bytes();
        let mut number: u16 = 0;
        let mut ends = |image: &Self, position: Position, below, status| {
            number = status;
            serial < below && !image.has_statement(id, position.line, position.rank.saturating_add(1))
        };
        if LISTS && self.find_statement(id, &mut ends) {
            return Some(status_number::to_status(number.into()).unwrap_or(Error::StateCorrupt));
        }
        None
    }

    /// Whether a code may be named in a part of a list that is not held: one that was there when the list was made, and that
    /// no list of the line says anything of.
    pub(super) fn lacks_part(&self, license: &License<'_>, authenticated: &Authenticated) -> bool {
        if !LISTS || self.license(authenticated.id_hash).is_some() {
            return false;
        }
        let id = authenticated.id_hash.to_le_bytes();
        let lacks = |image: &Self, held: Place| {
            let Some(list) = image.list(held) else { return false };
            let position = image.position(held.field(0));
            // Another issuer's lists are not about this one's licenses.
            let is_about = !image.list_signer(held).is_issuer() || position.line == line_of(authenticated.line, &list);
            matches!(list.coverage, Coverage::Part(_))
                && license.issued_at <= list.issued_at
                && is_about
                && !image.has_statement(id, position.line, position.rank)
        };
        self.find_list(&mut { lacks }).is_some()
    }

    /// Why a license that is held counts no more. Of one license the highest serial counts, and none that was returned
    /// back: this library stores no others, but an edited store may hold them.
    fn ending(&self, ring: &KeyRing, held: Place) -> Option<Error> {
        if LISTS && self.is_revoked(ring, self.signing_key(held), false) {
            return Some(Error::IssuerRevoked);
        }
        let (id_hash, serial) = (self.id_hash(held), self.serial(held));
        if self.is_returned(id_hash, serial) {
            return Some(Error::LicenseReturned);
        }
        if self.license(id_hash) != Some(held) {
            return Some(Error::LicenseReplaced);
        }
        self.revocation(id_hash, serial)
    }
}

impl Engine<'_> {
    /// Checks every license against the lists.
    #[inline(never)]
    pub(super) fn end_revoked(&mut self) -> Option<Error> {
        // A stolen key must not freeze customers any longer, nor hold the numbers of lists.
        while let Some(held) = self.stolen_list() {
            self.image.remove(held);
        }
        let mut ended = None;
        let mut next = None;
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { break };
            if LISTS {
                self.forget_statement(held);
            }
            let ending = self.image.ending(self.ring, held);
            ended = ended.or(ending);
            self.image.set_u16(held.field(REVOCATION), ending.map_or(0, status_number::to_u16));
        }
        self.update_needs();
        ended
    }

    /// The first list whose key is revoked.
    fn stolen_list(&self) -> Option<Place> {
        self.image.find_list(&mut |image, held| image.is_revoked(self.ring, image.list_signer(held), true))
    }

    /// Forgets a statement whose signature nobody vouches for any more: its key is revoked, or no list of its line is held.
    fn forget_statement(&mut self, license: Place) {
        let at = license.field(STATEMENT);
        let line = self.image.position(at).line;
        let signer = self.image.signing_key_at(at.wrapping_add(list::KEY), at.wrapping_add(list::SIGNER));
        let vouched =
            |image: &Image<'_>, held: Place| image.position(held.field(0)).line == line && image.list(held).is_some();
        if self.image.find_list(&mut { vouched }).is_none() || self.image.is_revoked(self.ring, signer, true) {
            self.image.set(at, &[0; statement::LEN]);
        }
    }
}
