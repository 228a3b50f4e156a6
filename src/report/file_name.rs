//! Names of reports: patterns with values of a case, and names that every file system takes.

use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

/// Instructions that a pattern may run; it is a line with a few values.
const FUEL: u64 = 100_000;

/// What a pattern makes of a context: each value made fit for a file name by `part`, which sees `not given` for one that
/// was not given. What the pattern itself says stays as it is.
pub(crate) fn filled<C: Serialize>(
    pattern: &str,
    context: &C,
    part: fn(&str) -> String,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(move |out, _, value| {
        let text = if value.is_none() { "not given".to_owned() } else { value.to_string() };
        Ok(out.write_str(&part(&text))?)
    });
    environment.render_str(pattern, Value::from(Serde(context)))
}

/// What a pattern makes of a context, or what is wrong with it.
pub fn of_pattern<C: Serialize>(pattern: &str, context: &C) -> Result<String, String> {
    filled(pattern, context, part)
        .map_err(|error| super::diagnostics::from_minijinja(&error, |_| None).message)
}

/// What is wrong with a pattern whatever it is filled with.
#[must_use]
pub fn fault_of_pattern(pattern: &str) -> Option<String> {
    let environment = Environment::new();
    let error = environment.template_from_str(pattern).err()?;
    Some(super::diagnostics::from_minijinja(&error, |_| None).message)
}

/// Letters, digits, dots and underscores stay; every run of anything else becomes one dash.
pub(super) fn part(text: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
    let parts = text.split(|c| !kept(c)).filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("-");
    name.trim_matches(['.', '-']).chars().take(80).collect()
}

/// A name that every file system takes, and as much as can be like this one: without what has a meaning in paths, at
/// the end of a name, or to old systems of devices, and not too long for an ending to follow. It may be empty.
#[must_use]
pub fn safe(name: &str) -> String {
    const LONGEST: usize = 200;
    let has_meaning = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let plain: String = name.chars().map(|c| if has_meaning(c) { '-' } else { c }).collect();
    let mut end = plain.len().min(LONGEST);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    // What begins with a dot is hidden, and what ends with one loses it.
    let name = plain[..end].trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    if is_device(name) { format!("{name}-") } else { name.to_owned() }
}

/// `CON`, `nul.pdf` and the like, which are no files on Windows.
pub(crate) fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let is_numbered = |kind: &str| {
        stem.strip_prefix(kind).is_some_and(|number| {
            number.chars().count() == 1 && number.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c))
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || is_numbered("COM")
        || is_numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn values_are_made_fit_and_the_pattern_is_not() {
        let context = json!({"product": "../A: \\B/é*", "version": null});
        let name = of_pattern("all/CSCR-{{ product }}-v{{ version }}.pdf", &context).unwrap();
        assert_eq!(name, "all/CSCR-A-B-é-vnot-given.pdf");
        assert!(of_pattern("{{ nothing }}", &context).unwrap_err().contains("undefined value"));
        assert!(
            of_pattern(
                "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
                &context
            )
            .is_err()
        );
    }

    #[test]
    fn a_safe_name_is_one_everywhere() {
        for (name, expected) in [
            ("Referral Hub (v1)", "Referral Hub (v1)"),
            ("a/b\\c:d", "a-b-c-d"),
            ("nul", "nul-"),
            ("COM1.report", "COM1.report-"),
            ("lpt¹", "lpt¹-"),
            ("company", "company"),
            ("..", ""),
            (".hidden", "hidden"),
            ("ends. . ", "ends"),
            ("tab\tbell\u{7}", "tab-bell-"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_safe_name_is_safe_again(name in "\\PC{0,300}") {
            let once = safe(&name);
            prop_assert!(once.len() <= 201 && !once.contains(['/', '\\', ':']) && !once.ends_with(['.', ' ']));
        }
    }
}
