//! Assurance: what the case shows and what it lacks.
//!
//! From one case comes one [`Assurance`] value. The console, the JSON output and the PDF all print that
//! value, so they cannot disagree.
//!
//! [`assure`] judges a case, [`import_findings`] a hazard log that is read alone. What is looked for is in
//! [`checks`](mod@checks), one small definition each; nothing here is judged twice.

pub mod approvals;
pub mod attendance;
pub mod check;
pub mod checks;
pub mod clauses;
pub mod cross_reference;
pub mod examined;
pub mod finding;
pub mod graph;
pub mod issues;
pub mod judgement;
pub mod nhs_number;
pub mod printed;
mod prose;
pub mod reference;
pub mod risk_position;
pub mod sarif;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
mod verdict;
pub mod waivers;
mod wording;

use crate::case::approval::Approval;
use crate::case::clause::ClauseTable;
use crate::case::digest::Digests;
use crate::case::hazard::Hazard;
use crate::case::hazard_log::HazardLog;
use crate::case::issue::Issue;
use crate::case::matrix::{RiskPolicy, policy_by_id};
use crate::case::observation::Observation;
use crate::case::person::Person;
use crate::case::psa::PsaSession;
use crate::case::risk_assessment::AssessedItem;
use crate::case::snapshot::Snapshots;
use crate::case::system::Organisation;
use crate::case::tom::{Duty, LevelOutcome};
pub(crate) use crate::case::version;
use crate::case::{Case, Date, Provenance};
use crate::change::Changes;
use clauses::{ClauseCounts, ClauseRow};
use cross_reference::CrossReference;
use examined::{Content, Examined};
use finding::Finding;
use graph::Graph;
use risk_position::RiskPosition;
use serde::Serialize;
use std::collections::HashSet;

/// What is judged: a case with all that was learnt while reading it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub case: &'a Case,
    pub provenance: &'a Provenance,
    pub observations: &'a [Observation],
    pub approvals: &'a [Approval],
    /// The copies of the case that the approvals name, to tell what changed since.
    pub snapshots: &'a Snapshots,
    /// The versions of the report that were issued, the oldest first.
    pub issues: &'a [Issue],
    /// Date that registrations, due dates and the like are judged by. Nothing reads the clock.
    pub as_of: Date,
}

impl<'a> Subject<'a> {
    /// The part that concerns the hazard log; `graph` is that of the case.
    #[must_use]
    pub fn log<'b>(&self, graph: &'b Graph) -> LogSubject<'b>
    where
        'a: 'b,
    {
        LogSubject {
            log: &self.case.hazard_log,
            graph,
            policy: &self.case.risk_policy,
            further_policies: &self.case.risk_policies,
            risk_assessment: &self.case.risk_assessment,
            psa: &self.case.psa,
            people: &self.case.people,
            organisation: Some(&self.case.organisation),
            clause_table: &self.case.clause_table,
            provenance: self.provenance,
            observations: self.observations,
        }
    }
}

/// A hazard log with what was learnt while reading it: all that a check of the log may look at.
#[derive(Debug, Clone, Copy)]
pub struct LogSubject<'a> {
    pub log: &'a HazardLog,
    /// What refers to what: of the whole case, or of the log that is read alone.
    pub graph: &'a Graph,
    /// What hazards are rated by, unless they name another policy.
    pub policy: &'a RiskPolicy,
    pub further_policies: &'a [RiskPolicy],
    /// Why an empty log may be right; empty itself when the log is read alone.
    pub risk_assessment: &'a [AssessedItem],
    /// Where a session may have given the reason that the log has no room for; empty likewise.
    pub psa: &'a [PsaSession],
    /// Who may have decided something, by id; empty likewise.
    pub people: &'a [Person],
    /// Whose log it is; unknown when the log is read alone.
    pub organisation: Option<&'a Organisation>,
    /// What findings take the numbers of clauses from: that of DCB0129 when the log is read alone.
    pub clause_table: &'a ClauseTable,
    pub provenance: &'a Provenance,
    pub observations: &'a [Observation],
}

impl<'a> LogSubject<'a> {
    /// The risk policy that a hazard is rated by.
    #[must_use]
    pub fn policy_of(&self, hazard: &Hazard) -> &'a RiskPolicy {
        policy_by_id(self.policy, self.further_policies, &hazard.initial.policy)
    }

    /// The policies that rate a hazard of the log, the main one first.
    #[must_use]
    pub fn policies_in_use(&self) -> Vec<&'a RiskPolicy> {
        let used: HashSet<&str> =
            self.log.hazards.iter().map(|hazard| self.policy_of(hazard).id.as_str()).collect();
        let all = std::iter::once(self.policy).chain(self.further_policies);
        all.filter(|policy| used.contains(policy.id.as_str())).collect()
    }
}

/// Judges a case.
#[must_use]
pub fn assure(subject: &Subject<'_>) -> Assurance {
    assure_content(subject, Content::of(subject.case))
}

/// Judges a case of which the content was worked out before.
#[must_use]
pub fn assure_content(subject: &Subject<'_>, content: Content) -> Assurance {
    let examined = Examined::of(subject, content);
    let judgement = judgement::judge_case(checks::GROUPS, &examined);
    verdict::assemble(examined, judgement)
}

