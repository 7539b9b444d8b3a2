//! What applying a document would do, and why what it stores cannot be used now: `Engine::preview` says it before, and
//! `Engine::apply` again. That both agree is asked at every step of every script and life (`support::engine_steps`).

mod support;

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryDevice, MemoryStore};
use lic2::port::Slot;
use lic2::{Applied, Engine, Error, Memory, Outcome, Profile, Reason, Right, Term, UnixSeconds, Version, VersionRange};
use support::ISSUED;
use support::engine_device::{COMPONENTS, PRODUCT};
use support::engine_documents::{DAY, code, license, list, quotas, ring, until};

fn at(seconds: u64) -> ManualClock {
    ManualClock::at(UnixSeconds(seconds))
}

const fn version(major: u16) -> Version {
    Version { major, minor: 0, patch: 0 }
}

fn covered(from: u16, to: u16) -> VersionRange {
    VersionRange { from: version(from), to: version(to) }
}

/// Previews and applies on a device of version 2; demands the same answer of both, and that previewing leaves every byte
/// of the store.
struct Shop<'a> {
    device: MemoryDevice<'a>,
    memory: Memory,
    is_open: bool,
}

impl Shop<'_> {
    fn new() -> Self {
        Self {
            device: MemoryDevice::new(at(ISSUED), FixedIdentity::new(COMPONENTS)),
            memory: Memory::new(),
            is_open: false,
        }
    }

    fn with<T>(&mut self, call: impl FnOnce(&mut Engine<'_>) -> T) -> T {
        let profile = Profile::new(PRODUCT).with_version(version(2)).with_built_at(UnixSeconds(ISSUED - DAY));
        let mut engine = Engine::new(&mut self.memory, ring(), profile, self.device.ports());
        if !self.is_open {
            engine.start().expect("it opens");
            self.is_open = true;
        }
        call(&mut engine)
    }

    fn apply(&mut self, text: &str) -> Result<(Outcome, Option<Error>), Error> {
        let content = |store: &MemoryStore| [Slot::A, Slot::B].map(|slot| store.content(slot).to_vec());
        let granted = self.with(|engine| engine.check().expect("open").decision);
        let before = (content(&self.device.store), self.device.store.writes);
        let previewed = self.with(|engine| engine.preview(text.as_bytes()));
        assert_eq!((content(&self.device.store), self.device.store.writes), before, "previewing has written");
        assert_eq!(self.with(|engine| engine.check().expect("open").decision), granted, "previewing has changed");
        let applied = self.with(|engine| engine.apply(text.as_bytes()));
        assert_eq!(previewed, applied);
        applied.map(|Applied { outcome, refusal, .. }| (outcome, refusal))
    }
}

#[test]
fn an_update_that_is_stored_says_why_it_cannot_be_used() {
    let usable = license("PL-1", 1, until(0));
    let cases = [
        (license("A", 1, Term::Until(UnixSeconds(ISSUED - 2))), Outcome::Activated, Some(Error::Expired)),
        (
            license("B", 1, until(0)).with_not_before(UnixSeconds(ISSUED + DAY)),
            Outcome::Activated,
            Some(Error::NotYetValid),
        ),
        (
            license("C", 1, until(0)).with_versions(covered(3, 4)),
            Outcome::VersionNotCovered,
            Some(Error::VersionNotCovered),
        ),
        (
            license("D", 1, until(0)).with_maintenance_until(UnixSeconds(ISSUED - 2 * DAY)),
            Outcome::VersionNotCovered,
            Some(Error::MaintenanceEnded),
        ),
        (license("E", 1, until(0)).with_add_on(true), Outcome::Activated, Some(Error::BaseMissing)),
        (usable, Outcome::Activated, None),
        // The add-on has its base now.
        (license("E", 1, until(0)).with_add_on(true), Outcome::AlreadyApplied, None),
        (usable, Outcome::AlreadyApplied, None),
        (license("PL-1", 2, until(0)).with_versions(covered(1, 2)), Outcome::Renewed, None),
        // A renewal that takes the running version away.
        (
            license("PL-1", 3, until(9)).with_versions(covered(3, 9)),
            Outcome::VersionNotCovered,
            Some(Error::VersionNotCovered),
        ),
        (license("PL-1", 5, until(0)), Outcome::Shortened, None),
        (
            license("PL-1", 6, until(0)).with_maintenance_until(UnixSeconds(ISSUED - 2 * DAY)),
            Outcome::VersionNotCovered,
            Some(Error::MaintenanceEnded),
        ),
        // A refund.
        (license("PL-1", 7, Term::Until(UnixSeconds(ISSUED))), Outcome::Shortened, Some(Error::Expired)),
    ];
    let mut shop = Shop::new();
    for (draft, outcome, refusal) in cases {
        assert_eq!(shop.apply(&code(&draft)), Ok((outcome, refusal)), "{draft:?}");
    }
}

