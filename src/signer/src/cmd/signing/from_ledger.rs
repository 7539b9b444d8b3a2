//! Signing what is made of the ledger: looked up, made, signed and recorded in one transaction.

use serde_json::{Map, Value};

use super::{Signing, summarize};
use crate::cmd::recording::{Recording, note_recorded};
use crate::exit::{Exit, Failure, Result};
use crate::intent::Intent;
use crate::ledger::{Event, Writing};
use crate::sealing::Sealable;
use crate::ui;

/// What was made of the ledger: something to sign, and what is to be remembered beside it.
pub(in crate::cmd) struct Made<D>(pub(in crate::cmd) D, pub(in crate::cmd) Map<String, Value>);

impl Signing {
    /// Gives out what the ledger holds for the order of `intent`; or records and signs what `make` makes of the ledger, with
    /// what is to be remembered beside it. All of it is one transaction.
    pub(in crate::cmd) fn sign_from_ledger<D: Sealable>(
        &self,
        event: Event,
        intent: &Intent,
        make: impl FnOnce(&mut Writing<'_>, &str) -> Result<Made<D>>,
    ) -> Result<()> {
        self.recording.check(true, intent.order.as_deref())?;
        let mut ledger = self.recording.book().open_for_change()?;
        let sealer = self.key.sealer()?;
        let operator = self.recording.book().operator()?;
        let mut writing = ledger.begin()?;
        let mut occasion = self.recording.occasion(event, &operator, intent.order.as_deref());
        let pending = match writing.recorded(D::KIND, intent, &occasion)? {
            Some(found) => found,
            None => {
                let Made(mut draft, detail) = make(&mut writing, &operator)?;
                occasion.detail = detail;
                writing.record(&mut draft, &sealer, &occasion)?
            }
        };
        let recorded = pending.release(&writing.commit()?);
        note_recorded(&recorded, &ledger);
        if recorded.text.is_empty() {
            return Err(Failure::new(Exit::Ledger, format!("entry {} has no code to print", recorded.seq))
                .hint("it is a full refund: lic2-signer revocations informs devices"));
        }
        summarize(&recorded.text)?;
        self.note_unchecked();
        ui::artifact(&format!("{}\n", recorded.text))
    }

    /// What is recorded beside it.
    pub(in crate::cmd) const fn recording(&self) -> &Recording {
        &self.recording
    }
}
