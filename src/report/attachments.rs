//! What travels inside the PDF: the case, where its values came from, and the inputs themselves.

use super::RenderInput;
use super::fonts::FontSet;
use super::names::Data;
use super::printable::printable;
use super::sign_off::SignOff;
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
    sign_off: Option<&SignOff>,
    fonts: &FontSet,
) -> Vec<Attachment> {
    let without = if input.options.include_names { "" } else { ", without the names of people" };
    let sign_off = sign_off.map(|sign_off| {
        let description = "Who signs this report, the recorded approvals, and the digests that they are of";
        (format!("/{}", SignOff::FILE), "data", description, canonical_json(sign_off))
    });
    let files = [
        ("/case.json", "source", "The safety case that this report was made from", &data.case),
        ("/provenance.json", "supplement", "Where each value of the case came from", &data.provenance),
    ];
    let files = files.map(|(path, relationship, description, value)| {
        (path.to_owned(), relationship, description, canonical_json(value))
    });
    let mut attachments = Vec::new();
    for (path, relationship, description, json) in files.into_iter().chain(sign_off) {
        // A template that has a file of this name keeps the attachment out rather than replace it.
        if world.add(&path, path.as_str(), Bytes::from_string(json)) {
            let description = format!("{description}{without}");
            attachments.push(Attachment { path, relationship, mime: "application/json", description });
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
