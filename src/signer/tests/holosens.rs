//! `holosens` answers the store's parameter lists with files that other INI readers read, and whose codes count.

mod support;

use serde_json::{Value, json as value};
use support::{NOW, PARAMETERS, Sandbox, json};

const FIRST: &str = "21024129487SJA000041210235ABCDEF";
const SECOND: &str = "21024129487SJA000042210235ABCDEF";
const REQUEST: &str = "7d3c1a52-93f0-4c6e-9d6b-0f2f6a1f4e11";

/// The list of the sample, changed.
fn list(changes: &[(&str, &str)]) -> Value {
    let mut response: Value = serde_json::from_str(PARAMETERS).unwrap();
    let mut list = response["licenseParamLists"][0].take();
    for (field, text) in changes {
        list[*field] = value!(text);
    }
    list
}

fn holosens(sandbox: &Sandbox, input: &Value, options: &[&str]) -> support::Ran {
    let base = ["holosens", "--key", "issuer.key", "--certificate", "issuer.cert", "--product", "vision-appliance"];
    sandbox.run_with(&[&base, &["--at", NOW][..], options].concat(), input.to_string().as_bytes(), &[])
}

/// What Python's reader, which takes comments and interpolates, finds in the file.
fn python(sandbox: &Sandbox, file: &str) -> Value {
    let script = "import configparser, json, sys; c = configparser.ConfigParser(); c.optionxform = str\n\
                  c.read(sys.argv[1], encoding='ascii'); print(json.dumps({s: dict(c[s]) for s in c.sections()}))";
    json(&sandbox.tool("python3", &["-c", script, file]).ok())
}

/// What the library decides about this device.
fn decision(sandbox: &Sandbox, code: &str, device: &str, options: &[&str]) -> Value {
    let ran = sandbox.verify(code, &[&["--component", device, "--json"], options].concat());
    json(&ran.stdout)
}

#[test]
fn every_listed_device_has_its_own_number_and_others_have_none() {
    let sandbox = Sandbox::with_keys();
    let response: Value = serde_json::from_str(PARAMETERS).unwrap();
    let file = holosens(&sandbox, &response, &[]).ok();
    assert!(file.is_ascii() && !file.contains('\r'));
    sandbox.write("license.lic", &file);
    let license = python(&sandbox, "license.lic")["License"].take();
    assert_eq!(license["AppName"], "Helmet detection");
    assert_eq!((&license["LicenseType"], &license["ExpiredDays"]), (&"commercial".into(), &"365".into()));
    assert_eq!((&license["AuthorizationDate"], &license["Amount"]), (&"20261122".into(), &"5".into()));
    assert_eq!((&license["ConsumptionId"], &license["Devices"]), (&REQUEST.into(), &"2".into()));
    let code = license["Code"].as_str().unwrap();
    for (device, quantity) in [(FIRST, 2), (SECOND, 3)] {
        let answer = decision(&sandbox, code, &format!("esn:{device}"), &[]);
        assert_eq!((&answer["granted"], &answer["quantity"]), (&true.into(), &quantity.into()), "{device}");
        assert_eq!(answer["expires_at"], "2027-11-22T12:00:00Z");
        assert_eq!((&answer["license"]["id"], &answer["license"]["class"]), (&REQUEST.into(), &"commercial".into()));
    }
    let other = decision(&sandbox, code, "esn:21024129487SJA000043210235ABCDEF", &[]);
    assert_eq!((&other["name"], &other["quantity"]), (&"DEVICE_MISMATCH".into(), &0.into()));
}

