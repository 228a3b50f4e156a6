//! What other readers could find in a file, of which this one would know nothing.
//!
//! A reader that takes a file for damaged looks for objects by itself. So each test takes a revision that is as it
//! should be, and makes it such that some reader (poppler, pdfium, mupdf, qpdf, pypdf) would do so.

use super::*;
use crate::signature::testing::{issued, person, revocation_list};
use flate2::write::ZlibEncoder;
use rcgen::CustomExtension;
use std::io::Write as _;

/// A revision that puts the catalog in its own place, in pieces that a test can replace.
pub struct Appended<'a> {
    signed: &'a [u8],
    /// What lies where the table says that the catalog is.
    pub object: String,
    /// What stands between that and where the end of the file says that the table is.
    pub between: String,
    table: String,
}

impl<'a> Appended<'a> {
    pub fn behind(signed: &'a [u8]) -> Self {
        let document = Document::read(signed).unwrap();
        let last = document.last();
        let catalog = &signed[document.span(object(1)).unwrap()];
        let size = last.trailer.get("Size").and_then(Object::as_integer).unwrap();
        Self {
            signed,
            object: format!("{}\n", String::from_utf8_lossy(catalog)),
            between: String::new(),
            table: format!(
                "xref\n1 1\nOFFSET 00000 n\r\ntrailer\n<</Size {size}/Root 1 0 R/Prev {}/ID[(document)(other)]>>\n\
                 startxref\nTABLE\n%%EOF\n",
                last.table
            ),
        }
    }

    /// The file, with one piece of what stands behind the objects replaced by another.
    pub fn with(&self, from: &str, to: &str) -> Vec<u8> {
        assert!(self.table.contains(from), "{from}");
        let offset = self.signed.len();
        let table = offset + self.object.len() + self.between.len();
        let tail = self.table.replacen(from, to, 1);
        let tail = tail.replace("OFFSET", &format!("{offset:010}")).replace("TABLE", &table.to_string());
        [self.signed, self.object.as_bytes(), self.between.as_bytes(), tail.as_bytes()].concat()
    }

    fn whole(&self) -> Vec<u8> {
        self.with("", "")
    }
}

/// An object that would put other content on page 1.
const HIDDEN: &str = "5 0 obj\n<</Length 4>>\nstream\nBT )\nendstream\nendobj\n";

#[track_caller]
fn refused(pdf: &[u8], said: &str) {
    assert!(!is_accepted(pdf));
    assert!(objections(pdf).contains(said), "{}", objections(pdf));
}

#[test]
fn a_table_has_one_form() {
    let signed = World::new().sign(&report(), "ada");
    let revision = Appended::behind(&signed);
    assert!(is_accepted(&revision.whole()), "{}", objections(&revision.whole()));
    for (from, to, said) in [
        ("xref\n", "xref \n", "the line should end"),
        ("xref\n", "xref%c\n", "the line should end"),
        ("xref\n", "%c\nxref\n", "`xref` should stand there"),
        ("xref\n", "\nxref\n", "`xref` should stand there"),
        ("xref\n", "xref\n0 0\n", "has no objects"),
        ("xref\n1 1", "xref\n01 1", "a whole number"),
        ("xref\n1 1", "xref\n1  1", "a whole number"),
        ("xref\n1 1\n", "xref\n1 %\n1\n", "a whole number"),
        ("xref\n", "xref\n1 1\n0000000000 65535 f\r\n", "takes an object away"),
        ("xref\n", "xref\n0 1\n0000000009 00000 n\r\n", "where another revision is"),
        (" n\r\n", " n\n", "twenty bytes"),
        (" n\r\n", " n", "twenty bytes"),
        ("OFFSET 00000", "OFFSET 0", "twenty bytes"),
        ("OFFSET 00000", "OFFSET 00001", "in the place of one that was deleted"),
        ("trailer\n", "% 12345 00000 n\ntrailer\n", "a whole number"),
        ("trailer\n", "trailer ", "the line should end"),
        ("trailer\n", "trailer\n%c\n", "a dictionary should stand there"),
        ("/Prev ", "/Prev +", "a value should stand there"),
        ("/Root 1 0 R", "/Root 1 1 R", "in the place of one that was deleted"),
        (">>\nstartxref", ">>\n%\t5 0 obj\nstartxref", "`startxref` should stand there"),
        ("(other)", "(\n5 0 obj<<>>)", "the trailer holds what could be taken for an object"),
        ("(other)", "(\ntrailer<<>>)", "the trailer holds what could be taken for an object"),
        ("startxref\n", "startxref\n%9\n", "a whole number"),
        ("startxref\n", "startxref\n\n", "a whole number"),
        ("TABLE\n", "TABLE\n\n", "`%%EOF` should stand there"),
    ] {
        refused(&revision.with(from, to), said);
    }
}

