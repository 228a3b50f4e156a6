//! Changes to a document, put behind its bytes.

use super::super::SignatureError;
use super::document::{Document, Objects, unsuited};
use super::object::{Dict, Object, Reference};
use super::write;
use crate::signature::DigestAlgorithm;
use std::collections::BTreeMap;

/// Room for `/ByteRange`, whose numbers are known when all else is written: three of any size there is.
const BYTE_RANGE: usize = "[0 ]".len() + 3 * "18446744073709551615 ".len();

/// A revision in the making: objects that change and objects that come in.
#[derive(Debug)]
pub struct Update<'a> {
    document: &'a Document<'a>,
    changed: BTreeMap<Reference, Object>,
    next: u32,
}

/// The place of a signature in the file: its hexadecimal digits and the brackets around them, which are all that the
/// signature does not cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    pub start: usize,
    pub end: usize,
}

impl Hole {
    /// What is signed.
    #[must_use]
    pub fn around<'a>(&self, pdf: &'a [u8]) -> [&'a [u8]; 2] {
        [&pdf[..self.start], &pdf[self.end..]]
    }

    /// How many bytes fit.
    #[must_use]
    pub fn room(&self) -> usize {
        (self.end - self.start - 2) / 2
    }

    /// Puts a signature there; whether it fits. One that does not leaves the file as it is.
    #[must_use]
    pub fn fill(&self, pdf: &mut [u8], signature: &[u8]) -> bool {
        let fits = signature.len() <= self.room();
        if fits {
            let places = pdf[self.start + 1..self.end - 1].chunks_exact_mut(2);
            for (place, byte) in places.zip(signature) {
                place.copy_from_slice(format!("{byte:02x}").as_bytes());
            }
        }
        fits
    }
}

impl<'a> Update<'a> {
    pub fn of(document: &'a Document<'a>) -> Result<Self, SignatureError> {
        if !document.trailing().is_empty() {
            return Err(SignatureError::new(format!(
                "there are {} bytes behind the end of the PDF, which belong to none of its revisions",
                document.trailing().len()
            ))
            .hint("use the file as it was written; something was added to this one, or its end is missing"));
        }
        let size = document.last().trailer.get("Size").and_then(Object::as_integer);
        let Some(next) = size.and_then(|size| u32::try_from(size).ok()) else {
            return Err(unsuited("its trailer does not say how many objects there are"));
        };
        Ok(Self { document, changed: BTreeMap::new(), next })
    }

    /// A number for an object that is still to come.
    pub fn reserve(&mut self) -> Reference {
        let reference = Reference { number: self.next, generation: 0 };
        self.next += 1;
        reference
    }

    pub fn add(&mut self, object: impl Into<Object>) -> Reference {
        let reference = self.reserve();
        self.set(reference, object);
        reference
    }

    pub fn set(&mut self, reference: Reference, object: impl Into<Object>) {
        self.changed.insert(reference, object.into());
    }

    /// The file with these changes behind its bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let (mut pdf, offsets) = self.objects();
        self.end(&mut pdf, offsets);
        pdf
    }

    /// The same with a signature: its dictionary, to which `/ByteRange` comes, and `/Contents` with room for so many
    /// bytes. `reference` is one that was reserved for it.
    #[must_use]
    pub fn finish_signed(self, reference: Reference, signature: &Dict, room: usize) -> (Vec<u8>, Hole) {
        let (mut pdf, mut offsets) = self.objects();
        offsets.push((reference, pdf.len()));
        pdf.extend(format!("{reference} obj\n<<").bytes());
        write::entries(&mut pdf, signature);
        pdf.extend(b"/ByteRange ");
        let byte_range = pdf.len();
        pdf.extend([b' '; BYTE_RANGE]);
        pdf.extend(b"/Contents ");
        let start = pdf.len();
        pdf.push(b'<');
        pdf.extend(std::iter::repeat_n(b'0', room * 2));
        pdf.push(b'>');
        let hole = Hole { start, end: pdf.len() };
        pdf.extend(b">>\nendobj\n");
        self.end(&mut pdf, offsets);
        let ranges = format!("[0 {} {} {}]", hole.start, hole.end, pdf.len() - hole.end);
        pdf[byte_range..byte_range + ranges.len()].copy_from_slice(ranges.as_bytes());
        (pdf, hole)
    }

    /// The old bytes and the objects that changed, and where each of these is.
    fn objects(&self) -> (Vec<u8>, Vec<(Reference, usize)>) {
        let old = self.document.bytes();
        let mut pdf = Vec::with_capacity(old.len() + 64 * 1024);
        pdf.extend(old);
        if !old.ends_with(b"\n") {
            pdf.push(b'\n');
        }
        let mut offsets = Vec::with_capacity(self.changed.len() + 1);
        for (reference, object) in &self.changed {
            offsets.push((*reference, pdf.len()));
            pdf.extend(format!("{reference} obj\n").bytes());
            write::object(&mut pdf, object);
            pdf.extend(b"\nendobj\n");
        }
        (pdf, offsets)
    }

    /// The table and the trailer.
    fn end(&self, pdf: &mut Vec<u8>, mut offsets: Vec<(Reference, usize)>) {
        offsets.sort_unstable();
        let table = pdf.len();
        write_table(pdf, &offsets);
        let trailer = self.trailer(&pdf[self.document.bytes().len()..]);
        pdf.extend(b"trailer\n");
        write::dict(pdf, &trailer);
        pdf.extend(format!("\nstartxref\n{table}\n%%EOF\n").bytes());
    }

    /// The trailer of the revision before, with what is new. The first half of `/ID` says which document this is, the
    /// second which revision.
    fn trailer(&self, added: &[u8]) -> Dict {
        let previous = self.document.last();
        let mut trailer = Dict::new()
            .with("Size", i64::from(self.next))
            .with("Prev", i64::try_from(previous.table).unwrap_or(i64::MAX));
        for key in ["Root", "Info"] {
            if let Some(value) = previous.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        if let Some([document, _]) = previous.trailer.get("ID").and_then(Object::as_array) {
            let revision = DigestAlgorithm::Sha256.digest(&[added])[..16].to_vec();
            trailer.set("ID", vec![document.clone(), Object::String(revision)]);
        }
        trailer
    }
}

impl Objects for Update<'_> {
    fn object(&self, reference: Reference) -> Result<Object, SignatureError> {
        self.changed.get(&reference).cloned().map_or_else(|| self.document.object(reference), Ok)
    }

    fn catalog(&self) -> Reference {
        self.document.catalog()
    }
}

/// A section for each run of numbers.
fn write_table(pdf: &mut Vec<u8>, offsets: &[(Reference, usize)]) {
    pdf.extend(b"xref\n");
    for run in offsets.chunk_by(|(a, _), (b, _)| a.number.checked_add(1) == Some(b.number)) {
        pdf.extend(format!("{} {}\n", run[0].0.number, run.len()).bytes());
        for (reference, offset) in run {
            pdf.extend(format!("{offset:010} {:05} n\r\n", reference.generation).bytes());
        }
    }
}