#[test]
fn the_terms_of_the_store_become_terms_of_the_license() {
    let sandbox = Sandbox::with_keys();
    let anchor = |changes: &[(&str, &str)]| {
        let base = ["holosens", "--key", "anchor.key", "--product", "vision-appliance", "--json", "--at", NOW];
        let ran = sandbox.run_with(&base, list(changes).to_string().as_bytes(), &[]).ok();
        let code = json(&ran)[0]["code"].as_str().unwrap().to_owned();
        let answer = decision(&sandbox, &code, &format!("esn:{FIRST}"), &[]);
        (answer["expires_at"].clone(), answer["license"]["class"].clone())
    };
    assert_eq!(anchor(&[("requestDays", "30")]), ("2026-12-22T12:00:00Z".into(), "commercial".into()));
    assert_eq!(anchor(&[("requestDays", "unlimited")]), (Value::Null, "commercial".into()));
    let trial = |days| anchor(&[("licenseType ", "trial"), ("requestDays", days)]);
    assert_eq!(trial("7"), ("2026-11-29T12:00:00Z".into(), "trial".into()));
    assert_eq!(trial("90"), ("2027-02-20T12:00:00Z".into(), "trial".into()));
}

#[test]
fn several_lists_become_a_file_each_and_none_is_overwritten() {
    let sandbox = Sandbox::with_keys();
    let second = list(&[("consumptionId", "second-1"), ("allocalTable", "A1B2C3=1;"), ("requestAmount", "1")]);
    let response = value!({"totalCount": 2, "licenseParamLists": [list(&[]), second]});
    holosens(&sandbox, &response, &[]).fails(1, "there are 2 parameter lists", "--directory");
    let printed = holosens(&sandbox, &response, &["--directory", "out"]).ok();
    assert_eq!(printed, format!("out/{REQUEST}.lic\nout/second-1.lic\n"));
    let code = python(&sandbox, "out/second-1.lic")["License"]["Code"].take();
    assert_eq!(decision(&sandbox, code.as_str().unwrap(), "esn:a1b2c3", &[])["quantity"], 1);
    let before = sandbox.read("out/second-1.lic");
    let again = holosens(&sandbox, &value!([second]), &["--directory", "out"]);
    again.fails(1, "second-1.lic already exists and contains another code", "same license");
    assert_eq!(sandbox.read("out/second-1.lic"), before);
}

#[test]
fn with_a_ledger_the_same_request_gets_the_same_file() {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["ledger", "init", "sales.ledger"]).ok();
    let ledger = ["--ledger", "sales.ledger", "--operator", "desk", "--directory", "out"];
    holosens(&sandbox, &list(&[]), &ledger).ok();
    let name = format!("out/{REQUEST}.lic");
    let first = sandbox.read(&name);
    let base = ["holosens", "--key", "issuer.key", "--certificate", "issuer.cert", "--product", "vision-appliance"];
    let later = [&base, &["--at", "2026-11-25"][..], &ledger].concat();
    let again = sandbox.run_with(&later, list(&[]).to_string().as_bytes(), &[]);
    assert!(again.stderr.contains("recorded before"), "{}", again.stderr);
    again.ok();
    assert_eq!(sandbox.read(&name), first);
}

#[test]
fn the_content_file_adds_what_the_store_does_not_know() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("app.toml", "feature = [\"export\"]\nversions = \"1.x\"\n");
    let answer = json(&holosens(&sandbox, &list(&[]), &["--content", "app.toml", "--json"]).ok());
    let code = answer[0]["code"].as_str().unwrap();
    let granted = decision(&sandbox, code, &format!("esn:{FIRST}"), &["--product-version", "1.4"]);
    assert_eq!((&granted["granted"], &granted["features"][0]["name"]), (&true.into(), &"export".into()));
    sandbox.write("bad.toml", "perpetual = true\n");
    holosens(&sandbox, &list(&[]), &["--content", "bad.toml"]).fails(1, "both contain a term", "the store sets");
}

#[test]
fn what_cannot_stand_in_an_ini_file_is_left_out_and_reported() {
    let sandbox = Sandbox::with_keys();
    let odd = list(&[("appName", "\u{5b89}\u{5168}\u{5e3d}"), ("buyerID", "50%; [x]")]);
    let ran = holosens(&sandbox, &odd, &[]);
    assert!(ran.stderr.contains("left out of the file, which is plain ASCII: appName, buyerID"));
    sandbox.write("license.lic", &ran.ok());
    let license = python(&sandbox, "license.lic")["License"].take();
    assert!(license["AppName"].is_null() && license["BuyerId"].is_null());
    assert!(license["Code"].as_str().unwrap().starts_with("LIC2C."));
}

