//! The report engine from outside: a case and a small template in, PDF bytes out.

use cscr::assurance::cross_reference::{ActionRow, CrossReference, State};
use cscr::assurance::finding::{Finding, Level};
use cscr::assurance::risk_position::RiskPosition;
use cscr::assurance::{ApprovalRecord, ApprovalState, Assurance, Counts, Digests, Status};
use cscr::case::approval::ApprovedDocument;
use cscr::case::digest::canonical_json;
use cscr::case::document::Signatory;
use cscr::case::hazard::{Acceptance, Cause, Hazard, LinkBasis};
use cscr::case::matrix::RiskPolicy;
use cscr::case::person::{Person, Registration};
use cscr::case::psa::{ActionState, Attendee, PsaAction, PsaSession};
use cscr::case::{Case, Date, Place, Provenance};
use cscr::case::{hazard_log, standard, system};
use cscr::intake::SourceFile;
use cscr::report::{
    Engine, FontSet, RenderInput, RenderOptions, Rendered, ReportError, Template, Templates, WITHHELD,
    unprintable,
};
use std::collections::BTreeMap;
use std::path::Path;

const MANIFEST: &str = r#"
id = "small"
title = "Small report"
standard = "DCB0129"
output = "small.pdf"

[[sections]]
id = "introduction"
title = "Introduction"
clause = "3.5.1"
"#;

const REPORT: &str = r#"#import "/lib/small.typ": hazard-sheet, inlines
#let case = json("/data/case.json")
#let settings = json("/data/report.json")
#let told = json("/data/narrative.json")
#let assurance = json("/data/assurance.json")
#set document(title: [Safety case of {{ case.product.name }}])
#set text(font: settings.fonts, lang: "en", region: "gb")
#for file in settings.attachments {
  pdf.attach(file.path, relationship: file.relationship, mime-type: file.mime, description: file.description)
}
#title()
Product: {{ case.product.name }}. Hazards: {{ case.hazard_log.hazards | length }}. As of #settings.as_of.
{% for section in sections %}
= {{ section.title }}
{% if section.id in narrative %}
#for block in told.at("{{ section.id | typst }}") { par(inlines(block)) }
{% endif %}
{% endfor %}
= Hazards
#for hazard in case.hazard_log.hazards { hazard-sheet(hazard) }
= People
#for person in case.people [- #person.name]
#for finding in assurance.findings [- #finding.message]
#for approval in assurance.approvals [- #approval.name]
"#;

const SHARED: &str = r#"#let inlines(node) = node.at("text", default: "") + for each in node.at("content", default: ()) { inlines(each) }
#let hazard-sheet(hazard) = [
  == #hazard.name
  #hazard.description
  #for cause in hazard.causes [- #cause.text]
]
"#;

fn hazard(key: &str, name: &str, description: &str) -> Hazard {
    Hazard {
        key: key.to_owned(),
        id: key.to_owned(),
        name: Some(name.to_owned()),
        description: Some(description.to_owned()),
        causes: vec![Cause {
            id: format!("{key}.1"),
            text: "Identity is not checked".to_owned(),
            controls: Vec::new(),
            link: LinkBasis::None,
        }],
        ..Hazard::default()
    }
}

fn case(hazards: Vec<Hazard>) -> Case {
    Case {
        standard: standard::Standard { name: standard::StandardName::Dcb0129, version: "4.2".to_owned() },
        phase: None,
        product: system::Product { name: "Referral Desk".to_owned(), description: None },
        organisation: system::Organisation::default(),
        release: system::Release::default(),
        document: cscr::case::document::DocumentControl::default(),
        people: Vec::new(),
        cso: None,
        risk_policy: RiskPolicy::nhs(),
        system: system::SystemDefinition::default(),
        interfaces: Vec::new(),
        third_party_products: system::Declared::NotGiven,
        test_issues: system::Declared::NotGiven,
        assumptions: Vec::new(),
        constraints: Vec::new(),
        glossary: Vec::new(),
        references: Vec::new(),
        pre_delivery_review: None,
        post_deployment: None,
        plan: None,
        competence: Vec::new(),
        process_review: None,
        incidents: Vec::new(),
        hazard_log: hazard_log::HazardLog { hazards, ..Default::default() },
        tom: None,
        risk_assessment: Vec::new(),
        psa: Vec::new(),
        evidence: Vec::new(),
        narrative: BTreeMap::from([("introduction".to_owned(), "Read *this* first.".to_owned())]),
    }
}

fn one_hazard() -> Case {
    case(vec![hazard("H1", "Wrong patient", "A record of somebody else is shown.")])
}

