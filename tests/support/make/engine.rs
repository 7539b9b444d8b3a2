//! The maker of the scripts in `tests/vectors/engine`: every outcome and every status that the engine can answer with.
//! Each step states by hand what it has to answer; only the texts that a device writes are filled in.

use lic2::port::Slot;
use lic2::seal::{BindingDraft, RevocationDraft};
use lic2::{
    Class, Coverage, Feature, Kind, Part, Reason, RevokedIssuer, RevokedLicense, Right, Term, Text, UnixSeconds,
    Version, VersionRange, license_id_hash,
};

use super::super::engine_documents::{
    DAY, certificate, code, issuer_code, license, list, list_of, nonce_of, quotas, token, unlock, until,
};
use super::super::engine_script::Script;
use super::super::stanza::Case;
use super::super::{ISSUED, Key, bound, component_hash, hex, open_certificate};

pub const FILE: (&str, &str) = (
    "engine/life.txt",
    "Scripts of devices: what the engine answers, step by step. README.md in this folder lists the steps.",
);

struct Life {
    case: Case,
    script: Script,
}

impl Life {
    fn new(name: &str) -> Self {
        Self::of(Case::new(name).with("anchors", hex(&Key::anchor().public())))
    }

    fn counted(name: &str) -> Self {
        Self::of(Case::new(name).with("anchors", hex(&Key::anchor().public())).with("counter", 1))
    }

    fn of(case: Case) -> Self {
        let script = Script::new(&case);
        let mut life = Self { case, script };
        life.at(0).step("open", "0");
        life
    }

    /// Sets the clock to this many days after the issue; the uptime counts along.
    fn at(&mut self, days: u64) -> &mut Self {
        self.step(&format!("clock {} {}", ISSUED + days * DAY, days * DAY), "done")
    }

    fn step(&mut self, what: &str, answer: &str) -> &mut Self {
        self.script.step(what);
        self.case.fields.push(("step".to_owned(), format!("{what} => {answer}")));
        self
    }

    fn apply(&mut self, text: &str, answer: &str) -> &mut Self {
        self.step(&format!("apply {text}"), answer)
    }

    /// A step that writes a text, which is filled in and returned.
    fn text(&mut self, what: &str) -> String {
        let answer = self.script.step(what);
        self.case.fields.push(("step".to_owned(), format!("{what} => {answer}")));
        answer.strip_prefix("0 ").unwrap_or_else(|| panic!("{what}: {answer}")).to_owned()
    }
}

/// A granted or refused check that ends at `until`.
fn checked(status: u32, clock: u32, expires_at: u64) -> String {
    format!("{status} {clock} {expires_at}")
}

pub fn cases() -> Vec<Case> {
    let lives: [fn() -> Life; 14] = [
        codes, lists, parts, issuers, meters, reports, seats, clocks, no_clock, unlocks, counters, slots, stores,
        refusals,
    ];
    lives.iter().map(|life| life().case).chain([add_ons().case, keys().case]).collect()
}

const YEAR: u64 = ISSUED + 365 * DAY;

fn codes() -> Life {
    let mut life = Life::new("codes, renewals and a receipt");
    let one = |serial, days| code(&license("PL-1", serial, until(days)));
    life.step("check", &checked(412, 1, 0));
    life.text("request");
    life.apply(&one(1, 0), "0 1").step("check", &checked(0, 1, YEAR)).apply(&one(1, 0), "0 4");
    life.apply(&one(1, 1), "414").apply(&one(2, 10), "0 2").apply(&one(1, 0), "413").apply(&one(3, 5), "0 3");
    life.step("check", &checked(0, 1, YEAR + 5 * DAY));
    life.step("deactivate PL-2", "423");
    let receipt = life.text("deactivate PL-1");
    life.step("deactivate PL-1", &format!("0 {receipt}")).step("check", &checked(412, 1, 0));
    life.apply(&one(3, 5), "415")
        .apply(&one(4, 5), "0 1")
        .step("open", "0")
        .step("check", &checked(0, 1, YEAR + 5 * DAY));
    life
}

