//! `received-hazards.toml`: hazards that other organisations handed over, and what became of each.

use super::files::CaseFolder;
use super::toml_input::{TomlInput, refuse_duplicates};
use super::{InputError, Reading};
use crate::case::Provenance;
use crate::case::received::ReceivedHazard;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Received {
    #[serde(default)]
    received: Vec<ReceivedHazard>,
}

/// Reads the hazards. What adopts each is judged later, not here.
///
/// Two senders may use one id; one sender may not.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Reading<Vec<ReceivedHazard>>, InputError> {
    let (input, lines) = TomlInput::<Received>::read(folder, path)?.into_parts();
    let received = input.received;
    let places = || (0..).map(|index| lines.place(&format!("received/{index}")));
    let names: Vec<String> =
        received.iter().map(|hazard| format!("{} of {}", hazard.id, hazard.from)).collect();
    refuse_duplicates("received hazard", names.iter().map(String::as_str).zip(places()))?;
    let mut provenance = Provenance::default();
    for (hazard, place) in received.iter().zip(places()) {
        provenance.record(hazard.path(), place);
    }
    Ok((received, provenance, Vec::new()))
}
