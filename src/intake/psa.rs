//! Records of PSA sessions: a folder of them, in the order of the files' names.
//!
//! A session is given as TOML, as a sheet of a workbook or as a page of Markdown. Whatever the form, the same record
//! comes out: sheets and pages are read as [`minutes`], and checked by the rules that TOML is.

mod draft;
mod line;
mod minutes;
mod word;

use super::files::{CaseFolder, unused_file};
use super::toml_input::{TomlInput, refuse_duplicates};
use super::workbook::{Limits, Sheet, Workbook};
use super::{InputError, Reading, manifest};
use crate::case::observation::{Observation, ObservationKind};
use crate::case::person::Person;
use crate::case::psa::PsaSession;
use crate::case::{Place, Provenance};
use line::Line;

/// The sessions of a folder while they are read.
#[derive(Default)]
struct Sessions {
    records: Vec<PsaSession>,
    id_places: Vec<Place>,
    provenance: Provenance,
    observations: Vec<Observation>,
}

/// Reads all sessions of a folder. An attendee who is named by id must be one of the people.
pub fn read(
    folder: &CaseFolder,
    path: &str,
    people: &[Person],
    limits: &Limits,
) -> Result<Reading<Vec<PsaSession>>, InputError> {
    let mut read = Sessions::default();
    for name in folder.list(path)? {
        let file = format!("{path}/{name}");
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            _ if is_left_alone(&name) => {}
            Some("toml") => {
                let (session, lines) = TomlInput::<PsaSession>::read(folder, &file)?.into_parts();
                read.add(session, &file, people, &|path| lines.place(path))?;
            }
            Some("md") => read.page(&file, &folder.read_text(&file)?, people)?,
            Some("xlsx" | "xlsm") => {
                let bytes = folder.read_spreadsheet(&file, limits)?;
                read.workbook(&Workbook::from_bytes(&bytes, &file, limits)?, people)?;
            }
            _ => {
                let what = "a session record (its name ends in none of .toml, .md and .xlsx)";
                read.observations.extend(unused_file(&file, what));
            }
        }
    }
    let Sessions { records: sessions, id_places, provenance, observations } = read;
    refuse_duplicates("PSA session", sessions.iter().map(|session| session.id.as_str()).zip(id_places))?;
    Ok((sessions, provenance, observations))
}

/// A read-me or a template to copy, which `cscr init` writes: no session, and nobody's mistake.
fn is_left_alone(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with("readme") || name.starts_with("template")
}

/// Whether a file is TOML by its name.
pub(super) fn is_toml(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("toml"))
}

impl Sessions {
    fn page(&mut self, file: &str, text: &str, people: &[Person]) -> Result<(), InputError> {
        let mut lines = line::of_markdown(file, text);
        if !self.minutes(&mut lines, &Place::file(file), file, people)? {
            let what = "a session record (it gives neither the id nor the date of a session)";
            self.observations.extend(unused_file(file, what));
        }
        Ok(())
    }

    fn workbook(&mut self, workbook: &Workbook, people: &[Person]) -> Result<(), InputError> {
        let file = workbook.file.as_str();
        for sheet in &workbook.sheets {
            let mut lines = line::of_sheet(file, sheet);
            let at = Place::sheet(file, sheet.name.clone());
            if self.minutes(&mut lines, &at, file, people)? {
                self.beside_cells(&at, sheet);
                let cells =
                    sheet.cells().map(|(at, cell)| (at.to_string().into(), cell.text.as_str().into()));
                self.provenance.quotes().record_cells(file, &sheet.name, cells);
            } else if !lines.is_empty() {
                let message = format!(
                    "The sheet {} of \"{file}\" gives neither the id nor the date of a session and is not used.",
                    sheet.name
                );
                self.note(ObservationKind::Unused, at, message);
            }
        }
        Ok(())
    }

