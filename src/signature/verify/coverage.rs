//! What the bytes of a signature cover: all of a revision but the digits of the signature itself, and nothing else.
//!
//! `/ByteRange` says what was signed, and whoever forges a signature writes it as suits them. So nothing of it is
//! taken over: it has to name the file from its first byte, leave out exactly the hexadecimal string of `/Contents` in
//! the very object that is the signature, and end where the revision ends that brought this object in.

use crate::signature::pdf::{Dict, Document, Object, Reference, Revision, from_hex};
use std::ops::Range;

/// What a signature covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coverage {
    /// The digits and the brackets around them.
    pub gap: Range<usize>,
    /// Where what is signed ends.
    pub end: usize,
    /// Which revision brought the signature in, from 0.
    pub revision: usize,
}

impl Coverage {
    /// The bytes that were signed.
    pub fn content<'a>(&self, pdf: &'a [u8]) -> [&'a [u8]; 2] {
        [&pdf[..self.gap.start], &pdf[self.gap.end..self.end]]
    }
}

/// What the signature covers that is this object, or why that cannot be what was signed. A signature is written behind
/// the file that it signs; where all is one revision, a program has written the file anew after that.
pub(super) fn coverage(
    document: &Document<'_>,
    reference: Reference,
    signature: &Dict,
) -> Result<Coverage, String> {
    let is_written_anew = document.revisions().len() == 1;
    covered(document, reference, signature).map_err(|why| {
        if is_written_anew {
            format!("another program has saved the file anew, and what was signed is no longer in it: {why}")
        } else {
            why
        }
    })
}

fn covered(document: &Document<'_>, reference: Reference, signature: &Dict) -> Result<Coverage, String> {
    let [start, before, after, rest] = byte_range(signature)?;
    if start != 0 {
        return Err(format!("what it covers begins at byte {start} and not at the start of the file"));
    }
    let end = after.checked_add(rest).filter(|end| before < after && *end <= document.bytes().len());
    let end = end.ok_or("what it says that it covers does not lie within the file")?;
    let gap = before..after;
    is_contents(document, reference, signature, &gap)?;
    let revision = document.revisions().iter().rposition(|own| own.entries.contains_key(&reference.number));
    let revision = revision.ok_or("the signature is in no revision of the file")?;
    is_end_of(document.bytes(), &document.revisions()[revision], end)?;
    Ok(Coverage { gap, end, revision })
}

fn byte_range(signature: &Dict) -> Result<[usize; 4], String> {
    let missing = || "it does not say what it covers: /ByteRange should be four whole numbers".to_owned();
    let numbers = signature.get("ByteRange").and_then(Object::as_array).ok_or_else(missing)?;
    let numbers: Option<Vec<usize>> =
        numbers.iter().map(|number| number.as_integer().and_then(|number| number.try_into().ok())).collect();
    numbers.and_then(|numbers| numbers.try_into().ok()).ok_or_else(missing)
}

/// The gap has to be the string of `/Contents`, from bracket to bracket, with digits in it and nothing else.
fn is_contents(
    document: &Document<'_>,
    reference: Reference,
    signature: &Dict,
    gap: &Range<usize>,
) -> Result<(), String> {
    let wrong = || "what it leaves out is not exactly its own value".to_owned();
    let span = document.span(reference).map_err(|error| error.what)?;
    let bytes = document.bytes();
    let digits = bytes[gap.clone()].strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
    let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or_else(wrong)?;
    let key = bytes[..gap.start].trim_ascii_end();
    let is_within = span.start < gap.start && gap.end < span.end && key.ends_with(b"/Contents");
    let value = from_hex(digits);
    let contents = signature.get("Contents").and_then(Object::as_string);
    if is_within && value.is_some() && value.as_deref() == contents { Ok(()) } else { Err(wrong()) }
}

/// A writer may leave the line end behind the end-of-file mark to whoever comes after.
fn is_end_of(bytes: &[u8], revision: &Revision, end: usize) -> Result<(), String> {
    if end > revision.end {
        return Err("it covers bytes of a revision that came after it".to_owned());
    }
    match &bytes[end..revision.end] {
        b"" | b"\n" | b"\r\n" | b"\r" => Ok(()),
        uncovered => {
            Err(format!("{} bytes at the end of the revision that it signs are not covered", uncovered.len()))
        }
    }
}
