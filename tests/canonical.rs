//! One content, one encoding: a payload that is changed at random and signed again is refused, or it is exactly what
//! its content encodes to. Seen to fail with the comparison in `src/wire/strict.rs` taken out.

mod support;

use lic2::seal::{self, BindingDraft, RevocationDraft, Sealed, TimeTokenDraft, UnlockDraft};
use lic2::{Allocation, Binding, ComponentHash, Content, DocumentBuffer, KeyRing, Kind};
use support::make::documents::{self, Side};
use support::{Key, bytes_of};

/// Changes for each payload.
const ROUNDS: usize = 10_000;

/// Numbers that look random and are the same in every run (the generator of Numerical Recipes).
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % most
    }
}

/// One or two bytes changed, removed or added.
fn changed(payload: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    for _ in 0..=numbers.below(2) {
        let at = numbers.below(bytes.len());
        // Half of the values are those that lengths and varints turn on.
        let value = [0x00, 0x01, 0x80, 0x81][numbers.below(4)] ^ [0, 0, 1, numbers.below(256) as u8][numbers.below(4)];
        match numbers.below(4) {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, value),
            _ => bytes[at] = value,
        }
    }
    bytes
}

/// The content, written again.
fn written_again(content: &Content<'_>) -> Sealed {
    let anchor = Key::anchor();
    let (key, sign) = (anchor.public(), |message: &[u8]| anchor.sign(message));
    match content {
        Content::RevocationList(list) => {
            let (issuers, licenses) = (list.issuers.collect::<Vec<_>>(), list.licenses.collect::<Vec<_>>());
            // The coverage is an item, too.
            let extensions = list.items.filter(|item| item.number > 2).collect::<Vec<_>>();
            let draft = RevocationDraft::new(list.number, list.product.as_str(), list.issued_at)
                .with_series(list.series)
                .with_coverage(list.coverage)
                .with_issuers(&issuers)
                .with_licenses(&licenses)
                .with_extensions(&extensions);
            seal::seal_revocation_list(&draft, &key, None, sign)
        }
        Content::TimeToken(token) => {
            let extensions = token.items.collect::<Vec<_>>();
            let draft = TimeTokenDraft::new(token.product.as_str(), token.issued_at).with_extensions(&extensions);
            seal::seal_time_token(&draft, &key, None, sign)
        }
        Content::Unlock(unlock) => {
            let (mut components, mut devices) = (Vec::new(), Vec::new());
            let extensions = unlock.items.collect::<Vec<_>>();
            let draft = UnlockDraft::new(unlock.nonce, unlock.grants, unlock.product.as_str(), unlock.issued_at)
                .with_binding(drafted(&unlock.binding, &mut components, &mut devices))
                .with_extensions(&extensions);
            seal::seal_unlock(&draft, &key, None, sign)
        }
        other @ (Content::License(_) | _) => panic!("{other:?}"),
    }
    .expect("what was read can be written")
}

fn drafted<'m>(
    binding: &Binding<'_>,
    components: &'m mut Vec<ComponentHash>,
    devices: &'m mut Vec<Allocation>,
) -> BindingDraft<'m> {
    match *binding {
        Binding::None => BindingDraft::None,
        Binding::DeviceKey(key) => BindingDraft::DeviceKey(key),
        Binding::Components { needed, salt, entries } => {
            components.extend(entries);
            BindingDraft::Components { needed, salt, entries: components }
        }
        Binding::Allocation { kind, salt, entries } => {
            devices.extend(entries);
            BindingDraft::Allocation { kind, salt, entries: devices }
        }
    }
}

fn check(kind: Kind, text: &str, numbers: &mut Numbers) -> usize {
    let ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    let bytes = bytes_of(text);
    let payload = &bytes[8..bytes.len() - 68];
    let mut accepted = 0;
    for _ in 0..ROUNDS {
        let sealed = Key::anchor().raw(kind, None, &changed(payload, numbers));
        let mut memory = DocumentBuffer::new();
        let unverified = memory.read(sealed.text().as_bytes()).expect("well-formed");
        if let Ok(genuine) = unverified.verify_document(&ring, core::iter::empty()) {
            assert_eq!(written_again(genuine.content()).text(), sealed.text(), "{:?}", genuine.content());
            accepted += 1;
        }
    }
    accepted
}

#[test]
fn what_decodes_is_canonical() {
    let mut numbers = Numbers(7);
    // The first three are the anchor's.
    let anchors = documents::full(Side::Signed).into_iter().take(3);
    for (kind, text) in anchors.chain([documents::list_of_named()]) {
        let accepted = check(kind, &text, &mut numbers);
        assert!(accepted > ROUNDS / 50, "{kind:?}: {accepted} accepted");
    }
}
