//! What goes to others with a case: the documents of a submission pack.
//!
//! Each document is made from the case and the verdict on it, and says no more than they do: a form is filled with the
//! answers that the case has ([`forms`]), a compliance sheet prints the clause table ([`compliance`]), a hand-over log
//! holds what the case transfers ([`handover`]).

pub mod compliance;
pub mod forms;
pub mod handover;
