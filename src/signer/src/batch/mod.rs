//! Many orders at once: rows of a table in, codes out, one ledger in between.
//!
//! ```text
//! Rows ──▶ Row ──▶ Order ──▶ the ledger, many in a transaction ──▶ Codes, in the order of the rows
//!                    └────── what is wrong with a row ──▶ Refused
//! ```
//!
//! - [`Rows`] reads CSV or JSON lines, one row at a time; [`Columns`] are the names that a row may use.
//! - An [`Order`] has something that makes it the same when it comes again. So a batch that was killed is simply run again:
//!   what is in the ledger comes out of it byte for byte, and the rest is signed.
//! - The files appear complete or not at all ([`PartFile`]); codes are written after the transaction that holds them.
//!
//! A batch of any length takes the memory of one transaction.

mod columns;
mod order;
mod output;
mod part;
mod progress;
mod rows;
mod run;

pub use columns::Columns;
pub use order::{Order, Terms};
pub use output::{Codes, Format, Refused};
pub use part::PartFile;
pub use progress::{Progress, grouped, per_second};
pub use rows::{Row, Rows};
pub use run::{Desk, Tally, run};
