//! What a class of license is called.

use lic2::Class;

/// The name of a class, as flags and JSON have it.
#[must_use]
pub const fn class_name(class: Class) -> &'static str {
    match class {
        Class::Commercial => "commercial",
        Class::Trial => "trial",
        Class::Test => "test",
        Class::NotForResale => "nfr",
    }
}
