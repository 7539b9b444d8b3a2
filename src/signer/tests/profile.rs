//! Product profiles: an order states its number, the quantity and the device, and the file everything else.

mod support;

use serde_json::Value;
use support::{NOW, Ran, Sandbox, json};

const PRODUCTS: &str = r#"# Everything we sell.
[default]
product = "vision-appliance"
id = "PL-{order}-{line}"
grace-days = 15

[analytics]
abstract = true
feature = ["analytics", "channels=limit:{quantity}"]

[CAM-AI-30D]
extends = "analytics"
class = "trial"
until = "30d"
grace-days = 0

[CAM-AI-1Y]
extends = "analytics"
until = "1y"
edition = "PRO"
feature = ["channels=limit:{quantity*4}", "export@6 months", { name = "scans", quota = 1000 }]

[BOX]
days-from-activation = 365
maintenance-until = 2027-06-30
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    sandbox.write("products.toml", PRODUCTS);
    sandbox
}

fn order(sandbox: &Sandbox, sku: &str, options: &[&str]) -> Ran {
    let base = ["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--at", NOW];
    let profile = ["--profile", "products.toml", "--sku", sku];
    sandbox.run(&[&base, &profile[..], options].concat())
}

/// What the code of an order says.
fn license(sandbox: &Sandbox, sku: &str, options: &[&str]) -> Value {
    let code = order(sandbox, sku, options).ok();
    json(&sandbox.run(&["inspect", code.trim_end(), "--json"]).ok())["license"].take()
}

fn features(license: &Value) -> Vec<String> {
    let feature = |feature: &Value| format!("{}={}", feature["name"].as_str().unwrap(), feature["value"]);
    license["features"].as_array().unwrap().iter().map(feature).collect()
}

const ORDER: [&str; 8] = ["--order", "CS42", "--order-line", "7", "--quantity", "8", "--esn", "2102312ABC0123456789"];

#[test]
fn an_order_states_its_number_the_quantity_and_the_device() {
    let sandbox = sandbox();
    let trial = license(&sandbox, "CAM-AI-30D", &ORDER);
    assert_eq!((&trial["id"], &trial["product"]), (&"PL-CS42-7".into(), &"vision-appliance".into()));
    assert_eq!((&trial["edition"], &trial["class"]), (&"CAM-AI-30D".into(), &"trial".into()));
    assert_eq!((&trial["quantity"], &trial["grace_days"]), (&8.into(), &0.into()));
    assert_eq!(features(&trial), ["analytics=null", "channels=8"]);
    let year = license(&sandbox, "CAM-AI-1Y", &ORDER);
    assert_eq!((&year["edition"], &year["grace_days"]), (&"PRO".into(), &15.into()));
    assert_eq!(features(&year), ["analytics=null", "channels=32", "export=null", "scans=1000"]);
    let device = "esn:2102312ABC0123456789";
    let code = order(&sandbox, "CAM-AI-1Y", &ORDER).ok();
    assert!(sandbox.verify(code.trim_end(), &["--component", device]).ok().contains("2027-11-22"));
}

#[test]
fn flags_win_over_the_content_file_and_that_over_the_profile() {
    let sandbox = sandbox();
    sandbox.write("order.toml", "quantity = 3\ngrace-days = 5\nid = \"PL-9\"\n");
    let options = ["--content", "order.toml", "--grace-days", "6", "--perpetual", "--feature", "channels=limit:1"];
    let won = license(&sandbox, "CAM-AI-1Y", &options);
    assert_eq!((&won["id"], &won["quantity"], &won["grace_days"]), (&"PL-9".into(), &3.into(), &6.into()));
    assert_eq!(features(&won), ["analytics=null", "channels=1", "export=null", "scans=1000"]);
    assert!(!order(&sandbox, "CAM-AI-1Y", &options).ok().is_empty());
    let file = license(&sandbox, "CAM-AI-1Y", &["--content", "order.toml"]);
    assert_eq!((&file["grace_days"], features(&file)[1].as_str()), (&5.into(), "channels=12"));
}

#[test]
fn one_file_for_each_sku_is_called_as_the_sku() {
    let sandbox = sandbox();
    sandbox.write("CAM-X.toml", "product = \"vision-appliance\"\nperpetual = true\nid = \"PL-{sku}-{order}\"\n");
    let base = ["issue", "--key", "anchor.key", "--at", NOW, "--profile", "CAM-X.toml", "--order", "CS1", "--sku"];
    let code = sandbox.run(&[&base, &["CAM-X"][..]].concat()).ok();
    let license = json(&sandbox.run(&["inspect", code.trim_end(), "--json"]).ok())["license"].take();
    assert_eq!(license["id"], "PL-CAM-X-CS1");
    sandbox.run(&[&base, &["CAM-Y"][..]].concat()).fails(
        1,
        "there is no SKU \"CAM-Y\"; did you mean CAM-X?",
        "it has CAM-X",
    );
}

