//! Asking whether a certificate was revoked those whom it names for that.

use crate::cli::network::{Network, Reach};
use crate::signature::Certificate;
use crate::signature::revocation::{self, EvidenceKind, Questions, Revocation};
use jiff::Timestamp;

/// Places that are asked about the one certificate.
const QUESTIONS: Questions = Questions(3);

/// What OCSP responders and revocation lists say of the first certificate of a chain. The lists are fetched only where
/// no responder says anything.
pub(super) fn revocation(chain: &[Certificate], time: Timestamp, reach: Reach) -> Revocation {
    let [own, issuer, ..] = chain else {
        return Revocation::Unknown(vec!["the issuer's certificate is not in the file".to_owned()]);
    };
    revocation::ask(own, issuer, &Network::new(reach), time, &mut { QUESTIONS }).revocation
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
