//! Which strings may stand in a document.

/// Whether `text` can name something: 1 to `most` printable ASCII characters without space.
pub(crate) fn is_identifier(text: &str, most: usize) -> bool {
    !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether `text` can be shown: 1 to `most` bytes of UTF-8 without ASCII control characters.
pub(crate) fn is_text(text: &str, most: usize) -> bool {
    !text.is_empty() && text.len() <= most && !text.bytes().any(|byte| byte.is_ascii_control())
}
