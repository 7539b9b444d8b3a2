//! The batch itself: rows are read and checked, then recorded many in a transaction, then written.

use std::time::{Duration, Instant};

use super::order::{Order, Terms};
use super::output::{Codes, Refused};
use super::progress::Progress;
use super::rows::{Row, Rows};
use crate::exit::{Exit, Failure, Result};
use crate::ledger::{Ledger, Occasion, Pending};
use crate::sealing::Sealer;
use crate::ui;

/// Most rows of a transaction; so many are in memory at a time.
const ROWS_MAX: usize = 1000;

/// Longest time that a transaction keeps others from writing. They wait up to ten seconds.
const HOLD_MAX: Duration = Duration::from_millis(250);

/// Who signs, and where it is recorded.
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct Desk<'d> {
    /// The ledger.
    pub ledger: &'d mut Ledger,
    /// The key.
    pub sealer: &'d Sealer,
    /// What holds for every row.
    pub terms: &'d Terms,
    /// What happens, and who does it.
    pub occasion: Occasion<'d>,
    /// So many rows may be refused; one more ends the batch.
    pub errors_max: Option<u64>,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were read.
    pub rows: u64,
    /// Rows for which a code was signed.
    pub signed: u64,
    /// Rows whose code was in the ledger already.
    pub recorded: u64,
    /// Whether the batch stopped because too many rows were refused.
    pub is_given_up: bool,
}

/// Sells every row.
///
/// # Errors
/// What cannot be the fault of a row: exit code 2 for files, 4 for the key. What was committed is in the ledger.
pub fn run(
    rows: &mut Rows<'_>,
    mut desk: Desk<'_>,
    codes: &mut Codes,
    refused: &mut Refused,
    progress: &mut Progress,
) -> Result<Tally> {
    let mut tally = Tally::default();
    loop {
        let mut waiting = read(rows, desk.terms)?;
        if waiting.is_empty() {
            return Ok(tally);
        }
        while !waiting.is_empty() {
            let done = sell(&waiting, &mut desk)?;
            let rest = waiting.split_off(done.len());
            for ((row, order), done) in waiting.into_iter().zip(done) {
                tally.rows = tally.rows.saturating_add(1);
                match (done, order) {
                    (Ok(sold), Ok(order)) => {
                        let count = if sold.repeated { &mut tally.recorded } else { &mut tally.signed };
                        *count = count.saturating_add(1);
                        codes.add(row.number, order.order.as_deref(), order.order_line.as_deref(), &sold.text)?;
                    }
                    (Err(failure), _) | (_, Err(failure)) => {
                        if let Some(line) = refused.add(&row, &failure)? {
                            progress.aside(|| ui::report(&line));
                        }
                    }
                }
            }
            codes.flush()?;
            progress.show(tally.rows, rows.bytes());
            if desk.errors_max.is_some_and(|most| refused.count > most) {
                tally.is_given_up = true;
                return Ok(tally);
            }
            waiting = rest;
        }
    }
}

type Waiting = (Row, Result<Order>);

/// The next rows, checked while the ledger is free for others.
fn read(rows: &mut Rows<'_>, terms: &Terms) -> Result<Vec<Waiting>> {
    let mut waiting = Vec::new();
    while waiting.len() < ROWS_MAX {
        let Some(row) = rows.next_row()? else { break };
        let order = Order::new(&row, terms);
        waiting.push((row, order));
    }
    Ok(waiting)
}

/// Records as many rows as time permits, at least one, in one transaction; gives the codes of what is on the disk.
fn sell(waiting: &[Waiting], desk: &mut Desk<'_>) -> Result<Vec<Result<crate::ledger::Recorded>>> {
    let mut writing = desk.ledger.begin()?;
    let begun = Instant::now();
    let mut done: Vec<Result<Pending>> = Vec::new();
    for (_, order) in waiting {
        done.push(match order {
            Ok(order) => {
                let mut draft = order.draft.clone();
                match writing.record(&mut draft, desk.sealer, &order.occasion(&desk.occasion)) {
                    Err(failure) if !is_of_the_row(&failure) => return Err(failure),
                    recorded => recorded,
                }
            }
            Err(failure) => Err(failure.clone()),
        });
        if begun.elapsed() >= HOLD_MAX {
            break;
        }
    }
    let committed = writing.commit()?;
    Ok(done.into_iter().map(|done| done.map(|pending| pending.release(&committed))).collect())
}

const fn is_of_the_row(failure: &Failure) -> bool {
    match failure.exit() {
        Exit::Usage | Exit::Rejected | Exit::Ledger => true,
        Exit::Io | Exit::Key | Exit::Partial | Exit::Internal => false,
    }
}
