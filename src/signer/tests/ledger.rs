//! The ledger as a library: what is recorded, what comes back, and what is refused.

use std::path::{Path, PathBuf};

use lic2::UnixSeconds;
use lic2_signer::content::{ClassName, Content};
use lic2_signer::draft::Draft;
use lic2_signer::exit::{Exit, Failure};
use lic2_signer::keyfile::PrivateKey;
use lic2_signer::ledger::{Event, Filter, Ledger, Note, Occasion, Recorded, State};
use lic2_signer::sealing::Sealer;

const NOW: UnixSeconds = UnixSeconds(1_795_348_800);
const DAY: u64 = 86_400;

struct Desk {
    directory: tempfile::TempDir,
    sealer: Sealer,
    ledger: Ledger,
}

impl Desk {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sealer = Sealer::new(PrivateKey::generate().unwrap(), None, false, Vec::new()).unwrap();
        let ledger = Ledger::create(&directory.path().join("sales.ledger"), "ann", NOW).unwrap();
        Self { directory, sealer, ledger }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("sales.ledger")
    }

    fn sell(&mut self, content: Content, at: UnixSeconds, occasion: &Occasion<'_>) -> Result<Recorded, Failure> {
        let mut draft = Draft::new(content, at)?;
        let mut writing = self.ledger.begin()?;
        let pending = writing.record(&mut draft, &self.sealer, occasion)?;
        Ok(pending.release(&writing.commit()?))
    }

    fn note(&mut self, note: &Note<'_>) {
        let mut writing = self.ledger.begin().unwrap();
        let pending = writing.note(note).unwrap();
        let _ = pending.release(&writing.commit().unwrap());
    }

    fn issue(&mut self, content: Content) -> Result<Recorded, Failure> {
        self.sell(content, NOW, &Occasion::new(Event::Issue, "ann"))
    }

    fn max(&mut self, max: Option<u64>) {
        let issuer = self.sealer.key().public();
        self.note(&Note::new(Event::Quota, "ann", NOW).quota(&issuer, max));
    }
}

fn content(id: &str, order: Option<&str>) -> Content {
    Content {
        id: Some(id.into()),
        product: Some("vision-appliance".into()),
        until: Some("1y".into()),
        device: vec!["esn:2102312ABC0123456789".parse().unwrap()],
        order: order.map(Into::into),
        ..Content::default()
    }
}

#[track_caller]
fn refused(result: Result<Recorded, Failure>, words: &[&str]) {
    let failure = result.expect_err("it was recorded");
    assert_eq!(failure.exit(), Exit::Ledger, "{failure}");
    for word in words {
        assert!(failure.to_string().contains(word), "{word} is missing in: {failure}");
    }
    assert!(failure.advice().is_some());
}

#[test]
fn the_same_order_gives_the_same_bytes_a_day_later() {
    let mut desk = Desk::new();
    let first = desk.issue(content("PL-1", Some("CS1"))).unwrap();
    let spelled =
        Content { device: vec!["esn:2102312abc-0123456789".parse().unwrap()], ..content("PL-1", Some("CS1")) };
    let later = UnixSeconds(NOW.0 + DAY);
    let again = desk.sell(spelled, later, &Occasion::new(Event::Issue, "bob")).unwrap();
    assert_eq!((again.text, again.seq, again.repeated), (first.text, first.seq, true));
    assert!(!first.repeated);
    assert_eq!(desk.ledger.view().head().unwrap().seq, 2, "the first entry is the ledger's own");
}

#[test]
fn another_intent_for_the_same_order_is_refused_and_the_recorded_code_is_there() {
    let mut desk = Desk::new();
    let first = desk.issue(content("PL-1", Some("CS1"))).unwrap();
    let other = Content { quantity: Some(5), until: Some("2y".into()), ..content("PL-1", Some("CS1")) };
    refused(
        desk.issue(other.clone()),
        &["entry 2", "order CS1", "quantity was 1 and is now 5", "until was 1y and is now 2y"],
    );
    let occasion = Occasion { recorded: true, ..Occasion::new(Event::Issue, "ann") };
    assert_eq!(desk.sell(other, NOW, &occasion).unwrap().text, first.text);
    let renewal = Occasion::new(Event::Renew, "ann");
    refused(desk.sell(content("PL-1", Some("CS1")), NOW, &renewal), &["event was issue and is now renew"]);
}

