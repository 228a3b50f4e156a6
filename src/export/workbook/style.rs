//! The few formats that the sheets share.

use crate::case::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

const NHS_BLUE: Color = Color::RGB(0x00_5E_B8);
/// Excel's number for the paper size.
const A4: u8 = 9;

#[must_use]
pub fn title() -> Format {
    Format::new().set_bold().set_font_size(16).set_font_color(NHS_BLUE)
}

#[must_use]
pub fn label() -> Format {
    Format::new().set_bold().set_align(FormatAlign::Top)
}

#[must_use]
pub fn header() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(NHS_BLUE)
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
}

#[must_use]
pub fn body() -> Format {
    Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin).set_text_wrap()
}

#[must_use]
pub fn plain() -> Format {
    Format::new().set_align(FormatAlign::Top).set_text_wrap()
}

#[must_use]
pub fn date() -> Format {
    body().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left)
}

/// The format for a text: one that begins like a formula is marked as a text, so that it stays one when somebody
/// edits its cell.
#[must_use]
pub fn of_text(format: Format, text: &str) -> Format {
    if text.starts_with(['=', '+', '-', '@', '\'', '\t', '\r']) { format.set_quote_prefix() } else { format }
}

/// A workbook whose properties come from its content, so that each run makes the same file.
pub fn workbook(
    title: &str,
    author: &str,
    created: Date,
    comment: Option<&str>,
) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let mut properties =
        DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&excel_date(created)?);
    if let Some(comment) = comment {
        properties = properties.set_comment(comment);
    }
    workbook.set_properties(&properties);
    Ok(workbook)
}

/// Writes a text as a text, whatever it begins with.
pub fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: Format,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, column, text, &of_text(format, text))?;
    Ok(())
}

/// Writes a date of the form `2026-09-14` as a date, and other words as words.
pub fn write_date(sheet: &mut Worksheet, row: u32, column: u16, stated: &str) -> Result<(), XlsxError> {
    match stated.parse::<Date>().ok().and_then(|day| excel_date(day).ok()) {
        Some(day) => {
            sheet.write_datetime_with_format(row, column, day, &date())?;
        }
        None => write_text(sheet, row, column, stated, body())?,
    }
    Ok(())
}

fn excel_date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    ExcelDateTime::from_ymd(
        u16::try_from(date.year()).unwrap_or_default(),
        part(date.month()),
        part(date.day()),
    )
}

/// On paper a sheet is as wide as one page, and lies across it.
pub fn fit_to_paper(sheet: &mut Worksheet) {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
}

/// The footer of a printed page: the title, and which page of how many it is.
pub fn foot(sheet: &mut Worksheet, title: &str) {
    // In a footer `&` begins a code, and what is too long for one is no error worth having.
    let title: String = title.replace('&', "&&").chars().take(120).collect();
    sheet.set_footer(format!("&L{title}&RPage &P of &N"));
}

/// A height in points that shows each wrapped text in a column of its width, up to the most that Excel allows.
pub fn height<'a>(texts: impl IntoIterator<Item = (&'a str, u32)>) -> u32 {
    const LINE: u32 = 15;
    const MOST: u32 = 409;
    let lines = |text: &str, width: u32| -> u32 {
        let length = |line: &str| u32::try_from(line.chars().count()).unwrap_or(MOST * width);
        text.lines().map(|line| length(line).div_ceil(width).max(1)).sum()
    };
    let most_lines = texts.into_iter().map(|(text, width)| lines(text, width)).max();
    (most_lines.unwrap_or(1) * LINE).clamp(LINE, MOST)
}
