//! Dependencies point one way, and each outside package is named in one place.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Which modules of the core a module may use, beside itself. Below the table stands nothing that looks up.
const MAY_USE: [(&str, &[&str]); 26] = [
    ("error", &[]),
    ("limits", &[]),
    ("setters", &[]),
    ("verdict", &["witness"]),
    ("witness", &[]),
    ("time", &[]),
    ("version", &[]),
    ("utf8", &[]),
    ("hash", &[]),
    ("device", &["error", "hash", "limits"]),
    ("port", &["device", "limits", "setters", "time"]),
    ("signature", &["limits", "witness"]),
    ("wire", &["error", "limits", "setters", "time", "utf8", "version"]),
    ("anchor_table", &["signature", "error", "limits", "wire"]),
    ("facts", &["device", "limits", "setters", "time", "version"]),
    ("document", &["error", "limits", "wire"]),
    ("keys", &["anchor_table", "signature", "error", "hash", "limits", "time", "wire", "witness"]),
    ("permission", &["error", "keys", "time", "utf8", "wire"]),
    ("verify", &["document", "signature", "error", "keys", "limits", "permission", "wire", "witness"]),
    ("device_document", &["document", "signature", "error", "limits", "wire"]),
    ("policy", &["device", "error", "facts", "limits", "time", "verdict", "verify", "wire", "witness"]),
    ("code", &["document", "error", "keys", "verify", "wire"]),
    (
        "engine",
        &[
            "device",
            "device_document",
            "document",
            "error",
            "facts",
            "hash",
            "keys",
            "limits",
            "policy",
            "port",
            "setters",
            "time",
            "utf8",
            "verdict",
            "verify",
            "version",
            "wire",
            "witness",
        ],
    ),
    ("memory_port", &["device", "limits", "port", "setters", "time"]),
    ("software_key", &["limits"]),
    ("selftest", &["code", "limits", "error", "facts", "keys", "policy", "time", "device", "version"]),
];

/// Whether the folder holds a package of its own, as the signer's does.
fn is_package(folder: &Path) -> bool {
    folder.join("Cargo.toml").exists()
}

/// The shipped text of every file of the core, by its path below `src` without the ending.
fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !is_package(&path) {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(&root).expect("below src").with_extension("");
                let name = name.to_str().expect("UTF-8").to_owned();
                if name.ends_with("/tests") {
                    continue;
                }
                files.insert(name, shipped(&fs::read_to_string(path).expect("a source")).to_owned());
            }
        }
    }
    files
}

/// The same by module.
fn sources() -> BTreeMap<String, String> {
    let mut sources = BTreeMap::new();
    for (file, text) in files() {
        let module = file.split('/').next().expect("a name").to_owned();
        sources.entry(module).or_insert_with(String::new).push_str(&text);
    }
    sources
}

/// The text before the unit tests.
fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().expect("a first part")
}

/// The crate root, and what only the feature `sign` compiles.
const NOT_LAYERED: [&str; 4] = ["lib", "seal", "draft", "claim"];

#[test]
fn modules_use_only_what_stands_below_them() {
    let sources = sources();
    for (module, text) in &sources {
        if NOT_LAYERED.contains(&module.as_str()) {
            continue;
        }
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| name == module)
            .unwrap_or_else(|| panic!("src/{module}: say in tests/dependencies.rs what it may use"));
        assert!(!text.contains("crate::{") && !text.contains("super::super"), "{module}: name each module by its path");
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let is_module = sources.contains_key(&used);
            assert!(!is_module || used == *module || allowed.contains(&used.as_str()), "{module} uses {used}");
        }
    }
    assert_eq!(
        MAY_USE.iter().filter(|(name, _)| sources.contains_key(*name)).count(),
        sources.len() - NOT_LAYERED.len()
    );
}

#[test]
fn each_outside_package_is_named_in_one_place() {
    let places = [
        ("ed25519_dalek", &["signature/dalek", "software_key"][..]),
        ("lic2_ed25519", &["signature", "hash", "witness"][..]),
        ("sha2::", &["hash"][..]),
        ("postcard::", &["wire", "seal"][..]),
        ("serde::", &["wire", "seal", "time", "utf8", "version"][..]),
    ];
    for (package, allowed) in places {
        for (file, text) in files() {
            let named = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(package));
            let here = allowed.iter().any(|place| file == *place || file.starts_with(&format!("{place}/")));
            assert!(!named || here, "{file} names {package}");
        }
    }
}

/// The verifier that firmware carries needs no package and nothing that knows of licenses.
#[test]
fn the_compact_verifier_stands_alone() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ed25519/Cargo.toml"));
    let manifest = manifest.expect("the verifier's manifest");
    let sections: Vec<_> = manifest.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(sections, ["[package]", "[features]", "[dev-dependencies]", "[lints]"]);
}

/// A license is decoded with a proof. One comes from the signature check, or from a state that kept it.
#[test]
fn proofs_come_from_the_signature_check() {
    let places = |what: &str| -> Vec<String> {
        files().into_iter().filter(|(_, text)| text.contains(what)).map(|(file, _)| file).collect()
    };
    assert_eq!(places("Proof::from_state("), ["engine/license"]);
    assert_eq!(places(".prove("), ["code", "verify"]);
    assert_eq!(places("Genuine::decode("), ["code", "engine/license", "verify"]);
    assert_eq!(files()["verify"].matches("Ok(Proof {").count(), 1, "the proof of Unverified::prove");
}
