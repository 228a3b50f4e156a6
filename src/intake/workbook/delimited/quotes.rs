//! Quotes that take rows away: a quote that opens a cell and is never closed makes one cell of all rows after it.

use crate::intake::workbook::fault::Fault;

/// Where in a cell a character stands.
#[derive(Clone, Copy)]
enum State {
    Before,
    Plain,
    /// Within quotes that were opened in this line.
    Quoted(usize),
    /// Behind a quote within quotes, which ends them unless another follows.
    Ended(usize),
}

/// The line, from 1, of the quote that opens a cell and is not closed where a cell ends: it goes on over the end of its
/// line, and then ends in the middle of another cell or not at all.
pub(super) fn astray(text: &str, delimiter: u8) -> Option<usize> {
    let (mut state, mut line) = (State::Before, 1);
    for byte in text.bytes() {
        let ends = byte == delimiter || byte == b'\n' || byte == b'\r';
        state = match state {
            State::Quoted(opened) if byte == b'"' => State::Ended(opened),
            State::Quoted(opened) => State::Quoted(opened),
            State::Ended(opened) if byte == b'"' => State::Quoted(opened),
            State::Before if byte == b'"' => State::Quoted(line),
            _ if ends => State::Before,
            // A word in quotes at the head of a cell is somebody's way of writing, and takes nothing with it.
            State::Ended(opened) if opened < line => return Some(opened),
            _ => State::Plain,
        };
        line += usize::from(byte == b'\n');
    }
    match state {
        State::Quoted(opened) => Some(opened),
        _ => None,
    }
}

pub(super) fn fault(line: usize) -> Fault {
    Fault::new(
        format!(
            "Line {line} opens a text with a quotation mark (\") that is not closed at the end of a cell, so where the rows after it begin nobody can tell"
        ),
        "close the quotation mark, or write it twice (\"\") where it is part of the text; a spreadsheet program does so when it saves the file",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_is_not_closed_is_found_in_its_line() {
        assert_eq!(astray("a,b\n1,\"two\n3,four\n", b','), Some(2));
        // The next quoted cell closes it, and its words follow behind.
        assert_eq!(astray("a,b\n1,\"two\n3,\"four, five\"\n", b','), Some(2));
    }

    #[test]
    fn quotes_that_take_nothing_away_are_none_of_them() {
        for text in [
            "a,b\n1,\"two\nlines\"\n",
            "a,\"say \"\"no\"\" twice\"\r\n",
            "\"Late\" results,b\n1,2\n",
            "5\" tube,b\n",
            "a,\"\"\n",
            "",
        ] {
            assert_eq!(astray(text, b','), None, "{text}");
        }
    }
}
