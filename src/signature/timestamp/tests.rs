use super::*;
use crate::signature::SignatureError;
use crate::signature::testing::{Stamper, authority, purposes, sequence};
use der::asn1::{Int, OctetString};

struct Answers(Vec<u8>);

impl TimeStampAuthority for Answers {
    fn answer(&self, _: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.clone())
    }
}

fn refusal(authority: &dyn TimeStampAuthority) -> String {
    request(authority, b"message").unwrap_err().to_string()
}

#[test]
fn a_token_is_over_what_was_sent() {
    let stamper = Stamper::new(&authority(), "2026-03-01T12:00:00Z");
    let token = request(&stamper, b"message").unwrap();
    let stamp = verify(&token, &[b"mess", b"age"]).unwrap();
    assert_eq!(stamp.time.to_string(), "2026-03-01T12:00:00Z");
    assert_eq!(stamp.digest, "SHA-256");
    assert!(verify(&token, &[b"Message"]).unwrap_err().what.contains("over something else"));
}

#[test]
fn every_octet_of_a_token_counts() {
    let stamper = Stamper::new(&authority(), "2026-03-01T12:00:00Z");
    let token = request(&stamper, b"message").unwrap();
    for place in 0..token.len() {
        let mut flipped = token.clone();
        flipped[place] ^= 0x01;
        if let Ok(stamp) = verify(&flipped, &[b"message"]) {
            assert!(stamp.checks.iter().any(|check| check.objection().is_some()), "octet {place}");
        }
    }
}

#[test]
fn the_answer_to_another_request_is_refused() {
    let mut stamper = Stamper::new(&authority(), "2026-03-01T12:00:00Z");
    stamper.tampering = |info| info.nonce = Some(Int::new(&[7]).unwrap());
    assert!(refusal(&stamper).contains("the answer to another request"));
    stamper.tampering = |info| info.nonce = None;
    assert!(refusal(&stamper).contains("the answer to another request"));
    stamper.tampering = |info| info.message_imprint.hashed_message = OctetString::new([0; 32]).unwrap();
    assert!(refusal(&stamper).contains("over something else"));
    stamper.tampering = |info| info.message_imprint.hash_algorithm.oid = crate::signature::oid::SHA1;
    assert!(refusal(&stamper).contains("SHA-1"));
}

#[test]
fn an_authority_whose_key_is_for_other_things_is_refused() {
    let stamping = "1.3.6.1.5.5.7.3.8";
    for wrong in [
        purposes(&[stamping], false),
        purposes(&[stamping, "1.3.6.1.5.5.7.3.4"], true),
        purposes(&["1.3.6.1.5.5.7.3.4"], true),
    ] {
        let stamper = Stamper::with(&authority(), "2026-03-01T12:00:00Z", wrong);
        assert!(refusal(&stamper).contains("not one for time-stamps alone"));
    }
}

#[test]
fn a_refusal_is_told_in_the_authoritys_words() {
    // status 2, "too\x1b busy", timeNotAvailable (bit 14).
    let status = sequence(&[&[2, 1, 2], &sequence(&[b"\x0c\x09too\x1b busy"]), &[3, 3, 1, 0, 2]]);
    let said = refusal(&Answers(sequence(&[&status])));
    assert!(said.contains("refused the request: its source of time is not available; too  busy"), "{said}");
    let waiting = sequence(&[&sequence(&[&[2, 1, 3]])]);
    assert!(refusal(&Answers(waiting)).contains("asks to wait"));
}

#[test]
fn what_is_no_answer_is_refused() {
    for garbage in [&b""[..], b"<html>", &[0x30, 0], &sequence(&[&sequence(&[&[2, 1, 0]])])] {
        assert!(refusal(&Answers(garbage.to_vec())).contains("no time-stamp response"));
    }
}
