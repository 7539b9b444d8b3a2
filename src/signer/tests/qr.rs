//! `qr` draws documents that a reader of others, zbarimg, gives back to the letter.

mod support;

use support::device::unsigned_request;
use support::{NOW, Sandbox, json};

/// Pixels of a module of the pictures made here.
const SCALE: usize = 4;

/// What the reader finds in a picture.
#[track_caller]
fn decoded(sandbox: &Sandbox, file: &str) -> String {
    let ran = sandbox.tool("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file]);
    assert_eq!(ran.code, 0, "{file}: {}", ran.stderr);
    ran.stdout.trim_end().to_owned()
}

/// Writes pixels, `true` is dark, as a portable bitmap.
fn bitmap(sandbox: &Sandbox, file: &str, rows: &[Vec<bool>]) {
    let width = rows[0].len() * SCALE;
    let mut text = format!("P1\n{width} {}\n", rows.len() * SCALE);
    for row in rows {
        assert_eq!(row.len() * SCALE, width, "the picture is no rectangle");
        let line: Vec<&str> =
            row.iter().flat_map(|dark| std::iter::repeat_n(if *dark { "1" } else { "0" }, SCALE)).collect();
        for _ in 0..SCALE {
            text.push_str(&line.join(" "));
            text.push('\n');
        }
    }
    sandbox.write(file, &text);
}

/// Half blocks to pixels.
fn pixels(blocks: &str) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for line in blocks.lines() {
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        for character in line.chars() {
            let (above, below) = match character {
                ' ' => (false, false),
                '\u{2580}' => (true, false),
                '\u{2584}' => (false, true),
                '\u{2588}' => (true, true),
                other => panic!("{other:?} in the picture"),
            };
            upper.push(above);
            lower.push(below);
        }
        rows.extend([upper, lower]);
    }
    rows
}

/// A code of exactly 1024 characters.
fn longest(sandbox: &Sandbox) -> String {
    let issue = |last: usize| {
        let items: Vec<String> = [130, 130, 130, last]
            .iter()
            .zip(1000..)
            .map(|(size, number)| format!("{number}=hex:{}", "a7".repeat(*size)))
            .collect();
        let mut options = vec!["--perpetual"];
        for item in &items {
            options.extend(["--item", item.as_str()]);
        }
        let line =
            [&["issue", "--key", "anchor.key", "--id", "PL-1", "--product", "p", "--at", NOW], &options[..]].concat();
        sandbox.run(&line).ok().trim_end().to_owned()
    };
    let short = issue(130);
    // Four characters hold three bytes.
    let code = issue(130 + (1024 - short.len()) * 3 / 4);
    assert_eq!(code.len(), 1024);
    code
}

/// Draws `text` in every form and reads each back.
fn comes_back_from_every_form(sandbox: &Sandbox, text: &str) {
    sandbox.write("code.txt", &format!("{text}\n"));
    sandbox.run(&["qr", "code.txt", "--output", "code.png"]).ok();
    assert_eq!(decoded(sandbox, "code.png"), text, "PNG");

    sandbox.run(&["qr", "code.txt", "--output", "code.svg"]).ok();
    assert_eq!(sandbox.tool("rsvg-convert", &["code.svg", "--output", "svg.png"]).code, 0);
    assert_eq!(decoded(sandbox, "svg.png"), text, "SVG");

    let blocks = sandbox.run(&["qr", "code.txt"]).ok();
    bitmap(sandbox, "blocks.pbm", &pixels(&blocks));
    assert_eq!(decoded(sandbox, "blocks.pbm"), text, "blocks");
}

#[test]
fn a_reader_gives_back_every_kind_of_document_from_every_form() {
    let sandbox = Sandbox::with_keys();
    let code =
        sandbox.code(&["--until", "1y", "--device", "esn:2102312ABC0123456789", "--feature", "channels=limit:64"]);
    let certificate = sandbox.read("issuer.cert").trim_end().to_owned();
    for text in [code, certificate, unsigned_request(None)] {
        comes_back_from_every_form(&sandbox, &text);
    }
}

#[test]
fn a_reader_gives_back_the_longest_document_from_every_form() {
    let sandbox = Sandbox::with_keys();
    let code = longest(&sandbox);
    comes_back_from_every_form(&sandbox, &code);
    let ran = sandbox.run(&["qr", &code, "--output", "long.png"]);
    assert!(ran.stderr.contains("QR code version 23, 109 x 109 modules, error correction L (7 %), 1024 characters"));
    assert!(
        ran.stderr
            .contains("warning: 109 modules are hard to read for a phone: print the code flat and at least 47 mm wide")
    );
    // Stronger is possible where the size does not matter.
    sandbox.run(&["qr", &code, "--ecc", "h", "--output", "strong.png"]).ok();
    assert_eq!(decoded(&sandbox, "strong.png"), code);
}

