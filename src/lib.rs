//! `cscr`, the Clinical Safety Case Report engine.
//!
//! ```text
//! case folder -> Case -> Assurance -> Typst source -> PDF/A-3a + PDF/UA-1
//!             intake  assurance    report
//! ```
//!
//! [`intake::folder::load`] reads a case folder, [`assure`] judges it, [`report::Engine`] makes the PDF.
//! The library never prints, never exits, and reads neither the clock nor the environment.

pub mod assurance;
pub mod case;
pub mod cli;
pub mod intake;
pub mod report;

use assurance::{Assurance, Subject};
use case::observation::{Observation, ObservationKind};
use intake::LoadedCase;
use report::FontSet;

/// Judges a case that is to be printed with these fonts.
#[must_use]
pub fn assure(loaded: &LoadedCase, fonts: &FontSet) -> Assurance {
    assurance::assure(&subject(loaded, &observations(loaded, fonts)))
}

/// A case as it is judged.
#[must_use]
pub fn subject<'a>(loaded: &'a LoadedCase, observations: &'a [Observation]) -> Subject<'a> {
    Subject {
        case: &loaded.case,
        provenance: &loaded.provenance,
        observations,
        approvals: &loaded.approvals,
        as_of: loaded.as_of,
    }
}

/// What was noticed while a case was read, and what these fonts would make of it.
#[must_use]
pub fn observations(loaded: &LoadedCase, fonts: &FontSet) -> Vec<Observation> {
    let mut observations = loaded.observations.clone();
    observations.extend(unprintable(loaded, fonts));
    observations.extend(dropped(loaded));
    observations
}

/// Characters that no font has: the report prints their codes instead.
fn unprintable(loaded: &LoadedCase, fonts: &FontSet) -> Vec<Observation> {
    let observation = |(path, character): (String, char)| {
        let code = format!("U+{:04X}", u32::from(character));
        let hazard =
            path.strip_prefix("hazards/").map(|rest| rest.split('/').next().unwrap_or(rest).to_owned());
        Observation {
            kind: ObservationKind::Unprintable,
            hazard,
            place: loaded.provenance.place(&path).cloned(),
            message: format!("No font has the character {code}; the report prints [{code}] in its place."),
        }
    };
    report::unprintable(&loaded.case, fonts).into_iter().map(observation).collect()
}

/// Links and images of the narrative that the report shows as their text alone.
fn dropped(loaded: &LoadedCase) -> Vec<Observation> {
    let observation = |dropped: report::markdown::Dropped| Observation {
        kind: ObservationKind::Unused,
        hazard: None,
        place: loaded.provenance.place(&format!("narrative/{}", dropped.section)).cloned(),
        message: dropped.message,
    };
    report::markdown::dropped(&loaded.case).into_iter().map(observation).collect()
}
