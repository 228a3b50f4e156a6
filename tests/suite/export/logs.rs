//! Hazard logs with awkward texts, for each layout.
//!
//! What is left out is what a layout cannot hold; the reason stands beside it, and `cscr export` says so where it
//! happens to a log ([`cscr::export::differences`]).

use cscr::case::document::{Revision, Signatory};
use cscr::case::hazard::{
    Cause, Control, ControlKind, ControlState, Hazard, HazardState, LinkBasis, Rating, StatedRisk,
};
use cscr::case::hazard_log::HazardLog;
use cscr::case::matrix::RiskPolicy;
use cscr::case::system::Declared;
use proptest::prelude::*;
use proptest::{collection, option, sample};

/// What texts are made of. A text of a cell has no space at its ends: reading takes it off.
const PIECES: [&str; 26] = [
    "=SUM(A1:A9)",
    "+44 20 7946 0000",
    "-5 mg",
    "@risk",
    "'=1",
    "'quoted'",
    "\"double\"",
    "a;b,c",
    "None",
    "naïve \u{201c}smart\u{201d}",
    "日本語",
    "\u{1f600}",
    "0101",
    "1) first\n2) second",
    "- a bullet",
    "\u{a0}",
    "a\ttab",
    "_x0041_",
    "#REF!",
    "TRUE",
    "2026-09-14",
    "https://example.org/?a=1&b=<2>",
    "{{ hazards }}",
    "bell \u{7} and null \u{0}",
    "e\u{301}",
    "words of a sentence.",
];

/// Any text that a cell may hold.
/// Boxed, as the strategies below are: whole logs of them do not fit on a stack.
fn text() -> BoxedStrategy<String> {
    let separator = sample::select(vec![" ", "\n", "\n\n", ", "]);
    let pieces = collection::vec((sample::select(PIECES.to_vec()), separator), 1..4);
    let text = pieces.prop_map(|pieces| {
        let whole: String = pieces.into_iter().flat_map(|(piece, separator)| [piece, separator]).collect();
        let trimmed = whole.trim();
        if trimmed.is_empty() { "words".to_owned() } else { trimmed.to_owned() }
    });
    text.boxed()
}

/// A text on one line, as the cover and the history hold them.
fn line() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() { "words".to_owned() } else { line }
    })
}

/// The text of an entry of a numbered list. A line that begins with a higher number is the next entry, and `None`
/// with a few words is no entry: no cell of a list can hold either.
fn listed() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        let text = text.replace("1) first\n2) second", "0) a lower number");
        if text.starts_with("None") || text == "-" { format!("Of {text}") } else { text }
    })
}

