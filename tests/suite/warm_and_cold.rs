//! What Typst remembers of earlier builds makes the next one quick, and never other than it would be: after each of many
//! edits, the bytes of a warm build are those of a build in a process that remembers nothing. So are, after these edits,
//! those of a build that goes on from where everything stood.

use crate::commands::sample;
use crate::documents::copy;
use cscr::build::{Judged, Request};
use cscr::case::digest::sha256_hex;
use cscr::intake::workbook::Limits;
use cscr::report::{LastLayout, RenderOptions, evict};
use cscr::trace::Trace;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// What Typst remembers is of the whole process.
static MEMORY: Mutex<()> = Mutex::new(());

const EDITS: usize = 200;

/// The built-in template with few of its sections: what all pages share, contents, narrative and sheets.
const TEMPLATE: &str = r#"extends = "ers-cscr"

[[sections]]
id = "introduction"
title = "Introduction"

[[sections]]
id = "clinical-risk-control"
title = "Clinical risk control"
"#;

const SEVERITIES: [&str; 4] = ["Minor", "Significant", "Major", "Catastrophic"];
const LIKELIHOODS: [&str; 4] = ["Very Low", "Low", "Medium", "High"];

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

#[derive(Debug, Clone)]
struct Hazard {
    number: usize,
    name: String,
    description: String,
    initial: (usize, usize),
    residual: (usize, usize),
    controls: Vec<String>,
}

/// A case that is small enough to be built cold two hundred times.
#[derive(Debug, Clone)]
struct State {
    hazards: Vec<Hazard>,
    narrative: String,
    day: usize,
    approvals: usize,
    made: usize,
}

impl State {
    fn new() -> Self {
        let mut state = Self {
            hazards: Vec::new(),
            narrative: "What this report is about.".to_owned(),
            day: 14,
            approvals: 0,
            made: 0,
        };
        state.add_hazard();
        state.add_hazard();
        state
    }

    fn add_hazard(&mut self) {
        self.made += 1;
        let number = self.made;
        self.hazards.push(Hazard {
            number,
            name: format!("Referral {number} goes astray"),
            description: "It is shown to staff of another service.".to_owned(),
            initial: (2, 2),
            residual: (2, 0),
            controls: vec!["The address is shown beside the name.".to_owned()],
        });
    }

    fn edit(&mut self, chance: &mut Chance) {
        let at = chance.below(self.hazards.len());
        let count = self.hazards.len();
        let hazard = &mut self.hazards[at];
        let words =
            ["Staff look twice.", "It is told to nobody, and found late.", "A line of text.", "Short."];
        let words = words[chance.below(words.len())];
        match chance.below(11) {
            0 => hazard.residual = (chance.below(4), chance.below(4)),
            1 => hazard.initial = (chance.below(4), chance.below(4)),
            2 => hazard.description = format!("{} {words}", hazard.description),
            3 => words.clone_into(&mut hazard.description),
            4 => hazard.name = format!("Referral {} is lost: {words}", hazard.number),
            5 if hazard.controls.len() < 4 => hazard.controls.push(words.to_owned()),
            5 | 6 => drop(hazard.controls.pop()),
            7 if count < 3 => self.add_hazard(),
            7 | 8 if count > 1 => drop(self.hazards.remove(at)),
            9 => self.approvals = (self.approvals + 1) % 3,
            10 => self.day = 10 + chance.below(18),
            _ => self.narrative = format!("{words}\n\nThe log holds {count} hazards."),
        }
    }

    fn write(&self, folder: &Path) {
        let case = format!(
            "as_of = 2026-09-{}\n[product]\nname = \"Referral Desk\"\n[release]\nversion = \"1.0\"\n\
             [inputs]\nhazard_log = \"log.toml\"\nnarrative = \"narrative\"\n\
             [[people]]\nid = \"a\"\nname = \"A. Person\"\nrole = \"Clinical Safety Officer\"\n",
            self.day
        );
        fs::write(folder.join("case.toml"), case).unwrap();
        fs::write(folder.join("log.toml"), self.log()).unwrap();
        fs::write(folder.join("narrative/introduction.md"), &self.narrative).unwrap();
        let approval = |number: usize| {
            let digest = sha256_hex(number.to_string().as_bytes());
            format!(
                "[[approvals]]\ndocument = \"cscr\"\nperson = \"a\"\ndate = 2026-09-0{}\ncontent_digest = \"{digest}\"\n",
                number + 1
            )
        };
        let approvals: String = (0..self.approvals).map(approval).collect();
        let path = folder.join("approvals.toml");
        if self.approvals > 0 {
            fs::write(path, approvals).unwrap();
        } else {
            fs::remove_file(path).unwrap_or_default();
        }
    }

