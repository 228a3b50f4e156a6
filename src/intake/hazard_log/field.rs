//! What a column of a hazard log can mean, and the header words that say so.

use crate::case::folding::fold;
use crate::case::hazard::ControlKind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const HEADERS: &str = include_str!("../../data/hazard-log-headers.toml");

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub enum Field {
    HazardId,
    HazardName,
    Category,
    Description,
    Impact,
    CauseId,
    Causes,
    ControlId,
    ExistingControls,
    /// Additional controls; of one kind, or of the kind that another column says.
    AdditionalControls(ControlKind),
    ControlType,
    ControlOwner,
    ControlAction,
    ControlStatus,
    ControlEvidence,
    Severity(Stage),
    Likelihood(Stage),
    Risk(Stage),
    Notes,
    Owner,
    Status,
    Release,
}

/// Which of the two ratings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Initial,
    Residual,
}

impl Stage {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Residual => "residual",
        }
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.to_string()
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = match self {
            Self::HazardId => "hazard number",
            Self::HazardName => "hazard name",
            Self::Category => "category",
            Self::Description => "description",
            Self::Impact => "clinical impact",
            Self::CauseId => "cause id",
            Self::Causes => "causes",
            Self::ControlId => "control id",
            Self::ExistingControls => "existing controls",
            Self::AdditionalControls(ControlKind::Design) => "additional controls: design",
            Self::AdditionalControls(ControlKind::Test) => "additional controls: test",
            Self::AdditionalControls(ControlKind::Training) => "additional controls: training",
            Self::AdditionalControls(ControlKind::BusinessProcess) => "additional controls: business process",
            Self::AdditionalControls(_) => "additional controls",
            Self::ControlType => "control type",
            Self::ControlOwner => "control owner",
            Self::ControlAction => "control action",
            Self::ControlStatus => "control status",
            Self::ControlEvidence => "control evidence",
            Self::Severity(stage) => return write!(f, "{} severity", stage.as_str()),
            Self::Likelihood(stage) => return write!(f, "{} likelihood", stage.as_str()),
            Self::Risk(stage) => return write!(f, "{} risk", stage.as_str()),
            Self::Notes => "actions and notes",
            Self::Owner => "hazard owner",
            Self::Status => "hazard status",
            Self::Release => "release",
        };
        f.write_str(words)
    }
}

/// What a header says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Header {
    Field(Field),
    /// A rating column that leaves it to its position which rating it belongs to.
    Severity,
    Likelihood,
    Risk,
}

impl Header {
    /// The meaning that a key of the header data stands for.
    fn of_key(key: &str) -> Option<Self> {
        use Field as F;
        use Stage::{Initial, Residual};
        Some(Self::Field(match key {
            "hazard-id" => F::HazardId,
            "hazard-name" => F::HazardName,
            "category" => F::Category,
            "description" => F::Description,
            "impact" => F::Impact,
            "cause-id" => F::CauseId,
            "causes" => F::Causes,
            "control-id" => F::ControlId,
            "existing-controls" => F::ExistingControls,
            "design-controls" => F::AdditionalControls(ControlKind::Design),
            "test-controls" => F::AdditionalControls(ControlKind::Test),
            "training-controls" => F::AdditionalControls(ControlKind::Training),
            "business-process-controls" => F::AdditionalControls(ControlKind::BusinessProcess),
            "additional-controls" => F::AdditionalControls(ControlKind::Unspecified),
            "control-type" => F::ControlType,
            "control-owner" => F::ControlOwner,
            "control-action" => F::ControlAction,
            "control-status" => F::ControlStatus,
            "control-evidence" => F::ControlEvidence,
            "initial-severity" => F::Severity(Initial),
            "initial-likelihood" => F::Likelihood(Initial),
            "initial-risk" => F::Risk(Initial),
            "residual-severity" => F::Severity(Residual),
            "residual-likelihood" => F::Likelihood(Residual),
            "residual-risk" => F::Risk(Residual),
            "notes" => F::Notes,
            "owner" => F::Owner,
            "status" => F::Status,
            "release" => F::Release,
            "severity" => return Some(Self::Severity),
            "likelihood" => return Some(Self::Likelihood),
            "risk" => return Some(Self::Risk),
            _ => return None,
        }))
    }

    /// The field, where `stage` is that of the group of rating columns that the header stands in.
    pub(super) fn field(self, stage: Stage) -> Field {
        match self {
            Self::Field(field) => field,
            Self::Severity => Field::Severity(stage),
            Self::Likelihood => Field::Likelihood(stage),
            Self::Risk => Field::Risk(stage),
        }
    }

