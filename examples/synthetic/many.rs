//! Many synthetic cases of very different sizes, a tenth of them broken, in ten ways.

use super::case::{self, Density, Edit};
use std::fs;
use std::path::Path;

type Error = Box<dyn std::error::Error>;

/// Fewest and most hazards of a case.
pub const SIZES: (u32, u32) = (3, 300);

/// One way to break a case, and what is said of it.
pub struct Fault {
    pub says: &'static str,
    spoil: fn(&Path) -> std::io::Result<()>,
}

pub const FAULTS: [Fault; 10] = [
    Fault { says: "hazard-log.xlsx", spoil: |case| cut(&case.join("hazard-log.xlsx")) },
    Fault { says: "case.toml, line", spoil: |case| add(&case.join("case.toml"), "[document\n") },
    Fault {
        says: "The key \"hazrad_log\" is not known here",
        spoil: |case| change(&case.join("case.toml"), "hazard_log", "hazrad_log"),
    },
    Fault {
        says: "hazard_log = \"hazard-log.xlsx\", and there is no such file",
        spoil: |case| fs::remove_file(case.join("hazard-log.xlsx")),
    },
    Fault { says: "hazard-log.xlsx", spoil: |case| fs::write(case.join("hazard-log.xlsx"), "Dear all,\n") },
    Fault {
        says: "risk-assessment.toml, line",
        spoil: |case| change(&case.join("risk-assessment.toml"), "potential-risk", "a-risk"),
    },
    Fault {
        says: "The evidence id \"EV-001\" is used twice",
        spoil: |case| {
            add(
                &case.join("evidence.toml"),
                "[[evidence]]\nid = \"EV-001\"\ntitle = \"Again\"\nshows = [\"implementation\"]\ncontrols = []\n",
            )
        },
    },
    Fault {
        says: "clinical-risk-analysis.md, line",
        spoil: |case| add(&case.join("narrative/clinical-risk-analysis.md"), "{{ nothing_of_the_kind }}\n"),
    },
    Fault {
        says: "is not UTF-8 text",
        spoil: |case| fs::write(case.join("narrative/clinical-risk-analysis.md"), b"caf\xe9\n"),
    },
    Fault {
        says: "The case does not say which product it is for",
        spoil: |case| change(&case.join("case.toml"), "Measured Product", " "),
    },
];

/// What became of a case: its folder, and how it was broken.
pub struct Made {
    pub name: String,
    pub hazards: u32,
    pub fault: Option<&'static Fault>,
}

/// Writes so many cases into a folder.
pub fn write(folder: &Path, count: u32, (fewest, most): (u32, u32)) -> Result<Vec<Made>, Error> {
    let mut made = Vec::new();
    for number in 0..count {
        let name = format!("case-{number:04}");
        let hazards = size(number, fewest, most);
        let path = folder.join(&name);
        case::write(&path, hazards, Density::Plain, Edit::default())?;
        let product = format!("name = \"Measured Product {number}\"");
        let is_broken = number % 10 == 7;
        let fault = is_broken.then(|| &FAULTS[(number / 10) as usize % FAULTS.len()]);
        if let Some(fault) = fault {
            (fault.spoil)(&path)?;
        }
        change(&path.join("case.toml"), "name = \"Measured Product\"", &product)?;
        made.push(Made { name, hazards, fault });
    }
    Ok(made)
}

/// As many cases of 3 to 30 hazards as of 30 to 300, in an order in which any few that stand together are of all sizes.
fn size(number: u32, fewest: u32, most: u32) -> u32 {
    let place = f64::from(number.reverse_bits()) / f64::from(u32::MAX);
    let size = f64::from(fewest) * (f64::from(most) / f64::from(fewest)).powf(place);
    let distance = |hazards: &u32| (f64::from(*hazards) - size).abs();
    (fewest..=most).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(fewest)
}

fn cut(file: &Path) -> std::io::Result<()> {
    let bytes = fs::read(file)?;
    fs::write(file, &bytes[..bytes.len() / 2])
}

fn add(file: &Path, text: &str) -> std::io::Result<()> {
    fs::write(file, fs::read_to_string(file)? + text)
}

fn change(file: &Path, from: &str, to: &str) -> std::io::Result<()> {
    fs::write(file, fs::read_to_string(file)?.replace(from, to))
}
