//! A case judged as the report will print it: what reading noticed, and what the report's fonts make of it.

use crate::assurance::examined::Content;
use crate::assurance::text::Texts;
use crate::assurance::{Assurance, Subject};
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::LoadedCase;
use crate::report::FontSet;
use std::collections::HashSet;

/// Judges a case that is to be printed with these fonts.
#[must_use]
pub fn assure(loaded: &LoadedCase, fonts: &FontSet) -> Assurance {
    let content = Content::of(&loaded.case);
    let observations = observations(loaded, &content.texts, fonts);
    crate::assurance::assure_content(&subject(loaded, &observations), content)
}

/// A case as it is judged.
#[must_use]
pub fn subject<'a>(loaded: &'a LoadedCase, observations: &'a [Observation]) -> Subject<'a> {
    Subject {
        case: &loaded.case,
        provenance: &loaded.provenance,
        observations,
        approvals: &loaded.approvals,
        snapshots: &loaded.snapshots,
        issues: &loaded.issues,
        as_of: loaded.as_of,
    }
}

/// What was noticed while a case was read, and what these fonts would make of it.
#[must_use]
pub fn observations(loaded: &LoadedCase, texts: &Texts, fonts: &FontSet) -> Vec<Observation> {
    let mut observations = loaded.observations.clone();
    observations.extend(unprintable(loaded, texts, fonts));
    observations.extend(dropped(loaded));
    observations
}

/// Characters that no font has: the report prints their codes instead.
fn unprintable(loaded: &LoadedCase, texts: &Texts, fonts: &FontSet) -> Vec<Observation> {
    let keys: HashSet<&str> =
        loaded.case.hazard_log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    let observation = |(path, character): (String, char)| {
        let code = format!("U+{:04X}", u32::from(character));
        Observation {
            kind: ObservationKind::Unprintable,
            hazard: hazard_at(&path, &keys).map(str::to_owned),
            place: loaded.provenance.place(&path),
            message: format!("No font has the character {code}; the report prints [{code}] in its place."),
        }
    };
    crate::report::unprintable(&loaded.case, texts, fonts).into_iter().map(observation).collect()
}

/// The hazard that a path leads to or into; its key may hold a slash.
fn hazard_at<'a>(path: &'a str, keys: &HashSet<&str>) -> Option<&'a str> {
    let below = path.strip_prefix("hazards/")?;
    let ends = below.match_indices('/').map(|(end, _)| end).chain([below.len()]);
    ends.rev().map(|end| &below[..end]).find(|key| keys.contains(key))
}

/// Links and images of the narrative that the report shows as their text alone.
fn dropped(loaded: &LoadedCase) -> Vec<Observation> {
    let observation = |dropped: crate::report::markdown::Dropped| Observation {
        kind: ObservationKind::Unused,
        hazard: None,
        place: loaded.provenance.place(&format!("narrative/{}", dropped.section)),
        message: dropped.message,
    };
    crate::report::markdown::dropped(&loaded.case).into_iter().map(observation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_the_hazard_whose_key_it_holds() {
        let keys = HashSet::from(["HAZ", "HAZ/01"]);
        let at = |path: &'static str| hazard_at(path, &keys);
        assert_eq!(at("hazards/HAZ/01/initial/risk"), Some("HAZ/01"));
        assert_eq!(at("hazards/HAZ/01"), Some("HAZ/01"));
        assert_eq!(at("hazards/HAZ/impact"), Some("HAZ"));
        assert_eq!((at("hazards/H02"), at("hazard_log/title")), (None, None));
    }
}
