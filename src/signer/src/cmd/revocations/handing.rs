//! Output of a list: all its parts on stdout or in a folder, or the one that a device needs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use lic2::claim::{self, Claimed};
use lic2::{Content, DocumentBuffer, RevocationList};

use crate::check::check_identifier;
use crate::cmd::signing::summarize;
use crate::describe::{Table, coverage_words};
use crate::exit::{Exit, Failure, Result};
use crate::request::Asked;
use crate::{guard, timespec, ui};

/// Where the texts go.
#[derive(Args, Debug)]
pub(super) struct Handing {
    /// Write the parts into this new folder, as part-001.txt and so on
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["request", "license"])]
    output: Option<PathBuf>,
    /// Print only the part for the license that a device's request names: the request itself, a file that contains it,
    /// or - for stdin
    #[arg(long, value_name = "REQUEST", conflicts_with_all = ["license", "customer", "customer_cut"])]
    request: Option<String>,
    /// Print only the part for this license
    #[arg(long, value_name = "ID", conflicts_with_all = ["customer", "customer_cut"])]
    license: Option<String>,
}

/// A checked choice.
pub(super) enum Hand {
    All,
    Folder(PathBuf),
    License(String),
}

impl Handing {
    /// Reads what there is to read, before anything is signed.
    pub(super) fn choose(&self, product: &str) -> Result<Hand> {
        if let Some(folder) = &self.output {
            return Ok(Hand::Folder(folder.clone()));
        }
        if let Some(license) = &self.license {
            check_identifier("license", license)?;
            return Ok(Hand::License(license.clone()));
        }
        let Some(argument) = &self.request else { return Ok(Hand::All) };
        let text = ui::read_document(argument)?;
        let mut memory = DocumentBuffer::new();
        let request = Asked::read(&text, &mut memory).map_err(|failure| failure.at("--request"))?.request;
        if !product.is_empty() && request.product != product {
            return Err(Failure::usage(format!(
                "--request: the device asks for product {}, and the list is for {product}",
                request.product
            ))
            .hint("create the list of that product"));
        }
        if request.license.is_empty() {
            return Err(Failure::usage("--request: the device asks for no license in particular")
                .hint("pass the license with --license, or have the device request it"));
        }
        Ok(Hand::License(request.license.to_string()))
    }
}

impl Hand {
    /// Whether texts are left out.
    pub(super) const fn is_choice(&self) -> bool {
        matches!(self, Self::License(_))
    }

    /// Hands the texts out and says on stderr what they are.
    pub(super) fn out(&self, texts: &[String]) -> Result<()> {
        match self {
            Self::License(license) => {
                let text = part_for(license, texts)?;
                report(texts)?;
                if texts.len() > 1 {
                    summarize(text)?;
                }
                ui::artifact(&format!("{text}\n"))
            }
            Self::All => {
                report(texts)?;
                ui::artifact(&texts.iter().map(|text| format!("{text}\n")).collect::<String>())
            }
            Self::Folder(folder) => {
                report(texts)?;
                write_folder(folder, texts)
            }
        }
    }
}

fn read<'b>(text: &str, memory: &'b mut DocumentBuffer) -> Result<RevocationList<'b>> {
    match claim::read(text.as_bytes(), memory).map_err(|error| Failure::internal(error.text()))?.content {
        Claimed::Seller { content: Content::RevocationList(list), .. } => Ok(list),
        Claimed::Seller { .. } | Claimed::Certificate(_) | Claimed::Device(_) => {
            Err(Failure::internal("a list is something else"))
        }
    }
}

/// The part that says something of this license.
fn part_for<'t>(license: &str, texts: &'t [String]) -> Result<&'t str> {
    let hash = lic2::license_id_hash(license);
    for text in texts {
        let mut memory = DocumentBuffer::new();
        let Some(said) = read(text, &mut memory)?.statement(hash) else { continue };
        let below = if said.below > 1 { format!("issues below {} are", said.below) } else { "nothing of it is".into() };
        ui::note(&format!("license {license}: {below} revoked"));
        return Ok(text);
    }
    Err(Failure::internal("no part covers the license"))
}

/// What was signed: one text in full, of several what they have in common.
fn report(texts: &[String]) -> Result<()> {
    if let [text] = texts {
        return summarize(text);
    }
    let (mut licenses, mut longest) = (0_usize, 0);
    for text in texts {
        let mut memory = DocumentBuffer::new();
        licenses = licenses.saturating_add(read(text, &mut memory)?.licenses.count());
        longest = longest.max(text.len());
    }
    let Some(first) = texts.first() else { return Err(Failure::internal("a list without a text")) };
    let mut memory = DocumentBuffer::new();
    let signer = claim::read(first.as_bytes(), &mut memory).map(|claim| guard::key_id(claim.key_id));
    let mut memory = DocumentBuffer::new();
    let list = read(first, &mut memory)?;
    let mut table = Table::default();
    table.row("list", format_args!("number {}, series {}", list.number, list.series));
    table.row("product", if list.product.is_empty() { "EVERY product" } else { list.product.as_str() });
    table.row("issued", timespec::words(list.issued_at));
    table.row("revoked", format_args!("{licenses} licenses"));
    table.maybe("first part", coverage_words(list.coverage));
    table.maybe("signed by", signer.ok().map(|id| format!("key id {id}")));
    ui::note(&format!(
        "revocation list in {} parts of at most {longest} characters, which devices accept in any order:\n{}",
        texts.len(),
        table.text().trim_end()
    ));
    Ok(())
}

/// Writes every part into a folder that appears complete or not at all.
fn write_folder(folder: &Path, texts: &[String]) -> Result<()> {
    let io = |cause: &std::io::Error| Failure::io(folder.display(), cause);
    let digits = texts.len().to_string().len().max(3);
    let name = |index: usize| format!("part-{:0digits$}.txt", index.saturating_add(1));
    if folder.exists() {
        let count = fs::read_dir(folder).map_err(|cause| io(&cause))?.count();
        let is_there = |(index, text): (usize, &String)| {
            fs::read_to_string(folder.join(name(index))).is_ok_and(|held| held.trim_end() == text)
        };
        if count == texts.len() && texts.iter().enumerate().all(is_there) {
            ui::note(&format!("{}: the same parts already exist", folder.display()));
            return Ok(());
        }
        if count > 0 {
            return Err(Failure::new(Exit::Io, format!("{}: the folder contains something else", folder.display()))
                .hint("name a new folder: parts of two lists must not be mixed"));
        }
        fs::remove_dir(folder).map_err(|cause| io(&cause))?;
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Who is interrupted leaves no half list under the name.
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let made = builder.prefix(".lic2-parts-").tempdir_in(parent).map_err(|cause| io(&cause))?;
    for (index, text) in texts.iter().enumerate() {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(made.path().join(name(index))).map_err(|cause| io(&cause))?;
        file.write_all(format!("{text}\n").as_bytes()).and_then(|()| file.sync_all()).map_err(|cause| io(&cause))?;
    }
    fs::rename(made.path(), folder).map_err(|cause| io(&cause))?;
    // It has another name now.
    let _ = made.keep();
    #[cfg(unix)]
    for directory in [folder, parent] {
        fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(|cause| io(&cause))?;
    }
    ui::note(&format!("written: {} files in {}", texts.len(), folder.display()));
    Ok(())
}
