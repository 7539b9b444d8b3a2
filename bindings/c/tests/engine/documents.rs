//! What the seller sends in this test: documents of every kind, good ones and others.

use ed25519_dalek::{Signer, SigningKey};
use lic2::seal::{
    BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, Sealed, TimeTokenDraft, UnlockDraft,
    certificate_document, seal_certificate, seal_license, seal_revocation_list, seal_time_token, seal_unlock,
};
use lic2::{
    Class, Component, ComponentHash, DeviceContent, DocumentBuffer, Error, Feature, Item, Reason, RevokedIssuer,
    RevokedLicense, Right, Term, Text, UnixSeconds, license_id_hash, read_device_document,
};

use crate::device::{BOARD, ESN, START};

pub(crate) const PRODUCT: &str = "vision-appliance";
pub(crate) const DAY: u64 = 86_400;
/// The ids of the licenses.
pub(crate) const IDS: [&str; 4] = ["PL-BASE", "PL-ADD-ON", "PL-TRIAL", "PL-ISSUED"];

pub(crate) fn anchor() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[11; 32])
}

const SALT: [u8; 4] = [1, 2, 3, 4];

fn hash(kind: u8, value: &[u8]) -> ComponentHash {
    ComponentHash { kind, hash: Component { kind, value }.hash(SALT).expect("a value") }
}

fn text(sealed: Result<Sealed, Error>) -> String {
    sealed.expect("a draft within the limits").text().to_owned()
}

fn code(draft: &LicenseDraft<'_>) -> String {
    let key = anchor();
    text(seal_license(draft, &key.verifying_key().to_bytes(), None, |message| key.sign(message).to_bytes()))
}

fn license(id: &'static str, serial: u32, term: Term) -> LicenseDraft<'static> {
    LicenseDraft::new(id, PRODUCT, UnixSeconds(START + u64::from(serial) * DAY)).with_serial(serial).with_term(term)
}

const fn until(days: u64) -> Term {
    Term::Until(UnixSeconds(START + days * DAY))
}

fn features(amount: u64, overage: bool, seats: u64) -> [Feature<'static>; 4] {
    [
        Feature::new("export", Right::Flag).with_expires(UnixSeconds(START + 20 * DAY)),
        Feature::new("region", Right::Text(Text::of("Z\u{fc}rich"))),
        Feature::new("scans", Right::Quota { amount, overage }),
        Feature::new("users", Right::Limit(seats)),
    ]
}

/// Codes by the anchor.
fn codes() -> Vec<String> {
    let here = [hash(2, BOARD), hash(5, ESN)];
    let elsewhere = [hash(5, b"another device")];
    let bound = |needed, entries| BindingDraft::Components { needed, salt: SALT, entries };
    let [few, many, over] = [features(40, false, 2), features(400, false, 3), features(10, true, 1)];
    let base = license(IDS[0], 1, until(30));
    let own = [Item { number: 1_000, critical: false, bytes: b"own" }];
    [
        base.with_features(&few).with_binding(bound(1, &here)),
        base.with_features(&few).with_grace_days(3).with_edition("pro").with_customer("c-7"),
        license(IDS[0], 2, until(60)).with_features(&many).with_grace_days(5).with_lease_days(9),
        license(IDS[0], 3, until(10)).with_features(&few),
        license(IDS[0], 4, Term::Perpetual).with_features(&many).with_quantity(5).with_extensions(&own),
        license(IDS[1], 1, until(40)).with_features(&over).with_add_on(true),
        license(IDS[1], 2, Term::PoweredHours(50)).with_features(&over).with_add_on(true),
        license(IDS[2], 1, Term::DaysFromActivation(8)).with_class(Class::Trial).with_features(&few),
        license(IDS[2], 2, Term::PoweredHours(3)).with_class(Class::Trial),
        license("PL-TEST", 1, until(30)).with_class(Class::Test),
        license("PL-ELSEWHERE", 1, until(30)).with_binding(bound(1, &elsewhere)),
        license("PL-LATER", 1, until(30)).with_not_before(UnixSeconds(START + 5 * DAY)),
        license("PL-AUDIO", 1, until(30)).with_product("audio-appliance"),
    ]
    .iter()
    .map(code)
    .collect()
}

/// Codes by the issuer: one with its certificate, one without.
fn issued() -> Vec<String> {
    let (anchor, issuer) = (anchor(), issuer());
    let draft =
        CertificateDraft::new(issuer.verifying_key().to_bytes(), UnixSeconds(START), UnixSeconds(START + 1_000 * DAY))
            .with_kinds(15);
    let sign = |message: &[u8]| anchor.sign(message).to_bytes();
    let certificate = text(seal_certificate(&draft, &anchor.verifying_key().to_bytes(), sign));
    let mut memory = DocumentBuffer::new();
    let certificate = certificate_document(certificate.as_bytes(), &mut memory).expect("a certificate");
    let features = features(70, false, 2);
    [(1, Some(certificate)), (2, None)]
        .map(|(serial, certificate)| {
            let draft = license(IDS[3], serial, until(50)).with_features(&features);
            let public = issuer.verifying_key().to_bytes();
            text(seal_license(&draft, &public, certificate, |message| issuer.sign(message).to_bytes()))
        })
        .to_vec()
}

fn list(number: u32, issuers: &[RevokedIssuer], licenses: &[RevokedLicense]) -> String {
    let key = anchor();
    let draft = RevocationDraft::new(number, PRODUCT, UnixSeconds(START + u64::from(number) * 3 * DAY))
        .with_issuers(issuers)
        .with_licenses(licenses);
    text(seal_revocation_list(&draft, &key.verifying_key().to_bytes(), None, |message| key.sign(message).to_bytes()))
}

fn lists() -> Vec<String> {
    let revoked = |id, below, reason| RevokedLicense { id: license_id_hash(id), below, reason };
    let key = issuer().verifying_key().to_bytes();
    let key = key.first_chunk().copied().expect("eight bytes");
    vec![
        list(1, &[], &[revoked(IDS[0], 2, Reason::Replaced)]),
        list(2, &[], &[revoked(IDS[0], 5, Reason::Frozen)]),
        list(2, &[], &[]),
        list(3, &[RevokedIssuer { key, keep_activated: false }], &[]),
        list(4, &[], &[revoked(IDS[2], 2, Reason::Refunded)]),
    ]
}

fn token(days: u64) -> String {
    let key = anchor();
    let draft = TimeTokenDraft::new("", UnixSeconds(START + days * DAY));
    text(seal_time_token(&draft, &key.verifying_key().to_bytes(), None, |message| key.sign(message).to_bytes()))
}

/// What the seller answers to a request.
pub(crate) fn unlock(request: &str) -> String {
    let mut memory = DocumentBuffer::new();
    let document = read_device_document(request.as_bytes(), &mut memory).expect("a device's document");
    let DeviceContent::Request(request) = document.content() else { panic!("no request") };
    let key = anchor();
    let draft =
        UnlockDraft::new(request.nonce, lic2::GRANTS_CLOCK | lic2::GRANTS_STATE, PRODUCT, UnixSeconds(START + 2 * DAY));
    text(seal_unlock(&draft, &key.verifying_key().to_bytes(), None, |message| key.sign(message).to_bytes()))
}

/// Everything but unlocks.
pub(crate) fn all() -> Vec<String> {
    let mut all = codes();
    let damaged = all.first().map(|text| text.replace('A', "B")).expect("a code");
    all.extend(issued());
    all.extend(lists());
    all.extend([1, 4, 15, 35].map(token));
    all.extend([damaged, String::new(), "LIC2X.AAAA".to_owned()]);
    all
}
