//! E12: whether the documents of a case speak of one product, one release and one version.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::Warning;
use crate::assurance::version;
use crate::case::Case;
use crate::case::folding::folded;
use crate::case::hazard_log::HazardLog;
use std::collections::BTreeSet;

pub(super) static CHECKS: &[Check] = &[Check {
    id: "E12",
    level: Warning,
    clause: Some("7.1.3"),
    title: "Documents name another product, release or version",
    why: "A case is about one release of one product; a document that names another was taken over from it, or belongs to it.",
    remedy: "Correct the name, the version or the file; where the document really is of another release, give the one of this release.",
    runs: &[Run::Log(numbered), Run::Case(file_name), Run::Case(titles), Run::Case(releases)],
    ..Check::DEFAULT
}];

/// Words of titles that name no product.
const NO_NAME: [&str; 26] = [
    "and",
    "annex",
    "api",
    "assessment",
    "case",
    "clinical",
    "commercial",
    "document",
    "final",
    "for",
    "hazard",
    "hazards",
    "health",
    "issue",
    "log",
    "nhs",
    "programme",
    "project",
    "register",
    "release",
    "report",
    "risk",
    "safety",
    "service",
    "system",
    "the",
];

/// A version in the log's file name that is not the cover's.
fn file_name(examined: &Examined<'_>, outcome: &mut Outcome) {
    let log = &examined.subject.case.hazard_log;
    let provenance = examined.subject.provenance;
    let first = log.hazards.first().map(|hazard| format!("hazards/{}", hazard.key));
    let place = provenance.place("hazard_log/version").or_else(|| provenance.place(first.as_deref()?));
    let (Some(place), Some(cover)) = (place, log.version.as_deref()) else { return };
    let name = place.file.rsplit('/').next().unwrap_or_default();
    if let Some(named) = version_in(name).filter(|named| !version::same(named, cover)) {
        let message = format!(
            "The hazard log's file is named \"{name}\", version {named}; its cover says version {}{}.",
            cover.trim(),
            history_says(log, cover)
        );
        outcome.hit(Hit::at("hazard_log/version", message));
    }
}

/// What the history says, where it is not what the cover says.
fn history_says(log: &HazardLog, cover: &str) -> String {
    let latest = version::latest(&log.revisions).map(|revision| revision.version.trim());
    let another = latest.filter(|latest| !version::same(latest, cover));
    another.map_or_else(String::new, |latest| format!(" and its revision history {latest}"))
}

/// `1.7` of `NRL Hazard Log V1.7.xlsx`.
fn version_in(file: &str) -> Option<&str> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut before = ' ';
    let mut found = None;
    for (at, char) in stem.char_indices() {
        if matches!(char, 'v' | 'V') && !before.is_alphanumeric() {
            let digits = &stem[at + 1..];
            let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
            let version = digits[..end].trim_matches('.');
            found = Some(version).filter(|version| !version.is_empty()).or(found);
        }
        before = char;
    }
    found
}

/// A title that shares no word with the product, nor with the programme that it belongs to.
fn titles(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let log = &case.hazard_log;
    let own = [
        Some(&case.product.name),
        case.document.programme.as_ref(),
        case.document.project.as_ref(),
        log.programme.as_ref(),
        log.project.as_ref(),
        case.organisation.name.as_ref(),
    ];
    let mut known: BTreeSet<String> = own.into_iter().flatten().flat_map(|name| names(name)).collect();
    known.insert(initials(&case.product.name));
    let titles = [
        ("hazard_log/title", "The hazard log", log.title.as_ref()),
        ("document/title", "The report", case.document.title.as_ref()),
    ];
    for (path, what, title) in titles {
        let Some(title) = title else { continue };
        let named: BTreeSet<String> = names(title).collect();
        if !named.is_empty() && named.is_disjoint(&known) && !known.contains(&initials(title)) {
            let message =
                format!("{what} is titled \"{}\"; the product is {}.", title.trim(), case.product.name);
            outcome.hit(Hit::at(path, message));
        }
    }
}

