//! Every status of the library: the Rust enum, the C constants, the texts and the docs come from one table.
//!
//! Numbers are append-only and never reused. Ranges: 0 ok, 100 caller errors, 200 text and format,
//! 300 authenticity, 400 policy, 500 platform, 900 a bug in the library.

/// Calls `$callback!` with the whole status table: `(number, Variant, "NAME", "text", "advice")` rows.
#[doc(hidden)]
#[macro_export]
macro_rules! for_each_status {
    ($callback:ident) => {
        $callback! {
            (101, NullPointer, "NULL_POINTER", "a required pointer is NULL",
             "pass the address of an object; only (NULL, 0) stands for empty data")
            (102, StructSize, "STRUCT_SIZE", "struct_size is smaller than the first version of the struct",
             "clear the struct with LIC2_INIT before filling it in")
            (103, StructTooNew, "STRUCT_TOO_NEW", "the struct has fields that this library does not know",
             "link the library that belongs to the header")
            (104, InvalidArgument, "INVALID_ARGUMENT", "an argument is outside its documented range",
             "compare the arguments with the limits in the header")
            (105, NotInitialized, "NOT_INITIALIZED", "the key ring, license or engine was not set up by a call that succeeded",
             "check the status of lic2_keyring_init, lic2_code_verify or lic2_engine_open before using its result")
            (106, KeyInvalid, "KEY_INVALID", "an anchor is not a usable Ed25519 public key",
             "copy the key again from lic2-signer pubkey")
            (107, KeyDuplicate, "KEY_DUPLICATE", "the key ring already contains this key",
             "list each key only once")
            (108, KeyringFull, "KEYRING_FULL", "the key ring is full",
             "remove keys that are no longer used")
            (109, BufferTooSmall, "BUFFER_TOO_SMALL", "the buffer is too small for the result",
             "pass a larger buffer: as many bytes as the returned length, for a text one more")
            (110, FeatureKind, "FEATURE_KIND", "this call does not work on a feature of this type",
             "consume quotas and acquire seats of limits; check the feature's type")
            (111, TableInvalid, "TABLE_INVALID", "the anchor table is damaged or has a format that this library does not read",
             "regenerate it with lic2-signer pubkey of the same version, and compile it in unchanged")
            (112, TableKey, "TABLE_KEY", "the anchor table is for a key that is not an anchor of this key ring",
             "generate the table from the anchor itself; set up the key ring before its tables")
            (113, EngineBusy, "ENGINE_BUSY", "the engine is used in one of its own callbacks, or a callback never returned",
             "let callbacks return before the engine is used again; after longjmp or an exception out of one open the engine again")
            (201, TextEmpty, "TEXT_EMPTY", "there is no text",
             "paste the authorization code")
            (202, TextTooLong, "TEXT_TOO_LONG", "the text is longer than any code",
             "paste the authorization code alone")
            (203, TextPrefix, "TEXT_PREFIX", "the text does not begin with LIC2",
             "copy the authorization code starting with LIC2, and nothing before it")
            (204, TextCharacter, "TEXT_CHARACTER", "the text contains a character that cannot be part of a code",
             "copy the authorization code alone, without the words or punctuation around it")
            (205, TextSeveral, "TEXT_SEVERAL", "the text contains more than one code",
             "paste a single authorization code, only once")
            (206, TextDamaged, "TEXT_DAMAGED", "characters of the code are missing or changed",
             "copy the authorization code again, complete")
            (207, DocumentKind, "DOCUMENT_KIND", "this is a different kind of document than expected here",
             "enter it where that kind of document is expected, or paste an authorization code")
            (208, FormatVersion, "FORMAT_VERSION", "this product is too old for the document's format",
             "update the product")
            (209, FormatAlgorithm, "FORMAT_ALGORITHM", "this product is too old for the document's signature algorithm",
             "update the product")
            (210, FormatEnvelope, "FORMAT_ENVELOPE", "the document's outer structure is not valid",
             "ask the seller for a new code")
            (211, PayloadMalformed, "PAYLOAD_MALFORMED", "the signed content cannot be decoded",
             "ask the seller for a new code")
            (212, PayloadNotCanonical, "PAYLOAD_NOT_CANONICAL", "the signed content is not in its canonical encoding",
             "ask the seller for a new code")
            (213, PayloadValue, "PAYLOAD_VALUE", "a value in the signed content is outside its limits",
             "ask the seller for a new code")
            (214, ExtensionUnknown, "EXTENSION_UNKNOWN", "this product is too old for an extension that the document requires",
             "update the product")
            (301, KeyUnknown, "KEY_UNKNOWN", "the code is signed with a key that this product does not trust",
             "check that the code is for this product; ask the seller for a code that includes its issuer certificate")
            (302, SignatureInvalid, "SIGNATURE_INVALID", "the signature does not match the content: the seller did not issue this code",
             "ask the seller for a genuine code")
            (303, CertificateUntrusted, "CERTIFICATE_UNTRUSTED", "the issuer certificate is signed with a key that this product does not trust",
             "check that the code is for this product, or update the product")
            (304, CertificateSignature, "CERTIFICATE_SIGNATURE", "the issuer certificate's signature is not valid",
             "ask the seller for a genuine code")
            (305, CertificateInvalid, "CERTIFICATE_INVALID", "the issuer certificate contains another one, is too long, or is not for the signing key",
             "ask the seller for a new code")
            (306, IssuerKind, "ISSUER_KIND", "the issuer may not sign this kind of document",
             "ask the seller for a code from another issuer")
            (307, IssuerDate, "ISSUER_DATE", "the code was issued outside the issuer certificate's validity",
             "ask the seller for a new code from a current issuer")
            (308, IssuerScope, "ISSUER_SCOPE", "the issuer may not sign codes for this product",
             "ask the seller for a code from another issuer")
            (309, IssuerTerm, "ISSUER_TERM", "the license lasts longer than its issuer may grant",
             "ask the seller for a code from another issuer")
            (310, IssuerTestOnly, "ISSUER_TEST_ONLY", "the issuer may sign test codes only",
             "ask the seller for a code from a production issuer")
            (311, IssuerRevoked, "ISSUER_REVOKED", "the key that signed the document has been revoked",
             "ask the seller for a new code from a current issuer")
            (312, IssuerUnsupported, "ISSUER_UNSUPPORTED", "the document carries an issuer certificate, and this product trusts only its anchors",
             "ask the seller for a code that is signed with an anchor")
            (401, ProductMismatch, "PRODUCT_MISMATCH", "the code is for another product",
             "enter the code in the product it was bought for")
            (402, TestCode, "TEST_CODE", "this is a test code, and this product does not accept test codes",
             "use a code from a real order")
            (403, VersionNotCovered, "VERSION_NOT_COVERED", "the license does not cover this version of the product",
             "install a covered version or buy an upgrade")
            (404, MaintenanceEnded, "MAINTENANCE_ENDED", "this build is newer than the end of the license's maintenance",
             "install an earlier build or renew maintenance")
            (405, DeviceMismatch, "DEVICE_MISMATCH", "the code is for another device",
             "enter the code on the device it was issued for, or ask the seller to move it")
            (406, NotYetValid, "NOT_YET_VALID", "the license has not started yet",
             "wait for its start date; check the device's clock")
            (407, Expired, "EXPIRED", "the license has expired",
             "renew the license and enter the new code")
            (408, LeaseOverdue, "LEASE_OVERDUE", "the license is overdue for a refresh",
             "enter the seller's latest code or other signed document")
            (409, FeatureUnknown, "FEATURE_UNKNOWN", "the license does not contain this feature",
             "buy the feature and enter the new code")
            (410, FeatureExpired, "FEATURE_EXPIRED", "the feature has expired",
             "renew the feature and enter the new code")
            (411, BaseMissing, "BASE_MISSING", "the code is an add-on, and no license for the product itself is granted",
             "enter the code of the product itself as well")
            (412, NotActivated, "NOT_ACTIVATED", "no license is activated on this device",
             "enter the authorization code")
            (413, CodeOlder, "CODE_OLDER", "a later issue of this license is already activated",
             "use the latest code; if it is lost, the activated issue stays valid")
            (414, CodeConflict, "CODE_CONFLICT", "a different code of this license with the same serial is already activated",
             "ask the seller for a code with a higher serial")
            (415, LicenseReturned, "LICENSE_RETURNED", "this device has returned the license",
             "ask the seller for a new code for this device")
            (416, LicenseReleased, "LICENSE_RELEASED", "the seller has released the license from this device",
             "enter the license's new code, or buy one")
            (417, LicenseFrozen, "LICENSE_FROZEN", "the seller has frozen the license",
             "contact the seller, and enter the seller's next document")
            (418, LicenseRefunded, "LICENSE_REFUNDED", "the license was refunded",
             "buy a license and enter its code")
            (419, LicenseReplaced, "LICENSE_REPLACED", "the license was replaced by a later issue",
             "enter the latest code of this license")
            (420, ListOlder, "LIST_OLDER", "a later revocation list is already stored",
             "no action needed: the later list stays in force")
            (421, ListConflict, "LIST_CONFLICT", "a different revocation list with the same number is already stored",
             "ask the seller for a list with a higher number")
            (422, UnlockMismatch, "UNLOCK_MISMATCH", "the unlock does not answer this device's pending request",
             "create a request on this device and send it to the seller; an unlock works once")
            (423, LicenseUnknown, "LICENSE_UNKNOWN", "this license is not activated on this device",
             "compare the license id with the list of activated licenses")
            (424, QuotaExhausted, "QUOTA_EXHAUSTED", "not enough of the quota is left",
             "buy more and enter the new code")
            (425, SeatsTaken, "SEATS_TAKEN", "all seats of the feature are taken",
             "release a seat, wait until a lease ends, or buy more")
            (426, RightUnknown, "RIGHT_UNKNOWN", "this product is too old for the way in which the license grants this feature",
             "update the product")
            (427, ListPartMissing, "LIST_PART_MISSING", "the part of the revocation list for this license is missing",
             "ask the seller for that part, and enter it before you enter the code again")
            (501, TimeUnknown, "TIME_UNKNOWN", "the license depends on the time, and the time is not known",
             "set the device's clock")
            (502, ClockBehind, "CLOCK_BEHIND", "the clock shows a time that is certainly past",
             "set the device's clock")
            (503, ActivationUnknown, "ACTIVATION_UNKNOWN", "the license counts from its activation, and that time is not known",
             "pass the time of the first activation")
            (504, PoweredHoursUnknown, "POWERED_HOURS_UNKNOWN", "the license counts powered-on hours, and they are not known",
             "pass the powered-on hours since activation")
            (505, ProductUnknown, "PRODUCT_UNKNOWN", "the application did not pass its product id",
             "pass the product id")
            (506, VersionUnknown, "VERSION_UNKNOWN", "the license covers certain versions, and the application did not pass its version",
             "pass the product version")
            (507, BuildTimeUnknown, "BUILD_TIME_UNKNOWN", "the license covers builds up to a date, and the application did not pass its build time",
             "pass the build time")
            (508, DeviceUnknown, "DEVICE_UNKNOWN", "the license is bound to a device, and this device's identity is not known",
             "pass the identity components or the device key")
            (509, ClockUnset, "CLOCK_UNSET", "the license depends on the time, and the device's clock is not set",
             "set the device's clock or enter a time token")
            (510, StoreRead, "STORE_READ", "the stored activation could not be read",
             "try again; check the storage of the device")
            (511, StoreWrite, "STORE_WRITE", "the activation could not be stored",
             "try again; check the storage of the device: space, permissions, wear")
            (512, StateCorrupt, "STATE_CORRUPT", "the stored activation is damaged",
             "enter the authorization code again")
            (513, StateForeign, "STATE_FOREIGN", "the stored activation belongs to another device or product",
             "enter the authorization code of this device")
            (514, StateTooNew, "STATE_TOO_NEW", "the stored activation was written by a later version of the product",
             "update the product; the stored activation is unchanged")
            (515, StateRolledBack, "STATE_ROLLED_BACK", "the stored activation was replaced by an earlier copy or removed",
             "send a request to the seller and enter the unlock")
            (516, StateFull, "STATE_FULL", "the stored activation has no room for more",
             "return licenses that are no longer used")
            (517, CounterFailed, "COUNTER_FAILED", "the device's monotonic counter does not work",
             "try again; check the counter of the device")
            (518, SigningFailed, "SIGNING_FAILED", "signing with the device's key failed",
             "try again; check the secure element or key of the device")
            (519, StateTooOld, "STATE_TOO_OLD", "the stored activation has a draft format that no released version reads",
             "delete the stored activation and enter the authorization code again")
            (901, SelftestFailed, "SELFTEST_FAILED", "the library computes wrong results on this machine",
             "do not ship this build: report the compiler, its options and the processor")
        }
    };
}

