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
    read(&folder, "psa", &[], &Limits::default()).unwrap_err().to_string()
}

#[test]
fn sessions_are_read_in_the_order_of_their_files() {
    let second = SESSION.replace("PSA-1", "PSA-0");
    let (_directory, folder) = case_folder(&[("psa/2.toml", &second), ("psa/1.TOML", SESSION)]);
    let (sessions, provenance, observations) = read(&folder, "psa", &[], &Limits::default()).unwrap();
    assert_eq!(sessions.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["PSA-1", "PSA-0"]);
    assert_eq!(Some(sessions[0].date), Date::new(2026, 7, 2));
    assert_eq!(sessions[0].discussed[0].decision, Some(Decision::Control));
    assert_eq!(sessions[0].actions[0].state, ActionState::Open);
    assert_eq!(provenance.place("psa/PSA-1/actions/A-1"), Some(Place::line("psa/1.TOML", 10)));
    assert_eq!(provenance.place("psa/PSA-0/discussed/H1"), Some(Place::line("psa/2.toml", 6)));
    assert_eq!(provenance.place("psa/PSA-0/title"), Some(Place::file("psa/2.toml")));
    assert_eq!(observations, []);
}

#[test]
fn a_file_that_is_no_session_is_named_and_a_read_me_or_a_template_is_not() {
    let (_directory, folder) = case_folder(&[
        ("psa/1.toml", SESSION),
        ("psa/minutes.docx", ""),
        ("psa/README.md", ""),
        ("psa/TEMPLATE-minutes.md", "Session: PSA-9"),
    ]);
    let (_, _, observations) = read(&folder, "psa", &[], &Limits::default()).unwrap();
    assert_eq!(observations.len(), 1);
    assert_eq!(observations[0].kind, ObservationKind::Unused);
    assert!(observations[0].message.contains("\"psa/minutes.docx\" is not a session record"));
}

#[test]
fn ids_that_are_used_twice_are_refused_by_file_and_line() {
    let (_directory, folder) = case_folder(&[("psa/1.toml", SESSION), ("psa/2.toml", SESSION)]);
    let error = read(&folder, "psa", &[], &Limits::default()).unwrap_err().to_string();
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
    assert!(text.contains("\"02/07/2026\" is not a date") && text.contains("psa/1.toml, line 3"), "{text}");
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
    let error = read(&folder, "psa", &[], &Limits::default()).unwrap_err().to_string();
    assert!(error.contains("The folder \"psa\" does not exist"), "{error}");
}

/// One session with everything in it, as TOML.
const WHOLE: &str = r#"id = "PSA-2"
title = "Hazard analysis"
kind = "HAZAN workshop"
date = 2026-04-23
method = "SWIFT"
hazard_log_version = "0.2"
chair = "A. Beech"
facilitator = "B. Cedar"
minutes = "MIN-064, version 1.1"
outcome = "Proceed with conditions."
conditions = [
  { text = "No control rests on training alone.", met = 2026-07-16, shown_by = "MIN-069" },
  { text = "The adviser comments on H02.", due = 2026-05-01 },
]

[[attendees]]
person = "ab"
role = "Clinical Safety Officer"
registration = "GMC 0000000"

[[attendees]]
name = "C. Deer"
role = "Nurse specialist"
organisation = "Example Trust"
apologies = true

[[discussed]]
hazard = "H01"
before = { severity = "Major", likelihood = "Medium" }
after = { severity = "Major", likelihood = "Low" }
decision = "control"
reason = "Detection must not rest on the user | or on luck."

[[discussed]]
hazard = "H02"
decision = "transfer"
recipient = "Deploying organisation"

[[new_hazards]]
hazard = "H02"
description = "A letter is late."

[[actions]]
id = "PSA-2-A1"
text = "Test the queue"
owner = "D. Elder"
due = 2026-05-14
state = "closed"
closed = 2026-05-12
hazard = "H01"

[[actions]]
id = "PSA-2-A2"
text = "Write the note"
state = "open"
"#;

const PAGE: &str = r"# Minutes of a Patient Safety Assessment session

<!-- Copied from the template. -->

- **Session ID:** PSA-2
- **Title:** Hazard analysis
- Kind: HAZAN workshop
- Date: 23 April 2026
- Method: SWIFT
- Hazard log version: 0.2

