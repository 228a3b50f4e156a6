//! Archives as they are written, and as somebody would make them who wants to deceive.

use super::*;
use std::io::{Cursor, SeekFrom};

fn date() -> Date {
    Date::new(2026, 9, 14).unwrap()
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files = files.iter().map(|(name, bytes)| Ok(((*name).to_owned(), Cow::Borrowed(*bytes))));
    write(Cursor::new(Vec::new()), date(), files).unwrap().into_inner()
}

fn good() -> Vec<u8> {
    packed(&[("a.txt", b"first"), ("b/c.txt", b"second, and longer, longer, longer, longer")])
}

fn open(bytes: &[u8]) -> Result<Archive<Cursor<&[u8]>>, Refused> {
    Archive::open(Cursor::new(bytes), &Bounds::default())
}

/// Why an archive is refused, when it is opened or when its files are unpacked.
#[track_caller]
fn refusal(bytes: &[u8]) -> String {
    let outcome = open(bytes).and_then(|mut archive| {
        archive.entries().to_vec().iter().try_for_each(|entry| archive.bytes(entry).map(drop))
    });
    outcome.expect_err("it is read as if nothing were wrong").what
}

/// Where a mark stands, the last time.
fn last(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).rposition(|window| window == mark).unwrap()
}

fn first(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).position(|window| window == mark).unwrap()
}

fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes[at..at + new.len()].copy_from_slice(new);
}

/// The first entry of the list.
fn listed(bytes: &[u8]) -> usize {
    first(bytes, b"PK\x01\x02")
}

#[test]
fn what_was_written_is_read_and_the_same_files_give_the_same_bytes() {
    let bytes = good();
    assert_eq!(bytes, good());
    let mut archive = open(&bytes).unwrap();
    let entries = archive.entries().to_vec();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["a.txt", "b/c.txt"]);
    assert_eq!(archive.bytes(&entries[0]).unwrap(), b"first");
    assert_eq!(archive.bytes(&entries[1]).unwrap().len() as u64, entries[1].size);
    // By another reader, with the date of the document and rights that everybody has.
    let mut other = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let file = other.by_index(0).unwrap();
    assert_eq!(file.last_modified().unwrap().to_string(), "2026-09-14 00:00:00");
    assert_eq!((file.unix_mode(), file.extra_data_fields().count()), (Some(0o100_644), 0));
}

