//! Whose words an owner's name is, as far as it can be known.
//!
//! The log itself is the best witness: an owner to whom some of its controls are transferred is another
//! organisation. Beyond that there are words for a deploying organisation, which a manufacturer is not. That
//! "supplier" or "trust" is somebody else is known only where it is known whose log it is; read alone, a log is
//! taken for a manufacturer's, because it is the manufacturer who transfers, and those words are left alone.
//!
//! A national body is another organisation, unless it is the one whose log this is: by the case, or where that does
//! not say, by most of the log's own controls.

use crate::assurance::LogSubject;
use crate::assurance::cross_reference::rules;
use crate::assurance::wording::{WORDING, words};
use crate::case::folding::folded;
use crate::case::hazard::Control;
use crate::case::placeholder;
use crate::case::system::{Organisation, OrganisationRole};
use ecow::EcoString;
use std::collections::{BTreeMap, HashSet};

/// Tells the owners that are other organisations.
pub(super) struct Others<'a> {
    transferred_to: HashSet<String>,
    /// The national bodies, by their places in the list, that are the log's own organisation: one that took over
    /// another may go by both names. `None` where it is not known whose log it is.
    own_bodies: Option<Vec<usize>>,
    organisation: Option<&'a Organisation>,
}

impl<'a> Others<'a> {
    pub(super) fn of(subject: &LogSubject<'a>) -> Self {
        let controls = subject.log.hazards.iter().flat_map(|hazard| &hazard.controls);
        let (transferred, kept): (Vec<&Control>, Vec<&Control>) =
            controls.partition(|control| rules::is_transferred(control));
        let owners =
            |controls: Vec<&'a Control>| controls.into_iter().filter_map(|control| control.owner.as_deref());
        let transferred_to = owners(transferred).map(folded).collect();
        let named = subject.organisation.and_then(|organisation| organisation.name.as_deref());
        // A name that is still to be filled in is nobody's.
        let named = named.filter(|name| placeholder::find(name).is_none());
        let own_bodies = match named {
            Some(name) => Some(bodies(&words(name)).collect()),
            None => most_named(owners(kept)).map(|body| vec![body]),
        };
        Self { transferred_to, own_bodies, organisation: subject.organisation }
    }

    pub(super) fn has(&self, owner: &str) -> bool {
        let name = words(owner);
        self.names_another_body(&name)
            || !self.is_own(&name)
                && (self.transferred_to.contains(&name.join(" ")) || self.is_named_so(&name))
    }

    fn names_another_body(&self, owner: &[EcoString]) -> bool {
        let own = self.own_bodies.as_ref();
        own.is_some_and(|own| bodies(owner).any(|body| !own.contains(&body)))
    }

    /// The owner is one's own organisation and another together.
    pub(super) fn shares(&self, owner: &str) -> bool {
        let name = words(owner);
        let own = self.own_bodies.as_ref();
        let is_own_body = own.is_some_and(|own| bodies(&name).any(|body| own.contains(&body)));
        self.names_another_body(&name) && (is_own_body || self.is_own(&name))
    }

    fn is_named_so(&self, name: &[EcoString]) -> bool {
        let owners = &WORDING.owners;
        match self.organisation.map(|organisation| organisation.role) {
            None => owners.deployer.is_in(name),
            Some(OrganisationRole::Manufacturer) => {
                owners.deployer.is_in(name) || owners.care_provider.is_in(name)
            }
            Some(OrganisationRole::DeployingOrganisation) => owners.manufacturer.is_in(name),
        }
    }

    /// The owner is the organisation itself or a part of it: a word of its name that is no mere form is in both.
    fn is_own(&self, owner: &[EcoString]) -> bool {
        let Some(name) = self.organisation.and_then(|organisation| organisation.name.as_deref()) else {
            return false;
        };
        if placeholder::find(name).is_some() {
            return false;
        }
        let name = words(name);
        let forms = &WORDING.owners.forms;
        owner == name || name.iter().any(|word| !forms.has(word) && owner.contains(word))
    }
}

/// The national bodies that are named among these words, as their places in the list of them.
fn bodies(words: &[EcoString]) -> impl Iterator<Item = usize> {
    let all = WORDING.owners.bodies.iter().enumerate();
    all.filter(|(_, body)| body.is_in(words)).map(|(place, _)| place)
}

/// The body that owns more of these than all others together: the organisation whose log it is.
fn most_named<'a>(owners: impl Iterator<Item = &'a str>) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for owner in owners {
        for body in bodies(&words(owner)) {
            *counts.entry(body).or_default() += 1;
        }
    }
    let all: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| *count > 1 && count * 2 > all).map(|(body, _)| body)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, control, some};
    use crate::case::hazard::ControlKind;

    /// A first hazard whose controls have these owners.
    fn owned_by(organisation: &str, owners: &[&str]) -> Fixture {
        Fixture::with(|fixture| {
            fixture.case.organisation.name = some(organisation);
            fixture.hazard().controls.clear();
            for (owner, number) in owners.iter().zip(1..) {
                let mut control = control(&format!("H01.D{number}"), ControlKind::Design);
                control.owner = some(owner);
                fixture.hazard().controls.push(control);
            }
        })
    }

    #[test]
    fn a_national_body_is_another_organisation() {
        let whose = |organisation: &str, owners: &[&str]| owned_by(organisation, owners).messages("D2");
        let other = whose("Example Health Systems", &["Test team", "NHS Digital"]);
        assert!(other[0].ends_with("transferred: H01.D2 (A2) of \"NHS Digital\"."), "{other:?}");
        assert_eq!(whose("NHS Digital", &["NHSD", "NHSD design team"]), Vec::<String>::new());
        let both = "NHS England (formerly NHS Digital)";
        assert_eq!(whose(both, &["NHS England", "NHS Digital"]), Vec::<String>::new());
        let shared = whose("NHS Digital", &["NHSD/ InterOpen"]);
        assert!(shared[0].ends_with("of \"NHSD/ InterOpen\" (in part)."), "{shared:?}");
    }

    #[test]
    fn most_controls_are_those_of_whose_log_it_is() {
        let unknown = "[to be completed: name of the organisation]";
        let found = |owners: &[&str]| owned_by(unknown, owners).findings("D2").len();
        assert_eq!(found(&["NHSD", "NHSD", "NHS Digital", "NHSX"]), 1);
        assert_eq!(found(&["NHSD", "NHSX"]), 0, "it may be either's");
        assert_eq!(found(&["Product team", "NHSX"]), 0, "or the team may be one of NHSX");
    }
}
