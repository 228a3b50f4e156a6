//! Says what it takes to build a report again after one hazard was edited:
//! `cargo run --release --example measure_edit -- HAZARDS [dense|plain] [TEMPLATES]`.
//!
//! `whole` is the time that passed, `cores` what all cores did in it.
//!
//! A synthetic case is written, built cold, and then built after each of several edits of its hazard log, in one
//! process as `cscr watch` does it: from reading the files to the bytes of the PDF. `TEMPLATES` is a folder of
//! templates whose files override the ones that are built in.

#![allow(clippy::print_stdout, reason = "its figures are what the program is for")]

#[path = "synthetic/case.rs"]
mod case;

use case::{Density, Edit};
use cscr::build::{Judged, Request, forget};
use cscr::intake::workbook::Limits;
use cscr::report::{LastLayout, RenderOptions};
use cscr::trace::Trace;
use std::path::Path;
use std::time::{Duration, Instant};

/// That of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (hazards, rest) =
        words.split_first().ok_or("usage: measure_edit HAZARDS [dense|plain] [TEMPLATES]")?;
    let hazards: u32 = hazards.parse()?;
    let (density, rest) = match rest.split_first() {
        Some((&"dense", rest)) => (Density::Dense, rest),
        Some((&"plain", rest)) => (Density::Plain, rest),
        _ => (Density::Plain, rest),
    };
    let folder = tempfile::tempdir()?;
    let request = Request {
        case: folder.path().to_owned(),
        as_of: None,
        limits: Limits::default(),
        template: "ers-cscr".to_owned(),
        templates: rest.first().map(|folder| Path::new(folder).to_owned()),
        fonts: Vec::new(),
        release: false,
        since: None,
        options: RenderOptions::default(),
    };
    case::write(folder.path(), hazards, density, Edit::default())?;
    let (first, middle, last) = (1, hazards.div_ceil(2), hazards);
    println!("{hazards} hazards; times in ms");
    println!(
        "{:<34}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
        "", "intake", "assure", "data", "layout", "export", "whole", "cores"
    );
    let mut layout = LastLayout::default();
    show("cold", &build(&request, &mut layout)?);
    let mut each = |name: &str, edit: Edit| -> Result<(), Error> {
        // One edit at a time: the last one is taken back first.
        case::write_log(folder.path(), hazards, density, Edit::default())?;
        build(&request, &mut layout)?;
        case::write_log(folder.path(), hazards, density, edit)?;
        show(name, &build(&request, &mut layout)?);
        Ok(())
    };
    for (place, hazard) in [("first", first), ("middle", middle), ("last", last)] {
        let edit = Edit { hazard, ..Edit::default() };
        each(
            &format!("word of a description, {place}"),
            Edit {
                description: Some(
                    "The worklist shows a referral to staff of a clinic that it was not sent to, and not to those who should act on it.",
                ),
                ..edit
            },
        )?;
        each(
            &format!("a line more, {place}"),
            Edit {
                description: Some(
                    "The worklist shows a referral to staff of a service that it was not sent to, and not to those who should act on it. Nobody is told of it, and nothing shows that it is there until somebody looks for it by hand.",
                ),
                ..edit
            },
        )?;
        each(&format!("name, {place}"), Edit { name: Some("Referral goes astray"), ..edit })?;
        each(&format!("residual rating, {place}"), Edit { residual: Some(("Low", 3)), ..edit })?;
    }
    each("nothing", Edit::default())?;
    Ok(())
}

/// Builds as `cscr watch` does. Noting the inputs, and looking whether they are still what they were, is part of it.
fn build(request: &Request, layout: &mut LastLayout) -> Result<[Duration; 7], Error> {
    let (started, busy) = (Instant::now(), busy());
    let trace = Trace::kept();
    let judged = Judged::of(request, &trace).map_err(|error| format!("{error:?}"))?;
    let report = judged.report_after(layout)?;
    let inputs = trace.inputs();
    assert!(inputs.hold(), "nobody writes to the case meanwhile");
    let whole = started.elapsed();
    let busy = self::busy().saturating_sub(busy);
    forget();
    let (times, rendering) = (judged.times, report.timings);
    Ok([times.intake, times.assurance, rendering.template, rendering.layout, rendering.export, whole, busy])
}

/// What the cores have done for this process, all together, as far as the system tells: on a machine that does other
/// things too, it says more than the time that passed.
fn busy() -> Duration {
    const TICK: Duration = Duration::from_millis(10);
    let state = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = state.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse().ok()).unwrap_or(0_u32);
    TICK * (ticks(11) + ticks(12))
}

fn show(name: &str, times: &[Duration; 7]) {
    print!("{name:<34}");
    for time in times {
        print!("{:>8.0}", time.as_secs_f64() * 1000.0);
    }
    println!();
}
