//! Errors of intake: what is wrong, where, and what to do.

use crate::case::Place;
use std::fmt;

/// An input that cannot be read at all. Faults in what was read are observations and findings, not errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    pub what: String,
    /// Boxed to keep results small.
    pub place: Option<Box<Place>>,
    pub hint: Option<String>,
}

impl InputError {
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), place: None, hint: None }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(place) = &self.place {
            write!(f, "\n  at: {place}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  do: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InputError {}
