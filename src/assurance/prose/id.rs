//! Hazard ids in a text, by the form that the log's own ids have.

use crate::case::Case;
use crate::case::hazard::Hazard;
use crate::case::hazard_log::HazardLog;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What hazard ids of a log look like, and which there are.
///
/// An id is a stem and digits, such as `NRL` and `01`. A text cites a hazard where a word has a stem of the log
/// and as many digits as ids with that stem have: so `H1N1`, `H2O` and `H01.D1` are none. Ids without a stem
/// cannot be told from other numbers, and are not looked for.
#[derive(Debug)]
pub struct HazardIds<'a> {
    /// By stem: how many digits ids have.
    widths: BTreeMap<&'a str, BTreeSet<usize>>,
    /// By stem and number: the id as the log writes it.
    known: BTreeMap<(&'a str, u32), &'a str>,
    /// By id: the hazard that bears it; none where several do.
    bearers: HashMap<&'a str, Option<&'a Hazard>>,
    /// What else of the case is called something, such as a control or an interface point.
    others: HashSet<&'a str>,
    /// Ids of other organisations' hazard logs: `NRL:H03` is no hazard of this log.
    other_logs: HashSet<&'a str>,
}

/// An id in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation<'t, 'a> {
    /// As the text writes it.
    pub written: &'t str,
    /// As the log writes it; `None` where the log does not have it.
    pub known: Option<&'a str>,
}

impl<'a> HazardIds<'a> {
    #[must_use]
    pub fn of(case: &'a Case) -> Self {
        let other_logs = case.received.iter().filter_map(|received| received.log.as_deref()).collect();
        Self { others: other_ids(case), other_logs, ..Self::of_log(&case.hazard_log) }
    }

    fn of_log(log: &'a HazardLog) -> Self {
        let mut ids = Self {
            widths: BTreeMap::new(),
            known: BTreeMap::new(),
            bearers: HashMap::new(),
            others: HashSet::new(),
            other_logs: HashSet::new(),
        };
        for hazard in &log.hazards {
            ids.bearers.entry(&hazard.id).and_modify(|bearer| *bearer = None).or_insert(Some(hazard));
            if let Some((stem, digits)) = parts(&hazard.id)
                && let Ok(number) = digits.parse()
            {
                ids.widths.entry(stem).or_default().insert(digits.len());
                ids.known.insert((stem, number), &hazard.id);
            }
        }
        ids
    }

    /// The ids in a text, in order; a range, such as `H01 to H03`, cites all between its ends.
    #[must_use]
    pub fn cited<'t>(&self, text: &'t str) -> Vec<Citation<'t, 'a>> {
        let mut cited: Vec<Citation<'t, 'a>> = Vec::new();
        let mut end_of_last: Option<(&str, u32, usize)> = None;
        for (start, word) in candidates(text) {
            let Some((stem, number)) = self.read(word).filter(|_| self.is_own(text, start)) else {
                continue;
            };
            if let Some((from_stem, from, end)) = end_of_last
                && from_stem == stem
                && is_range(&text[end..start])
            {
                // A range may be told from its end.
                let between = self.known.range((stem, from.min(number))..(stem, from.max(number)));
                cited.extend(between.map(|(_, id)| Citation { written: word, known: Some(id) }));
            }
            cited.push(Citation { written: word, known: self.known.get(&(stem, number)).copied() });
            end_of_last = Some((stem, number, start + word.len()));
        }
        cited
    }

    /// The id would be found in a text that cites it. One that is a plain number, holds a space or is longer than
    /// a number can be would not, so its absence from a text says nothing.
    #[must_use]
    pub fn recognises(&self, id: &str) -> bool {
        matches!(self.cited(id)[..], [Citation { written, known: Some(known) }] if written == id && known == id)
    }

    /// The hazard that an id names: one that two hazards bear names neither.
    #[must_use]
    pub fn bearer(&self, id: &str) -> Option<&'a Hazard> {
        *self.bearers.get(id)?
    }

    /// Neither part of something else nor of another organisation's log.
    fn is_own(&self, text: &str, start: usize) -> bool {
        let log = text[..start].strip_suffix(':').map(|before| {
            before
                .rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
                .next()
                .unwrap_or(before)
        });
        log.is_none_or(|log| !self.other_logs.contains(log)) && stands_alone(text, start)
    }

    fn read(&self, word: &str) -> Option<(&'a str, u32)> {
        let (stem, digits) = parts(word).filter(|_| !self.others.contains(word))?;
        let (stem, widths) = self.widths.get_key_value(stem)?;
        widths.contains(&digits.len()).then_some((*stem, digits.parse().ok()?))
    }
}

/// Stem and digits; an id needs both.
fn parts(id: &str) -> Option<(&str, &str)> {
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let has_letter = stem.contains(char::is_alphabetic);
    (has_letter && stem.len() < id.len()).then(|| id.split_at(stem.len()))
}

