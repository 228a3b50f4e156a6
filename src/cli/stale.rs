//! What changed since the approvals that are out of date, hazard by hazard: what those who approved have to read again.

use super::terminal::{self, plural};
use crate::assurance::ApprovalState;
use std::fmt::Write as _;

/// Of more changes than these the first are shown and the others counted.
const MOST_SHOWN: usize = 12;

/// Each stale approval with what changed since; empty where none is. `verbose` is how all are to be had, unless `all`
/// are shown.
pub(super) fn page(approvals: &[ApprovalState], all: bool, verbose: &str) -> String {
    let groups = groups(approvals);
    if groups.is_empty() {
        return String::new();
    }
    let mut page = terminal::heading("What changed since it was approved");
    for Group { sentences, lines } in groups {
        for sentence in sentences {
            let _ = writeln!(page, "  {sentence}");
        }
        let shown = if all { lines.len() } else { MOST_SHOWN };
        for line in lines.iter().take(shown) {
            let _ = writeln!(page, "    {line}");
        }
        let more = lines.len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(page, "    and {more} more {}; {verbose}", plural(more, "change"));
        }
    }
    page.push('\n');
    page
}

/// Approvals of one document since which the same has changed.
struct Group<'a> {
    sentences: Vec<String>,
    lines: &'a [String],
}

fn groups(approvals: &[ApprovalState]) -> Vec<Group<'_>> {
    let mut groups: Vec<(&ApprovalState, Group<'_>)> = Vec::new();
    for approval in approvals.iter().filter(|approval| !approval.changed_since.is_empty()) {
        let same = |first: &ApprovalState| {
            first.document == approval.document && first.changed_since == approval.changed_since
        };
        match groups.iter_mut().find(|(first, _)| same(first)) {
            Some((_, group)) => group.sentences.push(approval.sentence()),
            None => groups.push((
                approval,
                Group { sentences: vec![approval.sentence()], lines: &approval.changed_since },
            )),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::ApprovalRecord;
    use crate::case::Date;
    use crate::case::approval::ApprovedDocument;

    fn stale(name: &str, changes: usize) -> ApprovalState {
        ApprovalState {
            document: ApprovedDocument::HazardLog,
            person: None,
            name: name.to_owned(),
            role: None,
            registration: None,
            state: ApprovalRecord::Stale,
            date: Date::new(2026, 9, 14),
            not_counted: None,
            given: None,
            recorded: None,
            withdrawn: None,
            changes: None,
            changed_since: (1..=changes).map(|number| format!("H{number:02}: owner added")).collect(),
        }
    }

    #[test]
    fn the_same_changes_are_told_once_and_a_long_list_is_folded() {
        let approvals = [stale("A", 14), stale("B", 14), stale("C", 1)];
        let shown = |all| anstream::adapter::strip_str(&page(&approvals, all, "ask for all")).to_string();
        let folded = shown(false);
        let begin = "What changed since it was approved\n  The hazard log has changed since A approved it on 14 September 2026.\n  The hazard log has changed since B approved it on 14 September 2026.\n    H01: owner added\n";
        assert!(folded.starts_with(begin), "{folded}");
        assert!(folded.contains("    H12: owner added\n    and 2 more changes; ask for all\n"), "{folded}");
        assert!(shown(true).contains("H14: owner added") && !shown(true).contains("more"));
        assert_eq!(page(&[], false, ""), "");
    }
}
