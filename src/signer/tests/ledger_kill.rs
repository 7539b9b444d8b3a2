//! Processes that sell from one ledger at the same time and are killed at random points: no code that was printed is
//! missing, no order has two codes, no quota is exceeded, and the ledger is whole. Prints `kill.runs`, `kill.lost` and
//! `kill.double` for the figures; `LIC2_KILLS` states how many processes to kill.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use lic2_signer::ledger::{Demands, Filter, Ledger};
use support::{NOW, Sandbox};

/// How many processes are killed unless `LIC2_KILLS` says otherwise.
const KILLS: u32 = 300;

/// Processes at the same time.
const AT_ONCE: usize = 3;

/// Orders from which each process takes one; every order is sold by several.
const ORDERS: u32 = 60;

/// Less than there are orders: the quota is reached while processes are killed.
const QUOTA: u64 = 50;

/// Random enough, and the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A process that sells an order.
struct Seller {
    order: String,
    child: Child,
}

/// How it ended.
struct End {
    order: String,
    /// The exit code; `None` if it was killed.
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Seller {
    fn start(sandbox: &Sandbox, order: u32) -> Self {
        let order = format!("CS{order}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_lic2-signer"));
        command.args(["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--product", "vision-appliance"]);
        command.args([
            "--until",
            "1y",
            "--device",
            "esn:2102312ABC0123456789",
            "--at",
            NOW,
            "--ledger",
            "sales.ledger",
        ]);
        command.args(["--id", &format!("PL-{order}"), "--order", &order]);
        command.current_dir(sandbox.path("")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { order, child: command.spawn().unwrap() }
    }

    fn end(mut self) -> End {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        End { order: self.order, code: self.child.wait().unwrap().code(), stdout, stderr }
    }
}

/// What customers hold.
#[derive(Default)]
struct Handed {
    codes: BTreeMap<String, BTreeSet<String>>,
    killed: u32,
    finished: u32,
    refused: u32,
}

impl Handed {
    fn take(&mut self, end: End) {
        match end.code {
            None => self.killed += 1,
            Some(0) => {
                self.finished += 1;
                assert!(end.stdout.ends_with('\n'), "no code and no error: {}", end.stderr);
            }
            Some(5) => {
                self.refused += 1;
                assert!(end.stderr.contains("the quota of issuer") && end.stdout.is_empty(), "{}", end.stderr);
            }
            Some(code) => panic!("exit code {code}: {}", end.stderr),
        }
        // Also a killed process may have printed its code.
        if let Some(code) = end.stdout.strip_suffix('\n') {
            self.codes.entry(end.order).or_default().insert(code.into());
        }
    }
}

#[test]
fn nothing_is_lost_or_sold_twice_when_processes_are_killed() {
    let kills = std::env::var("LIC2_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["ledger", "init", "sales.ledger", "--at", NOW]).ok();
    let max = QUOTA.to_string();
    sandbox.run(&["ledger", "quota", "--ledger", "sales.ledger", "--issuer", "issuer.pub", "--max", &max]).ok();
    let begin = Instant::now();
    let mut handed = Handed::default();
    handed.take(Seller::start(&sandbox, 0).end());
    let mut usual = begin.elapsed();
    let mut chance = Chance(1);
    while handed.killed < kills {
        // Early rounds sell few orders to many, so that the same order is sold by processes at the same time.
        let orders = u64::from((handed.killed / 4 + 2).min(ORDERS));
        let begin = Instant::now();
        let mut sellers: Vec<Seller> =
            (0..AT_ONCE).map(|_| Seller::start(&sandbox, u32::try_from(chance.below(orders)).unwrap())).collect();
        // Killed from the start of the process to somewhat after its usual end, one after the other.
        let left = usize::try_from(kills - handed.killed).unwrap();
        for seller in sellers.iter_mut().take(left) {
            let moment = u64::try_from(usual.as_micros()).unwrap() * chance.below(1_000) / 800;
            sleep(Duration::from_micros(moment).saturating_sub(begin.elapsed()));
            seller.child.kill().unwrap();
        }
        for seller in sellers {
            handed.take(seller.end());
        }
        if chance.below(8) == 0 {
            // One that nobody kills: what is usual under this load, and no lock was left behind.
            let begin = Instant::now();
            handed.take(Seller::start(&sandbox, u32::try_from(chance.below(orders)).unwrap()).end());
            usual = (usual * 3 + begin.elapsed()) / 4;
        }
    }
    for order in 0..ORDERS {
        handed.take(Seller::start(&sandbox, order).end());
    }
    judge(&sandbox, &handed);
}

fn judge(sandbox: &Sandbox, handed: &Handed) {
    let ledger = Ledger::open_to_read(&sandbox.path("sales.ledger")).unwrap();
    let anchor = lic2_signer::publickey::read(sandbox.path("anchor.pub").to_str().unwrap()).unwrap();
    let report = ledger.verify(&Demands { anchors: vec![anchor], ..Demands::default() }).unwrap();
    assert_eq!(report.findings, []);
    let mut recorded: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut rows = 0;
    for entry in ledger.view().entries(&Filter::default()).unwrap().into_iter().filter(|entry| entry.is_code()) {
        recorded.entry(entry.facts.order.unwrap()).or_default().insert(entry.text.unwrap());
        rows += 1;
    }
    let none = BTreeSet::new();
    let lost: usize =
        handed.codes.iter().map(|(order, codes)| codes.difference(recorded.get(order).unwrap_or(&none)).count()).sum();
    let all: BTreeSet<&String> = recorded.keys().chain(handed.codes.keys()).collect();
    let double = all
        .into_iter()
        .filter(|order| {
            let printed = handed.codes.get(*order).unwrap_or(&none);
            recorded.get(*order).unwrap_or(&none).union(printed).count() > 1
        })
        .count();
    println!("kill.runs {} runs", handed.killed);
    println!("kill.lost {lost} codes");
    println!("kill.double {double} orders");
    println!("{} finished, {} were refused for the quota", handed.finished, handed.refused);
    assert_eq!((lost, double), (0, 0));
    assert_eq!((rows, recorded.len()), (50, 50), "the quota is reached exactly");
    assert!(handed.refused > 0 && handed.killed > 0 && handed.finished > 0);
}
