//! Section and page that the completeness chapter prints are those of the heading that it speaks of.
//!
//! The test follows them as a reader does: it reads "12.2, p. 47" off the page, takes the link that stands there
//! to its page, and looks in the bookmarks for the heading of that number.

use super::fixture::report_of_sample;
use cscr::report::RenderOptions;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// A place in a PDF: page from 1, and how far down.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spot {
    page: u32,
    /// Points from the foot of the page; destinations are copies of one another, so that equal is equal.
    height: f32,
}

struct Pdf {
    document: Document,
    pages: BTreeMap<u32, ObjectId>,
}

impl Pdf {
    fn of(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let pages = document.get_pages();
        Self { document, pages }
    }

    fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.document.dereference(object).unwrap().1
    }

    fn dictionary<'a>(&'a self, object: &'a Object) -> &'a Dictionary {
        self.resolve(object).as_dict().unwrap()
    }

    /// `[page /XYZ left top zoom]`, or a dictionary that holds it.
    fn spot(&self, destination: &Object) -> Spot {
        let destination = self.resolve(destination);
        let array = match destination {
            Object::Dictionary(dictionary) => self.resolve(dictionary.get(b"D").unwrap()),
            array => array,
        };
        let array = array.as_array().unwrap();
        let id = array[0].as_reference().unwrap();
        let page = *self.pages.iter().find(|(_, page)| **page == id).unwrap().0;
        let top = self.resolve(&array[3]).as_float().unwrap();
        Spot { page, height: top }
    }

    /// Where each label leads.
    fn labels(&self) -> BTreeMap<String, Spot> {
        let names = self.dictionary(self.document.catalog().unwrap().get(b"Names").unwrap());
        let tree = self.dictionary(names.get(b"Dests").unwrap());
        let mut labels = BTreeMap::new();
        self.walk_names(tree, &mut labels);
        labels
    }

    fn walk_names(&self, node: &Dictionary, labels: &mut BTreeMap<String, Spot>) {
        for kid in node.get(b"Kids").and_then(Object::as_array).into_iter().flatten() {
            self.walk_names(self.dictionary(kid), labels);
        }
        let pairs = node.get(b"Names").and_then(Object::as_array).map_or(&[][..], Vec::as_slice);
        for pair in pairs.chunks(2) {
            labels.insert(lopdf::decode_text_string(&pair[0]).unwrap(), self.spot(&pair[1]));
        }
    }

    /// The title of each bookmark, with its number, and where it leads.
    fn headings(&self) -> Vec<(String, Spot)> {
        let outlines = self.dictionary(self.document.catalog().unwrap().get(b"Outlines").unwrap());
        let mut headings = Vec::new();
        self.walk_bookmarks(outlines, &mut headings);
        headings
    }

    fn walk_bookmarks(&self, parent: &Dictionary, headings: &mut Vec<(String, Spot)>) {
        let mut next = parent.get(b"First").ok();
        while let Some(object) = next {
            let entry = self.dictionary(object);
            let title = lopdf::decode_text_string(entry.get(b"Title").unwrap()).unwrap();
            headings.push((title, self.spot(entry.get(b"Dest").unwrap())));
            self.walk_bookmarks(entry, headings);
            next = entry.get(b"Next").ok();
        }
    }

    /// The labels that the links of a page lead to.
    fn links(&self, page: u32) -> BTreeSet<String> {
        let annotations = self.document.get_page_annotations(self.pages[&page]).unwrap();
        let to_label =
            |annotation: &&Dictionary| lopdf::decode_text_string(annotation.get(b"Dest").ok()?).ok();
        annotations.iter().filter_map(to_label).collect()
    }

    /// Every "12.2, p. 47" and "App. B.1, p. 50" on a page.
    fn printed(&self, page: u32) -> Vec<(String, u32)> {
        let text = self.document.extract_text(&[page]).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        let reference = |three: &[&str]| {
            let number = three[0].strip_suffix(',')?;
            let is_number = number.chars().all(|c| c.is_ascii_digit() || c == '.' || c.is_ascii_uppercase());
            let page: String = three[2].chars().take_while(char::is_ascii_digit).collect();
            (is_number && three[1] == "p.").then(|| (number.to_owned(), page.parse().unwrap()))
        };
        words.windows(3).filter_map(reference).collect()
    }
}

fn number_of(title: &str) -> &str {
    title.split(' ').next().unwrap_or_default()
}

/// The sample's report, and the anchors of its clauses.
fn sample() -> (Vec<u8>, Vec<(String, Vec<String>)>) {
    let (_, assurance, rendered) = report_of_sample("referral-hub", RenderOptions::default());
    let anchors = assurance.clauses.into_iter().map(|row| (row.number, row.anchors)).collect();
    (rendered.pdf, anchors)
}

#[test]
fn what_the_completeness_chapter_prints_is_where_the_heading_stands() {
    let (bytes, anchors) = sample();
    let pdf = Pdf::of(&bytes);
    let (labels, headings) = (pdf.labels(), pdf.headings());
    let heading_at =
        |spot: Spot| headings.iter().find(|(_, at)| *at == spot).map(|(title, _)| title.as_str());
    let first = labels["section:completeness"].page;
    let last = labels["section:quality-assurance"].page;
    let mut followed = 0;
    for page in first..=last {
        let links = pdf.links(page);
        for (number, stated) in pdf.printed(page) {
            let heading = headings.iter().find(|(title, _)| number_of(title) == number);
            let (title, spot) =
                heading.unwrap_or_else(|| panic!("page {page} names {number}: no such heading"));
            assert_eq!(spot.page, stated, "page {page} says that {title} is on page {stated}");
            let leads = links.iter().any(|label| labels.get(label) == Some(spot));
            assert!(leads, "page {page} names {title}, and no link of it leads there");
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}: the test would prove little");

    // Each clause leads to the headings that it claims, and a hazard's label to the hazard.
    let clauses = labels["part:clauses"].page;
    let linked: BTreeSet<String> = (clauses..=last).flat_map(|page| pdf.links(page)).collect();
    for (clause, anchors) in anchors {
        for anchor in anchors {
            assert!(linked.contains(&anchor), "clause {clause} has no link to {anchor}");
        }
    }
    for (label, spot) in &labels {
        if let Some(key) = label.strip_prefix("hazard:") {
            let title = heading_at(*spot).unwrap_or_else(|| panic!("{label} leads to no heading"));
            assert!(title.contains(key), "{label} leads to \"{title}\"");
        }
    }
}

#[test]
fn labels_within_chapters_lead_to_the_headings_that_they_are_named_for() {
    let (bytes, _) = sample();
    let pdf = Pdf::of(&bytes);
    let (labels, headings) = (pdf.labels(), pdf.headings());
    for (label, words) in [
        ("part:people", "People and roles"),
        ("part:plan", "Clinical risk management plan"),
        ("part:process-review", "Review of the process"),
        ("part:third-party", "Third-party products"),
        ("part:hazard-summary", "Hazard summary"),
        ("part:statement", "Statement of the Clinical Safety Officer"),
        ("part:approval", "Document approval"),
        ("part:pre-delivery-review", "Review before delivery"),
        ("part:incidents", "Safety incidents"),
        ("part:clauses", "Clauses of DCB0129"),
    ] {
        let title = headings.iter().find(|(_, spot)| *spot == labels[label]).map(|(title, _)| title.as_str());
        assert!(title.is_some_and(|title| title.ends_with(words)), "{label} leads to {title:?}");
    }
}
