//! How long the shared strings of an .xls workbook are.
//!
//! Each cell that shows one is given a copy, so a small file can ask for more memory than there is. The strings
//! stand in one record that goes on in others; a string that is parted says anew how wide its letters are.

/// The records of the shared strings, read one after the other.
struct Pieces<'a> {
    pieces: std::slice::Iter<'a, &'a [u8]>,
    rest: &'a [u8],
}

impl<'a> Pieces<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        while self.rest.is_empty() {
            self.rest = self.pieces.next()?;
        }
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn short(&mut self) -> Option<usize> {
        self.take(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]).into())
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let step = count.min(self.rest.len());
            self.rest = &self.rest[step..];
            count -= step;
            if count > 0 {
                self.rest = self.pieces.next()?;
            }
        }
        Some(())
    }

    /// Passes over one string; the number of its letters.
    fn string(&mut self) -> Option<usize> {
        let letters = self.short()?;
        let mut flags = self.take(1)?[0];
        let runs = if flags & 8 != 0 { self.short()? } else { 0 };
        let extension = match flags & 4 {
            0 => 0,
            _ => self.short()? + (self.short()? << 16),
        };
        let mut left = letters;
        while left > 0 {
            let width = 1 + usize::from(flags & 1);
            let step = left.min(self.rest.len() / width);
            self.rest = &self.rest[step * width..];
            left -= step;
            if left > 0 {
                (flags, self.rest) = self.pieces.next()?.split_first().map(|(flags, rest)| (*flags, rest))?;
            }
        }
        self.skip(runs * 4 + extension)?;
        Some(letters)
    }
}

/// The number of letters of each string, as far as they can be told.
pub(super) fn lengths(records: &[&[u8]]) -> Vec<usize> {
    let mut pieces = Pieces { pieces: records.iter(), rest: &[] };
    // Two counts come first.
    if pieces.take(8).is_none() {
        return Vec::new();
    }
    std::iter::from_fn(|| pieces.string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_that_is_parted_is_one_string() {
        // Two letters of one byte and, in the next record, one of two; then a string with a run of formatting.
        let first = [&[0; 8][..], &[3, 0, 0, b'a', b'b']].concat();
        let second = [1, b'c', 0, 1, 0, 8, 1, 0, b'd', 0, 0, 0, 0, 2, 0, 0, b'e', b'f'];
        assert_eq!(lengths(&[&first[..], &second[..]]), [3, 1, 2]);
        assert!(lengths(&[&first[..]]).is_empty());
    }
}
