//! A hazard log as rows and columns, whatever kind of file they are written to.

use crate::case::hazard::{Hazard, Rating, StatedRisk};

/// The hazards of a log, laid out.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    pub columns: Vec<Column>,
    pub rows: Vec<Row<'a>>,
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub header: &'static str,
    /// Width in characters.
    pub width: u32,
    pub content: Content,
}

/// What the cells of a column hold, as far as a spreadsheet can help with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Text,
    Severity,
    Likelihood,
    Risk(Stage),
    /// Status of a hazard.
    Status,
}

/// Which of the two ratings of a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Initial,
    Residual,
}

impl Stage {
    #[must_use]
    pub fn of(self, hazard: &Hazard) -> &Rating {
        match self {
            Self::Initial => &hazard.initial,
            Self::Residual => &hazard.residual,
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub hazard: &'a Hazard,
    /// A text for each column; empty where there is nothing.
    pub texts: Vec<String>,
}

/// How the text of a column is found, in a layout whose rows stand for `R`.
pub(super) struct Filling<R> {
    pub column: Column,
    /// A column that a layout adds where the log has something for it.
    pub optional: bool,
    pub text: fn(&R) -> String,
}

impl<R> Filling<R> {
    pub(super) fn new(header: &'static str, width: u32, text: fn(&R) -> String) -> Self {
        Self { column: Column { header, width, content: Content::Text }, optional: false, text }
    }

    pub(super) fn holding(mut self, content: Content) -> Self {
        self.column.content = content;
        self
    }

    pub(super) fn where_needed(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// Fills the columns for each row; an optional one that stays empty is left out.
pub(super) fn fill<'a, R>(
    fillings: Vec<Filling<R>>,
    rows: &[R],
    hazard: impl Fn(&R) -> &'a Hazard,
) -> Table<'a> {
    let kept: Vec<Filling<R>> = fillings
        .into_iter()
        .filter(|filling| !filling.optional || rows.iter().any(|row| !(filling.text)(row).is_empty()))
        .collect();
    let row = |row| Row { hazard: hazard(row), texts: kept.iter().map(|each| (each.text)(row)).collect() };
    Table {
        rows: rows.iter().map(row).collect(),
        columns: kept.iter().map(|filling| filling.column).collect(),
    }
}

pub(super) fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

/// A severity as the log states it.
pub(super) fn severity(rating: &Rating) -> String {
    text(rating.stated_severity.as_ref().or(rating.severity.as_ref()))
}

/// A likelihood as the log states it.
pub(super) fn likelihood(rating: &Rating) -> String {
    text(rating.stated_likelihood.as_ref().or(rating.likelihood.as_ref()))
}

/// A risk as the log states it.
pub(super) fn risk(rating: &Rating) -> String {
    match &rating.stated_risk {
        Some(StatedRisk::Score(score)) => score.to_string(),
        Some(StatedRisk::Words(words)) => words.clone(),
        None => String::new(),
    }
}
