//! Reading an archive from somebody else.
//!
//! First its whole structure, without unpacking anything: every byte belongs to one file, to the list or to the end;
//! what is said of a file in two places is the same; names stay in the folder and are those of different files on every
//! system; sizes are within bounds. Then each file by itself, counted while it is unpacked.

use super::super::names;
use super::record::{
    self, END, END_64, END_64_SIZE, END_SIZE, FILE, HEAD_SIZE, LOCATOR_64, LOCATOR_64_SIZE, Listed, Numbers,
    Said,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

/// Why an archive is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub what: String,
    /// It is no archive at all, rather than one that is not to be trusted.
    pub is_no_archive: bool,
}

impl Refused {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), is_no_archive: false }
    }

    fn no_archive(what: impl Into<String>) -> Self {
        Self { what: what.into(), is_no_archive: true }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Refused {}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::no_archive(format!("it cannot be read: {error}"))
    }
}

/// How much is read before an archive is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub files: u64,
    /// Of one file, in bytes: it is unpacked into memory.
    pub file: u64,
    /// Of all files together, in bytes.
    pub unpacked: u64,
    /// How many times a file may be as large as it is packed, once it is larger than [`Bounds::SMALL`].
    pub ratio: u64,
}

impl Bounds {
    /// What is smaller than this fills no memory, however it was packed.
    pub const SMALL: u64 = 1 << 20;
    /// A list of files of this length is of some other archive.
    const LIST: u64 = 64 << 20;
}

impl Default for Bounds {
    /// Many times what any pack holds.
    fn default() -> Self {
        Self { files: 20_000, file: 256 << 20, unpacked: 8 << 30, ratio: 200 }
    }
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub size: u64,
    packed: u64,
    crc: u32,
    is_deflated: bool,
    /// Where its bytes begin.
    data: u64,
}

/// An archive of which the structure is as it should be.
#[derive(Debug)]
pub struct Archive<R> {
    source: R,
    entries: Vec<Entry>,
}

/// Where the list of files is, and how many it names.
struct List {
    offset: u64,
    size: u64,
    count: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Looks at the structure of an archive.
    ///
    /// # Errors
    /// If it is no archive, or one that two programs could read differently or that is beyond the bounds.
    pub fn open(mut source: R, bounds: &Bounds) -> Result<Self, Refused> {
        let length = source.seek(SeekFrom::End(0))?;
        let list = list(&mut source, length)?;
        if list.count > bounds.files {
            return Err(Refused::new(format!(
                "it names {} files; the limit is {}",
                list.count, bounds.files
            )));
        }
        if list.size > Bounds::LIST {
            return Err(Refused::new("the list of its files is longer than that of any pack"));
        }
        let bytes = at(&mut source, list.offset, list.size)?;
        let mut numbers = Numbers(&bytes);
        let mut listed = Vec::new();
        for _ in 0..list.count {
            listed.push(record::listed(&mut numbers)?);
        }
        if !numbers.0.is_empty() {
            return Err(Refused::new("the list of its files is longer than the files that it names"));
        }
        refuse_names(&listed)?;
        refuse_sizes(&listed, bounds)?;
        let entries = entries(&mut source, listed, list.offset)?;
        Ok(Self { source, entries })
    }

    /// The files, in the order in which they lie; folders are left out.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Unpacks a file, which has to come to exactly what is said of it.
    ///
    /// # Errors
    /// If it does not.
    pub fn bytes(&mut self, entry: &Entry) -> Result<Vec<u8>, Refused> {
        let packed = at(&mut self.source, entry.data, entry.packed)?;
        let bytes = if entry.is_deflated { inflate(&packed, entry)? } else { packed };
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        if crc.sum() != entry.crc {
            return Err(Refused::new(format!("\"{}\" is damaged: its checksum is another", entry.name)));
        }
        Ok(bytes)
    }
}

fn inflate(packed: &[u8], entry: &Entry) -> Result<Vec<u8>, Refused> {
    let name = &entry.name;
    let mut bytes = Vec::new();
    let mut decoder = flate2::bufread::DeflateDecoder::new(packed);
    let outcome = (&mut decoder).take(entry.size + 1).read_to_end(&mut bytes);
    outcome.map_err(|error| Refused::new(format!("\"{name}\" cannot be unpacked: {error}")))?;
    if bytes.len() as u64 != entry.size {
        return Err(Refused::new(format!("\"{name}\" is not as large as the archive says")));
    }
    // Whether the stream ends with the file is known once more is asked for.
    let more = decoder.read(&mut [0]).map_err(|_| ());
    if more != Ok(0) || decoder.total_in() != packed.len() as u64 {
        return Err(Refused::new(format!("behind \"{name}\" stand bytes that are no part of it")));
    }
    Ok(bytes)
}

