//! The report of a pack, and what else in it is signed.

use super::super::archive::Refused;
use super::super::manifest::Manifest;
use super::super::profile::{Profile, Signed};
use super::super::report::{Others, ReadReport, others_signatures};
use super::super::role::Role;
use super::{Opened, ReportVerdict, Verdict, VerifyRequest};
use crate::case::approval::ApprovedDocument;
use crate::case::digest::Digests;
use std::io::{Read, Seek};

impl Verdict {
    /// Judges the report. A pack without one holds nothing that anybody answers for.
    pub(super) fn report<R: Read + Seek>(
        &mut self,
        pack: &mut Opened<R>,
        manifest: &Manifest,
        profile: &Profile,
        request: &VerifyRequest<'_>,
    ) -> Result<Option<ReadReport>, Refused> {
        let Some((path, pdf)) = pack.of_role(manifest, Role::Report)? else {
            self.lacks("There is no report in the pack, so nobody has signed for what is in it.".to_owned());
            return Ok(None);
        };
        let mut read = match ReadReport::read(&pdf, &request.question) {
            Ok(read) => read,
            Err(error) => {
                self.fault(format!("\"{path}\" cannot be believed: {}.", error.what));
                return Ok(None);
            }
        };
        for objection in &read.objections {
            self.fault(format!("\"{path}\": {objection}"));
        }
        let attached = Digests::of_json(&read.case);
        for document in ApprovedDocument::ALL {
            if manifest.digests.get(document.key()).map(String::as_str) != Some(attached.document(document)) {
                self.fault(format!(
                    "\"{path}\" is of another {} than {} says.",
                    document.name(),
                    Manifest::FILE
                ));
            }
        }
        let says = [
            ("product", read.text("/product/name"), Some(manifest.product.as_str())),
            ("release", read.text("/release/version"), manifest.release.as_deref()),
            ("version", read.text("/document/version"), manifest.versions.report.as_deref()),
            ("hazard log version", read.text("/hazard_log/version"), manifest.versions.hazard_log.as_deref()),
        ];
        for (what, own, stated) in says {
            if own != stated {
                let told =
                    |text: Option<&str>| text.map_or_else(|| "none".to_owned(), |text| format!("\"{text}\""));
                self.fault(format!(
                    "The {what} is {} in \"{path}\" and {} in {}.",
                    told(own),
                    told(stated),
                    Manifest::FILE
                ));
            }
        }
        if read.sign_off.draft {
            read.sign_off.reasons.iter().for_each(|reason| self.lacks(reason.clone()));
            self.lacks("The report is a DRAFT.".to_owned());
        }
        self.lacking.extend(read.unsigned(profile.signed()));
        self.remarks.extend(read.remarks());
        if profile.signed() != Signed::Nobody && read.answer.is_some() && request.question.anchors.is_empty()
        {
            self.reservations
                .push("who signed was not checked: name the authorities with --trust".to_owned());
        }
        self.report = Some(ReportVerdict {
            path,
            draft: read.sign_off.draft,
            signed_by: read.signed_by(),
            answer: read.answer.take(),
        });
        Ok(Some(read))
    }

    /// Signatures in PDFs beside the report.
    pub(super) fn other_signatures<R: Read + Seek>(
        &mut self,
        pack: &mut Opened<R>,
        manifest: &Manifest,
        request: &VerifyRequest<'_>,
    ) -> Result<(), Refused> {
        for file in manifest.files.iter().filter(|file| file.role != Role::Report) {
            let Some(bytes) = pack.bytes(&file.path)? else { continue };
            match others_signatures(&bytes, &request.question) {
                Others::NoneOrIntact => {}
                Others::Broken => {
                    self.fault(format!("\"{}\" is signed, and the signature does not hold.", file.path));
                }
                Others::NotReadHere => self.remarks.push(format!(
                    "\"{}\" was signed by another program, and its signatures cannot be judged here: open it in a PDF reader.",
                    file.path
                )),
            }
        }
        Ok(())
    }
}
