//! Product profiles: the common content of all orders of a SKU, so that an order names only itself and the device.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use lic2::UnixSeconds;
use toml::de::DeTable;
use toml::{Table, Value};

use crate::check::check_identifier;
use crate::content::Content;
use crate::draft::Draft;
use crate::exit::{Failure, Result};
use crate::ui;

/// The table that every other inherits from.
const DEFAULT: &str = "default";

/// Keys of a profile that are no field of a license.
const EXTENDS: &str = "extends";
const ABSTRACT: &str = "abstract";

/// What `{...}` in a text may name.
const PLACEHOLDERS: [&str; 5] = ["order", "line", "quantity", "customer", "sku"];

/// What an order fills into the texts of a profile.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The order.
    pub order: Option<String>,
    /// Its line.
    pub line: Option<String>,
    /// How many licenses, seats or channels.
    pub quantity: Option<u32>,
    /// The customer.
    pub customer: Option<String>,
}

/// One profile as it is written.
#[derive(Clone, Debug, Default)]
struct Profile {
    /// Line of its heading.
    line: usize,
    fields: Table,
    /// Line of each key.
    lines: BTreeMap<String, usize>,
    extends: Option<String>,
    is_abstract: bool,
}

/// The profiles of one file, every key of which is known.
#[derive(Clone, Debug)]
pub struct Profiles {
    path: PathBuf,
    profiles: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Reads a file: a table for each SKU, or the fields of one SKU, which is then called as the file.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read, 1 with the line of the first mistake.
    pub fn read(path: &Path) -> Result<Self> {
        let (profiles, mistakes) = Self::read_all(path)?;
        match mistakes.into_iter().next() {
            None => Ok(profiles),
            Some(mistake) => Err(Failure::usage(mistake)
                .hint(format!("lic2-signer profile check {} shows every mistake", path.display()))),
        }
    }

    /// The same with every mistake, for `profile check`.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read, 1 if it is no TOML.
    pub fn read_all(path: &Path) -> Result<(Self, Vec<String>)> {
        let text = ui::read_text(path)?;
        let broken = |error: toml::de::Error| {
            Failure::usage(format!("{}: {}", path.display(), error.to_string().trim_end().replace('\n', "\n  ")))
                .hint("a profile is TOML: [SKU] and below it lines such as until = \"30d\"")
        };
        let spans = DeTable::parse(&text).map_err(broken)?;
        let values: Table = toml::from_str(&text).map_err(broken)?;
        let line_of = |start: usize| text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
        let mut reader = Reader { path, mistakes: Vec::new(), known: known_keys() };
        let mut profiles = BTreeMap::new();
        let alone = !values.is_empty() && !values.values().all(Value::is_table);
        if alone {
            let sku = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
            let lines = spans.get_ref().iter().map(|(key, _)| (key.get_ref().to_string(), line_of(key.span().start)));
            profiles.insert(sku, reader.profile(1, values, lines.collect()));
        } else {
            for (key, value) in spans.get_ref() {
                let (name, line) = (key.get_ref().to_string(), line_of(key.span().start));
                let (Some(table), Some(fields)) =
                    (value.get_ref().as_table(), values.get(&name).and_then(Value::as_table))
                else {
                    continue;
                };
                if let Err(failure) = check_identifier("SKU", &name) {
                    reader.mistake(line, &failure.to_string());
                }
                let lines = table.iter().map(|(key, _)| (key.get_ref().to_string(), line_of(key.span().start)));
                profiles.insert(name, reader.profile(line, fields.clone(), lines.collect()));
            }
        }
        reader.check_parents(&profiles);
        Ok((Self { path: path.into(), profiles }, reader.mistakes))
    }

    /// The SKUs that can be sold.
    pub fn skus(&self) -> impl Iterator<Item = &str> {
        self.profiles
            .iter()
            .filter(|(name, profile)| *name != DEFAULT && !profile.is_abstract)
            .map(|(name, _)| name.as_str())
    }

    /// The SKU itself, then what it inherits from.
    fn chain(&self, sku: &str) -> Vec<(&str, &Profile)> {
        chain(&self.profiles, sku)
    }

