//! The clauses that a case is measured by: a table that is built in, or the organisation's own.

use super::InputError;
use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use crate::case::Place;
use crate::case::clause::{CheckedBy, Clause, ClauseTable, Numbering};
use crate::case::standard::{Standard, StandardName};

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
    check_head(table, lines)?;
    let groups = || table.groups.iter().zip(0..).map(|(group, at)| (group, format!("groups/{at}")));
    refuse_duplicates(
        "group of clauses",
        groups().map(|(group, path)| (group.number.as_str(), lines.place(&path))),
    )?;
    let clauses = || {
        groups().flat_map(|(group, path)| {
            let at = move |number: i32| format!("{path}/clauses/{number}");
            group.clauses.iter().zip(0..).map(move |(clause, number)| (clause, at(number)))
        })
    };
    refuse_duplicates(
        "clause",
        clauses().map(|(clause, path)| (clause.number.as_str(), lines.place(&path))),
    )?;
    for (group, path) in groups() {
        refuse_empty("heading", &group.heading, &format!("group {}", group.number), &path, lines)?;
    }
    let official = ClauseTable::dcb0129();
    clauses().try_for_each(|(clause, path)| check_clause(table, clause, &official, &path, lines))
}

/// What the table says of itself.
fn check_head(table: &ClauseTable, lines: &Lines) -> Result<(), InputError> {
    for (key, value) in [("id", &table.id), ("version", &table.version), ("title", &table.title)] {
        refuse_empty(key, value, "clause table", "", lines)?;
    }
    if [ClauseTable::dcb0129(), ClauseTable::dcb0160()].iter().any(|built_in| built_in.id == table.id) {
        return Err(InputError::new(format!(
            "\"{}\" is the id of a clause table that is built in",
            table.id
        ))
        .at(lines.place("id"))
        .hint("give the table an id of its own"));
    }
    if table.clauses().next().is_none() {
        return Err(InputError::new("The clause table holds no clause")
            .at(lines.place("groups"))
            .hint("write [[groups]] with number and heading, and below it [[groups.clauses]]"));
    }
    let because = table.unverified_because.as_deref().map(str::trim);
    match (table.verified, because) {
        (true, Some(_)) => Err(InputError::new("The clause table is verified, and says why it is not")
            .at(lines.place("unverified_because"))
            .hint("take the reason out, or write verified = false")),
        (false, None | Some("")) => Err(InputError::new("The clause table is not verified, and does not say why")
            .at(lines.place("verified"))
            .hint("give the reason as unverified_because; or compare the table with the official text and write verified = true")),
        _ => Ok(()),
    }
}

fn check_clause(
    table: &ClauseTable,
    clause: &Clause,
    official: &ClauseTable,
    path: &str,
    lines: &Lines,
) -> Result<(), InputError> {
    let number = &clause.number;
    let refused = |key: &str, what: String, hint: &str| {
        Err(InputError::new(what).at(lines.place(&format!("{path}/{key}"))).hint(hint))
    };
    refuse_empty("requirement", &clause.requirement, &format!("clause {number}"), path, lines)?;
    if let Some(counterpart) = &clause.counterpart {
        if official.clause(counterpart).is_none() {
            let what = format!(
                "Clause {number} has the counterpart \"{counterpart}\", which DCB0129 {} does not have",
                official.version
            );
            return refused(
                "counterpart",
                what,
                "give the number of a clause of DCB0129, or take the key out",
            );
        }
        let of_itself = table.standard == StandardName::Dcb0129 && table.numbering == Numbering::Standard;
        if of_itself && counterpart != number {
            let what = format!(
                "Clause {number} has the number of the standard, and another counterpart, {counterpart}"
            );
            return refused(
                "counterpart",
                what,
                "take the counterpart out, or write numbering = \"own\" for the table",
            );
        }
    }
    match clause.checked_by {
        CheckedBy::NobodyYet if !clause.probes.is_empty() => {
            let what = format!("Clause {number} is checked by nobody yet, and names probes");
            return refused(
                "probes",
                what,
                "take the probes out, or write checked_by = \"engine\" or \"person\"",
            );
        }
        CheckedBy::Engine if clause.probes.is_empty() => {
            let what = format!("Clause {number} is checked by the engine, and names no probe");
            return refused(
                "checked_by",
                what,
                "name the probes, or write checked_by = \"person\" or \"nobody-yet\"",
            );
        }
        _ => {}
    }
    if clause.evidence_in.is_empty() {
        let what = format!("Clause {number} does not say where its evidence lies");
        return refused(
            "evidence_in",
            what,
            "name one or more of cscr, hazard-log, plan, file, incident-log",
        );
    }
    if let Some(place) = repeated(&clause.evidence_in) {
        let what = format!("Clause {number} names the {} twice as the place of its evidence", place.words());
        return refused("evidence_in", what, "keep one of them");
    }
    if repeated(&clause.probes).is_some() {
        return refused("probes", format!("Clause {number} names one probe twice"), "keep one of them");
    }
    Ok(())
}

