//! The answer in words: a line for each person first, details below, the verdict last.

use crate::cli::terminal::heading;
use crate::signature::SignatureError;
use crate::signature::verify::{After, SignatureAnswer, SignatureKind, TimeBasis, Trust};
use crate::signed_report::{Answer, Rebuilt, SignedPerson, sentence};
use crate::signoff::agreement::Agreement;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::path::Path;

pub(super) fn text(path: &Path, answer: &Answer) -> String {
    let mut text = heading(&title(path, answer));
    for line in headlines(answer) {
        let _ = writeln!(text, "{line}");
    }
    for signature in &answer.verification.signatures {
        let _ =
            write!(text, "\n{}{}", heading(&subject(answer, signature)), table(&details(answer, signature)));
    }
    let document = of_document(answer);
    if !document.is_empty() {
        let _ = write!(text, "\n{}{}", heading("Document"), table(&document));
    }
    let _ = write!(text, "\n{}", heading("What this cannot say"));
    for limit in &answer.limits {
        let _ = writeln!(text, "  {limit}");
    }
    let _ = write!(text, "\n{}", verdict(answer));
    text
}

/// Of a file that cannot be read strictly there is only one thing to say.
pub(super) fn unreadable(path: &Path, error: &SignatureError) -> String {
    format!(
        "{}: {error}\n\nNo: nothing can be said for this file. It is not as `cscr` wrote it.\n",
        path.display()
    )
}

fn title(path: &Path, answer: &Answer) -> String {
    let about = answer.document.as_ref();
    let title = about.and_then(|document| document.title.clone());
    let version = about.and_then(|document| document.version.as_ref()).map(|own| format!("version {own}"));
    let status = answer.draft.map(|draft| if draft { "DRAFT" } else { "for release" }.to_owned());
    let about: Vec<String> = title.into_iter().chain(version).chain(status).collect();
    let separator = if about.is_empty() { "" } else { ": " };
    format!("{}{separator}{}", path.display(), about.join(", "))
}

/// What a clinician reads: who signed, when, and whether it still stands.
fn headlines(answer: &Answer) -> Vec<String> {
    let own = &answer.verification;
    let people = own.signatures.iter().filter(|own| own.kind == SignatureKind::Signature);
    let unsigned = own.unsigned.iter().map(|id| format!("Not signed by {}.", who(answer, id)));
    people.map(|signature| headline(answer, signature)).chain(unsigned).collect()
}

fn headline(answer: &Answer, signature: &SignatureAnswer) -> String {
    let who = who(answer, &signature.field);
    if !signature.is_intact() {
        return format!("Not a valid signature in the field of {who}: {}.", signature.faults.join("; "));
    }
    let date = match &signature.time {
        Some(time) if time.basis.is_proved() => format!("on {}", day(time.time)),
        Some(time) => format!("on {} (by their own clock)", day(time.time)),
        None => "at a time that it does not say".to_owned(),
    };
    let test = if signature.is_test { ", with a TEST identity" } else { "" };
    let trust = match &signature.trust {
        Trust::Refused { why } => format!(" But that is not to be trusted: {}.", why.join("; ")),
        _ => String::new(),
    };
    let person = answer.person(signature);
    let signed = match person.and_then(|person| person.certificate_of.as_ref()) {
        Some(holder) => format!("Signed in the field of {who}, with a certificate of {holder}"),
        None => format!("Signed by {who}"),
    };
    let ended = person.and_then(|person| ended(answer, person));
    let ended = ended.map(|ended| format!(" {ended}")).unwrap_or_default();
    format!("{signed}, {date}{test}. {}{ended}{trust}", since(answer, signature))
}

/// That a registration had ended says nothing against the signature, and a reader wants to know it.
fn ended(answer: &Answer, person: &SignedPerson) -> Option<String> {
    let last = person.registration_ended?;
    let signatory = answer.signatories.iter().find(|signatory| signatory.id == person.id);
    let stated = signatory.and_then(|signatory| signatory.registration.as_ref());
    let stated = stated.map(|stated| format!(" ({stated})")).unwrap_or_default();
    Some(format!("By the report their registration{stated} had expired on {last:#}."))
}

