//! "Did you mean": the known word that is nearest to an unknown one.

/// The candidate that was most likely meant, if any is near enough to be worth naming.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .min_by_key(|(distance, _)| *distance)
        // A third of the word may be wrong: enough for slips of the finger, too little for another word.
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.chars().count() / 3))
        .map(|(_, candidate)| candidate)
}

/// What to do about an unknown name: the nearest known one, and all of them while they are few.
#[must_use]
pub fn remedy<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    const LISTED: usize = 30;
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let known = match candidates.len() {
        0 => "there are none".to_owned(),
        count if count > LISTED => {
            format!("known are {} and {} more", candidates[..LISTED].join(", "), count - LISTED)
        }
        _ => format!("known are {}", candidates.join(", ")),
    };
    match nearest(word, candidates) {
        Some(nearest) => format!("did you mean \"{nearest}\"? ({known})"),
        None => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let keys = ["release", "product", "document"];
        assert_eq!(nearest("relase", keys), Some("release"));
        assert_eq!(nearest("Product", keys), Some("product"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("H3", ["H03", "H10"]), Some("H03"));
        assert_eq!(nearest("H3", []), None);
    }

    #[test]
    fn the_remedy_names_the_nearest_and_the_known() {
        assert_eq!(remedy("H3", ["H03", "H10"]), "did you mean \"H03\"? (known are H03, H10)");
        assert_eq!(remedy("colour", ["H03"]), "known are H03");
        assert_eq!(remedy("x", []), "there are none");
        let many: Vec<String> = (0..40).map(|number| format!("HAZ-{number}")).collect();
        assert!(remedy("colour", many.iter().map(String::as_str)).ends_with("HAZ-29 and 10 more"));
    }
}
