//! Asking those whom a certificate names whether it was revoked.
//!
//! A certificate says where to ask, and whoever made it chose that. So only a few places are asked, and whoever calls
//! decides for which certificates: those whose path ends at somebody who is trusted.

use super::{Revocation, Sources, ocsp_request, ocsp_urls, revocation_list_urls, status};
use crate::signature::SignatureError;
use crate::signature::certificate::{Certificate, pem};
use jiff::Timestamp;

/// Something that has revocation lists and OCSP answers, such as the network.
pub trait RevocationService {
    /// The revocation list behind a URL.
    fn revocation_list(&self, url: &str) -> Result<Vec<u8>, SignatureError>;

    /// What the OCSP responder behind a URL answers to a request, in DER.
    fn ocsp_answer(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, SignatureError>;
}

/// Responders that are asked about one certificate.
const MOST_RESPONDERS: usize = 2;
/// Places that are asked about one certificate.
const MOST_PLACES: usize = 3;

/// Places that may still be asked, for all certificates together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Questions(pub usize);

/// What came of asking about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub revocation: Revocation,
    /// The list that says so, in DER.
    pub revocation_list: Option<Vec<u8>>,
    /// The OCSP answer that says so, in DER.
    pub ocsp_answer: Option<Vec<u8>>,
}

enum Place {
    Responder(String),
    List(String),
}

/// Asks the responders that a certificate names, and then for its lists, until one of them says whether it was revoked:
/// one that answers something else, or nothing that can be read, is passed over.
pub fn ask(
    certificate: &Certificate,
    issuer: &Certificate,
    service: &dyn RevocationService,
    time: Timestamp,
    questions: &mut Questions,
) -> Asked {
    let mut why = Vec::new();
    for place in places(certificate) {
        let Some(left) = questions.0.checked_sub(1) else {
            why.push("too many places were asked already".to_owned());
            break;
        };
        questions.0 = left;
        match place.fetch(certificate, issuer, service) {
            Ok([lists, answers]) => {
                let sources = Sources { revocation_lists: &lists, ocsp_answers: &answers };
                match status(certificate, issuer, sources, time) {
                    Revocation::Unknown(silent) => why.extend(silent),
                    revocation => {
                        let [revocation_list, ocsp_answer] = [lists, answers].map(|mut one| one.pop());
                        return Asked { revocation, revocation_list, ocsp_answer };
                    }
                }
            }
            Err(error) => why.push(error.what),
        }
    }
    Asked { revocation: Revocation::Unknown(why), revocation_list: None, ocsp_answer: None }
}

fn places(certificate: &Certificate) -> impl Iterator<Item = Place> {
    let responders = ocsp_urls(certificate).into_iter().take(MOST_RESPONDERS).map(Place::Responder);
    let lists = revocation_list_urls(certificate).into_iter().map(Place::List);
    responders.chain(lists).take(MOST_PLACES)
}

impl Place {
    /// The lists and the answers that are there.
    fn fetch(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        service: &dyn RevocationService,
    ) -> Result<[Vec<Vec<u8>>; 2], SignatureError> {
        match self {
            Self::Responder(url) => {
                let request = ocsp_request(certificate, issuer)?;
                Ok([Vec::new(), vec![service.ocsp_answer(url, &request)?]])
            }
            Self::List(url) => Ok([vec![read_revocation_list(&service.revocation_list(url)?)?], Vec::new()]),
        }
    }
}

/// Reads a revocation list, in DER or PEM.
pub fn read_revocation_list(file: &[u8]) -> Result<Vec<u8>, SignatureError> {
    if !pem::is_pem(file) {
        return Ok(file.to_vec());
    }
    let blocks = pem::blocks(file)?;
    let list = blocks.iter().find(|block| block.label == "X509 CRL");
    let list = list.ok_or_else(|| {
        SignatureError::new("There is no revocation list in the file.")
            .hint("name a file in DER, or one with -----BEGIN X509 CRL----- in it")
    })?;
    Ok(list.der.to_vec())
}
