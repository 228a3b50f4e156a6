//! Findings as SARIF 2.1.0, the format in which tools for code review and continuous integration take
//! findings. Property names are those of the standard.
//!
//! A place in a text file is a region; a cell of a spreadsheet, which has no lines, is a logical location.
//! A waived finding is suppressed, with the waiver as its justification.

use super::clauses;
use super::finding::{Authority, Concerned, Finding, Level, Waived};
use super::reference::{self, Entry};
use crate::case::Place;
use crate::case::clause::ClauseTable;
use crate::case::digest::sha256_hex;
use crate::case::quote::Quote;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A SARIF file.
#[derive(Debug, Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Debug, Serialize)]
struct Run<'a> {
    tool: Tool,
    results: Vec<Outcome<'a>>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Help,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Debug, Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleProperties {
    group: &'static str,
    /// With the standard that the number is of, as that of a result, which is that of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    waivable_by: Authority,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: Vec<Location<'a>>,
    /// The hazards that a result concerns, where these are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    /// Empty where nothing is suppressed: in one run either all results have this property or none.
    suppressions: Vec<Suppression>,
    properties: OutcomeProperties<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Location<'a> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    name: &'a str,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Debug, Serialize)]
struct OutcomeProperties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    hazard: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'a str>,
    /// What stands in a cell, which whoever reads the results cannot open as they can a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<&'a Quote>,
}

/// Findings as a SARIF log. `base` is the case folder's path as results should name it: empty, or ending
/// with `/`.
#[must_use]
pub fn log<'a>(findings: impl IntoIterator<Item = &'a Finding>, base: &str) -> Log<'a> {
    let entries: Vec<Entry> = reference::entries().collect();
    let indices: BTreeMap<&str, usize> = entries.iter().map(|entry| entry.id).zip(0..).collect();
    let results = findings.into_iter().map(|finding| outcome(finding, &indices, base)).collect();
    let manufacture = ClauseTable::dcb0129();
    let driver = Driver {
        name: "cscr",
        version: env!("CARGO_PKG_VERSION"),
        rules: entries.into_iter().map(|entry| rule(entry, &manufacture)).collect(),
    };
    Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run { tool: Tool { driver }, results }],
    }
}

fn rule(entry: Entry, manufacture: &ClauseTable) -> Rule {
    Rule {
        id: entry.id,
        short_description: Text { text: entry.title },
        full_description: Text { text: entry.why },
        help: Help { text: help(&entry) },
        default_configuration: Configuration { level: level(entry.level) },
        properties: RuleProperties {
            group: entry.group,
            clause: entry.clause.map(|clauses| clauses::cited(clauses, manufacture)),
            waivable_by: entry.waivable_by,
        },
    }
}

/// What to do, whom the standard exempts, and what a finding weighs.
fn help(entry: &Entry) -> String {
    let exempt = entry.exempt.map(|words| format!("\n\nDoes not apply {words}")).unwrap_or_default();
    format!("{}{exempt}\n\n{}", entry.remedy, entry.facts())
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Blocking => "error",
        Level::Warning => "warning",
        Level::Information => "note",
    }
}

fn outcome<'a>(finding: &'a Finding, indices: &BTreeMap<&str, usize>, base: &str) -> Outcome<'a> {
    let is_cell = finding.source.as_ref().is_some_and(|place| place.cell.is_some());
    Outcome {
        rule_id: finding.check,
        rule_index: indices.get(finding.check).copied().unwrap_or_default(),
        level: level(finding.level),
        message: Text { text: &finding.message },
        locations: vec![
            finding.source.as_ref().map_or_else(|| whole_case(base), |place| location(place, base)),
        ],
        related_locations: finding.hazards.iter().filter_map(|concerned| related(concerned, base)).collect(),
        partial_fingerprints: [("cscrFinding/v1", fingerprint(finding))].into(),
        suppressions: finding.waived.iter().map(suppression).collect(),
        properties: OutcomeProperties {
            hazard: finding.hazard.as_deref(),
            clause: finding.clause.as_deref(),
            cell: finding.quote.as_ref().filter(|_| is_cell),
        },
    }
}

/// Where a finding stands that is about no single value. Readers of SARIF refuse results without a place.
fn whole_case(base: &str) -> Location<'static> {
    let uri = uri(&format!("{base}case.toml"));
    let physical_location = PhysicalLocation { artifact_location: ArtifactLocation { uri }, region: None };
    Location { physical_location, message: None, logical_locations: Vec::new() }
}

/// Where one of several hazards stands, with its key.
fn related<'a>(concerned: &'a Concerned, base: &str) -> Option<Location<'a>> {
    let message = Some(Text { text: &concerned.hazard });
    concerned.source.as_ref().map(|place| Location { message, ..location(place, base) })
}

fn location<'a>(place: &'a Place, base: &str) -> Location<'a> {
    let region = place.line.map(|start_line| Region { start_line });
    let sheet = place.sheet.as_deref().map(|sheet| LogicalLocation {
        name: sheet,
        fully_qualified_name: sheet.to_owned(),
        kind: "sheet",
    });
    let cell = place.sheet.as_deref().zip(place.cell.as_deref()).map(|(sheet, cell)| LogicalLocation {
        name: cell,
        fully_qualified_name: format!("{sheet}!{cell}"),
        kind: "cell",
    });
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&format!("{base}{}", place.file)) },
            region,
        },
        message: None,
        logical_locations: cell.or(sheet).into_iter().collect(),
    }
}

