//! Says what a batch takes: `cargo run --release --example measure_batch -- CSCR CASES [JOBS]`.
//!
//! `CSCR` is the binary to measure, `CASES` a folder of cases (`make_batch` makes one). It is run as anybody would run it:
//! once for each case with `cscr build`, then as one `cscr batch`, then once more where nothing has changed. While the
//! batch runs, its memory and that of the processes that it began is looked at again and again, and shown each time that
//! so many more reports are done. Memory is what Linux tells of a process in /proc; elsewhere there is none to tell.

#![allow(clippy::print_stdout, reason = "its figures are what the program is for")]
#![allow(clippy::cast_precision_loss, reason = "figures are shown with two digits")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

type Error = Box<dyn std::error::Error>;

/// How many reports are between two looks at the memory.
const STEP: usize = 50;
/// How long after one look at the memory the next one comes.
const LOOK: Duration = Duration::from_millis(100);

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (cscr, cases, jobs) = match words[..] {
        [cscr, cases] => (cscr, cases, None),
        [cscr, cases, jobs] => (cscr, cases, Some(jobs)),
        _ => return Err("usage: measure_batch CSCR CASES [JOBS]".into()),
    };
    let jobs = match jobs {
        Some(jobs) => jobs.parse()?,
        None => std::thread::available_parallelism()?.get(),
    };
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(cases)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Error>>()?;
    folders.sort();
    let out = tempfile::tempdir()?;
    println!("{} cases, {jobs} at once", folders.len());
    one_process_a_case(cscr, &folders, out.path(), jobs)?;
    let batch = out.path().join("batch");
    let jobs_text = jobs.to_string();
    let arguments = ["batch", cases, "--jobs", jobs_text.as_str(), "-o"];
    show("one batch", jobs, folders.len(), || watched(Command::new(cscr).args(arguments).arg(&batch)))?;
    show("nothing to do", jobs, folders.len(), || watched(Command::new(cscr).args(arguments).arg(&batch)))?;
    Ok(())
}

/// So many processes at once as there are reports built at once in the batch, each for one case.
fn one_process_a_case(cscr: &str, folders: &[PathBuf], out: &Path, jobs: usize) -> Result<(), Error> {
    show("one process a case", jobs, folders.len(), || {
        let next = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    while let Some(folder) =
                        folders.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                    {
                        let report = out
                            .join("single")
                            .join(folder.file_name().unwrap_or_default())
                            .with_extension("pdf");
                        let mut command = Command::new(cscr);
                        command.args(["build", "--quiet", "--force"]).arg(folder).arg("-o").arg(report);
                        let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
                    }
                });
            }
        });
        Ok(())
    })
}

/// Runs the batch and looks at its memory as its lines come in.
fn watched(command: &mut Command) -> Result<(), Error> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stderr.take().ok_or("no standard error")?).lines();
    let (id, is_over) = (child.id(), AtomicBool::new(false));
    let (now, most) = (AtomicU64::new(0), AtomicU64::new(0));
    let is_report = |line: &String| {
        ["built ", "unchanged ", "blocked ", "failed "].iter().any(|word| line.starts_with(word))
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let kib = memory(id);
                now.store(kib, Ordering::Relaxed);
                most.fetch_max(kib, Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        let mut done = 0;
        for line in lines.map_while(Result::ok) {
            done += usize::from(is_report(&line));
            if done > 0 && done % STEP == 0 {
                let mib = |kib: &AtomicU64| kib.load(Ordering::Relaxed) / 1024;
                println!("  {done:>6} reports: {:>6} MiB now, {:>6} MiB at most", mib(&now), mib(&most));
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    child.wait()?;
    Ok(())
}

/// What a process and those that it began hold, in KiB.
fn memory(id: u32) -> u64 {
    let of = |status: &str, key: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let statuses =
        processes.filter_map(|process| std::fs::read_to_string(process.path().join("status")).ok());
    statuses
        .filter(|status| [of(status, "Pid:"), of(status, "PPid:")].contains(&Some(u64::from(id))))
        .filter_map(|status| of(&status, "VmRSS:"))
        .sum()
}

fn show(
    what: &str,
    jobs: usize,
    cases: usize,
    work: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let (started, before) = (Instant::now(), of_children());
    work()?;
    let whole = started.elapsed().as_secs_f64();
    let cores = of_children().zip(before).map(|(after, before)| after - before);
    let cores = cores.map_or_else(String::new, |cores| {
        format!(", {cores:.1} core-seconds: {:.2} reports a core-second", cases as f64 / cores)
    });
    println!("{what}: {whole:.1} s with {jobs} at once{cores}");
    Ok(())
}

/// The processor time of all processes that this one began and that have ended, in seconds (Linux: fields 16 and 17 of
/// /proc/self/stat, in hundredths).
fn of_children() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = text.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
