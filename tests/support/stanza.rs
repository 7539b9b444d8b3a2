//! The form of the vector files: `[name]`, then `key = value` lines. `tests/vectors/README.md` describes it.

use std::fmt::Write;

use lic2::{Error, KeyRing, UnixSeconds};

use super::unhex;

#[derive(Clone, Debug, Default)]
pub struct Case {
    pub name: String,
    /// The line of its name in its file, from 1; 0 if it comes from none.
    pub line: usize,
    pub fields: Vec<(String, String)>,
}

impl Case {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.fields.push((key.to_owned(), value.to_string()));
        self
    }

    /// Replaces the value of `key`, or removes it when there is none.
    #[must_use]
    pub fn set(mut self, key: &str, value: Option<&str>) -> Self {
        self.fields.retain(|(name, _)| name != key);
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub fn all<'c>(&'c self, key: &'c str) -> impl Iterator<Item = &'c str> + 'c {
        self.fields.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn number(&self, key: &str) -> Option<u64> {
        self.get(key).map(|value| value.parse().unwrap_or_else(|_| panic!("{}: {key} = {value}", self.name)))
    }

    pub fn time(&self, key: &str) -> Option<UnixSeconds> {
        self.number(key).filter(|time| *time != 0).map(UnixSeconds)
    }

    pub fn text(&self) -> Vec<u8> {
        match (self.get("text"), self.get("text_hex")) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(bytes)) => unhex(bytes),
            (None, None) => Vec::new(),
            (Some(_), Some(_)) => panic!("{}: text and text_hex", self.name),
        }
    }

    pub fn ring(&self) -> Result<KeyRing, Error> {
        let anchors: Vec<[u8; 32]> =
            unhex(self.get("anchors").unwrap_or("")).chunks(32).map(|key| key.try_into().expect("32 bytes")).collect();
        let mut ring = KeyRing::new(&anchors)?;
        for issuer in self.all("issuer") {
            ring.add_issuer(issuer.as_bytes())?;
        }
        Ok(ring)
    }
}

/// The cases of a file that is right.
pub fn parse(text: &str) -> Vec<Case> {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The cases of a file, or `line N: ...` for the first line that is not understood.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    for (line, content) in (1..).zip(text.lines().map(str::trim_end)) {
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let wrong = |what: &str| format!("line {line}: {what}: {content:.60}");
        if let Some(name) = content.strip_prefix('[').and_then(|content| content.strip_suffix(']')) {
            if name.is_empty() || cases.iter().any(|case| case.name == name) {
                return Err(wrong("a name that is empty or used twice"));
            }
            cases.push(Case { line, ..Case::new(name) });
        } else {
            let (key, value) = content.split_once(" =").ok_or_else(|| wrong("neither [name] nor key = value"))?;
            let case = cases.last_mut().ok_or_else(|| wrong("a value before the first name"))?;
            case.fields.push((key.to_owned(), value.trim_start().to_owned()));
        }
    }
    if cases.is_empty() { Err("line 1: there is no case".to_owned()) } else { Ok(cases) }
}

pub fn print(head: &str, cases: &[Case]) -> String {
    let mut out: String = head.lines().map(|line| format!("# {line}\n")).collect();
    for case in cases {
        write!(out, "\n[{}]\n", case.name).expect("a string takes everything");
        for (key, value) in &case.fields {
            writeln!(out, "{key} = {value}").expect("a string takes everything");
        }
    }
    out
}
