//! The run, with builds that are made up: nothing here is typeset.

use super::*;
use crate::batch::{Outcome, Status};
use crate::build::{Figures, Request};
use crate::intake::workbook::Limits;
use crate::report::RenderOptions;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

fn jobs(count: usize) -> Vec<Job> {
    (0..count)
        .map(|number| {
            let name = format!("case-{number:03}");
            let request = Request {
                case: PathBuf::from(&name),
                as_of: None,
                limits: Limits::default(),
                template: "ers-cscr".to_owned(),
                templates: None,
                fonts: Vec::new(),
                release: false,
                since: None,
                options: RenderOptions::default(),
            };
            let stem = Ok(PathBuf::from(&name));
            Job { case: name, template: "ers-cscr".to_owned(), request, stem }
        })
        .collect()
}

fn built(job: &Job) -> Ended {
    let output = PathBuf::from(&job.case).join("report.pdf");
    Ended::Built(Outcome { output, pages: 3, bytes: 9, figures: Figures::default() })
}

const RUNNING: Running = Running { threads: 4, fail_fast: false };

fn without_times(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        row.milliseconds = 0;
    }
    rows
}

#[test]
fn rows_are_in_the_order_of_the_jobs_whichever_is_done_first() {
    let jobs = jobs(40);
    let slow_first = |job: &Job| {
        if job.case.ends_with('0') {
            thread::sleep(Duration::from_millis(5));
        }
        built(job)
    };
    let told = Mutex::new(0);
    let rows = |threads| {
        without_times(run(&jobs, Running { threads, ..RUNNING }, slow_first, |_| *told.lock().unwrap() += 1))
    };
    let one = rows(1);
    assert_eq!(
        one.iter().map(|row| &row.case).collect::<Vec<_>>(),
        jobs.iter().map(|job| &job.case).collect::<Vec<_>>()
    );
    assert_eq!(one[7].output.as_deref(), Some("case-007/report.pdf"));
    assert_eq!((rows(4), rows(100)), (one.clone(), one));
    assert_eq!(*told.lock().unwrap(), 120);
    assert_eq!(run(&[], RUNNING, built, |_| ()), []);
}

#[test]
fn a_panic_ends_its_case_and_no_other() {
    let jobs = jobs(20);
    let rows = run(
        &jobs,
        RUNNING,
        |job| {
            assert!(job.case != "case-007", "seven is too much");
            built(job)
        },
        |_| (),
    );
    let failed: Vec<&Row> = rows.iter().filter(|row| row.status != Status::Built).collect();
    let [row] = failed[..] else { panic!("one failed: {failed:?}") };
    assert_eq!((row.case.as_str(), row.status), ("case-007", Status::Failed));
    assert!(
        row.why
            .as_ref()
            .unwrap()
            .starts_with("The engine stumbled over this case: seven is too much\n  do: ")
    );
}

#[test]
fn a_report_without_a_name_fails_with_the_reason() {
    let mut jobs = jobs(2);
    jobs[0].stem = Err("case.toml is broken".to_owned());
    let rows = run(&jobs, RUNNING, built, |_| ());
    assert_eq!((rows[0].status, rows[0].why.as_deref()), (Status::Failed, Some("case.toml is broken")));
    assert_eq!(rows[1].status, Status::Built);
}

#[test]
fn whoever_asks_for_it_stops_at_the_first_that_is_not_good() {
    let jobs = jobs(50);
    let third_fails = |job: &Job| match job.case.as_str() {
        "case-002" => Ended::Blocked { why: "no approval".to_owned(), figures: Figures::default() },
        _ => built(job),
    };
    let rows = run(&jobs, Running { threads: 1, fail_fast: true }, third_fails, |_| ());
    let statuses: Vec<Status> = rows.iter().map(|row| row.status).collect();
    assert_eq!(statuses[..3], [Status::Built, Status::Built, Status::Blocked]);
    assert!(statuses[3..].iter().all(|status| *status == Status::NotBegun));
    assert_eq!(rows.len(), 50);
}
