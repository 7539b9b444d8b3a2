//! `include/lic2.h` and `include/lic2.syms` are generated and checked in. `BLESS=1 cargo test -p lic2-capi`
//! writes them anew.

mod golden;
#[path = "golden/status.rs"]
mod table;

use std::sync::OnceLock;

use cbindgen::{Builder, Config};

/// The files with exported items, in the order of the header.
const SOURCES: [&str; 17] = [
    "status",
    "abi",
    "port",
    "state",
    "about",
    "text",
    "outcome",
    "keyring",
    "code",
    "license",
    "engine",
    "meter",
    "report",
    "support",
    "table",
    "device_key",
    "host",
];

/// The parts that not every archive has, and the lists of their functions.
const PARTS: [(&str, &str); 3] = [
    ("LIC2_DEVICE_KEY", "include/lic2-device-key.syms"),
    ("LIC2_HOST", "include/lic2-host.syms"),
    ("LIC2_TABLES", "include/lic2-tables.syms"),
];

/// The header, made once: the tests run side by side, and a blessing writes a file that it is made from.
fn header() -> &'static str {
    static HEADER: OnceLock<String> = OnceLock::new();
    HEADER.get_or_init(|| {
        golden::compare("bindings/c/src/status.rs", &table::source());
        generate()
    })
}

fn generate() -> String {
    let folder = golden::package();
    let mut config = Config::from_file(folder.join("cbindgen.toml")).unwrap();
    config.header = Some(std::fs::read_to_string(folder.join("header/begin.h")).unwrap().trim_end().into());
    config.after_includes = Some(std::fs::read_to_string(folder.join("header/macros.h")).unwrap());
    let mut builder = Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(folder.join("src").join(source).with_extension("rs"));
    }
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

/// The names of the functions that a text declares, sorted.
fn functions(header: &str) -> Vec<String> {
    let mut names: Vec<_> = header
        .split("LIC2_API\n")
        .skip(1)
        .chain(header.split("LIC2_API ").skip(1))
        .filter_map(|rest| rest.split('(').next()?.split_whitespace().next_back())
        .map(|name| name.trim_start_matches('*').to_owned())
        .filter(|name| name.starts_with("lic2_"))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The lines between `#if defined(PART)` and its `#endif`; without a part the lines outside of every part.
fn part(header: &str, part: Option<&str>) -> String {
    let mut inside = None;
    let mut text = String::new();
    for line in header.lines() {
        let begun = line.strip_prefix("#if defined(").and_then(|rest| rest.strip_suffix(')'));
        match begun.filter(|name| PARTS.iter().any(|(known, _)| known == name)) {
            Some(name) => inside = Some(name),
            None if line == "#endif" => inside = None,
            None if inside == part => text += &format!("{line}\n"),
            None => {}
        }
    }
    text
}

#[test]
fn header_is_what_the_sources_make() {
    golden::compare("include/lic2.h", header());
}

#[test]
fn symbol_lists_name_the_functions_of_the_header() {
    let names = functions(&part(header(), None));
    assert!(names.len() >= 35, "{names:?}");
    golden::compare("include/lic2.syms", &(names.join("\n") + "\n"));
    let mut all = names;
    for (name, list) in PARTS {
        let names = functions(&part(header(), Some(name)));
        assert!(names.len() >= 2, "{name}");
        golden::compare(list, &(names.join("\n") + "\n"));
        all.extend(names);
    }
    all.sort();
    assert_eq!(all, functions(header()));
}

#[test]
fn every_function_says_what_it_returns_where_it_may_run_and_since_when() {
    let header = header();
    for name in functions(header) {
        let end = header.rfind(&format!("{name}(")).unwrap();
        let start = header[..end].rfind("/**").unwrap();
        for label in ["@return", "@threads", "@stack", "@time", "@since"] {
            assert!(header[start..end].contains(label), "{name} has no {label}");
        }
    }
}

#[test]
fn version_text_is_that_of_the_package() {
    let line = format!("#define LIC2_VERSION_STRING \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(header().contains(&line), "{line}");
}

#[test]
fn only_statuses_of_the_table_are_named() {
    for word in header().split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let Some(name) = word.strip_prefix("LIC2_STATUS_") else { continue };
        let known = matches!(name, "" | "OK") || lic2::Error::ALL.iter().any(|error| error.name() == name);
        assert!(known, "{name}");
    }
}
