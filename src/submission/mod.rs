//! A pack: one release's safety case as a zip archive, for somebody else.
//!
//! ```text
//! case folder, profile -> documents by role -> names -> manifest, sums -> zip
//!                         contents             names    manifest          archive
//! zip -> structure -> every hash -> signatures -> log against report -> profile
//!        archive      verify
//! ```
//!
//! What is missing is named and makes the pack a DRAFT; what is wrong (a report of another case, a broken signature, a
//! patient's number) makes none. The same inputs give the same bytes. `cscr pack --verify` believes nothing that a pack
//! says of itself but what its own bytes bear out.
//!
//! The documents that need no Typst ([`forms`], [`compliance`], [`handover`]) are there without the feature `report` too.

pub mod compliance;
pub mod forms;
pub mod handover;

#[cfg(feature = "report")]
pub mod archive;
#[cfg(feature = "report")]
mod contents;
#[cfg(feature = "report")]
mod log;
#[cfg(feature = "report")]
pub mod manifest;
#[cfg(feature = "report")]
pub mod names;
#[cfg(feature = "report")]
pub mod nhs_numbers;
#[cfg(feature = "report")]
mod pack;
#[cfg(feature = "report")]
pub mod profile;
#[cfg(feature = "report")]
mod report;
#[cfg(feature = "report")]
mod role;
#[cfg(feature = "report")]
pub mod verify;

#[cfg(feature = "report")]
pub use manifest::{Manifest, Missing};
#[cfg(feature = "report")]
pub use pack::{GivenReport, Pack, PackError, PackRequest};
#[cfg(feature = "report")]
pub use profile::{Profile, ProfileError};
#[cfg(feature = "report")]
pub use role::Role;
