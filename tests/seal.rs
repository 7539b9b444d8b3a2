//! What the seller's side refuses to sign, before it signs.

mod support;

use lic2::claim::{self, Claimed};
use lic2::seal::{
    BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, Sealed, TimeTokenDraft, UnlockDraft,
    seal_certificate, seal_license, seal_revocation_list, seal_time_token, seal_unlock,
};
use lic2::{
    Binding, Content, DocumentBuffer, Error, GRANTS_CLOCK, GRANTS_STATE, Item, KeyRing, Kind, Proof, Reason,
    RevokedIssuer, RevokedLicense, UnixSeconds,
};
use support::make::documents::{self, Side};
use support::{ISSUED, Key, PLAIN, open_certificate};

fn no_signature(_: &[u8]) -> [u8; 64] {
    panic!("asked to sign what nobody would accept")
}

#[test]
fn what_does_not_fit_is_not_signed() {
    let key = Key::anchor().public();
    for length in 600..800 {
        let bytes = vec![0; length];
        let items = [Item { number: 1_000, critical: false, bytes: &bytes }];
        let draft = LicenseDraft::new("1", "p", UnixSeconds(ISSUED)).with_extensions(&items);
        match seal_license(&draft, &key, None, |message| Key::anchor().sign(message)) {
            Ok(sealed) => assert!(sealed.text().len() <= 1_024),
            Err(_) => assert_eq!(seal_license(&draft, &key, None, no_signature).err(), Some(Error::PayloadValue)),
        }
    }
    for length in 64..300 {
        let bytes = vec![0; length];
        let items = [Item { number: 1_000, critical: false, bytes: &bytes }];
        let draft = open_certificate().with_extensions(&items);
        match seal_certificate(&draft, &key, |message| Key::anchor().sign(message)) {
            Ok(sealed) => assert!(sealed.document().len() <= 256),
            Err(_) => assert_eq!(seal_certificate(&draft, &key, no_signature).err(), Some(Error::PayloadValue)),
        }
    }
}

#[test]
fn what_the_issuer_may_not_grant_is_not_signed() {
    let key = Key::issuer().public();
    let seal = |draft: &LicenseDraft<'_>, certificate: &CertificateDraft<'_>| {
        let certificate = Key::anchor().certify(certificate);
        seal_license(draft, &key, Some(certificate.document()), no_signature).err()
    };
    let open = open_certificate();
    assert_eq!(seal(&PLAIN, &open.with_scope(&["other"])), Some(Error::IssuerScope));
    assert_eq!(seal(&PLAIN, &open.with_longest_days(3)), Some(Error::IssuerTerm));
    let other_key = open.with_key(Key::new(31).public());
    assert_eq!(seal(&PLAIN, &other_key), Some(Error::CertificateInvalid));
    let nonsense = seal_license(&PLAIN, &key, Some(&[0; 100]), no_signature).err();
    assert_eq!(nonsense, Some(Error::FormatVersion));
}

#[test]
fn a_signature_of_another_key_is_not_let_out() {
    let key = Key::anchor().public();
    let wrong = |message: &[u8]| Key::stranger().sign(message);
    assert_eq!(seal_license(&PLAIN, &key, None, wrong).err(), Some(Error::SignatureInvalid));
    assert_eq!(seal_certificate(&open_certificate(), &key, wrong).err(), Some(Error::SignatureInvalid));
}

#[test]
fn content_that_a_product_would_refuse_is_not_signed() {
    let key = Key::anchor().public();
    for draft in [
        PLAIN.with_id(""),
        PLAIN.with_product("p*"),
        PLAIN.with_serial(0),
        PLAIN.with_quantity(0),
        PLAIN.with_issued_at(UnixSeconds(0)),
        PLAIN.with_customer("a\nb"),
        PLAIN.with_features(&[support::FEATURES[1], support::FEATURES[0]]),
    ] {
        assert_eq!(seal_license(&draft, &key, None, no_signature).err(), Some(Error::PayloadValue), "{draft:?}");
    }
}

