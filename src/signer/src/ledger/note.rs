//! What is recorded without being signed for an order.

use lic2::UnixSeconds;
use serde_json::{Map, Value, json};

use super::event::Event;
use super::facts::Facts;
use crate::keyfile::PrivateKey;
use crate::publickey::PublicKey;
use crate::ui;

/// Something to remember that is not signed for an order.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "refers to a secret")]
pub struct Note<'a> {
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub operator: &'a str,
    /// When.
    pub at: UnixSeconds,
    /// A document, no matter who created it.
    pub text: Option<&'a str>,
    /// What it is about. With a text, only customer and order: the text says the rest.
    pub facts: Facts,
    /// The line of the order.
    pub order_line: Option<&'a str>,
    /// The marketplace's event.
    pub event_id: Option<&'a str>,
    /// The device, in the seller's words.
    pub device: Option<String>,
    /// The key that signed the text, which signs the entry as well.
    pub signer: Option<&'a PrivateKey>,
    /// If there is an entry with this already, nothing is added.
    pub once: Option<String>,
    /// Whatever else there is to say.
    pub detail: Map<String, Value>,
}

impl<'a> Note<'a> {
    /// This, by this operator, at this time, and nothing else.
    #[must_use]
    pub fn new(event: Event, operator: &'a str, at: UnixSeconds) -> Self {
        Self {
            event,
            operator,
            at,
            text: None,
            facts: Facts::default(),
            order_line: None,
            event_id: None,
            device: None,
            signer: None,
            once: None,
            detail: Map::new(),
        }
    }
}

impl Note<'_> {
    /// Records in this note how many production codes the issuer may sign; `None` for no limit.
    #[must_use]
    pub fn quota(mut self, issuer: &PublicKey, max: Option<u64>) -> Self {
        self.detail.insert("issuer".into(), json!(ui::hex(issuer)));
        self.detail.insert("max".into(), json!(max));
        self
    }
}
