//! The parameter lists of the HoloSens Store, and the file `license.lic` that answers one of them.

use std::fmt::Write as _;

use lic2::UnixSeconds;
use lic2::limits::ALLOCATIONS_MAX;
use serde_json::{Map, Value};

use crate::content::{ClassName, Content};
use crate::device::{Identity, Share, kind_name};
use crate::exit::{Failure, Result};
use crate::timespec;

/// The fields of a list; all of them are required.
const FIELDS: [&str; 12] = [
    "appName",
    "appVersion",
    "rpmName",
    "itemId",
    "consumptionId",
    "buyerID",
    "licenseType",
    "requestAmount",
    "allocalTable",
    "requestType",
    "requestDays",
    "requestContent",
];

/// The kind of content that the store asks for: serial numbers.
const REQUEST_CONTENT: &str = "SerialNumber";

/// Terms that the store sells, and the shortest and longest trial, in days.
const COMMERCIAL_DAYS: [&str; 3] = ["30", "365", "unlimited"];
const TRIAL_DAYS: std::ops::RangeInclusive<u16> = 7..=90;

/// One parameter list of which every field was checked.
#[derive(Clone, Debug)]
pub struct Parameters {
    values: Vec<(&'static str, String)>,
    /// What it is made for.
    pub class: ClassName,
    /// The devices, each with its number of licenses.
    pub devices: Vec<Share>,
    /// How many licenses altogether.
    pub amount: u32,
    /// Whether devices of an earlier request are swapped.
    pub change: bool,
}

/// Reads one list, an array of lists, or the store's whole response.
///
/// # Errors
/// Exit code 1 with the list, the field and what it may hold.
pub fn read(text: &str, kind: u8) -> Result<Vec<Parameters>> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Failure::usage(format!("the parameter lists are not JSON: {error}"))
            .hint("save the store's response unchanged: {\"totalCount\": 1, \"licenseParamLists\": [{...}]}")
    })?;
    let lists = lists(value)?;
    let several = lists.len() > 1;
    let mut read: Vec<Parameters> = Vec::new();
    for (number, list) in (1_usize..).zip(lists) {
        let place = |failure: Failure| if several { failure.at(format_args!("list {number}")) } else { failure };
        let list = Parameters::of(list, kind).map_err(place)?;
        if read.iter().any(|other| other.consumption_id() == list.consumption_id()) {
            let id = list.consumption_id();
            return Err(Failure::usage(format!("list {number}: consumptionId {id} occurs in two lists"))
                .hint("each request has its own id: remove one of them"));
        }
        read.push(list);
    }
    Ok(read)
}

fn lists(value: Value) -> Result<Vec<Value>> {
    let hint = "give one parameter list, an array of them, or the response with totalCount and licenseParamLists";
    let lists = match value {
        Value::Array(lists) => lists,
        Value::Object(mut response) => match response.remove("licenseParamLists") {
            None => vec![Value::Object(response)],
            Some(Value::Array(lists)) => {
                if let Some(total) = response.get("totalCount").filter(|total| **total != lists.len()) {
                    return Err(Failure::usage(format!("totalCount is {total}, and there are {} lists", lists.len()))
                        .hint("the response is not complete: ask the store for the rest"));
                }
                lists
            }
            Some(_) => return Err(Failure::usage("licenseParamLists is not an array").hint(hint)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Failure::usage("this is not a parameter list").hint(hint));
        }
    };
    if lists.is_empty() {
        return Err(
            Failure::usage("there is no parameter list").hint("the store has no open request, or none was saved")
        );
    }
    Ok(lists)
}

