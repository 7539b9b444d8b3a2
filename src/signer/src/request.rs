//! A device's request, and what the seller takes from it for the answer.

use clap::Args;
use lic2::limits::SALT_LEN;
use lic2::{DeviceContent, DocumentBuffer, Kind, Proof, Request};

use crate::binding::OwnedBinding;
use crate::content::Content;
use crate::describe::proof_words;
use crate::exit::{Exit, Failure, Result};
use crate::{incoming, ui};

/// What of a request the answer is bound to.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct BindTo {
    /// Bind to the device's own key instead of its identity components; the request must be signed with it
    #[arg(long, requires = "request")]
    pub bind_key: bool,
    /// Accept the device key of an unsigned request: its author chose the key
    #[arg(long, requires = "bind_key")]
    pub accept_unsigned: bool,
}

/// A request that was read and, if it is signed, verified.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'b> {
    /// What it says.
    pub request: Request<'b>,
    /// Who vouches for it.
    pub proof: Proof,
}

impl<'b> Asked<'b> {
    /// Reads a request.
    ///
    /// # Errors
    /// Exit code 3 with the status; for another document, with what reads it.
    pub fn read(text: &[u8], memory: &'b mut DocumentBuffer) -> Result<Self> {
        let (_, document) = incoming::read(text, Kind::Request, memory)?;
        match document.content() {
            DeviceContent::Request(request) => Ok(Self { request: *request, proof: document.proof() }),
            DeviceContent::Receipt(_) | DeviceContent::UsageReport(_) | _ => {
                Err(Failure::internal("a request is something else"))
            }
        }
    }

    /// Reports on stderr who vouches for the request.
    pub fn note_proof(&self) {
        ui::note(&format!("request {}", proof_words(self.proof)));
    }

    /// Fills in the fields that `content` leaves to the request: product and license id.
    ///
    /// # Errors
    /// Exit code 1 if it states another product, or a binding of its own.
    pub fn complete(&self, mut content: Content) -> Result<Content> {
        if content.states_binding() || content.salt.is_some() {
            return Err(Failure::usage("the device is given twice: by the request and by options").hint(
                "omit --device, --device-hex, --esn, --fingerprint, --allocation, --device-key and --salt, also in \
                 the content file; use --match or --bind-key to select what the request is matched by",
            ));
        }
        let product = self.request.product.as_str();
        if let Some(stated) = content.product.as_ref().filter(|stated| *stated != product) {
            return Err(Failure::usage(format!(
                "the request is from product {product}, and the license is for {stated}"
            ))
            .hint("use a request from the right product, or omit --product"));
        }
        content.product = Some(product.into());
        let wanted = self.request.license.as_str();
        match &content.id {
            Some(stated) if !wanted.is_empty() && stated != wanted => {
                ui::warn(&format!("the request is about license {wanted}, and this code is for {stated}"));
            }
            None if !wanted.is_empty() => content.id = Some(wanted.into()),
            _ => {}
        }
        Ok(content)
    }

    /// The binding to the device that made the request; `None` if it shows nothing to bind to.
    ///
    /// # Errors
    /// Exit code 1 if `needed` components cannot match or there is no key; 3 for an unsigned key that is not accepted.
    pub fn binding(&self, needed: Option<u8>, to: BindTo) -> Result<Option<OwnedBinding>> {
        if to.bind_key {
            if needed.is_some() {
                return Err(Failure::usage("--match and --bind-key bind to different things")
                    .hint("--match counts identity components; omit one of them, also in the content file"));
            }
            return self.key(to.accept_unsigned).map(|key| Some(OwnedBinding::DeviceKey(key)));
        }
        let entries: Vec<_> = self.request.components.collect();
        if entries.is_empty() {
            return Ok(None);
        }
        OwnedBinding::shown(entries, self.salt(), needed).map(Some)
    }

    fn key(&self, accept_unsigned: bool) -> Result<[u8; 32]> {
        let Some(key) = self.request.device_key else {
            return Err(Failure::usage("the request contains no device key to bind to")
                .hint("omit --bind-key to bind to its identity components"));
        };
        match self.proof {
            Proof::Signed(key) => Ok(key),
            Proof::Unsigned if accept_unsigned => Ok(key),
            Proof::Unsigned => Err(Failure::new(
                Exit::Rejected,
                "the request is unsigned: anyone could have written the device key into it",
            )
            .hint("ask for a request that the device has signed, or pass --accept-unsigned")),
        }
    }

    /// The salt of the components: the first bytes of the nonce.
    fn salt(&self) -> [u8; SALT_LEN] {
        let [a, b, c, d, ..] = self.request.nonce;
        [a, b, c, d]
    }
}
