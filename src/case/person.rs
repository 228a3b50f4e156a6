//! People, their registrations and their competence.

use super::Date;
use serde::{Deserialize, Serialize};

/// Somebody with a part in the clinical risk management of this product (2.2.1, 2.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Short id that the other inputs name this person by.
    pub id: String,
    pub name: String,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub responsibilities: Option<String>,
    /// A clinician: counts towards the multidisciplinary group of 4.1.2.
    #[serde(default)]
    pub clinician: bool,
    pub registration: Option<Registration>,
}

/// Registration with a professional body (2.3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Body, such as `GMC`, `NMC`, `HCPC`, `GPhC`.
    pub body: String,
    pub number: Option<String>,
    /// When somebody looked the registration up.
    pub checked: Option<Date>,
    pub expires: Option<Date>,
}

/// Record of a person's training or experience (2.3.3, 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompetenceRecord {
    /// Id of the person.
    pub person: String,
    /// Training, qualification or experience, such as "Clinical safety officer foundation course".
    pub record: String,
    pub date: Option<Date>,
    pub reference: Option<String>,
}