#[test]
fn every_malformed_field_is_refused_by_its_name() {
    let sandbox = Sandbox::with_keys();
    for (field, text, error) in [
        ("consumptionId", "", "consumptionId is \"\""),
        ("consumptionId", "../x", "consumptionId is \"../x\""),
        ("licenseType ", "free", "licenseType is \"free\""),
        ("licenseType", "trial", "licenseType twice, with different values"),
        ("requestType", "renew", "requestType is \"renew\""),
        ("requestType", "change", "changes the devices of an earlier one"),
        ("requestContent", "MAC", "requestContent is \"MAC\""),
        ("requestDays", "31", "requestDays is \"31\""),
        ("requestDays", "", "requestDays is \"\""),
        ("requestAmount", "six", "requestAmount is \"six\""),
        ("requestAmount", "0", "requestAmount is \"0\""),
        ("requestAmount", "4294967296", "requestAmount is \"4294967296\""),
        ("requestAmount", "6", "requestAmount is 6, and allocalTable adds up to 5"),
        ("allocalTable", "", "allocalTable is \"\""),
        ("allocalTable", "A1=5;A2", "allocalTable is \"A2\""),
        ("allocalTable", "=5", "allocalTable is \"=5\""),
        ("allocalTable", "A1=0;A2=5", "allocalTable is \"A1=0\""),
        ("allocalTable", "A1=+5", "allocalTable is \"A1=+5\""),
        ("allocalTable", "A1=-5;A2=10", "allocalTable is \"A1=-5\""),
        ("allocalTable", "A 1=5", "allocalTable is \"A 1=5\""),
        ("allocalTable", "A1=2;a-1=3", "allocalTable has esn a-1 twice"),
        ("allocalTable", "A1=4294967295;A2=4294967295", "adds up to 8589934590"),
        ("appName", "two\nlines", "appName is \"two\\nlines\""),
    ] {
        holosens(&sandbox, &list(&[(field, text)]), &[]).fails(1, error, "");
    }
    holosens(&sandbox, &list(&[("licenseType ", "trial"), ("requestDays", "6")]), &[]).fails(
        1,
        "requestDays",
        "7 to 90",
    );
    let many: Vec<String> = (0..49).map(|number| format!("D{number:03}=1")).collect();
    let many = list(&[("allocalTable", &many.join(";")), ("requestAmount", "49")]);
    holosens(&sandbox, &many, &[]).fails(1, "49 devices, and a code holds at most 48", "split the request");
    for field in list(&[]).as_object().unwrap().keys() {
        let mut without = list(&[]);
        without.as_object_mut().unwrap().remove(field);
        holosens(&sandbox, &without, &[]).fails(1, &format!("has no {}", field.trim()), "unchanged");
        let mut wrong = list(&[]);
        wrong[field] = value!(["x"]);
        holosens(&sandbox, &wrong, &[]).fails(1, &format!("{} is ", field.trim()), "a text in quotes");
    }
}

#[test]
fn what_is_no_response_is_refused() {
    let sandbox = Sandbox::with_keys();
    for (input, error) in [
        (value!([]), "there is no parameter list"),
        (value!(5), "this is not a parameter list"),
        (value!([5]), "not a JSON object"),
        (value!({"totalCount": 2, "licenseParamLists": [list(&[])]}), "totalCount is 2, and there are 1 lists"),
        (value!({"licenseParamLists": {}}), "licenseParamLists is not an array"),
        (value!([list(&[]), list(&[])]), "list 2: consumptionId"),
        (value!([list(&[]), list(&[("requestDays", "1"), ("consumptionId", "b")])]), "list 2: requestDays is \"1\""),
    ] {
        holosens(&sandbox, &input, &["--directory", "out"]).fails(1, error, "");
    }
    let broken = sandbox.run_with(&["holosens", "--key", "issuer.key"], b"{", &[]);
    broken.fails(1, "-: the parameter lists are not JSON", "unchanged");
    assert!(!sandbox.path("out").exists(), "nothing is written unless all lists are good");
}
