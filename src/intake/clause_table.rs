//! The clauses that a case is measured by: a table that is built in, or the organisation's own.

use super::InputError;
use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use crate::case::Place;
use crate::case::clause::ClauseTable;
use crate::case::standard::Standard;

/// The table of a standard, or the one in this file.
pub fn load(
    folder: &CaseFolder,
    standard: &Standard,
    file: Option<&str>,
    named_at: Place,
) -> Result<ClauseTable, InputError> {
    let Some(file) = file else { return Ok(ClauseTable::built_in(standard.name)) };
    let (table, lines) = TomlInput::<ClauseTable>::read(folder, file)
        .map_err(|error| if error.place.is_none() { error.at(named_at.clone()) } else { error })?
        .into_parts();
    check(&table, standard, &lines, named_at)?;
    Ok(table.digested())
}

fn check(table: &ClauseTable, standard: &Standard, lines: &Lines, named_at: Place) -> Result<(), InputError> {
    if table.standard != standard.name {
        let (of, claimed) = (table.standard.as_str(), standard.name.as_str());
        return Err(InputError::new(format!("The clause table is of {of}, and the case claims {claimed}"))
            .at(named_at)
            .hint(format!("name a table of {claimed}, or correct the name under [standard]")));
    }
    if table.clauses().next().is_none() {
        return Err(InputError::new("The clause table holds no clause")
            .at(lines.place("groups"))
            .hint("write [[groups]] with number and heading, and below it [[groups.clauses]]"));
    }
    if table.verified && table.unverified_because.is_some() {
        return Err(InputError::new("The clause table is verified, and says why it is not")
            .at(lines.place("unverified_because"))
            .hint("take the reason out, or write verified = false"));
    }
    let placed = table.groups.iter().enumerate().flat_map(|(group, entry)| {
        let place = move |clause: usize| lines.place(&format!("groups/{group}/clauses/{clause}"));
        entry.clauses.iter().enumerate().map(move |(at, clause)| (clause.number.as_str(), place(at)))
    });
    refuse_duplicates("clause", placed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::standard::StandardName;
    use crate::intake::files::tests::case_folder;

    const TABLE: &str = r#"id = "ours"
standard = "DCB0160"
version = "3.2"
title = "Our reading"
verified = true

[[groups]]
number = "1"
heading = "Scope"

[[groups.clauses]]
number = "1.1"
requirement = "The scope is given."
checked_by = "engine"
evidence_in = ["cscr"]
probes = ["scope-given"]

[[groups.clauses]]
number = "1.2"
requirement = "Somebody looks after it."
checked_by = "nobody-yet"
evidence_in = ["file"]
"#;

    fn loaded(text: &str) -> Result<ClauseTable, String> {
        let (_directory, folder) = case_folder(&[("ours.toml", text)]);
        let standard = Standard { name: StandardName::Dcb0160, version: "3.2".to_owned() };
        load(&folder, &standard, Some("ours.toml"), Place::line("case.toml", 3)).map_err(|e| e.to_string())
    }

    #[test]
    fn a_table_of_ones_own_takes_the_place_of_the_built_in_one() {
        let table = loaded(TABLE).unwrap();
        assert_eq!(table.clauses().count(), 2);
        assert_eq!(table.sha256.len(), 64);
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said_with_its_line() {
        let twice = loaded(&TABLE.replace("1.2", "1.1")).unwrap_err();
        assert!(twice.contains("The clause id \"1.1\" is used twice, first at line 11"), "{twice}");
        let probe = loaded(&TABLE.replace("scope-given", "scope-gven")).unwrap_err();
        assert!(probe.contains("\"scope-gven\" is not a word that can stand here"), "{probe}");
        assert!(
            probe.contains("ours.toml, line 16") && probe.contains("did you mean \"scope-given\"?"),
            "{probe}"
        );
        let word = loaded(&TABLE.replace("nobody-yet", "nobody")).unwrap_err();
        assert!(
            word.contains("did you mean") || word.contains("known are engine, person, nobody-yet"),
            "{word}"
        );
        let other = loaded(&TABLE.replace("DCB0160", "DCB0129")).unwrap_err();
        assert!(other.contains("The clause table is of DCB0129, and the case claims DCB0160"), "{other}");
        assert!(other.contains("case.toml, line 3"), "{other}");
        let empty = loaded(TABLE.split("[[groups]]").next().unwrap()).unwrap_err();
        assert!(empty.contains("groups"), "{empty}");
    }
}
