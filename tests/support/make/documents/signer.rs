//! Who may sign what, and how a device finds the signer.

use super::super::super::{ISSUED, Key, hex, open_certificate};
use super::super::UNKNOWN_BIT;
use super::super::issuer::{LINE, namesake};
use super::{Case, Payload, accepted, for_device, refused, revocation, small};
use lic2::seal::CertificateDraft;
use lic2::{Error, UnixSeconds};

/// Every kind that an issuer may sign, but codes.
fn kinds() -> [(&'static str, Payload); 3] {
    [("list", revocation::good()), ("token", small::token()), ("unlock", small::unlock())]
}

/// Everything but codes.
const OPEN: u8 = 14;

fn open() -> CertificateDraft<'static> {
    open_certificate().with_kinds(OPEN)
}

/// The document of the issuer, without its certificate.
fn bare(payload: &Payload) -> String {
    Key::issuer().raw(payload.kind, None, &payload.bytes()).text().to_owned()
}

/// The document of the issuer with this certificate.
fn carrying(payload: &Payload, certificate: &CertificateDraft<'_>) -> String {
    let certificate = Key::anchor().certify(certificate);
    Key::issuer().raw(payload.kind, Some(certificate.document()), &payload.bytes()).text().to_owned()
}

/// The document of an issuer that may sign it, with its certificate.
pub(super) fn carrying_open(payload: &Payload) -> String {
    carrying(payload, &open())
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = kinds().iter().flat_map(|(name, payload)| limits(name, payload)).collect();
    cases.extend(every_product());
    cases.extend(order_of_limits());
    cases.extend(revoked_issuers());
    cases.extend(found());
    cases.extend(kept());
    cases
}

fn limits(kind: &str, payload: &Payload) -> Vec<Case> {
    let case = |name: &str, certificate: CertificateDraft<'_>| {
        for_device(&format!("{kind}-{name}"), &carrying(payload, &certificate))
    };
    let own = payload.kind.permission();
    let at = UnixSeconds(ISSUED);
    let after = UnixSeconds(ISSUED + 1);
    vec![
        accepted(case("of-an-issuer", open())),
        accepted(case("of-an-issuer-of-its-kind-only", open().with_kinds(own))),
        refused(case("of-an-issuer-of-all-other-kinds", open().with_kinds(!own)), Error::IssuerKind),
        accepted(case("of-an-issuer-of-an-unassigned-kind-too", open().with_kinds(own | UNKNOWN_BIT))),
        refused(case("of-an-issuer-of-an-unassigned-kind", open().with_kinds(UNKNOWN_BIT)), Error::IssuerKind),
        accepted(case("of-an-issuer-with-a-line", open().with_line(LINE))),
        accepted(case("dates-just-kept", open().with_not_before(at).with_not_after(after))),
        refused(case("issued-before", open().with_not_before(after)), Error::IssuerDate),
        refused(case("issued-at-the-end", open().with_not_after(at)), Error::IssuerDate),
        accepted(case("in-scope", open().with_scope(&["p"]))),
        accepted(case("in-scope-of-everything", open().with_scope(&["*"]))),
        refused(case("out-of-scope", open().with_scope(&["pp*", "q"])), Error::IssuerScope),
        refused(case("of-a-test-issuer", open().with_test_only(true)), Error::IssuerTestOnly),
        accepted(case("longest-days-do-not-matter", open().with_longest_days(1))),
        refused(case("certificate-of-another-key", open().with_key(Key::new(31).public())), Error::CertificateInvalid),
    ]
}

/// The empty product: only an issuer without scope speaks for every product.
fn every_product() -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, payload) in &kinds()[..2] {
        let payload = payload.with("product", "00");
        let case = |name: &str, certificate: CertificateDraft<'_>| {
            for_device(&format!("{kind}-for-every-product-{name}"), &carrying(&payload, &certificate))
        };
        cases.push(accepted(case("of-an-issuer-without-scope", open())));
        cases.push(refused(case("of-an-issuer-with-a-scope", open().with_scope(&["p"])), Error::IssuerScope));
        cases.push(refused(case("of-an-issuer-with-the-scope-star", open().with_scope(&["*"])), Error::IssuerScope));
    }
    cases
}

