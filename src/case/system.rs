//! The product, its release, and the setting that it is used in.

use super::{Date, schema};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Name of the product.
    pub name: String,
    /// What it is, in a sentence or two.
    pub description: Option<String>,
}

/// Who answers for the case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Organisation {
    /// Name of the organisation that answers for the case.
    pub name: Option<String>,
    /// "manufacturer" (DCB0129) or "deploying-organisation" (DCB0160).
    pub role: OrganisationRole,
    /// ODS code of the organisation.
    pub ods_code: Option<String>,
    /// How to reach it on clinical safety.
    pub contact: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationRole {
    #[default]
    Manufacturer,
    DeployingOrganisation,
}

/// A specific configuration that is delivered to a health organisation (7.1.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Release {
    /// Version of the release, as text: "3.1".
    pub version: Option<String>,
    /// Day of the release.
    pub date: Option<Date>,
    /// What the release brings.
    pub summary: Option<String>,
    /// Release that this one modifies, where it is a modification (7.3).
    pub modifies: Option<String>,
    /// Whether the modification changes clinical risk (7.3.3).
    pub risk_changed: Option<bool>,
    /// Why it does or does not (7.3.2).
    pub change_rationale: Option<String>,
    /// What the release is made of (7.1.3).
    pub configuration: Vec<Component>,
}

impl Release {
    /// The release that this one modifies, where it is decided that clinical risk does not change from it (7.3.2).
    #[must_use]
    pub fn modifies_without_risk(&self) -> Option<&str> {
        let modified = self.modifies.as_deref().map(str::trim).filter(|release| !release.is_empty())?;
        (self.risk_changed == Some(false)).then_some(modified)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Name of the part.
    pub name: String,
    /// Its version, as text.
    pub version: Option<String>,
    /// What it does.
    pub description: Option<String>,
}

/// Scope, use and environment (4.2.1, 4.2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SystemDefinition {
    /// What the system is for, and for whom (4.2.1).
    pub intended_use: Option<String>,
    /// Where and by whom it is used in care (4.2.1).
    pub clinical_environment: Option<String>,
    /// Who uses the system and how many.
    pub users: Option<String>,
    /// Which patients it concerns and how many.
    pub patients: Option<String>,
    /// Existing systems that it replaces.
    pub replaces: Option<String>,
    /// What the use of the interfaces brings.
    pub benefits: Option<String>,
    /// What the case covers.
    pub in_scope: Vec<String>,
    /// The steps of its users' work that are in scope, each of which the risk assessment has to take up.
    pub workflow: Vec<WorkflowStep>,
    /// What the case does not cover, and why.
    pub out_of_scope: Vec<Exclusion>,
    /// Whether the product is a medical device, and why.
    pub medical_device: Option<String>,
}

/// A step of the work that the system supports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowStep {
    /// Short id that the risk assessment names the step by.
    pub id: String,
    /// What is done in it.
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// What is left out.
    pub what: String,
    /// Why.
    pub reason: Option<String>,
}

/// An interface to another system; for e-RS, one API of the suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Short id.
    pub id: String,
    /// Name of the interface.
    pub name: String,
    /// Its version, as text.
    pub version: Option<String>,
    /// What goes through it.
    pub description: Option<String>,
    /// What using it brings to patients or staff.
    pub benefit: Option<String>,
    /// Every point where the pathway enters or leaves the product through this interface.
    #[serde(default)]
    pub points: Vec<InterfacePoint>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterfacePoint {
    /// Short id that the risk assessment names the point by.
    pub id: String,
    /// Whether the pathway enters or leaves here.
    pub kind: PointKind,
    /// What is handed over there.
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PointKind {
    Entry,
    Exit,
}

/// A list that must be positively declared empty: an absent list is "not given", never "none".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Declared<T> {
    #[default]
    NotGiven,
    DeclaredNone,
    Given(Vec<T>),
}

impl<T> Declared<T> {
    /// The items, of which there are none unless some were given.
    #[must_use]
    pub fn items(&self) -> &[T] {
        match self {
            Self::Given(items) => items,
            Self::NotGiven | Self::DeclaredNone => &[],
        }
    }
}

impl<T: JsonSchema> JsonSchema for Declared<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Declared{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schema::none_or_list::<T>(generator)
    }
}

impl<T: Serialize> Serialize for Declared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::NotGiven => serializer.serialize_none(),
            Self::DeclaredNone => serializer.serialize_str("none"),
            Self::Given(items) => items.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Declared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DeclaredVisitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for DeclaredVisitor<T> {
            type Value = Declared<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list, or the word \"none\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text == "none" {
                    Ok(Declared::DeclaredNone)
                } else {
                    Err(E::invalid_value(serde::de::Unexpected::Str(text), &self))
                }
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
                Ok(Declared::NotGiven)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Declared::Given(items))
            }
        }
        deserializer.deserialize_any(DeclaredVisitor(std::marker::PhantomData))
    }
}

/// A third-party product in the release and how it was assessed (2.5.1, 2.5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThirdPartyProduct {
    /// Name of the product.
    pub name: String,
    /// Its version, as text.
    pub version: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// How its clinical safety was assessed (2.5.2).
    pub assessment: Option<String>,
}

/// An outstanding test issue and what it means for clinical safety.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestIssue {
    /// Number of the issue.
    pub id: String,
    /// What is wrong.
    pub summary: String,
    /// What it means for patients.
    pub clinical_impact: Option<String>,
    /// Status, as the issue list has it.
    pub status: Option<String>,
    /// Keys of the hazards it bears on.
    #[serde(default)]
    pub hazards: Vec<String>,
}
