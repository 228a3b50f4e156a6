//! Delivery, life after it, and modification (7.1 to 7.3).

use super::super::lifecycle::{self, Standing};
use super::super::sight::ClauseState;
use super::{Scene, Sight, is_given, is_written, part, plural, section};
use crate::case::condition::speaks_of_conditions;
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
    let outcome = review.outcome.as_ref().filter(|outcome| is_written(outcome));
    if outcome.is_none() {
        missing.push("its outcome");
    }
    match (&missing[..], review.date, outcome) {
        ([], Some(date), Some(outcome)) => {
            under_conditions(scene, format!("Review of {date:#}, with the outcome \"{}\"", outcome.trim()))
        }
        _ => Sight::partly(format!("A review is recorded, without {}", missing.join(" and ")))
            .shown_at(part(REVIEW)),
    }
}

/// What a review found holds under its conditions, and under those that PSA sessions set.
fn under_conditions(scene: &Scene<'_>, review: String) -> Sight {
    let as_of = scene.examined.subject.as_of;
    let conditions: Vec<_> = scene.case().conditions().collect();
    let open: Vec<_> = conditions.iter().filter(|set| !set.condition.is_met(as_of)).collect();
    let sight = match (conditions.len(), open.len()) {
        (0, _) if names_conditions(scene) => {
            Sight::partly(format!("{review}; which conditions those are is not recorded"))
        }
        (0, _) => Sight::found(review),
        (_, 0) => Sight::found(format!("{review}; every condition that it and the PSA sessions set is met")),
        (all, open) => Sight::partly(format!(
            "{review}; {open} of {} that it and the PSA sessions set {} not recorded as met",
            plural(all, "condition"),
            if open == 1 { "is" } else { "are" }
        )),
    };
    let mut sessions: Vec<&str> = open.iter().filter_map(|set| set.session).collect();
    sessions.dedup();
    sessions
        .into_iter()
        .fold(sight.shown_at(part(REVIEW)), |sight, session| sight.shown_at(format!("psa:{session}")))
}

/// The outcome of the review speaks of conditions.
fn names_conditions(scene: &Scene<'_>) -> bool {
    let review = scene.case().pre_delivery_review.as_ref();
    review.and_then(|review| review.outcome.as_deref()).is_some_and(speaks_of_conditions)
}

pub(super) fn review_reported(scene: &Scene<'_>) -> Sight {
    let Some(review) = &scene.case().pre_delivery_review else {
        return Sight::none(NO_REVIEW).shown_at(part(REVIEW));
    };
    let conditions = review.conditions.len();
    match review.outcome.as_deref().filter(|outcome| is_written(outcome)) {
        None => Sight::none("The outcome of the review is not given"),
        Some(outcome) if conditions == 0 && speaks_of_conditions(outcome) => Sight::partly(format!(
            "The outcome is given as \"{}\", and no condition is listed",
            outcome.trim()
        )),
        Some(outcome) if conditions == 0 => {
            Sight::found(format!("The outcome is given: \"{}\"", outcome.trim()))
        }
        Some(outcome) => Sight::found(format!(
            "The outcome is given: \"{}\", with {}",
            outcome.trim(),
            plural(conditions, "condition")
        )),
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

/// What is to be said of incidents, where there are any; and where somebody who has read the log says that there are
/// none, `none` of that.
///
/// A product that nobody uses yet has none, and nobody need say so; but that it is not used yet, the case has to say.
/// One that is in use may have some: that the case names none is no evidence.
fn of_incidents(
    scene: &Scene<'_>,
    none: impl Fn(String) -> Sight,
    look: impl Fn(&[Incident]) -> Sight,
) -> Sight {
    let case = scene.case();
    match declared(scene) {
        _ if !case.incidents.is_empty() => look(&case.incidents),
        Some(Ok(said)) => none(format!("The incident log holds no incident {said}")),
        Some(Err(why)) => Sight::none(why),
        None => match standing(scene) {
            Standing::InUse => Sight::none(UNSAID),
            Standing::BeforeDeployment(because) => {
                Sight::awaiting(format!("Deployment, which lies ahead: {because}. No incident is recorded"))
            }
            Standing::NotSaid(missing) => Sight::not_looked_at(format!(
                "{UNSAID}. Whether the product is in use cannot be told: {missing}"
            )),
        },
    }
    .shown_at(part("incidents"))
}

const UNSAID: &str = "No incident is recorded, and nobody has said that the safety incident log holds none";

/// Up to when the incident log holds nothing else, and who says so; or why that says nothing.
fn declared(scene: &Scene<'_>) -> Option<Result<String, String>> {
    let case = scene.case();
    let log = case.incident_log.as_ref()?;
    let (until, as_of) = (log.complete_up_to, scene.examined.subject.as_of);
    let name = case.person(&log.by).map_or(log.by.as_str(), |person| &person.name);
    Some(if until > as_of {
        Err(format!("What {name} says of the incident log is said of {until:#}, which is still to come"))
    } else {
        Ok(format!("up to {until:#}, says {name}"))
    })
}

fn standing(scene: &Scene<'_>) -> Standing {
    lifecycle::standing(scene.case(), scene.examined.subject.as_of)
}

fn ids(incidents: &[Incident], wanted: impl Fn(&Incident) -> bool) -> Vec<&str> {
    incidents.iter().filter(|incident| wanted(incident)).map(|incident| incident.id.as_str()).collect()
}

/// A log is kept whether or not there was an incident: without one nothing was found, though nobody says whether the
/// product is in use.
pub(super) fn incident_log(scene: &Scene<'_>) -> Sight {
    let sight = incidents_held(scene);
    match sight.state {
        ClauseState::NotLookedAt(because) => Sight { state: ClauseState::NoneFound(because), ..sight },
        _ => sight,
    }
}

fn incidents_held(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, Sight::found, |incidents| {
        let held = plural(incidents.len(), "incident");
        Sight::found(match declared(scene) {
            Some(Ok(said)) => format!("{held} of the incident log in the case; it holds no other {said}"),
            _ => format!("{held} of the incident log in the case. Whether it holds others, nobody has said"),
        })
    })
}

pub(super) fn incidents_recorded(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, Sight::found, |incidents| {
        let unresolved = ids(incidents, |incident| incident.resolved.is_none());
        Sight::of_each("Recorded with the day of its resolution", INCIDENTS, incidents.len(), &unresolved)
    })
}

