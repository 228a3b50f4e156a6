//! Many cases in one run: each ends by itself, nothing is done twice, no end leaves half of anything, and the parts are
//! the whole.

#[path = "../../examples/synthetic/case.rs"]
#[allow(dead_code, clippy::duplicate_mod)]
// edits are for those who measure, and logs have the header of another test's
mod case;
#[path = "../../examples/synthetic/many.rs"]
mod many;

use crate::commands::{Ran, cscr, text};
use cscr::batch::{Row, Status, Summary};
use many::Made;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// Few sections: what is tested is how reports are built, and not what is in them.
const TEMPLATE: &str =
    "extends = \"ers-cscr\"\n[[sections]]\nid = \"clinical-risk-control\"\ntitle = \"Control\"\n";

/// A folder with cases, and one for what is made of them.
struct World {
    folder: TempDir,
    made: Vec<Made>,
}

impl World {
    fn new(count: u32, sizes: (u32, u32)) -> Self {
        let folder = TempDir::new().unwrap();
        let made = many::write(&folder.path().join("cases"), count, sizes).unwrap();
        let world = Self { folder, made };
        world.write("short/template.toml", TEMPLATE);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    /// The command in this folder, so that paths are said as people say them.
    fn command(&self, out: &str, more: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cscr"));
        command.current_dir(self.folder.path());
        command
            .args(["batch", "-o", out, "--template", "short", "--report"])
            .arg(format!("{out}.json"))
            .args(more);
        command
    }

    fn batch(&self, out: &str, more: &[&str]) -> (Ran, Summary) {
        let ran = self.command(out, more).output().unwrap();
        let ran = Ran {
            status: ran.status.code().unwrap(),
            out: String::from_utf8(ran.stdout).unwrap(),
            err: String::from_utf8(ran.stderr).unwrap(),
        };
        let report = self.path(&format!("{out}.json"));
        let text = fs::read_to_string(&report).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
        (ran, Summary::read("report.json", &text).unwrap())
    }

    /// Every file that was made, hidden ones too.
    fn files(&self, out: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(out), "", &mut files);
        files
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

fn is_report(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "pdf")
}

fn without_times(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|row| Row { milliseconds: 0, ..row.clone() }).collect()
}

fn count(summary: &Summary, status: Status) -> usize {
    summary.tally().of(status)
}

/// When each PDF was last written.
fn times(world: &World, out: &str, summary: &Summary) -> Vec<SystemTime> {
    let reports = summary.rows.iter().filter_map(|row| row.output.as_ref());
    reports.map(|report| world.path(out).join(report).metadata().unwrap().modified().unwrap()).collect()
}

#[test]
fn of_a_hundred_cases_the_broken_ones_say_why_and_the_others_are_built_once() {
    hundred((3, 30));
}

#[test]
#[ignore = "takes minutes without optimisation: the same with up to 300 hazards a case"]
fn of_a_hundred_cases_of_all_sizes_the_broken_ones_say_why_and_the_others_are_built_once() {
    hundred(many::SIZES);
}

fn hundred(sizes: (u32, u32)) {
    let world = World::new(100, sizes);
    let (first, summary) = world.batch("out", &["cases"]);
    assert_eq!(first.status, 1, "{}{}", first.out, first.err);
    assert_eq!((count(&summary, Status::Built), count(&summary, Status::Failed)), (90, 10), "{}", first.out);
    for (row, made) in summary.rows.iter().zip(&world.made) {
        assert_eq!(row.case, format!("cases/{}", made.name));
        match made.fault {
            None => assert_eq!(row.figures.as_ref().unwrap().hazards, made.hazards as usize),
            Some(fault) => {
                let why = row.why.as_ref().unwrap();
                assert!(why.contains(fault.says) && why.contains("\n  do: "), "{}: {why}", row.case);
            }
        }
    }
    assert!(first.out.contains("100 reports: 90 built, 0 unchanged, 0 blocked, 10 failed"), "{}", first.out);
    let written = times(&world, "out", &summary);
    let (second, again) = world.batch("out", &["cases"]);
    assert_eq!((count(&again, Status::Unchanged), count(&again, Status::Failed)), (90, 10), "{}", second.out);
    assert_eq!(times(&world, "out", &again), written, "nothing was written");
    let figures = |summary: &Summary| -> Vec<_> {
        summary.rows.iter().map(|row| (row.figures.clone(), row.pages, row.output.clone())).collect()
    };
    assert_eq!(figures(&again), figures(&summary));
}

