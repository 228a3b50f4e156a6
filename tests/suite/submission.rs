//! The documents of a submission pack, made of the samples and read as their recipients would read them.

use crate::commands::{cscr, sample, text};
use crate::log_fixture::{GOOD_HAZARD, LogFixture};
use crate::real_files::real_file;
use crate::workbooks::template::HEADERS;
use cscr::build::{Judged, Request};
use cscr::case::received::Origin;
use cscr::intake::folder::load;
use cscr::intake::workbook::{Limits, Workbook};
use cscr::report::{Enclosure, Letter, RenderOptions, Rendered};
use cscr::submission::{compliance, forms, handover};
use cscr::trace::Trace;
use std::fs;
use tempfile::TempDir;

fn judged(name: &str) -> Judged {
    let request = Request {
        case: sample(name),
        as_of: None,
        limits: Limits::default(),
        template: "ers-cscr".to_owned(),
        templates: None,
        fonts: Vec::new(),
        release: false,
        since: None,
        options: RenderOptions::default(),
    };
    Judged::of(&request, &Trace::default()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The words of the pages, one space between two.
fn words(rendered: &Rendered) -> String {
    rendered.printed.join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_a_manufacturer_hands_over_the_deployer_receives_undecided() {
    let maker = judged("referral-hub").loaded;
    let log = handover::of(&maker.case, maker.as_of).unwrap().unwrap();
    assert_eq!(log.lost, Vec::<String>::new());
    assert!(log.hazards > 0 && log.controls > 0);
    let folder = TempDir::new().unwrap();
    let mut own = LogFixture::new(&HEADERS);
    own.row(1, &GOOD_HAZARD);
    fs::write(folder.path().join("own.xlsx"), own.bytes()).unwrap();
    fs::write(folder.path().join("maker.xlsx"), &log.bytes).unwrap();
    let case = format!(
        "as_of = 2026-09-20\n[standard]\nname = \"DCB0160\"\nversion = \"3.2\"\n[product]\nname = \"Referral Hub at Eastmere\"\n[organisation]\nname = \"Eastmere\"\nrole = \"deploying-organisation\"\n[inputs]\nhazard_log = \"own.xlsx\"\n{}",
        handover::entry(&maker.case, "maker.xlsx")
    );
    fs::write(folder.path().join("case.toml"), case).unwrap();
    let deployer = load(folder.path(), None, &Limits::default()).unwrap().case;
    let transferred: Vec<_> = deployer.received.iter().filter(|hazard| hazard.transferred).collect();
    assert_eq!(transferred.len(), log.hazards + log.controls);
    for hazard in &deployer.received {
        assert_eq!(hazard.kind, Origin::Manufacturer);
        assert!(hazard.hazards.is_empty() && hazard.refusal().is_none(), "{}", hazard.id);
    }
    let findings = cscr(&["check", text(folder.path()), "--format", "json", "--only", "D4"]).json();
    let findings = findings["findings"].as_array().unwrap();
    assert_eq!(findings.len(), transferred.len(), "D4 asks for each");
    for hazard in transferred {
        let asked = |finding: &serde_json::Value| {
            finding["message"].as_str().unwrap().starts_with(&format!("{} of ", hazard.id))
        };
        assert!(findings.iter().any(asked), "{}", hazard.id);
    }
}

#[test]
fn the_compliance_sheet_has_the_pages_of_the_report_that_it_goes_with() {
    let judged = judged("referral-hub");
    let report = judged.report().unwrap();
    let sheet = compliance::workbook(&judged.loaded.case, &judged.assurance, &report.shown).unwrap();
    let read = Workbook::from_bytes(&sheet, "compliance.xlsx", &Limits::default()).unwrap();
    let rows = read.sheet("Compliance").unwrap().rows().len();
    assert_eq!(rows, judged.assurance.clauses.len() + 1);
    let mut shown = 0;
    for anchor in judged.assurance.clauses.iter().flat_map(|clause| &clause.anchors) {
        let Some(place) = report.shown.get(anchor) else { panic!("{anchor} is nowhere in the report") };
        let page: usize = place.rsplit_once("p. ").unwrap().1.parse().unwrap();
        assert!((1..=report.pages).contains(&page), "{anchor}: {place}");
        // The number of a section stands on its page, as the heading has it.
        if let Some((number, _)) = place.split_once(", p. ") {
            let number = number.trim_start_matches("App. ");
            let heads =
                report.printed[page - 1].lines().any(|line| line.split_whitespace().next() == Some(number));
            assert!(heads, "{anchor}: {place}");
            shown += 1;
        }
    }
    assert!(shown > 30);
}

#[test]
fn the_minutes_tell_each_session_in_the_order_of_dates() {
    let judged = judged("referral-hub");
    let minutes = judged.document("psa-minutes").unwrap();
    let told = words(&minutes);
    for said in [
        "PSA-1 12 Mar 2026",
        "H07 Joan Mercer 30 Nov 2026 Open PSA-3",
        "as asked",
        "Recorded as present: a Clinical Safety Officer and somebody of another role.",
        "Dr Helen Ashdown Clinical Safety Officer",
        "Apologies: Alison Teague",
        "NHS-RH-MIN-069",
        "PSA-3-A2",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(minutes.pages > 3, "each session begins a page");
    assert!(!told.contains("DRAFT"), "the standing of a report is no matter of its minutes");
    assert_eq!(minutes.pdf, judged.document("psa-minutes").unwrap().pdf, "the same bytes each time");
}

#[test]
fn without_a_session_there_are_no_minutes() {
    let error = judged("control-rows").document("psa-minutes").unwrap_err().to_string();
    assert!(error.contains("records no PSA session"), "{error}");
}

#[test]
fn the_letter_says_what_is_enclosed_and_how_the_report_stands() {
    let judged = judged("referral-hub");
    let letter = Letter {
        recipient: vec!["NHS Digital Clinical Safety Group".to_owned()],
        purpose: Some("for the assurance of the e-RS APIs".to_owned()),
        enclosures: vec![Enclosure {
            title: "Hazard log".to_owned(),
            version: Some("1.0".to_owned()),
            file: "Referral-Hub-Hazard-Log-v1.0.xlsx".to_owned(),
        }],
        missing: vec!["The clinical risk management plan is not there.".to_owned()],
        reasons: vec!["Dr Helen Ashdown has not signed the report.".to_owned()],
        signed: Vec::new(),
    };
    let made = judged.letter("covering-letter", &letter).unwrap();
    let told = words(&made);
    for said in [
        "NHS Digital Clinical Safety Group",
        "Hazard log 1.0 Referral-Hub-Hazard-Log-v1.0.xlsx",
        "Not enclosed: • The clinical risk management plan is not there.",
        "It modifies release 4.1, and clinical risk changes.",
        "DRAFT. Not for release. The reason: • Dr Helen Ashdown has not signed the report.",
        "Nobody has signed the report.",
        "Dr Helen Ashdown, Clinical Safety Officer: ○ NOT APPROVED",
        "GMC FICTITIOUS-0001",
        "This letter is not signed and approves nothing.",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert_eq!(made.pages, 1);
    let error = judged.document("covering-letter").unwrap_err().to_string();
    assert!(error.contains("has to be told what it goes with"), "{error}");
}

#[test]
#[ignore = "needs the real TOM workbook"]
fn the_real_tom_takes_the_answers_of_a_case_and_keeps_all_else() {
    let original = fs::read(real_file("tom-ers-apis-v1.4.xlsx")).unwrap();
    let limits = Limits::default();
    let case = judged("referral-hub").loaded.case;
    let tom = case.tom.as_ref().unwrap();
    let filled = forms::tom::fill(&original, "tom.xlsx", tom, &limits).unwrap();
    assert!(filled.form.left_to_program.is_empty(), "{:?}", filled.form.left_to_program);
    let level = filled.level.level().unwrap().number().to_string();
    assert!(
        filled.stated_level.unwrap().starts_with(&level),
        "the form's own formula comes to the same level"
    );
    let workbook = Workbook::from_bytes(&filled.form.bytes, "tom.xlsx", &limits).unwrap();
    let (read, ..) = cscr::intake::tom::read_workbook(&workbook).unwrap();
    for (own, back) in tom.answers.iter().zip(&read.answers) {
        assert_eq!((&own.id, own.answer, &own.answered_by), (&back.id, back.answer, &back.answered_by));
    }
    let parts = |bytes: &[u8]| -> Vec<(String, Vec<u8>)> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut part = archive.by_index(index).unwrap();
                let mut content = Vec::new();
                std::io::Read::read_to_end(&mut part, &mut content).unwrap();
                (part.name().unwrap().into_owned(), content)
            })
            .collect()
    };
    let (before, after) = (parts(&original), parts(&filled.form.bytes));
    let names = |parts: &[(String, Vec<u8>)]| parts.iter().map(|part| part.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    let changed: Vec<&str> =
        before.iter().zip(&after).filter(|(old, new)| old != new).map(|(old, _)| old.0.as_str()).collect();
    assert_eq!(changed, ["xl/worksheets/sheet11.xml"]);
}