/// Words with their places: what holds neither space nor a bracket or comma.
fn candidates(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let starts = text.char_indices().scan(false, move |inside, (at, char)| {
        let begins = is_part(char) && !*inside;
        *inside = is_part(char);
        Some(begins.then_some(at))
    });
    starts.flatten().flat_map(move |start| {
        let word = text[start..].split(|c| !is_part(c)).next().unwrap_or_default();
        let word = word.trim_end_matches(['.', '-', '_']);
        // `H01-H05` is two ids and a range; `H-001` is one.
        let ends = word.split_once('-').filter(|(one, other)| {
            matches!((parts(one), parts(other)), (Some((one, _)), Some((other, _))) if one == other)
        });
        match ends {
            Some((one, other)) => vec![(start, one), (start + one.len() + 1, other)],
            None => vec![(start, word)],
        }
    })
}

/// Neither an address nor what a word before it makes something else: `Table H01`, `version H01`.
fn stands_alone(text: &str, start: usize) -> bool {
    const OTHERWISE: [&str; 8] =
        ["table", "figure", "appendix", "annex", "section", "version", "release", "reference"];
    let before = text[..start].trim_end();
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let is_in_address = before.ends_with('/') && before.contains("://");
    !is_in_address && !OTHERWISE.contains(&last.as_str())
}

fn is_range(between: &str) -> bool {
    matches!(between.trim(), "-" | "\u{2013}" | "\u{2014}" | "to" | "through")
}

fn other_ids(case: &Case) -> HashSet<&str> {
    let keys: HashSet<&str> = case.hazard_log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    let points = case.interfaces.iter().flat_map(|interface| &interface.points);
    let actions = case.psa.iter().flat_map(|session| &session.actions);
    points
        .map(|point| point.id.as_str())
        .chain(case.interfaces.iter().map(|interface| interface.id.as_str()))
        .chain(case.evidence.iter().map(|evidence| evidence.id.as_str()))
        .chain(case.risk_assessment.iter().map(|item| item.id.as_str()))
        .chain(case.psa.iter().map(|session| session.id.as_str()))
        .chain(actions.map(|action| action.id.as_str()))
        .chain(case.received.iter().map(|received| received.id.as_str()))
        .chain(case.references.iter().map(|reference| reference.id.as_str()))
        .chain(case.incidents.iter().map(|incident| incident.id.as_str()))
        .chain(case.test_issues.items().iter().map(|issue| issue.id.as_str()))
        .filter(|id| !keys.contains(id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::hazard;

    fn cited(ids: &[&str], text: &str) -> Vec<(String, bool)> {
        let hazards = ids.iter().map(|id| hazard(id)).collect();
        let log = HazardLog { hazards, ..HazardLog::default() };
        let ids = HazardIds::of_log(&log);
        ids.cited(text).iter().map(|cited| (cited.written.to_owned(), cited.known.is_some())).collect()
    }

    #[test]
    fn ids_of_the_log_and_others_of_its_form() {
        let found = cited(&["H01", "H02"], "H01 (and H02, H77). See H02.");
        let written: Vec<(&str, bool)> = found.iter().map(|(id, known)| (id.as_str(), *known)).collect();
        assert_eq!(written, [("H01", true), ("H02", true), ("H77", false), ("H02", true)]);
        assert_eq!(cited(&["H-001"], "H-001, H-014").len(), 2);
        assert_eq!(cited(&["NRL01"], "NRL01 and H01").len(), 1);
    }

    #[test]
    fn what_only_looks_like_an_id_is_none() {
        for text in [
            "H1N1 and H2 blockers",
            "control H77.D1 of it",
            "NHS-RH-HL-042 of H2O",
            "999 000 0018",
            "clause 6.3.1, 12/03/2026",
            "Table H77",
            "https://example.org/H77",
            "PH77 and H77a",
        ] {
            assert_eq!(cited(&["H01", "H02"], text), [], "{text}");
        }
        assert_eq!(cited(&["1", "2"], "hazard 77"), [], "ids without a stem are not looked for");
    }

    #[test]
    fn only_what_a_text_would_be_found_to_cite_is_recognised() {
        let ids = ["H01", "Hazard 01", "HAZ/01", "HAZ20260914001", "7"];
        let log = HazardLog { hazards: ids.iter().map(|id| hazard(id)).collect(), ..HazardLog::default() };
        let known = HazardIds::of_log(&log);
        let recognised: Vec<&str> = ids.into_iter().filter(|id| known.recognises(id)).collect();
        assert_eq!(recognised, ["H01"]);
    }

    #[test]
    fn an_id_that_two_hazards_bear_names_neither() {
        let mut hazards = vec![hazard("H01"), hazard("H02"), hazard("H02-2")];
        hazards[2].id = "H02".to_owned();
        let log = HazardLog { hazards, ..HazardLog::default() };
        let ids = HazardIds::of_log(&log);
        let bearer = |id: &str| ids.bearer(id).map(|hazard| hazard.key.as_str());
        assert_eq!((bearer("H01"), bearer("H02"), bearer("H03")), (Some("H01"), None, None));
    }

    #[test]
    fn a_range_may_be_told_from_its_end() {
        let found = cited(&["H01", "H02", "H03"], "H03 to H01");
        assert_eq!(found.len(), 4, "both ends, the last again, and what is between: {found:?}");
        assert!(found.iter().all(|(_, known)| *known));
    }

    #[test]
    fn a_range_cites_what_lies_between() {
        let ids = ["H01", "H02", "H03", "H04"];
        for text in ["H01 to H03", "H01-H03", "H01\u{2013}H03"] {
            assert_eq!(cited(&ids, text).len(), 4, "{text}: both ends, the first again, and what is between");
        }
    }
}
