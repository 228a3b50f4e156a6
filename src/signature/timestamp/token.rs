//! A time-stamp token, and whether it is over what it is said to be over.

use crate::signature::algorithm::digest_of;
use crate::signature::certificate::{Certificate, hexadecimal, instant};
use crate::signature::cms::signed_data::SignedData;
use crate::signature::cms::{self, Check};
use crate::signature::{SignatureError, oid, raw};
use der::asn1::{Any, GeneralizedTime, Int, ObjectIdentifier};
use der::{Decode as _, Sequence, Tag, Tagged as _};
use jiff::Timestamp;
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::name::GeneralName;
use x509_tsp::{Accuracy, MessageImprint, TspVersion};

/// `TSTInfo`. That of `x509-tsp` knows no fractions of a second.
#[derive(Sequence)]
struct TstInfo {
    version: TspVersion,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial: Int,
    time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    authority: Option<GeneralName>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    extensions: Option<Extensions>,
}

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
    if info.extensions.iter().flatten().any(|extension| extension.critical) {
        return Err(SignatureError::new("the time-stamp has a critical extension, and none is known"));
    }
    let imprint = &info.imprint;
    let digest = digest_of(&imprint.hash_algorithm)
        .map_err(|fault| SignatureError::new(format!("the time-stamp is over a digest: {fault}")))?;
    if imprint.hashed_message.as_bytes() != digest.digest(message) {
        return Err(SignatureError::new("the time-stamp is over something else"));
    }
    is_for_time_stamps(&signature.signer)?;
    Ok(TimeStamp {
        time: time(&info.time).ok_or_else(unreadable)?,
        policy: info.policy.to_string(),
        serial: hexadecimal(info.serial.as_bytes()),
        signer: signature.signer,
        certificates: signature.certificates,
        revocation_lists: signature.revocation_lists,
        checks: signature.checks,
        digest: digest.to_string(),
        nonce: info.nonce,
    })
}

/// `20260301120000Z`, or with a fraction of a second, which is left away.
fn time(value: &Any) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.value()).ok().filter(|_| value.tag() == Tag::GeneralizedTime)?;
    let (seconds, fraction) =
        text.strip_suffix('Z')?.split_once('.').unwrap_or((text.strip_suffix('Z')?, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|digit| digit.is_ascii_digit());
    if seconds.len() != 14 || !is_fraction {
        return None;
    }
    let whole = [&[0x18, 15], seconds.as_bytes(), b"Z"].concat();
    GeneralizedTime::from_der(&whole).ok().map(|time| instant(time.to_unix_duration()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_have_a_fraction() {
        let read = |text: &str| {
            let value = Any::new(Tag::GeneralizedTime, text.as_bytes()).unwrap();
            time(&value).map(|time| time.to_string())
        };
        for text in ["20260301120005Z", "20260301120005.5Z", "20260301120005.999999Z"] {
            assert_eq!(read(text).as_deref(), Some("2026-03-01T12:00:05Z"), "{text}");
        }
        for text in [
            "20260301120005",
            "202603011200Z",
            "20260301120005.Z",
            "20260301120005.xZ",
            "20261301120005Z",
            "Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
