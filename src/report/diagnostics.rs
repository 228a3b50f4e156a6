//! Errors and warnings of report making: what is wrong, where, what to do.
//!
//! Three kinds of people read them. Somebody whose case cannot be printed is told which character or file
//! is to blame; somebody who writes a template is shown the line of the template, or of the Typst source
//! that the template made; and a problem in a shared function is shown with the calls that led there.

use super::world::ReportWorld;
use crate::signature::SignatureError;
use std::fmt;
use typst::WorldExt as _;
use typst::diag::{Severity as TypstSeverity, SourceDiagnostic};
use typst::syntax::{DiagSpan, Lines};

/// A report that could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportError {
    pub what: String,
    /// Every problem that was found, in the order in which they were met.
    pub problems: Vec<Diagnostic>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// One problem, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub message: String,
    pub place: Option<CodePlace>,
    /// The calls that led there, from the innermost.
    pub trace: Vec<Call>,
    pub hints: Vec<String>,
}

/// A call on the way to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What was called, in words.
    pub what: String,
    pub place: Option<CodePlace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// A place in a template or in the Typst source that a template made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePlace {
    /// The file, by the name that its author knows it by.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1; `None` where only the line is known.
    pub column: Option<usize>,
    /// The line itself.
    pub text: String,
}

impl ReportError {
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), problems: Vec::new(), hint: None }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn problems(mut self, problems: Vec<Diagnostic>) -> Self {
        self.problems = problems;
        self
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for problem in &self.problems {
            write!(f, "\n{problem}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  do: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ReportError {}

impl From<SignatureError> for ReportError {
    fn from(error: SignatureError) -> Self {
        let SignatureError { what, hint } = error;
        Self { what, problems: Vec::new(), hint }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{word}: {}", self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n{place}")?;
        }
        for call in &self.trace {
            write!(f, "\n  {call}")?;
        }
        for hint in &self.hints {
            write!(f, "\n  do: {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.place {
            Some(CodePlace { file, line, .. }) => write!(f, ", at {file}, line {line}"),
            None => Ok(()),
        }
    }
}

impl Diagnostic {
    /// The places of the problem and of the calls that led to it.
    pub(super) fn places_mut(&mut self) -> impl Iterator<Item = &mut CodePlace> {
        self.place.iter_mut().chain(self.trace.iter_mut().filter_map(|call| call.place.as_mut()))
    }
}

impl fmt::Display for CodePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  at: {}, line {}", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        let number = self.line.to_string();
        write!(f, "\n  {number} | {}", self.text)?;
        if let Some(column) = self.column {
            write!(f, "\n  {:width$} | {:indent$}^", "", "", width = number.len(), indent = column - 1)?;
        }
        Ok(())
    }
}

/// What Typst said, with places in files that the reader knows.
pub(super) fn from_typst<'a>(
    world: &ReportWorld,
    diagnostics: impl IntoIterator<Item = &'a SourceDiagnostic>,
) -> Vec<Diagnostic> {
    diagnostics.into_iter().map(|diagnostic| one_from_typst(world, diagnostic)).collect()
}

fn one_from_typst(world: &ReportWorld, diagnostic: &SourceDiagnostic) -> Diagnostic {
    let trace = diagnostic
        .trace
        .iter()
        .map(|point| Call { what: point.v.to_string(), place: code_place(world, point.span.into()) });
    let hints = diagnostic.hints.iter().map(|hint| hint.v.to_string());
    Diagnostic {
        severity: match diagnostic.severity {
            TypstSeverity::Error => Severity::Error,
            TypstSeverity::Warning => Severity::Warning,
        },
        message: diagnostic.message.to_string(),
        place: code_place(world, diagnostic.span),
        trace: trace.collect(),
        hints: hints.filter(|hint| !is_about_arguments(hint)).collect(),
    }
}

/// Whether a hint speaks of an argument of Typst's own command line, such as `--root`, which there is not.
fn is_about_arguments(hint: &str) -> bool {
    hint.split("--").skip(1).any(|after| after.starts_with(|c: char| c.is_ascii_lowercase()))
}

fn code_place(world: &ReportWorld, span: DiagSpan) -> Option<CodePlace> {
    let file = world.entry(span.id()?)?;
    let start = world.range(span)?.start;
    let lines = Lines::new(file.text()?);
    let (line, column) = lines.byte_to_line_column(start)?;
    Some(CodePlace {
        file: file.origin().to_owned(),
        line: line + 1,
        column: Some(column + 1),
        text: shown_line(lines.text(), line, column),
    })
}

/// A line of a source, cut where it is too long to show.
fn shown_line(text: &str, line: usize, column: usize) -> String {
    const LONGEST: usize = 160;
    let line = text.lines().nth(line).unwrap_or_default();
    // Tabs would move the mark that stands below the line.
    line.replace('\t', " ").chars().take(LONGEST.max(column + 20)).collect()
}

/// What minijinja said, with the template's line.
pub(super) fn from_minijinja(
    error: &minijinja::Error,
    source: impl Fn(&str) -> Option<(String, String)>,
) -> Diagnostic {
    let mut messages = vec![message_of(error)];
    let mut place = None;
    let mut cause: Option<&minijinja::Error> = Some(error);
    while let Some(current) = cause {
        // The innermost error that knows its line is where the fault is.
        if let (Some(name), Some(line)) = (current.name(), current.line())
            && let Some((file, text)) = source(name)
        {
            place = Some(CodePlace { file, line, column: None, text: shown_line(&text, line - 1, 0) });
        }
        cause = std::error::Error::source(current).and_then(|source| source.downcast_ref());
        messages.extend(cause.map(message_of));
    }
    messages.dedup();
    Diagnostic {
        severity: Severity::Error,
        message: messages.join(": "),
        place,
        trace: Vec::new(),
        hints: Vec::new(),
    }
}

fn message_of(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_below_its_column() {
        let place = CodePlace {
            file: "lib/hazard.typ".to_owned(),
            line: 12,
            column: Some(3),
            text: "#(foo)".to_owned(),
        };
        assert_eq!(place.to_string(), "  at: lib/hazard.typ, line 12, column 3\n  12 | #(foo)\n     |   ^");
    }
}
