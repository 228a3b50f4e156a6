//! What the styles and the shared strings of a package say of a cell: that its text is struck through, or that
//! its number format shows nothing.

use super::super::xml::{attribute, each_event, is_true, local, number, push_text};
use super::{Archive, Fault};
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};

/// Marks on cells, by the numbers that cells refer to them with.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Cell styles whose font is struck through.
    pub(super) struck_styles: BTreeSet<u32>,
    /// Cell styles whose number format shows nothing, whatever the cell holds.
    pub(super) blank_styles: BTreeSet<u32>,
    /// Shared strings with words that are struck through, and those words.
    pub(super) struck_strings: BTreeMap<u32, String>,
}

impl Marks {
    pub(super) fn read(archive: &mut Archive<'_>, styles: &str, strings: &str) -> Result<Self, Fault> {
        let mut marks = Self { struck_strings: struck_strings(archive, strings)?, ..Self::default() };
        marks.read_styles(archive, styles)?;
        Ok(marks)
    }

    fn read_styles(&mut self, archive: &mut Archive<'_>, part: &str) -> Result<(), Fault> {
        let mut struck_fonts = Vec::new();
        let mut blank_formats = BTreeSet::new();
        let mut styles = 0;
        let (mut in_fonts, mut in_styles) = (false, false);
        each_event(archive, part, |event| {
            match event {
                Event::Start(element) | Event::Empty(element) => match local(element) {
                    "fonts" => in_fonts = true,
                    "cellXfs" => in_styles = true,
                    "numFmt" => {
                        let shows_nothing =
                            attribute(element, "formatCode").is_some_and(|code| code == ";;;");
                        blank_formats.extend(number(element, "numFmtId").filter(|_| shows_nothing));
                    }
                    "font" if in_fonts => struck_fonts.push(false),
                    "strike" if in_fonts => {
                        if let Some(font) = struck_fonts.last_mut() {
                            *font = is_strike(element);
                        }
                    }
                    "xf" if in_styles => {
                        let font = number(element, "fontId").and_then(|font| struck_fonts.get(font as usize));
                        if font == Some(&true) {
                            self.struck_styles.insert(styles);
                        }
                        if number(element, "numFmtId").is_some_and(|format| blank_formats.contains(&format)) {
                            self.blank_styles.insert(styles);
                        }
                        styles += 1;
                    }
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "fonts" => in_fonts = false,
                    "cellXfs" => in_styles = false,
                    _ => {}
                },
                _ => {}
            }
            Ok(())
        })
    }
}

fn struck_strings(archive: &mut Archive<'_>, part: &str) -> Result<BTreeMap<u32, String>, Fault> {
    let mut struck = BTreeMap::new();
    let mut index = 0;
    let mut runs = StruckRuns::default();
    each_event(archive, part, |event| {
        runs.visit(event);
        let is_end = match event {
            Event::Empty(element) => local(element) == "si",
            Event::End(element) => element.local_name().as_ref() == "si",
            _ => false,
        };
        if is_end {
            struck.extend(runs.take().map(|words| (index, words)));
            index += 1;
        }
        Ok(())
    })?;
    Ok(struck)
}

/// The struck-through runs of a rich text, gathered while it goes by.
#[derive(Debug, Default)]
pub(super) struct StruckRuns {
    words: String,
    is_struck: bool,
    in_text: bool,
}

impl StruckRuns {
    pub(super) fn visit(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(element) | Event::Empty(element) => match local(element) {
                "r" => self.is_struck = false,
                "strike" => self.is_struck = is_strike(element),
                "t" => self.in_text = matches!(event, Event::Start(_)),
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => self.in_text = false,
                "r" if std::mem::take(&mut self.is_struck) => self.words.push(' '),
                _ => {}
            },
            event if self.in_text && self.is_struck => push_text(&mut self.words, event),
            _ => {}
        }
    }

    /// The words, if there were any.
    pub(super) fn take(&mut self) -> Option<String> {
        let words = std::mem::take(self).words;
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(words)
    }
}

/// Whether this is a `strike` that is not switched off.
fn is_strike(element: &BytesStart<'_>) -> bool {
    attribute(element, "val").is_none() || is_true(element, "val")
}
