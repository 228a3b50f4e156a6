//! What each column of a table means: by the words of its header, by its place, and by what stands below it.
//!
//! Words come first. Ratings that do not say when they hold are the initial and the residual one by their place. What
//! stands below decides between two meanings of a word, and is never enough alone: a column whose header says nothing
//! is not read, and what its cells look like is told.

use super::head::{Head, HeadCell, is_residual};
use crate::case::hazard::HazardState;
use crate::intake::hazard_log::RatedBy;
use crate::intake::hazard_log::explain::Confidence;
use crate::intake::hazard_log::field::{Field, Stage};
use crate::intake::hazard_log::header::{Axis, Basis, Header, Recognised, Said};
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Address, Sheet};
use std::collections::{BTreeMap, BTreeSet};

/// Why the columns of a second table of hazards are left out.
pub(super) const SECOND_TABLE: &str = "a second table of hazards beside the first";

/// What a column was taken for.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub number: u32,
    pub header: String,
    pub field: Option<Field>,
    /// The reason why it is left out.
    pub ignored: Option<String>,
    pub confidence: Confidence,
    pub why: String,
    /// What a person should look at, as a sentence.
    pub doubt: Option<String>,
}

/// Understands the columns of a table with these rows.
pub(super) fn understand(sheet: &Sheet, head: &Head, rows: &[u32], rated_by: &RatedBy<'_>) -> Vec<Column> {
    let filled = rows.iter().flat_map(|row| sheet.row(*row)).filter(|(_, cell)| !cell.text.trim().is_empty());
    let mut numbers: BTreeSet<u32> = filled.map(|(address, _)| address.column).collect();
    numbers.extend(head.cells.keys());
    let reader = Reader { sheet, head, rows, rated_by };
    let second = reader.second_table(&numbers);
    let beside = reader.beside(&numbers.difference(&second).copied().collect());
    let claims: BTreeMap<u32, Claim> = numbers
        .iter()
        .filter(|number| !beside.contains(number) && !second.contains(number))
        .filter_map(|number| Some((*number, reader.claim(*number, head.cells.get(number)?)?)))
        .collect();
    let claims = staged(claims);
    let holders = holders(&claims);
    let column = |number: &u32| {
        if beside.contains(number) {
            return reader.left_out(*number, "a list beside the table of hazards");
        }
        if second.contains(number) {
            return reader.left_out(*number, SECOND_TABLE);
        }
        match claims.get(number) {
            Some(claim) => reader.claimed(*number, claim, &holders),
            None => reader.unknown(*number, &holders),
        }
    };
    numbers.iter().map(column).collect()
}

/// What a column's header says it is.
#[derive(Debug, Clone)]
struct Claim {
    meaning: Meaning,
    confidence: Confidence,
    why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Field(Field),
    Rating(Axis, Option<Said>),
    /// A further rating than the two that a hazard has.
    FurtherRating(Axis),
}

/// Says which rating each column of ratings is of.
fn staged(mut claims: BTreeMap<u32, Claim>) -> BTreeMap<u32, Claim> {
    for axis in [Axis::Severity, Axis::Likelihood, Axis::Risk] {
        let of_axis: Vec<(u32, Option<Said>)> = claims
            .iter()
            .filter_map(|(number, claim)| match claim.meaning {
                Meaning::Rating(found, said) if found == axis => Some((*number, said)),
                _ => None,
            })
            .collect();
        let says = |said| of_axis.iter().any(|(_, each)| *each == Some(said));
        let mut free = [(Stage::Initial, says(Said::Initial)), (Stage::Residual, says(Said::Residual))]
            .into_iter()
            .filter(|(_, taken)| !taken)
            .map(|(stage, _)| stage)
            .collect::<Vec<_>>();
        let unsaid = of_axis.iter().filter(|(_, said)| said.is_none()).count();
        for (number, said) in of_axis {
            let Some(claim) = claims.get_mut(&number) else { continue };
            let stage = match said {
                Some(Said::Initial) => Some(Stage::Initial),
                Some(Said::Residual) => Some(Stage::Residual),
                // As it is now, beside a target, is what the controls are to lower; without one, it is what is left.
                Some(Said::Current) if unsaid == 0 && free.len() == 2 => take(&mut free, Stage::Residual),
                Some(Said::Current) | None if free.is_empty() => None,
                Some(Said::Current) | None => Some(free.remove(0)),
            };
            claim.place(axis, said, stage, unsaid);
        }
    }
    claims
}

