//! Reports: the same numbers as another program counts, and pictures that a decoder reads.

mod support;

use std::collections::HashMap;

use lic2::UnixSeconds;
use lic2_signer::content::{ClassName, Content};
use lic2_signer::draft::Draft;
use lic2_signer::keyfile::PrivateKey;
use lic2_signer::ledger::{Event, Facts, Ledger, Note, Occasion};
use lic2_signer::sealing::Sealer;
use support::{Sandbox, json};

/// 2026-11-22T12:00:00Z.
const NOW: u64 = 1_795_348_800;
const DAY: u64 = 86_400;

/// A ledger of two years with everything that happens to licenses, the same in every run.
fn ledger(sandbox: &Sandbox) {
    let mut ledger = Ledger::create(&sandbox.path("sales.ledger"), "ann", UnixSeconds(NOW - 800 * DAY)).unwrap();
    let sealer = Sealer::new(PrivateKey::generate().unwrap(), None, false, Vec::new()).unwrap();
    let mut random = 7_u64;
    let mut choose = |most: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % most
    };
    let mut writing = ledger.begin().unwrap();
    for number in 0..400_u64 {
        let at = UnixSeconds(NOW - 730 * DAY + number * 730 * DAY / 400);
        let id = format!("PL-{}", if number > 50 && choose(4) == 0 { choose(number) } else { number });
        let product =
            ["vision-appliance", "vision-edge", "vision-gate", "archive"][usize::try_from(choose(10) / 3).unwrap()];
        let class = [ClassName::Commercial, ClassName::Commercial, ClassName::Trial, ClassName::Test];
        let held = writing.view().latest(&id).unwrap();
        let event = match (held.is_some(), choose(10)) {
            (false, _) => Event::Issue,
            (true, 0..4) => Event::Renew,
            (true, 4) => Event::Upgrade,
            (true, 5) => Event::Refund,
            (true, 6) => Event::Freeze,
            (true, 7) => Event::Unfreeze,
            (true, 8) => Event::Release,
            (true, _) => Event::Init,
        };
        if matches!(event, Event::Freeze | Event::Unfreeze | Event::Release | Event::Init) {
            // The last stands for a refund of the whole license, which has no code.
            let event = if event == Event::Init { Event::Refund } else { event };
            let facts = Facts { license: Some(id), ..Facts::default() };
            let _ = writing.note(&Note { facts, ..Note::new(event, "ann", at) }).unwrap();
            continue;
        }
        let until = ["30d", "1y", "2y", "perpetual"][usize::try_from(choose(4)).unwrap()];
        let content = Content {
            id: Some(id),
            product: Some(held.map_or(product.into(), |held| held.facts.product.unwrap())),
            class: Some(class[usize::try_from(choose(4)).unwrap()]),
            edition: (choose(2) == 0).then(|| "PRO".into()),
            quantity: Some(u32::try_from(choose(9) + 1).unwrap()),
            until: Some(if event == Event::Refund { "10d" } else { until }.into()),
            customer: (choose(3) > 0).then(|| "ACME, \"Berlin\"".into()),
            order: Some(format!("CS{number}")),
            ..Content::default()
        };
        let mut draft = Draft::new(content, at).unwrap();
        let _ = writing.record(&mut draft, &sealer, &Occasion::new(event, "ann")).unwrap();
    }
    writing.commit().unwrap();
}

fn report(sandbox: &Sandbox, options: &[&str]) -> String {
    let base = ["report", options[0], "--ledger", "sales.ledger", "--at", "2026-11-22T12:00:00Z"];
    sandbox.run(&[&base, &options[1..]].concat()).ok()
}

/// The rows as JSON has them, without nulls, as text.
fn rows(sandbox: &Sandbox, options: &[&str]) -> Vec<HashMap<String, String>> {
    let report = json(&report(sandbox, &[options, &["--json"]].concat()));
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| row.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect()).collect()
}

