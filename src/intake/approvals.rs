//! `approvals.toml`: the approvals that people have given. They are carried in, never made.
//!
//! With them come what they rest on: the kept copy of the case that was approved, and the file that shows an approval
//! given on paper or by e-mail. A file that is gone or altered is noted; what it weighs is for assurance to say.

use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput};
use super::{InputError, manifest};
use crate::case::approval::Approval;
use crate::case::digest::sha256_hex;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::person::Person;
use crate::case::snapshot::Snapshots;
use crate::case::{Place, Provenance};
use schemars::JsonSchema;
use serde::Deserialize;

/// Name of the file, in the case folder itself.
pub const FILE: &str = "approvals.toml";

/// approvals.toml: who approved which document.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approvals {
    /// One entry for each document that somebody approved.
    #[serde(default)]
    approvals: Vec<Approval>,
}

/// The approvals of a case folder, and the copies of the case that they name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub approvals: Vec<Approval>,
    pub snapshots: Snapshots,
}

/// Reads the approvals of a case folder; there are none without the file.
pub fn read(folder: &CaseFolder, people: &[Person]) -> Result<super::Reading<Recorded>, InputError> {
    if !folder.has(FILE) {
        return Ok(Default::default());
    }
    let (approvals, lines) = parsed(&folder.read_text(FILE)?, people)?;
    let mut provenance = Provenance::default();
    let mut observations = Vec::new();
    let mut snapshots = Snapshots::default();
    for (approval, index) in approvals.iter().zip(0..) {
        let at = |field: &str| lines.place(&format!("approvals/{index}{field}"));
        provenance.record(format!("approvals/{}", index + 1), at(""));
        let of_whom = of_whom(approval, people);
        observations.extend(evidence(folder, approval, &of_whom, at("/evidence"))?);
        if let Some(path) = &approval.content {
            observations.extend(snapshot(folder, path, &of_whom, &mut snapshots, at("/content"))?);
        }
    }
    Ok((Recorded { approvals, snapshots }, provenance, observations))
}

/// The approvals of a text that is to be the file.
pub fn parse(text: &str, people: &[Person]) -> Result<Vec<Approval>, InputError> {
    Ok(parsed(text, people)?.0)
}

fn parsed(text: &str, people: &[Person]) -> Result<(Vec<Approval>, Lines), InputError> {
    let (Approvals { approvals }, lines) = TomlInput::<Approvals>::parse(FILE, text)?.into_parts();
    for (index, approval) in approvals.iter().enumerate() {
        check(approval, people, &lines, index)?;
    }
    Ok((approvals, lines))
}

fn check(approval: &Approval, people: &[Person], lines: &Lines, index: usize) -> Result<(), InputError> {
    manifest::known_person(people, &approval.person, lines.place(&format!("approvals/{index}/person")))?;
    if !is_digest(&approval.content_digest) {
        return Err(InputError::new("The content digest of the approval is not a SHA-256 digest")
            .at(lines.place(&format!("approvals/{index}/content_digest")))
            .hint("give the 64 lower-case hexadecimal digits that were printed for the document when it was approved"));
    }
    is_withdrawn_well(approval, || lines.place(&format!("approvals/{index}/withdrawn")))?;
    match &approval.evidence {
        Some(evidence) if !is_digest(&evidence.sha256) => {
            Err(InputError::new("The digest of the evidence of the approval is not a SHA-256 digest")
                .at(lines.place(&format!("approvals/{index}/evidence")))
                .hint("give the 64 lower-case hexadecimal digits of the SHA-256 of the file"))
        }
        _ => Ok(()),
    }
}

