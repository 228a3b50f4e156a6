//! The data for long-term validation that a document carries (`/DSS`: ETSI EN 319 142-1, 5.4.2).

use crate::signature::pdf::{Dict, Document, Object, Objects as _, Reference, Stream};
use crate::signature::{Certificate, SignatureError};
use der::Decode as _;
use std::collections::BTreeSet;
use x509_cert::crl::CertificateList;
use x509_ocsp::OcspResponse;

/// What a store is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Its dictionaries and lists, which grow.
    pub nodes: BTreeSet<Reference>,
    /// Certificates, revocation lists and OCSP answers, which stay.
    pub streams: BTreeSet<Reference>,
    room: Room,
}

impl Shape {
    /// Whether all is still there that the other one has.
    pub fn holds(&self, other: &Self) -> bool {
        self.streams.is_superset(&other.streams)
    }
}

/// What a store keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificate,
    RevocationList,
    OcspAnswer,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Certificate, Self::RevocationList, Self::OcspAnswer];

    /// The key under which it is stored for all signatures together.
    fn list(self) -> &'static str {
        match self {
            Self::Certificate => "Certs",
            Self::RevocationList => "CRLs",
            Self::OcspAnswer => "OCSPs",
        }
    }

    /// Its key in `/VRI`, which is by signature.
    fn list_of_one(self) -> &'static str {
        match self {
            Self::Certificate => "Cert",
            Self::RevocationList => "CRL",
            Self::OcspAnswer => "OCSP",
        }
    }

    /// Whether these octets are such a thing, and nothing beside it.
    fn is(self, octets: &[u8]) -> bool {
        match self {
            Self::Certificate => Certificate::from_der(octets).is_ok(),
            Self::RevocationList => CertificateList::from_der(octets).is_ok(),
            Self::OcspAnswer => OcspResponse::from_der(octets).is_ok(),
        }
    }
}

/// What a store consists of; `None` where it is something else than a store.
pub(super) fn shape(document: &Document<'_>, store: &Object) -> Result<Option<Shape>, SignatureError> {
    let mut shape = Shape::default();
    let is_store = read(document, store, &mut shape, |key, value, shape| match key {
        "Type" => Ok(value.is_name("DSS")),
        "VRI" => by_signature(document, value, shape),
        _ => match Kind::ALL.iter().find(|kind| kind.list() == key) {
            Some(kind) => streams(document, *kind, value, shape),
            None => Ok(false),
        },
    })?;
    Ok(is_store.then_some(shape))
}

/// Which of them were used for which signature, by the digest of its `/Contents`.
fn by_signature(document: &Document<'_>, value: &Object, shape: &mut Shape) -> Result<bool, SignatureError> {
    read(document, value, shape, |_, value, shape| {
        read(document, value, shape, |key, value, shape| match key {
            "Type" => Ok(value.is_name("VRI")),
            "TU" => Ok(value.as_string().is_some()),
            _ => match Kind::ALL.iter().find(|kind| kind.list_of_one() == key) {
                Some(kind) => streams(document, *kind, value, shape),
                None => Ok(false),
            },
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

/// Whether all in a list are streams that hold what the list is of. Each is looked at once, wherever it is named.
fn streams(
    document: &Document<'_>,
    kind: Kind,
    value: &Object,
    shape: &mut Shape,
) -> Result<bool, SignatureError> {
    let Object::Array(items) = at(document, value, shape)? else { return Ok(false) };
    for item in &items {
        let Some(reference) = item.as_reference() else { return Ok(false) };
        if !shape.streams.contains(&reference) {
            let Object::Stream(stream) = document.object(reference)? else { return Ok(false) };
            let is_bare = stream.dict.iter().all(|(key, _)| matches!(key, b"Length" | b"Filter"));
            if !is_bare || !kind.is(&shape.room.unpack(&stream)?) {
                return Ok(false);
            }
            shape.streams.insert(reference);
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

/// More than the revocation lists and all else of any report unpack to.
const LARGEST: usize = 64 * 1024 * 1024;

/// How much may still be unpacked of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(LARGEST)
    }
}

impl Room {
    fn unpack(&mut self, stream: &Stream) -> Result<Vec<u8>, SignatureError> {
        let data = stream.unpacked("the data for long-term validation", self.0)?;
        self.0 -= data.len();
        Ok(data)
    }
}

/// What is in a document's store, each thing once. What cannot be understood there is passed over: nothing is believed
/// for standing there.
pub(in crate::signature) fn stored(document: &Document<'_>) -> Result<Stored, SignatureError> {
    let Some((_, store)) = document.in_catalog("DSS")? else { return Ok(Stored::default()) };
    let (mut room, mut seen) = (Room::default(), BTreeSet::new());
    let mut all = |kind: Kind| -> Result<Vec<Vec<u8>>, SignatureError> {
        let mut found = Vec::new();
        for item in document.find_array(&store, kind.list())?.unwrap_or_default() {
            let Some(reference) = item.as_reference().filter(|reference| seen.insert(*reference)) else {
                continue;
            };
            if let Object::Stream(stream) = document.object(reference)? {
                found.push(room.unpack(&stream)?);
            }
        }
        Ok(found)
    };
    let certificates = all(Kind::Certificate)?;
    Ok(Stored {
        certificates: certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect(),
        revocation_lists: all(Kind::RevocationList)?,
        ocsp_answers: all(Kind::OcspAnswer)?,
    })
}
