//! Makes the spreadsheets of `samples/` from the readable files beside them.
//!
//! `cargo run --example make_samples` rewrites them in place; with a folder as its argument it writes the
//! same tree there instead. The workbooks are real ones, with formulas, validations and defined names, and
//! are the same to the byte each time: creation dates are those of the documents, not of the run.
//!
//! What the hazards say is in `samples/<case>/source/*.toml`. What is wrong with them on purpose is there
//! too, cell by cell, so that a fault can be read without opening a spreadsheet.

mod control_rows;
mod document_sheets;
mod fault;
mod hazard_log;
mod risk_matrix;
mod source;
mod style;
mod template;
mod tom;

use serde::de::DeserializeOwned;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Any failure ends the program: this is a tool of the repository, and its inputs are in the repository.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let target = env::args_os().nth(1).map_or_else(|| samples.clone(), PathBuf::from);

    for case in ["referral-hub", "faulty-log"] {
        let source = samples.join(case).join("source");
        let folder = made(target.join(case))?;
        let log = read(&source.join("hazard-log.toml"))?;
        save(hazard_log::workbook(&log)?, &folder.join("hazard-log.xlsx"))?;
        let sheet = read(&samples.join("tom-sheet.toml"))?;
        let answers = read(&source.join("tom.toml"))?;
        save(tom::workbook(&sheet, &answers)?, &folder.join("tom.xlsx"))?;
    }

    let log = read(&samples.join("control-rows/source/hazard-log.toml"))?;
    let folder = made(target.join("control-rows"))?;
    save(control_rows::workbook(&log)?, &folder.join("hazard-log.xlsx"))
}

fn made(folder: PathBuf) -> Outcome<PathBuf> {
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn read<T: DeserializeOwned>(path: &Path) -> Outcome<T> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn save(mut workbook: rust_xlsxwriter::Workbook, path: &Path) -> Outcome {
    workbook.save(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
