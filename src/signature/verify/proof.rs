//! When a signature was there, by the best that there is: its own time-stamp, one over the document after it, the
//! signer's word.

use super::answer::{SignatureKind, SigningTime, TimeBasis, Trust};
use super::examined::Examined;
use super::trust::{Grounds, Moment};
use crate::signature::certificate::Purpose;
use crate::signature::sign::is_same_day;
use crate::signature::timestamp::TimeStamp;
use jiff::Timestamp;

/// The time-stamps over the whole document whose authorities are believed, the last first. Each vouches for all that
/// stood before it, other time-stamps among it.
#[derive(Debug, Default)]
pub(super) struct Proofs(Vec<Proof>);

#[derive(Debug)]
struct Proof {
    revision: usize,
    time: Timestamp,
    authority: String,
}

/// What is known of the time of a signature.
#[derive(Debug, Default)]
pub(super) struct Dated {
    pub time: Option<SigningTime>,
    /// By when it was there for sure, because another time-stamp says so.
    pub covered: Option<Timestamp>,
    /// What else is to say of its own time-stamp.
    pub remarks: Vec<String>,
}

impl Proofs {
    /// Those among signatures that stand in the order in which they were made.
    pub fn of(all: &[Examined], grounds: &Grounds<'_>) -> Self {
        let mut proofs = Self::default();
        let stamps = all.iter().rev().filter(|own| own.kind == SignatureKind::DocumentTimeStamp);
        for own in stamps.filter(|own| own.is_intact()) {
            let (Some(revision), Some(stamp)) = (own.revision(), own.stamp()) else { continue };
            if believed(stamp, proofs.covered(revision), grounds).is_ok() {
                let authority = stamp.signer.holder();
                proofs.0.push(Proof { revision, time: stamp.time, authority });
            }
        }
        proofs
    }

    /// The earliest proof that this revision was there.
    fn earliest(&self, revision: usize) -> Option<&Proof> {
        self.0.iter().filter(|proof| proof.revision > revision).min_by_key(|proof| proof.time)
    }

    fn covered(&self, revision: usize) -> Option<Timestamp> {
        self.earliest(revision).map(|proof| proof.time)
    }

    /// What is known of the time of this signature.
    pub fn date(&self, signature: &Examined, grounds: &Grounds<'_>) -> Dated {
        let later = signature.revision().and_then(|revision| self.earliest(revision));
        let covered = later.map(|proof| proof.time);
        let own = signature.stamp();
        let judged = own.map(|stamp| believed(stamp, covered, grounds));
        let mut dated = Dated { covered, ..Dated::default() };
        dated.remarks.extend(contradiction(signature, own.map(|stamp| stamp.time), covered));
        dated.time = match (own, judged) {
            (Some(stamp), Some(Ok(remarks))) => {
                dated.remarks.extend(remarks);
                return Dated { time: Some(by(stamp, TimeBasis::TimeStamp)), ..dated };
            }
            (_, Some(Err(why))) => {
                dated
                    .remarks
                    .extend(why.into_iter().map(|why| format!("its time-stamp does not count: {why}")));
                None
            }
            _ => None,
        };
        let at_the_latest = later.map(|proof| SigningTime {
            time: proof.time,
            basis: TimeBasis::DocumentTimeStamp,
            authority: Some(proof.authority.clone()),
        });
        let claimed = |time| SigningTime { time, basis: TimeBasis::Claimed, authority: None };
        dated.time = at_the_latest
            .or_else(|| own.map(|stamp| by(stamp, TimeBasis::UntrustedTimeStamp)))
            .or_else(|| signature.claimed.time.map(claimed));
        dated
    }
}

/// Where what the signature says of its time, and prints, is not about what its time-stamp proves.
fn contradiction(signature: &Examined, own: Option<Timestamp>, covered: Option<Timestamp>) -> Option<String> {
    let claimed = signature.claimed.time?;
    let other = own
        .filter(|own| !is_same_day(*own, claimed))
        .or_else(|| covered.filter(|covered| claimed > *covered && !is_same_day(*covered, claimed)))?;
    Some(format!(
        "it says of itself that it is of {claimed}, and the time-stamp is of {other}: the date in the field is not proved"
    ))
}

fn by(stamp: &TimeStamp, basis: TimeBasis) -> SigningTime {
    SigningTime { time: stamp.time, basis, authority: Some(stamp.signer.holder()) }
}

/// Whether the authority of a time-stamp is trusted, so that its time counts, with what else is worth knowing; why not
/// otherwise, if anybody was named whom to trust.
fn believed(
    stamp: &TimeStamp,
    covered: Option<Timestamp>,
    grounds: &Grounds<'_>,
) -> Result<Vec<String>, Vec<String>> {
    let time = by(stamp, TimeBasis::TimeStamp);
    let judged =
        grounds.judge(&stamp.signer, Moment { time: &time, purpose: Purpose::TimeStamping, covered });
    match judged.trust {
        Trust::Trusted { .. } | Trust::RevocationUnknown { .. } => Ok(judged.remarks),
        Trust::Refused { why } => Err(why),
        Trust::NotAsked => Err(Vec::new()),
    }
}
