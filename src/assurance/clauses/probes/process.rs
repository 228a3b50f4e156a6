//! The process and the people who keep it (2.1 to 2.6).

use super::{Scene, Sight, is_given, is_written, part, plural, section, without_stop};
use crate::case::person::RegistrationFault;
use crate::case::system::{Declared, ThirdPartyProduct};

const PEOPLE: &str = "people";
const PERSONS: (&str, &str) = ("person", "people");
const PRODUCTS: (&str, &str) = ("third-party product", "third-party products");
const NO_OFFICER: &str = "No Clinical Safety Officer is named";

pub(super) fn process_described(scene: &Scene<'_>) -> Sight {
    const SECTION: &str = "clinical-risk-management-system";
    let is_process = |title: &str| {
        let title = title.to_lowercase();
        title.contains("risk management process") || title.contains("risk management system")
    };
    let documents = &scene.case().document.related_documents;
    let document = documents.iter().find(|document| is_process(&document.title));
    match (scene.narrates(SECTION), document) {
        (true, Some(document)) => {
            Sight::found(format!("The report describes the process and names \"{}\"", document.title))
        }
        (true, None) => Sight::found("The report describes the process"),
        (false, Some(document)) => Sight::partly(format!(
            "\"{}\" is named; the report does not describe the process",
            document.title
        )),
        (false, None) => Sight::none("The report neither describes the process nor names a document for it"),
    }
    .shown_at(section(SECTION))
}

pub(super) fn cso_named(scene: &Scene<'_>) -> Sight {
    match scene.cso() {
        Some(officer) => Sight::found(format!(
            "{} is named as Clinical Safety Officer. Whether resources are enough, the engine cannot see",
            officer.name
        )),
        None => Sight::none(NO_OFFICER),
    }
    .shown_at(part(PEOPLE))
}

pub(super) fn authorisation_levels(scene: &Scene<'_>) -> Sight {
    let levels = scene.case().plan.as_ref().map(|plan| plan.authorisation_levels.len());
    match levels {
        None => Sight::none("No clinical risk management plan is given"),
        Some(0) => Sight::none("The plan does not say who may authorise what"),
        Some(levels) => {
            Sight::found(format!("Documents and decisions with who may authorise them: {levels}"))
        }
    }
    .shown_at(part("plan"))
}

pub(super) fn cso_clinician(scene: &Scene<'_>) -> Sight {
    match scene.cso() {
        None => Sight::none(NO_OFFICER),
        Some(officer) if !officer.clinician => {
            Sight::none(format!("{} is not recorded as a clinician", officer.name))
        }
        Some(officer) => match &officer.registration {
            Some(registration) => Sight::found(format!(
                "{} is recorded as a clinician, registered with {}. Whether the experience suits, a person has to say",
                officer.name, registration.body
            )),
            None => Sight::partly(format!(
                "{} is recorded as a clinician; no registration is given",
                officer.name
            )),
        },
    }
    .shown_at(part(PEOPLE))
}

pub(super) fn cso_registration(scene: &Scene<'_>) -> Sight {
    let Some(officer) = scene.cso() else { return Sight::none(NO_OFFICER).shown_at(part(PEOPLE)) };
    let Some(registration) = officer.registered() else {
        return Sight::none(format!("No registration of {} is given", officer.name)).shown_at(part(PEOPLE));
    };
    let body = &registration.body;
    let faults = officer.registration_faults(scene.examined.subject.as_of);
    match (&faults[..], registration.checked, registration.expires) {
        ([], Some(checked), Some(expires)) => {
            Sight::found(format!("Registration with {body}, looked up on {checked:#}, valid to {expires:#}"))
        }
        ([], ..) => Sight::found(format!(
            "Registration with {body}, with its number and looked up. To which date it is valid is not given"
        )),
        (faults, ..) => {
            let missing: Vec<String> = faults.iter().copied().map(fault_words).collect();
            Sight::partly(format!("Registration with {body}: {}", missing.join("; ")))
        }
    }
    .shown_at(part(PEOPLE))
}

fn fault_words(fault: RegistrationFault) -> String {
    match fault {
        RegistrationFault::NotGiven => "it is not given".to_owned(),
        RegistrationFault::NoNumber => "its number is not given".to_owned(),
        RegistrationFault::NeverChecked => "nobody is recorded to have looked it up".to_owned(),
        RegistrationFault::CheckedLater(date) => {
            format!("it is said to have been looked up on {date:#}, which is still to come")
        }
        RegistrationFault::Expired(date) => format!("it expired on {date:#}"),
    }
}

