//! Payloads of sellers' documents, written from drafts. What they say is checked afterwards, by reading them again.

use crate::draft::{BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, TimeTokenDraft, UnlockDraft};
use crate::error::Error;
use crate::limits::{CERTIFICATE_MAX, DOCUMENT_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;
use crate::wire::binding::{Allocations, Binding, Components};
use crate::wire::certificate::{Certificate, CertificateItem, Scope};
use crate::wire::item::Item;
use crate::wire::license::Head;
use crate::wire::output::Output;

/// Encodes the payload of a license into `memory`.
///
/// # Errors
/// `PayloadValue` if it does not fit or a time is outside 2020 to 2156.
pub fn license_payload<'m>(draft: &LicenseDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut features = [0; DOCUMENT_MAX];
    let mut entries = [0; DOCUMENT_MAX];
    let mut items = [0; DOCUMENT_MAX];
    let mut out = Output::new(&mut features);
    for feature in draft.features {
        feature.put(&mut out)?;
    }
    let features = out.finish();
    let binding = put_binding(draft.binding, &mut entries)?;
    let mut out = Output::new(&mut items);
    draft.put_items(&mut out)?;
    let items = out.finish();
    let head = Head {
        id: draft.id.into(),
        serial: draft.serial,
        class: draft.class,
        product: draft.product.into(),
        issued_at: draft.issued_at,
        term: draft.term,
        binding,
        features,
        items,
    };
    let mut out = Output::new(memory);
    head.put(&mut out)?;
    Ok(out.finish())
}

fn put_binding<'m>(draft: BindingDraft<'_>, memory: &'m mut [u8]) -> Result<Binding<'m>, Error> {
    let mut out = Output::new(memory);
    Ok(match draft {
        BindingDraft::None => Binding::None,
        BindingDraft::DeviceKey(key) => Binding::DeviceKey(key),
        BindingDraft::Components { needed, salt, entries } => {
            for entry in entries {
                entry.put(&mut out)?;
            }
            Binding::Components { needed, salt, entries: Components::written(out.finish()) }
        }
        BindingDraft::Allocation { kind, salt, entries } => {
            for entry in entries {
                entry.put(&mut out)?;
            }
            Binding::Allocation { kind, salt, entries: Allocations::written(out.finish()) }
        }
    })
}

/// Writes the payload of a revocation list.
pub(super) fn of_revocation_list<'m>(draft: &RevocationDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut out = Output::new(memory);
    out.value(&(draft.number, stamp(draft.issued_at)?, draft.product, draft.series))?;
    out.bytes(|out| draft.issuers.iter().try_for_each(|issuer| issuer.put(out)))?;
    out.bytes(|out| draft.licenses.iter().try_for_each(|license| license.put(out)))?;
    out.bytes(|out| {
        draft.coverage.put(out)?;
        draft.extensions.iter().try_for_each(|item| item.put(out))
    })?;
    Ok(out.finish())
}

/// Writes the payload of a time token.
pub(super) fn of_time_token<'m>(draft: &TimeTokenDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut out = Output::new(memory);
    out.value(&(stamp(draft.issued_at)?, draft.product))?;
    put_extensions(draft.extensions, &mut out)?;
    Ok(out.finish())
}

/// Writes the payload of an unlock.
pub(super) fn of_unlock<'m>(draft: &UnlockDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut entries = [0; DOCUMENT_MAX];
    let binding = put_binding(draft.binding, &mut entries)?;
    let mut out = Output::new(memory);
    out.value(&(stamp(draft.issued_at)?, draft.product, draft.nonce, draft.grants, binding))?;
    put_extensions(draft.extensions, &mut out)?;
    Ok(out.finish())
}

fn put_extensions(extensions: &[Item<'_>], out: &mut Output<'_>) -> Result<(), Error> {
    out.bytes(|out| extensions.iter().try_for_each(|item| item.put(out)))
}

fn stamp(time: UnixSeconds) -> Result<Stamp, Error> {
    Stamp::from_unix(time).ok_or(Error::PayloadValue)
}

/// Writes the payload of an issuer certificate.
pub(super) fn of_certificate<'m>(draft: &CertificateDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut scope = [0; CERTIFICATE_MAX];
    let mut items = [0; CERTIFICATE_MAX];
    let mut out = Output::new(&mut scope);
    for pattern in draft.scope {
        out.value(pattern)?;
    }
    let scope = out.finish();
    let mut out = Output::new(&mut items);
    if let Some(name) = draft.name {
        CertificateItem::Name.with(name.as_bytes()).put(&mut out)?;
    }
    if let Some(line) = draft.line {
        CertificateItem::Line.with(&line).put(&mut out)?;
    }
    for item in draft.extensions {
        item.put(&mut out)?;
    }
    let items = out.finish();
    let certificate = Certificate {
        key: draft.key,
        issued_at: draft.issued_at,
        not_before: draft.not_before,
        not_after: draft.not_after,
        longest_days: draft.longest_days,
        kinds: draft.kinds,
        test_only: draft.test_only,
        scope: Scope::new(scope),
        name: draft.name.map(Text::from),
        stated_line: draft.line,
    };
    let mut out = Output::new(memory);
    certificate.put(scope, items, &mut out)?;
    Ok(out.finish())
}
