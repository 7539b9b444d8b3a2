//! The ledger: what a seller signed and accepted, in a SQLite file that only grows.
//!
//! ```text
//! Ledger ── begin ──▶ Writing ── record / note ──▶ Pending ── commit ──▶ the text may leave the process
//!    └────── view ──▶ View: entries, latest issue, standing, quotas
//! ```
//!
//! - [`Ledger`] is the open file. [`Writing`] is one transaction that holds the write lock from its beginning, so that
//!   looking an order up, allocating a serial, counting a quota and adding the entry are one step even among processes.
//! - A [`Pending`] releases its text only for the [`Committed`] of a transaction that is on the disk: a code that a customer
//!   holds is in the ledger, whatever happens to the machine.
//! - [`Entry`] is a row. [`Facts`] are the columns that its text decides; they are taken from the text in one place and
//!   checked against it again by [`Ledger::verify`].
//! - Rows are chained by [`hash`] and signed with the key that signs their text, while it is available.
//! - What is asked for comes as [`crate::intent::Intent`] from whatever is [`crate::sealing::Sealable`]; this module knows
//!   no verb and prints nothing.
//!
//! docs/LEDGER.md is normative for the file.

mod backup;
mod canonical;
mod content;
mod entry;
mod event;
mod facts;
mod fault;
mod fresh;
pub mod hash;
mod idempotency;
mod note;
mod open;
mod quota;
mod record;
mod schema;
mod standing;
mod trust;
mod verify;
mod view;

pub use entry::Entry;
pub use event::Event;
pub use facts::Facts;
pub use idempotency::{Same, key as key_of_order, of_document as key_of_document};
pub use note::Note;
pub use open::Ledger;
pub use quota::Quota;
pub use record::{Committed, Occasion, Pending, Recorded, Writing, state_part};
pub use schema::{APPLICATION_ID, COLUMNS, VERSION};
pub use standing::{Course, Standing, State};
pub use trust::Demands;
pub use verify::{Finding, Report};
pub use view::{Filter, Head, View};
