//! Makes a synthetic case of any size, to measure with: `cargo run --example make_case -- 100 DIR [plain]`.
//!
//! Every hazard has causes, controls of three kinds, evidence, an item of the risk assessment, and a paragraph of the
//! narrative that cites it: four causes and sixteen controls, or with `plain` two and three, as most logs have.

#[path = "synthetic/case.rs"]
mod case;

use case::{Density, Edit, write};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (hazards, folder, density) = match words[..] {
        [hazards, folder] => (hazards, folder, Density::Dense),
        [hazards, folder, "plain"] => (hazards, folder, Density::Plain),
        _ => return Err("usage: make_case HAZARDS DIR [plain]".into()),
    };
    write(Path::new(folder), hazards.parse()?, density, Edit::default())
}
