//! What every verb does with streams: the artifact goes to stdout, everything else to stderr, `-` is stdin.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use clap::builder::StyledStr;
use clap::builder::styling::{AnsiColor, Style};
use lic2::limits::TEXT_RAW_MAX;

use crate::exit::{Failure, Result};

/// Longest file this tool reads whole, in bytes. Nothing it reads comes near.
pub const FILE_MAX: u64 = 1 << 20;

/// When to color what goes to a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the variable NO_COLOR is set or TERM is dumb
    #[default]
    Auto,
    /// In files and pipes too
    Always,
    /// Nowhere
    Never,
}

/// The choice passed to [`use_color`].
static ALWAYS: AtomicBool = AtomicBool::new(false);
static NEVER: AtomicBool = AtomicBool::new(false);

impl Color {
    /// The choice among the arguments of a command line, whatever else they say.
    pub fn among(arguments: impl Iterator<Item = OsString>) -> Self {
        let (mut found, mut expected) = (Self::Auto, false);
        for argument in arguments {
            let Some(argument) = argument.to_str() else { continue };
            let stated = if expected { Some(argument) } else { argument.strip_prefix("--color=") };
            expected = argument == "--color";
            found = stated.and_then(|name| Self::from_str(name, false).ok()).unwrap_or(found);
        }
        found
    }

    fn is_on(self, terminal: bool) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}

/// Colors from now on as this says.
pub fn use_color(color: Color) {
    ALWAYS.store(color == Color::Always, Ordering::Relaxed);
    NEVER.store(color == Color::Never, Ordering::Relaxed);
}

fn is_colored(terminal: bool) -> bool {
    let color = match (ALWAYS.load(Ordering::Relaxed), NEVER.load(Ordering::Relaxed)) {
        (true, _) => Color::Always,
        (_, true) => Color::Never,
        _ => Color::Auto,
    };
    color.is_on(terminal)
}

/// Clap's help for stdout.
#[must_use]
pub fn rendered(text: &StyledStr) -> String {
    if is_colored(stdout_is_terminal()) { text.ansi().to_string() } else { text.to_string() }
}

/// Writes `lic2-signer: error: ...` and `lic2-signer: hint: ...`.
pub fn report(failure: &Failure) {
    note_line("error", RED, &failure.to_string());
    if let Some(hint) = failure.advice() {
        note_line("hint", CYAN, hint);
    }
}

/// Writes a line that is neither error nor artifact.
pub fn note(text: &str) {
    say(format_args!("{text}\n"));
}

/// Writes a warning.
pub fn warn(text: &str) {
    note_line("warning", YELLOW, text);
}

/// Writes a hint.
pub fn hint(text: &str) {
    note_line("hint", CYAN, text);
}

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

fn note_line(what: &str, style: Style, text: &str) {
    let style = if is_colored(io::stderr().is_terminal()) { style } else { Style::new() };
    say(format_args!("lic2-signer: {style}{what}:{style:#} {text}\n"));
}

/// Stderr may be closed; then nobody can read the message.
fn say(text: std::fmt::Arguments<'_>) {
    let _ = io::stderr().write_fmt(text);
}

/// Writes the artifact to stdout.
///
/// # Errors
/// Exit code 2 if stdout does not take it.
pub fn artifact(text: &str) -> Result<()> {
    artifact_bytes(text.as_bytes())
}

/// The same for what is not text.
///
/// # Errors
/// As [`artifact`].
pub fn artifact_bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|cause| Failure::io("stdout", &cause))
}

/// JSON for stdout, indented, with a line end.
///
/// # Errors
/// None that can happen.
pub fn json(value: &serde_json::Value) -> Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| Failure::internal(error.to_string()))
}

/// Whether stdout is a terminal. Neither secrets nor pictures go there.
#[must_use]
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// How many columns the terminal at stdout has; `None` if it is none, or does not say.
#[must_use]
pub fn terminal_columns() -> Option<usize> {
    #[cfg(unix)]
    {
        rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| usize::from(size.ws_col)).filter(|count| *count > 0)
    }
    #[cfg(not(unix))]
    {
        None
    }
}

/// Reads a text file, `-` for stdin.
///
/// # Errors
/// Exit code 2 if it cannot be read, is larger than 1 MiB or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = if path == Path::new("-") { read_all(io::stdin().lock(), path)? } else { read_all(open(path)?, path)? };
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(crate::exit::Exit::Io, format!("{}: not a text file", path.display()))
            .hint("the file must be plain UTF-8 text")
    })
}

/// The bytes of a document given as argument: the text itself, the name of a file that holds it, or `-` for stdin.
///
/// # Errors
/// Exit code 2 if the file or stdin cannot be read.
pub fn read_document(argument: &str) -> Result<Vec<u8>> {
    // One byte more than the longest text: the library then says that it is too long.
    read_bytes(argument, u64::try_from(TEXT_RAW_MAX).unwrap_or(u64::MAX).saturating_add(1))
}

/// The same for one or more documents, such as a file with one in each line.
///
/// # Errors
/// As [`read_document`].
pub fn read_documents(argument: &str) -> Result<Vec<u8>> {
    read_bytes(argument, FILE_MAX)
}

fn read_bytes(argument: &str, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let path = Path::new(argument);
    if argument == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|cause| Failure::io("stdin", &cause))?;
    } else if path.is_file() || path.is_dir() {
        open(path)?.take(most).read_to_end(&mut bytes).map_err(|cause| Failure::io(path.display(), &cause))?;
    } else {
        if looks_like_a_path(argument) {
            open(path).map_err(|failure| {
                failure.hint("pass a code or other document, the name of a file that contains it, or - for stdin")
            })?;
        }
        bytes.extend_from_slice(argument.as_bytes());
    }
    Ok(bytes)
}

/// A short argument with a dot or a slash that does not begin as a code does: rather a mistyped file name.
fn looks_like_a_path(argument: &str) -> bool {
    argument.len() <= 255
        && !argument.contains("LIC2")
        && argument.contains(['.', '/', '\\'])
        && !argument.contains(char::is_whitespace)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|cause| Failure::io(path.display(), &cause))
}

fn read_all(source: impl Read, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .take(FILE_MAX.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| Failure::io(path.display(), &cause))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_MAX {
        return Err(Failure::new(crate::exit::Exit::Io, format!("{}: the file is larger than 1 MiB", path.display()))
            .hint("this cannot be the intended file"));
    }
    Ok(bytes)
}

/// Text from a document must not steer the terminal it is shown on.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|character| if is_harmless(character) { character } else { '\u{fffd}' }).collect()
}

fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Bytes from hexadecimal of either case.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() % 2 != 0 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|start| u8::from_str_radix(text.get(start..start + 2)?, 16).ok()).collect()
}
