//! What is said of a pack. Whatever stands in a manifest or an archive is somebody else's text, and is shown so that a
//! terminal obeys none of it and no line of it passes for one of these.

use crate::cli::terminal::{self, heading, visible};
use crate::submission::Manifest;
use crate::submission::Pack;
use crate::submission::archive::Refused;
use crate::submission::manifest::Versions;
use crate::submission::verify::{Files, Verdict};
use std::fmt::Write as _;
use std::path::Path;

/// What was packed, and what is missing.
pub(super) fn packed(pack: &Pack) -> Vec<String> {
    let manifest = &pack.manifest;
    let mut lines = vec![format!("{}, as of {}", subject(manifest), manifest.as_of)];
    lines.push(format!("  for      {}", visible(&manifest.profile.title)));
    for file in &manifest.files {
        lines.push(format!("  {:<8} {}", size(file.size), visible(&file.path)));
    }
    if manifest.draft {
        lines.push("It is a DRAFT:".to_owned());
        lines.extend(reasons(pack));
    }
    lines.extend(pack.notes.iter().map(|note| visible(note)));
    lines
}

/// Why there is no pack for release.
pub(super) fn not_released(pack: &Pack) -> Vec<String> {
    let mut lines = vec!["Not packed for release. What stands in the way:".to_owned()];
    lines.extend(reasons(pack));
    lines.push("Nothing was written; without --release it is packed as a DRAFT.".to_owned());
    lines
}

/// Why there is no pack at all.
pub(super) fn refused(pack: &Pack) -> Vec<String> {
    let mut lines = vec!["Not packed, and nothing was written:".to_owned()];
    for refusal in &pack.refusals {
        lines.push(format!("  {}", visible(&refusal.what)));
        lines.push(format!("    do: {}", visible(&refusal.remedy)));
    }
    lines
}

/// The reasons, each with what to do.
fn reasons(pack: &Pack) -> Vec<String> {
    let mut lines = Vec::new();
    for reason in &pack.manifest.reasons {
        lines.push(format!("  {}", visible(reason)));
        let missing = pack.manifest.missing.iter().find(|missing| missing.what == *reason);
        let remedy = missing.map(|missing| &missing.remedy).or_else(|| pack.remedies.get(reason));
        lines.extend(remedy.map(|remedy| format!("    do: {}", visible(remedy))));
    }
    lines
}

/// `Referral Hub 4.2: report 1.0 with hazard log 1.0, DRAFT`.
fn subject(manifest: &Manifest) -> String {
    let Versions { report, hazard_log } = &manifest.versions;
    let or_none = |version: &Option<String>| version.clone().unwrap_or_else(|| "(no version)".to_owned());
    let release = manifest.release.as_deref().unwrap_or("(release not given)");
    let status = if manifest.draft { "DRAFT" } else { "for release" };
    visible(&format!(
        "{} {release}: report {} with hazard log {}, {status}",
        manifest.product,
        or_none(report),
        or_none(hazard_log)
    ))
}

fn size(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}

/// The answer of --verify.
pub(super) fn verdict(path: &Path, verdict: &Verdict) -> String {
    let mut text = match &verdict.manifest {
        Some(manifest) => heading(&format!("{}: {}", path.display(), subject(manifest))),
        None => heading(&path.display().to_string()),
    };
    for (label, words) in rows(verdict) {
        let _ = writeln!(text, "  {label:<11} {}", visible(&words));
    }
    let _ = write!(text, "\n{}", heading("What else is to know"));
    for remark in &verdict.remarks {
        let _ = writeln!(text, "  {}", visible(remark));
    }
    if verdict.holds {
        text += "\nYes: it is as it was packed, and complete";
        for own in &verdict.reservations {
            let _ = write!(text, "; {}", visible(own));
        }
        text += ".\n";
        return text;
    }
    for (title, sentences) in [
        ("No, it is not as it was packed, or does not agree with itself:", &verdict.faults),
        ("No, it is not complete:", &verdict.lacking),
    ] {
        if !sentences.is_empty() {
            let _ = writeln!(text, "\n{title}");
            for sentence in sentences {
                let _ = writeln!(text, "  {}", visible(sentence));
            }
        }
    }
    if verdict.faults.is_empty() {
        text += "What is in it is as it was packed.\n";
    }
    text
}

