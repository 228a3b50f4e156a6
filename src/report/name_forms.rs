//! How a name is written in sentences, and how it is found there.

use super::names::ADDRESS_WITHHELD;

const TITLES: [&str; 10] = ["Dr", "Mr", "Mrs", "Ms", "Miss", "Mx", "Prof", "Professor", "Sir", "Dame"];

/// The words of a name without its titles.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let is_title =
        |word: &str| TITLES.iter().any(|title| word.trim_end_matches('.').eq_ignore_ascii_case(title));
    let words = name.split_whitespace().map(|word| word.trim_matches(','));
    words.filter(move |word| !word.is_empty() && !is_title(word))
}

/// The forms that a name takes in sentences: `Dr Jane Doe`, `Jane Doe`, `J Doe`, `J. Doe`, `Dr Doe`,
/// `Doe, Jane`, and the same in capitals.
pub(super) fn forms_of(name: &str) -> Vec<String> {
    let mut forms = vec![name.trim().to_owned()];
    let parts: Vec<&str> = words(name).collect();
    if let [first, .., last] = parts[..] {
        let initial: String = first.chars().take(1).collect();
        forms.extend([parts.join(" "), format!("{first} {last}"), format!("{last}, {first}")]);
        forms.extend([
            format!("{initial} {last}"),
            format!("{initial}. {last}"),
            format!("{last}, {initial}"),
        ]);
    }
    if let Some(last) = parts.last() {
        forms.extend(TITLES.iter().flat_map(|title| [format!("{title} {last}"), format!("{title}. {last}")]));
    }
    let capitals: Vec<String> = forms.iter().map(|form| form.to_uppercase()).collect();
    forms.extend(capitals);
    forms.retain(|form| form.chars().count() >= 3);
    forms
}

/// A word that is in a text whenever this form of a name is.
pub(super) fn telltale(form: &str) -> &str {
    words(form).max_by_key(|word| word.len()).unwrap_or(form)
}

/// Whether an id is made of parts of the name, such as `jdoe`, `jane-d` or, of Thornapple, `mthorn`.
pub(super) fn reveals(id: &str, name: &str) -> bool {
    let id = id.to_lowercase();
    words(name).any(|word| {
        let start: String = word.to_lowercase().chars().take(4).collect();
        start.chars().count() >= 3 && id.contains(&start)
    })
}

/// Replaces a name where it stands as words of its own.
pub(super) fn replace_words(text: &str, name: &str, stands_for: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for (start, _) in text.match_indices(name) {
        let end = start + name.len();
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        if !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric) {
            replaced.push_str(&text[done..start]);
            replaced.push_str(stands_for);
            done = end;
        }
    }
    replaced.push_str(&text[done..]);
    replaced
}

/// The text with its e-mail addresses withheld.
pub(super) fn without_addresses(text: &str) -> String {
    let in_address = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let mailbox = before.trim_end_matches(in_address);
        let host = &after[..after.len() - after.trim_start_matches(in_address).len()];
        // A full stop at the end is the sentence's.
        let host = host.trim_end_matches(['.', '-']);
        if mailbox.len() == before.len() || host.is_empty() {
            kept.push_str(&rest[..=at]);
            rest = after;
        } else {
            kept.push_str(mailbox);
            kept.push_str(ADDRESS_WITHHELD);
            rest = &after[host.len()..];
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_its_usual_forms() {
        let forms = forms_of("Dr Jane Mary Doe");
        for form in [
            "Dr Jane Mary Doe",
            "Jane Mary Doe",
            "Jane Doe",
            "J Doe",
            "J. Doe",
            "Dr Doe",
            "Mrs. Doe",
            "Doe, Jane",
            "JANE DOE",
        ] {
            assert!(forms.iter().any(|known| known == form), "{form}");
        }
        assert!(
            !forms.iter().any(|form| form == "Doe" || form == "Jane"),
            "a word by itself may mean anything"
        );
    }

    #[test]
    fn a_title_tells_no_name() {
        for (form, word) in [("Professor Doe", "Doe"), ("Doe, J", "Doe"), ("MRS. DOE", "DOE"), ("Dr", "Dr")] {
            assert_eq!(telltale(form), word);
        }
    }

    #[test]
    fn only_whole_words_are_replaced() {
        assert_eq!(replace_words("J Doe, J Doe's and J Doering", "J Doe", "X"), "X, X's and J Doering");
        assert_eq!(replace_words("éJ Doe", "J Doe", "X"), "éJ Doe");
    }

    #[test]
    fn an_id_reveals_a_name_or_does_not() {
        for id in ["jdoe", "jane-d", "DOE"] {
            assert!(reveals(id, "Dr Jane Doe"), "{id}");
        }
        for id in ["cso", "jd", "dr-1"] {
            assert!(!reveals(id, "Dr Jane Doe"), "{id}");
        }
    }

    #[test]
    fn addresses_are_withheld_and_other_signs_are_not() {
        assert_eq!(
            without_addresses("Ask <jane.doe@example.org> or a+b@x.uk. At 5 @ home, @x, y@ or a@."),
            format!("Ask <{ADDRESS_WITHHELD}> or {ADDRESS_WITHHELD}. At 5 @ home, @x, y@ or a@.")
        );
        assert_eq!(without_addresses("@"), "@");
    }
}