/// What SQL counts, by another program: one line for each row, its columns between bars.
fn sql(sandbox: &Sandbox, query: &str) -> Vec<String> {
    let program = "import sqlite3, sys\n\
                   for row in sqlite3.connect('sales.ledger').execute(sys.argv[1]):\n\
                   \x20   print('|'.join('null' if value is None else str(value) for value in row))";
    sandbox.tool("python3", &["-c", program, query]).ok().lines().map(Into::into).collect()
}

/// The latest code of every license that is not a test, with `state`.
fn standing() -> String {
    format!(
        "WITH newest AS (SELECT license, max(seq) AS seq FROM entry WHERE substr(text, 1, 6) = 'LIC2C.' GROUP BY license),
         code AS (SELECT entry.* FROM entry JOIN newest ON entry.seq = newest.seq WHERE class <> 'test'),
         ended AS (SELECT code.license, (SELECT event FROM entry WHERE entry.license = code.license AND entry.seq > code.seq
             AND (event = 'release' OR event = 'refund' AND text IS NULL) ORDER BY seq DESC LIMIT 1) AS word FROM code),
         frozen AS (SELECT code.license, (SELECT event FROM entry WHERE entry.license = code.license
             AND event IN ('freeze', 'unfreeze') ORDER BY seq DESC LIMIT 1) AS word FROM code),
         standing AS (SELECT code.*, CASE
             WHEN ended.word = 'release' THEN 'released' WHEN ended.word = 'refund' THEN 'refunded'
             WHEN expires_at <= {NOW} AND event = 'refund' THEN 'refunded'
             WHEN frozen.word = 'freeze' THEN 'frozen'
             WHEN expires_at <= {NOW} THEN 'expired' ELSE 'active' END AS state
             FROM code JOIN ended USING (license) JOIN frozen USING (license)) "
    )
}

#[track_caller]
fn same(rows: &[HashMap<String, String>], columns: &[&str], expected: &[String]) {
    let found: Vec<String> =
        rows.iter().map(|row| columns.iter().map(|name| row[*name].clone()).collect::<Vec<_>>().join("|")).collect();
    assert!(!expected.is_empty(), "the other program found nothing");
    assert_eq!(found, expected);
}

#[test]
fn numbers_are_those_that_another_program_counts() {
    let sandbox = Sandbox::new();
    ledger(&sandbox);
    let counts = ["month", "issued", "renewed", "upgraded", "shortened", "codes"];
    let issued = "SELECT strftime('%Y-%m', at, 'unixepoch'), sum(event = 'issue'), sum(event = 'renew'), \
                  sum(event = 'upgrade'), sum(event = 'refund'), count(*) FROM entry \
                  WHERE substr(text, 1, 6) = 'LIC2C.' AND class <> 'test'";
    let expected = sql(&sandbox, &format!("{issued} GROUP BY 1 ORDER BY 1"));
    assert!(expected.len() > 20, "every month has codes, so that none is filled in");
    same(&rows(&sandbox, &["issued"]), &counts, &expected);
    let of_period =
        format!("{issued} AND at >= 1767225600 AND at < 1782864000 AND product = 'vision-edge' GROUP BY 1 ORDER BY 1");
    let period = ["issued", "--from", "2026-01-01", "--to", "2026-07-01", "--product", "vision-edge"];
    same(&rows(&sandbox, &period), &counts, &sql(&sandbox, &of_period));

    let states = ["product", "licenses", "active", "expired", "frozen", "released", "refunded", "active_quantity"];
    let by_product = "SELECT product, count(*), sum(state = 'active'), sum(state = 'expired'), sum(state = 'frozen'), \
                      sum(state = 'released'), sum(state = 'refunded'), \
                      sum(CASE WHEN state = 'active' THEN quantity ELSE 0 END) FROM standing GROUP BY 1 ORDER BY 1";
    let expected = sql(&sandbox, &format!("{}{by_product}", standing()));
    let found = rows(&sandbox, &["by-product"]);
    same(&found, &states, &expected);
    for state in &states[2..7] {
        assert!(found.iter().any(|row| row[*state] != "0"), "the ledger has no license that is {state}");
    }

    let active = "SELECT product, edition, class, count(*), sum(quantity), sum(expires_at IS NULL), \
                  strftime('%Y-%m-%dT%H:%M:%SZ', min(expires_at), 'unixepoch') FROM standing WHERE state = 'active' \
                  GROUP BY 1, 2, 3 ORDER BY 1, coalesce(edition, ''), 3";
    let columns = ["product", "edition", "class", "licenses", "quantity", "without_date", "first_end"];
    same(&rows(&sandbox, &["active"]), &columns, &sql(&sandbox, &format!("{}{active}", standing())));

    let end = NOW + 90 * DAY;
    let expiring = format!(
        "{}SELECT strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch'), (expires_at - {NOW}) / {DAY}, license, serial, \
         product, edition, class, quantity, customer, order_id FROM standing WHERE state = 'active' AND expires_at < {end} \
         ORDER BY expires_at, license",
        standing()
    );
    let columns = [
        "expires_at",
        "days_left",
        "license",
        "serial",
        "product",
        "edition",
        "class",
        "quantity",
        "customer",
        "order",
    ];
    same(&rows(&sandbox, &["expiring", "--within", "90d"]), &columns, &sql(&sandbox, &expiring));

    let refunded = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch'), iif(text IS NULL, 'whole', 'part'), license \
                    FROM entry AS this WHERE event = 'refund' AND coalesce(class, (SELECT class FROM entry WHERE license = \
                    this.license AND text IS NOT NULL ORDER BY serial DESC LIMIT 1)) <> 'test' ORDER BY seq";
    same(&rows(&sandbox, &["refunded"]), &["at", "refund", "license"], &sql(&sandbox, refunded));
}

