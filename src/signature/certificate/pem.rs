//! PEM (RFC 7468), as leniently as OpenSSL writes it: words between the blocks, lines of any width.

use crate::signature::SignatureError;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// How a block ends that is decoded here.
const END: &str = "-----END X-----\n";

/// One block. It may hold a key, so its octets are wiped.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) der: Zeroizing<Vec<u8>>,
    /// Encrypted in the old way of OpenSSL, by headers within the block.
    pub(crate) has_headers: bool,
}

/// Whether a file is PEM rather than DER.
pub(crate) fn is_pem(file: &[u8]) -> bool {
    file.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes())
}

/// The blocks of a file, in their order.
pub(crate) fn blocks(file: &[u8]) -> Result<Vec<Block>, SignatureError> {
    let text =
        std::str::from_utf8(file).map_err(|_| SignatureError::new("the PEM file is not a text file"))?;
    let mut lines = text.lines().map(str::trim);
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        let label = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(DASHES));
        if let Some(label) = label {
            blocks.push(block(label, &mut lines)?);
        }
    }
    Ok(blocks)
}

fn block<'a>(label: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Block, SignatureError> {
    let end = format!("-----END {label}-----");
    let damaged = |what: &str| {
        SignatureError::new(format!("the block {label} of the PEM file {what}")).hint("export the file again")
    };
    let mut body = Vec::new();
    loop {
        match lines.next() {
            Some(line) if line == end => break,
            Some(line) => body.push(line),
            None => return Err(damaged("has no end")),
        }
    }
    let is_header = |line: &&str| line.contains(':');
    let has_headers = body.iter().any(is_header);
    body.retain(|line| !is_header(line));
    let der = decode(&joined(&body)).ok_or_else(|| damaged("is damaged"))?;
    Ok(Block { label: label.to_owned(), der, has_headers })
}

/// Lines as one text. It has its room from the start: a text that grows leaves pieces of a key behind.
fn joined(lines: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(lines.iter().map(|line| line.len()).sum()));
    for line in lines {
        text.push_str(line);
    }
    text
}

/// Writes one block, with lines of 64 letters.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    // Refused is only a label of other than plain letters, and ours are plain.
    der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap_or_default()
}

/// Decodes letters that may have stood in lines of any width.
fn decode(letters: &str) -> Option<Zeroizing<Vec<u8>>> {
    let begin = format!("{BEGIN}X{DASHES}\n");
    let room = begin.len() + letters.len() + letters.len() / 64 + 1 + END.len();
    let mut text = Zeroizing::new(String::with_capacity(room));
    text.push_str(&begin);
    for line in letters.as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).ok()?);
        text.push('\n');
    }
    text.push_str(END);
    debug_assert!(text.len() <= room, "the text has grown");
    let (_, bytes) = der::pem::decode_vec(text.as_bytes()).ok()?;
    Some(Zeroizing::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_whatever_its_length() {
        for length in 1..200_u8 {
            let bytes: Vec<u8> = (0..length).collect();
            let text = write("DATA", &bytes);
            assert!(text.lines().all(|line| line.len() <= 64));
            assert_eq!(*blocks(text.as_bytes()).unwrap()[0].der, bytes);
        }
    }

    #[test]
    fn known_letters() {
        assert!(write("X", b"any carnal pleas").contains("\nYW55IGNhcm5hbCBwbGVhcw==\n"));
        assert_eq!(*decode("YW55IGNhcm5hbCBwbGVhcw==").unwrap(), b"any carnal pleas");
        for wrong in ["", "YQ", "YQ=", "Y===", "YR==", "Y Q=", "YQ==YQ=="] {
            assert!(decode(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn words_between_blocks_are_passed_over_and_a_block_without_end_is_an_error() {
        let one = write("A", b"1");
        let two = write("B", b"2");
        let file = format!("Bag Attributes\n  friendlyName: x\n{one}\nsubject=CN = x\n{two}");
        let labels: Vec<String> =
            blocks(file.as_bytes()).unwrap().into_iter().map(|block| block.label).collect();
        assert_eq!(labels, ["A", "B"]);
        let error = blocks(b"-----BEGIN A-----\nMQ==\n").err().unwrap();
        assert!(error.what.contains("has no end"), "{error}");
    }
}
