//! The program `lic2-signer`: everything it does stands in the library.

fn main() -> std::process::ExitCode {
    lic2_signer::run()
}
