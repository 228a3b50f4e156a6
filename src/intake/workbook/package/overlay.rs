//! What lies over the cells of a sheet: comments, pictures, text boxes.

use super::{Address, Archive, Drawing, PackageError, attribute, each_event, entity, local};
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// The comments of a sheet, by their cell.
pub(super) fn comments(
    archive: &mut Archive<'_>,
    part: &str,
) -> Result<BTreeMap<Address, String>, PackageError> {
    let mut comments = BTreeMap::new();
    let mut current: Option<(Address, String)> = None;
    let mut in_text = false;
    each_event(archive, part, |event| match event {
        Event::Start(element) => match local(element) {
            "comment" => {
                let address = attribute(element, "ref").and_then(|text| text.parse().ok());
                current = address.map(|address| (address, String::new()));
            }
            "t" => in_text = true,
            _ => {}
        },
        Event::Text(text) if in_text => {
            if let Some((_, comment)) = &mut current {
                comment.push_str(&text.xml10_content());
            }
        }
        Event::GeneralRef(reference) if in_text => {
            if let (Some((_, comment)), Some(character)) = (&mut current, entity(reference)) {
                comment.push(character);
            }
        }
        Event::End(element) => match element.local_name().as_ref() {
            "t" => in_text = false,
            "comment" => {
                if let Some((address, comment)) = current.take()
                    && !comment.trim().is_empty()
                {
                    comments.insert(address, comment.trim().to_owned());
                }
            }
            _ => {}
        },
        _ => {}
    })?;
    Ok(comments)
}

/// Pictures and charts, and the words of text boxes; a shape without words is decoration.
pub(super) fn drawing(archive: &mut Archive<'_>, part: &str) -> Result<Drawing, PackageError> {
    let mut drawing = Drawing::default();
    let mut words: Option<String> = None;
    let mut in_text = false;
    each_event(archive, part, |event| match event {
        Event::Start(element) => match local(element) {
            "pic" | "graphicFrame" => drawing.pictures += 1,
            "sp" => words = Some(String::new()),
            "t" => in_text = true,
            _ => {}
        },
        Event::Text(text) if in_text => {
            if let Some(words) = &mut words {
                words.push_str(&text.xml10_content());
            }
        }
        Event::GeneralRef(reference) if in_text => {
            if let (Some(words), Some(character)) = (&mut words, entity(reference)) {
                words.push(character);
            }
        }
        Event::End(element) => match element.local_name().as_ref() {
            "t" => in_text = false,
            // A new paragraph.
            "p" => words.iter_mut().for_each(|words| words.push(' ')),
            "sp" => {
                drawing.text_boxes.extend(words.take().filter(|words| !words.trim().is_empty()));
            }
            _ => {}
        },
        _ => {}
    })?;
    Ok(drawing)
}
