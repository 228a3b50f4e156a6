use super::parse::Parser;
use super::testing::pdf;
use super::*;
use crate::signature::SignatureError;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

const SMALL: &[&str] = &["<</Type/Catalog>>", "(two)", "[1 2 3]"];

fn at(number: u32) -> Reference {
    Reference { number, generation: 0 }
}

fn parsed(text: &str) -> Result<Object, SignatureError> {
    let bytes = text.as_bytes();
    let mut parser = Parser::new(bytes, 0);
    let object = parser.object()?;
    parser.space();
    assert_eq!(parser.position(), bytes.len(), "{text}");
    Ok(object)
}

fn written(object: &Object) -> String {
    let mut out = Vec::new();
    super::write::object(&mut out, object);
    String::from_utf8(out).unwrap()
}

fn problem(bytes: &[u8]) -> String {
    Document::read(bytes).unwrap_err().to_string()
}

const ID: &str = "/ID [(document) (first)]";

/// Replaces a piece of a PDF by another that is no longer, so that its table stays right.
fn replaced(pdf: &[u8], from: &str, to: &str) -> Vec<u8> {
    let to = format!("{to:<width$}", width = from.len());
    assert_eq!(from.len(), to.len());
    let at = pdf.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    [&pdf[..at], to.as_bytes(), &pdf[at + to.len()..]].concat()
}

#[test]
fn every_kind_of_object_comes_back_as_it_was() {
    for (text, again) in [
        ("null", "null"),
        (" true", "true"),
        ("false", "false"),
        ("-17", "-17"),
        ("12.50", "12.50"),
        ("-.002", "-.002"),
        ("4.", "4."),
        ("(a (nested) string)", r"(a \(nested\) string)"),
        (
            r"(octal \101\7z, \(one\) \\ and line\
less)",
            "<6F6374616C2041077A2C20286F6E6529205C20616E64206C696E656C657373>",
        ),
        ("<48 656C6C6f>", "(Hello)"),
        ("<4>", "(@)"),
        ("/Name#20with#28all#29#23", "/Name#20with#28all#29#23"),
        ("/", "/"),
        ("[1 0 R 3 0 R/A(b)]", "[1 0 R 3 0 R /A (b)]"),
        ("[1 2 0 R]", "[1 2 0 R]"),
        ("<</A<</B[<<>>]>>/C null>>", "<</A<</B[<<>>]>>/C null>>"),
        ("12 0 R", "12 0 R"),
    ] {
        let object = parsed(text).unwrap();
        assert_eq!(written(&object), again, "{text}");
        assert_eq!(parsed(&again.replace('\n', " ")).unwrap(), object, "{text}");
    }
    assert_eq!(parsed("[1 2 0 R]").unwrap().as_array().map(<[Object]>::len), Some(2));
}

#[test]
fn what_breaks_the_rules_is_not_guessed_at() {
    for (text, what) in [
        ("(open (string)", "byte 0: this string does not end"),
        ("<48", "this string does not end"),
        ("<4X>", "no hexadecimal digit"),
        ("/A#2", "an escape without its two digits"),
        ("/A#00", "an escape without its two digits"),
        ("<</A 1/B 2/A 3>>", "byte 10: this key stands twice"),
        ("<</A 1", "the key of a dictionary should stand there"),
        ("<<(A) 1>>", "the key of a dictionary should stand there"),
        ("[1 2", "a value should stand there"),
        ("1.2.3", "that is no number"),
        ("--1", "that is no number"),
        ("+4", "a value should stand there"),
        ("[1 % one\n]", "a value should stand there"),
        ("[1\0]", "a value should stand there"),
        ("7 1 R", "in the place of one that was deleted"),
        (".", "that is no number"),
        ("99999999999999999999", "that is no number"),
        ("endobj", "a value should stand there"),
        ("", "a value should stand there"),
    ] {
        let error = parsed(text).unwrap_err().to_string();
        assert!(error.contains(what), "{text}: {error}");
    }
    for deep in ["[".repeat(100_000), "<</A".repeat(100_000)] {
        assert!(parsed(&deep).unwrap_err().what.contains("too deep"));
    }
}

/// Of somebody else's making: each key is looked at once, however many there are.
#[test]
fn a_dictionary_may_have_a_great_many_keys() {
    let keys =
        |range: std::ops::Range<u32>| range.map(|key| format!("/K{key} {key}")).collect::<Vec<_>>().concat();
    let many = parsed(&format!("<<{}>>", keys(0..200_000))).unwrap();
    assert_eq!(many, parsed(&format!("<<{}{}>>", keys(7..200_000), keys(0..7))).unwrap());
    assert_ne!(many, parsed(&format!("<<{}>>", keys(1..200_001))).unwrap());
    let twice = parsed(&format!("<<{}{}>>", keys(0..200_000), keys(5..6))).unwrap_err();
    assert!(twice.what.contains("this key stands twice"), "{twice}");
}

