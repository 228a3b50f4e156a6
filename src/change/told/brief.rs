//! What a short document has room for of a hazard: what weighs first, what only went to another hazard summed up, and of
//! what is left how much it is and where.

use super::Line;
use crate::change::{PartChange, PartChangeKind, PartKind};

/// Lines that are shown of a hazard, beside the sums.
const MOST: usize = 6;

/// A line, and whether somebody who has little time has to read it.
pub(super) struct Weighed {
    pub weight: Weight,
    pub line: Line,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Words, ratings, what came and went.
    Heavy,
    /// Owners, links, numbers, orders.
    Light,
    /// It is in another hazard, or was: told as a sum.
    Elsewhere,
}

impl Weighed {
    pub fn of_field(path: &[&str], line: Line) -> Self {
        let is_light = matches!(path, ["owner" | "category" | "id"] | [.., crate::change::ORDER]);
        Self { weight: if is_light { Weight::Light } else { Weight::Heavy }, line }
    }

    pub fn light(line: Line) -> Self {
        Self { weight: Weight::Light, line }
    }
}

pub(super) fn weight_of(part: &PartChange) -> Weight {
    use PartChangeKind as Kind;
    match part.change {
        _ if part.elsewhere.is_some() => Weight::Elsewhere,
        Kind::Added | Kind::Removed | Kind::Reworded | Kind::Reopened | Kind::Status | Kind::Moved => {
            Weight::Heavy
        }
        Kind::ReOwned | Kind::Closed | Kind::Links | Kind::Other => Weight::Light,
    }
}

pub(super) fn brief(weighed: &[Weighed], parts: &[&PartChange]) -> Vec<Line> {
    let of = |weight: Weight| weighed.iter().filter(move |each| each.weight == weight).map(|each| &each.line);
    let all: Vec<&Line> = of(Weight::Heavy).chain(of(Weight::Light)).collect();
    let shown = if all.len() > MOST { MOST - 1 } else { all.len() };
    let mut lines: Vec<Line> = all[..shown].iter().map(|line| (*line).clone()).collect();
    lines.extend(sums(parts));
    let left: Vec<&str> = all[shown..].iter().map(|line| line.label.as_str()).collect();
    if !left.is_empty() {
        lines.push(Line::plain(format!("and {} more changes", left.len()), left.join("; ")));
    }
    lines
}

/// `6 causes and controls are now in NRL04`.
fn sums(parts: &[&PartChange]) -> Vec<Line> {
    let mut places: Vec<(bool, &str, Vec<&PartChange>)> = Vec::new();
    for part in parts {
        let Some(place) = &part.elsewhere else { continue };
        let is_here = part.change == PartChangeKind::Added;
        let known =
            places.iter_mut().find(|(here, hazard, _)| (*here, *hazard) == (is_here, place.hazard.as_str()));
        match known {
            Some((_, _, parts)) => parts.push(part),
            None => places.push((is_here, &place.hazard, vec![part])),
        }
    }
    let sum = |(is_here, hazard, parts): &(bool, &str, Vec<&PartChange>)| {
        let causes = parts.iter().filter(|part| part.part == PartKind::Cause).count();
        let (controls, one) = (parts.len() - causes, parts.len() == 1);
        let counts = [counted(causes, "cause"), counted(controls, "control")];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        let stands = match (is_here, one) {
            (true, true) => format!("was in {hazard}"),
            (true, false) => format!("were in {hazard}"),
            (false, true) => format!("is now in {hazard}"),
            (false, false) => format!("are now in {hazard}"),
        };
        Line::plain("moved", format!("{} {stands}", counts.join(" and ")))
    };
    places.iter().map(sum).collect()
}

pub(super) fn counted(count: usize, noun: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
}
