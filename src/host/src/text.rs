//! A text of bounded length in memory of its own.

#[cfg(unix)]
use core::ffi::CStr;

use lic2::limits::COMPONENT_VALUE_MAX;

use crate::error::{Cause, HostError};

/// The value of a component, with a NUL.
pub(crate) type Value = Text<{ COMPONENT_VALUE_MAX + 1 }>;

/// At most `N` − 1 bytes without a NUL, with a NUL behind them.
#[derive(Clone, Copy)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// The parts behind one another.
    pub(crate) fn of(parts: &[&[u8]]) -> Result<Self, HostError> {
        let mut text = Self::new();
        for part in parts {
            text.push(part)?;
        }
        Ok(text)
    }

    pub(crate) fn push(&mut self, part: &[u8]) -> Result<(), HostError> {
        let refused = HostError::of(Cause::Argument);
        let end = self.length.checked_add(part.len()).filter(|end| *end < N).ok_or(refused)?;
        if part.contains(&0) {
            return Err(refused);
        }
        self.bytes.get_mut(self.length..end).ok_or(refused)?.copy_from_slice(part);
        self.length = end;
        Ok(())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// For the system. The NUL that ends it is always inside `bytes`.
    #[cfg(unix)]
    pub(crate) fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }
}

/// The text may be personal data.
impl<const N: usize> core::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} bytes", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_keeps_room_for_its_nul() {
        let mut text = Text::<4>::of(&[b"a", b"bc"]).expect("three bytes");
        assert_eq!(text.as_c_str().to_bytes(), b"abc");
        assert!(text.push(b"d").is_err());
        assert_eq!(text.as_bytes(), b"abc");
        assert!(Text::<4>::of(&[b"\0"]).is_err());
    }
}