#[test]
fn objects_are_read_one_by_one() {
    let pdf =
        pdf(&["<</Type/Catalog>>", "broken (", "<</Length 5 0 R>> stream\nabc\nendstream", "[1 2", "3"]);
    let document = Document::read(&pdf).unwrap();
    let Object::Stream(stream) = document.object(at(3)).unwrap() else { panic!("a stream") };
    assert_eq!(stream.data, b"abc");
    assert!(document.object(at(2)).is_err() && document.object(at(4)).is_err());
    assert_eq!(&pdf[document.span(at(5)).unwrap()], b"5 0 obj\n3\nendobj");
    let error = document.object(at(9)).unwrap_err();
    assert!(error.what.contains("object 9 0 is referred to and not there"), "{error}");
    assert!(document.object(Reference { number: 1, generation: 1 }).is_err());
}

#[test]
fn a_stream_whose_length_is_itself_is_refused() {
    let pdf = pdf(&["<</Type/Catalog>>", "<</Length 2 0 R>> stream\nabc\nendstream"]);
    let error = Document::read(&pdf).unwrap().object(at(2)).unwrap_err();
    assert!(error.what.contains("the length of a stream is a stream"), "{error}");
}

#[test]
fn an_update_stands_behind_the_old_bytes() {
    let first = pdf(SMALL);
    let document = Document::read(&first).unwrap();
    let mut update = Update::of(&document).unwrap();
    update.set(at(2), Object::name("other"));
    let new = update.add(Dict::of_type("New"));
    assert_eq!((new, update.object(at(2)).unwrap()), (at(4), Object::name("other")));
    let second = update.finish();
    assert!(second.starts_with(&first));

    let document = Document::read(&second).unwrap();
    assert_eq!(
        document.revisions().iter().map(|revision| revision.end).collect::<Vec<_>>(),
        [first.len(), second.len()]
    );
    assert_eq!(document.object(at(2)).unwrap(), Object::name("other"));
    assert_eq!(document.object(at(3)).unwrap(), parsed("[1 2 3]").unwrap());
    assert_eq!(document.dict(new).unwrap(), Dict::of_type("New"));
    assert_eq!(document.last().entries.keys().copied().collect::<Vec<_>>(), [2, 4]);
    let id = document.last().trailer.get("ID").and_then(Object::as_array).unwrap();
    assert_eq!(id[0], Object::String(b"document".to_vec()));
    assert_eq!(id[1].as_string().map(<[u8]>::len), Some(16));

    let before = Document::read(&second[..first.len()]).unwrap();
    assert_eq!(before.object(at(2)).unwrap(), Object::String(b"two".to_vec()));
}

#[test]
fn a_signature_has_a_hole_that_its_byte_range_leaves_out() {
    let first = pdf(SMALL);
    let document = Document::read(&first).unwrap();
    let mut update = Update::of(&document).unwrap();
    let signature = update.reserve();
    update.add(signature);
    let (mut signed, hole) = update.finish_signed(signature, &Dict::of_type("Sig"), 3);
    assert_eq!((hole.room(), &signed[hole.start..hole.end]), (3, b"<000000>".as_slice()));
    assert!(hole.fill(&mut signed, b"\xAB\x01"));
    assert!(!hole.fill(&mut signed, b"four"));
    let document = Document::read(&signed).unwrap();
    let dict = document.dict(signature).unwrap();
    assert_eq!(dict.get("Contents"), Some(&Object::String(b"\xAB\x01\0".to_vec())));
    let ranges = dict.get("ByteRange").and_then(Object::as_array).unwrap();
    let ranges: Vec<_> =
        ranges.iter().filter_map(Object::as_integer).map(|n| usize::try_from(n).unwrap()).collect();
    assert_eq!(ranges, [0, hole.start, hole.end, signed.len() - hole.end]);
    assert_eq!(hole.around(&signed).concat().len(), signed.len() - 8);
}

