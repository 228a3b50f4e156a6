//! A time-stamp token, and whether it is over what it is said to be over.

use crate::signature::algorithm::digest_of;
use crate::signature::certificate::{Certificate, hexadecimal, instant};
use crate::signature::cms::signed_data::SignedData;
use crate::signature::cms::{self, Check};
use crate::signature::{SignatureError, oid, raw};
use der::Decode as _;
use der::asn1::{Int, ObjectIdentifier};
use jiff::Timestamp;
use x509_tsp::TstInfo;

/// A time-stamp that holds: its signature is whole, and it is over the octets that it was asked for.
///
/// Whether its signer can be trusted is not said; see [`crate::signature::certificate`] for the path from
/// [`TimeStamp::signer`] to a trust anchor.
#[derive(Debug, Clone)]
pub struct TimeStamp {
    /// When the octets were there, to the second.
    pub time: Timestamp,
    /// Under which of its policies the authority issued it.
    pub policy: String,
    /// The number that the authority gave it, in hexadecimal.
    pub serial: String,
    /// The authority's certificate.
    pub signer: Certificate,
    /// All certificates that came along.
    pub certificates: Vec<Certificate>,
    /// Revocation lists that came along, in DER.
    pub revocation_lists: Vec<Vec<u8>>,
    /// What was looked at in its signature.
    pub checks: Vec<Check>,
    /// The digest that it is over, in words: `SHA-256`.
    pub digest: String,
    pub(super) nonce: Option<Int>,
}

/// Reads and checks a time-stamp token (the DER of `ContentInfo`, zeros behind it allowed) over these octets, which may
/// come in pieces. For the octets of a PDF, it is what stands in a document time-stamp (`ETSI.RFC3161`).
pub fn verify(token: &[u8], message: &[&[u8]]) -> Result<TimeStamp, SignatureError> {
    let data = SignedData::from_der(raw::within_padding(token)?).map_err(of_time_stamp)?;
    let signature = cms::verify_content(&data, oid::TST_INFO).map_err(of_time_stamp)?;
    let unreadable = || SignatureError::new("the time-stamp cannot be read");
    let info = TstInfo::from_der(data.embedded().ok_or_else(unreadable)?).map_err(|_| unreadable())?;
    if !signature.is_intact() {
        let why: Vec<String> = signature.checks.iter().filter_map(cms::Check::objection).collect();
        return Err(SignatureError::new(format!("the time-stamp does not hold: {}", why.join("; "))));
    }
    let imprint = &info.message_imprint;
    let digest = digest_of(&imprint.hash_algorithm)
        .map_err(|fault| SignatureError::new(format!("the time-stamp is over a digest: {fault}")))?;
    if imprint.hashed_message.as_bytes() != digest.digest(message) {
        return Err(SignatureError::new("the time-stamp is over something else"));
    }
    is_for_time_stamps(&signature.signer)?;
    Ok(TimeStamp {
        time: instant(info.gen_time.to_unix_duration()),
        policy: info.policy.to_string(),
        serial: hexadecimal(info.serial_number.as_bytes()),
        signer: signature.signer,
        certificates: signature.certificates,
        revocation_lists: signature.revocation_lists,
        checks: signature.checks,
        digest: digest.to_string(),
        nonce: info.nonce,
    })
}

fn of_time_stamp(error: SignatureError) -> SignatureError {
    SignatureError { what: format!("the time-stamp does not hold: {}", error.what), hint: error.hint }
}

/// RFC 3161, 2.3: the authority's key is for time-stamps and nothing else, and that is critical.
fn is_for_time_stamps(signer: &Certificate) -> Result<(), SignatureError> {
    let extension = signer.extension(oid::EXTENDED_KEY_USAGE)?;
    let is_so = extension.is_some_and(|extension| {
        let purposes = Vec::<ObjectIdentifier>::from_der(extension.extn_value.as_bytes());
        extension.critical && purposes.is_ok_and(|purposes| purposes == [oid::TIME_STAMPING])
    });
    if is_so {
        return Ok(());
    }
    let what = format!(
        "the time-stamp is by {}, whose certificate is not one for time-stamps alone",
        signer.holder()
    );
    Err(SignatureError::new(what))
}
