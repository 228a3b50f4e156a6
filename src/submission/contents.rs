//! Where each document of a pack comes from: one place a role.

use super::compliance::{self, Shown};
use super::manifest::{Missing, NotNeeded};
use super::role::Role;
use super::{forms, handover};
use crate::build::Judged;
use crate::case::Case;
use crate::case::hazard::Hazard;
use crate::case::system::Declared;
use crate::export::{self, ExportError, Layout};
use crate::intake::files::CaseFolder;
use crate::intake::workbook::Limits;
use crate::intake::{InputError, LoadedCase};
use crate::report::{Letter, Rendered, ReportError};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The bytes of a document: made here, or those of a file of the case folder, which is read when it is needed.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Made(Vec<u8>),
    OfCase(String),
}

impl Content {
    pub(super) fn bytes(&self, folder: &CaseFolder) -> Result<Cow<'_, [u8]>, InputError> {
        match self {
            Self::Made(bytes) => Ok(bytes.into()),
            Self::OfCase(path) => folder.read_to_send(path).map(Cow::Owned),
        }
    }
}

/// A document that is there.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) role: Role,
    /// What tells it from others of its role: a session, a piece of evidence, a product.
    pub(super) id: String,
    /// What it is called, with its extension, where it was given.
    pub(super) name: String,
    pub(super) extension: String,
    pub(super) content: Content,
    /// The text of its pages, of a PDF that is made here.
    pub(super) pages: Option<Vec<String>>,
}

impl Piece {
    /// A document that is made here.
    fn made(role: Role, id: &str, extension: &str, bytes: Vec<u8>) -> Self {
        Self {
            role,
            id: id.to_owned(),
            name: role.key().to_owned(),
            extension: extension.to_owned(),
            content: Content::Made(bytes),
            pages: None,
        }
    }

    fn printed(role: Role, rendered: Rendered) -> Self {
        Self { pages: Some(rendered.printed), ..Self::made(role, "", "pdf", rendered.pdf) }
    }

    /// A file of the case folder.
    fn given(role: Role, id: &str, path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        Self {
            role,
            id: id.to_owned(),
            name: name.to_owned(),
            extension: extension.to_lowercase(),
            content: Content::OfCase(path.to_owned()),
            pages: None,
        }
    }

    /// Whether it is a workbook that can be filled in.
    fn is_form(&self) -> bool {
        ["xlsx", "xlsm"].contains(&self.extension.as_str())
    }

    /// Path in the case folder, of a file that was given.
    pub(super) fn source(&self) -> Option<&str> {
        match &self.content {
            Content::OfCase(path) => Some(path),
            Content::Made(_) => None,
        }
    }
}

/// What there is of a role.
#[derive(Debug, Default)]
pub(super) struct Supply {
    pub(super) pieces: Vec<Piece>,
    pub(super) missing: Vec<Missing>,
    pub(super) not_needed: Option<NotNeeded>,
    /// What is to know of the pieces.
    pub(super) notes: Vec<String>,
}

impl Supply {
    fn of(pieces: Vec<Piece>) -> Self {
        Self { pieces, ..Self::default() }
    }

    fn missing(role: Role, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { missing: vec![missing(role, what, remedy)], ..Self::default() }
    }

    fn not_needed(role: Role, why: &str) -> Self {
        Self { not_needed: Some(NotNeeded { role, why: why.to_owned() }), ..Self::default() }
    }
}

pub(super) fn missing(role: Role, what: impl Into<String>, remedy: impl Into<String>) -> Missing {
    Missing { role, what: what.into(), remedy: remedy.into() }
}

/// What documents are made from.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    pub(super) judged: &'a Judged,
    pub(super) folder: &'a CaseFolder,
    /// The report as it goes into the pack.
    pub(super) report: &'a [u8],
    /// Where its labels are printed.
    pub(super) shown: &'a Shown,
    pub(super) limits: &'a Limits,
}

