//! Small hazard logs for tests, written as real spreadsheets.

use crate::workbooks::template::HEADERS;
use rust_xlsxwriter::{DataValidation, DocProperties, Format, Formula, Note, Workbook, Worksheet, XlsxError};

/// Headers of the layout with one row a control.
pub const CONTROL_HEADERS: [&str; 17] = [
    "Num",
    "Hazard Name",
    "Hazard Description",
    "Potential Clinical Impact",
    "Existing Controls",
    "Possible Causes",
    "Initial Consequence",
    "Initial Likelihoos",
    "Intial Risk",
    "Additional controls",
    "Control type",
    "Control owner",
    "Action",
    "Action status",
    "Residual Consequence",
    "Residual Likelihood",
    "Residual Risk",
];

/// A hazard that is well formed in every column, for tests to spoil.
pub const GOOD_HAZARD: [&str; 19] = [
    "H01",
    "Referral attached to the wrong patient",
    "A referral is filed against another person.",
    "Treatment of the wrong patient",
    "1) Mistyped number\n2) Two records open",
    "1) Number is checked\n2) None",
    "Major",
    "Medium",
    "3",
    "1) Trace before filing\n2) One record at a time",
    "1) None\n2) Test case 12",
    "",
    "",
    "Major",
    "Very Low",
    "2",
    "Reviewed",
    "Dr A",
    "Open",
];

/// A workbook with one sheet, to be filled.
pub struct LogFixture {
    workbook: Workbook,
    sheet: Worksheet,
    others: Vec<Worksheet>,
}

impl LogFixture {
    /// A sheet with these headers in row 1.
    pub fn new(headers: &[&str]) -> Self {
        let mut fixture = Self { workbook: Workbook::new(), sheet: Worksheet::new(), others: Vec::new() };
        fixture.sheet.set_name("Hazard Log").unwrap();
        fixture.row(0, headers);
        fixture
    }

    /// The NHS template with one good hazard in row 2.
    pub fn good() -> Self {
        let mut fixture = Self::new(&HEADERS);
        fixture.row(1, &GOOD_HAZARD);
        fixture
    }

    /// Fills a row from the left; empty texts leave their cells empty, numbers are written as numbers.
    pub fn row(&mut self, row: u32, cells: &[&str]) -> &mut Self {
        for (column, text) in (0_u16..).zip(cells) {
            self.put(row, column, text).unwrap();
        }
        self
    }

    fn put(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        if text.is_empty() {
            return Ok(());
        }
        match text.parse::<f64>() {
            Ok(number) => self.sheet.write_number(row, column, number)?,
            Err(_) => self.sheet.write_string(row, column, text)?,
        };
        Ok(())
    }

    pub fn cell(&mut self, row: u32, column: u16, text: &str) -> &mut Self {
        self.put(row, column, text).unwrap();
        self
    }

    pub fn formula(&mut self, row: u32, column: u16, formula: &str, cached: &str) -> &mut Self {
        self.sheet.write_formula(row, column, Formula::new(formula).set_result(cached)).unwrap();
        self
    }

    pub fn hide_row(&mut self, row: u32) -> &mut Self {
        self.sheet.set_row_hidden(row).unwrap();
        self
    }

    pub fn hide_column(&mut self, column: u16) -> &mut Self {
        self.sheet.set_column_hidden(column).unwrap();
        self
    }

    pub fn strike(&mut self, row: u32, column: u16, text: &str) -> &mut Self {
        self.sheet
            .write_string_with_format(row, column, text, &Format::new().set_font_strikethrough())
            .unwrap();
        self
    }

    pub fn strike_part(&mut self, row: u32, column: u16, kept: &str, struck: &str) -> &mut Self {
        let strike = Format::new().set_font_strikethrough();
        self.sheet.write_rich_string(row, column, &[(&Format::new(), kept), (&strike, struck)]).unwrap();
        self
    }

    pub fn comment(&mut self, row: u32, column: u16, text: &str) -> &mut Self {
        self.sheet.insert_note(row, column, &Note::new(text).add_author_prefix(false)).unwrap();
        self
    }

    /// Gives the cells of a column a drop-down list.
    pub fn list(&mut self, column: u16, words: &[&str]) -> &mut Self {
        let validation = DataValidation::new().allow_list_strings(words).unwrap();
        self.sheet.add_data_validation(1, column, 20, column, &validation).unwrap();
        self
    }

    /// Merges the cells of a column from one row to another.
    pub fn merge(&mut self, first: u32, last: u32, column: u16, text: &str) -> &mut Self {
        self.sheet.merge_range(first, column, last, column, text, &Format::new()).unwrap();
        self
    }

    /// Merges the cells of a row from one column to another.
    pub fn merge_across(&mut self, row: u32, first: u16, last: u16, text: &str) -> &mut Self {
        self.sheet.merge_range(row, first, row, last, text, &Format::new()).unwrap();
        self
    }

    /// Adds a sheet behind the log's.
    pub fn sheet(&mut self, name: &str, rows: &[&[&str]]) -> &mut Self {
        let mut sheet = Worksheet::new();
        sheet.set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            sheet.write_row(row, 0, cells.iter().copied()).unwrap();
        }
        self.others.push(sheet);
        self
    }

    /// Formats a far corner without content, which makes the used range huge.
    pub fn format_far_corner(&mut self) -> &mut Self {
        self.sheet.write_blank(1_048_575, 40, &Format::new().set_bold()).unwrap();
        self
    }

    /// The workbook's bytes, the same for the same content.
    pub fn bytes(self) -> Vec<u8> {
        let Self { mut workbook, sheet, others } = self;
        workbook.push_worksheet(sheet);
        for other in others {
            workbook.push_worksheet(other);
        }
        let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1).unwrap();
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        workbook.save_to_buffer().unwrap()
    }
}
