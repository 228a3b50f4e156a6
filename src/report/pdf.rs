//! From Typst source to PDF bytes: PDF/A-3a (archivable, with attachments) and PDF/UA-1 (accessible) at once.

use super::diagnostics::{Diagnostic, Severity, from_typst};
use super::link::TO;
use super::resumed::LastLayout;
use super::running_digest::{self, Running};
use super::world::ReportWorld;
use super::{ReportError, printed};
use crate::case::Date;
use crate::parallel::side_by_side;
use comemo::Track;
use ecow::EcoString;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use typst::diag::{SourceDiagnostic, SourceResult};
use typst::foundations::{Datetime, Label, NativeElement, Smart};
use typst::introspection::{Introspector, Location};
use typst::model::{HeadingElem, LateLinkResolver};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// A laid-out and exported document.
pub(super) struct Exported<T> {
    pub pdf: Vec<u8>,
    /// The text of each page.
    pub printed: Vec<String>,
    /// What was read from it.
    pub read: T,
    /// Where each label stands, in words.
    pub shown: BTreeMap<String, String>,
    /// Whether it goes on from a last layout.
    pub resumed: bool,
    pub layout: Duration,
    pub export: Duration,
    pub warnings: Vec<Diagnostic>,
}

/// Lays a world out and exports it. `ident` names the document through all its versions. With a last layout, it is
/// gone on from there, and the new one is kept. The text of the pages is read while the PDF is written.
pub(super) fn export<T: Send>(
    world: &ReportWorld,
    ident: String,
    as_of: Date,
    running: Running,
    last: Option<&mut LastLayout>,
    read: impl FnOnce(&[String]) -> T + Send,
) -> Result<Exported<T>, ReportError> {
    let started = Instant::now();
    let resumed = last.as_ref().and_then(|last| last.resume(world));
    let is_resumed = resumed.is_some();
    let (document, warnings) = match resumed {
        Some(document) => (document, Vec::new()),
        None => layout(world)?,
    };
    if let Some(last) = last {
        last.keep(&document);
    }
    let document = running_digest::put(document, running).map_err(ReportError::new)?;
    let layout = started.elapsed();
    let started = Instant::now();
    let options = options(ident, as_of)?;
    let read = || {
        let printed = printed::pages(&document);
        let read = read(&printed);
        (printed, printed::shown(&document), read)
    };
    let ((printed, shown, read), pdf) = side_by_side(read, || write(&document, &options));
    let pdf = pdf.map_err(|errors| failure(world, &errors))?;
    Ok(Exported {
        pdf,
        printed,
        read,
        shown,
        resumed: is_resumed,
        layout,
        export: started.elapsed(),
        warnings,
    })
}

/// Writes the PDF. Headings are named in it, as their labels are, for links from elsewhere. Each name is given to the
/// mark at the top of the heading that links lead to, so that these lead there by name too.
fn write(document: &PagedDocument, options: &PdfOptions) -> SourceResult<Vec<u8>> {
    let introspector = document.introspector();
    let headings = introspector.query(&HeadingElem::ELEM.select());
    let named = headings.iter().filter_map(|heading| {
        let name = heading.label()?.resolve();
        let landing = Label::new(PicoStr::intern(&format!("{TO}{}", name.as_str())))?;
        let landing = introspector.query_label(landing).ok()?.location()?;
        Some((landing, EcoString::from(name.as_str())))
    });
    let named: Vec<(Location, EcoString)> = named.collect();
    let links = LateLinkResolver::new(None, introspector.as_ref());
    typst_pdf::pdf_in_bundle(document, options, &named, links.track())
}

/// Lays a world out. A document that does not settle has wrong page numbers, so that is an error.
pub(super) fn layout(world: &ReportWorld) -> Result<(PagedDocument, Vec<Diagnostic>), ReportError> {
    let compiled = typst::compile::<PagedDocument>(world);
    let warnings = from_typst(world, &compiled.warnings);
    let document = compiled.output.map_err(|errors| failure(world, &errors))?;
    if warnings.iter().any(|warning| warning.message.contains("did not converge")) {
        let problems =
            warnings.into_iter().map(|warning| Diagnostic { severity: Severity::Error, ..warning });
        return Err(ReportError::new("the report did not settle: its page numbers depend on themselves")
            .problems(problems.collect())
            .hint("look in the template for text whose length depends on a page number or a count"));
    }
    Ok((document, warnings))
}

fn failure(world: &ReportWorld, errors: &[SourceDiagnostic]) -> ReportError {
    ReportError::new("the report could not be set").problems(from_typst(world, errors))
}

/// A PDF to be taken into another one, of this date: archivable, without a structure of its own.
pub(super) fn export_untagged(world: &ReportWorld, date: Option<Datetime>) -> Result<Vec<u8>, ReportError> {
    let (document, _) = layout(world)?;
    let options = PdfOptions {
        timestamp: date.map(Timestamp::new_utc),
        standards: standards(&[PdfStandard::A_3b])?,
        tagged: false,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| failure(world, &errors))
}

fn standards(standards: &[PdfStandard]) -> Result<PdfStandards, ReportError> {
    PdfStandards::new(standards).map_err(|error| ReportError::new(error.message().as_str()))
}

fn options(ident: String, as_of: Date) -> Result<PdfOptions, ReportError> {
    let standards = standards(&[PdfStandard::A_3a, PdfStandard::Ua_1])?;
    let month_and_day = (u8::try_from(as_of.month()), u8::try_from(as_of.day()));
    let (Ok(month), Ok(day)) = month_and_day else {
        return Err(ReportError::new(format!("{as_of} cannot be the date of a PDF")));
    };
    let midnight = Datetime::from_ymd_hms(as_of.year().into(), month, day, 0, 0, 0);
    Ok(PdfOptions {
        ident: Smart::Custom(ident),
        timestamp: midnight.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}
