//! A risk matrix with the hazards in it, before and after.

use crate::change::{Direction, Move, PolicyMovement};

/// The matrix, the most likely on top: in each cell its risk, how many hazards stand there, and how many stood there
/// before where that is another number. Below it the hazards that went from one cell to another.
pub(super) fn matrix(policy: &PolicyMovement) -> Vec<String> {
    let cell = |row: usize, column: usize| {
        let (old, new) = (policy.old_cells[row][column], policy.new_cells[row][column]);
        let count = match (old, new) {
            (0, 0) => "·".to_owned(),
            (old, new) if old == new => new.to_string(),
            (old, new) => format!("{old}->{new}"),
        };
        format!("[{}] {count}", policy.matrix[row][column])
    };
    let rows = (0..policy.likelihoods.len()).rev().map(|row| {
        let cells = (0..policy.severities.len()).map(|column| cell(row, column));
        std::iter::once(policy.likelihoods[row].clone()).chain(cells).collect::<Vec<String>>()
    });
    let head = std::iter::once(String::new()).chain(policy.severities.iter().cloned()).collect();
    let mut lines = aligned(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
    lines.extend(policy.moves.iter().map(|moved| arrow(policy, moved)));
    lines
}

fn arrow(policy: &PolicyMovement, moved: &Move) -> String {
    let sign = match moved.direction {
        Direction::Up => "up  ",
        Direction::Down => "down",
        _ => "    ",
    };
    let cell =
        |[row, column]: [usize; 2]| format!("{} x {}", policy.severities[column], policy.likelihoods[row]);
    format!("{sign}  {} -> {}: {}", cell(moved.from), cell(moved.to), moved.hazards.join(", "))
}

/// How many hazards went from each residual risk to each, of the risks that there are.
pub(super) fn scores(policy: &PolicyMovement) -> Vec<String> {
    let used: Vec<usize> = (0..policy.scores.len())
        .filter(|at| {
            policy.counts[*at].iter().any(|count| *count > 0) || policy.counts.iter().any(|row| row[*at] > 0)
        })
        .collect();
    let head =
        std::iter::once("old \\ new".to_owned()).chain(used.iter().map(|at| policy.scores[*at].to_string()));
    let row = |from: &usize| {
        let counts = used.iter().map(|to| match policy.counts[*from][*to] {
            0 => "·".to_owned(),
            count => count.to_string(),
        });
        std::iter::once(policy.scores[*from].to_string()).chain(counts).collect::<Vec<String>>()
    };
    aligned(&std::iter::once(head.collect()).chain(used.iter().map(row)).collect::<Vec<_>>())
}

fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