pub(super) fn cso_competence(scene: &Scene<'_>) -> Sight {
    let Some(officer) = scene.cso() else { return Sight::none(NO_OFFICER).shown_at(part("competence")) };
    let records = scene.case().competence.iter().filter(|record| record.is_of(&officer.id)).count();
    match records {
        0 => Sight::none(format!("No competence record of {} is given", officer.name)),
        _ => Sight::found(format!("{} of {}", plural(records, "competence record"), officer.name)),
    }
    .shown_at(part("competence"))
}

pub(super) fn safety_statement(scene: &Scene<'_>) -> Sight {
    const SECTION: &str = "summary-safety-statement";
    if scene.narrates(SECTION) {
        Sight::found("The officer's statement is given")
    } else {
        Sight::none("The officer's statement is not given, or not complete")
    }
    .shown_at(part("statement"))
}

pub(super) fn people_and_roles(scene: &Scene<'_>) -> Sight {
    let people = &scene.case().people;
    let without: Vec<&str> = people
        .iter()
        .filter(|person| !is_given(person.role.as_ref()))
        .map(|person| person.name.as_str())
        .collect();
    if people.is_empty() {
        Sight::none("Nobody is named")
    } else {
        Sight::of_each("Role", PERSONS, people.len(), &without)
    }
    .shown_at(part(PEOPLE))
}

pub(super) fn competence_records(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let has_record = |id: &str| case.competence.iter().any(|record| record.is_of(id));
    let without: Vec<&str> = case
        .people
        .iter()
        .filter(|person| !has_record(&person.id))
        .map(|person| person.name.as_str())
        .collect();
    if case.people.is_empty() {
        Sight::none("Nobody is named whose competence could be recorded")
    } else {
        Sight::of_each("Competence record", PERSONS, case.people.len(), &without)
    }
    .shown_at(part("competence"))
}

/// Names of the products without an assessment.
fn not_assessed(products: &[ThirdPartyProduct]) -> Vec<&str> {
    products
        .iter()
        .filter(|product| !is_given(product.assessment.as_ref()))
        .map(|product| product.name.as_str())
        .collect()
}

const NOT_SAID: &str = "Whether the release holds third-party products is not said";

pub(super) fn third_party_assessed(scene: &Scene<'_>) -> Sight {
    match &scene.case().third_party_products {
        Declared::NotGiven => Sight::none(NOT_SAID),
        Declared::DeclaredNone => {
            Sight::not_applicable("The release is declared to hold no third-party product")
        }
        Declared::Given(products) => {
            Sight::of_each("Assessment", PRODUCTS, products.len(), &not_assessed(products))
        }
    }
    .shown_at(part("third-party"))
}

pub(super) fn third_party_reported(scene: &Scene<'_>) -> Sight {
    match &scene.case().third_party_products {
        Declared::NotGiven => Sight::none(NOT_SAID),
        Declared::DeclaredNone => Sight::found("The report declares that there is none"),
        Declared::Given(products) => {
            Sight::of_each("Assessment told in the report", PRODUCTS, products.len(), &not_assessed(products))
        }
    }
    .shown_at(part("third-party"))
}

pub(super) fn process_reviewed(scene: &Scene<'_>) -> Sight {
    let as_of = scene.examined.subject.as_of;
    let review = scene.case().process_review.as_ref();
    let reviewed = review.and_then(|review| Some((review, review.last_reviewed?)));
    match (reviewed, review.and_then(|review| review.outcome.as_deref())) {
        (Some((review, last)), _) => match review.due() {
            Some(due) if due < as_of => {
                Sight::partly(format!("Last reviewed on {last:#}; the next review was due on {due:#}"))
            }
            Some(due) => Sight::found(format!("Last reviewed on {last:#}; next due on {due:#}")),
            None => Sight::partly(format!("Last reviewed on {last:#}; when the next is due cannot be told")),
        },
        (None, Some(said)) if is_written(said) => {
            Sight::awaiting(format!("No review yet: \"{}\"", without_stop(said.trim())))
        }
        (None, _) => Sight::none("No review of the process is recorded"),
    }
    .shown_at(part("process-review"))
}