fn order_of_limits() -> Vec<Case> {
    let payload = small::token();
    let worst =
        open_certificate().with_kinds(11).with_not_after(UnixSeconds(ISSUED)).with_scope(&["q"]).with_test_only(true);
    let case = |name: &str, certificate: CertificateDraft<'_>| for_device(name, &carrying(&payload, &certificate));
    let dated = worst.with_kinds(OPEN);
    let scoped = dated.with_not_after(open().not_after);
    vec![
        refused(case("kind-before-date", worst), Error::IssuerKind),
        refused(case("date-before-scope", dated), Error::IssuerDate),
        refused(case("scope-before-test-only", scoped), Error::IssuerScope),
        refused(
            for_device("content-before-limits", &carrying(&payload.with("product", "012a"), &worst)),
            Error::PayloadValue,
        ),
    ]
}

fn revoked_issuers() -> Vec<Case> {
    let revoking = revocation::good().with("issuers", "09010203040506070801");
    let dated = open().with_not_after(UnixSeconds(ISSUED));
    vec![
        accepted(revoking.case("issuers-revoked-by-the-anchor")),
        accepted(for_device("list-part-of-an-issuer", &carrying_open(&revocation::full()))),
        accepted(for_device("list-of-named-of-an-issuer", &carrying_open(&revocation::named()))),
        refused(for_device("issuers-revoked-by-an-issuer", &carrying(&revoking, &open())), Error::IssuerKind),
        refused(for_device("issuers-revoked-before-the-date", &carrying(&revoking, &dated)), Error::IssuerKind),
    ]
}

fn found() -> Vec<Case> {
    let payload = revocation::good();
    let known = Key::anchor().certify(&open());
    let codes_only = Key::anchor().certify(&open_certificate());
    let stranger = Key::stranger().raw(payload.kind, None, &payload.bytes());
    let mut forged = stranger.document().to_vec();
    forged[4..8].copy_from_slice(&Key::anchor().public()[..4]);
    let case = |name: &str| for_device(name, &bare(&payload));
    vec![
        refused(case("of-an-issuer-nobody-knows"), Error::KeyUnknown),
        accepted(case("of-an-issuer-known-beforehand").with("issuer", known.text())),
        refused(case("of-an-issuer-known-for-codes").with("issuer", codes_only.text()), Error::IssuerKind),
        accepted(case("of-an-issuer-known-twice").with("issuer", codes_only.text()).with("issuer", known.text())),
        refused(for_device("of-a-stranger", stranger.text()), Error::KeyUnknown),
        refused(
            for_device("of-a-stranger-who-claims-to-be-the-anchor", &super::super::super::text_of('L', &forged)),
            Error::SignatureInvalid,
        ),
    ]
}

fn kept() -> Vec<Case> {
    let payload = small::unlock();
    let certificate = |draft: &CertificateDraft<'_>| hex(Key::anchor().certify(draft).document());
    let good = certificate(&open());
    let codes_only = certificate(&open_certificate());
    let late = certificate(&open().with_not_before(UnixSeconds(ISSUED + 1)));
    let stranger = hex(Key::stranger().certify(&open()).document());
    let untrusted = Key::stranger().certify(&open());
    let carried = Key::issuer().raw(payload.kind, Some(untrusted.document()), &payload.bytes());
    let known = Key::anchor().certify(&open_certificate());
    let case = |name: &str| for_device(name, &bare(&payload));
    let other = certificate(&open().with_key(Key::new(31).public()));
    let double = certificate(&open().with_key(namesake()));
    vec![
        accepted(case("kept").with("kept", &good)),
        accepted(case("kept-behind-others").with("kept", &stranger).with("kept", &other).with("kept", &good)),
        accepted(case("kept-behind-one-that-forbids").with("kept", &late).with("kept", &good)),
        accepted(case("kept-behind-a-known-one-that-forbids").with("issuer", known.text()).with("kept", &good)),
        accepted(case("kept-behind-a-namesake").with("kept", &double).with("kept", &good)),
        refused(case("kept-namesake").with("kept", &double), Error::SignatureInvalid),
        refused(
            case("kept-limits-say-more-than-a-namesake").with("kept", &late).with("kept", &double),
            Error::IssuerDate,
        ),
        refused(case("kept-that-forbids").with("kept", &codes_only), Error::IssuerKind),
        refused(case("kept-the-last-refusal").with("issuer", known.text()).with("kept", &late), Error::IssuerDate),
        refused(case("kept-of-a-stranger").with("kept", &stranger), Error::KeyUnknown),
        refused(case("kept-of-another-issuer").with("kept", &other), Error::KeyUnknown),
        refused(case("kept-damaged").with("kept", &good[2..]), Error::KeyUnknown),
        refused(
            for_device("kept-does-not-help-a-document-with-a-certificate", carried.text()).with("kept", &good),
            Error::CertificateUntrusted,
        ),
    ]
}
