//! Characters that cannot be printed, made visible.
//!
//! A character without a glyph would stop a PDF/A report altogether, so in what a template reads it
//! becomes its code, `[U+1F600]`, and a finding can name the cell. The case itself is not touched: what is
//! attached to the report is what was given.
//!
//! Not printable are: characters that no font has, control characters, code points that are no
//! characters, private-use ones (PDF/A forbids them, and they mean something else in every font), and the
//! marks that reverse the direction of text, because they make a sentence read differently from what it
//! says. Tabs and the various line separators become spaces and line feeds; signs that only choose the
//! look of an emoji go with it.
//!
//! A valid NHS number is masked: a report never prints one, whatever the log says.

use super::fonts::FontSet;
use super::markdown;
use crate::assurance::nhs_number::mask_nhs_numbers;
use crate::assurance::text::{Text, Texts};
use crate::case::Case;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// A character that is printed as its code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// Path of the value in the terms of [`crate::case::provenance`], such as `hazards/H1/description`.
    /// What case.toml itself says has no entry there: it is in `case`.
    pub path: String,
    pub character: char,
}

/// The characters of a case that cannot be printed, each once a value, by path.
#[must_use]
pub fn unprintable(case: &Case, texts: &Texts, fonts: &FontSet) -> Vec<(String, char)> {
    let mut replaced: BTreeSet<Replaced> =
        texts.iter().flat_map(|text| unprintable_in(&text, fonts)).collect();
    for (section, text) in &case.narrative {
        // Markdown can spell a character in letters (`&#x1F600;`).
        let tree = markdown::parse(text, &|_| true);
        let mut tree = serde_json::to_value(tree).unwrap_or_default();
        let inside = make_printable(&mut tree, fonts, &format!("narrative/{section}"));
        replaced.extend(inside);
    }
    replaced.into_iter().map(|replaced| (replaced.path, replaced.character)).collect()
}

fn unprintable_in(text: &Text<'_>, fonts: &FontSet) -> Vec<Replaced> {
    let (_, characters) = printable(text.text, fonts);
    characters.into_iter().map(|character| Replaced { path: text.path(), character }).collect()
}

/// Makes every string of a JSON value printable and says which characters were replaced where. Keys are
/// left alone. Below `narrative/` the path is the section's.
pub(super) fn make_printable(value: &mut Value, fonts: &FontSet, path: &str) -> BTreeSet<Replaced> {
    let mut replaced = BTreeSet::new();
    walk(value, fonts, path, &mut replaced);
    replaced
}

fn walk(value: &mut Value, fonts: &FontSet, path: &str, replaced: &mut BTreeSet<Replaced>) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(masked) = mask_nhs_numbers(text) {
                *text = masked;
            }
            let (printable, characters) = printable(text, fonts);
            if let Cow::Owned(broken) = breakable(&printable) {
                *text = broken;
            } else if let Cow::Owned(printable) = printable {
                *text = printable;
            }
            let at = |character| Replaced { path: path.to_owned(), character };
            replaced.extend(characters.into_iter().map(at));
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let path = item_path(path, index, item);
                walk(item, fonts, &path, replaced);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                if key == "href" && !is_hazard_link(field) {
                    // The address of a link is not printed, and would no longer lead there.
                    continue;
                }
                walk(field, fonts, &field_path(path, key), replaced);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_hazard_link(href: &Value) -> bool {
    href.as_str().is_some_and(|href| href.starts_with("hazard:"))
}

/// Provenance names a list's values by key or id, not by position, those of a sender by that too, and a few lists
/// by shorter names.
fn item_path(path: &str, index: usize, item: &Value) -> String {
    if path.starts_with("narrative/") {
        return path.to_owned();
    }
    let sender = item.get("from").and_then(Value::as_str).filter(|_| path == "received");
    let name = ["key", "id", "clause"].into_iter().find_map(|field| item.get(field)?.as_str());
    let name = name.map_or_else(|| (index + 1).to_string(), str::to_owned);
    join(path, &sender.map_or_else(|| name.clone(), |sender| join(sender, &name)))
}

