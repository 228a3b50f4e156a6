//! Reads values from bytes, by the rules of ISO 32000-1, 7.2 and 7.3, and nothing that breaks them.
//!
//! Other readers guess what damaged files mean. Here two guesses could be two documents, of which one is signed and
//! the other shown; so what does not parse is an error, and so is a key that stands twice in a dictionary. Nor is
//! there anything that no writer of a report writes and some reader could take for something else: comments, white
//! space that ends no line and is no space, objects of another generation than the first.

use super::super::SignatureError;
use super::object::{Dict, Object, Reference, Stream};

/// Arrays and dictionaries within one another; the files that are signed here nest a handful.
const DEEPEST: usize = 64;

/// What is wrong with a PDF, and where.
pub(super) fn damaged(at: usize, what: &str) -> SignatureError {
    SignatureError::new(format!("the PDF cannot be read at byte {at}: {what}"))
        .hint("use the file as `cscr build` or `cscr sign` wrote it; one that another program has saved is another file")
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

pub(super) fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// What hexadecimal digits stand for; of the last, if it is alone, the higher half (ISO 32000-1, 7.3.4.3).
#[must_use]
pub fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let value =
        |two: &[u8]| Some(hex_digit(two[0])? << 4 | two.get(1).map_or(Some(0), |low| hex_digit(*low))?);
    digits.chunks(2).map(value).collect()
}

