//! Long-term validation (PAdES B-LT): what proves a signature goes into the file while it can still be had.
//!
//! Issuers stop answering, and take certificates off their lists once they have expired. So the certificates of every
//! signature and time-stamp, and the revocation lists and OCSP answers about them, are put behind the signed bytes as
//! a further revision (`/DSS`), which signatures allow. Nothing in there is believed for standing there: each list and
//! each answer is signed by who issued it.

use super::certificate::{Path, PathEnd, Purpose, path};
use super::fields::fields;
use super::pdf::{Dict, Document, Object, Objects as _, Reference, Stream, Update};
use super::revocation::{Questions, Revocation, RevocationService, Sources, ask, status};
use super::verify::{Examined, Stored, examine, stored};
use super::{Certificate, SignatureError};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Places that are asked for one file. Each certificate of a report by the book needs one.
const MOST_QUESTIONS: usize = 32;

/// What there is to put in.
#[derive(Clone, Copy, Default)]
pub struct Material<'a> {
    /// Whom the signers' certificates lead to, if the file does not have them.
    pub anchors: &'a [Certificate],
    /// Revocation lists, in DER.
    pub revocation_lists: &'a [Vec<u8>],
    /// OCSP answers, in DER.
    pub ocsp_answers: &'a [Vec<u8>],
    /// Asked where nothing given says anything about a certificate, if its path ends at one of the anchors: where to ask
    /// stands in the certificate, and anybody can make one.
    pub service: Option<&'a dyn RevocationService>,
    /// When it is asked. Of a signature without a time-stamp nobody else says that it is older.
    pub as_of: Option<Timestamp>,
}

impl std::fmt::Debug for Material<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Material")
            .field("anchors", &self.anchors)
            .field("revocation_lists", &self.revocation_lists.len())
            .field("ocsp_answers", &self.ocsp_answers.len())
            .field("service", &self.service.is_some())
            .field("as_of", &self.as_of)
            .finish()
    }
}

/// A file with what proves its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongTerm {
    /// The file; the same bytes as before where there is nothing to put in.
    pub pdf: Vec<u8>,
    /// What was put in that was not there: certificates, revocation lists and OCSP answers.
    pub added: [usize; 3],
    /// What is still not known, and why.
    pub unknown: Vec<String>,
}

/// Puts in what proves the signatures of a PDF.
pub fn add(pdf: &[u8], material: &Material<'_>) -> Result<LongTerm, SignatureError> {
    let document = Document::read(pdf)?;
    let examined = examine(&document, &fields(&document)?)?;
    if examined.is_empty() {
        return Err(SignatureError::new("Nobody has signed the PDF.").hint("sign it first, with `cscr sign`"));
    }
    let held = stored(&document)?;
    let mut evidence = Evidence::of(material, &held);
    for path in paths(&examined, &evidence, material.as_of)? {
        evidence.prove(&path, material.service);
    }
    let (update, added) = with_store(&document, &held, &evidence)?;
    let pdf = if added == [0; 3] { pdf.to_vec() } else { update.finish() };
    Ok(LongTerm { pdf, added, unknown: evidence.unknown })
}

/// From each signer and each time-stamping authority to where their path ends, with the time that is asked about.
fn paths(
    examined: &[Examined],
    evidence: &Evidence<'_>,
    as_of: Option<Timestamp>,
) -> Result<Vec<(Path, Timestamp)>, SignatureError> {
    let mut paths = Vec::new();
    for signature in examined {
        let name = &signature.field;
        let unsound = |why: &str| {
            SignatureError::new(format!("The signature of {name} is not intact: {why}."))
                .hint("`cscr verify` says more; nothing makes such a signature last")
        };
        if let Some(fault) = signature.faults().first() {
            return Err(unsound(fault));
        }
        let mut along = evidence.issuers.clone();
        signature.certificates(&mut along);
        let mut follow = |certificate: &Certificate, purpose, time, known_at| {
            paths.push((path(certificate, &along, evidence.anchors, purpose, time), known_at));
        };
        let stamp = signature.stamp();
        if let Some(stamp) = stamp {
            follow(&stamp.signer, Purpose::TimeStamping, stamp.time, stamp.time);
        }
        let time = stamp.map(|stamp| stamp.time).or(signature.claimed.time);
        if let (Some(signer), true) = (signature.signer(), signature.is_of_person()) {
            let time = time.ok_or_else(|| unsound("it does not say when it was made"))?;
            let asked = as_of.filter(|as_of| stamp.is_none() && *as_of > time);
            follow(signer, Purpose::Signing, time, asked.unwrap_or(time));
        }
    }
    Ok(paths)
}

/// What was gathered so far.
struct Evidence<'a> {
    anchors: &'a [Certificate],
    issuers: Vec<Certificate>,
    /// What there is to choose from.
    lists: Vec<Vec<u8>>,
    answers: Vec<Vec<u8>>,
    /// What is used, and goes into the file.
    used_certificates: BTreeSet<Vec<u8>>,
    used_lists: BTreeSet<Vec<u8>>,
    used_answers: BTreeSet<Vec<u8>>,
    unknown: Vec<String>,
    questions: Questions,
}

