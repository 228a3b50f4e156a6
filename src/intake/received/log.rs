//! The hazard log of another organisation: each hazard of it is received, and each control that it hands over.
//!
//! Such a log is read as the own one is, in any layout. It stays its sender's: its ratings are kept as they are
//! stated and judge nothing here, and how its sender keeps it is not for this case to find fault with. What bears
//! on whether it was read whole is said.

use crate::case::folding::folded;
use crate::case::hazard::{Control, ControlState, Hazard, HazardState};
use crate::case::matrix::RiskPolicy;
use crate::case::observation::{Observation, ObservationKind as Kind};
use crate::case::received::{Origin, ReceivedHazard, SenderRatings};
use crate::case::{Place, Provenance};
use crate::intake::hazard_log::{HazardLogInput, LogFiles, RatedBy, ReadOptions, read_files};
use crate::intake::toml_input::{Lines, refuse_duplicates};
use crate::intake::{InputError, Reading};
use schemars::JsonSchema;
use serde::Deserialize;

/// An entry of `[[hazard_logs]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SenderLog {
    /// Stands before the ids of its hazards: `NRL` in `NRL:H03`.
    pub id: String,
    /// The log, in any form that a hazard log is read in; a path from the case folder.
    pub file: String,
    /// Mapping file of it, where what its sheets and columns are is not to be found out.
    pub mapping: Option<String>,
    /// What its owner is to this case.
    pub kind: Origin,
    /// Organisation that it came from.
    pub from: String,
    /// Name and version; where none is given, those of the log's own cover.
    pub document: Option<String>,
    /// Every hazard of it is handed over, also where the log does not say so.
    #[serde(default)]
    pub transferred: bool,
    /// What the log calls this organisation where it hands something over; where nothing is given, whatever the log
    /// hands over to anybody is received.
    #[serde(default)]
    pub transferred_to: Vec<String>,
}

impl SenderLog {
    /// Whether an id names a hazard of this log.
    #[must_use]
    pub fn holds(&self, id: &str) -> bool {
        id.split_once(':').is_some_and(|(log, _)| log == self.id)
    }

    fn hands_to_us(&self, recipient: Option<&str>) -> bool {
        let Some(recipient) = recipient else { return true };
        self.transferred_to.is_empty()
            || self.transferred_to.iter().any(|name| folded(name) == folded(recipient))
    }
}

/// Refuses logs that cannot be told apart.
pub fn check(logs: &[SenderLog], lines: &Lines) -> Result<(), InputError> {
    let place = |index: usize, key: &str| lines.place(&format!("hazard_logs/{index}/{key}"));
    refuse_duplicates(
        "hazard log",
        logs.iter().enumerate().map(|(at, log)| (log.id.as_str(), place(at, "id"))),
    )?;
    let is_plain = |id: &str| id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    for (index, log) in logs.iter().enumerate() {
        if !is_plain(&log.id) {
            return Err(InputError::new(format!("\"{}\" cannot stand before the ids of hazards", log.id))
                .at(place(index, "id"))
                .hint("give the log a short id of letters, digits, \"-\", \"_\" and \".\", such as NRL"));
        }
        if let Some(other) = logs[..index].iter().find(|other| other.file == log.file) {
            return Err(InputError::new(format!(
                "The hazard logs {} and {} name one file",
                other.id, log.id
            ))
            .at(place(index, "file"))
            .hint("keep one of them, or correct the path"));
        }
    }
    Ok(())
}

/// Reads one log.
pub fn read(
    log: &SenderLog,
    files: &LogFiles,
    options: &ReadOptions,
    policy: &RiskPolicy,
) -> Result<Reading<Vec<ReceivedHazard>>, InputError> {
    let mut input = read_files(files, options, &RatedBy::from(policy))?;
    let quotes = std::mem::take(input.provenance.quotes());
    let mut reading = LogReading::of(log, &files.name, &input);
    for hazard in &input.log.hazards {
        reading.receive(hazard);
    }
    reading.observe(&input.observations);
    let LogReading { hazards, mut provenance, observations, .. } = reading;
    provenance.quotes().extend(quotes);
    Ok((hazards, provenance, observations))
}

/// A sender's log while its hazards are received.
struct LogReading<'a> {
    log: &'a SenderLog,
    file: &'a str,
    document: Option<String>,
    places: &'a Provenance,
    hazards: Vec<ReceivedHazard>,
    provenance: Provenance,
    observations: Vec<Observation>,
    /// What the log hands over to somebody else, each with whom it names.
    to_others: Vec<String>,
}

impl<'a> LogReading<'a> {
    fn of(log: &'a SenderLog, file: &'a str, input: &'a HazardLogInput) -> Self {
        let cover = &input.log;
        let on_cover = match (&cover.title, &cover.version) {
            (Some(title), Some(version)) => Some(format!("{title}, version {version}")),
            (title, version) => title.clone().or_else(|| Some(format!("version {}", version.as_ref()?))),
        };
        Self {
            log,
            file,
            document: log.document.clone().or(on_cover),
            places: &input.provenance,
            hazards: Vec::new(),
            provenance: Provenance::default(),
            observations: Vec::new(),
            to_others: Vec::new(),
        }
    }

