//! Comparing generated files with those checked in.

use std::path::{Path, PathBuf};

/// The folder of this package.
pub(crate) fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares `text` with the file at `path` in the repository, or writes it if `BLESS=1` is set.
pub(crate) fn compare(path: &str, text: &str) {
    let path = package().join("../..").join(Path::new(path));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found != text {
        let line = found.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |index| index + 1);
        panic!("{} is stale from line {line} on: run BLESS=1 cargo test -p lic2-capi", path.display());
    }
}
