//! The reports of all shards as one. What is missing, there twice, or of another batch is named: a batch that looks whole
//! and is not would be believed.

use super::{Row, Shard, Summary};
use crate::case::Place;
use crate::intake::InputError;
use std::collections::{BTreeMap, BTreeSet};

/// Joins the reports of the shards of a batch, each with the name of its file.
pub fn merge(reports: &[(String, Summary)]) -> Result<Summary, InputError> {
    /// Nobody needs to be told more of those that are missing.
    const TOLD: usize = 100;
    let Some((first_file, first)) = reports.first() else {
        return Err(InputError::new("There is no report to merge").hint("name the report of each shard"));
    };
    let mut shards: BTreeMap<Shard, &(String, Summary)> = BTreeMap::new();
    for report in reports {
        let (file, summary) = report;
        let shard = shard_of(file, summary)?;
        refuse_another_batch((file, summary), (first_file, first))?;
        if let Some((other, _)) = shards.insert(shard, report) {
            return Err(InputError::new(format!("Shard {shard} is there twice, in {other} and in {file}"))
                .at(Place::file(file.as_str()))
                .hint("leave out one of the two"));
        }
        refuse_other_cases(file, shard, summary)?;
    }
    let of = first.shard.map_or(1, |shard| shard.of);
    let missing = (1..=of).map(|index| Shard { index, of }).filter(|shard| !shards.contains_key(shard));
    let missing: Vec<Shard> = missing.take(TOLD).collect();
    if !missing.is_empty() {
        return Err(absent(&missing, &first.cases));
    }
    let mut rows: Vec<Row> = shards.values().flat_map(|(_, summary)| summary.rows.iter().cloned()).collect();
    // Each shard is in order; the templates of a case are of one shard and stay as they are.
    rows.sort_by(|a, b| a.case.cmp(&b.case));
    let mut whole = first.clone();
    (whole.shard, whole.rows) = (None, rows);
    Ok(whole)
}

fn shard_of(file: &str, summary: &Summary) -> Result<Shard, InputError> {
    let place = || Place::file(file);
    let shard = summary.shard.ok_or_else(|| {
        InputError::new("This is the report of a whole batch, and not of a shard")
            .at(place())
            .hint("name the reports of runs with --shard; this one is whole as it is")
    })?;
    if shard.is_sound() {
        return Ok(shard);
    }
    Err(InputError::new(format!("There is no shard {shard}")).at(place()).hint("make the report again"))
}

fn refuse_another_batch(
    (file, summary): (&str, &Summary),
    (first_file, first): (&str, &Summary),
) -> Result<(), InputError> {
    let of = |summary: &Summary| summary.shard.map(|shard| shard.of);
    let differs = if of(summary) != of(first) {
        "divided into another number of shards"
    } else if summary.cases != first.cases {
        "of other cases"
    } else if summary.engine != first.engine {
        "made by another version of the engine"
    } else if summary.asked != first.asked {
        "built with other options, templates or dates"
    } else {
        return Ok(());
    };
    let lacking = |these: &Summary, others: &Summary| {
        these.cases.iter().find(|case| others.cases.binary_search(case).is_err()).cloned()
    };
    let which = [(lacking(summary, first), file), (lacking(first, summary), first_file)];
    let which = which.into_iter().find_map(|(case, file)| Some((case?, file)));
    let which = which.map(|(case, file)| format!("; \"{case}\" is in {file} alone")).unwrap_or_default();
    Err(InputError::new(format!("The batch of {file} is not that of {first_file}: it is {differs}{which}"))
        .at(Place::file(file))
        .hint("merge reports that were made with the same paths, the same --shard I/N and the same engine"))
}

/// A shard has the cases that are its own, and no others.
fn refuse_other_cases(file: &str, shard: Shard, summary: &Summary) -> Result<(), InputError> {
    let refuse = |what: String| {
        Err(InputError::new(what)
            .at(Place::file(file))
            .hint("run the shard again, with the cases as they are now"))
    };
    if let Some(row) = summary.rows.iter().find(|row| !shard.has(&summary.cases, &row.case)) {
        return refuse(format!("\"{}\" is not a case of shard {shard}", row.case));
    }
    let mut seen = BTreeSet::new();
    if let Some(row) = summary.rows.iter().find(|row| !seen.insert((&row.case, &row.template))) {
        return refuse(format!("\"{}\" has two rows of the template {}", row.case, row.template));
    }
    let is_whole = |row: &Row| row.output.is_some() && row.pages.is_some() && row.figures.is_some();
    if let Some(row) = summary.rows.iter().find(|row| row.status.is_good() && !is_whole(row)) {
        return refuse(format!("The row of \"{}\" does not say which report was built", row.case));
    }
    let has = |case: &str| summary.rows.iter().any(|row| row.case == case);
    if let Some(case) = shard.cases(&summary.cases).find(|case| !has(case)) {
        return refuse(format!("Shard {shard} lacks its case \"{case}\""));
    }
    Ok(())
}

