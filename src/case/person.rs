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
    /// Full name.
    pub name: String,
    /// Role in this case.
    pub role: Option<String>,
    /// Organisation that the person works for.
    pub organisation: Option<String>,
    /// What the person answers for in this case.
    pub responsibilities: Option<String>,
    /// A clinician: counts towards the multidisciplinary group of 4.1.2.
    #[serde(default)]
    pub clinician: bool,
    /// Registration with a professional body; a Clinical Safety Officer has one (2.3.2).
    pub registration: Option<Registration>,
}

/// Registration with a professional body (2.3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Body, such as `GMC`, `NMC`, `HCPC`, `GPhC`.
    pub body: String,
    /// Number with that body.
    pub number: Option<String>,
    /// When somebody looked the registration up.
    pub checked: Option<Date>,
    /// Last day of the registration.
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

    /// Of a Clinical Safety Officer who is not said to be a clinician (2.3.1), as a sentence.
    #[must_use]
    pub fn is_no_clinician(&self) -> String {
        format!("{}, the Clinical Safety Officer, is not recorded as a clinician.", self.name)
    }

    /// What the registration lacks on a day, as a sentence.
    #[must_use]
    pub fn fault_in_words(&self, fault: RegistrationFault, as_of: Date) -> String {
        let name = &self.name;
        let body = self.registered().map_or("", |registration| &registration.body);
        match fault {
            RegistrationFault::NotGiven => format!("No professional registration is recorded for {name}."),
            RegistrationFault::NoNumber => format!("The {body} registration of {name} has no number."),
            RegistrationFault::NeverChecked => {
                format!("When the {body} registration of {name} was checked is not recorded.")
            }
            RegistrationFault::CheckedLater(date) => {
                format!("The {body} registration of {name} was checked on {date:#}, after {as_of:#}.")
            }
            RegistrationFault::Expired(date) => {
                format!("The {body} registration of {name} expired on {date:#}.")
            }
        }
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
    /// Day of it.
    pub date: Option<Date>,
    /// Certificate or file that shows it.
    pub reference: Option<String>,
}

impl CompetenceRecord {
    /// It is of this person, and says something.
    #[must_use]
    pub fn is_of(&self, person: &str) -> bool {
        self.person == person && !self.record.trim().is_empty()
    }
}
