//! Where a revocation list belongs: `docs/FORMAT.md` §11.

use super::image::Image;
use super::layout::list::{LINE, RANK};
use crate::hash::short_hash;
use crate::limits::LINE_LEN;
use crate::wire::revocation::RevocationList;

/// Domain of the hash of a line.
const LINE_DOMAIN: &[u8; 16] = b"LIC2 list line 1";

/// Where a list belongs: lists of one line count together, and the one of the highest rank first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) line: u64,
    pub(super) rank: u64,
}

/// The hash of line, series and product.
#[inline(never)]
pub(super) fn line_of(line: [u8; LINE_LEN], list: &RevocationList<'_>) -> u64 {
    u64::from_le_bytes(short_hash(LINE_DOMAIN, &[&line, &[list.series], list.product.as_bytes()]))
}

impl Image<'_> {
    /// The position of a list or a statement.
    pub(super) fn position(&self, at: usize) -> Position {
        Position { line: self.u64(at.wrapping_add(LINE)), rank: self.u64(at.wrapping_add(RANK)) }
    }

    /// Sets the position of the list whose content begins at `content`.
    pub(super) fn set_position(&mut self, content: usize, position: Position) {
        self.set_u64(content.wrapping_add(LINE), position.line);
        self.set_u64(content.wrapping_add(RANK), position.rank);
    }
}
