//! `cscr pack`: one release's safety case for somebody else, and `cscr pack --verify`: what such a pack is worth.

mod words;

use super::verify::{certificates, read};
use super::{Failure, Format, Outcome, clock, limits, output, terminal};
use crate::build::{Judged, Request};
use crate::case::Date;
use crate::case::digest::canonical_json;
use crate::intake::files::CaseFolder;
use crate::report::RenderOptions;
use crate::signature::Certificate;
use crate::signed_report::Question;
use crate::submission::archive::Bounds;
use crate::submission::verify::{VerifyRequest, verify};
use crate::submission::{self, GivenReport, PackError, PackRequest, Profile, ProfileError};
use crate::trace::Trace;
use crate::whole_file;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

#[derive(Debug, Args)]
pub(super) struct Pack {
    /// The case folder
    #[arg(required_unless_present = "verify", conflicts_with = "verify")]
    case: Option<PathBuf>,
    /// Verify a pack: every hash, the signatures, that log and report agree, and that nothing is missing
    #[arg(long, value_name = "FILE.zip")]
    verify: Option<PathBuf>,
    /// Where to write the pack; without it, in the case folder's `output`, named as the profile says
    #[arg(long, short, value_name = "FILE.zip", conflicts_with = "verify")]
    output: Option<PathBuf>,
    /// Who receives it: ers, dtac, dcb0160-handover, or a profile of your own; without it, the one that case.toml or the
    /// pack names, else ers
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,
    /// Refuse unless nothing is missing and nothing stands in the way of a release
    #[arg(long, conflicts_with = "verify")]
    release: bool,
    /// The signed report; without it, the one that case.toml names, else the report is built, and is not signed
    #[arg(long, value_name = "FILE.pdf", conflicts_with = "verify")]
    report: Option<PathBuf>,
    /// Pack although there are valid NHS numbers in the files
    #[arg(long, conflicts_with = "verify")]
    allow_nhs_numbers: bool,
    /// Replace a file that is there already; never one that the case is made of
    #[arg(long, conflicts_with = "verify")]
    force: bool,
    /// Template of the report, if it is built: a name, or a folder with a template.toml
    #[arg(long, value_name = "NAME|DIR", default_value = "ers-cscr")]
    template: String,
    /// Folder of templates, whose files override the ones that are built in
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Folder of further fonts; may be given several times
    #[arg(long, value_name = "DIR")]
    fonts: Vec<PathBuf>,
    #[command(flatten)]
    judges: Judges,
    /// Day to judge the case by, as for `build`, and signatures by as of its end; or a moment, such as
    /// 2026-09-14T09:05:00Z, to judge signatures by, and the case by its day
    #[arg(long, value_name = "DATE|RFC3339")]
    as_of: Option<AsOf>,
    /// How the answer of --verify is printed
    #[arg(long, value_enum, default_value = "text", requires = "verify")]
    format: Format,
    #[command(flatten)]
    limits: limits::LimitOptions,
}

/// By whom and by what signatures are judged.
#[derive(Debug, Args)]
struct Judges {
    /// Certificate of an authority that you trust, in PEM or DER; may be given several times
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Revocation list, in DER or PEM; may be given several times
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// OCSP answer, in DER; may be given several times
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Id of a person whose certificate has another name than the report, and who is the same; may be given several
    /// times
    #[arg(long, value_name = "ID")]
    name_differs: Vec<String>,
}

/// What signatures are judged by, read.
struct Grounds {
    anchors: Vec<Certificate>,
    revocation_lists: Vec<Vec<u8>>,
    ocsp_answers: Vec<Vec<u8>>,
    as_of: Timestamp,
}

/// A day, or a moment.
#[derive(Debug, Clone, Copy)]
enum AsOf {
    Day(Date),
    Moment(Timestamp),
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self::Day).or_else(|_| text.parse().map(Self::Moment)).map_err(|_: jiff::Error| {
            "neither a day, such as 2026-09-14, nor a moment, such as 2026-09-14T09:05:00Z".to_owned()
        })
    }
}

