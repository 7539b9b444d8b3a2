//! JSON with one spelling: keys sorted, no space.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The one spelling of this object.
pub(super) fn object(map: &Map<String, Value>) -> String {
    let fields: BTreeMap<&String, &Value> = map.iter().collect();
    let fields: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), text(value))).collect();
    format!("{{{}}}", fields.join(","))
}

fn text(value: &Value) -> String {
    match value {
        Value::Object(map) => object(map),
        Value::Array(list) => format!("[{}]", list.iter().map(text).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": [{"d": 1, "c": null}], "a": "x\"y"});
        assert_eq!(super::object(value.as_object().unwrap()), r#"{"a":"x\"y","b":[{"c":null,"d":1}]}"#);
    }
}