impl Sources<'_> {
    fn loaded(&self) -> &LoadedCase {
        &self.judged.loaded
    }

    fn case(&self) -> &Case {
        &self.judged.loaded.case
    }

    /// What there is of a role.
    pub(super) fn supply(&self, role: Role) -> Result<Supply, ContentError> {
        Ok(match role {
            Role::Report => Supply::of(vec![Piece::made(role, "", "pdf", self.report.to_vec())]),
            Role::HazardLog => self.hazard_log()?,
            Role::HazardLogAsGiven => self.hazard_log_as_given()?,
            Role::Plan => self.plan(),
            Role::Tom => self.tom()?,
            Role::Scal => self.scal()?,
            Role::CsoEvidence => self.cso_evidence(),
            Role::ThirdPartyAssessment => self.third_party(),
            Role::Evidence => self.evidence(),
            Role::Minutes => self.minutes()?,
            Role::Compliance => self.compliance()?,
            Role::HandOverLog => self.hand_over_log()?,
            // It names all others: see [`Sources::letter`].
            Role::CoveringLetter => Supply::default(),
        })
    }

    fn hazard_log(&self) -> Result<Supply, ContentError> {
        let loaded = self.loaded();
        if loaded.inputs.hazard_log.is_none() {
            return Ok(Supply::missing(
                Role::HazardLog,
                "The case has no hazard log.",
                "name it in case.toml: hazard_log = \"...\" under [inputs]",
            ));
        }
        let export = export::Export::of(&loaded.case, loaded.as_of);
        let workbook = export::workbook::write(&export, Layout::Template)?;
        Ok(Supply::of(vec![Piece::made(Role::HazardLog, "", "xlsx", workbook)]))
    }

    fn hazard_log_as_given(&self) -> Result<Supply, ContentError> {
        const ROLE: Role = Role::HazardLogAsGiven;
        let Some(path) = &self.loaded().inputs.hazard_log else { return Ok(Supply::default()) };
        if !self.folder.has_folder(path) {
            return Ok(Supply::of(vec![Piece::given(ROLE, "", path)]));
        }
        let names = self.folder.list(path)?;
        let pages = names.iter().map(|name| Piece::given(ROLE, "", &format!("{path}/{name}")));
        Ok(Supply::of(pages.collect()))
    }

    /// A file that the case names, and that may not be there.
    fn file(&self, role: Role, id: &str, path: &str, named_by: &str) -> Supply {
        if self.folder.has(path) && !self.folder.has_folder(path) {
            if self.folder.read_bytes(path).is_ok_and(|bytes| bytes.is_empty()) {
                return Supply::missing(
                    role,
                    format!("The file \"{path}\", which {named_by} names, is empty."),
                    "put the document in its place",
                );
            }
            return Supply::of(vec![Piece::given(role, id, path)]);
        }
        Supply::missing(
            role,
            format!("The file \"{path}\", which {named_by} names, is not in the case folder."),
            "put it there, or correct its path",
        )
    }

    fn given(&self, role: Role, path: Option<&str>, what: &str, key: &str) -> Supply {
        match path {
            Some(path) => self.file(role, "", path, "[inputs] of case.toml"),
            None => Supply::missing(
                role,
                format!("The case names no {what}."),
                format!("name it in case.toml: {key} = \"...\" under [inputs]"),
            ),
        }
    }

    fn plan(&self) -> Supply {
        match &self.loaded().submission.plan {
            Some(path) => self.file(Role::Plan, "", path, "[submission] of case.toml"),
            None => Supply::missing(
                Role::Plan,
                "The clinical risk management plan is not given as a file.",
                "put it into the case folder, and name it in case.toml: plan = \"...\" under [submission]",
            ),
        }
    }

    /// The workbook with the answers of the case in it. Answers that are no workbook are not what anybody issued.
    fn tom(&self) -> Result<Supply, ContentError> {
        let path = self.loaded().inputs.tom.as_deref();
        if let Some(answers) = path.filter(|path| Piece::given(Role::Tom, "", path).extension == "toml") {
            return Ok(Supply::missing(
                Role::Tom,
                format!(
                    "The TOM is given as answers (\"{answers}\"), not as the workbook that NHS England issues."
                ),
                "enter the answers in that workbook, and name it in case.toml: tom = \"...\" under [inputs]",
            ));
        }
        let mut supply = self.given(Role::Tom, path, "TOM workbook", "tom");
        if let (Some(path), Some(tom), [piece]) = (path, &self.case().tom, &mut supply.pieces[..])
            && piece.is_form()
        {
            let original = self.folder.read_spreadsheet(path, self.limits)?;
            piece.content = Content::Made(forms::tom::fill(&original, path, tom, self.limits)?.form.bytes);
        }
        Ok(supply)
    }

    /// The same; a SCAL does not say of each row where its answer goes, so some are left to people.
    fn scal(&self) -> Result<Supply, ContentError> {
        let path = self.loaded().inputs.scal.as_deref();
        let mut supply = self.given(Role::Scal, path, "SCAL", "scal");
        if let (Some(path), Some(tom), [piece]) = (path, &self.case().tom, &mut supply.pieces[..])
            && piece.is_form()
        {
            let original = self.folder.read_spreadsheet(path, self.limits)?;
            let filled = forms::scal::fill(&original, path, tom, self.limits)?;
            piece.content = Content::Made(filled.form.bytes);
            let left = filled.left.iter();
            supply.notes =
                left.map(|left| format!("{}: left to fill in. {}", left.place, left.because)).collect();
        }
        Ok(supply)
    }

    fn compliance(&self) -> Result<Supply, ContentError> {
        let sheet = compliance::workbook(self.case(), &self.judged.assurance, self.shown)?;
        Ok(Supply::of(vec![Piece::made(Role::Compliance, "", "xlsx", sheet)]))
    }

    fn hand_over_log(&self) -> Result<Supply, ContentError> {
        Ok(match handover::of(self.case(), self.loaded().as_of)? {
            Some(log) => {
                let lost = (!log.lost.is_empty()).then(|| {
                    format!(
                        "The hand-over log does not read back as handing over {}: tell the deploying organisation.",
                        log.lost.join(", ")
                    )
                });
                let pieces = vec![Piece::made(Role::HandOverLog, "", "xlsx", log.bytes)];
                Supply { notes: lost.into_iter().collect(), ..Supply::of(pieces) }
            }
            None => Supply::not_needed(Role::HandOverLog, "The case transfers no hazard and no control."),
        })
    }

    fn minutes(&self) -> Result<Supply, ContentError> {
        if self.case().psa.is_empty() {
            return Ok(Supply::missing(
                Role::Minutes,
                "No PSA session is recorded.",
                "record the sessions in a folder of the case, and name it in case.toml: psa = \"psa\" under [inputs]",
            ));
        }
        let minutes = self.judged.document("psa-minutes")?;
        Ok(Supply::of(vec![Piece::printed(Role::Minutes, minutes)]))
    }

    /// The letter that encloses these documents.
    pub(super) fn letter(&self, letter: &Letter) -> Result<Piece, ContentError> {
        let letter = self.judged.letter("covering-letter", letter)?;
        Ok(Piece::printed(Role::CoveringLetter, letter))
    }

    fn cso_evidence(&self) -> Supply {
        let files = &self.loaded().submission.cso_evidence;
        if files.is_empty() {
            return Supply::missing(
                Role::CsoEvidence,
                "No file shows the registration and training of the Clinical Safety Officer.",
                "put the register's extract and the certificates into the case folder, and name them in case.toml: cso_evidence = [\"...\"] under [submission]",
            );
        }
        joined(files.iter().map(|file| self.file(Role::CsoEvidence, "", file, "[submission] of case.toml")))
    }

    fn third_party(&self) -> Supply {
        const ROLE: Role = Role::ThirdPartyAssessment;
        let products = match &self.case().third_party_products {
            Declared::DeclaredNone => {
                return Supply::not_needed(
                    ROLE,
                    "The case declares that the release has no third-party products.",
                );
            }
            Declared::NotGiven => {
                return Supply::missing(
                    ROLE,
                    "The case does not say whether the release has third-party products.",
                    "list them in case.toml as [[third_party_products]], or write third_party_products = \"none\"",
                );
            }
            Declared::Given(products) => products,
        };
        let files = &self.loaded().submission.third_party_assessments;
        let mut supply = joined(
            files
                .iter()
                .map(|entry| self.file(ROLE, &entry.product, &entry.file, "[submission] of case.toml")),
        );
        for product in products {
            let in_report = product.assessment.as_deref().is_some_and(|text| !text.trim().is_empty());
            if !in_report && !files.iter().any(|entry| entry.product == product.name) {
                supply.missing.push(missing(
                    ROLE,
                    format!("The third-party product {} has no assessment.", product.name),
                    "write its assessment in case.toml, or name the file under [[submission.third_party_assessments]]",
                ));
            }
        }
        if supply.pieces.is_empty() && supply.missing.is_empty() {
            return Supply::not_needed(ROLE, "The report holds the assessment of each third-party product.");
        }
        supply
    }

    /// The files of the evidence that names a control, each once.
    fn evidence(&self) -> Supply {
        let case = self.case();
        let controls = case.hazard_log.hazards.iter().flat_map(Hazard::all_controls);
        let named: BTreeSet<&str> =
            controls.flat_map(|control| &control.evidence).map(String::as_str).collect();
        let items: Vec<_> = case.evidence.iter().filter(|item| named.contains(item.id.as_str())).collect();
        if items.is_empty() {
            return Supply::missing(
                Role::Evidence,
                "No evidence names a control.",
                "record it in evidence.toml, with its file and the controls that it shows",
            );
        }
        let mut files = BTreeSet::new();
        let supply = joined(items.iter().filter_map(|item| {
            let file = item.file.as_deref().filter(|file| files.insert(*file))?;
            Some(self.file(Role::Evidence, &item.id, file, &format!("evidence {}", item.id)))
        }));
        if files.is_empty() {
            return Supply::not_needed(
                Role::Evidence,
                "The evidence is kept elsewhere, and the report refers to it.",
            );
        }
        supply
    }
}

fn joined(supplies: impl Iterator<Item = Supply>) -> Supply {
    supplies.fold(Supply::default(), |mut whole, supply| {
        whole.pieces.extend(supply.pieces);
        whole.missing.extend(supply.missing);
        whole
    })
}

/// Why a document could not be made.
#[derive(Debug)]
pub(super) enum ContentError {
    Input(InputError),
    Export(ExportError),
    Report(ReportError),
}

impl From<ReportError> for ContentError {
    fn from(error: ReportError) -> Self {
        Self::Report(error)
    }
}

impl From<InputError> for ContentError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<ExportError> for ContentError {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}
