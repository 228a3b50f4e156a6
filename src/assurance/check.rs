//! A check: one small definition, from which the findings, the console, the PDF and the reference page
//! all take their words.
//!
//! A check says what it looks for, why that matters and what to do about it, once. Its functions only look
//! and note what they saw: a [`Hit`] names a hazard, says a sentence and gives the path of the value that it
//! is about. Level, clause, title and remedy come from the definition; the place comes from the provenance
//! of that path. So a check knows nothing of spreadsheets, and no finding can word its title in its own way.
//!
//! What a function is given says what it needs. [`Run::Log`] sees a hazard log and nothing else,
//! so it can run when a log is read alone; [`Run::Case`] sees the whole case; [`Run::Text`] sees every text that
//! somebody wrote, one at a time, of whichever of the two is being judged. [`Run::Clauses`] sees the clauses of the
//! standard with what those found, and [`Run::Waivers`] what became of the waivers once all others have run.

use super::LogSubject;
use super::clauses::ClauseRow;
use super::finding::{Authority, Level};
use super::text::Text;
use super::waivers::Waivers;
use crate::case::Place;
use crate::case::hazard::Hazard;
use crate::case::observation::{Observation, ObservationKind};
use serde::Serialize;

pub use super::examined::Examined;

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    /// Stable: it is never given to another check.
    pub id: &'static str,
    pub level: Level,
    /// Clause of DCB0129 that asks for it, where one does; several are separated by a comma and a space. A finding
    /// names the clause of the table that its case is measured by ([`super::clauses::cited`]).
    pub clause: Option<&'static str>,
    pub title: &'static str,
    /// Why it matters, for somebody who has not met the standard.
    pub why: &'static str,
    /// What to do about a finding, in the words of a safety officer, unless the finding itself knows better.
    pub remedy: &'static str,
    /// How that is done in the case folder, for whoever keeps its files: keys, files, commands. The report leaves
    /// it out.
    pub how: Option<&'static str>,
    /// What the standard exempts from it. Each hazard of a case that is exempt is told by name.
    pub exempt: Option<Exempt>,
    /// Nobody can waive its findings: an approval is given or not, a rating made or not (in words that the policy
    /// does not have it is not made), a decision somebody's who may decide or not.
    pub never_waived: bool,
    pub runs: &'static [Run],
}

/// What looks for a check's hits, and what it has to be given.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    Log(fn(&LogSubject<'_>, &mut Outcome)),
    Case(fn(&Examined<'_>, &mut Outcome)),
    /// Sees what all other checks found, clause by clause.
    Clauses(fn(&Examined<'_>, &[ClauseRow], &mut Outcome)),
    Text(fn(&Text<'_>, &mut Outcome)),
    Waivers(fn(&Waivers<'_>, &mut Outcome)),
}

/// What the standard exempts from a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exempt {
    /// A hazard of an acceptable initial risk (5.1.2).
    Acceptable,
    /// Such a hazard, and a control that another, named organisation puts in place (6.3.1).
    AcceptableOrTransferred,
}

impl Exempt {
    /// To follow "Does not apply".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Acceptable => {
                "to a hazard whose initial risk is acceptable of itself, or was accepted by somebody who recorded it with the reason (clause 5.1.2 of DCB0129)."
            }
            Self::AcceptableOrTransferred => {
                "to a control that another, named organisation puts in place (clause 6.3.1 of DCB0129); nor to a hazard whose initial risk is acceptable of itself, or was accepted by somebody who recorded it with the reason (clause 5.1.2)."
            }
        }
    }
}

/// What must be at hand before a check can say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    HazardLog,
    Case,
}

impl Check {
    /// What most checks have in common, for definitions to begin with.
    pub const DEFAULT: Self = Self {
        id: "",
        level: Level::Information,
        clause: None,
        title: "",
        why: "",
        remedy: "",
        how: None,
        exempt: None,
        never_waived: false,
        runs: &[],
    };

    /// Who can waive a finding of this check.
    #[must_use]
    pub fn waivable_by(&self) -> Authority {
        match self.level {
            _ if self.never_waived => Authority::Nobody,
            Level::Blocking => Authority::Cso,
            Level::Warning | Level::Information => Authority::Anybody,
        }
    }

    /// A check of the scope [`Scope::HazardLog`] runs on a log alone too.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let needs_case =
            self.runs.iter().all(|run| matches!(run, Run::Case(_) | Run::Clauses(_) | Run::Waivers(_)));
        if needs_case { Scope::Case } else { Scope::HazardLog }
    }
}

/// Checks that belong together.
#[derive(Debug)]
pub struct Group {
    pub title: &'static str,
    pub checks: &'static [Check],
}

/// Something that a check saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub(super) hazard: Option<String>,
    pub(super) hazards: Vec<String>,
    pub(super) message: String,
    pub(super) remedy: Option<String>,
    pub(super) how: Option<String>,
    pub(super) at: At,
    /// Line of the text at the path, where the text has several.
    pub(super) line: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    /// Path of a value, as [`Provenance`] has it.
    Path(String),
    /// A place that intake itself gave.
    Place(Option<Place>),
}

