//! The offsets of the fields of each kind of entry, in bytes from the beginning of its content: `docs/STATE.md` §2.
//! Integers are little-endian.

/// An activation: fixed fields, its meters, and the code.
pub(super) mod license {
    use super::statement;

    /// `u64`: Unix seconds of the first activation; 0 while the time was never known.
    pub(crate) const ACTIVATED_AT: usize = 0;
    /// `u64`: powered-on seconds at the first activation.
    pub(crate) const POWERED_AT: usize = 8;
    /// `[u8; 8]`: license id hash, by which a revocation list names it.
    pub(crate) const ID_HASH: usize = 16;
    /// `[u8; 8]`: the beginning of the signer's key.
    pub(crate) const KEY: usize = 24;
    /// `u32`: serial.
    pub(crate) const SERIAL: usize = 32;
    /// `u16`: status number if the code is not genuine any more, as after a change of anchors; otherwise 0.
    pub(crate) const AUTHENTICITY: usize = 36;
    /// `u16`: status number if a list has ended it, or another license takes its place; otherwise 0.
    pub(crate) const REVOCATION: usize = 38;
    /// `u16`: places in the key ring, from 1: of the anchor that signed it, 0 for an issuer; in the high byte that of
    /// the anchor that vouches for it.
    pub(crate) const SIGNER: usize = 40;
    /// `u16`: length of the meters.
    pub(crate) const METERS_LEN: usize = 42;
    /// What a list that is no longer held has stated about this license: see [`super::statement`].
    pub(crate) const STATEMENT: usize = 44;
    /// Where the meters begin; the code follows them.
    pub(crate) const FIXED_LEN: usize = STATEMENT + statement::LEN;
}

/// A revocation list: fixed fields, and the document.
pub(super) mod list {
    /// `[u8; 8]`: the hash of line, series and product; in a statement zeros if there is none.
    pub(crate) const LINE: usize = 0;
    /// `u64`: how the list ranks in its line: the place of the anchor that signed it, then its number.
    pub(crate) const RANK: usize = 8;
    /// `[u8; 8]`: the beginning of the signer's key.
    pub(crate) const KEY: usize = 16;
    /// `u16`: places of the signer and of the anchor that vouches for it, as of a license.
    pub(crate) const SIGNER: usize = 24;
    /// `u16`: status number if the list is not genuine any more.
    pub(crate) const AUTHENTICITY: usize = 26;
    /// Where the document begins.
    pub(crate) const FIXED_LEN: usize = 28;
}

/// A statement in the entry of a license. It begins with the fields of the list that made it, up to its signer.
pub(super) mod statement {
    use super::list;

    /// How many bytes are the same as in front of a list.
    pub(crate) const SHARED_LEN: usize = list::AUTHENTICITY;
    /// `u16`: the status that the license is refused with.
    pub(crate) const STATUS: usize = 26;
    /// `u32`: issues with a serial below are refused.
    pub(crate) const BELOW: usize = 28;
    /// The length of a statement.
    pub(crate) const LEN: usize = 32;
}

/// A returned license.
pub(super) mod returned {
    use super::license;

    // `[u8; 8]`: license id hash, at 0.
    /// `u32`: serial.
    pub(crate) const SERIAL: usize = 8;
    /// The length without a receipt: license id hash and serial.
    pub(crate) const FIXED_LEN: usize = 12;
    /// `u16`: length of the meters.
    pub(crate) const METERS_LEN: usize = 12;
    /// `[u8; 8]`: nonce of the receipt.
    pub(crate) const NONCE: usize = 16;
    /// `u64`: when it was written, in Unix seconds; 0 if the device did not know.
    pub(crate) const AT: usize = 24;
    // 32 to 76: zeros. The entry was that of the license, whose meters stay where they are.
    /// Where the meters begin. Behind them: the number of components (1), each as kind and hash (9), the license id.
    pub(crate) const METERS: usize = license::FIXED_LEN;
}
