use super::*;
use crate::case::hazard::Rating;
use crate::case::observation::ObservationKind;
use crate::case::placeholder::is_placeholder;
use crate::intake::files::tests::case_folder;
use crate::intake::manifest::ResolvedManifest;
use crate::intake::supplement::tests::log;

fn case() -> Case {
    let manifest = "[product]\nname = \"Bridge *2*\"\n[release]\nversion = \"2.1\"\n";
    let (_directory, folder) = case_folder(&[("case.toml", manifest)]);
    let mut case = ResolvedManifest::read(&folder).unwrap().case;
    case.hazard_log = log();
    let policy = &case.risk_policy;
    case.hazard_log.hazards[0].initial = Rating::new(Some("Major"), Some("High"), None, policy);
    case.hazard_log.hazards[0].residual = Rating::new(Some("Major"), Some("Very Low"), None, policy);
    case
}

fn try_render(case: &Case, text: &str) -> Result<String, InputError> {
    let (_directory, folder) = case_folder(&[("narrative/introduction.md", text)]);
    Ok(read(&folder, "narrative", case)?.0.remove("introduction").unwrap_or_default())
}

fn render(text: &str) -> String {
    try_render(&case(), text).unwrap()
}

fn error(text: &str) -> String {
    try_render(&case(), text).unwrap_err().to_string()
}

#[test]
fn sections_are_named_by_their_files() {
    let files = [("n/introduction.md", "# One"), ("n/picture.png", ""), ("n/README.md", "{{ nothing }}")];
    let (_directory, folder) = case_folder(&files);
    let (sections, provenance, observations) = read(&folder, "n", &case()).unwrap();
    assert_eq!(sections.into_iter().collect::<Vec<_>>(), [("introduction".to_owned(), "# One".to_owned())]);
    assert_eq!(provenance.place("narrative/introduction"), Some(Place::file("n/introduction.md")));
    assert_eq!(observations.len(), 1);
    assert_eq!(observations[0].kind, ObservationKind::Unused);
    assert!(observations[0].message.contains("\"n/picture.png\" is not a narrative section"));
}

#[test]
fn values_are_live() {
    assert_eq!(render("{{ hazards | length }} hazards"), "2 hazards");
    assert_eq!(
        render("{{ hazards | length | counted(\"hazard\") }}, {{ counts.causes | counted(\"cause\") }}"),
        "2 hazards, 1 cause"
    );
    assert_eq!(
        render(
            "{{ counts.hazards }} {{ counts.causes }} {{ counts.existing_controls }} {{ counts.additional_controls }}"
        ),
        "2 1 1 3"
    );
    assert_eq!(
        render(
            "{{ counts.initial[\"4\"] }} {{ counts.residual[\"2\"] }} {{ counts.residual[\"5\"] }} {{ counts.residual.unrated }}"
        ),
        "1 1 0 1"
    );
    assert_eq!(
        render("{{ release.version }}{% if tom %}x{% endif %}{{ psa | length }}{{ evidence | length }}"),
        r"2\.100"
    );
}

#[test]
fn a_value_is_text_whatever_it_holds() {
    assert_eq!(render("**{{ product.name }}**"), "**Bridge \\*2\\***");
    assert_eq!(render("{{ [\"a*\", \"b\"] | join(\"_\") }}"), "a\\*\\_b");
    assert_eq!(render("{% autoescape false %}{{ product.name }}{% endautoescape %}"), "Bridge \\*2\\*");
    assert_eq!(render("{% set x %}**b**{% endset %}{{ x }}"), "**b**");
}

#[test]
fn a_cell_is_never_a_template() {
    let mut case = case();
    case.hazard_log.hazards[0].name = Some("{{ 7 * 7 }} {% raw %} #panic()".to_owned());
    let text = try_render(&case, "{{ hazards[0].name }}").unwrap();
    assert_eq!(text, r"\{\{ 7 \* 7 \}\} \{% raw %\} \#panic\(\)");
    assert!(!text.contains("49"));
}

