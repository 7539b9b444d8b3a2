//! The bytes of a stored activation, read and made by docs/STATE.md §2 and by the crates crc32fast, hmac and sha2: a
//! second reading of the layout, and what an attacker who can edit the store can write into it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha512};

pub const LICENSE: u8 = 1;
pub const LIST: u8 = 2;
pub const CERTIFICATE: u8 = 3;
pub const RETURNED: u8 = 4;

const HEADER: usize = 128;
const TRAILER: usize = 20;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    pub kind: u8,
    pub zero: u8,
    pub content: Vec<u8>,
}

/// Everything that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub sequence: u32,
    pub counter: u32,
    pub lock: u16,
    pub product: [u8; 8],
    pub ring: [u8; 8],
    pub floor: u64,
    pub floor_powered: u64,
    pub powered: u64,
    pub refreshed: u64,
    pub nonce: [u8; 8],
    pub ahead_since: u64,
    pub ahead_until: u64,
    pub report: u32,
    pub entries: Vec<StoredEntry>,
    /// Bytes behind the last entry; none in a good state.
    pub tail: Vec<u8>,
}

impl State {
    /// A state of this product that holds nothing.
    pub fn new(product: &str) -> Self {
        Self {
            sequence: 1,
            counter: 0,
            lock: 0,
            product: short_hash(b"LIC2 product id1", product.as_bytes()),
            ring: [0; 8],
            floor: 0,
            floor_powered: 0,
            powered: 0,
            refreshed: 0,
            nonce: [0; 8],
            ahead_since: 0,
            ahead_until: 0,
            report: 0,
            entries: Vec::new(),
            tail: Vec::new(),
        }
    }

    /// Reads the content of a slot; seal and checks are not examined.
    pub fn read(bytes: &[u8]) -> Self {
        let length = usize::from(u16::from_le_bytes(part(bytes, 6)));
        let u64_at = |at| u64::from_le_bytes(part(bytes, at));
        let mut entries = Vec::new();
        let mut rest = &bytes[HEADER..length - TRAILER];
        while let [kind, zero, low, high, tail @ ..] = rest {
            let (content, tail) = tail.split_at(usize::from(u16::from_le_bytes([*low, *high])));
            entries.push(StoredEntry { kind: *kind, zero: *zero, content: content.to_vec() });
            rest = tail;
        }
        Self {
            sequence: u32::from_le_bytes(part(bytes, 12)),
            counter: u32::from_le_bytes(part(bytes, 16)),
            lock: u16::from_le_bytes(part(bytes, 20)),
            product: part(bytes, 24),
            ring: part(bytes, 32),
            floor: u64_at(40),
            floor_powered: u64_at(48),
            powered: u64_at(56),
            refreshed: u64_at(64),
            nonce: part(bytes, 72),
            ahead_since: u64_at(80),
            ahead_until: u64_at(88),
            report: u32::from_le_bytes(part(bytes, 96)),
            entries,
            tail: rest.to_vec(),
        }
    }

    #[must_use]
    pub fn with(mut self, kind: u8, content: Vec<u8>) -> Self {
        self.entries.push(StoredEntry { kind, zero: 0, content });
        self
    }

    /// The contents of the entries of one kind.
    pub fn contents(&self, kind: u8) -> Vec<&[u8]> {
        self.entries.iter().filter(|entry| entry.kind == kind).map(|entry| &entry.content[..]).collect()
    }

    /// The serial with which a license was given back.
    pub fn returned_serial(&self, id: &str) -> Option<u32> {
        let contents = self.contents(RETURNED);
        contents
            .iter()
            .find(|content| content.starts_with(&id_hash(id)))
            .map(|content| u32::from_le_bytes(part(content, 8)))
    }

    /// The bytes without a keyed seal.
    pub fn bytes(&self) -> Vec<u8> {
        self.sealed(None)
    }