fn absent(shards: &[Shard], cases: &[String]) -> InputError {
    const SHOWN: usize = 8;
    let names: Vec<String> = shards.iter().map(ToString::to_string).collect();
    let of_shards: Vec<&str> = shards.iter().flat_map(|shard| shard.cases(cases)).collect();
    let more = of_shards.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = of_shards.iter().take(SHOWN).map(|case| format!("\"{case}\"")).collect::<Vec<_>>().join(", ");
    let of_cases = if shown.is_empty() { String::new() } else { format!(", with the cases {shown}{more}") };
    let (noun, verb) = if shards.len() == 1 { ("Shard", "is") } else { ("Shards", "are") };
    InputError::new(format!("{noun} {} {verb} missing{of_cases}", names.join(", ")))
        .hint("run what is missing, then name the reports of all shards")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Status;
    use crate::batch::summary::tests::row;

    fn cases() -> Vec<String> {
        (0..20).map(|number| format!("case-{number:02}")).collect()
    }

    fn shards(of: usize) -> Vec<(String, Summary)> {
        let one = |index| {
            let shard = Shard { index, of };
            let rows = shard.cases(&cases()).map(|case| row(case, Status::Built)).collect();
            (format!("{index}/report.json"), Summary::new("asked".to_owned(), Some(shard), cases(), rows))
        };
        (1..=of).map(one).collect()
    }

    fn refusal(reports: &[(String, Summary)]) -> String {
        merge(reports).unwrap_err().to_string()
    }

    #[test]
    fn all_shards_in_any_order_are_the_whole() {
        let rows = cases().iter().map(|case| row(case, Status::Built)).collect();
        let whole = Summary::new("asked".to_owned(), None, cases(), rows);
        for of in [1, 7, 20, 33] {
            let mut reports = shards(of);
            reports.reverse();
            assert_eq!(merge(&reports).unwrap(), whole, "{of}");
        }
    }

    #[test]
    fn what_is_missing_or_there_twice_is_named() {
        let mut reports = shards(7);
        reports.remove(2);
        let error = refusal(&reports);
        assert!(
            error.starts_with("Shard 3/7 is missing, with the cases \"case-02\", \"case-09\", \"case-16\"\n"),
            "{error}"
        );
        let mut reports = shards(7);
        reports.push(("again.json".to_owned(), reports[0].1.clone()));
        let error = refusal(&reports);
        assert!(
            error.starts_with("Shard 1/7 is there twice, in 1/report.json and in again.json\n"),
            "{error}"
        );
        let error = refusal(&shards(7)[..2]);
        assert!(error.starts_with("Shards 3/7, 4/7, 5/7, 6/7, 7/7 are missing"), "{error}");
        assert!(error.contains("\"case-11\" and 6 more"), "{error}");
    }

    #[test]
    fn what_is_of_another_batch_is_refused() {
        let spoilt = |spoil: &dyn Fn(&mut Summary)| {
            let mut reports = shards(3);
            spoil(&mut reports[1].1);
            refusal(&reports)
        };
        let error = spoilt(&|summary| summary.shard = None);
        assert!(error.starts_with("This is the report of a whole batch, and not of a shard"), "{error}");
        let error = spoilt(&|summary| summary.shard = Some(Shard { index: 2, of: 4 }));
        assert!(error.contains("divided into another number of shards"), "{error}");
        let error = spoilt(&|summary| summary.cases.push("case-99".to_owned()));
        assert!(error.contains("of other cases; \"case-99\" is in 2/report.json alone"), "{error}");
        let error = spoilt(&|summary| summary.engine = "0.0.1+0".to_owned());
        assert!(error.contains("made by another version of the engine"), "{error}");
        let error = spoilt(&|summary| summary.rows[0].case = "case-00".to_owned());
        assert!(error.starts_with("\"case-00\" is not a case of shard 2/3"), "{error}");
        let error = spoilt(&|summary| {
            summary.rows.pop();
        });
        assert!(error.starts_with("Shard 2/3 lacks its case \"case-19\""), "{error}");
    }
}
