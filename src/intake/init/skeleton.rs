//! The texts of a new case folder.

use super::super::InputError;
use crate::case::Date;
use crate::case::clause::{ClauseGroup, ClauseTable};
use crate::case::hazard_log::HazardLog;
use crate::case::placeholder::placeholder;
use crate::case::tom::product_questions;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, context};

/// Files and folders that a case folder holds, or comes to hold, besides the given files.
pub const NAMES: [&str; 10] = [
    "case.toml",
    "risk-assessment.toml",
    "psa",
    "narrative",
    "evidence.toml",
    "supplement.toml",
    "waivers.toml",
    "compliance.toml",
    "approvals.toml",
    "history",
];

const CASE: &str = include_str!("../../data/init/case.toml.j2");
const PSA: &str = include_str!("../../data/init/psa-readme.md");
const MINUTES: &str = include_str!("../../data/init/psa-minutes.md");

/// Sections of the report, with a text to begin with.
const NARRATIVE: [(&str, &str); 14] = [
    ("introduction", include_str!("../../data/init/narrative/introduction.md")),
    ("system-definition", include_str!("../../data/init/narrative/system-definition.md")),
    ("api-benefits", include_str!("../../data/init/narrative/api-benefits.md")),
    (
        "clinical-risk-management-system",
        include_str!("../../data/init/narrative/clinical-risk-management-system.md"),
    ),
    ("conformance-assessment", include_str!("../../data/init/narrative/conformance-assessment.md")),
    ("clinical-risk-analysis", include_str!("../../data/init/narrative/clinical-risk-analysis.md")),
    ("clinical-risk-evaluation", include_str!("../../data/init/narrative/clinical-risk-evaluation.md")),
    ("clinical-risk-control", include_str!("../../data/init/narrative/clinical-risk-control.md")),
    ("hazard-log", include_str!("../../data/init/narrative/hazard-log.md")),
    ("test-issues", include_str!("../../data/init/narrative/test-issues.md")),
    ("summary-safety-statement", include_str!("../../data/init/narrative/summary-safety-statement.md")),
    ("quality-assurance", include_str!("../../data/init/narrative/quality-assurance.md")),
    ("configuration-management", include_str!("../../data/init/narrative/configuration-management.md")),
    ("appendix-pathway", include_str!("../../data/init/narrative/appendix-pathway.md")),
];

/// What is known when a folder is made.
#[derive(Debug)]
pub struct Skeleton {
    /// Name of the hazard log's file, and the log.
    pub log: Option<(String, HazardLog)>,
    /// Name of the TOM's file.
    pub tom: Option<String>,
    pub as_of: AsOf,
}

/// The as-of date, and who says so.
#[derive(Debug, Clone, Copy)]
pub enum AsOf {
    Given(Date),
    /// The latest date in the hazard log.
    OfLog(Date),
}

impl Skeleton {
    /// Path and content of every file.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, InputError> {
        let case =
            self.case().map_err(|error| InputError::new(format!("case.toml cannot be made: {error}")))?;
        let mut files = vec![
            ("case.toml".to_owned(), case.into_bytes()),
            ("risk-assessment.toml".to_owned(), risk_assessment().into_bytes()),
            ("compliance.toml".to_owned(), compliance().into_bytes()),
            ("psa/README.md".to_owned(), PSA.as_bytes().to_vec()),
            ("psa/TEMPLATE-minutes.md".to_owned(), MINUTES.as_bytes().to_vec()),
        ];
        files.extend(
            NARRATIVE.map(|(section, text)| (format!("narrative/{section}.md"), text.as_bytes().to_vec())),
        );
        Ok(files)
    }

    fn case(&self) -> Result<String, Error> {
        let empty = HazardLog::default();
        let log = self.log.as_ref().map_or(&empty, |(_, log)| log);
        let fields = [("programme", &log.programme), ("project", &log.project)];
        let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
        let cover: Vec<Vec<String>> =
            fields.iter().filter_map(|(key, value)| Some(vec![(*key).to_owned(), given(value)?])).collect();
        let not_on_cover: Vec<&str> =
            fields.iter().filter(|(_, value)| given(value).is_none()).map(|(key, _)| *key).collect();
        let (AsOf::Given(as_of) | AsOf::OfLog(as_of)) = self.as_of;
        // The last line feed of a template is not part of its output.
        let text = environment().render_str(
            CASE,
            context! {
                as_of => as_of.to_string(),
                as_of_is_of_log => matches!(self.as_of, AsOf::OfLog(_)),
                product => product_name(log),
                from_cover => !cover.is_empty(),
                cover => cover,
                not_on_cover => not_on_cover,
                hazard_log => self.log.as_ref().map(|(name, _)| name),
                log_title => given(&log.title),
                log_version => given(&log.version),
                tom => self.tom.as_deref(),
            },
        )?;
        Ok(text + "\n")
    }
}

