//! Setters of the structs that may get further fields. Outside the crate these are built by constructor and setters,
//! which continues to compile when they do.

/// Setters by value, in an `impl`. `with_name = (name: T)` stores what it is given, `with_name = Some(name: T)` stores it as
/// `Some`.
macro_rules! setters {
    ($($setter:ident = $($some:ident)? ($field:ident: $type:ty)),+ $(,)?) => {$(
        #[doc = concat!("The same with this [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
        #[inline]
        #[must_use]
        pub const fn $setter(mut self, $field: $type) -> Self {
            self.$field = $($some)? ($field);
            self
        }
    )+};
}

pub(crate) use setters;
