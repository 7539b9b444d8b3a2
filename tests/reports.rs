//! Receipts and usage reports that one text does not hold (docs/FORMAT.md §14): the worst licenses that there can be, signed
//! and unsigned, with every count as long as it gets, and a power cut at every byte of every write on the way.

mod support;

use std::collections::BTreeMap;

use lic2::memory_port::{ManualClock, MemoryStore, PowerCut, Torn};
use lic2::port::{Identity, PortFailure, Ports};
use lic2::{
    Component, DeviceContent, DocumentBuffer, Engine, Error, Feature, KeyRing, Memory, Outcome, Profile, Proof, Right,
    Term, UnixSeconds, read_device_document,
};
use support::engine_documents::license;
use support::{ISSUED, Key};

/// The longest product id there can be: reports carry it in every part.
const PRODUCT: &str = "vision-appliance";

/// Sixteen components, and perhaps a key.
struct Owner {
    components: Vec<Component<'static>>,
    key: Option<Key>,
}

impl Owner {
    fn new(key: Option<Key>) -> Self {
        let values: Vec<&'static [u8]> = (0..16).map(|number| &*vec![number + 1; 8].leak()).collect();
        let components = (128..).zip(values).map(|(kind, value)| Component { kind, value }).collect();
        Self { components, key }
    }
}

impl Identity for Owner {
    fn components(&self) -> &[Component<'_>] {
        &self.components
    }

    fn device_key(&self) -> Option<[u8; 32]> {
        self.key.as_ref().map(Key::public)
    }

    fn sign(&mut self, message: &[u8]) -> Result<[u8; 64], PortFailure> {
        self.key.as_ref().map(|key| key.sign(message)).ok_or(PortFailure)
    }
}

struct Device {
    store: MemoryStore,
    memory: Memory,
    owner: Owner,
}

impl Device {
    fn new(key: Option<Key>) -> Self {
        let mut device = Self { store: MemoryStore::new(), memory: Memory::new(), owner: Owner::new(key) };
        device.restart();
        device
    }

    /// Begins a session, as after a power cut.
    fn restart(&mut self) {
        self.store.power_on();
        self.store.cut = None;
        self.memory = Memory::new();
        let mut clock = ManualClock::at(UnixSeconds(ISSUED + 1_000));
        let ports = Ports::new(&mut self.store, &mut clock, &mut self.owner);
        Engine::open(&mut self.memory, ring(), Profile::new(PRODUCT), ports).expect("it opens");
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut Engine<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut clock = ManualClock::at(UnixSeconds(ISSUED + 1_000));
        let ports = Ports::new(&mut self.store, &mut clock, &mut self.owner);
        work(&mut Engine::resume(&mut self.memory, ring(), Profile::new(PRODUCT), ports)?)
    }

    fn apply(&mut self, text: &str) -> Outcome {
        self.with(|engine| engine.apply(text.as_bytes())).expect("applied").outcome
    }

    /// The number of a report of these licenses and all its texts.
    fn usage(&mut self, only: &str) -> Result<(u32, Vec<String>), Error> {
        let mut out = [0; 1024];
        let (number, first) =
            self.with(|engine| engine.usage(only, b"", &mut out).map(|(number, text)| (number, text.to_owned())))?;
        Ok((number, self.rest(first)?))
    }

    fn deactivate(&mut self, id: &str) -> Result<Vec<String>, Error> {
        let mut out = [0; 1024];
        let first = self.with(|engine| engine.deactivate(id, b"", &mut out).map(str::to_owned))?;
        self.rest(first)
    }

    fn rest(&mut self, first: String) -> Result<Vec<String>, Error> {
        let mut texts = vec![first];
        let mut out = [0; 1024];
        while let Some(text) = self.with(|engine| engine.next_part(&mut out).map(|text| text.map(str::to_owned)))? {
            texts.push(text);
        }
        Ok(texts)
    }
}

fn ring() -> &'static KeyRing {
    static RING: std::sync::OnceLock<KeyRing> = std::sync::OnceLock::new();
    RING.get_or_init(|| KeyRing::new(&[Key::anchor().public()]).expect("a good key"))
}

