//! In every package of the workspace the modules use each other one way: no module uses, over however many others, one that
//! uses it.

use std::fs;
use std::path::{Path, PathBuf};

#[expect(unreachable_pub, reason = "as all support modules")]
#[path = "support/modules.rs"]
mod modules;

use modules::Modules;

/// The source folder of every package below the root, by the name of its folder.
fn packages() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut packages = vec![("the core".to_owned(), root.join("src"))];
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
            if !path.is_dir() || name == "target" || name.starts_with('.') {
                continue;
            }
            if path.join("Cargo.toml").exists() {
                let own = path.strip_prefix(root).expect("below the root").to_str().expect("UTF-8").to_owned();
                // Where `[lib]` names a path there may be no folder `src`.
                let src = if path.join("src").exists() { path.join("src") } else { path.clone() };
                packages.push((own, src));
            }
            folders.push(path);
        }
    }
    packages
}

#[test]
fn modules_of_every_package_use_each_other_one_way() {
    let packages = packages();
    for name in ["the core", "src/host", "src/signer", "bindings/c", "bindings/c/bench"] {
        assert!(packages.iter().any(|(found, _)| found == name), "{name} was not looked at");
    }
    for (name, src) in packages {
        // guard.rs and host.rs of the C library are being taken apart.
        if name == "bindings/c" {
            continue;
        }
        let circles = Modules::read(&src).circles();
        assert!(circles.is_empty(), "{name}: modules that use each other in a circle: {circles:#?}");
    }
}

/// The modules of a made-up package.
fn package(texts: &[(&str, &str)]) -> Modules {
    let mut modules = Modules::default();
    for (module, text) in texts {
        modules.add(&path(module), text);
    }
    modules
}

fn path(module: &str) -> Vec<String> {
    module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let circles: [&[(&str, &str)]; 8] = [
        &[("a", "use crate::b::B;"), ("b", "use crate::a::A;")],
        &[("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "fn f() -> crate::a::A { todo!() }")],
        &[("a", "use crate::{c, b::{self, B}};"), ("b", "use super::a;"), ("c", "")],
        // Behind a name that the root gives it.
        &[("", "mod a; mod b; pub use a::A;"), ("a", "use crate::b::B;"), ("b", "use crate::A;")],
        &[("", "mod a; mod b; pub use self::a::A as Z;"), ("a", "use crate::b::*;"), ("b", "use crate::Z;")],
        // Below a folder.
        &[("f", ""), ("f::a", "use super::b::B;"), ("f::b", "fn f() { super::a::g() }")],
        &[("a", ""), ("a::deep", "use crate::b;"), ("b", "use crate::a::deep::D;")],
        // From an inline module.
        &[("a", "mod i { use super::super::b::B; }"), ("b", "use crate::a::A;")],
    ];
    for texts in circles {
        assert_eq!(package(texts).circles().len(), 1, "{texts:?}");
    }
}

#[test]
fn what_is_no_circle_is_not_taken_for_one() {
    let ladders: [&[(&str, &str)]; 6] = [
        &[("a", "use crate::b::B;"), ("b", "")],
        &[("a", "use crate::b::B;"), ("b", "// crate::a::A\n/* crate::a::A */ const C: &str = \"crate::a::A\";")],
        &[("a", "use crate::b::B;"), ("b", "#[cfg(test)]\nmod tests { use crate::a::A; }")],
        // A folder and what is in it.
        &[("f", "mod a; fn g() { a::h() } pub struct F;"), ("f::a", "use super::F;")],
        &[("a", "mod i { use super::J; } mod b { } struct J;"), ("b", "use crate::a::A;")],
        &[("a", "use other::b::B;"), ("b", "use crate::a::A;")],
    ];
    for texts in ladders {
        assert_eq!(package(texts).circles(), [], "{texts:?}");
    }
}

/// The test sees a circle in the sources themselves.
#[test]
fn a_circle_planted_in_the_engine_is_found() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = Modules::read(&src);
    assert!(modules.len() > 50, "the sources have moved");
    modules.add(&path("engine::session"), "use super::slots::load;");
    let circles = modules.circles();
    assert_eq!(circles.len(), 1);
    let names: Vec<_> = circles[0].keys().map(String::as_str).collect();
    assert!(names.contains(&"engine::session") && names.contains(&"engine::slots"), "{names:?}");
}
