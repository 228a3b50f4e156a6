//! Reports that are held against an issue: what changed since is told, marked on the sheets, and summed up in an
//! addendum.

use crate::signoff::CaseCopy;
use cscr::build::{BuildError, Judged, Request};
use cscr::intake::workbook::Limits;
use cscr::report::{RenderOptions, Rendered};
use cscr::trace::Trace;

const OWNER: &str = r#"id = "H01.E1", owner = "Northmoor Health Systems, product engineering""#;
const QUESTION: &str = "Is the product a medical device, or could it become one?";

/// The sample, issued, and then changed: an owner, an item of the risk assessment.
fn changed() -> CaseCopy {
    let case = CaseCopy::of("referral-hub");
    case.run("issue", &["--version", "1.0"]).ended(0);
    case.replace("supplement.toml", OWNER, r#"id = "H01.E1", owner = "Northmoor Health Systems, quality""#);
    case.replace("risk-assessment.toml", QUESTION, "Is the product a medical device today?");
    case
}

fn request(case: &CaseCopy, template: &str, since: Option<&str>) -> Request {
    Request {
        case: case.path(""),
        as_of: None,
        limits: Limits::default(),
        template: template.to_owned(),
        templates: None,
        fonts: Vec::new(),
        release: false,
        since: since.map(str::to_owned),
        options: RenderOptions::default(),
    }
}

fn rendered(request: &Request) -> Rendered {
    let judged = Judged::of(request, &Trace::default()).unwrap_or_else(|error| panic!("{error:?}"));
    let rendered = judged.report().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rendered.findings, []);
    rendered
}

