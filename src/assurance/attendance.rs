//! Who was at a Patient Safety Assessment session, and whether that is who has to be there (4.1.2).
//!
//! Who has to be there is policy, and one session of a release has to have them. The check asks it of all sessions
//! together, the minutes of each by itself.

use super::checks::list;
use crate::case::Case;
use crate::case::folding::fold;
use crate::case::matrix::PsaAttendance;
use crate::case::person::Person;
use crate::case::psa::{Attendee, PsaSession};
use std::collections::HashSet;

/// The session records everybody as present whom the case's risk policy asks for.
#[must_use]
pub fn is_met(case: &Case, session: &PsaSession) -> bool {
    Present::at(case, session).satisfies(&case.risk_policy.psa_attendance)
}

/// Whom the risk policy of a case asks for, in words.
#[must_use]
pub fn demanded(case: &Case) -> String {
    demand(&case.risk_policy.psa_attendance)
}

/// That a policy asks for other people than usual, as a sentence; the usual demand needs no source.
#[must_use]
pub fn demanded_by(case: &Case) -> Option<String> {
    let is_usual = case.risk_policy.psa_attendance == PsaAttendance::default();
    (!is_usual).then(|| format!("The {} asks for them.", case.risk_policy.title))
}

/// Who has to be there, in words.
fn demand(attendance: &PsaAttendance) -> String {
    let PsaAttendance { clinicians, cso, safety_engineer } = *attendance;
    let mut who = Vec::new();
    match clinicians {
        0 => {}
        // The officer is one (2.3.1).
        1 if cso => {}
        1 => who.push("a clinician".to_owned()),
        _ if cso => who.push(format!("{clinicians} clinicians (the officer among them)")),
        _ => who.push(format!("{clinicians} clinicians")),
    }
    if cso {
        who.insert(0, "a Clinical Safety Officer".to_owned());
    }
    if safety_engineer {
        who.push("a safety engineer".to_owned());
    }
    if who.is_empty() {
        return "people of two roles".to_owned();
    }
    // An engineer is somebody of another role than an officer or a clinician.
    if !safety_engineer || who.len() == 1 {
        who.push("somebody of another role".to_owned());
    }
    list(&who.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Who was at a session, by what they count as.
struct Present {
    officers: usize,
    clinicians: usize,
    safety_engineers: usize,
    /// The different roles; every officer has the same.
    roles: HashSet<String>,
}

impl Present {
    fn at(case: &Case, session: &PsaSession) -> Self {
        let mut present = Self { officers: 0, clinicians: 0, safety_engineers: 0, roles: HashSet::new() };
        for attendee in session.attendees.iter().filter(|attendee| !attendee.apologies) {
            let role = role(case, attendee);
            let is_officer = is_officer(case, attendee);
            let is_clinician = is_officer || person(case, attendee).is_some_and(|person| person.clinician);
            present.officers += usize::from(is_officer);
            present.clinicians += usize::from(is_clinician);
            present.safety_engineers += usize::from(role.is_some_and(is_safety_engineer));
            // A registration alone does not say what somebody is.
            let role = match (is_officer, role) {
                (true, _) => Some("Clinical Safety Officer"),
                (false, None) if is_clinician => Some("clinician"),
                (false, role) => role,
            };
            present.roles.extend(role.map(fold));
        }
        present
    }

    /// What the policy demands, and that the group is multidisciplinary (4.1.2).
    fn satisfies(&self, attendance: &PsaAttendance) -> bool {
        let PsaAttendance { clinicians, cso, safety_engineer } = *attendance;
        self.roles.len() >= 2
            && (!cso || self.officers > 0)
            && self.clinicians >= usize::from(clinicians)
            && (!safety_engineer || self.safety_engineers > 0)
    }
}

/// Their record says so, or the role that the minutes give them.
fn is_officer(case: &Case, attendee: &Attendee) -> bool {
    let says_so = |role: &str| {
        role.to_lowercase().contains("clinical safety officer")
            || role.split(|c: char| !c.is_alphanumeric()).any(|word| word == "CSO")
    };
    case.is_cso(attendee.person.as_deref(), attendee.name.as_deref())
        || role(case, attendee).is_some_and(says_so)
}

/// The role names both safety and engineering, such as "Safety engineer" or "Engineer, clinical safety".
fn is_safety_engineer(role: &str) -> bool {
    let role = role.to_lowercase();
    let says = |stem: &str| role.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(stem));
    says("safety") && says("engineer")
}

/// The role that the minutes give, else that of the person in the case.
fn role<'a>(case: &'a Case, attendee: &'a Attendee) -> Option<&'a str> {
    let role = attendee.role.as_deref().or_else(|| person(case, attendee)?.role.as_deref());
    role.filter(|role| !role.trim().is_empty())
}

fn person<'a>(case: &'a Case, attendee: &Attendee) -> Option<&'a Person> {
    attendee.person.as_deref().and_then(|id| case.person(id))
}
