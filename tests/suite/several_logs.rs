//! A case of three hazard logs: the organisation's own, a national service's and a supplier's.

use crate::commands::{cscr, squeezed, text};
use crate::log_fixture::{GOOD_HAZARD, LogFixture};
use crate::report_engine::fixture::pdf_text;
use crate::workbooks::template::HEADERS;
use cscr::case::received::{Origin, ReceivedHazard};
use cscr::intake::folder::load;
use cscr::intake::workbook::Limits;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const CASE: &str = r#"as_of = 2026-09-14
[product]
name = "Referral Desk"
[inputs]
hazard_log = "own.xlsx"
supplement = "supplement.toml"
received = "received-hazards.toml"
[[hazard_logs]]
id = "NS"
file = "logs/national.xlsx"
kind = "national-service"
from = "National record service"
document = "Consumer hazard log, version 2.0"
[[hazard_logs]]
id = "PART"
file = "logs/component.xlsx"
kind = "supplier"
from = "Component Ltd"
transferred_to = ["Integrator"]
"#;

/// Hazards to adopt and score: no ratings, no owner, no status, numbers with gaps.
fn national_log() -> LogFixture {
    let headers = [
        "Hazard number",
        "Hazard type",
        "Hazard name",
        "Hazard description",
        "Potential clinical impact",
        "Possible causes",
        "Suggested actions to mitigate hazard",
        "Links to documentation",
    ];
    let mut log = LogFixture::new(&headers);
    log.row(
        1,
        &[
            "3",
            "Generic",
            "Record out of date",
            "An old record is shown.",
            "Care rests on old facts.",
            "1) Cache",
            "1) Show the time",
            "",
        ],
    );
    log.row(
        2,
        &[
            "61\n",
            "Interface",
            "Service out of reach",
            "The service does not answer.",
            "Care is late.",
            "1) Network",
            "1) Fall back to paper",
            "",
        ],
    );
    log
}

/// A row a control; one control is handed over to whoever builds the part in, one to its hosts.
fn suppliers_log() -> LogFixture {
    let mut log = LogFixture::new(&crate::log_fixture::CONTROL_HEADERS);
    log.row(
        1,
        &[
            "H01",
            "Code is not mapped",
            "A code is dropped.",
            "A fact is missing.",
            "010101 Codes are listed",
            "0101 New codes",
            "Major",
            "Medium",
            "3",
            "010102 Codes are checked",
            "Design",
            "Component Ltd",
            "Built",
            "Closed",
            "Major",
            "Low",
            "3",
        ],
    );
    let transferred = "Risk transferred in Hazard Log";
    log.row(
        2,
        &[
            "H01",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "010103 New codes are tested",
            "Test",
            "Integrator",
            transferred,
            "Closed",
            "",
            "",
            "",
        ],
    );
    log.row(
        3,
        &[
            "H01",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "010104 Feeds are watched",
            "Test",
            "Host Ltd",
            transferred,
            "Closed",
            "",
            "",
            "",
        ],
    );
    log
}

fn case(decisions: &str, supplement: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let mut own = LogFixture::new(&HEADERS);
    own.row(1, &GOOD_HAZARD);
    write("own.xlsx", &own.bytes());
    write("logs/national.xlsx", &national_log().bytes());
    write("logs/component.xlsx", &suppliers_log().bytes());
    write("case.toml", CASE.as_bytes());
    write("received-hazards.toml", decisions.as_bytes());
    write("supplement.toml", supplement.as_bytes());
    folder
}

fn of<'a>(received: &'a [ReceivedHazard], id: &str) -> &'a ReceivedHazard {
    received.iter().find(|hazard| hazard.id == id).unwrap()
}

