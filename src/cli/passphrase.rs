//! The passphrase of an identity: asked for, or from a file or a variable. Never an argument, which everybody who may
//! list the processes of a machine can read.

use super::Failure;
use clap::Args;
use std::path::PathBuf;
use zeroize::Zeroizing;

#[derive(Debug, Args)]
pub(super) struct PassphraseOptions {
    /// File whose first line is the passphrase of the identity; without it, the passphrase is asked for
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_env")]
    passphrase_file: Option<PathBuf>,
    /// Environment variable that holds the passphrase of the identity
    #[arg(long, value_name = "VARIABLE")]
    passphrase_env: Option<String>,
}

impl PassphraseOptions {
    /// A passphrase for a file that is to be made. Whoever types it does so twice; an empty one protects nothing.
    pub(super) fn choose(&self, for_what: &str) -> Result<Zeroizing<String>, Failure> {
        let chosen = self.read(for_what)?;
        if chosen.is_empty() {
            return Err(failure(
                "the passphrase is empty\n  do: choose one; it is all that protects the key".to_owned(),
            ));
        }
        if self.passphrase_file.is_none() && self.passphrase_env.is_none() {
            let again = self.read("the same file, again")?;
            if again != chosen {
                return Err(failure("the two passphrases differ\n  do: call the command again".to_owned()));
            }
        }
        Ok(chosen)
    }

    /// The passphrase of the file that is to be opened.
    pub(super) fn read(&self, of: &str) -> Result<Zeroizing<String>, Failure> {
        let passphrase = match (&self.passphrase_file, &self.passphrase_env) {
            (Some(file), _) => std::fs::read_to_string(file).map_err(|error| {
                failure(format!("the passphrase cannot be read from {}: {error}", file.display()))
            }),
            (None, Some(variable)) => from_environment(variable),
            (None, None) => rpassword::prompt_password(format!("Passphrase of {of}: ")).map_err(|error| {
                failure(format!(
                    "the passphrase cannot be asked for: {error}\n  do: give it with --passphrase-file or --passphrase-env"
                ))
            }),
        };
        let passphrase = Zeroizing::new(passphrase?);
        Ok(Zeroizing::new(passphrase.lines().next().unwrap_or_default().to_owned()))
    }
}

/// The command may read its environment; the library may not.
#[allow(clippy::disallowed_methods)]
fn from_environment(variable: &str) -> Result<String, Failure> {
    // What is in the variable must not be shown, also where it is no text.
    std::env::var(variable).map_err(|error| {
        let why = match error {
            std::env::VarError::NotPresent => "is not set here",
            std::env::VarError::NotUnicode(_) => "holds no text",
        };
        failure(format!(
            "the variable {variable} {why}\n  do: put the passphrase into it and export it, so that commands see it (`export {variable}`), or use --passphrase-file"
        ))
    })
}

fn failure(what: String) -> Failure {
    Failure::Output { what }
}
