//! Every check, where it fires and where it does not.
//!
//! `tests/checks/<ID>.toml` is one check: under `[[fires]]` and `[[passes]]` stand patches on the faultless
//! case of `base.toml`, each with what it shows (`about`). A patch names input files of a case folder, so that a
//! fixture goes the whole way from the spreadsheet to the finding. What the check says of each is a snapshot;
//! `expects` is a part of it that has to be among what it says, or a list of such parts, so that a fixture that was
//! made for one branch of a check does not pass by another.
//!
//! A check without a fixture of both kinds fails, and so does a fixture of a check that does not exist: nobody can
//! turn a check off, or change its words, without a test that says so. Nor can they turn off a part of one: each
//! function that looks for a check's findings is left out in turn, and some fixture has to miss it.

mod folder;
mod patch;

use cscr::assurance::Assurance;
use cscr::assurance::check::{Check, Group};
use cscr::assurance::checks::{GROUPS, checks};
use cscr::assurance::finding::Finding;
use folder::{Judged, judged};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A file of fixtures.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixtures {
    #[serde(default)]
    fires: Vec<Table>,
    #[serde(default)]
    passes: Vec<Table>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

fn base() -> Table {
    read(&root().join("base.toml"))
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_base_case_lacks_nothing_but_its_approvals() {
    let assurance = judged(base()).unwrap().assurance;
    let found: BTreeSet<&str> = assurance.findings.iter().map(|finding| finding.check).collect();
    assert_eq!(found, BTreeSet::from(["F1", "F2"]), "{:#?}", assurance.findings);
    assert_eq!(assurance.cross_reference.gaps, []);
}

#[test]
fn every_check_has_a_fixture_where_it_fires_and_one_where_it_does_not() {
    let files: BTreeSet<String> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|stem| stem != "base" && stem != "control-rows")
        .collect();
    let ids: BTreeSet<String> = checks().map(|check| check.id.to_owned()).collect();
    assert_eq!(files, ids, "fixtures on the left, checks on the right");
}

#[test]
fn each_check_says_what_it_says_of_its_fixtures() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../checks/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../../checks", "*[0-9].toml", |path| {
            let check = path.file_stem().unwrap().to_string_lossy().into_owned();
            let fixtures: Fixtures = read(path);
            assert!(!fixtures.fires.is_empty() && !fixtures.passes.is_empty(), "{check} needs both kinds");
            let mut said = String::new();
            for fixture in fixtures.fires {
                said += &examined(&Fixture::of(&check, fixture), true);
            }
            for fixture in fixtures.passes {
                said += &examined(&Fixture::of(&check, fixture), false);
            }
            insta::with_settings!({ snapshot_suffix => check }, {
                insta::assert_snapshot!("check", said);
            });
        });
    });
}

#[test]
fn every_function_of_a_check_is_missed_by_a_fixture() {
    let mut unmissed = Vec::new();
    for check in checks().filter(|check| check.runs.len() > 1) {
        let fixtures: Fixtures = read(&root().join(format!("{}.toml", check.id)));
        let fixtures = fixtures.fires.into_iter().map(|patch| Fixture::of(check.id, patch));
        let judged: Vec<Judged> = fixtures.map(|fixture| fixture.judged()).collect();
        for left_out in 0..check.runs.len() {
            let groups = without(check.id, left_out);
            if judged.iter().all(|judged| judged.by(&groups) == judged.assurance.findings) {
                unmissed.push(format!("function {} of {}", left_out + 1, check.id));
            }
        }
    }
    assert_eq!(unmissed, Vec::<String>::new(), "no fixture needs these");
}

/// All checks, of which one lacks one of the functions that look for it.
fn without(lacking: &str, left_out: usize) -> Vec<Group> {
    let lessened = |check: &Check| {
        let mut runs = check.runs.to_vec();
        if check.id == lacking {
            runs.remove(left_out);
        }
        Check { runs: runs.leak(), ..check.clone() }
    };
    let group = |group: &Group| {
        let checks: Vec<Check> = group.checks.iter().map(lessened).collect();
        Group { title: group.title, checks: checks.leak() }
    };
    GROUPS.iter().map(group).collect()
}

/// The case of a fixture where a check fires, by what it is about.
pub fn judged_fixture(check: &str, about: &str) -> Judged {
    let fixtures: Fixtures = read(&root().join(format!("{check}.toml")));
    let mut fixtures = fixtures.fires.into_iter().map(|patch| Fixture::of(check, patch));
    let fixture = fixtures.find(|fixture| fixture.about == about);
    fixture.unwrap_or_else(|| panic!("{check} has no fixture about \"{about}\"")).judged()
}

