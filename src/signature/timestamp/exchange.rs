//! Asking for a time-stamp, and reading the answer.

use super::token::{self, TimeStamp};
use crate::signature::SignatureError;
use crate::signature::algorithm::digest_identifier;
use crate::signature::plain::plain;
use crate::signature::signer::DigestAlgorithm;
use cms::content_info::ContentInfo;
use der::asn1::{Any, BitString, Int, OctetString};
use der::{Decode as _, Encode as _, Sequence, Tag, Tagged as _};
use ring::rand::{SecureRandom as _, SystemRandom};
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion};

/// Something that answers a request of RFC 3161: the DER of a `TimeStampReq` in, the DER of a `TimeStampResp` out.
///
/// The HTTP client of the command is one; a test needs none.
pub trait TimeStampAuthority {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, SignatureError>;
}

/// `TimeStampResp`. The types of `x509-tsp` cannot read all of RFC 4210's reasons for a refusal.
#[derive(Sequence)]
struct Answer {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<ContentInfo>,
}

#[derive(Sequence)]
struct Status {
    code: Int,
    #[asn1(optional = "true")]
    words: Option<Vec<Any>>,
    #[asn1(optional = "true")]
    reason: Option<BitString>,
}

/// Asks an authority for a time-stamp over these octets, and checks that it is one: the token in DER.
///
/// Whether the authority is to be trusted is not asked here.
pub fn request(authority: &dyn TimeStampAuthority, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let nonce = nonce()?;
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: imprint(message).map_err(unwritable)?,
        req_policy: None,
        nonce: Some(nonce.clone()),
        cert_req: true,
        extensions: None,
    };
    let answer = authority.answer(&request.to_der().map_err(unwritable)?)?;
    let token = read(&answer)?;
    let stamp = token::verify(&token, &[message])?;
    is_answer_to(&stamp, &nonce)?;
    Ok(token)
}

fn imprint(message: &[u8]) -> der::Result<MessageImprint> {
    Ok(MessageImprint {
        hash_algorithm: digest_identifier(DigestAlgorithm::Sha256),
        hashed_message: OctetString::new(DigestAlgorithm::Sha256.digest(&[message]))?,
    })
}

/// A number that no request had before, positive and without leading zeros.
fn nonce() -> Result<Int, SignatureError> {
    let failed = || SignatureError::new("the system gives no random numbers");
    let mut octets = [0; 8];
    SystemRandom::new().fill(&mut octets).map_err(|_| failed())?;
    octets[0] = (octets[0] & 0x3f) | 0x40;
    Int::new(&octets).map_err(|_| failed())
}

fn read(answer: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let not_one = || {
        SignatureError::new("the answer of the time-stamping authority is no time-stamp response")
            .hint("check the address: it has to be that of an RFC 3161 service")
    };
    let answer = Answer::from_der(answer).map_err(|_| not_one())?;
    match (answer.status.code.as_bytes(), answer.token) {
        ([0 | 1], Some(token)) => token.to_der().map_err(|_| not_one()),
        ([0 | 1], None) => Err(not_one()),
        _ => Err(refused(&answer.status)),
    }
}

fn refused(status: &Status) -> SignatureError {
    let what = match status.code.as_bytes() {
        [2] => "the time-stamping authority refused the request",
        [3] => "the time-stamping authority asks to wait",
        [4] => "the time-stamping authority says that its certificate is about to be revoked",
        [5] => "the time-stamping authority says that its certificate was revoked",
        _ => "the time-stamping authority gave no time-stamp",
    };
    let details: Vec<String> = reason(status).map(str::to_owned).into_iter().chain(words(status)).collect();
    let details = if details.is_empty() { String::new() } else { format!(": {}", details.join("; ")) };
    SignatureError::new(format!("{what}{details}")).hint("try again later, or with another authority")
}

/// The authority's own words, without what a terminal would act on.
fn words(status: &Status) -> Vec<String> {
    let texts = status.words.iter().flatten().filter(|text| text.tag() == Tag::Utf8String);
    texts
        .filter_map(|text| std::str::from_utf8(text.value()).ok())
        .map(|text| plain(text).chars().take(200).collect())
        .collect()
}

/// `PKIFailureInfo` as RFC 3161, 2.4.2 has it.
fn reason(status: &Status) -> Option<&'static str> {
    let bits = status.reason.as_ref()?;
    let first = bits.bits().position(|bit| bit)?;
    Some(match first {
        0 => "it does not know the digest",
        2 => "the request is not permitted or not supported",
        5 => "the request has the wrong format",
        14 => "its source of time is not available",
        15 => "the policy is not supported",
        16 => "an extension is not supported",
        17 => "additional information is not available",
        25 => "it has a failure",
        _ => return None,
    })
}

fn is_answer_to(stamp: &TimeStamp, nonce: &Int) -> Result<(), SignatureError> {
    if stamp.nonce.as_ref() == Some(nonce) {
        return Ok(());
    }
    Err(SignatureError::new("the time-stamp is the answer to another request").hint("try again"))
}

fn unwritable(_: der::Error) -> SignatureError {
    SignatureError::new("the request for a time-stamp could not be written")
}
