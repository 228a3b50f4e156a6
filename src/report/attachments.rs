//! What travels inside the PDF: the case, where its values came from, and the inputs themselves.

use super::RenderInput;
use super::fonts::FontSet;
use super::names::Data;
use super::printable::printable;
use super::world::ReportWorld;
use crate::case::digest::canonical_json;
use crate::intake::SourceFile;
use serde::Serialize;
use typst::foundations::Bytes;

/// A file to attach, in the words of Typst's `pdf.attach`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Attachment {
    /// Path from the root, and the attachment's name.
    path: String,
    relationship: &'static str,
    mime: &'static str,
    description: String,
}

/// Puts the files into the world and says how to attach them.
pub(super) fn add(
    world: &mut ReportWorld,
    input: &RenderInput,
    data: &Data,
    fonts: &FontSet,
) -> Vec<Attachment> {
    let without = if input.options.include_names { "" } else { ", without the names of people" };
    let files = [
        ("/case.json", "source", "The safety case that this report was made from", &data.case),
        ("/provenance.json", "supplement", "Where each value of the case came from", &data.provenance),
    ];
    let mut attachments = Vec::new();
    for (path, relationship, description, value) in files {
        let bytes = Bytes::from_string(canonical_json(value));
        // A template that has a file of this name keeps the attachment out rather than replace it.
        if world.add(path, path, bytes) {
            let description = format!("{description}{without}");
            attachments.push(Attachment {
                path: path.to_owned(),
                relationship,
                mime: "application/json",
                description,
            });
        }
    }
    // The inputs hold names, in cells that nobody has read for them.
    if input.options.include_source_log && input.options.include_names {
        attachments.extend(input.sources.iter().filter_map(|source| add_source(world, source, fonts)));
    }
    attachments
}

/// An input, under its own path, or under another where that leads out of the folder or is taken.
fn add_source(world: &mut ReportWorld, source: &SourceFile, fonts: &FontSet) -> Option<Attachment> {
    let parts = source.path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    // A template may print the path, and must find the file by it.
    let plain = printable(&parts.collect::<Vec<_>>().join("/"), fonts).0.into_owned();
    let reserved = plain == "report.typ" || plain.starts_with("data/");
    let other =
        std::iter::once(format!("/source/{plain}")).chain((2..1000).map(|n| format!("/source-{n}/{plain}")));
    let own = (!reserved).then(|| format!("/{plain}"));
    let bytes = Bytes::new(source.bytes.clone());
    let path =
        own.into_iter().chain(other).find(|path| world.add(path, source.path.as_str(), bytes.clone()))?;
    let description = printable(&source.description, fonts).0.into_owned();
    Some(Attachment { path, relationship: "source", mime: source.mime, description })
}