fn since(answer: &Answer, signature: &SignatureAnswer) -> &'static str {
    let others_signed =
        || answer.verification.signatures.iter().any(|other| other.revision > signature.revision);
    match signature.after {
        After::Nothing => "Nothing has changed since.",
        After::Allowed if others_signed() => "Since then others have signed, and nothing else has changed.",
        After::Allowed => "Since then only what helps to check it later was added.",
        After::NotAllowed => "THE DOCUMENT WAS CHANGED SINCE.",
    }
}

/// `Dr Helen Ashdown, Clinical Safety Officer`, as far as it is known.
fn who(answer: &Answer, field: &str) -> String {
    let person = answer.signatories.iter().find(|signatory| signatory.id == field);
    match person {
        Some(person) => match &person.role {
            Some(role) => format!("{}, {role}", person.name),
            None => person.name.clone(),
        },
        None => field.to_owned(),
    }
}

fn day(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

fn subject(answer: &Answer, signature: &SignatureAnswer) -> String {
    match signature.kind {
        SignatureKind::Signature => {
            let differs = answer.person(signature).is_some_and(|person| person.certificate_of.is_some());
            let of = if differs { "in the field of" } else { "of" };
            format!("Signature {of} {} ({})", answer.name(&signature.field), signature.field)
        }
        SignatureKind::DocumentTimeStamp => format!("Document time-stamp ({})", signature.field),
    }
}

type Row = (&'static str, String);

fn details(answer: &Answer, signature: &SignatureAnswer) -> Vec<Row> {
    let mut rows = vec![("intact", intact(signature))];
    if let Some(signer) = &signature.signer {
        let test = if signer.is_test { " (TEST)" } else { "" };
        rows.push(("certificate", format!("{}{test}, issued by {}", signer.subject, signer.issuer)));
        let (from, until) = (day(signer.valid_from), day(signer.valid_until));
        rows.push(("", format!("valid from {from} to {until}, number {}", signer.serial)));
    }
    rows.push(("time", time(signature)));
    if let Some(reason) = &signature.claimed.reason {
        rows.push(("reason", reason.clone()));
    }
    rows.push(("trust", trust(&signature.trust)));
    rows.extend(signature.remarks.iter().map(|remark| ("", sentence(remark))));
    rows.extend(after(answer, signature));
    rows
}

fn intact(signature: &SignatureAnswer) -> String {
    if !signature.is_intact() {
        return format!("NO: {}", signature.faults.join("; "));
    }
    let revision = signature.revision.map(|own| format!(", revision {own} of the file")).unwrap_or_default();
    let certifies = if signature.certifies { "; certifies: only signatures may follow" } else { "" };
    format!("yes: {}{revision}{certifies}", signature.algorithm.as_deref().unwrap_or("nothing else known"))
}

fn time(signature: &SignatureAnswer) -> String {
    let Some(time) = &signature.time else { return "not said".to_owned() };
    let by = time.authority.as_deref().unwrap_or("nobody");
    let basis = match time.basis {
        TimeBasis::TimeStamp => format!("time-stamp by {by}"),
        TimeBasis::DocumentTimeStamp => format!("at the latest: document time-stamp by {by}"),
        TimeBasis::UntrustedTimeStamp => format!("time-stamp by {by}, who is not known to be trusted"),
        TimeBasis::Claimed => "claimed: by the signer's own clock".to_owned(),
    };
    format!("{} ({basis})", time.time)
}

fn trust(trust: &Trust) -> String {
    match trust {
        Trust::NotAsked => "not checked".to_owned(),
        Trust::Trusted { anchor } => format!("yes: leads to {anchor}, valid and not revoked then"),
        Trust::RevocationUnknown { anchor, why } => {
            format!("leads to {anchor}, valid then; not known whether revoked: {why}")
        }
        Trust::Refused { why } => format!("NO: {}", why.join("; ")),
    }
}

/// What each later revision did.
fn after(answer: &Answer, signature: &SignatureAnswer) -> Vec<Row> {
    let Some(revision) = signature.revision else { return Vec::new() };
    let later = answer.verification.revisions.iter().skip(revision);
    let mut rows = Vec::new();
    for revision in later {
        for change in &revision.changes {
            let allowed = if change.allowed { "" } else { "NOT ALLOWED: " };
            let label = if rows.is_empty() { "after it" } else { "" };
            rows.push((label, format!("revision {}: {allowed}{}", revision.number, change.what)));
        }
    }
    if rows.is_empty() {
        rows.push(("after it", "nothing".to_owned()));
    }
    rows
}

fn of_document(answer: &Answer) -> Vec<Row> {
    let own = &answer.verification;
    let mut rows = Vec::new();
    if own.trailing_bytes > 0 {
        rows.push(("end", format!("NO: {} bytes behind it that nobody signed", own.trailing_bytes)));
    }
    if !own.required.is_empty() {
        let missing = match own.missing.as_slice() {
            [] => "all are there".to_owned(),
            missing => format!("NO, not of {}", missing.join(", ")),
        };
        rows.push(("signatures", format!("required of {}: {missing}", own.required.join(", "))));
    }
    if let Some(agreement) = &answer.agreement {
        let agrees = if agreement.faults.is_empty() {
            format!("is what the report says{}", approvals_of(agreement))
        } else {
            format!("NO: {}", agreement.faults.join(" "))
        };
        rows.push(("attached case", agrees));
    }
    if let Some(rebuilt) = &answer.rebuilt {
        rows.push(("built again", rebuilt_words(rebuilt)));
    }
    rows
}

/// Which of the recorded approvals are of the attached case. A draft may have none, or others.
fn approvals_of(agreement: &Agreement) -> String {
    let recorded = agreement.approvals.len();
    let stale = agreement.approvals.iter().filter(|approval| !approval.is_of_this_content).count();
    match (recorded, stale) {
        (0, _) => "; no approval is recorded".to_owned(),
        (_, 0) => ", and its approvals name it".to_owned(),
        _ => format!("; {stale} of {recorded} recorded approvals are of other content"),
    }
}

fn rebuilt_words(rebuilt: &Rebuilt) -> String {
    match rebuilt {
        Rebuilt::Same => "the case gives the very bytes that were signed".to_owned(),
        Rebuilt::Different { from, attachments } => {
            let which = match attachments.as_slice() {
                [] => "all attached files are the same".to_owned(),
                names => format!("other attached files: {}", names.join(", ")),
            };
            format!("NO: the case gives another report, from byte {from} on; {which}")
        }
        Rebuilt::CannotCompare { engine_version, this_version } => format!(
            "cannot compare: the report was built with cscr {engine_version}, and this is {this_version}; compare with that version"
        ),
        Rebuilt::NoReport => "cannot compare: this is no report of cscr".to_owned(),
        Rebuilt::NotSigned => "cannot compare: nobody has signed".to_owned(),
    }
}

/// Two columns, the second as long as it is.
fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    rows.iter().fold(String::new(), |mut text, (label, words)| {
        let _ = writeln!(text, "  {label:<width$}  {words}");
        text
    })
}

fn verdict(answer: &Answer) -> String {
    if !answer.holds {
        let mut text = String::from("No:\n");
        for objection in &answer.objections {
            let _ = writeln!(text, "  {objection}");
        }
        return text;
    }
    let draft = if answer.draft == Some(true) { " It is a DRAFT." } else { "" };
    let test = if answer.verification.signatures.iter().any(|own| own.is_test) {
        " with TEST identities"
    } else {
        ""
    };
    let own_word = by_your_word(answer);
    if answer.asked_for_trust {
        format!(
            "Yes: signed{test} by all who had to, by people whom the named authorities vouch for, and unchanged.{own_word}{draft}\n"
        )
    } else {
        format!(
            "Yes, as far as asked: signed{test} by all who had to, and unchanged. Who they are was not checked.{own_word}{draft}\n"
        )
    }
}

/// What holds only because whoever verifies says so: ` By your word, TEST Ada Birch is Simon Holt.`
fn by_your_word(answer: &Answer) -> String {
    let people = answer.people.iter().filter(|person| person.same_by_your_word);
    let pair =
        |person: &SignedPerson| Some(format!("{} is {}", person.certificate_of.as_ref()?, person.name));
    let pairs: Vec<String> = people.filter_map(pair).collect();
    if pairs.is_empty() { String::new() } else { format!(" By your word, {}.", pairs.join(", and ")) }
}