#[test]
fn check_lists_what_can_be_sold_and_what_an_order_states() {
    let sandbox = sandbox();
    let list = json(&sandbox.run(&["profile", "check", "products.toml", "--json", "--at", NOW]).ok());
    let skus: Vec<&str> = list.as_array().unwrap().iter().map(|entry| entry["sku"].as_str().unwrap()).collect();
    assert_eq!(skus, ["BOX", "CAM-AI-1Y", "CAM-AI-30D"]);
    assert_eq!(list[0]["needs"], serde_json::json!(["order", "line"]));
    assert_eq!(list[1]["needs"], serde_json::json!(["order", "line", "quantity"]));
    let words = sandbox.run(&["profile", "check", "products.toml", "--at", NOW]).ok();
    assert!(words.contains("30d") && words.contains("an order needs order,line,quantity"), "{words}");
}

#[test]
fn every_mistake_is_named_with_its_line_and_the_nearest_key() {
    let sandbox = sandbox();
    sandbox.write(
        "bad.toml",
        "[default]\nproduct = \"p\"\n\n[A]\nuntil = \"30d\"\ngrace-day = 3\n\n[B]\nextends = \"defualt\"\nuntil = \"1y\"\n\
         id = \"PL-{ordre}\"\nfeature = [\"a=limit:x\"]\nquantity = \"many\"\n\n[C]\nextends = \"D\"\n\n[D]\nextends = \"C\"\n",
    );
    let ran = sandbox.run(&["profile", "check", "bad.toml"]);
    ran.fails(1, "bad.toml: mistakes: 7", "flags of lic2-signer issue");
    for line in [
        "bad.toml:6: unknown key \"grace-day\"; did you mean grace-days?",
        "bad.toml:9: extends \"defualt\", which does not exist; did you mean default?",
        "bad.toml:11: id: {ordre} is unknown; did you mean order?",
        "bad.toml:12: feature: \"limit:x\" is not a right",
        "bad.toml:13: quantity: invalid type: string \"many\"",
        "bad.toml:16: [C] extends itself, through \"D\"",
        "bad.toml:19: [D] extends itself, through \"C\"",
    ] {
        assert!(ran.stderr.contains(line), "{line} is missing in {}", ran.stderr);
    }
    let base = ["issue", "--key", "anchor.key", "--profile", "bad.toml", "--sku", "A"];
    sandbox.run(&base).fails(1, "bad.toml:6: unknown key", "profile check bad.toml");
}

#[test]
fn a_sku_that_no_order_could_be_issued_for_is_a_mistake() {
    let sandbox = sandbox();
    let check = |text: &str, error: &str| {
        sandbox.write("one.toml", text);
        let ran = sandbox.run(&["profile", "check", "one.toml", "--at", NOW]);
        ran.fails(1, "one.toml: mistakes: 1", "");
        assert!(ran.stderr.contains(error), "{error} is missing in {}", ran.stderr);
    };
    check("[A]\nproduct = \"p\"\n", "one.toml:1: [A]: the license has no term");
    check("[A]\nuntil = \"1y\"\n", "one.toml:1: [A]: the license has no product");
    check("[A]\nproduct = \"p\"\nuntil = \"1y\"\nperpetual = true\n", "more than one term");
    check("[A]\nproduct = \"p\"\nuntil = \"soon\"\n", "\"soon\" is not a time");
    check(
        "[A]\nproduct = \"p\"\nperpetual = true\nfeature = [\"a=limit:{quantity*x}\"]\n",
        "write a whole number after",
    );
    sandbox.write("one.toml", "");
    sandbox.run(&["profile", "check", "one.toml"]).fails(1, "it contains no SKU", "[SKU]");
    sandbox.write("one.toml", "[A\n");
    sandbox.run(&["profile", "check", "one.toml"]).fails(1, "one.toml: TOML parse error at line 1", "TOML");
    sandbox.run(&["profile", "check", "none.toml"]).fails(2, "none.toml: no such file", "");
}

#[test]
fn what_the_order_has_to_state_is_said() {
    let sandbox = sandbox();
    order(&sandbox, "BOX", &[]).fails(1, "products.toml:4: [default]: {order} needs --order", "with the order");
    order(&sandbox, "BOX", &["--order", "CS1"]).fails(1, "{line} needs --order-line", "");
    order(&sandbox, "BOX", &["--id", "PL-1"]).ok();
    order(&sandbox, "analytics", &ORDER).fails(1, "there is no SKU \"analytics\"", "it has BOX");
    order(&sandbox, "BOX", &["--order", "CS1", "--order-line", "1", "--quantity", "4294967295"]).ok();
    let alone = ["issue", "--key", "anchor.key", "--sku", "BOX"];
    sandbox.run(&alone).fails(1, "--profile", "issue --help");
}