    /// Reads the sessions of a sheet or page; false where it holds none.
    fn minutes(
        &mut self,
        lines: &mut [Line],
        at: &Place,
        file: &str,
        people: &[Person],
    ) -> Result<bool, InputError> {
        let drafts = minutes::read(lines, at);
        if drafts.is_empty() {
            return Ok(false);
        }
        for draft in drafts {
            let (session, places, observations) = draft.finish()?;
            self.observations.extend(observations);
            let place = |path: &str| places.place(path).unwrap_or_else(|| at.clone());
            self.add(session, file, people, &place)?;
        }
        for cell in lines.iter().flat_map(|line| &line.cells).filter(|cell| !cell.is_used) {
            let message = format!("In the record of PSA sessions, \"{}\" was not understood.", cell.text);
            self.note(ObservationKind::Unmapped, cell.place.clone(), message);
        }
        Ok(true)
    }

    /// What lies over or on the cells, and no record has room for.
    fn beside_cells(&mut self, at: &Place, sheet: &Sheet) {
        for (address, comment) in &sheet.comments {
            let message = format!("The comment on cell {address} is in no record: \"{}\".", comment.trim());
            let place = Place::cell(at.file.clone(), sheet.name.clone(), address.to_string());
            self.note(ObservationKind::Comment, place, message);
        }
        for words in &sheet.drawing.text_boxes {
            let message =
                format!("A text box of the sheet {} was not read: \"{}\".", sheet.name, words.trim());
            self.note(ObservationKind::Unmapped, at.clone(), message);
        }
    }

    fn note(&mut self, kind: ObservationKind, place: Place, message: String) {
        self.observations.push(Observation { kind, hazard: None, place: Some(place), message });
    }

    /// Adds a session; `place` is that of a path of its record.
    fn add(
        &mut self,
        session: PsaSession,
        file: &str,
        people: &[Person],
        place: &dyn Fn(&str) -> Place,
    ) -> Result<(), InputError> {
        check(&session, place, people)?;
        record_places(&session, place, file, &mut self.provenance);
        self.id_places.push(place("id"));
        self.records.push(session);
        Ok(())
    }
}

fn check(session: &PsaSession, place: &dyn Fn(&str) -> Place, people: &[Person]) -> Result<(), InputError> {
    let actions = session.actions.iter().enumerate();
    refuse_duplicates(
        "action",
        actions.map(|(index, action)| (action.id.as_str(), place(&format!("actions/{index}")))),
    )?;
    for (index, attendee) in session.attendees.iter().enumerate() {
        let at = |key: &str| place(&format!("attendees/{index}/{key}"));
        match (&attendee.person, &attendee.name) {
            (Some(id), _) => manifest::known_person(people, id, at("person"))?,
            (None, Some(_)) => {}
            (None, None) => {
                return Err(InputError::new("An attendee has neither person nor name")
                    .at(at("role"))
                    .hint("give person = the id of somebody in case.toml, or name = \"...\""));
            }
        }
    }
    Ok(())
}

fn record_places(
    session: &PsaSession,
    place: &dyn Fn(&str) -> Place,
    file: &str,
    provenance: &mut Provenance,
) {
    let base = format!("psa/{}", session.id);
    let whole = match place("id") {
        Place { sheet: Some(sheet), .. } => Place::sheet(file, sheet),
        _ => Place::file(file),
    };
    provenance.record(&base, whole);
    for key in ["id", "date", "kind", "hazard_log_version", "outcome"] {
        provenance.record(format!("{base}/{key}"), place(key));
    }
    for (index, discussion) in session.discussed.iter().enumerate() {
        let place = place(&format!("discussed/{index}"));
        provenance.record(format!("{base}/discussed/{}", discussion.hazard), place);
    }
    for (index, action) in session.actions.iter().enumerate() {
        provenance.record(format!("{base}/actions/{}", action.id), place(&format!("actions/{index}")));
    }
    for (key, count) in [
        ("attendees", session.attendees.len()),
        ("new_hazards", session.new_hazards.len()),
        ("conditions", session.conditions.len()),
    ] {
        for index in 0..count {
            provenance.record(format!("{base}/{key}/{}", index + 1), place(&format!("{key}/{index}")));
        }
    }
}

#[cfg(test)]
mod tests;
