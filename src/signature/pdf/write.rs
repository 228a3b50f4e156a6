//! Writes values, each in one form.

use super::object::{Dict, Object};
use super::parse::{is_delimiter, is_space};

pub(super) fn object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Boolean(value) => out.extend(value.to_string().bytes()),
        Object::Integer(value) => out.extend(value.to_string().bytes()),
        Object::Real(digits) => out.extend(digits.bytes()),
        Object::String(bytes) => string(out, bytes),
        Object::Name(bytes) => name(out, bytes),
        Object::Array(items) => array(out, items),
        Object::Dict(entries) => dict(out, entries),
        Object::Stream(stream) => {
            let length = i64::try_from(stream.data.len()).unwrap_or(i64::MAX);
            dict(out, &stream.dict.clone().with("Length", length));
            out.extend(b"\nstream\n");
            out.extend(&stream.data);
            out.extend(b"\nendstream");
        }
        Object::Reference(reference) => out.extend(format!("{reference} R").bytes()),
    }
}

fn array(out: &mut Vec<u8>, items: &[Object]) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        object(out, item);
    }
    out.push(b']');
}

pub(super) fn dict(out: &mut Vec<u8>, dict: &Dict) {
    out.extend(b"<<");
    entries(out, dict);
    out.extend(b">>");
}

/// The entries of a dictionary, without what encloses them.
pub(super) fn entries(out: &mut Vec<u8>, dict: &Dict) {
    for (key, value) in dict.iter() {
        name(out, key);
        // A value that begins with a letter or a digit would else belong to the name.
        if !matches!(value, Object::String(_) | Object::Name(_) | Object::Array(_) | Object::Dict(_)) {
            out.push(b' ');
        }
        object(out, value);
    }
}

fn name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if is_space(*byte) || is_delimiter(*byte) || *byte == b'#' || !byte.is_ascii_graphic() {
            out.extend(format!("#{byte:02X}").bytes());
        } else {
            out.push(*byte);
        }
    }
}

/// In parentheses where all of it can be read, else in hexadecimal digits.
fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push(b'(');
        for byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        out.extend(bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()));
        out.push(b'>');
    }
}
