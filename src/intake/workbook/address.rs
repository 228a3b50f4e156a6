//! Cell addresses, such as `P7`.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// A cell by row and column, both from 0; ordered row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    pub row: u32,
    pub column: u32,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Letters(self.column), self.row + 1)
    }
}

/// A column as spreadsheets letter it.
struct Letters(u32);

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = (self.0 / 26).checked_sub(1) {
            Self(before).fmt(f)?;
        }
        f.write_char(char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[self.0 as usize % 26]))
    }
}

/// The letters of a column: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(column: u32) -> String {
    Letters(column).to_string()
}

/// The text is not a cell address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAddress;

impl FromStr for Address {
    type Err = NotAnAddress;

    /// Reads `P7` and `$P$7`.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim().replace('$', "");
        let split = text.find(|c: char| c.is_ascii_digit()).ok_or(NotAnAddress)?;
        let (letters, digits) = text.split_at(split);
        // Spreadsheets end at column XFD and row 1,048,576.
        if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(NotAnAddress);
        }
        let column = letters
            .bytes()
            .fold(0, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = digits.parse().map_err(|_| NotAnAddress)?;
        Ok(Self { row: row.checked_sub(1).ok_or(NotAnAddress)?, column: column - 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_they_are_written() {
        for text in ["A1", "Z9", "AA1", "P7", "XFD1048576"] {
            assert_eq!(text.parse::<Address>().expect("an address").to_string(), text);
        }
        assert_eq!("$G$2".parse(), Ok(Address { row: 1, column: 6 }));
        for text in ["", "7", "A", "A0", "ABCD1", "A1:B2"] {
            assert_eq!(text.parse::<Address>(), Err(NotAnAddress), "{text}");
        }
    }
}
