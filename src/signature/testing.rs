//! What tests sign with: a TEST authority, certificates that are as they should be or are not, a time-stamping
//! authority, revocation lists and OCSP answers.
//!
//! It speaks to the rest as a program outside would, so the test suite takes this same file in.

use crate::signature::identity::{self, SoftwareIdentity, TestAuthority};
use crate::signature::{Certificate, SignatureError, Signer as _, TimeStampAuthority, cms, revocation};
use der::asn1::{BitString, GeneralizedTime, Int, ObjectIdentifier};
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use rcgen::{
    CertificateParams, CertificateRevocationListParams, CustomExtension, DnType, IsCa, KeyIdMethod, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, RevocationReason, RevokedCertParams, SerialNumber,
};
use std::cell::Cell;
use std::time::Duration;
use x509_ocsp::{
    BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, ResponderId, ResponseData,
    RevokedInfo, SingleResponse,
};
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion, TstInfo};

/// The day on which the world of the tests begins.
pub const FIRST_DAY: Date = date(2026, 1, 1);

/// A moment, as a test writes it: `2026-03-01T12:00:00Z`.
pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// An authority from the first day on.
pub fn authority() -> TestAuthority {
    TestAuthority::new(FIRST_DAY).unwrap()
}

/// A person's certificate as it should be, to be changed into what it should not be.
pub fn person() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, "TEST Dr A. Name");
    parameters.not_before = rcgen::date_time_ymd(2026, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(2029, 1, 1);
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters
}

/// An identity with a certificate that says this, by that authority.
pub fn issued(parameters: &CertificateParams, by: &TestAuthority) -> SoftwareIdentity {
    identity::open(issued_as_pem(parameters, by).as_bytes(), None).unwrap()
}

/// The same as a PEM file.
pub fn issued_as_pem(parameters: &CertificateParams, by: &TestAuthority) -> String {
    certified(&KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(), parameters, by)
}

/// Identities with a certificate each, and one key.
pub fn with_one_key(parameters: [&CertificateParams; 2], by: &TestAuthority) -> [SoftwareIdentity; 2] {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    parameters.map(|parameters| identity::open(certified(&key, parameters, by).as_bytes(), None).unwrap())
}

fn certified(key: &KeyPair, parameters: &CertificateParams, by: &TestAuthority) -> String {
    let certificate = parameters.signed_by(key, &by.issuer().unwrap()).unwrap();
    format!("{}{}{}", certificate.pem(), by.certificate().to_pem(), key.serialize_pem())
}

/// An extended key usage as an extension of one's own, which can be critical.
pub fn purposes(purposes: &[&str], is_critical: bool) -> CustomExtension {
    let purposes: Vec<ObjectIdentifier> = purposes.iter().map(|purpose| purpose.parse().unwrap()).collect();
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], purposes.to_der().unwrap());
    extension.set_criticality(is_critical);
    extension
}

const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

/// A time-stamping authority that needs no network.
pub struct Stamper {
    pub identity: SoftwareIdentity,
    /// What it takes the time to be.
    pub time: Timestamp,
    /// Makes it write something else than it should.
    pub tampering: fn(&mut TstInfo),
    /// How often it was asked.
    pub asked: Cell<usize>,
}

impl Stamper {
    pub fn new(by: &TestAuthority, time: &str) -> Self {
        Self::with(by, time, purposes(&[TIME_STAMPING], true))
    }

    /// One whose certificate is for other purposes.
    pub fn with(by: &TestAuthority, time: &str, purposes: CustomExtension) -> Self {
        let mut parameters = person();
        parameters.distinguished_name.push(DnType::CommonName, "TEST Time-stamping authority");
        parameters.custom_extensions = vec![purposes];
        Self { identity: issued(&parameters, by), time: at(time), tampering: |_| {}, asked: Cell::new(0) }
    }

    /// A token over this imprint.
    pub fn token(&self, imprint: MessageImprint, nonce: Option<Int>) -> Vec<u8> {
        let seconds = u64::try_from(self.time.as_second()).unwrap();
        let mut info = TstInfo {
            version: TspVersion::V1,
            policy: ObjectIdentifier::new_unwrap("1.2.3.4.1"),
            message_imprint: imprint,
            serial_number: Int::new(&[1]).unwrap(),
            gen_time: GeneralizedTime::from_unix_duration(Duration::from_secs(seconds)).unwrap(),
            accuracy: None,
            ordering: false,
            nonce,
            tsa: None,
            extensions: None,
        };
        (self.tampering)(&mut info);
        let kind = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
        cms::sign_content(&self.identity, kind, &info.to_der().unwrap()).unwrap()
    }
}