fn messages(folder: &Path, check: &str) -> Vec<String> {
    let json = cscr(&["check", text(folder), "--format", "json", "--only", check]).json();
    let findings = json["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn hazards_of_other_logs_are_received_beside_the_own_ones() {
    let folder = case("", "");
    let loaded = load(folder.path(), None, &Limits::default()).unwrap();
    let keys: Vec<&str> = loaded.case.hazard_log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    assert_eq!(keys, ["H01"], "the own log is the only one that is rated here");
    let received = &loaded.case.received;
    let ids: Vec<&str> = received.iter().map(|hazard| hazard.id.as_str()).collect();
    assert_eq!(ids, ["NS:3", "NS:61", "PART:H01", "PART:H01/010103"]);
    let national = of(received, "NS:61");
    assert_eq!((national.kind, national.from.as_str()), (Origin::NationalService, "National record service"));
    assert_eq!(national.document.as_deref(), Some("Consumer hazard log, version 2.0"));
    assert_eq!(national.sender_ratings, None);
    let part = of(received, "PART:H01");
    assert!(!part.transferred && part.sender_ratings.is_some());
    let place = loaded.provenance.place(&format!("{}/text", national.path())).unwrap();
    assert_eq!((place.file.as_str(), place.cell.as_deref()), ("logs/national.xlsx", Some("D3")));
    let attached: Vec<&str> = loaded.sources.iter().map(|source| source.path.as_str()).collect();
    assert_eq!(attached, ["own.xlsx", "logs/national.xlsx", "logs/component.xlsx"]);
    let noted: Vec<&str> = loaded
        .observations
        .iter()
        .filter(|observation| observation.place.as_ref().is_some_and(|place| place.file.starts_with("logs/")))
        .map(|observation| observation.message.as_str())
        .collect();
    assert_eq!(
        noted,
        [
            "In the hazard log PART, 1 control is handed over to others than this organisation (Host Ltd), and not received."
        ]
    );
}

#[test]
fn the_log_of_a_sender_is_read_by_its_mapping() {
    let folder = case("", "");
    let at = |name: &str| folder.path().join(name);
    let (log, mapping) = (at("logs/national.xlsx"), at("logs/national-mapping.toml"));
    cscr(&["import", text(&log), "--save-mapping", text(&mapping)]).ended(0);
    let saved = fs::read_to_string(&mapping).unwrap();
    let (read, meant) = (r#"field = "description""#, r#"ignored = "The sender's words are in the name""#);
    assert_eq!(saved.matches(read).count(), 1, "{saved}");
    fs::write(&mapping, saved.replace(read, meant)).unwrap();
    let named = CASE.replace(
        "file = \"logs/national.xlsx\"",
        "file = \"logs/national.xlsx\"\nmapping = \"logs/national-mapping.toml\"",
    );
    fs::write(at("case.toml"), &named).unwrap();
    let loaded = load(folder.path(), None, &Limits::default()).unwrap();
    let told = of(&loaded.case.received, "NS:61").text.clone().unwrap_or_default();
    assert!(!told.contains("does not answer"), "{told}");

    // What the mapping names and the sheet lacks is an error, of the sender's log too.
    fs::write(&mapping, saved.replace("Hazard description", "Account of the hazard")).unwrap();
    let refused = cscr(&["check", text(folder.path())]).ended(2);
    assert!(refused.err.contains("national-mapping.toml"), "{}", refused.err);
}

#[test]
fn what_became_of_each_is_checked_over_all_logs() {
    let undecided = case("", "");
    assert_eq!(messages(undecided.path(), "D4").len(), 1, "the control that the supplier hands over");
    assert_eq!(messages(undecided.path(), "D5").len(), 2);
    let decisions = "[[received]]\nid = \"NS:3\"\nnot_adopted_because = \"Nothing is stored.\"\n\
                     [[received]]\nid = \"PART:H01/010103\"\nhazards = [\"H01\"]\n";
    let decided = case(decisions, "[[hazard]]\nid = \"H01\"\nadopts = [\"NS:61\"]\n");
    for check in ["D4", "D5", "D6"] {
        let expected = usize::from(check == "D6");
        assert_eq!(messages(decided.path(), check).len(), expected, "{check}");
    }
    let json = cscr(&["check", text(decided.path()), "--format", "json"]).json();
    let edges = json["graph"]["edges"].as_array().unwrap();
    let adopted: Vec<&str> = edges
        .iter()
        .filter(|edge| edge["relation"] == "adopted-by")
        .map(|edge| edge["from"].as_str().unwrap())
        .collect();
    assert_eq!(
        adopted,
        ["received:Component Ltd/PART:H01%2F010103", "received:National record service/NS:61"]
    );
}

#[test]
fn the_report_shows_where_each_comes_from_and_what_became_of_it() {
    let decisions = "[[received]]\nid = \"NS:3\"\nnot_adopted_because = \"Nothing is stored.\"\n";
    let folder = case(decisions, "[[hazard]]\nid = \"H01\"\nadopts = [\"NS:61\", \"PART:H01/010103\"]\n");
    let pdf = folder.path().join("report.pdf");
    cscr(&["build", text(folder.path()), "-o", text(&pdf)]).ended(0);
    let printed = squeezed(&pdf_text(&fs::read(&pdf).unwrap()));
    for words in [
        "adopts NS:61, PART:H01/010103",
        "3 hazards and 1 control of other organisations. What stands before a colon is the sender's hazard log.",
        "National record service, national service: Consumer hazard log, version 2.0",
        "Nothing is stored.",
        "Control of PART:H01: New codes are tested",
        "Rated by the sender initially Major / Medium / 3, residually Major / Low / 3",
        "Yes, to Integrator",
    ] {
        assert!(printed.contains(&squeezed(words)), "{words}");
    }
}

#[test]
fn a_log_that_is_not_there_is_said_by_its_line() {
    let folder = case("", "");
    fs::remove_file(folder.path().join("logs/national.xlsx")).unwrap();
    let error = load(folder.path(), None, &Limits::default()).unwrap_err().to_string();
    assert!(
        error.contains("The case names file = \"logs/national.xlsx\"")
            && error.contains("case.toml, line 10"),
        "{error}"
    );
}
