//! `issue`: content and key to a code.

use std::path::PathBuf;

use clap::Args;
use lic2::claim::{self, Claimed};
use lic2::{DocumentBuffer, UnixSeconds};

use crate::content::Content;
use crate::describe::{Table, license_words};
use crate::draft::Draft;
use crate::exit::{Failure, HELP, Result};
use crate::guard::{self, IssuerCertificate};
use crate::keyfile::PrivateKey;
use crate::passphrase::Source;
use crate::{publickey, ui};

/// Issues a code and prints it
///
/// The content comes from the flags, from a TOML or JSON file (--content), or from both, where flags win. In a file
/// the keys are the flags without the dashes: id = "PL-1", until = 2027-06-30, feature = ["channels=limit:64"].
/// Before the code is printed, the library itself holds it against the certificate's limits.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer issue --key issuer.key --certificate issuer.cert --id PL-20261122-00000042 \
     --product vision-appliance --until 1y --device esn:2102312ABC0123456789 --feature channels=limit:64 \
     --passphrase-file passphrase.txt"
))]
pub(super) struct Issue {
    /// Private key that signs
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Issuer certificate of the key, made by certify; leave it out when the key is itself an anchor
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Do not carry the certificate in the code: the product must know it already
    #[arg(long, requires = "certificate")]
    detached_certificate: bool,
    /// Check the code as a product does that trusts this public key: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY")]
    anchor: Vec<String>,
    /// Content file, TOML or JSON; - is stdin
    #[arg(long = "content", value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    content: Content,
    #[command(flatten)]
    passphrase: Source,
}

impl Issue {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let base = self.file.as_deref().map(Content::read).transpose()?.unwrap_or_default();
        let draft = Draft::new(self.content.over(base), now)?;
        let anchors = self.anchor.iter().map(|key| publickey::read(key)).collect::<Result<Vec<_>>>()?;
        let certificate = match &self.certificate {
            Some(path) => {
                Some(IssuerCertificate::new(ui::read_text(path)?).map_err(|failure| failure.at(path.display()))?)
            }
            None => None,
        };
        let key = PrivateKey::read(&self.key, &self.passphrase)?;
        if let Some(certificate) = &certificate {
            certificate.check_key(&key.public())?;
        }
        let detached = certificate.as_ref().filter(|_| self.detached_certificate);
        let sealed = match detached {
            Some(certificate) => draft.seal_detached(&key, certificate)?,
            None => draft.seal(&key, certificate.as_ref())?,
        };
        if !anchors.is_empty() {
            guard::check_with_anchors(sealed.text(), &anchors, detached)?;
        }
        summarize(sealed.text(), anchors.is_empty() && certificate.is_some())?;
        ui::artifact(&format!("{}\n", sealed.text()))
    }
}

/// What was signed, read back from the code itself.
fn summarize(code: &str, unvouched: bool) -> Result<()> {
    let mut memory = DocumentBuffer::new();
    let claim = claim::read(code.as_bytes(), &mut memory).map_err(|error| Failure::internal(error.text()))?;
    let Claimed::Seller { content: lic2::Content::License(license), certificate } = claim.content else {
        return Err(Failure::internal("the new code is not a code"));
    };
    let mut table = Table::default();
    license_words(&license, &mut table);
    let carried = certificate.map_or_else(String::new, |issuer| {
        format!(", carries its certificate by anchor {}", guard::key_id(issuer.key_id))
    });
    table.row("signed by", format_args!("key id {}{carried}", guard::key_id(claim.key_id)));
    ui::note(&format!("code, {} characters of at most 1024:\n{}", code.len(), table.text().trim_end()));
    if unvouched {
        ui::note("not checked: whether the anchor vouches for the certificate; --anchor anchor.pub checks that too");
    }
    Ok(())
}
