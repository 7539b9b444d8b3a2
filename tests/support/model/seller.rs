//! A seller who issues, renews, shortens, revokes and proves times, by chance.

use super::chance::Chance;
use super::documents::{DAY, Document, FeatureSpec, LicenseSpec, ListSpec, ReasonSpec, RightSpec, TermSpec};
use crate::support::ISSUED;

/// Few enough for the store.
pub const IDS: [&str; 5] = ["ADD", "BASE", "HOURS", "LEASE", "TRIAL"];
pub const FEATURES: [&str; 4] = ["analytics", "channels", "pages", "scans"];

/// When the tests' issuer certificate ends.
const ISSUER_ENDS: u64 = ISSUED + 399 * DAY;

#[derive(Default)]
pub struct Seller {
    serials: [u32; IDS.len()],
    lists: [u32; 2],
    /// Everything that was ever issued, for those who paste it again.
    pub issued: Vec<Document>,
}

impl Seller {
    /// A new document, issued at this time.
    pub fn issue(&mut self, now: u64, chance: &mut Chance) -> Document {
        let document = match chance.below(10) {
            0 => Document::List(self.list(now, chance)),
            1 | 2 => Document::Token(now),
            3 => {
                let useless = [Document::Forged, Document::OtherProduct, Document::OtherDevice, Document::Damaged];
                chance.pick(&useless.each_ref()).clone()
            }
            _ => self.license(now, chance),
        };
        self.issued.push(document.clone());
        document
    }

    fn license(&mut self, now: u64, chance: &mut Chance) -> Document {
        let index = usize::try_from(chance.below(IDS.len() as u64)).expect("few ids");
        let (id, serial) = (IDS[index], &mut self.serials[index]);
        // Now and then the seller uses a serial twice, which makes a conflict.
        if *serial == 0 || !chance.one_in(12) {
            *serial += 1;
        }
        let term = match id {
            "TRIAL" => TermSpec::Days(chance.pick(&[1, 3, 14, 30])),
            "HOURS" => TermSpec::Hours(chance.pick(&[1, 5, 40, 300])),
            _ if chance.one_in(3) => TermSpec::Perpetual,
            _ => TermSpec::Until(now - now % 3_600 + chance.pick(&[1, 10, 40, 365]) * DAY),
        };
        let by_issuer = id == "ADD" && now < ISSUER_ENDS;
        let spec = LicenseSpec {
            id,
            serial: *serial,
            issued_at: now,
            term,
            grace_days: chance.pick(&[0, 0, 2, 10]),
            lease_days: if id == "LEASE" { chance.pick(&[1, 7, 30]) } else { 0 },
            not_before: chance.one_in(8).then(|| now + chance.pick(&[1, 5]) * DAY),
            is_add_on: id == "ADD",
            by_issuer,
            features: features(now, chance),
            quantity: chance.pick(&[1, 2]),
        };
        Document::License { spec, carries: !chance.one_in(4) }
    }

    fn list(&mut self, now: u64, chance: &mut Chance) -> ListSpec {
        let series = u8::from(chance.one_in(2));
        let number = &mut self.lists[usize::from(series)];
        if *number == 0 || !chance.one_in(10) {
            *number += 1;
        }
        let reasons = [ReasonSpec::Released, ReasonSpec::Frozen, ReasonSpec::Refunded, ReasonSpec::Replaced];
        let mut licenses = Vec::new();
        for (id, serial) in IDS.into_iter().zip(self.serials) {
            let below = serial + 1 - u32::from(chance.one_in(3));
            if below > 0 && chance.one_in(5) {
                licenses.push((id, below, chance.pick(&reasons)));
            }
        }
        let issuer = chance.one_in(10).then(|| chance.one_in(2));
        ListSpec { number: *number, series, issued_at: now, issuer, licenses }
    }
}

fn features(now: u64, chance: &mut Chance) -> Vec<FeatureSpec> {
    let mut features = Vec::new();
    for name in FEATURES {
        let amount = chance.pick(&[3, 20, 100]);
        let right = match name {
            "channels" => RightSpec::Limit(amount),
            "pages" => RightSpec::Quota { amount, overage: true },
            "scans" => RightSpec::Quota { amount, overage: false },
            _ => RightSpec::Flag,
        };
        let expires = chance.one_in(6).then(|| now + 20 * DAY);
        if !chance.one_in(3) {
            features.push(FeatureSpec { name, right, expires });
        }
    }
    features
}
