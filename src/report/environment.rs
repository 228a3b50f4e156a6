//! The language of `report.typ.j2`: minijinja, made safe for Typst.
//!
//! A value that a template prints is text. It is written as a Typst string literal in which everything
//! but letters, digits and spaces is an escape, so that nothing of a value can be read as Typst: not in
//! markup, not in a comment, not in raw text, and not even behind a backslash that would escape the `#` of
//! the literal. What a template's author wants as Typst is marked by `| typst`; inside Typst code,
//! `| literal` gives the plain string literal. minijinja's own `safe` and `escape` are not there.
//!
//! Undefined names are errors, and so is printing what was not given: a report that says `none` where a
//! date should be would be worse than none. Loops are bounded by fuel.

use super::ReportError;
use super::diagnostics::from_minijinja;
use super::file_name;
use super::template::Template;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;
use std::fmt::Write as _;

/// Instructions that a template may run: hundreds for each of a thousand hazards.
const FUEL: u64 = 10_000_000;

/// The Typst source that a template makes of its context.
pub(super) fn render<C: Serialize>(template: &Template, context: &C) -> Result<String, ReportError> {
    render_sources(template.main(), template.jinja_files(), context).map_err(|error| {
        let source = |name: &str| {
            let file = template.file(name)?;
            Some((file.origin.clone(), file.text()?.to_owned()))
        };
        ReportError::new(format!("the template {} has a fault", template.id()))
            .problems(vec![from_minijinja(&error, source)])
    })
}

/// What the main one of these sources, each with its name, makes of a context.
pub(super) fn render_sources<'a, C: Serialize>(
    main: &str,
    sources: impl IntoIterator<Item = (&'a str, &'a str)>,
    context: &C,
) -> Result<String, Error> {
    environment(sources)?.get_template(main)?.render(Value::from(Serde(context)))
}

/// The name of the PDF: the manifest's pattern with the case's values, each made fit for a file name on any
/// system; a value that was not given is `not-given`.
pub(super) fn file_name<C: Serialize>(template: &Template, context: &C) -> Result<String, ReportError> {
    let name = file_name::filled(&template.manifest().output, context, file_name::part);
    name.map_err(|error| {
        let fault = from_minijinja(&error, |_| None);
        ReportError::new(format!("the output name of the template {} cannot be made", template.id()))
            .problems(vec![fault])
            .hint("mend `output` in template.toml; it reads values of the case, such as {{ case.product.name }}")
    })
}

fn environment<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Environment<'a>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("typst".into()));
    environment.set_formatter(write_value);
    for filter in ["safe", "escape", "e"] {
        environment.remove_filter(filter);
    }
    environment.add_filter("typst", |source: String| Value::from_safe_string(source));
    environment.add_filter("literal", |text: String| Value::from_safe_string(literal(&text)));
    for (name, source) in sources {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

fn write_value(out: &mut Output, _state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        return Ok(write!(out, "{value}")?);
    }
    let text = match value.kind() {
        ValueKind::String | ValueKind::Number => value.to_string(),
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => {
            return Err(cannot_print(
                "a value that was not given; ask for it with `if` first, or name other words with `| default(\"...\", true)`",
            ));
        }
        kind => {
            return Err(cannot_print(&format!(
                "a {kind}; print its parts, or leave it to Typst, which reads all of the data as JSON"
            )));
        }
    };
    Ok(out.write_str(&markup(&text))?)
}

fn cannot_print(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("cannot print {what}"))
}

/// Typst markup that shows exactly this text.
pub(super) fn markup(text: &str) -> String {
    // The semicolon ends the expression, so that what follows in the template cannot join it.
    format!("#{};", literal(text))
}

