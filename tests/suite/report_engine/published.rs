//! Published copies: without names, without the inputs.

use super::fixture::{
    Beside, TemplateFolder, as_of, assurance, attachments, one_hazard, pdf_text, render_with,
    report_of_sample,
};
use cscr::assurance::cross_reference::{ActionRow, State};
use cscr::assurance::finding::{Finding, Level, Waived};
use cscr::assurance::waivers::Record;
use cscr::assurance::{ApprovalRecord, ApprovalState, Assurance, Given, PlanApproval};
use cscr::case::approval::ApprovedDocument;
use cscr::case::compliance::{Answer, ComplianceAnswer};
use cscr::case::document::Signatory;
use cscr::case::hazard::Acceptance;
use cscr::case::person::{Person, Registration};
use cscr::case::psa::{ActionState, Attendee, PsaAction, PsaSession};
use cscr::case::quote::Quote;
use cscr::case::waiver::Waiver;
use cscr::case::{Case, Place, Provenance};
use cscr::intake::SourceFile;
use cscr::report::{RenderOptions, WITHHELD};
use std::collections::BTreeSet;

fn person(id: &str, name: &str, role: &str) -> Person {
    Person {
        id: id.to_owned(),
        name: name.to_owned(),
        role: Some(role.to_owned()),
        organisation: Some("Example Trust".to_owned()),
        responsibilities: None,
        clinician: true,
        registration: Some(Registration {
            body: "GMC".to_owned(),
            number: Some("0000001".to_owned()),
            checked: None,
            expires: None,
        }),
    }
}

fn case_with_people() -> Case {
    let mut case = one_hazard();
    case.people = vec![
        person("cso", "Dr Zebedee Quillfeather", "Clinical Safety Officer"),
        person("mthorn", "Marigold Thornapple", "Author"),
        person("p/quince", "Peony Quince", "Tester"),
    ];
    case.cso = Some("cso".to_owned());
    case.document.authors = vec!["mthorn".to_owned()];
    case.document.owner = Some("Example Trust".to_owned());
    case.document.approvers = vec![Signatory {
        person: None,
        name: Some("Ottoline Wrexmarsh".to_owned()),
        title: Some("Director".to_owned()),
        date: None,
        version: None,
    }];
    case.hazard_log.author = Some("M Thornapple".to_owned());
    let hazard = &mut case.hazard_log.hazards[0];
    hazard.owner = Some("Peregrine Underbough".to_owned());
    hazard.description = Some(
        "As Dr Quillfeather and M. Thornapple said; O Wrexmarsh agreed. mthorn wrote it, z.q@example.org."
            .to_owned(),
    );
    hazard.residual_acceptance =
        Some(Acceptance { by: "cso".to_owned(), on: as_of(), reason: "Accepted.".to_owned() });
    case.waivers = vec![Waiver {
        check: "B1".to_owned(),
        hazard: None,
        about: None,
        by: "mthorn".to_owned(),
        reason: "Ottoline Wrexmarsh signs next week".to_owned(),
        on: as_of(),
        expires: as_of(),
    }];
    case.narrative.insert("introduction".to_owned(), "Chaired by Zebedee Quillfeather.".to_owned());
    case.compliance = vec![ComplianceAnswer {
        clause: "2.1.1".to_owned(),
        answer: Answer::Yes,
        statement: Some("Marigold Thornapple keeps it.".to_owned()),
        by: Some("Cosmo Larkspur".to_owned()),
        on: Some(as_of()),
    }];
    case.psa = vec![PsaSession {
        id: "PSA-1".to_owned(),
        title: None,
        kind: "HAZID workshop".to_owned(),
        date: as_of(),
        method: None,
        hazard_log_version: None,
        chair: Some("cso".to_owned()),
        facilitator: Some("Ottoline Quickthorn".to_owned()),
        minutes: None,
        attendees: vec![Attendee {
            person: None,
            name: Some("Ignatius Fennimore".to_owned()),
            role: Some("Pharmacist".to_owned()),
            organisation: None,
            registration: Some("GPhC 0000002".to_owned()),
            apologies: false,
        }],
        discussed: Vec::new(),
        new_hazards: Vec::new(),
        actions: vec![PsaAction {
            id: "A1".to_owned(),
            text: "Ask I Fennimore".to_owned(),
            owner: Some("mthorn".to_owned()),
            due: None,
            state: ActionState::Open,
            closed: None,
            hazard: None,
        }],
        outcome: None,
        conditions: Vec::new(),
    }];
    case
}