fn take(free: &mut Vec<Stage>, stage: Stage) -> Option<Stage> {
    let at = free.iter().position(|each| *each == stage)?;
    Some(free.remove(at))
}

impl Claim {
    fn place(&mut self, axis: Axis, said: Option<Said>, stage: Option<Stage>, unsaid: usize) {
        let Some(stage) = stage else {
            self.meaning = Meaning::FurtherRating(axis);
            return;
        };
        self.meaning = Meaning::Field(axis.field(stage));
        match said {
            None => {
                self.why.push_str(if stage == Stage::Initial {
                    "; the first of its kind"
                } else {
                    "; the second of its kind"
                });
                // One group says nothing of which rating it is.
                if unsaid != 2 {
                    self.confidence = self.confidence.min(Confidence::Likely);
                }
            }
            Some(Said::Current) => {
                self.why.push_str("; by the ratings beside it");
                self.confidence = self.confidence.min(Confidence::Likely);
            }
            Some(_) => {}
        }
    }
}

/// The column that has each field: the surest that claims it, of equals the first.
fn holders(claims: &BTreeMap<u32, Claim>) -> BTreeMap<Field, u32> {
    let mut holders: BTreeMap<Field, (u32, Confidence)> = BTreeMap::new();
    for (number, claim) in claims {
        let Meaning::Field(field) = claim.meaning else { continue };
        let holder = holders.entry(field).or_insert((*number, claim.confidence));
        if claim.confidence > holder.1 {
            *holder = (*number, claim.confidence);
        }
    }
    holders.into_iter().map(|(field, (number, _))| (field, number)).collect()
}

/// A table whose columns are being understood.
struct Reader<'a> {
    sheet: &'a Sheet,
    head: &'a Head,
    rows: &'a [u32],
    rated_by: &'a RatedBy<'a>,
}

