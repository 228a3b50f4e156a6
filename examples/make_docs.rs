//! Writes the reference pages that are made from what the engine itself is made of: `cargo run --example make_docs`.
//!
//! One function of the library a page, so that no page can say anything else than the code does; tests hold the
//! files in the repository to them.

use cscr::assurance::clauses::reference;
use cscr::case::clause::ClauseTable;
use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, text) in pages() {
        let path = root.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Every page, by its path in the repository.
fn pages() -> Vec<(&'static str, String)> {
    vec![
        ("docs/checks.md", cscr::assurance::reference::checks()),
        ("src/data/DCB0129.md", reference::clauses(&ClauseTable::dcb0129())),
        ("src/data/DCB0160.md", reference::clauses(&ClauseTable::dcb0160())),
    ]
}
