//! The C part of the demo: builds the C library and `examples/desktop_c` from the checkout and runs it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::exit::{Failure, Result};
use crate::private_file;

/// What became of it.
pub(super) enum Outcome {
    /// Nothing was built, for this reason.
    Left(String),
    /// What the program printed.
    Ran(String),
}

/// Builds the program with `anchor` compiled in and runs it on `code` for the right and for another device.
pub(super) fn run(directory: &Path, anchor: &str, code: &Path, devices: [&str; 2]) -> Result<Outcome> {
    let Some(checkout) = checkout() else {
        return Ok(Outcome::Left(
            "this is not a checkout of lic2 (include/lic2.h and examples/desktop_c were not found)".into(),
        ));
    };
    let Some(compiler) = compiler() else {
        return Ok(Outcome::Left("there is no C compiler (cc, gcc and clang were tried, and the variable CC)".into()));
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    if !answers(&cargo) {
        return Ok(Outcome::Left("cargo, which builds the C library, was not found".into()));
    }
    let archive = build_library(&cargo, &checkout)?;
    private_file::create(&directory.join("anchor.h"), &format!("#include <stdint.h>\n{anchor}"), false)?;
    let program = compile(&compiler, &checkout, directory, &archive)?;
    let [device, other] = devices;
    let granted = execute(Command::new(&program).arg(code).arg(device))?;
    if !granted.status.success() {
        return Err(broken("desktop_c refused the genuine code", &granted));
    }
    let refused = execute(Command::new(&program).arg(code).arg(other))?;
    if refused.status.success() {
        return Err(broken("desktop_c granted on another device", &refused));
    }
    Ok(Outcome::Ran(format!("$ desktop_c code.txt {device}\n{}", String::from_utf8_lossy(&granted.stdout).trim_end())))
}

/// The nearest directory, from the package or from here upward, that holds the header and the example.
fn checkout() -> Option<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    [package, std::env::current_dir().ok()].into_iter().flatten().find_map(|start| {
        start
            .ancestors()
            .find(|path| path.join("include/lic2.h").is_file() && path.join("examples/desktop_c").is_dir())
            .map(Path::to_path_buf)
    })
}

/// The value of `CC`, or the first compiler that answers.
fn compiler() -> Option<OsString> {
    match std::env::var_os("CC") {
        Some(stated) => answers(&stated).then_some(stated),
        None => ["cc", "gcc", "clang"].into_iter().map(OsString::from).find(answers),
    }
}

fn answers(program: &OsString) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Builds the C library and returns its static archive, as cargo reports it.
fn build_library(cargo: &OsString, checkout: &Path) -> Result<PathBuf> {
    let mut command = Command::new(cargo);
    command
        .args(["build", "--release", "--quiet", "-p", "lic2-capi", "--message-format=json-render-diagnostics"])
        .current_dir(checkout);
    let output = execute(&mut command)?;
    if !output.status.success() {
        return Err(broken("cargo build -p lic2-capi failed", &output));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| {
            message["filenames"].as_array()?.iter().find_map(|name| Some(name.as_str()?.to_owned()).filter(is_archive))
        })
        .next_back()
        .map(PathBuf::from)
        .ok_or_else(|| Failure::internal("demo: cargo built no static library"))
}

fn is_archive(name: &String) -> bool {
    let path = Path::new(name);
    path.extension().is_some_and(|extension| extension == "a" || extension == "lib")
}

fn compile(compiler: &OsString, checkout: &Path, directory: &Path, archive: &Path) -> Result<PathBuf> {
    let program = directory.join("desktop_c");
    let sources = checkout.join("examples/desktop_c");
    let mut command = Command::new(compiler);
    // The generated anchor.h comes before any other of that name.
    command.args(["-std=c99", "-O2", "-Wall"]).arg("-I").arg(directory).arg("-I").arg(checkout.join("include"));
    command.arg("-I").arg(&sources).arg("-o").arg(&program);
    let entries = std::fs::read_dir(&sources).map_err(|cause| Failure::io(sources.display(), &cause))?;
    for entry in entries {
        let path = entry.map_err(|cause| Failure::io(sources.display(), &cause))?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            // A copy: an #include of "anchor.h" looks beside its source first.
            let copy = directory.join(path.file_name().unwrap_or_default());
            std::fs::copy(&path, &copy).map_err(|cause| Failure::io(path.display(), &cause))?;
            command.arg(copy);
        }
    }
    command.arg(archive);
    if cfg!(target_os = "linux") {
        command.args(["-lpthread", "-ldl", "-lm"]);
    }
    let output = execute(&mut command)?;
    if output.status.success() { Ok(program) } else { Err(broken("the C example does not compile", &output)) }
}

fn execute(command: &mut Command) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|cause| Failure::io(name, &cause))
}

fn broken(what: &str, output: &Output) -> Failure {
    let text = [output.stderr.as_slice(), output.stdout.as_slice()].concat();
    Failure::internal(format!("demo: {what} ({}):\n{}", output.status, String::from_utf8_lossy(&text).trim_end()))
}