fn assurance(case: &Case) -> Assurance {
    Assurance {
        as_of: as_of(),
        status: Status { draft: true, reasons: vec!["No approval is recorded.".to_owned()] },
        counts: Counts::default(),
        findings: Vec::new(),
        risk_position: RiskPosition::of(case),
        tom: None,
        cross_reference: CrossReference::default(),
        approvals: Vec::new(),
        digests: Digests { cscr: "c".repeat(64), hazard_log: "d".repeat(64) },
    }
}

fn as_of() -> Date {
    Date::new(2026, 9, 14).unwrap()
}

/// A template in a folder, as a user has it.
struct TemplateFolder(tempfile::TempDir);

impl TemplateFolder {
    fn small() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("template.toml", MANIFEST).write("report.typ.j2", REPORT).write("lib/small.typ", SHARED);
        folder
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn with_report(report: &str) -> Self {
        let folder = Self::small();
        folder.write("report.typ.j2", report);
        folder
    }

    fn load(&self) -> Template {
        Templates::embedded().load(self.0.path().to_str().unwrap()).unwrap()
    }
}

#[derive(Default)]
struct Beside<'a> {
    sources: &'a [SourceFile],
    provenance: Provenance,
    options: RenderOptions,
}

fn render_with(
    case: &Case,
    assurance: &Assurance,
    template: &Template,
    beside: &Beside,
) -> Result<Rendered, ReportError> {
    Engine::new(FontSet::embedded(), Templates::embedded()).render(&RenderInput {
        case,
        assurance,
        provenance: &beside.provenance,
        sources: beside.sources,
        template,
        as_of: as_of(),
        options: beside.options,
    })
}

fn render(case: &Case, folder: &TemplateFolder) -> Result<Rendered, ReportError> {
    render_with(case, &assurance(case), &folder.load(), &Beside::default())
}