fn assurance_with_people(case: &Case) -> Assurance {
    let mut assurance = assurance(case);
    assurance.approvals = vec![ApprovalState {
        document: ApprovedDocument::Cscr,
        person: Some("cso".to_owned()),
        name: "Dr Zebedee Quillfeather".to_owned(),
        role: None,
        registration: Some("GMC 0000001".to_owned()),
        state: ApprovalRecord::Missing,
        not_counted: None,
        date: None,
        given: None,
        recorded: None,
        withdrawn: None,
        changes: None,
        changed_since: Vec::new(),
    }];
    assurance.findings = vec![Finding {
        check: "B1",
        level: Level::Warning,
        clause: None,
        title: "Test",
        hazard: None,
        hazards: Vec::new(),
        message: "Marigold Thornapple has not signed".to_owned(),
        remedy: String::new(),
        how: None,
        about: None,
        source: None,
        quote: None,
        waived: None,
    }];
    assurance.cross_reference.actions = vec![ActionRow {
        id: "A1".to_owned(),
        session: "PSA-1".to_owned(),
        text: "Ask I Fennimore".to_owned(),
        owner: Some("mthorn".to_owned()),
        due: None,
        closed: false,
        overdue: false,
        hazard: None,
        state: State::NoneFound,
    }];
    assurance
}

#[test]
fn a_published_copy_has_no_names_anywhere() {
    let case = case_with_people();
    let mut provenance = Provenance::default();
    provenance.record("people/mthorn", Place::line("case.toml", 3));
    provenance.record("people/p/quince/role", Place::line("case.toml", 9));
    provenance.record("received/Cosmo Larkspur/N-1", Place::line("received.toml", 1));
    let sources = [SourceFile {
        path: "log.xlsx".to_owned(),
        mime: "application/octet-stream",
        description: "The hazard log".to_owned(),
        bytes: b"Marigold Thornapple".to_vec(),
    }];
    let template = TemplateFolder::small().load();
    let options = RenderOptions { include_names: false, include_source_log: true };
    let beside = Beside { sources: &sources, provenance, options };
    let published = render_with(&case, &assurance_with_people(&case), &template, &beside).unwrap();
    let full = render_with(
        &case,
        &assurance_with_people(&case),
        &template,
        &Beside { options: RenderOptions::default(), ..beside },
    )
    .unwrap();

    let everything = |pdf: &[u8]| {
        let files = attachments(pdf)
            .into_iter()
            .map(|(name, _, bytes)| format!("{name} {}", String::from_utf8_lossy(&bytes)));
        files.chain([pdf_text(pdf)]).collect::<Vec<_>>().join("\n")
    };
    let (published_text, full_text) = (everything(&published.pdf), everything(&full.pdf));
    for name in [
        "Quillfeather",
        "Zebedee",
        "Thornapple",
        "mthorn",
        "Wrexmarsh",
        "Underbough",
        "Fennimore",
        "Quickthorn",
        "Larkspur",
        "quince",
        "000000",
        "z.q@",
    ] {
        assert!(full_text.contains(name), "the test would prove nothing of {name}");
        assert!(!published_text.contains(name), "{name}");
    }
    assert_eq!(attachments(&published.pdf).len(), 2, "the inputs hold names");
    for kept in [
        "As Clinical Safety Officer and Author said",
        "Chaired by Clinical Safety Officer.",
        "Pharmacist",
        "Example Trust",
        WITHHELD,
        "person-2",
        "people/person-3/role",
        "\"by\": \"cso\"",
    ] {
        assert!(published_text.contains(kept), "{kept}: {published_text}");
    }
}

