use super::super::compound::tests::container;
use super::super::container::tests::zipped_bytes;
use super::super::{CellKind, Format, Limits, Workbook};
use super::{BEGIN, BOUND_SHEET, DIMENSIONS, END};

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

fn shorts(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn begin(kind: u16) -> Vec<u8> {
    record(BEGIN, &shorts(&[0x0600, kind, 0, 0, 0, 0, 0, 0]))
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let mut data = shorts(&[row, column, 0, u16::try_from(text.len()).unwrap()]);
    data.push(0);
    data.extend(text.as_bytes());
    record(0x0204, &data)
}

fn number(row: u16, column: u16, value: f64) -> Vec<u8> {
    record(0x0203, &[shorts(&[row, column, 0]), value.to_le_bytes().to_vec()].concat())
}

fn dimensions(rows: u32) -> Vec<u8> {
    record(DIMENSIONS, &[0_u32.to_le_bytes(), rows.to_le_bytes(), [0, 0, 9, 0], [0; 4]].concat()[..14])
}

/// An .xls workbook of one hidden sheet with these records.
fn workbook(records: &[Vec<u8>]) -> Vec<u8> {
    with_strings(&[], records)
}

fn with_strings(strings: &[u8], records: &[Vec<u8>]) -> Vec<u8> {
    let globals = [begin(5), strings.to_vec()].concat();
    let code_page = record(0x0042, &shorts(&[1200]));
    // The state, the kind, and the name with its length and a flag.
    let sheet = |start: u32| record(BOUND_SHEET, &[&start.to_le_bytes()[..], &[1, 0, 3, 0], b"Log"].concat());
    let end = record(END, &[]);
    let start = u32::try_from(globals.len() + code_page.len() + sheet(0).len() + end.len()).unwrap();
    let head = [globals, code_page, sheet(start), end.clone()].concat();
    container("Workbook", &[head, begin(0x10), records.concat(), end].concat())
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, String> {
    Workbook::from_bytes(bytes, "log", limits).map_err(|error| error.to_string())
}

#[test]
fn an_old_workbook_is_read_and_what_it_does_not_tell_is_said() {
    let bytes = workbook(&[dimensions(3), label(0, 0, "Hazard"), label(2, 1, "Fax"), number(2, 2, 1.5)]);
    let workbook = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(workbook.format, Format::Xls);
    let sheet = &workbook.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.hidden, sheet.very_hidden), ("Log", true, false));
    let cells: Vec<_> =
        sheet.cells().map(|(address, cell)| (address.to_string(), cell.text.as_str(), cell.kind)).collect();
    assert_eq!(
        cells,
        [
            ("A1".to_owned(), "Hazard", CellKind::Text),
            ("B3".to_owned(), "Fax", CellKind::Text),
            ("C3".to_owned(), "1.5", CellKind::Number(1.5))
        ]
    );
    assert!(workbook.notes.iter().any(|note| note.contains("hidden rows")), "{:?}", workbook.notes);
}

#[test]
fn an_old_sheet_that_spans_or_claims_too_much_is_refused_before_room_is_made_for_it() {
    let far = workbook(&[dimensions(3), label(0, 0, "near"), label(65_535, 255, "far")]);
    let error = read(&far, &Limits::default()).unwrap_err();
    assert!(error.contains("span 16777216 cells") && error.contains("--max-cells"), "{error}");
    let claims = workbook(&[dimensions(u32::MAX), label(0, 0, "near")]);
    let error = read(&claims, &Limits::default()).unwrap_err();
    assert!(error.contains("claims more rows"), "{error}");
}

#[test]
fn one_long_string_in_many_old_cells_is_refused_before_it_is_copied() {
    let string = [&[0; 8][..], &20_000_u16.to_le_bytes(), &[0], &vec![b'x'; 20_000]].concat();
    let shown = |row: u16| record(0x00fd, &shorts(&[row, 0, 0, 0, 0]));
    let rows: Vec<Vec<u8>> = std::iter::once(dimensions(60)).chain((0..60).map(shown)).collect();
    let bytes = with_strings(&record(0x00fc, &string), &rows);
    let error = read(&bytes, &Limits { unpacked_mib: 1, ..Limits::default() }).unwrap_err();
    assert!(error.contains("1 MiB of text") && error.contains("--max-unpacked-mib"), "{error}");
    let workbook = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(workbook.sheets[0].text("A60".parse().unwrap()).map(str::len), Some(20_000));
}

#[test]
fn a_record_that_is_cut_short_is_damage_and_no_panic() {
    let bytes = workbook(&[dimensions(3), record(0x0203, &[0, 0])]);
    let error = read(&bytes, &Limits::default()).unwrap_err();
    assert!(error.contains("damaged"), "{error}");
}

/// A record of the newer binary format: kind and length in seven bits a byte.
fn part(kind: u16, data: &[u8]) -> Vec<u8> {
    let kind = match kind {
        0..0x80 => vec![u8::try_from(kind).unwrap()],
        _ => vec![u8::try_from(kind & 0x7f).unwrap() | 0x80, u8::try_from(kind >> 7).unwrap()],
    };
    [&kind[..], &[u8::try_from(data.len()).unwrap()], data].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.encode_utf16().count()).unwrap().to_le_bytes();
    length.into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn numbers(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn xlsb(rows: &[Vec<u8>]) -> Vec<u8> {
    let sheet = [numbers(&[0, 1]), wide("rId1"), wide("Log")].concat();
    let workbook = [part(0x009c, &sheet), part(0x0090, &[]), part(0x009d, &[])].concat();
    let dimensions = numbers(&[0, 1_048_575, 0, 16_383]);
    let cells =
        [vec![part(0x0094, &dimensions), part(0x0091, &[])], rows.to_vec(), vec![part(0x0092, &[])]].concat();
    let relations =
        "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.bin\"/></Relationships>";
    zipped_bytes(&[
        ("xl/workbook.bin", &workbook),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &cells.concat()),
    ])
}

#[test]
fn a_binary_workbook_is_read_cell_by_cell_to_its_far_corner() {
    let cell = |column: u32, text: &str| part(0x0006, &[numbers(&[column, 0]), wide(text)].concat());
    let row = |row: u32| part(0x0000, &numbers(&[row, 0, 0, 0]));
    let bytes = xlsb(&[row(0), cell(0, "Hazard"), row(1_048_575), cell(16_383, "far")]);
    let workbook = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(workbook.format, Format::Xlsb);
    let cells: Vec<_> =
        workbook.sheets[0].cells().map(|(address, cell)| (address.to_string(), cell.text.as_str())).collect();
    assert_eq!(cells, [("A1".to_owned(), "Hazard"), ("XFD1048576".to_owned(), "far")]);
    // A text by its number, of which there is none.
    let bytes = xlsb(&[row(0), part(0x0007, &numbers(&[0, 0, 5]))]);
    let error = read(&bytes, &Limits::default()).unwrap_err();
    assert!(error.contains("damaged"), "{error}");
}