#[test]
fn the_shards_together_are_the_whole_in_whatever_order_paths_are_said() {
    let world = World::new(24, (3, 8));
    let (_, whole) = world.batch("whole", &["cases", "--jobs", "1"]);
    let mut reports = Vec::new();
    for index in 1..=7 {
        let out = format!("shard-{index}");
        let shard = format!("{index}/7");
        // As a shell would expand it, and backwards.
        let mut paths: Vec<String> =
            world.made.iter().map(|made| format!("./cases/{}/", made.name)).collect();
        paths.reverse();
        let paths: Vec<&str> =
            if index % 2 == 0 { vec!["cases/*"] } else { paths.iter().map(String::as_str).collect() };
        let (_, part) =
            world.batch(&out, &[&["--shard", shard.as_str(), "--jobs", "3"], &paths[..]].concat());
        assert!((3..=4).contains(&part.rows.len()), "{}", part.rows.len());
        reports.push(world.path(&format!("{out}.json")));
    }
    let files: Vec<&str> = reports.iter().map(|path| text(path)).collect();
    let joined = world.path("joined.json");
    let merge = [&["batch", "--report", text(&joined), "--merge"], &files[..]].concat();
    cscr(&merge).ended(1);
    let joined = Summary::read("", &fs::read_to_string(&joined).unwrap()).unwrap();
    assert_eq!(without_times(&joined.rows), without_times(&whole.rows));
    assert_eq!((joined.cases, joined.shard), (whole.cases, None));
    let mut together = BTreeMap::new();
    for index in 1..=7 {
        together.extend(world.files(&format!("shard-{index}")));
    }
    assert!(together == world.files("whole"), "the same files with the same bytes");
    let lacking = cscr(&[&["batch", "--merge"], &files[1..]].concat()).ended(2);
    assert!(
        lacking.err.contains("Shard 1/7 is missing, with the cases \"cases/case-0000\""),
        "{}",
        lacking.err
    );
    let twice = cscr(&[&["batch", "--merge", files[2]], &files[..]].concat()).ended(2);
    assert!(twice.err.contains("Shard 3/7 is there twice"), "{}", twice.err);
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

fn killed_after(mut child: Child, time: Duration) -> bool {
    sleep(time);
    let is_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    is_running
}

#[test]
fn what_is_killed_and_run_again_ends_as_if_nothing_had_happened() {
    const KILLS: usize = 20;
    let world = World::new(8, (3, 5));
    let started = Instant::now();
    let (_, undisturbed) = world.batch("undisturbed", &["cases"]);
    let mut whole = started.elapsed();
    let expected = world.files("undisturbed");
    assert_eq!(count(&undisturbed, Status::Built), 7);
    let mut chance = Chance(7);
    let mut killed = 0;
    for number in 0.. {
        if killed == KILLS {
            break;
        }
        assert!(number < 3 * KILLS, "{killed} of {number} runs were killed while they ran");
        let out = format!("out-{number}");
        let mut command = world.command(&out, &["cases", "--quiet"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let moment = whole.mul_f64(0.95 * chance.next());
        if killed_after(child, moment) {
            killed += 1;
        } else {
            // The machine has less to do now than when the whole was measured.
            whole = moment;
        }
        // What is there under its name is whole, at whatever moment the run was killed.
        if world.path(&out).is_dir() {
            for (name, bytes) in world.files(&out).iter().filter(|(name, _)| is_report(name)) {
                assert!(expected.get(name) == Some(bytes), "{name} is half a report");
            }
        }
        let (ran, summary) = world.batch(&out, &["cases"]);
        assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
        assert_eq!(count(&summary, Status::Built) + count(&summary, Status::Unchanged), 7);
        let files = world.files(&out);
        assert_eq!(
            files.keys().collect::<Vec<_>>(),
            expected.keys().collect::<Vec<_>>(),
            "nothing is left over"
        );
        assert!(files == expected, "the same bytes, those of the records too");
        fs::remove_dir_all(world.path(&out)).unwrap();
    }
}

#[test]
fn a_record_that_is_damaged_or_of_another_case_is_not_believed() {
    let world = World::new(4, (3, 4));
    let (_, summary) = world.batch("out", &["cases"]);
    let expected = world.files("out");
    let record = |index: usize| {
        let report = PathBuf::from(summary.rows[index].output.as_ref().unwrap());
        let name = report.file_name().unwrap().to_string_lossy().into_owned();
        world.path("out").join(report.parent().unwrap()).join(".cscr").join(format!("{name}.json"))
    };
    fs::write(record(0), "{").unwrap();
    fs::copy(record(3), record(1)).unwrap();
    fs::write(world.path("out").join(summary.rows[2].output.as_ref().unwrap()), "%PDF of another").unwrap();
    let (_, again) = world.batch("out", &["cases"]);
    let statuses: Vec<Status> = again.rows.iter().map(|row| row.status).collect();
    assert_eq!(statuses, [Status::Built, Status::Built, Status::Built, Status::Unchanged]);
    assert!(world.files("out") == expected);
    let (_, forced) = world.batch("out", &["cases", "--force"]);
    assert_eq!(count(&forced, Status::Built), 4);
    assert!(world.files("out") == expected);
}

#[test]
fn a_case_that_changed_is_built_and_its_neighbours_are_not() {
    let world = World::new(3, (3, 4));
    world.batch("out", &["cases"]);
    let case = world.path("cases/case-0001/case.toml");
    let changed = fs::read_to_string(&case).unwrap().replace("version = \"1.0\"", "version = \"1.1\"");
    fs::write(&case, changed).unwrap();
    let (_, summary) = world.batch("out", &["cases"]);
    let statuses: Vec<Status> = summary.rows.iter().map(|row| row.status).collect();
    assert_eq!(statuses, [Status::Unchanged, Status::Built, Status::Unchanged]);
    let report = summary.rows[1].output.as_deref();
    assert_eq!(
        report,
        Some(
            "cases/case-0001/Clinical-Safety-Case-Report-Measured-Product-1-Release-1.1-vnot-given-DRAFT.pdf"
        )
    );
}

#[test]
fn what_is_not_ready_for_release_is_blocked_with_the_reasons() {
    let world = World::new(3, (3, 4));
    let (ran, summary) = world.batch("out", &["cases", "--release", "--report", "table.csv"]);
    assert_eq!((ran.status, count(&summary, Status::Blocked)), (1, 3), "{}", ran.out);
    let row = &summary.rows[0];
    assert!(row.why.as_ref().unwrap().contains("approv"), "{row:?}");
    assert!(row.figures.as_ref().unwrap().blocking > 0 && row.output.is_none(), "{row:?}");
    assert!(world.files("out").keys().all(|name| !is_report(name)));
    let table = fs::read_to_string(world.path("table.csv")).unwrap();
    assert!(table.contains("\"cases/case-0000\",\"short\",\"blocked\","), "{table}");
    let (_, stopped) = world.batch("out", &["cases", "--release", "--fail-fast", "--jobs", "1"]);
    assert_eq!((count(&stopped, Status::Blocked), count(&stopped, Status::NotBegun)), (1, 2));
}

#[test]
fn a_call_that_cannot_be_meant_builds_nothing() {
    let world = World::new(2, (3, 3));
    world
        .write("batch.toml", "cases = [\"cases/*\"]\n[report]\ntemplates = [\"short\"]\noutput = \"same\"\n");
    world.write("letter.json", "{\"dear\": \"all\"}");
    for (arguments, words) in [
        (&["batch.toml"][..], "Two reports would be written to one file, same.pdf: of \"cases/case-0000\""),
        (&["absent*"], "No case folder is called \"absent*\""),
        (&["cases", "--shard", "0/3"], "such as 1/7"),
        (&["cases", "--report", "table.xlsx"], "table.xlsx is neither .json nor .csv"),
        (&["cases", "--report", "letter.json"], "is not the table of a batch"),
        (&["cases", "--template", "nothing"], "there is no template \"nothing\""),
    ] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cscr"));
        command.current_dir(world.folder.path()).args(["batch", "-o", "out"]).args(arguments);
        let ran = command.output().unwrap();
        let err = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(err.contains(words), "{arguments:?}: {err}");
        assert!(!world.path("out").exists(), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn who_ends_a_batch_finds_what_was_finished_and_goes_on() {
    let world = World::new(12, (3, 8));
    let mut command = world.command("out", &["cases"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let started = Instant::now();
    while !world.path("out").is_dir() || world.files("out").keys().all(|name| !is_report(name)) {
        assert!(started.elapsed() < Duration::from_mins(2), "nothing was built");
        sleep(Duration::from_millis(10));
    }
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{err}");
    assert!(
        err.contains(" of 12 reports. What is finished stays; the same command goes on with the rest."),
        "{err}"
    );
    assert!(
        world.files("out").keys().all(|name| !name.contains("/run-")),
        "nothing is left of what was not finished"
    );
    let (_, summary) = world.batch("out", &["cases"]);
    assert!(count(&summary, Status::Unchanged) >= 1, "{err}");
    assert_eq!(count(&summary, Status::Unchanged) + count(&summary, Status::Built), 11);
}

/// A case that takes its process with it, as a report too large for the machine does, is a row like any other.
#[cfg(target_os = "linux")]
#[test]
fn a_report_whose_process_is_killed_fails_and_no_other() {
    let world = World::new(6, (3, 8));
    let mut command = world.command("out", &["cases", "--jobs", "1", "--report", "killed.json"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let killed = loop {
        if let Some(worker) = child_of(child.id()) {
            break Command::new("kill").args(["-KILL", &worker]).status().unwrap().success();
        }
        assert_eq!(child.try_wait().unwrap(), None, "no process was begun");
        sleep(Duration::from_millis(2));
    };
    assert!(killed);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let text = fs::read_to_string(world.path("killed.json")).unwrap();
    let summary = Summary::read("killed.json", &text).unwrap();
    let failed: Vec<&str> = summary.rows.iter().filter_map(|row| row.why.as_deref()).collect();
    let killed = |why: &&&str| why.contains("ended from outside (signal: 9") && why.contains("fewer --jobs");
    assert_eq!(failed.iter().filter(killed).count(), 1, "{failed:?}");
    let (_, again) = world.batch("out", &["cases"]);
    assert!(
        again.rows.iter().all(|row| row.why.as_ref().is_none_or(|why| !why.contains("ended from outside")))
    );
    assert_eq!(count(&again, Status::Built), 1, "the one that was killed");
}

/// The process that this one has begun.
#[cfg(target_os = "linux")]
fn child_of(id: u32) -> Option<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut children = processes.filter(|process| {
        let status = fs::read_to_string(process.path().join("status")).unwrap_or_default();
        status.lines().any(|line| line.strip_prefix("PPid:").is_some_and(|of| of.trim() == id.to_string()))
    });
    children.next().map(|process| process.file_name().to_string_lossy().into_owned())
}
