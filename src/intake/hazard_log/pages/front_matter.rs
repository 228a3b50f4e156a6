//! The lines between `---` at the top of a page: `key: value`, as far as that goes.
//!
//! This is no reader of YAML. What stands below a key, indented or with a dash, is its text.

/// A key with its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub line: usize,
    pub key: String,
    pub value: String,
    /// Something stands below the key.
    pub nested: bool,
}

/// The entries, and the number of lines that they take with the lines of dashes; none where the page begins
/// otherwise.
pub(super) fn read(text: &str) -> Option<(Vec<Entry>, usize)> {
    let mut lines = text.lines().enumerate();
    lines.next().filter(|(_, line)| line.trim_end() == "---")?;
    let mut entries: Vec<Entry> = Vec::new();
    for (index, line) in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((entries, index + 1));
        }
        let is_inner = line.starts_with([' ', '\t', '-']);
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        match (line.split_once(':').filter(|_| !is_inner), entries.last_mut()) {
            (Some((key, value)), _) => entries.push(Entry {
                line: index + 1,
                key: key.trim().trim_matches(['"', '\'']).to_owned(),
                value: plain(value),
                nested: false,
            }),
            (None, Some(open)) => {
                open.nested = true;
                let more = plain(bare.strip_prefix("- ").unwrap_or(bare));
                if open.value.is_empty() || matches!(open.value.as_str(), "|" | ">" | "|-" | ">-") {
                    open.value = more;
                } else {
                    open.value = format!("{}\n{more}", open.value);
                }
            }
            (None, None) => {
                let value = plain(bare);
                entries.push(Entry { line: index + 1, key: String::new(), value, nested: false });
            }
        }
    }
    None
}

/// A value without the signs that YAML puts around it.
fn plain(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote)) {
            return inner.trim().to_owned();
        }
    }
    match value {
        "null" | "~" | "[]" => String::new(),
        _ => match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
            Some(list) => list.trim().to_owned(),
            None => value.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_keys_are_read_and_what_stands_below_belongs_to_them() {
        let text = "---\nid: \"H-1\"\nstatus: Open # now\ntags:\n  - a\n  - b\nclosed: null\n---\n# Title\n";
        let (entries, lines) = read(text).unwrap();
        assert_eq!(lines, 8);
        let values: Vec<(&str, &str, usize)> =
            entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_str(), entry.line)).collect();
        assert_eq!(
            values,
            [("id", "H-1", 2), ("status", "Open # now", 3), ("tags", "a\nb", 4), ("closed", "", 7)]
        );
        assert!(entries[2].nested && !entries[0].nested);
        assert_eq!(read("# Title\n---\n"), None);
        assert_eq!(read("---\nid: 1\n"), None, "never closed: a rule and a text");
    }
}
