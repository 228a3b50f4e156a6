//! Says where the time of `cscr check` goes: `cargo run --release --example measure_check -- DIR [RUNS]`.
//!
//! `DIR` is a case folder, such as one that the example `make_case` wrote. Each figure is the shortest of all
//! runs: what else the machine does can only add to it.

#![allow(clippy::print_stdout, reason = "its figures are what the program is for")]

use cscr::assurance::cross_reference::{AbsentEvidence, CrossReference};
use cscr::assurance::graph::Graph;
use cscr::assurance::text::Texts;
use cscr::case::digest::Digests;
use cscr::intake::folder::load;
use cscr::intake::workbook::Limits;
use cscr::report::FontSet;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, runs) = match &arguments[..] {
        [folder] => (Path::new(folder), 10),
        [folder, runs] => (Path::new(folder), runs.parse()?),
        _ => return Err("usage: measure_check DIR [RUNS]".into()),
    };
    let fonts = FontSet::embedded();
    let loaded = load(folder, None, &Limits::default())?;
    let case = &loaded.case;
    let subject = cscr::subject(&loaded, &loaded.observations);
    let graph = Graph::of(case);
    let absent = AbsentEvidence::of(&subject);
    println!("{} hazards; the shortest of {runs} runs:", case.hazard_log.hazards.len());
    let show =
        |name: &str, shortest: Duration| println!("{name:<34}{:>8.1} ms", shortest.as_secs_f64() * 1000.0);
    show("intake", shortest(runs, || load(folder, None, &Limits::default())));
    show("assurance", shortest(runs, || cscr::assure(&loaded, &fonts)));
    show("  of which the digests", shortest(runs, || Digests::of(case)));
    show("  of which the graph", shortest(runs, || Graph::of(case)));
    show("  of which the cross-reference", shortest(runs, || CrossReference::of(&subject, &graph, &absent)));
    show("  of which the texts", shortest(runs, || Texts::of_case(case)));
    let texts = Texts::of_case(case);
    show(
        "  of which what cannot be printed",
        shortest(runs, || cscr::report::unprintable(case, &texts, &fonts)),
    );
    Ok(())
}

/// The shortest time that the work took. Putting its result away is part of it.
fn shortest<T>(runs: usize, work: impl Fn() -> T) -> Duration {
    let once = || {
        let start = Instant::now();
        drop(black_box(work()));
        start.elapsed()
    };
    (0..runs).map(|_| once()).min().unwrap_or_default()
}