#[test]
fn a_file_that_is_not_ours_is_refused_with_the_reason() {
    let whole = pdf(SMALL);
    assert!(problem(b"PK\x03\x04").starts_with("this is no PDF"));
    assert!(problem(&whole[..whole.len() - 20]).starts_with("the PDF is not complete"));
    assert!(problem(&replaced(&whole, ID, "/Encrypt 2 0 R")).starts_with("the PDF is encrypted"));
    assert!(problem(&replaced(&whole, "xref\n0", "7 0 ob")).contains("in a stream"));
    assert!(
        problem(&replaced(&whole, "/Size 4", "/Size 3"))
            .contains("another number of objects than its trailer says")
    );
    assert!(problem(&replaced(&whole, ID, "/XRefStm 9")).contains("two tables"));
    assert!(problem(&replaced(&whole, "/Root", "/Toor")).contains("what its catalog is"));
}

#[test]
fn a_chain_of_tables_without_an_end_is_refused() {
    let whole = pdf(SMALL);
    let table = Document::read(&whole).unwrap().last().table;
    let looping = replaced(&whole, ID, &format!("/Prev {table}"));
    assert!(problem(&looping).contains("does not lie before it"), "{}", problem(&looping));
}

#[test]
fn a_table_may_not_name_what_another_revision_holds() {
    let first = pdf(SMALL);
    let document = Document::read(&first).unwrap();
    let mut update = Update::of(&document).unwrap();
    update.set(at(2), Object::Null);
    let second = update.finish();
    let offset = Document::read(&second).unwrap().span(at(2)).unwrap().start;
    let stray = replaced(&second, &format!("{offset:010} 00000 n"), "0000000009 00000 n");
    assert!(problem(&stray).contains("object 2 lies where another revision is"), "{}", problem(&stray));
}

#[test]
fn what_stands_behind_the_end_belongs_to_nothing() {
    let mut bytes = pdf(SMALL);
    let whole = bytes.len();
    bytes.extend(b"% added\n");
    let document = Document::read(&bytes).unwrap();
    assert_eq!((document.last().end, document.trailing()), (whole, b"% added\n".as_slice()));
    assert!(Update::of(&document).unwrap_err().what.contains("8 bytes behind the end"));
}

#[test]
fn no_damage_makes_it_panic() {
    let first = pdf(&[
        "<</Type/Catalog/Names<</EmbeddedFiles 2 0 R>>>>",
        "<</Kids[2 0 R]>>",
        "<</Length 3>> stream\nabc\nendstream",
    ]);
    let document = Document::read(&first).unwrap();
    let mut update = Update::of(&document).unwrap();
    update.set(at(3), parsed("[(a) <0b> /C#20 1.5 <</D 2 0 R>>]").unwrap());
    let whole = update.finish();
    for index in 0..whole.len() {
        for byte in [0, b' ', b'0', b'9', b'(', b'<', b'>', b'/', b'[', 0xFF, whole[index] ^ 1] {
            let mut bytes = whole.clone();
            bytes[index] = byte;
            let _ = read_all(&bytes);
        }
        let _ = read_all(&whole[..index]);
    }
    let error = read_all(&whole).unwrap_err();
    assert!(error.what.contains("contains a node of itself"), "{error}");
}

fn read_all(bytes: &[u8]) -> Result<(), SignatureError> {
    let document = Document::read(bytes)?;
    for number in 0..5 {
        let _ = document.object(at(number));
    }
    document.attachment("case.json", 100)?;
    Ok(())
}

fn names() -> impl Strategy<Value = Vec<u8>> {
    vec(1..=u8::MAX, 0..8)
}

fn objects() -> impl Strategy<Value = Object> {
    let plain = prop_oneof![
        Just(Object::Null),
        any::<bool>().prop_map(Object::Boolean),
        any::<i64>().prop_map(Object::Integer),
        (any::<i32>(), any::<u16>()).prop_map(|(whole, part)| Object::Real(format!("{whole}.{part}"))),
        any::<Vec<u8>>().prop_map(Object::String),
        names().prop_map(Object::Name),
        any::<u32>().prop_map(|number| Object::Reference(at(number))),
    ];
    plain.prop_recursive(4, 64, 6, |inner| {
        let entries = vec((names(), inner.clone()), 0..6);
        prop_oneof![
            vec(inner, 0..6).prop_map(Object::Array),
            entries.prop_map(|entries| {
                let entries: BTreeMap<_, _> = entries.into_iter().collect();
                Object::Dict(Dict::of_entries(entries.into_iter().collect()).unwrap())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_it_was(object in objects()) {
        let mut out = Vec::new();
        super::write::object(&mut out, &object);
        let mut parser = Parser::new(&out, 0);
        prop_assert_eq!(parser.object().unwrap(), object);
        prop_assert_eq!(parser.position(), out.len());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), inner in "[\\[\\]<>()/ %#0-9a-zA-Z.+-]{0,60}") {
        let _ = Parser::new(&bytes, 0).object();
        let _ = Parser::new(inner.as_bytes(), 0).object();
    }
}
