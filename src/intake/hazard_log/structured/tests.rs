use super::*;
use crate::case::Date;
use crate::case::document::{Revision, Signatory};
use crate::case::hazard::{
    Acceptance, BenefitOutcome, Cause, Condition, Control, ControlKind, ControlState, Hazard, HazardState,
    LinkBasis, Rating, RiskBenefit, StatedRisk,
};
use crate::case::hazard_log::{RetiredHazard, StatedCriterion, StatedMatrix, StatedMatrixCell};
use crate::case::matrix::RiskPolicy;
use crate::case::observation::ObservationKind;
use crate::case::system::Declared;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn read_toml(text: &str) -> Result<HazardLogInput, InputError> {
    read(Form::Toml, "log.toml", text, &RatedBy::from(&RiskPolicy::nhs()))
}

fn read_json(text: &str) -> Result<HazardLogInput, InputError> {
    read(Form::Json, "log.json", text, &RatedBy::from(&RiskPolicy::nhs()))
}

const LOG: &str = r#"title = "Hazard log"
version = "1.0"
version_date = 2026-05-20

[[hazards]]
id = "H01"
name = "Wrong patient"
status = "Open"
initial = { severity = "2 - Major", likelihood = "medium", risk = 4 }
residual.severity = "Major"
existing_controls = ["None", "Staff check the name"]

[[hazards.causes]]
id = "0101"
text = "Two patients share a name"
controls = ["H01.D1"]

[[hazards.controls]]
type = "design"
text = "The date of birth is shown"
action = "Risk transferred in Hazard Log"
owner = "Trust"

[[hazards]]
id = "H01"
causes = ["One", "Two"]
"#;

#[test]
fn what_can_be_worked_out_is() {
    let input = read_toml(LOG).unwrap();
    let hazard = &input.log.hazards[0];
    assert_eq!((hazard.initial.risk, hazard.state), (Some(3), HazardState::Open));
    assert_eq!(hazard.initial.severity.as_deref(), Some("Major"));
    assert_eq!(hazard.initial.stated_severity.as_deref(), Some("2 - Major"));
    assert_eq!(hazard.initial.likelihood.as_deref(), Some("Medium"));
    assert_eq!(hazard.existing_controls.len(), 1, "\"None\" is no control");
    assert_eq!(hazard.existing_controls[0].id, "H01.E1");
    assert_eq!((hazard.controls[0].id.as_str(), hazard.controls[0].kind), ("H01.D1", ControlKind::Design));
    assert_eq!(hazard.controls[0].transferred_to.as_deref(), Some("Trust"));
    assert_eq!(hazard.causes[0].link, LinkBasis::Stated);
    assert_eq!(input.log.hazards[1].key, "H01~2");
    assert_eq!(input.log.hazards[1].causes[1].id, "H01~2.2");
    let seen: Vec<_> = input.observations.iter().map(|seen| (seen.kind, seen.place.clone())).collect();
    assert_eq!(seen, [(ObservationKind::DuplicateHazardId, Some(Place::line("log.toml", 24)))]);
}

#[test]
fn every_value_has_its_line() {
    let input = read_toml(LOG).unwrap();
    let line = |path: &str| input.provenance.place(path).and_then(|place| place.line);
    for (path, expected) in [
        ("hazard_log/version", 2),
        ("hazards/H01", 5),
        ("hazards/H01/name", 7),
        ("hazards/H01/initial/risk", 9),
        ("hazards/H01/residual/severity", 10),
        ("hazards/H01/controls/H01.E1", 11),
        ("hazards/H01/causes/0101/text", 15),
        ("hazards/H01/controls/H01.D1/owner", 22),
        ("hazards/H01~2/causes/H01~2.2", 26),
    ] {
        assert_eq!(line(path), Some(expected), "{path}");
    }
    let json = read_json(&to_json(&input.log)).unwrap();
    assert_eq!(json.provenance.place("hazards/H01/name"), Some(Place::line("log.json", 9)));
}

