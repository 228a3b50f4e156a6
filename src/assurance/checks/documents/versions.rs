//! Which versions a text cites: of the hazard log, and of the standards.

use crate::assurance::check::{Examined, Hit, Outcome};
use crate::assurance::prose::{Word, contains, holds, words};
use crate::assurance::version;
use crate::case::Case;
use crate::case::folding::folded;
use crate::case::standard::StandardName;
use std::collections::BTreeSet;

/// Statements with these words tell of another log, or of an earlier time.
const ELSEWHERE: [&str; 34] = [
    "at",
    "before",
    "changed",
    "draft",
    "during",
    "earlier",
    "first",
    "from",
    "guidance",
    "history",
    "initial",
    "manufacturer",
    "manufacturer's",
    "meeting",
    "national",
    "opened",
    "previous",
    "previously",
    "psa",
    "replaced",
    "replaces",
    "review",
    "reviewed",
    "session",
    "since",
    "superseded",
    "supersedes",
    "supplier",
    "supplier's",
    "template",
    "until",
    "was",
    "were",
    "workshop",
];

pub(super) fn other_logs(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(attached) = case.hazard_log.version.as_deref() else { return };
    let stated = version::of_log(&case.hazard_log).unwrap_or_default();
    for told in &examined.told {
        for statement in told.statements.iter().filter(|statement| !statement.is_row) {
            let words = words(&statement.text);
            if contains(&words, &ELSEWHERE) {
                continue;
            }
            for cited in cited_logs(&words).filter(|cited| !version::same(cited, attached)) {
                let says = format!("cites version {cited} of the hazard log; attached is version {stated}");
                outcome.hit(told.hit_at(statement, &says));
            }
        }
    }
    for (path, title, cited) in listed_logs(case) {
        if !version::same(cited, attached) {
            let message = format!(
                "\"{title}\" is listed at version {cited}; the hazard log that is attached is version {stated}."
            );
            outcome.hit(Hit::at(path, message));
        }
    }
}

/// `hazard log, version 1.1`, `Hazard Log v1.1`.
fn cited_logs(words: &[Word]) -> impl Iterator<Item = String> {
    let logs = words
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(at, log)| log.is("log") && words[at - 1].is_one_of(&["hazard", "hazards"]));
    logs.filter_map(|(at, _)| version_after(&words[at + 1..]))
}

/// The version that is named before the clause or four more words have ended.
fn version_after(words: &[Word]) -> Option<String> {
    let near = words.iter().enumerate().take(5);
    for (at, word) in near {
        match word {
            Word::Mark('.' | ';' | ':' | '!' | '?') => return None,
            Word::Plain(word) if is_version_word(word) => {
                return match words.get(at + 1)? {
                    Word::Number(number) => Some(number.to_string()),
                    Word::Plain(version) => digits_of(version).map(str::to_owned),
                    Word::Mark(_) => None,
                };
            }
            Word::Plain(word) => {
                let version = word.strip_prefix('v').and_then(digits_of);
                if version.is_some() {
                    return version.map(str::to_owned);
                }
            }
            Word::Number(_) | Word::Mark(_) => {}
        }
    }
    None
}

fn is_version_word(word: &str) -> bool {
    matches!(word, "version" | "v" | "issue")
}

/// A version number, after a `v` or without one.
fn digits_of(version: &str) -> Option<&str> {
    let digits = version.strip_prefix('v').unwrap_or(version);
    let is_version = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_version.then_some(digits)
}

/// Entries of the report's own lists that are this case's hazard log, with the version that they give.
fn listed_logs(case: &Case) -> impl Iterator<Item = (String, &str, &str)> {
    let related = case.document.related_documents.iter().zip(1..).map(|(entry, number)| {
        (format!("document/related_documents/{number}"), entry.title.as_str(), entry.version.as_deref())
    });
    let references = case
        .references
        .iter()
        .map(|entry| (format!("references/{}", entry.id), entry.title.as_str(), entry.version.as_deref()));
    related.chain(references).filter_map(|(path, title, version)| {
        let version = version.filter(|version| version.contains(|c: char| c.is_ascii_digit()))?;
        is_own_log(title, case).then_some((path, title, version))
    })
}

