//! A small case, a small template, and ways to look into a PDF.

use cscr::assurance::clauses::ClauseCounts;
use cscr::assurance::cross_reference::CrossReference;
use cscr::assurance::risk_position::RiskPosition;
use cscr::assurance::{Assurance, Counts, Status};
use cscr::case::clause::ClauseTable;
use cscr::case::digest::Digests;
use cscr::case::hazard::{Cause, Hazard, LinkBasis};
use cscr::case::matrix::RiskPolicy;
use cscr::case::{Case, Date, Provenance, hazard_log, standard, system};
use cscr::intake::folder::load;
use cscr::intake::workbook::Limits;
use cscr::intake::{LoadedCase, SourceFile};
use cscr::report::{Engine, FontSet, RenderInput, RenderOptions, Rendered, ReportError, Template, Templates};
use std::collections::BTreeMap;

pub const MANIFEST: &str = r#"
id = "small"
title = "Small report"
standard = "DCB0129"
output = "small.pdf"

[[sections]]
id = "introduction"
title = "Introduction"
clause = "3.5.1"
"#;

pub const REPORT: &str = r#"#import "/lib/small.typ": hazard-sheet, inlines
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
#for approval in assurance.approvals [- #approval.name #approval.registration]
"#;

pub const SHARED: &str = r#"#let inlines(node) = node.at("text", default: "") + for each in node.at("content", default: ()) { inlines(each) }
#let hazard-sheet(hazard) = [
  == #hazard.name
  #hazard.description
  #for cause in hazard.causes [- #cause.text]
]
"#;

pub fn hazard(key: &str, name: &str, description: &str) -> Hazard {
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
            without_control: None,
        }],
        ..Hazard::default()
    }
}

pub fn case(hazards: Vec<Hazard>) -> Case {
    Case {
        standard: standard::Standard { name: standard::StandardName::Dcb0129, version: "4.2".to_owned() },
        clause_table: ClauseTable::dcb0129(),
        compliance: Vec::new(),
        phase: None,
        product: system::Product { name: "Referral Desk".to_owned(), description: None },
        organisation: system::Organisation::default(),
        release: system::Release::default(),
        document: cscr::case::document::DocumentControl::default(),
        people: Vec::new(),
        cso: None,
        risk_policy: RiskPolicy::nhs(),
        risk_policies: Vec::new(),
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
        incident_log: None,
        hazard_log: hazard_log::HazardLog { hazards, ..Default::default() },
        tom: None,
        risk_assessment: Vec::new(),
        psa: Vec::new(),
        received: Vec::new(),
        nothing_from_manufacturer: None,
        outside_report: None,
        evidence: Vec::new(),
        waivers: Vec::new(),
        narrative: BTreeMap::from([("introduction".to_owned(), "Read *this* first.".to_owned())]),
    }
}

pub fn one_hazard() -> Case {
    case(vec![hazard("H1", "Wrong patient", "A record of somebody else is shown.")])
}

pub fn assurance(case: &Case) -> Assurance {
    Assurance {
        as_of: as_of(),
        status: Status {
            draft: true,
            reasons: vec!["No approval is recorded.".to_owned()],
            waived: Vec::new(),
        },
        counts: Counts::default(),
        findings: Vec::new(),
        waivers: Vec::new(),
        not_applicable: Vec::new(),
        risk_position: RiskPosition::of(case),
        tom: None,
        cross_reference: CrossReference::default(),
        graph: cscr::assurance::graph::Graph::default(),
        clauses: Vec::new(),
        clause_counts: ClauseCounts::default(),
        approvals: Vec::new(),
        recorded_approvals: Vec::new(),
        plan_approval: None,
        digests: Digests {
            cscr: "c".repeat(64),
            hazard_log: "d".repeat(64),
            plan: "e".repeat(64),
            tom: "f".repeat(64),
        },
    }
}

pub fn as_of() -> Date {
    Date::new(2026, 9, 14).unwrap()
}

/// A template in a folder, as a user has it.
pub struct TemplateFolder(tempfile::TempDir);

impl TemplateFolder {
    pub fn small() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("template.toml", MANIFEST).write("report.typ.j2", REPORT).write("lib/small.typ", SHARED);
        folder
    }

    pub fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub fn with_report(report: &str) -> Self {
        let folder = Self::small();
        folder.write("report.typ.j2", report);
        folder
    }

    pub fn load(&self) -> Template {
        Templates::embedded().load(self.0.path().to_str().unwrap()).unwrap()
    }
}

#[derive(Default)]
pub struct Beside<'a> {
    pub sources: &'a [SourceFile],
    pub provenance: Provenance,
    pub options: RenderOptions,
}

pub fn render_with(
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
        approvals: &[],
        template,
        as_of: as_of(),
        since: None,
        options: beside.options,
    })
}

pub fn render(case: &Case, folder: &TemplateFolder) -> Result<Rendered, ReportError> {
    render_with(case, &assurance(case), &folder.load(), &Beside::default())
}

pub fn pdf_text(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Name, relationship and bytes of each attachment, in the order of the file.
pub fn attachments(pdf: &[u8]) -> Vec<(String, String, Vec<u8>)> {
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

/// The report of a sample, with what it was made from.
pub fn report_of_sample(name: &str, options: RenderOptions) -> (LoadedCase, Assurance, Rendered) {
    let loaded = load(&crate::commands::sample(name), None, &Limits::default()).unwrap();
    let fonts = FontSet::embedded();
    let assurance = cscr::assure(&loaded, &fonts);
    let engine = Engine::new(fonts, Templates::embedded());
    let template = engine.template("ers-cscr").unwrap();
    let rendered = engine.render(&RenderInput {
        case: &loaded.case,
        assurance: &assurance,
        provenance: &loaded.provenance,
        sources: &loaded.sources,
        approvals: &loaded.approvals,
        template: &template,
        as_of: loaded.as_of,
        since: None,
        options,
    });
    let rendered = rendered.unwrap();
    (loaded, assurance, rendered)
}
