//! Approving a document: whether somebody can, and what is recorded if they do.
//!
//! What could never count is refused: a document that the case does not have, a person whom it does not know, an
//! officer whose registration is not shown to be current or who is no clinician, a version that was issued with other
//! content, a day that is still to come. What counts but is unusual is a caution ([`mod@caution`]), which is shown
//! before anybody is asked.

mod caution;

use super::{NewFile, Refusal, subject};
use crate::assurance::Assurance;
use crate::assurance::approvals::{CHECKS, Current, last_of_other_content, void};
use crate::assurance::finding::Finding;
use crate::assurance::issues::reissued;
use crate::case::approval::{
    Approval, ApprovalEvidence, ApprovalMeans, ApprovedDocument, ApproverRegistration,
};
use crate::case::digest::canonical_json;
use crate::case::person::Person;
use crate::case::{Case, Date, snapshot};
use crate::intake::{LoadedCase, suggestion};

/// What somebody asks to have recorded.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub document: ApprovedDocument,
    /// Id of the person who approves.
    pub person: &'a str,
    /// Day of the approval.
    pub date: Date,
    /// The day on which it is recorded: nobody approves on a day to come.
    pub today: Date,
    pub statement: Option<&'a str>,
    pub means: Option<ApprovalMeans>,
    pub evidence: Option<ApprovalEvidence>,
}

/// An approval that can be recorded, and what has to be shown before it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    pub approval: Approval,
    /// The copy of the case that is kept with it.
    pub snapshot: NewFile,
    /// What the person approved before, where that was something else.
    pub before: Option<Before>,
    /// What counts and is unusual, a sentence each.
    pub cautions: Vec<String>,
    /// The findings, without those of approvals that are missing or not given yet.
    pub findings: Vec<Finding>,
    /// Titles of those that block, with how many there are of each.
    pub blocking: Vec<(&'static str, usize)>,
}

/// The last approval of the same document by the same person, of other content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub date: Date,
    /// What changed since, a line each, or why that is not known.
    pub changed: Vec<String>,
}

/// The check on approvals of a day to come.
const NOT_GIVEN_YET: &str = "F25";

/// What recording this approval would record. `loaded` is judged by the day that the approver is asked about, and
/// `assurance` is that judgement; `fixed_as_of` is the day that the case itself is judged by, where it says so.
pub fn propose(
    loaded: &LoadedCase,
    assurance: &Assurance,
    fixed_as_of: Option<Date>,
    request: &Request<'_>,
) -> Result<Proposal, Refusal> {
    let case = &loaded.case;
    let person = known(case, request.person)?;
    has_document(case, request.document)?;
    is_dated_well(case, request)?;
    has_evidence(request)?;
    may_approve(loaded, person, request)?;
    let current = Current::of(request.document, case, &assurance.digests);
    is_not_reissued(loaded, assurance, request)?;
    is_new(loaded, person, &current, request)?;
    let json = canonical_json(case);
    let snapshot = NewFile { path: snapshot::address(&json), text: json };
    let approval = Approval {
        document: request.document,
        person: person.id.clone(),
        name: Some(person.name.clone()),
        role: person.role.clone(),
        registration: person.registered().map(|registration| ApproverRegistration {
            body: registration.body.clone(),
            number: registration.number.clone(),
        }),
        date: request.date,
        recorded: Some(request.today),
        withdrawn: None,
        withdrawn_because: None,
        version: current.version.map(str::to_owned),
        content_digest: current.digest.to_owned(),
        content: Some(snapshot.path.clone()),
        statement: request.statement.map(str::to_owned),
        means: request.means,
        evidence: request.evidence.clone(),
    };
    let subject = subject(loaded);
    let before = last_of_other_content(&subject, &current, request.document, &person.id);
    let cautions = caution::cautions(&subject, assurance, fixed_as_of, &approval);
    let findings: Vec<Finding> =
        assurance.findings.iter().filter(|finding| !is_of_approvals(finding)).cloned().collect();
    Ok(Proposal {
        approval,
        snapshot,
        before: before.map(|(record, changed)| Before { date: record.date, changed }),
        cautions,
        blocking: blocking(&findings),
        findings,
    })
}

fn is_of_approvals(finding: &Finding) -> bool {
    CHECKS.contains(&finding.check) || finding.check == NOT_GIVEN_YET
}

fn known<'a>(case: &'a Case, id: &str) -> Result<&'a Person, Refusal> {
    case.person(id).ok_or_else(|| {
        let known = case.people.iter().map(|person| person.id.as_str());
        Refusal::new(
            format!("\"{id}\" is not the id of anybody in [[people]] of case.toml"),
            format!("add the person to [[people]], or correct the id: {}", suggestion::remedy(id, known)),
        )
    })
}

