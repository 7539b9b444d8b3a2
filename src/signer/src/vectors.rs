//! The frozen vectors: stanzas of `key = value`, each a code, the facts and the expected answer, run through the
//! library as any caller would. `tests/vectors/README.md` describes the format.

use lic2::{
    Code, Component, Decision, Error, Facts, Genuine, KeyRing, Right, UnixSeconds, Version, decide, decide_feature,
};

use crate::class_name::class_name;
use crate::describe::right_name;
use crate::{ui, versions};

/// One case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The line of its name, from 1.
    pub line: usize,
    anchors: Vec<[u8; 32]>,
    issuers: Vec<String>,
    text: Option<Vec<u8>>,
    facts: OwnedFacts,
    ring_status: Option<i32>,
    status: Option<i32>,
    expected: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
struct OwnedFacts {
    product: String,
    version: Option<Version>,
    built_at: Option<UnixSeconds>,
    now: Option<UnixSeconds>,
    activated_at: Option<UnixSeconds>,
    refreshed_at: Option<UnixSeconds>,
    powered_hours: Option<u32>,
    components: Vec<(u8, Vec<u8>)>,
    device_key: Option<[u8; 32]>,
    has_base: bool,
    allow_test: bool,
}

/// Reads the cases of a vector file.
///
/// # Errors
/// `line N: ...` for the first line that is not understood: a typo must not weaken a test.
pub fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let at = |error: String| format!("line {line}: {error}");
        if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if let Some(case) = cases.last() {
                case.check().map_err(|error| format!("line {}: [{}] {error}", case.line, case.name))?;
            }
            if name.is_empty() || cases.iter().any(|case| case.name == name) {
                return Err(at(format!("the case name {name:?} is empty or used twice")));
            }
            cases.push(Case { name: name.into(), line, ..Case::default() });
            continue;
        }
        let case = cases.last_mut().ok_or_else(|| at("a value before the first [case]".into()))?;
        let (key, value) = content.split_once('=').ok_or_else(|| at("neither [case] nor key = value".into()))?;
        case.set(key.trim(), value.trim()).map_err(at)?;
    }
    match cases.last() {
        Some(case) => case.check().map_err(|error| format!("line {}: [{}] {error}", case.line, case.name))?,
        None => return Err("there is no [case]".into()),
    }
    Ok(cases)
}

impl Case {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let facts = &mut self.facts;
        match key {
            "anchors" => {
                once(self.anchors.is_empty(), key)?;
                self.anchors = keys(value)?;
            }
            "issuer" => self.issuers.push(value.into()),
            "text" => put(&mut self.text, key, value.as_bytes().to_vec())?,
            "text_hex" => put(&mut self.text, key, unhex(value)?)?,
            "product" => facts.product = value.into(),
            "version" => put(&mut facts.version, key, versions::parse_version(value)?)?,
            "built_at" => put(&mut facts.built_at, key, UnixSeconds(number(value)?))?,
            "now" => put(&mut facts.now, key, UnixSeconds(number(value)?))?,
            "activated_at" => put(&mut facts.activated_at, key, UnixSeconds(number(value)?))?,
            "refreshed_at" => put(&mut facts.refreshed_at, key, UnixSeconds(number(value)?))?,
            "powered_hours" => put(&mut facts.powered_hours, key, number(value)?)?,
            "component" => {
                let (kind, hex) = value.split_once(':').ok_or("a component is KIND:HEX")?;
                facts.components.push((number(kind)?, unhex(hex)?));
            }
            "device_key" => put(&mut facts.device_key, key, unhex(value)?.try_into().map_err(|_| "32 bytes")?)?,
            "has_base" => facts.has_base = flag(value)?,
            "allow_test" => facts.allow_test = flag(value)?,
            "status" => put(&mut self.status, key, number(value)?)?,
            "ring_status" => put(&mut self.ring_status, key, number(value)?)?,
            "feature" => self.expected.push((key.into(), value.into())),
            "expires_at" | "grace_until" | "lease_until" | "next_deadline" | "powered_hours_end" | "quantity"
            | "in_grace" | "license_id" | "serial" | "class" => {
                once(!self.expected.iter().any(|(known, _)| known == key), key)?;
                self.expected.push((key.into(), value.into()));
            }
            _ => return Err(format!("unknown key {key:?}")),
        }
        Ok(())
    }

    /// Exactly one kind of expectation, and a text to have it of.
    fn check(&self) -> Result<(), String> {
        match (self.status, self.ring_status) {
            (Some(_), Some(_)) => Err("has both status and ring_status".into()),
            (None, None) => Err("expects nothing: status or ring_status is missing".into()),
            (Some(_), None) if self.text.is_none() => Err("has no text".into()),
            (None, Some(_)) if !self.expected.is_empty() => Err("expects an answer from a ring that fails".into()),
            _ => Ok(()),
        }
    }

    /// The status number that the case expects, of the ring or of the decision.
    #[must_use]
    pub fn expected_status(&self) -> i32 {
        self.status.or(self.ring_status).unwrap_or(-1)
    }

    /// Runs the case.
    ///
    /// # Errors
    /// Every difference between the library's answer and the expected one.
    pub fn run(&self) -> Result<(), Vec<String>> {
        let ring = self.ring();
        if let Some(expected) = self.ring_status {
            return same("ring_status", &expected.to_string(), &number_of(ring.err()).to_string()).map_err(|d| vec![d]);
        }
        let ring = ring.map_err(|error| vec![format!("the key ring fails with {}", number_of(Some(error)))])?;
        let facts = self.facts.components();
        let facts = self.facts.facts(&facts);
        let mut memory = Code::new();
        let mut differences = Vec::new();
        match memory.verify(&ring, self.text.as_deref().unwrap_or_default()) {
            Err(error) => {
                differences
                    .extend(same("status", &self.expected_status().to_string(), &error.number().to_string()).err());
                differences.extend(
                    self.expected.iter().map(|(key, _)| format!("{key}: expected of a code that is not genuine")),
                );
            }
            Ok(genuine) => {
                let decision = decide(&genuine, &facts);
                let status = number_of(decision.refusal).to_string();
                differences.extend(same("status", &self.expected_status().to_string(), &status).err());
                if decision.verdict.is_granted() != decision.refusal.is_none() {
                    differences.push("verdict and status contradict each other".into());
                }
                for (key, value) in &self.expected {
                    differences.extend(same(key, value, &actual(key, value, &genuine, &facts, &decision)).err());
                }
            }
        }
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    }

    fn ring(&self) -> Result<KeyRing, Error> {
        let mut ring = KeyRing::new(&self.anchors)?;
        for issuer in &self.issuers {
            ring.add_issuer(issuer.as_bytes())?;
        }
        Ok(ring)
    }
}

