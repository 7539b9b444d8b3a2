//! `add-on`: features for the device of a license that was sold.

use clap::Args;
use lic2::UnixSeconds;
use serde_json::{Map, json};

use super::after_sale::{Subject, in_force, note_order};
use super::signing::{Made, Signing};
use crate::change::{Change, Later};
use crate::content::Content;
use crate::exit::{Failure, HELP, Result};
use crate::feature::FeatureSpec;
use crate::ledger::Event;
use crate::time_text::TimeText;

/// Adds features to a license with a separate add-on code
///
/// Product, device and class come from the license's latest issue in the ledger, and so does the end, unless you pass
/// --until or --perpetual. The add-on has its own id, and is renewed, refunded and revoked separately; the device also
/// needs the license itself. Repeating an order or event prints the same code, byte for byte.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer add-on PL-20261122-00000042 --id PL-20261201-00000007 --feature analytics --order \
     CS2612011000 --key issuer.key --certificate issuer.cert --ledger sales.ledger --passphrase-file passphrase.txt"
))]
pub(super) struct AddOn {
    #[command(flatten)]
    subject: Subject,
    /// License id of the add-on
    #[arg(long)]
    id: String,
    /// A feature, as for lic2-signer issue (repeat)
    #[arg(long, value_name = "FEATURE", required = true)]
    feature: Vec<FeatureSpec>,
    /// End of the term (exclusive); a date means its beginning in UTC
    #[arg(long, value_name = "TIME")]
    until: Option<TimeText>,
    /// No end
    #[arg(long, conflicts_with = "until")]
    perpetual: bool,
    #[command(flatten)]
    signing: Signing,
}

impl AddOn {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let Self { subject, id, feature, until, perpetual, signing } = self;
        let license = subject.license.as_str();
        if id == license {
            return Err(Failure::usage("the add-on has the id of the license").hint("give it a different id"));
        }
        note_order(&subject.order, &signing);
        let content = Content { feature, until, perpetual, order: subject.order.clone(), ..Content::default() };
        let change = Change { content: content.clone(), ..Change::default() };
        let mut intent = change.intent(license);
        intent.stated.insert("id".into(), json!(id));
        intent.stated.insert("add-on".into(), json!(true));
        signing.sign_from_ledger(Event::Issue, &intent.clone(), |writing, _| {
            let sold = in_force(&writing.view(), license, false, now)?;
            // What the license grants stays there: the add-on has its own features, edition and count.
            let base = Content {
                id: Some(id),
                feature: Vec::new(),
                item: Vec::new(),
                edition: None,
                quantity: None,
                add_on: true,
                ..sold.content.clone()
            };
            let content = content.over(base);
            let later = Later::new(content, sold.binding.clone(), sold.entry.device.clone(), intent, now)?;
            let detail = [("license".to_owned(), json!(license))].into_iter().collect::<Map<_, _>>();
            Ok(Made(later, detail))
        })
    }
}