fn lists() -> Life {
    let mut life = Life::new("revocation lists");
    life.apply(&code(&license("PL-1", 2, until(0))), "0 1");
    let revoked = |number, reason| list(number, ISSUED, &[("PL-1", 3, reason)]);
    for (number, reason, status) in
        [(2, Reason::Released, 416), (3, Reason::Frozen, 417), (4, Reason::Refunded, 418), (5, Reason::Replaced, 419)]
    {
        life.apply(&revoked(number, reason), "0 5").step("check", &checked(status, 1, YEAR));
        life.apply(&code(&license("PL-1", 2, until(0))), &status.to_string());
    }
    life.apply(&revoked(5, Reason::Replaced), "0 4").apply(&revoked(5, Reason::Frozen), "421");
    life.apply(&revoked(4, Reason::Frozen), "420");
    life.apply(&list(6, ISSUED, &[("PL-1", 2, Reason::Frozen)]), "0 5").step("check", &checked(0, 1, YEAR));
    life.apply(&list(7, ISSUED, &[("PL-1", 3, Reason::Frozen)]), "0 5").step("open", "0");
    life.step("check", &checked(417, 1, YEAR)).apply(&list(8, ISSUED, &[]), "0 5").step("check", &checked(0, 1, YEAR));
    life
}

fn issuers() -> Life {
    let mut life = Life::new("issuers, kept certificates and their end");
    let by_issuer = |id, carries| issuer_code(&license(id, 1, until(0)), carries);
    life.apply(&by_issuer("PL-2", false), "301").apply(&by_issuer("PL-1", true), "0 1");
    life.apply(&by_issuer("PL-2", false), "0 1").step("open", "0").step("check", &checked(0, 1, YEAR));
    let revoking = |number, keep_activated| {
        let key = *Key::issuer().public().first_chunk().expect("eight bytes");
        list_of(
            &RevocationDraft::new(number, "vision-appliance", UnixSeconds(ISSUED))
                .with_issuers(&[RevokedIssuer { key, keep_activated }]),
        )
    };
    life.apply(&revoking(1, true), "0 5").step("check", &checked(0, 1, YEAR)).apply(&by_issuer("PL-3", true), "311");
    life.apply(&revoking(2, false), "0 5").step("check", &checked(311, 1, YEAR));
    life.apply(&code(&license("PL-1", 1, until(1))), "0 1").step("check", &checked(0, 1, YEAR + DAY));
    life
}

fn meters() -> Life {
    let mut life = Life::new("quotas, reservations and reports");
    let sold = |serial, scans| code(&license("PL-1", serial, until(0)).with_features(&quotas(scans, 10)));
    life.apply(&sold(1, 100), "0 1").step("meter scans", "0 0 100 0");
    life.step("consume scans 30 10", "0 30 70 0").step("consume scans 10 10", "0 40 60 0");
    life.step("consume scans 61 0", "424").step("unuse scans 5", "0 35 65 0");
    life.step("consume pages 12 0", "0 12 0 2").step("consume channels 1 0", "110").step("consume paper 1 0", "409");
    life.step("feature channels", "0 2").step("feature scans", "0 100").step("feature paper", "409 0");
    life.step("usage", "0 1").step("accepted 2", "104").step("accepted 1", "0").step("usage", "0 2");
    life.apply(&sold(2, 200), "0 2").step("meter scans", "0 35 165 0");
    // A power cut takes what was reserved; settling before it does not.
    life.step("consume scans 1 9", "0 36 164 0").step("open", "0").step("meter scans", "0 45 155 0");
    life.step("consume scans 1 9", "0 46 154 0")
        .step("settle", "0")
        .step("open", "0")
        .step("meter scans", "0 46 154 0");
    life
}

fn seats() -> Life {
    let mut life = Life::new("seats");
    life.apply(&code(&license("PL-1", 1, until(0)).with_features(&quotas(1, 1))), "0 1");
    life.step("acquire channels 7 60", "0 1").step("acquire channels 8 60", "0 2").step("acquire channels 9 60", "425");
    life.step("acquire channels 7 60", "0 2").step("release 8", "1").step("release 8", "0");
    life.step("acquire channels 9 100000", "0 2").at(1).step("acquire channels 8 60", "0 2");
    life.step("acquire scans 1 60", "110").step("acquire channels 0 60", "104").step("acquire paper 1 60", "409");
    life
}

