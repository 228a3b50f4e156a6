//! A comparison in lines, hazard by hazard and section by section: what terminal, Markdown and report all say of it, in
//! the same words. Of a long text the words that changed are told, with some beside them ([`super::excerpt`]).

mod values;

pub use values::Words;

use super::{
    ActionChange, ActionChangeKind, Comparison, DecisionChange, Direction, FieldChange, HazardChange,
    HazardRisk, Movement, PartChange, PartChangeKind, PartKind, PartPlace, Presence, Rated, Regrouping,
    RunKind, Section, SectionChange,
};
use serde::Serialize;
use serde_json::Value;

/// A line: what it is about, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub label: String,
    pub words: Words,
}

impl Line {
    #[must_use]
    pub fn new(label: impl Into<String>, words: Words) -> Self {
        Self { label: label.into(), words }
    }

    /// What is the same on both sides.
    #[must_use]
    pub fn plain(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(label, values::same(text))
    }
}

/// A hazard that both sides have and that says something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HazardTold {
    /// Key on the new side.
    pub id: String,
    /// Key on the old side, where that is another.
    pub old_id: Option<String>,
    pub name: Option<String>,
    /// How its ratings moved.
    pub ratings: Vec<Line>,
    /// What else differs.
    pub lines: Vec<Line>,
}

/// A section of the case that says something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionTold {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

impl Comparison {
    /// The changed hazards of which there is something to read, in the order of the new side.
    #[must_use]
    pub fn hazards_told(&self) -> Vec<HazardTold> {
        let told = self.changes.changed.iter().map(|change| of_hazard(self, change));
        told.filter(|told| !told.ratings.is_empty() || !told.lines.is_empty()).collect()
    }

    /// The other sections of which there is something to read.
    #[must_use]
    pub fn sections_told(&self) -> Vec<SectionTold> {
        let told = self
            .changes
            .sections
            .iter()
            .map(|section| SectionTold { title: section.section.title(), lines: of_section(self, section) });
        told.filter(|told| !told.lines.is_empty()).collect()
    }

    /// Splits and merges that are proposed, a sentence each.
    #[must_use]
    pub fn proposals(&self) -> Vec<String> {
        let sentence = |what: &str, group: &Regrouping| {
            format!("{} {what} {}: {}", group.from.join(", "), group.to.join(", "), group.why)
        };
        let splits = self.changes.splits.iter().map(|group| sentence("may have been split into", group));
        let merges = self.changes.merges.iter().map(|group| sentence("may have been merged into", group));
        splits.chain(merges).collect()
    }
}

/// `up: 2 Major x Low -> 3 Major x Medium`.
#[must_use]
pub fn movement(movement: &Movement) -> String {
    let told = |rated: &Option<Rated>| rated.as_ref().map_or_else(|| "not rated".to_owned(), rating);
    let (old, new) = (told(&movement.old), told(&movement.new));
    match movement.direction {
        Direction::Same => new,
        Direction::New => format!("new: {new}"),
        Direction::Gone => format!("gone: {old}"),
        Direction::Up => format!("up: {old} -> {new}"),
        Direction::Down => format!("down: {old} -> {new}"),
        Direction::Sideways | Direction::Rated | Direction::Unrated => format!("{old} -> {new}"),
        Direction::Incomparable => format!("{old} -> {new}, by another policy"),
    }
}

fn rating(rated: &Rated) -> String {
    let words = [rated.severity.as_deref(), rated.likelihood.as_deref()];
    let words = words.map(|word| word.unwrap_or("(none)")).join(" x ");
    rated.risk.map_or_else(|| format!("{words}, no risk"), |risk| format!("{risk} ({words})"))
}

fn of_hazard(comparison: &Comparison, change: &HazardChange) -> HazardTold {
    let risk = comparison.risk.hazards.iter().find(|hazard| hazard.id == change.id);
    let ratings = risk
        .map_or([None, None], |risk| [Some(("initial", &risk.initial)), Some(("residual", &risk.residual))]);
    let ratings = ratings.into_iter().flatten().filter(|(_, moved)| moved.direction != Direction::Same);
    let ratings = ratings.map(|(name, moved)| Line::plain(format!("{name} risk"), movement(moved)));
    let mut lines: Vec<Line> = Vec::new();
    for field in &change.fields {
        let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
        match path[..] {
            // Told with the risk, from it, or below.
            ["initial" | "residual", "risk" | "severity" | "likelihood" | "class" | "policy"]
            | ["causes" | "controls" | "existing_controls", _, ..]
            | ["state" | "key"] => {}
            [rating @ ("initial" | "residual"), "stated_risk"] if follows(risk, rating, field) => {}
            _ => lines.extend(
                values::line(&path.join(" "), field).map(|words| Line::new(values::label(&path), words)),
            ),
        }
    }
    lines.extend(comparison.parts.iter().filter(|part| part.hazard == change.id).map(of_part));
    HazardTold {
        id: change.id.clone(),
        old_id: change.old_id.clone(),
        name: risk.and_then(|risk| risk.name.clone()),
        ratings: ratings.collect(),
        lines,
    }
}

