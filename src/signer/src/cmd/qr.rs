//! `qr`: a document as a picture for cameras.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use qrcode::EcLevel;
use serde_json::json;

use crate::exit::{Failure, HELP, Result};
use crate::qr::{LEGIBLE_MODULES, Picture, QUIET_MODULES};
use crate::ui;

/// Columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

/// Draws a document as a QR code
///
/// The code is drawn on the terminal, as PNG or as SVG. Any document of this system can be drawn; a reader returns
/// exactly its text. Unless you pass --ecc, the error correction is the strongest that keeps the code legible: at most
/// 97 modules wide in a file, and no wider than the terminal. Typical codes get H; a text of 1024 characters gets L,
/// with a warning that states the required size.
///
/// JSON fields: text, characters, version (1 to 40), modules (side without the quiet zone), ecc, print_millimeters
/// (minimum side in print), output (null without a file), and rows (one string per row, 1 is dark).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer qr code.txt --output code.png"))]
pub(super) struct Qr {
    /// The text itself, a file that contains it, or - for stdin
    #[arg(value_name = "TEXT", default_value = "-")]
    text: String,
    /// Write to this file; its extension, .png, .svg or .txt, selects the format
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Format [default: by the extension of --output, otherwise terminal]
    #[arg(long)]
    format: Option<Form>,
    /// Error correction, from 7 % of the code to 30 % [default: the strongest that stays legible]
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    ecc: Option<Ecc>,
    /// Pixels or units of a module in PNG and SVG
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u32).range(1..=64))]
    scale: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Half blocks, for a terminal or a text
    Terminal,
    /// Black and white pixels
    Png,
    /// Lines, for print
    Svg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
enum Ecc {
    /// 7 % may be damaged
    L,
    /// 15 %
    M,
    /// 25 %
    Q,
    /// 30 %
    H,
}

impl Qr {
    pub(super) fn run(self) -> Result<()> {
        let form = self.form()?;
        let to_terminal = self.output.is_none() && !self.json;
        if form == Form::Png && to_terminal && ui::stdout_is_terminal() {
            return Err(Failure::usage("a PNG picture cannot be shown on a terminal")
                .hint("pass --output FILE, or omit --format to draw with characters"));
        }
        let text = ui::read_document(&self.text)?;
        let columns = ui::terminal_columns().unwrap_or(COLUMNS);
        let most = if form == Form::Terminal && to_terminal {
            columns.saturating_sub(2 * QUIET_MODULES).min(LEGIBLE_MODULES)
        } else {
            LEGIBLE_MODULES
        };
        let picture = Picture::new(&text, self.ecc.map(level), most)?;
        describe(&picture);
        if form == Form::Terminal && to_terminal && ui::stdout_is_terminal() && picture.full_modules() > columns {
            ui::warn(&format!(
                "the code is {} columns wide, and this terminal has {columns}: enlarge it, or use --output code.png",
                picture.full_modules()
            ));
        }
        let bytes = match form {
            Form::Terminal => picture.blocks(to_terminal && ui::stdout_is_terminal()).into_bytes(),
            Form::Png => picture.png(self.scale)?,
            Form::Svg => picture.svg(self.scale).into_bytes(),
        };
        if let Some(path) = &self.output {
            std::fs::write(path, &bytes).map_err(|cause| Failure::io(path.display(), &cause))?;
        }
        match (self.json, &self.output) {
            (true, output) => ui::artifact(&ui::json(&as_json(&picture, output.as_deref()))?),
            (false, Some(_)) => Ok(()),
            (false, None) => ui::artifact_bytes(&bytes),
        }
    }

    fn form(&self) -> Result<Form> {
        if let Some(form) = self.format {
            return Ok(form);
        }
        let Some(path) = &self.output else { return Ok(Form::Terminal) };
        match path.extension().map(std::ffi::OsStr::to_ascii_lowercase) {
            Some(ending) if ending == "png" => Ok(Form::Png),
            Some(ending) if ending == "svg" => Ok(Form::Svg),
            Some(ending) if ending == "txt" => Ok(Form::Terminal),
            _ => Err(Failure::usage(format!("{}: the extension does not name a format", path.display()))
                .hint("use .png, .svg or .txt, or pass --format")),
        }
    }
}

const fn level(ecc: Ecc) -> EcLevel {
    match ecc {
        Ecc::L => EcLevel::L,
        Ecc::M => EcLevel::M,
        Ecc::Q => EcLevel::Q,
        Ecc::H => EcLevel::H,
    }
}

fn describe(picture: &Picture) {
    let (side, length) = (picture.modules(), picture.text().len());
    ui::note(&format!(
        "QR code version {}, {side} x {side} modules, error correction {} ({}), {length} characters, printed at least \
         {} mm wide",
        picture.version(),
        picture.level(),
        picture.damage(),
        picture.print_millimeters(),
    ));
    if side > LEGIBLE_MODULES {
        ui::warn(&format!(
            "{side} modules are hard to read for a phone: print the code flat and at least {} mm wide, or send the \
             text; a code without certificate (issue --detached-certificate) is smaller",
            picture.print_millimeters()
        ));
    }
}

fn as_json(picture: &Picture, output: Option<&Path>) -> serde_json::Value {
    let rows: Vec<String> =
        picture.rows().map(|row| row.iter().map(|dark| if *dark { '1' } else { '0' }).collect()).collect();
    json!({
        "text": picture.text(),
        "characters": picture.text().len(),
        "version": picture.version(),
        "modules": picture.modules(),
        "ecc": picture.level(),
        "print_millimeters": picture.print_millimeters(),
        "output": output.map(|path| path.display().to_string()),
        "rows": rows,
    })
}
