use super::*;
use serde_json::{Value, json};

fn case() -> (Value, Value) {
    let hazard = |key: &str| {
        json!({
            "key": key,
            "causes": [{ "id": format!("{key}.1") }],
            "existing_controls": [{ "id": "E1" }],
            "controls": [{ "id": format!("{key}.D1") }, { "id": "D2" }],
        })
    };
    let hazards = ["H01", "H02", "H03", "C18", "7", "Hazard 01", "late", "H03~2"].map(hazard);
    let case = json!({
        "hazard_log": { "hazards": hazards },
        "psa": [
            { "id": "PSA-1", "actions": [{ "id": "A1" }, { "id": "A2" }] },
            { "id": "PSA-2", "actions": [{ "id": "A1" }] },
        ],
        "evidence": [{ "id": "EV-1" }, { "id": "EV-1" }, { "id": "X1" }],
        "tom": { "answers": [{ "id": "CS-01" }] },
        "interfaces": [{ "points": [{ "id": "MSG-2" }] }],
    });
    let assurance = json!({
        "cross_reference": { "items": [{ "id": "RA-1" }, { "id": "X1" }, { "id": "CS-01" }] },
        "clauses": [{ "number": "6.3.1", "table": "DCB0129" }, { "number": "6.3.2", "table": "DCB0129" }],
        "findings": [{ "check": "C18" }, { "check": "E7" }],
    });
    (case, assurance)
}

/// The labels that a text leads to, in order.
fn led_to_about(text: &str, about: About<'_>) -> Vec<String> {
    let (case, assurance) = case();
    let targets = Targets::of(&case, &assurance);
    let runs = json!(runs(text, about, &targets).unwrap_or_default());
    let runs = runs.as_array().unwrap();
    if !runs.is_empty() {
        let whole: String = runs.iter().filter_map(|run| run["text"].as_str()).collect();
        assert_eq!(whole, text, "no word is lost");
    }
    runs.iter().filter_map(|run| run["label"].as_str()).map(str::to_owned).collect()
}

fn led_to(text: &str) -> Vec<String> {
    led_to_about(text, About::default())
}

#[test]
fn ids_of_the_case_lead_to_what_they_name() {
    assert_eq!(led_to("Control H01.D1 of H01 has no status."), ["control:H01/H01.D1", "hazard:H01"]);
    assert_eq!(led_to("2 causes of H02 have no control: H02.1."), ["hazard:H02", "cause:H02/H02.1"]);
    assert_eq!(
        led_to("PSA-1: EV-1 (H02's) and RA-1"),
        ["psa:PSA-1", "evidence:EV-1", "hazard:H02", "item:RA-1"]
    );
    assert_eq!(led_to("hazards H01-H03, H01\u{2013}H02 and H03~2.").len(), 5);
    assert_eq!(led_to("See Hazard 01."), ["hazard:Hazard 01"]);
}

#[test]
fn a_run_says_what_has_to_be_shown_for_its_label_to_be_there() {
    let (case, assurance) = case();
    let targets = Targets::of(&case, &assurance);
    let of = |text| json!(runs(text, About::default(), &targets).unwrap_or_default());
    assert_eq!(
        of("No owner: H01.D1."),
        json!([
            { "text": "No owner: " },
            { "text": "H01.D1", "label": "control:H01/H01.D1", "shown": ["hazard", "H01"] },
            { "text": "." },
        ])
    );
    assert_eq!(of("Action A2")[1]["shown"], json!(["action", "PSA-1/A2"]));
    assert_eq!(of("nothing"), json!([]));
}

