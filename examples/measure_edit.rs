//! Says what it takes to build a report again after one hazard was edited:
//! `cargo run --release --example measure_edit -- HAZARDS [dense|plain] [TEMPLATES]`.
//!
//! A synthetic case is written, built cold, and then built after each of several edits of its hazard log, in one
//! process as `cscr watch` does it: from reading the files to the bytes of the PDF. `TEMPLATES` is a folder of
//! templates whose files override the ones that are built in.

#![allow(clippy::print_stdout, reason = "its figures are what the program is for")]

#[path = "synthetic/case.rs"]
mod case;

use case::{Density, Edit};
use cscr::intake::folder::load;
use cscr::intake::workbook::Limits;
use cscr::report::{Engine, FontSet, RenderInput, RenderOptions, Templates};
use std::path::Path;
use std::time::{Duration, Instant};

type Error = Box<dyn std::error::Error>;

/// What is remembered of older builds.
const MOST_AGE: usize = 10;

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
    let templates = rest.first().map_or_else(Templates::embedded, Templates::with_folder);
    let engine = Engine::new(FontSet::embedded(), templates);
    let folder = tempfile::tempdir()?;
    case::write(folder.path(), hazards, density, Edit::default())?;
    let (first, middle, last) = (1, hazards.div_ceil(2), hazards);
    println!("{hazards} hazards; times in ms");
    println!(
        "{:<34}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
        "", "intake", "assure", "data", "layout", "export", "whole"
    );
    show("cold", &build(&engine, folder.path())?);
    let each = |name: &str, edit: Edit| -> Result<(), Error> {
        case::write_log(folder.path(), hazards, density, edit)?;
        show(name, &build(&engine, folder.path())?);
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
    each("nothing", Edit::default())?;
    Ok(())
}

fn build(engine: &Engine, folder: &Path) -> Result<[Duration; 6], Error> {
    let started = Instant::now();
    let loaded = load(folder, None, &Limits::default())?;
    let read = started.elapsed();
    let assurance = cscr::assure(&loaded, engine.fonts());
    let assured = started.elapsed();
    let template = engine.template("ers-cscr")?;
    let rendered = engine.render(&RenderInput {
        case: &loaded.case,
        assurance: &assurance,
        provenance: &loaded.provenance,
        sources: &loaded.sources,
        approvals: &loaded.approvals,
        template: &template,
        as_of: loaded.as_of,
        options: RenderOptions::default(),
    })?;
    let findings = cscr::printed(&loaded, &rendered.printed);
    let whole = started.elapsed();
    drop(findings);
    cscr::report::evict(MOST_AGE);
    let timings = rendered.timings;
    Ok([read, assured.saturating_sub(read), timings.template, timings.layout, timings.export, whole])
}

fn show(name: &str, times: &[Duration; 6]) {
    let times: String = times.iter().map(|time| format!("{:>8.0}", time.as_secs_f64() * 1000.0)).collect();
    println!("{name:<34}{times}");
}
