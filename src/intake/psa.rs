//! Records of PSA sessions: a folder with one TOML file a session, in the order of the file names.

use super::files::{CaseFolder, unused_file};
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use super::{InputError, Reading, manifest};
use crate::case::person::Person;
use crate::case::psa::PsaSession;
use crate::case::{Place, Provenance};

/// Reads all sessions of a folder. An attendee who is named by id must be one of the people.
pub fn read(
    folder: &CaseFolder,
    path: &str,
    people: &[Person],
) -> Result<Reading<Vec<PsaSession>>, InputError> {
    let mut sessions: Vec<PsaSession> = Vec::new();
    let mut id_places = Vec::new();
    let mut provenance = Provenance::default();
    let mut observations = Vec::new();
    for name in folder.list(path)? {
        let file = format!("{path}/{name}");
        if !is_toml(&name) {
            observations.extend(unused_file(&file, "a session record (its name does not end in .toml)"));
            continue;
        }
        let (session, lines) = TomlInput::<PsaSession>::read(folder, &file)?.into_parts();
        check(&session, &lines, people)?;
        record_places(&session, &lines, &file, &mut provenance);
        id_places.push(lines.place("id"));
        sessions.push(session);
    }
    refuse_duplicates("PSA session", sessions.iter().map(|session| session.id.as_str()).zip(id_places))?;
    Ok((sessions, provenance, observations))
}

/// Whether a file is TOML by its name.
pub(super) fn is_toml(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("toml"))
}

fn check(session: &PsaSession, lines: &Lines, people: &[Person]) -> Result<(), InputError> {
    let actions = session.actions.iter().enumerate();
    refuse_duplicates(
        "action",
        actions.map(|(index, action)| (action.id.as_str(), lines.place(&format!("actions/{index}")))),
    )?;
    for (index, attendee) in session.attendees.iter().enumerate() {
        let place = |key: &str| lines.place(&format!("attendees/{index}/{key}"));
        match (&attendee.person, &attendee.name) {
            (Some(id), _) => manifest::known_person(people, id, place("person"))?,
            (None, Some(_)) => {}
            (None, None) => {
                return Err(InputError::new("An attendee has neither person nor name")
                    .at(place("role"))
                    .hint("give person = the id of somebody in case.toml, or name = \"...\""));
            }
        }
    }
    Ok(())
}

fn record_places(session: &PsaSession, lines: &Lines, file: &str, provenance: &mut Provenance) {
    let base = format!("psa/{}", session.id);
    provenance.record(&base, Place::file(file));
    for key in ["id", "date", "kind", "hazard_log_version", "outcome"] {
        provenance.record(format!("{base}/{key}"), lines.place(key));
    }
    for (index, discussion) in session.discussed.iter().enumerate() {
        let place = lines.place(&format!("discussed/{index}"));
        provenance.record(format!("{base}/discussed/{}", discussion.hazard), place);
    }
    for (index, action) in session.actions.iter().enumerate() {
        provenance.record(format!("{base}/actions/{}", action.id), lines.place(&format!("actions/{index}")));
    }
    for (key, count) in [
        ("attendees", session.attendees.len()),
        ("new_hazards", session.new_hazards.len()),
        ("conditions", session.conditions.len()),
    ] {
        for index in 0..count {
            provenance.record(format!("{base}/{key}/{}", index + 1), lines.place(&format!("{key}/{index}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Date;
    use crate::case::observation::ObservationKind;
    use crate::case::psa::{ActionState, Decision};
    use crate::intake::files::tests::case_folder;

    const SESSION: &str = r#"id = "PSA-1"
kind = "HAZID workshop"
date = 2026-07-02
[[attendees]]
name = "A. Beech"
[[discussed]]
hazard = "H1"
before = { severity = "Major", likelihood = "Low" }
decision = "control"
[[actions]]
id = "A-1"
text = "Test it"
state = "open"
due = 2026-09-01
[[new_hazards]]
description = "Late letters"
"#;

    fn error(text: &str) -> String {
        let (_directory, folder) = case_folder(&[("psa/1.toml", text)]);
        read(&folder, "psa", &[]).unwrap_err().to_string()
    }

    #[test]
    fn sessions_are_read_in_the_order_of_their_files() {
        let second = SESSION.replace("PSA-1", "PSA-0");
        let (_directory, folder) = case_folder(&[("psa/2.toml", &second), ("psa/1.TOML", SESSION)]);
        let (sessions, provenance, observations) = read(&folder, "psa", &[]).unwrap();
        assert_eq!(sessions.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["PSA-1", "PSA-0"]);
        assert_eq!(Some(sessions[0].date), Date::new(2026, 7, 2));
        assert_eq!(sessions[0].discussed[0].decision, Some(Decision::Control));
        assert_eq!(sessions[0].actions[0].state, ActionState::Open);
        assert_eq!(provenance.place("psa/PSA-1/actions/A-1"), Some(&Place::line("psa/1.TOML", 10)));
        assert_eq!(provenance.place("psa/PSA-0/discussed/H1"), Some(&Place::line("psa/2.toml", 6)));
        assert_eq!(provenance.place("psa/PSA-0/title"), Some(&Place::file("psa/2.toml")));
        assert_eq!(observations, []);
    }

    #[test]
    fn a_file_that_is_no_session_is_named_and_a_read_me_is_not() {
        let (_directory, folder) =
            case_folder(&[("psa/1.toml", SESSION), ("psa/minutes.docx", ""), ("psa/README.md", "")]);
        let (_, _, observations) = read(&folder, "psa", &[]).unwrap();
        assert_eq!(observations.len(), 1);
        assert_eq!(observations[0].kind, ObservationKind::Unused);
        assert!(observations[0].message.contains("\"psa/minutes.docx\" is not a session record"));
    }

    #[test]
    fn ids_that_are_used_twice_are_refused_by_file_and_line() {
        let (_directory, folder) = case_folder(&[("psa/1.toml", SESSION), ("psa/2.toml", SESSION)]);
        let error = read(&folder, "psa", &[]).unwrap_err().to_string();
        assert!(
            error.contains("The PSA session id \"PSA-1\" is used twice, first at psa/1.toml, line 1"),
            "{error}"
        );
        assert!(error.contains("at: psa/2.toml, line 1"), "{error}");
        let action = "[[actions]]\nid = \"A-1\"\ntext = \"x\"\nstate = \"open\"\n";
        let error = self::error(&format!("{SESSION}{action}"));
        assert!(error.contains("The action id \"A-1\" is used twice, first at line 10"), "{error}");
    }

    #[test]
    fn an_impossible_date_and_an_unknown_attendee_are_refused_by_line() {
        let text = error(&SESSION.replace("2026-07-02", "\"02/07/2026\""));
        assert!(
            text.contains("\"02/07/2026\" is not a date") && text.contains("psa/1.toml, line 3"),
            "{text}"
        );
        let text = error(&SESSION.replace("name = \"A. Beech\"", "person = \"ab\""));
        assert!(
            text.contains("\"ab\" is not the id of anybody") && text.contains("psa/1.toml, line 5"),
            "{text}"
        );
        let text = error(&SESSION.replace("name = \"A. Beech\"", "role = \"CSO\""));
        assert!(text.contains("An attendee has neither person nor name"), "{text}");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let (_directory, folder) = case_folder(&[]);
        let error = read(&folder, "psa", &[]).unwrap_err().to_string();
        assert!(error.contains("The folder \"psa\" does not exist"), "{error}");
    }
}
