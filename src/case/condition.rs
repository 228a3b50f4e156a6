//! Conditions of delivery: what a review or a PSA session wants to be so before the product goes on.
//!
//! "Proceed with conditions" is half a decision: whether the other half came true has to be recorded too. A
//! condition that is given as a text alone says nothing of that, and counts as not recorded as met.

use super::{Case, Date, schema};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    pub text: String,
    /// Day by which it has to be met; where none is given, that of the release.
    pub due: Option<Date>,
    /// Day on which it was met.
    pub met: Option<Date>,
    /// What shows that it was, such as a document or an action.
    pub shown_by: Option<String>,
}

impl Condition {
    /// Recorded as met by this day.
    #[must_use]
    pub fn is_met(&self, as_of: Date) -> bool {
        self.met.is_some_and(|met| met <= as_of)
    }
}

impl From<&str> for Condition {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), due: None, met: None, shown_by: None }
    }
}

/// An outcome, in whatever words, that holds under conditions: "Proceed with conditions", and not "unconditional" or
/// "without conditions".
#[must_use]
pub fn speaks_of_conditions(outcome: &str) -> bool {
    let outcome = outcome.to_lowercase();
    let words: Vec<&str> =
        outcome.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let denied = |at: usize| words[..at].iter().rev().take(2).any(|word| ["no", "without"].contains(word));
    words.iter().enumerate().any(|(at, word)| word.starts_with("condition") && !denied(at))
}

/// A condition with who set it.
#[derive(Debug, Clone, Copy)]
pub struct SetCondition<'a> {
    /// The PSA session; `None` for the review before delivery.
    pub session: Option<&'a str>,
    /// Position in the list that it stands in, from 1.
    pub number: usize,
    pub set_on: Option<Date>,
    pub condition: &'a Condition,
}

impl Case {
    /// Every condition: those of the sessions first, then those of the review before delivery.
    pub fn conditions(&self) -> impl Iterator<Item = SetCondition<'_>> {
        let numbered = |conditions| (1..).zip(conditions);
        let of_sessions = self.psa.iter().flat_map(move |session| {
            numbered(&session.conditions).map(move |(number, condition)| SetCondition {
                session: Some(&session.id),
                number,
                set_on: Some(session.date),
                condition,
            })
        });
        let of_review = self.pre_delivery_review.iter().flat_map(move |review| {
            numbered(&review.conditions).map(move |(number, condition)| SetCondition {
                session: None,
                number,
                set_on: review.date,
                condition,
            })
        });
        of_sessions.chain(of_review)
    }
}

impl SetCondition<'_> {
    /// Path of the condition, as provenance has it.
    #[must_use]
    pub fn path(&self) -> String {
        match self.session {
            Some(session) => format!("psa/{session}/conditions/{}", self.number),
            None => format!("pre_delivery_review/conditions/{}", self.number),
        }
    }

    /// Who set it, in a sentence.
    #[must_use]
    pub fn setter(&self) -> String {
        match self.session {
            Some(session) => format!("PSA session {session}"),
            None => "the review before delivery".to_owned(),
        }
    }
}

/// A condition with more to say than its text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct Record {
    /// What has to be so.
    text: String,
    /// Day by which it has to be met; where none is given, that of the release.
    due: Option<Date>,
    /// Day on which it was met.
    met: Option<Date>,
    /// What shows that it was, such as a document or an action.
    shown_by: Option<String>,
}

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "DeliveryCondition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schema::text_or::<Record>(generator, "A condition of delivery; as a text alone it counts as not met.")
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrRecord;

        impl<'de> Visitor<'de> for TextOrRecord {
            type Value = Condition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table with text, due, met and shown_by")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Condition::from(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let Record { text, due, met, shown_by } =
                    Record::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Condition { text, due, met, shown_by })
            }
        }

        deserializer.deserialize_any(TextOrRecord)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_may_hold_under_conditions() {
        for (outcome, expected) in [
            ("Proceed with conditions", true),
            ("Conditional go-live", true),
            ("Ready for delivery", false),
            ("Proceed without any conditions", false),
            ("Unconditional approval", false),
            ("No conditions", false),
        ] {
            assert_eq!(speaks_of_conditions(outcome), expected, "{outcome}");
        }
    }

    #[test]
    fn a_condition_is_a_text_or_a_record() {
        #[derive(Deserialize)]
        struct Holder {
            conditions: Vec<Condition>,
        }
        let read = |text: &str| toml::from_str::<Holder>(text).map(|holder| holder.conditions);
        let conditions =
            read("conditions = [\"Sign the note.\", { text = \"Train.\", met = 2026-08-01 }]").unwrap();
        assert_eq!(conditions[0], Condition::from("Sign the note."));
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(conditions[1].is_met(day("2026-08-01")) && !conditions[1].is_met(day("2026-07-31")));
        assert!(!conditions[0].is_met(day("2026-08-01")), "nobody says that it is");
        let error = read("conditions = [{ text = \"Train.\", mett = 2026-08-01 }]").unwrap_err();
        assert!(error.to_string().contains("unknown field `mett`"), "{error}");
    }
}