/// The risk that the log states moved as the risk of the matrix did, which is told.
fn follows(risk: Option<&HazardRisk>, rating: &str, field: &FieldChange) -> bool {
    let Some(risk) = risk else { return false };
    let movement = if rating == "initial" { &risk.initial } else { &risk.residual };
    let is = |stated: &Value, rated: &Option<Rated>| {
        let score = rated.as_ref().and_then(|rated| rated.risk);
        score.is_some() && stated.as_u64() == score.map(u64::from)
    };
    movement.direction != Direction::Same && is(&field.old, &movement.old) && is(&field.new, &movement.new)
}

fn of_part(part: &PartChange) -> Line {
    let id = match &part.old_id {
        Some(old) => format!("{} (was {old})", part.id),
        None => part.id.clone(),
    };
    let label = |what: &str| format!("{} {id}{what}", part.part.word());
    let (old, new) = (part.old.as_deref(), part.new.as_deref());
    let moved = || values::moved(old.unwrap_or_default(), new.unwrap_or_default());
    if let Some(PartPlace { hazard, id }) = &part.elsewhere {
        let (what, words) = if part.change == PartChangeKind::Added { ("was", new) } else { ("is now", old) };
        return Line::plain(label(""), format!("{what} {id} of {hazard}: {}", words.unwrap_or_default()));
    }
    match part.change {
        PartChangeKind::Added => {
            Line::new(label(""), values::one(RunKind::Added, new.unwrap_or("(no text)")))
        }
        PartChangeKind::Removed => {
            Line::new(label(""), values::one(RunKind::Removed, old.unwrap_or("(no text)")))
        }
        PartChangeKind::Moved => {
            let (from, to) = match part.part {
                PartKind::ExistingControl => ("additional", "existing"),
                _ => ("existing", "additional"),
            };
            Line::plain(
                label(""),
                format!("moved from the {from} to the {to} controls: {}", new.unwrap_or_default()),
            )
        }
        PartChangeKind::Reworded => {
            let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
            Line::new(label(" reworded"), values::excerpted(old, new))
        }
        PartChangeKind::ReOwned => Line::new(label(" owner"), moved()),
        PartChangeKind::Closed => Line::plain(label(""), "closed"),
        PartChangeKind::Reopened => Line::plain(label(""), "opened again"),
        PartChangeKind::Status => Line::new(label(" status"), moved()),
        PartChangeKind::Links => Line::new(label(" is answered by"), moved()),
        PartChangeKind::Other => {
            let field = part.field.as_deref().unwrap_or_default();
            let path: Vec<&str> = field.split('/').collect();
            Line::new(label(&format!(" {}", values::label(&path))), moved())
        }
    }
}

/// What differs in a section; what a comparison tells better than a field does is told by that.
fn of_section(comparison: &Comparison, section: &SectionChange) -> Vec<Line> {
    let mut lines = match section.section {
        Section::Psa => psa(comparison),
        Section::Tom => tom(comparison),
        _ => Vec::new(),
    };
    for field in &section.fields {
        let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
        let is_told = matches!(
            (section.section, &path[..]),
            (Section::Psa, ["psa", _, "actions" | "discussed", _, ..])
                | (Section::Tom, ["tom", "answers", _, "answer" | "stated_answer"])
        );
        if !is_told && let Some(words) = values::line(&path.join(" "), field) {
            lines.push(Line::new(values::label(values::within(&path)), words));
        }
    }
    lines
}

fn psa(comparison: &Comparison) -> Vec<Line> {
    use ActionChangeKind as Kind;
    let action = |action: &ActionChange| {
        let what = match action.change {
            Kind::Opened => "to be done",
            Kind::Closed => "done",
            Kind::Reopened => "opened again",
            Kind::Changed => "changed",
            Kind::Removed => "removed",
        };
        let owner = action.owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default();
        Line::plain(
            format!("{} action {}", action.session, action.id),
            format!("{what}: {}{owner}", action.text),
        )
    };
    let decision = |decision: &DecisionChange| {
        let words = match (&decision.old, &decision.new) {
            (None, Some(new)) => values::same(new.clone()),
            (old, new) => {
                values::moved(old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default())
            }
        };
        let mut words = words;
        if let Some(reason) = decision.reason.as_ref().filter(|_| decision.change != Presence::Removed) {
            words.extend(values::same(format!(": {reason}")));
        }
        Line::new(format!("{} on {}", decision.session, decision.hazard), words)
    };
    comparison.decisions.iter().map(decision).chain(comparison.actions.iter().map(action)).collect()
}

fn tom(comparison: &Comparison) -> Vec<Line> {
    let told = |answer: &Option<String>| answer.clone().unwrap_or_else(|| "(not answered)".to_owned());
    let level =
        comparison.tom.level.iter().map(|[old, new]| Line::new("sign-off level", values::moved(old, new)));
    let answers = comparison.tom.answers.iter().map(|answer| {
        let mut words = values::moved(&told(&answer.old), &told(&answer.new));
        words.extend(values::same(format!("  {}", answer.topic)));
        Line::new(answer.id.clone(), words)
    });
    level.chain(answers).collect()
}
