//! Evidence: what shows that controls are in place or work, and which controls name it.

use super::files::CaseFolder;
use super::toml_input::{TomlInput, refuse_duplicates};
use super::{InputError, Reading, suggestion};
use crate::case::digest::sha256_hex;
use crate::case::hazard::Evidence;
use crate::case::hazard_log::HazardLog;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::{Place, Provenance};
use rustc_hash::{FxBuildHasher, FxHashMap};
use schemars::JsonSchema;
use serde::Deserialize;

/// evidence.toml: what shows that controls are in place and that they work (6.3.2, 6.3.3).
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceFile {
    /// One entry for each piece of evidence.
    #[serde(default)]
    evidence: Vec<Evidence>,
}

/// Reads the evidence, and notes each of its files that is not there.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Reading<Vec<Evidence>>, InputError> {
    let (EvidenceFile { mut evidence }, lines) = TomlInput::<EvidenceFile>::read(folder, path)?.into_parts();
    let places = || (0..).map(|index| lines.place(&format!("evidence/{index}")));
    refuse_duplicates("evidence", evidence.iter().map(|item| item.id.as_str()).zip(places()))?;
    let mut provenance = Provenance::default();
    let mut observations = Vec::new();
    for (index, (item, place)) in evidence.iter_mut().zip(places()).enumerate() {
        provenance.record(format!("evidence/{}", item.id), place);
        for (at, control) in item.controls.iter().enumerate() {
            let place = lines.place(&format!("evidence/{index}/controls/{at}"));
            provenance.record(format!("evidence/{}/controls/{control}", item.id), place);
        }
        if let Some(file) = &item.file {
            let place = lines.place(&format!("evidence/{index}/file"));
            folder.locate(file).map_err(|error| error.at(place.clone()))?;
            provenance.record(format!("evidence/{}/file", item.id), place.clone());
            if folder.has(file) {
                item.sha256 = Some(sha256_hex(&folder.read_bytes(file)?));
            } else {
                observations.push(missing_file(&item.id, file, place));
            }
        }
    }
    Ok((evidence, provenance, observations))
}

fn missing_file(id: &str, file: &str, place: Place) -> Observation {
    Observation {
        kind: ObservationKind::MissingFile,
        hazard: None,
        place: Some(place),
        message: format!("Evidence {id} names the file \"{file}\", which is not in the case folder."),
    }
}

/// Gives every control the ids of the evidence that names it.
///
/// Evidence names a control by its id, or as `hazard/control` where several hazards have a control of
/// that id. A name that leads to no control, or to several, is noted and answers nothing.
pub fn apply(evidence: &[Evidence], log: &mut HazardLog, provenance: &Provenance) -> Vec<Observation> {
    let holders = Holders::of(log);
    let mut observations = Vec::new();
    let mut answers: Vec<(Position, &str)> = Vec::new();
    for item in evidence {
        for name in &item.controls {
            match holders.resolve(name) {
                Ok(control) => answers.push((control, &item.id)),
                Err(why) => observations.push(Observation {
                    kind: ObservationKind::Unused,
                    hazard: None,
                    place: provenance.place(&format!("evidence/{}/controls/{name}", item.id)),
                    message: format!("Evidence {} names the control \"{name}\", {why}.", item.id),
                }),
            }
        }
    }
    for hazard in &log.hazards {
        for control in hazard.all_controls() {
            let unknown = control.evidence.iter().filter(|id| !evidence.iter().any(|item| item.id == **id));
            observations.extend(unknown.map(|id| unknown_evidence(&hazard.key, &control.id, id, provenance)));
        }
    }
    for ((hazard, control), id) in answers {
        if let Some(control) = log.hazards[hazard].all_controls_mut().nth(control)
            && !control.evidence.iter().any(|known| known == id)
        {
            control.evidence.push(id.to_owned());
        }
    }
    observations
}

/// A hazard log of our own schema may name evidence itself.
fn unknown_evidence(hazard: &str, control: &str, id: &str, provenance: &Provenance) -> Observation {
    Observation {
        kind: ObservationKind::Unused,
        hazard: Some(hazard.to_owned()),
        place: provenance.place(&format!("hazards/{hazard}/controls/{control}/evidence")),
        message: format!(
            "Control {control} of {hazard} names the evidence \"{id}\", which the case does not have."
        ),
    }
}

/// A hazard's position in the log, and a control's among all of that hazard's.
type Position = (usize, usize);

/// The controls of each id, with the key of the hazard that has it.
struct Holders<'a>(FxHashMap<&'a str, Found<'a>>);