#[test]
fn pictures_and_workbooks_are_not_packed_again() {
    let bytes = packed(&[
        ("a.pdf", b"%PDF-1.7 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("b.txt", &[b'a'; 900]),
    ]);
    let mut other = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let method = |at| other.by_index(at).unwrap().compression();
    assert_eq!([0, 1].map(method), [CompressionMethod::Stored, CompressionMethod::Deflated]);
}

#[test]
fn an_archive_of_very_many_files_is_written_and_read() {
    let names: Vec<String> = (0..66_000).map(|number| format!("{number}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let bytes = packed(&files);
    assert!(bytes.windows(4).any(|window| window == b"PK\x06\x06"), "it needs zip64");
    let bounds = Bounds { files: 70_000, ..Bounds::default() };
    let mut archive = Archive::open(Cursor::new(&bytes[..]), &bounds).unwrap();
    assert_eq!(archive.entries().len(), 66_000);
    let last = archive.entries()[65_999].clone();
    assert_eq!((last.name.as_str(), archive.bytes(&last).unwrap()), ("65999", b"x".to_vec()));
    assert!(refusal(&bytes).contains("it names 66000 files; the limit is 20000"));
}

/// Counts what is written and keeps the end of it, which is where an archive says what is in it.
struct Counting {
    position: u64,
    length: u64,
    /// Everything from the mark on.
    end: Vec<u8>,
    from: u64,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.position >= self.from {
            let at = usize::try_from(self.position - self.from).unwrap();
            self.end.truncate(at);
            self.end.extend_from_slice(bytes);
        }
        self.position += bytes.len() as u64;
        self.length = self.length.max(self.position);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Counting {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.length.checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.position.checked_add_signed(by).unwrap(),
        };
        Ok(self.position)
    }
}

#[test]
fn an_archive_of_more_than_4_gib_says_where_its_files_are() {
    let size: u64 = 64 << 20;
    let mut block = b"%PDF".to_vec();
    block.resize(usize::try_from(size).unwrap(), 0);
    let files = (0..66).map(|number| Ok((format!("{number:02}.pdf"), Cow::Borrowed(&block[..]))));
    let from = 65 * (size + 36) + size;
    let out = Counting { position: 0, length: 0, end: Vec::new(), from };
    let out = write(out, date(), files).unwrap();
    assert!(out.length > u64::from(u32::MAX));
    // The list, with the offsets of the last two files in eight bytes.
    let entry = last(&out.end, b"PK\x01\x02");
    let mut numbers = record::Numbers(&out.end[entry..]);
    let file = record::listed(&mut numbers).unwrap();
    assert_eq!((file.said.name, file.offset, file.said.size), (b"65.pdf".to_vec(), 65 * (size + 36), size));
    // And the end says where the list is.
    let end = last(&out.end, b"PK\x06\x06");
    let mut numbers = record::Numbers(&out.end[end + 40..]);
    assert_eq!(numbers.eight().unwrap(), numbers.eight().map(|offset| out.length - offset - 98).unwrap());
}

#[test]
fn what_is_no_archive_is_told_from_one_that_is_refused() {
    let what = |bytes: &[u8]| open(bytes).map(drop).unwrap_err();
    for bytes in [&b""[..], b"PDF", b"a text that is longer than the end of an archive"] {
        assert!(what(bytes).is_no_archive, "{}", what(bytes));
    }
    assert!(!what(&good()[..50]).is_no_archive);
    assert!(refusal(&packed(&[])).contains("it holds nothing"));
    let bytes = good();
    assert!(refusal(&bytes[..bytes.len() - 5]).contains("end"), "{}", refusal(&bytes[..bytes.len() - 5]));
}

#[test]
fn bytes_before_between_and_behind_are_refused() {
    let bytes = good();
    assert!(refusal(&[b"MZ", &bytes[..]].concat()).contains("bytes stand before the archive"));
    assert!(refusal(&[&bytes[..], b"x"].concat()).contains("bytes stand behind the end"));
    let end = last(&bytes, &record::END);
    let mut commented = bytes.clone();
    put(&mut commented, end + 20, &[2, 0]);
    assert!(refusal(&[&commented[..], b"hi"].concat()).contains("has a comment"));
    // A gap before the list, which the end knows of.
    let list = listed(&bytes);
    let mut gap = [&bytes[..list], b"hidden", &bytes[list..]].concat();
    put(&mut gap, end + 6 + 16, &u32::try_from(list + 6).unwrap().to_le_bytes());
    assert!(refusal(&gap).contains("bytes that belong to no file stand before its list"));
    // And between list and end.
    let gap = [&bytes[..end], b"hidden", &bytes[end..]].concat();
    assert!(refusal(&gap).contains("between its list of files and its end"));
}

/// An archive with another name in the place of `0`s, in both places.
fn named(name: &str) -> Vec<u8> {
    let stand_in = "0".repeat(name.len());
    let mut bytes = packed(&[(&stand_in, b"x"), ("other", b"y")]);
    for at in [first(&bytes, stand_in.as_bytes()), last(&bytes, stand_in.as_bytes())] {
        put(&mut bytes, at, name.as_bytes());
    }
    bytes
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for (name, why) in [
        ("../evil", "leads out of the folder"),
        ("a/../../evil", "leads out of the folder"),
        ("/etc/passwd", "does not begin in the folder"),
        ("..\\evil", "backslash"),
        ("C:\\evil", "backslash"),
        ("C:evil", "drive"),
        ("a//b", "empty part"),
        ("CON.txt", "device"),
        ("a\u{0}b", "cannot be seen"),
        ("caf\u{e9}", "alike"),
    ] {
        let said = refusal(&named(name));
        assert!(said.contains("the name") && said.contains(why), "{name}: {said}");
    }
}

#[test]
fn one_name_for_two_files_is_refused() {
    assert!(refusal(&named("other")).contains("\"other\" is in it twice"));
    assert!(refusal(&named("OTHER")).contains("are one name on some systems"));
    let mut bytes = packed(&[("ab", b"x"), ("ab0c", b"y")]);
    for at in [first(&bytes, b"ab0c"), last(&bytes, b"ab0c")] {
        put(&mut bytes, at, b"ab/c");
    }
    assert!(refusal(&bytes).contains("\"ab\" is a file and a folder"));
}

#[test]
fn what_list_and_file_say_differently_is_refused() {
    let bytes = good();
    let list = listed(&bytes);
    // Checksum, packed size, size, name: in the list, and at the file.
    for (in_list, in_head, new) in [(16, 14, 9_u8), (20, 18, 4), (24, 22, 4), (46, 30, b'z')] {
        for at in [list + in_list, in_head] {
            let mut bytes = bytes.clone();
            assert_ne!(bytes[at], new);
            bytes[at] = new;
            let said = refusal(&bytes);
            assert!(
                said.contains("is another thing in the list")
                    || said.contains("stand before")
                    || said.contains("overlaps"),
                "{at}: {said}"
            );
        }
    }
}

/// The same byte in list and head.
fn both(bytes: &mut [u8], in_list: usize, in_head: usize, new: u8) {
    let list = listed(bytes);
    bytes[list + in_list] = new;
    bytes[in_head] = new;
}

#[test]
fn wrong_sizes_and_checksums_are_refused() {
    let mut bytes = packed(&[("a.txt", &[b'a'; 300])]);
    let other = !bytes[14];
    both(&mut bytes, 16, 14, other);
    assert!(refusal(&bytes).contains("its checksum is another"));
    let mut bytes = packed(&[("a.txt", &[b'a'; 300])]);
    both(&mut bytes, 24, 22, 9);
    assert!(refusal(&bytes).contains("not as large as the archive says"));
    // More than the file unpacks to.
    let mut bytes = packed(&[("a.txt", &[b'a'; 300])]);
    both(&mut bytes, 25, 23, 9);
    assert!(refusal(&bytes).contains("not as large as the archive says"));
    // A file that was stored, and has two sizes.
    let mut bytes = packed(&[("a.pdf", b"%PDF and more")]);
    both(&mut bytes, 24, 22, 9);
    assert!(refusal(&bytes).contains("not as large as the archive says"));
    let mut bytes = good();
    let list = listed(&bytes);
    put(&mut bytes, list + 42, &[7]);
    let said = refusal(&bytes);
    assert!(said.contains("belong to no file") || said.contains("overlaps"), "{said}");
}

#[test]
fn hidden_bytes_behind_a_packed_file_are_refused() {
    // The packed size takes in the bytes of the next file, which the list no longer names.
    let mut bytes = packed(&[("a.txt", &[b'a'; 300])]);
    let list = listed(&bytes);
    let end = last(&bytes, &record::END);
    let size = bytes[18] + 6;
    both(&mut bytes, 20, 18, size);
    let mut bytes = [&bytes[..list], b"hidden", &bytes[list..]].concat();
    put(&mut bytes, end + 6 + 16, &u32::try_from(list + 6).unwrap().to_le_bytes());
    assert!(refusal(&bytes).contains("stand bytes that are no part of it"), "{}", refusal(&bytes));
}

#[test]
fn files_that_overlap_are_refused() {
    // Both entries of the list lead to the first file.
    let mut bytes = packed(&[("a1", b"same"), ("a2", b"same")]);
    let second = last(&bytes, b"PK\x01\x02");
    put(&mut bytes, second + 42, &[0, 0, 0, 0]);
    assert!(refusal(&bytes).contains("overlaps another file"), "{}", refusal(&bytes));
}

#[test]
fn links_encrypted_files_and_streams_are_refused() {
    let with = |in_list: usize, in_head: Option<usize>, new: u8| {
        let mut bytes = good();
        let list = listed(&bytes);
        bytes[list + in_list] = new;
        if let Some(at) = in_head {
            bytes[at] = new;
        }
        refusal(&bytes)
    };
    assert!(with(41, None, 0o120 << 1 | 1).contains("is a link to another file"));
    assert!(with(41, None, 0o020 << 1 | 1).contains("is no plain file"));
    assert!(with(8, Some(6), 1).contains("is encrypted"));
    assert!(with(8, Some(6), 8).contains("does not say its size before its content"));
    assert!(with(10, Some(8), 12).contains("packed in a way that a pack does not use"));
}

#[test]
fn bombs_are_refused_before_anything_is_unpacked() {
    let zeros = vec![0; 3 << 20];
    let bytes = packed(&[("a.bin", &zeros)]);
    assert!(refusal(&bytes).contains("more than 200 times its size"), "{}", refusal(&bytes));
    let refused =
        |bounds: Bounds| Archive::open(Cursor::new(&bytes[..]), &bounds).map(drop).unwrap_err().what;
    let bounds = Bounds { ratio: 10_000, ..Bounds::default() };
    assert!(Archive::open(Cursor::new(&bytes[..]), &bounds).is_ok());
    assert!(refused(Bounds { unpacked: 2 << 20, ..bounds }).contains("more than 2 MiB, the limit"));
    assert!(refused(Bounds { file: 2 << 20, ..bounds }).contains("more than 2 MiB, the limit of one file"));
    // One that claims to be small is unpacked to what it claims, and refused there.
    let mut claims = bytes.clone();
    let list = listed(&claims);
    for at in [list + 24, 22] {
        put(&mut claims, at, &1_000_u32.to_le_bytes());
    }
    assert!(refusal(&claims).contains("not as large as the archive says"));
    let count = packed(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let refused =
        Archive::open(Cursor::new(&count[..]), &Bounds { files: 2, ..bounds }).map(drop).unwrap_err();
    assert!(refused.what.contains("it names 3 files; the limit is 2"));
}

#[test]
fn fields_by_which_others_see_another_name_are_refused() {
    let bytes = packed(&[("a.txt", b"x")]);
    // The length of the extra field, and the field, in the list.
    let list = listed(&bytes);
    let end = last(&bytes, &record::END);
    let at = list + 46 + 5;
    let field = b"\x75\x70\x06\x00\x01abcdZ";
    let mut forged = [&bytes[..at], &field[..], &bytes[at..]].concat();
    let length = u8::try_from(field.len()).unwrap();
    forged[list + 30] = length;
    forged[end + field.len() + 12] += length;
    assert!(refusal(&forged).contains("0x7075"), "{}", refusal(&forged));
}

#[test]
fn what_is_packed_in_a_pack_is_not_opened() {
    let inner = good();
    let bytes = packed(&[("inner.zip", &inner)]);
    let mut archive = open(&bytes).unwrap();
    assert_eq!(archive.entries().len(), 1);
    let entry = archive.entries()[0].clone();
    assert_eq!(archive.bytes(&entry).unwrap(), inner);
}
