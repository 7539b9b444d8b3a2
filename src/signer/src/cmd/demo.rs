//! `demo`: the whole way from a new key to a decision on a device, the refusals, and the life of a license, with real
//! files.

mod device;
mod life;

use std::path::{Path, PathBuf};

use clap::Args;
use lic2::seal::{CertificateDraft, Sealed, seal_certificate, text_of};
use lic2::{Code, Component, Decision, Error, Facts, Genuine, KeyRing, Kind, UnixSeconds, decide, decide_feature};

use super::desktop;
use crate::content::Content;
use crate::describe::{feature_words, status_fields};
use crate::device::Identity;
use crate::draft::Draft;
use crate::exit::{Failure, HELP, Result};
use crate::guard::{self, IssuerCertificate};
use crate::keyfile::PrivateKey;
use crate::passphrase::Source;
use crate::publickey::{self, PublicKey};
use crate::random::random;
use crate::{private_file, sealing, timespec, ui};

const ID: &str = "PL-20261122-00000042";
const PRODUCT: &str = "vision-appliance";
const ESN: &str = "2102312ABC0123456789";
const OTHER_ESN: &str = "2102312ABC0123456780";
const FEATURES: [&str; 3] = ["analytics", "channels", "export"];

/// Demonstrates keys, certificate, code, decision, refusals, and the life of a license
///
/// Everything happens in a temporary directory, which is removed at the end. In a checkout with a C compiler, the C
/// library is built too, and examples/desktop_c checks the same code.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer demo"))]
pub(super) struct Demo {
    /// Keep the files
    #[arg(long)]
    keep: bool,
    /// Do not build and run the C example
    #[arg(long)]
    no_c: bool,
}

impl Demo {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let scratch = tempfile::Builder::new()
            .prefix("lic2-demo-")
            .tempdir()
            .map_err(|cause| Failure::io("temporary directory", &cause))?;
        let seller = Seller::new(scratch.path(), now)?;
        let code = seller.issue(now)?;
        let customer = Customer { ring: seller.ring()?, now };
        customer.show_granted(code.text())?;
        if self.no_c {
            say("\n4. C: skipped, as requested.")?;
        } else {
            seller.show_c()?;
        }
        seller.show_refusals(&customer, &code)?;
        life::show(&seller, now)?;
        show_next_commands()?;
        if self.keep {
            let path: PathBuf = scratch.keep();
            say(&format!("\nThe files of this demo are in {}", path.display()))?;
        }
        Ok(())
    }
}

fn say(text: &str) -> Result<()> {
    ui::artifact(&format!("{text}\n"))
}

/// What does not come out as it must ends the demo.
fn unexpected(what: &str, got: &str) -> Failure {
    Failure::internal(format!("demo: {what}: {got}"))
}

/// The seller: two keys and a certificate in files.
struct Seller {
    directory: PathBuf,
    anchor: PublicKey,
    issuer: PrivateKey,
    certificate: IssuerCertificate,
}

impl Seller {
    fn new(directory: &Path, now: UnixSeconds) -> Result<Self> {
        say("1. The seller creates two keys, and one certifies the other.")?;
        let mut secret = [0; 16];
        random(&mut secret)?;
        let passphrase = directory.join("passphrase.txt");
        private_file::create(&passphrase, &format!("{}\n", ui::hex(&secret)), true)?;
        let source = Source { passphrase_fd: None, passphrase_file: Some(passphrase) };
        let anchor = new_key(directory, "anchor", &source)?;
        let issuer = new_key(directory, "issuer", &source)?;
        say(&format!(
            "   anchor.key  key id {}: kept in a safe; its public half is compiled into the product\n   issuer.key  \
             key id {}: signs every day\n   Both are encrypted (PKCS#8, readable by openssl pkey) and readable only \
             by their owner.",
            publickey::id(&anchor.public()),
            publickey::id(&issuer.public())
        ))?;
        let certificate = certify(&anchor, &issuer.public(), now)?;
        private_file::create(&directory.join("issuer.cert"), &format!("{certificate}\n"), false)?;
        say(&format!("   issuer.cert {PRODUCT} only, for two years, terms up to 800 days:\n   {certificate}"))?;
        let certificate = IssuerCertificate::new(certificate, &[])?;
        Ok(Self { directory: directory.into(), anchor: anchor.public(), issuer, certificate })
    }

