//! Two texts word by word.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Above this many words, with the signs and spaces between them, a passage is replaced as a whole: what is so long and
/// has not a line in common is another text.
const LONGEST: usize = 4_000;

/// A passage of which less than this share of words is kept is replaced as a whole: a word here and there that both
/// have by chance would only break up two sentences that are best read one after the other.
const LEAST_KEPT: f32 = 0.3;

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
    if kept(&ops, &before, &after) < LEAST_KEPT {
        push(found, RunKind::Removed, old);
        push(found, RunKind::Added, new);
        return;
    }
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

/// The share of the words of the longer passage that both have.
#[allow(clippy::cast_precision_loss)]
fn kept(ops: &[DiffOp], before: &[&str], after: &[&str]) -> f32 {
    let words = |pieces: &[&str]| pieces.iter().filter(|piece| says_something(piece)).count();
    let same = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. }));
    let same: usize = same.map(|op| words(&before[op.old_range()])).sum();
    match words(before).max(words(after)) {
        0 => 1.0,
        most => same as f32 / most as f32,
    }
}

/// The runs without most of what stayed the same: of each such run, about this many letters beside a change.
#[must_use]
pub fn excerpt(runs: &[Run], room: usize) -> Vec<Run> {
    let last = runs.len().saturating_sub(1);
    let short = |(at, run): (usize, &Run)| {
        let text = match run.kind {
            RunKind::Same => shortened(&run.text, room, at > 0, at < last),
            _ => run.text.clone(),
        };
        Run { kind: run.kind, text }
    };
    runs.iter().enumerate().map(short).collect()
}

/// The beginning of a text, where a change stands before it, and the end, where one stands behind; whole words.
fn shortened(text: &str, room: usize, begins: bool, ends: bool) -> String {
    let wanted = if begins && ends { 2 * room } else { room };
    if text.chars().count() <= wanted + 20 {
        return text.to_owned();
    }
    let at = |letters: usize| text.char_indices().nth(letters).map_or(text.len(), |(at, _)| at);
    let head = if begins { &text[..at(room)] } else { "" };
    let head = head.rfind(char::is_whitespace).map_or(head, |end| &head[..end]);
    let tail = if ends { &text[at(text.chars().count() - room)..] } else { "" };
    let tail = tail.find(char::is_whitespace).map_or(tail, |start| tail[start..].trim_start());
    match (head.is_empty(), tail.is_empty()) {
        (true, _) => format!("… {tail}"),
        (_, true) => format!("{head} …"),
        _ => format!("{head} … {tail}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `the [-red-]{+blue+} door`.
    fn told(old: &str, new: &str) -> String {
        written(&runs(old, new))
    }

    fn written(runs: &[Run]) -> String {
        let mark = |run: &Run| match run.kind {
            RunKind::Same => run.text.clone(),
            RunKind::Removed => format!("[-{}-]", run.text),
            RunKind::Added => format!("{{+{}+}}", run.text),
        };
        runs.iter().map(mark).collect()
    }

    #[test]
    fn words_are_told_and_not_letters() {
        assert_eq!(
            told("The alert is shown twice.", "The alert is sent twice."),
            "The alert is [-shown-]{+sent+} twice."
        );
        assert_eq!(told("one two", "one two three"), "one two{+ three+}");
        assert_eq!(told("", "new"), "{+new+}");
        assert_eq!(told("same", "same"), "same");
    }

    #[test]
    fn neighbouring_words_change_together() {
        let said = told(
            "The patient is seen by the wrong clinic on the day.",
            "The patient is called to another site on the day.",
        );
        assert_eq!(said, "The patient is [-seen by the wrong clinic-]{+called to another site+} on the day.");
    }

    #[test]
    fn another_sentence_is_not_taken_apart() {
        let (old, new) =
            ("Staff are trained in the use of it.", "A warning of the system is shown in red to doctors.");
        assert_eq!(told(old, new), format!("[-{old}-]{{+{new}+}}"));
    }

    #[test]
    fn what_stayed_the_same_is_shortened_to_what_stands_beside_a_change() {
        let long = "word ".repeat(40);
        let found = runs(&format!("{long}old {long}"), &format!("{long}new {long}"));
        assert_eq!(written(&excerpt(&found, 12)), "… word word [-old-]{+new+} word word …");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_runs(old in "([a-c]{1,2}[ \n.é]){0,14}", new in "([a-c]{1,2}[ \n.é]){0,14}") {
            let runs = runs(&old, &new);
            let without = |kind| -> String {
                runs.iter().filter(|run| run.kind != kind).map(|run| run.text.as_str()).collect()
            };
            prop_assert_eq!(without(RunKind::Added), old);
            prop_assert_eq!(without(RunKind::Removed), new);
        }
    }
}
