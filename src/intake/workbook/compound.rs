//! The container of old Office files, of which an .xls workbook is one and a workbook under a password another:
//! its directory, and its streams as bytes.

use std::collections::HashMap;

/// What the file begins with.
pub(super) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Above these a sector's number says what follows it rather than which.
const LAST_SECTOR: u32 = 0xffff_fff9;
/// Streams shorter than this lie in the sectors of the root's stream.
const MINI_STREAM: u64 = 4096;
const MINI_SECTOR: usize = 64;

/// A container whose directory has been read.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For each sector, the one that follows it.
    next: Vec<u32>,
    streams: HashMap<String, (u32, u64)>,
    root: (u32, u64),
    mini_next: Vec<u32>,
}

impl<'a> Compound<'a> {
    /// The container of these bytes; `None` where they are none, or end too soon.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match short(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = Self {
            bytes: bytes.starts_with(MAGIC).then_some(bytes)?,
            sector,
            next: Vec::new(),
            streams: HashMap::new(),
            root: (u32::MAX, 0),
            mini_next: Vec::new(),
        };
        compound.next = compound.allocation()?;
        let directory = compound.chain(long(bytes, 48)?);
        for entry in directory.chunks_exact(128) {
            let length = usize::from(short(entry, 64)?).saturating_sub(2).min(64);
            let units: Vec<u16> =
                entry[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            let place = (long(entry, 116)?, u64::from(long(entry, 120)?));
            match entry[66] {
                5 => compound.root = place,
                2 => {
                    compound.streams.entry(String::from_utf16_lossy(&units)).or_insert(place);
                }
                _ => {}
            }
        }
        if compound.root.0 == u32::MAX {
            return None;
        }
        compound.mini_next = numbers(&compound.chain(long(bytes, 60)?));
        Some(compound)
    }

    /// Whether there is a stream of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.streams.contains_key(name)
    }

    /// The bytes of a stream.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (start, size) = *self.streams.get(name)?;
        let mut stream = if size < MINI_STREAM { self.mini_chain(start) } else { self.chain(start) };
        stream.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Some(stream)
    }

    /// The table that chains sectors. Its own sectors are listed in the head and, where those do not do, in
    /// sectors that end with the number of the next of their kind.
    fn allocation(&self) -> Option<Vec<u32>> {
        let mut listed = numbers(self.bytes.get(76..512)?);
        let mut more = long(self.bytes, 68)?;
        for _ in 0..self.bytes.len() / self.sector {
            let Some(sector) = self.sector(more).filter(|_| more <= LAST_SECTOR) else { break };
            let mut ids = numbers(sector);
            more = ids.pop()?;
            listed.extend(ids);
        }
        let sectors = listed.into_iter().filter(|id| *id <= LAST_SECTOR);
        // No file has more sectors than it has bytes for.
        let sectors = sectors.take(self.bytes.len() / self.sector);
        Some(sectors.filter_map(|id| self.sector(id)).flat_map(numbers).collect())
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        // The last sector of a file may be cut short.
        (!rest.is_empty()).then(|| &rest[..rest.len().min(self.sector)])
    }

    fn chain(&self, start: u32) -> Vec<u8> {
        let mut chain = Vec::new();
        let mut id = start;
        // A chain that runs in a circle is cut.
        for _ in 0..=self.next.len() {
            let Some(sector) = self.sector(id).filter(|_| id <= LAST_SECTOR) else { break };
            chain.extend_from_slice(sector);
            let Some(next) = self.next.get(id as usize) else { break };
            id = *next;
        }
        chain
    }

    fn mini_chain(&self, start: u32) -> Vec<u8> {
        let root = self.chain(self.root.0);
        let mut chain = Vec::new();
        let mut id = start;
        for _ in 0..=self.mini_next.len() {
            let at = (id as usize).saturating_mul(MINI_SECTOR);
            let Some(sector) = root.get(at..(at + MINI_SECTOR).min(root.len())) else { break };
            chain.extend_from_slice(sector);
            let Some(next) = self.mini_next.get(id as usize) else { break };
            id = *next;
        }
        chain
    }
}

/// The two bytes at a place, as a number.
pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

/// The four bytes at a place, as a number.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A container of one stream, of at least [`MINI_STREAM`] bytes.
    pub(in crate::intake::workbook) fn container(name: &str, stream: &[u8]) -> Vec<u8> {
        const END: u32 = 0xffff_fffe;
        const FREE: u32 = 0xffff_ffff;
        let mut stream = stream.to_vec();
        stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
        let sectors = u32::try_from(stream.len() / 512).unwrap();
        assert!(sectors < 120, "one sector of the table is enough for the tests");
        let mut head = vec![0_u8; 512];
        head[..8].copy_from_slice(MAGIC);
        for (at, value) in [(24, 0x3e_u16), (26, 3), (28, 0xfffe), (30, 9), (32, 6)] {
            head[at..at + 2].copy_from_slice(&value.to_le_bytes());
        }
        // One sector of the table (0), one of the directory (1), then the stream.
        for (at, value) in [(44, 1), (48, 1), (56, 4096), (60, END), (68, END), (76, 0)] {
            head[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
        }
        head[80..512].fill(0xff);
        let mut table = vec![0xffff_fffd, END];
        table.extend((2..=sectors).map(|id| id + 1));
        table.push(END);
        table.resize(128, FREE);
        let entry = |name: &str, kind: u8, child: u32, start: u32, size: usize| {
            let mut entry = vec![0_u8; 128];
            let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry[..units.len()].copy_from_slice(&units);
            entry[64..66].copy_from_slice(&u16::try_from(units.len() + 2).unwrap().to_le_bytes());
            entry[66] = kind;
            for (at, value) in [(68, FREE), (72, FREE), (76, child), (116, start)] {
                entry[at..at + 4].copy_from_slice(&value.to_le_bytes());
            }
            entry[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
            entry
        };
        let mut directory = entry("Root Entry", 5, 1, END, 0);
        directory.extend(entry(name, 2, FREE, 2, stream.len()));
        directory.resize(512, 0);
        let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
        [head, table, directory, stream].concat()
    }

    #[test]
    fn a_stream_is_put_together_from_its_sectors() {
        let content: Vec<u8> = (0..5000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
        let bytes = container("Workbook", &content);
        let compound = Compound::open(&bytes).unwrap();
        assert!(compound.has("Workbook") && !compound.has("EncryptedPackage"));
        assert_eq!(compound.stream("Workbook").unwrap()[..5000], content);
        assert!(Compound::open(&bytes[..400]).is_none());
    }
}