#[test]
fn faults_say_what_where_and_what_to_do() {
    for (text, what, line) in [
        ("[[hazards]]\nid = \"H1\"\nseverty = 1\n", "The key \"severty\" is not known here", 3),
        (
            "[[hazards]]\nid = \"H1\"\ncauses = [{ text = \"a\", controls = [\"X\"] }]\n",
            "Hazard H1 has no control \"X\"",
            3,
        ),
        ("[[hazards]]\ncontrols = [{ text = \"a\", introduces = [] }]\n", "brings with it is empty", 2),
        ("[[hazards]]\ncontrols = [{ text = \"a\", type = \"desing\" }]\n", "did you mean \"design\"?", 2),
        ("risk_policy = \"own\"\n[[hazards]]\n", "The risk policy \"own\" is not known here", 1),
        ("[[hazards]]\ncauses = [7]\n", "expected a text, or a table with id, text and more", 2),
        (
            "[[hazards]]\nid = \"H1\"\n[[retired]]\nid = \"H1\"\non = 2026-01-01\nby = \"cso\"\nreason = \"x\"\n",
            "still has it",
            4,
        ),
    ] {
        let error = read_toml(text).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains(&format!("at: log.toml, line {line}")), "{error}");
    }
    let error =
        read_json("{\"hazards\": [\n{\"causes\": [\"a\", {\"txt\": \"b\"}]}]}").unwrap_err().to_string();
    assert!(
        error.contains("The key \"txt\" is not known here") && error.contains("log.json, line 2"),
        "{error}"
    );
}

#[test]
fn another_schema_is_named() {
    for (text, what) in [
        ("{\"hazard_log\": {}, \"product\": {}}", "This JSON is a whole case"),
        ("{\"hazards\": [], \"unmapped\": [], \"findings\": []}", "what \"cscr import\" printed"),
        ("{\"risks\": []}", "This JSON is of another schema: it has no hazards"),
        ("[1, 2]", "This JSON is of another schema"),
    ] {
        let error = read_json(text).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains("do: "), "{error}");
    }
    let error = read_toml("[product]\nname = \"x\"\n").unwrap_err().to_string();
    assert!(error.contains("the manifest of a case folder"), "{error}");
}

#[test]
fn the_form_is_told_from_the_name_or_the_text() {
    assert_eq!(Form::of("log.json", "nonsense"), Some(Form::Json));
    assert_eq!(Form::of("log", " {\"hazards\": []}"), Some(Form::Json));
    assert_eq!(Form::of("log", "[[hazards]]\nid = \"H1\"\n"), Some(Form::Toml));
    for (name, text) in
        [("log.csv", "{a}"), ("log", "Hazard,Name\n1,x\n"), ("log", "# Hazard 1\n"), ("log", "")]
    {
        assert_eq!(Form::of(name, text), None, "{name}");
    }
}

#[test]
fn a_hazard_may_be_rated_by_a_policy_that_the_log_names() {
    let main = RiskPolicy::nhs();
    let own = RiskPolicy { id: "own".to_owned(), ..RiskPolicy::nhs() };
    let policies = [own.clone()];
    let by = |text: &str, others| {
        let rated_by = RatedBy::new(&main, others).or_named(&policies);
        read(Form::Toml, "log.toml", text, &rated_by).map(|input| {
            input.log.hazards.iter().map(|hazard| hazard.initial.policy.clone()).collect::<Vec<_>>()
        })
    };
    let text =
        "risk_policy = \"own\"\n[[hazards]]\nid = \"A\"\n[[hazards]]\nid = \"B\"\nrisk_policy = \"nhs\"\n";
    assert_eq!(by(text, BTreeMap::new()).unwrap(), ["own", "nhs"]);
    assert_eq!(by(text, BTreeMap::from([("A", &main)])).unwrap(), ["nhs", "nhs"], "the supplement says so");
    let error = by(text, BTreeMap::from([("B", &own)])).unwrap_err().to_string();
    assert!(error.contains("rates B by the risk policy \"nhs\", and the supplement by \"own\""), "{error}");
}

