//! Exit codes, and the one error type of the tool: what is wrong, what to do, and the code to exit with.

use std::fmt;

/// Why the tool stops. The number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command line or the content asked for makes no sense.
    Usage = 1,
    /// A file or stream cannot be read or written.
    Io = 2,
    /// A code or another document was rejected; the status number is on stderr.
    Rejected = 3,
    /// A key cannot be used: unreadable, unsafe, the wrong one, or no passphrase.
    Key = 4,
    /// The ledger refuses: the request contradicts its entries, or it was tampered with.
    Ledger = 5,
    /// Some rows of a batch failed, and the others were done.
    Partial = 6,
    /// A bug in this tool.
    Internal = 70,
}

impl Exit {
    /// The number that the process exits with.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Usage => 1,
            Self::Io => 2,
            Self::Rejected => 3,
            Self::Key => 4,
            Self::Ledger => 5,
            Self::Partial => 6,
            Self::Internal => 70,
        }
    }
}

/// The text that every help shows.
pub const HELP: &str = "Exit codes: 0 ok, 1 usage, 2 input or output, 3 document rejected (with its status, if any, \
                        on stderr), 4 key problem, 5 refused by the ledger, 6 some rows of a batch failed, 70 \
                        internal error.";

/// An error for a person: one sentence, lower case, without a full stop, and usually a hint.
#[derive(Clone, Debug)]
pub struct Failure {
    exit: Exit,
    error: String,
    hint: Option<String>,
}

/// What the functions of this crate return.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A mistake on the command line or in a content file.
    pub fn usage(error: impl Into<String>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// A file or stream that does not work.
    pub fn io(what: impl fmt::Display, cause: &std::io::Error) -> Self {
        Self::new(Exit::Io, format!("{what}: {}", plain(cause)))
    }

    /// A key that cannot be used.
    pub fn key(error: impl Into<String>) -> Self {
        Self::new(Exit::Key, error)
    }

    /// A document that the library rejects.
    #[must_use]
    pub fn rejected(status: lic2::Error) -> Self {
        Self::new(Exit::Rejected, format!("status {} {}: {status}", status.number(), status.name()))
            .hint(status.advice())
    }

    /// An internal error.
    pub fn internal(error: impl Into<String>) -> Self {
        Self::new(Exit::Internal, error).hint("this is a bug in lic2-signer: report the command and this line")
    }

    /// An error with this exit code.
    pub fn new(exit: Exit, error: impl Into<String>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, its text preceded by where it happened.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.error = format!("{place}: {}", self.error);
        self
    }

    /// The code to exit with.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// What to do about it, if anything is known.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl std::error::Error for Failure {}

/// The cause in lower case and without the number that the operating system appends.
fn plain(cause: &std::io::Error) -> String {
    let text = cause.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.to_lowercase()
}
