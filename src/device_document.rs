//! The documents that a device writes for the seller, and how the seller reads them.

#[cfg(feature = "sign")]
mod read;

#[cfg(feature = "sign")]
pub use self::read::{DeviceContent, DeviceDocument, Proof, read_device_document};

use crate::error::Error;
use crate::limits::{DOCUMENT_MAX, KEY_ID_LEN, KEY_LEN, SIGNATURE_LEN};
use crate::signature::PublicKey;
use crate::wire::device::{ALGORITHM_NONE, NO_KEY_ID};
use crate::wire::envelope::{ALGORITHM_ED25519, DOMAIN, FORMAT_VERSION};
use crate::wire::kind::Kind;
use crate::wire::output::Output;
use crate::wire::text;

/// Signs a message with the device's own key.
pub(crate) type SignMessage<'s> = &'s mut dyn FnMut(&[u8]) -> Result<[u8; SIGNATURE_LEN], Error>;

/// Writes a document into `out`, for which [`DOCUMENT_MAX`] bytes are always enough: signed if there is a `device_key`,
/// which the payload then has to show. A signature that is not that key's is not let out.
///
/// # Errors
/// What `sign` says; `SigningFailed` for a wrong signature; `PayloadValue` if the document would be too long.
pub(crate) fn write_device_document<'o>(
    kind: Kind,
    device_key: Option<[u8; KEY_LEN]>,
    payload: &[u8],
    sign: SignMessage<'_>,
    out: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let Some(key) = device_key else {
        return put(kind, ALGORITHM_NONE, NO_KEY_ID, &[], payload, out);
    };
    let [a, b, c, d, ..] = key;
    let key_id: [u8; KEY_ID_LEN] = [a, b, c, d];
    let message = put(kind, ALGORITHM_ED25519, key_id, DOMAIN, payload, out)?;
    let signature = sign(message)?;
    let good = PublicKey::new(&key).is_some_and(|key| key.verify(&[message], &signature).is_good());
    if !good {
        return Err(Error::SigningFailed);
    }
    let length = put(kind, ALGORITHM_ED25519, key_id, &[], payload, out)?.len();
    let end = length.saturating_add(SIGNATURE_LEN);
    let document = out.get_mut(..end.min(DOCUMENT_MAX)).ok_or(Error::PayloadValue)?;
    let (_, room) = document.split_at_mut_checked(length).ok_or(Error::PayloadValue)?;
    *room.first_chunk_mut().ok_or(Error::PayloadValue)? = signature;
    Ok(document)
}

/// Writes `front`, the header and the payload.
fn put<'o>(
    kind: Kind,
    algorithm: u8,
    key_id: [u8; KEY_ID_LEN],
    front: &[u8],
    payload: &[u8],
    memory: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let mut out = Output::new(memory);
    out.raw(front)?;
    out.raw(&[FORMAT_VERSION, kind.letter(), algorithm, 0])?;
    out.raw(&key_id)?;
    out.raw(payload)?;
    Ok(out.finish())
}

