//! `received-hazards.toml`: hazards that other organisations handed over, and what became of each.

use super::files::CaseFolder;
use super::toml_input::{TomlInput, refuse_duplicates};
use super::{InputError, Reading};
use crate::case::Provenance;
use crate::case::received::ReceivedHazard;
use schemars::JsonSchema;
use serde::Deserialize;

/// What was handed over.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Hazards of other organisations, and what became of each.
    #[serde(default, rename = "received")]
    pub hazards: Vec<ReceivedHazard>,
    /// Why none of them is a manufacturer's.
    pub nothing_from_manufacturer: Option<String>,
}

/// Reads the hazards. What adopts each is judged later, not here.
///
/// Two senders may use one id; one sender may not.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Reading<Received>, InputError> {
    let (input, lines) = TomlInput::<Received>::read(folder, path)?.into_parts();
    let received = &input.hazards;
    let places = || (0..).map(|index| lines.place(&format!("received/{index}")));
    let names: Vec<String> =
        received.iter().map(|hazard| format!("{} of {}", hazard.id, hazard.from)).collect();
    refuse_duplicates("received hazard", names.iter().map(String::as_str).zip(places()))?;
    let mut provenance = Provenance::default();
    for (hazard, place) in received.iter().zip(places()) {
        provenance.record(hazard.path(), place);
    }
    Ok((input, provenance, Vec::new()))
}