    fn issue(&self, now: UnixSeconds) -> Result<Sealed> {
        say("\n2. The seller issues a code for an order: one device, three features, one year.")?;
        let draft = Draft::new(order("1y")?, now)?;
        let code = sealing::seal(&draft, &self.issuer, Some(&self.certificate))?;
        guard::check_with_anchors(code.text(), &[self.anchor], None)?;
        private_file::create(&self.directory.join("code.txt"), &format!("{}\n", code.text()), false)?;
        let bare = sealing::seal(&draft, &self.issuer, None)?;
        say(&format!(
            "   {}\n   {} characters with the issuer certificate in it, {} without.",
            code.text(),
            code.text().len(),
            bare.text().len()
        ))?;
        Ok(code)
    }

    fn ring(&self) -> Result<KeyRing> {
        KeyRing::new(&[self.anchor]).map_err(|error| unexpected("the key ring", error.name()))
    }

    fn show_c(&self) -> Result<()> {
        say("\n4. The same code in a C program (examples/desktop_c with liblic2.a).")?;
        let anchor = publickey::write(&[self.anchor], publickey::Format::C)?;
        let file = self.directory.join("code.txt");
        match desktop::run(&self.directory, &anchor, &file, [ESN, OTHER_ESN])? {
            desktop::Outcome::Left(reason) => say(&format!("   NOT DONE: {reason}")),
            desktop::Outcome::Ran(output) => {
                let lines: Vec<String> = output.lines().map(|line| format!("   {line}")).collect();
                say(&lines.join("\n"))
            }
        }
    }

    fn show_refusals(&self, customer: &Customer, code: &Sealed) -> Result<()> {
        say("\n5. Refusals, each with its number, reason and suggested action.")?;
        let text = code.text();
        let other = if text.as_bytes().get(150) == Some(&b'A') { "B" } else { "A" };
        let changed = [text.get(..150).unwrap_or_default(), other, text.get(151..).unwrap_or_default()].concat();
        let stranger = sealing::seal(&Draft::new(order("1y")?, customer.now)?, &PrivateKey::generate()?, None)?;
        let here = customer.facts(&[]);
        let later = UnixSeconds(customer.now.0.saturating_add(2 * 366 * lic2::SECONDS_PER_DAY));
        let this = [Component { kind: 5, value: ESN.as_bytes() }];
        let that = [Component { kind: 5, value: OTHER_ESN.as_bytes() }];
        let cases = [
            ("one character changed", changed, here, Error::TextDamaged),
            ("changed, with a corrected check", forged(code)?, here, Error::SignatureInvalid),
            ("signed with a stranger's key", stranger.text().into(), here, Error::KeyUnknown),
            ("two years later", text.into(), here.with_now(later).with_components(&this), Error::Expired),
            ("on another device", text.into(), here.with_components(&that), Error::DeviceMismatch),
            ("in another product", text.into(), here.with_product("audio-appliance"), Error::ProductMismatch),
        ];
        for (what, text, facts, expected) in &cases {
            let got = customer.refusal(text, facts);
            if got != Some(*expected) {
                return Err(unexpected(what, got.map_or("granted", Error::name)));
            }
            let (number, name, reason, advice) = status_fields(got);
            say(&format!("   {what}: {number} {name}\n      {reason}\n      -> {advice}"))?;
        }
        Ok(())
    }
}

fn new_key(directory: &Path, name: &str, source: &Source) -> Result<PrivateKey> {
    let path = directory.join(format!("{name}.key"));
    let key = PrivateKey::generate()?;
    let passphrase = source.choose(&path)?;
    private_file::create(&path, &key.to_pem(Some(&passphrase))?, true)?;
    private_file::create(&directory.join(format!("{name}.pub")), &publickey::pem(&key.public())?, false)?;
    // What signs is what came back from the file.
    PrivateKey::read(&path, source)
}

fn certify(anchor: &PrivateKey, key: &PublicKey, now: UnixSeconds) -> Result<String> {
    let draft = CertificateDraft::new(*key, now, timespec::parse("2y", now)?)
        .with_longest_days(800)
        .with_kinds(Kind::Code.permission())
        .with_scope(&[PRODUCT])
        .with_name("demo issuer");
    seal_certificate(&draft, &anchor.public(), |message| anchor.sign(message))
        .map(|sealed| sealed.text().into())
        .map_err(|error| unexpected("the certificate", error.name()))
}