#[test]
fn a_reader_gives_back_what_a_real_terminal_shows() {
    let sandbox = Sandbox::with_keys();
    let options = ["--key", "anchor.key", "--id", "PL-1", "--product", "vision-appliance", "--perpetual", "--at", NOW];
    let code = sandbox.run(&[&["issue"], &options[..]].concat()).ok().trim_end().to_owned();
    sandbox.write("code.txt", &code);
    let program = env!("CARGO_BIN_EXE_lic2-signer");
    let line = format!("stty cols 200; '{program}' qr code.txt 2>/dev/null");
    let shown = sandbox.tool("script", &["-qec", &line, "/dev/null"]).ok();
    let mut blocks = String::new();
    for row in shown.lines() {
        // Every line sets both colors and takes them back, so that a dark terminal shows the same as a light one.
        let row = row.trim_end_matches('\r');
        let inside = row.strip_prefix("\x1b[38;5;16;48;5;231m").and_then(|row| row.strip_suffix("\x1b[0m"));
        blocks += inside.unwrap_or_else(|| panic!("a line without its colors: {row:?}"));
        blocks.push('\n');
    }
    bitmap(&sandbox, "shown.pbm", &pixels(&blocks));
    assert_eq!(decoded(&sandbox, "shown.pbm"), code);

    // A narrow one gets a smaller code; one that is too narrow a warning.
    let narrow = format!("stty cols 70; '{program}' qr code.txt 2>&1 >/dev/tty | cat >&2; true");
    let narrow = sandbox.tool("script", &["-qec", &narrow, "/dev/null"]).ok();
    assert!(!narrow.contains("warning"), "{narrow}");
    let widest = narrow.lines().filter(|line| line.starts_with('\x1b')).map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest - "\x1b[38;5;16;48;5;231m\x1b[0m\r".len() <= 70), "{widest:?}");
    let slit = format!("stty cols 40; '{program}' qr code.txt");
    let slit = sandbox.tool("script", &["-qec", &slit, "/dev/null"]).ok();
    assert!(slit.contains("and this terminal has 40: enlarge it"), "{slit}");
}

#[test]
fn the_strongest_correction_that_stays_legible_is_taken() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual"]);
    let answer = json(&sandbox.run(&["qr", &code, "--json"]).ok());
    assert_eq!((&answer["ecc"], &answer["text"]), (&"H".into(), &code.as_str().into()));
    assert_eq!(answer["characters"], code.len());
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(answer["modules"], rows.len());
    assert_eq!(answer["modules"], 17 + 4 * answer["version"].as_u64().unwrap());
    for level in ["L", "M", "Q", "H"] {
        let ran = sandbox.run(&["qr", &code, "--ecc", level, "--output", "code.png"]);
        assert!(ran.stderr.contains(&format!("error correction {level} (")), "{}", ran.stderr);
        ran.ok();
        assert_eq!(decoded(&sandbox, "code.png"), code, "{level}");
    }
    // 1024 characters fit nowhere near; the warning says so, and L is the smallest.
    let long = longest(&sandbox);
    assert_eq!(json(&sandbox.run(&["qr", &long, "--json"]).ok())["ecc"], "L");
}

#[test]
fn what_mail_put_around_the_text_is_not_drawn() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual"]);
    let (front, back) = code.split_at(60);
    let answer = json(&sandbox.run(&["qr", &format!("\u{201c}{front}\r\n  {back}\u{200b}\u{201d}\n"), "--json"]).ok());
    assert_eq!(answer["text"], code.as_str());
    let piped = sandbox.run_with(&["qr"], code.as_bytes(), &[]).ok();
    bitmap(&sandbox, "piped.pbm", &pixels(&piped));
    assert_eq!(decoded(&sandbox, "piped.pbm"), code);
}

#[test]
fn what_cannot_be_drawn_is_refused_with_the_way_out() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual"]);
    sandbox.run(&["qr", "hello"]).fails(3, "status 203 TEXT_PREFIX", "LIC2");
    sandbox.run(&["qr", &code[..80]]).fails(3, "status 206 TEXT_DAMAGED", "complete");
    sandbox.run(&["qr", &code, "--output", "code.gif"]).fails(
        1,
        "code.gif: the extension does not name a format",
        ".png, .svg or .txt",
    );
    sandbox.run(&["qr", &code, "--output", "no/code.png"]).fails(2, "no/code.png: no such file", "");
    sandbox.run(&["qr", &code, "--scale", "0"]).fails(1, "0 is not in 1..=64", "qr --help");
    sandbox.run(&["qr", &code, "--ecc", "x"]).fails(1, "invalid value 'x' for '--ecc", "qr --help");
    let program = env!("CARGO_BIN_EXE_lic2-signer");
    let line = format!("'{program}' qr {code} --format png");
    let ran = sandbox.tool("script", &["-qec", &line, "/dev/null"]);
    assert!(ran.stdout.contains("a PNG picture cannot be shown on a terminal"), "{}", ran.stdout);
    assert_eq!(ran.code, 1);
    assert!(!sandbox.path("code.gif").exists());
}
