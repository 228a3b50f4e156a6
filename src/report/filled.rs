//! What a report is set from: the data that its template reads, and the Typst source that the template made.

use super::names::Data;
use super::printable::{self, Replaced};
use super::template::Section;
use super::world::{self, ReportWorld};
use super::{
    Engine, FontSet, RenderInput, RenderOptions, ReportError, SignOff, attachments, changes, environment,
    linked, markdown, running_digest, sign_off,
};
use crate::assurance::{checks, version};
use crate::case::{Case, Date};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use typst::foundations::Bytes;

/// `/data/report.json`: what a template needs to know besides the case. The attachments are added to it, and the
/// `spaces` to sign in: for each required approval what its link leads to.
#[derive(Debug, Serialize)]
struct Settings<'a> {
    as_of: Date,
    /// The version of the issue since which changes are told.
    since: Option<&'a str>,
    /// Version of the hazard log: of its cover, and of its history where that has another.
    log_version: Option<String>,
    draft: bool,
    /// Why the report is a draft; without names where the report is.
    reasons: &'a Value,
    /// What would block and is waived, a sentence for each person.
    waived: &'a Value,
    /// Content digest of the report.
    digest: &'a str,
    /// What a template prints at the head or foot of each page for the beginning of it.
    running_digest: &'a str,
    engine_version: &'static str,
    template: TemplateName<'a>,
    options: RenderOptions,
    fonts: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct TemplateName<'a> {
    id: &'a str,
    title: &'a str,
}

/// What a template's minijinja reads.
#[derive(Debug, Serialize)]
pub(super) struct Context<'a> {
    case: Value,
    assurance: Value,
    /// Ids of the narrative sections that there are.
    narrative: Vec<String>,
    sections: &'a [Section],
    /// Ids of all checks that there are, in order.
    all_checks: Vec<&'static str>,
    report: Value,
}

/// What a report is set from.
pub(super) struct Filled<'a> {
    pub context: Context<'a>,
    /// The Typst source that the template made.
    pub typst: String,
    /// What stands for the running digest.
    pub mark: String,
    pub replaced: Vec<Replaced>,
}

impl Engine {
    /// Puts everything into the world that the report is made of.
    pub(super) fn fill<'a>(
        &self,
        world: &mut ReportWorld,
        input: &RenderInput<'a>,
        sign_off: Option<&SignOff>,
    ) -> Result<Filled<'a>, ReportError> {
        let data = if input.options.include_names {
            Data::of(input.case, input.assurance, input.provenance)
        } else {
            Data::without_names(input.case, input.assurance, input.provenance)
        };
        let template = input.template;
        for (path, file) in template.files() {
            world.add(path, file.origin.as_str(), file.bytes.clone());
        }
        let attachments = attachments::add(world, input, &data, sign_off, &self.fonts);
        let mut changes = changes::told(input, &data.case);
        printable::make_printable(&mut changes, &self.fonts, "changes");
        let mut narrative = narrative(&data.case, input.case);
        let mut case = data.case;
        let mut replaced = printable::make_printable(&mut case, &self.fonts, "");
        for (section, tree) in &mut narrative {
            replaced.extend(printable::make_printable(tree, &self.fonts, &format!("narrative/{section}")));
        }
        let mut assurance = data.assurance;
        // These words quote the case, where the same characters have just been found.
        printable::make_printable(&mut assurance, &self.fonts, "assurance");
        let targets = linked::Targets::of(&case, &assurance);
        linked::link_sentences(&mut assurance, &targets);
        for tree in narrative.values_mut() {
            linked::link_narrative(tree, &targets);
        }
        let narrative_ids = narrative.keys().cloned().collect();
        let told = [
            ("risk-policies", policies(&case).to_string()),
            ("narrative", Value::Object(narrative.into_iter().collect()).to_string()),
            ("changes", changes.to_string()),
            ("case", case.to_string()),
            ("assurance", assurance.to_string()),
        ];
        let texts: Vec<&str> = told.iter().map(|(_, text)| text.as_str()).collect();
        let mark = running_digest::mark(&texts, &input.assurance.digests.cscr);
        let settings = settings(input, &assurance["status"], &self.fonts, &mark);
        let mut settings = serde_json::to_value(settings).unwrap_or_default();
        printable::make_printable(&mut settings, &self.fonts, "report");
        // Their paths must stay the ones that the files lie at.
        settings["attachments"] = serde_json::to_value(attachments).unwrap_or_default();
        settings["spaces"] = match sign_off {
            Some(_) => {
                serde_json::to_value(sign_off::spaces(input.case, input.assurance)).unwrap_or_default()
            }
            None => Value::Array(vec![Value::Null; input.assurance.approvals.len()]),
        };
        let report = settings.to_string();
        for (name, text) in told.into_iter().chain([("report", report)]) {
            add_data(world, name, text);
        }
        let context = Context {
            case,
            assurance,
            narrative: narrative_ids,
            sections: &template.manifest().sections,
            all_checks: checks::checks().map(|check| check.id).collect(),
            report: settings,
        };
        let typst = environment::render(template, &context)?;
        world.add(world::MAIN, world::GENERATED, Bytes::from_string(typst.clone()));
        Ok(Filled { context, typst, mark, replaced: replaced.into_iter().collect() })
    }
}

/// Puts JSON where templates read it.
pub(super) fn add_data(world: &mut ReportWorld, name: &str, json: String) {
    let path = format!("/data/{name}.json");
    world.add(&path, path.trim_start_matches('/'), Bytes::from_string(json));
}

/// `/data/risk-policies.json`: every risk policy of the case, the main one first. It is in `case.json` too; a
/// file of its own can be read where the whole case must not be.
fn policies(case: &Value) -> Value {
    let further = case["risk_policies"].as_array().into_iter().flatten();
    std::iter::once(&case["risk_policy"]).chain(further).cloned().collect()
}

/// The narrative sections as trees, by id.
fn narrative(case_json: &Value, case: &Case) -> BTreeMap<String, Value> {
    let is_hazard = |key: &str| case.hazard(key).is_some();
    let sections = case_json["narrative"].as_object().into_iter().flatten();
    let tree =
        |text: &Value| serde_json::to_value(markdown::parse(text.as_str().unwrap_or_default(), &is_hazard));
    sections.map(|(section, text)| (section.clone(), tree(text).unwrap_or_default())).collect()
}

fn settings<'a>(
    input: &RenderInput<'a>,
    status: &'a Value,
    fonts: &'a FontSet,
    running_digest: &'a str,
) -> Settings<'a> {
    let RenderInput { assurance, template, as_of, options, .. } = *input;
    Settings {
        as_of,
        since: input.since.map(|since| since.version.as_str()),
        log_version: version::of_log(&input.case.hazard_log),
        draft: assurance.status.draft,
        reasons: &status["reasons"],
        waived: &status["waived"],
        digest: &assurance.digests.cscr,
        running_digest,
        engine_version: env!("CARGO_PKG_VERSION"),
        template: TemplateName { id: template.id(), title: &template.manifest().title },
        options,
        fonts: fonts.families(),
    }
}
