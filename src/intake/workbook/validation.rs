//! Drop-down lists: what a spreadsheet says may stand in a cell.

use super::{Address, Sheet, Workbook};

/// Cells that must hold a word of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListValidation {
    /// First and last cell of each range.
    pub ranges: Vec<(Address, Address)>,
    /// The list as the workbook gives it: quoted words, a range, or a defined name.
    pub list: String,
}

impl ListValidation {
    #[must_use]
    pub fn covers(&self, address: Address) -> bool {
        self.ranges.iter().any(|(first, last)| {
            (first.row..=last.row).contains(&address.row)
                && (first.column..=last.column).contains(&address.column)
        })
    }
}

/// Reads ranges such as `G2:G12 N2 N5:N12`; what is not a range is left out.
pub(super) fn ranges(text: &str) -> Vec<(Address, Address)> {
    text.split_whitespace().filter_map(range).collect()
}

fn range(text: &str) -> Option<(Address, Address)> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((first.parse().ok()?, last.parse().ok()?))
}

impl Workbook {
    /// The words of a list on this sheet; `None` where the list leads nowhere.
    #[must_use]
    pub fn list_words(&self, sheet: &Sheet, list: &str) -> Option<Vec<String>> {
        let list = list.trim();
        if let Some(words) = list.strip_prefix('"').and_then(|list| list.strip_suffix('"')) {
            return Some(words.split(',').map(|word| word.trim().to_owned()).collect());
        }
        let named = self.defined_names.iter().find(|name| name.name.eq_ignore_ascii_case(list));
        let refers_to = named.map_or(list, |name| name.refers_to.as_str());
        let (sheet, cells) = match refers_to.rsplit_once('!') {
            Some((name, cells)) => (self.sheet(name.trim_matches('\''))?, cells),
            None => (sheet, refers_to),
        };
        let (start, end) = range(cells)?;
        let range = ListValidation { ranges: vec![(start, end)], ..ListValidation::default() };
        let words: Vec<String> = sheet
            .cells()
            .filter(|(address, _)| range.covers(*address))
            .map(|(_, cell)| cell.text.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        (!words.is_empty()).then_some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::workbook::{Cell, DefinedName};

    fn workbook() -> Workbook {
        let mut matrix = Sheet { name: "Risk Matrix".into(), ..Sheet::default() };
        for (column, word) in (3..).zip(["Minor", "Major "]) {
            matrix.insert(Address { row: 6, column }, Cell { text: word.to_owned(), ..Cell::default() });
        }
        let name =
            DefinedName { name: "Consequence".to_owned(), refers_to: "'Risk Matrix'!$D$7:$H$7".to_owned() };
        Workbook { sheets: vec![Sheet::default(), matrix], defined_names: vec![name], ..Workbook::default() }
    }

    #[test]
    fn a_list_is_quoted_words_a_range_or_a_name() {
        let workbook = workbook();
        let words = |list: &str| workbook.list_words(&workbook.sheets[0], list);
        assert_eq!(words("\"Open, Closed\"").unwrap(), ["Open", "Closed"]);
        assert_eq!(words("Consequence").unwrap(), ["Minor", "Major"]);
        assert_eq!(words("'Risk Matrix'!$D$7:$E$7").unwrap(), ["Minor", "Major"]);
        for nowhere in ["#REF!", "Unknown", "Other!A1:A2", "$A$1:$A$9", ""] {
            assert_eq!(words(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn ranges_are_rectangles() {
        let validation = ListValidation { ranges: ranges("G2:H3 N5 ,;"), list: String::new() };
        let covers = |cell: &str| validation.covers(cell.parse().unwrap());
        assert!(covers("G2") && covers("H3") && covers("N5"));
        assert!(!covers("G4") && !covers("I2") && !covers("N6"));
    }
}
