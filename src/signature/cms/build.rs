//! Making a signature.

use super::attributes::{attribute, to_sign};
use super::signed_data::{SignedData, naming};
use crate::signature::algorithm::{digest_identifier, signature_identifier};
use crate::signature::certificate::Certificate;
use crate::signature::signer::Signer;
use crate::signature::timestamp::{self, TimeStampAuthority};
use crate::signature::{SignatureError, oid};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode as _, Encode as _};

/// Makes a detached CAdES-B signature (the DER of `ContentInfo`) over content with this digest, which is one of
/// `signer.algorithm().digest()`. With an authority the signature is time-stamped: CAdES-T.
pub fn sign(
    signer: &dyn Signer,
    digest: &[u8],
    authority: Option<&dyn TimeStampAuthority>,
) -> Result<Vec<u8>, SignatureError> {
    let detached = EncapsulatedContentInfo { econtent_type: oid::DATA, econtent: None };
    signed(signer, detached, digest, authority)
}

/// Signs a content of this kind that is carried within the signature, as a time-stamping authority does.
pub fn sign_content(
    signer: &dyn Signer,
    content_type: ObjectIdentifier,
    content: &[u8],
) -> Result<Vec<u8>, SignatureError> {
    let digest = signer.algorithm().digest().digest(&[content]);
    let content =
        OctetString::new(content).and_then(|octets| Any::encode_from(&octets)).map_err(unwritable)?;
    let carried = EncapsulatedContentInfo { econtent_type: content_type, econtent: Some(content) };
    signed(signer, carried, &digest, None)
}

fn signed(
    signer: &dyn Signer,
    content: EncapsulatedContentInfo,
    digest: &[u8],
    authority: Option<&dyn TimeStampAuthority>,
) -> Result<Vec<u8>, SignatureError> {
    let algorithm = signer.algorithm();
    let certificate = signer.chain().first();
    let certificate =
        certificate.ok_or_else(|| SignatureError::new("the signing identity has no certificate"))?;
    let attributes = to_sign(certificate, algorithm, content.econtent_type, digest).map_err(unwritable)?;
    let value = signer.sign(&attributes.to_der().map_err(unwritable)?)?;
    let token = authority.map(|authority| timestamp::request(authority, &value)).transpose()?;
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: naming(certificate),
        digest_alg: digest_identifier(algorithm.digest()),
        signed_attrs: Some(attributes),
        signature_algorithm: signature_identifier(algorithm),
        signature: OctetString::new(value).map_err(unwritable)?,
        unsigned_attrs: token.as_deref().map(stamped).transpose()?,
    };
    assembled(signer.chain(), content, info).map_err(unwritable)
}

/// The time-stamp among the unsigned attributes.
fn stamped(token: &[u8]) -> Result<SetOfVec<x509_cert::attr::Attribute>, SignatureError> {
    let token = ContentInfo::from_der(token).map_err(unwritable)?;
    let attribute = attribute(oid::TIME_STAMP_TOKEN, &token).map_err(unwritable)?;
    SetOfVec::try_from(vec![attribute]).map_err(unwritable)
}

fn assembled(
    chain: &[Certificate],
    content: EncapsulatedContentInfo,
    info: SignerInfo,
) -> der::Result<Vec<u8>> {
    let certificates = chain.iter().map(|certificate| Any::from_der(certificate.der()));
    let certificates = certificates.collect::<der::Result<Vec<_>>>()?;
    // RFC 5652, 5.1: version 3 as soon as the content is something else than plain data.
    let version = if content.econtent_type == oid::DATA { CmsVersion::V1 } else { CmsVersion::V3 };
    let data = SignedData {
        version,
        digest_algorithms: SetOfVec::try_from(vec![info.digest_alg.clone()])?,
        content,
        certificates: Some(SetOfVec::try_from(certificates)?),
        revocations: None,
        signers: SetOfVec::try_from(vec![info])?,
    };
    data.to_content_info()
}

fn unwritable(_: der::Error) -> SignatureError {
    SignatureError::new("the signature could not be written")
}
