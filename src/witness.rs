//! What a check found to hold: the words that the signature check returns and policy carries to the verdict. They are
//! the verifier's, because no branch may be between the two.

pub(crate) use lic2_ed25519::Witness;