    fn receive(&mut self, hazard: &Hazard) {
        let id = format!("{}:{}", self.log.id, hazard.key);
        let is_handed_over = hazard.state == HazardState::Transferred || hazard.transferred_to.is_some();
        let to_us = is_handed_over && self.log.hands_to_us(hazard.transferred_to.as_deref());
        let own_path = format!("hazards/{}", hazard.key);
        let received = ReceivedHazard {
            name: hazard.name.clone(),
            text: hazard.description.clone(),
            impact: hazard.impact.clone(),
            sender_ratings: SenderRatings::stated(&hazard.initial, &hazard.residual),
            transferred: self.log.transferred || to_us,
            transferred_to: hazard.transferred_to.clone(),
            ..self.received(id.clone())
        };
        let values = [
            ("name", "name"),
            ("text", "description"),
            ("impact", "impact"),
            ("sender_ratings/initial", "initial"),
            ("sender_ratings/residual", "residual"),
        ];
        self.keep(received, &own_path, &values);
        for control in hazard.all_controls().filter(|control| is_handed_over_control(control)) {
            let recipient = control.transferred_to.as_deref();
            if !self.log.hands_to_us(recipient) {
                self.to_others.extend(recipient.map(str::to_owned));
                continue;
            }
            let received = ReceivedHazard {
                control_of: Some(id.clone()),
                text: Some(control.text.clone()),
                transferred: true,
                transferred_to: control.transferred_to.clone(),
                ..self.received(format!("{id}/{}", control.id))
            };
            self.keep(received, &format!("{own_path}/controls/{}", control.id), &[]);
        }
    }

    /// What all that comes in the log has in common.
    fn received(&self, id: String) -> ReceivedHazard {
        ReceivedHazard {
            id,
            log: Some(self.log.id.clone()),
            control_of: None,
            from: self.log.from.clone(),
            kind: self.log.kind,
            document: self.document.clone(),
            name: None,
            text: None,
            impact: None,
            sender_ratings: None,
            transferred: false,
            transferred_to: None,
            hazards: Vec::new(),
            not_adopted_because: None,
        }
    }

    /// Keeps what was received, with the place of it and of each value that its log has a place for.
    fn keep(&mut self, received: ReceivedHazard, own_path: &str, values: &[(&str, &str)]) {
        let path = received.path();
        let place = |path: &str| self.places.place(path);
        let whole = place(own_path).unwrap_or_else(|| Place::file(self.file));
        for (value, own) in values {
            if let Some(place) = place(&format!("{own_path}/{own}")).filter(|place| *place != whole) {
                self.provenance.record(format!("{path}/{value}"), place);
            }
        }
        self.provenance.record(path, whole);
        self.hazards.push(received);
    }

    fn observe(&mut self, observations: &[Observation]) {
        let (of_sender, of_reading): (Vec<_>, Vec<_>) =
            observations.iter().partition(|observation| is_for_the_sender(observation.kind));
        for Observation { kind, place, message, .. } in of_reading {
            let kind = match kind {
                // Hazards may be missing from what was read, whoever's log it is.
                Kind::HazardSheetNotRead | Kind::LayoutInDoubt => *kind,
                _ => Kind::ReceivedLog,
            };
            self.note(kind, place.clone(), format!("In the hazard log {}: {message}", self.log.id));
        }
        if !of_sender.is_empty() {
            let count = of_sender.len();
            let remarks = if count == 1 { "remark is" } else { "remarks are" };
            let message = format!(
                "On how {} keeps the hazard log {}, {count} {remarks} left to the sender; \"cscr import\" shows what there is to say of the file.",
                self.log.from, self.log.id
            );
            self.note(Kind::ReceivedLog, Some(Place::file(self.file)), message);
        }
        if !self.to_others.is_empty() {
            let count = self.to_others.len();
            self.to_others.sort();
            self.to_others.dedup();
            let controls = if count == 1 { "control is" } else { "controls are" };
            let message = format!(
                "In the hazard log {}, {count} {controls} handed over to others than this organisation ({}), and not received.",
                self.log.id,
                self.to_others.join(", ")
            );
            self.note(Kind::ReceivedLog, Some(Place::file(self.file)), message);
        }
    }

    fn note(&mut self, kind: Kind, place: Option<Place>, message: String) {
        self.observations.push(Observation { kind, hazard: None, place, message });
    }
}

fn is_handed_over_control(control: &Control) -> bool {
    control.state == ControlState::Transferred || control.transferred_to.is_some()
}

/// Faults of a log that leave open nothing of what it holds: its sender mends them, or does not.
fn is_for_the_sender(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::DuplicateControlId
            | Kind::MissingControlId
            | Kind::IdSpelling
            | Kind::IdPrefix
            | Kind::ListLength
            | Kind::NotAControl
            | Kind::RatingsDisagree
            | Kind::FormulaReadsOtherCells
            | Kind::BrokenName
            | Kind::NotInList
            | Kind::MalformedDate
            | Kind::BlankRows
            | Kind::ListsNotRead
    )
}
