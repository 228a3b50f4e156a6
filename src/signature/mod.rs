//! Signatures: fields in a report, signing in them, and saying what signatures are worth.
//!
//! A signature is put under a finished PDF as an incremental update, so every revision that somebody signed stays in
//! the file byte for byte. It is PAdES: a CMS signature (RFC 5652) with the signer's certificate among the signed
//! attributes, over everything but its own bytes.
//!
//! Nothing here knows Typst, reads the clock or speaks to a network: what a signature looks like comes in as a
//! one-page PDF, the time as a value, and what stands behind a URL through a trait.

mod algorithm;
mod appearance;
pub mod certificate;
pub mod cms;
mod error;
pub mod fields;
pub mod identity;
pub mod long_term;
mod oid;
pub mod pdf;
mod permission;
mod plain;
mod raw;
pub mod revocation;
pub mod sign;
mod signer;
#[cfg(test)]
mod testing;
pub mod timestamp;
pub mod verify;

pub use algorithm::{AlgorithmFault, KeyKind};
pub use certificate::Certificate;
pub use error::SignatureError;
pub use signer::{DigestAlgorithm, SignatureAlgorithm, Signer};
pub use timestamp::TimeStampAuthority;