/// A Typst string literal for this text.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        if character == ' ' || character.is_alphanumeric() {
            literal.push(character);
        } else {
            let _ = write!(literal, "\\u{{{:x}}}", u32::from(character));
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn rendered(source: &str, context: &serde_json::Value) -> Result<String, ReportError> {
        render(&Template::for_tests("report.typ.j2", source), context)
    }

    #[test]
    fn a_value_is_a_literal_and_typst_is_asked_for() {
        let context = json!({"x": "a #b", "n": 3});
        assert_eq!(rendered("{{ x }}", &context).unwrap(), r#"#"a \u{23}b";"#);
        assert_eq!(rendered("{{ x | literal }}", &context).unwrap(), r#""a \u{23}b""#);
        assert_eq!(rendered("{{ n }} {{ x | typst }}", &context).unwrap(), r#"#"3"; a #b"#);
    }

    #[test]
    fn a_macro_and_a_captured_block_are_escaped_once() {
        let context = json!({"x": "]"});
        let source = "{% macro m(v) %}*{{ v }}*{% endmacro %}{% set s %}{{ m(x) }}{% endset %}{{ s }}";
        assert_eq!(rendered(source, &context).unwrap(), r#"*#"\u{5d}";*"#);
    }

    #[test]
    fn no_way_round_the_escape_is_left() {
        let context = json!({"x": "#panic()"});
        for filter in ["safe", "escape", "e", "tojson"] {
            let error = rendered(&format!("{{{{ x | {filter} }}}}"), &context).unwrap_err();
            assert!(error.to_string().contains("unknown filter"), "{filter}: {error}");
        }
        for source in [
            "{% autoescape false %}{{ x }}{% endautoescape %}",
            "{% autoescape 'html' %}{{ x }}{% endautoescape %}",
            "{{ x | upper | lower | trim }}",
            "{{ [x, x] | join('') }}",
            "{{ x ~ x }}",
            "{% filter lower %}{{ x }}{% endfilter %}",
            "{{ '%s' | format(x) }}",
        ] {
            let typst = rendered(source, &context).unwrap();
            assert!(!typst.contains("panic()") && !typst.contains("#panic"), "{source}: {typst}");
        }
    }

    #[test]
    fn a_value_is_no_template() {
        let context = json!({"x": "{{ 7 * 7 }}"});
        assert!(!rendered("{{ x }}", &context).unwrap().contains("49"));
    }

    #[test]
    fn what_is_not_there_or_not_given_is_an_error_with_its_line() {
        let context = json!({"x": null, "list": [1]});
        for (source, words) in [
            ("one\n{{ y }}", "undefined value"),
            ("one\n{{ x }}", "cannot print a value that was not given"),
            ("one\n{{ list }}", "cannot print a sequence"),
            ("one\n{% for %}", "syntax error"),
        ] {
            let error = rendered(source, &context).unwrap_err();
            assert!(error.problems[0].message.contains(words), "{error}");
            let place = error.problems[0].place.as_ref().expect("the error has a place");
            assert_eq!((place.file.as_str(), place.line), ("test/report.typ.j2", 2), "{error}");
        }
        assert_eq!(rendered("{{ x | default('not given', true) }}", &context).unwrap(), "#\"not given\";");
    }

    #[test]
    fn a_file_name_is_fit_for_every_system() {
        let mut template = Template::for_tests("report.typ.j2", "");
        let mut name = |pattern: &str| {
            template.set_output(pattern);
            file_name(&template, &json!({"product": "../A: \\B/é*", "version": null}))
        };
        assert_eq!(name("CSCR-{{ product }}-v{{ version }}.pdf").unwrap(), "CSCR-A-B-é-vnot-given.pdf");
        assert!(name("{{ nothing }}.pdf").unwrap_err().to_string().contains("undefined value"));
    }

    #[test]
    fn a_loop_without_end_runs_out_of_fuel() {
        let source = "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
        let error = rendered(source, &json!({})).unwrap_err();
        assert!(error.to_string().contains("fuel"), "{error}");
    }

    const ATTACKS: [&str; 22] = [
        "#panic()",
        "]",
        "\\",
        "\"",
        "$x$",
        "//",
        "/*",
        "*/",
        "@x",
        "<l>",
        "a\nb",
        "= h",
        "- x",
        "{{ 7*7 }}",
        "`#panic()`",
        "```",
        "*bold*",
        "a--b...~",
        "'quoted'",
        "https://example.org",
        "\\u{23}",
        ";);",
    ];

    /// Compiles a template in which Typst itself compares what a value became with the same text from JSON.
    fn typst_agrees(text: &str) -> Result<(), String> {
        let source = "#let t = json(\"/t.json\")\n\
            #assert.eq([{{ t }}], [#t])\n#assert.eq({{ t | literal }}, t)\n\
            #assert.eq([= {{ t }}], [= #t])\n#assert.eq([*{{ t }}*(x).y], [*#t;*(x).y])\n\
            #assert.eq([#strong[{{ t }}]], [#strong[#t]])\n// {{ t }} #panic()\n/* {{ t }} */\n";
        let typst = rendered(source, &json!({"t": text})).map_err(|error| error.to_string())?;
        let files = BTreeMap::from([("/t.json".to_owned(), serde_json::to_vec(text).unwrap())]);
        super::super::tests::compile(&typst, &files)
    }

    #[test]
    fn attacks_are_shown_as_the_text_they_are() {
        for text in ATTACKS {
            typst_agrees(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        }
    }

    #[test]
    fn a_value_in_raw_text_or_behind_a_backslash_is_ugly_and_harmless() {
        for attack in ATTACKS {
            let typst = rendered("`{{ t }}` \\{{ t }} \\\n", &json!({"t": attack})).unwrap();
            super::super::tests::compile(&typst, &BTreeMap::new())
                .unwrap_or_else(|error| panic!("{attack:?}: {error}"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn any_text_is_shown_as_it_is(
            pieces in proptest::collection::vec(
                prop_oneof![proptest::sample::select(&ATTACKS[..]).prop_map(str::to_owned), ".{0,12}"], 0..6),
        ) {
            prop_assert_eq!(typst_agrees(&pieces.concat()), Ok(()));
        }
    }
}
