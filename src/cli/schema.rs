//! `cscr schema`: JSON Schemas of the files of a case, for editors.

use super::{Failure, Outcome, output, terminal};
use crate::intake::schema::{FILES, FileKind};
use crate::submission::profile;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Kind of file, such as `case`; without any, the kinds are listed
    #[arg(value_parser = kind, conflicts_with = "all")]
    name: Option<&'static FileKind>,
    /// Write all schemas into a folder
    #[arg(long, value_name = "FOLDER")]
    all: Option<PathBuf>,
}

/// Those of a case, and the profile of a recipient.
fn kinds() -> impl Iterator<Item = &'static FileKind> {
    FILES.iter().chain([&profile::FILE])
}

fn kind(name: &str) -> Result<&'static FileKind, String> {
    kinds().find(|kind| kind.name == name).ok_or_else(|| {
        let known: Vec<&str> = kinds().map(|kind| kind.name).collect();
        format!("there are schemas for {}", known.join(", "))
    })
}

impl Schema {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        if let Some(folder) = &self.all {
            for kind in kinds() {
                let path = folder.join(kind.file_name());
                output::write_whole(&path, text(kind).as_bytes())?;
                if !quiet {
                    terminal::say(&format!("wrote {}", path.display()));
                }
            }
            return Ok(Outcome::Done);
        }
        match self.name {
            Some(kind) => terminal::print(&text(kind))?,
            None => terminal::print(&list())?,
        }
        Ok(Outcome::Done)
    }
}

fn text(kind: &FileKind) -> String {
    format!("{:#}\n", kind.schema())
}

fn list() -> String {
    let rows: Vec<Vec<String>> =
        kinds().map(|kind| vec![kind.name.to_owned(), kind.file.to_owned(), kind.what.to_owned()]).collect();
    let mut page = terminal::table(&["Name", "File", "What it holds"], &rows);
    page +=
        "`cscr schema NAME` prints the schema of a file, `cscr schema --all FOLDER` writes all of them.\n";
    page
}