/// Writes the text form of a document.
///
/// # Errors
/// `BufferTooSmall`.
pub(crate) fn document_text<'o>(document: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
    let letter = document.get(1).copied().ok_or(Error::BufferTooSmall)?;
    let length = text::write(letter, document, out).ok_or(Error::BufferTooSmall)?;
    let text = out.get(..length).ok_or(Error::BufferTooSmall)?;
    core::str::from_utf8(text).map_err(|_| Error::BufferTooSmall)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use std::vec::Vec;

    use super::*;
    use crate::document::DocumentBuffer;
    use crate::limits::TEXT_MAX;
    use crate::time::UnixSeconds;
    use crate::utf8::Text;
    use crate::version::Version;
    use crate::wire::binding::ComponentHash;
    use crate::wire::device::{
        Receipt, ReceiptDraft, ReportPart, Request, RequestDraft, UsageDraft, UsageEntry, UsageReport, Used,
    };

    const COMPONENTS: &[ComponentHash] =
        &[ComponentHash { kind: 5, hash: [2; 8] }, ComponentHash { kind: 1, hash: [3; 8] }];

    const REQUEST: RequestDraft<'static> = RequestDraft {
        product: "vision-appliance",
        nonce: *b"8 bytes.",
        at: Some(UnixSeconds(1_795_000_000)),
        license: "PL-1",
        components: COMPONENTS,
        version: Some(Version { major: 2, minor: 3, patch: 70_000 }),
        device_key: None,
        status: Some(Error::ClockBehind),
        signs: 3,
    };

    const USED: [Used<'static>; 2] =
        [Used { feature: Text::of("scans"), used: 7 }, Used { feature: Text::of("export"), used: 0 }];

    const ENTRIES: [UsageEntry<'static>; 3] = [
        UsageEntry { license: Text::of("PL-2"), serial: 1, feature: Text::of("a"), used: 300, reported: 0 },
        UsageEntry { license: Text::of("PL-1"), serial: 9, feature: Text::of("z"), used: u64::MAX, reported: u64::MAX },
        UsageEntry { license: Text::of("PL-1"), serial: 9, feature: Text::of("b"), used: 0, reported: 5 },
    ];

    fn receipt(at: Option<UnixSeconds>) -> ReceiptDraft<'static, std::vec::IntoIter<Used<'static>>> {
        ReceiptDraft {
            product: "p",
            nonce: [1; 8],
            at,
            license: "PL-1",
            serial: 4,
            components: COMPONENTS,
            usage: Vec::from(USED).into_iter(),
            device_key: Some(public()),
        }
    }

    fn report(entries: &[UsageEntry<'static>]) -> UsageDraft<'static, std::vec::IntoIter<UsageEntry<'static>>> {
        UsageDraft {
            product: "p",
            nonce: [1; 8],
            at: None,
            number: 6,
            components: &[],
            entries: Vec::from(entries).into_iter(),
            device_key: None,
        }
    }

    /// The device's own key.
    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn public() -> [u8; KEY_LEN] {
        key().verifying_key().to_bytes()
    }

    fn sign(message: &[u8]) -> Result<[u8; SIGNATURE_LEN], Error> {
        Ok(key().sign(message).to_bytes())
    }

    fn refuse(_: &[u8]) -> Result<[u8; SIGNATURE_LEN], Error> {
        panic!("asked to sign")
    }

    #[test]
    fn a_request_says_what_was_stated_in_order() {
        let mut memory = [0; DOCUMENT_MAX];
        let request = Request::decode(REQUEST.payload(&mut memory).unwrap()).unwrap();
        assert_eq!((request.product.as_str(), request.nonce, request.at), (REQUEST.product, REQUEST.nonce, REQUEST.at));
        assert_eq!((request.license.as_str(), request.version), (REQUEST.license, REQUEST.version));
        assert_eq!((request.status, request.signs, request.device_key), (Some(502), 3, None));
        assert!(request.components.eq([COMPONENTS[1], COMPONENTS[0]]), "ascending");
        let twice = [COMPONENTS[0], COMPONENTS[1], COMPONENTS[0]];
        let mut other = [0; DOCUMENT_MAX];
        let same = RequestDraft { components: &twice, ..REQUEST };
        assert_eq!(same.payload(&mut other), REQUEST.payload(&mut memory), "each component once");
    }

    #[test]
    fn a_receipt_and_a_report_say_what_was_stated_in_order() {
        let mut memory = [0; DOCUMENT_MAX];
        let at = Some(UnixSeconds(1_795_000_000));
        let receipt = Receipt::decode(receipt(at).payload(1, 0, &mut memory).unwrap().0).unwrap();
        assert_eq!((receipt.product.as_str(), receipt.nonce, receipt.at), ("p", [1; 8], at));
        assert_eq!((receipt.license.as_str(), receipt.serial, receipt.device_key), ("PL-1", 4, Some(public())));
        assert!(receipt.usage.eq([USED[1], USED[0]]) && receipt.components.eq([COMPONENTS[1], COMPONENTS[0]]));
        let mut memory = [0; DOCUMENT_MAX];
        let report = UsageReport::decode(report(&ENTRIES).payload(1, 0, &mut memory).unwrap().0).unwrap();
        assert_eq!((report.product.as_str(), report.nonce, report.at, report.number), ("p", [1; 8], None, 6));
        assert!(report.entries.eq([ENTRIES[2], ENTRIES[1], ENTRIES[0]]) && report.device_key.is_none());
    }

    #[test]
    fn a_time_that_no_stamp_can_say_is_unknown() {
        for seconds in [0, 1_577_836_799, u64::MAX] {
            let mut memory = [0; DOCUMENT_MAX];
            let draft = receipt(Some(UnixSeconds(seconds)));
            assert_eq!(Receipt::decode(draft.payload(1, 0, &mut memory).unwrap().0).unwrap().at, None);
        }
    }

    #[test]
    fn what_the_seller_would_refuse_is_not_written() {
        let mut memory = [0; DOCUMENT_MAX];
        for draft in [
            RequestDraft { product: "", ..REQUEST },
            RequestDraft { license: "a b", ..REQUEST },
            RequestDraft { components: &[ComponentHash { kind: 0, hash: [2; 8] }], ..REQUEST },
        ] {
            assert_eq!(draft.payload(&mut memory).err(), Some(Error::PayloadValue), "{draft:?}");
        }
        assert_eq!(REQUEST.payload(&mut [0; 40]).err(), Some(Error::PayloadValue));
        let names: Vec<std::string::String> = (0..65).map(|number| std::format!("{number:02}")).collect();
        let names: Vec<&'static str> = names.into_iter().map(|name| &*name.leak()).collect();
        let entries: Vec<_> = names
            .iter()
            .map(|feature| UsageEntry { license: Text::of("1"), feature: Text::of(feature), ..ENTRIES[2] })
            .collect();
        let (_, cut) = report(&entries).payload(1, 0, &mut memory).unwrap();
        assert_eq!((cut.count, cut.part), (64, ReportPart { part: 1, is_last: false }));
        let (payload, cut) = report(&entries).payload(2, 64, &mut memory).unwrap();
        assert_eq!((cut.count, cut.part), (1, ReportPart { part: 2, is_last: true }));
        assert_eq!(UsageReport::decode(payload).unwrap().part, cut.part);
        let (_, cut) = report(&entries[1..]).payload(1, 0, &mut memory).unwrap();
        assert_eq!((cut.count, cut.part), (64, ReportPart::WHOLE));
    }

    #[test]
    fn an_unsigned_document_is_read_as_unsigned() {
        let (mut payload, mut document, mut text) = ([0; DOCUMENT_MAX], [0; DOCUMENT_MAX], [0; TEXT_MAX]);
        let payload = REQUEST.payload(&mut payload).unwrap();
        let document = write_device_document(Kind::Request, None, payload, &mut refuse, &mut document).unwrap();
        let text = document_text(document, &mut text).unwrap();
        assert!(text.starts_with("LIC2R."));
        let mut memory = DocumentBuffer::new();
        let read = read_device_document(text.as_bytes(), &mut memory).unwrap();
        assert_eq!(read.proof(), Proof::Unsigned);
        assert!(matches!(read.content(), DeviceContent::Request(request) if request.license == "PL-1"));
    }

    #[test]
    fn a_signed_document_is_read_as_signed() {
        let (mut payload, mut document, mut text) = ([0; DOCUMENT_MAX], [0; DOCUMENT_MAX], [0; TEXT_MAX]);
        let (payload, _) = receipt(None).payload(1, 0, &mut payload).unwrap();
        let key = Some(public());
        let document = write_device_document(Kind::Receipt, key, payload, &mut sign, &mut document).unwrap();
        let length = document_text(document, &mut text).unwrap().len();
        let mut memory = DocumentBuffer::new();
        let read = read_device_document(&text[..length], &mut memory).unwrap();
        assert_eq!(read.proof(), Proof::Signed(public()));
        assert_eq!(document_text(document, &mut text[..length - 1]).err(), Some(Error::BufferTooSmall));
        assert_eq!(document_text(document, &mut text[..length]).map(str::len), Ok(length));
    }

    #[test]
    fn a_signature_that_is_not_the_keys_is_not_let_out() {
        let payload = [0; 9];
        let mut out = [0; DOCUMENT_MAX];
        let mut write = |key: [u8; KEY_LEN], sign: SignMessage<'_>| {
            write_device_document(Kind::Request, Some(key), &payload, sign, &mut out).map(<[u8]>::len)
        };
        assert_eq!(write(public(), &mut sign), Ok(8 + 9 + 64));
        assert_eq!(write([9; KEY_LEN], &mut sign), Err(Error::SigningFailed));
        assert_eq!(write(public(), &mut |_| Ok([0; SIGNATURE_LEN])), Err(Error::SigningFailed));
        assert_eq!(write(public(), &mut |_| Err(Error::SigningFailed)), Err(Error::SigningFailed));
    }

    #[test]
    fn the_longest_document_fits_and_the_next_does_not() {
        let payload = [0; DOCUMENT_MAX];
        let mut out = [0; DOCUMENT_MAX];
        let mut write = |key: Option<[u8; KEY_LEN]>, length: usize| {
            write_device_document(Kind::Request, key, &payload[..length], &mut sign, &mut out).map(<[u8]>::len)
        };
        assert_eq!(write(None, DOCUMENT_MAX - 8), Ok(DOCUMENT_MAX));
        assert_eq!(write(None, DOCUMENT_MAX - 7), Err(Error::PayloadValue));
        assert_eq!(write(Some(public()), DOCUMENT_MAX - 72), Ok(DOCUMENT_MAX));
        assert_eq!(write(Some(public()), DOCUMENT_MAX - 71), Err(Error::PayloadValue));
    }
    /// The content of a request, written again; `None` if the device itself never writes it.
    fn request_again<'m>(payload: &[u8], memory: &'m mut [u8]) -> Option<&'m [u8]> {
        let request = Request::decode(payload).ok()?;
        let status = match request.status {
            Some(number) => Some(Error::from_number(number.into())?),
            None => None,
        };
        let components: Vec<_> = request.components.collect();
        let draft = RequestDraft {
            product: request.product.as_str(),
            nonce: request.nonce,
            at: request.at,
            license: request.license.as_str(),
            components: &components,
            version: request.version,
            device_key: request.device_key,
            status,
            signs: request.signs,
        };
        request.items.into_iter().all(|item| item.number <= 4).then(|| draft.payload(memory).unwrap())
    }

    fn receipt_again<'m>(payload: &[u8], memory: &'m mut [u8]) -> Option<&'m [u8]> {
        let receipt = Receipt::decode(payload).ok()?;
        let components: Vec<_> = receipt.components.collect();
        let draft = ReceiptDraft {
            product: receipt.product.as_str(),
            nonce: receipt.nonce,
            at: receipt.at,
            license: receipt.license.as_str(),
            serial: receipt.serial,
            components: &components,
            usage: receipt.usage,
            device_key: receipt.device_key,
        };
        receipt.items.into_iter().all(|item| item.number == 2).then(|| draft.payload(1, 0, memory).unwrap().0)
    }

    fn report_again<'m>(payload: &[u8], memory: &'m mut [u8]) -> Option<&'m [u8]> {
        let report = UsageReport::decode(payload).ok()?;
        let components: Vec<_> = report.components.collect();
        let draft = UsageDraft {
            product: report.product.as_str(),
            nonce: report.nonce,
            at: report.at,
            number: report.number,
            components: &components,
            entries: report.entries,
            device_key: report.device_key,
        };
        report.items.into_iter().all(|item| item.number == 2).then(|| draft.payload(1, 0, memory).unwrap().0)
    }

    /// Every byte replaced by every other, removed, and every byte put before it.
    fn changed(payload: &[u8]) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for at in 0..payload.len() {
            for value in 0..=u8::MAX {
                let mut replaced = Vec::from(payload);
                replaced[at] = value;
                let mut longer = Vec::from(payload);
                longer.insert(at, value);
                all.extend([replaced, longer]);
            }
            let mut shorter = Vec::from(payload);
            shorter.remove(at);
            all.push(shorter);
        }
        all
    }

    #[test]
    fn what_decodes_is_canonical() {
        type Encode = for<'m> fn(&[u8], &'m mut [u8]) -> Option<&'m [u8]>;
        let mut memory = [[0; DOCUMENT_MAX]; 3];
        let [one, two, three] = &mut memory;
        let kinds: [(&[u8], Encode); 3] = [
            (REQUEST.payload(one).unwrap(), request_again),
            (receipt(None).payload(1, 0, two).unwrap().0, receipt_again),
            (report(&ENTRIES).payload(1, 0, three).unwrap().0, report_again),
        ];
        for (payload, anew) in kinds {
            let mut accepted = 0;
            for changed in changed(payload) {
                let mut memory = [0; DOCUMENT_MAX];
                if let Some(written) = anew(&changed, &mut memory) {
                    assert_eq!(written, changed);
                    accepted += 1;
                }
            }
            assert!(accepted > 5_000, "{accepted}");
        }
    }
}
