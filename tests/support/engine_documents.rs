//! Documents for the tests of the engine, all signed by the tests' anchor unless said.

use lic2::seal::{self, LicenseDraft, RevocationDraft, Sealed, TimeTokenDraft, UnlockDraft};
use lic2::{
    DeviceContent, DocumentBuffer, Feature, KeyRing, Reason, RevokedLicense, Right, Term, UnixSeconds, license_id_hash,
    read_device_document,
};

use super::engine_device::PRODUCT;
use super::{ISSUED, Key, UNTIL, open_certificate};

pub const DAY: u64 = 86_400;

/// A ring of the tests' anchor, for as long as the process lives.
pub fn ring() -> &'static KeyRing {
    Box::leak(Box::new(KeyRing::new(&[Key::anchor().public()]).expect("a good key")))
}

/// The quotas of the tests, and a limit.
pub fn quotas(scans: u64, overage: u64) -> [Feature<'static>; 3] {
    [
        Feature::new("channels", Right::Limit(2)),
        Feature::new("pages", Right::Quota { amount: overage, overage: true }),
        Feature::new("scans", Right::Quota { amount: scans, overage: false }),
    ]
}

/// A license of the tests' product.
pub const fn license(id: &'static str, serial: u32, term: Term) -> LicenseDraft<'static> {
    LicenseDraft::new(id, PRODUCT, UnixSeconds(ISSUED)).with_serial(serial).with_term(term)
}

pub const fn until(days: u64) -> Term {
    Term::Until(UnixSeconds(UNTIL + days * DAY))
}

pub fn code(draft: &LicenseDraft<'_>) -> String {
    Key::anchor().code(draft)
}

/// The tests' issuer may sign everything.
pub fn certificate() -> Sealed {
    Key::anchor().certify(&open_certificate().with_kinds(15))
}

/// A code by the tests' issuer, which carries its certificate or not.
pub fn issuer_code(draft: &LicenseDraft<'_>, carries: bool) -> String {
    let certificate = certificate();
    let carried = carries.then(|| certificate.document());
    let sealed = seal::seal_license(draft, &Key::issuer().public(), carried, |message| Key::issuer().sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

/// A revocation list of series 0 for the tests' product.
pub fn list(number: u32, issued_at: u64, revoked: &[(&str, u32, Reason)]) -> String {
    let mut licenses: Vec<RevokedLicense> = revoked
        .iter()
        .map(|(id, below, reason)| RevokedLicense { id: license_id_hash(id), below: *below, reason: *reason })
        .collect();
    licenses.sort_by_key(|entry| entry.id);
    list_of(&RevocationDraft::new(number, PRODUCT, UnixSeconds(issued_at)).with_licenses(&licenses))
}

pub fn list_of(draft: &RevocationDraft<'_>) -> String {
    let anchor = Key::anchor();
    let sealed = seal::seal_revocation_list(draft, &anchor.public(), None, |message| anchor.sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

pub fn token(issued_at: u64) -> String {
    let draft = TimeTokenDraft::new(PRODUCT, UnixSeconds(issued_at));
    let anchor = Key::anchor();
    let sealed = seal::seal_time_token(&draft, &anchor.public(), None, |message| anchor.sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

pub fn unlock(nonce: [u8; 8], issued_at: u64, grants: u8) -> String {
    let draft = UnlockDraft::new(nonce, grants, PRODUCT, UnixSeconds(issued_at));
    let anchor = Key::anchor();
    let sealed = seal::seal_unlock(&draft, &anchor.public(), None, |message| anchor.sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

/// The nonce of a request.
pub fn nonce_of(request: &str) -> [u8; 8] {
    let mut memory = DocumentBuffer::new();
    let document = read_device_document(request.as_bytes(), &mut memory).expect("a device's document");
    let DeviceContent::Request(request) = document.content() else { panic!("no request: {request}") };
    request.nonce
}
