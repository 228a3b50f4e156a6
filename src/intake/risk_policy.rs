//! Risk policies: the one that is built in, or an organisation's own from a file, checked as a whole.
//!
//! A policy decides what every rating of a case is worth, so half of one is worse than none: it has to give
//! a risk for every pair of words, a meaning for every risk, and an order that its matrix follows. What is
//! wrong is said with its line, before any hazard is rated by it.

use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use super::{InputError, suggestion};
use crate::case::folding::fold;
use crate::case::matrix::{Category, RiskClass, RiskPolicy};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

const BUILT_IN: [&str; 1] = ["nhs"];

/// `[risk_policy]` or an entry of `[[risk_policies]]`: one that is built in, by id, or one from a file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskPolicyChoice {
    /// Id of a built-in policy: "nhs".
    id: Option<String>,
    /// TOML file with a policy of your own.
    file: Option<String>,
}

impl RiskPolicyChoice {
    /// The policy that is chosen at this path of the manifest.
    fn load(&self, folder: &CaseFolder, path: &str, lines: &Lines) -> Result<RiskPolicy, InputError> {
        let at = |key: &str| lines.place(&format!("{path}/{key}"));
        match (self.id.as_deref(), self.file.as_deref()) {
            (Some(_), Some(_)) => {
                Err(InputError::new("A risk policy is named by a built-in id and by a file")
                    .at(at("file"))
                    .hint("keep either id or file; a file states its own id"))
            }
            (None | Some("nhs"), None) => Ok(RiskPolicy::nhs()),
            (Some(id), None) => Err(InputError::new(format!("\"{id}\" is not a built-in risk policy"))
                .at(at("id"))
                .hint(format!("{}; give your own as file = \"...\"", suggestion::remedy(id, BUILT_IN)))),
            (None, Some(file)) => {
                let (policy, lines) = TomlInput::<RiskPolicy>::read(folder, file)
                    .map_err(|error| if folder.has(file) { error } else { error.at(at("file")) })?
                    .into_parts();
                check(&policy, &lines)?;
                if BUILT_IN.contains(&policy.id.as_str()) {
                    let what = format!("The id \"{}\" is that of a built-in risk policy", policy.id);
                    return fault(&lines, "id", what, "give your own policy an id of its own");
                }
                Ok(policy)
            }
        }
    }
}

/// The main policy and the further ones of a manifest; each has an id of its own.
pub(super) fn load_all(
    main: &RiskPolicyChoice,
    further: &[RiskPolicyChoice],
    folder: &CaseFolder,
    lines: &Lines,
) -> Result<(RiskPolicy, Vec<RiskPolicy>), InputError> {
    let main = main.load(folder, "risk_policy", lines)?;
    let further = further
        .iter()
        .enumerate()
        .map(|(index, choice)| choice.load(folder, &format!("risk_policies/{index}"), lines))
        .collect::<Result<Vec<_>, _>>()?;
    let places = std::iter::once(lines.place("risk_policy"))
        .chain((0..further.len()).map(|index| lines.place(&format!("risk_policies/{index}"))));
    let ids = std::iter::once(&main).chain(&further).map(|policy| policy.id.as_str());
    refuse_duplicates("risk policy", ids.zip(places))?;
    Ok((main, further))
}

/// Whether a policy is whole and in order.
fn check(policy: &RiskPolicy, lines: &Lines) -> Result<(), InputError> {
    for (key, text) in [("id", &policy.id), ("title", &policy.title)] {
        if text.trim().is_empty() {
            return fault(lines, key, format!("The risk policy has an empty {key}"), "give it one");
        }
    }
    check_words("severities", "severity", &policy.severities, lines)?;
    check_words("likelihoods", "likelihood", &policy.likelihoods, lines)?;
    check_size(policy, lines)?;
    check_acceptability(policy, lines)?;
    check_scores(policy, lines)?;
    check_order(policy, lines)
}

fn fault<T>(lines: &Lines, path: &str, what: String, hint: &str) -> Result<T, InputError> {
    Err(InputError::new(what).at(lines.place(path)).hint(hint))
}