impl Hit {
    /// A hit on the value at this path.
    #[must_use]
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        let (message, at) = (message.into(), At::Path(path.into()));
        Self { hazard: None, hazards: Vec::new(), message, remedy: None, how: None, at, line: None }
    }

    /// A hit on a value of a hazard: `field` is its path below the hazard, empty for the hazard as a whole.
    #[must_use]
    pub fn hazard(key: &str, field: &str, message: impl Into<String>) -> Self {
        let path = if field.is_empty() { format!("hazards/{key}") } else { format!("hazards/{key}/{field}") };
        Self { hazard: Some(key.to_owned()), ..Self::at(path, message) }
    }

    /// A hit on a text; `says` is given where the text stands, in words.
    #[must_use]
    pub fn text(text: &Text<'_>, says: impl FnOnce(&str) -> String) -> Self {
        let message = says(&text.whereabouts());
        Self { hazard: text.hazard().map(str::to_owned), ..Self::at(text.path(), message) }
    }

    /// On this line, from 1, of the text at the path: a narrative section is a whole file.
    #[must_use]
    pub fn on_line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    #[must_use]
    pub fn of_hazard(self, key: Option<&str>) -> Self {
        Self { hazard: key.map(str::to_owned), ..self }
    }

    /// About several hazards at once.
    #[must_use]
    pub fn of_hazards<'a>(self, hazards: impl IntoIterator<Item = &'a Hazard>) -> Self {
        Self { hazards: hazards.into_iter().map(|hazard| hazard.key.clone()).collect(), ..self }
    }

    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// How the hit's own remedy is done in the case folder; what the check says of it is about the check's remedy.
    #[must_use]
    pub fn how(self, how: impl Into<String>) -> Self {
        Self { how: Some(how.into()), ..self }
    }
}

impl From<&Observation> for Hit {
    fn from(observation: &Observation) -> Self {
        Self {
            hazard: observation.hazard.clone(),
            hazards: Vec::new(),
            message: observation.message.clone(),
            remedy: None,
            how: None,
            at: At::Place(observation.place.clone()),
            line: None,
        }
    }
}

/// A hazard that a check does not apply to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Key of the hazard.
    pub hazard: String,
    /// What is not demanded of it, in words.
    pub what: String,
    /// Clause of DCB0129 that exempts it.
    pub clause: &'static str,
    /// Why that clause applies, where `what` does not say it already.
    pub because: Option<String>,
}

/// What a check has to say: its hits, and where the standard exempts something from it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub(super) hits: Vec<Hit>,
    pub(super) exempt: Vec<Exemption>,
}

impl Outcome {
    pub fn hit(&mut self, hit: Hit) {
        self.hits.push(hit);
    }

    /// Turns what intake noticed into hits.
    pub fn observed(&mut self, subject: &LogSubject<'_>, kinds: &[ObservationKind]) {
        let wanted = subject.observations.iter().filter(|observation| kinds.contains(&observation.kind));
        self.hits.extend(wanted.map(Hit::from));
    }

    /// The check does not apply to a hazard, and why: said, rather than passed over in silence.
    pub fn not_applicable(&mut self, exemption: Exemption) {
        self.exempt.push(exemption);
    }
}
