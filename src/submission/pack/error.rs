//! Why nothing could be packed.

use super::super::contents::ContentError;
use super::super::profile::ProfileError;
use crate::build::BuildError;
use crate::export::ExportError;
use crate::intake::InputError;
use crate::report::ReportError;
use std::io;

/// Why nothing could be packed.
#[derive(Debug)]
pub enum PackError {
    Input(InputError),
    Build(BuildError),
    Export(ExportError),
    Profile(ProfileError),
    /// A file of the case was changed while it was packed.
    Changed(String),
    Write(io::Error),
}

impl From<InputError> for PackError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<ProfileError> for PackError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl From<ContentError> for PackError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Input(error) => Self::Input(error),
            ContentError::Export(error) => Self::Export(error),
            ContentError::Report(error) => Self::Build(BuildError::Report(error)),
        }
    }
}

impl From<ReportError> for PackError {
    fn from(error: ReportError) -> Self {
        Self::Build(BuildError::Report(error))
    }
}
