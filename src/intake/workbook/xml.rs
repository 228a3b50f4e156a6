//! Reading the XML of a package, event by event.
//!
//! No document can define an entity of its own: XML's five and character references are all that is resolved,
//! and a part with a document type declaration, which no spreadsheet program writes, is refused.

use super::container::{self, Archive};
use super::fault::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use std::io::{BufRead, BufReader};

/// Visits every event of a part; a part that the package lacks has none.
pub(super) fn each_event(
    archive: &mut Archive<'_>,
    part: &str,
    mut visit: impl FnMut(&Event<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Some(index) = container::find(archive, part) else { return Ok(()) };
    let source = archive.by_index(index).map_err(|error| Fault::damaged(&error))?;
    events(BufReader::new(source), part, &mut visit)
}

/// Visits every event of a document that is called `part`.
pub(super) fn events(
    source: impl BufRead,
    part: &str,
    visit: &mut impl FnMut(&Event<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut reader = Reader::from_reader(source);
    // Drawings of older programs are HTML (`<br>`) in places.
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| Fault::damaged(&format_args!("{part}: {error}")))?;
        match event {
            Event::Eof => return Ok(()),
            Event::DocType(_) => {
                return Err(Fault::damaged(&format_args!(
                    "{part}: a document type declaration, which could define entities"
                )));
            }
            event => visit(&event)?,
        }
        buffer.clear();
    }
}

/// Visits the start of every element of a part.
pub(super) fn each_start(
    archive: &mut Archive<'_>,
    part: &str,
    mut visit: impl FnMut(&BytesStart<'_>),
) -> Result<(), Fault> {
    each_event(archive, part, |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            visit(element);
        }
        Ok(())
    })
}

/// Adds what an event says in words, if it does.
pub(super) fn push_text(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(words) => text.push_str(&words.xml10_content()),
        Event::CData(words) => text.push_str(&words.xml10_content()),
        Event::GeneralRef(reference) => text.extend(entity(reference)),
        _ => {}
    }
}

fn entity(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

pub(super) fn local<'a>(element: &'a BytesStart<'_>) -> &'a str {
    element.local_name().into_inner()
}

/// The value of the attribute with this local name.
pub(super) fn attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()
}

/// The number that an attribute states.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

pub(super) fn is_true(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(document: &str) -> Result<String, String> {
        let mut text = String::new();
        let read = events(document.as_bytes(), "a.xml", &mut |event| {
            push_text(&mut text, event);
            Ok(())
        });
        read.map(|()| text).map_err(|fault| fault.of("log.xlsx").to_string())
    }

    #[test]
    fn the_five_entities_and_character_references_are_all_that_is_resolved() {
        assert_eq!(text("<a>1 &lt; 2 &#233;&#x2713; &mine;</a>").unwrap(), "1 < 2 é✓ ");
    }

    #[test]
    fn a_document_that_could_define_entities_is_refused() {
        let laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><a>&lol2;</a>";
        assert!(text(laughs).unwrap_err().contains("document type declaration"));
    }
}