fn has_document(case: &Case, document: ApprovedDocument) -> Result<(), Refusal> {
    let (is_there, hint) = match document {
        ApprovedDocument::Cscr => (true, ""),
        ApprovedDocument::HazardLog => {
            (!case.hazard_log.hazards.is_empty(), "name it as hazard_log under [inputs] in case.toml")
        }
        ApprovedDocument::Plan => (case.plan.is_some(), "record the plan under [plan] in case.toml"),
        ApprovedDocument::Tom => (case.tom.is_some(), "name it as tom under [inputs] in case.toml"),
    };
    if is_there { Ok(()) } else { Err(Refusal::new(format!("The case has no {}", document.name()), hint)) }
}

fn is_dated_well(case: &Case, request: &Request<'_>) -> Result<(), Refusal> {
    let Request { document, date, today, .. } = *request;
    if date > today {
        return Err(Refusal::new(
            format!("{date:#} is still to come: today is {today:#}"),
            "record the approval on the day that it is given",
        ));
    }
    let (dated, what, hint) = match document {
        ApprovedDocument::Cscr => (
            case.document.issue_date,
            "date of issue",
            "give the day of the approval with --date, or correct issue_date under [document] in case.toml",
        ),
        ApprovedDocument::HazardLog => (
            case.hazard_log.version_date.as_deref().and_then(Date::parse_stated),
            "date",
            "give the day of the approval with --date, or correct the date on the log's cover",
        ),
        ApprovedDocument::Plan | ApprovedDocument::Tom => return Ok(()),
    };
    match dated.filter(|dated| date < *dated) {
        Some(dated) => Err(Refusal::new(
            format!("An approval of {date:#} is before the {}'s {what}, {dated:#}", document.name()),
            hint,
        )),
        None => Ok(()),
    }
}

fn has_evidence(request: &Request<'_>) -> Result<(), Refusal> {
    match (request.means, &request.evidence) {
        (Some(means), None) => Err(Refusal::new(
            format!("An approval that was given {} needs the file that shows it", means.words()),
            "name the file in the case folder with --evidence",
        )),
        (None, Some(_)) => Err(Refusal::new(
            "The file shows an approval that was given outside of this command, and how is not said",
            "say how with --means, such as --means e-mail",
        )),
        _ => Ok(()),
    }
}

/// An officer must be recorded as a clinician (2.3.1); an officer, or whoever signs off a TOM, must be shown to hold a
/// current registration (2.3.2).
fn may_approve(loaded: &LoadedCase, person: &Person, request: &Request<'_>) -> Result<(), Refusal> {
    let is_cso = loaded.case.cso.as_ref() == Some(&person.id);
    if is_cso && !person.clinician {
        return Err(Refusal::new(
            person.is_no_clinician(),
            "record clinician = true with the person in case.toml, where that is so; or name a clinician as cso",
        ));
    }
    if !is_cso && request.document != ApprovedDocument::Tom {
        return Ok(());
    }
    let faults = [loaded.as_of, request.date].map(|day| (day, person.registration_faults(day)));
    match faults.into_iter().find_map(|(day, faults)| Some((day, *faults.first()?))) {
        Some((day, fault)) => Err(Refusal::new(
            person.fault_in_words(fault, day),
            "look the registration up, and record body, number, checked and expires with the person in case.toml",
        )),
        None => Ok(()),
    }
}

/// What was issued under a version number stays what that number means, whoever approves something else.
fn is_not_reissued(loaded: &LoadedCase, assurance: &Assurance, request: &Request<'_>) -> Result<(), Refusal> {
    match reissued(&subject(loaded), &assurance.digests, request.document) {
        Some(reissued) => Err(Refusal::new(reissued.sentence, reissued.remedy)),
        None => Ok(()),
    }
}

fn is_new(
    loaded: &LoadedCase,
    person: &Person,
    current: &Current<'_>,
    request: &Request<'_>,
) -> Result<(), Refusal> {
    let same = loaded.approvals.iter().find(|record| {
        record.document == request.document
            && record.person == person.id
            && record.name.as_ref() == Some(&person.name)
            && record.role == person.role
            && void(&subject(loaded), record).is_none()
            && record.date <= request.today
            && current.is_approved_by(record)
    });
    match same {
        Some(record) => Err(Refusal::new(
            format!(
                "{} approved exactly this {} on {:#}: it is recorded already",
                person.name,
                request.document.name(),
                record.date
            ),
            "nothing; an approval is needed again when the content changes",
        )),
        None => Ok(()),
    }
}

fn blocking(findings: &[Finding]) -> Vec<(&'static str, usize)> {
    let mut titles: Vec<(&'static str, usize)> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.blocks()) {
        match titles.iter_mut().find(|(title, _)| *title == finding.title) {
            Some((_, count)) => *count += 1,
            None => titles.push((finding.title, 1)),
        }
    }
    titles
}
