//! Holds a device against the model.

use lic2::port::Wall;
use lic2::{Engine, Error, Right, UnixSeconds};

use super::documents::RightSpec;
use super::seller::FEATURES;
use super::{Model, Time};
use crate::support::engine_device::Device;

/// What the engine says the time is; nothing is stored.
pub fn time_of(device: &mut Device) -> Result<Time, Error> {
    let counts_uptime = device.clock.reading.uptime_seconds.is_some();
    let status = device.resume(|engine| engine.status())??;
    Ok(Time {
        now: status.now.map(|now| now.0),
        clock: status.clock,
        floor: status.floor.0,
        powered: status.powered_seconds,
        counts_uptime,
    })
}

/// The first difference between a device and the model.
pub fn difference(model: &Model, device: &mut Device) -> Option<String> {
    let time = match time_of(device) {
        Ok(time) => time,
        Err(error) => return Some(format!("no status: {}", error.name())),
    };
    let standings = device
        .resume(|engine| standings_differ(model, engine, &time))
        .unwrap_or_else(|error| Some(format!("closed: {}", error.name())));
    if standings.is_some() {
        return standings;
    }
    // Asking for features may store the time: that is done on a copy.
    let mut model = model.clone();
    model.tick(&time);
    let asked = device.clone().resume(|engine| answers_differ(&model, engine, &time));
    asked.unwrap_or_else(|error| Some(format!("closed: {}", error.name())))
}

fn standings_differ(model: &Model, engine: &mut Engine<'_>, time: &Time) -> Option<String> {
    let status = engine.status().expect("open");
    let lists = model.live.lists.iter().map(|list| list.number).max().unwrap_or(0);
    let seen = (status.condition, status.refusal, status.licenses as usize, status.lists as usize, status.list_number);
    let expected =
        (model.condition(), model.answer(time).refusal, model.live.licenses.len(), model.live.lists.len(), lists);
    if seen != expected {
        return Some(format!("status {seen:?}, expected {expected:?}"));
    }
    if status.refreshed_at.map_or(0, |time| time.0) != model.live.refreshed {
        return Some(format!("refreshed at {:?}, expected {}", status.refreshed_at, model.live.refreshed));
    }
    if status.request_pending != model.live.nonce.is_some() {
        return Some(format!("request pending: {}", status.request_pending));
    }
    for (number, verdict) in model.judge(time).iter().enumerate() {
        let held = &model.live.licenses[number];
        let status = engine.license_status(number).expect("open")?;
        let license = status.license.map(|genuine| (genuine.license().id.as_str(), genuine.license().serial));
        let decision = status.decision;
        let unix = |time: Option<UnixSeconds>| time.map(|time| time.0);
        let seen = (decision.refusal, decision.in_grace, unix(decision.expires_at), unix(decision.lease_until));
        let expected = (verdict.refusal, verdict.in_grace, verdict.expires_at, verdict.lease_until);
        if license != Some((held.spec.id, held.spec.serial)) || seen != expected {
            return Some(format!("license {number} {license:?} {seen:?}, expected {:?} {expected:?}", held.spec));
        }
        if decision.verdict.is_granted() != verdict.refusal.is_none()
            || unix(decision.grace_until) != verdict.grace_until
        {
            return Some(format!("license {number} {decision:?}, expected {verdict:?}"));
        }
        if unix(status.activated_at) != held.activated_at {
            return Some(format!("activated at {:?}, expected {:?}", status.activated_at, held.activated_at));
        }
    }
    None
}

fn answers_differ(model: &Model, engine: &mut Engine<'_>, time: &Time) -> Option<String> {
    let check = engine.check().expect("open").decision;
    let answer = model.answer(time);
    if (check.refusal, check.in_grace) != (answer.refusal, answer.in_grace) {
        return Some(format!("check {check:?}, expected {answer:?}"));
    }
    for name in FEATURES {
        let seen = engine.feature(name).expect("open").decision;
        let (refusal, feature) = model.feature(name, time);
        let expected = feature.map(|feature| (feature.right, feature.expires));
        let described = seen.feature.map(|feature| {
            let right = match feature.right {
                Right::Limit(most) => RightSpec::Limit(most),
                Right::Quota { amount, overage } => RightSpec::Quota { amount, overage },
                Right::Flag | Right::Text(_) | _ => RightSpec::Flag,
            };
            (right, feature.expires.map(|time| time.0))
        });
        if (seen.refusal, described) != (refusal, expected) {
            return Some(format!("feature {name} {:?} {described:?}, expected {refusal:?} {expected:?}", seen.refusal));
        }
        let (seen, expected) = (engine.meter(name), model.meter(name, time));
        if seen != expected {
            return Some(format!("meter {name} {seen:?}, expected {expected:?}"));
        }
    }
    None
}

/// What every look at the clock has to keep, whatever was before.
pub fn time_is_wrong(device: &Device, time: &Time) -> Option<String> {
    use lic2::ClockState::{Absent, Ahead, Behind, Corrected, Good, Unset};
    const DAY: u64 = 86_400;
    let reading = device.clock.reading;
    let good = match (reading.wall, time.clock) {
        (Wall::Absent, Absent) => time.now.is_none_or(|now| now == time.floor),
        (Wall::Unset, Unset) => time.now.is_none(),
        (Wall::Time(wall), Behind) => wall.0 + DAY < time.floor && time.now.is_none(),
        (Wall::Time(wall), Good) if time.floor == 0 => time.now == Some(wall.0),
        (Wall::Time(wall), Good) => wall.0 + DAY >= time.floor && wall.0 <= time.floor && time.now == Some(time.floor),
        (Wall::Time(wall), Ahead) => wall.0 > time.floor + 30 * DAY && time.now.is_some_and(|now| now >= wall.0),
        (Wall::Time(wall), Corrected) => wall.0 + DAY < time.floor && time.now.is_some_and(|now| now >= time.floor),
        (Wall::Unset, Corrected) => time.now.is_some_and(|now| now >= time.floor),
        _ => false,
    };
    (!good).then(|| format!("{reading:?} judged as {time:?}"))
}
