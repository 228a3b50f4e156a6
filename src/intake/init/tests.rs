use super::*;
use crate::case::Date;
use crate::case::placeholder::is_placeholder;
use crate::intake::LoadedCase;
use crate::intake::folder;
use crate::intake::folder::tests::{hazard_log, hazard_log_of, tom_workbook};
use crate::intake::workbook::Limits;
use std::path::PathBuf;
use tempfile::TempDir;

/// A folder for a case, beside the files to make it from.
struct Desk {
    directory: TempDir,
}

impl Desk {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(directory.path().join(name), bytes).unwrap();
        }
        Self { directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn init(&self, hazard_log: Option<&str>, tom: Option<&str>) -> Result<Vec<String>, InputError> {
        self.init_as_of(hazard_log, tom, Date::new(2026, 1, 1))
    }

    fn init_as_of(
        &self,
        hazard_log: Option<&str>,
        tom: Option<&str>,
        as_of: Option<Date>,
    ) -> Result<Vec<String>, InputError> {
        let path = |name: Option<&str>| name.map(|name| self.path(name));
        let (hazard_log, tom) = (path(hazard_log), path(tom));
        init(
            &self.path("case"),
            &Given { hazard_log: hazard_log.as_deref(), tom: tom.as_deref(), as_of, ..Given::default() },
        )
    }

    fn load(&self, as_of: Option<Date>) -> LoadedCase {
        folder::load(&self.path("case"), as_of, &Limits::default()).unwrap()
    }
}

#[test]
fn a_folder_from_both_files_loads_at_once() {
    let (log, tom) = (hazard_log("Mix-up"), tom_workbook());
    let desk = Desk::with(&[("Log v1.2.xlsx", &log), ("tom.xlsx", &tom)]);
    let written = desk.init_as_of(Some("Log v1.2.xlsx"), Some("tom.xlsx"), None).unwrap();
    assert_eq!(written[0], "case.toml");
    assert!(written.iter().all(|path| desk.path("case").join(path).is_file()));
    let loaded = desk.load(None);
    let case = &loaded.case;
    assert_eq!(Some(loaded.as_of), Date::new(2026, 3, 2));
    assert_eq!(case.product.name, "Referral Bridge");
    assert_eq!(case.document.programme.as_deref(), Some("Example Programme"));
    assert_eq!(case.hazard_log.owner.as_deref(), Some("C. Deer"));
    let document = &case.document;
    assert_eq!(
        (&document.owner, &document.director),
        (&None, &None),
        "they answer for the log, not the report"
    );
    assert!(document.authors.is_empty() && document.version.is_none());
    assert_eq!(case.document.related_documents[0].version.as_deref(), Some("1.2"));
    assert_eq!(case.hazard_log.hazards.len(), 1);
    assert_eq!(case.tom.as_ref().unwrap().level().level(), None);
    assert_eq!(loaded.sources[0].bytes, log);
    assert_eq!(loaded.observations, []);
}

#[test]
fn nothing_is_made_up() {
    let desk = Desk::with(&[]);
    desk.init(None, None).unwrap();
    let loaded = desk.load(None);
    assert_eq!(Some(loaded.as_of), Date::new(2026, 1, 1));
    let case = loaded.case;
    for text in [
        &case.product.name,
        case.organisation.name.as_ref().unwrap(),
        case.system.intended_use.as_ref().unwrap(),
    ] {
        assert!(is_placeholder(text), "{text}");
    }
    assert!(case.people.is_empty() && case.cso.is_none() && case.phase.is_none());
    assert!(case.document.approvers.is_empty() && case.document.issue_date.is_none());
    assert_eq!((case.release.version, case.release.date), (None, None));
    assert!(case.hazard_log.hazards.is_empty() && case.tom.is_none() && case.psa.is_empty());
    assert_eq!(case.risk_assessment.len(), 6);
    assert!(
        case.risk_assessment
            .iter()
            .all(|item| { item.tom_question.as_deref().is_some_and(crate::case::tom::is_about_product) })
    );
    assert!(
        case.risk_assessment.iter().all(|item| item.hazards.is_empty() && item.no_hazard_because.is_none())
    );
    assert_eq!(case.narrative.len(), 14);
    assert!(case.narrative.values().all(|text| is_placeholder(text)));
    assert_eq!(loaded.observations, []);
}

