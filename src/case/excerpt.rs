//! As much of a text as a message needs to show which is meant.

/// Characters of an excerpt, unless somebody needs another number.
const LENGTH: usize = 80;

/// The beginning of a text on one line, for a message that goes on behind it.
#[must_use]
pub fn excerpt(text: &str) -> String {
    excerpt_to(LENGTH, text)
}

/// The same with at most this many characters; a text that is longer is cut after a word.
#[must_use]
pub fn excerpt_to(length: usize, text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    let Some((end, _)) = line.char_indices().nth(length) else { return line.to_owned() };
    let end = if line[end..].starts_with(' ') { end } else { line[..end].rfind(' ').unwrap_or(end) };
    format!("{}…", &line[..end])
}

#[cfg(test)]
mod tests {
    use super::{excerpt, excerpt_to};

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(excerpt("One line\n and  another."), "One line and another");
        assert_eq!(excerpt_to(9, "One line and another"), "One line…");
        assert_eq!(excerpt_to(8, "One line and another"), "One line…");
        assert_eq!(excerpt_to(7, "One line and another"), "One…");
        assert_eq!(excerpt_to(3, "Überlänge"), "Übe…");
    }
}