#[test]
fn a_list_says_why_it_ends_a_license_of_this_device() {
    let mut shop = Shop::new();
    for id in ["PL-1", "PL-2"] {
        assert_eq!(shop.apply(&code(&license(id, 1, until(0)))), Ok((Outcome::Activated, None)));
    }
    let foreign = list(1, ISSUED, &[("OTHER", 2, Reason::Frozen)]);
    assert_eq!(shop.apply(&foreign), Ok((Outcome::ListAccepted, None)));
    let frozen = list(2, ISSUED, &[("PL-2", 2, Reason::Frozen)]);
    assert_eq!(shop.apply(&frozen), Ok((Outcome::ListAccepted, Some(Error::LicenseFrozen))));
    let both = list(3, ISSUED, &[("PL-1", 2, Reason::Refunded), ("PL-2", 2, Reason::Frozen)]);
    assert_eq!(shop.apply(&both), Ok((Outcome::ListAccepted, Some(Error::LicenseRefunded))), "the first one");
    assert_eq!(shop.apply(&both), Ok((Outcome::AlreadyApplied, None)));
    assert_eq!(shop.apply(&list(4, ISSUED, &[])), Ok((Outcome::ListAccepted, None)));
    assert_eq!(shop.apply(&code(&license("PL-1", 1, until(0)))), Ok((Outcome::AlreadyApplied, None)));
    assert_eq!(shop.apply("LIC2"), Err(Error::TextPrefix));
}

#[test]
fn a_preview_costs_no_reservation() {
    let features = quotas(100, 10);
    let mut shop = Shop::new();
    shop.apply(&code(&license("PL-1", 1, until(0)).with_features(&features))).expect("activated");
    shop.with(|engine| engine.consume("scans", 1, 50)).expect("used");
    let writes = shop.device.store.writes;
    let more = quotas(200, 10);
    let renewed = code(&license("PL-1", 2, until(0)).with_features(&more));
    assert_eq!(shop.with(|engine| engine.preview(renewed.as_bytes())).expect("good").outcome, Outcome::Renewed);
    let reading = shop.with(|engine| engine.consume("scans", 30, 50)).expect("out of the reservation");
    assert_eq!((reading.used, reading.total, shop.device.store.writes), (31, 100, writes));
}

#[test]
fn days_are_counted_to_the_end_of_the_term() {
    let mut shop = Shop::new();
    assert_eq!(shop.with(|engine| engine.days_left()), Ok(Some(0)), "nothing is activated");
    shop.apply(&code(&license("PL-1", 1, Term::Until(UnixSeconds(ISSUED + 30 * DAY))).with_grace_days(5))).unwrap();
    for (seconds, days) in [(0, 30), (1, 30), (DAY, 29), (30 * DAY - 1, 1), (30 * DAY, 0), (31 * DAY, 0), (36 * DAY, 0)]
    {
        shop.device.clock = at(ISSUED + seconds);
        assert_eq!(shop.with(|engine| engine.days_left()), Ok(Some(days)), "after {seconds} s");
    }
    shop.apply(&code(&license("PL-1", 2, Term::Perpetual))).unwrap();
    assert_eq!(shop.with(|engine| engine.days_left()), Ok(None));
    let mut shop = Shop::new();
    shop.apply(&code(&license("TRIAL", 1, Term::DaysFromActivation(14)))).unwrap();
    assert_eq!(shop.with(|engine| engine.days_left()), Ok(Some(14)));
    let mut shop = Shop::new();
    shop.device.clock.reading.uptime_seconds = Some(0);
    shop.apply(&code(&license("HOURS", 1, Term::PoweredHours(49)))).unwrap();
    assert_eq!(shop.with(|engine| engine.days_left()), Ok(Some(3)));
    shop.device.clock.pass(2 * 3_600);
    assert_eq!(shop.with(|engine| engine.days_left()), Ok(Some(2)));
}