Chair: A. Beech
Facilitator: B. Cedar
Minutes reference: MIN-064,
version 1.1

## Attendees

| Person | Name | Role | Organisation | Registration | Attendance |
|---|---|---|---|---|---|
| ab | | Clinical Safety Officer | | GMC 0000000 | |
| | C. Deer | Nurse specialist | Example Trust | | Apologies |

## Hazards discussed

| Hazard | Severity before | Likelihood before | Severity after | Likelihood after | Decision | Reason | Recipient |
|---|---|---|---|---|---|---|---|
| H01 | Major | Medium | Major | Low | Control | Detection must not rest on the user \| or on luck. | |
| H02 | | | | | Transferred | | Deploying organisation |

## New hazards

| Hazard | Description |
|---|---|
| H02 | A letter is late. |

## Actions

| Action ID | Action | Owner | Due | State | Closed | Hazard |
|---|---|---|---|---|---|---|
| PSA-2-A1 | Test the queue | D. Elder | 14/05/2026 | Complete | 2026-05-12 | H01 |
| PSA-2-A2 | Write the note | | | Open | | |

## Outcome

Proceed with
conditions.

## Conditions

| Condition | Due | Met | Shown by |
|---|---|---|---|
| No control rests on training alone. | | 2026-07-16 | MIN-069 |
| The adviser comments on H02. | 2026-05-01 | | |
";

/// The rows of the same session as a sheet: labels beside values, tables under their titles.
fn sheet() -> Vec<Vec<&'static str>> {
    vec![
        vec!["Patient Safety Assessment"],
        vec!["Session ID", "PSA-2", "", "Date", "23/04/2026"],
        vec!["Title", "Hazard analysis", "", "Kind", "HAZAN workshop"],
        vec!["Method", "SWIFT", "", "Hazard log version", "0.2"],
        vec!["Chair", "A. Beech", "", "Facilitator", "B. Cedar"],
        vec!["Minutes reference", "MIN-064, version 1.1"],
        vec!["Outcome", "Proceed with conditions."],
        vec![],
        vec!["Attendees"],
        vec!["Person", "Name", "Role", "Organisation", "Registration", "Attendance"],
        vec!["ab", "", "Clinical Safety Officer", "", "GMC 0000000", "Present"],
        vec!["", "C. Deer", "Nurse specialist", "Example Trust", "", "Apologies"],
        vec![],
        vec![
            "Hazard",
            "Initial severity",
            "Initial likelihood",
            "Residual severity",
            "Residual likelihood",
            "Decision",
            "Discussion",
            "Transferred to",
        ],
        vec![
            "H01",
            "Major",
            "Medium",
            "Major",
            "Low",
            "control",
            "Detection must not rest on the user | or on luck.",
        ],
        vec!["H02", "", "", "", "", "Transfer", "", "Deploying organisation"],
        vec!["New hazards"],
        vec!["Hazard", "Description"],
        vec!["H02", "A letter is late."],
        vec!["Actions"],
        vec!["ID", "Action", "Owner", "Due", "Status", "Closed", "Hazard"],
        vec!["PSA-2-A1", "Test the queue", "D. Elder", "2026-05-14", "closed", "2026-05-12", "H01"],
        vec!["PSA-2-A2", "Write the note", "", "", "open"],
        vec!["Conditions"],
        vec!["Condition", "Due", "Met", "Shown by"],
        vec!["No control rests on training alone.", "", "16.07.2026", "MIN-069"],
        vec!["The adviser comments on H02.", "01/05/2026"],
    ]
}

