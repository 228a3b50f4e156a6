//! Puts a signature into a field of a PDF, behind the bytes that it signs.
//!
//! The first signature certifies: from then on only fields may be filled in and signed (`DocMDP`, P 2). All are PAdES:
//! the dictionary says when and why, the CMS signature says who.

use super::appearance;
use super::certificate::{Purpose, objections};
use super::fields::{Field, fields};
use super::pdf::{Dict, Document, Hole, Object, Objects, Reference, Update, date, text, words};
use super::permission::Permission;
use super::verify::{Expectations, Verification, verify};
use super::{SignatureError, Signer, TimeStampAuthority, cms};
use jiff::Timestamp;

/// What is to be signed, as whom and why.
#[derive(Debug, Clone, Copy)]
pub struct SignatureRequest<'a> {
    /// The id of the person, which is that of the field.
    pub field: &'a str,
    /// The name of the person.
    pub name: &'a str,
    pub reason: Option<&'a str>,
    /// When the person signs, by their own clock.
    pub time: Timestamp,
    /// What is to be seen in the field: a PDF of one page that is as large as the field.
    pub appearance: Option<&'a [u8]>,
}

/// Room for what a CMS signature holds besides certificates: attributes, algorithms, the value itself (RSA with
/// 8192 bits: 1 KiB).
const ATTRIBUTES: usize = 3 * 1024;

/// Room for a time-stamp, which brings the certificates of its authority.
const TIME_STAMP: usize = 9 * 1024;

/// What a signature that did not fit may grow by when it is made again.
const SLACK: usize = 1024;

/// The field of a person, if they can sign in it: it is there, nobody has signed in it, and no earlier signature
/// forbids another.
pub fn field_to_sign(document: &Document<'_>, id: &str) -> Result<Field, SignatureError> {
    // What cannot be added to cannot be signed, and a file that was cut short may lack its fields.
    Update::of(document)?;
    let all = fields(document)?;
    let field = free_field(document, &all, id)?;
    refuse_if_locked(document, &all, field)?;
    Ok(field.clone())
}

/// Refuses a document in which an earlier signature does not hold, or which was changed after one: whoever signed it
/// would vouch for that.
pub fn refuse_if_broken(document: &Document<'_>) -> Result<(), SignatureError> {
    if fields(document)?.iter().all(|field| field.signature.is_none()) {
        return Ok(());
    }
    match broken(&verify(document.bytes(), &Expectations::default())?) {
        None => Ok(()),
        Some(why) => Err(SignatureError::new(format!("the PDF is not as it was signed: {why}"))
            .hint("look at it with `cscr verify`, and sign the file as the signatory before wrote it")),
    }
}

/// The first thing that speaks against the signatures of a document, whoever made them.
fn broken(found: &Verification) -> Option<String> {
    let of_signature = |signature: &super::verify::SignatureAnswer| {
        let fault = signature.faults.first()?;
        Some(format!("the signature of {} is not intact: {fault}", signature.field))
    };
    let changes = found.revisions.iter().flat_map(|revision| &revision.changes);
    let trailing =
        || (found.trailing_bytes > 0).then(|| format!("{} bytes stand behind its end", found.trailing_bytes));
    found
        .signatures
        .iter()
        .find_map(of_signature)
        .or_else(|| changes.into_iter().find(|change| !change.allowed).map(|change| change.what.clone()))
        .or_else(|| found.faults.first().cloned())
        .or_else(trailing)
}

/// Signs a PDF: its bytes and the signature behind them. With a time-stamping authority the signature says when it was
/// there at the latest.
pub fn sign(
    document: &Document<'_>,
    request: &SignatureRequest<'_>,
    signer: &dyn Signer,
    authority: Option<&dyn TimeStampAuthority>,
) -> Result<Vec<u8>, SignatureError> {
    let field = field_to_sign(document, request.field)?;
    refuse_if_broken(document)?;
    refuse_same_identity(document, &fields(document)?, signer)?;
    refuse_unfit(signer, request.time)?;
    let made = unchecked(document, &field, request, signer, authority)?;
    refuse_other_time(&made.signature, request.time)?;
    Ok(made.pdf)
}