    /// Whether the header leaves it to its position which rating it belongs to.
    pub(super) fn needs_stage(self) -> bool {
        !matches!(self, Self::Field(_))
    }
}

/// What a header cell was taken for, and how surely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recognised {
    pub header: Header,
    /// The synonym that it was taken for.
    pub synonym: String,
    /// It differs from the synonym by a typing error or so.
    pub misspelt: bool,
}

/// Understands a header cell.
pub(super) fn recognise(text: &str) -> Option<Recognised> {
    // Whole paragraphs stand in rows that are tried as headers, and comparing them is slow.
    const LONGEST_HEADER: usize = 120;
    if text.len() > LONGEST_HEADER {
        return None;
    }
    let folded = folded_header(text);
    if folded.is_empty() {
        return None;
    }
    let synonyms = synonyms();
    let exact = synonyms.iter().find(|synonym| synonym.folded == folded);
    let found = exact.or_else(|| nearest(&folded, synonyms));
    found.map(|synonym| Recognised {
        header: synonym.header,
        synonym: synonym.words.clone(),
        misspelt: exact.is_none(),
    })
}

/// Header words that have a meaning.
struct Synonym {
    header: Header,
    words: String,
    folded: String,
}

/// The one synonym within a typing error or two; none where two different meanings are as near.
fn nearest<'a>(folded: &str, synonyms: &'a [Synonym]) -> Option<&'a Synonym> {
    // A short word is a typing error away from too many others.
    let length = folded.chars().count();
    let tolerated = match length {
        0..=6 => return None,
        7..=11 => 1,
        _ => 2,
    };
    // Texts whose lengths differ by more are farther apart than that, and need no comparing.
    let near = synonyms
        .iter()
        .filter(|synonym| synonym.folded.chars().count().abs_diff(length) <= tolerated)
        .map(|synonym| (strsim::damerau_levenshtein(folded, &synonym.folded), synonym))
        .filter(|(distance, _)| *distance <= tolerated)
        .collect::<Vec<_>>();
    let (best, first) = near.iter().min_by_key(|(distance, _)| *distance)?;
    let agree =
        near.iter().filter(|(distance, _)| distance == best).all(|(_, other)| other.header == first.header);
    agree.then_some(*first)
}

fn synonyms() -> &'static [Synonym] {
    static SYNONYMS: OnceLock<Vec<Synonym>> = OnceLock::new();
    SYNONYMS.get_or_init(|| {
        let table: BTreeMap<String, Vec<String>> =
            toml::from_str(HEADERS).expect("the built-in headers are valid");
        table
            .into_iter()
            .flat_map(|(key, words)| {
                let header = Header::of_key(&key).expect("each key of the built-in headers is a meaning");
                words.into_iter().map(move |words| Synonym { header, folded: folded_header(&words), words })
            })
            .collect()
    })
}

/// Case, space, line breaks and closing punctuation do not distinguish headers.
fn folded_header(text: &str) -> String {
    fold(text).trim_end_matches([':', '.', '*', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_headers_with_their_typing_errors_are_understood() {
        let header = |text| recognise(text).map(|found| found.header);
        assert_eq!(header("Hazard number"), Some(Header::Field(Field::HazardId)));
        assert_eq!(header("Potential Clinical impact "), Some(Header::Field(Field::Impact)));
        assert_eq!(header("Initial Likelihoos"), Some(Header::Field(Field::Likelihood(Stage::Initial))));
        assert_eq!(header("Intial Risk"), Some(Header::Field(Field::Risk(Stage::Initial))));
        assert_eq!(header("Residual\nConsequence"), Some(Header::Field(Field::Severity(Stage::Residual))));
        assert_eq!(header("Consequence"), Some(Header::Severity));
        assert_eq!(header("Consequence(s)"), Some(Header::Field(Field::Impact)));
    }

    #[test]
    fn other_words_are_not() {
        for text in ["", "Reviewer", "Version", "Text", "Likely", "Rest", "Owners of the product"] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn no_synonym_stands_for_two_meanings() {
        let folded: Vec<&str> = synonyms().iter().map(|synonym| synonym.folded.as_str()).collect();
        let distinct: std::collections::BTreeSet<_> = folded.iter().collect();
        assert_eq!(distinct.len(), folded.len());
    }
}