#[test]
fn test_licenses_are_counted_when_they_are_asked_for() {
    let sandbox = Sandbox::new();
    ledger(&sandbox);
    let count = "SELECT count(*) FROM entry WHERE substr(text, 1, 6) = 'LIC2C.'";
    let sum = |options: &[&str]| -> u64 {
        rows(&sandbox, options).iter().map(|row| row["codes"].parse::<u64>().unwrap()).sum()
    };
    assert_eq!(vec![sum(&["issued", "--test"]).to_string()], sql(&sandbox, count));
    assert!(sum(&["issued"]) < sum(&["issued", "--test"]));
    assert_eq!(sum(&["issued", "--by", "day"]), sum(&["issued", "--by", "year"]));
}

#[test]
fn tables_are_for_people_and_csv_for_spreadsheets() {
    let sandbox = Sandbox::new();
    ledger(&sandbox);
    let table = report(&sandbox, &["by-product"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("product           licenses  codes  active"), "{table}");
    assert!(lines.last().unwrap().starts_with("sum "), "{table}");
    assert!(lines.iter().all(|line| line.len() == lines[0].len()), "numbers are aligned to the right:\n{table}");
    let csv = report(&sandbox, &["expiring", "--within", "90d", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().get(8), Some("customer"));
    let customers: Vec<String> = reader.records().map(|record| record.unwrap()[8].into()).collect();
    assert!(customers.contains(&"ACME, \"Berlin\"".into()), "{customers:?}");
}

/// Width, height and pixels.
fn decode(sandbox: &Sandbox, name: &str) -> (usize, usize, Vec<[u8; 3]>) {
    let file = std::io::BufReader::new(std::fs::File::open(sandbox.path(name)).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let pixels = bytes.chunks(3).map(|pixel| pixel.try_into().unwrap()).collect();
    (info.width.try_into().unwrap(), info.height.try_into().unwrap(), pixels)
}

#[test]
fn bars_are_as_long_as_the_numbers() {
    let sandbox = Sandbox::new();
    ledger(&sandbox);
    let found = rows(&sandbox, &["by-product", "--plot", "products.png"]);
    let (width, height, pixels) = decode(&sandbox, "products.png");
    assert_eq!((width, height), (1200, 675));
    // The color of the active ones, in every line of the picture below the legend; the longest of a bar's lines counts.
    let runs: Vec<usize> =
        (110..height).map(|y| (0..width).filter(|x| pixels[y * width + x] == [0x00, 0x72, 0xB2]).count()).collect();
    let mut bars: Vec<usize> =
        runs.split(|run| *run == 0).filter(|bar| bar.len() > 3).map(|bar| bar[bar.len() / 2]).collect();
    let mut numbers: Vec<usize> = found.iter().map(|row| row["active"].parse().unwrap()).collect();
    let above = runs.iter().position(|run| *run > 0).unwrap();
    assert!(above < 565 / bars.len(), "an empty place stands above the first bar: {above}");
    bars.sort_unstable();
    numbers.sort_unstable();
    assert_eq!(bars.len(), numbers.len(), "{bars:?} {numbers:?}");
    let (longest, most) = (*bars.last().unwrap(), *numbers.last().unwrap());
    for (bar, number) in bars.iter().zip(&numbers) {
        assert!((bar * most).abs_diff(number * longest) <= 2 * most, "{bars:?} {numbers:?}");
    }
}

#[test]
fn pictures_name_what_they_show_and_need_no_font_of_the_machine() {
    let sandbox = Sandbox::new();
    ledger(&sandbox);
    let words: [(&[&str], &[&str]); 5] = [
        (&["issued", "--from", "2026-01-01"], &["Codes issued by month", "from 2026-01-01, UTC", "2026-08", "renewed"]),
        (&["active"], &["Licenses in force at 2026-11-22T12:00:00Z", "vision-edge", "trial", "licenses"]),
        (&["expiring", "--within", "1y"], &["Licenses that end within 365 days of 2026-11-22", "month"]),
        (&["refunded", "--by", "year"], &["Refunds by year", "whole license", "part of the term", "2025"]),
        (&["by-product", "--product", "archive"], &["Licenses by product", "product archive, whole ledger", "expired"]),
    ];
    for (options, words) in words {
        let svg = format!("{}.svg", options[0]);
        report(&sandbox, &[options, &["--plot", &svg]].concat());
        let text = sandbox.read(&svg);
        let check = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])";
        sandbox.tool("python3", &["-c", check, &svg]).ok();
        for word in words {
            assert!(text.contains(word), "{word} is missing in {svg}");
        }
        // What no font of the machine could have drawn: this process sees none.
        let png = format!("{}.png", options[0]);
        let line = format!(
            "HOME=/nonexistent FONTCONFIG_FILE=/dev/null lic2-signer report {} --ledger sales.ledger --plot {png}",
            options.join(" ")
        );
        sandbox.shell(&line).ok();
        let (width, _, pixels) = decode(&sandbox, &png);
        let ink = pixels[..width * 50].iter().filter(|pixel| **pixel != [0xFF; 3]).count();
        assert!(ink > 1000, "{png} has no title");
    }
}

#[test]
fn nothing_to_report_and_wrong_questions_are_answered() {
    let sandbox = Sandbox::new();
    drop(Ledger::create(&sandbox.path("sales.ledger"), "ann", UnixSeconds(NOW)).unwrap());
    for verb in ["issued", "active", "expiring", "refunded", "by-product"] {
        let ran = sandbox.run(&["report", verb, "--ledger", "sales.ledger", "--plot", "empty.png"]);
        assert!(ran.stderr.contains("there is nothing to report"), "{verb}: {}", ran.stderr);
        assert_eq!(ran.ok().lines().count(), 1, "{verb}");
        decode(&sandbox, "empty.png");
    }
    let run = |options: &[&str]| sandbox.run(&[&["report"], options].concat());
    run(&["issued", "--ledger", "x.ledger"]).fails(2, "there is no ledger", "ledger init");
    run(&["issued", "--ledger", "sales.ledger", "--from", "2027-01-01", "--to", "2026-01-01"]).fails(
        1,
        "ends before",
        "",
    );
    run(&["expiring", "--ledger", "sales.ledger", "--within", "2020-01-01"]).fails(1, "--within is in the past", "30d");
    run(&["active", "--ledger", "sales.ledger", "--plot", "x.gif"]).fails(1, "x.gif: the extension", ".svg");
    run(&["active", "--ledger", "sales.ledger", "--from", "2026-01-01"]).fails(1, "unexpected argument '--from'", "");
}