fn rows(verdict: &Verdict) -> Vec<(&'static str, String)> {
    let Files { count, changed, missing, extra, renamed } = &verdict.files;
    let mut rows = Vec::new();
    if verdict.manifest.is_some() {
        let faults = changed.len() + missing.len() + extra.len() + renamed.len();
        let files = terminal::plural(*count, "file");
        rows.push((
            "files",
            if faults == 0 {
                format!("{count} {files}, each as the manifest says")
            } else {
                format!(
                    "{count} {files}: {} changed, {} missing, {} added, {} renamed",
                    changed.len(),
                    missing.len(),
                    extra.len(),
                    renamed.len()
                )
            },
        ));
    }
    if let Some(report) = &verdict.report {
        let draft = if report.draft { "DRAFT" } else { "for release" };
        let signed = match report.signed_by.as_slice() {
            [] => "signed by nobody".to_owned(),
            people => format!("signed by {}", people.join(", ")),
        };
        rows.push(("report", format!("{draft}, {signed}")));
    }
    if let Some(log) = &verdict.hazard_log {
        let hazards = terminal::plural(log.hazards, "hazard");
        rows.push((
            "hazard log",
            if log.faults.is_empty() {
                format!("{} {hazards}, the same and rated alike in log and report", log.hazards)
            } else {
                format!("{} {hazards} in the report, and the log differs", log.hazards)
            },
        ));
    }
    if let Some(profile) = &verdict.profile {
        rows.push(("profile", profile.clone()));
    }
    rows
}

/// An archive that is not to be read.
pub(super) fn not_read(path: &Path, refused: &Refused) -> String {
    format!(
        "{}: refused, because {}.\n\nNo: nothing in it was read. It is not as `cscr pack` writes a pack.\n  do: ask for the file as `cscr pack` wrote it; of one that another program packed anew, unpack it and run `sha256sum -c SHA256SUMS` in its folder\n",
        path.display(),
        visible(&refused.what)
    )
}

/// The same in the shape of every other answer.
pub(super) fn refused_verdict(refused: &Refused) -> Verdict {
    Verdict { faults: vec![format!("Refused, because {refused}.")], ..Verdict::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_pack_says_passes_for_the_answer() {
        let evil = "x\n\nYes: it is as it was packed, and complete.\u{7}\u{1b}[2J";
        let manifest = serde_json::json!({
            "format": Manifest::FORMAT, "product": evil, "release": evil, "as_of": "2026-09-14", "draft": true,
            "versions": {"report": evil, "hazard_log": evil}, "reasons": [], "missing": [], "not_needed": [],
            "digests": {}, "not_kept": [], "nhs_numbers": 0, "engine_version": evil, "files": [],
            "profile": {"id": evil, "title": evil, "archive": "a", "documents": []},
        });
        let told = Verdict {
            manifest: Some(Manifest::read(manifest.to_string().as_bytes()).unwrap()),
            profile: Some(evil.to_owned()),
            faults: vec![evil.to_owned()],
            lacking: vec![evil.to_owned()],
            remarks: vec![evil.to_owned()],
            ..Verdict::default()
        };
        let refused = Refused { what: evil.to_owned(), is_no_archive: false };
        for text in [verdict(Path::new("pack.zip"), &told), not_read(Path::new("pack.zip"), &refused)] {
            assert!(!text.contains('\u{7}'), "{text:?}");
            assert!(!text.contains("\u{1b}[2J") && text.contains('\u{241b}'), "{text:?}");
            assert!(!text.lines().any(|line| line.starts_with("Yes")), "{text}");
        }
    }
}