#[test]
fn without_a_date_nothing_is_made_and_one_is_asked_for() {
    let log = hazard_log_of("Mix-up", "to be agreed");
    let desk = Desk::with(&[("log.xlsx", &log)]);
    for (log, what) in [(None, "Without a hazard log"), (Some("log.xlsx"), "The hazard log holds no date")] {
        let error = desk.init_as_of(log, None, None).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains("do: give one with --as-of"), "{error}");
        assert!(!desk.path("case").exists());
    }
    desk.init(Some("log.xlsx"), None).unwrap();
    assert_eq!(Some(desk.load(None).as_of), Date::new(2026, 1, 1));
}

#[test]
fn the_given_date_goes_before_that_of_the_log() {
    let log = hazard_log("Mix-up");
    let desk = Desk::with(&[("log.xlsx", &log)]);
    desk.init(Some("log.xlsx"), None).unwrap();
    assert_eq!(Some(desk.load(None).as_of), Date::new(2026, 1, 1));
    let text = fs::read_to_string(desk.path("case").join("case.toml")).unwrap();
    assert!(!text.contains("latest date in the hazard log"), "{text}");
}

#[test]
fn what_a_cover_says_stays_text_in_the_manifest() {
    let skeleton = Skeleton {
        log: Some((
            "a \"b\".xlsx".to_owned(),
            HazardLog {
                title: Some("Hazard Log - \"A\"\n[product]\nname = '''x''' {{ 7 * 7 }} \\".to_owned()),
                programme: Some("O'Hare\"\"\"".to_owned()),
                ..HazardLog::default()
            },
        )),
        tom: None,
        as_of: AsOf::Given(Date::new(2026, 1, 1).unwrap()),
    };
    let text = String::from_utf8(skeleton.files().unwrap().swap_remove(0).1).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!(table["product"]["name"].as_str(), Some("\"A\"\n[product]\nname = '''x''' {{ 7 * 7 }} \\"));
    assert_eq!(table["document"]["programme"].as_str(), Some("O'Hare\"\"\""));
    assert_eq!(table["inputs"]["hazard_log"].as_str(), Some("a \"b\".xlsx"));
}

#[test]
fn nothing_is_overwritten() {
    let desk = Desk::with(&[]);
    fs::create_dir(desk.path("case")).unwrap();
    desk.init(None, None).unwrap();
    let error = desk.init(None, None).unwrap_err().to_string();
    assert!(error.contains("is not empty") && error.contains("nothing is overwritten"), "{error}");
    let error = init(&desk.path("case").join("case.toml"), &Given::default()).unwrap_err().to_string();
    assert!(error.contains("cannot be used as a folder"), "{error}");
}

#[test]
fn what_cannot_be_read_stops_before_anything_is_written() {
    let log = hazard_log("Mix-up");
    let desk = Desk::with(&[
        ("notes.xlsx", b"text"),
        ("log.xlsx", &log),
        ("tom.toml", b"[[answers]]\nid = \"X\"\n"),
    ]);
    for (log, tom, expected) in [
        (Some("absent.xlsx"), None, "The file \"absent.xlsx\" does not exist"),
        (Some("notes.xlsx"), None, "at: notes.xlsx"),
        (None, Some("log.xlsx"), "The workbook has no sheet named \"Clinical Safety\""),
        (None, Some("tom.toml"), "\"X\" is not a question of the TOM"),
    ] {
        let error = desk.init(log, tom).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!desk.path("case").exists());
    }
}

#[test]
fn given_files_keep_their_names_unless_they_are_taken() {
    let (log, tom) = (hazard_log("Mix-up"), tom_workbook());
    let desk = Desk::with(&[("Same.xlsx", &log)]);
    fs::create_dir(desk.path("other")).unwrap();
    fs::write(desk.path("other").join("same.xlsx"), &tom).unwrap();
    let written = desk.init(Some("Same.xlsx"), Some("other/same.xlsx")).unwrap();
    assert!(written.ends_with(&["Same.xlsx".to_owned(), "tom-same.xlsx".to_owned()]), "{written:?}");
    assert_eq!(desk.load(None).sources.len(), 2);

    let desk = Desk::with(&[("case.toml", b"[[answers]]\nid = \"CS-01\"\n")]);
    let written = desk.init(None, Some("case.toml")).unwrap();
    assert_eq!(written.last().map(String::as_str), Some("tom-case.toml"));
    assert!(desk.load(Date::new(2026, 1, 1)).case.tom.is_some());
}
