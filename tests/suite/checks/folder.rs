//! A case that is held as TOML, written as the case folder that a user would have, read and judged.

use crate::workbooks::{Outcome, control_rows, fault, hazard_log, tom};
use cscr::assurance::Assurance;
use cscr::assurance::check::{Examined, Group};
use cscr::assurance::examined::Content;
use cscr::assurance::finding::Finding;
use cscr::assurance::judgement::judge_case;
use cscr::assurance::text::Texts;
use cscr::case::approval::ApprovedDocument;
use cscr::case::digest::canonical_json;
use cscr::case::observation::Observation;
use cscr::case::snapshot;
use cscr::intake::LoadedCase;
use cscr::intake::folder::load;
use cscr::intake::workbook::Limits;
use cscr::report::FontSet;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use toml::{Table, Value};

/// In an approval and in the history, stands for the digest of the document as it is; `(current) case` for the path of
/// the copy of the case as it is.
const CURRENT: &str = "(current)";

/// A case folder as it was read and judged.
pub struct Judged {
    pub assurance: Assurance,
    pub loaded: LoadedCase,
    observations: Vec<Observation>,
}

impl Judged {
    /// What these checks find, as if there were no others.
    pub fn by(&self, groups: &[Group]) -> Vec<Finding> {
        let subject = cscr::subject(&self.loaded, &self.observations);
        judge_case(groups, &Examined::of(&subject, Content::of(subject.case))).findings
    }
}

/// Writes the case folder, loads it and judges it.
pub fn judged(case: Table) -> Outcome<Judged> {
    let folder = tempfile::tempdir()?;
    let mut case = case;
    let approvals = case.remove("approvals");
    let history = case.remove("history");
    write(folder.path(), case)?;
    let judged = judge(folder.path())?;
    if approvals.is_none() && history.is_none() {
        return Ok(judged);
    }
    let json = canonical_json(&judged.loaded.case);
    let kept = snapshot::address(&json);
    write_file(&folder.path().join(&kept), &json)?;
    let current = |content: &Value| -> Outcome<String> {
        let mut text = toml::to_string(content)?.replace(&format!("{CURRENT} case"), &kept);
        for document in ApprovedDocument::ALL {
            let digest = judged.assurance.digests.document(document);
            text = text.replace(&format!("\"{CURRENT} {}\"", document.key()), &format!("\"{digest}\""));
        }
        Ok(text)
    };
    if let Some(approvals) = approvals {
        write_file(&folder.path().join("approvals.toml"), &current(&approvals)?)?;
    }
    for (version, issue) in history.map(table).transpose()?.unwrap_or_default() {
        let path = folder.path().join("history").join(version).join("issue.toml");
        write_file(&path, &current(&issue)?)?;
    }
    judge(folder.path())
}

fn judge(folder: &Path) -> Outcome<Judged> {
    let loaded = load(folder, None, &Limits::default())?;
    let texts = Texts::of_case(&loaded.case);
    let observations = cscr::observations(&loaded, &texts, &FontSet::embedded());
    let assurance = cscr::assurance::assure(&cscr::subject(&loaded, &observations));
    Ok(Judged { assurance, loaded, observations })
}

