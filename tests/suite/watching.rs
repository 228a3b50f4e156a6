//! Building again: a report that nothing has changed, one that cannot be made, and one that is watched.

use crate::commands::{cscr, text};
use crate::log_fixture::LogFixture;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

const LOG: &str = r#"[[hazards]]
id = "H01"
name = "Referral goes astray"
causes = ["Two clinics share a name"]
initial = { severity = "Major", likelihood = "Medium" }
"#;

/// A small case, and a short report of it.
struct Case(TempDir);

impl Case {
    fn new() -> Self {
        let case = Self(TempDir::new().unwrap());
        case.write(
            "case.toml",
            "as_of = 2026-09-14\n[product]\nname = \"Referral Desk\"\n[inputs]\nhazard_log = \"log.toml\"\n",
        );
        case.write("log.toml", LOG);
        let sections =
            "extends = \"ers-cscr\"\n[[sections]]\nid = \"clinical-risk-control\"\ntitle = \"Control\"\n";
        case.write("template/template.toml", sections);
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("case").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Saves as spreadsheet programs do: to another name, and then in the place of the old file.
    fn rename_over(&self, name: &str, text: &str) {
        self.write("saving.tmp", text);
        fs::rename(self.path("saving.tmp"), self.path(name)).unwrap();
    }

    fn arguments<'a>(&self, command: &'a str, folder: &'a str, template: &'a str) -> Vec<&'a str> {
        assert!(self.0.path().is_dir());
        vec![command, folder, "--template", template]
    }

    fn build(&self, more: &[&str]) -> crate::commands::Ran {
        let (folder, template) = (self.path(""), self.path("template"));
        let mut arguments = self.arguments("build", text(&folder), text(&template));
        arguments.extend(more);
        cscr(&arguments)
    }

    /// Whether nothing half-written lies beside the reports.
    fn has_reports_alone(&self) -> bool {
        let is_report = |name: &str| Path::new(name).extension().is_some_and(|extension| extension == "pdf");
        self.reports().iter().all(|name| name == ".cscr" || is_report(name))
    }

    fn reports(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("output")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_report_that_nothing_has_changed_is_left_alone_and_said_to_be_what_it_is() {
    let case = Case::new();
    let first = case.build(&[]).ended(0);
    let path = PathBuf::from(first.out.trim());
    let pdf = fs::read(&path).unwrap();
    let modified = || path.metadata().unwrap().modified().unwrap();
    let then = modified();
    let again = case.build(&[]).ended(0);
    assert_eq!(again.out, first.out);
    let size = first.err.lines().last().unwrap();
    assert_eq!(again.err, first.err.replace(size, &format!("Unchanged: {size}")));
    assert_eq!(case.build(&["--quiet"]).ended(0).err, "");
    assert_eq!(modified(), then);
    assert!(!case.build(&["--force"]).ended(0).err.contains("Unchanged"));
    assert_eq!(fs::read(&path).unwrap(), pdf);

    // An edit that is taken back is none; so is a lock file. Another engine's or a damaged record is not believed.
    case.write("log.toml", &LOG.replace("astray", "missing"));
    case.write("log.toml", LOG);
    case.write("~$log.toml", "");
    assert!(case.build(&[]).ended(0).err.contains("Unchanged"));
    let record =
        path.parent().unwrap().join(".cscr").join(format!("{}.json", path.file_name().unwrap().display()));
    fs::write(&record, "{").unwrap();
    assert!(!case.build(&[]).ended(0).err.contains("Unchanged"));

    // What is put behind a report does not count as a change of it, and is not lost.
    let mut signed = pdf.clone();
    signed.extend(b"\n% a signature\n%%EOF\n");
    fs::write(&path, &signed).unwrap();
    let kept = case.build(&[]).ended(0).err;
    assert!(kept.contains("Unchanged, and what was added to the report since is still there: "), "{kept}");
    assert_eq!(fs::read(&path).unwrap(), signed);

    // A file that was looked for and appears; a template's file.
    case.write("approvals.toml", "");
    assert!(!case.build(&[]).ended(0).err.contains("Unchanged"));
    case.write("template/lib/extra.typ", "// new");
    assert!(!case.build(&[]).ended(0).err.contains("Unchanged"));
    assert_eq!(fs::read(&path).unwrap(), pdf);
}

#[test]
fn an_input_that_cannot_be_read_leaves_the_last_report_and_says_so() {
    let case = Case::new();
    let path = PathBuf::from(case.build(&[]).ended(0).out.trim());
    let pdf = fs::read(&path).unwrap();
    case.write("log.toml", "[[hazards");
    let broken = case.build(&[]).ended(2);
    let kept = format!(
        "The last report stays as it is: {}\n  Referral Desk (release not given): DRAFT, as of 2026-09-14\n",
        path.display()
    );
    assert!(broken.err.starts_with("error: ") && broken.err.ends_with(&kept), "{}", broken.err);
    assert_eq!((broken.out.as_str(), fs::read(&path).unwrap()), ("", pdf));
    let elsewhere = case.path("output/elsewhere.pdf");
    let none = case.build(&["-o", text(&elsewhere)]).ended(2);
    assert!(!none.err.contains("stays as it is"), "{}", none.err);
}

/// `cscr watch` as a process, and what it says.
struct Watching {
    process: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn begin(case: &Case, more: &[&str]) -> Self {
        let (folder, template) = (case.path(""), case.path("template"));
        let mut process = Command::new(env!("CARGO_BIN_EXE_cscr"))
            .args(case.arguments("watch", text(&folder), text(&template)))
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let words = BufReader::new(process.stderr.take().unwrap());
        std::thread::spawn(move || words.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        Self { process, lines }
    }

    /// Everything up to a line that has these words.
    #[track_caller]
    fn until(&self, words: &str) -> String {
        let mut heard = String::new();
        while !heard.contains(words) {
            let Ok(line) = self.lines.recv_timeout(Duration::from_mins(2)) else {
                panic!("{words} is not heard: {heard}")
            };
            heard.extend([line.as_str(), "\n"]);
        }
        heard
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn watched(case: &Case, watching: &Watching) {
    watching.until("DRAFT: ");
    let path = case.path("output").join(case.reports().pop().unwrap());
    let first = fs::read(&path).unwrap();

    case.write("~$log.toml", "a lock");
    case.rename_over("log.toml", &LOG.replace("H01", "H07"));
    let heard = watching.until("DRAFT: ");
    assert!(
        heard.starts_with("log.toml changed\n") && heard.contains("+ ") && heard.contains("H07"),
        "{heard}"
    );
    assert!(heard.contains("- ") && heard.contains("H01"), "{heard}");

    case.write("log.toml", "[[hazards");
    let broken = watching.until("The last report stays as it is");
    assert!(broken.contains("log.toml changed\nerror: "), "{broken}");
    assert_ne!(fs::read(&path).unwrap(), first);

    // Mended by another program, which takes the old file away first.
    fs::remove_file(case.path("log.toml")).unwrap();
    case.rename_over("log.toml", LOG);
    watching.until("DRAFT: ");
    assert_eq!(fs::read(&path).unwrap(), first, "warm bytes are cold bytes");
    assert!(case.has_reports_alone(), "{:?}", case.reports());
}

#[test]
fn a_case_is_built_again_whenever_it_is_saved() {
    let case = Case::new();
    let mut watching = Watching::begin(&case, &[]);
    watched(&case, &watching);
    interrupted(&mut watching);
    assert!(case.has_reports_alone(), "{:?}", case.reports());
}

#[test]
fn a_network_drive_is_looked_at() {
    let case = Case::new();
    watched(&case, &Watching::begin(&case, &["--poll"]));
}

/// Ctrl-C ends it in words and with the status of an interrupted program.
#[cfg(unix)]
fn interrupted(watching: &mut Watching) {
    let id = watching.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    watching.until("No longer watching.");
    assert_eq!(watching.process.wait().unwrap().code(), Some(130));
}

#[cfg(not(unix))]
fn interrupted(_: &mut Watching) {}

#[test]
fn what_is_no_folder_is_a_slip_and_not_waited_for() {
    let folder = TempDir::new().unwrap();
    let ran = cscr(&["watch", text(&folder.path().join("absent"))]).ended(2);
    assert!(ran.err.contains("is not a folder"), "{}", ran.err);
}

#[test]
fn a_spreadsheet_with_its_lock_files_is_one_input() {
    let case = Case::new();
    fs::remove_file(case.path("log.toml")).unwrap();
    fs::write(case.path("log.xlsx"), LogFixture::good().bytes()).unwrap();
    let manifest = fs::read_to_string(case.path("case.toml")).unwrap().replace("log.toml", "log.xlsx");
    case.write("case.toml", &manifest);
    case.build(&[]).ended(0);
    for lock in ["~$log.xlsx", ".~lock.log.xlsx#", "lu31abcd.tmp"] {
        case.write(lock, "somebody");
    }
    assert!(case.build(&[]).ended(0).err.contains("Unchanged"));
}