pub(super) fn incident_impact(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, Sight::not_applicable, |incidents| {
        let without = ids(incidents, |incident| !is_given(incident.impact.as_ref()));
        Sight::of_each("Impact on the safety case", INCIDENTS, incidents.len(), &without)
    })
}

pub(super) fn incidents_reported(scene: &Scene<'_>) -> Sight {
    of_incidents(scene, Sight::not_applicable, |incidents| {
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
    of_incidents(scene, Sight::not_applicable, |incidents| {
        let undated = |incident: &Incident| incident.reported.is_none() || incident.resolved.is_none();
        let without = ids(incidents, undated);
        Sight::of_each("Dates of report and resolution", INCIDENTS, incidents.len(), &without)
    })
}

/// The release that this one modifies, where it is said to modify one.
fn modified<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    scene.case().release.modifies.as_deref().filter(|release| is_written(release))
}

/// A first release waits for a modification; whether another is one has to be said.
fn no_modification(scene: &Scene<'_>) -> Sight {
    let unsaid = "Whether this release modifies an earlier one is not said";
    match standing(scene) {
        Standing::BeforeDeployment(because) => Sight::awaiting(format!(
            "A modification: no release is named that this one modifies, and {because}"
        )),
        Standing::InUse => Sight::not_looked_at(unsaid),
        Standing::NotSaid(missing) => Sight::not_looked_at(format!("{unsaid}, and {missing}")),
    }
    .shown_at(part(RELEASE))
}

pub(super) fn modification_assessed(scene: &Scene<'_>) -> Sight {
    let release = &scene.case().release;
    let Some(modified) = modified(scene) else {
        return no_modification(scene);
    };
    let change = if release.risk_changed == Some(true) { "changes" } else { "does not change" };
    match (release.risk_changed, is_given(release.change_rationale.as_ref())) {
        (None, _) => Sight::none(format!("Whether clinical risk changes from release {modified} is not said")),
        (Some(_), false) => Sight::partly(format!(
            "Clinical risk is said to {} from release {modified}; why is not given",
            if release.risk_changed == Some(true) { "change" } else { "be unchanged" }
        )),
        (Some(_), true) => Sight::found(format!(
            "It is said that clinical risk {change} from release {modified}, and why. Whether the process went as far as that calls for, a person has to say"
        )),
    }
    .shown_at(part(RELEASE))
}

/// A heading of the system definition.
const RELEASE: &str = "release";

pub(super) fn report_of_release(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let Some(modified) = modified(scene) else {
        return no_modification(scene);
    };
    match (case.release.risk_changed, &case.release.version, &case.document.version) {
        (None, ..) => Sight::none(format!("Whether clinical risk changes from release {modified} is not said")),
        (Some(false), ..) => {
            Sight::not_applicable(format!("It is said that clinical risk does not change from release {modified}"))
        }
        (Some(true), Some(release), Some(version)) => Sight::found(format!(
            "Release {release} modifies {modified} and changes clinical risk; this is version {version} of the report on it"
        )),
        (Some(true), None, _) => Sight::partly(format!(
            "It is said that clinical risk changes from release {modified}; which release the report is of is not given"
        )),
        (Some(true), Some(release), None) => Sight::partly(format!(
            "Release {release} modifies {modified} and changes clinical risk; which version the report on it is is not given"
        )),
    }
    .shown_at(section("document-management"))
    .shown_at(part(RELEASE))
}
