//! Documents for the tests of the engine, all signed by the tests' anchor unless said.

use lic2::seal::{
    self, BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, Sealed, TimeTokenDraft, UnlockDraft,
};
use lic2::{
    DeviceContent, DocumentBuffer, Feature, KeyRing, Reason, RevokedLicense, Right, Term, Text, UnixSeconds,
    license_id_hash, read_device_document,
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
        Feature { name: Text::of("channels"), right: Right::Limit(2), expires: None },
        Feature { name: Text::of("pages"), right: Right::Quota { amount: overage, overage: true }, expires: None },
        Feature { name: Text::of("scans"), right: Right::Quota { amount: scans, overage: false }, expires: None },
    ]
}

/// A license of the tests' product.
pub const fn license(id: &'static str, serial: u32, term: Term) -> LicenseDraft<'static> {
    LicenseDraft { serial, term, ..LicenseDraft::new(id, PRODUCT, UnixSeconds(ISSUED)) }
}

pub const fn until(days: u64) -> Term {
    Term::Until(UnixSeconds(UNTIL + days * DAY))
}

pub fn code(draft: &LicenseDraft<'_>) -> String {
    Key::anchor().code(draft)
}

/// The tests' issuer may sign everything.
pub fn certificate() -> Sealed {
    Key::anchor().certify(&CertificateDraft { kinds: 15, ..open_certificate() })
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
    list_of(&RevocationDraft {
        number,
        issued_at: UnixSeconds(issued_at),
        product: PRODUCT,
        series: 0,
        issuers: &[],
        licenses: &licenses,
        extensions: &[],
    })
}

pub fn list_of(draft: &RevocationDraft<'_>) -> String {
    let anchor = Key::anchor();
    let sealed = seal::seal_revocation_list(draft, &anchor.public(), None, |message| anchor.sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

pub fn token(issued_at: u64) -> String {
    let draft = TimeTokenDraft { issued_at: UnixSeconds(issued_at), product: PRODUCT, extensions: &[] };
    let anchor = Key::anchor();
    let sealed = seal::seal_time_token(&draft, &anchor.public(), None, |message| anchor.sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

pub fn unlock(nonce: [u8; 8], issued_at: u64, grants: u8) -> String {
    let draft = UnlockDraft {
        issued_at: UnixSeconds(issued_at),
        product: PRODUCT,
        nonce,
        grants,
        binding: BindingDraft::None,
        extensions: &[],
    };
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