fn clocks() -> Life {
    let mut life = Life::new("clocks that lie");
    life.apply(&code(&license("PL-1", 1, until(0))), "0 1").at(20).step("check", &checked(0, 1, YEAR));
    life.at(18).step("check", &checked(502, 4, YEAR)).apply(&token(ISSUED + 21 * DAY), "0 6");
    life.step("check", &checked(0, 6, YEAR)).apply(&token(ISSUED + 3 * DAY), "0 7");
    // The device was off: its uptime starts again.
    life.at(60).step("open", "0").step("check", &checked(0, 5, YEAR)).at(62).step("check", &checked(0, 1, YEAR));
    life.step("clock unset 9000000", "done").step("check", &checked(509, 3, YEAR));
    life.at(365).step("check", &checked(407, 1, YEAR));
    let trial = license("PL-1", 2, Term::DaysFromActivation(400));
    life.apply(&code(&trial), "0 2").step("check", &checked(0, 1, ISSUED + 400 * DAY));
    life
}

fn no_clock() -> Life {
    let mut life = Life::new("a device without a clock");
    life.step("clock absent -", "done").step("open", "0").apply(&code(&license("PL-1", 1, until(0))), "0 1");
    life.step("check", &checked(501, 2, YEAR));
    life.step("clock absent 100", "done").step("open", "0").step("check", &checked(0, 2, YEAR));
    let uptime = 100 + 365 * DAY;
    life.step(&format!("clock absent {uptime}"), "done").step("check", &checked(407, 2, YEAR));
    let hours = license("PL-2", 1, Term::PoweredHours(10));
    life.apply(&code(&hours), "0 1").step("check", &checked(0, 2, 0));
    life.step(&format!("clock absent {}", uptime + 36_000), "done").step("check", &checked(407, 2, 0));
    life.step("clock absent -", "done").step("check", &checked(504, 2, 0));
    life
}

fn unlocks() -> Life {
    let mut life = Life::new("an unlock");
    life.apply(&code(&license("PL-1", 1, until(0))), "0 1").at(25).step("check", &checked(0, 1, YEAR));
    life.at(2).step("check", &checked(502, 4, YEAR)).apply(&unlock([1; 8], ISSUED, 1), "422");
    let request = life.text("request");
    let answer = unlock(nonce_of(&request), ISSUED + 2 * DAY, 1);
    life.apply(&answer, "0 8").step("check", &checked(0, 1, YEAR)).apply(&answer, "422");
    life
}

fn counters() -> Life {
    let mut life = Life::counted("a monotonic counter");
    life.apply(&code(&license("PL-1", 1, until(0))), "0 1").step("store keep", "done");
    life.apply(&code(&license("PL-1", 2, until(1))), "0 2").step("store restore", "done").step("open", "0");
    life.step("check", &checked(515, 1, YEAR)).apply(&code(&license("PL-1", 3, until(1))), "515");
    let request = life.text("request");
    life.apply(&unlock(nonce_of(&request), ISSUED, 2), "0 8").step("check", &checked(0, 1, YEAR));
    life.step("store clear", "done").step("open", "0").step("check", &checked(515, 1, 0));
    life.step("counter broken 1", "done").step("open", "517").step("check", "105");
    life
}

fn slots() -> Life {
    let mut life = Life::new("damaged, foreign and newer slots");
    life.step("slot a 4c32", "done").step("open", "0").step("check", &checked(512, 1, 0));
    life.apply(&code(&license("PL-1", 1, until(0))), "0 1").step("check", &checked(0, 1, YEAR));
    let mut stored = life.script.stored(Slot::B);
    stored[24] ^= 1;
    let check = |stored: &mut Vec<u8>| {
        let header = crc32fast::hash(&stored[..8]).to_le_bytes();
        stored[8..12].copy_from_slice(&header);
        let end = stored.len() - 4;
        let check = crc32fast::hash(&stored[..end]).to_le_bytes();
        stored[end..].copy_from_slice(&check);
    };
    check(&mut stored);
    life.step("store clear", "done").step(&format!("slot a {}", hex(&stored)), "done").step("open", "0");
    life.step("check", &checked(513, 1, 0));
    stored[24] ^= 1;
    // A later version, and the draft.
    for (version, status) in [(3, "514"), (1, "519")] {
        stored[4] = version;
        check(&mut stored);
        life.step(&format!("slot b {}", hex(&stored)), "done").step("open", status).step("check", "105");
    }
    life
}

