//! A list that does not fit into one text: split into parts by the hashes of the licenses, each as full as possible.

use lic2::limits::REVOKED_LICENSES_MAX;
use lic2::seal::seal_revocation_list;
use lic2::{Coverage, Error, Part, RevokedLicense};

use super::RevocationContent;
use crate::exit::{Failure, Result};
use crate::sealing::Sealer;

/// How many parts there may be for each length of that number in a document.
const PARTS_MAX: [u16; 3] = [0x7f, 0x3fff, u16::MAX];

impl RevocationContent {
    /// The list as it is if one text of this sealer holds it, and otherwise its parts, in order.
    ///
    /// # Errors
    /// Exit code 1 for what cannot be cut: a list for one customer, or one that revokes issuers.
    pub fn parts(self, sealer: &Sealer) -> Result<Vec<Self>> {
        // What is wrong beside the length, signing says.
        if self.fits(sealer).unwrap_or(true) {
            return Ok(vec![self]);
        }
        if self.coverage == Coverage::Named {
            return Err(Failure::usage(format!(
                "{} licenses are too many for a list for one customer, which is a single text",
                self.licenses.len()
            ))
            .hint(
                "create the general list: it comes in parts, and --license or --request prints the one that a \
                 device needs; or name the licenses of one device with --customer-cut",
            ));
        }
        if !self.issuers.is_empty() {
            return Err(Failure::usage("a list in parts revokes no issuers, and this one does not fit into one text")
                .hint("put the issuers into a list of another --series"));
        }
        for most in PARTS_MAX {
            if let Some(mut parts) = self.cut(sealer, most)? {
                let count = u16::try_from(parts.len()).map_err(|_| Failure::internal("too many parts"))?;
                for part in &mut parts {
                    if let Coverage::Part(part) = &mut part.coverage {
                        part.parts = count;
                    }
                }
                return Ok(parts);
            }
        }
        Err(Failure::usage(format!("{} licenses are too many for one list", self.licenses.len()))
            .hint("split them by --series"))
    }

    /// The parts, if there are at most so many.
    fn cut(&self, sealer: &Sealer, most: u16) -> Result<Option<Vec<Self>>> {
        let (mut parts, mut rest, mut first) = (Vec::new(), self.licenses.as_slice(), 0);
        for part in 1..=most {
            let cut = |count: usize| {
                let (licenses, behind) = rest.split_at_checked(count)?;
                let last = behind.first().map_or(u16::MAX, |license| beginning(license).wrapping_sub(1));
                let coverage = Coverage::Part(Part { part, parts: most, first, last });
                Some((Self { coverage, licenses: licenses.to_vec(), ..self.without_licenses() }, behind, last))
            };
            // Licenses whose hashes begin alike stay together.
            let is_end = |count: &usize| {
                rest.get(count.wrapping_sub(1)).map(beginning) != rest.get(*count).map(beginning)
                    && *count <= rest.len()
            };
            let ends: Vec<usize> = (1..=REVOKED_LICENSES_MAX).filter(is_end).collect();
            let fits = |count: &usize| cut(*count).is_some_and(|(part, ..)| part.fits(sealer).unwrap_or(true));
            let count = ends.partition_point(fits).checked_sub(1).and_then(|index| ends.get(index));
            let Some((content, behind, last)) = count.and_then(|count| cut(*count)) else {
                let hash = rest.first().map_or(0, beginning);
                return Err(Failure::usage(format!(
                    "the licenses whose hashes begin with {hash:04x} do not fit into one part"
                ))
                .hint("split the list by --series"));
            };
            parts.push(content);
            if behind.is_empty() {
                return Ok(Some(parts));
            }
            (rest, first) = (behind, last.wrapping_add(1));
        }
        Ok(None)
    }

    fn without_licenses(&self) -> Self {
        Self { product: self.product.clone(), issuers: self.issuers.clone(), licenses: Vec::new(), ..*self }
    }

    /// Whether one text of this sealer holds it. Nothing is signed.
    fn fits(&self, sealer: &Sealer) -> std::result::Result<bool, Error> {
        // The library asks for a signature when everything else is good, the length too.
        let mut is_asked = false;
        let sign = |_: &[u8]| {
            is_asked = true;
            [0; 64]
        };
        match seal_revocation_list(&self.draft(), &sealer.key().public(), sealer.carried(), sign) {
            Err(error) if !is_asked && error != Error::PayloadValue => Err(error),
            Ok(_) | Err(_) => Ok(is_asked),
        }
    }
}

/// The first two bytes of the hash, which decide the part.
const fn beginning(license: &RevokedLicense) -> u16 {
    let [high, low, ..] = license.id;
    u16::from_be_bytes([high, low])
}