/// The words of a title that may be a product's name.
fn names(title: &str) -> impl Iterator<Item = String> {
    let words = folded(title);
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    words.into_iter().filter(|word| {
        word.len() > 2 && word.chars().all(char::is_alphabetic) && !NO_NAME.contains(&word.as_str())
    })
}

/// `nrl` of `National Record Locator`.
fn initials(name: &str) -> String {
    folded(name)
        .split(' ')
        .filter(|word| !NO_NAME.contains(word))
        .filter_map(|word| word.chars().next())
        .collect()
}

/// Hazards that are numbered for another product than the one that the log's title names. Such a prefix is a name
/// only where the sheet is called by it too: `HAZ01` is none.
fn numbered(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    let (Some(title), Some(first), Some(last)) =
        (log.title.as_deref(), log.hazards.first(), log.hazards.last())
    else {
        return;
    };
    let prefix = letters(&first.id);
    let is_one = log.hazards.iter().all(|hazard| letters(&hazard.id) == prefix);
    let place = subject.provenance.place(&format!("hazards/{}", first.key));
    let Some(sheet) = place.and_then(|place| place.sheet) else { return };
    let name = prefix.to_lowercase();
    let is_name = prefix.len() > 2 && names(&sheet).any(|word| word == name);
    let own = [Some(title), log.project.as_deref(), log.programme.as_deref()];
    if is_one && is_name && !own.into_iter().flatten().any(|own| may_be_short_for(&name, own)) {
        let message = format!(
            "The hazard log is titled \"{}\"; its hazards are numbered {} to {} and stand on the sheet \"{}\", and its cover does not name {prefix}.",
            title.trim(),
            first.id.trim(),
            last.id.trim(),
            sheet.trim()
        );
        outcome.hit(Hit::at("hazard_log/title", message));
    }
}

/// The letters that an id begins with.
fn letters(id: &str) -> &str {
    let id = id.trim();
    &id[..id.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(id.len())]
}

/// Whether a short name is in a longer one, or may have been made of it: its first letter begins a word, and the
/// others follow in their order.
fn may_be_short_for(short: &str, long: &str) -> bool {
    let words: Vec<String> = names(long).collect();
    (0..words.len()).any(|at| {
        let rest = words[at..].concat();
        let mut letters = rest.chars();
        rest.chars().next() == short.chars().next()
            && short.chars().all(|wanted| letters.any(|c| c == wanted))
    })
}

/// A title that names a release which is not the case's.
fn releases(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(release) = case.release.version.as_deref() else { return };
    for (path, what, title) in titled(case) {
        if release_in(title).is_some_and(|named| !is_within(named, release)) {
            let message = format!("{what} is titled \"{}\"; the case is of release {release}.", title.trim());
            outcome.hit(Hit::at(path, message));
        }
    }
}

fn titled(case: &Case) -> impl Iterator<Item = (String, String, &str)> {
    let log = case.hazard_log.title.as_deref();
    let report = case.document.title.as_deref();
    let sessions = case.psa.iter().filter_map(|session| {
        Some((
            format!("psa/{}", session.id),
            format!("PSA session {}", session.id),
            session.title.as_deref()?,
        ))
    });
    let documents = [("hazard_log/title", "The hazard log", log), ("document/title", "The report", report)];
    documents
        .into_iter()
        .filter_map(|(path, what, title)| Some((path.to_owned(), what.to_owned(), title?)))
        .chain(sessions)
}

/// The number that follows the word release.
fn release_in(title: &str) -> Option<&str> {
    let mut words = title.split(|c: char| !(c.is_alphanumeric() || c == '.'));
    words.find(|word| word.eq_ignore_ascii_case("release"))?;
    let number = words.find(|word| !word.is_empty())?.trim_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(number)
}

