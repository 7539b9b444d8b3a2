//! Reports on a ledger: numbers as a table, as CSV and JSON, and as a picture.
//!
//! ```text
//! ledger ──▶ Lives: every license as it stands ──▶ active, expiring, by-product ─┐
//!    └─────▶ entries in their period ────────────▶ issued, refunded ─────────────┴─▶ Report: Sheet and Chart
//! ```
//!
//! Times are UTC. Test licenses are left out unless they are asked for.

mod active;
mod by_product;
mod calendar;
mod expiring;
mod issued;
mod lives;
mod plot;
mod refunded;
mod sheet;

use lic2::UnixSeconds;

pub use active::active;
pub use by_product::by_product;
pub use calendar::Unit;
pub use expiring::expiring;
pub use issued::issued;
pub use plot::{Bar, Chart, png, svg};
pub use refunded::refunded;
pub use sheet::Sheet;

/// A report as numbers and as a picture.
#[derive(Clone, Debug)]
pub struct Report {
    /// The numbers.
    pub sheet: Sheet,
    /// The picture.
    pub chart: Chart,
}

/// What is counted.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Only events at or after this time.
    pub from: Option<UnixSeconds>,
    /// Only events before this time.
    pub to: Option<UnixSeconds>,
    /// Only this product.
    pub product: Option<String>,
    /// Include test licenses.
    pub with_test: bool,
}

impl Scope {
    /// Whether something of this time is in the period.
    fn covers(&self, at: UnixSeconds) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// Whether licenses of this product and class are counted.
    fn counts(&self, product: Option<&str>, class: Option<&str>) -> bool {
        (self.with_test || class != Some("test"))
            && self.product.as_deref().is_none_or(|wanted| product == Some(wanted))
    }

    /// The scope in words, for the picture.
    fn words(&self) -> String {
        let date = |time: UnixSeconds| calendar::Unit::Day.name(time);
        let period = match (self.from, self.to) {
            (None, None) => "whole ledger".into(),
            (Some(from), None) => format!("from {}", date(from)),
            (None, Some(to)) => format!("before {}", date(to)),
            (Some(from), Some(to)) => format!("from {} to before {}", date(from), date(to)),
        };
        let product = self.product.as_ref().map_or_else(String::new, |product| format!("product {product}, "));
        let test = if self.with_test { ", with test licenses" } else { "" };
        format!("{product}{period}, UTC{test}")
    }
}
