//! The data for long-term validation that a document carries (`/DSS`: ETSI EN 319 142-1, 5.4.2).

use crate::signature::pdf::{Dict, Document, Object, Objects as _, Reference, Stream};
use crate::signature::{Certificate, SignatureError};
use std::collections::BTreeSet;
use std::io::Read as _;

/// What a store is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Its dictionaries and lists, which grow.
    pub nodes: BTreeSet<Reference>,
    /// Certificates, revocation lists and OCSP answers, which stay.
    pub streams: BTreeSet<Reference>,
}

impl Shape {
    /// Whether all is still there that the other one has.
    pub fn holds(&self, other: &Self) -> bool {
        self.streams.is_superset(&other.streams)
    }
}

/// What is stored for all signatures together, by its key here and in `/VRI`.
const LISTS: [(&str, &str); 3] = [("Certs", "Cert"), ("CRLs", "CRL"), ("OCSPs", "OCSP")];

/// What a store consists of; `None` where it is something else than a store.
pub(super) fn shape(document: &Document<'_>, store: &Object) -> Result<Option<Shape>, SignatureError> {
    let mut shape = Shape::default();
    let is_store = read(document, store, &mut shape, |key, value, shape| match key {
        "Type" => Ok(value.is_name("DSS")),
        "VRI" => by_signature(document, value, shape),
        _ if LISTS.iter().any(|(list, _)| *list == key) => streams(document, value, shape),
        _ => Ok(false),
    })?;
    Ok(is_store.then_some(shape))
}

/// Which of them were used for which signature, by the digest of its `/Contents`.
fn by_signature(document: &Document<'_>, value: &Object, shape: &mut Shape) -> Result<bool, SignatureError> {
    read(document, value, shape, |_, value, shape| {
        read(document, value, shape, |key, value, shape| match key {
            "Type" => Ok(value.is_name("VRI")),
            "TU" => Ok(value.as_string().is_some()),
            _ if LISTS.iter().any(|(_, list)| *list == key) => streams(document, value, shape),
            _ => Ok(false),
        })
    })
}

/// Looks at each entry of a dictionary, wherever that stands; whether it is one and every entry is as it should be.
fn read(
    document: &Document<'_>,
    value: &Object,
    shape: &mut Shape,
    mut entry: impl FnMut(&str, &Object, &mut Shape) -> Result<bool, SignatureError>,
) -> Result<bool, SignatureError> {
    let Object::Dict(dict) = at(document, value, shape)? else { return Ok(false) };
    for (key, value) in dict.iter() {
        if !entry(&String::from_utf8_lossy(key), value, shape)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn streams(document: &Document<'_>, value: &Object, shape: &mut Shape) -> Result<bool, SignatureError> {
    let Object::Array(items) = at(document, value, shape)? else { return Ok(false) };
    for item in &items {
        match item {
            Object::Reference(reference) if matches!(document.object(*reference)?, Object::Stream(_)) => {
                shape.streams.insert(*reference);
            }
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn at(document: &Document<'_>, value: &Object, shape: &mut Shape) -> Result<Object, SignatureError> {
    shape.nodes.extend(value.as_reference());
    document.resolve(value)
}

/// `/Extensions` that only names extensions of the format (ISO 32000-1, 7.12).
pub(super) fn declares_extensions(value: Option<&Object>) -> bool {
    let is_declaration = |dict: &Dict| {
        dict.iter()
            .all(|(_, value)| matches!(value, Object::Name(_) | Object::Integer(_) | Object::String(_)))
    };
    match value {
        Some(Object::Dict(all)) => all.iter().all(|(key, value)| match value {
            Object::Name(_) => key == b"Type",
            Object::Dict(dict) => is_declaration(dict),
            _ => false,
        }),
        _ => false,
    }
}

/// What a document brings along to judge its signatures by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::signature) struct Stored {
    pub certificates: Vec<Certificate>,
    pub revocation_lists: Vec<Vec<u8>>,
    pub ocsp_answers: Vec<Vec<u8>>,
}

/// More than any revocation list of today unpacks to.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What is in a document's store. What cannot be read there is passed over: nothing is believed for standing there.
pub(in crate::signature) fn stored(document: &Document<'_>) -> Result<Stored, SignatureError> {
    let Some((_, store)) = document.in_catalog("DSS")? else { return Ok(Stored::default()) };
    let all = |key: &str| -> Result<Vec<Vec<u8>>, SignatureError> {
        let mut found = Vec::new();
        for item in document.find_array(&store, key)?.unwrap_or_default() {
            if let Object::Stream(stream) = document.resolve(&item)? {
                found.extend(unpacked(&stream));
            }
        }
        Ok(found)
    };
    let certificates = all("Certs")?;
    Ok(Stored {
        certificates: certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect(),
        revocation_lists: all("CRLs")?,
        ocsp_answers: all("OCSPs")?,
    })
}

fn unpacked(stream: &Stream) -> Option<Vec<u8>> {
    match stream.dict.get("Filter") {
        None => Some(stream.data.clone()),
        Some(filter) if filter.is_name("FlateDecode") => {
            let mut data = Vec::new();
            let mut decoder = flate2::read::ZlibDecoder::new(stream.data.as_slice()).take(LARGEST);
            decoder.read_to_end(&mut data).ok().map(|_| data)
        }
        Some(_) => None,
    }
}
