//! What a recipient wants: which documents, under which names, and which of them signed.
//!
//! A profile is data. Those of `src/data/profiles` are in the binary; an organisation can write its own. The one that a
//! pack was made by stands in its manifest, so that whoever opens it can tell what it was to hold.

use super::names;
use super::role::Role;
use crate::intake::schema::FileKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A profile as a file with a schema.
pub static FILE: FileKind = FileKind::of::<Profile>(
    "profile",
    "profile.toml",
    "which documents a recipient wants, and under which names",
);

/// What a recipient of a safety case wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Short name, such as "ers".
    pub id: String,
    /// Who receives it, and for what.
    pub title: String,
    /// Where the recipient says so, and how sure that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it is sent for, to end the sentence "The documents are sent ..." of the covering letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Name of the zip archive, as a pattern, without ".zip".
    pub archive: String,
    /// The documents, in the order in which they are told.
    pub documents: Vec<Document>,
}

/// A document that a recipient wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is.
    pub role: Role,
    /// Whether the pack is complete without it.
    #[serde(default)]
    pub need: Need,
    /// What does as well, where this is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Role>,
    /// Its name in the archive, as a pattern: `{{ product }}`, `{{ release }}`, `{{ version }}` (of the report),
    /// `{{ hazard_log_version }}`, `{{ plan_version }}`, `{{ standard }}`; of a file that was given also `{{ name }}` and
    /// `{{ id }}`. The extension is that of the file.
    pub path: String,
    /// Who has to have signed it; of the report alone, which is what `cscr sign` signs.
    #[serde(default, skip_serializing_if = "Signed::is_nobody")]
    pub signed: Signed,
}

/// Whether a pack is complete without a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// It is not, unless the case says why there is none.
    #[default]
    Required,
    /// It goes with the others where the case has it.
    WhereGiven,
}

/// Who has to have signed the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Signed {
    #[default]
    Nobody,
    ClinicalSafetyOfficer,
    /// All who have a field in it.
    Everyone,
}

impl Signed {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }
}

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    what: String,
}

impl ProfileError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for ProfileError {}

/// The profiles in the binary, by their names.
const BUILT_IN: [(&str, &str); 3] = [
    ("ers", include_str!("../data/profiles/ers.toml")),
    ("dtac", include_str!("../data/profiles/dtac.toml")),
    ("dcb0160-handover", include_str!("../data/profiles/dcb0160-handover.toml")),
];

impl Profile {
    /// The one that is used where nobody names another.
    pub const USUAL: &'static str = "ers";

    /// The profile in the binary of this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn built_in(name: &str) -> Result<Self, ProfileError> {
        let found = BUILT_IN.iter().find(|(own, _)| *own == name);
        let (name, text) = found.ok_or_else(|| {
            let names = Self::names().join(", ");
            ProfileError::new(format!(
                "There is no profile \"{name}\"\n  do: name one of {names}, or a file of your own, such as profile.toml"
            ))
        })?;
        Self::parse(name, text)
    }

    /// The names of those in the binary.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        BUILT_IN.iter().map(|(name, _)| *name).collect()
    }

    /// Reads a profile; `file` is what messages call it.
    ///
    /// # Errors
    /// If it is not understood, or asks for what cannot be.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(|error| {
            ProfileError::new(format!(
                "The profile {file} cannot be understood: {}\n  do: `cscr schema profile` says what it may hold",
                error.to_string().trim_end()
            ))
        })?;
        profile
            .fault()
            .map_or(Ok(()), |fault| Err(ProfileError::new(format!("The profile {file}: {fault}"))))?;
        Ok(profile)
    }

    fn fault(&self) -> Option<String> {
        let mut seen = BTreeSet::new();
        for document in &self.documents {
            let key = document.role.key();
            if !seen.insert(document.role) {
                return Some(format!("it has \"{key}\" twice\n  do: leave one of them out"));
            }
            if document.signed != Signed::Nobody && document.role != Role::Report {
                return Some(format!(
                    "\"{key}\" cannot be signed: `cscr sign` signs the report\n  do: leave `signed` out there"
                ));
            }
            if names::fault(&document.path).is_some_and(|fault| fault.contains("folder that it is unpacked"))
            {
                return Some(format!(
                    "\"{}\" leads out of the pack\n  do: name a path inside it",
                    document.path
                ));
            }
        }
        self.documents.is_empty().then(|| "it asks for no document\n  do: add [[documents]]".to_owned())
    }

    /// What the profile says of a role.
    #[must_use]
    pub fn document(&self, role: Role) -> Option<&Document> {
        self.documents.iter().find(|document| document.role == role)
    }

    /// Who has to have signed the report.
    #[must_use]
    pub fn signed(&self) -> Signed {
        self.document(Role::Report).map(|document| document.signed).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profiles_in_the_binary_are_understood_and_called_by_their_names() {
        for name in Profile::names() {
            let profile = Profile::built_in(name).unwrap();
            assert_eq!(profile.id, name);
            assert!(profile.document(Role::Report).is_some() && profile.source.is_some());
        }
        let said = Profile::built_in("dtak").unwrap_err().to_string();
        assert!(said.contains("ers, dtac, dcb0160-handover"), "{said}");
    }

    #[test]
    fn its_schema_names_each_role_and_says_what_each_key_is() {
        let schema = FILE.schema();
        let roles = schema["$defs"]["Role"].to_string();
        assert!(Role::ALL.iter().all(|role| roles.contains(&format!("\"{}\"", role.key()))), "{roles}");
        let keys = schema["$defs"]["Document"]["properties"].as_object().unwrap();
        assert!(keys.values().all(|key| key.get("description").is_some() || key.get("$ref").is_some()));
        assert_eq!(schema["additionalProperties"], false);
    }

    #[test]
    fn what_a_profile_cannot_ask_for_is_refused() {
        let head = "id = \"own\"\ntitle = \"Own\"\narchive = \"own\"\n";
        let refused =
            |text: &str| Profile::parse("own.toml", &format!("{head}{text}")).unwrap_err().to_string();
        let document =
            |role: &str, more: &str| format!("[[documents]]\nrole = \"{role}\"\npath = \"a\"\n{more}\n");
        assert!(refused("").contains("missing field `documents`"));
        assert!(refused("documents = []").contains("asks for no document"));
        let said = refused(&(document("plan", "") + &document("plan", "")));
        assert!(said.contains("own.toml") && said.contains("\"plan\" twice"), "{said}");
        assert!(refused(&document("plan", "signed = \"everyone\"")).contains("`cscr sign` signs the report"));
        assert!(refused(&document("plans", "")).contains("unknown variant `plans`"));
        assert!(
            refused("[[documents]]\nrole = \"plan\"\npath = \"../a\"\n").contains("leads out of the pack")
        );
        assert!(
            Profile::parse("own.toml", &format!("{head}{}", document("report", "signed = \"everyone\"")))
                .is_ok()
        );
    }
}