#[test]
fn a_hazard_is_linked_by_id_and_name() {
    assert_eq!(render("See {{ hazard(\"H1\") }}."), "See [H1 Mix-up](hazard:H1).");
    assert_eq!(render("See {{ hazard(\"H2\") }}."), "See [H2](hazard:H2).");
    let mut case = case();
    case.hazard_log.hazards[0].key = "H 1".to_owned();
    assert_eq!(try_render(&case, "{{ hazard(\"H 1\") }}").unwrap(), "[H 1 Mix-up](<hazard:H 1>)");
}

#[test]
fn an_unknown_hazard_is_an_error_with_file_line_and_the_known_ones() {
    let text = error("# Title\n\nSee {{ hazard(\"H01\") }}.\n");
    assert!(
        text.starts_with(
            "There is no hazard \"H01\" in the hazard log; did you mean \"H1\"? (known are H1, H2)"
        ),
        "{text}"
    );
    assert!(text.contains("3 | See {{ hazard(\"H01\") }}."), "{text}");
    assert!(text.contains("at: narrative/introduction.md, line 3"), "{text}");
}

#[test]
fn what_was_not_given_prints_a_placeholder_and_what_does_not_exist_is_an_error() {
    let text = render("Owner: {{ document.owner }}");
    assert_eq!(text, r"Owner: \[to be completed: a value that was not given\]");
    assert!(is_placeholder(&text));
    for source in ["\n{{ release.versoin }}", "\n{{ relase.version }}", "\n{{ nothing }}"] {
        let text = error(source);
        assert!(text.starts_with("Undefined value"), "{text}");
        assert!(text.contains("line 2") && text.contains("a section can use product, release"), "{text}");
    }
}

#[test]
fn nothing_is_taken_in_from_elsewhere_and_nothing_turns_the_escape_off() {
    for source in
        ["{% include \"case.toml\" %}", "{% extends \"case.toml\" %}", "{% import \"case.toml\" as c %}"]
    {
        let text = error(source);
        assert!(text.contains("a section cannot take in other files"), "{source}: {text}");
        assert!(text.contains("narrative/introduction.md, line 1"), "{text}");
    }
    let text = error("{{ product.name | safe }}");
    assert!(text.contains("Unknown filter") && text.contains("values are always printed as text"), "{text}");
    let text = error("{{ debug() }}");
    assert!(text.contains("Unknown function"), "{text}");
}

#[test]
fn faults_of_a_section_are_named_by_line() {
    let text = error("a\n{{ x");
    assert!(text.starts_with("Syntax error") && text.contains("line 2"), "{text}");
    assert!(text.contains("{% raw %}"), "{text}");
    let text = error("{{ hazards }}");
    assert!(text.starts_with("A list or table cannot be printed as a whole"), "{text}");
    let text = error("{% for a in range(5000) %}{% for b in range(5000) %}x{% endfor %}{% endfor %}");
    let recursive = error("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}");
    assert!(recursive.starts_with("Recursion limit exceeded"), "{recursive}");
    assert!(text.contains("ran out of fuel") && text.contains("shorten the loops"), "{text}");
}

/// Made once: it is read from a folder.
static CASE: std::sync::LazyLock<Case> = std::sync::LazyLock::new(case);

proptest::proptest! {
    #[test]
    fn no_section_is_too_broken_for_a_message(text in "(\\{\\{|\\}\\}|\\{%|%\\}|\\{#|#\\}|[ \\n\"|.()é1+-]|hazards|for x in|endfor|if|hazard\\(){0,20}") {
        let file = "narrative/introduction.md".to_owned();
        let source = Source { section: "introduction".to_owned(), file, text };
        if let Err(error) = fill(vec![source], &CASE) {
            let error = error.to_string();
            proptest::prop_assert!(error.contains("at: narrative/introduction.md") && error.contains("do: "), "{}", error);
        }
    }
}
