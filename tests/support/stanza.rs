//! The vector files: `[name]`, then `key = value` lines. `tests/vectors/README.md` lists the keys.

use super::{hex, unhex};
use lic2::{
    Class, Code, Component, Error, Facts, FeatureDecision, KeyRing, Right, UnixSeconds, Version, decide, decide_feature,
};
use std::fmt::Write;

#[derive(Clone, Debug, Default)]
pub struct Case {
    pub name: String,
    pub fields: Vec<(String, String)>,
}

impl Case {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), fields: Vec::new() }
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

    fn number(&self, key: &str) -> Option<u64> {
        self.get(key).map(|value| value.parse().unwrap_or_else(|_| panic!("{}: {key} = {value}", self.name)))
    }

    fn time(&self, key: &str) -> Option<UnixSeconds> {
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

pub fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            cases.push(Case::new(name));
        } else {
            let (key, value) = line.split_once(" =").unwrap_or_else(|| panic!("not a field: {line}"));
            let case = cases.last_mut().expect("a case begins with its name");
            case.fields.push((key.to_owned(), value.trim_start().to_owned()));
        }
    }
    cases
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

/// Everything a case may expect, as the library answers it, in the order of the files.
pub fn observe(case: &Case) -> Vec<(String, String)> {
    let ring = match case.ring() {
        Ok(ring) => ring,
        Err(error) => return vec![("ring_status".to_owned(), error.number().to_string())],
    };
    let components: Vec<(u8, Vec<u8>)> = case
        .all("component")
        .map(|component| {
            let (kind, value) = component.split_once(':').expect("KIND:HEX");
            (kind.parse().expect("a kind"), unhex(value))
        })
        .collect();
    let components: Vec<Component<'_>> =
        components.iter().map(|(kind, value)| Component { kind: *kind, value }).collect();
    let facts = facts(case, &components);
    let mut code = Code::new();
    let accepted = code.accept(&ring, &case.text()).and_then(|()| code.genuine().map(|_| ()));
    assert_eq!(accepted, code.verify(&ring, &case.text()).map(|_| ()), "{}", case.name);
    if let Err(error) = accepted {
        assert_eq!(code.genuine().err(), Some(Error::NotInitialized), "{}", case.name);
        return vec![("status".to_owned(), error.number().to_string())];
    }
    let genuine = code.genuine().expect("it was verified");
    let decision = decide(&genuine, &facts);
    let license = genuine.license();
    let time = |time: Option<UnixSeconds>| time.map_or(0, |time| time.0).to_string();
    let class = match license.class {
        Class::Commercial => "commercial",
        Class::Trial => "trial",
        Class::Test => "test",
        Class::NotForResale => "nfr",
    };
    assert_eq!(decision.verdict.is_granted(), decision.refusal.is_none());
    let mut seen: Vec<(String, String)> = [
        ("status", decision.refusal.map_or(0, Error::number).to_string()),
        ("expires_at", time(decision.expires_at)),
        ("grace_until", time(decision.grace_until)),
        ("lease_until", time(decision.lease_until)),
        ("next_deadline", time(decision.next_deadline)),
        ("powered_hours_end", decision.powered_hours_end.unwrap_or(0).to_string()),
        ("quantity", decision.quantity.to_string()),
        ("in_grace", u8::from(decision.in_grace).to_string()),
        ("license_id", license.id.to_string()),
        ("serial", license.serial.to_string()),
        ("class", class.to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec();
    for name in case.all("feature").map(|line| line.split(' ').next().expect("a name")) {
        let answer = describe_feature(name, &decide_feature(&genuine, &facts, name));
        seen.push(("feature".to_owned(), answer));
    }
    seen
}

fn facts<'c>(case: &'c Case, components: &'c [Component<'c>]) -> Facts<'c> {
    let version = case.get("version").map(|version| {
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().expect("a version part")).collect();
        let [major, minor, patch] = parts[..] else { panic!("{version}: three parts") };
        let short = |part: u32| part.try_into().expect("16 bits");
        Version { major: short(major), minor: short(minor), patch }
    });
    let mut facts = Facts::new(case.get("product").unwrap_or(""))
        .with_components(components)
        .with_has_base(case.get("has_base") == Some("1"))
        .with_allow_test(case.get("allow_test") == Some("1"));
    facts.version = version;
    facts.built_at = case.time("built_at");
    facts.now = case.time("now");
    facts.activated_at = case.time("activated_at");
    facts.refreshed_at = case.time("refreshed_at");
    facts.powered_hours = case.number("powered_hours").map(|hours| hours.try_into().expect("32 bits"));
    facts.device_key = case.get("device_key").map(|key| unhex(key).try_into().expect("32 bytes"));
    facts
}

fn describe_feature(name: &str, answer: &FeatureDecision<'_>) -> String {
    let status = answer.refusal.map_or(0, Error::number);
    let Some(feature) = answer.feature else { return format!("{name} {status} - - -") };
    let (kind, value) = match feature.right {
        Right::Flag => ("flag", "-".to_owned()),
        Right::Limit(most) => ("limit", most.to_string()),
        Right::Quota { amount, overage: true } => ("overage", amount.to_string()),
        Right::Quota { amount, .. } => ("quota", amount.to_string()),
        Right::Text(text) => ("text", hex(text.as_bytes())),
        Right::Unknown { .. } | _ => ("-", "-".to_owned()),
    };
    let expires = feature.expires.map_or_else(|| "-".to_owned(), |time| time.0.to_string());
    format!("{name} {status} {kind} {value} {expires}")
}

/// The differences between what a case expects and what the library answers.
pub fn differences(case: &Case) -> Vec<String> {
    const EXPECTATIONS: [&str; 13] = [
        "ring_status",
        "status",
        "expires_at",
        "grace_until",
        "lease_until",
        "next_deadline",
        "powered_hours_end",
        "quantity",
        "in_grace",
        "license_id",
        "serial",
        "class",
        "feature",
    ];
    let seen = observe(case);
    case.fields
        .iter()
        .filter(|(key, _)| EXPECTATIONS.contains(&key.as_str()))
        .filter(|field| !seen.contains(field))
        .map(|(key, value)| format!("{}: expected {key} = {value}; seen {seen:?}", case.name))
        .collect()
}