/// A place in a file that is being read.
#[derive(Debug, Clone)]
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn fail<T>(&self, what: &str) -> Result<T, SignatureError> {
        Err(damaged(self.at, what))
    }

    /// Goes over white space. There are no comments, and so none that hold what another reader finds.
    pub fn space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    /// Takes these characters, which have to come next.
    pub fn exact(&mut self, expected: &str) -> Result<(), SignatureError> {
        if self.take(expected.as_bytes()) {
            return Ok(());
        }
        self.fail(&format!("`{expected}` should stand there"))
    }

    /// Takes the end of a line, which has to come next.
    pub fn newline(&mut self) -> Result<(), SignatureError> {
        if self.take(b"\n") || self.take(b"\r\n") {
            return Ok(());
        }
        self.fail("the line should end there")
    }

    /// Takes this many bytes, where there are so many.
    pub fn next_bytes<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let bytes = self.rest().first_chunk()?;
        self.at += N;
        Some(bytes)
    }

    /// Takes these bytes, where they come next.
    pub fn take(&mut self, expected: &[u8]) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Takes the end of a line, where there is one.
    pub fn line_end(&mut self) -> bool {
        self.take(b"\r\n") || self.take(b"\n") || self.take(b"\r")
    }

    /// Takes a word that has to come next, after white space.
    pub fn word(&mut self, word: &str) -> Result<(), SignatureError> {
        self.space();
        if self.regular() == word.as_bytes() {
            self.at += word.len();
            return Ok(());
        }
        self.fail(&format!("`{word}` should stand there"))
    }

    /// The characters up to the next white space or delimiter.
    pub fn regular(&self) -> &'a [u8] {
        let rest = self.rest();
        &rest[..rest.iter().take_while(|byte| is_regular(**byte)).count()]
    }

    /// Takes a number without a sign or zeros before it, which has to come next.
    pub fn digits<T: std::str::FromStr>(&mut self) -> Result<T, SignatureError> {
        let is_padded = self.rest().starts_with(b"0") && self.regular().len() > 1;
        match self.try_unsigned() {
            Some(number) if !is_padded => Ok(number),
            _ => self.fail("a whole number should stand there"),
        }
    }

    fn try_unsigned<T: std::str::FromStr>(&mut self) -> Option<T> {
        let digits = self.regular();
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
        self.at += digits.len();
        Some(number)
    }

    /// The header of this indirect object, `12 0 obj`.
    pub fn object_header(&mut self, reference: Reference) -> Result<(), SignatureError> {
        if self.take(format!("{reference} obj").as_bytes()) && self.regular().is_empty() {
            return Ok(());
        }
        self.fail(&format!("object {reference} should stand there"))
    }

    /// A value, after white space.
    pub fn object(&mut self) -> Result<Object, SignatureError> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Object, SignatureError> {
        if depth > DEEPEST {
            return self.fail("values lie too deep within one another");
        }
        self.space();
        match self.peek() {
            Some(b'<') if self.rest().starts_with(b"<<") => self.dict(depth).map(Object::Dict),
            Some(b'<') => self.hex_string().map(Object::String),
            Some(b'(') => self.literal_string().map(Object::String),
            Some(b'/') => self.name().map(Object::Name),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'.' | b'0'..=b'9') => self.number_or_reference(),
            _ => self.keyword(),
        }
    }

    fn keyword(&mut self) -> Result<Object, SignatureError> {
        let word = self.regular();
        let object = match word {
            b"true" => Object::Boolean(true),
            b"false" => Object::Boolean(false),
            b"null" => Object::Null,
            _ => return self.fail("a value should stand there"),
        };
        self.at += word.len();
        Ok(object)
    }

    fn number_or_reference(&mut self) -> Result<Object, SignatureError> {
        if let Some(reference) = self.clone().reference() {
            let (reference, end) = reference;
            if reference.generation != 0 {
                return self.fail("this refers to an object in the place of one that was deleted");
            }
            self.at = end;
            return Ok(Object::Reference(reference));
        }
        let word = self.regular();
        let digits = word.strip_prefix(b"-").unwrap_or(word);
        let mut parts = digits.split(|byte| *byte == b'.');
        let are_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let text = String::from_utf8_lossy(word);
        let object = match (parts.next(), parts.next(), parts.next()) {
            (Some(whole), None, _) if are_digits(whole) => text.parse().ok().map(Object::Integer),
            (Some(whole), Some(fraction), None)
                if are_digits(whole) && are_digits(fraction) && digits.len() > 1 =>
            {
                Some(Object::Real(text.into_owned()))
            }
            _ => None,
        };
        let Some(object) = object else { return self.fail("that is no number") };
        self.at += word.len();
        Ok(object)
    }

    /// `12 0 R`, and where it ends.
    fn reference(mut self) -> Option<(Reference, usize)> {
        let number = self.try_unsigned()?;
        self.space();
        let generation = self.try_unsigned()?;
        self.space();
        if self.regular() != b"R" {
            return None;
        }
        Some((Reference { number, generation }, self.at + 1))
    }

    fn array(&mut self, depth: usize) -> Result<Object, SignatureError> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.take(b"]") {
                return Ok(Object::Array(items));
            }
            items.push(self.nested(depth + 1)?);
        }
    }

    pub fn dict(&mut self, depth: usize) -> Result<Dict, SignatureError> {
        self.space();
        if !self.take(b"<<") {
            return self.fail("a dictionary should stand there");
        }
        let (mut entries, mut starts) = (Vec::new(), Vec::new());
        loop {
            self.space();
            if self.take(b">>") {
                break;
            }
            if self.peek() != Some(b'/') {
                return self.fail("the key of a dictionary should stand there");
            }
            starts.push(self.at);
            entries.push((self.name()?, self.nested(depth + 1)?));
        }
        let twice = |index: usize| damaged(starts[index], "this key stands twice in its dictionary");
        Dict::of_entries(entries).map_err(twice)
    }

    fn name(&mut self) -> Result<Vec<u8>, SignatureError> {
        self.at += 1;
        let word = self.regular();
        let mut name = Vec::with_capacity(word.len());
        let mut rest = word;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let digits = tail
                .split_at_checked(2)
                .and_then(|(two, after)| Some((hex_digit(two[0])? << 4 | hex_digit(two[1])?, after)));
            let Some((byte, after)) = digits.filter(|(byte, _)| *byte != 0) else {
                return self.fail("this name has an escape without its two digits");
            };
            name.push(byte);
            rest = after;
        }
        self.at += word.len();
        Ok(name)
    }

    fn hex_string(&mut self) -> Result<Vec<u8>, SignatureError> {
        let Some(length) = self.rest().iter().position(|byte| *byte == b'>') else {
            return self.fail("this string does not end");
        };
        let digits: Vec<u8> =
            self.rest()[1..length].iter().copied().filter(|byte| !is_space(*byte)).collect();
        let Some(string) = from_hex(&digits) else {
            return self.fail("this string holds what is no hexadecimal digit");
        };
        self.at += length + 1;
        Ok(string)
    }

    fn literal_string(&mut self) -> Result<Vec<u8>, SignatureError> {
        let start = self.at;
        self.at += 1;
        let (mut string, mut open) = (Vec::new(), 1);
        loop {
            let Some(byte) = self.peek() else { return Err(damaged(start, "this string does not end")) };
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    string.extend(self.escaped());
                    continue;
                }
                // However a line ends, it is one line feed.
                b'\r' => {
                    self.take(b"\n");
                    string.push(b'\n');
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(string);
            }
            string.push(byte);
        }
    }

    /// What stands after a backslash; nothing where that ends the line.
    fn escaped(&mut self) -> Option<u8> {
        if self.line_end() {
            return None;
        }
        let digits = self.rest().iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
        if digits > 0 {
            let octal =
                self.rest()[..digits].iter().fold(0_u32, |value, byte| value * 8 + u32::from(byte - b'0'));
            self.at += digits;
            // High-order overflow is ignored (7.3.4.2).
            return Some(octal.to_le_bytes()[0]);
        }
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => b'\x08',
            b'f' => b'\x0c',
            other => other,
        })
    }

    /// An indirect object after its header: a value, or a stream, up to `endobj`. `length` looks up a length that
    /// stands elsewhere.
    pub fn object_body(
        &mut self,
        length: impl Fn(Reference) -> Result<usize, SignatureError>,
    ) -> Result<Object, SignatureError> {
        let mut object = self.object()?;
        self.space();
        if let Object::Dict(dict) = &mut object
            && self.regular() == b"stream"
        {
            let dict = std::mem::take(dict);
            let data = self.stream_data(&dict, length)?;
            object = Object::Stream(Stream { dict, data });
        }
        self.word("endobj")?;
        Ok(object)
    }

    fn stream_data(
        &mut self,
        dict: &Dict,
        length: impl Fn(Reference) -> Result<usize, SignatureError>,
    ) -> Result<Vec<u8>, SignatureError> {
        self.at += "stream".len();
        if !(self.take(b"\r\n") || self.take(b"\n")) {
            return self.fail("the data of the stream should begin there");
        }
        let length = match dict.get("Length") {
            Some(Object::Integer(length)) => usize::try_from(*length).ok(),
            Some(Object::Reference(reference)) => Some(length(*reference)?),
            _ => None,
        };
        let data = length.and_then(|length| self.rest().get(..length));
        let Some(data) = data else { return self.fail("the length of this stream is not known") };
        self.at += data.len();
        self.line_end();
        if !self.take(b"endstream") {
            return self.fail("the stream should end there");
        }
        Ok(data.to_vec())
    }
}