impl Reader<'_> {
    /// The texts of a column, but for its header.
    fn texts(&self, column: u32) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| self.sheet.text(Address { row: *row, column }))
    }

    fn claim(&self, number: u32, cell: &HeadCell) -> Option<Claim> {
        let Recognised::As(header, basis) = cell.recognised.as_ref()? else { return None };
        let (mut why, mut confidence) = match basis {
            Basis::Words => ("header".to_owned(), Confidence::Certain),
            Basis::Nearly(words) => (format!("nearly \"{words}\""), Confidence::Likely),
            Basis::Part(part) => (format!("its part \"{part}\""), Confidence::Likely),
        };
        if let Some(group) = &cell.group {
            why = format!("{why} under \"{group}\"");
        }
        let meaning = match header {
            Header::Field(field) => Meaning::Field(*field),
            Header::Rating(Axis::Risk, None) if self.is_a_name(number) => {
                why.push_str(", and texts stand below it");
                confidence = Confidence::Guess;
                Meaning::Field(Field::HazardName)
            }
            Header::Rating(axis, said) => Meaning::Rating(*axis, *said),
            Header::ImpactOrSeverity => {
                let (is_severity, reason, sureness) = self.severity(number);
                why = format!("{why}, and {reason}");
                confidence = confidence.min(sureness);
                if is_severity {
                    Meaning::Rating(Axis::Severity, None)
                } else {
                    Meaning::Field(Field::Impact)
                }
            }
        };
        Some(Claim { meaning, confidence, why })
    }

    /// Whether a column that is headed "Risk" holds what the hazards are called: texts, where nothing else is a name.
    fn is_a_name(&self, number: u32) -> bool {
        let is_name = |cell: &HeadCell| cell.header() == Some(Header::Field(Field::HazardName));
        !self.head.cells.values().any(is_name) && self.middle_length(number).is_some_and(|length| length > 40)
    }

    /// The length that half of a column's texts exceed.
    fn middle_length(&self, number: u32) -> Option<usize> {
        let mut lengths: Vec<usize> = self.texts(number).map(|text| text.chars().count()).collect();
        lengths.sort_unstable();
        lengths.get(lengths.len() / 2).copied()
    }

    /// Whether a column that is headed "Consequence" or "Impact" is the severity, why, and how surely.
    fn severity(&self, number: u32) -> (bool, &'static str, Confidence) {
        const LONGEST_WORD: usize = 24;
        if let Some(length) = self.middle_length(number) {
            return if length <= LONGEST_WORD {
                (true, "words of a scale stand below it", Confidence::Certain)
            } else {
                (false, "texts stand below it", Confidence::Certain)
            };
        }
        let is_rating = |column: u32| {
            let header = self.head.cells.get(&column).and_then(HeadCell::header);
            matches!(header, Some(Header::Rating(..)))
        };
        if is_rating(number + 1) || number.checked_sub(1).is_some_and(is_rating) {
            (true, "it stands beside a rating", Confidence::Likely)
        } else {
            (false, "it does not stand beside a rating", Confidence::Guess)
        }
    }

    fn claimed(&self, number: u32, claim: &Claim, holders: &BTreeMap<Field, u32>) -> Column {
        let mut column = self.column(number, claim.confidence, claim.why.clone());
        let letters = column_letters(number);
        let has_texts = self.texts(number).next().is_some();
        match claim.meaning {
            Meaning::Field(field) => match holders.get(&field) {
                Some(holder) if *holder != number && !field.may_repeat() => {
                    let first = column_letters(*holder);
                    column.why = format!("column {first} is the {field}");
                    column.doubt = has_texts.then(|| {
                        format!("Columns {first} and {letters} could both be the {field}; {first} was taken, and {letters} (\"{}\") was not read", column.header)
                    });
                }
                _ => {
                    column.field = Some(field);
                    column.doubt = (has_texts && claim.confidence == Confidence::Guess).then(|| {
                        format!(
                            "Column {letters} (\"{}\") was taken for the {field}, which is a guess: {}",
                            column.header, claim.why
                        )
                    });
                }
            },
            Meaning::Rating(axis, _) | Meaning::FurtherRating(axis) => {
                let kind = axis.field(Stage::Initial).to_string();
                let kind = kind.trim_start_matches("initial ");
                column.why = format!("two other columns are the initial and the residual {kind}");
                column.doubt = has_texts.then(|| {
                    format!("Column {letters} (\"{}\") is a further {kind} beside an initial and a residual one; it was not read", column.header)
                });
            }
        }
        column
    }

    fn unknown(&self, number: u32, holders: &BTreeMap<Field, u32>) -> Column {
        let letters = column_letters(number);
        let head = self.head.cells.get(&number);
        let mut column = self.column(number, Confidence::Certain, "no known header".to_owned());
        if column.header.is_empty() {
            "it has no header".clone_into(&mut column.why);
        }
        if let Some(Recognised::Between(one, other)) = head.and_then(|cell| cell.recognised.as_ref()) {
            column.why = format!("as near to {one} as to {other}");
            column.doubt = self.texts(number).next().map(|_| {
                format!("The header of column {letters} (\"{}\") is as near to {one} as to {other}; the column was not read", column.header)
            });
        } else if let Some(looks) = self.looks_like(number, holders) {
            column.why = format!("{}; its cells look like {looks}", column.why);
            column.confidence = Confidence::Guess;
            let header = if column.header.is_empty() {
                "has no header".to_owned()
            } else {
                format!("is headed \"{}\"", column.header)
            };
            column.doubt = Some(format!("Column {letters} {header} and looks like {looks}; it was not read"));
        }
        column
    }

    /// What the cells of a column look like, where its header does not say.
    fn looks_like(&self, number: u32, holders: &BTreeMap<Field, u32>) -> Option<&'static str> {
        let texts: Vec<&str> = self.texts(number).collect();
        let all = |fits: &dyn Fn(&str) -> bool| texts.iter().all(|text| fits(text));
        let misses = |field| !holders.contains_key(&field);
        if texts.len() < 2 {
            return None;
        }
        if all(&|text| self.rated_by.all().any(|policy| policy.severity_rank(text).is_some())) {
            Some("severities")
        } else if all(&|text| self.rated_by.all().any(|policy| policy.likelihood_rank(text).is_some())) {
            Some("likelihoods")
        } else if misses(Field::Status)
            && all(&|text| {
                !matches!(HazardState::from_stated(Some(text)), HazardState::Other | HazardState::NotGiven)
            })
        {
            Some("the status of hazards")
        } else if misses(Field::HazardId)
            && all(&is_number)
            && texts.iter().collect::<BTreeSet<_>>().len() == texts.len()
        {
            Some("hazard numbers")
        } else {
            None
        }
    }

    fn column(&self, number: u32, confidence: Confidence, why: String) -> Column {
        let header = self.head.cells.get(&number).map_or_else(String::new, |cell| cell.text.clone());
        Column { number, header, field: None, ignored: None, confidence, why, doubt: None }
    }

    /// Columns of a list beside this table: a column without anything stands between them, few headers stand over them,
    /// and their rows are not those of the hazards.
    fn beside(&self, numbers: &BTreeSet<u32>) -> BTreeSet<u32> {
        const FEW: usize = 3;
        let blocks = blocks(numbers);
        let headed =
            |block: &[u32]| block.iter().filter(|column| self.head.cells.contains_key(column)).count();
        let Some(main) = blocks.iter().max_by_key(|block| headed(block)).cloned() else {
            return BTreeSet::new();
        };
        let rows_of = |block: &[u32]| -> BTreeSet<u32> {
            let filled = |row: &&u32| {
                block.iter().any(|column| self.sheet.text(Address { row: **row, column: *column }).is_some())
            };
            self.rows.iter().filter(filled).copied().collect()
        };
        let of_hazards = rows_of(&main);
        let of_main: BTreeSet<Header> =
            main.iter().filter_map(|column| self.head.cells.get(column)?.header()).collect();
        let is_other = |block: &&Vec<u32>| {
            let rows = rows_of(block);
            // What the table itself does not have is a part of it, however far to the side.
            let mut of_block = block.iter().filter_map(|column| self.head.cells.get(column)?.header());
            let adds = of_block.any(|header| is_residual(header) || !of_main.contains(&header));
            **block != main
                && headed(block) <= FEW
                && block.len() <= FEW
                && !adds
                && !rows.is_empty()
                && (rows.len() * 2 <= of_hazards.len() || !rows.is_subset(&of_hazards))
                && self.is_list(block)
        };
        blocks.iter().filter(is_other).flatten().copied().collect()
    }

    /// Whether the first column of a block lists each of its words once, as a legend does.
    fn is_list(&self, block: &[u32]) -> bool {
        let words: Vec<&str> = block.first().map(|column| self.texts(*column).collect()).unwrap_or_default();
        words.len() >= 2 && words.iter().collect::<BTreeSet<_>>().len() == words.len()
    }

    /// Columns of a second table of hazards beside the first: a column without anything stands between them, and they
    /// begin anew with the number or the name of a hazard.
    fn second_table(&self, numbers: &BTreeSet<u32>) -> BTreeSet<u32> {
        const ALIKE: usize = 3;
        let headers = |block: &[u32]| -> BTreeSet<Header> {
            block.iter().filter_map(|column| self.head.cells.get(column)?.header()).collect()
        };
        let names = [Field::HazardId, Field::HazardName].map(Header::Field);
        let blocks = blocks(numbers);
        let begins_anew = |at: &usize| {
            let before: BTreeSet<Header> = blocks[..*at].iter().flat_map(|block| headers(block)).collect();
            let own = headers(&blocks[*at]);
            own.intersection(&before).count() >= ALIKE
                && names.iter().any(|name| own.contains(name) && before.contains(name))
        };
        let second = (1..blocks.len()).find(begins_anew).unwrap_or(blocks.len());
        blocks[second..].iter().flatten().copied().collect()
    }

    fn left_out(&self, number: u32, why: &str) -> Column {
        let why = why.to_owned();
        let mut column = self.column(number, Confidence::Likely, why.clone());
        column.ignored = Some(why);
        column
    }
}

/// Columns that stand together, with none between them that holds nothing.
fn blocks(numbers: &BTreeSet<u32>) -> Vec<Vec<u32>> {
    let mut blocks: Vec<Vec<u32>> = Vec::new();
    for number in numbers {
        match blocks.last_mut() {
            Some(block) if block.last().is_some_and(|last| last + 1 == *number) => block.push(*number),
            _ => blocks.push(vec![*number]),
        }
    }
    blocks
}

/// `H01`, `7`, `1.02`, `HAZ-003`.
fn is_number(text: &str) -> bool {
    let shape = text.chars().filter(|c| !c.is_ascii_digit() && !"-_./ ".contains(*c)).count();
    text.chars().count() <= 16 && text.contains(|c: char| c.is_ascii_digit()) && shape <= 6
}