impl TimeStampAuthority for Stamper {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.asked.set(self.asked.get() + 1);
        let request = TimeStampReq::from_der(request).unwrap();
        assert!(request.cert_req, "the certificate has to come along");
        let granted = [0x30, 3, 2, 1, 0];
        Ok(sequence(&[&granted, &self.token(request.message_imprint, request.nonce)]))
    }
}

/// A SEQUENCE of what is DER already.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    der::Any::new(der::Tag::Sequence, parts.concat()).unwrap().to_der().unwrap()
}

/// A revocation list of this authority, which revokes these certificates from these moments on.
pub fn revocation_list(
    by: &TestAuthority,
    revoked: &[(&Certificate, &str, RevocationReason)],
    from: (u8, u8),
    until: (u8, u8),
) -> Vec<u8> {
    let revoked = revoked.iter().map(|(certificate, time, reason)| {
        let time = at(time).to_zoned(jiff::tz::TimeZone::UTC);
        let day =
            rcgen::date_time_ymd(time.year().into(), time.month().unsigned_abs(), time.day().unsigned_abs());
        RevokedCertParams {
            serial_number: SerialNumber::from_slice(&unhex(&certificate.serial())),
            revocation_time: day,
            reason_code: Some(*reason),
            invalidity_date: None,
        }
    });
    let list = CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2026, from.0, from.1),
        next_update: rcgen::date_time_ymd(2026, until.0, until.1),
        crl_number: SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(&by.issuer().unwrap()).unwrap().der().to_vec()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// An OCSP responder that needs no network. Its answers are from 1 June to 1 July 2026.
pub struct Responder {
    pub identity: SoftwareIdentity,
    /// Whose certificates it speaks of.
    pub issuer: Certificate,
}

impl Responder {
    /// One that this authority gave a certificate for these purposes.
    pub fn new(by: &TestAuthority, for_what: &[&str]) -> Self {
        let mut parameters = person();
        parameters.distinguished_name.push(DnType::CommonName, "TEST Responder");
        parameters.custom_extensions = vec![purposes(for_what, false)];
        Self { identity: issued(&parameters, by), issuer: by.certificate().clone() }
    }

    pub fn good(&self, certificate: &Certificate) -> Vec<u8> {
        self.answer(certificate, CertStatus::good())
    }

    pub fn unknown(&self, certificate: &Certificate) -> Vec<u8> {
        self.answer(certificate, CertStatus::unknown())
    }

    pub fn revoked(&self, certificate: &Certificate, from: &str) -> Vec<u8> {
        let revoked = RevokedInfo { revocation_time: ocsp_time(from), revocation_reason: None };
        self.answer(certificate, CertStatus::Revoked(revoked))
    }

    fn answer(&self, certificate: &Certificate, status: CertStatus) -> Vec<u8> {
        let own = x509(&self.identity.chain()[0]);
        let request = revocation::ocsp_request(certificate, &self.issuer).unwrap();
        let request = OcspRequest::from_der(&request).unwrap();
        let response = SingleResponse {
            cert_id: request.tbs_request.request_list[0].req_cert.clone(),
            cert_status: status,
            this_update: ocsp_time("2026-06-01T00:00:00Z"),
            next_update: Some(ocsp_time("2026-07-01T00:00:00Z")),
            single_extensions: None,
        };
        let body = ResponseData {
            version: x509_ocsp::Version::V1,
            responder_id: ResponderId::ByName(own.tbs_certificate.subject.clone()),
            produced_at: ocsp_time("2026-06-01T00:00:00Z"),
            responses: vec![response],
            response_extensions: None,
        };
        let value = self.identity.sign(&body.to_der().unwrap()).unwrap();
        let basic = BasicOcspResponse {
            tbs_response_data: body,
            signature_algorithm: own.signature_algorithm.clone(),
            signature: BitString::from_bytes(&value).unwrap(),
            certs: Some(vec![own]),
        };
        OcspResponse::successful(basic).unwrap().to_der().unwrap()
    }
}

fn ocsp_time(time: &str) -> OcspGeneralizedTime {
    let seconds = u64::try_from(at(time).as_second()).unwrap();
    OcspGeneralizedTime(GeneralizedTime::from_unix_duration(Duration::from_secs(seconds)).unwrap())
}

fn x509(certificate: &Certificate) -> x509_cert::Certificate {
    x509_cert::Certificate::from_der(certificate.der()).unwrap()
}
