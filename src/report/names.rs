//! A published copy: the report without the names of people.
//!
//! DCB0129 reports are published, and the people in them have not all agreed to that. In a published copy
//! a person of the case is called by their role, anybody else `[name withheld]`; registrations, contacts
//! and the ids that are made of a name go too. It is done to the data, so that the report, the attached
//! case and its provenance agree, and it is deterministic.
//!
//! Structured fields are certain. In free text, e-mail addresses are found, and names that stand in a field
//! of the case, as `Jane Doe`, `J Doe`, `Dr Doe` and the like; a nickname, or somebody who is named nowhere
//! else, is not. Somebody must read a copy before it is published.

mod past;

pub(super) use past::sides_without_names;

use super::name_forms::{forms_of, replace_words, reveals, telltale, without_addresses};
use crate::assurance::Assurance;
use crate::assurance::finding::CHANGED_SINCE;
use crate::case::document::Signatory;
use crate::case::hazard::Acceptance;
use crate::case::psa::PsaSession;
use crate::case::{Case, Provenance};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for a name whose bearer has no role in the case.
pub const WITHHELD: &str = "[name withheld]";

/// What stands for an e-mail address.
pub(super) const ADDRESS_WITHHELD: &str = "[address withheld]";

/// What stands for what changed since an approval.
const CHANGES_WITHHELD: &str = "What changed since is left out of a copy without names.";

/// The JSON forms of a case, its assurance and its provenance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Data {
    pub case: Value,
    pub assurance: Value,
    pub provenance: Value,
}

impl Data {
    /// Everything, as it is.
    pub(super) fn of(case: &Case, assurance: &Assurance, provenance: &Provenance) -> Self {
        let json = |value: Result<Value, serde_json::Error>| value.unwrap_or_default();
        Self {
            case: json(serde_json::to_value(case)),
            assurance: json(serde_json::to_value(assurance)),
            provenance: json(serde_json::to_value(provenance)),
        }
    }

    /// The same without the names of people.
    pub(super) fn without_names(case: &Case, assurance: &Assurance, provenance: &Provenance) -> Self {
        let names = Names::of(case);
        let mut data =
            Self::of(&names.withhold_in_case(case), &names.withhold_in_assurance(assurance), provenance);
        for value in [&mut data.case, &mut data.assurance, &mut data.provenance] {
            names.withhold_in_text(value);
        }
        data
    }
}

/// The names in a case and what stands for each.
struct Names {
    /// By id: what a person of the case is called.
    roles: BTreeMap<String, String>,
    /// By id, for the ids that a name can be read from.
    ids: BTreeMap<String, String>,
    /// Words that name a role, a team or an organisation, and so may stay where an owner is stated.
    not_people: BTreeSet<String>,
    /// Each form of each name, the longest first, with what stands for it.
    forms: Vec<(String, String)>,
    /// A text without any of these holds no name and no id, as most texts do.
    telltales: BTreeSet<String>,
}

impl Names {
    fn of(case: &Case) -> Self {
        let mut names = Self {
            roles: BTreeMap::new(),
            ids: BTreeMap::new(),
            not_people: not_people(case),
            forms: Vec::new(),
            telltales: BTreeSet::new(),
        };
        let mut forms = BTreeMap::new();
        for (index, person) in case.people.iter().enumerate() {
            let role = person.role.clone().unwrap_or_else(|| WITHHELD.to_owned());
            if reveals(&person.id, &person.name) {
                names.ids.insert(person.id.clone(), format!("person-{}", index + 1));
            }
            forms.extend(forms_of(&person.name).into_iter().map(|form| (form, role.clone())));
            names.roles.insert(person.id.clone(), role);
        }
        for name in other_names(case) {
            if !names.roles.contains_key(name) && !names.not_people.contains(name) {
                for form in forms_of(name) {
                    forms.entry(form).or_insert_with(|| WITHHELD.to_owned());
                }
            }
        }
        names.arranged(forms)
    }

    /// These names in these forms, so that they are found quickly, and the longest of them first.
    fn arranged(mut self, forms: BTreeMap<String, String>) -> Self {
        self.forms = forms.into_iter().collect();
        self.forms.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        let of_forms = self.forms.iter().map(|(form, _)| telltale(form));
        self.telltales = of_forms.chain(self.ids.keys().map(String::as_str)).map(str::to_owned).collect();
        self
    }

    /// What stands for a field that holds an id or a name.
    fn called(&self, person: &str) -> String {
        let by_name = || self.forms.iter().find(|(form, _)| form == person).map(|(_, role)| role);
        self.roles.get(person).or_else(by_name).map_or_else(|| WITHHELD.to_owned(), Clone::clone)
    }

    fn withhold(&self, field: &mut Option<String>) {
        if let Some(person) = field {
            *person = self.called(person);
        }
    }