/// `4.2` is within `4.2.1` and the other way about.
fn is_within(one: &str, other: &str) -> bool {
    let (one, other) = (version::numbers(one), version::numbers(other));
    one.starts_with(&other) || other.starts_with(&one)
}

#[cfg(test)]
mod tests {
    use super::version_in;
    use crate::assurance::testing::{Fixture, fires, some};
    use crate::case::Place;

    #[test]
    fn the_version_of_a_file_name() {
        for (file, version) in [
            ("NRL Hazard Log V1.7.xlsx", Some("1.7")),
            ("GP_Connect_Hazard_Log_v0.6.xlsx", Some("0.6")),
            ("hazard-log.v2.xlsx", Some("2")),
            ("review-2.xlsx", None),
            ("vault.xlsx", None),
        ] {
            assert_eq!(version_in(file), version, "{file}");
        }
    }

    #[test]
    fn e12_a_file_name_and_a_cover() {
        let named = |file: &'static str| {
            move |fixture: &mut Fixture| {
                fixture.provenance.record("hazard_log/version", Place::cell(file, "Cover", "D12"));
            }
        };
        fires(
            "E12",
            named("logs/Hazard Log V1.7.xlsx"),
            "The hazard log's file is named \"Hazard Log V1.7.xlsx\", version 1.7; its cover says version 1.0.",
        );
        assert_eq!(Fixture::with(named("Hazard Log v1.xlsx")).messages("E12"), Vec::<String>::new());
    }

    fn titled(title: &str) -> impl FnOnce(&mut Fixture) {
        let title = some(title);
        move |fixture| fixture.case.hazard_log.title = title
    }

    #[test]
    fn e12_a_title_of_another_product_or_release() {
        fires(
            "E12",
            titled("Clinical Safety Hazard Log - Letter Bridge"),
            "The hazard log is titled \"Clinical Safety Hazard Log - Letter Bridge\"; the product is Referral Link.",
        );
        fires(
            "E12",
            titled("Referral Link Release 1.9 Hazard Log"),
            "The hazard log is titled \"Referral Link Release 1.9 Hazard Log\"; the case is of release 2.1.",
        );
        for title in
            ["Hazard Log", "REFERRAL-LINK: hazard log, Release 2", "RL hazard log", "Hazard Log v1.0"]
        {
            assert_eq!(Fixture::with(titled(title)).messages("E12"), Vec::<String>::new(), "{title}");
        }
    }

    #[test]
    fn e12_hazards_that_are_numbered_for_another_product() {
        let numbered = |prefix: &'static str, sheet: &'static str| {
            move |fixture: &mut Fixture| {
                let log = &mut fixture.case.hazard_log;
                log.title = some("Referral Link Hazard Log");
                for (hazard, number) in log.hazards.iter_mut().zip(1..) {
                    hazard.id = format!("{prefix}{number:02}");
                    fixture
                        .provenance
                        .record(format!("hazards/{}", hazard.key), Place::cell("log.xlsx", sheet, "A2"));
                }
            }
        };
        fires(
            "E12",
            numbered("DAY", "DAY Hazard Log"),
            "The hazard log is titled \"Referral Link Hazard Log\"; its hazards are numbered DAY01 to DAY02 and stand on the sheet \"DAY Hazard Log\", and its cover does not name DAY.",
        );
        for (prefix, sheet) in
            [("HAZ", "Hazard Log"), ("RFL", "RFL Hazard Log"), ("RL", "RL log"), ("DAY", "Log")]
        {
            assert_eq!(
                Fixture::with(numbered(prefix, sheet)).messages("E12"),
                Vec::<String>::new(),
                "{prefix}"
            );
        }
    }

    #[test]
    fn e12_a_session_of_another_release() {
        fires(
            "E12",
            |fixture| fixture.case.psa[0].title = some("Review of Release 3.0"),
            "PSA session PSA-1 is titled \"Review of Release 3.0\"; the case is of release 2.1.",
        );
    }
}
