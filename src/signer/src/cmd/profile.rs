//! `profile check`: whether the profiles of products can be sold by, and the option of `issue` that takes one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lic2::UnixSeconds;
use serde_json::{Value, json};

use crate::content::Content;
use crate::exit::{Failure, HELP, Result};
use crate::profile::Profiles;
use crate::ui;

/// Checks product profiles
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Profile {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(Check),
}

/// Checks a file of product profiles and lists its SKUs
///
/// Every mistake is reported with its line. Each SKU is then tried out with an order of one license, to prove that it
/// can be sold; the last column shows what an order needs in addition to the device. docs/SELLER.md explains the
/// format.
///
/// JSON: a list of sku, product, edition, term, features and needs (order, line, quantity or customer).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer profile check products.toml"))]
struct Check {
    /// The profiles, TOML
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where an order gets its defaults.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct FromProfile {
    /// File of product profiles
    #[arg(long, value_name = "FILE", requires = "sku")]
    profile: Option<PathBuf>,
    /// The SKU that was ordered
    #[arg(long, requires = "profile")]
    sku: Option<String>,
}

impl FromProfile {
    /// The given content over that of the profile, if one is named.
    pub(super) fn under(&self, stated: Content, line: Option<&str>) -> Result<Content> {
        match (&self.profile, &self.sku) {
            (Some(path), Some(sku)) => Profiles::read(path)?.content(sku, stated, line),
            _ => Ok(stated),
        }
    }

    pub(super) const fn is_named(&self) -> bool {
        self.profile.is_some()
    }
}

impl Profile {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        match self.verb {
            Verb::Check(check) => check.run(now),
        }
    }
}

impl Check {
    fn run(self, now: UnixSeconds) -> Result<()> {
        let place = self.file.display();
        let (profiles, mut mistakes) = Profiles::read_all(&self.file)?;
        let mut found = Vec::new();
        if mistakes.is_empty() {
            for sku in profiles.skus() {
                match profiles.try_out(sku, now) {
                    Ok(content) => found.push((sku, content)),
                    Err(failure) => mistakes.push(failure.to_string()),
                }
            }
        }
        if !mistakes.is_empty() {
            for mistake in &mistakes {
                ui::note(mistake);
            }
            return Err(Failure::usage(format!("{place}: mistakes: {}", mistakes.len()))
                .hint("keys are the flags of lic2-signer issue without the dashes, extends and abstract"));
        }
        if found.is_empty() {
            return Err(Failure::usage(format!("{place}: it contains no SKU"))
                .hint("write [SKU] and below it lines such as until = \"30d\""));
        }
        let list: Vec<Value> = found.iter().map(|(sku, content)| as_json(sku, content, &profiles.needs(sku))).collect();
        if self.json {
            return ui::artifact(&ui::json(&list.into())?);
        }
        ui::artifact(&list.iter().map(line).collect::<String>())
    }
}

fn as_json(sku: &str, content: &Content, needs: &[&str]) -> Value {
    let term = content
        .until
        .as_ref()
        .map(ToString::to_string)
        .or_else(|| content.days_from_activation.map(|days| format!("{} days from activation", days.0)))
        .or_else(|| content.powered_hours.map(|hours| format!("{hours} powered-on hours")))
        .unwrap_or_else(|| "perpetual".into());
    let features: Vec<&str> = content.feature.iter().map(|feature| feature.name.as_str()).collect();
    let mut needs: Vec<&str> = needs.to_vec();
    if content.id.is_none() {
        needs.push("id");
    }
    json!({
        "sku": sku,
        "product": content.product,
        "edition": content.edition,
        "term": term,
        "features": features,
        "needs": needs,
    })
}

/// `SKU  product  term  features; an order needs ...`
fn line(entry: &Value) -> String {
    let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    let words = |field: &str| {
        let words: Vec<&str> = entry[field].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if words.is_empty() { "-".into() } else { words.join(",") }
    };
    format!(
        "{:<20} {:<20} {:<16} features {}; an order needs {}\n",
        text("sku"),
        text("product"),
        text("term"),
        words("features"),
        words("needs")
    )
}
