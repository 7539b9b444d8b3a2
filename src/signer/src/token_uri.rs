//! `pkcs11:` URIs (RFC 7512), which name a key on a token: `pkcs11:token=lic;object=issuer?module-path=/usr/lib/m.so`.

use std::path::PathBuf;

use crate::exit::{Failure, Result};

/// What a URI begins with.
pub const SCHEME: &str = "pkcs11:";

const EXAMPLE: &str = "write 'pkcs11:token=TOKEN;object=KEY', and the module by ?module-path=FILE or the variable \
                       LIC2_PKCS11_MODULE";

/// Which key on which token, and how to get at it. Everything that is stated has to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenUri {
    /// Label of the token.
    pub token: Option<String>,
    /// Serial number of the token.
    pub serial: Option<String>,
    /// Label of the key.
    pub object: Option<String>,
    /// Id of the key.
    pub id: Option<Vec<u8>>,
    /// The module's file.
    pub module: Option<PathBuf>,
    /// A file with the PIN in its first line.
    pub pin_file: Option<PathBuf>,
}

impl TokenUri {
    /// Whether a text that names a key is a URI rather than a file.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(SCHEME))
    }

    /// Reads a URI.
    ///
    /// # Errors
    /// Exit code 1 with the part that is wrong.
    pub fn read(text: &str) -> Result<Self> {
        let rest = text.get(SCHEME.len()..).filter(|_| Self::is_one(text)).ok_or_else(|| wrong("it lacks pkcs11:"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        for part in path.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = attribute(part)?;
            match name {
                "token" => put(&mut uri.token, text_of(name, value)?, name)?,
                "serial" => put(&mut uri.serial, text_of(name, value)?, name)?,
                "object" => put(&mut uri.object, text_of(name, value)?, name)?,
                "id" => put(&mut uri.id, value, name)?,
                "type" if value == b"private" => {}
                "type" => return Err(wrong("its type is not private")),
                _ => return Err(unknown(name, "token, serial, object, id, type")),
            }
        }
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = attribute(part)?;
            match name {
                "module-path" => put(&mut uri.module, text_of(name, value)?.into(), name)?,
                "pin-source" => put(&mut uri.pin_file, pin_file(&text_of(name, value)?)?, name)?,
                "pin-value" => return Err(pin_in_sight()),
                _ => return Err(unknown(name, "module-path, pin-source")),
            }
        }
        Ok(uri)
    }
}

fn pin_in_sight() -> Failure {
    Failure::usage("the URI holds the PIN (pin-value), and other users can read command lines").hint(
        "let the terminal ask for it, or use --passphrase-fd N, --passphrase-file FILE, pin-source=file:FILE in the URI, \
         or the variable LIC2_PIN; and change this PIN",
    )
}

fn attribute(part: &str) -> Result<(&str, Vec<u8>)> {
    let (name, value) = part.split_once('=').ok_or_else(|| wrong(&format!("{part:?} is not NAME=VALUE")))?;
    let value = decoded(value).ok_or_else(|| wrong(&format!("{name} has a % that is not followed by two digits")))?;
    Ok((name, value))
}

/// Resolves `%41` and its like.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, behind)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let (digits, behind) = behind.split_at_checked(2)?;
        bytes.extend(crate::ui::unhex(digits)?);
        rest = behind;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

fn text_of(name: &str, value: Vec<u8>) -> Result<String> {
    String::from_utf8(value).ok().filter(|text| !text.is_empty()).ok_or_else(|| wrong(&format!("{name} is not text")))
}

/// `file:/etc/pin`, `file:///etc/pin` or a path.
fn pin_file(value: &str) -> Result<PathBuf> {
    if value.starts_with('|') {
        return Err(wrong("pin-source names a program, and only files are read"));
    }
    let path = value.strip_prefix("file:").map_or(value, |path| path.strip_prefix("//").unwrap_or(path));
    if path.is_empty() { Err(wrong("pin-source names no file")) } else { Ok(path.into()) }
}

fn put<T>(place: &mut Option<T>, value: T, name: &str) -> Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(wrong(&format!("it contains {name} twice"))),
    }
}

fn unknown(name: &str, known: &str) -> Failure {
    wrong(&format!("{name:?} is none of {known}"))
}

fn wrong(what: &str) -> Failure {
    Failure::usage(format!("this is not a usable pkcs11: URI: {what}")).hint(EXAMPLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read() {
        let text = "pkcs11:token=The%20seller;object=issuer%3b1;id=%01%ab;serial=7;type=private\
                    ?module-path=/usr/lib/m.so&pin-source=file:/run/pin";
        let uri = TokenUri {
            token: Some("The seller".into()),
            serial: Some("7".into()),
            object: Some("issuer;1".into()),
            id: Some(vec![1, 0xab]),
            module: Some("/usr/lib/m.so".into()),
            pin_file: Some("/run/pin".into()),
        };
        assert_eq!(TokenUri::read(text).ok(), Some(uri));
        assert_eq!(TokenUri::read("PKCS11:").ok(), Some(TokenUri::default()));
        for source in ["file:///run/pin", "/run/pin", "file:%2frun/pin"] {
            let uri = TokenUri::read(&format!("pkcs11:?pin-source={source}")).unwrap();
            assert_eq!(uri.pin_file, Some("/run/pin".into()), "{source}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = [
            ("pkcs11:token", "not NAME=VALUE"),
            ("pkcs11:token=%4", "% that is not followed"),
            ("pkcs11:token=%zz", "% that is not followed"),
            ("pkcs11:token=%\u{e9}1", "% that is not followed"),
            ("pkcs11:token=%ff", "token is not text"),
            ("pkcs11:token=", "token is not text"),
            ("pkcs11:token=a;token=b", "twice"),
            ("pkcs11:slot=1", "\"slot\" is none of token"),
            ("pkcs11:type=public", "type is not private"),
            ("pkcs11:?pin-source=|cat", "a program"),
            ("pkcs11:?pin-source=file:", "names no file"),
            ("pkcs11:?pin=1", "\"pin\" is none of module-path"),
            ("issuer.key", "lacks pkcs11:"),
        ];
        for (text, why) in wrong {
            let failure = TokenUri::read(text).expect_err(text);
            assert!(failure.to_string().contains(why), "{text}: {failure}");
            assert!(failure.advice().is_some_and(|hint| hint.contains("token=TOKEN")), "{text}");
        }
        let failure = TokenUri::read("pkcs11:object=k?pin-value=918273").unwrap_err();
        assert!(!format!("{failure:?}").contains("918273"), "{failure:?}");
        assert!(failure.to_string().contains("other users can read command lines"), "{failure}");
    }
}
