//! What was looked at in a signature, and how that came out.

use std::fmt;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub of: Checked,
    pub outcome: Outcome,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checked {
    /// The content is what was signed: its digest is the signed one.
    Content,
    /// The signed attributes name the right kind of content.
    ContentType,
    /// The signer's key made the signature's value.
    Value,
    /// The signed attributes name the signer's certificate, so no other can be put in its place.
    SigningCertificate,
    /// The signed attributes name the algorithms, so no weaker ones can be put in their place.
    AlgorithmProtection,
    /// The parts outside the signed attributes say the same as those within.
    Form,
    /// The certificates that came along belong together.
    Certificates,
}

/// How a check came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Holds,
    /// It need not be there, and is not.
    Absent,
    /// It cannot be said, and why: an algorithm that is not supported.
    Unknown(String),
    /// It does not hold, and why.
    Fails(String),
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Content => "content",
            Self::ContentType => "kind of content",
            Self::Value => "signature value",
            Self::SigningCertificate => "signing certificate",
            Self::AlgorithmProtection => "algorithm protection",
            Self::Form => "form",
            Self::Certificates => "certificates",
        })
    }
}

impl Outcome {
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Fails(_))
    }
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self::Holds,
            Err(why) => Self::Fails(why),
        }
    }
}

impl Check {
    /// Why it does not hold, or cannot be said; `None` if there is nothing to object to.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        match &self.outcome {
            Outcome::Holds | Outcome::Absent => None,
            Outcome::Unknown(why) | Outcome::Fails(why) => Some(why.clone()),
        }
    }
}
