//! Taking the power away, or a store that fails, gives no use of a quota back.

use lic2::{Error, Term};

use crate::support::attack::plain_device;
use crate::support::engine_device::Device;
use crate::support::engine_documents::{code, license, quotas};

/// A device with a hundred scans.
fn scanner() -> Device {
    let mut device = plain_device();
    device.apply_all(&[&code(&license("PL-1", 1, Term::Perpetual).with_features(&quotas(100, 10)))]);
    assert_eq!(device.refusal(), None);
    device
}

/// Uses scans; how many are used in all.
fn scan(device: &mut Device, amount: u64, reservation: u64) -> Result<u64, Error> {
    device.resume(|engine| engine.consume("scans", amount, reservation).map(|reading| reading.used))?
}

fn used_after_a_cut(device: &mut Device) -> u64 {
    device.restart().expect("it opens");
    device.meter("scans").expect("granted").1
}

#[test]
fn use_is_stored_before_it_is_granted() {
    let mut device = scanner();
    assert_eq!(scan(&mut device, 5, 0), Ok(5));
    assert_eq!(used_after_a_cut(&mut device), 5);
}

#[test]
fn a_reservation_saves_writes_and_a_cut_costs_what_is_left_of_it() {
    let mut device = scanner();
    assert_eq!(scan(&mut device, 1, 10), Ok(1));
    let writes = device.hardware().store.writes;
    assert_eq!(scan(&mut device, 4, 10), Ok(5));
    assert_eq!(scan(&mut device, 6, 10), Ok(11));
    assert_eq!(device.hardware().store.writes, writes, "all of it was reserved");
    assert_eq!(used_after_a_cut(&mut device), 11);
    assert_eq!(scan(&mut device, 1, 10), Ok(12));
    assert_eq!(used_after_a_cut(&mut device), 22);
}

#[test]
fn what_could_not_be_stored_is_neither_used_nor_reserved() {
    let mut device = scanner();
    device.refuse_writes();
    assert_eq!(scan(&mut device, 1, 10), Err(Error::StoreWrite));
    device.hardware().plan(None);
    assert_eq!(scan(&mut device, 5, 0), Ok(5));
    assert_eq!(used_after_a_cut(&mut device), 5);
}