/// A signed file, and the signature that is in it.
pub(super) struct Made {
    pub pdf: Vec<u8>,
    pub signature: Vec<u8>,
}

/// Signs in a field whatever there is to say against it.
pub(super) fn unchecked(
    document: &Document<'_>,
    field: &Field,
    request: &SignatureRequest<'_>,
    signer: &dyn Signer,
    authority: Option<&dyn TimeStampAuthority>,
) -> Result<Made, SignatureError> {
    let is_first = fields(document)?.iter().all(|field| field.signature.is_none());
    let attempt = |room: usize| -> Result<Result<Made, usize>, SignatureError> {
        let (mut pdf, hole) = with_hole(document, field, request, is_first, room)?;
        let digest = signer.algorithm().digest().digest(&hole.around(&pdf));
        let signature = cms::sign(signer, &digest, authority)?;
        Ok(if hole.fill(&mut pdf, &signature) { Ok(Made { pdf, signature }) } else { Err(signature.len()) })
    };
    match attempt(room(signer, authority.is_some()))? {
        Ok(done) => Ok(done),
        Err(needed) => attempt(needed + SLACK)?.map_err(|needed| {
            SignatureError::new(format!("the signature of {needed} bytes does not fit into the PDF"))
                .hint("sign again; if it happens again, sign with a shorter chain of certificates")
        }),
    }
}

/// An estimate that is rather too large: what is not needed is filled with zeros.
fn room(signer: &dyn Signer, time_stamped: bool) -> usize {
    let sizes = || signer.chain().iter().map(|certificate| certificate.der().len());
    // The name of the issuer stands twice more beside the signer's own certificate.
    let names = 2 * sizes().next().unwrap_or_default();
    ATTRIBUTES + names + sizes().sum::<usize>() + if time_stamped { TIME_STAMP } else { 0 }
}

fn free_field<'a>(document: &Document<'_>, all: &'a [Field], id: &str) -> Result<&'a Field, SignatureError> {
    let Some(field) = all.iter().find(|field| field.id == id) else {
        return Err(if all.is_empty() {
            SignatureError::new("the PDF has no field to sign in")
                .hint("sign the report that `cscr build` wrote, with the names of people in it")
        } else {
            let ids: Vec<&str> = all.iter().map(|field| field.id.as_str()).collect();
            SignatureError::new(format!("there is no field for {id} to sign in"))
                .hint(format!("sign as one of: {}", ids.join(", ")))
        });
    };
    let Some(signature) = field.signature else { return Ok(field) };
    let dict = document.dict(signature)?;
    let said =
        |key: &str| dict.get(key).and_then(Object::as_string).map(words).filter(|said| !said.is_empty());
    let by = said("Name").unwrap_or_else(|| "somebody who gives no name".to_owned());
    Err(SignatureError::new(format!("the field of {id} is signed already, by {by}"))
        .hint("who has signed cannot sign again; to sign another content, build the report again"))
}

/// A key stands for one person, and a person signs once.
fn refuse_same_identity(
    document: &Document<'_>,
    all: &[Field],
    signer: &dyn Signer,
) -> Result<(), SignatureError> {
    let Some(own) = signer.chain().first() else {
        return Err(SignatureError::new("the identity has no certificate")
            .hint("give the certificate of the signer with its key"));
    };
    let own = own.public_key();
    for field in all {
        let Some(signature) = field.signature else { continue };
        let dict = document.dict(signature)?;
        let contents = dict.get("Contents").and_then(Object::as_string).unwrap_or_default();
        if contents.windows(own.len()).any(|window| window == own) {
            return Err(SignatureError::new(format!(
                "the key of this identity has signed already, in the field of {}",
                field.id
            ))
            .hint("each person signs once, with a key of their own"));
        }
    }
    Ok(())
}

/// What an earlier signature forbids, no later one may do.
fn refuse_if_locked(document: &Document<'_>, all: &[Field], field: &Field) -> Result<(), SignatureError> {
    for earlier in all {
        let Some(signature) = earlier.signature else { continue };
        let mut permission = Permission::default();
        permission.restrict(document, &document.dict(signature)?)?;
        if !permission.lets_fill_in(&field.id) {
            return Err(SignatureError::new(format!(
                "the signature of {} lets nobody sign after it",
                earlier.id
            ))
            .hint("build the report again and sign it with cscr, or in another order"));
        }
    }
    Ok(())
}

