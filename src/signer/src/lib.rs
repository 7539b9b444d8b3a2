//! The seller's tool of lic2 as a library: key files, certificates, codes and their explanation. The program
//! `lic2-signer` is [`run`] and nothing else.

pub mod acceptance;
pub mod batch;
pub mod binding;
pub mod change;
mod check;
pub mod class_name;
mod cmd;
pub mod content;
pub mod damage;
pub mod describe;
pub mod device;
pub mod document_kind;
pub mod draft;
pub mod esn;
pub mod exit;
pub mod feature;
mod fields;
pub mod fingerprint;
pub mod guard;
pub mod harden;
pub mod holosens;
pub mod incoming;
pub mod intent;
pub mod item;
pub mod joined;
pub mod keyfile;
pub mod ledger;
pub mod passphrase;
pub mod private_file;
pub mod profile;
pub mod publickey;
pub mod qr;
pub mod random;
pub mod report;
pub mod request;
pub mod revocation;
pub mod sealing;
pub mod sold;
pub mod time_text;
pub mod timespec;
#[cfg(feature = "pkcs11")]
pub mod token;
pub mod token_uri;
pub mod ui;
pub mod usage;
pub mod versions;

pub use cmd::run;