impl<'a> Evidence<'a> {
    fn of(material: &Material<'a>, held: &Stored) -> Self {
        Self {
            anchors: material.anchors,
            issuers: held.certificates.clone(),
            lists: [material.revocation_lists, &held.revocation_lists].concat(),
            answers: [material.ocsp_answers, &held.ocsp_answers].concat(),
            used_certificates: BTreeSet::new(),
            used_lists: BTreeSet::new(),
            used_answers: BTreeSet::new(),
            unknown: Vec::new(),
            questions: Questions(MOST_QUESTIONS),
        }
    }

    /// Finds for each certificate of a path what says whether it was revoked.
    fn prove(&mut self, (path, time): &(Path, Timestamp), service: Option<&dyn RevocationService>) {
        self.used_certificates.extend(path.certificates.iter().map(|certificate| certificate.der().to_vec()));
        for pair in path.certificates.windows(2) {
            let [certificate, issuer] = pair else { continue };
            if self.choose(certificate, issuer, *time) {
                continue;
            }
            let failures = match service {
                Some(_) if path.end != PathEnd::Anchor => {
                    vec!["it leads to nobody who is trusted, so nobody was asked".to_owned()]
                }
                Some(service) => self.ask(certificate, issuer, *time, service),
                None => Vec::new(),
            };
            if !self.choose(certificate, issuer, *time) {
                let why = failures.first().map_or(String::new(), |why| format!(" ({why})"));
                let said = format!("whether the certificate of {} was revoked{why}", certificate.holder());
                if !self.unknown.contains(&said) {
                    self.unknown.push(said);
                }
            }
        }
    }

    /// Takes what speaks about a certificate; whether anything does.
    fn choose(&mut self, certificate: &Certificate, issuer: &Certificate, time: Timestamp) -> bool {
        let says = |sources: Sources<'_>| {
            !matches!(status(certificate, issuer, sources, time), Revocation::Unknown(_))
        };
        let of_list = |list: &&Vec<u8>| {
            says(Sources { revocation_lists: std::slice::from_ref(*list), ocsp_answers: &[] })
        };
        let of_answer = |answer: &&Vec<u8>| {
            says(Sources { revocation_lists: &[], ocsp_answers: std::slice::from_ref(*answer) })
        };
        let lists: Vec<Vec<u8>> = self.lists.iter().filter(of_list).cloned().collect();
        let answers: Vec<Vec<u8>> = self.answers.iter().filter(of_answer).cloned().collect();
        let found = !lists.is_empty() || !answers.is_empty();
        self.used_lists.extend(lists);
        self.used_answers.extend(answers);
        found
    }

    /// Asks those whom a certificate names; why none of them says anything.
    fn ask(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        time: Timestamp,
        service: &dyn RevocationService,
    ) -> Vec<String> {
        let asked = ask(certificate, issuer, service, time, &mut self.questions);
        self.lists.extend(asked.revocation_list);
        self.answers.extend(asked.ocsp_answer);
        match asked.revocation {
            Revocation::Unknown(why) if why.is_empty() => vec!["it names no place to ask".to_owned()],
            Revocation::Unknown(why) => why,
            Revocation::Good(_) | Revocation::Revoked { .. } => Vec::new(),
        }
    }
}

/// The revision with the store, and how much is new in it.
fn with_store<'a>(
    document: &'a Document<'a>,
    held: &Stored,
    evidence: &Evidence<'_>,
) -> Result<(Update<'a>, [usize; 3]), SignatureError> {
    let mut update = Update::of(document)?;
    let found = document.in_catalog("DSS")?;
    let mut store = found.as_ref().map_or_else(|| Dict::of_type("DSS"), |(_, store)| store.clone());
    let certificates: Vec<Vec<u8>> =
        held.certificates.iter().map(|certificate| certificate.der().to_vec()).collect();
    let mut added = [0; 3];
    let kinds = [
        ("Certs", &evidence.used_certificates, &certificates),
        ("CRLs", &evidence.used_lists, &held.revocation_lists),
        ("OCSPs", &evidence.used_answers, &held.ocsp_answers),
    ];
    for (count, (key, used, held)) in added.iter_mut().zip(kinds) {
        let new: Vec<Object> = used
            .iter()
            .filter(|one| !held.contains(one))
            .map(|one| update.add(Stream { dict: Dict::new(), data: one.clone() }).into())
            .collect();
        *count = new.len();
        if !new.is_empty() {
            let before = document.find_array(&store, key)?.unwrap_or_default();
            store.set(key, [before, new].concat());
        }
    }
    put(&mut update, found.and_then(|(reference, _)| reference), store)?;
    Ok((update, added))
}

/// In its old place, else in a new one that the catalog names.
fn put(update: &mut Update<'_>, place: Option<Reference>, store: Dict) -> Result<(), SignatureError> {
    if let Some(place) = place {
        update.set(place, store);
        return Ok(());
    }
    let place = update.add(store);
    let catalog = update.dict(update.catalog())?.with("DSS", place);
    update.set(update.catalog(), catalog);
    Ok(())
}
