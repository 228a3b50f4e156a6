//! F: governance. Is the document in order, has the right person approved it, and does the report hold
//! everything that the standard asks for?
//!
//! F24, the safety officer's own statement, is not in the table that the other numbers come from.

pub(super) mod approval;
pub(super) mod content;
pub(super) mod document;
pub(super) mod giver;
pub(super) mod issue;
pub(super) mod issued;
pub(super) mod modification;
pub(super) mod plan;
pub(super) mod record;
pub(super) mod review;
pub(super) mod signatories;

/// Path of the Clinical Safety Officer's own statement.
pub(super) const STATEMENT: &str = "narrative/summary-safety-statement";