#[test]
fn features_and_receipts_are_listed_by_number() {
    let features = quotas(100, 10);
    let mut shop = Shop::new();
    for id in ["PL-1", "PL-2"] {
        shop.apply(&code(&license(id, 1, until(0)).with_features(&features))).unwrap();
    }
    let names = |shop: &mut Shop<'_>, license| -> Vec<(String, bool)> {
        let feature = |number| {
            shop.with(|engine| {
                let answer = engine.license_feature(license, number).expect("open")?;
                let feature = answer.decision.feature.expect("it is in the license");
                assert!(!matches!(feature.right, Right::Flag));
                Some((feature.name.as_str().to_owned(), answer.decision.verdict.is_granted()))
            })
        };
        (0..).map_while(feature).collect()
    };
    let all = ["channels", "pages", "scans"].map(|name| (name.to_owned(), true));
    assert_eq!((names(&mut shop, 0), names(&mut shop, 1)), (all.to_vec(), all.to_vec()));
    assert_eq!(names(&mut shop, 2), []);
    shop.apply(&list(1, ISSUED, &[("PL-2", 2, Reason::Frozen)])).unwrap();
    assert!(names(&mut shop, 1).iter().all(|(_, granted)| !granted), "listed, and refused");
    let receipt = |shop: &mut Shop<'_>, number| {
        let mut out = [0; 1024];
        shop.with(|engine| engine.receipt(number, &mut out).expect("open").map(str::to_owned))
    };
    assert_eq!(receipt(&mut shop, 0), None);
    let mut out = [0; 1024];
    let first = shop.with(|engine| engine.deactivate("PL-1", b"", &mut out).map(str::to_owned)).unwrap();
    let second = shop.with(|engine| engine.deactivate("PL-2", b"", &mut out).map(str::to_owned)).unwrap();
    assert_eq!([0, 1, 2].map(|number| receipt(&mut shop, number)), [Some(first), Some(second), None]);
}

#[test]
fn the_status_text_has_what_support_asks_for() {
    let text = |shop: &mut Shop<'_>| {
        let mut text = String::new();
        shop.with(|engine| engine.write_status(&mut |piece| text.push_str(piece))).expect("open");
        text
    };
    let features = quotas(100, 10);
    let mut shop = Shop::new();
    let draft = license("PL-1", 1, until(0)).with_features(&features).with_edition("professional");
    shop.apply(&code(&draft)).unwrap();
    shop.apply(&code(&license("PL-2", 4, until(0)))).unwrap();
    shop.with(|engine| engine.deactivate("PL-2", b"", &mut [0; 1024]).map(drop)).unwrap();
    shop.with(|engine| engine.consume("scans", 7, 0)).unwrap();
    let text = text(&mut shop);
    for line in [
        "product: vision-appliance\n",
        "product version: 2.0.0\n",
        &format!("built at: {}\n", ISSUED - DAY),
        &format!("library: {}\n", env!("CARGO_PKG_VERSION")),
        "identity component: 5 esn\n",
        "  edition: professional\n",
        "  meter: scans: 7 of 100 used, 0 reported\n",
        "returned: PL-2 serial 4\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("2102312"), "the value of a component is personal");
}

#[test]
fn a_failed_open_keeps_its_reason() {
    let mut device = MemoryDevice::new(at(ISSUED), FixedIdentity::new(COMPONENTS));
    device.store.is_off = true;
    let mut memory = Memory::new();
    let profile = Profile::new(PRODUCT);
    let mut engine = Engine::new(&mut memory, ring(), profile, device.ports());
    assert_eq!(engine.open_failure(), None, "never opened");
    assert_eq!(engine.write_status(&mut |_| ()), Err(Error::NotInitialized));
    assert_eq!(engine.start(), Err(Error::StoreRead));
    assert_eq!(engine.check().map(drop), Err(Error::NotInitialized));
    assert_eq!(engine.open_failure(), Some(Error::StoreRead));
    let mut text = String::new();
    engine.write_status(&mut |piece| text.push_str(piece)).expect("product and reason");
    assert!(
        text.starts_with("product: vision-appliance\n") && text.contains("opening failed: 510 STORE_READ"),
        "{text}"
    );
    assert!(!text.contains("decision"), "{text}");
}
