use super::*;
use crate::case::Case;
use crate::intake::files::tests::case_folder;
use crate::intake::manifest::ResolvedManifest;

const PRODUCT: &str = "[product]\nname = \"Referral Bridge\"\n";

const POLICY: &str = r#"id = "own"
title = "Own"
severities = [{ word = "Low", meaning = "" }, { word = "High", meaning = "" }]
likelihoods = [{ word = "Rare", meaning = "" }]
matrix = [[1, 2]]
acceptability = [
  { risk = 1, class = "acceptable", word = "a", meaning = "" },
  { risk = 2, class = "unacceptable", word = "b", meaning = "" },
]
"#;

fn read(files: &[(&str, &str)]) -> Result<Case, InputError> {
    let (_directory, folder) = case_folder(files);
    ResolvedManifest::read(&folder).map(|resolved| resolved.case)
}

fn policy(text: &str) -> Result<RiskPolicy, InputError> {
    let manifest = format!("{PRODUCT}[risk_policy]\nfile = \"policy.toml\"\n");
    read(&[("case.toml", &manifest), ("policy.toml", text)]).map(|case| case.risk_policy)
}

#[track_caller]
fn refused(text: &str, expected: &str, line: usize) {
    let error = policy(text).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert!(error.contains(&format!("at: policy.toml, line {line}\n")), "{error}");
}

#[test]
fn an_unknown_risk_policy_is_refused() {
    let error = |choice: &str| {
        read(&[("case.toml", &format!("{PRODUCT}[risk_policy]\n{choice}\n"))]).unwrap_err().to_string()
    };
    let text = error("id = \"nhss\"");
    assert!(text.contains("\"nhss\" is not a built-in risk policy"), "{text}");
    assert!(text.contains("did you mean \"nhs\"?") && text.contains("case.toml, line 4"), "{text}");
    let text = error("id = \"nhs\"\nfile = \"p.toml\"");
    assert!(text.contains("by a built-in id and by a file") && text.contains("case.toml, line 5"), "{text}");
    let text = error("file = \"p.toml\"");
    assert!(text.contains("p.toml") && text.contains("case.toml, line 4"), "{text}");
}

#[test]
fn a_policy_that_is_not_whole_is_refused_at_its_line() {
    assert_eq!(policy(POLICY).unwrap().risk("high", "rare"), Some(2));
    let cases = [
        ("[[1, 2]]", "[[1, 2], [1, 2]]", "The matrix has 2 rows for 1 likelihood", 5),
        ("[[1, 2]]", "[[1]]", "Row 1 of the matrix (\"Rare\") has 1 cell for 2 severities", 5),
        ("[[1, 2]]", "[[1, 3]]", "The matrix gives risk 3, and acceptability does not say", 5),
        ("[[1, 2]]", "[[1, 1]]", "Acceptability speaks of risk 2, which no cell of the matrix gives", 8),
        ("risk = 2", "risk = 1", "Acceptability says twice what risk 1 means", 8),
        ("\"High\"", "\" low \"", "The severity \" low \" is there twice, first as \"Low\"", 3),
        ("\"Rare\"", "\"\"", "A likelihood of the risk policy has no word", 4),
        ("[{ word = \"Rare\", meaning = \"\" }]", "[]", "The risk policy has no likelihoods", 4),
        ("title = \"Own\"", "title = \" \"", "The risk policy has an empty title", 2),
        ("word = \"b\"", "word = \"\"", "Risk 2 has no word", 8),
    ];
    for (from, to, expected, line) in cases {
        refused(&POLICY.replace(from, to), expected, line);
    }
    refused(&POLICY.replace("[[1, 2]]", "[[1, 300]]"), "expected a whole number from 0 to 255", 5);
}

#[test]
fn no_risk_is_judged_more_mildly_than_a_lower_one() {
    let milder =
        POLICY.replace("\"unacceptable\"", "\"undesirable\"").replace("\"acceptable\"", "\"unacceptable\"");
    refused(&milder, "Risk 2 is undesirable, and the lower risk 1 is unacceptable", 8);
    let alike = POLICY.replace("\"unacceptable\"", "\"acceptable\"");
    assert!(policy(&alike).is_ok(), "several risks may be judged alike");
}

#[test]
fn the_order_of_risks_is_that_of_acceptability_and_not_of_numbers() {
    let inverted = POLICY.replace("[[1, 2]]", "[[2, 1]]").replace("risk = 1", "risk = 9");
    let inverted = inverted.replace("risk = 2", "risk = 1").replace("risk = 9", "risk = 2");
    let policy = policy(&inverted).unwrap();
    assert_eq!(policy.compare(1, 2), Some(std::cmp::Ordering::Greater));
    assert_eq!(policy.class(1), Some(RiskClass::Unacceptable));
}

#[test]
fn a_matrix_that_falls_has_to_declare_it() {
    let falling = POLICY.replace("[[1, 2]]", "[[2, 1]]");
    refused(&falling, "The matrix falls to risk 1 at High x Rare", 5);
    let declared = |text: &str| text.replace("id = \"own\"\n", "id = \"own\"\nmonotone = false\n");
    assert!(!policy(&declared(&falling)).unwrap().monotone);
    refused(&declared(POLICY), "declares monotone = false, and its matrix never falls", 2);
}

#[test]
fn attendance_is_what_the_policy_says_or_the_usual() {
    assert_eq!(policy(POLICY).unwrap().psa_attendance, RiskPolicy::nhs().psa_attendance);
    let own = policy(&format!("{POLICY}[psa_attendance]\nclinicians = 2\nsafety_engineer = true\n")).unwrap();
    assert_eq!((own.psa_attendance.clinicians, own.psa_attendance.cso), (2, true));
    assert!(own.psa_attendance.safety_engineer);
    refused(
        &format!("{POLICY}[psa_attendance]\nclinician = 2\n"),
        "The key \"clinician\" is not known here",
        11,
    );
}

#[test]
fn a_case_may_have_several_policies_each_with_its_id() {
    let further = |main: &str, file: &str| {
        let manifest = format!("{PRODUCT}[risk_policy]\n{main}\n[[risk_policies]]\n{file}\n");
        read(&[("case.toml", &manifest), ("policy.toml", POLICY)])
    };
    let case = further("id = \"nhs\"", "file = \"policy.toml\"").unwrap();
    let ids: Vec<&str> = case.policies().map(|policy| policy.id.as_str()).collect();
    assert_eq!(ids, ["nhs", "own"]);
    let error = further("file = \"policy.toml\"", "file = \"policy.toml\"").unwrap_err().to_string();
    assert!(error.contains("The risk policy id \"own\" is used twice, first at line 3"), "{error}");
    assert!(error.contains("case.toml, line 5"), "{error}");
}

/// The example of the documentation is a policy, and the one that its words say.
#[test]
fn the_documented_example_is_true() {
    let page = include_str!("../../../docs/risk-policy.md");
    let example =
        page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let policy = policy(example).unwrap();
    for (row, likelihood) in (1..).zip(&policy.likelihoods) {
        for (column, severity) in (1..).zip(&policy.severities) {
            assert_eq!(policy.risk(&severity.word, &likelihood.word), Some(row * column));
        }
    }
    assert_eq!(policy.rank(25), Some(13));
    assert_eq!(policy.psa_attendance.clinicians, 2);
}
