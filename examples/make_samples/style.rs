//! The few formats that the workbooks share.

use super::Outcome;
use super::source::StatedDate;
use cscr::case::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};

const NHS_BLUE: Color = Color::RGB(0x00_5E_B8);
/// Excel's number for the paper size.
const A4: u8 = 9;

pub fn title() -> Format {
    Format::new().set_bold().set_font_size(16).set_font_color(NHS_BLUE)
}

pub fn label() -> Format {
    Format::new().set_bold().set_align(FormatAlign::Top)
}

pub fn header() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(NHS_BLUE)
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
}

pub fn body() -> Format {
    Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin).set_text_wrap()
}

pub fn plain() -> Format {
    Format::new().set_align(FormatAlign::Top).set_text_wrap()
}

pub fn date() -> Format {
    body().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left)
}

/// A workbook whose properties come from its content, so that each run makes the same file.
pub fn workbook(title: &str, author: &str, created: Date) -> Outcome<Workbook> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(title)
        .set_author(author)
        .set_comment("Synthetic sample: every person, organisation and registration is invented.")
        .set_creation_datetime(&excel_date(created)?);
    workbook.set_properties(&properties);
    Ok(workbook)
}

/// Writes a date as a date, and words as words.
pub fn write_date(sheet: &mut Worksheet, row: u32, column: u16, stated: &StatedDate) -> Outcome {
    match stated {
        StatedDate::Date(day) => {
            sheet.write_datetime_with_format(row, column, excel_date(*day)?, &date())?;
        }
        StatedDate::Words(words) => {
            sheet.write_string_with_format(row, column, words, &body())?;
        }
    }
    Ok(())
}

fn excel_date(date: Date) -> Outcome<ExcelDateTime> {
    Ok(ExcelDateTime::from_ymd(
        u16::try_from(date.year())?,
        u8::try_from(date.month())?,
        u8::try_from(date.day())?,
    )?)
}

/// On paper a sheet is as wide as one page, and lies across it.
pub fn fit_to_paper(sheet: &mut Worksheet) {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
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
