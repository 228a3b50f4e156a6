//! The name of an exported file.

use super::Export;

/// The name of the file without its extension: `<title>-hazard-log-v<version>`.
#[must_use]
pub fn file_stem(export: &Export<'_>) -> String {
    let title = words(&export.title);
    let stem = match title.as_str() {
        "" => "hazard-log".to_owned(),
        title if title.contains("hazard-log") => title.to_owned(),
        title => format!("{title}-hazard-log"),
    };
    match export.log.version.as_deref().map(version).filter(|version| !version.is_empty()) {
        Some(version) => format!("{stem}-v{version}"),
        None => stem,
    }
}

/// Small letters, digits and hyphens: a name that every file system takes.
fn words(title: &str) -> String {
    const LONGEST: usize = 60;
    let plain: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let mut stem = String::new();
    for word in plain.to_lowercase().split_whitespace() {
        if stem.chars().count() + word.chars().count() > LONGEST {
            break;
        }
        if !stem.is_empty() {
            stem.push('-');
        }
        stem.push_str(word);
    }
    stem
}

/// `1.0` and `2.0-draft` as they are.
fn version(version: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '.' { c } else { '-' };
    let number = version.trim().trim_start_matches(['v', 'V']);
    number.chars().map(plain).collect::<String>().trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Date;
    use crate::case::hazard_log::HazardLog;

    #[test]
    fn a_file_is_named_by_title_and_version() {
        let stem = |title: &str, version: Option<&str>| {
            let log = HazardLog { version: version.map(str::to_owned), ..HazardLog::default() };
            let date = Date::new(2026, 9, 14).unwrap();
            file_stem(&Export { log: &log, policies: Vec::new(), title: title.to_owned(), date })
        };
        assert_eq!(stem("Referral Hub: Hazard Log", Some("1.2")), "referral-hub-hazard-log-v1.2");
        assert_eq!(stem("../e-RS / API", Some(" V2/draft ")), "e-rs-api-hazard-log-v2-draft");
        assert_eq!(stem("", None), "hazard-log");
    }
}
