//! From records to a hazard log: texts trimmed, ids made unique, ratings measured, states worked out.

use super::record::{CauseRecord, ControlRecord, HazardRecord, LinkRecord, LogRecord, RatingRecord, Stated};
use crate::case::document::Signatory;
use crate::case::excerpt::excerpt;
use crate::case::hazard::{
    Cause, Control, ControlKind, ControlState, Hazard, HazardState, LinkBasis, Rating, StatedRisk,
};
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::system::Declared;
use crate::case::{Date, Place, Provenance};
use crate::intake::hazard_log::RatedBy;
use crate::intake::hazard_log::controls::prefix;
use crate::intake::hazard_log::describe::Transfer;
use crate::intake::hazard_log::explain::HazardReading;
use crate::intake::hazard_log::ids::InUse;
use crate::intake::hazard_log::list::says_none;
use crate::intake::{InputError, suggestion};
use std::collections::{BTreeMap, BTreeSet};

/// Where the values of records stand, by paths such as `hazards/0/causes/2/text`.
pub(in crate::intake::hazard_log) trait Places {
    /// Where the value at this path stands, or the nearest value that holds it.
    fn place(&self, path: &str) -> Place;

    /// Every value with a place of its own.
    fn all(&self) -> Vec<(&str, Place)>;
}

/// A hazard log that was built, and how.
pub(in crate::intake::hazard_log) struct Built {
    pub log: HazardLog,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub readings: Vec<HazardReading>,
}

/// Builds the log that a record says.
pub(in crate::intake::hazard_log) fn build(
    record: LogRecord,
    places: &dyn Places,
    rated_by: &RatedBy<'_>,
) -> Result<Built, InputError> {
    let mut builder = Builder {
        places,
        rated_by,
        log_policy: given(record.risk_policy.as_ref()),
        keys: InUse::default(),
        names: Vec::new(),
        observations: Vec::new(),
        readings: Vec::new(),
    };
    let mut log = HazardLog {
        title: given(record.title.as_ref()),
        programme: given(record.programme.as_ref()),
        project: given(record.project.as_ref()),
        director: given(record.director.as_ref()),
        owner: given(record.owner.as_ref()),
        author: given(record.author.as_ref()),
        version: given(record.version.as_ref()),
        version_date: given(record.version_date.as_ref()),
        status: given(record.status.as_ref()),
        notes: record.notes,
        revisions: record.revisions,
        reviewers: record.reviewers,
        approvers: record.approvers,
        matrix: record.matrix,
        hazards: Vec::with_capacity(record.hazards.len()),
        retired: record.retired,
    };
    for (index, hazard) in record.hazards.into_iter().enumerate() {
        let hazard = builder.hazard(hazard, &format!("hazards/{index}"))?;
        log.hazards.push(hazard);
    }
    builder.dates(&log);
    builder.retired(&log)?;
    let provenance = builder.provenance(&log);
    let Builder { mut observations, readings, .. } = builder;
    observations.sort();
    Ok(Built { log, provenance, observations, readings })
}

/// A text that says something, without the space around it.
fn given(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

struct Builder<'a> {
    places: &'a dyn Places,
    rated_by: &'a RatedBy<'a>,
    /// Id of the policy that the log names for all its hazards.
    log_policy: Option<String>,
    keys: InUse,
    names: Vec<Names>,
    observations: Vec<Observation>,
    readings: Vec<HazardReading>,
}

/// What the parts of a record are called in the case.
struct Names {
    hazard: String,
    /// By list, the id of each entry.
    entries: BTreeMap<&'static str, Vec<String>>,
}