/// A closed environment that writes every value as a TOML string.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("toml".into()));
    environment.set_formatter(|out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value| {
        let text = match value.kind() {
            ValueKind::String if value.is_safe() => value.to_string(),
            _ => toml::Value::String(value.to_string()).to_string(),
        };
        out.write_str(&text).map_err(Error::from)
    });
    // Keys and dates are not strings in TOML; both are our own words, never a cell's.
    environment.add_filter("bare", |text: String| Value::from_safe_string(text));
    environment.add_function("todo", |what: &str| placeholder(what));
    environment
}

/// The product's name as the log's title tells it: "Clinical Safety Hazard Log - Name" or "Name Hazard Log".
fn product_name(log: &HazardLog) -> Option<String> {
    let title = log.title.as_deref()?.trim();
    let position = title.to_ascii_lowercase().find("hazard log")?;
    let (before, after) = (&title[..position], &title[position + "hazard log".len()..]);
    let trim = |text: &str| {
        let dashes = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2013}' | '\u{2014}' | ':');
        let text = text.trim_matches(dashes);
        let text = text.strip_prefix("Clinical Safety").unwrap_or(text);
        let text = text.strip_suffix("Clinical Safety").unwrap_or(text).trim_matches(dashes);
        (!text.is_empty()).then(|| text.to_owned())
    };
    trim(after).or_else(|| trim(before))
}

/// The TOM's questions on the product as items that nothing answers yet. Those on the process (was there a risk
/// assessment, who signed) name no source of harm.
fn risk_assessment() -> String {
    let items = product_questions().map(|question| {
        let text = toml::Value::String(question.topic.to_owned());
        format!(
            "[[items]]\nid = \"RA-{id}\"\nkind = \"tom-question\"\ntom_question = \"{id}\"\ntext = {text}\n",
            id = question.id
        )
    });
    format!("{RISK_ASSESSMENT}\n{}", items.collect::<Vec<_>>().join("\n"))
}

const RISK_ASSESSMENT: &str = "\
# What was assessed, and what answers each item. Completeness is measured against this list.
#
# Give every item the hazards that answer it, hazards = [\"H1\"], or the reason why none is needed,
# no_hazard_because = \"...\". An item with neither is a gap. The items below are what the Target Operating Model asks
# about the product; what it asks about the process (risk assessment, safety case, sign-off) is no source of harm.
#
# Add an item for each potential risk that was named at the start (kind = \"potential-risk\"), for each point
# where the pathway enters or leaves an interface (\"entry-point\", \"exit-point\", with interface_point = the
# point's id), for each step of the workflow (\"workflow-step\") and for each failure of the product or of what it
# depends on (\"fault-condition\").
";

/// Every clause as an answer that nobody has given yet.
fn compliance() -> String {
    let group = |group: &ClauseGroup| {
        let clauses = group.clauses.iter().map(|clause| {
            let (number, requirement) = (&clause.number, &clause.requirement);
            format!("# {requirement}\n# [[answers]]\n# clause = \"{number}\"\n# answer = \"\"\n# statement = \"\"\n")
        });
        let clauses: Vec<String> = clauses.collect();
        format!("## {} {}\n\n{}", group.number, group.heading, clauses.join("\n"))
    };
    let groups: Vec<String> = ClauseTable::dcb0129().groups.iter().map(group).collect();
    format!("{COMPLIANCE}\n{}", groups.join("\n"))
}

const COMPLIANCE: &str = "\
# What a named person answers to each clause of DCB0129 version 4.2; the report prints it beside what the engine found.
#
# Take the # away from the four lines of a clause to answer it: \"yes\", \"no\", \"partial\", \"not-applicable\" or
# \"awaiting\" (for steps that lie ahead). The last three need a statement that says why. The sentences that stay behind
# a # are the clauses in other words than the standard's.
#
# Who answers, and when; an answer may have a \"by\" and an \"on\" of its own.
# by = \"jd\"
# on = 2026-09-14
";

#[cfg(test)]
mod tests {
    use super::*;

    fn name(title: &str) -> Option<String> {
        product_name(&HazardLog { title: Some(title.to_owned()), ..HazardLog::default() })
    }

    #[test]
    fn every_clause_waits_for_an_answer() {
        let skeleton = compliance();
        let read = |text: &str| toml::from_str::<toml::Table>(text).expect("TOML");
        assert!(read(&skeleton).is_empty(), "nothing is answered for anybody");
        let is_answer = |line: &&str| {
            ["[[answers]]", "clause =", "answer =", "statement ="].iter().any(|key| line.starts_with(key))
        };
        let lines: Vec<&str> =
            skeleton.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_answer).collect();
        let answers = read(&lines.join("\n"));
        assert_eq!(answers["answers"].as_array().map(Vec::len), Some(61));
    }

    #[test]
    fn a_title_tells_the_product() {
        for (title, product) in [
            ("Clinical Safety Hazard Log - Referral Bridge v1.1", Some("Referral Bridge v1.1")),
            ("Hazard Log: Referral - Bridge", Some("Referral - Bridge")),
            ("Referral Bridge Hazard Log", Some("Referral Bridge")),
            ("Referral Bridge \u{2013} Clinical Safety Hazard Log", Some("Referral Bridge")),
            ("Clinical Safety Hazard Log", None),
            ("Report", None),
        ] {
            assert_eq!(name(title).as_deref(), product, "{title}");
        }
    }
}