/// What the parts of one report say together: license and feature with the total, after checking what parts have in common.
fn joined(texts: &[String], key: Option<&Key>) -> BTreeMap<(String, String), (u64, u64)> {
    let mut entries = BTreeMap::new();
    let mut same = None;
    let mut last = None;
    for (index, text) in (1_u16..).zip(texts) {
        assert!(text.len() <= 1024, "{}", text.len());
        let mut memory = DocumentBuffer::new();
        let document = read_device_document(text.as_bytes(), &mut memory).expect("a good part");
        let proof = key.map_or(Proof::Unsigned, |key| Proof::Signed(key.public()));
        assert_eq!(document.proof(), proof);
        let (common, part, said): (_, _, Vec<_>) = match document.content() {
            DeviceContent::UsageReport(report) => (
                format!(
                    "{} {:?} {} {:?}",
                    report.product,
                    report.nonce,
                    report.number,
                    report.components.collect::<Vec<_>>()
                ),
                report.part,
                report
                    .entries
                    .map(|entry| ((entry.license.to_string(), entry.feature.to_string()), (entry.used, entry.reported)))
                    .collect(),
            ),
            DeviceContent::Receipt(receipt) => (
                format!(
                    "{} {:?} {} {:?}",
                    receipt.product,
                    receipt.nonce,
                    receipt.serial,
                    receipt.components.collect::<Vec<_>>()
                ),
                receipt.part,
                receipt
                    .usage
                    .map(|entry| ((receipt.license.to_string(), entry.feature.to_string()), (entry.used, 0)))
                    .collect(),
            ),
            DeviceContent::Request(_) | _ => panic!("no report"),
        };
        assert_eq!((part.part, part.is_last), (index, usize::from(index) == texts.len()));
        assert_eq!(*same.get_or_insert_with(|| common.clone()), common);
        for (name, counts) in said {
            assert!(last.as_ref().is_none_or(|last| *last < name), "ascending over all parts: {name:?}");
            last = Some(name.clone());
            entries.insert(name, counts);
        }
    }
    entries
}

/// Licenses with so many quotas, whose names have so many bytes: as many as a code can hold.
fn worst(count: usize, name_len: usize, number: usize) -> (String, Vec<String>, String) {
    let id = format!("{number}{}", "W".repeat(63));
    let names: Vec<String> = (0..count).map(|index| format!("{index:02}{}", "n".repeat(name_len - 2))).collect();
    let features: Vec<Feature<'_>> =
        names.iter().map(|name| Feature::new(name, Right::Quota { amount: 1, overage: true })).collect();
    let draft = license("", 1, Term::Perpetual).with_id(&id).with_features(&features);
    let text = Key::anchor().code(&draft);
    (id, names, text)
}

#[test]
fn the_worst_licenses_can_be_reported_and_given_back() {
    for key in [None, Some(21)] {
        for (count, name_len, licenses) in [(64, 6, 1), (16, 32, 1), (4, 32, 3), (1, 2, 8), (60, 3, 1)] {
            let mut device = Device::new(key.map(Key::new));
            let sold: Vec<_> = (0..licenses).map(|number| worst(count, name_len, number)).collect();
            for (_, names, text) in &sold {
                assert_eq!(device.apply(text), Outcome::Activated);
                for name in names {
                    device.with(|engine| engine.consume(name, u64::MAX, 0).map(|_| ())).expect("overage is granted");
                }
            }
            let key = key.map(Key::new);
            let used = |device: &mut Device| {
                // Of one name the totals of all licenses add up; here the last license has taken what is beyond all quotas.
                let mut out = [0; 1024];
                device.with(|engine| engine.usage("", b"", &mut out).map(|(number, _)| number)).expect("a report")
            };
            let before = used(&mut device);
            let (number, texts) = device.usage("").expect("a report");
            assert_eq!(number, before + 1, "a report that was left alone begins again");
            let all = joined(&texts, key.as_ref());
            assert_eq!(all.len(), count * licenses, "{count} of {name_len}, {licenses}");
            assert!(all.values().any(|(used, _)| *used == u64::MAX));
            device.with(|engine| engine.usage_accepted(number)).expect("accepted");
            let (_, texts) = device.usage("").expect("another report");
            let accepted = joined(&texts, key.as_ref());
            assert!(accepted.iter().all(|(name, (used, reported))| used == reported && all[name].0 == *used));
            for (id, ..) in &sold {
                let (_, texts) = device.usage(id).expect("a report of one");
                assert_eq!(joined(&texts, key.as_ref()).len(), count);
            }
            for (id, names, text) in &sold {
                let first = device.deactivate(id).expect("a receipt");
                let given = joined(&first, key.as_ref());
                assert_eq!(given.len(), names.len());
                assert!(given.iter().all(|(name, (used, _))| all[name].0 == *used));
                device.restart();
                assert_eq!(device.deactivate(id).as_ref(), Ok(&first), "the same again, also after a power cut");
                let refused = device.with(|engine| engine.apply(text.as_bytes()));
                assert_eq!(refused, Err(Error::LicenseReturned));
            }
        }
    }
}