/// A list in parts: entries stay with the licenses that are held, and a code from before it needs its part.
fn parts() -> Life {
    let mut life = Life::new("revocation lists in parts, for one customer, and of two anchors");
    let one = |id| code(&license(id, 1, until(0)));
    let part = |number, id: &str, reason: Option<Reason>| {
        let beginning = u16::from_be_bytes([license_id_hash(id)[0], license_id_hash(id)[1]]);
        let covered = Part { part: 1, parts: 9, first: beginning, last: beginning };
        let entry = reason.map(|reason| RevokedLicense { id: license_id_hash(id), below: 9, reason });
        let licenses: Vec<RevokedLicense> = entry.into_iter().collect();
        list_of(
            &RevocationDraft::new(number, "vision-appliance", UnixSeconds(ISSUED))
                .with_licenses(&licenses)
                .with_coverage(Coverage::Part(covered)),
        )
    };
    life.apply(&one("PL-1"), "0 1").apply(&one("PL-2"), "0 1");
    life.apply(&part(1, "PL-1", Some(Reason::Frozen)), "0 5").apply(&part(1, "PL-2", Some(Reason::Refunded)), "0 5");
    life.step("check", &checked(417, 1, YEAR)).step("open", "0").step("check", &checked(417, 1, YEAR));
    life.apply(&one("PL-1"), "417").apply(&one("PL-2"), "418");
    // A code that was there before the list, and is covered by no part that is held.
    life.apply(&one("PL-3"), "427").apply(&part(1, "PL-3", Some(Reason::Released)), "0 5").apply(&one("PL-3"), "416");
    life.apply(&one("PL-4"), "427").apply(&part(1, "PL-4", None), "0 5").apply(&one("PL-4"), "0 1");
    life.step("check", &checked(0, 1, YEAR));
    let later = license("PL-5", 1, until(1)).with_issued_at(UnixSeconds(ISSUED + 1));
    life.apply(&code(&later), "0 1");
    // The next list frees the first license; what it does not cover stays.
    life.apply(&part(2, "PL-1", None), "0 5").apply(&part(1, "PL-2", None), "420").apply(&one("PL-2"), "418");
    // A list for one customer takes nothing back for anybody else.
    let named = RevokedLicense { id: license_id_hash("PL-4"), below: 9, reason: Reason::Frozen };
    let named = RevocationDraft::new(3, "vision-appliance", UnixSeconds(ISSUED))
        .with_coverage(Coverage::Named)
        .with_licenses(std::slice::from_ref(&named));
    life.apply(&list_of(&named), "0 5")
        .apply(&one("PL-4"), "417")
        .apply(&one("PL-2"), "418")
        .apply(&one("PL-1"), "0 4");
    life.apply(&list(4, ISSUED, &[]), "0 5").apply(&one("PL-2"), "0 4").step("check", &checked(0, 1, YEAR + DAY));
    life
}

/// A receipt and a usage report that one text does not hold.
fn reports() -> Life {
    let mut life = Life::new("reports in parts");
    let names: Vec<String> = (10..26).map(|number| format!("{number}{}", "N".repeat(30))).collect();
    let features: Vec<Feature<'_>> =
        names.iter().map(|name| Feature::new(name, Right::Quota { amount: 9, overage: true })).collect();
    let id = "W".repeat(64);
    life.apply(&code(&license("", 1, until(0)).with_id(&id).with_features(&features)), "0 1").step("next", "0");
    for name in &names {
        life.step(&format!("consume {name} {} 0", u64::MAX), &format!("0 {} 0 {}", u64::MAX, u64::MAX - 9));
    }
    life.step("usage", "0 1");
    let second = life.text("next");
    let third = life.text("next");
    assert_ne!(second, third);
    life.step("next", "0").step("accepted 1", "0");
    // A report that is not complete begins again, with the next number.
    life.step("usage", "0 2").step("open", "0").step("next", "0").step("usage", "0 3");
    let receipt = life.text(&format!("deactivate {id}"));
    let rest = life.text("next");
    life.step("open", "0").step("next", "0").step(&format!("deactivate {id}"), &format!("0 {receipt}"));
    life.step("next", &format!("0 {rest}")).step("next", "0").step("check", &checked(412, 1, 0));
    life
}

