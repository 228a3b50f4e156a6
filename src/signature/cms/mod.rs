//! CMS signatures (RFC 5652) as PAdES wants them: detached, with the signer's certificate among what is signed.
//!
//! [`sign`] makes CAdES-B, and with a time-stamping authority CAdES-T. [`verify`] says of such a signature, apart from
//! each other, who made it, what of it holds, and when it was there at the latest. Whether the signer can be trusted
//! is another question: see [`super::certificate`] and [`super::revocation`].

mod attributes;
mod build;
mod check;
pub(super) mod signed_data;
mod verify;

pub use build::{sign, sign_content};
pub use check::{Check, Checked, Outcome};
pub use verify::{CmsSignature, verify};

pub(super) use verify::verify_content;

#[cfg(test)]
mod interop;
#[cfg(test)]
mod tests;
