//! The outer structures of CMS, and reading them strictly: DER, one signer, attributes that are signed.

use crate::signature::certificate::Certificate;
use crate::signature::{SignatureError, oid};
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{DigestAlgorithmIdentifiers, EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{Decode as _, Encode as _, Sequence, Tag, TagNumber, Tagged as _};

/// More than any chain has, with all that authorities put beside it. Each may have to be held against each other.
const MOST_CERTIFICATES: usize = 32;

/// `SignedData` of RFC 5652. Certificates are kept as they are written, because they are signed so.
#[derive(Debug, Clone, Sequence)]
pub(in crate::signature) struct SignedData {
    pub(super) version: CmsVersion,
    pub(super) digest_algorithms: DigestAlgorithmIdentifiers,
    pub(super) content: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(super) certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(super) revocations: Option<SetOfVec<Any>>,
    pub(super) signers: SetOfVec<SignerInfo>,
}

impl SignedData {
    /// Reads `ContentInfo`, and `SignedData` in it.
    pub(in crate::signature) fn from_der(der: &[u8]) -> Result<Self, SignatureError> {
        let unreadable =
            |error: der::Error| SignatureError::new(format!("the signature cannot be read: {error}"));
        let outer = ContentInfo::from_der(der).map_err(unreadable)?;
        if outer.content_type != oid::SIGNED_DATA {
            return Err(SignatureError::new("the signature is no CMS SignedData"));
        }
        outer.content.decode_as().map_err(unreadable)
    }

    pub(super) fn to_content_info(&self) -> der::Result<Vec<u8>> {
        ContentInfo { content_type: oid::SIGNED_DATA, content: Any::encode_from(self)? }.to_der()
    }

    /// The one signer; a signature of several people at once is refused.
    pub(super) fn signer(&self) -> Result<&SignerInfo, SignatureError> {
        match self.signers.as_slice() {
            [signer] => Ok(signer),
            [] => Err(SignatureError::new("the signature has no signer")),
            several => {
                Err(SignatureError::new(format!("the signature has {} signers, not one", several.len())))
            }
        }
    }

    /// The certificates that came along. Attribute certificates and other formats, which have tags of their own, are
    /// passed over.
    pub(super) fn certificates(&self) -> Result<Vec<Certificate>, SignatureError> {
        let there = self.certificates.as_ref().map_or(0, SetOfVec::len);
        if there > MOST_CERTIFICATES {
            return Err(SignatureError::new(format!(
                "the signature carries {there} certificates, and no chain has more than {MOST_CERTIFICATES}"
            )));
        }
        let values = self.certificates.iter().flat_map(|set| set.iter());
        values
            .filter(|value| !(1..=3).any(|other| value.tag() == context(other)))
            .map(|value| {
                let der = value.to_der().map_err(|_| SignatureError::new("a certificate cannot be read"))?;
                Certificate::from_der(&der)
            })
            .collect()
    }

    /// What came along as revocation lists, in DER. Nobody has signed it, so it may be something else.
    pub(super) fn revocation_lists(&self) -> Vec<Vec<u8>> {
        let values = self.revocations.iter().flat_map(|set| set.iter());
        values.filter_map(|value| value.to_der().ok()).collect()
    }

    /// What is signed, if it is within the signature.
    pub(in crate::signature) fn embedded(&self) -> Option<&[u8]> {
        self.content.econtent.as_ref().filter(|value| value.tag() == Tag::OctetString).map(Any::value)
    }

    pub(super) fn content_type(&self) -> ObjectIdentifier {
        self.content.econtent_type
    }
}

fn context(number: u8) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber::new(number) }
}

/// Whether a signature says that this certificate is its signer's.
pub(super) fn names(signer: &SignerIdentifier, certificate: &Certificate) -> bool {
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == certificate.body().issuer
                && named.serial_number == certificate.body().serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            certificate.extension(oid::SUBJECT_KEY_IDENTIFIER).ok().flatten().is_some_and(|extension| {
                named.to_der().is_ok_and(|der| der == extension.extn_value.as_bytes())
            })
        }
    }
}

/// How a signature names its signer's certificate.
pub(super) fn naming(certificate: &Certificate) -> SignerIdentifier {
    SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: certificate.body().issuer.clone(),
        serial_number: certificate.body().serial_number.clone(),
    })
}
