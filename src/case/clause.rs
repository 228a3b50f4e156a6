//! The clauses of a standard, as versioned data: what each demands, who can check it, where its evidence lies.
//!
//! Two tables are built in. An organisation that has the official text, or that numbers its requirements in its
//! own way, loads a table of its own. The table is part of the case, because whoever approves a case approves
//! what it was measured by; its JSON form is its name and its digest, since the report prints every row of it.

mod probe;

use super::standard::{Standard, StandardName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

pub use probe::Probe;

const DCB0129: &str = include_str!("../data/dcb0129-4.2.toml");
const DCB0160: &str = include_str!("../data/dcb0160-3.2.toml");

/// The clauses that a case is measured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseTable {
    /// Short id of the table.
    pub id: String,
    pub standard: StandardName,
    /// Version of the standard, as text: "4.2".
    pub version: String,
    /// Title to print above the clauses.
    pub title: String,
    /// Whose the numbers of its clauses are.
    #[serde(default)]
    pub numbering: Numbering,
    /// Somebody has compared the numbers and requirements with the official text.
    pub verified: bool,
    /// Why they have not.
    pub unverified_because: Option<String>,
    /// SHA-256 over the groups and clauses; computed, never stated.
    #[serde(skip_deserializing)]
    pub sha256: String,
    /// The clauses, by section.
    #[serde(skip_serializing)]
    pub groups: Vec<ClauseGroup>,
}

/// Whose the numbers of a table's clauses are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Numbering {
    /// Those of the standard that the table is of.
    Standard,
    /// The organisation's own: that one of them reads like a number of the standard's says nothing.
    #[default]
    Own,
}

/// Clauses under one heading of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseGroup {
    /// Such as `6.3`.
    pub number: String,
    /// Heading of the section.
    pub heading: String,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// One numbered clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Such as `6.3.1`.
    pub number: String,
    /// The clause of DCB0129 that says the same, in a table of another standard or of other numbers: what checks find
    /// of that one bears on this one.
    pub counterpart: Option<String>,
    /// What it demands, in words of our own.
    pub requirement: String,
    #[serde(default)]
    pub force: Force,
    pub checked_by: CheckedBy,
    /// Where its evidence lies.
    pub evidence_in: Vec<EvidencePlace>,
    /// What the engine looks at.
    #[serde(default)]
    pub probes: Vec<Probe>,
    /// The later step that an answer of "Awaiting" can be about; without one the clause is due from the start.
    pub may_await: Option<LaterStep>,
}

/// How strongly a clause demands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    #[default]
    Must,
    Should,
    /// It demands nothing itself and says where other clauses apply.
    Scoping,
}

/// Who can say whether a clause is answered. That it is met is always a person's to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedBy {
    /// The engine looks whether the evidence is there.
    Engine,
    /// Only a person can say; the engine shows at most what the case refers to.
    Person,
    /// The case has no place for the evidence: until a person answers for it, nobody has looked.
    NobodyYet,
}

/// A document that holds evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidencePlace {
    Cscr,
    HazardLog,
    Plan,
    /// The clinical risk management file.
    File,
    IncidentLog,
}

/// A step of the lifecycle that may still lie ahead when a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LaterStep {
    Analysis,
    Control,
    Approval,
    Delivery,
    Deployment,
    Modification,
    ProcessReview,
    Decommissioning,
}

impl ClauseTable {
    /// The table that is built in for a standard. Of another version than the case claims it is still the
    /// nearest there is; that the versions differ is a finding.
    #[must_use]
    pub fn built_in(name: StandardName) -> Self {
        match name {
            StandardName::Dcb0129 => Self::dcb0129(),
            StandardName::Dcb0160 => Self::dcb0160(),
        }
    }

    /// DCB0129 version 4.2.
    #[must_use]
    pub fn dcb0129() -> Self {
        static TABLE: LazyLock<ClauseTable> = LazyLock::new(|| parsed(DCB0129));
        TABLE.clone()
    }

    /// DCB0160 version 3.2, reconstructed.
    #[must_use]
    pub fn dcb0160() -> Self {
        static TABLE: LazyLock<ClauseTable> = LazyLock::new(|| parsed(DCB0160));
        TABLE.clone()
    }

    /// The same with its digest.
    #[must_use]
    pub fn digested(mut self) -> Self {
        self.sha256 = super::digest::sha256_hex(super::digest::canonical_json(&self.groups).as_bytes());
        self
    }

