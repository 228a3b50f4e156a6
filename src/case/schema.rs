//! JSON Schemas of values that can be written in more than one way.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A text, or a table of this type.
pub(super) fn text_or<T: JsonSchema>(generator: &mut SchemaGenerator, description: &str) -> Schema {
    json_schema!({
        "description": description,
        "anyOf": [{ "type": "string" }, generator.subschema_for::<T>()],
    })
}

/// The word "none", or a list of this type.
pub(super) fn none_or_list<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "A list, or \"none\" where there is nothing to list. Left out, it is not known whether there is.",
        "anyOf": [{ "const": "none" }, { "type": "array", "items": generator.subschema_for::<T>() }],
    })
}
