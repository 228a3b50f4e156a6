//! The report of a pack: what it was made from, and whether it is signed as the recipient wants.

use super::profile::Signed;
use crate::report::SignOff;
use crate::signature::SignatureError;
use crate::signature::pdf::Document;
use crate::signature::verify::{SignatureAnswer, SignatureKind, signing_fields};
use crate::signed_report::{Answer, Question, agreement_of, judge};
use serde_json::Value;

/// More than the case of any report.
const LARGEST_CASE: usize = 256 << 20;

/// A report, read.
#[derive(Debug)]
pub(super) struct ReadReport {
    pub(super) sign_off: SignOff,
    /// The attached case.
    pub(super) case: Value,
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
        Ok(Self { sign_off, case, fields, answer, objections })
    }

    /// Who should have signed and has not, by name.
    pub(super) fn unsigned(&self, wanted: Signed) -> Vec<String> {
        let officer = self.case.get("cso").and_then(Value::as_str);
        let wanted: Vec<&str> = match wanted {
            Signed::Nobody => Vec::new(),
            Signed::Everyone => self.fields.iter().map(String::as_str).collect(),
            Signed::ClinicalSafetyOfficer => match officer {
                Some(id) => vec![id],
                None => return vec!["The Clinical Safety Officer, whom the case does not name,".to_owned()],
            },
        };
        let has_signed =
            |id: &&str| self.answer.iter().flat_map(of_people).any(|own| own.field == **id && own.holds());
        let name =
            |id: &str| self.sign_off.signatory(id).map_or_else(|| id.to_owned(), |own| own.name.clone());
        wanted.into_iter().filter(|id| !has_signed(id)).map(name).collect()
    }

    /// Whether a signature was made to try signing with.
    pub(super) fn has_test_signature(&self) -> bool {
        self.answer.iter().flat_map(of_people).any(|signature| signature.is_test)
    }

    /// Who has signed, by name.
    pub(super) fn signed_by(&self) -> Vec<String> {
        let answer = self.answer.as_ref();
        let name = |own: &SignatureAnswer| answer.map(|answer| answer.name(&own.field).to_owned());
        self.answer.iter().flat_map(of_people).filter_map(name).collect()
    }

    /// A text of the attached case.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.case.pointer(pointer).and_then(Value::as_str)
    }
}

fn of_people(answer: &Answer) -> impl Iterator<Item = &SignatureAnswer> {
    answer.verification.signatures.iter().filter(|own| own.kind == SignatureKind::Signature)
}