fn refuse_empty(key: &str, value: &str, of: &str, path: &str, lines: &Lines) -> Result<(), InputError> {
    if !value.trim().is_empty() {
        return Ok(());
    }
    let at = if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    Err(InputError::new(format!("The {key} of the {of} is empty"))
        .at(lines.place(&at))
        .hint(format!("write the {key} between the quotation marks")))
}

/// The first of these that stands twice.
fn repeated<T: PartialEq>(words: &[T]) -> Option<&T> {
    words.iter().enumerate().find(|(at, word)| words[..*at].contains(word)).map(|(_, word)| word)
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

    /// The table with one thing changed is refused in these words, at this line.
    #[track_caller]
    fn refused(was: &str, is: &str, words: &str, line: usize) {
        assert!(TABLE.contains(was), "the test would prove nothing: {was}");
        let error = loaded(&TABLE.replacen(was, is, 1)).unwrap_err();
        assert!(error.starts_with(words), "{error}");
        assert!(error.contains(&format!("at: ours.toml, line {line}\n")), "{error}");
        assert!(error.contains("  do: "), "{error}");
    }

    #[test]
    fn a_table_says_what_it_is() {
        refused("id = \"ours\"", "id = \" \"", "The id of the clause table is empty", 1);
        refused(
            "\"ours\"",
            "\"dcb0160-3.2\"",
            "\"dcb0160-3.2\" is the id of a clause table that is built in",
            1,
        );
        refused("version = \"3.2\"", "version = \"\"", "The version of the clause table is empty", 3);
        refused("\"Our reading\"", "\"\"", "The title of the clause table is empty", 4);
        refused(
            "verified = true",
            "verified = false",
            "The clause table is not verified, and does not say why",
            5,
        );
        let reason = "verified = true\nunverified_because = \"No time\"";
        refused("verified = true", reason, "The clause table is verified, and says why it is not", 6);
        let blank = "verified = false\nunverified_because = \" \"";
        refused("verified = true", blank, "The clause table is not verified, and does not say why", 5);
    }

    #[test]
    fn groups_and_clauses_are_named_and_told_apart() {
        refused("heading = \"Scope\"", "heading = \"\"", "The heading of the group 1 is empty", 9);
        refused("\"The scope is given.\"", "\" \"", "The requirement of the clause 1.1 is empty", 13);
        refused("number = \"1.1\"", "number = \"\"", "A clause has an empty id", 11);
        let again =
            "[[groups]]\nnumber = \"1\"\nheading = \"Again\"\nclauses = []\n\n[[groups]]\nnumber = \"1\"";
        refused("[[groups]]\nnumber = \"1\"", again, "The group of clauses id \"1\" is used twice", 12);
    }

    #[test]
    fn a_clause_says_what_it_stands_for_and_who_looks() {
        let unknown = "number = \"1.1\"\ncounterpart = \"9.9.9\"";
        refused(
            "number = \"1.1\"",
            unknown,
            "Clause 1.1 has the counterpart \"9.9.9\", which DCB0129 4.2 does not have",
            13,
        );
        refused("\"engine\"", "\"nobody-yet\"", "Clause 1.1 is checked by nobody yet, and names probes", 16);
        refused(
            "\"nobody-yet\"",
            "\"engine\"",
            "Clause 1.2 is checked by the engine, and names no probe",
            21,
        );
        refused("[\"cscr\"]", "[]", "Clause 1.1 does not say where its evidence lies", 15);
        refused(
            "[\"cscr\"]",
            "[\"cscr\", \"cscr\"]",
            "Clause 1.1 names the report twice as the place of its evidence",
            15,
        );
        refused(
            "[\"scope-given\"]",
            "[\"scope-given\", \"scope-given\"]",
            "Clause 1.1 names one probe twice",
            16,
        );
    }

    #[test]
    fn numbers_are_the_organisations_own_unless_it_says_that_they_are_the_standards() {
        let known = |text: &str| {
            let table = loaded(text).unwrap();
            table.clauses().map(|clause| table.known_as(clause).map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(known(TABLE), [None, None]);
        let counterpart = TABLE.replace("number = \"1.1\"", "number = \"1.1\"\ncounterpart = \"4.2.1\"");
        assert_eq!(known(&counterpart), [Some("4.2.1".to_owned()), None]);
    }
}
