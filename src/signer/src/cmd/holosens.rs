//! `holosens`: parameter lists of the HoloSens Store to license files.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lic2::UnixSeconds;
use serde_json::json;

use super::signing::{Job, Signing};
use crate::class_name::class_name;
use crate::content::Content;
use crate::draft::Draft;
use crate::exit::{Failure, HELP, Result};
use crate::holosens::{self, Parameters};
use crate::ledger::Event;
use crate::ui;

/// Creates license.lic files from parameter lists of the HoloSens Store
///
/// The input is one list, an array of lists, or the store's whole response with totalCount and licenseParamLists. The
/// license takes its id from consumptionId, its class from licenseType, its term (from now) from requestDays, and the
/// allocation table, in which every device has its own number of licenses. The product is rpmName unless the content
/// file or --product sets another. The content file adds features, versions and the like.
///
/// The file is INI, ASCII, with one value per line. Only the signed Code counts; the other values are for people. A
/// single list goes to stdout. Several lists, or any with --directory, go to one file each, named CONSUMPTIONID.lic.
/// With --ledger, the same request always gets the same code.
///
/// JSON: a list of consumption_id, file (null on stdout), class, days, amount, devices, code and license_lic.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer holosens --key issuer.key --certificate issuer.cert --product vision-appliance \
     --passphrase-file passphrase.txt params.json"
))]
pub(super) struct Holosens {
    #[command(flatten)]
    signing: Signing,
    /// The store's JSON; - is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Product id [default: the rpmName of the list]
    #[arg(long)]
    product: Option<String>,
    /// Content file with features, versions and so on, TOML or JSON
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Number of the issue, for a request of type change [default: 1]
    #[arg(long, value_name = "N")]
    serial: Option<u32>,
    /// What the hardware ids mean to the product
    #[arg(long, value_name = "KIND", default_value = "esn")]
    kind: HardwareKind,
    /// Write files into this directory
    #[arg(long, short, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HardwareKind {
    /// Serial numbers
    Esn,
    /// Ids of installations
    Machine,
    /// The application's own ids, byte by byte
    Custom,
}

impl HardwareKind {
    const fn number(self) -> u8 {
        match self {
            Self::Esn => 5,
            Self::Machine => 4,
            Self::Custom => lic2::COMPONENT_KIND_CUSTOM,
        }
    }
}

impl Holosens {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let place = self.file.display();
        let text = ui::read_text(&self.file)?;
        let lists = holosens::read(&text, self.kind.number()).map_err(|failure| failure.at(&place))?;
        if lists.len() > 1 && self.directory.is_none() && !self.json {
            return Err(Failure::usage(format!("{place}: there are {} parameter lists", lists.len()))
                .hint("pass --directory DIR: each list becomes a separate file"));
        }
        let base = self.content.as_deref().map(Content::read).transpose()?.unwrap_or_default();
        let stated = Content { product: self.product.clone(), serial: self.serial, ..Content::default() };
        let base = stated.over(base);
        let mut jobs = Vec::new();
        for list in &lists {
            let draft = list
                .content(base.clone())
                .and_then(|content| Draft::new(content, now))
                .map_err(|failure| failure.at(list.consumption_id()))?;
            jobs.push(Job { draft, event: Event::Issue, order: None, event_id: Some(list.consumption_id()) });
        }
        if let Some(directory) = &self.directory {
            std::fs::create_dir_all(directory).map_err(|cause| Failure::io(directory.display(), &cause))?;
        }
        let codes = self.signing.seal_each(jobs)?;
        let mut answers = Vec::new();
        for (list, code) in lists.iter().zip(codes) {
            answers.push(self.answer(list, &code)?);
        }
        if self.json {
            return ui::artifact(&ui::json(&answers.into_iter().map(|answer| answer.json).collect())?);
        }
        ui::artifact(&answers.into_iter().map(|answer| answer.artifact).collect::<String>())
    }

    fn answer(&self, list: &Parameters, code: &str) -> Result<Answer> {
        let (license_lic, left_out) = list.license_lic(code, issued_at(code)?);
        if !left_out.is_empty() {
            ui::note(&format!(
                "{}: left out of the file, which is plain ASCII: {}",
                list.consumption_id(),
                left_out.join(", ")
            ));
        }
        let path = self.directory.as_ref().map(|directory| directory.join(format!("{}.lic", list.consumption_id())));
        if let Some(path) = &path {
            write(path, &license_lic)?;
        }
        let file = path.as_ref().map(|path| path.display().to_string());
        let json = json!({
            "consumption_id": list.consumption_id(),
            "file": file,
            "class": class_name(list.class.into()),
            "days": list.days(),
            "amount": list.amount,
            "devices": list.devices.len(),
            "code": code,
            "license_lic": license_lic,
        });
        let artifact = file.map_or_else(|| license_lic.clone(), |file| file + "\n");
        Ok(Answer { json, artifact })
    }
}

struct Answer {
    json: serde_json::Value,
    artifact: String,
}

/// When the code was issued: now, or whenever the ledger first recorded it.
fn issued_at(code: &str) -> Result<UnixSeconds> {
    let mut memory = lic2::DocumentBuffer::new();
    match lic2::claim::read(code.as_bytes(), &mut memory).map(|claim| claim.content) {
        Ok(lic2::claim::Claimed::Seller { content: lic2::Content::License(license), .. }) => Ok(license.issued_at),
        _ => Err(Failure::internal("the new code is not a code")),
    }
}

/// Writes the file whole or not at all, and never over another answer to the same request.
fn write(path: &Path, text: &str) -> Result<()> {
    match std::fs::read(path) {
        Ok(there) if there == text.as_bytes() => return Ok(()),
        Ok(_) => {
            return Err(Failure::usage(format!("{} already exists and contains another code", path.display()))
                .hint("upload the existing file: the same request gets the same license; or move it away first"));
        }
        Err(_) => {}
    }
    let failed = |cause: &std::io::Error| Failure::io(path.display(), cause);
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(|cause| failed(&cause))?;
    file.write_all(text.as_bytes()).map_err(|cause| failed(&cause))?;
    file.as_file().sync_all().map_err(|cause| failed(&cause))?;
    file.persist_noclobber(path).map(|_| ()).map_err(|error| failed(&error.error))
}
