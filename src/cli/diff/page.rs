//! What a difference says to people, part by part: the summary first, then how risks moved, then hazard by hazard, then
//! the rest of the case.

use super::{impact, picture};
use crate::change::{Comparison, EntryTold, HazardRisk, HazardTold, Line, Renamed, movement};
use crate::cli::terminal::plural;
use crate::signoff::sides::{Compared, Side};

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

pub(super) fn page(compared: &Compared) -> Vec<Block> {
    let Compared { old, new, notes, comparison, .. } = compared;
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
    impact::tell(&compared.told(), &mut page);
    names(comparison, &mut page);
    came_and_went(comparison, &mut page);
    proposals(comparison, &mut page);
    hazard_by_hazard(comparison, &mut page);
    for section in comparison.sections_told() {
        page.push(Block::Heading(1, section.title.to_owned()));
        page.push(Block::Lines(section.lines));
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
    let sides =
        [("New hazards", comparison.added_told()), ("Hazards that are gone", comparison.removed_told())];
    for (title, entries) in sides {
        if !entries.is_empty() {
            page.push(Block::Heading(1, title.to_owned()));
        }
        for EntryTold { id, name, lines } in entries {
            page.push(Block::Heading(2, format!("{id}  {}", name.as_deref().unwrap_or("(no name given)"))));
            page.push(Block::Lines(lines));
        }
    }
}

fn proposals(comparison: &Comparison, page: &mut Vec<Block>) {
    let sentences = comparison.proposals();
    if !sentences.is_empty() {
        page.push(Block::Heading(1, "For you to decide".to_owned()));
        page.push(Block::Lines(sentences.into_iter().map(|sentence| Line::plain("", sentence)).collect()));
    }
}

fn hazard_by_hazard(comparison: &Comparison, page: &mut Vec<Block>) {
    let told = comparison.hazards_told();
    if told.is_empty() {
        return;
    }
    page.push(Block::Heading(1, format!("{} {}", told.len(), plural(told.len(), "changed hazard"))));
    for HazardTold { id, old_id, name, ratings, lines, brief: _ } in told {
        let name = name.as_deref().unwrap_or("(no name given)");
        page.push(Block::Heading(2, format!("{}  {name}", called(&id, old_id.as_deref()))));
        page.push(Block::Lines(ratings.into_iter().chain(lines).collect()));
    }
}