impl Builder<'_> {
    fn observe(&mut self, kind: ObservationKind, hazard: &str, path: &str, message: String) {
        let hazard = (!hazard.is_empty()).then(|| hazard.to_owned());
        let place = Some(self.places.place(path));
        self.observations.push(Observation { kind, hazard, place, message });
    }

    fn hazard(&mut self, record: HazardRecord, path: &str) -> Result<Hazard, InputError> {
        let id = given(record.id.as_ref()).unwrap_or_default();
        let wanted = if id.is_empty() { "unnumbered" } else { &id };
        let key = self.keys.claim(wanted);
        let policy = self.policy(record.risk_policy.as_ref(), &key, path)?;
        let status = given(record.status.as_ref());
        let mut hazard = Hazard {
            name: given(record.name.as_ref()),
            description: given(record.description.as_ref()),
            impact: given(record.impact.as_ref()),
            category: given(record.category.as_ref()),
            condition: record.condition,
            initial: rating(&record.initial, policy),
            residual: rating(&record.residual, policy),
            initial_acceptance: record.initial_acceptance,
            residual_acceptance: record.residual_acceptance,
            severity_reason: given(record.severity_reason.as_ref()),
            risk_benefit: record.risk_benefit,
            reappraisal: given(record.reappraisal.as_ref()),
            notes: given(record.notes.as_ref()),
            owner: given(record.owner.as_ref()),
            state: HazardState::from_stated(status.as_deref()),
            status,
            transferred_to: given(record.transferred_to.as_ref()),
            release: given(record.release.as_ref()),
            key: key.clone(),
            id,
            ..Hazard::default()
        };
        if key != hazard.id && !hazard.id.is_empty() {
            let message = format!(
                "Hazard number {} is used again, for \"{}\"; that hazard is called {key} here.",
                hazard.id,
                excerpt(hazard.display_name())
            );
            self.observe(ObservationKind::DuplicateHazardId, &key, path, message);
        }
        let mut reading = HazardReading {
            hazard: key.clone(),
            rows: self
                .places
                .place(path)
                .line
                .and_then(|line| u32::try_from(line).ok())
                .into_iter()
                .collect(),
            causes: 0,
            existing_controls: 0,
            additional_controls: 0,
            none_entries: 0,
            notes: Vec::new(),
        };
        let mut names = Names { hazard: key, entries: BTreeMap::new() };
        for (list, records, kind) in [
            ("existing_controls", record.existing_controls, ControlKind::Existing),
            ("controls", record.controls, ControlKind::Unspecified),
        ] {
            let stated = stated_ids(records.iter().map(|control| control.id.as_ref()));
            for (index, control) in records.into_iter().enumerate() {
                let path = format!("{path}/{list}/{index}");
                let control = self.control(control, kind, &stated, &mut hazard, &path)?;
                let id = control.as_ref().map_or_else(String::new, |control| control.id.clone());
                reading.none_entries += usize::from(control.is_none());
                let kept =
                    if list == "controls" { &mut hazard.controls } else { &mut hazard.existing_controls };
                kept.extend(control);
                names.entries.entry(list).or_default().push(id);
            }
        }
        let stated = stated_ids(record.causes.iter().map(|cause| cause.id.as_ref()));
        for (index, cause) in record.causes.into_iter().enumerate() {
            let cause = self.cause(cause, &stated, &hazard, &format!("{path}/causes/{index}"))?;
            names.entries.entry("causes").or_default().push(cause.id.clone());
            hazard.causes.push(cause);
        }
        reading.causes = hazard.causes.len();
        reading.existing_controls = hazard.existing_controls.len();
        reading.additional_controls = hazard.controls.len();
        self.readings.push(reading);
        self.names.push(names);
        Ok(hazard)
    }

    /// The risk policy that rates a hazard: the one that it names, else the supplement, else the log, else the
    /// main one of the case.
    fn policy(&self, stated: Option<&String>, key: &str, path: &str) -> Result<&RiskPolicy, InputError> {
        let of_hazard = given(stated).map(|id| (id, format!("{path}/risk_policy")));
        let supplement = self.rated_by.others.get(key).copied();
        if let (Some((id, path)), Some(supplement)) = (&of_hazard, supplement)
            && *id != supplement.id
        {
            return Err(InputError::new(format!(
                "The hazard log rates {key} by the risk policy \"{id}\", and the supplement by \"{}\"",
                supplement.id
            ))
            .at(self.places.place(path))
            .hint("decide which is right, and take the other out"));
        }
        let of_log = || self.log_policy.clone().map(|id| (id, "risk_policy".to_owned()));
        match of_hazard.or_else(|| supplement.is_none().then(of_log).flatten()) {
            Some((id, path)) => self.rated_by.by_id(&id).ok_or_else(|| self.unknown_policy(&id, &path)),
            None => Ok(self.rated_by.policy(key)),
        }
    }

    fn unknown_policy(&self, id: &str, path: &str) -> InputError {
        let known: Vec<&str> = self.rated_by.all().map(|policy| policy.id.as_str()).collect();
        InputError::new(format!("The risk policy \"{id}\" is not known here"))
            .at(self.places.place(path))
            .hint(format!(
                "a risk policy of one's own is known in its case only: read the log as a part of that case, or correct the id: {}",
                suggestion::remedy(id, known)
            ))
    }

    /// A control; none where the entry says that there is none, or says nothing.
    fn control(
        &mut self,
        record: ControlRecord,
        default: ControlKind,
        stated: &BTreeSet<String>,
        hazard: &mut Hazard,
        path: &str,
    ) -> Result<Option<Control>, InputError> {
        let key = hazard.key.clone();
        let text = record.text.trim().to_owned();
        if record.id.is_none() && says_none(&text) {
            if text.split_whitespace().count() > 2 {
                let message = format!(
                    "{key}: \"{}\" says that there is no control, and was not taken for one.",
                    excerpt(&text)
                );
                self.observe(ObservationKind::NotAControl, &key, path, message);
            }
            return Ok(None);
        }
        let kind = record.kind.unwrap_or(default);
        let in_use = |id: &str| hazard.all_controls().any(|control| control.id == id);
        let id = match given(record.id.as_ref()) {
            Some(wanted) => {
                let id = unique(&wanted, in_use);
                if id != wanted {
                    let message = format!(
                        "Control id {wanted} of {key} is used again for \"{}\"; it is called {id} here.",
                        excerpt(&text)
                    );
                    self.observe(ObservationKind::DuplicateControlId, &key, path, message);
                }
                id
            }
            None => numbered(&key, prefix(kind), |id| in_use(id) || stated.contains(id)),
        };
        if matches!(&record.introduces, Declared::Given(hazards) if hazards.is_empty()) {
            return Err(InputError::new("The list of hazards that the control brings with it is empty")
                .at(self.places.place(&format!("{path}/introduces")))
                .hint("write \"none\" where the control was assessed and brings none"));
        }
        let owner = given(record.owner.as_ref());
        let action = given(record.action.as_ref());
        let status = given(record.status.as_ref());
        Ok(Some(Control {
            transferred_to: match given(record.transferred_to.as_ref()) {
                Some(recipient) => Some(recipient),
                None => self.recipient(action.as_deref(), owner.as_deref(), &key, &id, path),
            },
            id,
            kind,
            stated_type: given(record.stated_type.as_ref()),
            text,
            state: ControlState::from_stated(status.as_deref()),
            owner,
            action,
            status,
            evidence: record.evidence,
            stated_evidence: given(record.stated_evidence.as_ref()),
            introduces: record.introduces,
        }))
    }

    /// Who an action says that the control was transferred to.
    fn recipient(
        &mut self,
        action: Option<&str>,
        owner: Option<&str>,
        key: &str,
        id: &str,
        path: &str,
    ) -> Option<String> {
        let transfer = action.map_or(Transfer::No, Transfer::said_by);
        let recipient = transfer.recipient(owner);
        if transfer != Transfer::No && recipient.is_none() {
            let message = format!("Control {id} of {key} is said to be transferred, and not to whom.");
            let path = format!("{path}/action");
            self.observe(ObservationKind::TransferWithoutRecipient, key, &path, message);
        }
        recipient
    }

    fn cause(
        &mut self,
        record: CauseRecord,
        stated: &BTreeSet<String>,
        hazard: &Hazard,
        path: &str,
    ) -> Result<Cause, InputError> {
        let key = &hazard.key;
        let text = record.text.trim().to_owned();
        let in_use = |id: &str| hazard.causes.iter().any(|cause| cause.id == id);
        let id = match given(record.id.as_ref()) {
            Some(wanted) => {
                let id = unique(&wanted, in_use);
                if id != wanted {
                    let message = format!(
                        "Cause id {wanted} of {key} stands for another cause here: \"{}\".",
                        excerpt(&text)
                    );
                    self.observe(ObservationKind::IdPrefix, key, path, message);
                }
                id
            }
            None => numbered(key, "", |id| in_use(id) || stated.contains(id)),
        };
        for (index, control) in record.controls.iter().enumerate() {
            if !hazard.all_controls().any(|known| known.id == *control) {
                let known = hazard.all_controls().map(|control| control.id.as_str());
                return Err(InputError::new(format!("Hazard {key} has no control \"{control}\""))
                    .at(self.places.place(&format!("{path}/controls/{index}")))
                    .hint(suggestion::remedy(control, known)));
            }
        }
        let link = match (record.controls.is_empty(), record.link) {
            (true, _) => LinkBasis::None,
            (false, Some(LinkRecord::Inferred)) => LinkBasis::Inferred,
            (false, _) => LinkBasis::Stated,
        };
        Ok(Cause {
            id,
            text,
            controls: record.controls,
            link,
            without_control: given(record.without_control.as_ref()),
        })
    }

    /// Observes dates of the log as a document that are none.
    fn dates(&mut self, log: &HazardLog) {
        let of_signatories = |list: &'static str, signatories: &[Signatory]| {
            let dates = signatories.iter().map(|signatory| signatory.date.clone()).enumerate();
            dates.map(|(index, date)| (format!("{list}/{index}/date"), date)).collect::<Vec<_>>()
        };
        let revisions = log.revisions.iter().map(|revision| revision.date.clone()).enumerate();
        let stated = std::iter::once(("version_date".to_owned(), log.version_date.clone()))
            .chain(revisions.map(|(index, date)| (format!("revisions/{index}/date"), date)))
            .chain(of_signatories("reviewers", &log.reviewers))
            .chain(of_signatories("approvers", &log.approvers));
        for (path, date) in stated.collect::<Vec<_>>() {
            let malformed = date.filter(|date| !date.trim().is_empty() && Date::parse_stated(date).is_none());
            if let Some(date) = malformed {
                let message = format!("\"{date}\" is not a date.");
                self.observe(ObservationKind::MalformedDate, "", &path, message);
            }
        }
    }

    /// A hazard that the log still has was not taken out of it.
    fn retired(&self, log: &HazardLog) -> Result<(), InputError> {
        for (index, retired) in log.retired.iter().enumerate() {
            if log.hazards.iter().any(|hazard| hazard.key == retired.id || hazard.id == retired.id) {
                return Err(InputError::new(format!(
                    "The log retires the hazard \"{}\", and still has it",
                    retired.id
                ))
                .at(self.places.place(&format!("retired/{index}/id")))
                .hint("take out the hazard, or its entry under retired"));
            }
        }
        Ok(())
    }

    fn provenance(&self, log: &HazardLog) -> Provenance {
        let mut provenance = Provenance::default();
        for (path, place) in self.places.all() {
            if let Some(path) = self.in_case(path, log) {
                provenance.record(path, place);
            }
        }
        provenance
    }

    /// The path in the case of what stands at a path of the record; none for what is not in the case.
    fn in_case(&self, path: &str, log: &HazardLog) -> Option<String> {
        let parts: Vec<&str> = path.split('/').collect();
        let position = |part: &str| part.parse::<usize>().ok();
        let (names, rest) = match parts[..] {
            ["hazards"] => return None,
            ["hazards", index, ref rest @ ..] => (self.names.get(position(index)?)?, rest),
            ["retired", index, ref rest @ ..] => {
                let id = &log.retired.get(position(index)?)?.id;
                return Some([&["hazard_log", "retired", id], rest].concat().join("/"));
            }
            // Lists of the log are counted from 1.
            ref all => {
                let counted =
                    |part: &&str| position(part).map_or((*part).to_owned(), |at| (at + 1).to_string());
                return Some(format!("hazard_log/{}", all.iter().map(counted).collect::<Vec<_>>().join("/")));
            }
        };
        let hazard = format!("hazards/{}", names.hazard);
        Some(match *rest {
            [] => hazard,
            [list @ ("causes" | "controls" | "existing_controls"), index, ref rest @ ..] => {
                let id = names.entries.get(list)?.get(position(index)?)?;
                let list = if list == "causes" { list } else { "controls" };
                if id.is_empty() {
                    return None;
                }
                [&[hazard.as_str(), list, id], rest].concat().join("/")
            }
            ["risk_policy"] => format!("{hazard}/initial/policy"),
            _ => format!("{hazard}/{}", rest.join("/")),
        })
    }
}

