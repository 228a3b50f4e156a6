//! The fonts of a report: those in the binary, and those of folders that were named. Never the system's,
//! which are slow to look through and differ from machine to machine.

use super::ReportError;
use crate::trace::Trace;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontVariations};
use typst::utils::LazyHash;

const EMBEDDED: [&[u8]; 5] = [
    include_bytes!("../../fonts/liberation-sans/LiberationSans-Regular.ttf"),
    include_bytes!("../../fonts/liberation-sans/LiberationSans-Bold.ttf"),
    include_bytes!("../../fonts/liberation-sans/LiberationSans-Italic.ttf"),
    include_bytes!("../../fonts/liberation-sans/LiberationSans-BoldItalic.ttf"),
    include_bytes!("../../fonts/dejavu-sans/DejaVuSans.ttf"),
];

/// Fonts with an index of what they can print. Cheap to clone.
#[derive(Clone)]
pub struct FontSet {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    coverage: Vec<Arc<Coverage>>,
}

impl fmt::Debug for FontSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.fonts.iter().map(|font| font.info().family.as_str());
        f.debug_list().entries(names).finish()
    }
}

impl FontSet {
    /// The fonts in the binary: Liberation Sans, and `DejaVu` Sans for the signs that it lacks. They are
    /// read once a process.
    #[must_use]
    pub fn embedded() -> Self {
        static FONTS: OnceLock<FontSet> = OnceLock::new();
        let load = || Self::of(EMBEDDED.into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect());
        FONTS.get_or_init(load).clone()
    }

    /// These fonts and those of a folder (`.ttf`, `.otf`, `.ttc`; not of folders in it), in the order of
    /// their file names.
    pub fn with_folder(&self, folder: &Path) -> Result<Self, ReportError> {
        self.with_folder_traced(folder, &Trace::default())
    }

    /// The same, with what is read noted in a trace.
    pub fn with_folder_traced(&self, folder: &Path, trace: &Trace) -> Result<Self, ReportError> {
        trace.listing(folder);
        let cannot_read = |path: &Path, error: &std::io::Error| {
            ReportError::new(format!("cannot read fonts from {}: {error}", path.display()))
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| cannot_read(folder, &error))? {
            let path = entry.map_err(|error| cannot_read(folder, &error))?.path();
            if is_font_file(&path) {
                files.push(path);
            }
        }
        files.sort();
        let mut fonts = self.fonts.clone();
        for file in &files {
            let outcome = std::fs::read(file);
            trace.read(file, &outcome);
            let data = Bytes::new(outcome.map_err(|error| cannot_read(file, &error))?);
            let before = fonts.len();
            fonts.extend(Font::iter(data));
            if fonts.len() == before {
                return Err(ReportError::new(format!("{} is not a font", file.display()))
                    .hint("remove it from the folder, or replace it by a TrueType or OpenType font"));
            }
        }
        if files.is_empty() {
            return Err(ReportError::new(format!("there is no font in {}", folder.display()))
                .hint("name a folder that holds .ttf, .otf or .ttc files itself, not in folders below it"));
        }
        Ok(Self::of(fonts))
    }

    fn of(fonts: Vec<Font>) -> Self {
        Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            coverage: fonts.iter().map(|font| Arc::new(Coverage::of(font))).collect(),
            fonts,
        }
    }

    /// Whether some font has a glyph for this character.
    #[must_use]
    pub fn covers(&self, character: char) -> bool {
        self.coverage.iter().any(|coverage| coverage.has(character))
    }

    /// Whether this mark can stand on this letter with these marks. All are set in one font, and which one
    /// that is depends on the template and on the script; so every font that has any of them must have the
    /// mark.
    #[must_use]
    pub fn covers_mark(&self, letter_and_marks: &[char], mark: char) -> bool {
        let has_any = |coverage: &&Arc<Coverage>| letter_and_marks.iter().any(|c| coverage.has(*c));
        let mut fonts = self.coverage.iter().filter(has_any).peekable();
        fonts.peek().is_some() && fonts.all(|coverage| coverage.has(mark))
    }

    /// Names of the families, each once, in the order in which they were added.
    #[must_use]
    pub fn families(&self) -> Vec<&str> {
        let mut families: Vec<&str> = Vec::new();
        for font in &self.fonts {
            if !families.contains(&font.info().family.as_str()) {
                families.push(&font.info().family);
            }
        }
        families
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
}

fn is_font_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    matches!(extension.as_deref(), Some("ttf" | "otf" | "ttc" | "otc"))
}

/// A bit a code point. Every character of every text is looked up, so it must be quick.
struct Coverage(Vec<u64>);

impl Coverage {
    fn of(font: &Font) -> Self {
        let mut bits = Vec::new();
        // A font may list a character and still have no glyph for it, as DejaVu Sans does for U+2705.
        let instance =
            font.clone().instantiate(font.info().variant, Abs::pt(10.0), &FontVariations::default());
        let has_glyph =
            |code: u32| char::from_u32(code).is_some_and(|c| instance.ttf().glyph_index(c).is_some());
        for code in font.info().coverage.iter().filter(|code| has_glyph(*code)) {
            let (word, bit) = (code as usize / 64, code % 64);
            if bits.len() <= word {
                bits.resize(word + 1, 0);
            }
            bits[word] |= 1 << bit;
        }
        Self(bits)
    }

    fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        self.0.get(code as usize / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_fonts_have_every_sign_that_a_report_uses() {
        let fonts = FontSet::embedded();
        for sign in "✓✗✔✘●◐○→←↑↓≥≤⚠▲▼□■☑☐×–—‘’“”…•£€°µ½éÅßŵŷ".chars()
        {
            assert!(fonts.covers(sign), "{sign}");
        }
        for sign in ['医', '\u{1FA7A}', '\u{2705}'] {
            assert!(!fonts.covers(sign), "{sign}");
        }
        assert_eq!(fonts.families(), ["Liberation Sans", "DejaVu Sans"]);
    }

    #[test]
    fn a_mark_needs_every_font_of_its_letter() {
        let fonts = FontSet::embedded();
        assert!(fonts.covers_mark(&['e'], '\u{301}'));
        assert!(fonts.covers('\u{64E}') && fonts.covers_mark(&['\u{645}'], '\u{64E}'));
        assert!(!fonts.covers_mark(&['a'], '\u{64E}'), "Liberation Sans has the letter and lacks the mark");
    }

    #[test]
    fn a_folder_without_fonts_and_a_file_that_is_no_font_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = FontSet::embedded().with_folder(folder.path()).unwrap_err();
        assert!(error.what.starts_with("there is no font in"), "{error}");
        std::fs::write(folder.path().join("broken.ttf"), "not a font").unwrap();
        let error = FontSet::embedded().with_folder(folder.path()).unwrap_err();
        assert!(error.what.ends_with("broken.ttf is not a font"), "{error}");
    }

    #[test]
    fn a_folder_adds_its_fonts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.TTF"), EMBEDDED[4]).unwrap();
        let fonts = FontSet::embedded().with_folder(folder.path()).unwrap();
        assert_eq!(fonts.fonts.len(), EMBEDDED.len() + 1);
        assert!(FontSet::embedded().with_folder(&folder.path().join("absent")).is_err());
    }
}
