//! `include/lic2.h` and `include/lic2.syms` are generated and checked in. `BLESS=1 cargo test -p lic2-capi`
//! writes them anew.

mod golden;
#[path = "golden/status.rs"]
mod table;

use std::sync::OnceLock;

use cbindgen::{Builder, Config};

/// The files with exported items, in the order of the header.
const SOURCES: [&str; 7] = ["status", "abi", "about", "text", "keyring", "code", "license"];

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

/// The names of the functions that the header declares, sorted.
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

#[test]
fn header_is_what_the_sources_make() {
    golden::compare("include/lic2.h", header());
}

#[test]
fn symbol_list_names_the_functions_of_the_header() {
    let names = functions(header());
    assert!(names.len() >= 15, "{names:?}");
    golden::compare("include/lic2.syms", &(names.join("\n") + "\n"));
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