/// The controls of one id. Nearly every id is that of one control.
struct Found<'a> {
    first: (&'a str, Position),
    further: Vec<(&'a str, Position)>,
}

impl<'a> Found<'a> {
    fn all(&self) -> impl Iterator<Item = (&'a str, Position)> {
        std::iter::once(self.first).chain(self.further.iter().copied())
    }
}

impl<'a> Holders<'a> {
    fn of(log: &'a HazardLog) -> Self {
        let count = log.hazards.iter().map(|hazard| hazard.all_controls().count()).sum();
        let mut holders: FxHashMap<&str, Found<'_>> =
            FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
        for (hazard, index) in log.hazards.iter().zip(0..) {
            for (control, position) in hazard.all_controls().zip(0..) {
                let holder = (hazard.key.as_str(), (index, position));
                holders
                    .entry(&control.id)
                    .and_modify(|found| found.further.push(holder))
                    .or_insert_with(|| Found { first: holder, further: Vec::new() });
            }
        }
        Self(holders)
    }

    /// The control that a name leads to, or why it leads to none.
    fn resolve(&self, name: &str) -> Result<Position, String> {
        match self.0.get(name) {
            Some(Found { first: (_, control), further }) if further.is_empty() => Ok(*control),
            Some(found) => {
                let names: Vec<String> =
                    found.all().map(|(hazard, _)| format!("\"{hazard}/{name}\"")).collect();
                Err(format!("which several hazards have; write {}", names.join(" or ")))
            }
            None => self.qualified(name).ok_or_else(|| no_such_control(name, self)),
        }
    }

    /// A name in the form `hazard/control`; either part may itself hold a slash.
    fn qualified(&self, name: &str) -> Option<Position> {
        name.match_indices('/').find_map(|(slash, _)| {
            let (hazard, control) = (&name[..slash], &name[slash + 1..]);
            let (_, position) = self.0.get(control)?.all().find(|(holder, _)| *holder == hazard)?;
            Some(position)
        })
    }
}

fn no_such_control(name: &str, holders: &Holders<'_>) -> String {
    let mut known: Vec<&str> = holders.0.keys().copied().collect();
    known.sort_unstable();
    match suggestion::nearest(name, known) {
        Some(nearest) => format!("which the hazard log does not have; it has \"{nearest}\""),
        None => "which the hazard log does not have".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::hazard::Shows;
    use crate::intake::files::tests::case_folder;
    use crate::intake::supplement::tests::log;

    fn evidence(id: &str, controls: &str, more: &str) -> String {
        format!(
            "[[evidence]]\nid = \"{id}\"\ntitle = \"Test report\"\nshows = [\"effectiveness\"]\ncontrols = [{controls}]\n{more}"
        )
    }

    fn read_text(text: &str) -> Result<Reading<Vec<Evidence>>, InputError> {
        let (_directory, folder) = case_folder(&[("evidence.toml", text), ("files/report.pdf", "")]);
        read(&folder, "evidence.toml")
    }

    #[test]
    fn evidence_is_read_with_its_lines() {
        let (items, provenance, observations) =
            read_text(&evidence("E1", "\"H1.D1\"", "file = \"files/report.pdf\"\ndate = 2026-02-03\n"))
                .unwrap();
        assert_eq!(items[0].shows, [Shows::Effectiveness]);
        assert_eq!(items[0].sha256, Some(sha256_hex(b"")));
        assert_eq!(provenance.place("evidence/E1"), Some(Place::line("evidence.toml", 1)));
        assert_eq!(observations, []);
    }

    #[test]
    fn a_missing_evidence_file_is_noted_and_one_outside_is_refused() {
        let (_, _, observations) = read_text(&evidence("E1", "", "file = \"files/gone.pdf\"\n")).unwrap();
        assert_eq!(
            observations[0].message,
            "Evidence E1 names the file \"files/gone.pdf\", which is not in the case folder."
        );
        assert_eq!(observations[0].place, Some(Place::line("evidence.toml", 6)));
        let error = read_text(&evidence("E1", "", "file = \"../gone.pdf\"\n")).unwrap_err().to_string();
        assert!(error.contains("is not a path inside the case folder"), "{error}");
        assert!(error.contains("at: evidence.toml, line 6"), "{error}");
    }

    #[test]
    fn an_id_that_is_used_twice_and_an_impossible_date_are_refused() {
        let twice = evidence("E1", "", "") + &evidence("E1", "", "");
        let error = read_text(&twice).unwrap_err().to_string();
        assert!(error.contains("The evidence id \"E1\" is used twice, first at line 1"), "{error}");
        let error = read_text(&evidence("E1", "", "date = \"soon\"\n")).unwrap_err().to_string();
        assert!(error.contains("\"soon\" is not a date") && error.contains("line 6"), "{error}");
    }

    #[test]
    fn controls_get_the_evidence_that_names_them() {
        let (items, provenance, _) =
            read_text(&(evidence("E1", "\"H1.D1\", \"H2/SHARED\"", "") + &evidence("E2", "\"H1.D1\"", "")))
                .unwrap();
        let mut log = log();
        assert_eq!(apply(&items, &mut log, &provenance), []);
        assert_eq!(log.hazards[0].controls[0].evidence, ["E1", "E2"]);
        assert!(log.hazards[0].existing_controls[0].evidence.is_empty());
        assert_eq!(log.hazards[1].controls[0].evidence, ["E1"]);
    }

    #[test]
    fn a_name_of_no_control_or_of_several_is_noted_with_its_line() {
        let (items, provenance, _) =
            read_text(&evidence("E1", "\n\"H1.D9\",\n\"SHARED\",\n\"zzz\"", "")).unwrap();
        let mut log = log();
        let observations = apply(&items, &mut log, &provenance);
        let messages: Vec<&str> = observations.iter().map(|o| o.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "Evidence E1 names the control \"H1.D9\", which the hazard log does not have; it has \"H1.D1\".",
                "Evidence E1 names the control \"SHARED\", which several hazards have; write \"H1/SHARED\" or \"H2/SHARED\".",
                "Evidence E1 names the control \"zzz\", which the hazard log does not have.",
            ]
        );
        assert_eq!(observations[1].place, Some(Place::line("evidence.toml", 7)));
        assert!(log.hazards.iter().all(|hazard| hazard.all_controls().all(|c| c.evidence.is_empty())));
    }
}