#[test]
fn a_trailer_says_how_many_objects_there_are() {
    let signed = World::new().sign(&report(), "ada");
    let revision = Appended::behind(&signed);
    for size in ["", "/Size 5", "/Size 16", "/Size 18", "/Size -1", "/Size 17.0", "/Size 9223372036854775807"]
    {
        refused(&revision.with("/Size 17", size), "another number of objects than its trailer says");
    }
    let mut far = Appended::behind(&signed);
    far.object = "9000000 0 obj\n()\nendobj\n".to_owned();
    far.table = far.table.replace("1 1\nOFFSET", "9000000 1\nOFFSET").replace("/Size 17", "/Size 9000001");
    refused(&far.whole(), "another number of objects than its trailer says");
}

#[test]
fn an_object_stands_exactly_where_its_table_says() {
    let signed = World::new().sign(&report(), "ada");
    let revision = || Appended::behind(&signed);
    for (from, to, said) in [
        ("1 0 obj", "%c\n1 0 obj", "object 1 0 should stand there"),
        ("1 0 obj", " 1 0 obj", "object 1 0 should stand there"),
        ("1 0 obj", "1  0 obj", "object 1 0 should stand there"),
        ("1 0 obj", "01 0 obj", "object 1 0 should stand there"),
        ("1 0 obj", "1 0 objx", "object 1 0 should stand there"),
        ("<<", "%\t5 0 obj\n<<", "a value should stand there"),
        ("<<", "\0<<", "a value should stand there"),
        ("endobj\n", "endobj", "the line should end there"),
        ("endobj\n", "endobj %5 0 obj\n", "belongs to no object"),
    ] {
        let mut revision = revision();
        revision.object = revision.object.replacen(from, to, 1);
        refused(&revision.whole(), said);
    }
}

/// Nobody shows these bytes, and somebody put them there.
#[test]
fn nothing_lies_beside_the_objects() {
    let signed = World::new().sign(&report(), "ada");
    for between in [HIDDEN, "% a remark that no table knows\n", "%%EOF\n", "x"] {
        let mut revision = Appended::behind(&signed);
        between.clone_into(&mut revision.between);
        refused(&revision.whole(), "belongs to no object");
    }
    let mut revision = Appended::behind(&signed);
    revision.between = "\n \r\n".to_owned();
    assert!(is_accepted(&revision.whole()), "white space hides nothing");
}

/// What was signed first is held to the same form: nothing in it waits for a later state to be found.
#[test]
fn the_first_state_is_held_to_the_same_form() {
    let world = World::new();
    let whole = String::from_utf8(report()).unwrap();
    for (from, to, said) in [
        ("%PDF-1.7\n", "%PDF-1.7%", "the first line should be"),
        ("(nothing leads here)", "(noth 5 0 obj <<>> )", "could be taken for another object"),
        ("(nothing leads here)", "% n 5 0 obj\n(123456)", "a value should stand there"),
        ("(nothing leads here)\nendobj\n", "1\nendobj\n5 0 obj\n()        \n", "belongs to no object"),
    ] {
        assert_eq!(from.len(), to.len());
        refused(&world.sign(&whole.replacen(from, to, 1).into_bytes(), "ada"), said);
    }
}

/// Puts this into a signed file as data for long-term validation.
fn stored(world: &World, key: &str, stored: Stream) -> Vec<u8> {
    updated(&world.sign(&report(), "ada"), |update| {
        let stored = update.add(stored);
        let store = update.add(Dict::of_type("DSS").with(key, vec![stored.into()]));
        let catalog = update.dict(object(1)).unwrap().with("DSS", store);
        update.set(object(1), catalog);
    })
}

#[test]
fn validation_data_is_what_it_is_named() {
    let world = World::new();
    let certificate = world.authority.certificate().der().to_vec();
    let list = revocation_list(&world.authority, &[], (1, 1), (12, 1));
    assert!(is_accepted(&stored(&world, "Certs", stream(&certificate))));
    assert!(is_accepted(&stored(&world, "CRLs", stream(&list))));
    let longer = [&certificate[..], b"\n"].concat();
    let named = Stream { dict: Dict::of_type("XObject"), data: certificate.clone() };
    for (key, data) in [
        ("Certs", stream("certificate")),
        ("Certs", stream(&list)),
        ("Certs", stream(longer)),
        ("Certs", named),
        ("CRLs", stream(&certificate)),
        ("OCSPs", stream(&list)),
        ("Other", stream(&certificate)),
    ] {
        refused(&stored(&world, key, data), "added as data for long-term validation that is none");
    }
}