const LIST: RevocationDraft<'static> = RevocationDraft::new(3, "vision-appliance", UnixSeconds(ISSUED))
    .with_series(1)
    .with_licenses(&[
        RevokedLicense { id: [1; 8], below: 2, reason: Reason::Frozen },
        RevokedLicense { id: [2; 8], below: u32::MAX, reason: Reason::Replaced },
    ])
    .with_extensions(&[Item { number: 1_000, critical: false, bytes: b"note" }]);

const TOKEN: TimeTokenDraft<'static> = TimeTokenDraft::new("vision-appliance", UnixSeconds(ISSUED));

const UNLOCK: UnlockDraft<'static> =
    UnlockDraft::new(*b"8 bytes.", GRANTS_CLOCK | GRANTS_STATE, "vision-appliance", UnixSeconds(ISSUED))
        .with_binding(BindingDraft::DeviceKey([7; 32]));

/// What a device reads of a document, after its signature.
fn read(sealed: &Sealed) -> String {
    let ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    let mut memory = DocumentBuffer::new();
    let unverified = memory.read(sealed.text().as_bytes()).expect("well-formed");
    let genuine = unverified.verify_document(&ring, core::iter::empty()).expect("genuine");
    match genuine.content() {
        Content::RevocationList(list) => {
            let issuers: Vec<_> = list.issuers.collect();
            let licenses: Vec<_> = list.licenses.collect();
            let items: Vec<_> = list.items.collect();
            let head = (list.number, list.issued_at, list.product, list.series);
            format!("{head:?} {issuers:?} {licenses:?} {items:?}")
        }
        Content::TimeToken(token) => {
            format!("{:?}", (token.issued_at, token.product, token.items.collect::<Vec<_>>()))
        }
        Content::Unlock(unlock) => {
            let Binding::DeviceKey(key) = unlock.binding else { panic!("{:?}", unlock.binding) };
            let items: Vec<_> = unlock.items.collect();
            format!("{:?}", (unlock.issued_at, unlock.product, unlock.nonce, unlock.grants, key, items))
        }
        other @ (Content::License(_) | _) => panic!("{other:?}"),
    }
}

#[test]
fn a_device_reads_what_the_seller_stated() {
    let anchor = Key::anchor();
    let key = anchor.public();
    let issuers = [RevokedIssuer { key: [9; 8], keep_activated: true }];
    let list = LIST.with_issuers(&issuers);
    let sealed = seal_revocation_list(&list, &key, None, |m| anchor.sign(m)).expect("within the limits");
    let head = (list.number, list.issued_at, list.product, list.series);
    assert_eq!(read(&sealed), format!("{head:?} {:?} {:?} {:?}", list.issuers, list.licenses, list.extensions));
    let sealed = seal_time_token(&TOKEN, &key, None, |m| anchor.sign(m)).expect("within the limits");
    assert_eq!(read(&sealed), format!("{:?}", (TOKEN.issued_at, TOKEN.product, TOKEN.extensions)));
    let sealed = seal_unlock(&UNLOCK, &key, None, |m| anchor.sign(m)).expect("within the limits");
    let stated = (UNLOCK.issued_at, UNLOCK.product, UNLOCK.nonce, UNLOCK.grants, [7_u8; 32], UNLOCK.extensions);
    assert_eq!(read(&sealed), format!("{stated:?}"));
}

#[test]
fn other_documents_that_a_device_would_refuse_are_not_signed() {
    let key = Key::anchor().public();
    let twice = [LIST.licenses[0], LIST.licenses[0]];
    let below_zero = [RevokedLicense { below: 0, ..LIST.licenses[0] }];
    let many: Vec<_> = (0..65).map(|number| RevokedLicense { id: [number; 8], ..LIST.licenses[0] }).collect();
    for draft in [
        LIST.with_number(0),
        LIST.with_product("p*"),
        LIST.with_issued_at(UnixSeconds(0)),
        LIST.with_licenses(&twice),
        LIST.with_licenses(&below_zero),
        LIST.with_licenses(&many),
    ] {
        assert_eq!(
            seal_revocation_list(&draft, &key, None, no_signature).err(),
            Some(Error::PayloadValue),
            "{draft:?}"
        );
    }
    let token = TOKEN.with_product("*");
    assert_eq!(seal_time_token(&token, &key, None, no_signature).err(), Some(Error::PayloadValue));
    for draft in [UNLOCK.with_grants(0), UNLOCK.with_grants(4), UNLOCK.with_product("")] {
        assert_eq!(seal_unlock(&draft, &key, None, no_signature).err(), Some(Error::PayloadValue), "{draft:?}");
    }
    let critical = [Item { number: 1, critical: true, bytes: &[] }];
    let token = TOKEN.with_extensions(&critical);
    assert_eq!(seal_time_token(&token, &key, None, no_signature).err(), Some(Error::ExtensionUnknown));
}

