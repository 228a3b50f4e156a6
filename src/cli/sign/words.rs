//! What is said to whoever signs: what they are about to sign, as whom, and who has signed by now.

use super::Signing;
use crate::cli::terminal;
use crate::report::{ReportSignatory, SignOff};
use crate::signature::fields::Field;
use crate::signature::verify::plain;
use std::fmt::Write as _;

/// What is signed and by whom, before anything is asked: the digest is that of the foot of each page, so that it can
/// be held against a printed copy.
pub(super) fn to_be_signed(sign_off: &SignOff, signatory: &ReportSignatory) -> String {
    let SignOff { document, draft, .. } = sign_off;
    let not_given = || "(not given)".to_owned();
    let product = document.product.iter().cloned();
    let release = document.release.as_ref().map(|release| format!("release {release}"));
    let product = product.chain(release).collect::<Vec<_>>().join(", ");
    let version = document.version.clone().unwrap_or_else(not_given);
    let status = if *draft { "DRAFT" } else { "for release" };
    let title = document.title.clone().or_else(|| document.reference.clone()).unwrap_or_else(not_given);
    let role = signatory.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
    let mut page = terminal::heading("To be signed");
    for (label, text) in [
        ("report", title),
        ("product", if product.is_empty() { not_given() } else { product }),
        ("version", format!("{version}, {status}")),
        ("content", sign_off.short_digest().unwrap_or_else(not_given)),
        ("by", format!("{}{role}", signatory.name)),
    ] {
        let _ = writeln!(page, "  {label:<8} {}", plain(&text));
    }
    page.trim_end().to_owned()
}

/// A registration that has ended is no reason to refuse: it was current when the report was approved.
pub(super) fn ended_registration(signing: &Signing<'_>) -> Option<String> {
    let Signing { signatory, time, .. } = signing;
    let last = signatory.registration_ended_before(*time)?;
    let registration = signatory.registration.as_deref().unwrap_or("not given");
    Some(plain(&format!(
        "Caution: the registration of {} ({registration}) expired on {last:#}, before this signature, and `cscr verify` says so. If it was renewed, record that in the case, and build the report again.",
        signatory.name
    )))
}

/// Who has signed by now, and who is still to.
pub(super) fn has_signed(before: &[Field], signing: &Signing<'_>) -> String {
    let Signing { signatory, certificate_of, .. } = signing;
    let is_open = |field: &&Field| field.signature.is_none() && field.id != signatory.id;
    let open: Vec<&str> = before.iter().filter(is_open).map(|field| field.id.as_str()).collect();
    let rest = if open.is_empty() {
        "all have signed".to_owned()
    } else {
        format!("still to sign: {}", open.join(", "))
    };
    let (done, all) = (before.len() - open.len(), before.len());
    let signatures = terminal::plural(all, "signature");
    let signed = match certificate_of {
        Some(holder) => format!("Signed in the field of {} with the certificate of {holder}", signatory.name),
        None => format!("Signed by {}", signatory.name),
    };
    plain(&format!("{signed}: {done} of {all} {signatures}; {rest}."))
}