/// Bytes from a place on, which have to be there.
fn at(source: &mut (impl Read + Seek), offset: u64, length: u64) -> Result<Vec<u8>, Refused> {
    source.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    source.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Refused::new("its end is missing")) }
}

fn list(source: &mut (impl Read + Seek), length: u64) -> Result<List, Refused> {
    let start = at(source, 0, length.min(4))?;
    if length < END_SIZE || start != FILE {
        return Err(other_start(source, length, &start));
    }
    let end = length - END_SIZE;
    let bytes = at(source, end, END_SIZE)?;
    let mut numbers = Numbers(&bytes);
    if numbers.marked(END, "").is_err() {
        return Err(if has_end(source, length)? {
            Refused::new(
                "its end is missing, or bytes stand behind the end, or it has a comment, which no hash covers",
            )
        } else {
            Refused::new("its end is missing")
        });
    }
    let (disk, list_disk) = (numbers.two()?, numbers.two()?);
    let (here, count) = (numbers.two()?, numbers.two()?);
    let (size, offset, comment) = (numbers.four()?, numbers.four()?, numbers.two()?);
    if comment != 0 {
        return Err(Refused::new("it has a comment, which no hash covers"));
    }
    if (disk, list_disk) != (0, 0) || here != count {
        return Err(Refused::new("it is one part of several"));
    }
    let is_long = count == u16::MAX || size == u32::MAX || offset == u32::MAX;
    let (list, list_end) = if is_long {
        (long_list(source, end)?, end.saturating_sub(LOCATOR_64_SIZE + END_64_SIZE))
    } else {
        (List { offset: offset.into(), size: size.into(), count: count.into() }, end)
    };
    if list.offset.checked_add(list.size) != Some(list_end) {
        return Err(Refused::new("bytes stand between its list of files and its end"));
    }
    if list.count == 0 {
        return Err(Refused::new("it holds nothing"));
    }
    Ok(list)
}

/// The list of an archive of many files, or of more than 4 GiB (zip64).
fn long_list(source: &mut (impl Read + Seek), end: u64) -> Result<List, Refused> {
    let missing = || Refused::new("its end does not say where its list of files is");
    let locator = end.checked_sub(LOCATOR_64_SIZE).ok_or_else(missing)?;
    let bytes = at(source, locator, LOCATOR_64_SIZE)?;
    let mut numbers = Numbers(&bytes);
    numbers.marked(LOCATOR_64, "the end of a large archive")?;
    let (disk, offset, disks) = (numbers.four()?, numbers.eight()?, numbers.four()?);
    if disk != 0 || disks > 1 {
        return Err(Refused::new("it is one part of several"));
    }
    if offset.checked_add(END_64_SIZE) != Some(locator) {
        return Err(missing());
    }
    let bytes = at(source, offset, END_64_SIZE)?;
    let mut numbers = Numbers(&bytes);
    numbers.marked(END_64, "the end of a large archive")?;
    let size = numbers.eight()?;
    let _versions = numbers.four()?;
    let (disk, list_disk) = (numbers.four()?, numbers.four()?);
    let (here, count) = (numbers.eight()?, numbers.eight()?);
    if size != END_64_SIZE - 12 || (disk, list_disk) != (0, 0) || here != count {
        return Err(missing());
    }
    Ok(List { count, size: numbers.eight()?, offset: numbers.eight()? })
}

/// Of something that does not begin as an archive does.
fn other_start(source: &mut (impl Read + Seek), length: u64, start: &[u8]) -> Refused {
    match has_end(source, length) {
        Ok(true) if start == END => Refused::new("it holds nothing"),
        Ok(true) => Refused::new("bytes stand before the archive"),
        Ok(false) if start == FILE => Refused::new("its end is missing"),
        Ok(false) => Refused::no_archive("it is no zip archive"),
        Err(error) => error,
    }
}

/// Whether an archive ends in the last bytes, wherever.
fn has_end(source: &mut (impl Read + Seek), length: u64) -> Result<bool, Refused> {
    const REACH: u64 = 70_000;
    let from = length.saturating_sub(REACH);
    let bytes = at(source, from, length - from)?;
    Ok(bytes.windows(END.len()).any(|window| window == END))
}

fn shown(entry: &Listed) -> String {
    String::from_utf8_lossy(&entry.said.name).into_owned()
}

/// Names that lead elsewhere, or are one name on some system.
fn refuse_names(listed: &[Listed]) -> Result<(), Refused> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut files = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for entry in listed {
        let name = shown(entry);
        let path = name.strip_suffix('/').unwrap_or(&name);
        if let Some(fault) = names::fault(path) {
            return Err(Refused::new(format!("the name \"{}\" {fault}", name.escape_debug())));
        }
        let folded = path.to_lowercase();
        if let Some(other) = seen.insert(folded.clone(), name.clone()) {
            return Err(Refused::new(if other == name {
                format!("\"{name}\" is in it twice")
            } else {
                format!("\"{other}\" and \"{name}\" are one name on some systems")
            }));
        }
        folders.extend(folded.match_indices('/').map(|(at, _)| folded[..at].to_owned()));
        if path.len() == name.len() {
            files.insert(folded);
        }
    }
    match files.intersection(&folders).next() {
        Some(both) => Err(Refused::new(format!("\"{both}\" is a file and a folder"))),
        None => Ok(()),
    }
}

