//! The report of a pack: what it was made from, and whether it is signed as the recipient wants.

use super::profile::Signed;
use crate::case::digest::sha256_hex;
use crate::report::SignOff;
use crate::signature::SignatureError;
use crate::signature::pdf::Document;
use crate::signature::verify::{SignatureAnswer, SignatureKind, Trust, signing_fields};
use crate::signed_report::{Answer, Question, agreement_of, judge, sentence};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::BTreeMap;

/// More than the case of any report.
const LARGEST_CASE: usize = 256 << 20;

/// A report, read.
#[derive(Debug)]
pub(super) struct ReadReport {
    pub(super) sign_off: SignOff,
    /// The attached case.
    pub(super) case: Value,
    /// The sums of the files that it carries, by their names; nothing where it was built to carry no input.
    pub(super) attached: Option<BTreeMap<String, String>>,
    /// Who has a field, by id.
    fields: Vec<String>,
    /// What its signatures are worth; nothing where nobody has signed.
    pub(super) answer: Option<Answer>,
    /// Why it is not to be believed, each in a sentence. That somebody has not signed is no such reason.
    pub(super) objections: Vec<String>,
}

impl ReadReport {
    /// Reads a report and judges what it holds.
    ///
    /// # Errors
    /// If it is no report, or does not read strictly.
    pub(super) fn read(pdf: &[u8], question: &Question<'_>) -> Result<Self, SignatureError> {
        let document = Document::read(pdf)?;
        let sign_off = SignOff::of_report(&document)?;
        let case = document.attachment("case.json", LARGEST_CASE)?;
        let case = case.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| {
            SignatureError::new("the case is not attached to the report, or cannot be read there")
                .hint("take the report as `cscr build` wrote it")
        })?;
        let options = sign_off.options;
        let carries_inputs = options.include_source_log && options.include_names;
        let attached = carries_inputs.then(|| attached(&document)).transpose()?;
        let mut fields = signing_fields(&document)?;
        let others = sign_off.signatories.iter().map(|signatory| signatory.id.clone());
        let others: Vec<String> = others.filter(|id| !fields.contains(id)).collect();
        fields.extend(others);
        let all = judge(pdf, &Question { required: &fields, ..*question })?;
        let signed: Vec<String> = of_people(&all).map(|signature| signature.field.clone()).collect();
        let (answer, objections) = if signed.is_empty() {
            (None, agreement_of(&document, &sign_off)?.faults)
        } else {
            let answer = judge(pdf, &Question { required: &signed, ..*question })?;
            let objections = answer.objections.clone();
            (Some(answer), objections)
        };
        Ok(Self { sign_off, case, attached, fields, answer, objections })
    }

    /// Who should have signed and has not, a sentence each. A TEST signature, which everybody can make in any name, is
    /// one only where its authority is trusted.
    pub(super) fn unsigned(&self, wanted: Signed) -> Vec<String> {
        let officer = self.case.get("cso").and_then(Value::as_str);
        let wanted: Vec<&str> = match wanted {
            Signed::Nobody => Vec::new(),
            Signed::Everyone => self.fields.iter().map(String::as_str).collect(),
            Signed::ClinicalSafetyOfficer => match officer {
                Some(id) => vec![id],
                None => {
                    return vec![
                        "The Clinical Safety Officer, whom the case does not name, has not signed the report."
                            .to_owned(),
                    ];
                }
            },
        };
        let name =
            |id: &str| self.sign_off.signatory(id).map_or_else(|| id.to_owned(), |own| own.name.clone());
        let unsigned = |id: &str| {
            let own = self.answer.iter().flat_map(of_people).filter(|own| own.field == id && own.holds());
            let own: Vec<&SignatureAnswer> = own.collect();
            if own.is_empty() {
                Some(format!("{} has not signed the report.", name(id)))
            } else if own.iter().all(|own| own.is_test && own.trust == Trust::NotAsked) {
                Some(format!(
                    "{} has signed the report with a TEST identity, which is no signature unless you name its authority with --trust.",
                    name(id)
                ))
            } else {
                None
            }
        };
        wanted.into_iter().filter_map(unsigned).collect()
    }

    /// What `cscr verify` has to say of the signatures beside whether they hold.
    pub(super) fn remarks(&self) -> Vec<String> {
        let Some(answer) = &self.answer else { return Vec::new() };
        let mut remarks = Vec::new();
        for own in of_people(answer) {
            let name = answer.name(&own.field);
            remarks.extend(own.remarks.iter().map(|remark| format!("{name}: {}", sentence(remark))));
            let ended = answer.person(own).and_then(|person| person.registration_ended);
            remarks.extend(ended.map(|last| {
                format!("{name}: by the report, the registration had expired on {last:#} when the signature was made.")
            }));
        }
        remarks.extend(answer.limits.iter().cloned());
        remarks
    }

    /// Who has signed, by name.
    pub(super) fn signed_by(&self) -> Vec<String> {
        let answer = self.answer.as_ref();
        let name = |own: &SignatureAnswer| answer.map(|answer| answer.name(&own.field).to_owned());
        self.answer.iter().flat_map(of_people).filter_map(name).collect()
    }

    /// Who has signed and when, in words, each as far as it is a signature at all.
    pub(super) fn signed_when(&self) -> Vec<String> {
        let Some(answer) = &self.answer else { return Vec::new() };
        let words = |own: &SignatureAnswer| {
            let day = own
                .time
                .as_ref()
                .map(|own| own.time.to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string());
            let day = day.map(|day| format!(" on {day}")).unwrap_or_default();
            let test = if own.is_test { ", with a TEST identity" } else { "" };
            format!("{}{day}{test}", answer.name(&own.field))
        };
        of_people(answer).filter(|own| own.holds()).map(words).collect()
    }

    /// A text of the attached case.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.case.pointer(pointer).and_then(Value::as_str)
    }
}

/// What the signatures in a document beside the report come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// Nobody signed it, or what they signed is as it was.
    NoneOrIntact,
    Broken,
    /// It was signed by another program, in a way that is not read here.
    NotReadHere,
}

/// Looks at the signatures of a document that is no report. Who signed it is nobody's question here.
pub(super) fn others_signatures(bytes: &[u8], question: &Question<'_>) -> Others {
    let is_signed = bytes.starts_with(b"%PDF") && bytes.windows(10).any(|window| window == b"/ByteRange");
    if !is_signed {
        return Others::NoneOrIntact;
    }
    match judge(bytes, &Question { anchors: &[], ..*question }) {
        Ok(Answer { verification: own, .. })
            if own.signatures.iter().all(SignatureAnswer::holds)
                && own.faults.is_empty()
                && own.trailing_bytes == 0 =>
        {
            Others::NoneOrIntact
        }
        Ok(_) => Others::Broken,
        Err(_) => Others::NotReadHere,
    }
}

fn attached(document: &Document<'_>) -> Result<BTreeMap<String, String>, SignatureError> {
    let mut sums = BTreeMap::new();
    for name in document.attachments()? {
        let bytes = document.attachment(&name, LARGEST_CASE)?;
        sums.extend(bytes.map(|bytes| (name, sha256_hex(&bytes))));
    }
    Ok(sums)
}

fn of_people(answer: &Answer) -> impl Iterator<Item = &SignatureAnswer> {
    answer.verification.signatures.iter().filter(|own| own.kind == SignatureKind::Signature)
}
