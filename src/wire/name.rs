//! Which strings a document may contain.

use crate::limits::ID_MAX;

/// Whether `text` can name something: 1 to `most` printable ASCII characters without space.
#[inline(never)]
pub(crate) fn is_identifier(text: &[u8], most: usize) -> bool {
    !text.is_empty() && text.len() <= most && text.iter().all(u8::is_ascii_graphic)
}

/// Whether `text` can name a product: an identifier of at most 64 bytes that does not end in `*`, which in the scope
/// of an issuer stands for every continuation.
pub(crate) fn is_product(text: &[u8]) -> bool {
    is_identifier(text, ID_MAX) && !is_pattern(text)
}

/// Whether an identifier is no product's but a pattern of products.
pub(crate) fn is_pattern(identifier: &[u8]) -> bool {
    identifier.last() == Some(&b'*')
}

/// Whether `text` can be shown: 1 to `most` bytes of UTF-8 without ASCII control characters.
#[inline(never)]
pub(crate) fn is_text(text: &[u8], most: usize) -> bool {
    !text.is_empty() && text.len() <= most && !text.iter().any(u8::is_ascii_control)
}

/// Whether `text` can name the product that a document is about, or, empty, stand for every product.
pub(crate) fn is_product_or_every(text: &[u8]) -> bool {
    text.is_empty() || is_product(text)
}