impl OwnedFacts {
    fn components(&self) -> Vec<Component<'_>> {
        self.components.iter().map(|(kind, value)| Component { kind: *kind, value }).collect()
    }

    fn facts<'a>(&'a self, components: &'a [Component<'a>]) -> Facts<'a> {
        let mut facts = Facts::new(&self.product)
            .with_components(components)
            .with_has_base(self.has_base)
            .with_allow_test(self.allow_test);
        facts.version = self.version;
        facts.built_at = known(self.built_at);
        facts.now = known(self.now);
        facts.activated_at = known(self.activated_at);
        facts.refreshed_at = known(self.refreshed_at);
        facts.powered_hours = self.powered_hours;
        facts.device_key = self.device_key;
        facts
    }
}

/// A time of 0 is unknown, as it is in the C interface.
fn known(time: Option<UnixSeconds>) -> Option<UnixSeconds> {
    time.filter(|time| time.0 != 0)
}

/// The library's value of an expectation, spelled as vector files spell it; a date that is absent is 0.
fn actual(key: &str, expected: &str, genuine: &Genuine<'_>, facts: &Facts<'_>, decision: &Decision) -> String {
    let license = genuine.license();
    let time = |time: Option<UnixSeconds>| time.map_or(0, |time| time.0).to_string();
    match key {
        "expires_at" => time(decision.expires_at),
        "grace_until" => time(decision.grace_until),
        "lease_until" => time(decision.lease_until),
        "next_deadline" => time(decision.next_deadline),
        "powered_hours_end" => decision.powered_hours_end.unwrap_or(0).to_string(),
        "quantity" => decision.quantity.to_string(),
        "in_grace" => u8::from(decision.in_grace).to_string(),
        "license_id" => license.id.as_str().into(),
        "serial" => license.serial.to_string(),
        "class" => class_name(license.class).into(),
        _ => feature(expected, genuine, facts),
    }
}

/// `NAME STATUS TYPE VALUE EXPIRES` of the feature that the expectation names.
fn feature(expected: &str, genuine: &Genuine<'_>, facts: &Facts<'_>) -> String {
    let name = expected.split_whitespace().next().unwrap_or_default();
    let answer = decide_feature(genuine, facts, name);
    let (kind, value, expires) = answer.feature.map_or(("-", "-".into(), None), |feature| {
        let value = match feature.right {
            Right::Limit(number) | Right::Quota { amount: number, .. } => number.to_string(),
            Right::Text(text) => ui::hex(text.as_bytes()),
            Right::Unknown { .. } => return ("-", "-".into(), None),
            Right::Flag | _ => "-".into(),
        };
        (right_name(feature.right), value, feature.expires)
    });
    let expires = expires.map_or_else(|| "-".into(), |end| end.0.to_string());
    format!("{name} {} {kind} {value} {expires}", number_of(answer.refusal))
}

fn number_of(refusal: Option<Error>) -> i32 {
    refusal.map_or(0, Error::number)
}

fn same(key: &str, expected: &str, actual: &str) -> Result<(), String> {
    let spaced = expected.split_whitespace().collect::<Vec<_>>().join(" ");
    if spaced == actual { Ok(()) } else { Err(format!("{key}: expected {spaced}, got {actual}")) }
}

fn once(first: bool, key: &str) -> Result<(), String> {
    if first { Ok(()) } else { Err(format!("{key} stands twice")) }
}

fn put<T>(slot: &mut Option<T>, key: &str, value: T) -> Result<(), String> {
    once(slot.is_none(), key)?;
    *slot = Some(value);
    Ok(())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number in range"))
}

fn flag(text: &str) -> Result<bool, String> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(format!("{text:?} is neither 0 nor 1")),
    }
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    ui::unhex(text).ok_or_else(|| format!("{text:?} is not hexadecimal"))
}

fn keys(text: &str) -> Result<Vec<[u8; 32]>, String> {
    unhex(text)?.chunks(32).map(|key| key.try_into().map_err(|_| "an anchor has 32 bytes".into())).collect()
}
