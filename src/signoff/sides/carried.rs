//! The canonical case that a file carries: a `case.json` itself, a report with it attached, or an archive that holds
//! one of these.

use crate::case::Place;
use crate::intake::InputError;
use crate::intake::workbook::{Limits, open_archive};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read as _;

/// What a canonical case is called wherever it is kept.
const CASE: &str = "case.json";

/// The case that these bytes carry, with what they are; none where they are something else, such as a spreadsheet.
pub(super) fn case(name: &str, bytes: &[u8], limits: &Limits) -> Result<Option<(String, Value)>, InputError> {
    if bytes.starts_with(b"%PDF") {
        return Ok(Some(("report".to_owned(), attached(name, bytes, limits)?)));
    }
    if bytes.starts_with(b"PK") {
        return archived(name, bytes, limits);
    }
    Ok(canonical(bytes).map(|case| ("canonical case".to_owned(), case)))
}

/// JSON that is a case: a hazard log in this program's own JSON has its hazards at the top.
fn canonical(bytes: &[u8]) -> Option<Value> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return None;
    }
    let case: Value = serde_json::from_slice(bytes).ok()?;
    case.pointer("/hazard_log/hazards").is_some_and(Value::is_array).then_some(case)
}

#[cfg(feature = "signature")]
fn attached(name: &str, bytes: &[u8], limits: &Limits) -> Result<Value, InputError> {
    let unreadable = |error: crate::signature::SignatureError| {
        let hint = error.hint.unwrap_or_else(|| "take the report as `cscr build` wrote it".to_owned());
        InputError::new(error.what).at(Place::file(name)).hint(hint)
    };
    let document = crate::signature::pdf::Document::read(bytes).map_err(unreadable)?;
    let most = usize::try_from(limits.unpacked_mib << 20).unwrap_or(usize::MAX);
    let json = document.attachment(CASE, most).map_err(unreadable)?;
    let case = json.as_deref().and_then(canonical);
    case.ok_or_else(|| {
        let what = if json.is_some() {
            format!("The {CASE} that is attached to the PDF is not a case")
        } else {
            format!("The PDF has no {CASE} attached, so it does not say what it was made from")
        };
        InputError::new(what).at(Place::file(name)).hint("name a report that `cscr build` made")
    })
}

#[cfg(not(feature = "signature"))]
fn attached(name: &str, _: &[u8], _: &Limits) -> Result<Value, InputError> {
    Err(InputError::new("This build reads no PDF")
        .at(Place::file(name))
        .hint(format!("name its {CASE} instead")))
}

/// The case in an archive that is no workbook. It may hold several reports, of which all that carry a case must carry
/// the same; one that lies nearer to the top counts before those below.
fn archived(name: &str, bytes: &[u8], limits: &Limits) -> Result<Option<(String, Value)>, InputError> {
    let mut archive = open_archive(name, bytes, limits)?;
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.to_string()).collect();
    if names.iter().any(|name| name == "[Content_Types].xml" || name == "mimetype") {
        return Ok(None);
    }
    let ends = |name: &str, end: &str| name.to_ascii_lowercase().ends_with(end);
    let is_case = |name: &&String| name.rsplit('/').next() == Some(CASE);
    let depth = |name: &String| name.matches('/').count();
    let mut wanted: Vec<&String> = names.iter().filter(is_case).collect();
    let is_json = !wanted.is_empty();
    if !is_json {
        wanted = names.iter().filter(|name| ends(name, ".pdf")).collect();
    }
    let nearest = wanted.iter().map(|name| depth(name)).min();
    wanted.retain(|name| Some(depth(name)) == nearest);
    let mut cases: BTreeMap<String, Value> = BTreeMap::new();
    let mut refused = None;
    for own in wanted {
        let place = format!("{name}: {own}");
        let bytes = part(&mut archive, own).map_err(|error| {
            InputError::new(format!("\"{own}\" cannot be unpacked: {error}"))
                .at(Place::file(name))
                .hint("make the archive again")
        })?;
        let found = if is_json {
            canonical(&bytes).ok_or_else(|| {
                InputError::new(format!("\"{own}\" is not a case"))
                    .at(Place::file(name))
                    .hint("name the report or the case folder instead")
            })
        } else {
            attached(&place, &bytes, limits)
        };
        match found {
            Ok(case) => drop(cases.insert(own.clone(), case)),
            Err(error) => refused = Some(error),
        }
    }
    let mut distinct: Vec<(String, Value)> = Vec::new();
    for (own, case) in cases {
        if !distinct.iter().any(|(_, known)| *known == case) {
            distinct.push((own, case));
        }
    }
    match (distinct.len(), refused) {
        (1, _) => Ok(distinct.pop().map(|(own, case)| (format!("archive with {own}"), case))),
        (0, Some(error)) => Err(error),
        (0, None) => Err(InputError::new(format!("The archive holds no {CASE} and no PDF"))
            .at(Place::file(name))
            .hint("name the report, the hazard log or the case folder itself")),
        _ => {
            let names: Vec<&str> = distinct.iter().map(|(own, _)| own.as_str()).collect();
            Err(InputError::new(format!("The archive holds different cases: {}", names.join(", ")))
                .at(Place::file(name))
                .hint("unpack it, and name the one that is meant"))
        }
    }
}

/// The bytes of a part, whose size was counted when the archive was opened.
fn part<R: std::io::Read + std::io::Seek>(
    archive: &mut zip::ZipArchive<R>,
    name: &str,
) -> Result<Vec<u8>, std::io::Error> {
    let mut bytes = Vec::new();
    archive.by_name(name).map_err(std::io::Error::other)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
