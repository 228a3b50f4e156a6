//! What a batch came to: a row a report, as a table for people and for spreadsheets, and as JSON to be read again.

use super::{Row, Shard, Status};
use crate::build::{ENGINE, WorstRisk};
use crate::case::Place;
use crate::export::csv;
use crate::intake::InputError;
use crate::intake::json_input::JsonInput;
use serde::{Deserialize, Serialize};

const FORMAT: u32 = 1;

/// The result of a batch, or of a shard of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Version of this form.
    batch_report: u32,
    pub engine: String,
    /// Digest of what was asked for, of the whole batch.
    pub asked: String,
    /// Which part of the batch; absent where it is the whole.
    pub shard: Option<Shard>,
    /// Names of the cases of the whole batch, in order.
    pub cases: Vec<String>,
    /// In the order of the cases.
    pub rows: Vec<Row>,
}

/// How many reports ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([usize; Status::ALL.len()]);

impl Tally {
    #[must_use]
    pub fn of(self, status: Status) -> usize {
        self.0[status as usize]
    }
}

impl Summary {
    #[must_use]
    pub fn new(asked: String, shard: Option<Shard>, cases: Vec<String>, rows: Vec<Row>) -> Self {
        Self { batch_report: FORMAT, engine: ENGINE.to_owned(), asked, shard, cases, rows }
    }

    /// Reads the JSON of a report that is named to the user as `file`.
    pub fn read(file: &str, text: &str) -> Result<Self, InputError> {
        let summary = JsonInput::<Self>::parse(file, text)?.value;
        if summary.batch_report != FORMAT {
            let what =
                format!("This is form {} of the report of a batch, and not {FORMAT}", summary.batch_report);
            return Err(InputError::new(what)
                .at(Place::file(file))
                .hint("make it again with this version of the engine"));
        }
        Ok(summary)
    }

    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The table as a CSV file.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let rows: Vec<Vec<String>> = self.rows.iter().map(cells).collect();
        csv::write_rows(HEADER.into_iter(), rows.iter().map(Vec::as_slice))
    }

    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for row in &self.rows {
            tally.0[row.status as usize] += 1;
        }
        tally
    }

    /// Whether every report is there as its case would have it.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.rows.iter().all(|row| row.status.is_good())
    }
}

const HEADER: [&str; 13] = [
    "Case",
    "Template",
    "Status",
    "Why",
    "Draft",
    "Hazards",
    "Blocking findings",
    "Worst residual risk",
    "Approvals given",
    "Approvals required",
    "Pages",
    "Seconds",
    "Report",
];

fn cells(row: &Row) -> Vec<String> {
    let figures = row.figures.as_ref();
    let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    let draft = figures.map_or("", |figures| if figures.draft { "yes" } else { "no" });
    vec![
        row.case.clone(),
        row.template.clone(),
        row.status.word().to_owned(),
        row.why.clone().unwrap_or_default(),
        draft.to_owned(),
        number(figures.map(|figures| figures.hazards)),
        number(figures.map(|figures| figures.blocking)),
        figures.map(|figures| worst(&figures.worst_residual)).unwrap_or_default(),
        number(figures.map(|figures| figures.approvals_given)),
        number(figures.map(|figures| figures.approvals_required)),
        number(row.pages),
        format!("{}.{:03}", row.milliseconds / 1000, row.milliseconds % 1000),
        row.output.clone().unwrap_or_default(),
    ]
}

/// `3 Undesirable`, and where several matrices are in use, whose it is.
#[must_use]
pub fn worst(risks: &[WorstRisk]) -> String {
    let one = |risk: &WorstRisk| {
        let words = format!("{} {}", risk.risk, risk.word);
        if risks.len() > 1 {
            format!("{} ({})", words.trim_end(), risk.policy)
        } else {
            words.trim_end().to_owned()
        }
    };
    risks.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::build::Figures;

    pub(in crate::batch) fn row(case: &str, status: Status) -> Row {
        let risk = WorstRisk { policy: "nhs".to_owned(), risk: 3, word: "Undesirable".to_owned() };
        let figures =
            Figures { blocking: 2, approvals_required: 3, worst_residual: vec![risk], ..Figures::default() };
        Row {
            case: case.to_owned(),
            template: "ers-cscr".to_owned(),
            status,
            why: (!status.is_good()).then(|| "=cmd()\n  do: mend it".to_owned()),
            output: status.is_good().then(|| format!("{case}/report.pdf")),
            pages: status.is_good().then_some(41),
            bytes: status.is_good().then_some(2048),
            figures: Some(figures),
            milliseconds: 1_204,
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let rows = vec![row("a", Status::Built), row("b", Status::Failed)];
        let summary = Summary::new(String::new(), None, vec!["a".to_owned(), "b".to_owned()], rows);
        assert_eq!(Summary::read("report.json", &summary.to_json()).unwrap(), summary);
        assert_eq!((summary.tally().of(Status::Built), summary.tally().of(Status::Blocked)), (1, 0));
        assert!(!summary.is_good());
        let other = summary.to_json().replace("\"batch_report\": 1", "\"batch_report\": 7");
        let error = Summary::read("report.json", &other).unwrap_err().to_string();
        assert!(
            error.starts_with("This is form 7 of the report of a batch, and not 1\n  at: report.json"),
            "{error}"
        );
        let error = Summary::read("case.json", "{\"product\": {}}").unwrap_err().to_string();
        assert!(error.contains("at: case.json, line 1"), "{error}");
    }

    #[test]
    fn no_cell_of_the_table_is_run_by_a_spreadsheet() {
        let summary =
            Summary::new(String::new(), None, vec!["=a".to_owned()], vec![row("=a", Status::Blocked)]);
        let csv = String::from_utf8(summary.to_csv()).unwrap();
        assert!(csv.contains("\"'=a\",\"ers-cscr\",\"blocked\",\"'=cmd()\n  do: mend it\",\"no\",\"0\",\"2\",\"3 Undesirable\",\"0\",\"3\",,\"1.204\",\r\n"), "{csv}");
    }

    #[test]
    fn risks_of_several_matrices_name_them() {
        let risk = |policy: &str, risk, word: &str| WorstRisk {
            policy: policy.to_owned(),
            risk,
            word: word.to_owned(),
        };
        assert_eq!(worst(&[]), "");
        assert_eq!(worst(&[risk("nhs", 3, "Undesirable")]), "3 Undesirable");
        assert_eq!(
            worst(&[risk("nhs", 3, "Undesirable"), risk("fmea", 80, "")]),
            "3 Undesirable (nhs), 80 (fmea)"
        );
    }
}
