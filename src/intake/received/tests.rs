use super::*;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::ObservationKind;
use crate::intake::files::tests::case_folder;
use crate::intake::folder::tests::hazard_log;
use crate::intake::hazard_log::{LogFiles, ReadOptions};
use rust_xlsxwriter::Workbook as Written;

fn sender(id: &str) -> SenderLog {
    SenderLog {
        id: id.to_owned(),
        file: format!("{id}.xlsx"),
        kind: Origin::NationalService,
        from: "National service".to_owned(),
        mapping: None,
        document: None,
        transferred: false,
        transferred_to: Vec::new(),
    }
}

fn read_log(log: &SenderLog, bytes: Vec<u8>) -> Reading<Vec<ReceivedHazard>> {
    let files = LogFiles::file(log.file.clone(), bytes);
    log::read(log, &files, &ReadOptions::default(), &RiskPolicy::nhs()).unwrap()
}

/// A log with a row a control, of which two are handed over, to different organisations.
fn control_rows() -> Vec<u8> {
    let mut book = Written::new();
    let sheet = book.add_worksheet().set_name("Hazard Log").unwrap();
    let headers = [
        "Num",
        "Hazard Name",
        "Hazard Description",
        "Potential Clinical Impact",
        "Existing Controls",
        "Possible Causes",
        "Initial Consequence",
        "Initial Likelihood",
        "Initial Risk",
        "Additional controls",
        "Control type",
        "Control owner",
        "Action",
        "Action status",
        "Residual Consequence",
        "Residual Likelihood",
        "Residual Risk",
    ];
    let transfer = "Risk transferred in Hazard Log";
    let rows = [
        [
            "H01",
            "Wrong pathway",
            "The wrong pathway is offered",
            "Late care",
            "010101 Users are trained",
            "0101 Outdated content",
            "Major",
            "Medium",
            "3",
            "010102 Version is shown",
            "Design",
            "Maker Ltd",
            "Built",
            "Closed",
            "Major",
            "Low",
            "3",
        ],
        [
            "H01",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "010103 Users check the version",
            "Training",
            "Deploying organisation",
            transfer,
            "Closed",
            "",
            "",
            "",
        ],
        [
            "H01",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "010104 Feeds are monitored",
            "Business process",
            "Host Ltd",
            transfer,
            "Open",
            "",
            "",
            "",
        ],
    ];
    for (row, texts) in (0..).zip(std::iter::once(&headers).chain(&rows)) {
        for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn each_hazard_of_a_log_is_received_under_the_id_of_the_log() {
    let (hazards, mut provenance, observations) = read_log(&sender("NRL"), hazard_log("Mix-up"));
    let [hazard] = &hazards[..] else { panic!("{hazards:?}") };
    assert_eq!((hazard.id.as_str(), hazard.log.as_deref()), ("NRL:H1", Some("NRL")));
    assert_eq!(hazard.name.as_deref(), Some("Mix-up"));
    assert_eq!(hazard.text.as_deref(), Some("A letter reaches the wrong patient"));
    assert_eq!(hazard.impact.as_deref(), Some("Late treatment"));
    assert_eq!(hazard.document.as_deref(), Some("Clinical Safety Hazard Log - Referral Bridge, version 1.2"));
    assert!(!hazard.transferred && hazard.hazards.is_empty());
    let initial = hazard.sender_ratings.as_ref().and_then(|ratings| ratings.initial.as_ref()).unwrap();
    let words = [&initial.severity, &initial.likelihood, &initial.risk].map(|word| word.as_deref());
    assert_eq!(words, [Some("Major"), Some("Medium"), Some("3")]);
    let place = |path: &str| provenance.place(&format!("{}{path}", hazard.path()));
    assert_eq!(place(""), Some(Place::cell("NRL.xlsx", "Hazard Log", "A2")));
    assert_eq!(place("/impact"), Some(Place::cell("NRL.xlsx", "Hazard Log", "D2")));
    let quoted = place("/impact").and_then(|place| provenance.quotes().at(&place));
    assert_eq!(quoted.map(|quote| quote.text).as_deref(), Some("Late treatment"));
    assert_eq!(observations, []);
}

#[test]
fn a_control_that_is_handed_over_is_received_too_unless_it_goes_to_somebody_else() {
    let (all, _, _) = read_log(&sender("MK"), control_rows());
    let ids: Vec<&str> = all.iter().map(|hazard| hazard.id.as_str()).collect();
    assert_eq!(ids, ["MK:H01", "MK:H01/010103", "MK:H01/010104"]);
    let log = SenderLog { transferred_to: vec!["deploying Organisation".to_owned()], ..sender("MK") };
    let (ours, provenance, observations) = read_log(&log, control_rows());
    let [hazard, control] = &ours[..] else { panic!("{ours:?}") };
    assert!(!hazard.transferred && control.transferred);
    assert_eq!(control.control_of.as_deref(), Some("MK:H01"));
    assert_eq!(control.transferred_to.as_deref(), Some("Deploying organisation"));
    assert_eq!(provenance.place(&control.path()).unwrap().cell.as_deref(), Some("J3"));
    let noted: Vec<&str> = observations.iter().map(|observation| observation.message.as_str()).collect();
    assert!(
        noted.iter().any(|message| message
            .contains("1 control is handed over to others than this organisation (Host Ltd)")),
        "{noted:?}"
    );
    assert!(
        observations.iter().all(|observation| observation.hazard.is_none()),
        "no hazard of the own log is meant"
    );
}

#[test]
fn what_a_log_holds_beside_its_hazards_is_said_as_of_that_log() {
    let mut book = Written::new();
    let sheet = book.add_worksheet().set_name("Hazards").unwrap();
    let rows = [
        [
            "Hazard number",
            "Hazard name",
            "Hazard description",
            "Potential clinical impact",
            "Possible causes",
            "Colour",
        ],
        [
            "1",
            "Wrong patient",
            "A record is shown for another patient",
            "Wrong treatment",
            "Same name",
            "Blue",
        ],
    ];
    for (row, texts) in (0..).zip(rows) {
        for (column, text) in (0..).zip(texts) {
            sheet.write(row, column, text).unwrap();
        }
    }
    let (hazards, _, observations) = read_log(&sender("GPC"), book.save_to_buffer().unwrap());
    assert_eq!(hazards[0].id, "GPC:1");
    assert_eq!(hazards[0].sender_ratings, None, "a log without scores is in order");
    assert!(!observations.is_empty());
    for Observation { kind, message, .. } in observations {
        assert_eq!(kind, ObservationKind::ReceivedLog);
        assert!(message.starts_with("In the hazard log GPC: ") && message.contains("Colour"), "{message}");
    }
}

use crate::case::observation::Observation;

fn decided(entries: &str) -> Result<Received, InputError> {
    let (_directory, folder) = case_folder(&[("received.toml", entries)]);
    let log = sender("NRL");
    let (hazards, ..) = read_log(&log, hazard_log("Mix-up"));
    read(&folder, "received.toml", &[log], hazards).map(|(received, ..)| received)
}

#[test]
fn an_entry_that_names_a_hazard_of_a_log_decides_on_it() {
    let received = decided("[[received]]\nid = \"NRL:H1\"\nhazards = [\"H05\"]\n[[received]]\nid = \"H1\"\nfrom = \"Maker Ltd\"\nkind = \"supplier\"\n").unwrap();
    let [of_log, by_hand] = &received.hazards[..] else { panic!("{received:?}") };
    assert_eq!((of_log.id.as_str(), &of_log.hazards[..]), ("NRL:H1", &["H05".to_owned()][..]));
    assert_eq!(of_log.name.as_deref(), Some("Mix-up"), "the log still says what it is");
    assert_eq!((by_hand.id.as_str(), by_hand.kind, by_hand.log.as_deref()), ("H1", Origin::Supplier, None));
}

#[test]
fn entries_that_name_nothing_or_say_what_the_log_says_are_refused_by_line() {
    for (entry, what, line) in [
        (
            "id = \"NRL:H7\"",
            "No hazard \"NRL:H7\" was received\n  at: received.toml, line 2\n  do: did you mean \"NRL:H1\"?",
            2,
        ),
        (
            "id = \"NRL:H1\"\nname = \"x\"",
            "\"NRL:H1\" is a hazard of a log of the case, and \"name\" is said there",
            3,
        ),
        (
            "id = \"NLR:H1\"",
            "The key \"from\" is missing here\n  at: received.toml, line 2\n  do: add from = ...; of hazard logs, did you mean \"NRL\"?",
            2,
        ),
        ("id = \"H1\"\nfrom = \"x\"", "The key \"kind\" is missing here", 2),
        (
            "id = \"NRL:H1\"\n[[received]]\nid = \"NRL:H1\"",
            "The received hazard id \"NRL:H1 of National service\" is used twice",
            3,
        ),
    ] {
        let error = decided(&format!("[[received]]\n{entry}\n")).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains(&format!("line {line}")), "{error}");
    }
}

#[test]
fn a_hazard_of_the_own_log_adopts_from_its_side_unless_it_was_refused() {
    let mut received = decided("[[received]]\nid = \"X\"\nfrom = \"A\"\nkind = \"supplier\"\n[[received]]\nid = \"X\"\nfrom = \"B\"\nkind = \"supplier\"\n").unwrap().hazards;
    let adoption = |received: &str| Adoption {
        hazard: "H05".to_owned(),
        received: received.to_owned(),
        place: Place::line("supplement.toml", 3),
    };
    let mut provenance = Provenance::default();
    adopt(&mut received, &[adoption("NRL:H1"), adoption("NRL:H1")], &mut provenance).unwrap();
    assert_eq!(received[0].hazards, ["H05"]);
    assert_eq!(provenance.place(&format!("{}/hazards", received[0].path())).unwrap().line, Some(3));
    let error = adopt(&mut received, &[adoption("X")], &mut provenance).unwrap_err().to_string();
    assert!(error.contains("received from A and B; it is not said which"), "{error}");
    let error = adopt(&mut received, &[adoption("NRL:H9")], &mut provenance).unwrap_err().to_string();
    assert!(error.contains("No hazard \"NRL:H9\" was received\n  at: supplement.toml, line 3"), "{error}");
    received[0].not_adopted_because = Some("Not used".to_owned());
    let error = adopt(&mut received, &[adoption("NRL:H1")], &mut provenance).unwrap_err().to_string();
    assert!(error.contains("there is a reason why no hazard adopts it"), "{error}");
}

#[test]
fn logs_that_cannot_be_told_apart_are_refused() {
    for (second, what) in [
        ("id = \"NRL\"\nfile = \"b.xlsx\"", "The hazard log id \"NRL\" is used twice"),
        ("id = \"N:L\"\nfile = \"b.xlsx\"", "\"N:L\" cannot stand before the ids of hazards"),
        ("id = \"B\"\nfile = \"a.xlsx\"", "The hazard logs NRL and B name one file"),
    ] {
        #[derive(Deserialize)]
        struct Logs {
            hazard_logs: Vec<SenderLog>,
        }
        let origin = "kind = \"supplier\"\nfrom = \"x\"";
        let text = format!(
            "[[hazard_logs]]\nid = \"NRL\"\nfile = \"a.xlsx\"\n{origin}\n[[hazard_logs]]\n{second}\n{origin}\n"
        );
        let (input, lines) = TomlInput::<Logs>::parse("case.toml", &text).unwrap().into_parts();
        let error = log::check(&input.hazard_logs, &lines).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains("case.toml, line "), "{error}");
    }
}
