//! The accept set: the answers of ed25519-dalek's `verify_strict` to RFC 8032, Wycheproof, and every encoding about which
//! verifiers are known to differ. `tests/ed25519.rs` of the core writes the file and says what is in it.

use std::collections::HashMap;

use lic2_ed25519::{Comb, Key};

/// The file's numbers of 16 and 32 bits, blocks and bytes, from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().expect("as many")
    }

    fn short(&mut self) -> usize {
        u16::from_le_bytes(self.array()).into()
    }

    fn count(&mut self) -> usize {
        u32::from_le_bytes(self.array()).try_into().expect("a size")
    }
}

#[test]
fn every_answer_is_that_of_verify_strict() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/firmware/ed25519.table");
    let bytes = std::fs::read(file).expect("the table of answers");
    let mut reader = Reader(&bytes);
    let [blocks, messages, bytes_of_messages, cases] = [(); 4].map(|()| reader.count());
    let blocks: Vec<[u8; 32]> = (0..blocks).map(|_| reader.array()).collect();
    let ends: Vec<usize> = (0..messages).map(|_| reader.short()).collect();
    let cases: Vec<[usize; 4]> = (0..cases).map(|_| [(); 4].map(|()| reader.short())).collect();
    let text = reader.take(bytes_of_messages);
    assert!(reader.0.is_empty() && cases.len() > 7_000, "{} cases", cases.len());

    let mut tables: HashMap<usize, Option<Comb>> = HashMap::new();
    let mut accepted = 0;
    for [key_index, r, s, last] in cases {
        let (number, expected) = (last & 0x7FFF, last & 0x8000 != 0);
        let begin = number.checked_sub(1).map_or(0, |before| ends[before]);
        let message = &text[begin..ends[number]];
        let signature: [u8; 64] = [blocks[r], blocks[s]].concat().try_into().expect("64 bytes");
        let key = Key::new(&blocks[key_index]);
        // The message as one part, and cut in two.
        let (front, back) = message.split_at(message.len() / 2);
        for parts in [&[message][..], &[front, back]] {
            let answer = key.is_some_and(|key| key.verify(parts, &signature).is_good());
            assert_eq!(answer, expected, "key {:02x?} signature {signature:02x?}", blocks[key_index]);
        }
        let table = tables.entry(key_index).or_insert_with(|| Comb::make(&blocks[key_index]));
        assert_eq!(table.is_some(), key.is_some(), "key {:02x?}", blocks[key_index]);
        let answer = key
            .zip(table.as_ref())
            .is_some_and(|(key, table)| key.verify_with(table, &[message], &signature).is_good());
        assert_eq!(answer, expected, "by its table: key {:02x?} signature {signature:02x?}", blocks[key_index]);
        accepted += usize::from(expected);
    }
    assert!(accepted > 200, "{accepted} are accepted");
}