#[test]
fn lines_of_an_order_are_codes_of_their_own_and_an_order_is_not_sold_both_ways() {
    let mut desk = Desk::new();
    let line = |line| Occasion { order_line: Some(line), ..Occasion::new(Event::Issue, "ann") };
    let one = desk.sell(content("PL-1", Some("CS1")), NOW, &line("1")).unwrap();
    let two = desk.sell(content("PL-2", Some("CS1")), NOW, &line("2")).unwrap();
    assert_ne!(one.text, two.text);
    assert_eq!(desk.sell(content("PL-1", Some("CS1")), NOW, &line("1")).unwrap().text, one.text);
    refused(desk.issue(content("PL-1", Some("CS1"))), &["entry 2 has order CS1 with the line 1"]);
    desk.issue(content("PL-3", Some("CS2"))).unwrap();
    refused(desk.sell(content("PL-3", Some("CS2")), NOW, &line("1")), &["entry 4 has order CS2 without a line"]);
}

#[test]
fn an_event_is_one_code_for_each_device() {
    let mut desk = Desk::new();
    let event = Occasion { event_id: Some("E1"), ..Occasion::new(Event::Issue, "ann") };
    let one = desk.sell(content("PL-1", Some("CS1")), NOW, &event).unwrap();
    let other = Content { device: vec!["esn:OTHER".parse().unwrap()], ..content("PL-2", Some("CS1")) };
    let two = desk.sell(other, NOW, &event).unwrap();
    assert_ne!(one.text, two.text);
    assert_eq!(desk.sell(content("PL-1", Some("CS1")), NOW, &event).unwrap().text, one.text);
    assert_eq!(
        desk.ledger.view().entries(&Filter { order: Some("CS1".into()), ..Filter::default() }).unwrap().len(),
        2
    );
}

#[test]
fn serials_of_a_license_ascend() {
    let mut desk = Desk::new();
    let serials: Vec<u32> = (0..3)
        .map(|_| {
            let seq = desk.issue(content("PL-1", None)).unwrap().seq;
            desk.ledger.view().entry(seq).unwrap().unwrap().facts.serial.unwrap()
        })
        .collect();
    assert_eq!(serials, [1, 2, 3]);
    let stated = |serial| Content { serial: Some(serial), ..content("PL-1", None) };
    refused(desk.issue(stated(2)), &["issue 2 of license PL-1 is in entry 3 with different content"]);
    desk.issue(stated(7)).unwrap();
    refused(desk.issue(stated(5)), &["issue 5 of license PL-1 is not later than issue 7"]);
    let same = Content { salt: Some("00112233".into()), ..stated(8) };
    let first = desk.issue(same.clone()).unwrap();
    let again = desk.issue(same).unwrap();
    assert_eq!((again.text, again.seq, again.repeated), (first.text, first.seq, true));
}

#[test]
fn the_quota_counts_production_codes_and_the_last_word_on_it_holds() {
    let mut desk = Desk::new();
    desk.max(Some(2));
    desk.issue(content("PL-1", Some("CS1"))).unwrap();
    desk.issue(content("PL-2", None)).unwrap();
    desk.issue(content("PL-1", Some("CS1"))).unwrap();
    refused(desk.issue(content("PL-3", None)), &["2 of 2 production codes"]);
    desk.issue(Content { class: Some(ClassName::Test), ..content("PL-T", None) }).unwrap();
    desk.max(Some(3));
    desk.issue(content("PL-3", None)).unwrap();
    refused(desk.issue(content("PL-4", None)), &["3 of 3 production codes"]);
    desk.max(None);
    desk.issue(content("PL-4", None)).unwrap();
    let quota = desk.ledger.view().quota(&desk.sealer.key().public()).unwrap();
    assert_eq!((quota.max, quota.used), (None, 4));
}