/// There are words, and no two are one after folding.
fn check_words(key: &str, axis: &str, words: &[Category], lines: &Lines) -> Result<(), InputError> {
    if words.is_empty() {
        let what = format!("The risk policy has no {key}");
        return fault(lines, key, what, "list them from the lowest to the highest");
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (index, Category { word, .. }) in words.iter().enumerate() {
        let path = format!("{key}/{index}");
        if word.trim().is_empty() {
            return fault(lines, &path, format!("A {axis} of the risk policy has no word"), "give it one");
        }
        if let Some(first) = seen.insert(fold(word), word) {
            let what = format!("The {axis} \"{word}\" is there twice, first as \"{first}\"");
            return fault(
                lines,
                &path,
                what,
                "give each its own word; case and space do not tell words apart",
            );
        }
    }
    Ok(())
}

/// A row a likelihood, a cell a severity.
fn check_size(policy: &RiskPolicy, lines: &Lines) -> Result<(), InputError> {
    let (rows, columns) = (policy.likelihoods.len(), policy.severities.len());
    if policy.matrix.len() != rows {
        let what = format!(
            "The matrix has {} for {}",
            counted(policy.matrix.len(), "row", "rows"),
            counted(rows, "likelihood", "likelihoods")
        );
        return fault(lines, "matrix", what, "write one row a likelihood, from the lowest to the highest");
    }
    let mut of_another_size = policy.matrix.iter().enumerate().filter(|(_, row)| row.len() != columns);
    if let Some((index, row)) = of_another_size.next() {
        let what = format!(
            "Row {} of the matrix (\"{}\") has {} for {}",
            index + 1,
            policy.likelihoods[index].word,
            counted(row.len(), "cell", "cells"),
            counted(columns, "severity", "severities")
        );
        let hint = "write one cell a severity, from the lowest to the highest";
        return fault(lines, &format!("matrix/{index}"), what, hint);
    }
    Ok(())
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Each score has one entry, and what is demanded never falls as the risk rises.
fn check_acceptability(policy: &RiskPolicy, lines: &Lines) -> Result<(), InputError> {
    let entries = &policy.acceptability;
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("acceptability/{index}");
        if entries[..index].iter().any(|before| before.risk == entry.risk) {
            let what = format!("Acceptability says twice what risk {} means", entry.risk);
            return fault(lines, &path, what, "keep one of the two entries");
        }
        if entry.word.trim().is_empty() {
            let what = format!("Risk {} has no word", entry.risk);
            return fault(lines, &path, what, "give a word or two to print beside the score");
        }
        if let Some(before) = index.checked_sub(1).map(|before| &entries[before])
            && before.class > entry.class
        {
            let what = format!(
                "Risk {} is {}, and the lower risk {} is {}",
                entry.risk,
                class_word(entry.class),
                before.risk,
                class_word(before.class)
            );
            let hint = "list acceptability from the lowest risk to the highest, whichever way the numbers run; no risk may be judged more mildly than one below it";
            return fault(lines, &path, what, hint);
        }
    }
    Ok(())
}

fn class_word(class: RiskClass) -> &'static str {
    match class {
        RiskClass::Acceptable => "acceptable",
        RiskClass::AcceptableWithReason => "acceptable-with-reason",
        RiskClass::Undesirable => "undesirable",
        RiskClass::Unacceptable => "unacceptable",
    }
}

/// The matrix and acceptability know the same scores.
fn check_scores(policy: &RiskPolicy, lines: &Lines) -> Result<(), InputError> {
    for (index, row) in policy.matrix.iter().enumerate() {
        if let Some(risk) = row.iter().find(|risk| policy.acceptability(**risk).is_none()) {
            let what =
                format!("The matrix gives risk {risk}, and acceptability does not say what that means");
            let hint = "add an entry with this risk to acceptability";
            return fault(lines, &format!("matrix/{index}"), what, hint);
        }
    }
    let given = |risk: u8| policy.matrix.iter().flatten().any(|cell| *cell == risk);
    match policy.acceptability.iter().enumerate().find(|(_, entry)| !given(entry.risk)) {
        Some((index, entry)) => fault(
            lines,
            &format!("acceptability/{index}"),
            format!("Acceptability speaks of risk {}, which no cell of the matrix gives", entry.risk),
            "correct the number, or take the entry out",
        ),
        None => Ok(()),
    }
}

/// The matrix rises with severity and likelihood, or is declared not to.
fn check_order(policy: &RiskPolicy, lines: &Lines) -> Result<(), InputError> {
    match (policy.falls_at(), policy.monotone) {
        (Some((row, column)), true) => fault(
            lines,
            &format!("matrix/{row}"),
            format!(
                "The matrix falls to risk {} at {} x {}, though the severity or the likelihood rises",
                policy.matrix[row][column], policy.severities[column].word, policy.likelihoods[row].word
            ),
            "correct the cell, the order of the words or that of acceptability, which goes from the lowest risk to the highest; if the matrix is meant so, declare monotone = false, which is then printed",
        ),
        (None, false) => fault(
            lines,
            "monotone",
            "The risk policy declares monotone = false, and its matrix never falls".to_owned(),
            "take the line out",
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