/// `Hazard log, Referral Link`: of this product, or of none that it names.
fn is_own_log(title: &str, case: &Case) -> bool {
    const SAYS_NOTHING: [&str; 10] =
        ["hazard", "log", "clinical", "safety", "the", "of", "for", "release", "version", "our"];
    let title = folded(title);
    let names_none =
        || title.split(' ').all(|word| SAYS_NOTHING.contains(&word) || word.parse::<u32>().is_ok());
    holds(&title, "hazard log")
        && (holds(&title, &case.product.name) || names_none())
        && !["national", "template", "manufacturer", "supplier"].iter().any(|other| holds(&title, other))
}

/// Standards that are cited at another version than they have here, or by a name that they no longer bear.
pub(super) fn standards(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for told in &examined.told {
        let mut seen = BTreeSet::new();
        for statement in &told.statements {
            let words = words(&statement.text);
            let listed = if statement.is_row { listed(&words, case) } else { None };
            for says in misnamed(&words, case).into_iter().chain(listed) {
                if seen.insert(says.clone()) {
                    outcome.hit(told.hit_at(statement, &says));
                }
            }
        }
    }
    for (path, whose, text) in of_lists(case) {
        for says in misnamed(&words(&text), case) {
            outcome.hit(Hit::at(path.clone(), format!("{whose} {says}: \"{text}\".")));
        }
    }
}

/// What else names standards: the report's lists, and what the log says beside its hazards.
fn of_lists(case: &Case) -> impl Iterator<Item = (String, String, String)> {
    let with_version = |title: &str, version: Option<&str>| {
        version.map_or_else(|| title.to_owned(), |version| format!("{title}, version {version}"))
    };
    let related = case.document.related_documents.iter().zip(1..).map(move |(entry, number)| {
        let title = format!("{} {}", entry.reference.as_deref().unwrap_or_default(), entry.title);
        let text = with_version(title.trim(), entry.version.as_deref());
        (format!("document/related_documents/{number}"), "A related document".to_owned(), text)
    });
    let references = case.references.iter().map(move |entry| {
        let text = with_version(&format!("{} {}", entry.id, entry.title), entry.version.as_deref());
        (format!("references/{}", entry.id), format!("Reference {}", entry.id), text)
    });
    let cover = case
        .hazard_log
        .notes
        .iter()
        .map(|note| ("hazard_log/notes".to_owned(), "The hazard log".to_owned(), note.clone()));
    let notes = case.hazard_log.hazards.iter().filter_map(|hazard| {
        let path = format!("hazards/{}/notes", hazard.key);
        Some((path, format!("The notes on {}", hazard.key), hazard.notes.clone()?))
    });
    related.chain(references).chain(cover).chain(notes)
}

/// A row of a list of documents: a standard's name, and a version in the last column.
fn listed(words: &[Word], case: &Case) -> Option<String> {
    let standard = words
        .iter()
        .zip(words.iter().skip(1).map(Some).chain([None]))
        .find_map(|(word, next)| standard_at(word, next))
        .map(|(_, standard, _)| standard)?;
    let Word::Plain(last) = words.last()? else { return None };
    let cited = digits_of(last).filter(|version| version.contains('.'))?;
    let current = current(standard, case);
    (!version::same(cited, current))
        .then(|| format!("lists {} with version {cited}; {}", standard.as_str(), instead(standard, case)))
}

fn current(standard: StandardName, case: &Case) -> &str {
    if case.standard.name == standard { &case.standard.version } else { standard.current_version() }
}

fn instead(standard: StandardName, case: &Case) -> String {
    let current = current(standard, case);
    if case.standard.name == standard {
        format!("the case claims version {current}")
    } else {
        format!("the version in force is {current}")
    }
}