impl Parameters {
    fn of(list: Value, kind: u8) -> Result<Self> {
        let Value::Object(list) = list else {
            return Err(
                Failure::usage("a parameter list is not a JSON object").hint("write {\"appName\": \"...\", ...}")
            );
        };
        let values = values(&list)?;
        let mut this = Self { values, class: ClassName::Trial, devices: Vec::new(), amount: 0, change: false };
        let id = this.consumption_id();
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if id.is_empty() || id.len() > 64 || !id.bytes().all(safe) {
            return Err(wrong("consumptionId", id, "a UUID such as 7d3c1a52-93f0-4c6e-9d6b-0f2f6a1f4e11"));
        }
        this.class = match this.value("licenseType") {
            "trial" => ClassName::Trial,
            "commercial" => ClassName::Commercial,
            other => return Err(wrong("licenseType", other, "trial or commercial")),
        };
        this.change = match this.value("requestType") {
            "new" => false,
            "change" => true,
            other => return Err(wrong("requestType", other, "new or change")),
        };
        if this.value("requestContent") != REQUEST_CONTENT {
            return Err(wrong("requestContent", this.value("requestContent"), REQUEST_CONTENT));
        }
        this.check_days()?;
        this.devices = devices(this.value("allocalTable"), kind)?;
        let amount = this.value("requestAmount").to_owned();
        this.amount = amount
            .parse()
            .ok()
            .filter(|amount| *amount > 0)
            .ok_or_else(|| wrong("requestAmount", &amount, "the number of licenses, from 1"))?;
        let sum = this.devices.iter().fold(0_u64, |sum, share| sum.saturating_add(share.quantity.into()));
        if sum != u64::from(this.amount) {
            return Err(Failure::usage(format!("requestAmount is {amount}, and allocalTable adds up to {sum}"))
                .hint("ask the buyer or the store which of the two is right; nothing was issued"));
        }
        Ok(this)
    }

    fn check_days(&self) -> Result<()> {
        let days = self.value("requestDays");
        match self.class {
            ClassName::Commercial if COMMERCIAL_DAYS.contains(&days) => Ok(()),
            ClassName::Commercial => Err(wrong("requestDays", days, "30, 365 or unlimited for a commercial license")),
            ClassName::Trial | ClassName::Test | ClassName::Nfr => {
                let plain = days.bytes().all(|byte| byte.is_ascii_digit());
                let known = days.parse().is_ok_and(|days| TRIAL_DAYS.contains(&days));
                if plain && known { Ok(()) } else { Err(wrong("requestDays", days, "7 to 90 for a trial")) }
            }
        }
    }

    fn value(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value.as_str())
    }

    /// The id of the request: license id, event for the ledger, and name of the file.
    #[must_use]
    pub fn consumption_id(&self) -> &str {
        self.value("consumptionId")
    }

    /// The days as the store writes them.
    #[must_use]
    pub fn days(&self) -> &str {
        self.value("requestDays")
    }

    /// The content of the license; product and rights come from `base`, the product otherwise from `rpmName`.
    ///
    /// # Errors
    /// Exit code 1 if `base` states what the list states.
    pub fn content(&self, base: Content) -> Result<Content> {
        let stated = [
            ("id", base.id.is_some()),
            ("class", base.class.is_some()),
            ("quantity", base.quantity.is_some()),
            ("a term", base.term_count() > 0),
            ("a device", base.states_binding()),
        ];
        if let Some((what, _)) = stated.iter().find(|(_, stated)| *stated) {
            return Err(Failure::usage(format!("the content file and the parameter list both contain {what}"))
                .hint("remove it from the file: the store sets it for each request"));
        }
        if self.change && base.serial.is_none() {
            return Err(Failure::usage(format!(
                "request {} changes the devices of an earlier one",
                self.consumption_id()
            ))
            .hint("pass --serial 2, or one more than the last issue, so that devices accept it as the later one"));
        }
        let unlimited = self.days() == "unlimited";
        Ok(Content {
            id: Some(self.consumption_id().into()),
            class: Some(self.class),
            product: base.product.or_else(|| Some(self.value("rpmName").into())),
            edition: base.edition.or_else(|| Some(self.value("itemId").into())),
            quantity: Some(self.amount),
            perpetual: unlimited,
            until: (!unlimited).then(|| format!("{}d", self.days()).as_str().into()),
            allocation: self.devices.clone(),
            customer: base.customer.or_else(|| Some(self.value("buyerID").into())),
            ..base
        })
    }

    /// The file `license.lic`: INI, ASCII, each value on one line. `code` counts; everything else is for people. Also
    /// returns the names of the fields that such a file cannot contain and that were left out.
    #[must_use]
    pub fn license_lic(&self, code: &str, issued_at: UnixSeconds) -> (String, Vec<&'static str>) {
        let date: String = timespec::format(issued_at).chars().take(10).filter(char::is_ascii_digit).collect();
        let mut left_out = Vec::new();
        let mut file = String::from("[License]\n");
        for (name, field) in [
            ("AppName", "appName"),
            ("AppVersion", "appVersion"),
            ("RpmName", "rpmName"),
            ("ItemId", "itemId"),
            ("ConsumptionId", "consumptionId"),
            ("BuyerId", "buyerID"),
            ("LicenseType", "licenseType"),
            ("ExpiredDays", "requestDays"),
            ("Amount", "requestAmount"),
        ] {
            if is_plain(self.value(field)) {
                let _ = writeln!(file, "{name}={}", self.value(field));
            } else {
                left_out.push(field);
            }
        }
        let _ = writeln!(file, "AuthorizationDate={date}\nDevices={}\nCode={code}", self.devices.len());
        (file, left_out)
    }
}

