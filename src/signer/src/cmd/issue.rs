//! `issue`: content and key to a code.

use std::path::{Path, PathBuf};

use clap::Args;
use lic2::{DocumentBuffer, UnixSeconds};

use super::profile::FromProfile;
use super::signing::Signing;
use crate::content::Content;
use crate::draft::Draft;
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Event;
use crate::request::{Asked, BindTo};
use crate::ui;

/// Issues a code
///
/// The content comes from flags, from a TOML or JSON file (--content), or from both; flags take precedence. The keys
/// of a file are the flags without the dashes: id = "PL-1", until = 2027-06-30, feature = ["channels=limit:64"]. With
/// --profile and --sku, defaults come from a file of product profiles; an order then needs only its number, the
/// quantity and the device. Before the code is printed, the library itself checks it against the certificate's limits.
///
/// With --request, the code answers a device: it is for the request's product and, unless you pass --id, for the
/// license that the request names, and it is bound to the request's identity components. One or two components must
/// all match; with more, one may be replaced. --match overrides this.
///
/// With --ledger, the code is recorded before it is printed, and gets the next serial of its license unless you pass
/// --serial. Repeating an order (--order, with --order-line if it has lines), or an --event and device, prints the
/// same code, byte for byte, at any later time and from any process. Different content for the same order is refused;
/// --recorded prints the recorded code anyway. --ledger-only keeps order or customer out of the code.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer issue --key issuer.key --certificate issuer.cert --id PL-20261122-00000042 \
     --product vision-appliance --until 1y --device esn:2102312ABC0123456789 --feature channels=limit:64 \
     --passphrase-file passphrase.txt"
))]
pub(super) struct Issue {
    #[command(flatten)]
    signing: Signing,
    /// Answer this request of a device: the text itself, a file that contains it, or - for stdin
    #[arg(long, value_name = "REQUEST")]
    request: Option<String>,
    #[command(flatten)]
    to: BindTo,
    /// Content file, TOML or JSON; - is stdin
    #[arg(long = "content", value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    from: FromProfile,
    #[command(flatten)]
    content: Content,
}

impl Issue {
    pub(super) fn run(mut self, now: UnixSeconds) -> Result<()> {
        if self.request.as_deref() == Some("-") && self.file.as_deref() == Some(Path::new("-")) {
            return Err(Failure::usage("--request and --content cannot both come from stdin")
                .hint("keep one of them in a file"));
        }
        let base = self.file.as_deref().map(Content::read).transpose()?.unwrap_or_default();
        let line = if self.from.is_named() { self.signing.order_line() } else { None };
        let content = self.from.under(self.content.over(base), line.as_deref())?;
        if !content.ledger_only.is_empty() && !self.signing.has_ledger() {
            return Err(Failure::usage("--ledger-only without --ledger")
                .hint("name the ledger, or omit the option for the value that the code must not carry"));
        }
        let draft = match &self.request {
            Some(request) => answer(request, content, self.to, now)?,
            None => Draft::new(content, now)?,
        };
        self.signing.seal_and_print(draft, Event::Issue, None)
    }
}

fn answer(request: &str, content: Content, to: BindTo, now: UnixSeconds) -> Result<Draft> {
    let text = ui::read_document(request)?;
    let mut memory = DocumentBuffer::new();
    let asked = Asked::read(&text, &mut memory).map_err(|failure| failure.at("--request"))?;
    let needed = content.needed;
    let content = asked.complete(content)?;
    let binding = asked.binding(needed, to)?.ok_or_else(|| {
        Failure::usage("the request contains no identity component to bind the license to")
            .hint("bind it with --bind-key if the device has a key, or omit --request to issue for any device")
    })?;
    asked.note_proof();
    Draft::bound(content, binding, now)
}