fn workbook(sheets: &[(&str, Vec<Vec<&str>>)]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, texts) in (0..).zip(rows) {
            for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
                sheet.write(row, column, *text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[derive(serde::Deserialize)]
struct People {
    people: Vec<Person>,
}

fn people() -> Vec<Person> {
    let manifest = "[[people]]\nid = \"ab\"\nname = \"A. Beech\"\n";
    toml::from_str::<People>(manifest).unwrap().people
}

fn read_workbook(sheets: &[(&str, Vec<Vec<&str>>)]) -> Result<Reading<Vec<PsaSession>>, InputError> {
    let (directory, folder) = case_folder(&[("psa/README.md", "")]);
    std::fs::write(directory.path().join("psa/sessions.xlsx"), workbook(sheets)).unwrap();
    read(&folder, "psa", &people(), &Limits::default())
}

fn read_page(page: &str) -> Result<Reading<Vec<PsaSession>>, InputError> {
    let (_directory, folder) = case_folder(&[("psa/1.md", page)]);
    read(&folder, "psa", &people(), &Limits::default())
}

fn messages(observations: &[Observation]) -> Vec<&str> {
    observations.iter().map(|observation| observation.message.as_str()).collect()
}

#[test]
fn one_session_in_three_forms_is_one_record() {
    let (_directory, folder) = case_folder(&[("psa/1.toml", WHOLE)]);
    let (stated, ..) = read(&folder, "psa", &people(), &Limits::default()).unwrap();
    let (written, places, observations) = read_page(PAGE).unwrap();
    assert_eq!(messages(&observations), Vec::<&str>::new());
    assert_eq!(written, stated);
    assert_eq!(places.place("psa/PSA-2/actions/PSA-2-A1"), Some(Place::line("psa/1.md", 41)));
    let (tabled, places, observations) = read_workbook(&[("Session 2", sheet())]).unwrap();
    assert_eq!(messages(&observations), Vec::<&str>::new());
    assert_eq!(tabled, stated);
    let cell = |cell: &str| Place::cell("psa/sessions.xlsx", "Session 2", cell);
    assert_eq!(places.place("psa/PSA-2/discussed/H02"), Some(cell("A16")));
    assert_eq!(places.place("psa/PSA-2/date"), Some(cell("E2")));
    assert_eq!(places.place("psa/PSA-2/title"), Some(Place::sheet("psa/sessions.xlsx", "Session 2")));
    assert_eq!(places.quote(&cell("A16")).map(|quote| quote.text).as_deref(), Some("H02"));
}

#[test]
fn a_register_holds_a_row_for_each_discussed_hazard() {
    let register = vec![
        vec!["PSA sessions"],
        vec!["Kind", "Mitigation review"],
        vec![],
        vec![
            "Session",
            "Date",
            "Attendees",
            "Hazard",
            "Discussion",
            "Agreed severity",
            "Agreed likelihood",
            "Decision",
            "Actions",
            "Owner",
            "Weather",
        ],
        vec![
            "PSA-1",
            "02/07/2026",
            "A. Beech; C. Deer",
            "H01",
            "Too rare",
            "Major",
            "Low",
            "Accepted",
            "Test the queue",
            "D. Elder",
            "Fine",
        ],
        vec!["", "", "", "H01", "", "", "", "", "Write the note"],
        vec!["", "", "", "H02", "Split", "Major", "", "Later"],
        vec!["PSA-2", "09/07/2026", "", "H01", "Again", "", "", "Close"],
    ];
    let (sessions, places, observations) =
        read_workbook(&[("Reviews", register), ("Lists", vec![vec!["Major"]])]).unwrap();
    let ids: Vec<&str> = sessions.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(ids, ["PSA-1", "PSA-2"]);
    let first = &sessions[0];
    assert_eq!(first.kind, "Mitigation review", "what stands above the register is of each session");
    let names: Vec<&str> = first.attendees.iter().filter_map(|one| one.name.as_deref()).collect();
    assert_eq!(names, ["A. Beech", "C. Deer"]);
    let discussed: Vec<_> = first.discussed.iter().map(|one| (one.hazard.as_str(), one.decision)).collect();
    assert_eq!(discussed, [("H01", Some(Decision::Accept)), ("H02", None)]);
    assert_eq!(first.discussed[0].after.as_ref().map(|after| after.likelihood.as_str()), Some("Low"));
    let actions: Vec<_> = first.actions.iter().map(|one| (one.id.as_str(), one.hazard.as_deref())).collect();
    assert_eq!(actions, [("PSA-1-A1", Some("H01")), ("PSA-1-A2", Some("H01"))]);
    assert_eq!(places.place("psa/PSA-1/actions/PSA-1-A2").and_then(|at| at.cell).as_deref(), Some("I6"));
    let messages = messages(&observations);
    for (what, count) in [
        ("are not said to be those before or after", 1),
        ("\"Later\" is no word for decision", 1),
        ("The rating after is left out: \"Major\" alone is half of one.", 1),
        ("An action has no id; it is called PSA-1-A1", 1),
        ("The state of an action is not given; it counts as open.", 2),
        ("\"Weather\" was not understood.", 1),
        ("\"Fine\" was not understood.", 1),
        ("The sheet Lists of \"psa/sessions.xlsx\" gives neither the id nor the date", 1),
    ] {
        assert_eq!(
            messages.iter().filter(|message| message.contains(what)).count(),
            count,
            "{what}: {messages:#?}"
        );
    }
}

#[test]
fn what_a_page_says_and_nothing_understands_is_told_by_its_line() {
    let page = "# Minutes\n\nSession: PSA-1\nDate: 2026-07-02\nKind: HAZID\n\n## Catering\n\nTea was served.\n\n## Actions\n\n- Ring the trust\n\n| Hazard | Due |\n|---|---|\n| H01 | soon |\n";
    let (sessions, _, observations) = read_page(page).unwrap();
    assert_eq!(sessions[0].actions, []);
    let told: Vec<_> = observations
        .iter()
        .map(|observation| {
            (observation.place.as_ref().and_then(|place| place.line), observation.message.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(17), "\"soon\" is not a date; what is due is left out."),
            (Some(17), "A row of the session's actions has no text, and is left out: \"H01\"."),
            (Some(7), "In the record of PSA sessions, \"Catering\" was not understood."),
            (Some(9), "In the record of PSA sessions, \"Tea was served.\" was not understood."),
            (Some(13), "In the record of PSA sessions, \"Ring the trust\" was not understood."),
        ]
    );
}

#[test]
fn a_session_without_id_or_with_no_date_is_refused_by_its_place() {
    for (page, what) in [
        ("Date: 2026-07-02\n", "The record of a PSA session does not give its id\n  at: psa/1.md"),
        ("Session: PSA-1\n", "The record of a PSA session does not give its date"),
        ("Session: PSA-1\nDate: 31/02/2026\n", "\"31/02/2026\" is not a date\n  at: psa/1.md, line 2"),
        (
            "Session: PSA-1\nDate: 2026-07-02\n\n| Person | Role |\n|---|---|\n| zz | CSO |\n",
            "\"zz\" is not the id of anybody in [[people]]\n  at: psa/1.md, line 6",
        ),
    ] {
        let error = read_page(page).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
    let (sessions, _, observations) = read_page("# Notes\n\nNothing yet.\n").unwrap();
    assert!(sessions.is_empty());
    assert!(observations[0].message.contains("gives neither the id nor the date"), "{observations:?}");
}

#[test]
fn the_template_is_read_once_it_is_filled_in() {
    let template = include_str!("../../data/init/psa-minutes.md");
    let filled = template
        .replace("- Session ID:", "- Session ID: PSA-1")
        .replace("- Kind of session:", "- Kind of session: HAZID workshop")
        .replace("- Date:", "- Date: 2026-07-02");
    let (sessions, _, observations) = read_page(&filled).unwrap();
    assert_eq!((sessions[0].id.as_str(), sessions[0].kind.as_str()), ("PSA-1", "HAZID workshop"));
    assert_eq!(messages(&observations), Vec::<&str>::new());
    let rows: Vec<&str> =
        filled.lines().filter(|line| line.starts_with("| ") && line.contains(" | ")).collect();
    let with_rows = rows.iter().fold(filled.clone(), |page, row| {
        let columns = row.matches('|').count() - 1;
        let rule = format!("{}|", "|---".repeat(columns));
        page.replacen(
            &format!("{row}\n{rule}\n"),
            &format!("{row}\n{rule}\n{}|\n", "| zz ".repeat(columns)),
            1,
        )
    });
    let (_, _, observations) = match read_page(&with_rows.replacen("| zz ", "| ", 1)) {
        Ok(read) => read,
        Err(error) => panic!("{error}"),
    };
    assert!(
        observations.iter().all(|noted| !noted.message.contains("not understood")),
        "every column of the template is known: {observations:#?}"
    );
    assert!(!observations.is_empty(), "zz is no date and no word for a decision");
}

proptest::proptest! {
    #[test]
    fn no_page_makes_a_panic(text in "(# |\\| ?|\\n|Session|: |Date|2026-07-02|Hazard|Action|Severity|Conditions|- |Outcome|x|<!--|-->|\\||---){0,60}") {
        let _ = read_page(&text);
    }
}
