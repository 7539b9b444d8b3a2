//! Structs as C code has them before a call.

/// A struct of zeros that says its size, as LIC2_INIT leaves it.
macro_rules! init {
    ($type:ty) => {{
        // SAFETY: integers, pointers and callbacks that may be NULL.
        let mut value: $type = unsafe { core::mem::zeroed() };
        value.struct_size = u32::try_from(core::mem::size_of::<$type>()).unwrap();
        value
    }};
}

/// An output that grants, and is full of what nobody put there.
macro_rules! granted {
    ($type:ty) => {{
        // SAFETY: integers.
        let mut value: $type = unsafe { core::mem::transmute([0x5A_u8; core::mem::size_of::<$type>()]) };
        value.struct_size = u32::try_from(core::mem::size_of::<$type>()).unwrap();
        (value.verdict, value.verdict_check) = (crate::expected::GRANTED, crate::expected::DENIED);
        value
    }};
}