fn field_path(path: &str, key: &str) -> String {
    match (path, key) {
        (_, _) if path.starts_with("narrative/") => path.to_owned(),
        ("hazard_log", "hazards") => "hazards".to_owned(),
        ("tom", "answers") => "tom".to_owned(),
        (_, "existing_controls") if path.starts_with("hazards/") => join(path, "controls"),
        _ => join(path, key),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// The text with what cannot be printed spelt out, and the characters that were.
pub(super) fn printable<'a>(text: &'a str, fonts: &FontSet) -> (Cow<'a, str>, Vec<char>) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut printer =
        Printer { fonts, out: String::with_capacity(text.len()), cluster: Vec::new(), replaced: Vec::new() };
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        printer.print(character, &mut characters);
    }
    let Printer { out, replaced, .. } = printer;
    if out == text { (Cow::Borrowed(text), replaced) } else { (Cow::Owned(out), replaced) }
}

/// Letters in a row that are left as one word. Longer than this is no word but a fault of an export or a key,
/// and has to be broken: it would leave the page, and PDF/A allows at most 16,383 letters without a break.
const LONGEST_WORD: usize = 80;

/// The text with invisible break opportunities in what is too long for a word.
fn breakable(text: &str) -> Cow<'_, str> {
    const PIECE: usize = 20;
    let breaks = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | '\u{200B}');
    // Bytes are at least as many as letters.
    if text.split(breaks).all(|word| word.len() <= LONGEST_WORD || word.chars().count() <= LONGEST_WORD) {
        return Cow::Borrowed(text);
    }
    let mut broken = String::with_capacity(text.len() + text.len() / 4);
    for word in text.split_inclusive(breaks) {
        let is_long = word.chars().count() > LONGEST_WORD;
        for (index, character) in word.chars().enumerate() {
            if is_long && index > 0 && index % PIECE == 0 && !is_mark(character) {
                broken.push('\u{200B}');
            }
            broken.push(character);
        }
    }
    Cow::Owned(broken)
}

struct Printer<'a> {
    fonts: &'a FontSet,
    out: String,
    /// The character that was printed last, with the marks on it; empty after a replaced one.
    cluster: Vec<char>,
    replaced: Vec<char>,
}

