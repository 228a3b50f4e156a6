//! What was seen for a clause, and where the report shows it.

use serde::Serialize;

/// What the engine says of a clause, with its reason.
///
/// Its JSON form is that of the cross-reference's states, so that the report prints both alike. Unlike those it
/// always has a reason, and it can say that nothing was looked at: such a clause must not read as answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "because")]
pub enum ClauseState {
    EvidenceFound(String),
    PartlyFound(String),
    NoneFound(String),
    AwaitingLaterPhase(String),
    NotApplicable(String),
    NotLookedAt(String),
}

impl ClauseState {
    #[must_use]
    pub fn because(&self) -> &str {
        match self {
            Self::EvidenceFound(because)
            | Self::PartlyFound(because)
            | Self::NoneFound(because)
            | Self::AwaitingLaterPhase(because)
            | Self::NotApplicable(because)
            | Self::NotLookedAt(because) => because,
        }
    }

    /// In a sentence, after "the engine".
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::EvidenceFound(_) => "found evidence",
            Self::PartlyFound(_) => "found part of the evidence",
            Self::NoneFound(_) => "found no evidence",
            Self::AwaitingLaterPhase(_) => "awaits a later step",
            Self::NotApplicable(_) => "found nothing that the clause applies to",
            Self::NotLookedAt(_) => "did not look",
        }
    }
}

/// What a probe saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    pub state: ClauseState,
    /// Labels of the report where it is shown.
    pub anchors: Vec<String>,
    /// Keys of the hazards that the standard exempts from what was looked for.
    pub exempt: Vec<String>,
}

impl From<ClauseState> for Sight {
    fn from(state: ClauseState) -> Self {
        Self { state, anchors: Vec::new(), exempt: Vec::new() }
    }
}

impl Sight {
    pub fn found(said: impl Into<String>) -> Self {
        ClauseState::EvidenceFound(said.into()).into()
    }

    pub fn partly(missing: impl Into<String>) -> Self {
        ClauseState::PartlyFound(missing.into()).into()
    }

    pub fn none(said: impl Into<String>) -> Self {
        ClauseState::NoneFound(said.into()).into()
    }

    pub fn awaiting(what: impl Into<String>) -> Self {
        ClauseState::AwaitingLaterPhase(what.into()).into()
    }

    pub fn not_applicable(because: impl Into<String>) -> Self {
        ClauseState::NotApplicable(because.into()).into()
    }

    pub fn not_looked_at(because: impl Into<String>) -> Self {
        ClauseState::NotLookedAt(because.into()).into()
    }

    /// Found where nothing is lacking, none where everything is, else partly. `what` is what each of the things
    /// should have, `(one, many)` what they are called.
    #[must_use]
    pub fn of_each(what: &str, (one, many): (&str, &str), total: usize, lacking: &[&str]) -> Self {
        let things = if total == 1 { one } else { many };
        match total - lacking.len() {
            0 if total == 1 => Self::none(format!("{what}: not for the one {one}, {}", named(lacking))),
            0 => Self::none(format!("{what}: none of {total} {things}")),
            having if having == total => Self::found(format!("{what}: {total} of {total} {things}")),
            having => Self::partly(format!("{what}: {having} of {total} {things}, not {}", named(lacking))),
        }
    }

    #[must_use]
    pub fn shown_at(mut self, anchor: impl Into<String>) -> Self {
        self.anchors.push(anchor.into());
        self
    }

    #[must_use]
    pub fn exempting<'a>(mut self, hazards: impl IntoIterator<Item = &'a str>) -> Self {
        self.exempt.extend(hazards.into_iter().map(str::to_owned));
        self
    }
}

/// The first few by name, and how many more there are.
#[must_use]
pub fn named(names: &[&str]) -> String {
    const LISTED: usize = 6;
    match names.len() {
        0 => String::new(),
        count if count > LISTED + 1 => format!("{} and {} more", names[..LISTED].join(", "), count - LISTED),
        1 => names[0].to_owned(),
        count => format!("{} and {}", names[..count - 1].join(", "), names[count - 1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_named_until_there_are_too_many() {
        let of =
            |total, lacking: &[&str]| Sight::of_each("Owner", ("hazard", "hazards"), total, lacking).state;
        assert_eq!(of(2, &[]), ClauseState::EvidenceFound("Owner: 2 of 2 hazards".to_owned()));
        assert_eq!(of(3, &["H1"]), ClauseState::PartlyFound("Owner: 2 of 3 hazards, not H1".to_owned()));
        assert_eq!(of(2, &["H1", "H2"]), ClauseState::NoneFound("Owner: none of 2 hazards".to_owned()));
        assert_eq!(named(&["a", "b", "c"]), "a, b and c");
        assert_eq!(named(&["a", "b", "c", "d", "e", "f", "g", "h"]), "a, b, c, d, e, f and 2 more");
    }
}
