//! Time-stamps (RFC 3161): somebody else's word that something was there at a time.

mod exchange;
mod token;

pub use exchange::{TimeStampAuthority, request};
pub use token::{TimeStamp, verify};

#[cfg(test)]
mod tests;