/// What stays the same while rows and lines move: the check, the hazard, the value and what was seen.
fn fingerprint(finding: &Finding) -> String {
    let parts = [
        finding.check,
        finding.hazard.as_deref().unwrap_or_default(),
        finding.about.as_deref().unwrap_or_default(),
        &finding.message,
    ];
    sha256_hex(parts.join("\n").as_bytes())
}

fn suppression(waived: &Waived) -> Suppression {
    Suppression { kind: "external", status: "accepted", justification: waived.sentence() }
}

/// A path as a relative reference: what may not stand in one is escaped.
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::assure;
    use crate::assurance::testing::{Fixture, rating, waiver};
    use serde_json::{Value, json};

    fn value(fixture: &Fixture) -> Value {
        let findings = assure(&fixture.subject()).findings;
        serde_json::to_value(log(&findings, "my cases/one/")).expect("a log can be written")
    }

    /// The properties that SARIF 2.1.0 requires (sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.49), and those of
    /// the optional ones that are restricted.
    #[test]
    fn what_the_standard_requires_is_there() {
        let mut fixture = Fixture::with(|fixture| fixture.case.post_deployment = None);
        fixture.hazard().residual = rating("Major", "High", 5);
        fixture.case.waivers = vec![waiver("F16", "clinician")];
        let log = value(&fixture);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "cscr");
        let rules = driver["rules"].as_array().expect("rules");
        for rule in rules {
            assert!(rule["id"].is_string() && rule["help"]["text"].is_string(), "{rule}");
            let level = rule["defaultConfiguration"]["level"].as_str().expect("a level");
            assert!(["error", "warning", "note"].contains(&level), "{rule}");
        }
        let results = run["results"].as_array().expect("results");
        assert!(results.len() >= 4, "{results:?}");
        for result in results {
            assert!(result["message"]["text"].is_string(), "{result}");
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(result["suppressions"].is_array(), "all results have it, or none: {result}");
            let fingerprints = result["partialFingerprints"].as_object().expect("fingerprints");
            assert!(fingerprints.values().all(|print| print.as_str().is_some_and(|print| print.len() == 64)));
        }
    }

    #[test]
    fn a_cell_is_a_logical_location_of_its_file() {
        let mut fixture = Fixture::new();
        fixture.hazard().residual = rating("Major", "High", 5);
        fixture.provenance.quotes().record_header("log.xlsx", "Hazard Log", "P", "Risk");
        let log = value(&fixture);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let c7 = results.iter().find(|result| result["ruleId"] == "C7").expect("C7");
        assert_eq!(c7["level"], "error");
        assert_eq!(
            c7["properties"],
            json!({
                "hazard": "H01",
                "clause": "DCB0129 6.1.4, 6.1.2",
                "cell": { "header": "Risk", "text": "" },
            })
        );
        assert_eq!(
            c7["locations"],
            json!([{
                "physicalLocation": { "artifactLocation": { "uri": "my%20cases/one/log.xlsx" } },
                "logicalLocations": [{ "name": "P2", "fullyQualifiedName": "Hazard Log!P2", "kind": "cell" }],
            }])
        );
    }

    #[test]
    fn the_hazards_of_a_finding_on_several_are_related_locations() {
        let fixture = Fixture::with(|fixture| fixture.case.psa.clear());
        let log = value(&fixture);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let e7 = results.iter().find(|result| result["ruleId"] == "E7").expect("E7");
        let related = e7["relatedLocations"].as_array().expect("two hazards");
        assert_eq!(related.len(), 2);
        assert_eq!(related[1]["message"], json!({ "text": "H02" }));
        assert_eq!(related[1]["logicalLocations"][0]["fullyQualifiedName"], "Hazard Log!A3");
        assert_eq!(e7["locations"][0]["logicalLocations"][0]["name"], "A2", "no input tells of sessions");
        let f2 = results.iter().find(|result| result["ruleId"] == "F2").expect("F2");
        assert_eq!(f2.get("relatedLocations"), None);
    }

    #[test]
    fn a_rule_says_whom_the_standard_exempts() {
        let log = value(&Fixture::new());
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").clone();
        let help = |id: &str| {
            let rule = rules.iter().find(|rule| rule["id"] == id).expect("a rule");
            rule["help"]["text"].as_str().expect("a text").to_owned()
        };
        assert!(help("C2").contains("Does not apply to a hazard whose initial risk is acceptable"));
        assert!(!help("F1").contains("Does not apply"));
    }

    #[test]
    fn a_line_is_a_region_and_a_waiver_a_suppression() {
        let mut fixture = Fixture::with(|fixture| fixture.case.post_deployment = None);
        fixture.case.waivers = vec![waiver("F16", "clinician")];
        fixture.provenance.record("post_deployment", Place::line("case.toml", 7));
        let log = value(&fixture);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let f16 = results.iter().find(|result| result["ruleId"] == "F16").expect("F16");
        let region = &f16["locations"][0]["physicalLocation"]["region"];
        assert_eq!(*region, json!({ "startLine": 7 }));
        assert_eq!(
            f16["suppressions"],
            json!([{
                "kind": "external",
                "status": "accepted",
                "justification": "Waived by Dr Ada Clinic, General practitioner, on 1 September 2026 until 1 December 2026: Agreed for this release.",
            }])
        );
    }
}
