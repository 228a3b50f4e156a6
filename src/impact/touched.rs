//! What a change touches of a case, and whether that is where something else looks.
//!
//! Both are told by paths of the canonical case. A hazard's own begin with `hazards` and have no id, because what looks at
//! the ratings looks at those of all hazards: `hazards/initial`, `hazards/controls/*/status`, `plan/activities`.

use crate::assurance::checks::some_of;
use crate::change::{Changes, ORDER};

/// A place that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touched {
    /// Key of the hazard that it is in.
    hazard: Option<String>,
    path: Vec<String>,
    /// Of a hazard that one side has alone: what there is to say of it.
    whole: Option<&'static str>,
}

impl Touched {
    pub fn of(changes: &Changes) -> Vec<Self> {
        let at = |hazard: &str, path: &[String], whole| Self {
            hazard: Some(hazard.to_owned()),
            path: [&["hazards".to_owned()], path].concat(),
            whole,
        };
        let mut found: Vec<Self> = Vec::new();
        found.extend(changes.added.iter().map(|entry| at(&entry.id, &[], Some("new hazard"))));
        found.extend(changes.removed.iter().map(|entry| at(&entry.id, &[], Some("hazard that is gone"))));
        let renumbered = changes.renamed.iter().filter(|renamed| renamed.is_renumbered());
        found.extend(renumbered.map(|renamed| at(&renamed.new_id, &["id".to_owned()], None)));
        for change in &changes.changed {
            found.extend(change.fields.iter().map(|field| at(&change.id, &field.path, None)));
        }
        let fields = changes.sections.iter().flat_map(|section| &section.fields);
        let said = fields.filter(|field| field.path.last().is_none_or(|last| last != ORDER));
        found.extend(said.map(|field| Self { hazard: None, path: field.path.clone(), whole: None }));
        found
    }

    /// The place is in what looks at this one, or holds it.
    pub fn is_at(&self, looked_at: &str) -> bool {
        let mut pattern = looked_at.split('/');
        self.path
            .iter()
            .map_while(|name| Some((name, pattern.next()?)))
            .all(|(name, at)| at == "*" || at == name)
    }

    /// What it is of, in words, and which: `residual risk of`, `H01`.
    fn told(&self) -> (String, Option<String>) {
        let name = |at: usize| self.path.get(at).map(String::as_str);
        match (&self.hazard, self.whole) {
            (Some(hazard), Some(whole)) => (format!("{whole}:"), Some(hazard.clone())),
            (Some(hazard), None) => {
                (format!("{} of", of_hazard(name(1).unwrap_or_default())), Some(hazard.clone()))
            }
            (None, _) => {
                let (noun, which) = (of_case(name(0).unwrap_or_default()), name(1));
                match which {
                    Some(which) => (format!("{noun}:"), Some(plain(which))),
                    None => (noun, None),
                }
            }
        }
    }
}

/// What was touched, as far as it is where something looks; in words, or nothing.
pub(super) fn because(touched: &[Touched], looks_at: &[&str]) -> Option<String> {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for each in touched.iter().filter(|each| looks_at.iter().any(|place| each.is_at(place))) {
        let (what, which) = each.told();
        let at = told.iter().position(|(known, _)| *known == what).unwrap_or_else(|| {
            told.push((what, Vec::new()));
            told.len() - 1
        });
        let known = &mut told[at].1;
        known.extend(which.filter(|which| !known.contains(which)));
    }
    let words = |(what, which): &(String, Vec<String>)| match which.as_slice() {
        [] => what.clone(),
        which => format!("{what} {}", some_of(which)),
    };
    (!told.is_empty()).then(|| told.iter().map(words).collect::<Vec<_>>().join("; "))
}

fn of_hazard(field: &str) -> String {
    match field {
        "initial" | "residual" => format!("{field} risk"),
        "impact" => "clinical impact".to_owned(),
        "id" => "number".to_owned(),
        "state" => "status".to_owned(),
        _ => plain(field),
    }
}

fn of_case(field: &str) -> String {
    match field {
        "psa" => "PSA sessions".to_owned(),
        "tom" => "Target Operating Model".to_owned(),
        "cso" => "Clinical Safety Officer".to_owned(),
        "document" => "document control".to_owned(),
        _ => plain(field),
    }
}

/// A name of the canonical form as words; an id stays as it is.
fn plain(name: &str) -> String {
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_name { name.replace('_', " ") } else { name.to_owned() }
}