    /// Which parts of an order the texts of this SKU name.
    #[must_use]
    pub fn needs(&self, sku: &str) -> Vec<&'static str> {
        let texts: Vec<String> = self.chain(sku).iter().map(|(_, profile)| profile.fields.to_string()).collect();
        PLACEHOLDERS
            .into_iter()
            .filter(|name| *name != "sku")
            .filter(|name| {
                texts.iter().any(|text| text.contains(&format!("{{{name}}}")) || text.contains(&format!("{{{name}*")))
            })
            .collect()
    }

    /// The content of `sku` for this order; what `stated` states wins.
    ///
    /// # Errors
    /// Exit code 1 with the line, and what the order has to state.
    pub fn content(&self, sku: &str, stated: Content, line: Option<&str>) -> Result<Content> {
        let known: Vec<&str> = self.skus().collect();
        if !known.contains(&sku) {
            return Err(Failure::usage(format!(
                "{}: there is no SKU {sku:?}{}",
                self.path.display(),
                nearest(sku, &known)
            ))
            .hint(format!("it has {}", known.join(", "))));
        }
        let chain = self.chain(sku);
        let inherited = chain.iter().find_map(|(_, profile)| profile.fields.get("quantity")?.as_integer());
        let order = Order {
            order: stated.order.clone(),
            line: line.map(Into::into),
            quantity: stated
                .quantity
                .or_else(|| inherited.and_then(|quantity| u32::try_from(quantity).ok()))
                .or(Some(1)),
            customer: stated.customer.clone(),
        };
        let mut content = Content::default();
        for (name, profile) in chain.iter().rev() {
            let here =
                profile.content(sku, &order, &stated).map_err(|(line, mistake)| self.mistake(name, line, &mistake))?;
            content = here.over(content);
        }
        content.edition = content.edition.or_else(|| Some(sku.into()));
        Ok(stated.over(content))
    }

    fn mistake(&self, table: &str, line: usize, mistake: &str) -> Failure {
        Failure::usage(format!("{}:{line}: [{table}]: {mistake}", self.path.display()))
            .hint("pass it with the order, or change the profile")
    }

    /// Resolves `sku` for an order made up, as an order would at `now`.
    ///
    /// # Errors
    /// Exit code 1 with the first rule that no order could meet.
    pub fn try_out(&self, sku: &str, now: UnixSeconds) -> Result<Content> {
        let stated = Content { order: Some("CS1".into()), customer: Some("customer".into()), ..Content::default() };
        let content = self.content(sku, stated, Some("1"))?;
        let mut complete = content.clone();
        complete.id = complete.id.or_else(|| Some("PL-1".into()));
        let line = self.profiles.get(sku).map_or(1, |profile| profile.line);
        Draft::new(complete, now)
            .map_err(|failure| failure.at(format_args!("{}:{line}: [{sku}]", self.path.display())))?;
        Ok(content)
    }
}

fn chain<'p>(profiles: &'p BTreeMap<String, Profile>, sku: &str) -> Vec<(&'p str, &'p Profile)> {
    let mut chain: Vec<(&str, &Profile)> = Vec::new();
    let mut next = Some(sku.to_owned());
    while let Some((name, profile)) = next.and_then(|name| profiles.get_key_value(&name)) {
        if chain.iter().any(|(earlier, _)| earlier == name) {
            break;
        }
        chain.push((name, profile));
        next = profile.extends.clone().or_else(|| (name != DEFAULT).then(|| DEFAULT.into()));
    }
    chain
}

impl Profile {
    /// The fields with the order's parts filled in; a mistake with its line. What the order itself states is left out:
    /// its text may name what this order does not have.
    fn content(&self, sku: &str, order: &Order, stated: &Content) -> std::result::Result<Content, (usize, String)> {
        let mut fields = Table::new();
        for (key, value) in &self.fields {
            let overruled = (key == "id" && stated.id.is_some()) || (key == "edition" && stated.edition.is_some());
            if !overruled {
                let line = self.lines.get(key).copied().unwrap_or(self.line);
                fields.insert(key.clone(), filled(value, sku, order).map_err(|mistake| (line, mistake))?);
            }
        }
        for (key, value) in &fields {
            let line = self.lines.get(key).copied().unwrap_or(self.line);
            read(Table::from_iter([(key.clone(), value.clone())]))
                .map_err(|mistake| (line, format!("{key}: {mistake}")))?;
        }
        read(fields).map_err(|mistake| (self.line, mistake))
    }
}

fn read(fields: Table) -> std::result::Result<Content, String> {
    Value::Table(fields).try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Fills in every `{...}` of every text.
fn filled(value: &Value, sku: &str, order: &Order) -> std::result::Result<Value, String> {
    match value {
        Value::String(text) => fill(text, sku, order).map(Value::String),
        Value::Array(values) => values
            .iter()
            .map(|value| filled(value, sku, order))
            .collect::<std::result::Result<_, _>>()
            .map(Value::Array),
        Value::Table(table) => table
            .iter()
            .map(|(key, value)| Ok((key.clone(), filled(value, sku, order)?)))
            .collect::<std::result::Result<_, String>>()
            .map(Value::Table),
        other @ (Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_)) => Ok(other.clone()),
    }
}

