//! Names of files that are one name on every system.
//!
//! A pack goes from one system to another: what differs by case alone is one file on Windows and macOS, `é` is one
//! character here and two there, `CON.pdf` is a device, and a name with `..` in it leads out of the folder. So the names
//! in a pack are made of a few characters of ASCII, and one that is not is refused when a pack is read. What a file was
//! called in the case folder stands in the manifest.

use super::profile::ProfileError;
use crate::report::file_name;
use serde::Serialize;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// Longest part of a path, and longest path: what every system unpacks below a folder of its own.
const LONGEST_PART: usize = 120;
const LONGEST: usize = 200;
/// Of one value in a pattern, so that a product's name leaves room for its version.
const LONGEST_VALUE: usize = 60;

/// A value as a part of a name: letters without their accents, digits, dots, dashes and underscores.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut name = String::new();
    for character in text.nfkd().flat_map(spelt) {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '_') {
            name.push(character);
        } else if !is_mark(character) && !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name: String = name.trim_matches(['.', '-']).chars().take(LONGEST_VALUE).collect();
    let name = name.trim_end_matches(['.', '-']);
    if name.is_empty() { "unnamed".to_owned() } else { name.to_owned() }
}

/// Letters that are not another letter with a mark.
fn spelt(character: char) -> impl Iterator<Item = char> {
    let words = match character {
        'ß' => "ss",
        'ø' => "o",
        'Ø' => "O",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        _ => "",
    };
    let own = words.is_empty().then_some(character);
    words.chars().chain(own)
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
        || matches!(character, '\'' | '\u{2019}' | '\u{2bc}')
}

/// What a pattern of a profile comes to: each value is [`plain`], one that was not given is `not-given`. Folders are
/// those of the pattern alone. The extension stands at the end whether or not the pattern says it.
///
/// # Errors
/// If the pattern reads what there is not, or comes to a name that is none.
pub fn filled(pattern: &str, values: &impl Serialize, extension: &str) -> Result<String, ProfileError> {
    let name = file_name::filled(pattern, values, plain)
        .map_err(|error| {
            let error = error.to_string();
            // Where in the pattern: it is one line, and printed whole.
            let why = error.split(" (in <").next().unwrap_or_default();
            ProfileError::new(format!(
                "The name \"{pattern}\" of the profile cannot be made: {why}\n  do: a name reads {{{{ product }}}}, {{{{ release }}}}, {{{{ version }}}}, {{{{ hazard_log_version }}}}, {{{{ plan_version }}}}, {{{{ standard }}}}, and of a file that was given {{{{ name }}}} and {{{{ id }}}}; `cscr schema profile` says more"
            ))
        })?;
    let has_extension = extension.is_empty() || name.to_lowercase().ends_with(&format!(".{extension}"));
    let name = if has_extension { name } else { format!("{name}.{extension}") };
    match fault(&name) {
        Some(fault) => Err(ProfileError::new(format!(
            "The name \"{name}\", of \"{pattern}\" in the profile, {fault}\n  do: write another pattern"
        ))),
        None => Ok(name),
    }
}

/// Why a path is none that every system takes for the same file; to follow the name.
#[must_use]
pub fn fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.starts_with('/') {
        return Some("does not begin in the folder that it is unpacked into");
    }
    if path.contains('\\') {
        return Some("has a backslash, which is a folder on some systems");
    }
    if path.contains(':') {
        return Some("has a colon, which names a drive on some systems");
    }
    if path.chars().any(char::is_control) {
        return Some("has characters that cannot be seen");
    }
    if path.len() > LONGEST {
        return Some("is longer than every system takes");
    }
    for part in path.split('/') {
        let fault = match part {
            "" => "has an empty part",
            "." | ".." => "leads out of the folder that it is unpacked into",
            _ if file_name::is_device(part) => "is that of a device on Windows",
            _ if part.len() > LONGEST_PART => "is longer than every system takes",
            _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
                "begins or ends with what some systems leave out"
            }
            _ if part.starts_with(['-', '~', '.']) => {
                "begins with a sign that has a meaning to some programs"
            }
            _ if !part.chars().all(is_usual) => "has characters that not every system writes alike",
            _ => continue,
        };
        return Some(fault);
    }
    None
}

fn is_usual(character: char) -> bool {
    character.is_ascii_alphanumeric() || " ._-+()[],&=@#!".contains(character)
}

