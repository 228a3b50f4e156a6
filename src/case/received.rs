//! Hazards that other organisations have handed over: a manufacturer's, a national service's, a supplier's.
//!
//! A safety case does not stand alone. What a manufacturer transferred a deploying organisation has to take
//! into its own hazard log, and whoever uses a national service has to look at that service's hazards. Each
//! entry is one hazard of somebody else's, and what became of it here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hazard that was received, and the hazards of this case's log that adopt it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceivedHazard {
    /// Id in the document that it came in.
    pub id: String,
    /// Organisation that it came from.
    pub from: String,
    pub kind: Origin,
    /// Document that it came in, with its version.
    pub document: Option<String>,
    /// Name of the hazard, as the sender has it.
    pub name: Option<String>,
    /// What the sender says of it.
    pub text: Option<String>,
    /// The sender transferred it: its control is left to whoever received it (6.3.1).
    #[serde(default)]
    pub transferred: bool,
    /// Keys of the hazards of this case's log that adopt it.
    #[serde(default)]
    pub hazards: Vec<String>,
    /// Why none adopts it.
    pub not_adopted_because: Option<String>,
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
