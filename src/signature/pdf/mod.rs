//! PDF files as signing needs them: single objects of the last revision, and changes put behind the old bytes.
//!
//! A signed PDF is a row of revisions. Each is the one before it, byte for byte, followed by the objects that changed,
//! a table of where they are, and a trailer that says where the table before it is. So [`Document`] reads the tables
//! and no object before somebody asks for it, which takes milliseconds for a report of 150 pages, and [`Update`]
//! writes what comes behind.
//!
//! Reading is strict, because a signature is worth nothing where two readers see two documents in the same bytes. The
//! tables are the classic ones, byte by byte; every object lies in the bytes of its own revision; nothing is repaired.
//! Where a signature is judged, [`Document::check_layout`] also refuses what lies beside the objects or hides in them.
//! What some other program has saved in another form is refused with the reason.

mod attachment;
mod document;
mod layout;
mod object;
mod parse;
mod table;
mod text;
mod tree;
mod update;
mod write;

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

pub use document::{Document, Entry, Objects, Revision};
pub use object::{Dict, Object, Reference, Stream};
pub use parse::from_hex;
pub use text::{date, text, words};
pub use tree::{Leaf, leaves, number};
pub use update::{Hole, Update};
