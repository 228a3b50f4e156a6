//! The digest that runs along the foot of every page, so that a loose page says which report it is of.
//!
//! Any edit changes it, and with it every page. So pages are laid out with a mark in its place, and what is in the end
//! printed is put into the finished pages, digit for digit. The line may be a little shorter or longer for that.

use std::collections::BTreeMap;
use typst::layout::{Frame, FrameItem, GroupItem};
use typst::model::Document as _;
use typst::text::TextItem;
use typst_layout::PagedDocument;

/// How many digits are printed, in two groups.
const DIGITS: usize = 8;

/// Eight digits, and a space at which no line breaks.
fn grouped(digits: &str) -> String {
    let (first, second) = digits.split_at(digits.len() / 2);
    format!("{first}\u{a0}{second}")
}

/// What is laid out, and what is printed in the place of it; where neither is given, nothing is looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Running<'a> {
    pub mark: &'a str,
    pub digest: &'a str,
}

/// The beginning of a digest, as it is printed.
fn shown(digest: &str) -> String {
    grouped(digest.get(..DIGITS).unwrap_or(digest))
}

/// A mark that none of these texts holds; what is printed itself, where they hold all that there are.
pub(super) fn mark(texts: &[&str], digest: &str) -> String {
    let mut marks = ('0'..='9').map(|digit| grouped(&digit.to_string().repeat(DIGITS)));
    let free = marks.find(|mark| !texts.iter().any(|text| text.contains(mark)));
    free.unwrap_or_else(|| shown(digest))
}

/// Puts the beginning of a digest in the place of the mark wherever the pages show it.
///
/// # Errors
/// If one of them shows it otherwise than glyph by glyph.
pub(super) fn put(document: PagedDocument, running: Running) -> Result<PagedDocument, String> {
    let Running { mark, digest } = running;
    let shown = shown(digest);
    if mark.is_empty() || mark == shown {
        return Ok(document);
    }
    let mut pages = document.pages().to_vec();
    let mut any_put = false;
    for page in &mut pages {
        if let Some(frame) = with_digest(&page.frame, mark, &shown)? {
            page.frame = frame;
            any_put = true;
        }
    }
    Ok(if any_put { PagedDocument::new(pages.into(), document.info().clone()) } else { document })
}

/// The frame with the digest in it; `None` where it shows no mark.
///
/// Such a frame is only looked at: others share it, and to change it would be to copy it.
fn with_digest(frame: &Frame, mark: &str, shown: &str) -> Result<Option<Frame>, String> {
    let mut changed = BTreeMap::new();
    for (index, (_, item)) in frame.items().enumerate() {
        let item = match item {
            FrameItem::Text(text) if text.text.contains(mark) => {
                let mut text = text.clone();
                put_into_text(&mut text, mark, shown).ok_or_else(|| {
                    format!("a font cannot show the digest {shown} where the template prints running_digest")
                })?;
                FrameItem::Text(text)
            }
            FrameItem::Group(group) => {
                let Some(frame) = with_digest(&group.frame, mark, shown)? else { continue };
                FrameItem::Group(GroupItem { frame, ..group.clone() })
            }
            _ => continue,
        };
        changed.insert(index, item);
    }
    if changed.is_empty() {
        return Ok(None);
    }
    let mut frame = frame.clone();
    let mut index = 0;
    frame.retain(|item| {
        if let Some(new) = changed.remove(&index) {
            *item = new;
        }
        index += 1;
        true
    });
    Ok(Some(frame))
}

fn put_into_text(item: &mut TextItem, mark: &str, shown: &str) -> Option<()> {
    let start = item.text.find(mark)?;
    for ((at, old), new) in mark.char_indices().zip(shown.chars()) {
        if old == new {
            continue;
        }
        let range = start + at..start + at + old.len_utf8();
        let id = item.font.ttf().glyph_index(new)?.0;
        let advance = item.font.x_advance(id)?;
        let glyph = item.glyphs.iter_mut().find(|glyph| glyph.range() == range)?;
        glyph.id = id;
        glyph.x_advance = advance;
    }
    item.text = item.text.replacen(mark, shown, 1);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::laid_out;

    const DIGEST: &str = "1a2bcdef00112233";

    #[test]
    fn the_digest_is_printed_where_the_mark_was_laid_out() {
        let source = "#set text(font: \"Liberation Sans\")\n#set page(footer: [content 0000\u{a0}0000, page])\nOne\n#pagebreak()\n0000 0000";
        let document = laid_out(source);
        let before: Vec<String> = crate::report::printed::pages(&document);
        let running = Running { mark: "0000\u{a0}0000", digest: DIGEST };
        let after = crate::report::printed::pages(&put(document, running).unwrap());
        assert_eq!(before[0].replace("0000\u{a0}0000", "1a2b\u{a0}cdef"), after[0]);
        assert_eq!(before[1].replace("0000\u{a0}0000", "1a2b\u{a0}cdef"), after[1]);
        assert!(after[1].contains("0000 0000"), "what is no mark stays: {after:?}");
        assert_ne!(before, after);
    }

    #[test]
    fn a_mark_is_not_said_by_anything_else() {
        let texts = ["0000\u{a0}0000", "one 1111\u{a0}1111 two"];
        assert_eq!(mark(&texts, DIGEST), "2222\u{a0}2222");
        assert_eq!(mark(&[], DIGEST), "0000\u{a0}0000");
        let all: Vec<String> = ('0'..='9').map(|digit| grouped(&digit.to_string().repeat(DIGITS))).collect();
        assert_eq!(mark(&[&all.join(" ")], DIGEST), "1a2b\u{a0}cdef");
    }
}