fn rating() -> impl Strategy<Value = Rating> {
    let severity = ["Minor", "Considerable", "Catastrophic", "TBC", "3 - Considerable", "=Major"];
    let likelihood = ["Very Low", "Medium", "Very High", "Unlikely", "Medium (3)"];
    let stated = prop_oneof![
        3 => Just(None),
        4 => (1_u8..=5).prop_map(|score| Some(StatedRisk::Score(score))),
        // A number is read as a score.
        1 => sample::select(vec!["Amber", "2.5", "-", "=2"]).prop_map(|words| Some(StatedRisk::Words(words.to_owned()))),
    ];
    let word = |words: &[&'static str]| option::of(sample::select(words.to_vec()));
    (word(&severity), word(&likelihood), stated).prop_map(|(severity, likelihood, stated)| {
        Rating::new(severity, likelihood, stated, &RiskPolicy::nhs())
    })
}

prop_compose! {
    /// A hazard without causes and controls.
    fn hazard()(
        name in text(), description in option::of(text()), impact in option::of(text()),
        category in option::of(text()), notes in option::of(text()), owner in option::of(text()),
        release in option::of(text()), initial in rating(), residual in rating(),
        status in option::of(sample::select(vec!["Open", "Closed", "transferred", "OPEN \u{2014} to do", "=Open"])),
    ) -> Hazard {
        let status = status.map(str::to_owned);
        Hazard {
            // A row with neither number nor name goes on with the hazard above.
            name: Some(name),
            description, impact, category, notes, owner, release, initial, residual,
            state: HazardState::from_stated(status.as_deref()),
            status,
            ..Hazard::default()
        }
    }
}

fn control(id: String, kind: ControlKind, text: String) -> Control {
    Control {
        id,
        kind,
        stated_type: None,
        text,
        owner: None,
        action: None,
        status: None,
        state: ControlState::NotGiven,
        transferred_to: None,
        evidence: Vec::new(),
        stated_evidence: None,
        introduces: Declared::NotGiven,
    }
}

/// The controls of one kind: those that answer causes, by the causes' numbers; or those that answer none, as many as
/// there are texts.
#[derive(Debug, Clone)]
enum Column {
    Answering(Vec<Option<String>>),
    Unlinked(Vec<String>),
}

/// The text of an entry without a number: a line that begins with any number or a bullet is an entry of its own.
fn unnumbered() -> impl Strategy<Value = String> {
    listed().prop_map(|text| text.replace("0) a", "a").replace("- a bullet", "a bullet"))
}

fn column() -> impl Strategy<Value = Column> {
    prop_oneof![
        2 => collection::vec(option::of(listed()), 0..5).prop_map(Column::Answering),
        1 => collection::vec(unnumbered(), 0..4).prop_map(Column::Unlinked),
    ]
}

const KINDS: [(ControlKind, &str); 6] = [
    (ControlKind::Existing, "E"),
    (ControlKind::Design, "D"),
    (ControlKind::Test, "T"),
    (ControlKind::Training, "TR"),
    (ControlKind::BusinessProcess, "B"),
    (ControlKind::Unspecified, "A"),
];

/// A hazard of the template's layout: causes and controls tied by their numbers. Ids come from those numbers, and a
/// link is never more than inferred: the layout states neither.
#[derive(Debug, Clone)]
struct Listed {
    hazard: Hazard,
    /// Each with whether words stand in place of its control.
    causes: Vec<(String, bool)>,
    columns: Vec<Column>,
    evidence: Option<String>,
}

prop_compose! {
    fn listed_hazard()(
        hazard in hazard(),
        causes in collection::vec((listed(), any::<bool>()), 0..5),
        columns in collection::vec(column(), 6),
        evidence in option::of(text()),
    ) -> Listed {
        Listed { hazard, causes, columns, evidence }
    }
}

fn with_lists(key: &str, Listed { mut hazard, causes, columns, evidence }: Listed) -> Hazard {
    key.clone_into(&mut hazard.key);
    let cause = |(number, (text, _)): (usize, &(String, bool))| Cause {
        id: format!("{key}.{number}"),
        text: text.clone(),
        controls: Vec::new(),
        link: LinkBasis::None,
        without_control: None,
    };
    hazard.causes = (1..).zip(&causes).map(cause).collect();
    let mut controls = Vec::new();
    for ((kind, prefix), column) in KINDS.into_iter().zip(columns) {
        let entries: Vec<(usize, String)> = match &column {
            Column::Answering(texts) => (1..=causes.len())
                .zip(texts)
                .filter_map(|(number, text)| Some((number, text.clone()?)))
                .collect(),
            Column::Unlinked(texts) => (1..).zip(texts.iter().cloned()).collect(),
        };
        for (number, text) in entries {
            let mut control = control(format!("{key}.{prefix}{number}"), kind, text);
            if matches!(column, Column::Answering(_)) {
                let cause = &mut hazard.causes[number - 1];
                cause.controls.push(control.id.clone());
                cause.link = LinkBasis::Inferred;
            }
            if kind == ControlKind::Existing {
                hazard.existing_controls.push(control);
            } else {
                // In a column of its own, evidence is that of every control of the row.
                control.stated_evidence.clone_from(&evidence);
                controls.push(control);
            }
        }
    }
    hazard.controls = controls;
    // Words in place of a control need a cell in which no control has the number of their cause.
    for (cause, (_, says_none)) in hazard.causes.iter_mut().zip(&causes) {
        let has_room = hazard.existing_controls.is_empty();
        if *says_none && has_room {
            cause.without_control = Some("None available for this release,\n- and no other".to_owned());
        }
    }
    hazard
}

/// Numbers of hazards, some of them used again.
fn numbered(hazards: Vec<Listed>) -> Vec<Hazard> {
    const NUMBERS: [&str; 5] = ["H01", "=H/2", "H01", "3", "NRL 04"];
    let keys = ["H01", "=H/2", "H01~2", "3", "NRL 04"];
    let all = hazards.into_iter().zip(NUMBERS.into_iter().zip(keys));
    all.map(|(hazard, (id, key))| Hazard { id: id.to_owned(), ..with_lists(key, hazard) }).collect()
}

/// A hazard of the layout with a row a control.
///
/// Ids stand in the texts, so they are pairs of digits, and the text behind one begins with a letter or the like. A
/// control stands in the row of one cause, and its cause is stated by that. A cause is known again by its id.
fn control_row_hazard(index: usize) -> impl Strategy<Value = Hazard> {
    let control = (
        option::of(0_usize..4),
        sample::select(vec![
            (ControlKind::Design, None),
            (ControlKind::Test, None),
            (ControlKind::Training, None),
            (ControlKind::BusinessProcess, None),
            (ControlKind::Unspecified, None),
            (ControlKind::Unspecified, Some("=Guidance")),
        ]),
        listed(),
        [option::of(text()), option::of(text()), option::of(text())],
        sample::select(vec![None, Some("Closed"), Some("Deferred to 2.0"), Some("@open")]),
    );
    let existing = collection::vec(listed(), 0..3);
    let causes = collection::vec(text(), 0..4);
    (hazard(), causes, existing, collection::vec(control, 0..5)).prop_map(
        move |(mut hazard, causes, existing, controls)| {
            let key = format!("H{:02}", index + 1);
            let number = |at: usize| format!("{:02}{:02}", index + 1, at + 1);
            hazard.id.clone_from(&key);
            hazard.causes = causes
                .iter()
                .enumerate()
                .map(|(at, text)| Cause {
                    id: number(at),
                    text: format!("Cause {text}"),
                    controls: Vec::new(),
                    link: LinkBasis::None,
                    without_control: None,
                })
                .collect();
            for (at, (cause, (kind, stated_type), text, [owner, action, evidence], status)) in
                controls.into_iter().enumerate()
            {
                let cause = cause.filter(|cause| *cause < hazard.causes.len());
                // Of a control in a row without a cause, the id says which cause it answers, if there is that cause.
                let id = format!("{}{:02}", number(if cause.is_some() { at } else { 90 }), at + 1);
                if let Some(cause) = cause.and_then(|cause| hazard.causes.get_mut(cause)) {
                    cause.controls.push(id.clone());
                    cause.link = LinkBasis::Stated;
                }
                hazard.controls.push(Control {
                    stated_type: stated_type.map(str::to_owned),
                    owner,
                    action,
                    stated_evidence: evidence,
                    status: status.map(str::to_owned),
                    state: ControlState::from_stated(status),
                    ..self::control(id, kind, format!("Control {text}"))
                });
            }
            // A text that every row repeats is one control, so existing controls differ in their words.
            let existing = existing.into_iter().enumerate();
            hazard.existing_controls = existing
                .map(|(at, text)| {
                    let id = format!("{key}.E{}", at + 1);
                    self::control(id, ControlKind::Existing, format!("Number {at} {text}"))
                })
                .collect();
            hazard.key = key;
            hazard
        },
    )
}

prop_compose! {
    fn document()(
        title in line(),
        // A word that is a label itself, such as "Owner", would be taken for one.
        [programme, project, director, owner, author, status] in [
            option::of(line()), option::of(line()), option::of(line()),
            option::of(line()), option::of(line()), option::of(line()),
        ],
        version in option::of(sample::select(vec!["1.0", "=2", "2.0-draft"])),
        date in option::of(sample::select(vec!["2026-09-14", "03.04.2020", "27/03//2020", "=today"])),
        notes in collection::vec(line(), 0..3),
        revisions in collection::vec((line(), option::of(line()), option::of(text())), 0..4),
        people in collection::vec((line(), option::of(line()), option::of(line())), 0..3),
    ) -> HazardLog {
        let of = |(name, title, date): &(String, Option<String>, Option<String>)| Signatory {
            person: None,
            // A name that titles a table would begin one.
            name: Some(format!("Dr {name}")),
            title: title.clone(),
            date: date.clone(),
            version: None,
        };
        HazardLog {
            title: Some(title),
            programme, project, director, owner, author, status,
            version: version.map(str::to_owned),
            version_date: date.map(str::to_owned),
            // Only sentences are notes: what is shorter than 40 characters is taken for a label.
            notes: notes.iter().enumerate().map(|(at, note)| {
                format!("{note} is what note {at} of the document has to say of it")
            }).collect(),
            revisions: revisions.into_iter().map(|(version, date, summary)| {
                Revision { version: format!("v{version}"), date, summary }
            }).collect(),
            reviewers: people.iter().map(of).collect(),
            approvers: people.iter().rev().map(of).collect(),
            ..HazardLog::default()
        }
    }
}

/// Logs that the template's layout can hold.
pub fn template_logs() -> BoxedStrategy<HazardLog> {
    (document().boxed(), collection::vec(listed_hazard().boxed(), 1..6))
        .prop_map(|(document, hazards)| HazardLog { hazards: numbered(hazards), ..document })
        .boxed()
}

/// Logs that the layout with a row a control can hold.
pub fn control_row_logs() -> BoxedStrategy<HazardLog> {
    (document().boxed(), [0, 1, 2].map(|index| control_row_hazard(index).boxed()))
        .prop_map(|(document, hazards)| HazardLog { hazards: hazards.into(), ..document })
        .boxed()
}
