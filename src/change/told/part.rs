//! What happened to a cause or a control, on a line.

use super::{Line, values};
use crate::change::{GONE, PartChange, PartChangeKind, PartKind, PartPlace, RunKind};

/// What is elsewhere is not removed: its id is that of the old side.
pub(super) fn told(part: &PartChange) -> Line {
    let id = match (&part.old_id, &part.elsewhere) {
        (Some(old), _) => format!("{} (was {old})", part.id),
        (None, Some(_)) => match part.id.strip_suffix(GONE) {
            Some(id) => format!("{id} (old number)"),
            None => part.id.clone(),
        },
        (None, None) => part.id.clone(),
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
        PartChangeKind::Closed => Line::new(label(" closed"), moved()),
        PartChangeKind::Reopened => Line::new(label(" opened again"), moved()),
        PartChangeKind::Status => Line::new(label(" status"), moved()),
        PartChangeKind::Links => Line::new(label(" is answered by"), moved()),
        PartChangeKind::Other => {
            let field = part.field.as_deref().unwrap_or_default();
            let path: Vec<&str> = field.split('/').collect();
            Line::new(label(&format!(" {}", values::label(&path))), moved())
        }
    }
}