macro_rules! make_error {
    ($(($number:literal, $variant:ident, $name:literal, $text:literal, $advice:literal))+) => {
        /// Why a call failed or a license was refused. The number is the C status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(i32)]
        #[non_exhaustive]
        pub enum Error {
            $(#[doc = concat!($number, ": ", $text, ".")] $variant = $number,)+
        }

        impl Error {
            /// Every error, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable number, equal to the C constant.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self { $(Self::$variant => $number,)+ }
            }

            /// The stable name, without the C prefix `LIC2_STATUS_`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// One sentence that says what is wrong, lower case, without a full stop.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// What to do about it, lower case, without a full stop.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)+ }
            }

            /// The error with this number.
            #[must_use]
            pub const fn from_number(number: i32) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

for_each_status!(make_error);

/// A result where it stands. The values of some are hundreds of bytes; taken out of their results, they would be copied.
pub(crate) fn in_place<T>(result: &Result<T, Error>) -> Result<&T, Error> {
    result.as_ref().map_err(|error| *error)
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn numbers_ascend_and_lead_back() {
        for pair in Error::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number());
        }
        for error in Error::ALL {
            assert_eq!(Error::from_number(error.number()), Some(*error));
        }
        assert_eq!(Error::from_number(0), None);
        assert_eq!(Error::from_number(999), None);
    }

    #[test]
    fn texts_are_one_lower_case_sentence_without_full_stop() {
        for error in Error::ALL {
            for text in [error.text(), error.advice()] {
                assert!(!text.ends_with('.') && text.len() > 10, "{text}");
            }
        }
    }
}