/// The ids that entries state.
fn stated_ids<'a>(ids: impl Iterator<Item = Option<&'a String>>) -> BTreeSet<String> {
    ids.filter_map(given).collect()
}

/// The wanted id, or the wanted one with a suffix if it is in use.
fn unique(wanted: &str, in_use: impl Fn(&str) -> bool) -> String {
    let mut candidates =
        std::iter::once(wanted.to_owned()).chain((2..).map(|suffix| format!("{wanted}~{suffix}")));
    candidates.find(|candidate| !in_use(candidate)).unwrap_or_default()
}

/// The first id of its kind that is not in use.
fn numbered(key: &str, prefix: &str, in_use: impl Fn(&str) -> bool) -> String {
    let mut number = 1;
    loop {
        let id = format!("{key}.{prefix}{number}");
        if !in_use(&id) {
            return id;
        }
        number += 1;
    }
}

fn rating(record: &RatingRecord, policy: &RiskPolicy) -> Rating {
    let words =
        |stated: &Option<Stated>| stated.as_ref().map(ToString::to_string).filter(|words| !words.is_empty());
    let risk = words(&record.risk).map(stated_risk);
    Rating::new(words(&record.severity).as_deref(), words(&record.likelihood).as_deref(), risk, policy)
}

/// A risk is a score where it is a whole number, however it is written.
fn stated_risk(text: String) -> StatedRisk {
    match text.parse::<f64>() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the guard says that it fits
        Ok(number) if number.fract() == 0.0 && (0.0..=255.0).contains(&number) => {
            StatedRisk::Score(number as u8)
        }
        _ => StatedRisk::Words(text),
    }
}
