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

pub mod archive;
pub mod compliance;
mod contents;
pub mod forms;
pub mod handover;
mod log;
pub mod manifest;
pub mod names;
pub mod nhs_numbers;
mod pack;
pub mod profile;
mod report;
mod role;
pub mod verify;

pub use manifest::{Manifest, Missing};
pub use pack::{GivenReport, Pack, PackError, PackRequest};
pub use profile::{Profile, ProfileError};
pub use role::Role;
