//! The report engine from outside: a case and a small template in, PDF bytes out.

pub mod fixture;
mod links;
mod page_references;
mod published;
mod several_matrices;

use cscr::assurance::text::Texts;
use cscr::case::digest::canonical_json;
use cscr::case::{Place, Provenance};
use cscr::intake::SourceFile;
use cscr::report::{FontSet, unprintable};
use fixture::{
    Beside, SHARED, TemplateFolder, assurance, attachments, case, hazard, one_hazard, pdf_text, render,
    render_with,
};
use std::path::Path;

#[test]
fn a_case_becomes_a_report_with_its_data_attached() {
    let case = one_hazard();
    let mut provenance = Provenance::default();
    provenance.record("hazards/H1", Place::cell("log.xlsx", "Hazard Log", "A2"));
    let sources = [SourceFile {
        path: "inputs/log.xlsx".to_owned(),
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        description: "The hazard log".to_owned(),
        bytes: b"PK\x03\x04 not really".to_vec(),
    }];
    let beside = Beside { sources: &sources, provenance, ..Beside::default() };
    let rendered = render_with(&case, &assurance(&case), &TemplateFolder::small().load(), &beside).unwrap();
    assert_eq!((rendered.pages, &rendered.replaced[..], &rendered.warnings[..]), (1, &[][..], &[][..]));
    let text = pdf_text(&rendered.pdf);
    for words in
        ["Safety case of Referral Desk", "Hazards: 1.", "2026-09-14", "Read this first.", "Wrong patient"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let expected = [
        ("case.json", "Source", canonical_json(&case).into_bytes()),
        ("provenance.json", "Supplement", canonical_json(&beside.provenance).into_bytes()),
        ("inputs/log.xlsx", "Source", sources[0].bytes.clone()),
    ];
    let expected =
        expected.map(|(name, relationship, bytes)| (name.to_owned(), relationship.to_owned(), bytes));
    let mut found = attachments(&rendered.pdf);
    found.retain(|(name, ..)| name != "sign-off.json");
    found.sort_by_key(|(name, ..)| expected.iter().position(|(known, ..)| known == name));
    assert_eq!(found, expected);
}

#[test]
fn it_claims_both_standards_and_the_as_of_date() {
    let rendered = render(&one_hazard(), &TemplateFolder::small()).unwrap();
    let bytes = String::from_utf8_lossy(&rendered.pdf);
    for claim in ["pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<", "2026-09-14"] {
        assert!(bytes.contains(claim), "{claim}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (case, folder) = (one_hazard(), TemplateFolder::small());
    let first = render(&case, &folder).unwrap().pdf;
    cscr::report::evict(0);
    assert!(first == render(&case, &folder).unwrap().pdf);
    let other = case_named("Referral Bench");
    assert!(first != render(&other, &folder).unwrap().pdf);
    assert!(first == render(&case, &folder).unwrap().pdf, "what was made in between leaves no trace");
}

fn case_named(name: &str) -> cscr::case::Case {
    let mut case = one_hazard();
    name.clone_into(&mut case.product.name);
    case
}

#[test]
fn attacks_in_every_text_are_text() {
    let attack = "#panic() ] [ \\ \" $x$ // /* */ @x <l> `r` {{ 7 * 7 }} {% raw %} #import \"x\" \n= h\n- x";
    let mut case = case_named(attack);
    case.hazard_log.hazards = vec![hazard("#panic()", attack, attack)];
    case.narrative.insert("introduction".to_owned(), "#panic() {{ 7 * 7 }} ] <b>bold</b> $ x $".to_owned());
    let rendered = render(&case, &TemplateFolder::small()).unwrap();
    let text = pdf_text(&rendered.pdf);
    for words in ["#panic()", "{{ 7 * 7 }}", "<b>bold</b>", "// /* */ @x <l> `r`"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("49"));
}

#[test]
fn what_cannot_be_printed_is_shown_as_its_code_and_attached_as_it_is() {
    let mut case = one_hazard();
    case.hazard_log.hazards[0].description =
        Some("Clinician \u{1F469}\u{200D}\u{2695}\u{FE0F} and 医 and \u{7}".to_owned());
    case.narrative.insert("introduction".to_owned(), "In words: &#x1FA7A;".to_owned());
    let rendered = render(&case, &TemplateFolder::small()).unwrap();
    let text = pdf_text(&rendered.pdf);
    assert!(text.contains("[U+1F469]") && text.contains("[U+533B] and [U+0007]"), "{text}");
    assert!(text.contains("In words: [U+1FA7A]"), "{text}");
    let replaced: Vec<_> =
        rendered.replaced.iter().map(|replaced| (replaced.path.clone(), replaced.character)).collect();
    let expected = [
        ("hazards/H1/description", '\u{7}'),
        ("hazards/H1/description", '医'),
        ("hazards/H1/description", '\u{1F469}'),
        ("narrative/introduction", '\u{1FA7A}'),
    ];
    assert_eq!(replaced, expected.map(|(path, character)| (path.to_owned(), character)));
    assert_eq!(unprintable(&case, &Texts::of_case(&case), &FontSet::embedded()), replaced);
    let (name, _, bytes) = attachments(&rendered.pdf).swap_remove(0);
    assert_eq!((name.as_str(), bytes), ("case.json", canonical_json(&case).into_bytes()));
}

#[test]
fn a_fault_in_a_shared_file_is_shown_with_its_line_and_the_call() {
    let folder = TemplateFolder::small();
    folder.write("lib/small.typ", &SHARED.replace("#hazard.description", "#hazard.descripton"));
    let error = render(&one_hazard(), &folder).unwrap_err();
    let problem = &error.problems[0];
    let place = problem.place.as_ref().unwrap();
    assert!(Path::new(&place.file).ends_with("lib/small.typ"), "{error}");
    assert_eq!((place.line, place.text.trim()), (4, "#hazard.descripton"), "{error}");
    assert!(problem.message.contains("descripton"), "{error}");
    assert!(
        problem
            .trace
            .iter()
            .any(|call| call.to_string().contains("hazard-sheet")
                && call.to_string().contains(".typ.j2, line")),
        "{error}"
    );
}

#[test]
fn a_fault_in_what_the_template_makes_is_shown_at_the_line_of_the_template() {
    let before = "Hello\n{% for hazard in case.hazard_log.hazards %}\n\na\n{% endfor %}\n";
    for (line, column) in [("{{ case.product.name }} #nothing", None), ("Then #nothing", Some(7))] {
        let error =
            render(&one_hazard(), &TemplateFolder::with_report(&format!("{before}{line}\nend"))).unwrap_err();
        let place = error.problems[0].place.as_ref().unwrap();
        assert!(place.file.ends_with("report.typ.j2"), "{error}");
        assert_eq!((place.line, place.column, place.text.as_str()), (6, column, line), "{error}");
        assert_eq!(error.problems[0].message, "unknown variable: nothing");
    }
}

#[test]
fn a_fault_in_what_a_template_takes_in_is_shown_there() {
    let folder = TemplateFolder::with_report("Hello\n{% include 'part.typ.j2' %}");
    folder.write("part.typ.j2", "one\n\n#nothing");
    let error = render(&one_hazard(), &folder).unwrap_err();
    let place = error.problems[0].place.as_ref().unwrap();
    assert!(place.file.ends_with("part.typ.j2") && place.line == 3, "{error}");
}

#[test]
fn a_fault_that_cannot_be_traced_back_is_shown_in_the_generated_source() {
    let report = "{% set s %}b{% endset %}{% if s == 'b' %}\n{{ case.product.name }} #nothing{% endif %}";
    let error = render(&one_hazard(), &TemplateFolder::with_report(report)).unwrap_err();
    let place = error.problems[0].place.as_ref().unwrap();
    assert_eq!((place.file.as_str(), place.line), ("the generated report.typ", 2), "{error}");
    assert_eq!(place.text, "#\"Referral Desk\"; #nothing");
}

#[test]
fn no_hint_speaks_of_arguments_that_there_are_not() {
    let error = render(&one_hazard(), &TemplateFolder::with_report("#read(\"../Cargo.toml\")")).unwrap_err();
    assert!(!error.to_string().contains("--"), "{error}");
}

#[test]
fn a_fault_in_the_template_itself_is_shown_with_its_line() {
    let error =
        render(&one_hazard(), &TemplateFolder::with_report("Hello\n{{ case.prodct.name }}")).unwrap_err();
    let place = error.problems[0].place.as_ref().unwrap();
    assert!(place.file.ends_with("report.typ.j2"), "{error}");
    assert_eq!((place.line, place.text.as_str()), (2, "{{ case.prodct.name }}"), "{error}");
}

#[test]
fn a_template_reads_no_packages_no_disk_and_no_clock() {
    for (source, words) in [
        ("#import \"@preview/cetz:0.3.0\"", "uses no packages"),
        ("#read(\"/etc/passwd\")", "file not found"),
        ("#read(\"../Cargo.toml\")", "escape"),
        ("#datetime.today()", "current date"),
    ] {
        let error = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap_err().to_string();
        assert!(error.contains(words), "{source}: {error}");
        assert!(error.contains("line 1"), "{source}: {error}");
    }
}

#[test]
fn a_sign_of_the_template_that_no_font_has_is_an_error_at_its_place() {
    let source = "#set document(title: [x])\n#set text(font: \"Liberation Sans\")\nHello \u{533B}";
    let error = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap_err();
    assert!(error.to_string().contains("could not be displayed"), "{error}");
    assert_eq!(error.problems[0].place.as_ref().map(|place| place.line), Some(3), "{error}");
}

#[test]
fn a_report_that_does_not_settle_is_an_error() {
    let source = "#set document(title: [x])\n#let s = state(\"s\", 0)\n#context s.update(s.final() + 1)\n#context s.final()";
    let error = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap_err().to_string();
    assert!(error.contains("did not settle"), "{error}");
}

#[test]
fn a_warning_is_passed_on() {
    let source = "#set document(title: [x])\n#set text(font: (\"Nowhere Sans\", \"Liberation Sans\"))\nHello";
    let rendered = render(&one_hazard(), &TemplateFolder::with_report(source)).unwrap();
    assert_eq!(rendered.warnings.len(), 1);
    assert!(rendered.warnings[0].to_string().contains("nowhere sans"), "{}", rendered.warnings[0]);
}

#[test]
fn very_long_texts_are_set_whole() {
    let long = "word ".repeat(6_000) + "endofwords";
    let unbroken = "x".repeat(30_000) + "end";
    let case = case(vec![hazard("H1", "Long", &long), hazard("H2", "Unbroken", &unbroken)]);
    let rendered = render(&case, &TemplateFolder::small()).unwrap();
    assert!(rendered.pages > 5, "{}", rendered.pages);
    let text = pdf_text(&rendered.pdf);
    assert_eq!((text.matches("word ").count(), text.matches("endofwords").count()), (6_000, 1));
    let unbroken: String = text.chars().filter(|c| *c == 'x').collect();
    assert!(unbroken.len() >= 30_000, "{}", unbroken.len());
}

#[test]
fn a_source_cannot_take_the_place_of_a_template_file_or_of_data() {
    let case = one_hazard();
    let paths = [
        "report.typ",
        "report.typ.j2",
        "data/case.json",
        "lib/small.typ",
        "../../log.xlsx",
        "case.json",
        "C:\\log.xlsx",
        "case.json",
    ];
    let sources = paths.map(|path| SourceFile {
        path: path.to_owned(),
        mime: "application/octet-stream",
        description: "An input".to_owned(),
        bytes: format!("#panic({path:?})").into_bytes(),
    });
    let beside = Beside { sources: &sources, ..Beside::default() };
    let rendered = render_with(&case, &assurance(&case), &TemplateFolder::small().load(), &beside).unwrap();
    let mut names: Vec<String> = attachments(&rendered.pdf).into_iter().map(|(name, ..)| name).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "C:/log.xlsx",
            "case.json",
            "log.xlsx",
            "provenance.json",
            "sign-off.json",
            "source-2/case.json",
            "source/case.json",
            "source/data/case.json",
            "source/lib/small.typ",
            "source/report.typ",
            "source/report.typ.j2",
        ]
    );
}