fn order(until: &str) -> Result<Content> {
    let feature = |text: &str| text.parse().map_err(Failure::internal);
    Ok(Content {
        id: Some(ID.into()),
        product: Some(PRODUCT.into()),
        until: Some(until.into()),
        device: vec![format!("esn:{ESN}").parse::<Identity>().map_err(Failure::internal)?],
        feature: vec![feature("analytics@6 months")?, feature("channels=limit:64")?, feature("export")?],
        ..Content::default()
    })
}

/// The code with one bit of its content changed and a corrected check, as a forger would do it.
fn forged(code: &Sealed) -> Result<String> {
    let mut document = code.document().to_vec();
    // The last byte before the signature belongs to the content.
    let position = document.len().checked_sub(lic2::limits::SIGNATURE_LEN + 1);
    let byte = position.and_then(|position| document.get_mut(position));
    *byte.ok_or_else(|| unexpected("the code", "too short"))? ^= 1;
    text_of(Kind::Code.letter(), &[&document])
        .map(|sealed| sealed.text().into())
        .map_err(|error| unexpected("the forged code", error.name()))
}

/// The product on the customer's device: it knows the anchor and nothing else of the seller.
struct Customer {
    ring: KeyRing,
    now: UnixSeconds,
}

impl Customer {
    fn facts<'a>(&self, components: &'a [Component<'a>]) -> Facts<'a> {
        const HERE: &[Component<'static>] = &[Component { kind: 5, value: ESN.as_bytes() }];
        let components = if components.is_empty() { HERE } else { components };
        Facts::new(PRODUCT).with_now(self.now).with_components(components)
    }

    fn refusal(&self, text: &str, facts: &Facts<'_>) -> Option<Error> {
        let mut memory = Code::new();
        match memory.verify(&self.ring, text.as_bytes()) {
            Ok(genuine) => decide(&genuine, facts).refusal,
            Err(error) => Some(error),
        }
    }

    fn show_granted(&self, text: &str) -> Result<()> {
        say("\n3. The device verifies the code offline. It knows the anchor and its own serial number (ESN).")?;
        let mut memory = Code::new();
        let genuine =
            memory.verify(&self.ring, text.as_bytes()).map_err(|error| unexpected("the genuine code", error.name()))?;
        let facts = self.facts(&[]);
        let decision = decide(&genuine, &facts);
        if !decision.verdict.is_granted() {
            return Err(unexpected("the genuine code", decision.refusal.map_or("denied", Error::name)));
        }
        say(&granted_words(&decision, &genuine))?;
        for name in FEATURES {
            let answer = decide_feature(&genuine, &facts, name);
            match answer.feature {
                Some(feature) if answer.verdict.is_granted() => {
                    say(&format!("   feature {}", feature_words(&feature)))?
                }
                _ => return Err(unexpected(name, answer.refusal.map_or("denied", Error::name))),
            }
        }
        Ok(())
    }
}

fn granted_words(decision: &Decision, genuine: &Genuine<'_>) -> String {
    let time = |time: Option<UnixSeconds>| time.map_or_else(|| "never".into(), timespec::format);
    format!(
        "   GRANTED: license {} for {} on {ESN}, quantity {}\n   expires {}; the answer changes next at {}",
        genuine.license().id,
        genuine.license().product,
        decision.quantity,
        time(decision.expires_at),
        time(decision.next_deadline)
    )
}

fn show_next_commands() -> Result<()> {
    say("\nEverything behaved as expected. To do it for real, with your own passphrases (cargo install --path \
         src/signer\nputs lic2-signer on the path; or use cargo run --release -p lic2-signer --):\n\x20  lic2-signer \
         keygen anchor.key\n\x20  lic2-signer keygen issuer.key\n\x20  lic2-signer pubkey --format c anchor.pub > \
         anchor.h\n\x20  lic2-signer certify --anchor anchor.key --key issuer.pub --scope PRODUCT --valid-until 2y > \
         issuer.cert\n\x20  lic2-signer issue --key issuer.key --certificate issuer.cert --id ID --product PRODUCT \
         --until 1y > code.txt\n\x20  lic2-signer verify --anchor anchor.pub --product PRODUCT code.txt")
}
