//! The whole life of a license between the program and a device with the real engine.

mod support;

use lic2::{Component, Error, Outcome};
use support::device::Device;
use support::{NOW, Sandbox, json};

const FIRST: &[Component<'static>] = &[
    Component { kind: 5, value: b"2102312ABC0123456789" },
    Component { kind: 1, value: b"04:7c:16:5e:e3:5d" },
    Component { kind: 4, value: b"0c1d2e3f" },
];
const SECOND: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456780" }];

/// A sandbox, and whether devices have keys of their own.
struct Trade {
    sandbox: Sandbox,
    signed: bool,
}

impl Trade {
    fn device(&self, components: &'static [Component<'static>], seed: u8) -> Device {
        let device = Device::new(&self.sandbox.path("anchor.pub"), components);
        if self.signed { device.with_key(seed) } else { device }
    }

    /// The code that answers a request of this device.
    fn sell(&self, device: &mut Device, options: &[&str]) -> String {
        self.sandbox.write("request.txt", &device.request("PL-1", 0));
        let shown = json(&self.sandbox.run(&["request", "show", "request.txt", "--json"]).ok());
        assert_eq!(shown["proof"], if self.signed { "signed" } else { "unsigned" });
        let base =
            ["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--anchor", "anchor.pub", "--at", NOW];
        let bind: &[&str] = if self.signed { &["--bind-key"] } else { &[] };
        let request = ["--request", "request.txt"];
        self.sandbox.run(&[&base[..], &request, bind, options].concat()).ok().trim_end().into()
    }

    fn live(&self) {
        let mut device = self.device(FIRST, 5);
        assert_eq!(device.refusal(), Some(Error::NotActivated));
        let first = self.sell(&mut device, &["--until", "1y", "--feature", "scans=quota:100"]);
        assert_eq!(device.apply(&first), Ok(Outcome::Activated));
        assert_eq!((device.refusal(), device.consume("scans", 30)), (None, Ok(30)));
        let renewal = self.sell(&mut device, &["--serial", "2", "--until", "2y", "--feature", "scans=quota:200"]);
        assert_eq!((device.apply(&renewal), device.apply(&first)), (Ok(Outcome::Renewed), Err(Error::CodeOlder)));
        assert_eq!(device.consume("scans", 100), Ok(130), "the meter goes on");
        self.bill(&mut device);
        let refund = self.sell(&mut device, &["--serial", "3", "--until", "1y", "--feature", "scans=quota:150"]);
        assert_eq!(device.apply(&refund), Ok(Outcome::Shortened));
        assert_eq!(device.consume("scans", 21), Err(Error::QuotaExhausted));
        self.move_away(&mut device, &refund);
    }

    /// A usage report is imported, and the device told so.
    fn bill(&self, device: &mut Device) {
        let (number, report) = device.usage();
        let imported = json(&self.sandbox.run(&["usage", "import", &report, "--json"]).ok());
        assert_eq!((&imported["entries"][0]["difference"], &imported["number"]), (&130.into(), &number.into()));
        device.usage_accepted(number);
        let (_, next) = device.usage();
        let imported = json(&self.sandbox.run(&["usage", "import", &next, "--previous", &report, "--json"]).ok());
        assert_eq!(imported["entries"][0]["difference"], 0);
    }

    /// The license is given back and goes to another device.
    fn move_away(&self, device: &mut Device, code: &str) {
        let receipt = device.deactivate("PL-1");
        let accepted = json(&self.sandbox.run(&["receipt", "accept", &receipt, "--code", code, "--json"]).ok());
        assert_eq!((&accepted["serial"], &accepted["used"][0]["used"]), (&3.into(), &130.into()));
        let compared = accepted["compared"].as_array().unwrap();
        assert_eq!(compared.contains(&"device key".into()), self.signed);
        assert_eq!(device.refusal(), Some(Error::NotActivated));
        assert_eq!(device.apply(code), Err(Error::LicenseReturned));
        let mut other = self.device(SECOND, 6);
        let moved = self.sell(&mut other, &["--serial", "4", "--until", "1y"]);
        assert_eq!((other.apply(&moved), other.refusal()), (Ok(Outcome::Activated), None));
        assert_eq!(device.apply(&moved), Err(Error::DeviceMismatch));
        assert_eq!(device.refusal(), Some(Error::NotActivated));
    }
}

#[test]
fn a_license_lives_on_devices_without_keys() {
    Trade { sandbox: Sandbox::with_keys(), signed: false }.live();
}

#[test]
fn a_license_lives_on_devices_that_sign() {
    Trade { sandbox: Sandbox::with_keys(), signed: true }.live();
}