fn misnamed(words: &[Word], case: &Case) -> Vec<String> {
    let mut says = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some((written, standard, length)) = standard_at(word, words.get(at + 1)) else { continue };
        if !written.starts_with("DCB") {
            says.push(format!("names {written}, the former name of {}", standard.as_str()));
        } else if let Some(cited) = version_after(&words[at + length..])
            && !version::same(&cited, current(standard, case))
        {
            let name = standard.as_str();
            says.push(format!("cites {name} at version {cited}; {}", instead(standard, case)));
        }
    }
    says
}

/// A standard's name, as one word or two, with how many words it is.
fn standard_at(word: &Word, next: Option<&Word>) -> Option<(String, StandardName, usize)> {
    let Word::Plain(word) = word else { return None };
    let (name, length) = match next.and_then(Word::number) {
        Some(number @ (129 | 160)) if ["dcb", "scci", "isb"].contains(&word.as_str()) => {
            (format!("{word} {number:04}"), 2)
        }
        _ => (word.clone(), 1),
    };
    let standard = StandardName::parse(&name)?;
    Some((name.to_uppercase(), standard, length))
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, outside, some, telling};
    use crate::case::document::{Reference, RelatedDocument};

    #[test]
    fn e5_a_text_cites_another_log() {
        fires(
            "E5",
            telling("This report is issued with hazard log HL-1, version 0.9."),
            "The narrative section \"introduction\" cites version 0.9 of the hazard log; attached is version 1.0: \"This report is issued with hazard log HL-1, version 0.9\".",
        );
        for text in [
            "This report is issued with hazard log version 1.",
            "The workshop reviewed hazard log version 0.4.",
            "The hazard log is kept in Tracker v3 since May.",
            "The national hazard log, version 2.0, is another.",
            "The hazard log holds all; the plan is version 3.1.",
        ] {
            assert_eq!(Fixture::with(telling(text)).messages("E5"), Vec::<String>::new(), "{text}");
        }
    }

    fn related(title: &str, version: &str) -> impl FnOnce(&mut Fixture) {
        let document = RelatedDocument { reference: None, title: title.to_owned(), version: some(version) };
        move |fixture| fixture.case.document.related_documents.push(document)
    }

    #[test]
    fn e5_a_list_names_another_log() {
        fires(
            "E5",
            related("Hazard log, Referral Link", "1.1"),
            "\"Hazard log, Referral Link\" is listed at version 1.1; the hazard log that is attached is version 1.0.",
        );
        for title in ["National hazard log for Referral Link", "Hazard log of the PAS", "Referral Link plan"]
        {
            assert_eq!(Fixture::with(related(title, "1.1")).messages("E5"), Vec::<String>::new(), "{title}");
        }
        assert_eq!(Fixture::with(related("Hazard Log", "V1.0")).messages("E5"), Vec::<String>::new());
    }

    #[test]
    fn f19_another_version_or_a_former_name() {
        fires(
            "F19",
            telling("We follow DCB0129 v4.1 and DCB0160 version 3.2. DCB 0129 (v4.2) is meant."),
            "The narrative section \"introduction\" cites DCB0129 at version 4.1; the case claims version 4.2: \"We follow DCB0129 v4.1 and DCB0160 version 3.2\".",
        );
        fires(
            "F19",
            outside("H01, H02. In accordance with SCCI 0160."),
            "The outside report old.txt, page 1, names SCCI 0160, the former name of DCB0160: \"In accordance with SCCI 0160\".",
        );
        fires(
            "F19",
            outside("H01, H02.\n\n 6   DCB0160   Deployment and use   4.2\n 7   DCB0129   Manufacture   4.2"),
            "The outside report old.txt, page 1, lists DCB0160 with version 4.2; the version in force is 3.2: \"6 DCB0160 Deployment and use 4.2\".",
        );
        let listed = |fixture: &mut Fixture| {
            fixture.case.references.push(Reference {
                id: "DCB0160".to_owned(),
                title: "Deployment".to_owned(),
                version: some("4.2"),
                location: None,
            });
        };
        fires(
            "F19",
            listed,
            "Reference DCB0160 cites DCB0160 at version 4.2; the version in force is 3.2: \"DCB0160 Deployment, version 4.2\".",
        );
    }
}
