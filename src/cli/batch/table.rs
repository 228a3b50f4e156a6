//! The table at the end of a batch: a row a report, then how many ended in which way, then why some did not end well.

use crate::batch::{Row, Status, Summary, worst};
use crate::cli::terminal::{self, plural, visible};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

pub(super) fn style(status: Status) -> Style {
    match status {
        Status::Built => AnsiColor::Green.on_default(),
        Status::Unchanged | Status::NotBegun => Style::new().dimmed(),
        Status::Blocked => AnsiColor::Yellow.on_default().bold(),
        Status::Failed => AnsiColor::Red.on_default().bold(),
    }
}

pub(super) fn page(summary: &Summary) -> String {
    // One template needs no column that says so a thousand times.
    let templates: BTreeSet<&str> = summary.rows.iter().map(|row| row.template.as_str()).collect();
    let with_template = templates.len() > 1;
    let mut header = vec!["Case", "Status", "Blocking", "Worst residual risk", "Approvals", "Pages", "Time"];
    if with_template {
        header.insert(1, "Template");
    }
    let rows: Vec<Vec<String>> = summary.rows.iter().map(|row| cells(row, with_template)).collect();
    let mut page = terminal::fitted_table(&header, &rows);
    page += &sum(summary);
    for row in summary.rows.iter().filter(|row| row.why.is_some()) {
        let of = if with_template { format!(" ({})", row.template) } else { String::new() };
        let style = style(row.status);
        let _ =
            writeln!(page, "{style}{}{style:#} {}{}", row.status.word(), visible(&row.case), visible(&of));
        for line in row.why.iter().flat_map(|why| why.lines()) {
            let _ = writeln!(page, "  {}", visible(line));
        }
    }
    page
}

fn cells(row: &Row, with_template: bool) -> Vec<String> {
    let figures = row.figures.as_ref();
    let or_dash =
        |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned());
    let approvals = |figures: &crate::build::Figures| {
        format!("{}/{}", figures.approvals_given, figures.approvals_required)
    };
    let mut cells = vec![
        visible(&row.case),
        row.status.word().to_owned(),
        or_dash(figures.map(|figures| figures.blocking.to_string())),
        or_dash(figures.map(|figures| visible(&worst(&figures.worst_residual)))),
        or_dash(figures.map(approvals)),
        or_dash(row.pages.map(|pages| pages.to_string())),
        seconds(row.milliseconds),
    ];
    if with_template {
        cells.insert(1, visible(&row.template));
    }
    cells
}

/// `100 reports: 80 built, 10 unchanged, 4 blocked, 6 failed; 90 are DRAFTs`.
fn sum(summary: &Summary) -> String {
    let (tally, all) = (summary.tally(), summary.rows.len());
    let parts: Vec<String> = Status::ALL
        .into_iter()
        .filter(|status| *status != Status::NotBegun || tally.of(*status) > 0)
        .map(|status| format!("{} {}", tally.of(status), status.word()))
        .collect();
    let drafts = summary.rows.iter().filter(|row| row.status.is_good());
    let drafts = drafts.filter(|row| row.figures.as_ref().is_some_and(|figures| figures.draft)).count();
    let shard = summary.shard.map(|shard| format!(" of shard {shard}")).unwrap_or_default();
    let drafts = match drafts {
        0 => String::new(),
        1 => "; 1 is a DRAFT".to_owned(),
        _ => format!("; {drafts} are DRAFTs"),
    };
    format!("{all} {}{shard}: {}{drafts}\n", plural(all, "report"), parts.join(", "))
}

/// `1.2 s`.
pub(super) fn seconds(milliseconds: u64) -> String {
    let tenths = milliseconds.div_ceil(50) / 2;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// Says which folders beside cases are none.
pub(super) fn left_out(folders: &[PathBuf]) {
    const SHOWN: usize = 5;
    if folders.is_empty() {
        return;
    }
    let shown: Vec<String> =
        folders.iter().take(SHOWN).map(|folder| visible(&folder.display().to_string())).collect();
    let more = folders.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (noun, verb) = if folders.len() == 1 { ("folder", "is") } else { ("folders", "are") };
    terminal::say(&format!(
        "{} {noun} without a case.toml {verb} left out: {}{more}",
        folders.len(),
        shown.join(", ")
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Figures, WorstRisk};

    fn row(case: &str, status: Status, why: Option<&str>) -> Row {
        let risk = WorstRisk { policy: "nhs".to_owned(), risk: 3, word: "Undesirable".to_owned() };
        let figures = Figures {
            blocking: 2,
            draft: true,
            worst_residual: vec![risk],
            approvals_required: 3,
            ..Figures::default()
        };
        Row {
            case: case.to_owned(),
            template: "ers-cscr".to_owned(),
            status,
            why: why.map(str::to_owned),
            output: None,
            pages: status.is_good().then_some(41),
            bytes: None,
            figures: (status != Status::Failed).then_some(figures),
            milliseconds: 1_204,
        }
    }

    fn plain(summary: &Summary) -> String {
        anstream::adapter::strip_str(&page(summary)).to_string()
    }

    #[test]
    fn the_table_says_how_each_ended_and_why_some_did_not_end_well() {
        let rows = vec![
            row("products/a", Status::Built, None),
            row("products/b", Status::Blocked, Some("2 findings block.\nNo approval of the report.")),
            row(
                "products/c\u{7}",
                Status::Failed,
                Some("The log is broken\n  at: log.xlsx, cell B2\n  do: mend it"),
            ),
        ];
        let mut summary = Summary::new(String::new(), None, Vec::new(), rows);
        assert_eq!(
            plain(&summary),
            "\
Case         Status   Blocking  Worst residual risk  Approvals  Pages  Time
products/a   built    2         3 Undesirable        0/3        41     1.2 s
products/b   blocked  2         3 Undesirable        0/3        -      1.2 s
products/c␇  failed   -         -                    -          -      1.2 s
3 reports: 1 built, 0 unchanged, 1 blocked, 1 failed; 1 is a DRAFT
blocked products/b
  2 findings block.
  No approval of the report.
failed products/c␇
  The log is broken
    at: log.xlsx, cell B2
    do: mend it
"
        );
        summary.rows[1].template = "addendum".to_owned();
        assert!(plain(&summary).contains("Case         Template  Status"), "{}", plain(&summary));
        assert!(plain(&summary).contains("blocked products/b (addendum)\n"), "{}", plain(&summary));
    }

    #[test]
    fn times_are_rounded() {
        assert_eq!(
            [seconds(0), seconds(49), seconds(51), seconds(1_250), seconds(61_000)],
            ["0.0 s", "0.0 s", "0.1 s", "1.2 s", "61.0 s"]
        );
    }
}
