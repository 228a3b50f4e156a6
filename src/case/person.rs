//! People, their registrations and their competence.

use super::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody with a part in the clinical risk management of this product (2.2.1, 2.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Body, such as `GMC`, `NMC`, `HCPC`, `GPhC`.
    pub body: String,
    pub number: Option<String>,
    /// When somebody looked the registration up.
    pub checked: Option<Date>,
    pub expires: Option<Date>,
}

/// What keeps a registration from being shown to be current (2.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationFault {
    NotGiven,
    NoNumber,
    NeverChecked,
    /// Looked up on a day that is still to come.
    CheckedLater(Date),
    Expired(Date),
}

impl Person {
    /// The registration, where a body is named.
    #[must_use]
    pub fn registered(&self) -> Option<&Registration> {
        self.registration.as_ref().filter(|registration| !registration.body.trim().is_empty())
    }

    /// What the registration lacks on a day; nothing where it is shown to be current.
    #[must_use]
    pub fn registration_faults(&self, as_of: Date) -> Vec<RegistrationFault> {
        let Some(registration) = self.registered() else { return vec![RegistrationFault::NotGiven] };
        let number = registration.number.as_deref().is_some_and(|number| !number.trim().is_empty());
        let checked = match registration.checked {
            None => Some(RegistrationFault::NeverChecked),
            Some(date) => (date > as_of).then_some(RegistrationFault::CheckedLater(date)),
        };
        let expired = registration.expires.filter(|date| *date < as_of).map(RegistrationFault::Expired);
        (!number).then_some(RegistrationFault::NoNumber).into_iter().chain(checked).chain(expired).collect()
    }
}

/// Record of a person's training or experience (2.3.3, 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompetenceRecord {
    /// Id of the person.
    pub person: String,
    /// Training, qualification or experience, such as "Clinical safety officer foundation course".
    pub record: String,
    pub date: Option<Date>,
    pub reference: Option<String>,
}

impl CompetenceRecord {
    /// It is of this person, and says something.
    #[must_use]
    pub fn is_of(&self, person: &str) -> bool {
        self.person == person && !self.record.trim().is_empty()
    }
}