fn stores() -> Life {
    let mut life = Life::new("stores that fail");
    life.step("store unreadable 1", "done").step("open", "510").step("store unreadable 0", "done").step("open", "0");
    life.step("store refuses 1", "done").apply(&code(&license("PL-1", 1, until(0))), "511");
    life.step("check", &checked(412, 1, 0)).step("store refuses 0", "done");
    life.apply(&code(&license("PL-1", 1, until(0))), "0 1").at(5).step("store refuses 1", "done");
    life.step("check", &checked(511, 1, YEAR)).step("store refuses 0", "done").step("check", &checked(0, 1, YEAR));
    // Codes until there is no room for another one, nor for the license in the place of one.
    for number in 0..8 {
        let id = format!("{number}{}", "X".repeat(63));
        let text = "T".repeat(64);
        let names: Vec<String> = (0..6).map(|number| format!("{number}{}", "N".repeat(31))).collect();
        let features: Vec<Feature<'_>> =
            names.iter().map(|name| Feature::new(name, Right::Text(Text::of(&text)))).collect();
        let draft = license("", 1, until(0)).with_customer(&text).with_order(&text).with_features(&features[..4]);
        life.apply(&code(&draft.with_id(&id)), if number < 3 { "0 1" } else { "516" });
    }
    life
}

fn refusals() -> Life {
    let mut life = Life::new("what policy refuses");
    let one = license("PL-1", 1, until(0));
    life.apply(&code(&one.with_product("other")), "401");
    life.apply(&code(&one.with_class(Class::Test)), "402");
    let elsewhere = [component_hash(5, b"another device")];
    life.apply(&code(&one.with_binding(bound(1, &elsewhere))), "405");
    let board = [component_hash(2, b"a board")];
    life.apply(&code(&one.with_binding(bound(1, &board))), "508");
    let versions =
        VersionRange { from: Version { major: 2, minor: 0, patch: 0 }, to: Version { major: 3, minor: 0, patch: 0 } };
    life.apply(&code(&one.with_versions(versions)), "0 1").step("check", &checked(506, 1, YEAR));
    let maintenance_until = UnixSeconds(ISSUED);
    life.apply(&code(&one.with_serial(2).with_maintenance_until(maintenance_until)), "0 2")
        .step("check", &checked(507, 1, YEAR));
    let not_before = UnixSeconds(ISSUED + DAY);
    life.apply(&code(&one.with_serial(3).with_not_before(not_before)), "0 2").step("check", &checked(406, 1, YEAR));
    life.apply(&code(&one.with_serial(4).with_lease_days(5)), "0 2").at(5).step("check", &checked(408, 1, YEAR));
    life.apply(&token(ISSUED + 4 * DAY), "0 6").step("check", &checked(0, 1, YEAR));
    life.apply(&code(&license("PL-1", 5, until(0)).with_serial(5).with_grace_days(5)), "0 2");
    life
}

fn add_ons() -> Life {
    let mut life = Life::new("an add-on beside its product");
    let analytics = [Feature::new("analytics", Right::Flag)];
    let ended = [Feature::new("export", Right::Flag).with_expires(UnixSeconds(ISSUED))];
    let add_on = license("ADD-1", 1, until(0)).with_add_on(true).with_features(&analytics);
    life.apply(&code(&add_on), "0 1").step("check", &checked(411, 1, 0)).step("feature analytics", "411 0");
    life.apply(&code(&license("PL-1", 1, until(0)).with_features(&ended)), "0 1");
    life.step("check", &checked(0, 1, YEAR)).step("feature analytics", "0 0").step("feature export", "410 0");
    life
}

fn keys() -> Life {
    let mut life = Life::new("keys: withdrawn, and one that does not sign");
    life.apply(&code(&license("PL-1", 1, until(0))), "0 1");
    life.step(&format!("trust {}", hex(&Key::stranger().public())), "done").step("open", "0");
    life.step("check", &checked(301, 1, 0));
    life.step(&format!("trust {}", hex(&Key::anchor().public())), "done").step("open", "0");
    life.step("check", &checked(0, 1, YEAR));
    life.step(&format!("key {}", hex(&Key::new(21).public())), "done").step("open", "0");
    life.step("request", "518");
    let sealed = Key::anchor().certify(&open_certificate().with_kinds(1));
    let draft = BindingDraft::DeviceKey(Key::new(22).public());
    life.apply(&code(&license("PL-2", 1, until(0)).with_binding(draft)), "405");
    life.apply(sealed.text(), "207").apply(certificate().text(), "207");
    let forged = Key::stranger().raw(Kind::TimeToken, None, &[0; 6]);
    life.apply(forged.text(), "301").apply("", "201");
    life
}
