//! What an issuer may sign: the limits of its certificate, compared with the content of a document.

use crate::error::Error;
use crate::keys::Constraints;
use crate::time::{SECONDS_PER_DAY, UnixSeconds};
use crate::utf8::Text;
use crate::wire::kind::Kind;
use crate::wire::license::{Class, License, Term};
use crate::wire::revocation::RevocationList;
use crate::wire::time_token::TimeToken;
use crate::wire::unlock::Unlock;

/// Whether an issuer with these limits may grant the license.
pub(crate) fn check_license(license: &License<'_>, constraints: &Constraints<'_>) -> Result<(), Error> {
    check_common(Kind::Code, license.issued_at, license.product, constraints)?;
    if constraints.test_only && license.class != Class::Test {
        return Err(Error::IssuerTestOnly);
    }
    if constraints.longest_days != 0 && !lasts_at_most(license, constraints.longest_days) {
        return Err(Error::IssuerTerm);
    }
    Ok(())
}

/// Whether an issuer with these limits may sign the list. Issuers are revoked by an anchor only: otherwise the thief of
/// one issuing key could revoke all others.
pub(crate) fn check_list(list: &RevocationList<'_>, constraints: &Constraints<'_>) -> Result<(), Error> {
    if !list.issuers.is_empty() {
        return Err(Error::IssuerKind);
    }
    check_common(Kind::RevocationList, list.issued_at, list.product, constraints)?;
    check_not_for_tests(constraints)
}

/// Whether an issuer with these limits may sign the time token.
pub(crate) fn check_time_token(token: &TimeToken<'_>, constraints: &Constraints<'_>) -> Result<(), Error> {
    check_common(Kind::TimeToken, token.issued_at, token.product, constraints)?;
    check_not_for_tests(constraints)
}

/// Whether an issuer with these limits may sign the unlock.
pub(crate) fn check_unlock(unlock: &Unlock<'_>, constraints: &Constraints<'_>) -> Result<(), Error> {
    check_common(Kind::Unlock, unlock.issued_at, unlock.product, constraints)?;
    check_not_for_tests(constraints)
}

/// Kind, date and product. The empty product stands for every product: only an empty scope covers it.
fn check_common(
    kind: Kind,
    issued_at: UnixSeconds,
    product: Text<'_>,
    constraints: &Constraints<'_>,
) -> Result<(), Error> {
    if !constraints.permits(kind) {
        return Err(Error::IssuerKind);
    }
    if issued_at < constraints.not_before || issued_at >= constraints.not_after {
        return Err(Error::IssuerDate);
    }
    let covered = if product.is_empty() { constraints.scope.is_every() } else { constraints.scope.covers(product) };
    if covered { Ok(()) } else { Err(Error::IssuerScope) }
}

/// A document that is not a code has no class: a production build could not recognize a test.
fn check_not_for_tests(constraints: &Constraints<'_>) -> Result<(), Error> {
    if constraints.test_only { Err(Error::IssuerTestOnly) } else { Ok(()) }
}

/// Whether the term and the grace after it end within `days` of the issue, of the first activation, or of
/// powered-on time, whichever the term counts in.
fn lasts_at_most(license: &License<'_>, days: u16) -> bool {
    let grace = u64::from(license.grace_days).saturating_mul(SECONDS_PER_DAY);
    let most = u64::from(days).saturating_mul(SECONDS_PER_DAY);
    let term = match license.term {
        Term::Perpetual => return false,
        Term::Until(end) => end.0.saturating_sub(license.issued_at.0),
        Term::DaysFromActivation(days) => u64::from(days).saturating_mul(SECONDS_PER_DAY),
        Term::PoweredHours(hours) => u64::from(hours).saturating_mul(3_600),
    };
    term.saturating_add(grace) <= most
}
