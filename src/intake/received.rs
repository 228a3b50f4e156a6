//! Hazards that other organisations handed over, and what became of each.
//!
//! They come in two ways. A hazard log of somebody else's, which `case.toml` names under `[[hazard_logs]]`, is read
//! as any log is, and each hazard of it is received ([`log`]). What came in no log is listed by hand in
//! `received-hazards.toml`. Decisions on both stand in that file: an entry whose id has a log's id before it, such as
//! `NRL:H03`, is a decision on that hazard and says nothing else of it. A hazard of the own log may say the same
//! from its side (`adopts`, in the supplement).

pub mod log;

use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use super::{InputError, Reading, suggestion};
use crate::case::received::{Origin, ReceivedHazard};
use crate::case::{Place, Provenance};
use log::SenderLog;
use schemars::JsonSchema;
use serde::Deserialize;

/// What was handed over.
#[derive(Debug, Default)]
pub struct Received {
    pub hazards: Vec<ReceivedHazard>,
    /// Why none of them is a manufacturer's.
    pub nothing_from_manufacturer: Option<String>,
}

/// `received-hazards.toml` as it was typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Received")]
pub struct Entries {
    /// Hazards of other organisations, and what became of each.
    #[serde(default)]
    received: Vec<Entry>,
    /// Why none of them is a manufacturer's.
    nothing_from_manufacturer: Option<String>,
}

/// A hazard that came in no log of the case, or a decision on one that did.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReceivedHazard")]
struct Entry {
    /// Id in the document that it came in; of a hazard log that case.toml names, with that log's id before it, such
    /// as "NRL:H03": the entry is then a decision on that hazard.
    id: String,
    /// Organisation that it came from.
    from: Option<String>,
    /// What that organisation is to this case.
    kind: Option<Origin>,
    /// Document that it came in, with its version.
    document: Option<String>,
    /// Name that its sender gives it.
    name: Option<String>,
    /// What its sender says of it.
    text: Option<String>,
    /// The sender transferred it: its control is left to whoever received it (6.3.1).
    transferred: Option<bool>,
    /// Keys of the hazards of this case's log that adopt it.
    #[serde(default)]
    hazards: Vec<String>,
    /// Why none adopts it.
    not_adopted_because: Option<String>,
}

/// That a hazard of the own log answers one that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// Key of the own hazard.
    pub hazard: String,
    /// Id of the received one.
    pub received: String,
    pub place: Place,
}

/// Reads the entries of the file, beside the hazards that were read from the logs. What adopts each is judged
/// later, not here.
///
/// Two senders may use one id; one sender may not.
pub fn read(
    folder: &CaseFolder,
    path: &str,
    logs: &[SenderLog],
    of_logs: Vec<ReceivedHazard>,
) -> Result<Reading<Received>, InputError> {
    let (input, lines) = TomlInput::<Entries>::read(folder, path)?.into_parts();
    let Entries { received: entries, nothing_from_manufacturer } = input;
    refuse_repeated(&entries, logs, &lines)?;
    let mut hazards = of_logs;
    let mut provenance = Provenance::default();
    for (index, entry) in entries.into_iter().enumerate() {
        let at = |key: &str| lines.place(&format!("received/{index}/{key}"));
        if logs.iter().any(|log| log.holds(&entry.id)) {
            let hazard = find(&mut hazards, &entry.id, at("id"))?;
            entry.decide(hazard, at, &mut provenance)?;
        } else {
            let hazard = entry.handed_over(logs, at)?;
            provenance.record(hazard.path(), lines.place(&format!("received/{index}")));
            hazards.push(hazard);
        }
    }
    Ok((Received { hazards, nothing_from_manufacturer }, provenance, Vec::new()))
}

/// Adds what hazards of the own log say that they adopt.
pub fn adopt(
    hazards: &mut [ReceivedHazard],
    adoptions: &[Adoption],
    provenance: &mut Provenance,
) -> Result<(), InputError> {
    for Adoption { hazard, received, place } in adoptions {
        let adopted = find(hazards, received, place.clone())?;
        if adopted.refusal().is_some() {
            return Err(InputError::new(format!(
                "{hazard} is said to adopt \"{received}\", and there is a reason why no hazard adopts it"
            ))
            .at(place.clone())
            .hint("keep one of the two: the hazard that adopts it, or not_adopted_because"));
        }
        if !adopted.hazards.contains(hazard) {
            adopted.hazards.push(hazard.clone());
            provenance.record(format!("{}/hazards", adopted.path()), place.clone());
        }
    }
    Ok(())
}

