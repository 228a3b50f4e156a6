//! Single bytes of a signed file, and files that are not whole.

use super::*;

/// Where the digits of the signatures lie, and how many of them are the value and not zeros behind it.
fn gaps(pdf: &[u8]) -> Vec<(std::ops::Range<usize>, usize)> {
    let document = Document::read(pdf).unwrap();
    let signed = fields(&document).unwrap().into_iter().filter_map(|field| field.signature);
    let gap = |reference: Reference| {
        let dict = document.dict(reference).unwrap();
        let coverage = coverage(&document, reference, &dict).unwrap();
        let digits = &pdf[coverage.gap.clone()];
        let zeros = digits.iter().rev().skip(1).take_while(|digit| **digit == b'0').count();
        (coverage.gap, digits.len() - zeros)
    };
    signed.map(gap).collect()
}

/// Flips a bit of each byte at these places of the smallest signed file. The digits of the last signature may be
/// written in capitals, which is the same value; nothing else may change.
fn flip(places: impl Fn(usize) -> bool) {
    let pdf = World::new().sign(&report(), "ada");
    let [(gap, _)] = gaps(&pdf).try_into().unwrap();
    let look = |place: usize| {
        let mut flipped = pdf.clone();
        flipped[place] ^= 1 << (place % 8);
        let is_same_digit = gap.contains(&place) && flipped[place].eq_ignore_ascii_case(&pdf[place]);
        assert_eq!(is_accepted(&flipped), is_same_digit, "byte {place}");
    };
    let places: Vec<usize> = (0..pdf.len()).filter(|place| places(*place)).collect();
    std::thread::scope(|scope| {
        for share in places.chunks(places.len().div_ceil(4)) {
            scope.spawn(move || share.iter().copied().for_each(look));
        }
    });
}

#[test]
fn any_byte_counts() {
    flip(|place| place % 61 == 0);
}

#[test]
#[ignore = "some minutes where nothing is optimised; continuous integration runs it"]
fn every_byte_counts() {
    flip(|_| true);
}

/// The digits of a signature that others have signed after are part of what they signed.
#[test]
fn capital_digits_are_seen_by_whoever_signed_later() {
    let world = World::new();
    let pdf = world.sign(&world.sign(&report(), "ada"), "ben");
    let [(gap, _), _] = gaps(&pdf).try_into().unwrap();
    let letter = gap.clone().find(|place| pdf[*place].is_ascii_lowercase()).unwrap();
    let mut flipped = pdf.clone();
    flipped[letter].make_ascii_uppercase();
    let answer = answer(&flipped);
    assert!(answer.signature("ada").unwrap().is_intact());
    assert!(!answer.signature("ben").unwrap().is_intact());
    assert!(!answer.holds());
}

#[test]
fn the_zeros_behind_a_signature_stay_zeros() {
    let pdf = World::new().sign(&report(), "ada");
    let [(gap, length)] = gaps(&pdf).try_into().unwrap();
    for place in [gap.start + length + 1, gap.end - 2] {
        for (byte, said) in [(b'1', "something behind the signature"), (b' ', "not exactly its own value")] {
            let mut flipped = pdf.clone();
            flipped[place] = byte;
            assert!(objections(&flipped).contains(said), "{place}: {}", objections(&flipped));
        }
    }
}

#[test]
fn a_file_that_is_not_whole_is_not_accepted() {
    let world = World::new();
    let one = world.sign(&report(), "ada");
    let two = world.sign(&one, "ben");
    for length in (0..two.len()).filter(|length| length % 97 == 0 || *length + 20 > two.len()) {
        // The earlier states are whole.
        let is_state = [one.len(), report().len(), two.len()].contains(&length);
        assert!(is_state || !is_accepted(&two[..length]), "{length} bytes");
    }
}

#[test]
fn what_stands_behind_the_end_is_told() {
    let signed = World::new().sign(&report(), "ada");
    for tail in ["\n", " ", "% remark\n", "%%EOF\n", "<script>"] {
        let longer = [&signed[..], tail.as_bytes()].concat();
        let answer = answer(&longer);
        assert_eq!(answer.trailing_bytes, tail.len(), "{tail:?}");
        assert!(!answer.holds() && answer.signatures[0].is_intact());
    }
}

/// Universal signature forgery and signature wrapping: what a signature says of what it covers is not believed.
#[test]
fn a_byte_range_is_held_against_the_file() {
    let signed = World::new().sign(&report(), "ada");
    let start = signed.windows(11).position(|window| window == b"/ByteRange ").unwrap() + 11;
    let end = start + signed[start..].iter().position(|byte| *byte == b']').unwrap() + 1;
    let [(gap, _)] = gaps(&signed).try_into().unwrap();
    let (a, b, c) = (gap.start, gap.end, signed.len() - gap.end);
    for (range, said) in [
        // A line end may be left to whoever comes after; the digest still tells that something was changed.
        (format!("[0 {a} {b} {}]", c - 1), "the content was changed after it was signed"),
        (format!("[1 {a} {b} {c}]"), "begins at byte 1"),
        (format!("[0 {} {b} {c}]", a - 1), "not exactly its own value"),
        (format!("[0 {a} {} {}]", b + 2, c - 2), "not exactly its own value"),
        (format!("[0 {a} {b} {}]", c - 5), "are not covered"),
        (format!("[0 {a} {b} {}]", c + 5), "does not lie within the file"),
        (format!("[0 {b} {a} {c}]"), "does not lie within the file"),
        (format!("[0 {a} {b} -{c}]"), "should be four whole numbers"),
        (format!("[0 {a} {b}]"), "should be four whole numbers"),
        ("null".to_owned(), "should be four whole numbers"),
        ("[]".to_owned(), "should be four whole numbers"),
    ] {
        let mut forged = signed.clone();
        forged[start..end].fill(b' ');
        forged[start..start + range.len()].copy_from_slice(range.as_bytes());
        let objections = objections(&forged);
        assert!(objections.contains(said), "{range}: {objections}");
    }
}
