//! Narrative sections: Markdown files with live values, so that a sentence never disagrees with the data.
//!
//! Each file is a template whose output is Markdown. A value that it prints is text and is escaped for
//! Markdown; nothing turns that off. A value is never itself a template: `{{ 7 * 7 }}` in a hazard log
//! stays as it is. A value that was not given prints a visible placeholder, and a name that does not
//! exist is an error.

mod context;
mod lines;
mod markdown;

use super::files::{CaseFolder, unused_file};
use super::toml_input::{marked_line, sentence};
use super::{InputError, Reading, suggestion};
use crate::case::placeholder::placeholder;
use crate::case::{Case, Place, Provenance};
use context::Context;
use minijinja::value::{Serde, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, Template, UndefinedBehavior, Value,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Steps that one section may take: far more than any text needs, and an end for a runaway loop.
const FUEL: u64 = 2_000_000;

/// Reads and fills every section of a folder; the section's id is the file's name without `.md`.
pub fn read(
    folder: &CaseFolder,
    path: &str,
    case: &Case,
) -> Result<Reading<BTreeMap<String, String>>, InputError> {
    let mut sources = Vec::new();
    let mut observations = Vec::new();
    for name in folder.list(path)? {
        let file = format!("{path}/{name}");
        match name.strip_suffix(".md").filter(|stem| !stem.eq_ignore_ascii_case("readme")) {
            Some(section) => {
                let text = folder.read_text(&file)?;
                sources.push(Source { section: section.to_owned(), file, text });
            }
            None => {
                observations.extend(unused_file(&file, "a narrative section (its name does not end in .md)"));
            }
        }
    }
    let mut sections = BTreeMap::new();
    let mut provenance = Provenance::default();
    for (source, text) in fill(sources, case)? {
        let path = format!("narrative/{}", source.section);
        provenance.record(path.clone(), Place::file(&source.file));
        provenance.record_lines(path, lines::of_source(&source.text, &text));
        sections.insert(source.section, text);
    }
    Ok((sections, provenance, observations))
}

/// Each section with its text, the values filled in.
fn fill(sources: Vec<Source>, case: &Case) -> Result<Vec<(Source, String)>, InputError> {
    let environment = environment(case);
    let templates: Vec<Template<'_, '_>> =
        sources.iter().map(|source| source.template(&environment)).collect::<Result<_, _>>()?;
    let used = templates.iter().flat_map(|template| template.undeclared_variables(false)).collect();
    let context = Value::from(Serde(Context::of(case, &used)));
    let render = |(source, template): (&Source, &Template<'_, '_>)| {
        let text = template.render(context.clone()).map_err(|error| source.explain(&error))?;
        Ok(text.replace("\r\n", "\n"))
    };
    let texts: Vec<String> = sources.iter().zip(&templates).map(render).collect::<Result<_, _>>()?;
    drop(templates);
    Ok(sources.into_iter().zip(texts).collect())
}

/// A section as somebody wrote it.
struct Source {
    section: String,
    file: String,
    text: String,
}

impl Source {
    fn template<'a>(&'a self, environment: &'a Environment<'_>) -> Result<Template<'a, 'a>, InputError> {
        environment.template_from_named_str(&self.file, &self.text).map_err(|error| self.explain(&error))
    }

    fn explain(&self, error: &Error) -> InputError {
        explain(&self.file, &self.text, error)
    }
}

/// A closed environment: no files, no way round the escape.
fn environment(case: &Case) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(print);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    environment.remove_filter("safe");
    environment.remove_global("debug");
    let names: Arc<BTreeMap<String, String>> = Arc::new(
        case.hazard_log
            .hazards
            .iter()
            .map(|hazard| (hazard.key.clone(), hazard.name.clone().unwrap_or_default()))
            .collect(),
    );
    environment.add_filter("counted", counted);
    environment.add_function("hazard", move |key: &str| hazard_link(&names, key));
    environment
}

/// A number with its noun, `1 hazard` or `11 hazards`, so that a sentence reads right whatever the count.
fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Prints one value as text.
fn print(out: &mut Output<'_>, _state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.kind() {
        ValueKind::None => markdown::escape(&placeholder("a value that was not given")),
        ValueKind::String if value.is_safe() => value.to_string(),
        ValueKind::String | ValueKind::Number => markdown::escape(&value.to_string()),
        ValueKind::Bool => if value.is_true() { "yes" } else { "no" }.to_owned(),
        ValueKind::Undefined => String::new(),
        _ => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "a list or table cannot be printed as a whole; print its length (| length), its items (| join(\", \")) or one of its fields",
            ));
        }
    };
    out.write_str(&text).map_err(Error::from)
}

/// A Markdown link to a hazard of the report.
fn hazard_link(names: &BTreeMap<String, String>, key: &str) -> Result<Value, Error> {
    let Some(name) = names.get(key) else {
        let remedy = suggestion::remedy(key, names.keys().map(String::as_str));
        let detail = format!("there is no hazard \"{key}\" in the hazard log; {remedy}");
        return Err(Error::new(ErrorKind::InvalidOperation, detail));
    };
    let text = format!("{key} {name}");
    Ok(Value::from_safe_string(markdown::link(text.trim(), &format!("hazard:{key}"))))
}

/// A template error in our words, with its line.
fn explain(file: &str, source: &str, error: &Error) -> InputError {
    let what = sentence(&match error.detail() {
        Some(detail) if error.kind() == ErrorKind::InvalidOperation => detail.to_owned(),
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    });
    let hint = match error.kind() {
        ErrorKind::UndefinedError => {
            format!("correct the name; a section can use {}", context::NAMES)
        }
        ErrorKind::SyntaxError => {
            "correct the {{ value }} or {% statement %}; braces that are meant as text stand between {% raw %} and {% endraw %}".to_owned()
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => {
            "write the text here: a section cannot take in other files".to_owned()
        }
        ErrorKind::OutOfFuel => "shorten the loops of the section: it takes more steps than a text needs".to_owned(),
        ErrorKind::UnknownFilter => "use another filter, such as length, join, upper or default; values are always printed as text".to_owned(),
        ErrorKind::UnknownFunction => "correct the name; a link to a hazard is written hazard(\"id\")".to_owned(),
        _ => "correct the value or statement of this line".to_owned(),
    };
    let Some(line) = error.line() else {
        return InputError::new(what).at(Place::file(file)).hint(hint);
    };
    let what = match error.range() {
        Some(range) => format!("{what}\n{}", marked_line(source, line, &range)),
        None => what,
    };
    InputError::new(what).at(Place::line(file, line)).hint(hint)
}

#[cfg(test)]
mod tests;
