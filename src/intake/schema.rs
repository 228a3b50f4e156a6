//! JSON Schemas of the files that people write, for editors that complete and check them.
//!
//! A schema is made from the types that read the file, so it cannot know another key than they do; the comments of
//! the types are its descriptions. It says what a file may hold. Whether an id names something is for reading, and
//! what a value is worth for the checks.

use super::hazard_log::Mapping;
use super::hazard_log::structured::LogRecord;
use super::{
    approvals, batch_file, compliance, evidence, manifest, received, risk_assessment, supplement, tom,
    waivers,
};
use crate::case::clause::ClauseTable;
use crate::case::matrix::RiskPolicy;
use crate::case::psa::PsaSession;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy)]
pub struct FileKind {
    /// What the schema is called by.
    pub name: &'static str,
    /// The file, as it is usually called in a case folder.
    pub file: &'static str,
    /// What the file holds.
    pub what: &'static str,
    schema: fn() -> Schema,
}

/// Every kind of file with a schema.
pub static FILES: [FileKind; 15] = [
    kind::<manifest::Manifest>("case", "case.toml", "who, what, which release, which files"),
    kind::<LogRecord>("hazard-log", "hazard-log.toml or .json", "a hazard log, where it is no spreadsheet"),
    kind::<Mapping>("mapping", "mapping.toml", "what the sheets, rows and columns of a hazard log hold"),
    kind::<supplement::Entries>("supplement", "supplement.toml", "what the hazard log has no room for"),
    kind::<risk_assessment::RiskAssessment>(
        "risk-assessment",
        "risk-assessment.toml",
        "what was assessed, and the hazards that it brings",
    ),
    kind::<PsaSession>("psa", "psa/01-session.toml", "one Patient Safety Assessment session"),
    kind::<tom::TomFile>(
        "tom",
        "tom.toml",
        "answers of the Target Operating Model, where there is no workbook",
    ),
    kind::<evidence::EvidenceFile>("evidence", "evidence.toml", "what shows that controls work"),
    kind::<compliance::Compliance>("compliance", "compliance.toml", "what named people say of each clause"),
    kind::<received::Entries>("received", "received-hazards.toml", "hazards of other organisations"),
    kind::<waivers::Waivers>("waivers", "waivers.toml", "findings that may stand for a while"),
    kind::<approvals::Approvals>("approvals", "approvals.toml", "who approved what"),
    kind::<RiskPolicy>("risk-policy", "risk-policy.toml", "a risk matrix of your own"),
    kind::<ClauseTable>("clauses", "clauses.toml", "a clause table of your own"),
    kind::<batch_file::BatchFile>("batch", "batch.toml", "many cases, and what is built of each"),
];

const fn kind<T: JsonSchema>(name: &'static str, file: &'static str, what: &'static str) -> FileKind {
    FileKind::of::<T>(name, file, what)
}

fn of_type<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

impl FileKind {
    /// A kind of file that is read by this type.
    #[must_use]
    pub const fn of<T: JsonSchema>(name: &'static str, file: &'static str, what: &'static str) -> Self {
        Self { name, file, what, schema: of_type::<T> }
    }

    /// Its schema, in JSON Schema draft 2020-12.
    #[must_use]
    pub fn schema(&self) -> serde_json::Value {
        let mut schema = (self.schema)();
        schema.insert("title".to_owned(), format!("{}: {}", self.file, self.what).into());
        schema.to_value()
    }

    /// Name of the file that the schema is written to.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.schema.json", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The schema of what stands at a key, followed to where it is written down.
    fn at<'a>(root: &'a Value, schema: &'a Value, key: &str) -> Option<&'a Value> {
        resolved(root, schema).into_iter().find_map(|schema| schema["properties"].get(key))
    }

    /// What a schema may stand for: itself, what it refers to, its alternatives, the elements of its list.
    fn resolved<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![schema];
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            found.extend(resolved(root, &root["$defs"][name]));
        }
        for key in ["anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                found.extend(resolved(root, part));
            }
        }
        if schema["items"].is_object() {
            found.extend(resolved(root, &schema["items"]));
        }
        found
    }

    /// Paths of a file that its schema does not know.
    fn unknown(root: &Value, schema: &Value, value: &toml::Value, path: &str) -> Vec<String> {
        match value {
            toml::Value::Table(table) => table
                .iter()
                .flat_map(|(key, value)| {
                    let path = format!("{path}/{key}");
                    match at(root, schema, key) {
                        Some(schema) => unknown(root, schema, value, &path),
                        None => vec![path],
                    }
                })
                .collect(),
            toml::Value::Array(items) => {
                items.iter().flat_map(|item| unknown(root, schema, item, path)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn files_of(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("source") {
                files_of(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                found.push(path);
            }
        }
    }

    fn kind_of(path: &std::path::Path) -> Option<&'static FileKind> {
        let name = path.file_stem()?.to_str()?;
        let name = if path.parent()?.ends_with("psa") { "psa" } else { name };
        let name = if name == "received-hazards" { "received" } else { name };
        FILES.iter().find(|kind| kind.name == name)
    }

    #[test]
    fn the_schemas_know_every_key_of_the_samples_and_no_other() {
        let mut files = Vec::new();
        files_of(std::path::Path::new("samples"), &mut files);
        let mut kinds = std::collections::BTreeSet::new();
        for (path, kind) in files.iter().filter_map(|path| Some((path, kind_of(path)?))) {
            kinds.insert(kind.name);
            let schema = kind.schema();
            let mut file: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            assert_eq!(unknown(&schema, &schema, &file, ""), Vec::<String>::new(), "{}", path.display());
            file.as_table_mut().unwrap().insert("hazrads".to_owned(), true.into());
            assert_eq!(unknown(&schema, &schema, &file, ""), ["/hazrads"]);
        }
        assert!(kinds.len() >= 8, "{kinds:?}");
    }

    #[test]
    fn no_table_of_a_schema_takes_another_key_and_each_key_is_described() {
        for kind in &FILES {
            let schema = kind.schema();
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_tables(kind.name, &schema);
        }
    }

    fn assert_tables(name: &str, schema: &Value) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            assert_eq!(schema["additionalProperties"], false, "{name}: {properties:?}");
            for (key, property) in properties {
                let described = property.get("description").is_some() || property.get("$ref").is_some();
                assert!(described, "{name}: {key} says nothing of itself: {property}");
            }
        }
        match schema {
            Value::Object(map) => map.values().for_each(|inner| assert_tables(name, inner)),
            Value::Array(items) => items.iter().for_each(|inner| assert_tables(name, inner)),
            _ => {}
        }
    }

    #[test]
    fn words_and_dates_are_told() {
        let schema = FILES.iter().find(|kind| kind.name == "psa").unwrap().schema();
        let decision = &schema["$defs"]["Decision"];
        assert!(decision.to_string().contains("\"transfer\""), "{decision}");
        assert_eq!(schema["$defs"]["Date"]["format"], "date");
        let log = FILES.iter().find(|kind| kind.name == "hazard-log").unwrap().schema();
        let hazard = at(&log, &log, "hazards").unwrap();
        let causes = at(&log, hazard, "causes").unwrap().to_string();
        assert!(causes.contains("\"string\"") && causes.contains("CauseRecord"), "{causes}");
    }
}
