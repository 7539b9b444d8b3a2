//! What a device takes where any seller's document may come.

use super::super::super::{Key, bytes_of, open_certificate, text_of, usual_code};
use super::{Case, accepted, for_device, refused, report, request, revocation, small};
use lic2::Error;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = kinds();
    cases.extend(faults());
    cases
}

fn kinds() -> Vec<Case> {
    let certificate = Key::anchor().certify(&open_certificate());
    let list = revocation::good().text();
    let document = without_check(&list);
    let relabelled = [&document[..1], b"T", &document[2..]].concat();
    vec![
        accepted(for_device("a-code", &usual_code())),
        accepted(for_device("in-quotes-and-lines", &format!(" \"{}\" ", list.replace('A', "A ")))),
        refused(for_device("a-certificate", certificate.text()), Error::DocumentKind),
        refused(for_device("a-request", &request::good().text()), Error::DocumentKind),
        refused(for_device("a-receipt", &report::receipt().text()), Error::DocumentKind),
        refused(for_device("a-usage-report", &report::report().text()), Error::DocumentKind),
        refused(for_device("an-unknown-kind", &text_of('Z', b"\x01Z")), Error::DocumentKind),
        refused(for_device("an-unknown-kind-of-a-later-format", &text_of('Z', b"\x02Z")), Error::FormatVersion),
        refused(for_device("a-kind-before-the-length", &text_of('R', &[1])), Error::DocumentKind),
        refused(for_device("a-list-relabelled-as-a-token", &text_of('T', &relabelled)), Error::SignatureInvalid),
        refused(for_device("a-list-with-the-letter-of-a-code", &text_of('C', &document)), Error::FormatEnvelope),
        refused(for_device("nothing-behind-the-letter", &text_of('L', &[])), Error::FormatEnvelope),
    ]
}

fn faults() -> Vec<Case> {
    let text = small::unlock().text();
    let document = without_check(&text);
    let changed = |at: usize, value: u8| {
        let mut document = document.clone();
        document[at] = value;
        text_of('U', &document)
    };
    let last = document.len() - 1;
    vec![
        refused(for_device("unlock-version-2", &changed(0, 2)), Error::FormatVersion),
        refused(for_device("unlock-of-71-bytes", &text_of('U', &document[..71])), Error::FormatEnvelope),
        refused(for_device("unlock-algorithm-0", &changed(2, 0)), Error::FormatAlgorithm),
        refused(for_device("unlock-algorithm-2", &changed(2, 2)), Error::FormatAlgorithm),
        refused(for_device("unlock-unknown-flag", &changed(3, 2)), Error::FormatEnvelope),
        refused(for_device("unlock-flag-without-certificate", &changed(3, 1)), Error::FormatEnvelope),
        refused(for_device("unlock-key-id-changed", &changed(4, document[4] ^ 1)), Error::KeyUnknown),
        refused(for_device("unlock-grants-changed", &changed(22, 3)), Error::SignatureInvalid),
        refused(for_device("unlock-signature-changed", &changed(last, document[last] ^ 1)), Error::SignatureInvalid),
        refused(for_device("unlock-damaged", &text.replace("LIC2U.A", "LIC2U.B")), Error::TextDamaged),
    ]
}

fn without_check(text: &str) -> Vec<u8> {
    let mut bytes = bytes_of(text);
    bytes.truncate(bytes.len() - 4);
    bytes
}
