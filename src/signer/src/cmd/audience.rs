//! Which product a document is for, or every product.

use clap::Args;

use crate::check::check_product;
use crate::exit::Result;

/// One product, or every one that trusts the key.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Audience {
    /// Product id
    #[arg(long)]
    product: Option<String>,
    /// For every product that trusts the key
    #[arg(long)]
    every_product: bool,
}

impl Audience {
    /// The product id as a document has it; empty for every product.
    pub(super) fn product(&self) -> Result<&str> {
        let Some(product) = &self.product else { return Ok("") };
        check_product(product)?;
        Ok(product)
    }
}
