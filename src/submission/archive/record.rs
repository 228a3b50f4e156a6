//! The records of a zip archive, byte by byte: the list at its end, the head of each file, and the end itself.

use super::read::Refused;

pub(super) const FILE: [u8; 4] = *b"PK\x03\x04";
pub(super) const LISTED: [u8; 4] = *b"PK\x01\x02";
pub(super) const END: [u8; 4] = *b"PK\x05\x06";
pub(super) const END_64: [u8; 4] = *b"PK\x06\x06";
pub(super) const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";

pub(super) const END_SIZE: u64 = 22;
pub(super) const END_64_SIZE: u64 = 56;
pub(super) const LOCATOR_64_SIZE: u64 = 20;
/// Head of a file, without its name and extra fields.
pub(super) const HEAD_SIZE: usize = 30;

/// Numbers, one after another; each is little-endian.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'a>(pub &'a [u8]);

impl<'a> Numbers<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Refused> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn two(&mut self) -> Result<u16, Refused> {
        self.take(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    pub(super) fn four(&mut self) -> Result<u32, Refused> {
        self.take(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(super) fn eight(&mut self) -> Result<u64, Refused> {
        let (low, high) = (self.four()?, self.four()?);
        Ok(u64::from(low) | u64::from(high) << 32)
    }

    pub(super) fn marked(&mut self, mark: [u8; 4], what: &str) -> Result<(), Refused> {
        if self.take(4)? == mark {
            Ok(())
        } else {
            Err(Refused::new(format!("{what} is not where it should be")))
        }
    }
}

fn cut_off() -> Refused {
    Refused::new("a record of the archive is cut off")
}

/// What is said of a file in both places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) time: u32,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) name: Vec<u8>,
}

/// A file as the list at the end has it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) said: Said,
    pub(super) made_by: u16,
    pub(super) attributes: u32,
    pub(super) offset: u64,
}

const MOST_32: u32 = u32::MAX;

pub(super) fn listed(from: &mut Numbers<'_>) -> Result<Listed, Refused> {
    from.marked(LISTED, "an entry of the list of files")?;
    let made_by = from.two()?;
    let _needed = from.two()?;
    let (flags, method, time, crc) = (from.two()?, from.two()?, from.four()?, from.four()?);
    let (packed, size) = (from.four()?, from.four()?);
    let (name, extra, comment) = (from.two()?, from.two()?, from.two()?);
    let disk = from.two()?;
    let _internal = from.two()?;
    let (attributes, offset) = (from.four()?, from.four()?);
    let name = from.take(name.into())?.to_vec();
    let shown = String::from_utf8_lossy(&name).into_owned();
    let mut long = Long::of(from.take(extra.into())?, &shown)?;
    let size = long.or(size)?;
    let packed = long.or(packed)?;
    let offset = long.or(offset)?;
    long.finish(&shown)?;
    if comment != 0 {
        return Err(Refused::new(format!("\"{shown}\" has a comment, which no hash covers")));
    }
    if disk != 0 {
        return Err(Refused::new(format!("\"{shown}\" is said to be in another part of the archive")));
    }
    Ok(Listed { said: Said { flags, method, time, crc, packed, size, name }, made_by, attributes, offset })
}

/// The head that stands before a file, and how long it is.
pub(super) fn head(mut from: Numbers<'_>) -> Result<(Said, u64), Refused> {
    let whole = from.0.len();
    from.marked(FILE, "the head of a file")?;
    let _needed = from.two()?;
    let (flags, method, time, crc) = (from.two()?, from.two()?, from.four()?, from.four()?);
    let (packed, size) = (from.four()?, from.four()?);
    let (name, extra) = (from.two()?, from.two()?);
    let name = from.take(name.into())?.to_vec();
    let shown = String::from_utf8_lossy(&name).into_owned();
    let mut long = Long::of(from.take(extra.into())?, &shown)?;
    let size = long.or(size)?;
    let packed = long.or(packed)?;
    long.finish(&shown)?;
    let length = (whole - from.0.len()) as u64;
    Ok((Said { flags, method, time, crc, packed, size, name }, length))
}

/// How long the head of a file is with its name and extra fields, by its first bytes.
pub(super) fn head_size(start: &[u8]) -> Result<usize, Refused> {
    let mut lengths = Numbers(start.get(26..HEAD_SIZE).ok_or_else(cut_off)?);
    Ok(HEAD_SIZE + usize::from(lengths.two()?) + usize::from(lengths.two()?))
}

/// The sizes that do not fit into four bytes (zip64), of the extra fields of a file.
struct Long<'a>(Option<Numbers<'a>>);

impl<'a> Long<'a> {
    const ZIP_64: u16 = 1;
    /// Times and owners of a file, which other programs write, and which say nothing of what is in it.
    const HARMLESS: [u16; 4] = [0x000a, 0x5455, 0x5855, 0x7875];

    fn of(extra: &'a [u8], name: &str) -> Result<Self, Refused> {
        let mut fields = Numbers(extra);
        let mut found = None;
        while !fields.0.is_empty() {
            let (id, size) = (fields.two()?, fields.two()?);
            let data = fields.take(size.into())?;
            match id {
                Self::ZIP_64 if found.is_none() => found = Some(Numbers(data)),
                _ if Self::HARMLESS.contains(&id) => {}
                _ => {
                    return Err(Refused::new(format!(
                        "\"{name}\" has a field of the kind {id:#06x}, by which another program could take it for another file"
                    )));
                }
            }
        }
        Ok(Self(found))
    }

    /// A size, which stands here where there is no room for it elsewhere.
    fn or(&mut self, short: u32) -> Result<u64, Refused> {
        match &mut self.0 {
            Some(numbers) if short == MOST_32 => numbers.eight(),
            _ => Ok(short.into()),
        }
    }

    fn finish(self, name: &str) -> Result<(), Refused> {
        match self.0 {
            Some(numbers) if !numbers.0.is_empty() => {
                Err(Refused::new(format!("\"{name}\" says its size twice")))
            }
            _ => Ok(()),
        }
    }
}
