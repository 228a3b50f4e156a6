//! Two texts word by word.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Above this many words, with the signs and spaces between them, a passage is replaced as a whole: what is so long and
/// has not a line in common is another text.
const LONGEST: usize = 4_000;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    pub kind: RunKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// Both texts have it.
    Same,
    /// Only the old text has it.
    Removed,
    /// Only the new text has it.
    Added,
}

/// What became of a text. Without what was added the runs are the old text, without what was removed the new one; what
/// was removed stands before what was added in its place.
#[must_use]
pub fn runs(old: &str, new: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let (before, after) = (lines(old), lines(new));
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (old, new) = (before[op.old_range()].concat(), after[op.new_range()].concat());
        match op {
            DiffOp::Equal { .. } => push(&mut found, RunKind::Same, &old),
            _ => words(&old, &new, &mut found),
        }
    }
    found
}

fn words(old: &str, new: &str, found: &mut Vec<Run>) {
    let (before, after) = (pieces(old), pieces(new));
    if before.len().max(after.len()) > LONGEST {
        push(found, RunKind::Removed, old);
        push(found, RunKind::Added, new);
        return;
    }
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let mut open = <(String, String)>::default();
    for op in &ops {
        let (old, new) = (before[op.old_range()].concat(), after[op.new_range()].concat());
        let is_seam = matches!(op, DiffOp::Equal { .. }) && !says_something(&old);
        match op {
            // A space between two changed words belongs to the change.
            DiffOp::Equal { .. } if is_seam && (open.0.len() + open.1.len()) > 0 => {
                open.0 += &old;
                open.1 += &old;
            }
            DiffOp::Equal { .. } => {
                close(&mut open, found);
                push(found, RunKind::Same, &old);
            }
            _ => {
                open.0 += &old;
                open.1 += &new;
            }
        }
    }
    close(&mut open, found);
}

/// Writes a change; what both sides begin or end with around it is none.
fn close(open: &mut (String, String), found: &mut Vec<Run>) {
    let (old, new) = std::mem::take(open);
    let (before, after) = (pieces(&old), pieces(&new));
    let start = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let rest = before.len().min(after.len()) - start;
    let end = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take(rest)
        .take_while(|(one, other)| one == other)
        .count();
    push(found, RunKind::Same, &before[..start].concat());
    push(found, RunKind::Removed, &before[start..before.len() - end].concat());
    push(found, RunKind::Added, &after[start..after.len() - end].concat());
    push(found, RunKind::Same, &before[before.len() - end..].concat());
}

fn push(found: &mut Vec<Run>, kind: RunKind, text: &str) {
    if text.is_empty() {
        return;
    }
    match found.last_mut() {
        Some(last) if last.kind == kind => last.text += text,
        _ => found.push(Run { kind, text: text.to_owned() }),
    }
}

fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Words, runs of space, and every other sign by itself.
fn pieces(text: &str) -> Vec<&str> {
    let sort = |c: char| match c {
        _ if c.is_alphanumeric() => 0,
        _ if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| before != sort(c) || before == 2) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(sort(c));
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}
