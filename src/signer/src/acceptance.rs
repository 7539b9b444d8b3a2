//! Whether a device's document matches the seller's expectation, and every reason why not.

use lic2::Proof;
use serde_json::{Value, json};

use crate::describe::{Table, proof_words};
use crate::exit::{Exit, Failure, Result};
use crate::publickey::PublicKey;
use crate::ui;

/// What was compared, and what differs.
#[derive(Clone, Debug, Default)]
pub struct Acceptance {
    compared: Vec<&'static str>,
    problems: Vec<String>,
}

impl Acceptance {
    /// Compares `what`; `problem` says what is wrong if it does not hold.
    pub fn check(&mut self, what: &'static str, holds: bool, problem: impl FnOnce() -> String) {
        if !self.compared.contains(&what) {
            self.compared.push(what);
        }
        if !holds {
            self.problems.push(problem());
        }
    }

    /// Requires a signature of the device with this key.
    pub fn check_key(&mut self, proof: Proof, expected: &PublicKey) {
        self.check("device key", proof == Proof::Signed(*expected), || {
            format!("the device key {} is expected, and this is {}", ui::hex(expected), proof_words(proof))
        });
    }

    /// Whether anything was compared.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.compared.is_empty()
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.problems.is_empty()
    }

    /// Its lines.
    pub fn words(&self, table: &mut Table) {
        if self.problems.is_empty() {
            let compared = self.compared.join(", ");
            table.row(
                "accepted",
                if compared.is_empty() { "yes".into() } else { format!("yes: {compared} as expected") },
            );
        }
        for problem in &self.problems {
            table.row("NOT ACCEPTED", problem);
        }
    }

    /// The fields that say so.
    pub fn fields(&self, json: &mut Value) {
        json["accepted"] = json!(self.problems.is_empty());
        json["compared"] = json!(self.compared);
        json["problems"] = json!(self.problems);
    }

    /// Exit code 3 if anything differs.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn result(&self, hint: &str) -> Result<()> {
        let Some(problem) = self.problems.first() else { return Ok(()) };
        Err(Failure::new(Exit::Rejected, format!("not accepted: {problem}")).hint(hint))
    }
}

/// Warns on stderr if nobody vouches for a document that is accepted.
pub fn warn_unsigned(proof: Proof) {
    if proof == Proof::Unsigned {
        ui::warn(&proof_words(proof));
    }
}