/// The faultless case, with a row a control where that is what the fixture spoils.
fn base_of(fixture: &Table) -> Table {
    let mut case = base();
    if fixture.contains_key("control_rows") {
        patch::apply(&mut case, read(&root().join("control-rows.toml"))).unwrap();
    }
    case
}

/// A patch on the faultless case.
struct Fixture {
    check: String,
    /// What it shows.
    about: String,
    /// Parts of what the check has to say of it.
    expects: Vec<String>,
    patch: Table,
}

impl Fixture {
    fn of(check: &str, mut patch: Table) -> Self {
        let about = patch.remove("about").and_then(|about| about.as_str().map(str::to_owned));
        let about = about.unwrap_or_else(|| panic!("a fixture of {check} does not say what it is about"));
        let expects = match patch.remove("expects") {
            None => Vec::new(),
            Some(Value::String(part)) => vec![part],
            Some(parts) => parts.try_into().unwrap_or_else(|error| panic!("{check}, {about}: {error}")),
        };
        Self { check: check.to_owned(), about, expects, patch }
    }

    /// Applies the patch and judges the case.
    fn judged(&self) -> Judged {
        let mut case = base_of(&self.patch);
        let judged =
            patch::apply(&mut case, self.patch.clone()).map_err(Into::into).and_then(|()| judged(case));
        judged.unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// Makes sure that something that the check says has each part that is expected: a finding, or why the check does
    /// not apply.
    fn hold(&self, assurance: &Assurance) {
        let findings = assurance.findings.iter().filter(|finding| finding.check == self.check);
        let exempt = assurance.not_applicable.iter().filter(|exempt| exempt.check == self.check);
        let said: Vec<&str> = findings
            .flat_map(|finding| [finding.message.as_str(), finding.remedy.as_str()])
            .chain(exempt.map(|exempt| exempt.because.as_str()))
            .collect();
        for part in &self.expects {
            assert!(
                said.iter().any(|said| said.contains(part)),
                "{self}: nothing says \"{part}\": {said:#?}"
            );
        }
    }
}

impl std::fmt::Display for Fixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.check, self.about)
    }
}

/// Makes sure that the check does what is said of it, and gives its words.
fn examined(fixture: &Fixture, fires: bool) -> String {
    let Fixture { check, about, .. } = fixture;
    let assurance = fixture.judged().assurance;
    let findings: Vec<&Finding> =
        assurance.findings.iter().filter(|finding| finding.check == check).collect();
    assert_eq!(!findings.is_empty(), fires, "{fixture}: {findings:#?}");
    fixture.hold(&assurance);
    let mut said = format!("{}: {about}\n", if fires { "fires" } else { "passes" });
    for finding in &findings {
        tell(finding, &mut said);
    }
    // They change with every field that a case gains.
    let said_digests = [&assurance.digests.cscr, &assurance.digests.hazard_log];
    said = said_digests.into_iter().fold(said, |said, digest| said.replace(digest, "(digest)"));
    tell_exemptions(check, &assurance, &mut said);
    said.push('\n');
    said
}

fn tell(finding: &Finding, said: &mut String) {
    // The test itself has written the files, so the number of a line says nothing to a reader; what it says does.
    let place = finding.source.clone().map(|place| cscr::case::Place { line: None, ..place }.to_string());
    let level = format!("{:?}", finding.level).to_lowercase();
    let all: Vec<&str> = finding.hazards.iter().map(|concerned| concerned.hazard.as_str()).collect();
    let about = finding.hazard.as_deref().map_or_else(|| all.join(" and "), str::to_owned);
    let about = if about.is_empty() { about } else { format!(", {about}") };
    let _ = writeln!(said, "  {level}{about}: {}", finding.message);
    let _ = writeln!(said, "    at: {}", place.as_deref().unwrap_or("no place"));
    if let Some(quote) = &finding.quote {
        let header = quote.header.as_ref().map(|header| format!("{header}: ")).unwrap_or_default();
        let text: String = quote.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().take(90).collect();
        let _ = writeln!(said, "      | {header}{}", if text.is_empty() { "(blank)" } else { &text });
    }
    let _ = writeln!(said, "    do: {}", finding.remedy);
    if let Some(how) = &finding.how {
        let _ = writeln!(said, "    how: {how}");
    }
    if let Some(waived) = &finding.waived {
        let _ = writeln!(said, "    {}", waived.sentence());
    }
}

fn tell_exemptions(check: &str, assurance: &Assurance, said: &mut String) {
    for exempt in assurance.not_applicable.iter().filter(|exempt| exempt.check == check) {
        let _ = writeln!(said, "  not applicable to {}: {}", exempt.hazard, exempt.because);
    }
}