#[test]
fn one_transaction_takes_many_and_goes_on_after_a_refusal() {
    let mut desk = Desk::new();
    desk.max(Some(3));
    let mut writing = desk.ledger.begin().unwrap();
    let mut pending = Vec::new();
    let mut refusals = 0;
    for (id, order) in
        [("PL-1", "CS1"), ("PL-2", "CS2"), ("PL-9", "CS1"), ("PL-1", "CS1"), ("PL-3", "CS3"), ("PL-4", "CS4")]
    {
        let mut draft = Draft::new(content(id, Some(order)), NOW).unwrap();
        match writing.record(&mut draft, &desk.sealer, &Occasion::new(Event::Issue, "ann")) {
            Ok(recorded) => pending.push(recorded),
            Err(failure) => {
                assert_eq!(failure.exit(), Exit::Ledger);
                refusals += 1;
            }
        }
    }
    let committed = writing.commit().unwrap();
    let recorded: Vec<Recorded> = pending.into_iter().map(|pending| pending.release(&committed)).collect();
    assert_eq!(refusals, 2, "another intent for CS1, and one above the quota");
    assert_eq!(recorded.iter().map(|recorded| recorded.repeated).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(recorded[0].text, recorded[2].text);
}

#[test]
fn a_transaction_that_is_not_committed_leaves_no_trace() {
    let mut desk = Desk::new();
    let before = desk.ledger.view().head().unwrap();
    let mut writing = desk.ledger.begin().unwrap();
    let mut draft = Draft::new(content("PL-1", Some("CS1")), NOW).unwrap();
    let pending = writing.record(&mut draft, &desk.sealer, &Occasion::new(Event::Issue, "ann")).unwrap();
    assert!(!pending.is_repeated());
    drop(writing);
    assert_eq!(desk.ledger.view().head().unwrap(), before);
}

#[test]
fn the_standing_follows_what_happened() {
    let mut desk = Desk::new();
    let state = |desk: &Desk, days: u64| {
        desk.ledger.view().standing("PL-1", UnixSeconds(NOW.0 + days * DAY)).unwrap().map(|standing| standing.state)
    };
    assert_eq!(state(&desk, 0), None);
    desk.issue(content("PL-1", None)).unwrap();
    assert_eq!((state(&desk, 0), state(&desk, 366)), (Some(State::Active), Some(State::Expired)));
    let about = |event| {
        let facts = lic2_signer::ledger::Facts { license: Some("PL-1".into()), ..Default::default() };
        Note { facts, ..Note::new(event, "ann", NOW) }
    };
    desk.note(&about(Event::Freeze));
    assert_eq!(state(&desk, 0), Some(State::Frozen));
    desk.note(&about(Event::Unfreeze));
    assert_eq!(state(&desk, 0), Some(State::Active));
    let shorter = Content { until: Some("30d".into()), ..content("PL-1", None) };
    desk.sell(shorter, NOW, &Occasion::new(Event::Refund, "ann")).unwrap();
    assert_eq!((state(&desk, 29), state(&desk, 31)), (Some(State::Active), Some(State::Refunded)));
    desk.note(&about(Event::Release));
    assert_eq!(state(&desk, 0), Some(State::Released));
    desk.issue(content("PL-1", None)).unwrap();
    assert_eq!(state(&desk, 0), Some(State::Active));
    assert_eq!(desk.ledger.view().latest("PL-1").unwrap().unwrap().facts.serial, Some(3));
}

#[test]
fn entries_are_found_by_what_people_know() {
    let mut desk = Desk::new();
    let customer = Content { customer: Some("ACME".into()), ..content("PL-1", Some("CS1")) };
    let sold = desk.issue(customer).unwrap();
    desk.issue(Content { device: vec!["esn:X9".parse().unwrap()], ..content("PL-2", Some("CS2")) }).unwrap();
    let view = desk.ledger.view();
    let found = |filter: &Filter| view.entries(filter).unwrap().iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(found(&Filter { customer: Some("ACME".into()), ..Filter::default() }), [2]);
    assert_eq!(found(&Filter { order: Some("CS2".into()), ..Filter::default() }), [3]);
    assert_eq!(found(&Filter { device: Some("abc0123".into()), ..Filter::default() }), [2]);
    assert_eq!(found(&Filter { license: Some("PL-2".into()), ..Filter::default() }), [3]);
    assert_eq!(found(&Filter { last: Some(1), ..Filter::default() }), [3]);
    assert_eq!(found(&Filter { events: vec![Event::Init], ..Filter::default() }), [1]);
    let pasted = format!("> {} \r\n {}", &sold.text[..20], &sold.text[20..]).replace('>', " ");
    assert_eq!(view.pasted(pasted.as_bytes()).unwrap().seq, 2);
    let stranger = Desk::new().issue(content("PL-1", None)).unwrap().text;
    assert_eq!(view.pasted(stranger.as_bytes()).unwrap_err().exit(), Exit::Ledger);
}

#[test]
fn a_ledger_is_made_once_for_its_owner_and_never_by_the_way() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = Desk::new();
    desk.issue(content("PL-1", None)).unwrap();
    for name in ["sales.ledger", "sales.ledger-wal", "sales.ledger-shm"] {
        let mode = std::fs::metadata(desk.directory.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let failure = |path: &Path| Ledger::open(path).unwrap_err();
    assert!(Ledger::create(&desk.path(), "ann", NOW).unwrap_err().to_string().contains("never overwritten"));
    let missing = failure(&desk.directory.path().join("sale.ledger"));
    assert!(missing.to_string().contains("there is no ledger") && missing.advice().unwrap().contains("ledger init"));
    let names: Vec<_> =
        std::fs::read_dir(desk.directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}