fn fill(text: &str, sku: &str, order: &Order) -> std::result::Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out += before;
        let (name, behind) = after.split_once('}').ok_or_else(|| format!("{text:?}: a {{ without its }}"))?;
        out += &placeholder(name, sku, order)?;
        rest = behind;
    }
    Ok(out + rest)
}

fn placeholder(name: &str, sku: &str, order: &Order) -> std::result::Result<String, String> {
    let (base, factor) = match name.split_once('*') {
        Some((base, factor)) => (base, Some(factor)),
        None => (name, None),
    };
    let needed = |value: &Option<String>, flag: &str| {
        value.clone().ok_or_else(|| format!("{{{name}}} needs {flag} with the order"))
    };
    match (base, factor) {
        ("quantity", None) => Ok(order.quantity.unwrap_or(1).to_string()),
        ("quantity", Some(factor)) => factor
            .parse::<u64>()
            .ok()
            .and_then(|factor| factor.checked_mul(order.quantity.unwrap_or(1).into()))
            .map(|product| product.to_string())
            .ok_or_else(|| format!("{{{name}}}: write a whole number after the *, as in {{quantity*4}}")),
        ("order", None) => needed(&order.order, "--order"),
        ("line", None) => needed(&order.line, "--order-line"),
        ("customer", None) => needed(&order.customer, "--customer"),
        ("sku", None) => Ok(sku.into()),
        _ => Err(format!("{{{name}}} is unknown{}", nearest(base, &PLACEHOLDERS))),
    }
}

/// `; did you mean X?`, or what there is.
fn nearest(word: &str, known: &[&str]) -> String {
    let near = known.iter().map(|other| (strsim::damerau_levenshtein(word, other), other)).min();
    match near {
        Some((distance, other)) if distance <= word.len().max(3) / 3 + 1 => format!("; did you mean {other}?"),
        _ => format!("; known are {}", known.join(", ")),
    }
}

/// The keys of a license are the flags of its content without the dashes.
fn known_keys() -> Vec<String> {
    let command = Content::augment_args(clap::Command::new("content"));
    let mut keys: Vec<String> =
        command.get_arguments().filter_map(|argument| argument.get_long().map(Into::into)).collect();
    keys.extend([EXTENDS.into(), ABSTRACT.into()]);
    keys
}

/// Collects the mistakes of a file.
struct Reader<'p> {
    path: &'p Path,
    mistakes: Vec<String>,
    known: Vec<String>,
}

impl Reader<'_> {
    fn mistake(&mut self, line: usize, mistake: &str) {
        self.mistakes.push(format!("{}:{line}: {mistake}", self.path.display()));
    }

    fn profile(&mut self, line: usize, mut fields: Table, lines: BTreeMap<String, usize>) -> Profile {
        let at = |key: &str| lines.get(key).copied().unwrap_or(line);
        let known: Vec<String> = self.known.clone();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for key in fields.keys().filter(|key| !known.contains(&key.as_str())) {
            self.mistake(at(key), &format!("unknown key {key:?}{}", nearest(key, &known)));
        }
        fields.retain(|key, _| known.contains(&key));
        let extends = fields.remove(EXTENDS);
        let is_abstract = fields.remove(ABSTRACT);
        if extends.as_ref().is_some_and(|value| !value.is_str()) {
            self.mistake(at(EXTENDS), "extends must be the name of another table");
        }
        if is_abstract.as_ref().is_some_and(|value| !value.is_bool()) {
            self.mistake(at(ABSTRACT), "abstract must be true or false");
        }
        let order = Order {
            order: Some("CS1".into()),
            line: Some("1".into()),
            quantity: Some(1),
            customer: Some("customer".into()),
        };
        for (key, value) in &fields {
            let one = filled(value, "SKU", &order).and_then(|value| read(Table::from_iter([(key.clone(), value)])));
            if let Err(mistake) = one {
                self.mistake(at(key), &format!("{key}: {mistake}"));
            }
        }
        Profile {
            line,
            extends: extends.and_then(|value| value.as_str().map(Into::into)),
            is_abstract: is_abstract.and_then(|value| value.as_bool()).unwrap_or(false),
            fields,
            lines,
        }
    }

    fn check_parents(&mut self, profiles: &BTreeMap<String, Profile>) {
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        for (name, profile) in profiles {
            let Some(parent) = &profile.extends else { continue };
            let line = profile.lines.get(EXTENDS).copied().unwrap_or(profile.line);
            if !names.contains(&parent.as_str()) {
                self.mistake(line, &format!("extends {parent:?}, which does not exist{}", nearest(parent, &names)));
            } else if chain(profiles, name).last().is_some_and(|(_, last)| last.extends.is_some()) {
                self.mistake(line, &format!("[{name}] extends itself, through {parent:?}"));
            }
        }
    }
}
