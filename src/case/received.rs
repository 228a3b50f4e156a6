//! Hazards that other organisations have handed over: a manufacturer's, a national service's, a supplier's.
//!
//! A safety case does not stand alone. What a manufacturer transferred a deploying organisation has to take
//! into its own hazard log, and whoever uses a national service has to look at that service's hazards. Each
//! entry is one hazard of somebody else's, and what became of it here.

use super::hazard::{Rating, StatedRisk};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hazard that was received, and the hazards of this case's log that adopt it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceivedHazard {
    /// Id in the document that it came in; of a hazard log that the case names, with that log's id before it, such
    /// as `NRL:H03`.
    pub id: String,
    /// Id of the hazard log that it was read from, where the case names that log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// Id of the received hazard that it controls, where it is a control that was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_of: Option<String>,
    /// Organisation that it came from.
    pub from: String,
    pub kind: Origin,
    /// Document that it came in, with its version.
    pub document: Option<String>,
    /// Name of the hazard, as the sender has it.
    pub name: Option<String>,
    /// What the sender says of it.
    pub text: Option<String>,
    /// What it does to a patient, where its log says so apart from the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Ratings as its log states them. Whoever adopts the hazard rates it anew, so nothing is judged by these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_ratings: Option<SenderRatings>,
    /// The sender transferred it: its control is left to whoever received it (6.3.1).
    pub transferred: bool,
    /// Whom the sender names to take it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred_to: Option<String>,
    /// Keys of the hazards of this case's log that adopt it.
    pub hazards: Vec<String>,
    /// Why none adopts it.
    pub not_adopted_because: Option<String>,
}

/// What a sender's log states of a hazard's risk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SenderRatings {
    pub initial: Option<SenderRating>,
    pub residual: Option<SenderRating>,
}

/// A rating in its sender's words, by whatever matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SenderRating {
    pub severity: Option<String>,
    pub likelihood: Option<String>,
    pub risk: Option<String>,
}

impl SenderRatings {
    /// What two ratings state; nothing where both are blank.
    #[must_use]
    pub fn stated(initial: &Rating, residual: &Rating) -> Option<Self> {
        let ratings =
            Self { initial: SenderRating::stated(initial), residual: SenderRating::stated(residual) };
        (ratings != Self::default()).then_some(ratings)
    }
}

impl SenderRating {
    fn stated(rating: &Rating) -> Option<Self> {
        let risk = rating.stated_risk.as_ref().map(|risk| match risk {
            StatedRisk::Score(score) => score.to_string(),
            StatedRisk::Words(words) => words.clone(),
        });
        let or_read =
            |stated: &Option<String>, read: &Option<String>| stated.clone().or_else(|| read.clone());
        (!rating.is_blank()).then(|| Self {
            severity: or_read(&rating.stated_severity, &rating.severity),
            likelihood: or_read(&rating.stated_likelihood, &rating.likelihood),
            risk,
        })
    }
}

/// What a sender is to this case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Made the product that is deployed.
    Manufacturer,
    /// Runs a national service that the product uses, such as e-RS.
    NationalService,
    /// Supplies a part of the product.
    Supplier,
}

impl Origin {
    /// In words, as they follow an article.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Manufacturer => "manufacturer",
            Self::NationalService => "national service",
            Self::Supplier => "supplier",
        }
    }
}

impl ReceivedHazard {
    /// Its path, as provenance has it. Two senders may use one id, so that the sender is a part of it.
    #[must_use]
    pub fn path(&self) -> String {
        format!("received/{}/{}", self.from, self.id)
    }

    /// Reason why no hazard adopts it, where one is given.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.not_adopted_because.as_deref().map(str::trim).filter(|reason| !reason.is_empty())
    }
}