    /// An owner is often a team; only what is known to be one stays.
    fn withhold_owner(&self, field: &mut Option<String>) {
        if field.as_ref().is_some_and(|owner| !self.not_people.contains(owner)) {
            self.withhold(field);
        }
    }

    /// An id stays an id, so that it still leads to its person.
    fn rename(&self, id: &mut String) {
        if let Some(renamed) = self.ids.get(id) {
            renamed.clone_into(id);
        }
    }

    fn withhold_in_case(&self, case: &Case) -> Case {
        let mut case = case.clone();
        for person in &mut case.people {
            person.name = self.roles.get(&person.id).cloned().unwrap_or_else(|| WITHHELD.to_owned());
            person.registration = None;
            self.rename(&mut person.id);
        }
        case.cso.iter_mut().for_each(|id| self.rename(id));
        case.competence.iter_mut().for_each(|record| self.rename(&mut record.person));
        case.waivers.iter_mut().for_each(|waiver| waiver.by = self.id_or_called(&waiver.by));
        case.organisation.contact = None;
        let document = &mut case.document;
        self.withhold_owner(&mut document.owner);
        self.withhold(&mut document.director);
        document.authors.iter_mut().for_each(|author| *author = self.called(author));
        document.distribution.iter_mut().for_each(|to| *to = self.called_unless_team(to));
        self.withhold_signatories(&mut document.reviewers);
        self.withhold_signatories(&mut document.approvers);
        if let Some(plan) = &mut case.plan {
            plan.approved_by.iter_mut().for_each(|id| *id = self.id_or_called(id));
            plan.authorisation_levels.iter_mut().for_each(|level| {
                level.authorised_by = self.called_unless_unknown(&level.authorised_by);
            });
        }
        for answer in &mut case.compliance {
            answer.by.iter_mut().for_each(|by| *by = self.id_or_called(by));
        }
        if let Some(review) = &mut case.pre_delivery_review {
            self.withhold(&mut review.by);
        }
        if let Some(log) = &mut case.incident_log {
            log.by = self.id_or_called(&log.by);
        }
        if let Some(process) = &mut case.post_deployment {
            process.contact = None;
        }
        if let Some(tom) = &mut case.tom {
            tom.answers.iter_mut().for_each(|answer| self.withhold_owner(&mut answer.answered_by));
        }
        case.psa.iter_mut().for_each(|session| self.withhold_in_session(session));
        self.withhold_in_log(&mut case);
        case
    }

    fn withhold_in_log(&self, case: &mut Case) {
        let log = &mut case.hazard_log;
        self.withhold(&mut log.director);
        self.withhold_owner(&mut log.owner);
        self.withhold(&mut log.author);
        self.withhold_signatories(&mut log.reviewers);
        self.withhold_signatories(&mut log.approvers);
        for hazard in &mut log.hazards {
            self.withhold_owner(&mut hazard.owner);
            self.withhold_acceptance(&mut hazard.initial_acceptance);
            self.withhold_acceptance(&mut hazard.residual_acceptance);
            for control in hazard.existing_controls.iter_mut().chain(&mut hazard.controls) {
                self.withhold_owner(&mut control.owner);
            }
        }
    }

    fn withhold_in_session(&self, session: &mut PsaSession) {
        self.withhold(&mut session.chair);
        self.withhold(&mut session.facilitator);
        for attendee in &mut session.attendees {
            attendee.person.iter_mut().for_each(|id| self.rename(id));
            attendee.registration = None;
            if attendee.name.is_some() {
                attendee.name = Some(attendee.role.clone().unwrap_or_else(|| WITHHELD.to_owned()));
            }
        }
        session.actions.iter_mut().for_each(|action| self.withhold_owner(&mut action.owner));
    }

    fn withhold_signatories(&self, signatories: &mut [Signatory]) {
        for signatory in signatories {
            signatory.person.iter_mut().for_each(|id| self.rename(id));
            self.withhold(&mut signatory.name);
        }
    }

    fn withhold_acceptance(&self, acceptance: &mut Option<Acceptance>) {
        if let Some(acceptance) = acceptance {
            acceptance.by = self.id_or_called(&acceptance.by);
        }
    }

