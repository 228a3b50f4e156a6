//! The readable sources of the workbooks.

use super::fault::Fault;
use cscr::case::Date;
use serde::Deserialize;

/// A hazard log in the shape of the NHS template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HazardLog {
    pub cover: Cover,
    pub history: Vec<Revision>,
    #[serde(default)]
    pub reviewers: Vec<Signatory>,
    #[serde(default)]
    pub approvers: Vec<Signatory>,
    #[serde(rename = "hazard")]
    pub hazards: Vec<Hazard>,
    /// Name of the sheet of hazards, where it is not the template's.
    pub hazard_sheet: Option<String>,
    /// What is wrong with the log on purpose.
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
    /// Further sheets, of which nothing is known.
    #[serde(default, rename = "sheet")]
    pub sheets: Vec<FurtherSheet>,
    /// Defined names that lead nowhere.
    #[serde(default)]
    pub broken_names: Vec<String>,
    /// The statuses that the sheet's saved filter shows; it hides rows with any other.
    #[serde(default)]
    pub filter_shows_status: Vec<String>,
}

/// A sheet of plain texts, row by row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurtherSheet {
    pub name: String,
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
    /// Pictures on it.
    #[serde(default)]
    pub pictures: u32,
    /// The words of a text box on it.
    pub text_box: Option<String>,
}

/// The cover, and with it the properties of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    pub title: String,
    pub programme: String,
    pub project: String,
    pub record_id: String,
    pub director: String,
    pub owner: String,
    pub author: String,
    pub status: String,
    pub version: String,
    pub date: StatedDate,
    pub purpose: String,
    /// The creation date of the file, where the date of the cover is not one.
    pub file_date: Option<Date>,
}

/// A date as a date, or in the words of the document.
#[derive(Debug, Clone)]
pub enum StatedDate {
    Date(Date),
    Words(String),
}

impl<'de> Deserialize<'de> for StatedDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Toml(toml::value::Datetime),
            Words(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Toml(date) => date.to_string().parse().map(Self::Date).map_err(serde::de::Error::custom),
            Either::Words(words) => Ok(Self::Words(words)),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    pub version: String,
    pub date: StatedDate,
    pub summary: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    pub name: String,
    pub title: String,
    pub date: Option<StatedDate>,
    pub version: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hazard {
    pub number: String,
    pub name: String,
    pub description: String,
    pub impact: String,
    pub owner: String,
    pub status: String,
    pub initial: Rating,
    pub residual: Rating,
    #[serde(default)]
    pub notes: String,
    #[serde(rename = "cause")]
    pub causes: Vec<Cause>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    pub severity: String,
    pub likelihood: String,
}

/// A cause with the controls that answer it: one of each type at most, since they share its list number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    pub text: String,
    pub existing: Option<String>,
    pub design: Option<String>,
    pub test: Option<String>,
    pub training: Option<String>,
    pub bpc: Option<String>,
}

/// A hazard log with a row for each control.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRows {
    pub cover: Cover,
    pub history: Vec<Revision>,
    #[serde(rename = "hazard")]
    pub hazards: Vec<RowHazard>,
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowHazard {
    pub number: String,
    pub name: String,
    pub description: String,
    pub impact: String,
    pub existing: String,
    pub initial: Rating,
    pub residual: Rating,
    /// A blank row stands before the hazard's rows.
    #[serde(default)]
    pub after_blank_row: bool,
    #[serde(rename = "cause")]
    pub causes: Vec<RowCause>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowCause {
    pub text: String,
    pub controls: Vec<RowControl>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowControl {
    pub text: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub owner: String,
    pub action: String,
    pub status: String,
}

/// The clinical safety sheet of the Target Operating Model, in this project's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TomSheet {
    pub title: String,
    pub introduction: String,
    pub levels: Vec<String>,
    pub risk_assessment: String,
    pub documentary_evidence: String,
    pub safety_issues: String,
    pub medicines_regulator: String,
    pub safety_officer: String,
    pub safety_group_help: String,
    pub safety_group_sign_off: String,
    pub questions: Vec<TomQuestion>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TomQuestion {
    pub id: String,
    #[serde(default)]
    pub item: String,
    pub guidance: String,
}

/// The answers of one End User Organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TomAnswers {
    pub product: String,
    pub end_user_organisation: String,
    pub date: Date,
    #[serde(default)]
    pub answers: Vec<TomAnswer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TomAnswer {
    pub id: String,
    pub answer: String,
    pub by: String,
    pub notes: String,
}
