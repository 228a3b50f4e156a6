//! What does not distinguish texts.
//!
//! Two foldings, for two questions. Words of a list (a matrix, a header, a sheet's name) are the same whatever
//! their case and spacing: [`fold`]. What people wrote says the same whatever signs stand between the words:
//! [`folded`].

/// Case, outer space and runs of inner space do not distinguish words of a list.
#[must_use]
pub fn fold(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Case and space do not distinguish texts, nor do signs: what is left are words.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            let start = folded.len();
            folded.push_str(word);
            folded[start..].make_ascii_lowercase();
        } else {
            folded.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::{fold, folded};

    #[test]
    fn signs_count_in_a_word_of_a_list_and_not_in_a_text() {
        assert_eq!(fold("  Sign-off \n level"), "sign-off level");
        assert_eq!(folded("The patient\u{2019}s \u{2013} SIGN-OFF (4.2)"), "the patient s sign off 4 2");
    }
}
