//! Signatures and whether they are accepted, in a file that a microcontroller can read as it lies in flash.
//!
//! All numbers are little-endian. The file begins with four numbers of 32 bits: how many blocks of 32 bytes, messages,
//! bytes of messages and cases there are. Then come the blocks; the end of each message among their bytes, 16 bits
//! each; the cases, each four numbers of 16 bits; and the bytes of the messages. A case names the key, R, S (blocks)
//! and the message, whose highest bit says that the signature is accepted.

use std::collections::HashMap;

/// The highest bit of a case's last number.
const ACCEPTED: u16 = 0x8000;

/// One signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Case {
    blocks: [u16; 3],
    message: u16,
    pub accepted: bool,
}

/// Equal blocks and equal messages are stored once.
#[derive(Default)]
pub struct AnswerTable {
    blocks: Vec<[u8; 32]>,
    block_numbers: HashMap<[u8; 32], u16>,
    messages: Vec<Vec<u8>>,
    message_numbers: HashMap<Vec<u8>, u16>,
    cases: Vec<Case>,
}

impl AnswerTable {
    pub fn add(&mut self, key: &[u8; 32], message: &[u8], signature: &[u8; 64], accepted: bool) {
        let (r, s) = signature.split_at(32);
        let blocks = [key, r, s].map(|block| self.block(block.try_into().expect("32 bytes")));
        let message = self.message(message);
        self.cases.push(Case { blocks, message, accepted });
    }

    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    fn block(&mut self, block: [u8; 32]) -> u16 {
        *self.block_numbers.entry(block).or_insert_with(|| {
            self.blocks.push(block);
            u16::try_from(self.blocks.len() - 1).expect("few blocks")
        })
    }

    fn message(&mut self, message: &[u8]) -> u16 {
        *self.message_numbers.entry(message.to_vec()).or_insert_with(|| {
            self.messages.push(message.to_vec());
            u16::try_from(self.messages.len() - 1).ok().filter(|number| *number < ACCEPTED).expect("few messages")
        })
    }

    fn bytes(&self) -> Vec<u8> {
        let text = self.messages.concat();
        let mut bytes = Vec::new();
        for count in [self.blocks.len(), self.messages.len(), text.len(), self.cases.len()] {
            bytes.extend(u32::try_from(count).expect("a small count").to_le_bytes());
        }
        bytes.extend(self.blocks.as_flattened());
        let mut end = 0;
        for message in &self.messages {
            end += message.len();
            bytes.extend(u16::try_from(end).expect("short messages").to_le_bytes());
        }
        for case in &self.cases {
            let last = case.message | if case.accepted { ACCEPTED } else { 0 };
            let [a, r, s] = case.blocks;
            bytes.extend([a, r, s, last].iter().flat_map(|number| number.to_le_bytes()));
        }
        bytes.extend(text);
        bytes
    }

    /// Demands that the file holds this table; with `BLESS` set, writes it.
    pub fn check(&self, path: &str) {
        let bytes = self.bytes();
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &bytes).expect("the table can be written");
        }
        let stored = std::fs::read(path).unwrap_or_default();
        assert!(stored == bytes, "{path} is out of date: BLESS=1 cargo test -p lic2 --test ed25519");
    }
}