impl AsOf {
    /// The day to judge the case by: of a moment, its day in UTC.
    fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Moment(moment) => {
                let day = moment.to_zoned(TimeZone::UTC).date();
                Date::new(day.year(), day.month(), day.day())
            }
        }
    }

    /// The moment to judge signatures by: of a day, its end in UTC.
    fn moment(self) -> Option<Timestamp> {
        match self {
            Self::Day(day) => format!("{day}T23:59:59Z").parse().ok(),
            Self::Moment(moment) => Some(moment),
        }
    }
}

impl Judges {
    fn grounds(&self, as_of: Option<AsOf>) -> Result<Grounds, Failure> {
        Ok(Grounds {
            anchors: certificates(&self.trust)?,
            revocation_lists: super::ltv::revocation_lists(&self.crl)?,
            ocsp_answers: self.ocsp.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?,
            as_of: as_of.and_then(AsOf::moment).unwrap_or_else(clock::now),
        })
    }

    fn question<'a>(&'a self, grounds: &'a Grounds) -> Question<'a> {
        Question {
            required: &[],
            anchors: &grounds.anchors,
            revocation_lists: &grounds.revocation_lists,
            ocsp_answers: &grounds.ocsp_answers,
            same_people: &self.name_differs,
            as_of: grounds.as_of,
        }
    }
}

impl Pack {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        match (&self.verify, &self.case) {
            (Some(pack), _) => self.verified(pack),
            (None, Some(case)) => self.packed(case, quiet),
            (None, None) => Err(failure("name a case folder, or a pack with --verify")),
        }
    }

    fn packed(&self, case: &Path, quiet: bool) -> Result<Outcome, Failure> {
        let trace = Trace::default();
        let judged = Judged::of(&self.request(case), &trace)?;
        let folder = CaseFolder::open_traced(case, trace)?;
        let profile = self.profile(&folder, judged.loaded.submission.profile.as_deref())?;
        let grounds = self.judges.grounds(self.as_of)?;
        let pack = submission::Pack::make(&PackRequest {
            judged: &judged,
            folder: &folder,
            profile: &profile,
            report: self.report(&folder, judged.loaded.submission.signed_report.as_deref())?,
            allow_nhs_numbers: self.allow_nhs_numbers,
            question: self.judges.question(&grounds),
            limits: self.limits.limits(),
        })?;
        if !pack.refusals.is_empty() {
            terminal::say_all(&words::refused(&pack));
            return Ok(Outcome::No);
        }
        if self.release && pack.manifest.draft {
            terminal::say_all(&words::not_released(&pack));
            return Ok(Outcome::No);
        }
        let path = self.output.clone().unwrap_or_else(|| case.join("output").join(&pack.name));
        output::refuse_existing(&path, case, self.force, "pack.zip")?;
        whole_file::write_with(&path, |file| pack.write(&folder, file).map(drop)).map_err(
            |error| match error {
                PackError::Write(error) => output::cannot_write(&path, &error),
                error => Failure::from(error),
            },
        )?;
        if !quiet {
            terminal::say_all(&words::packed(&pack));
        }
        terminal::print(&format!("{}\n", path.display()))?;
        Ok(Outcome::Done)
    }

    fn request(&self, case: &Path) -> Request {
        Request {
            case: case.to_owned(),
            as_of: self.as_of.and_then(AsOf::day),
            limits: self.limits.limits(),
            template: self.template.clone(),
            templates: self.templates.clone(),
            fonts: self.fonts.clone(),
            release: self.release,
            since: None,
            options: RenderOptions::default(),
        }
    }

    /// The profile that was asked for; else the one that the case names.
    fn profile(&self, folder: &CaseFolder, of_case: Option<&str>) -> Result<Profile, Failure> {
        match (&self.profile, of_case) {
            (Some(own), _) => named(own),
            (None, Some(own)) if is_file(own) => Ok(Profile::parse(own, &folder.read_text(own)?)?),
            (None, own) => Ok(Profile::built_in(own.unwrap_or(Profile::USUAL))?),
        }
    }

    fn report(&self, folder: &CaseFolder, of_case: Option<&str>) -> Result<Option<GivenReport>, Failure> {
        Ok(match (&self.report, of_case) {
            (Some(path), _) => Some(GivenReport { name: path.display().to_string(), pdf: read(path)? }),
            (None, Some(path)) => Some(GivenReport { name: path.to_owned(), pdf: folder.read_bytes(path)? }),
            (None, None) => None,
        })
    }

    fn verified(&self, path: &Path) -> Result<Outcome, Failure> {
        let profile = self.profile.as_deref().map(named).transpose()?;
        let grounds = self.judges.grounds(self.as_of)?;
        let file = File::open(path).map_err(|error| {
            failure(&format!("{} cannot be read: {error}\n  do: check the path", path.display()))
        })?;
        let outcome = verify(
            io::BufReader::new(file),
            &VerifyRequest {
                profile: profile.as_ref(),
                question: self.judges.question(&grounds),
                limits: self.limits.limits(),
                bounds: Bounds::default(),
            },
        );
        let verdict = match outcome {
            Ok(verdict) => verdict,
            Err(refused) if refused.is_no_archive => {
                return Err(failure(&format!(
                    "{}: {refused}\n  do: name a pack, as `cscr pack` wrote it",
                    path.display()
                )));
            }
            Err(refused) => {
                match self.format {
                    Format::Text => terminal::print(&words::not_read(path, &refused))?,
                    Format::Json => terminal::print(&canonical_json(&words::refused_verdict(&refused)))?,
                }
                return Ok(Outcome::No);
            }
        };
        match self.format {
            Format::Text => terminal::print(&words::verdict(path, &verdict))?,
            Format::Json => terminal::print(&canonical_json(&verdict))?,
        }
        Ok(if verdict.holds { Outcome::Done } else { Outcome::No })
    }
}

