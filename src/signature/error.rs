//! Why something could not be signed, or a signature not be read.

use std::fmt;

/// What is wrong, and what to do. Never holds a passphrase or any part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureError {
    pub what: String,
    pub hint: Option<String>,
}

impl SignatureError {
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  do: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SignatureError {}
