//! What lies over the cells of a sheet: comments, conversations, pictures, text boxes.

use super::super::xml::{attribute, each_event, each_start, local, push_text};
use super::super::{Address, Drawing};
use super::{Archive, Fault};
use quick_xml::events::Event;
use std::collections::{BTreeMap, HashMap};

/// The comments of a sheet, by their cell.
pub(super) fn comments(archive: &mut Archive<'_>, part: &str) -> Result<BTreeMap<Address, String>, Fault> {
    let mut comments = BTreeMap::new();
    let mut current: Option<(Address, String)> = None;
    let mut in_text = false;
    each_event(archive, part, |event| {
        match event {
            Event::Start(element) => match local(element) {
                "comment" => {
                    let address = attribute(element, "ref").and_then(|text| text.parse().ok());
                    current = address.map(|address| (address, String::new()));
                }
                "t" => in_text = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => in_text = false,
                "comment" => {
                    let said = current.take().map(|(address, text)| (address, text.trim().to_owned()));
                    comments.extend(said.filter(|(_, text)| !text.is_empty()));
                }
                _ => {}
            },
            event if in_text => {
                if let Some((_, comment)) = &mut current {
                    push_text(comment, event);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(comments)
}

/// The names of those who take part in conversations, by their id.
pub(super) fn persons(archive: &mut Archive<'_>) -> Result<HashMap<String, String>, Fault> {
    let parts: Vec<String> = archive
        .file_names()
        .flatten()
        .filter(|name| name.starts_with("xl/persons/") && !name.contains("_rels"))
        .map(std::borrow::Cow::into_owned)
        .collect();
    let mut persons = HashMap::new();
    for part in parts {
        each_start(archive, &part, |element| {
            if local(element) == "person"
                && let (Some(id), Some(name)) = (attribute(element, "id"), attribute(element, "displayName"))
            {
                persons.insert(id.into_owned(), name.into_owned());
            }
        })?;
    }
    Ok(persons)
}

/// The conversations of a sheet, by their cell: who said what, in the order in which it was said.
pub(super) fn threads(
    archive: &mut Archive<'_>,
    part: &str,
    persons: &HashMap<String, String>,
) -> Result<BTreeMap<Address, String>, Fault> {
    let mut threads: BTreeMap<Address, String> = BTreeMap::new();
    let mut current: Option<(Address, Option<&String>, String)> = None;
    let mut in_text = false;
    each_event(archive, part, |event| {
        match event {
            Event::Start(element) => match local(element) {
                "threadedComment" => {
                    let person = attribute(element, "personId").and_then(|id| persons.get(id.as_ref()));
                    let address = attribute(element, "ref").and_then(|text| text.parse().ok());
                    current = address.map(|address| (address, person, String::new()));
                }
                "text" => in_text = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "text" => in_text = false,
                "threadedComment" => {
                    if let Some((address, person, said)) = current.take()
                        && !said.trim().is_empty()
                    {
                        let thread = threads.entry(address).or_default();
                        if !thread.is_empty() {
                            thread.push('\n');
                        }
                        if let Some(person) = person {
                            thread.push_str(person);
                            thread.push_str(": ");
                        }
                        thread.push_str(said.trim());
                    }
                }
                _ => {}
            },
            event if in_text => {
                if let Some((_, _, said)) = &mut current {
                    push_text(said, event);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(threads)
}

/// Pictures and charts, and the words of text boxes; a shape without words is decoration.
pub(super) fn drawing(archive: &mut Archive<'_>, part: &str) -> Result<Drawing, Fault> {
    let mut drawing = Drawing::default();
    let mut words: Option<String> = None;
    let mut in_text = false;
    // What is drawn twice, once for older programs, is read once.
    let mut in_fallback = false;
    each_event(archive, part, |event| {
        match event {
            Event::Start(element) if local(element) == "Fallback" => in_fallback = true,
            Event::End(element) if element.local_name().as_ref() == "Fallback" => in_fallback = false,
            _ if in_fallback => {}
            Event::Start(element) => match local(element) {
                "pic" | "graphicFrame" => drawing.pictures += 1,
                "sp" => words = Some(String::new()),
                "t" => in_text = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => in_text = false,
                // A new paragraph.
                "p" => words.iter_mut().for_each(|words| words.push(' ')),
                "sp" => {
                    drawing.text_boxes.extend(words.take().filter(|words| !words.trim().is_empty()));
                }
                _ => {}
            },
            event if in_text => {
                if let Some(words) = &mut words {
                    push_text(words, event);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(drawing)
}

/// Text boxes and controls as older programs draw them; the boxes of comments are read as comments.
pub(super) fn legacy_drawing(archive: &mut Archive<'_>, part: &str) -> Result<Drawing, Fault> {
    let mut drawing = Drawing::default();
    let mut words: Option<String> = None;
    let mut is_comment = false;
    let mut in_text = false;
    each_event(archive, part, |event| {
        match event {
            Event::Start(element) | Event::Empty(element) => match local(element) {
                "shape" | "rect" => {
                    words = Some(String::new());
                    is_comment = false;
                }
                "textbox" => in_text = matches!(event, Event::Start(_)),
                "ClientData" => is_comment = attribute(element, "ObjectType").as_deref() == Some("Note"),
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "textbox" => in_text = false,
                "div" => words.iter_mut().for_each(|words| words.push(' ')),
                "shape" | "rect" => {
                    let said = words.take().filter(|words| !is_comment && !words.trim().is_empty());
                    drawing.text_boxes.extend(said);
                }
                _ => {}
            },
            event if in_text => {
                if let Some(words) = &mut words {
                    push_text(words, event);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(drawing)
}
