//! A signing key on a PKCS#11 token. The private key never leaves it; every signature is verified before it is used.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::RawAuthPin;
use ed25519_dalek::{Signature, VerifyingKey};
use lic2::limits::SIGNATURE_LEN;

use crate::exit::{Exit, Failure, Result};
use crate::passphrase::{self, Passphrase, Source};
use crate::publickey::PublicKey;
use crate::random::random;
use crate::token_uri::TokenUri;
use crate::ui;

/// The variable that names the module if the URI does not.
pub const MODULE_VARIABLE: &str = "LIC2_PKCS11_MODULE";

/// `CKA_EC_PARAMS` of Ed25519: the PrintableString "edwards25519" (PKCS#11 3.0, section 2.3.10).
const ED25519: &[u8] = b"\x13\x0cedwards25519";

/// What a token signs to show which public key its private key has. No document begins like this.
const PROOF: &[u8] = b"lic2-signer: which key is this?";

/// A key on a token, with the session that it is used in.
#[expect(missing_debug_implementations, reason = "a session has no place in a message")]
pub struct TokenKey {
    session: Mutex<Session>,
    handle: ObjectHandle,
    public: VerifyingKey,
}

impl TokenKey {
    /// Finds the key that `uri` names, and has it sign once.
    ///
    /// # Errors
    /// Exit code 2 for a module that cannot be loaded, 4 for a token or key that is missing, named twice or unusable, and
    /// for a wrong PIN.
    pub fn open(uri: &TokenUri, source: &Source) -> Result<Self> {
        let session = log_in(uri, source, false)?;
        let handle = find_private(&session, uri)?;
        let public = find_public(&session, handle)?;
        Ok(Self { session: Mutex::new(session), handle, public })
    }

    /// Creates a key that cannot leave the token, with the label of `uri`.
    ///
    /// # Errors
    /// As [`TokenKey::open`], and exit code 4 if the label or id is taken.
    pub fn generate(uri: &TokenUri, source: &Source) -> Result<Self> {
        let label = uri.object.as_deref().ok_or_else(|| {
            Failure::usage("the new key has no name").hint("write 'pkcs11:token=TOKEN;object=NAME-OF-THE-NEW-KEY'")
        })?;
        let session = log_in(uri, source, true)?;
        let named = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Label(label.into())];
        if !session.find_objects(&named).map_err(failed)?.is_empty() {
            return Err(Failure::key(format!("the token already has a key {label:?}, and keys are never overwritten"))
                .hint("choose another object name"));
        }
        let mut id = vec![0; 8];
        random(&mut id)?;
        let id = uri.id.clone().unwrap_or(id);
        let names = [Attribute::Token(true), Attribute::Label(label.into()), Attribute::Id(id)];
        let public = [Attribute::Private(false), Attribute::Verify(true), Attribute::EcParams(ED25519.to_vec())];
        let private = [
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ];
        let (public, private) = ([&names[..], &public].concat(), [&names[..], &private].concat());
        let (_, handle) =
            session.generate_key_pair(&Mechanism::EccEdwardsKeyPairGen, &public, &private).map_err(failed)?;
        let public = find_public(&session, handle)?;
        Ok(Self { session: Mutex::new(session), handle, public })
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.public.to_bytes()
    }

    /// Lets the token sign, and verifies the signature.
    ///
    /// # Errors
    /// Exit code 4 if the token refuses, is gone, or gives a signature that is not good.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_LEN]> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let signature = sign(&session, self.handle, message)?;
        if is_good(&self.public, message, &signature) { Ok(signature) } else { Err(wrong_signature()) }
    }
}

fn log_in(uri: &TokenUri, source: &Source, writes: bool) -> Result<Session> {
    let module = module(uri)?;
    let broken = |error: Error| {
        Failure::new(Exit::Io, format!("the module {} cannot be used: {}", module.display(), one_line(&error)))
            .hint(format!("check module-path in the URI, or {MODULE_VARIABLE}: it is a file such as libsofthsm2.so"))
    };
    // The loader would look for a bare name in the system's folders, and run what it finds.
    if !module.is_file() {
        return Err(Failure::io(module.display(), &std::io::ErrorKind::NotFound.into()).hint(format!(
            "check module-path in the URI, or {MODULE_VARIABLE}: it is the file of the token's module"
        )));
    }
    let context = Pkcs11::new(&module).map_err(broken)?;
    context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).map_err(broken)?;
    let (slot, token) = find_token(&context, uri)?;
    let session = if writes { context.open_rw_session(slot) } else { context.open_ro_session(slot) }.map_err(failed)?;
    if token.protected_authentication_path() && uri.pin_file.is_none() && !source.is_stated() {
        ui::note("enter the PIN on the token's own keypad");
        session.login(UserType::User, None).map_err(refused_login)?;
    } else {
        let pin = pin(uri, source, token.label())?;
        let pin = RawAuthPin::new(Box::new(pin.bytes().to_vec()));
        session.login_with_raw(UserType::User, &pin).map_err(refused_login)?;
    }
    Ok(session)
}

fn module(uri: &TokenUri) -> Result<PathBuf> {
    let stated = uri.module.clone().map(PathBuf::into_os_string);
    stated
        .or_else(|| std::env::var_os(MODULE_VARIABLE))
        .filter(|path: &OsString| !path.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::usage("the token's PKCS#11 module is missing").hint(format!(
                "append ?module-path=FILE to the URI, or set {MODULE_VARIABLE}, with the token vendor's .so file"
            ))
        })
}

fn pin(uri: &TokenUri, source: &Source, token: &str) -> Result<Passphrase> {
    match &uri.pin_file {
        Some(path) => passphrase::from_file(path),
        None => source.get_pin(token),
    }
}