impl Printer<'_> {
    fn print(&mut self, character: char, rest: &mut Peekable<Chars>) {
        match character {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.keep('\n'),
            '\t' => self.keep(' '),
            _ if chooses_a_look(character) => {}
            _ if self.after_replaced() && belongs_to_emoji(character) => {}
            ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => self.join(character, rest.peek().copied()),
            _ if is_mark(character) => self.print_mark(character),
            _ if self.is_printable(character) => self.keep(character),
            _ if character.is_whitespace() => self.keep(' '),
            _ => self.spell(character),
        }
    }

    fn print_mark(&mut self, mark: char) {
        if self.fonts.covers_mark(&self.cluster, mark) {
            self.out.push(mark);
            self.cluster.push(mark);
        } else {
            self.spell(mark);
        }
    }

    /// Joiners shape the letters of some scripts; between other characters they only glue pictures together.
    fn join(&mut self, joiner: char, next: Option<char>) {
        let is_letter = |character: Option<&char>| character.is_some_and(|c| c.is_alphabetic());
        let joins = is_letter(self.cluster.first()) && is_letter(next.as_ref());
        if joins && self.fonts.covers_mark(&self.cluster, joiner) {
            self.out.push(joiner);
            self.cluster.push(joiner);
        }
    }

    fn keep(&mut self, character: char) {
        self.out.push(character);
        self.cluster.clear();
        self.cluster.push(character);
    }

    fn spell(&mut self, character: char) {
        use std::fmt::Write as _;
        let _ = write!(self.out, "[U+{:04X}]", u32::from(character));
        self.cluster.clear();
        self.replaced.push(character);
    }

    fn after_replaced(&self) -> bool {
        self.cluster.is_empty() && !self.out.is_empty()
    }

    fn is_printable(&self, character: char) -> bool {
        !character.is_control() && !is_forbidden(character) && self.fonts.covers(character)
    }
}

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Variation selectors: they say how the character before them should look, and print nothing.
fn chooses_a_look(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Joiners, skin tones, key caps and flag tags, which are part of the emoji before them.
fn belongs_to_emoji(character: char) -> bool {
    matches!(character, ZERO_WIDTH_JOINER | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

/// Marks that are drawn on the letter before them, in the scripts that the fonts of the binary have.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character),
        // Latin, Cyrillic, Hebrew, Arabic, NKo
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6ED | 0x7EB..=0x7F3
        // Thai and Lao
        | 0xE31 | 0xE33..=0xE3A | 0xE47..=0xE4E | 0xEB1 | 0xEB3..=0xEBC | 0xEC8..=0xECE
        // For signs and phonetics
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0x3099..=0x309A | 0xA66F..=0xA67D | 0xFE20..=0xFE2F)
}

fn is_forbidden(character: char) -> bool {
    let code = u32::from(character);
    let no_character = code & 0xFFFE == 0xFFFE || matches!(character, '\u{FDD0}'..='\u{FDEF}');
    let private = matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}');
    let turns_text = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    no_character || private || turns_text || matches!(character, '\u{FEFF}' | '\u{1680}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn print(text: &str) -> (String, String) {
        let (printed, replaced) = printable(text, &FontSet::embedded());
        (printed.into_owned(), replaced.into_iter().collect())
    }

    fn printed(text: &str) -> String {
        print(text).0
    }

    #[test]
    fn what_fonts_have_stays() {
        for text in ["plain", "Ŵ ≥ ✓ ⚠ – “x”", "e\u{301}", "line\nline", ""] {
            assert_eq!(print(text), (text.to_owned(), String::new()));
        }
    }

    #[test]
    fn what_no_font_has_is_spelt() {
        assert_eq!(print("a 医 b"), ("a [U+533B] b".to_owned(), "医".to_owned()));
        assert_eq!(print("x\u{7}\u{0}"), ("x[U+0007][U+0000]".to_owned(), "\u{7}\u{0}".to_owned()));
        assert_eq!(
            printed("\u{FFFE}\u{FEFF}\u{E000}\u{F8FF}\u{10FFFF}"),
            "[U+FFFE][U+FEFF][U+E000][U+F8FF][U+10FFFF]"
        );
    }

    #[test]
    fn text_cannot_be_turned_round() {
        assert_eq!(printed("not \u{202E}gnorw\u{202C}"), "not [U+202E]gnorw[U+202C]");
    }

    #[test]
    fn an_emoji_goes_with_all_its_parts() {
        assert_eq!(
            print("a\u{1F469}\u{1F3FD}\u{200D}\u{1F52C}b"),
            ("a[U+1F469][U+1F52C]b".to_owned(), "\u{1F469}\u{1F52C}".to_owned())
        );
        assert_eq!(printed("!\u{200D}\u{1F0B2} \u{645}\u{200D}\u{645}"), "!\u{1F0B2} \u{645}\u{200D}\u{645}");
        assert_eq!(print("\u{26A0}\u{FE0F} mind"), ("\u{26A0} mind".to_owned(), String::new()));
    }

    #[test]
    fn line_ends_and_tabs_are_evened_out() {
        assert_eq!(print("a\r\nb\rc\u{b}d\te\u{2028}f"), ("a\nb\nc\nd e\nf".to_owned(), String::new()));
        assert_eq!(print("a\u{3000}b\u{1680}c"), ("a b c".to_owned(), String::new()));
    }

    #[test]
    fn a_mark_that_its_letter_cannot_carry_is_spelt() {
        assert_eq!(printed("a\u{64E}\u{301}"), "a[U+064E][U+0301]");
        assert_eq!(print("b\u{1AB0}"), ("b[U+1AB0]".to_owned(), "\u{1AB0}".to_owned()));
    }

    #[test]
    fn what_is_left_can_always_be_set_as_pdf_a() {
        let Choices { covered, marks, .. } = choices();
        let mut text: String = covered.iter().flat_map(|character| [*character, ' ']).collect();
        // Words of scripts that are shaped, and letters that carry every mark there is.
        text.push_str("\u{645}\u{631}\u{64E}\u{62D}\u{628}\u{627} \u{644}\u{627} \u{5E9}\u{5C1}\u{5B8}\u{5DC}\u{5D5}\u{5B9}\u{5DD} \u{EA1}\u{EB1}\u{E99} \u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940} ");
        for mark in marks {
            text.extend(['a', *mark, ' ', '\u{5E9}', *mark, ' ', '\u{2713}', *mark, ' ']);
        }
        text.push_str("a\u{200D}b \u{200B}\u{AD}\u{200E} ffi fl\u{301}");
        set_as_pdf_a(&text).unwrap_or_else(|error| panic!("{error}"));
    }

    #[test]
    fn only_what_is_too_long_for_a_word_is_broken() {
        let digest = "0123456789abcdef".repeat(4);
        let address = format!("https://example.org/{}", "path/".repeat(40));
        for text in [digest, address, "word ".repeat(100)] {
            assert_eq!(breakable(&text), text);
        }
        let long = "é".repeat(30_000);
        let broken = breakable(&long);
        assert_eq!(broken.replace('\u{200B}', ""), long);
        assert!(broken.split('\u{200B}').all(|piece| piece.chars().count() <= 20));
    }

    #[test]
    fn the_address_of_a_link_is_left_alone() {
        let address = format!("https://example.org/?q={}医", "x".repeat(200));
        let mut link = json!({"href": address, "content": "医"});
        make_printable(&mut link, &FontSet::embedded(), "");
        assert_eq!(link, json!({"href": address, "content": "[U+533B]"}));
    }

    #[test]
    fn paths_are_those_of_provenance() {
        let mut case = json!({
            "product": {"name": "医"},
            "hazard_log": {"title": "医", "hazards": [
                {"key": "H1", "name": "医", "causes": [{"id": "H1.1", "text": "a医"}],
                 "existing_controls": [{"id": "H1.E1", "text": "医 and 医"}]}]},
            "tom": {"answers": [{"id": "CS-01", "notes": "医"}]},
            "received": [{"id": "N/1", "from": "Maker", "name": "医"}, {"id": "N/1", "from": "Host", "name": "医"}],
            "document": {"revisions": [{"summary": "ok"}, {"summary": "医"}]},
            "narrative": {"introduction": "医"},
            "医": "keys stay",
        });
        let replaced = make_printable(&mut case, &FontSet::embedded(), "");
        let paths: Vec<&str> = replaced.iter().map(|replaced| replaced.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "document/revisions/2/summary",
                "hazard_log/title",
                "hazards/H1/causes/H1.1/text",
                "hazards/H1/controls/H1.E1/text",
                "hazards/H1/name",
                "narrative/introduction",
                "product/name",
                "received/Host/N/1/name",
                "received/Maker/N/1/name",
                "tom/CS-01/notes",
            ]
        );
        assert_eq!(case["hazard_log"]["hazards"][0]["causes"][0]["text"], "a[U+533B]");
        assert_eq!(case["医"], "keys stay");
    }

    struct Choices {
        every: Vec<char>,
        covered: Vec<char>,
        marks: Vec<char>,
    }

    fn choices() -> &'static Choices {
        static CHOICES: std::sync::OnceLock<Choices> = std::sync::OnceLock::new();
        CHOICES.get_or_init(|| {
            let fonts = FontSet::embedded();
            let every: Vec<char> = (0..=u32::from(char::MAX)).filter_map(char::from_u32).collect();
            let which =
                |wanted: &dyn Fn(char) -> bool| every.iter().copied().filter(|c| wanted(*c)).collect();
            Choices { covered: which(&|c| fonts.covers(c)), marks: which(&is_mark), every }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 64,
            // The same cases each time: a rare script must not fail an unrelated change.
            rng_seed: RngSeed::Fixed(129),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]
        #[test]
        fn any_text_can_be_set_as_pdf_a(
            picks in proptest::collection::vec((any::<proptest::sample::Index>(), 0..8_u8), 1..120),
        ) {
            let Choices { every, covered, marks } = choices();
            let text: String = picks.iter().map(|(pick, kind)| match kind {
                0 => *pick.get(every),
                1 => *pick.get(marks),
                2 => *pick.get(&[' ', '\n', '\t', '\r', '\u{200D}', '\u{FE0F}', '\u{200F}', '\u{1F3FD}']),
                _ => *pick.get(covered),
            }).collect();
            prop_assert_eq!(set_as_pdf_a(&text), Ok(()), "{:?}", text);
        }
    }

    fn set_as_pdf_a(text: &str) -> Result<(), String> {
        let mut value = json!(text);
        make_printable(&mut value, &FontSet::embedded(), "");
        let files = BTreeMap::from([("/t.json".to_owned(), value.to_string().into_bytes())]);
        let source = "#set document(title: \"t\")\n#set text(font: \"Liberation Sans\")\n#json(\"/t.json\")";
        super::super::tests::export(source, &files).map(|_| ())
    }
}