/// A profile by its name, or in a file.
fn named(own: &str) -> Result<Profile, Failure> {
    if !is_file(own) {
        return Ok(Profile::built_in(own)?);
    }
    let text = std::fs::read_to_string(own)
        .map_err(|error| failure(&format!("{own} cannot be read: {error}\n  do: check the path")))?;
    Ok(Profile::parse(own, &text)?)
}

fn is_file(profile: &str) -> bool {
    Path::new(profile).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

fn failure(what: &str) -> Failure {
    Failure::Output { what: what.to_owned() }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        Self::Output { what: error.to_string() }
    }
}

impl From<PackError> for Failure {
    fn from(error: PackError) -> Self {
        match error {
            PackError::Input(error) => Self::Input(error),
            PackError::Build(error) => Self::from(error),
            PackError::Export(error) => Self::from(error),
            PackError::Profile(error) => Self::from(error),
            PackError::Changed(path) => Self::Output {
                what: format!(
                    "{path} was changed while it was packed\n  do: pack again once nobody saves the file"
                ),
            },
            PackError::Write(error) => Self::Output { what: format!("The pack cannot be written: {error}") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_moment_each_judge_case_and_signatures() {
        let read = |text: &str| {
            let as_of: AsOf = text.parse().unwrap();
            (as_of.day().unwrap().to_string(), as_of.moment().unwrap().to_string())
        };
        assert_eq!(read("2020-01-01"), ("2020-01-01".to_owned(), "2020-01-01T23:59:59Z".to_owned()));
        assert_eq!(
            read("2020-01-01T23:30:00-02:00"),
            ("2020-01-02".to_owned(), "2020-01-02T01:30:00Z".to_owned())
        );
        assert!("soon".parse::<AsOf>().is_err());
    }
}