/// Words such as people write, with signs that a format has to escape.
fn words() -> impl Strategy<Value = String> {
    "[A-Za-zé\"'\\\\#{}\\[\\]|=+@-][A-Za-z é\"'\\\\#\n\r\t{}|,:.]{0,12}[a-z.é\"'\\\\]"
        .prop_filter("space at an end is trimmed", |text| text.trim() == text)
        .prop_filter("says that there is none", |text| !crate::intake::hazard_log::list::says_none(text))
}

fn date() -> impl Strategy<Value = Date> {
    (2000i16..2100, 1i8..13, 1i8..29).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn rating() -> impl Strategy<Value = Rating> {
    let word = |words: [&'static str; 4]| {
        of(prop_oneof![proptest::sample::select(words.to_vec()).prop_map(str::to_owned), words_only()])
    };
    let risk =
        of(prop_oneof![any::<u8>().prop_map(StatedRisk::Score), words_only().prop_map(StatedRisk::Words)]);
    (word(["Major", "2 - Major", "minor ", "3"]), word(["Low", "Medium (3)", "Very High", "high"]), risk)
        .prop_map(|(severity, likelihood, risk)| {
            let text = |word: &Option<String>| word.as_deref().map(str::trim).map(str::to_owned);
            Rating::new(text(&severity).as_deref(), text(&likelihood).as_deref(), risk, &RiskPolicy::nhs())
        })
}

fn words_only() -> impl Strategy<Value = String> {
    "[b-h][a-z ]{0,8}[a-h]".prop_map(|text| text)
}

fn control(kind: ControlKind) -> impl Strategy<Value = Control> {
    let kinds = proptest::sample::select(vec![kind, ControlKind::Design, ControlKind::BusinessProcess]);
    let introduces = prop_oneof![
        Just(Declared::NotGiven),
        Just(Declared::DeclaredNone),
        vec(words(), 1..3).prop_map(Declared::Given)
    ];
    let texts = (words(), of(words()), of(words()), of(words()), of(words()), of(words()), of(words()));
    (kinds, texts, vec(words(), 0..2), introduces).prop_map(
        |(
            kind,
            (text, stated_type, owner, action, status, transferred_to, stated_evidence),
            evidence,
            introduces,
        )| {
            Control {
                id: String::new(),
                kind,
                stated_type,
                text,
                owner,
                action,
                state: ControlState::from_stated(status.as_deref()),
                status,
                transferred_to,
                evidence,
                stated_evidence,
                introduces,
            }
        },
    )
}

fn acceptance() -> impl Strategy<Value = Acceptance> {
    (words(), date(), words()).prop_map(|(by, on, reason)| Acceptance { by, on, reason })
}

fn risk_benefit() -> impl Strategy<Value = RiskBenefit> {
    let outcome =
        proptest::sample::select(vec![BenefitOutcome::BenefitOutweighs, BenefitOutcome::RiskOutweighs]);
    (words(), of(outcome), of(words()), of(date())).prop_map(|(analysis, outcome, by, on)| RiskBenefit {
        analysis,
        outcome,
        by,
        on,
    })
}

fn hazard() -> impl Strategy<Value = Hazard> {
    let condition = proptest::sample::select(vec![Condition::Normal, Condition::Fault, Condition::Both]);
    let texts = vec(of(words()), 11);
    let causes = vec((words(), any::<bool>(), any::<bool>(), of(words())), 0..4);
    let controls = (vec(control(ControlKind::Existing), 0..3), vec(control(ControlKind::Unspecified), 0..4));
    let decisions = (of(acceptance()), of(acceptance()), of(risk_benefit()), of(condition));
    (any::<bool>(), texts, (rating(), rating()), causes, controls, decisions).prop_map(
        |(numbered, texts, (initial, residual), causes, (existing, additional), decisions)| {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            let mut hazard = Hazard {
                id: if numbered { "H".to_owned() } else { String::new() },
                name: text(),
                description: text(),
                impact: text(),
                category: text(),
                severity_reason: text(),
                reappraisal: text(),
                notes: text(),
                owner: text(),
                status: text(),
                transferred_to: text(),
                release: text(),
                condition: decisions.3,
                initial,
                residual,
                initial_acceptance: decisions.0,
                residual_acceptance: decisions.1,
                risk_benefit: decisions.2,
                existing_controls: existing,
                controls: additional,
                ..Hazard::default()
            };
            hazard.state = HazardState::from_stated(hazard.status.as_deref());
            for (index, control) in hazard.all_controls_mut().enumerate() {
                control.id = format!("{index:02}");
            }
            let ids: Vec<String> = hazard.all_controls().map(|control| control.id.clone()).collect();
            for (index, (text, linked, inferred, without_control)) in causes.into_iter().enumerate() {
                let controls = if linked { ids.clone() } else { Vec::new() };
                let link = match (controls.is_empty(), inferred) {
                    (true, _) => LinkBasis::None,
                    (_, true) => LinkBasis::Inferred,
                    _ => LinkBasis::Stated,
                };
                hazard.causes.push(Cause { id: format!("C{index}"), text, controls, link, without_control });
            }
            hazard
        },
    )
}

fn log() -> impl Strategy<Value = HazardLog> {
    let revision = (words(), of(words()), of(words())).prop_map(|(version, date, summary)| Revision {
        version,
        date,
        summary,
    });
    let signatory = || {
        vec(of(words()), 5).prop_map(|texts| {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            Signatory { person: text(), name: text(), title: text(), date: text(), version: text() }
        })
    };
    let cell = (words(), words(), words()).prop_map(|(severity, likelihood, risk)| StatedMatrixCell {
        severity,
        likelihood,
        risk,
    });
    let criterion = (words(), words()).prop_map(|(scores, says)| StatedCriterion { scores, says });
    let matrix = (vec(cell, 0..3), vec(criterion, 0..2))
        .prop_map(|(cells, criteria)| StatedMatrix { cells, criteria });
    let retired = (date(), words(), words()).prop_map(|(on, by, reason)| RetiredHazard {
        id: "R1".to_owned(),
        on,
        by,
        reason,
    });
    let document = (
        vec(of(words()), 9),
        vec(words(), 0..2),
        vec(revision, 0..3),
        vec(signatory(), 0..2),
        vec(signatory(), 0..2),
    );
    (document, of(matrix), vec(hazard(), 0..4), vec(retired, 0..2)).prop_map(
        |((texts, notes, revisions, reviewers, approvers), matrix, mut hazards, retired)| {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            let mut used: BTreeMap<String, usize> = BTreeMap::new();
            for hazard in &mut hazards {
                let wanted = if hazard.id.is_empty() { "unnumbered" } else { &hazard.id };
                let count = used.entry(wanted.to_owned()).or_default();
                *count += 1;
                hazard.key = if *count == 1 { wanted.to_owned() } else { format!("{wanted}~{count}") };
            }
            HazardLog {
                title: text(),
                programme: text(),
                project: text(),
                director: text(),
                owner: text(),
                author: text(),
                version: text(),
                version_date: text(),
                status: text(),
                notes,
                revisions,
                reviewers,
                approvers,
                matrix,
                hazards,
                retired,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_log_that_is_written_reads_back_to_the_same_log(log in log()) {
        let toml = to_toml(&log);
        let read = read_toml(&toml);
        prop_assert_eq!(read.as_ref().map(|input| &input.log), Ok(&log), "{}", toml);
        let json = to_json(&log);
        let read = read_json(&json);
        prop_assert_eq!(read.as_ref().map(|input| &input.log), Ok(&log), "{}", json);
    }
}
