//! The options that name a ledger, and what is written into it.

use std::ffi::OsString;
use std::path::Path;

use clap::Args;

use crate::check::check_words;
use crate::exit::{Failure, Result};
use crate::ledger::{Event, Ledger, Occasion, Recorded};
use crate::{timespec, ui};

/// Which ledger, and who writes.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Book {
    /// Record it in this ledger, created by lic2-signer ledger init
    #[arg(long, value_name = "FILE", env = "LIC2_LEDGER", hide_env_values = true)]
    ledger: Option<OsString>,
    #[command(flatten)]
    operator: Operator,
}

/// Who writes.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Operator {
    /// Operator to record [default: the user of the operating system]
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
}

/// What a signed document is for.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Recording {
    #[command(flatten)]
    book: Book,
    /// Line of the order: order and line together identify a sale
    #[arg(long, value_name = "LINE")]
    order_line: Option<String>,
    /// Event id of the marketplace: event and device together identify a sale
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// If the ledger already contains a document for this order, print it even if the request has changed
    #[arg(long)]
    recorded: bool,
    /// Whether the license contains the line, too.
    #[arg(skip)]
    line_used: bool,
}

/// The order of a document that carries none itself.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ForOrder {
    /// Order to record in the ledger
    #[arg(long)]
    pub(super) order: Option<String>,
}

impl Book {
    /// Whether a ledger was named. An empty variable names none.
    pub(super) fn is_named(&self) -> bool {
        self.path().is_some()
    }

    /// The ledger, if one was named.
    pub(super) fn open(&self) -> Result<Option<Ledger>> {
        self.path().map(Ledger::open).transpose()
    }

    fn path(&self) -> Option<&Path> {
        self.ledger.as_deref().filter(|name| !name.is_empty()).map(Path::new)
    }

    /// The ledger, for what cannot be done without one.
    pub(super) fn open_for_change(&self) -> Result<Ledger> {
        self.open()?.ok_or_else(|| {
            Failure::usage("a ledger is required, because it contains the sold license")
                .hint("pass --ledger FILE or set LIC2_LEDGER; lic2-signer ledger init creates one")
        })
    }

    /// Who writes.
    pub(super) fn operator(&self) -> Result<String> {
        self.operator.name()
    }
}

impl Operator {
    /// Who writes.
    pub(super) fn name(&self) -> Result<String> {
        let name = match &self.operator {
            Some(name) => name.clone(),
            None => whoami::username().map_err(|cause| {
                Failure::usage(format!("the operating system does not say who you are: {cause}"))
                    .hint("pass --operator NAME")
            })?,
        };
        check_words("operator", &name)?;
        Ok(name)
    }
}

impl Recording {
    pub(super) const fn book(&self) -> &Book {
        &self.book
    }

    /// The line of the order, for a license that names it.
    pub(super) fn order_line(&mut self) -> Option<String> {
        self.line_used = true;
        self.order_line.clone()
    }

    /// The event of the marketplace.
    pub(super) fn event_id(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// The line of the order, as it was stated.
    pub(super) fn line(&self) -> Option<&str> {
        self.order_line.as_deref()
    }

    /// Refuses options that would have no effect, and checks the rest.
    pub(super) fn check(&self, has_ledger: bool, order: Option<&str>) -> Result<()> {
        let stated = [
            ("--order-line", self.order_line.is_some() && !self.line_used),
            ("--event", self.event.is_some()),
            ("--recorded", self.recorded),
        ];
        if let Some((name, _)) = stated.iter().find(|(_, stated)| *stated && !has_ledger) {
            return Err(Failure::usage(format!("{name} without --ledger")).hint(
                "it is recorded only in a ledger: \
                                                                                name one",
            ));
        }
        if self.order_line.is_some() && order.is_none() {
            return Err(Failure::usage("--order-line without --order").hint("pass the order that the line belongs to"));
        }
        if self.recorded && order.is_none() && self.event.is_none() {
            return Err(Failure::usage("--recorded without --order or --event")
                .hint("pass the order whose document to print; lic2-signer ledger search finds others"));
        }
        for (what, text) in
            [("order-line", &self.order_line), ("event", &self.event), ("order", &order.map(Into::into))]
        {
            if let Some(text) = text {
                check_words(what, text)?;
            }
        }
        Ok(())
    }

    /// The occasion on which `operator` signs.
    pub(super) fn occasion<'a>(&'a self, event: Event, operator: &'a str, order: Option<&'a str>) -> Occasion<'a> {
        Occasion {
            order,
            order_line: self.order_line.as_deref(),
            event_id: self.event.as_deref(),
            recorded: self.recorded,
            ..Occasion::new(event, operator)
        }
    }
}

/// The same for the parts of one document.
pub(super) fn note_recorded_parts(parts: &[Recorded], ledger: &Ledger) {
    match parts {
        [one] => note_recorded(one, ledger),
        [first, .., last] => {
            let before = if first.repeated { " before" } else { "" };
            ui::note(&format!(
                "recorded{before}: entries {} to {} of {}",
                first.seq,
                last.seq,
                ledger.path().display()
            ));
        }
        [] => {}
    }
}

/// Reports the entry.
pub(super) fn note_recorded(recorded: &Recorded, ledger: &Ledger) {
    let (seq, path) = (recorded.seq, ledger.path().display());
    if !recorded.repeated {
        return ui::note(&format!("recorded: entry {seq} of {path}"));
    }
    let at = ledger
        .view()
        .entry(seq)
        .ok()
        .flatten()
        .map_or_else(String::new, |entry| format!(", of {}", timespec::format(entry.at)));
    ui::note(&format!("recorded before: entry {seq} of {path}{at}"));
}