fn pdf_text(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Name, relationship and bytes of each attachment, in the order of the file.
fn attachments(pdf: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let resolve = |object: &lopdf::Object| document.dereference(object).unwrap().1.clone();
    let files = resolve(document.catalog().unwrap().get(b"AF").unwrap());
    let files = files.as_array().unwrap().iter().map(|file| {
        let file = resolve(file);
        let file = file.as_dict().unwrap();
        let name = lopdf::decode_text_string(file.get(b"UF").unwrap()).unwrap();
        let relationship =
            String::from_utf8(file.get(b"AFRelationship").unwrap().as_name().unwrap().to_vec());
        let embedded = resolve(file.get(b"EF").unwrap());
        let stream = resolve(embedded.as_dict().unwrap().get(b"F").unwrap());
        let stream = stream.as_stream().unwrap();
        let bytes = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        (name, relationship.unwrap(), bytes)
    });
    files.collect()
}

#[test]
fn a_case_becomes_a_report_with_its_data_attached() {
    let case = one_hazard();
    let mut provenance = Provenance::default();
    provenance.record("hazards/H1", Place::cell("log.xlsx", "Hazard Log", "A2"));
    let sources = [SourceFile {
        path: "inputs/log.xlsx".to_owned(),
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        description: "The hazard log".to_owned(),
        bytes: b"PK\x03\x04 not really".to_vec(),
    }];
    let beside = Beside { sources: &sources, provenance, ..Beside::default() };
    let rendered = render_with(&case, &assurance(&case), &TemplateFolder::small().load(), &beside).unwrap();
    assert_eq!((rendered.pages, &rendered.replaced[..], &rendered.warnings[..]), (1, &[][..], &[][..]));
    let text = pdf_text(&rendered.pdf);
    for words in
        ["Safety case of Referral Desk", "Hazards: 1.", "2026-09-14", "Read this first.", "Wrong patient"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let expected = [
        ("case.json", "Source", canonical_json(&case).into_bytes()),
        ("provenance.json", "Supplement", canonical_json(&beside.provenance).into_bytes()),
        ("inputs/log.xlsx", "Source", sources[0].bytes.clone()),
    ];
    let expected =
        expected.map(|(name, relationship, bytes)| (name.to_owned(), relationship.to_owned(), bytes));
    let mut found = attachments(&rendered.pdf);
    found.sort_by_key(|(name, ..)| expected.iter().position(|(known, ..)| known == name));
    assert_eq!(found, expected);
}

#[test]
fn it_claims_both_standards_and_the_as_of_date() {
    let rendered = render(&one_hazard(), &TemplateFolder::small()).unwrap();
    let bytes = String::from_utf8_lossy(&rendered.pdf);
    for claim in ["pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<", "2026-09-14"] {
        assert!(bytes.contains(claim), "{claim}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (case, folder) = (one_hazard(), TemplateFolder::small());
    let first = render(&case, &folder).unwrap().pdf;
    cscr::report::evict(0);
    assert!(first == render(&case, &folder).unwrap().pdf);
    let other = case_named("Referral Bench");
    assert!(first != render(&other, &folder).unwrap().pdf);
    assert!(first == render(&case, &folder).unwrap().pdf, "what was made in between leaves no trace");
}

fn case_named(name: &str) -> Case {
    let mut case = one_hazard();
    case.product.name = name.to_owned();
    case
}

#[test]
fn attacks_in_every_text_are_text() {
    let attack = "#panic() ] [ \\ \" $x$ // /* */ @x <l> `r` {{ 7 * 7 }} {% raw %} #import \"x\" \n= h\n- x";
    let mut case = case_named(attack);
    case.hazard_log.hazards = vec![hazard("#panic()", attack, attack)];
    case.narrative.insert("introduction".to_owned(), "#panic() {{ 7 * 7 }} ] <b>bold</b> $ x $".to_owned());
    let rendered = render(&case, &TemplateFolder::small()).unwrap();
    let text = pdf_text(&rendered.pdf);
    for words in ["#panic()", "{{ 7 * 7 }}", "<b>bold</b>", "// /* */ @x <l> `r`"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("49"));
}

#[test]
fn what_cannot_be_printed_is_shown_as_its_code_and_attached_as_it_is() {
    let mut case = one_hazard();
    case.hazard_log.hazards[0].description =
        Some("Clinician \u{1F469}\u{200D}\u{2695}\u{FE0F} and 医 and \u{7}".to_owned());
    case.narrative.insert("introduction".to_owned(), "In words: &#x1FA7A;".to_owned());
    let rendered = render(&case, &TemplateFolder::small()).unwrap();
    let text = pdf_text(&rendered.pdf);
    assert!(text.contains("[U+1F469]") && text.contains("[U+533B] and [U+0007]"), "{text}");
    assert!(text.contains("In words: [U+1FA7A]"), "{text}");
    let replaced: Vec<_> =
        rendered.replaced.iter().map(|replaced| (replaced.path.clone(), replaced.character)).collect();
    let expected = [
        ("hazards/H1/description", '\u{7}'),
        ("hazards/H1/description", '医'),
        ("hazards/H1/description", '\u{1F469}'),
        ("narrative/introduction", '\u{1FA7A}'),
    ];
    assert_eq!(replaced, expected.map(|(path, character)| (path.to_owned(), character)));
    assert_eq!(unprintable(&case, &FontSet::embedded()), replaced);
    let (name, _, bytes) = attachments(&rendered.pdf).swap_remove(0);
    assert_eq!((name.as_str(), bytes), ("case.json", canonical_json(&case).into_bytes()));
}

#[test]
fn a_fault_in_a_shared_file_is_shown_with_its_line_and_the_call() {
    let folder = TemplateFolder::small();
    folder.write("lib/small.typ", &SHARED.replace("#hazard.description", "#hazard.descripton"));
    let error = render(&one_hazard(), &folder).unwrap_err();
    let problem = &error.problems[0];
    let place = problem.place.as_ref().unwrap();
    assert!(Path::new(&place.file).ends_with("lib/small.typ"), "{error}");
    assert_eq!((place.line, place.text.trim()), (4, "#hazard.descripton"), "{error}");
    assert!(problem.message.contains("descripton"), "{error}");
    assert!(
        problem
            .trace
            .iter()
            .any(|call| call.contains("hazard-sheet") && call.contains("report.typ, made by")),
        "{error}"
    );
}

#[test]
fn a_fault_in_what_the_template_makes_says_which_template_made_it() {
    let error =
        render(&one_hazard(), &TemplateFolder::with_report("Hello\n\n{{ case.product.name }} #nothing"))
            .unwrap_err();
    let place = error.problems[0].place.as_ref().unwrap();
    assert!(
        place.file.starts_with("report.typ, made by ") && place.file.ends_with("report.typ.j2"),
        "{error}"
    );
    assert_eq!((place.line, place.text.as_str()), (3, "#\"Referral Desk\"; #nothing"), "{error}");
    assert_eq!(error.problems[0].message, "unknown variable: nothing");
}

#[test]
fn a_fault_in_the_template_itself_is_shown_with_its_line() {
    let error =
        render(&one_hazard(), &TemplateFolder::with_report("Hello\n{{ case.prodct.name }}")).unwrap_err();
    let place = error.problems[0].place.as_ref().unwrap();
    assert!(place.file.ends_with("report.typ.j2"), "{error}");
    assert_eq!((place.line, place.text.as_str()), (2, "{{ case.prodct.name }}"), "{error}");
}

#[test]
fn a_template_reads_no_packages_no_disk_and_no_clock() {
    for (source, words) in [
        ("#import \"@preview/cetz:0.3.0\"", "uses no packages"),
        ("#read(\"/etc/passwd\")", "file not found"),
        ("#read(\"../Cargo.toml\")", "escape"),
        ("#datetime.today()", "current date"),
    ] {
        let error = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap_err().to_string();
        assert!(error.contains(words), "{source}: {error}");
        assert!(error.contains("line 1"), "{source}: {error}");
    }
}

#[test]
fn a_sign_of_the_template_that_no_font_has_is_an_error_at_its_place() {
    let source = "#set document(title: [x])\n#set text(font: \"Liberation Sans\")\nHello \u{533B}";
    let error = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap_err();
    assert!(error.to_string().contains("could not be displayed"), "{error}");
    assert_eq!(error.problems[0].place.as_ref().map(|place| place.line), Some(3), "{error}");
}

#[test]
fn a_report_that_does_not_settle_is_an_error() {
    let source = "#set document(title: [x])\n#let s = state(\"s\", 0)\n#context s.update(s.final() + 1)\n#context s.final()";
    let error = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap_err().to_string();
    assert!(error.contains("did not settle"), "{error}");
}

#[test]
fn a_warning_is_passed_on() {
    let source = "#set document(title: [x])\n#set text(font: (\"Nowhere Sans\", \"Liberation Sans\"))\nHello";
    let rendered = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap();
    assert_eq!(rendered.warnings.len(), 1);
    assert!(rendered.warnings[0].to_string().contains("nowhere sans"), "{}", rendered.warnings[0]);
}

#[test]
fn very_long_texts_are_set_whole() {
    let long = "word ".repeat(6_000) + "endofwords";
    let unbroken = "x".repeat(30_000) + "end";
    let case = case(vec![hazard("H1", "Long", &long), hazard("H2", "Unbroken", &unbroken)]);
    let rendered = render(&case, &TemplateFolder::small()).unwrap();
    assert!(rendered.pages > 5, "{}", rendered.pages);
    let text = pdf_text(&rendered.pdf);
    assert_eq!((text.matches("word ").count(), text.matches("endofwords").count()), (6_000, 1));
    let unbroken: String = text.chars().filter(|c| *c == 'x').collect();
    assert!(unbroken.len() >= 30_000, "{}", unbroken.len());
}

#[test]
fn a_source_cannot_take_the_place_of_a_template_file_or_of_data() {
    let case = one_hazard();
    let paths = [
        "report.typ",
        "report.typ.j2",
        "data/case.json",
        "lib/small.typ",
        "../../log.xlsx",
        "case.json",
        "C:\\log.xlsx",
        "case.json",
    ];
    let sources = paths.map(|path| SourceFile {
        path: path.to_owned(),
        mime: "application/octet-stream",
        description: "An input".to_owned(),
        bytes: format!("#panic({path:?})").into_bytes(),
    });
    let beside = Beside { sources: &sources, ..Beside::default() };
    let rendered = render_with(&case, &assurance(&case), &TemplateFolder::small().load(), &beside).unwrap();
    let mut names: Vec<String> = attachments(&rendered.pdf).into_iter().map(|(name, ..)| name).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "C:/log.xlsx",
            "case.json",
            "log.xlsx",
            "provenance.json",
            "source-2/case.json",
            "source/case.json",
            "source/data/case.json",
            "source/lib/small.typ",
            "source/report.typ",
            "source/report.typ.j2",
        ]
    );
}

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
    hazard.description =
        Some("As Dr Quillfeather and M. Thornapple said; O Wrexmarsh agreed. mthorn wrote it.".to_owned());
    hazard.residual_acceptance =
        Some(Acceptance { by: "cso".to_owned(), on: as_of(), reason: "Accepted.".to_owned() });
    case.narrative.insert("introduction".to_owned(), "Chaired by Zebedee Quillfeather.".to_owned());
    case.psa = vec![PsaSession {
        id: "PSA-1".to_owned(),
        title: None,
        kind: "HAZID workshop".to_owned(),
        date: as_of(),
        method: None,
        hazard_log_version: None,
        chair: Some("cso".to_owned()),
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
        date: None,
    }];
    assurance.findings = vec![Finding {
        check: "B1",
        level: Level::Warning,
        clause: None,
        title: "Test",
        hazard: None,
        message: "Marigold Thornapple has not signed".to_owned(),
        remedy: String::new(),
        source: None,
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
    for name in
        ["Quillfeather", "Zebedee", "Thornapple", "mthorn", "Wrexmarsh", "Underbough", "Fennimore", "000000"]
    {
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
        "\"by\": \"cso\"",
    ] {
        assert!(published_text.contains(kept), "{kept}: {published_text}");
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
    assert_eq!(names, ["case.json", "provenance.json"]);
}
