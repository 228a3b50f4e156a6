//! `cscr`, the Clinical Safety Case Report engine.
//!
//! ```text
//! case folder -> Case -> findings -> Typst source -> PDF/A-3a + PDF/UA-1
//!             intake   assurance   report
//! ```

pub mod assurance;
pub mod case;
pub mod intake;
pub mod report;
