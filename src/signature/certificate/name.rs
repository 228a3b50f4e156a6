//! Distinguished names: in words, and whether two of them mean the same.

use crate::signature::plain::plain;
use der::Encode as _;
use der::asn1::{Any, ObjectIdentifier};
use der::{Tag, Tagged as _};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

/// Short names of X.520 and of RFC 4519, where people know them.
const SHORT: [(&str, &str); 12] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.42", "GN"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("0.9.2342.19200300.100.1.25", "DC"),
];

/// `CN=Dr A. Name, O=Example NHS Trust, C=GB`: the most particular first, and no character that a terminal acts on.
pub(super) fn words(name: &Name) -> String {
    let parts: Vec<String> = attributes(name).map(part).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(", ")
}

fn part(attribute: &AttributeTypeAndValue) -> String {
    let oid = attribute.oid.to_string();
    let short = SHORT.iter().find(|(dotted, _)| *dotted == oid).map_or(oid.as_str(), |(_, short)| short);
    let value = text(&attribute.value).unwrap_or_else(|| super::hexadecimal(attribute.value.value()));
    format!("{short}={value}")
}

/// The value of the first attribute of this kind, if it is a text.
pub(super) fn attribute(name: &Name, kind: ObjectIdentifier) -> Option<String> {
    attributes(name).find(|attribute| attribute.oid == kind).and_then(|attribute| text(&attribute.value))
}

fn attributes(name: &Name) -> impl Iterator<Item = &AttributeTypeAndValue> {
    name.0.iter().flat_map(|level| level.0.iter())
}

/// Whether two names mean the same (RFC 5280, 7.1): kinds of strings, case and runs of spaces do not count.
pub(super) fn same(one: &Name, other: &Name) -> bool {
    one == other
        || (one.0.len() == other.0.len()
            && one.0.iter().zip(&other.0).all(|(one, other)| {
                one.0.len() == other.0.len() && one.0.iter().all(|a| other.0.iter().any(|b| same_part(a, b)))
            }))
}

fn same_part(one: &AttributeTypeAndValue, other: &AttributeTypeAndValue) -> bool {
    one.oid == other.oid
        && match (text(&one.value), text(&other.value)) {
            (Some(one), Some(other)) => folded(&one) == folded(&other),
            _ => one.value.to_der().ok() == other.value.to_der().ok(),
        }
}

fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A string of ASN.1, as it may be shown: what a certificate says must not steer a terminal.
fn text(value: &Any) -> Option<String> {
    let bytes = value.value();
    let text = match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            std::str::from_utf8(bytes).ok()?.to_owned()
        }
        Tag::TeletexString => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Tag::BmpString => {
            let units: Vec<u16> =
                bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()?
        }
        _ => return None,
    };
    Some(plain(&text))
}