fn refuse_sizes(listed: &[Listed], bounds: &Bounds) -> Result<(), Refused> {
    let mut whole = 0_u64;
    for entry in listed {
        let Said { size, packed, .. } = entry.said;
        whole = whole.saturating_add(size);
        if whole > bounds.unpacked {
            let limit = bounds.unpacked >> 20;
            return Err(Refused::new(format!("it unpacks to more than {limit} MiB, the limit")));
        }
        if size > bounds.file {
            return Err(Refused::new(format!(
                "\"{}\" unpacks to more than {} MiB, the limit of one file",
                shown(entry),
                bounds.file >> 20
            )));
        }
        if size > Bounds::SMALL && size / bounds.ratio > packed {
            return Err(Refused::new(format!(
                "\"{}\" unpacks to more than {} times its size, as no file of a pack does",
                shown(entry),
                bounds.ratio
            )));
        }
    }
    Ok(())
}

/// Holds the head of each file against the list. The files lie one behind the other, from the start to the list.
fn entries(
    source: &mut (impl Read + Seek),
    mut listed: Vec<Listed>,
    end: u64,
) -> Result<Vec<Entry>, Refused> {
    listed.sort_by_key(|entry| entry.offset);
    let mut entries = Vec::new();
    let mut next = 0;
    for entry in listed {
        let name = shown(&entry);
        if entry.offset < next {
            return Err(Refused::new(format!("\"{name}\" overlaps another file")));
        }
        if entry.offset > next {
            return Err(Refused::new(format!("bytes that belong to no file stand before \"{name}\"")));
        }
        let start = at(source, entry.offset, HEAD_SIZE as u64)?;
        let head = at(source, entry.offset, record::head_size(&start)? as u64)?;
        let (said, size) = record::head(Numbers(&head))?;
        refuse_kind(&entry, &name)?;
        if said != entry.said {
            return Err(Refused::new(format!(
                "\"{name}\" is another thing in the list of files than at its own place"
            )));
        }
        let data = entry.offset + size;
        next = data
            .checked_add(said.packed)
            .filter(|next| *next <= end)
            .ok_or_else(|| Refused::new(format!("\"{name}\" is said to be longer than the archive")))?;
        let is_folder = name.ends_with('/');
        if is_folder && said.size != 0 {
            return Err(Refused::new(format!("the folder \"{name}\" has content")));
        }
        let is_deflated = said.method == 8;
        if !is_deflated && said.size != said.packed {
            return Err(Refused::new(format!("\"{name}\" is not as large as the archive says")));
        }
        if !is_folder {
            let Said { size, packed, crc, .. } = said;
            entries.push(Entry { name, size, packed, crc, is_deflated, data });
        }
    }
    if next != end {
        return Err(Refused::new("bytes that belong to no file stand before its list of files"));
    }
    Ok(entries)
}

/// What is no plain file: encrypted, a link, packed in a way that is not read, or without a size at its head.
fn refuse_kind(entry: &Listed, name: &str) -> Result<(), Refused> {
    const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
    const WITHOUT_SIZE: u16 = 1 << 3;
    /// How hard it was packed, and that its name is UTF-8.
    const HARMLESS: u16 = 1 << 1 | 1 << 2 | 1 << 11;
    const UNIX: [u16; 2] = [3, 19];
    const KIND: u32 = 0o170_000;
    const FILE_KIND: u32 = 0o100_000;
    const FOLDER_KIND: u32 = 0o040_000;
    const LINK_KIND: u32 = 0o120_000;
    let flags = entry.said.flags;
    if flags & ENCRYPTED != 0 {
        return Err(Refused::new(format!("\"{name}\" is encrypted")));
    }
    if flags & WITHOUT_SIZE != 0 {
        return Err(Refused::new(format!("\"{name}\" does not say its size before its content")));
    }
    if flags & !HARMLESS != 0 || ![0, 8].contains(&entry.said.method) {
        return Err(Refused::new(format!("\"{name}\" is packed in a way that a pack does not use")));
    }
    if UNIX.contains(&(entry.made_by >> 8)) {
        match entry.attributes >> 16 & KIND {
            LINK_KIND => return Err(Refused::new(format!("\"{name}\" is a link to another file"))),
            0 => {}
            FOLDER_KIND if name.ends_with('/') => {}
            FILE_KIND if !name.ends_with('/') => {}
            _ => return Err(Refused::new(format!("\"{name}\" is no plain file"))),
        }
    }
    Ok(())
}