/// An approval is taken back on a day and for a reason, and not before it was given.
fn is_withdrawn_well(approval: &Approval, place: impl Fn() -> Place) -> Result<(), InputError> {
    let because = approval.withdrawn_because.as_deref().is_some_and(|because| !because.trim().is_empty());
    let (what, hint) = match approval.withdrawn {
        None if !because => return Ok(()),
        Some(on) if because && on >= approval.date => return Ok(()),
        None => {
            ("Why the approval was withdrawn is said, and not when", "add the day: withdrawn = 2026-09-21")
        }
        Some(_) if because => (
            "The approval was withdrawn before the day on which it was given",
            "correct the date that is wrong",
        ),
        Some(_) => (
            "The approval was withdrawn, and why is not said",
            "say why, in the words of the person: withdrawn_because = \"...\"",
        ),
    };
    Err(InputError::new(what).at(place()).hint(hint))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What there is to note of the file that shows an approval.
fn evidence(
    folder: &CaseFolder,
    approval: &Approval,
    of_whom: &str,
    place: Place,
) -> Result<Option<Observation>, InputError> {
    let Some(evidence) = &approval.evidence else { return Ok(None) };
    let file = &evidence.file;
    folder.locate(file).map_err(|error| error.at(place.clone()))?;
    let fault = if !folder.has(file) {
        "is not in the case folder"
    } else if sha256_hex(&folder.read_bytes(file)?) != evidence.sha256 {
        "is not the file that it was when the approval was recorded"
    } else {
        return Ok(None);
    };
    let message = format!("\"{file}\", which shows {of_whom}, {fault}.");
    Ok(Some(noted(ObservationKind::ApprovalEvidence, place, message)))
}

/// Takes in the kept copy that an approval or an issue names, or says what is the matter with it.
pub(super) fn snapshot(
    folder: &CaseFolder,
    path: &str,
    of_what: &str,
    snapshots: &mut Snapshots,
    place: Place,
) -> Result<Option<Observation>, InputError> {
    if snapshots.has(path) {
        return Ok(None);
    }
    folder.locate(path).map_err(|error| error.at(place.clone()))?;
    let fault = if !folder.has(path) {
        "is not in the case folder"
    } else if !snapshots.keep(path, String::from_utf8(folder.read_bytes(path)?).unwrap_or_default()) {
        "was altered since, and is not used"
    } else {
        return Ok(None);
    };
    let message = format!("The copy of the case that was kept with {of_what} {fault}: {path}.");
    Ok(Some(noted(ObservationKind::AlteredSnapshot, place, message)))
}

fn of_whom(approval: &Approval, people: &[Person]) -> String {
    let person = people.iter().find(|person| person.id == approval.person);
    let name = approval.name.as_deref().or(person.map(|person| person.name.as_str()));
    let name = name.unwrap_or(&approval.person);
    format!("the approval of the {} by {name} of {:#}", approval.document.name(), approval.date)
}

fn noted(kind: ObservationKind, place: Place, message: String) -> Observation {
    Observation { kind, hazard: None, place: Some(place), message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Place;
    use crate::case::approval::ApprovedDocument;
    use crate::intake::files::tests::case_folder;

    fn people() -> Vec<Person> {
        vec![Person {
            id: "ab".to_owned(),
            name: "A. Beech".to_owned(),
            role: None,
            organisation: None,
            responsibilities: None,
            clinician: true,
            registration: None,
        }]
    }

    fn approval() -> String {
        format!(
            "[[approvals]]\ndocument = \"hazard-log\"\nperson = \"ab\"\ndate = 2026-09-01\nversion = \"1.0\"\ncontent_digest = \"{}\"\n",
            "0a".repeat(32)
        )
    }

    fn error(text: &str) -> String {
        let (_directory, folder) = case_folder(&[(FILE, text)]);
        read(&folder, &people()).unwrap_err().to_string()
    }

    #[test]
    fn no_file_means_no_approvals() {
        let (_directory, folder) = case_folder(&[]);
        assert_eq!(read(&folder, &[]).unwrap().0, Recorded::default());
    }

    #[test]
    fn approvals_are_read_with_their_lines() {
        let (_directory, folder) = case_folder(&[(FILE, &approval())]);
        let (Recorded { approvals, .. }, provenance, _) = read(&folder, &people()).unwrap();
        assert_eq!(approvals[0].document, ApprovedDocument::HazardLog);
        assert_eq!(provenance.place("approvals/1"), Some(Place::line(FILE, 1)));
    }

    #[test]
    fn an_approval_by_nobody_or_of_no_content_is_refused() {
        let text = error(&approval().replace("\"ab\"", "\"xy\""));
        assert!(text.contains("\"xy\" is not the id of anybody") && text.contains("line 3"), "{text}");
        let text = error(&approval().replace("0a", "0A"));
        assert!(
            text.contains("is not a SHA-256 digest") && text.contains("approvals.toml, line 6"),
            "{text}"
        );
        let text = error(&approval().replace("hazard-log", "hazardlog"));
        assert!(text.contains("did you mean \"hazard-log\"?"), "{text}");
    }

    #[test]
    fn evidence_that_is_gone_or_altered_is_noted() {
        let with = |sha256: &str| {
            format!("{}evidence = {{ file = \"mail.txt\", sha256 = \"{sha256}\" }}\n", approval())
        };
        let noted = |text: &str, files: &[(&str, &str)]| -> Vec<String> {
            let files: Vec<(&str, &str)> = [(FILE, text)].into_iter().chain(files.iter().copied()).collect();
            let (_directory, folder) = case_folder(&files);
            let (_, _, observations) = read(&folder, &people()).unwrap();
            observations.into_iter().map(|observation| observation.message).collect()
        };
        let text = with(&sha256_hex(b"I approve."));
        assert_eq!(noted(&text, &[("mail.txt", "I approve.")]), Vec::<String>::new());
        let of = "\"mail.txt\", which shows the approval of the hazard log by A. Beech of 1 September 2026,";
        assert_eq!(noted(&text, &[]), [format!("{of} is not in the case folder.")]);
        assert_eq!(
            noted(&text, &[("mail.txt", "I do not approve.")]),
            [format!("{of} is not the file that it was when the approval was recorded.")]
        );
        assert!(error(&with("abc")).contains("line 7"), "{}", error(&with("abc")));
    }

    #[test]
    fn a_kept_copy_is_taken_in_unless_it_was_altered() {
        let path = crate::case::snapshot::address("{}\n");
        let text = format!("{}content = \"{path}\"\n", approval());
        for (kept, noted) in
            [(Some("{}\n"), None), (Some("{ }\n"), Some("was altered")), (None, Some("is not in"))]
        {
            let files: Vec<(&str, &str)> =
                [(FILE, text.as_str())].into_iter().chain(kept.map(|kept| (path.as_str(), kept))).collect();
            let (_directory, folder) = case_folder(&files);
            let (recorded, _, observations) = read(&folder, &people()).unwrap();
            assert_eq!(recorded.snapshots.has(&path), noted.is_none());
            let message = observations.first().map(|observation| observation.message.as_str());
            assert_eq!(message.is_some(), noted.is_some(), "{message:?}");
            assert!(message.unwrap_or_default().contains(noted.unwrap_or_default()), "{message:?}");
        }
    }
}