fn find_token(context: &Pkcs11, uri: &TokenUri) -> Result<(Slot, TokenInfo)> {
    let mut tokens = Vec::new();
    for slot in context.get_slots_with_initialized_token().map_err(failed)? {
        tokens.push((slot, context.get_token_info(slot).map_err(failed)?));
    }
    let known: Vec<String> = tokens.iter().map(|(_, token)| name_of(token)).collect();
    let known = if known.is_empty() { "there is none".into() } else { format!("there are: {}", known.join(", ")) };
    tokens.retain(|(_, token)| {
        uri.token.as_deref().is_none_or(|label| label == token.label())
            && uri.serial.as_deref().is_none_or(|serial| serial == token.serial_number())
    });
    let found = tokens.len();
    match (tokens.pop(), found) {
        (Some(token), 1) => Ok(token),
        (None, _) => Err(Failure::key("no token matches the URI").hint(known)),
        (Some(_), _) => Err(Failure::key(format!("{found} tokens match the URI"))
            .hint(format!("add token= or serial= to the URI; {known}"))),
    }
}

fn name_of(token: &TokenInfo) -> String {
    format!("token={};serial={}", token.label(), token.serial_number())
}

fn find_private(session: &Session, uri: &TokenUri) -> Result<ObjectHandle> {
    let all = vec![Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::KeyType(KeyType::EC_EDWARDS)];
    let mut wanted = all.clone();
    wanted.extend(uri.object.as_ref().map(|label| Attribute::Label(label.as_bytes().to_vec())));
    wanted.extend(uri.id.clone().map(Attribute::Id));
    let found = session.find_objects(&wanted).map_err(failed)?;
    let list = |handles: &[ObjectHandle]| {
        let names: Vec<String> = handles.iter().map(|handle| object_name(session, *handle)).collect();
        if names.is_empty() { "the token has none".into() } else { format!("the token has: {}", names.join(", ")) }
    };
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::key("no Ed25519 private key on the token matches the URI")
            .hint(list(&session.find_objects(&all).map_err(failed)?))),
        several => Err(Failure::key(format!("{} keys on the token match the URI", several.len()))
            .hint(format!("add id= to the URI; {}", list(several)))),
    }
}

/// How a URI would name this key.
fn object_name(session: &Session, handle: ObjectHandle) -> String {
    let mut name = Vec::new();
    for attribute in session.get_attributes(handle, &[AttributeType::Label, AttributeType::Id]).unwrap_or_default() {
        if let Attribute::Label(label) = &attribute {
            name.push(format!("object={}", String::from_utf8_lossy(label)));
        }
        if let Attribute::Id(id) = &attribute {
            let id: String = id.iter().map(|byte| format!("%{byte:02x}")).collect();
            name.push(format!("id={id}"));
        }
    }
    name.join(";")
}

/// The public key under which the private key's signature is valid, among those with its id.
fn find_public(session: &Session, private: ObjectHandle) -> Result<VerifyingKey> {
    let signature = sign(session, private, PROOF)?;
    let mut wanted = vec![Attribute::Class(ObjectClass::PUBLIC_KEY), Attribute::KeyType(KeyType::EC_EDWARDS)];
    wanted.extend(session.get_attributes(private, &[AttributeType::Id]).map_err(failed)?);
    let mut seen = false;
    for handle in session.find_objects(&wanted).map_err(failed)? {
        for attribute in session.get_attributes(handle, &[AttributeType::EcPoint]).map_err(failed)? {
            let Attribute::EcPoint(point) = attribute else { continue };
            seen = true;
            if let Some(key) = public_key(&point).filter(|key| is_good(key, PROOF, &signature)) {
                return Ok(key);
            }
        }
    }
    if seen {
        return Err(wrong_signature());
    }
    Err(Failure::key("the token has no public key for the private key")
        .hint("store it there with the same id; lic2-signer keygen and pkcs11-tool --keypairgen do this"))
}

/// `CKA_EC_POINT`: an OCTET STRING by the standard, a BIT STRING or the bare key on some tokens.
fn public_key(point: &[u8]) -> Option<VerifyingKey> {
    let key = [&b"\x04\x20"[..], b"\x03\x21\x00", b""].iter().find_map(|head| {
        let key: &PublicKey = point.strip_prefix(*head)?.try_into().ok()?;
        Some(key)
    })?;
    VerifyingKey::from_bytes(key).ok()
}

fn sign(session: &Session, key: ObjectHandle, message: &[u8]) -> Result<[u8; SIGNATURE_LEN]> {
    let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
    session.sign(&mechanism, key, message).map_err(failed)?.try_into().map_err(|_| wrong_signature())
}

fn is_good(key: &VerifyingKey, message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> bool {
    key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
}

fn wrong_signature() -> Failure {
    Failure::key("the token's signature is not valid under its public key: nothing was issued")
        .hint("the public key belongs to another private key, or the token is broken")
}

fn refused_login(error: Error) -> Failure {
    let Error::Pkcs11(answer, _) = &error else { return failed(error) };
    if matches!(answer, RvError::PinIncorrect | RvError::PinLenRange | RvError::PinInvalid) {
        return Failure::key("wrong PIN").hint("be careful: most tokens lock after a few wrong PINs");
    }
    if matches!(answer, RvError::PinLocked) {
        return Failure::key("the PIN is locked after too many wrong ones")
            .hint("the token's security officer can set a new one");
    }
    failed(error)
}

fn failed(error: Error) -> Failure {
    Failure::key(format!("the token refuses: {}", one_line(&error)))
        .hint("check that it is plugged in and that its key may sign with EdDSA")
}

fn one_line(error: &Error) -> String {
    let text = error.to_string().replace('\n', " ").to_lowercase();
    text.split(".  ").next().unwrap_or(&text).trim_end_matches('.').to_owned()
}
