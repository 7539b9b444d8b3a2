//! `include/lic2.h` and `include/lic2.syms` are generated and checked in. `BLESS=1 cargo test -p lic2-capi` rewrites
//! them.

mod golden;
#[path = "golden/header.rs"]
mod layout;
#[path = "golden/status.rs"]
mod table;

use std::sync::OnceLock;

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
        layout::text()
    })
}

/// The names of the functions that a text declares behind `mark`, sorted.
fn declared(header: &str, mark: &str) -> Vec<String> {
    let mut names: Vec<_> = header
        .lines()
        .filter_map(|line| line.strip_prefix(mark)?.split('(').next()?.split_whitespace().next_back())
        .map(|name| name.trim_start_matches('*').to_owned())
        .collect();
    names.sort();
    names
}

/// The names of the functions that the library exports.
fn functions(header: &str) -> Vec<String> {
    declared(header, "LIC2_API ")
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
fn every_function_has_a_comment_and_a_status_is_explained() {
    let header = header();
    let mut names = declared(header, "LIC2_INLINE ");
    names.extend(functions(header).into_iter().filter(|name| !name.ends_with("_sized")));
    for name in names {
        let line = |at: usize| header[..at].lines().next_back().unwrap_or_default();
        let call = format!("{name}(");
        let end = header.match_indices(&call).map(|(at, _)| at).find(|at| line(*at).starts_with("LIC2_")).unwrap();
        let start = header[..end].rfind("/**").unwrap();
        let comment = &header[start..end];
        assert!(comment.matches("*/").count() == 1 && !comment.contains("\n\n"), "{name} has no comment");
        if header[..end].lines().next_back().unwrap().contains("lic2_status") {
            for label in ["@return", "@stack", "@time"] {
                assert!(comment.contains(label), "{name} has no {label}");
            }
        }
    }
}

#[test]
fn every_function_with_an_output_struct_is_called_with_its_size() {
    let header = header();
    let sized: Vec<_> = functions(header).into_iter().filter(|name| name.ends_with("_sized")).collect();
    let mut inline: Vec<_> = declared(header, "LIC2_INLINE ").iter().map(|name| format!("{name}_sized")).collect();
    inline.sort();
    assert!(sized.len() >= 12);
    assert_eq!(sized, inline);
    // Any other function takes only what it reads, numbers, buffers, and structs of one size for ever.
    let fixed =
        ["lic2_keyring", "lic2_license", "lic2_engine", "lic2_host", "lic2_seat", "lic2_component", "lic2_status"];
    let joined = header.replace(",\n        ", ", ");
    for line in joined.lines().filter(|line| line.starts_with("LIC2_API ") && !line.contains("_sized(")) {
        for argument in line.split(['(', ',']).skip(1).filter(|argument| argument.trim().starts_with("lic2_")) {
            let kind = argument.split_whitespace().next().unwrap();
            let changed_in_place = line.contains("lic2_host_configure(");
            assert!(!argument.contains('*') || fixed.contains(&kind) || changed_in_place, "{line}");
        }
    }
}

#[test]
fn the_header_is_short_enough_to_read() {
    let lines: Vec<_> = header().lines().collect();
    assert!(lines.len() <= 1_500, "{} lines", lines.len());
    let first = lines.iter().position(|line| line.starts_with("LIC2_API ")).unwrap();
    assert!(first < 600, "the first function is in line {first}");
    if let Some(line) = lines.iter().find(|line| line.chars().count() > 110) {
        panic!("longer than 110 columns: {line}");
    }
    for (title, place) in [("lic2_host_open(", 60), ("Contents:", 60)] {
        assert!(lines[..place].iter().any(|line| line.contains(title)), "{title} is not on the first screen");
    }
}

#[test]
fn the_table_of_contents_names_every_section() {
    let header = header();
    let contents = header.split("Contents:").nth(1).unwrap().split("*/").next().unwrap();
    let contents = contents.replace("\n *", "").split_whitespace().collect::<Vec<_>>().join(" ");
    let sections: Vec<_> = header
        .lines()
        .filter_map(|line| Some(line.strip_prefix("/* ")?.strip_suffix("- */")?.trim_end_matches('-').trim()))
        .collect();
    assert!(sections.len() >= 12);
    for section in sections {
        assert!(contents.contains(section), "{section}");
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
