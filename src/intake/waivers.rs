//! `waivers.toml`: findings that somebody lets stand for a while. They are carried in, never made.
//!
//! What could never count is refused here, by line: a check that does not exist, a person whom nobody
//! knows, a blank reason, an end before the beginning. Whether a waiver does count is for assurance to say.

use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput};
use super::{InputError, manifest, suggestion};
use crate::assurance::checks;
use crate::case::Provenance;
use crate::case::person::Person;
use crate::case::waiver::Waiver;
use schemars::JsonSchema;
use serde::Deserialize;

/// waivers.toml: findings that somebody lets stand for a while.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Waivers {
    /// One entry for each finding, or kind of finding, that may stand for a while.
    #[serde(default)]
    waivers: Vec<Waiver>,
}

/// Reads the waivers of a case.
pub fn read(
    folder: &CaseFolder,
    path: &str,
    people: &[Person],
) -> Result<(Vec<Waiver>, Provenance), InputError> {
    let (Waivers { waivers }, lines) = TomlInput::<Waivers>::read(folder, path)?.into_parts();
    let mut provenance = Provenance::default();
    for (index, waiver) in waivers.iter().enumerate() {
        check(waiver, people, &lines, &format!("waivers/{index}"))?;
        provenance.record(format!("waivers/{}", index + 1), lines.place(&format!("waivers/{index}")));
    }
    Ok((waivers, provenance))
}

fn check(waiver: &Waiver, people: &[Person], lines: &Lines, path: &str) -> Result<(), InputError> {
    let at = |field: &str| lines.place(&format!("{path}/{field}"));
    if checks::check(&waiver.check).is_none() {
        let known = suggestion::nearest(&waiver.check, checks::checks().map(|check| check.id));
        let nearest = known.map(|id| format!("did you mean \"{id}\"? ")).unwrap_or_default();
        return Err(InputError::new(format!("\"{}\" is not the id of a check", waiver.check))
            .at(at("check"))
            .hint(format!("{nearest}`cscr explain` lists all checks")));
    }
    manifest::known_person(people, &waiver.by, at("by"))?;
    if waiver.reason.trim().is_empty() {
        return Err(InputError::new("The waiver gives no reason")
            .at(at("reason"))
            .hint("write why the finding may stand until then"));
    }
    if waiver.expires < waiver.on {
        let what = format!("The waiver expires on {}, before it is given on {}", waiver.expires, waiver.on);
        return Err(InputError::new(what).at(at("expires")).hint("correct one of the two dates"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Date;
    use crate::intake::files::tests::case_folder;

    const WAIVER: &str = "[[waivers]]\ncheck = \"C13\"\nhazard = \"H02\"\nby = \"cso\"\nreason = \"Agreed\"\non = 2026-09-01\nexpires = 2026-12-01\n";

    fn reading(text: &str) -> Result<(Vec<Waiver>, Provenance), InputError> {
        let (_directory, folder) = case_folder(&[("case.toml", ""), ("waivers.toml", text)]);
        let person = Person {
            id: "cso".to_owned(),
            name: "Cora Officer".to_owned(),
            role: None,
            organisation: None,
            responsibilities: None,
            clinician: true,
            registration: None,
        };
        read(&folder, "waivers.toml", &[person])
    }

    #[test]
    fn a_waiver_is_read_with_its_line() {
        let (waivers, provenance) = reading(&format!("\n{WAIVER}")).unwrap();
        assert_eq!((waivers[0].check.as_str(), waivers[0].hazard.as_deref()), ("C13", Some("H02")));
        assert_eq!(provenance.place("waivers/1").unwrap().to_string(), "waivers.toml, line 2");
        let day = |text: &str| -> Date { text.parse().unwrap() };
        assert!(waivers[0].is_in_force(day("2026-09-01")) && waivers[0].is_in_force(day("2026-12-01")));
        assert!(!waivers[0].is_in_force(day("2026-08-31")) && !waivers[0].is_in_force(day("2026-12-02")));
    }

    #[test]
    fn what_could_never_count_is_refused_by_line() {
        for (from, to, expected) in [
            (
                "\"C13\"",
                "\"C133\"",
                "\"C133\" is not the id of a check\n  at: waivers.toml, line 2\n  do: did you mean \"C13\"?",
            ),
            (
                "\"cso\"",
                "\"csso\"",
                "\"csso\" is not the id of anybody in [[people]]\n  at: waivers.toml, line 4",
            ),
            ("\"Agreed\"", "\"  \"", "The waiver gives no reason\n  at: waivers.toml, line 5"),
            (
                "2026-12-01",
                "2026-08-01",
                "The waiver expires on 2026-08-01, before it is given on 2026-09-01\n  at: waivers.toml, line 7",
            ),
            ("expires", "until", "The key \"until\" is not known here"),
        ] {
            let error = reading(&WAIVER.replace(from, to)).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