#[test]
fn other_documents_are_held_against_the_issuer_and_its_key() {
    let issuer = Key::issuer();
    let key = issuer.public();
    let open = open_certificate().with_kinds(14);
    let sign = |message: &[u8]| issuer.sign(message);
    let certified = |draft: &CertificateDraft<'_>| Key::anchor().certify(draft);
    let may = certified(&open);
    seal_revocation_list(&LIST, &key, Some(may.document()), sign).expect("permitted");
    seal_time_token(&TOKEN, &key, Some(may.document()), sign).expect("permitted");
    seal_unlock(&UNLOCK, &key, Some(may.document()), sign).expect("permitted");

    let issuers = [RevokedIssuer { key: [9; 8], keep_activated: false }];
    let list = LIST.with_issuers(&issuers);
    assert_eq!(
        seal_revocation_list(&list, &key, Some(may.document()), no_signature).err(),
        Some(Error::IssuerKind),
        "only an anchor revokes issuers"
    );
    let codes_only = certified(&open_certificate());
    let scoped = certified(&open.with_scope(&["other"]));
    for (certificate, expected) in [(&codes_only, Error::IssuerKind), (&scoped, Error::IssuerScope)] {
        let document = Some(certificate.document());
        assert_eq!(seal_revocation_list(&LIST, &key, document, no_signature).err(), Some(expected));
        assert_eq!(seal_time_token(&TOKEN, &key, document, no_signature).err(), Some(expected));
        assert_eq!(seal_unlock(&UNLOCK, &key, document, no_signature).err(), Some(expected));
    }
    let wrong = |message: &[u8]| Key::stranger().sign(message);
    assert_eq!(seal_revocation_list(&LIST, &key, None, wrong).err(), Some(Error::SignatureInvalid));
    assert_eq!(seal_time_token(&TOKEN, &key, None, wrong).err(), Some(Error::SignatureInvalid));
    assert_eq!(seal_unlock(&UNLOCK, &key, None, wrong).err(), Some(Error::SignatureInvalid));
}

#[test]
fn a_claim_shows_every_kind() {
    let all = [documents::full(Side::Signed), documents::full(Side::Unsigned)].concat();
    for (kind, text) in all {
        let mut memory = DocumentBuffer::new();
        let claim = claim::read(text.as_bytes(), &mut memory).expect("well-formed");
        assert_eq!((claim.kind, claim.length), (kind, support::bytes_of(&text).len() - 4));
        let matches = match claim.content {
            Claimed::Seller { content: Content::RevocationList(_), .. } => kind == Kind::RevocationList,
            Claimed::Seller { content: Content::TimeToken(_), .. } => kind == Kind::TimeToken,
            Claimed::Seller { content: Content::Unlock(_), .. } => kind == Kind::Unlock,
            Claimed::Device(document) => {
                assert_eq!(document.proof() == Proof::Unsigned, claim.key_id == [0; 4]);
                kind.is_from_device()
            }
            Claimed::Seller { .. } | Claimed::Certificate(_) => false,
        };
        assert!(matches, "{kind:?}: {:?}", claim.content);
        if let Claimed::Seller { certificate, .. } = claim.content {
            let by_issuer = claim.key_id == Key::issuer().public()[..4];
            assert_eq!(certificate.map(|issuer| issuer.certificate.key), by_issuer.then(|| Key::issuer().public()));
        }
    }
}
