//! What the program gives the shell: completions, manual pages, and colors where they belong.

mod support;

use support::Sandbox;

/// What bash offers behind this line, by the function that the completions install.
#[track_caller]
fn offers(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let script = format!(
        "set -eu; COMP_WORDS=(); source lic2-signer.bash; \
         function=$(complete -p lic2-signer | sed 's/.*-F \\([^ ]*\\).*/\\1/'); \
         COMP_WORDS=({}); COMP_CWORD={}; COMPREPLY=(); \
         \"$function\" lic2-signer \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1
    );
    sandbox.tool("bash", &["-c", &script]).ok().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_verbs_options_and_their_values() {
    let sandbox = Sandbox::new();
    sandbox.write("lic2-signer.bash", &sandbox.run(&["completions", "bash"]).ok());
    sandbox.tool("bash", &["-n", "lic2-signer.bash"]).ok();
    let verbs = offers(&sandbox, "lic2-signer re");
    for verb in ["request", "revocations", "retire", "receipt"] {
        assert!(verbs.contains(&verb.to_owned()), "{verb} is missing in {verbs:?}");
    }
    assert_eq!(offers(&sandbox, "lic2-signer key pass"), ["passphrase"]);
    assert_eq!(offers(&sandbox, "lic2-signer issue --cert"), ["--certificate"]);
    let formats = offers(&sandbox, "lic2-signer pubkey --format ");
    for format in ["c", "rust", "pem", "python", "java", "go"] {
        assert!(formats.contains(&format.to_owned()), "{format} is missing in {formats:?}");
    }
}

#[test]
fn every_shell_has_its_completions() {
    let sandbox = Sandbox::new();
    for (shell, part) in [
        ("zsh", "#compdef lic2-signer"),
        ("fish", "complete -c lic2-signer"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName 'lic2-signer'"),
    ] {
        let text = sandbox.run(&["completions", shell]).ok();
        assert!(text.contains(part) && text.contains("time-token"), "{shell}: {text}");
    }
    sandbox.run(&["completions", "cmd"]).fails(1, "'cmd'", "completions --help");
}

#[test]
fn every_manual_page_is_clean() {
    let sandbox = Sandbox::new();
    sandbox.run(&["man", "--directory", "man1"]).ok();
    let names: Vec<String> = std::fs::read_dir(sandbox.path("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in ["lic2-signer.1", "lic2-signer-issue.1", "lic2-signer-key-show.1", "lic2-signer-time-token.1"] {
        assert!(names.contains(&name.to_owned()), "{name} is missing in {names:?}");
    }
    for name in &names {
        // That a page has no date is on purpose, and that a break is not needed where it stands does no harm.
        let lint = sandbox.tool("mandoc", &["-Tlint", "-Wwarning", &format!("man1/{name}")]);
        let complaints: Vec<&str> = lint
            .stdout
            .lines()
            .filter(|line| !line.contains("missing date") && !line.contains("skipping paragraph macro: br"))
            .collect();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
    }
    let page = sandbox.shell("mandoc -Tutf8 man1/lic2-signer-issue.1 | col -b").ok();
    for part in ["lic2-signer-issue", "SYNOPSIS", "lic2-signer issue", "--certificate", "Exit codes: 0 ok", "Example:"]
    {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert_eq!(sandbox.run(&["man", "issue"]).ok(), sandbox.read("man1/lic2-signer-issue.1"));
    assert_eq!(sandbox.run(&["man", "key", "show"]).ok(), sandbox.read("man1/lic2-signer-key-show.1"));
    assert_eq!(sandbox.run(&["man"]).ok(), sandbox.read("man1/lic2-signer.1"));
    sandbox.run(&["man", "sell"]).fails(1, "there is no verb \"sell\"", "lists the verbs");
}

const ESCAPE: &str = "\u{1b}[";

/// The same command on a terminal that script(1) makes.
fn on_a_terminal(sandbox: &Sandbox, variables: &str, options: &str) -> String {
    let line = format!("{variables} script -qec 'lic2-signer pubkey missing.key {options}' /dev/null");
    let ran = sandbox.shell(&line);
    assert!(ran.stdout.contains("missing.key"), "{ran:?}");
    ran.stdout
}

#[test]
fn colors_are_for_terminals_alone() {
    let sandbox = Sandbox::new();
    let clear = "unset NO_COLOR; TERM=xterm";
    let colored = on_a_terminal(&sandbox, clear, "");
    assert!(colored.contains("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m "), "{colored:?}");
    assert!(colored.contains("\u{1b}[1m\u{1b}[36mhint:\u{1b}[0m "), "{colored:?}");
    for (variables, options) in [
        ("export NO_COLOR=1; TERM=xterm", ""),
        ("unset NO_COLOR; export TERM=dumb;", ""),
        (clear, "--color never"),
        (clear, "--color=never"),
    ] {
        let plain = on_a_terminal(&sandbox, variables, options);
        assert!(!plain.contains(ESCAPE), "{variables} {options}: {plain:?}");
    }
    // Into a pipe only when it is asked for; also where the arguments are what is wrong.
    let piped = |options: &[&str]| sandbox.run(&[&["pubkey", "missing.key"], options].concat()).stderr;
    assert!(!piped(&[]).contains(ESCAPE));
    assert!(piped(&["--color", "always"]).contains(ESCAPE));
    assert!(piped(&["--color", "always", "--wrong"]).contains(ESCAPE));
    sandbox.run(&["pubkey", "anchor.pub", "--color", "pink"]).fails(1, "'pink'", "");
    assert!(!sandbox.run(&["--help"]).ok().contains(ESCAPE));
    assert!(sandbox.run(&["--help", "--color", "always"]).ok().contains(ESCAPE));
}