#[test]
fn what_only_looks_like_an_id_leads_nowhere() {
    for text in [
        "NHS-H01 and H01.D7, H01a, H01_x, h01",
        "https://example.org/H01 and H01@example.org",
        "evidence/H01-report.pdf",
        "Table H01, version H02 and release H03, row 7, cell H01",
        "7 of 7 were late",
        "E7 and 6.3.1 need a word before them",
        "A2 paper",
        "the file H99",
        "ISO 6.3.1, clause 6.3.1 of ISO 14971",
        "item H01 is unknown",
    ] {
        assert_eq!(led_to(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_word_before_says_what_an_id_is() {
    assert_eq!(led_to("hazard 7"), ["hazard:7"]);
    assert_eq!(led_to("C18, and check C18"), ["hazard:C18", "check:C18"]);
    assert_eq!(led_to("The waiver of E7 on H01"), ["check:E7", "hazard:H01"]);
    assert_eq!(led_to("DCB0129 6.3.1, 6.3.2; clauses 6.3.1 and 6.3.2").len(), 4);
    assert_eq!(led_to("clause 6.3.2 of DCB0129"), ["clause:6.3.2"]);
    assert_eq!(led_to("TOM question CS-01, item CS-01"), ["tom:CS-01", "item:CS-01"]);
    assert_eq!(led_to("the entry point MSG-2 of it"), ["point:MSG-2"]);
    assert_eq!(led_to("After control, H01 is better"), ["hazard:H01"], "the list has not begun");
}

#[test]
fn an_id_of_several_things_leads_to_the_one_that_is_meant() {
    assert_eq!(led_to("X1 of both kinds; D2 of every hazard; Action A1"), Vec::<String>::new());
    assert_eq!(led_to("evidence X1 and item X1"), ["evidence:X1", "item:X1"]);
    assert_eq!(led_to("Action A1 of PSA session PSA-2"), ["action:PSA-2/A1", "psa:PSA-2"]);
    assert_eq!(led_to("Control D2 of H02"), ["control:H02/D2", "hazard:H02"]);
    let about = About { hazard: Some("H03"), ..About::default() };
    assert_eq!(led_to_about("D2 has no owner", about), ["control:H03/D2"]);
    assert_eq!(led_to_about("H03.1 of H03 and H02", about), ["cause:H03/H03.1", "hazard:H02"]);
}

#[test]
fn a_cell_is_no_hazard_where_the_finding_stands_at_it() {
    let about = About { cell: Some("H02"), ..About::default() };
    assert_eq!(led_to_about("The formula of H02 reads column G; H01", about), ["hazard:H01"]);
}

#[test]
fn what_somebody_wrote_cites_no_check_and_no_clause_by_number_alone() {
    let about = About { by_somebody: true, ..About::default() };
    assert_eq!(
        led_to_about("check C18, clause 6.3.1, DCB0129 6.3.1; H01", about),
        ["clause:6.3.1", "hazard:H01"]
    );
}

#[test]
fn sentences_of_a_verdict_have_their_runs_beside_them() {
    let (case, _) = case();
    let mut assurance = json!({
        "findings": [{ "check": "C18", "hazard": "H01", "message": "D2 of it", "remedy": "Mend it.", "clause": null }],
        "not_applicable": [{ "hazard": "H01", "reason": "not asked of H02" }],
        "clauses": [],
        "cross_reference": { "gaps": [{ "subject": "RA-1", "message": "RA-1 names H02." }] },
    });
    let targets = Targets::of(&case, &assurance);
    link_sentences(&mut assurance, &targets);
    let linked = &assurance["findings"][0]["linked"];
    assert_eq!(linked["message"][0]["label"], "control:H01/D2");
    assert_eq!(linked.get("remedy"), None);
    assert_eq!(assurance["not_applicable"][0]["linked"]["reason"][0]["text"], "Not asked of ");
    let gap = &assurance["cross_reference"]["gaps"][0];
    assert_eq!((&gap["before"], &gap["lacks"]), (&json!(""), &json!("Names H02.")));
    assert_eq!(gap["linked"]["lacks"][1]["label"], "hazard:H02");
}

#[test]
fn a_narrative_cites_by_reference_save_in_headings_links_and_code() {
    let (case, assurance) = case();
    let targets = Targets::of(&case, &assurance);
    let markdown = "# H01\n\nH01, *H02*, [H03](https://example.org) and `H03`\n";
    let mut tree = json!(crate::report::markdown::parse(markdown, &|_| true));
    link_narrative(&mut tree, &targets);
    let references: Vec<String> =
        tree.to_string().match_indices("\"type\":\"reference\"").map(|(at, _)| at.to_string()).collect();
    assert_eq!(references.len(), 2, "{tree}");
    assert_eq!(tree[1]["content"][0]["label"], "hazard:H01");
}
