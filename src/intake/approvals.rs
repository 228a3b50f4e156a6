//! `approvals.toml`: the approvals that people have given. They are carried in, never made.

use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput};
use super::{InputError, manifest};
use crate::case::Provenance;
use crate::case::approval::Approval;
use crate::case::person::Person;
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

/// Reads the approvals of a case folder; there are none without the file.
pub fn read(folder: &CaseFolder, people: &[Person]) -> Result<(Vec<Approval>, Provenance), InputError> {
    let mut provenance = Provenance::default();
    if !folder.has(FILE) {
        return Ok((Vec::new(), provenance));
    }
    let (Approvals { approvals }, lines) = TomlInput::<Approvals>::read(folder, FILE)?.into_parts();
    for (index, approval) in approvals.iter().enumerate() {
        check(approval, people, &lines, index)?;
        provenance.record(format!("approvals/{}", index + 1), lines.place(&format!("approvals/{index}")));
    }
    Ok((approvals, provenance))
}

fn check(approval: &Approval, people: &[Person], lines: &Lines, index: usize) -> Result<(), InputError> {
    manifest::known_person(people, &approval.person, lines.place(&format!("approvals/{index}/person")))?;
    let digest = &approval.content_digest;
    let is_digest =
        digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_digest {
        return Ok(());
    }
    Err(InputError::new("The content digest of the approval is not a SHA-256 digest")
        .at(lines.place(&format!("approvals/{index}/content_digest")))
        .hint("give the 64 lower-case hexadecimal digits that were printed for the document when it was approved"))
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
        assert_eq!(read(&folder, &[]).unwrap().0, []);
    }

    #[test]
    fn approvals_are_read_with_their_lines() {
        let (_directory, folder) = case_folder(&[(FILE, &approval())]);
        let (approvals, provenance) = read(&folder, &people()).unwrap();
        assert_eq!(approvals[0].document, ApprovedDocument::HazardLog);
        assert_eq!(provenance.place("approvals/1"), Some(&Place::line(FILE, 1)));
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
}
