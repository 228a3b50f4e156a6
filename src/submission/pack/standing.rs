//! Whether the report of a pack is of this case, is signed as the recipient wants, and carries the versions of the case.

use super::super::compliance::Shown;
use super::super::report::ReadReport;
use super::{ANEW, Making, PackError};
use crate::assurance::version;
use crate::case::approval::ApprovedDocument;
use crate::case::digest::Digests;

impl Making<'_> {
    /// The report: the one that was given, or as the case gives it now; and where it shows what, which is the same in
    /// both, because they are of one case.
    pub(super) fn report(&mut self) -> Result<(Vec<u8>, Shown), PackError> {
        let built = self.request.judged.report()?;
        let blocking = built.findings.iter().filter(|finding| finding.blocks());
        for finding in blocking {
            self.reason(&finding.message, &finding.remedy);
        }
        Ok((self.request.report.as_ref().map_or(built.pdf, |given| given.pdf.clone()), built.shown))
    }

    /// Judges the report that goes into the pack.
    pub(super) fn read_report(&mut self, pdf: &[u8]) -> Option<ReadReport> {
        let given = self.request.report.as_ref().map(|report| report.name.clone());
        let name = given.clone().unwrap_or_else(|| "the report".to_owned());
        let read = match ReadReport::read(pdf, &self.request.question) {
            Ok(read) => read,
            Err(error) => {
                let remedy = error.hint.clone();
                let remedy = remedy.unwrap_or_else(|| "name the report as `cscr sign` wrote it".to_owned());
                self.refuse(format!("{name} cannot be used: {}.", error.what), remedy);
                return None;
            }
        };
        if given.is_some() {
            self.is_of_this_case(&name, &read);
        }
        let wanted = self.request.profile.signed();
        for unsigned in read.unsigned(wanted) {
            self.reason(
                unsigned,
                "have it signed with `cscr sign`, and name the signed report with --report, or as signed_report under [submission] of case.toml",
            );
        }
        self.notes.extend(read.remarks());
        Some(read)
    }

    fn is_of_this_case(&mut self, name: &str, read: &ReadReport) {
        let own = &self.request.judged.assurance.digests;
        let attached = Digests::of_json(&read.case);
        let differing: Vec<&str> = ApprovedDocument::ALL
            .into_iter()
            .filter(|document| own.document(*document) != attached.document(*document))
            .map(ApprovedDocument::name)
            .collect();
        if !differing.is_empty() {
            let which = differing.join(", ");
            self.refuse(
                format!("{name} is not a report of this case as it is now: it has another {which}."),
                "`cscr diff` with the PDF and the case says what changed; build the report again and have it signed",
            );
        }
        for objection in &read.objections {
            self.refuse(
                format!("{name}: {objection}"),
                "`cscr verify` says more; use the report as `cscr sign` wrote it",
            );
        }
        if read.sign_off.draft && !self.request.judged.assurance.status.draft {
            self.reason(format!("{name} was built as a DRAFT, and says so on each page."), ANEW);
        }
        let case = &self.request.judged.loaded.case;
        let pair = [case.document.version.as_deref(), case.hazard_log.version.as_deref()];
        let its = [read.text("/document/version"), read.text("/hazard_log/version")];
        if pair != its {
            let words = |[report, log]: [Option<&str>; 2]| {
                let or_none = |version: Option<&str>| version.unwrap_or("none").to_owned();
                format!("version {} with hazard log {}", or_none(report), or_none(log))
            };
            self.reason(format!("{name} is {}, and the case is {}.", words(its), words(pair)), ANEW);
        }
    }

    /// The report and the hazard log carry one pair of versions, and it was issued.
    pub(super) fn versions(&mut self) {
        let loaded = &self.request.judged.loaded;
        let case = &loaded.case;
        let log = case.hazard_log.version.as_deref();
        let history = version::latest(&case.hazard_log.revisions).map(|revision| revision.version.as_str());
        if let (Some(log), Some(history)) = (log, history)
            && !version::same(log, history)
        {
            self.reason(
                format!(
                    "The hazard log is version {log} by its cover and {history} by its revision history."
                ),
                "correct the one that is wrong in the hazard log",
            );
        }
        let Some(own) = case.document.version.as_deref() else {
            self.reason("The report has no version.", "`cscr issue` gives it one");
            return;
        };
        match loaded.issues.iter().find(|issue| version::same(&issue.version, own)) {
            None => {
                self.reason(format!("Version {own} of the report was not issued."), "`cscr issue` issues it");
            }
            Some(issue) => {
                let issued = issue.hazard_log_version.as_deref();
                let is_same = match (issued, log) {
                    (Some(issued), Some(log)) => version::same(issued, log),
                    (issued, log) => issued == log,
                };
                if !is_same {
                    let told = |version: Option<&str>| version.unwrap_or("none").to_owned();
                    self.reason(
                        format!(
                            "Version {own} of the report was issued with hazard log {}, and the hazard log is {}.",
                            told(issued),
                            told(log)
                        ),
                        "issue the case as it is now with `cscr issue`",
                    );
                }
            }
        }
    }
}
