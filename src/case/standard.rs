//! The standards that a case can claim.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::borrow::Cow;

/// A standard at a version, such as DCB0129 4.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standard {
    pub name: StandardName,
    pub version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StandardName {
    /// Manufacture of health IT systems.
    Dcb0129,
    /// Deployment and use of health IT systems.
    Dcb0160,
}

impl StandardName {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dcb0129 => "DCB0129",
            Self::Dcb0160 => "DCB0160",
        }
    }

    /// Understands today's name and the older SCCI and ISB ones, with or without a space.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Every word of a case is asked whether it is one.
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let compact: String =
            text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        match compact.as_str() {
            "DCB0129" | "SCCI0129" | "ISB0129" => Some(Self::Dcb0129),
            "DCB0160" | "SCCI0160" | "ISB0160" => Some(Self::Dcb0160),
            _ => None,
        }
    }

    /// The version in force.
    #[must_use]
    pub fn current_version(self) -> &'static str {
        match self {
            Self::Dcb0129 => "4.2",
            Self::Dcb0160 => "3.2",
        }
    }
}

impl JsonSchema for StandardName {
    fn schema_name() -> Cow<'static, str> {
        "StandardName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "DCB0129 (manufacture) or DCB0160 (deployment and use); SCCI0129, ISB 0160 and the like are understood.",
            "type": "string",
            "pattern": "^ *([Dd][Cc][Bb]|[Ss][Cc][Cc][Ii]|[Ii][Ss][Bb])[ -]?(0129|0160) *$",
        })
    }
}

impl<'de> Deserialize<'de> for StandardName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "\"{text}\" is not a standard that this engine knows; write DCB0129 or DCB0160 (SCCI and ISB names are understood)"
            ))
        })
    }
}

impl<'de> Deserialize<'de> for Standard {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Stated {
            name: StandardName,
            version: Option<String>,
        }
        let stated = Stated::deserialize(deserializer)?;
        let version = stated.version.unwrap_or_else(|| stated.name.current_version().to_owned());
        Ok(Self { name: stated.name, version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_names_mean_the_same_standard() {
        for name in ["DCB0129", "dcb 0129", "SCCI0129", "ISB 0129"] {
            assert_eq!(StandardName::parse(name), Some(StandardName::Dcb0129), "{name}");
        }
        assert_eq!(StandardName::parse("SCCI0160"), Some(StandardName::Dcb0160));
        assert_eq!(StandardName::parse("ISO 14971"), None);
    }
}