#[test]
fn a_published_copy_withholds_who_waived_and_what_inputs_say() {
    let case = case_with_people();
    let mut assurance = assurance_with_people(&case);
    let waived = Waived {
        by: "mthorn".to_owned(),
        name: "Marigold Thornapple".to_owned(),
        role: Some("Author".to_owned()),
        on: as_of(),
        expires: as_of(),
        reason: "O Wrexmarsh agreed".to_owned(),
    };
    assurance.findings[0].waived = Some(waived.clone());
    assurance.findings[0].quote = Some(Quote { header: None, text: "number = \"0000001\"".to_owned() });
    let (check, hazard, about) = ("B1".to_owned(), None, None);
    assurance.waivers = vec![Record { check, hazard, about, waived, findings: 1, void: None }];
    assurance.status.waived = vec!["1 blocking finding is waived by Marigold Thornapple.".to_owned()];
    assurance.recorded_approvals = assurance.approvals.clone();
    assurance.recorded_approvals[0].given = Some(Given {
        means: Some("by e-mail"),
        evidence: Some("evidence/from-ottoline.eml".to_owned()),
        statement: Some("Peony Quince told me that it is right.".to_owned()),
    });
    let (by, fault) = (Some("mthorn".to_owned()), Some("Approved by Marigold Thornapple.".to_owned()));
    assurance.plan_approval = Some(PlanApproval { by, on: None, is_recorded: false, fault });
    let report = format!(
        "{}\n#raw(repr((assurance.findings, assurance.waivers, settings.waived, assurance.recorded_approvals, assurance.plan_approval)))\n",
        super::fixture::REPORT
    );
    let template = TemplateFolder::with_report(&report).load();
    let printed = |include_names: bool| {
        let options = RenderOptions { include_names, include_source_log: false };
        let beside = Beside { options, ..Beside::default() };
        // Names may be broken over two lines; letters are made small.
        squeezed(&pdf_text(&render_with(&case, &assurance, &template, &beside).unwrap().pdf))
    };
    let (full, published) = (printed(true), printed(false));
    for name in ["thornapple", "mthorn", "wrexmarsh", "0000001", "ottoline", "quince"] {
        assert!(full.contains(name), "the test would prove nothing of {name}: {full}");
        assert!(!published.contains(name), "{name}: {published}");
    }
}

#[test]
fn the_source_log_can_be_left_out_by_itself() {
    let case = one_hazard();
    let sources = [SourceFile {
        path: "log.xlsx".to_owned(),
        mime: "application/octet-stream",
        description: "The hazard log".to_owned(),
        bytes: vec![1, 2],
    }];
    let options = RenderOptions { include_source_log: false, include_names: true };
    let beside = Beside { sources: &sources, options, ..Beside::default() };
    let rendered = render_with(&case, &assurance(&case), &TemplateFolder::small().load(), &beside).unwrap();
    let names: Vec<String> = attachments(&rendered.pdf).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["case.json", "provenance.json", "sign-off.json"]);
}

/// Text without what a line break may add or take away.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Every name and registration number in the sample's records of people.
fn identities(case: &Case) -> BTreeSet<String> {
    let attendees = || case.psa.iter().flat_map(|session| &session.attendees);
    let log = &case.hazard_log;
    let signatories = [&case.document.reviewers, &case.document.approvers, &log.reviewers, &log.approvers];
    let registrations = case.people.iter().filter_map(|person| person.registration.as_ref());
    let surnames = case.people.iter().filter_map(|person| person.name.split(' ').next_back());
    let all = case.people.iter().map(|person| person.name.as_str()).chain(surnames);
    let all = all
        .chain(signatories.into_iter().flatten().filter_map(|signatory| signatory.name.as_deref()))
        .chain(attendees().filter_map(|attendee| attendee.name.as_deref()))
        .chain(attendees().filter_map(|attendee| attendee.registration.as_deref()))
        .chain(registrations.filter_map(|registration| registration.number.as_deref()));
    all.map(str::to_owned).collect()
}

#[test]
fn the_published_sample_names_nobody() {
    let everything = |include_names: bool| {
        let options = RenderOptions { include_source_log: true, include_names };
        let (loaded, _, rendered) = report_of_sample("referral-hub", options);
        let pdf = rendered.pdf;
        let files = attachments(&pdf)
            .into_iter()
            .filter(|(name, ..)| ["case.json", "provenance.json"].contains(&name.as_str()));
        let files = files.map(|(_, _, bytes)| String::from_utf8(bytes).unwrap());
        let text = squeezed(&files.chain([pdf_text(&pdf)]).collect::<Vec<_>>().join("\n"));
        (loaded.case, text)
    };
    let ((case, published), (_, full)) = (everything(false), everything(true));
    let identities = identities(&case);
    assert!(identities.len() > 20, "{identities:?}");
    let is_in = |text: &str, identity: &str| text.contains(&squeezed(identity));
    let unseen: Vec<&String> = identities.iter().filter(|identity| !is_in(&full, identity)).collect();
    assert!(unseen.is_empty(), "the test would prove nothing of {unseen:?}");
    let told: Vec<&String> = identities.iter().filter(|identity| is_in(&published, identity)).collect();
    assert!(told.is_empty(), "{told:?}");
}