    fn withhold_in_assurance(&self, assurance: &Assurance) -> Assurance {
        let mut assurance = assurance.clone();
        for row in &mut assurance.clauses {
            row.by.iter_mut().for_each(|by| *by = self.id_or_called(by));
        }
        let recorded = assurance.recorded_approvals.iter_mut();
        for approval in assurance.approvals.iter_mut().chain(recorded) {
            approval.name = match &approval.person {
                Some(id) => self.called(id),
                None => approval.role.clone().unwrap_or_else(|| WITHHELD.to_owned()),
            };
            approval.registration = None;
            // What was approved may name people whom the case no longer knows.
            approval.changes = None;
            if let Some(withdrawn) = &mut approval.withdrawn {
                WITHHELD.clone_into(&mut withdrawn.because);
            }
            if !approval.changed_since.is_empty() {
                approval.changed_since = vec![CHANGES_WITHHELD.to_owned()];
            }
            approval.person.iter_mut().for_each(|id| self.rename(id));
            // A file is called what its sender or receiver chose, often by their name.
            if let Some(given) = &mut approval.given {
                given.evidence = None;
            }
        }
        if let Some(plan) = &mut assurance.plan_approval {
            plan.by.iter_mut().for_each(|by| *by = self.id_or_called(by));
        }
        for finding in &mut assurance.findings {
            // A line of an input may hold a registration, or whatever else is withheld above.
            finding.quote = None;
            // What was issued or approved may name people whom the case no longer knows.
            if let Some(at) = finding.message.find(CHANGED_SINCE) {
                finding.message.truncate(at);
                finding.message += CHANGES_WITHHELD;
            }
        }
        let of_findings = assurance.findings.iter_mut().filter_map(|finding| finding.waived.as_mut());
        for waived in of_findings.chain(assurance.waivers.iter_mut().map(|waiver| &mut waiver.waived)) {
            waived.name = self.called(&waived.by);
            waived.by = self.id_or_called(&waived.by);
        }
        assurance
            .cross_reference
            .actions
            .iter_mut()
            .for_each(|action| self.withhold_owner(&mut action.owner));
        assurance
    }

    /// For fields that hold the id of a person of the case, or else a name.
    fn id_or_called(&self, person: &str) -> String {
        if !self.roles.contains_key(person) {
            return self.called(person);
        }
        let mut id = person.to_owned();
        self.rename(&mut id);
        id
    }

    fn called_unless_team(&self, name: &str) -> String {
        if self.not_people.contains(name) { name.to_owned() } else { self.called(name) }
    }

    /// For fields that hold a role as a rule: only somebody who is known is withheld.
    fn called_unless_unknown(&self, name: &str) -> String {
        let is_known = self.roles.contains_key(name) || self.forms.iter().any(|(form, _)| form == name);
        if is_known { self.called(name) } else { name.to_owned() }
    }

    /// Names in sentences, and in the paths of provenance.
    fn withhold_in_text(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.withhold_in_sentence(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.withhold_in_text(item)),
            Value::Object(fields) => {
                let renamed = fields.keys().filter_map(|key| Some((key.clone(), self.renamed_path(key)?)));
                for (key, path) in renamed.collect::<Vec<_>>() {
                    if let Some(field) = fields.remove(&key) {
                        fields.insert(path, field);
                    }
                }
                fields.values_mut().for_each(|field| self.withhold_in_text(field));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn renamed_path(&self, key: &str) -> Option<String> {
        // A sender may be somebody who works alone.
        if key.starts_with("received/") {
            let mut path = key.to_owned();
            self.withhold_in_sentence(&mut path);
            return (path != key).then_some(path);
        }
        let below = key.strip_prefix("people/")?;
        // An id may itself hold a slash.
        let ends = below.match_indices('/').map(|(end, _)| end).chain([below.len()]);
        ends.rev().find_map(|end| Some(format!("people/{}{}", self.ids.get(&below[..end])?, &below[end..])))
    }

    fn withhold_in_sentence(&self, text: &mut String) {
        if text.contains('@') {
            *text = without_addresses(text);
        }
        if !self.telltales.iter().any(|telltale| text.contains(telltale.as_str())) {
            return;
        }
        let forms = self.forms.iter().map(|(form, role)| (form, role));
        for (name, stands_for) in forms.chain(&self.ids) {
            if text.contains(name.as_str()) {
                *text = replace_words(text, name, stands_for);
            }
        }
    }
}

/// Names in fields that hold people but have no id.
fn other_names(case: &Case) -> impl Iterator<Item = &str> {
    let document = &case.document;
    let log = &case.hazard_log;
    let signatories =
        document.reviewers.iter().chain(&document.approvers).chain(&log.reviewers).chain(&log.approvers);
    let attendees = case.psa.iter().flat_map(|session| &session.attendees);
    let single = [&document.owner, &document.director, &log.director, &log.owner, &log.author];
    single
        .into_iter()
        .flatten()
        .chain(&document.authors)
        .chain(signatories.filter_map(|signatory| signatory.name.as_ref()))
        .chain(attendees.filter_map(|attendee| attendee.name.as_ref()))
        .chain(case.compliance.iter().filter_map(|answer| answer.by.as_ref()))
        .chain(case.psa.iter().flat_map(|session| session.chair.iter().chain(&session.facilitator)))
        .map(String::as_str)
}

fn not_people(case: &Case) -> BTreeSet<String> {
    let attendees = case.psa.iter().flat_map(|session| &session.attendees);
    let of_people = case.people.iter().flat_map(|person| [&person.role, &person.organisation]);
    of_people
        .chain(attendees.flat_map(|attendee| [&attendee.role, &attendee.organisation]))
        .chain([&case.organisation.name, &case.document.programme, &case.document.project])
        .flatten()
        .cloned()
        .collect()
}
