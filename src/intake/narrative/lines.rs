//! Which line of a template each line of its text came from.
//!
//! The template engine does not tell. But most lines of a section are typed and come out as they stand, and a line
//! with values keeps what stands before the first and behind the last of them. So both texts are read side by side.
//! A line that cannot be told, such as the second of a value that has several, is where the line above it is.

/// For each line of the filled text, the line of the source that it came from, from 1.
pub(super) fn of_source(source: &str, filled: &str) -> Vec<usize> {
    let source: Vec<&str> = source.lines().map(str::trim_end).collect();
    let mut lines = Vec::new();
    // Where the next line is looked for first.
    let mut next = 0;
    for line in filled.lines().map(str::trim_end) {
        let gives = |at: &usize| may_give(source[*at], line);
        // A loop goes back to its beginning.
        let found = (next..source.len()).find(gives).or_else(|| (0..next).rev().find(gives));
        if let Some(at) = found {
            lines.push(at + 1);
            next = at + 1;
        } else {
            lines.push(lines.last().copied().unwrap_or(1));
        }
    }
    lines
}

/// Whether a line of the source can come out as this line.
fn may_give(source: &str, line: &str) -> bool {
    let first = source.find("{{").into_iter().chain(source.find("{%")).min();
    let last = source.rfind("}}").into_iter().chain(source.rfind("%}")).max();
    let (Some(first), Some(last)) = (first, last) else { return source == line };
    if last < first {
        return source == line;
    }
    let (before, behind) = (&source[..first], &source[last + 2..]);
    let has_values = source.contains("{{");
    line.len() >= before.len() + behind.len()
        && line.starts_with(before)
        && line.ends_with(behind)
        && (has_values || !before.is_empty() || !behind.is_empty() || line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::of_source;

    #[test]
    fn lines_are_those_of_the_source() {
        let typed = "One\n\nTwo\r\n";
        assert_eq!(of_source(typed, "One\n\nTwo\n"), [1, 2, 3]);
        assert_eq!(
            of_source("There are {{ n }} hazards.\nAll are closed.", "There are 2 hazards.\nAll are closed."),
            [1, 2]
        );
    }

    #[test]
    fn what_a_condition_leaves_out_is_skipped() {
        let source = "Begin\n{% if x %}\nLeft out\n{% endif %}\nEnd";
        assert_eq!(of_source(source, "Begin\n\nEnd"), [1, 2, 5]);
    }

    #[test]
    fn a_loop_goes_back() {
        let source = "Top\n{% for h in hazards %}\n- {{ h.name }}\n{% endfor %}\nEnd";
        assert_eq!(of_source(source, "Top\n\n- A\n\n- B\n\nEnd"), [1, 2, 3, 4, 3, 4, 5]);
    }

    #[test]
    fn a_value_of_several_lines_is_where_it_begins() {
        assert_eq!(of_source("{{ text }} ends.\nEnd", "A\nB ends.\nEnd"), [1, 1, 2]);
    }
}