/// Refuses an identity that nobody could believe who verifies.
fn refuse_unfit(signer: &dyn Signer, time: Timestamp) -> Result<(), SignatureError> {
    let Some(own) = signer.chain().first() else { return Ok(()) };
    if let Some(objection) = objections(own, Purpose::Signing).into_iter().next() {
        return Err(SignatureError::new(objection)
            .hint("sign with an identity that was issued for signing documents"));
    }
    if own.is_valid_at(time) {
        return Ok(());
    }
    Err(SignatureError::new(format!(
        "the certificate of {} is not valid at {time}, but from {} to {}",
        own.holder(),
        own.valid_from(),
        own.valid_until()
    ))
    .hint("sign with an identity that is valid on the day of signing"))
}

/// What is printed in the field is the signer's time, so it has to be about that which the time-stamp proves.
fn refuse_other_time(signature: &[u8], time: Timestamp) -> Result<(), SignatureError> {
    // What it is over does not matter here.
    let stamp = cms::verify(signature, &[]).ok().and_then(|own| own.time_stamp).and_then(Result::ok);
    match stamp {
        Some(stamp) if !is_same_day(stamp.time, time) => Err(SignatureError::new(format!(
            "the time-stamp is of {}, and the signature would say {time}",
            stamp.time
        ))
        .hint("leave out --date, or set the clock of this machine; or sign without --tsa")),
        _ => Ok(()),
    }
}

/// Whether two times differ by no more than clocks and zones do.
pub(super) fn is_same_day(one: Timestamp, other: Timestamp) -> bool {
    const A_DAY: u64 = 24 * 60 * 60;
    one.as_second().abs_diff(other.as_second()) <= A_DAY
}

/// The PDF with the field signed but for the signature itself.
fn with_hole(
    document: &Document<'_>,
    field: &Field,
    request: &SignatureRequest<'_>,
    certifies: bool,
    room: usize,
) -> Result<(Vec<u8>, Hole), SignatureError> {
    let mut update = Update::of(document)?;
    let signature = update.reserve();
    fill_in(&mut update, field, signature, request.appearance)?;
    flag_as_signed(&mut update)?;
    let mut dict = Dict::of_type("Sig")
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("M", date(request.time))
        .with("Name", text(request.name));
    if let Some(reason) = request.reason {
        dict.set("Reason", text(reason));
    }
    if certifies {
        dict.set("Reference", vec![certification().into()]);
        let permissions = Dict::new().with("DocMDP", signature);
        let catalog = update.dict(update.catalog())?.with("Perms", permissions);
        update.set(update.catalog(), catalog);
    }
    Ok(update.finish_signed(signature, &dict, room))
}

/// Fields may be filled in and signed, and nothing else.
fn certification() -> Dict {
    let parameters = Dict::of_type("TransformParams").with("P", 2).with("V", Object::name("1.2"));
    Dict::of_type("SigRef")
        .with("TransformMethod", Object::name("DocMDP"))
        .with("TransformParams", parameters)
}

fn fill_in(
    update: &mut Update<'_>,
    field: &Field,
    signature: Reference,
    appearance: Option<&[u8]>,
) -> Result<(), SignatureError> {
    let mut dict = update.dict(field.reference)?.with("V", signature);
    if let Some(page) = appearance {
        let form = appearance::import(update, page)?;
        dict.set("AP", Dict::new().with("N", form));
    }
    update.set(field.reference, dict);
    Ok(())
}

/// There are signatures, and only what is added behind them leaves them whole.
fn flag_as_signed(update: &mut Update<'_>) -> Result<(), SignatureError> {
    const FLAGS: i64 = 1 | 2;
    let Some((reference, form)) = update.in_catalog("AcroForm")? else { return Ok(()) };
    if form.get("SigFlags").and_then(Object::as_integer) == Some(FLAGS) {
        return Ok(());
    }
    let form = form.with("SigFlags", FLAGS);
    if let Some(reference) = reference {
        update.set(reference, form);
    } else {
        let catalog = update.dict(update.catalog())?.with("AcroForm", form);
        update.set(update.catalog(), catalog);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