/// Findings on a hazard log that is read alone: those of the checks that need nothing but the log.
#[must_use]
pub fn import_findings(
    log: &HazardLog,
    observations: &[Observation],
    provenance: &Provenance,
    policy: &RiskPolicy,
) -> Vec<Finding> {
    let subject = LogSubject {
        log,
        graph: &Graph::of_log(log),
        policy,
        further_policies: &[],
        risk_assessment: &[],
        psa: &[],
        people: &[],
        organisation: None,
        clause_table: &ClauseTable::dcb0129(),
        provenance,
        observations,
    };
    judgement::judge_log(checks::GROUPS, &subject).findings
}

/// The verdict on a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assurance {
    pub as_of: Date,
    pub status: Status,
    pub counts: Counts,
    /// The blocking ones first, then by check and place.
    pub findings: Vec<Finding>,
    /// Every recorded waiver with what it comes to, in the order of the file.
    pub waivers: Vec<waivers::Record>,
    /// Where the standard exempts a hazard from a check, and why.
    pub not_applicable: Vec<NotApplicable>,
    pub risk_position: RiskPosition,
    /// Absent where the case has no TOM.
    pub tom: Option<TomVerdict>,
    pub cross_reference: CrossReference,
    /// What the cross-reference is read from. The report needs the rows alone; whoever asks for the graph
    /// writes it beside this.
    #[serde(skip)]
    pub graph: Graph,
    /// Every clause of the standard with what answers it.
    pub clauses: Vec<ClauseRow>,
    pub clause_counts: ClauseCounts,
    pub approvals: Vec<ApprovalState>,
    /// Approvals that nobody has to record and somebody has: of the plan and of the Target Operating Model.
    pub recorded_approvals: Vec<ApprovalState>,
    /// Who approved the plan; absent where the case has none.
    pub plan_approval: Option<PlanApproval>,
    /// Content digests of the documents, 64 hexadecimal digits each.
    pub digests: Digests,
}

/// A check that does not apply to a hazard (5.1.2, 6.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotApplicable {
    /// Id of the check.
    pub check: &'static str,
    /// Title of the check.
    pub title: &'static str,
    /// Key of the hazard.
    pub hazard: String,
    /// What is not demanded, and why.
    pub because: String,
    /// The why alone, which checks of one hazard share.
    pub reason: String,
}

/// Whether the report may be released, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    pub draft: bool,
    /// A sentence each; empty exactly when the report is not a draft.
    pub reasons: Vec<String>,
    /// What would block and is waived, a sentence for each person; a report that is released says it too.
    pub waived: Vec<String>,
}

/// How many there are of each, for covers and summary lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Findings of each level that nobody has waived.
    pub blocking: usize,
    pub warning: usize,
    pub information: usize,
    pub waived_blocking: usize,
    pub waived_warning: usize,
    pub waived_information: usize,
    pub hazards: usize,
    pub causes: usize,
    pub existing_controls: usize,
    pub additional_controls: usize,
    /// Additional controls that some evidence names which is there.
    pub controls_with_evidence: usize,
    /// Hazards that another organisation takes on.
    pub transferred_hazards: usize,
    /// Additional controls that are another organisation's.
    pub transferred_controls: usize,
    pub psa_sessions: usize,
    pub open_actions: usize,
    pub approvals_required: usize,
    pub approvals_missing: usize,
}

/// The TOM's outcome and what it demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TomVerdict {
    #[serde(flatten)]
    pub outcome: LevelOutcome,
    /// Meaning of the level, where it is determined.
    pub meaning: Option<&'static str>,
    pub stated_level: Option<String>,
    /// All duties of the level and those below it; none while the level is undetermined.
    pub duties: Vec<Duty>,
}

/// An approval, required or recorded, and what it is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApprovalState {
    /// What must be approved, such as `cscr` or `hazard-log`.
    pub document: crate::case::approval::ApprovedDocument,
    /// Id of the person, where the case knows them.
    pub person: Option<String>,
    pub name: String,
    pub role: Option<String>,
    pub registration: Option<String>,
    pub state: ApprovalRecord,
    /// Why it counts for nothing, for `not-counted`.
    pub not_counted: Option<String>,
    /// When it was approved; absent for `missing`.
    pub date: Option<Date>,
    /// How it was given, where the record says more than that it was.
    pub given: Option<Given>,
    /// When that was recorded, where the record says so.
    pub recorded: Option<Date>,
    /// The approval that the person took back, where the latest of theirs was.
    pub withdrawn: Option<Withdrawn>,
    /// What changed since, where it is stale and what was approved is kept.
    pub changes: Option<Changes>,
    /// The same in words, a line each; of a stale approval never empty.
    pub changed_since: Vec<String>,
}

/// How an approval was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Given {
    /// In words, such as `by e-mail`, where it was not given at the command.
    pub means: Option<&'static str>,
    /// The file that it was recorded from.
    pub evidence: Option<String>,
    /// What the approver says.
    pub statement: Option<String>,
}

/// The approval of the clinical risk management plan, as the report prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanApproval {
    /// Id of the person.
    pub by: Option<String>,
    pub on: Option<Date>,
    /// By a recorded approval, and not by the plan's own word.
    pub is_recorded: bool,
    /// Why the plan is not approved, in the words of the finding.
    pub fault: Option<String>,
}

/// An approval that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawn {
    /// When it had been given.
    pub given: Date,
    pub on: Date,
    pub because: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalRecord {
    /// Recorded, for exactly this content and version.
    Approved,
    /// Recorded, for content that has changed since.
    Stale,
    /// Nothing recorded that counts: a record dated later or of another version does not, and has a finding.
    Missing,
    /// Recorded, and worth nothing; of documents alone of which no approval has to be recorded.
    NotCounted,
}
