//! Versions of documents, as people write them: `V1.10`, `1.2`, `2`.

/// The numbers of a version, by which versions are ordered: histories are kept newest first or newest last.
/// Zeros at the end say nothing: 2 is 2.0.
pub fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> =
        version.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

/// Two ways of writing one version.
pub fn same(one: &str, other: &str) -> bool {
    if numbers(one).is_empty() { one.trim() == other.trim() } else { numbers(one) == numbers(other) }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_version_is_its_numbers() {
        assert!(same("V1.10", "1.10") && same("2", "2.0") && same("final", " final"));
        assert!(!same("1.1", "1.10") && !same("1.0", "draft") && !same("final", "draft"));
    }
}
