//! Asking whether a certificate was revoked those whom it names for that.

use crate::cli::network::Network;
use crate::signature::Certificate;
use crate::signature::revocation::{self, EvidenceKind, Revocation, Sources};
use jiff::Timestamp;

/// What OCSP responders and revocation lists say of the first certificate of a chain. The lists are fetched only where
/// no responder says anything.
pub(super) fn revocation(chain: &[Certificate], time: Timestamp) -> Revocation {
    let [own, issuer, ..] = chain else {
        return Revocation::Unknown(vec!["the issuer's certificate is not in the file".to_owned()]);
    };
    let network = Network::new();
    let asked = revocation::ocsp_urls(own).into_iter().map(|url| {
        let request = revocation::ocsp_request(own, issuer)?;
        network.ocsp(&url, &request)
    });
    let (answers, mut silent) = sorted(asked);
    let by_answers = Sources { ocsp_answers: &answers, revocation_lists: &[] };
    match revocation::status(own, issuer, by_answers, time) {
        Revocation::Unknown(why) => silent.extend(why),
        known => return known,
    }
    let (lists, why) =
        sorted(revocation::revocation_list_urls(own).into_iter().map(|url| network.fetch(&url)));
    silent.extend(why);
    match revocation::status(own, issuer, Sources { ocsp_answers: &[], revocation_lists: &lists }, time) {
        Revocation::Unknown(why) => Revocation::Unknown(silent.into_iter().chain(why).collect()),
        known => known,
    }
}

/// What came back, and why the rest did not.
fn sorted<E: std::fmt::Display>(
    results: impl Iterator<Item = Result<Vec<u8>, E>>,
) -> (Vec<Vec<u8>>, Vec<String>) {
    let (mut back, mut failed) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(octets) => back.push(octets),
            Err(error) => failed.push(error.to_string().lines().next().unwrap_or_default().to_owned()),
        }
    }
    (back, failed)
}

pub(super) fn words(revocation: &Revocation) -> String {
    let kind = |kind| match kind {
        EvidenceKind::RevocationList => "revocation list",
        EvidenceKind::Ocsp => "OCSP",
    };
    match revocation {
        Revocation::Good(evidence) => {
            format!("no ({} of {}, as of {})", kind(evidence.kind), evidence.by, evidence.as_of)
        }
        Revocation::Revoked { from, reason, evidence } => {
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("since {from}{reason} ({} of {})", kind(evidence.kind), evidence.by)
        }
        Revocation::Unknown(why) if why.is_empty() => {
            "unknown: the certificate names nobody to ask".to_owned()
        }
        Revocation::Unknown(why) => format!("unknown: {}", why.join("; ")),
    }
}