/// A certificate can hold any bytes in an extension, and is one all the same.
#[test]
fn no_object_hides_in_a_certificate() {
    let world = World::new();
    let mut parameters = person();
    let hidden = CustomExtension::from_oid_content(&[1, 2, 3, 4], HIDDEN.as_bytes().to_vec());
    parameters.custom_extensions = vec![hidden];
    let identity = issued(&parameters, &world.authority);
    let hiding = stored(&world, "Certs", stream(crate::signature::Signer::chain(&identity)[0].der()));
    refused(&hiding, "could be taken for another object");
}

#[test]
fn no_stream_holds_objects() {
    let world = World::new();
    for kind in ["ObjStm", "XRef"] {
        let holding = Stream { dict: Dict::of_type(kind), data: Vec::new() };
        refused(&stored(&world, "Certs", holding), "object 17 0 holds what could be taken");
    }
    let elsewhere = Stream { dict: Dict::new().with("Type", object(1)), data: Vec::new() };
    refused(&stored(&world, "Certs", elsewhere), "may hold objects");
}

/// A few bytes that unpack to more than the memory holds.
#[test]
fn validation_data_unpacks_to_no_more_than_any_needs() {
    let world = World::new();
    let packed = |length: usize| {
        let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&vec![0; length]).unwrap();
        let dict = Dict::new().with("Filter", Object::name("FlateDecode"));
        Stream { dict, data: encoder.finish().unwrap() }
    };
    let one = stored(&world, "CRLs", packed((64 << 20) + 1));
    refused(&one, "is larger than 67108864 bytes");
    // Named often, it is read once; of several, all count together.
    let base = updated(&report(), |update| {
        let half = update.add(packed(40 << 20));
        let store = update.add(Dict::of_type("DSS").with("CRLs", vec![half.into(); 80]));
        let catalog = update.dict(object(1)).unwrap().with("DSS", store);
        update.set(object(1), catalog);
    });
    assert_eq!(super::stored(&Document::read(&base).unwrap()).unwrap().revocation_lists.len(), 1);
    let two = updated(&base, |update| {
        let halves = [update.add(packed(40 << 20)).into(), update.add(packed(40 << 20)).into()].to_vec();
        let store = update.add(Dict::of_type("DSS").with("CRLs", halves));
        let catalog = update.dict(object(1)).unwrap().with("DSS", store);
        update.set(object(1), catalog);
    });
    assert!(super::stored(&Document::read(&two).unwrap()).unwrap_err().what.contains("is larger than"));
}

#[test]
fn what_comes_along_as_a_revocation_list_is_one() {
    let world = World::new();
    let signed = world.sign(&report(), "ada");
    let document = Document::read(&signed).unwrap();
    let signature = fields(&document).unwrap()[0].signature.unwrap();
    let gap = coverage(&document, signature, &document.dict(signature).unwrap()).unwrap().gap;
    let contents = document.dict(signature).unwrap();
    let contents = contents.get("Contents").and_then(Object::as_string).unwrap();
    let junk = der_of(0x30, &der_of(4, b"nobody signed this"));
    let along = with_revocations(crate::signature::raw::within_padding(contents).unwrap(), &junk);
    let digits: Vec<u8> = along.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    let mut changed = signed.clone();
    changed[gap.start + 1..gap.start + 1 + digits.len()].copy_from_slice(&digits);
    refused(&changed, "something came along with it as a revocation list that is none");
}

/// An element of DER.
fn der_of(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    let mut der = vec![tag];
    if length < 128 {
        der.push(length.to_le_bytes()[0]);
    } else {
        der.push(0x84);
        der.extend(length.to_be_bytes());
        // DER has no zeros before a length.
        while der[2] == 0 {
            der.remove(2);
            der[1] -= 1;
        }
    }
    der.extend(content);
    der
}

/// `SignedData` with this among its revocation lists, where it had none.
fn with_revocations(content_info: &[u8], list: &[u8]) -> Vec<u8> {
    use der::{Any, Decode as _, Encode as _};
    let outer = Vec::<Any>::from_der(content_info).unwrap();
    let parts = Vec::<Any>::from_der(outer[1].value()).unwrap();
    let mut parts: Vec<Vec<u8>> = parts.iter().map(|part| part.to_der().unwrap()).collect();
    parts.insert(parts.len() - 1, der_of(0xA1, list));
    let data = der_of(0x30, &parts.concat());
    der_of(0x30, &[outer[0].to_der().unwrap(), der_of(0xA0, &data)].concat())
}
