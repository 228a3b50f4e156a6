//! What a report says once it is laid out: the text of its pages, line by line.
//!
//! A template of an organisation's own may leave a hazard out or type a score in. Only the laid-out pages show
//! it, so they are what [`crate::assurance::printed`] reads. Where its labels stand is known then, too, for whoever
//! refers to the report from another document.

use super::link::TO;
use std::collections::BTreeMap;
use typst::foundations::Content;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::model::HeadingElem;
use typst_layout::PagedDocument;

/// A run of text on a page.
struct Run<'a> {
    /// Where its baseline begins.
    at: Point,
    end: Abs,
    text: &'a str,
    size: Abs,
}

/// The text of every page. Its lines are those of the page; columns stand three spaces apart.
pub(super) fn pages(document: &PagedDocument) -> Vec<String> {
    document.pages().iter().map(|page| page_text(&page.frame)).collect()
}

/// Where each label of the report stands: `3.2, p. 14`, `App. A, p. 40`, and for what is no numbered heading the page.
pub(super) fn shown(document: &PagedDocument) -> BTreeMap<String, String> {
    let introspector = document.introspector();
    let labelled = introspector.elements().all().filter_map(|element| {
        let label = element.label()?.resolve();
        // A heading comes before the place at it that links lead to.
        let label = label.as_str().strip_prefix(TO).unwrap_or(label.as_str()).to_owned();
        let page = introspector.position(element.location()?)?.page;
        let words = match number_of(element) {
            Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{number}, p. {page}")
            }
            Some(number) => format!("App. {number}, p. {page}"),
            None => format!("p. {page}"),
        };
        Some((label, words))
    });
    // The first, where one stands twice.
    let mut shown = BTreeMap::new();
    for (label, words) in labelled {
        shown.entry(label).or_insert(words);
    }
    shown
}

/// The number of a heading that has one.
fn number_of(element: &Content) -> Option<String> {
    let heading = element.to_packed::<HeadingElem>()?;
    heading.numbers.as_ref().filter(|numbers| !numbers.is_empty()).map(ToString::to_string)
}

fn page_text(frame: &Frame) -> String {
    let mut runs = Vec::new();
    collect(frame, Transform::identity(), &mut runs);
    // Runs of one line may differ a little in height, such as a badge in a table.
    runs.sort_by_key(|run| run.at.y);
    let mut lines: Vec<Vec<Run<'_>>> = Vec::new();
    for run in runs {
        match lines.last_mut() {
            Some(line) if line.last().is_some_and(|last| run.at.y - last.at.y < run.size * 0.3) => {
                line.push(run);
            }
            _ => lines.push(vec![run]),
        }
    }
    let mut text = String::new();
    let mut above: Option<Abs> = None;
    for mut line in lines {
        line.sort_by_key(|run| run.at.x);
        let Some(first) = line.first() else { continue };
        // An empty line parts paragraphs, as in the text of a PDF.
        if above.is_some_and(|above| first.at.y - above > first.size * 1.9) {
            text.push('\n');
        }
        above = Some(first.at.y);
        push_line(&line, &mut text);
    }
    text
}

fn push_line(line: &[Run<'_>], text: &mut String) {
    let mut end: Option<Abs> = None;
    for run in line {
        let gap = end.map_or(Abs::zero(), |end| run.at.x - end);
        if gap > run.size * 1.2 {
            text.push_str("   ");
        } else if gap > run.size * 0.08 {
            text.push(' ');
        }
        text.push_str(run.text);
        end = Some(run.end);
    }
    text.push('\n');
}

fn collect<'a>(frame: &'a Frame, transform: Transform, runs: &mut Vec<Run<'a>>) {
    for (at, item) in frame.items() {
        let here = transform.pre_concat(Transform::translate(at.x, at.y));
        match item {
            FrameItem::Group(group) => collect(&group.frame, here.pre_concat(group.transform), runs),
            FrameItem::Text(text) => {
                let at = Point::zero().transform(here);
                runs.push(Run { at, end: at.x + text.width(), text: &text.text, size: text.size });
            }
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::report::tests::printed;

    #[test]
    fn lines_columns_and_paragraphs() {
        let source = "#set page(width: 12cm)\nA *bold* word and\\ a second line.\n\nNext.\n#table(columns: (3cm, 3cm), [H01], [Lost])\n#pagebreak()\nPage two";
        let pages = printed(source);
        assert_eq!(pages.len(), 2);
        let lines: Vec<&str> = pages[0].lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["A bold word and", "a second line.", "Next.", "H01   Lost"]);
        assert_eq!(pages[1].trim(), "Page two");
    }
}
