//! Writes the pages of `docs/` that are made from the code: `cargo run --example make_docs`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    write("docs/checks.md", &cscr::assurance::reference::checks())
}

fn write(page: &str, text: &str) -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}
