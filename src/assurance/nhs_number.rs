//! NHS numbers in text: ten digits, bare or grouped three, three and four, whose last is the check digit.

use std::borrow::Cow;
use std::ops::Range;

/// The valid NHS numbers in this text, masked so that they can be printed: the first three digits of each.
#[must_use]
pub fn masked_nhs_numbers(text: &str) -> Vec<String> {
    numbers(text).into_iter().map(|(_, digits)| mask(&digits)).collect()
}

/// The text with every valid NHS number in it masked: a report never prints one.
#[must_use]
pub fn mask_nhs_numbers(text: &str) -> Cow<'_, str> {
    let numbers = numbers(text);
    if numbers.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for (place, digits) in numbers {
        masked.push_str(&text[end..place.start]);
        masked.push_str(&mask(&digits));
        end = place.end;
    }
    masked.push_str(&text[end..]);
    Cow::Owned(masked)
}

fn mask(digits: &[u8]) -> String {
    let shown: String = digits[..3].iter().map(|digit| char::from(b'0' + digit)).collect();
    format!("{shown} *** ****")
}

/// The valid numbers in a text with their places, in order: bare, or in the groups that NHS numbers are
/// written in.
fn numbers(text: &str) -> Vec<(Range<usize>, Vec<u8>)> {
    if text.bytes().filter(u8::is_ascii_digit).count() < 10 {
        return Vec::new();
    }
    // A letter, a sign or a decimal point next to the digits makes them part of something else.
    let tokens = text.split(|c: char| !(c.is_alphanumeric() || is_separator(c) || c == '+'));
    tokens.flat_map(|token| candidates(text, token)).filter(|(_, digits)| is_valid(digits)).collect()
}

/// What may stand between the groups of a number: a space or a dash of any width, which word processors put there by
/// themselves, but not the end of a line.
fn is_separator(c: char) -> bool {
    let is_dash = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    is_dash || c.is_whitespace() && !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The digits behind what the number is called: `NHS9434765919`.
fn without_its_name(group: &str) -> &str {
    const NAME: usize = 3;
    let is_named = group.get(..NAME).is_some_and(|name| name.eq_ignore_ascii_case("nhs"));
    if is_named { &group[NAME..] } else { group }
}

/// Runs of ten digits in a part of the text.
fn candidates(text: &str, token: &str) -> Vec<(Range<usize>, Vec<u8>)> {
    let groups = token.split(is_separator).map(without_its_name);
    let groups: Vec<&str> = groups.filter(|group| !group.is_empty()).collect();
    let is_number = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let start = |group: &str| group.as_ptr() as usize - text.as_ptr() as usize;
    let run = |groups: &[&str]| {
        let (first, last) = (groups[0], groups[groups.len() - 1]);
        let digits = groups.iter().flat_map(|group| group.bytes()).map(|byte| byte - b'0').collect();
        (start(first)..start(last) + last.len(), digits)
    };
    let mut found = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if group.len() == 10 && is_number(group) {
            found.push(run(&groups[index..=index]));
        }
        let Some(three) = groups.get(index..index + 3) else { continue };
        let lengths: Vec<usize> = three.iter().map(|group| group.len()).collect();
        if lengths == [3, 3, 4] && three.iter().all(|group| is_number(group)) {
            found.push(run(three));
        }
    }
    found
}

/// The modulus 11 check of the NHS number. One digit ten times passes it and is nobody's number.
fn is_valid(digits: &[u8]) -> bool {
    let Some((&check, first_nine)) = digits.split_last() else { return false };
    if first_nine.len() != 9 || first_nine.iter().all(|digit| *digit == check) {
        return false;
    }
    let sum: u32 =
        first_nine.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match 11 - sum % 11 {
        11 => check == 0,
        10 => false,
        expected => u32::from(check) == expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_numbers_are_seen_however_they_are_grouped() {
        // A published example number and one of the range that is kept for tests.
        for text in [
            "943 476 5919",
            "9434765919",
            "943-476-5919",
            "Patient (943 476 5919) was",
            "NHS no 9990000018.",
            "943\t476\t5919",
            "943\u{2009}476\u{202f}5919",
            "943\u{2011}476\u{2011}5919",
            "NHS9434765919",
            "nhs 943 476 5919",
        ] {
            assert_eq!(masked_nhs_numbers(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_number_is_masked() {
        assert_eq!(masked_nhs_numbers("943 476 5919"), ["943 *** ****"]);
    }

    #[test]
    fn a_text_is_masked_where_its_numbers_stand() {
        let text = "é 943 476 5919, 9990000018 and 123 456 7890";
        assert_eq!(mask_nhs_numbers(text), "é 943 *** ****, 999 *** **** and 123 456 7890");
        assert!(matches!(mask_nhs_numbers("Ring 01234 567890"), Cow::Borrowed(_)));
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "9434765918",
            "01234 567890",
            "020 7946 0958",
            "+44 943 476 591",
            "94347659190",
            "X9434765919",
            "943476 5919",
            "0000000000",
            "943\n476\n5919",
            "1111111111",
            "0101010101 is no control id",
            "2026-09-14 10:00",
        ] {
            assert_eq!(masked_nhs_numbers(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn check_digits_0_and_10() {
        assert!(is_valid(&[4, 0, 0, 0, 0, 0, 1, 0, 0, 0]), "a remainder of 0 has the check digit 0");
        for check in 0..10 {
            assert!(!is_valid(&[4, 0, 0, 0, 0, 1, 0, 0, 0, check]), "a remainder of 1 has no check digit");
        }
    }

    #[test]
    fn one_wrong_digit_is_never_valid() {
        let number = [9, 4, 3, 4, 7, 6, 5, 9, 1, 9];
        assert!(is_valid(&number));
        for position in 0..10 {
            for digit in 0..10 {
                let mut changed = number;
                changed[position] = digit;
                assert_eq!(is_valid(&changed), changed == number, "{changed:?}");
            }
        }
    }
}