/// Has a device write all texts about a license.
type Call = fn(&mut Device, &str) -> Result<Vec<String>, Error>;

/// The power goes at every byte that is written on the way: the license is held and reports all, or it is given back and
/// shows all of the receipt; and no count is lost.
#[test]
fn a_power_cut_between_and_in_parts_loses_nothing() {
    let (id, names, text) = worst(16, 32, 0);
    let mut sold = Device::new(None);
    sold.apply(&text);
    for (index, name) in (1..).zip(&names) {
        sold.with(|engine| engine.consume(name, index * 1_000, 0).map(|_| ())).expect("used");
    }
    let expected: Vec<u64> = (1..=16).map(|index| index * 1_000).collect();
    let totals = |texts: &[String]| joined(texts, None).values().map(|(used, _)| *used).collect::<Vec<_>>();
    let calls: [Call; 2] = [|device, id| device.usage(id).map(|(_, texts)| texts), |device, id| device.deactivate(id)];
    for (turn, call) in calls.iter().enumerate() {
        let mut points = 0;
        for after in 0.. {
            let mut device = Device { store: sold.store.clone(), memory: Memory::new(), owner: Owner::new(None) };
            device.restart();
            device.store.cut = Some(PowerCut::new(after, Torn::Erased));
            let answer = call(&mut device, &id);
            let cut = device.store.is_off;
            device.restart();
            if !cut {
                assert_eq!(totals(&answer.expect("without a cut")), expected);
                break;
            }
            points += 1;
            let held = device.with(|engine| engine.check().map(|answer| answer.decision.refusal)) == Ok(None);
            if held {
                assert_eq!(totals(&device.usage("").expect("a report").1), expected, "turn {turn}, byte {after}");
            }
            assert_eq!(totals(&device.deactivate(&id).expect("a receipt")), expected, "turn {turn}, byte {after}");
        }
        assert!(points > 500, "{points}");
    }
}

/// What comes in between ends a report that is not complete.
#[test]
fn a_report_ends_with_whatever_comes_in_between() {
    let (id, names, text) = worst(16, 32, 0);
    let mut device = Device::new(None);
    device.apply(&text);
    for name in &names {
        device.with(|engine| engine.consume(name, u64::MAX, 0).map(|_| ())).expect("used");
    }
    let mut out = [0; 1024];
    let next = |device: &mut Device| {
        let mut out = [0; 1024];
        device.with(|engine| engine.next_part(&mut out).map(|text| text.is_some()))
    };
    device.with(|engine| engine.usage("", b"", &mut out).map(|_| ())).expect("a report");
    // A buffer that is too small changes nothing.
    assert_eq!(device.with(|engine| engine.next_part(&mut [0; 40]).map(|_| ())), Err(Error::BufferTooSmall));
    let other = Key::anchor().code(&license("OTHER", 1, Term::Perpetual));
    device.apply(&other);
    assert_eq!(next(&mut device), Ok(false));
    device.with(|engine| engine.usage("", b"", &mut out).map(|_| ())).expect("a report");
    device.with(|engine| engine.deactivate("OTHER", b"", &mut out).map(|_| ())).expect("a receipt");
    assert_eq!(next(&mut device), Ok(false), "the receipt is whole");
    device.with(|engine| engine.deactivate(&id, b"", &mut out).map(|_| ())).expect("a receipt");
    assert_eq!(next(&mut device), Ok(true));
    assert_eq!(next(&mut device), Ok(false));
}