/// Names that are taken, whatever their case.
#[derive(Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// These names are for others.
    #[must_use]
    pub fn with(names: &[&str]) -> Self {
        let mut taken = Self::default();
        for name in names {
            taken.note(name);
        }
        taken
    }

    /// The name, or with a number behind it where it is taken.
    pub fn take(&mut self, name: &str) -> String {
        let is_below_file =
            name.match_indices('/').any(|(at, _)| self.0.contains(&name[..at].to_lowercase()));
        let flat = name.replace('/', "-");
        let name = if is_below_file { &flat } else { name };
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => (stem, format!(".{extension}")),
            _ => (name, String::new()),
        };
        let numbered = (2..).map(|number| format!("{stem}-{number}{extension}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| !self.is_taken(name)).unwrap_or_default();
        self.note(&free);
        free
    }

    /// A file cannot be where a folder is.
    fn is_taken(&self, name: &str) -> bool {
        let folded = name.to_lowercase();
        self.0.contains(&folded) || self.0.contains(&format!("{folded}/"))
    }

    fn note(&mut self, name: &str) {
        let folded = name.to_lowercase();
        self.0.extend(folded.match_indices('/').map(|(at, _)| folded[..=at].to_owned()));
        self.0.insert(folded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_a_part_of_a_name_on_every_system() {
        assert_eq!(plain("Referral Hub"), "Referral-Hub");
        assert_eq!(plain("../e-RS / API: \"v2\"?"), "e-RS-API-v2");
        // Composed and decomposed letters are one name.
        assert_eq!(
            (plain("Siân's Caf\u{e9}"), plain("Caf\u{65}\u{301}")),
            ("Sians-Cafe".into(), "Cafe".into())
        );
        assert_eq!(plain("Straße Ødegård Łódź ﬁle ４．２"), "Strasse-Odegard-Lodz-file-4.2");
        assert_eq!(
            (plain("字"), plain(" . "), plain("a...b")),
            ("unnamed".into(), "unnamed".into(), "a...b".into())
        );
        assert_eq!(plain(&"word ".repeat(40)).len(), 59);
        assert!(fault(&plain(&"é".repeat(500))).is_none());
    }

    #[test]
    fn a_pattern_alone_makes_folders() {
        let values = json!({"product": "A/B ../C", "release": null});
        let name = |pattern: &str| filled(pattern, &values, "pdf").map_err(|error| error.to_string());
        assert_eq!(
            name("reports/{{ product }}-Release-{{ release }}").unwrap(),
            "reports/A-B-..-C-Release-not-given.pdf"
        );
        assert_eq!(name("{{ product }}.PDF").unwrap(), "A-B-..-C.PDF");
        let said = name("{{ produkt }}").unwrap_err();
        assert!(said.contains("undefined") && !said.contains("<string>"), "{said}");
        assert!(said.contains("\n  do: a name reads {{ product }}, "), "{said}");
        assert!(name("../{{ product }}").unwrap_err().contains("leads out of the folder"));
        assert!(name("NUL").unwrap_err().contains("device"));
    }

    #[test]
    fn what_is_no_name_everywhere_is_said() {
        for (path, why) in [
            ("", "empty"),
            ("/etc/passwd", "does not begin"),
            ("a\\b", "backslash"),
            ("C:a", "drive"),
            ("a/../../b", "leads out"),
            ("a//b", "empty part"),
            ("a/", "empty part"),
            ("a\u{7}b", "cannot be seen"),
            ("a/com1.txt", "device"),
            ("Con.tar.gz", "device"),
            ("AUX ", "device"),
            ("a.", "leave out"),
            ("-rf", "meaning"),
            (".hidden", "meaning"),
            ("caf\u{e9}", "alike"),
            ("a*b", "alike"),
        ] {
            let fault = fault(path).unwrap_or("is a name");
            assert!(fault.contains(why), "{path:?}: {fault}");
        }
        assert!(fault(&"a".repeat(121)).is_some() && fault(&"abc/".repeat(60)).is_some());
        assert_eq!(fault("Evidence/EV-01 (a).v2.pdf"), None);
        assert_eq!((fault("COM10.txt"), fault("Console.txt")), (None, None));
    }

    #[test]
    fn names_that_differ_by_case_alone_get_a_number() {
        let mut taken = Taken::with(&["manifest.json"]);
        let names = ["A.pdf", "a.PDF", "a.pdf", "Manifest.JSON", "a.pdf/x", "b/c", "B", "no-extension"];
        let names: Vec<String> = names.iter().map(|name| taken.take(name)).collect();
        assert_eq!(
            names,
            ["A.pdf", "a-2.PDF", "a-3.pdf", "Manifest-2.JSON", "a.pdf-x", "b/c", "B-2", "no-extension"]
        );
    }
}