/// The words of the pages, one space between two.
fn words(rendered: &Rendered) -> String {
    rendered.printed.join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_report_says_and_marks_what_changed_since_an_issue() {
    let case = changed();
    let whole = rendered(&request(&case, "ers-cscr", Some("1.0")));
    let told = words(&whole);
    for said in [
        "Changes since issue 1.0 Compared with issue 1.0 of ",
        "Hazards: 1 changed; no risk moved; controls: 1 with another owner; also changed: Risk assessment.",
        "No rating of any hazard is another.",
        "Existing control H01.E1 owner: Northmoor Health Systems, −product engineering+quality",
        "A bar beside a text, with the word changed or new, marks what differs from issue 1.0",
    ] {
        assert!(told.contains(said), "{said}: {}", whole.printed[2]);
    }
    assert_eq!(told.matches("changed since issue 1.0").count(), 1, "one hazard is another");
    let plain = words(&rendered(&request(&case, "ers-cscr", None)));
    assert!(!plain.contains("since issue"));
    let marked = |told: &str| told.matches(" Changed ").count();
    assert_eq!(marked(&told), marked(&plain) + 1, "one control is marked");
}

#[test]
fn an_equal_case_is_said_to_be_equal() {
    let case = CaseCopy::of("control-rows");
    case.run("issue", &["--version", "1.0", "--summary", "First issue"]).ended(0);
    let told = words(&rendered(&request(&case, "ers-cscr", Some("1.0"))));
    assert!(told.contains("Changes since issue 1.0") && !told.contains("changed since issue 1.0"));
}

#[test]
fn an_issue_that_is_not_there_is_named() {
    let ran = changed().run("build", &["--since", "0.9"]).ended(2);
    assert!(ran.err.contains("There is no issue of version 0.9"), "{}", ran.err);
    assert!(ran.err.contains("the issues are 1.0"), "{}", ran.err);
}

#[test]
fn an_issue_is_an_input_of_the_build_that_is_held_against_it() {
    let case = changed();
    case.run("build", &["--since", "1.0"]).ended(0);
    assert!(case.run("build", &["--since", "1.0"]).ended(0).err.contains("Unchanged"));
    let plain = case.run("build", &[]).ended(0);
    assert!(!plain.err.contains("Unchanged"), "another request: {}", plain.err);
    case.run("build", &["--since", "1.0"]).ended(0);
    case.replace("history/1.0/issue.toml", "version = \"1.0\"", "version = \"1.0.1\"");
    let ran = case.run("build", &["--since", "1.0"]).ended(2);
    assert!(ran.err.contains("There is no issue of version 1.0"), "{}", ran.err);
}

#[test]
fn who_was_named_in_the_issue_is_not_named_in_a_copy_without_names() {
    let case = CaseCopy::of("referral-hub");
    case.replace("case.toml", "name = \"Simon Holt\"", "name = \"Zebedee Quillfeather\"");
    case.replace("risk-assessment.toml", QUESTION, "Is it a medical device, asked Z Quillfeather?");
    case.run("issue", &["--version", "1.0"]).ended(0);
    case.replace("case.toml", "name = \"Zebedee Quillfeather\"", "name = \"Simon Holt\"");
    case.replace("risk-assessment.toml", "Is it a medical device, asked Z Quillfeather?", QUESTION);
    let mut request = request(&case, "ers-cscr", Some("1.0"));
    assert!(words(&rendered(&request)).contains("Quillfeather"));
    request.options.include_names = false;
    let told = words(&rendered(&request));
    assert!(told.contains("This copy is without names, so changes of who does what are left out."));
    let at = told.find("Quillfeather");
    assert!(at.is_none(), "{:?}", at.map(|at| told[..at].rsplit(". ").next()));
}

#[test]
fn an_addendum_has_two_pages_and_states_what_the_case_states() {
    let case = changed();
    let addendum = rendered(&request(&case, "addendum", Some("1.0")));
    let told = words(&addendum);
    assert_eq!(addendum.pages, 2, "{told}");
    for said in [
        "Clinical risk changes. Release 4.1 could only read from e-RS.",
        "By the hazard log, no rating of any hazard is another.",
        "NOT APPROVED",
        "DRAFT. Not for release.",
        "Signatory of this report",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let manifest = std::fs::read_to_string(case.path("case.toml")).unwrap();
    let rest = manifest
        .lines()
        .filter(|line| !line.starts_with("risk_changed") && !line.starts_with("change_rationale"));
    std::fs::write(case.path("case.toml"), rest.collect::<Vec<_>>().join("\n")).unwrap();
    let told = words(&rendered(&request(&case, "addendum", Some("1.0"))));
    assert!(told.contains("Whether clinical risk changes is NOT STATED. No reason is given."), "{told}");
}

#[test]
fn an_addendum_says_where_its_decision_and_the_log_contradict_each_other() {
    let case = CaseCopy::of("referral-hub");
    case.replace("case.toml", "risk_changed = true", "risk_changed = false");
    case.run("issue", &["--version", "1.0"]).ended(0);
    let control = |status: &str| {
        format!(
            "id = \"H01.D1\", owner = \"Northmoor Health Systems, product engineering\", status = \"{status}\""
        )
    };
    case.replace("supplement.toml", &control("Closed"), &control("Open"));
    let told = words(&rendered(&request(&case, "addendum", Some("1.0"))));
    for said in [
        "Clinical risk does not change.",
        "The recorded decision is as it was in issue 1.0,",
        "The recorded decision contradicts the proposal: it says that clinical risk does not change.",
        "Clinical risk seems changed: a new safety case report (DCB0129 7.3.3).",
        "It rests on what changed in H01.",
        "not raised yet: the case still",
        "Not recorded: this version is not raised yet.",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    // Its version, its date and its reason.
    assert_eq!(told.matches("not raised yet").count(), 3, "{told}");
    assert!(!told.contains("Addendum, version"), "the header has the version of what is amended: {told}");
}

#[test]
fn an_addendum_without_an_issue_is_refused() {
    let case = changed();
    let judged = Judged::of(&request(&case, "addendum", None), &Trace::default());
    let Err(error) =
        judged.map_err(described).and_then(|judged| judged.report().map_err(|error| error.to_string()))
    else {
        panic!("there is nothing to tell");
    };
    assert!(error.contains("tells what changed since an issue, and none is named"), "{error}");
}

fn described(error: BuildError) -> String {
    match error {
        BuildError::Input(error) => error.to_string(),
        BuildError::Report(error) => error.to_string(),
    }
}