    /// The bytes, sealed with a secret if there is one.
    pub fn sealed(&self, secret: Option<&[u8]>) -> Vec<u8> {
        let mut entries: Vec<u8> = self.entries.iter().flat_map(StoredEntry::bytes).collect();
        entries.extend(&self.tail);
        let length = u16::try_from(HEADER + entries.len() + TRAILER).expect("a state is short");
        let mut bytes = b"L2ST\x02".to_vec();
        bytes.push(u8::from(secret.is_some()));
        bytes.extend(length.to_le_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes.extend(self.sequence.to_le_bytes());
        bytes.extend(self.counter.to_le_bytes());
        bytes.extend(self.lock.to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(self.product);
        bytes.extend(self.ring);
        for time in [self.floor, self.floor_powered, self.powered, self.refreshed] {
            bytes.extend(time.to_le_bytes());
        }
        bytes.extend(self.nonce);
        bytes.extend(self.ahead_since.to_le_bytes());
        bytes.extend(self.ahead_until.to_le_bytes());
        bytes.extend(self.report.to_le_bytes());
        bytes.extend([0; 28]);
        bytes.extend(entries);
        let seal = secret.map_or([0; 16], |secret| {
            let mut mac = Hmac::<Sha512>::new_from_slice(secret).expect("any length will do");
            mac.update(&bytes);
            part(&mac.finalize().into_bytes(), 0)
        });
        bytes.extend(seal);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }
}

impl StoredEntry {
    pub fn bytes(&self) -> Vec<u8> {
        let length = u16::try_from(self.content.len()).expect("an entry is short");
        let [low, high] = length.to_le_bytes();
        [&[self.kind, self.zero, low, high], &self.content[..]].concat()
    }
}

/// The content of a license entry.
#[derive(Clone, Debug)]
pub struct StoredLicense {
    pub activated_at: u64,
    pub powered_at: u64,
    pub id_hash: [u8; 8],
    pub key: [u8; 8],
    pub serial: u32,
    pub authenticity: u16,
    pub revocation: u16,
    pub by_issuer: bool,
    /// What a list that is not held any more has said: 32 bytes.
    pub statement: [u8; 32],
    pub meters: Vec<u8>,
    pub document: Vec<u8>,
}

impl StoredLicense {
    /// A license that claims to be genuine.
    pub fn claiming(id: &str, serial: u32, document: Vec<u8>) -> Self {
        Self {
            activated_at: 0,
            powered_at: 0,
            id_hash: id_hash(id),
            key: [0; 8],
            serial,
            authenticity: 0,
            revocation: 0,
            by_issuer: false,
            statement: [0; 32],
            meters: Vec::new(),
            document,
        }
    }

    pub fn read(content: &[u8]) -> Self {
        let meters = usize::from(u16::from_le_bytes(part(content, 42)));
        Self {
            activated_at: u64::from_le_bytes(part(content, 0)),
            powered_at: u64::from_le_bytes(part(content, 8)),
            id_hash: part(content, 16),
            key: part(content, 24),
            serial: u32::from_le_bytes(part(content, 32)),
            authenticity: u16::from_le_bytes(part(content, 36)),
            revocation: u16::from_le_bytes(part(content, 38)),
            by_issuer: content[40] == 0,
            statement: part(content, 44),
            meters: content[76..76 + meters].to_vec(),
            document: content[76 + meters..].to_vec(),
        }
    }

    pub fn content(&self) -> Vec<u8> {
        let mut content = self.activated_at.to_le_bytes().to_vec();
        content.extend(self.powered_at.to_le_bytes());
        content.extend(self.id_hash);
        content.extend(self.key);
        content.extend(self.serial.to_le_bytes());
        content.extend(self.authenticity.to_le_bytes());
        content.extend(self.revocation.to_le_bytes());
        // The first anchor signed, or vouches.
        content.extend([u8::from(!self.by_issuer), 1]);
        content.extend(u16::try_from(self.meters.len()).expect("few meters").to_le_bytes());
        content.extend(self.statement);
        content.extend(&self.meters);
        content.extend(&self.document);
        content
    }
}

/// A meter: how much is used, then how much was used at the last report and at the last accepted one.
pub fn meter(name: &str, used: u64, reported: u64, accepted: u64) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(name.len()).expect("a short name")];
    bytes.extend(name.as_bytes());
    [used, reported, accepted].iter().for_each(|count| bytes.extend(count.to_le_bytes()));
    bytes
}

/// The content of the entry of a license that was given back, with what its receipt says: a nonce, a time, and components of
/// nine bytes each.
pub fn returned(id: &str, serial: u32, nonce: [u8; 8], at: u64, meters: &[u8], components: &[u8]) -> Vec<u8> {
    let mut content = [&id_hash(id)[..], &serial.to_le_bytes()].concat();
    content.extend(u16::try_from(meters.len()).expect("few meters").to_le_bytes());
    content.extend([0; 2]);
    content.extend(nonce);
    content.extend(at.to_le_bytes());
    content.extend([0; 44]);
    content.extend(meters);
    content.push(u8::try_from(components.len() / 9).expect("few components"));
    content.extend(components);
    content.extend(id.as_bytes());
    content
}

/// The content of the entry of a list of series 0 by the first anchor.
pub fn list_content(key: [u8; 8], number: u32, product: &str, document: &[u8]) -> Vec<u8> {
    let line = short_hash(b"LIC2 list line 1", &[&[0; 9], product.as_bytes()].concat());
    let rank = 1_u64 << 32 | u64::from(number);
    [&line[..], &rank.to_le_bytes(), &key, &[1, 1], &[0; 2], document].concat()
}

pub fn id_hash(id: &str) -> [u8; 8] {
    short_hash(b"LIC2 license id1", id.as_bytes())
}

fn short_hash(domain: &[u8; 16], bytes: &[u8]) -> [u8; 8] {
    part(&Sha512::new().chain_update(domain).chain_update(bytes).finalize(), 0)
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("as long as asked for")
}
