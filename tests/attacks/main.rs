//! What an attacker, a failing store or bad luck may do to a stored activation, and what must hold all the same. Every test
//! is named after that.

#[path = "../support/mod.rs"]
mod support;

mod clock;
mod counter;
mod edited;
mod lines;
mod lists;
mod meters;
mod room;