    /// Every clause in order.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.groups.iter().flat_map(|group| &group.clauses)
    }

    /// The clause with this number.
    #[must_use]
    pub fn clause(&self, number: &str) -> Option<&Clause> {
        self.clauses().find(|clause| clause.number == number)
    }

    /// The clause of DCB0129 that the checks know this one by.
    #[must_use]
    pub fn known_as<'a>(&self, clause: &'a Clause) -> Option<&'a str> {
        let is_dcb0129 = self.standard == StandardName::Dcb0129 && self.numbering == Numbering::Standard;
        clause.counterpart.as_deref().or(is_dcb0129.then_some(clause.number.as_str()))
    }

    /// What the number of one of its clauses is said to be of.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.numbering {
            Numbering::Standard => self.standard.as_str(),
            Numbering::Own => &self.title,
        }
    }

    /// It is the table of this standard at this version.
    #[must_use]
    pub fn is_of(&self, standard: &Standard) -> bool {
        self.standard == standard.name && self.version == standard.version
    }
}

fn parsed(text: &str) -> ClauseTable {
    toml::from_str::<ClauseTable>(text).expect("the built-in clause tables are valid").digested()
}

impl LaterStep {
    /// As it stands after "awaiting".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Analysis => "the analysis",
            Self::Control => "the control of risk",
            Self::Approval => "approval",
            Self::Delivery => "delivery",
            Self::Deployment => "deployment",
            Self::Modification => "a modification",
            Self::ProcessReview => "the next review of the process",
            Self::Decommissioning => "decommissioning",
        }
    }
}

impl EvidencePlace {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Cscr => "report",
            Self::HazardLog => "hazard log",
            Self::Plan => "clinical risk management plan",
            Self::File => "clinical risk management file",
            Self::IncidentLog => "safety incident management log",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn dcb0129_has_its_61_clauses() {
        let table = ClauseTable::dcb0129();
        assert!(table.verified && table.unverified_because.is_none());
        let per_group: Vec<(&str, usize)> =
            table.groups.iter().map(|group| (group.number.as_str(), group.clauses.len())).collect();
        let expected = [
            ("2.1", 1),
            ("2.2", 2),
            ("2.3", 4),
            ("2.4", 2),
            ("2.5", 2),
            ("2.6", 1),
            ("3.1", 4),
            ("3.2", 4),
            ("3.3", 3),
            ("3.4", 1),
            ("3.5", 3),
            ("3.6", 1),
            ("4.1", 3),
            ("4.2", 2),
            ("4.3", 1),
            ("4.4", 1),
            ("5.1", 2),
            ("6.1", 6),
            ("6.2", 2),
            ("6.3", 3),
            ("6.4", 1),
            ("7.1", 3),
            ("7.2", 5),
            ("7.3", 4),
        ];
        assert_eq!(per_group, expected);
        assert_eq!(table.clauses().count(), 61);
    }

    #[test]
    fn two_clauses_are_advice_and_one_only_scopes() {
        let table = ClauseTable::dcb0129();
        let with = |force: Force| -> Vec<&str> {
            table.clauses().filter(|clause| clause.force == force).map(|c| c.number.as_str()).collect()
        };
        assert_eq!(with(Force::Should), ["4.1.2", "6.2.2"]);
        assert_eq!(with(Force::Scoping), ["5.1.2"]);
    }

    #[test]
    fn numbers_are_unique_and_stand_in_their_groups() {
        for table in [ClauseTable::dcb0129(), ClauseTable::dcb0160()] {
            let mut seen = HashSet::new();
            for group in &table.groups {
                for clause in &group.clauses {
                    assert!(seen.insert(&clause.number), "{}", clause.number);
                    assert!(clause.number.starts_with(&format!("{}.", group.number)), "{}", clause.number);
                    assert!(clause.requirement.ends_with('.'), "{}", clause.number);
                    assert!(!clause.evidence_in.is_empty(), "{}", clause.number);
                    let looked_at = !clause.probes.is_empty();
                    assert_eq!(looked_at, clause.checked_by != CheckedBy::NobodyYet, "{}", clause.number);
                }
            }
        }
    }

    #[test]
    fn what_is_reconstructed_says_so() {
        let table = ClauseTable::dcb0160();
        assert!(!table.verified && table.unverified_because.is_some());
    }

    #[test]
    fn the_checks_know_a_clause_of_another_standard_by_its_counterpart_alone() {
        let (manufacture, deployment) = (ClauseTable::dcb0129(), ClauseTable::dcb0160());
        let known_as = |number: &str| deployment.known_as(deployment.clause(number).expect("a clause"));
        assert_eq!((known_as("3.1.3"), known_as("7.4.1")), (Some("3.1.4"), None));
        for clause in deployment.clauses() {
            let known = deployment.known_as(clause).is_none_or(|number| manufacture.clause(number).is_some());
            assert!(known, "{}", clause.number);
        }
        assert!(manufacture.clauses().all(|clause| manufacture.known_as(clause) == Some(&clause.number)));
    }

    #[test]
    fn the_json_form_is_a_name_and_a_digest() {
        let table = ClauseTable::dcb0129();
        let json = serde_json::to_value(&table).expect("a table has a JSON form");
        assert!(json.get("groups").is_none());
        let mut other = table.clone();
        other.groups[0].clauses[0].requirement.push_str(" Always.");
        assert_ne!(other.digested().sha256, table.sha256);
    }
}
