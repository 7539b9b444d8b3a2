//! What is measured. The code is the usual one of the frozen vectors.

/// Everything the work needs that a product would keep in memory of its own.
pub(crate) struct Bench(inner::Bench);

impl Bench {
    pub(crate) fn new() -> Self {
        Self(inner::Bench::new())
    }

    #[inline(never)]
    pub(crate) fn good(&mut self) -> bool {
        self.0.run(core::hint::black_box(false))
    }

    #[inline(never)]
    pub(crate) fn forged(&mut self) -> bool {
        self.0.run(core::hint::black_box(true))
    }
}

/// A test key that everybody knows.
#[cfg(feature = "check")]
const ANCHOR: [u8; 32] = [
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9, 0x95, 0x47, 0x76,
    0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
];

#[cfg(feature = "check")]
mod inner {
    use core::hint::black_box;
    use lic2::{Code, Component, Facts, KeyRing, UnixSeconds, decide};

    const TEXT: &str = "LIC2C.AUMBAOpKbGMUUEwtMjAyNjExMTgtMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlwKXxDAFA2dIOAQEJCAcG\
        CQXB4F7_GS95WiIJYW5hbHl0aWNzBcB7dQ0IY2hhbm5lbHMBQAZleHBvcnQAACf_0QgXnzwwq2XKDXAxSBczxZX_vF\
        y5-cGuhGi1X4lkrnZ8DonFtZWIrfDs35GKgIqlSeHkMUYrlok0WGJVBAxmqCnP";

    pub(super) struct Bench {
        ring: KeyRing,
        memory: Code,
    }

    impl Bench {
        pub(super) fn new() -> Self {
            let Ok(ring) = KeyRing::new(&[super::ANCHOR]) else { panic!("a good anchor") };
            Self { ring, memory: Code::new() }
        }

        /// Whether the code permits, or the same for another anchor, under which it is a forgery.
        pub(super) fn run(&mut self, forged: bool) -> bool {
            let mut anchor = super::ANCHOR;
            if forged {
                // Another point of the curve under the same key id.
                anchor[31] ^= 0x80;
            }
            if self.ring.reset(&[black_box(anchor)]).is_err() {
                return forged;
            }
            let Ok(genuine) = self.memory.verify(&self.ring, black_box(TEXT.as_bytes())) else { return false };
            let facts = Facts {
                product: "vision-appliance",
                now: Some(UnixSeconds(1_800_000_000)),
                components: &[Component { kind: 5, value: b"2102312ABC0123456789" }],
                ..Facts::default()
            };
            decide(&genuine, black_box(&facts)).verdict.is_granted()
        }
    }
}

#[cfg(all(not(feature = "check"), any(feature = "signature", feature = "strict")))]
mod inner {
    use core::hint::black_box;

    /// Signed with the secret key of 32 times 7.
    const MESSAGE: &[u8; 150] = &[0x6C; 150];
    const SIGNATURE: [u8; 64] = *include_bytes!("signature.bin");
    const KEY: [u8; 32] = *include_bytes!("key.bin");

    pub(super) struct Bench;

    impl Bench {
        pub(super) const fn new() -> Self {
            Self
        }

        pub(super) fn run(&mut self, forged: bool) -> bool {
            let mut signature = SIGNATURE;
            signature[33] ^= u8::from(forged);
            verify(black_box(&KEY), black_box(MESSAGE), black_box(&signature))
        }
    }

    #[cfg(feature = "signature")]
    use lic2::verify_raw as verify;

    #[cfg(not(feature = "signature"))]
    fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        ed25519_dalek::VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
    }
}

#[cfg(not(any(feature = "check", feature = "signature", feature = "strict")))]
mod inner {
    pub(super) struct Bench;

    impl Bench {
        pub(super) const fn new() -> Self {
            Self
        }

        pub(super) fn run(&mut self, forged: bool) -> bool {
            !forged
        }
    }
}
