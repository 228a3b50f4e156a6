//! What a difference says to people, part by part: the summary first, then how risks moved, then hazard by hazard, then
//! the rest of the case.

use super::values::{self, Words};
use super::{impact, picture};
use crate::change::{
    Comparison, Direction, FieldChange, HazardChange, HazardEntry, HazardRisk, Movement, PartChange,
    PartChangeKind, PartKind, PartPlace, Presence, Rated, Regrouping, Renamed, RunKind, Section,
    SectionChange,
};
use crate::cli::terminal::plural;
use crate::signoff::sides::{Compared, Side};
use serde_json::Value;

/// A part of the page.
pub(super) enum Block {
    /// Its depth from 1, and what it says.
    Heading(usize, String),
    Paragraph(String),
    Table(Vec<&'static str>, Vec<Vec<String>>),
    /// Drawn with signs of one width.
    Picture(Vec<String>),
    /// Each a label, and what is said of it.
    Lines(Vec<Line>),
}

/// A line of a list.
pub(super) struct Line {
    pub label: String,
    pub words: Words,
}

impl Line {
    fn new(label: impl Into<String>, words: Words) -> Self {
        Self { label: label.into(), words }
    }

    pub(super) fn plain(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(label, values::same(text))
    }
}

pub(super) fn page(compared: &Compared) -> Vec<Block> {
    let Compared { old, new, notes, comparison, impact } = compared;
    let mut page = vec![
        Block::Paragraph(comparison.summary.clone()),
        Block::Table(
            vec!["", "What", "Product", "Hazards", "Content"],
            vec![side("Old", old), side("New", new)],
        ),
    ];
    page.extend(notes.iter().cloned().map(Block::Paragraph));
    if comparison.equal {
        return page;
    }
    risk(comparison, &mut page);
    impact::tell(impact.as_ref(), new, &mut page);
    names(comparison, &mut page);
    came_and_went(comparison, &mut page);
    proposals(comparison, &mut page);
    hazard_by_hazard(comparison, &mut page);
    for section in &comparison.changes.sections {
        let lines = of_section(comparison, section);
        if !lines.is_empty() {
            page.push(Block::Heading(1, section.section.title().to_owned()));
            page.push(Block::Lines(lines));
        }
    }
    page
}

fn side(which: &str, side: &Side) -> Vec<String> {
    let product =
        [side.product.clone(), side.release.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let log = side.hazard_log_version.as_ref().map(|version| format!(" (log {version})"));
    vec![
        which.to_owned(),
        format!("{}, {}", side.name, side.what),
        product,
        format!("{}{}", side.hazards, log.unwrap_or_default()),
        side.digest.as_deref().map_or_else(String::new, |digest| digest.chars().take(12).collect()),
    ]
}

fn risk(comparison: &Comparison, page: &mut Vec<Block>) {
    let moved: Vec<&HazardRisk> = comparison.risk.moved().collect();
    page.push(Block::Heading(1, "Risk movement".to_owned()));
    if moved.is_empty() {
        page.push(Block::Paragraph("No rating of any hazard is another.".to_owned()));
        return;
    }
    let row = |hazard: &&HazardRisk| {
        vec![
            called(&hazard.id, hazard.old_id.as_deref()),
            hazard.name.clone().unwrap_or_default(),
            movement(&hazard.initial),
            movement(&hazard.residual),
        ]
    };
    page.push(Block::Table(
        vec!["Hazard", "Name", "Initial risk", "Residual risk"],
        moved.iter().map(row).collect(),
    ));
    for policy in &comparison.risk.policies {
        page.push(Block::Heading(2, format!("Residual risk across the matrix ({})", policy.title)));
        page.push(Block::Picture(picture::matrix(policy)));
        page.push(Block::Picture(picture::scores(policy)));
    }
}

fn called(id: &str, old_id: Option<&str>) -> String {
    old_id.map_or_else(|| id.to_owned(), |old| format!("{id} (was {old})"))
}

/// `up: 2 Major x Low -> 3 Major x Medium`.
fn movement(movement: &Movement) -> String {
    let told = |rated: &Option<Rated>| rated.as_ref().map_or_else(|| "not rated".to_owned(), Rated::words);
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

fn names(comparison: &Comparison, page: &mut Vec<Block>) {
    let renamed = &comparison.changes.renamed;
    if renamed.is_empty() {
        return;
    }
    page.push(Block::Heading(1, "Hazards with another number or name".to_owned()));
    let row = |renamed: &Renamed| {
        let name = match (&renamed.old_name, &renamed.new_name) {
            (Some(old), Some(new)) if renamed.name_changed => format!("{old} -> {new}"),
            (old, new) => new.as_ref().or(old.as_ref()).cloned().unwrap_or_default(),
        };
        let likeness = format!("{:.0} %", renamed.likeness * 100.0);
        vec![renamed.old_id.clone(), renamed.new_id.clone(), name, likeness]
    };
    page.push(Block::Table(vec!["Old", "New", "Name", "Alike"], renamed.iter().map(row).collect()));
}

fn came_and_went(comparison: &Comparison, page: &mut Vec<Block>) {
    let line = |entry: &HazardEntry| {
        let name = entry.hazard.get("name").and_then(Value::as_str).unwrap_or("(no name given)");
        Line::plain(entry.id.clone(), name)
    };
    let changes = &comparison.changes;
    for (title, entries) in [("New hazards", &changes.added), ("Hazards that are gone", &changes.removed)] {
        if !entries.is_empty() {
            page.push(Block::Heading(1, title.to_owned()));
            page.push(Block::Lines(entries.iter().map(line).collect()));
        }
    }
}

fn proposals(comparison: &Comparison, page: &mut Vec<Block>) {
    let line = |what: &str, group: &Regrouping| {
        let words = format!("{} {what} {}: {}", group.from.join(", "), group.to.join(", "), group.why);
        Line::plain("", words)
    };
    let splits = comparison.changes.splits.iter().map(|group| line("may have been split into", group));
    let merges = comparison.changes.merges.iter().map(|group| line("may have been merged into", group));
    let lines: Vec<Line> = splits.chain(merges).collect();
    if !lines.is_empty() {
        page.push(Block::Heading(1, "For you to decide".to_owned()));
        page.push(Block::Lines(lines));
    }
}

fn hazard_by_hazard(comparison: &Comparison, page: &mut Vec<Block>) {
    let told: Vec<(String, Vec<Line>)> = comparison
        .changes
        .changed
        .iter()
        .map(|change| (heading(comparison, change), of_hazard(comparison, change)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    if told.is_empty() {
        return;
    }
    page.push(Block::Heading(1, format!("{} {}", told.len(), plural(told.len(), "changed hazard"))));
    for (heading, lines) in told {
        page.push(Block::Heading(2, heading));
        page.push(Block::Lines(lines));
    }
}

fn heading(comparison: &Comparison, change: &HazardChange) -> String {
    let known = comparison.risk.hazards.iter().find(|hazard| hazard.id == change.id);
    let name = known.and_then(|hazard| hazard.name.as_deref()).unwrap_or("(no name given)");
    format!("{}  {name}", called(&change.id, change.old_id.as_deref()))
}

fn of_hazard(comparison: &Comparison, change: &HazardChange) -> Vec<Line> {
    let risk = comparison.risk.hazards.iter().find(|hazard| hazard.id == change.id);
    let ratings = risk
        .map_or([None, None], |risk| [Some(("initial", &risk.initial)), Some(("residual", &risk.residual))]);
    let mut lines: Vec<Line> = Vec::new();
    for (name, moved) in ratings.into_iter().flatten().filter(|(_, moved)| moved.direction != Direction::Same)
    {
        lines.push(Line::plain(format!("{name} risk"), movement(moved)));
    }
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
    lines
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
    use crate::change::ActionChangeKind as Kind;
    let action = |action: &crate::change::ActionChange| {
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
    let decision = |decision: &crate::change::DecisionChange| {
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