fn refuse_repeated(entries: &[Entry], logs: &[SenderLog], lines: &Lines) -> Result<(), InputError> {
    let named: Vec<String> = entries
        .iter()
        .map(|entry| {
            let of_log = logs.iter().find(|log| log.holds(&entry.id)).map(|log| log.from.as_str());
            format!("{} of {}", entry.id, of_log.or(entry.from.as_deref()).unwrap_or_default())
        })
        .collect();
    let places = (0..).map(|index| lines.place(&format!("received/{index}")));
    refuse_duplicates("received hazard", named.iter().map(String::as_str).zip(places))
}

/// The one received hazard of an id.
fn find<'a>(
    hazards: &'a mut [ReceivedHazard],
    id: &str,
    place: Place,
) -> Result<&'a mut ReceivedHazard, InputError> {
    let bearers: Vec<usize> = (0..hazards.len()).filter(|index| hazards[*index].id == id).collect();
    match bearers[..] {
        [index] => Ok(&mut hazards[index]),
        [] => {
            let remedy = suggestion::remedy(id, hazards.iter().map(|hazard| hazard.id.as_str()));
            Err(InputError::new(format!("No hazard \"{id}\" was received")).at(place).hint(remedy))
        }
        _ => {
            let senders: Vec<&str> = bearers.iter().map(|index| hazards[*index].from.as_str()).collect();
            let senders = senders.join(" and ");
            Err(InputError::new(format!(
                "Hazards \"{id}\" were received from {senders}; it is not said which"
            ))
            .at(place)
            .hint("name the own hazard under `hazards` of the entry that is meant"))
        }
    }
}

impl Entry {
    /// Takes over what became of a hazard that was read from a log. What it is, the log says.
    fn decide(
        self,
        hazard: &mut ReceivedHazard,
        at: impl Fn(&str) -> Place,
        provenance: &mut Provenance,
    ) -> Result<(), InputError> {
        let said_by_log = [
            ("from", self.from.is_some()),
            ("kind", self.kind.is_some()),
            ("document", self.document.is_some()),
            ("name", self.name.is_some()),
            ("text", self.text.is_some()),
        ];
        if let Some((key, _)) = said_by_log.iter().find(|(_, given)| *given) {
            return Err(InputError::new(format!(
                "\"{}\" is a hazard of a log of the case, and \"{key}\" is said there",
                self.id
            ))
            .at(at(key))
            .hint(format!(
                "take {key} out: the entry says what became of the hazard (hazards, not_adopted_because, transferred)"
            )));
        }
        let path = hazard.path();
        if let Some(transferred) = self.transferred {
            hazard.transferred = transferred;
            provenance.record(format!("{path}/transferred"), at("transferred"));
        }
        if !self.hazards.is_empty() {
            hazard.hazards = self.hazards;
            provenance.record(format!("{path}/hazards"), at("hazards"));
        }
        if self.not_adopted_because.is_some() {
            hazard.not_adopted_because = self.not_adopted_because;
            provenance.record(format!("{path}/not_adopted_because"), at("not_adopted_because"));
        }
        Ok(())
    }

    /// The hazard that the entry itself describes.
    fn handed_over(
        self,
        logs: &[SenderLog],
        at: impl Fn(&str) -> Place,
    ) -> Result<ReceivedHazard, InputError> {
        let missing = |key: &str| {
            let known: Vec<&str> = logs.iter().map(|log| log.id.as_str()).collect();
            let or_log = match (self.id.split_once(':'), known.is_empty()) {
                (Some((log, _)), true) => {
                    format!("; case.toml names no hazard log \"{log}\" under [[hazard_logs]]")
                }
                (Some((log, _)), false) => format!("; of hazard logs, {}", suggestion::remedy(log, known)),
                (None, false) => format!(
                    "; a hazard of a log is named with that log's id, such as {}:{}",
                    known[0], self.id
                ),
                (None, true) => String::new(),
            };
            InputError::new(format!("The key \"{key}\" is missing here"))
                .at(at("id"))
                .hint(format!("add {key} = ...{or_log}"))
        };
        Ok(ReceivedHazard {
            from: self.from.clone().ok_or_else(|| missing("from"))?,
            kind: self.kind.ok_or_else(|| missing("kind"))?,
            id: self.id,
            log: None,
            control_of: None,
            document: self.document,
            name: self.name,
            text: self.text,
            impact: None,
            sender_ratings: None,
            transferred: self.transferred.unwrap_or_default(),
            transferred_to: None,
            hazards: self.hazards,
            not_adopted_because: self.not_adopted_because,
        })
    }
}

#[cfg(test)]
mod tests;
