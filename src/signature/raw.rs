//! The bytes of DER as they stand in a file. Signatures are over those, and not over what an encoder would write.

use super::SignatureError;
use der::{Encode as _, Reader as _, SliceReader};

/// The first element within a SEQUENCE, tag and length included: what a certificate, a revocation list or an OCSP
/// response is signed over.
pub(super) fn first_element(sequence: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(sequence)?;
    reader.decode::<der::Header>()?;
    let header = reader.peek_header()?;
    reader.read_slice((header.encoded_len()? + header.length)?)
}

/// The one DER element at the start of a signature's hole, without the zeros that fill it up.
pub(super) fn within_padding(hole: &[u8]) -> Result<&[u8], SignatureError> {
    let unreadable = |_| SignatureError::new("the signature is not written in DER");
    let mut reader = SliceReader::new(hole).map_err(unreadable)?;
    let header = reader.peek_header().map_err(unreadable)?;
    let length = header.encoded_len().and_then(|encoded| encoded + header.length).map_err(unreadable)?;
    let element = reader.read_slice(length).map_err(unreadable)?;
    if hole[element.len()..].iter().any(|byte| *byte != 0) {
        return Err(SignatureError::new("there is something behind the signature that is no part of it"));
    }
    Ok(element)
}
