//! What applying a document did.

use crate::error::Error;

/// What applying a document did, or would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// What became of the document.
    pub outcome: Outcome,
    /// Stored, but not usable now: why the license of a code may not be used, which [`Error::Expired`],
    /// [`Error::NotYetValid`] or [`Error::VersionNotCovered`] say, among others. Of any other document: why a license
    /// of this device has ended. `None` if nothing stands against it.
    pub refusal: Option<Error>,
}

macro_rules! outcomes {
    ($(($number:literal, $variant:ident, $name:literal, $text:literal))+) => {
        /// What applying a document did. The numbers are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Outcome {
            $(#[doc = concat!($number, ": ", $text, ".")] $variant,)+
        }

        impl Outcome {
            /// Every outcome, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable number, equal to the C constant.
            #[must_use]
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $number,)+ }
            }

            /// Whether the stored activation has changed by it.
            pub(super) const fn changes_state(self) -> bool {
                !matches!(self, Self::AlreadyApplied | Self::TimeOlder)
            }

            /// The stable name, without the C prefix `LIC2_OUTCOME_`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// One sentence for people, lower case, without a full stop.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

outcomes! {
    (1, Activated, "ACTIVATED", "the license is activated on this device")
    (2, Renewed, "RENEWED", "a later issue replaces the license and lasts as long or longer")
    (3, Shortened, "SHORTENED", "a later issue replaces the license and ends earlier, as after a refund")
    (4, AlreadyApplied, "ALREADY_APPLIED", "this very document was applied before; nothing has changed")
    (5, ListAccepted, "LIST_ACCEPTED", "the revocation list is in force")
    (6, TimeAccepted, "TIME_ACCEPTED", "the time token is accepted")
    (7, TimeOlder, "TIME_OLDER", "the time token proves nothing that is not known; nothing has changed")
    (8, Unlocked, "UNLOCKED", "the device is unlocked")
    (9, VersionNotCovered, "VERSION_NOT_COVERED", "the license is stored, and does not cover the running version")
}
