//! The program `lic2-signer`: all of its code is in the library.

fn main() -> std::process::ExitCode {
    lic2_signer::run()
}
