//! Delivery, life after it, and modification (7.1 to 7.3).

use super::{Scene, Sight, is_given, is_written, part, plural, section};
use crate::case::plan::Incident;

const INCIDENTS: (&str, &str) = ("incident", "incidents");
const REVIEW: &str = "pre-delivery-review";
const NO_REVIEW: &str = "No review before delivery is recorded";

pub(super) fn pre_delivery_review(scene: &Scene<'_>) -> Sight {
    let Some(review) = &scene.case().pre_delivery_review else {
        return Sight::none(NO_REVIEW).shown_at(part(REVIEW));
    };
    let mut missing = Vec::new();
    if review.date.is_none() {
        missing.push("its date");
    }
    if !is_given(review.by.as_ref()) {
        missing.push("who reviewed");
    }
    if !is_given(review.outcome.as_ref()) {
        missing.push("its outcome");
    }
    match (&missing[..], review.date) {
        ([], Some(date)) => Sight::found(format!("Review of {date:#} recorded, with its outcome")),
        _ => Sight::partly(format!("A review is recorded, without {}", missing.join(" and "))),
    }
    .shown_at(part(REVIEW))
}

pub(super) fn review_reported(scene: &Scene<'_>) -> Sight {
    match &scene.case().pre_delivery_review {
        None => Sight::none(NO_REVIEW),
        Some(review) if is_given(review.outcome.as_ref()) => Sight::found("The outcome is given"),
        Some(_) => Sight::none("The outcome of the review is not given"),
    }
    .shown_at(part(REVIEW))
}

pub(super) fn configuration_given(scene: &Scene<'_>) -> Sight {
    let release = &scene.case().release;
    let without: Vec<&str> = release
        .configuration
        .iter()
        .filter(|component| !is_given(component.version.as_ref()))
        .map(|component| component.name.as_str())
        .collect();
    if release.configuration.is_empty() {
        Sight::none("The components of the release are not given")
    } else if !is_given(release.version.as_ref()) {
        Sight::partly("Components are listed; the version of the release is not given")
    } else {
        Sight::of_each("Version", ("component", "components"), release.configuration.len(), &without)
    }
    .shown_at(section("configuration-management"))
}

pub(super) fn post_deployment_process(scene: &Scene<'_>) -> Sight {
    let described = scene.case().post_deployment.as_ref().is_some_and(|process| is_written(&process.process));
    if described {
        Sight::found("The process is described")
    } else {
        Sight::none("No process for concerns and incidents is described")
    }
    .shown_at(part("concerns"))
}

/// What is to be said of incidents, where there are any. A product that nobody uses yet has none.
fn of_incidents(scene: &Scene<'_>, look: impl Fn(&[Incident]) -> Sight) -> Sight {
    let incidents = &scene.case().incidents;
    if incidents.is_empty() {
        Sight::awaiting("No incident is recorded in the case")
    } else {
        look(incidents)
    }
    .shown_at(part("incidents"))
}

fn ids(incidents: &[Incident], wanted: impl Fn(&Incident) -> bool) -> Vec<&str> {
    incidents.iter().filter(|incident| wanted(incident)).map(|incident| incident.id.as_str()).collect()
}

pub(super) fn incident_log(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, |incidents| Sight::found(format!("{} recorded", plural(incidents.len(), "incident"))))
}

pub(super) fn incident_impact(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, |incidents| {
        let without = ids(incidents, |incident| !is_given(incident.impact.as_ref()));
        Sight::of_each("Impact on the safety case", INCIDENTS, incidents.len(), &without)
    })
}

pub(super) fn incidents_reported(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, |incidents| {
        let bearing: Vec<&Incident> =
            incidents.iter().filter(|incident| !incident.hazards.is_empty()).collect();
        let without: Vec<&str> = bearing
            .iter()
            .filter(|incident| !is_given(incident.impact.as_ref()))
            .map(|incident| incident.id.as_str())
            .collect();
        match bearing.len() {
            0 => Sight::not_applicable("No incident is recorded to bear on a hazard"),
            count => Sight::of_each(
                "Impact told in the report",
                ("incident that bears on a hazard", "incidents that bear on a hazard"),
                count,
                &without,
            ),
        }
    })
}

pub(super) fn incident_dates(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, |incidents| {
        let undated = |incident: &Incident| incident.reported.is_none() || incident.resolved.is_none();
        let without = ids(incidents, undated);
        Sight::of_each("Dates of report and resolution", INCIDENTS, incidents.len(), &without)
    })
}

pub(super) fn report_of_release(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    match (&case.release.version, &case.document.version) {
        (Some(release), Some(version)) => {
            Sight::found(format!("This is version {version} of the report on release {release}"))
        }
        (None, _) => Sight::partly("The report does not say which release it is of"),
        (_, None) => Sight::partly("The report does not say which version it is"),
    }
    .shown_at(section("system-definition"))
}