/// Each table is an input: a file of its name, except where a case folder has it otherwise.
fn write(folder: &Path, inputs: Table) -> Outcome {
    let mut manifest = Table::new();
    let mut named = Table::new();
    for (input, content) in inputs {
        let path = match input.as_str() {
            "case" => {
                manifest = table(content)?;
                continue;
            }
            "files" => {
                write_texts(folder, table(content)?, "")?;
                continue;
            }
            "log" => {
                let name = manifest.get("inputs").and_then(|inputs| inputs.get("hazard_log"));
                let name = name.and_then(Value::as_str).unwrap_or("hazard-log.xlsx").to_owned();
                let mut workbook = hazard_log::workbook(&reread(&content)?)?;
                fs::write(folder.join(&name), without_unsaved(&workbook.save_to_buffer()?)?)?;
                named.insert("hazard_log".to_owned(), name.into());
                continue;
            }
            "control_rows" => {
                let mut workbook = control_rows::workbook(&reread(&content)?)?;
                workbook.save(folder.join("control-rows.xlsx"))?;
                named.insert("hazard_log".to_owned(), "control-rows.xlsx".into());
                continue;
            }
            // Sheets of plain texts, such as the hazard logs of other organisations.
            "sheets" => {
                for (file, rows) in table(content)? {
                    sheet_of(&rows.try_into::<Vec<Vec<String>>>()?)?.save(folder.join(file))?;
                }
                continue;
            }
            "tom_workbook" => {
                tom_workbook(table(content)?)?.save(folder.join("tom.xlsx"))?;
                named.insert("tom".to_owned(), "tom.xlsx".into());
                continue;
            }
            "psa" => {
                for (id, session) in table(content)? {
                    write_file(&folder.join("psa").join(format!("{id}.toml")), &toml::to_string(&session)?)?;
                }
                "psa".to_owned()
            }
            "narrative" => {
                write_texts(&folder.join("narrative"), table(content)?, ".md")?;
                "narrative".to_owned()
            }
            name => {
                let path = format!("{}.toml", name.replace('_', "-"));
                write_file(&folder.join(&path), &toml::to_string(&content)?)?;
                path
            }
        };
        named.insert(input, path.into());
    }
    name_inputs(&mut manifest, named)?;
    write_file(&folder.join("case.toml"), &toml::to_string(&manifest)?)
}

fn sheet_of(rows: &[Vec<String>]) -> Outcome<rust_xlsxwriter::Workbook> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Hazard Log")?;
    for (row, texts) in (0..).zip(rows) {
        for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, column, text)?;
        }
    }
    Ok(workbook)
}

/// The answers of a TOM in the layout of the real workbook, with `fault` done to its cells.
fn tom_workbook(mut answers: Table) -> Outcome<rust_xlsxwriter::Workbook> {
    const SHEET: &str = include_str!("../../../samples/tom-sheet.toml");
    let faults: Vec<fault::Fault> = match answers.remove("fault") {
        Some(faults) => faults.try_into()?,
        None => Vec::new(),
    };
    let mut workbook = tom::workbook(&toml::from_str(SHEET)?, &reread(&Value::Table(answers))?)?;
    fault::apply(&mut workbook, &faults)?;
    Ok(workbook)
}

/// By way of its text: a date keeps being a date.
fn reread<T: serde::de::DeserializeOwned>(value: &Value) -> Outcome<T> {
    Ok(toml::from_str(&toml::to_string(value)?)?)
}

/// What the fixture itself says under `[inputs]` stands.
fn name_inputs(manifest: &mut Table, named: Table) -> Outcome {
    let inputs = manifest.entry("inputs").or_insert_with(|| Value::Table(Table::new()));
    let inputs = inputs.as_table_mut().ok_or("[inputs] is not a table")?;
    for (input, path) in named {
        inputs.entry(input).or_insert(path);
    }
    Ok(())
}

fn write_texts(folder: &Path, texts: Table, extension: &str) -> Outcome {
    for (name, text) in texts {
        let text = text.as_str().ok_or_else(|| format!("{name} is not a text"))?.to_owned();
        write_file(&folder.join(format!("{name}{extension}")), &text)?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str) -> Outcome {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}

fn table(value: Value) -> Outcome<Table> {
    match value {
        Value::Table(table) => Ok(table),
        other => Err(format!("{other} is not a table").into()),
    }
}

/// The workbook, with no value for the formulas whose value is this: the writer of workbooks saves one for each.
fn without_unsaved(bytes: &[u8]) -> Outcome<Vec<u8>> {
    const UNSAVED: &str = "<v>(not saved)</v>";
    let mut read = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..read.len() {
        let mut part = read.by_index(at)?;
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        if let Ok(text) = std::str::from_utf8(&content) {
            content = text.replace(UNSAVED, "").into_bytes();
        }
        written.start_file(part.name()?.into_owned(), zip::write::SimpleFileOptions::default())?;
        written.write_all(&content)?;
    }
    Ok(written.finish()?.into_inner())
}