/// What every reader of INI files takes as it stands: no comment signs, quotes, percent signs or Chinese.
fn is_plain(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" -_.:+/@(),".contains(&byte);
    !value.is_empty() && value.trim() == value && value.bytes().all(plain)
}

/// The known fields. Spaces around their names do not count: the store's sample has `"licenseType "`.
fn values(list: &Map<String, Value>) -> Result<Vec<(&'static str, String)>> {
    let mut values = Vec::new();
    for field in FIELDS {
        let mut found = list.iter().filter(|(name, _)| name.trim() == field).map(|(_, value)| value);
        let Some(value) = found.next() else {
            let near = list.keys().find(|name| name.trim().eq_ignore_ascii_case(field));
            let near = near.map_or_else(String::new, |name| format!("; {name:?} is another one"));
            return Err(Failure::usage(format!("the parameter list has no {field}{near}"))
                .hint("the store always includes it: save its response unchanged"));
        };
        if found.any(|other| other != value) {
            return Err(Failure::usage(format!("the parameter list has {field} twice, with different values"))
                .hint("remove the wrong one"));
        }
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(wrong(field, &value.to_string(), "a text in quotes"));
            }
        };
        if text.chars().any(char::is_control) {
            return Err(wrong(field, &text, "one line without control characters"));
        }
        values.push((field, text));
    }
    Ok(values)
}

/// `hwId1=n;hwId2=n`
fn devices(table: &str, kind: u8) -> Result<Vec<Share>> {
    let mut devices: Vec<Share> = Vec::new();
    for part in table.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let refused = || wrong("allocalTable", part, "hwId1=n;hwId2=n with the number of licenses from 1");
        let (id, count) = part.split_once('=').ok_or_else(refused)?;
        let (id, count) = (id.trim(), count.trim());
        let usable = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
        let quantity: u32 = count.parse().ok().filter(|quantity| *quantity > 0).ok_or_else(refused)?;
        if id.is_empty() || id.len() > 64 || !id.bytes().all(usable) || !count.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(refused());
        }
        let device = Identity { kind, value: id.as_bytes().to_vec() };
        if devices.iter().any(|other| other.device.canonical() == device.canonical()) {
            return Err(Failure::usage(format!("allocalTable has {} {id} twice", kind_name(kind)))
                .hint("list each device once, with all its licenses"));
        }
        devices.push(Share { device, quantity });
    }
    if devices.is_empty() {
        return Err(wrong("allocalTable", table, "hwId1=n;hwId2=n"));
    }
    if devices.len() > ALLOCATIONS_MAX {
        return Err(Failure::usage(format!(
            "allocalTable has {} devices, and a code holds at most {ALLOCATIONS_MAX}",
            devices.len()
        ))
        .hint("ask the buyer to split the request: one for every 48 devices"));
    }
    Ok(devices)
}

fn wrong(field: &str, value: &str, expected: &str) -> Failure {
    Failure::usage(format!("{field} is {value:?}")).hint(format!("it must be {expected}"))
}
