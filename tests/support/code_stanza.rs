//! The cases about codes: what each may state, and what the library answers. `tests/vectors/README.md` lists the keys.

use lic2::{
    Class, Code, Component, Error, Facts, FeatureDecision, Right, UnixSeconds, Version, decide, decide_feature,
};

use super::stanza::Case;
use super::{hex, unhex};

/// What a case may expect.
const EXPECTED: [&str; 13] = [
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

/// The value of a key.
#[derive(Clone, Copy)]
enum Value {
    Text,
    Hex,
    Number(u64),
    Flag,
    Version,
    Component,
}

/// What a case about a code may state, and whether it may do so more than once.
const KEYS: [(&str, Value, bool); 27] = [
    ("anchors", Value::Hex, false),
    ("issuer", Value::Text, true),
    ("text", Value::Text, false),
    ("text_hex", Value::Hex, false),
    ("product", Value::Text, false),
    ("version", Value::Version, false),
    ("built_at", Value::Number(u64::MAX), false),
    ("now", Value::Number(u64::MAX), false),
    ("activated_at", Value::Number(u64::MAX), false),
    ("refreshed_at", Value::Number(u64::MAX), false),
    ("powered_hours", Value::Number(0xFFFF_FFFF), false),
    ("component", Value::Component, true),
    ("device_key", Value::Hex, false),
    ("has_base", Value::Flag, false),
    ("allow_test", Value::Flag, false),
    ("status", Value::Number(0xFFFF), false),
    ("ring_status", Value::Number(0xFFFF), false),
    ("expires_at", Value::Number(u64::MAX), false),
    ("grace_until", Value::Number(u64::MAX), false),
    ("lease_until", Value::Number(u64::MAX), false),
    ("next_deadline", Value::Number(u64::MAX), false),
    ("powered_hours_end", Value::Number(0xFFFF_FFFF), false),
    ("quantity", Value::Number(0xFFFF_FFFF), false),
    ("in_grace", Value::Flag, false),
    ("license_id", Value::Text, false),
    ("serial", Value::Number(0xFFFF_FFFF), false),
    ("class", Value::Text, false),
];

impl Value {
    fn accepts(self, text: &str) -> bool {
        let is_hex = |text: &str| text.len() % 2 == 0 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_number = |text: &str, most| text.parse::<u64>().is_ok_and(|number| number <= most);
        match self {
            Self::Text => true,
            Self::Hex => is_hex(text),
            Self::Number(most) => is_number(text, most),
            Self::Flag => matches!(text, "0" | "1"),
            Self::Version => {
                let parts: Vec<&str> = text.split('.').collect();
                parts.len() == 3
                    && parts.iter().zip([0xFFFF, 0xFFFF, 0xFFFF_FFFF]).all(|(part, most)| is_number(part, most))
            }
            Self::Component => text.split_once(':').is_some_and(|(kind, value)| is_number(kind, 0xFF) && is_hex(value)),
        }
    }
}

/// Whether a case about a code says what can be run: a typo must not weaken a test.
pub fn check(case: &Case) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for (key, value) in &case.fields {
        let wrong = |what: &str| Err(format!("line {}: [{}] {key} {what}", case.line, case.name));
        if key == "feature" {
            continue;
        }
        let Some((_, kind, repeats)) = KEYS.iter().find(|(known, ..)| known == key) else {
            return wrong("is not a key");
        };
        if !kind.accepts(value) {
            return wrong("has a value that it cannot have");
        }
        if !repeats && seen.contains(&key.as_str()) {
            return wrong("stands twice");
        }
        seen.push(key);
    }
    let has = |key: &str| seen.contains(&key);
    let wrong = |what: &str| Err(format!("line {}: [{}] {what}", case.line, case.name));
    match (has("status"), has("ring_status")) {
        (true, true) | (false, false) => wrong("needs status or ring_status"),
        (true, false) if has("text") == has("text_hex") => wrong("needs text or text_hex"),
        (false, true) if case.fields.iter().filter(|(key, _)| EXPECTED.contains(&key.as_str())).count() > 1 => {
            wrong("expects an answer of a ring that fails")
        }
        _ => Ok(()),
    }
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
    let seen = observe(case);
    case.fields
        .iter()
        .filter(|(key, _)| EXPECTED.contains(&key.as_str()))
        .filter(|field| !seen.contains(field))
        .map(|(key, value)| format!("{}: expected {key} = {value}; seen {seen:?}", case.name))
        .collect()
}