    fn log(&self) -> String {
        self.hazards.iter().fold(String::new(), |mut log, hazard| {
            let Hazard { number, name, description, initial, residual, controls } = hazard;
            let rating = |(severity, likelihood): &(usize, usize)| {
                let (severity, likelihood) = (SEVERITIES[*severity], LIKELIHOODS[*likelihood]);
                format!("{{ severity = \"{severity}\", likelihood = \"{likelihood}\" }}")
            };
            let (initial, residual) = (rating(initial), rating(residual));
            let _ = writeln!(
                log,
                "[[hazards]]\nid = \"H{number:02}\"\nname = \"{name}\"\ndescription = \"{description}\"\n\
                 causes = [\"Two clinics share a name\"]\ninitial = {initial}\nresidual = {residual}\ncontrols = ["
            );
            for (index, text) in controls.iter().enumerate() {
                let id = format!("H{number:02}.D{}", index + 1);
                let _ = writeln!(log, "  {{ id = \"{id}\", type = \"design\", text = \"{text}\" }},");
            }
            log + "]\n"
        })
    }
}

fn request(case: &Path, template: &str) -> Request {
    Request {
        case: case.to_owned(),
        as_of: None,
        limits: Limits::default(),
        template: template.to_owned(),
        templates: None,
        fonts: Vec::new(),
        release: false,
        since: None,
        options: RenderOptions::default(),
    }
}

/// The digest of the PDF, how many pages it has, and whether it goes on from a last layout.
fn built(request: &Request, last: Option<&mut LastLayout>) -> (String, usize, bool) {
    let judged = Judged::of(request, &Trace::default()).unwrap_or_else(|error| panic!("{error:?}"));
    let report = match last {
        Some(last) => judged.report_after(last),
        None => judged.report(),
    };
    let rendered = report.unwrap_or_else(|error| panic!("{error}"));
    (sha256_hex(&rendered.pdf), rendered.pages, rendered.resumed)
}

fn cold(request: &Request) -> (String, usize) {
    evict(0);
    let (digest, pages, _) = built(request, None);
    (digest, pages)
}

/// As `cscr watch` builds: soon, going on from the last layout, and then from nothing. Says of the first whether it did
/// go on.
fn warm(request: &Request, last: &mut LastLayout) -> ((String, usize), bool) {
    let (digest, pages, resumed) = built(request, Some(last));
    let (settled, ..) = built(request, None);
    assert_eq!(digest, settled);
    cscr::build::forget();
    ((digest, pages), resumed)
}

#[test]
fn warm_bytes_are_cold_bytes_over_many_edits() {
    let _alone = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let (case, template) = (folder.path().join("case"), folder.path().join("template"));
    fs::create_dir_all(case.join("narrative")).unwrap();
    fs::create_dir(&template).unwrap();
    fs::write(template.join("template.toml"), TEMPLATE).unwrap();
    let request = request(&case, template.to_str().unwrap());
    let mut chance = Chance(7);
    let mut states = vec![State::new()];
    for _ in 0..EDITS {
        let mut state = states.last().unwrap().clone();
        state.edit(&mut chance);
        states.push(state);
    }
    let mut last = LastLayout::default();
    let (warm, resumed): (Vec<_>, Vec<_>) = states
        .iter()
        .map(|state| {
            state.write(&case);
            warm(&request, &mut last)
        })
        .unzip();
    let resumed = resumed.iter().filter(|resumed| **resumed).count();
    assert!(resumed > EDITS * 9 / 10, "only {resumed} go on from the last layout");
    let different: BTreeSet<&str> = warm.iter().map(|(digest, _)| digest.as_str()).collect();
    assert!(different.len() > EDITS / 2, "the edits would prove little: {}", different.len());
    for (number, (state, warm)) in states.iter().zip(&warm).enumerate() {
        state.write(&case);
        assert_eq!(&cold(&request), warm, "after edit {number}: {state:?}");
    }
}

#[test]
fn so_are_those_of_the_sample_report() {
    type Edit = fn(&Path);
    let _alone = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    copy(&sample("referral-hub"), folder.path());
    let request = request(folder.path(), "ers-cscr");
    let edits: [Edit; 5] = [
        |_| {},
        |case| replace(&case.join("case.toml"), "name = \"Referral Hub\"", "name = \"The Referral Hub\""),
        |case| {
            let path = case.join("narrative/introduction.md");
            let told = fs::read_to_string(&path).unwrap() + "\n\nIt was read again.\n";
            fs::write(path, told).unwrap();
        },
        |case| fs::remove_file(case.join("supplement.toml")).unwrap_or_default(),
        |case| replace(&case.join("case.toml"), "supplement = ", "# supplement = "),
    ];
    let (mut states, mut last) = (Vec::new(), LastLayout::default());
    for edit in edits {
        edit(folder.path());
        let Ok(_) = Judged::of(&request, &Trace::default()) else { continue };
        let state = tempfile::tempdir().unwrap();
        copy(folder.path(), state.path());
        states.push((warm(&request, &mut last).0, state));
    }
    assert!(states.len() >= 4);
    for (warm, state) in states {
        assert_eq!(cold(&self::request(state.path(), "ers-cscr")), warm);
    }
}

fn replace(path: &Path, what: &str, by: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(what), "{}", path.display());
    fs::write(path, text.replacen(what, by, 1)).unwrap();
}
