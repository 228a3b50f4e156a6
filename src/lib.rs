//! `cscr`, the Clinical Safety Case Report engine.
//!
//! ```text
//! case folder -> Case -> Assurance -> Typst source -> PDF/A-3a + PDF/UA-1
//!             intake  assurance    report
//! ```
//!
//! [`intake::folder::load`] reads a case folder, [`assure`] judges it, [`report::Engine`] makes the PDF. Without the
//! feature `report` there is no Typst, no PDF and no command: a program that only reads and judges cases builds in
//! a fraction of the time.
//! The library never prints, never exits, and reads neither the clock nor the environment.

pub mod assurance;
#[cfg(feature = "report")]
pub mod batch;
#[cfg(feature = "report")]
pub mod build;
pub mod case;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod export;
pub mod impact;
pub mod intake;
#[cfg(feature = "report")]
mod judged;
mod parallel;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "signature")]
pub mod signature;
#[cfg(feature = "report")]
pub mod signed_report;
pub mod signoff;
pub mod submission;
pub mod trace;
pub mod whole_file;

#[cfg(feature = "report")]
pub use judged::{assure, observations, subject};
