use super::super::container::tests::zipped;
use super::super::{Limits, Sheet};
use super::*;

#[test]
fn numbers_show_without_needless_decimals() {
    assert_eq!(shown(&DataRef::Float(2.0)).0, "2");
    assert_eq!(shown(&DataRef::Float(1.7)).0, "1.7");
}

#[test]
fn line_ends_are_plain() {
    assert_eq!(unescape_controls("a\r\nb_x000D_\nc\rd_e"), "a\nb\nc\nd_e");
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package of one sheet, whose part holds this, and of further parts.
fn package(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let workbook = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Log\" sheetId=\"1\" state=\"veryHidden\" r:id=\"rId1\"/></sheets></workbook>";
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{RELATIONS}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let sheet = format!("<worksheet xmlns:r=\"r\">{sheet}</worksheet>");
    let root = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut parts = vec![
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", &relations),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    parts.extend(more);
    zipped(&parts)
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is>{text}</is></c>")
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, String> {
    Workbook::from_bytes(bytes, "log.xlsx", limits).map_err(|error| error.to_string())
}

fn at(cell: &str) -> Address {
    cell.parse().unwrap()
}

/// A sheet with all that lies beside values, and the parts that it refers to.
fn beside_values() -> Workbook {
    let sheet = format!(
        "<sheetData><row r=\"1\">{}{}<c r=\"C1\" t=\"s\"><v>0</v></c><c r=\"D1\" t=\"s\"><v>1</v></c></row>\
         <row r=\"2\"><c r=\"A2\" s=\"1\"><v>7</v></c><c r=\"B2\" s=\"2\"><v>8</v></c></row></sheetData>\
         <hyperlinks><hyperlink ref=\"A1\" r:id=\"rId9\" location=\"page=2\"/><hyperlink ref=\"B1:C1\" location=\"Lists!A1\"/></hyperlinks>\
         <headerFooter><oddFooter>&amp;LDraft v0.3&amp;RPage &amp;P</oddFooter></headerFooter>",
        text("A1", "<t>report</t>"),
        text(
            "B1",
            "<r><t>kept </t></r><r><rPr><strike/></rPr><t>with</t></r><r><rPr><strike/></rPr><t>drawn</t></r>"
        ),
    );
    let strings = "<sst><si><r><rPr><strike/></rPr><t>all gone</t></r></si><si><r><t>now</t></r><r><rPr><strike val=\"0\"/></rPr><t> and &amp; then</t></r></si></sst>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\";;;\"/></numFmts><fonts><font/><font><strike/></font></fonts>\
        <cellXfs><xf numFmtId=\"0\" fontId=\"0\"/><xf numFmtId=\"170\" fontId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\"/></cellXfs></styleSheet>";
    let relations = format!(
        "<Relationships><Relationship Id=\"rId9\" Type=\"{RELATIONS}/hyperlink\" Target=\"https://a.example/r.pdf\" TargetMode=\"External\"/>\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/comments\" Target=\"../comments1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment\" Target=\"../threadedComments/threadedComment1.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{RELATIONS}/vmlDrawing\" Target=\"../drawings/vmlDrawing1.vml\"/></Relationships>"
    );
    let comments = "<comments><commentList><comment ref=\"A1\"><text><t>[Threaded comment] Your version of Excel</t></text></comment><comment ref=\"C1\"><text><r><t>plain</t></r></text></comment></commentList></comments>";
    let threads = "<ThreadedComments><threadedComment ref=\"A1\" personId=\"{1}\" id=\"{a}\"><text>Why 3 &lt; 4?</text></threadedComment>\
        <threadedComment ref=\"A1\" personId=\"{2}\" id=\"{b}\" parentId=\"{a}\"><text>As agreed.</text></threadedComment></ThreadedComments>";
    let persons = "<personList><person displayName=\"Ann\" id=\"{1}\"/><person displayName=\"Ben\" id=\"{2}\"/></personList>";
    let drawing = "<xml><v:shape><v:textbox><div>plain<br></div></v:textbox><x:ClientData ObjectType=\"Note\"/></v:shape>\
        <v:shape><v:textbox><div>Not for <font>release</font></div></v:textbox><x:ClientData ObjectType=\"Shape\"/></v:shape></xml>";
    let bytes = package(
        &sheet,
        &[
            ("xl/sharedStrings.xml", strings),
            ("xl/styles.xml", styles),
            ("xl/worksheets/_rels/sheet1.xml.rels", &relations),
            ("xl/comments1.xml", comments),
            ("xl/threadedComments/threadedComment1.xml", threads),
            ("xl/persons/person.xml", persons),
            ("xl/drawings/vmlDrawing1.vml", drawing),
            ("xl/vbaProject.bin", "Sub Auto_Open"),
            ("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
            ("xl/embeddings/oleObject1.bin", "x"),
        ],
    );
    read(&bytes, &Limits::default()).unwrap()
}

#[test]
fn conversations_stand_in_for_the_comment_that_older_programs_show() {
    let workbook = beside_values();
    let comments: Vec<(String, &str)> = workbook.sheets[0]
        .comments
        .iter()
        .map(|(address, comment)| (address.to_string(), comment.as_str()))
        .collect();
    assert_eq!(comments, [("A1".to_owned(), "Ann: Why 3 < 4?\nBen: As agreed."), ("C1".to_owned(), "plain")]);
    assert_eq!(workbook.sheets[0].drawing.text_boxes, ["Not for release "]);
}

#[test]
fn the_words_that_are_struck_through_are_told_from_those_that_are_not() {
    let workbook = beside_values();
    let cell = |cell: &str| {
        let cell = workbook.sheets[0].cell(at(cell)).unwrap();
        (cell.struck_through, cell.struck_words.as_deref())
    };
    assert_eq!(cell("A1"), (false, None));
    assert_eq!(cell("B1"), (true, Some("with drawn")));
    assert_eq!(cell("C1"), (true, None));
    assert_eq!(cell("D1"), (false, None));
    assert_eq!(cell("B2"), (true, None));
}

#[test]
fn what_is_hidden_linked_or_left_alone_is_said() {
    let workbook = beside_values();
    let sheet: &Sheet = &workbook.sheets[0];
    assert_eq!(sheet.concealed, [at("A2")].into());
    assert!(sheet.hidden && sheet.very_hidden);
    assert_eq!(sheet.page_texts, ["Draft v0.3 Page"]);
    assert_eq!(workbook.format, Format::Xlsm);
    assert_eq!(
        workbook.notes,
        [
            "The workbook has macros; they were not run.",
            "The workbook refers to another file, which was not opened; what it shows of it is what was saved last.",
            "A file is embedded in the workbook and was not read.",
            "The sheet Log is hidden so that not even the spreadsheet program lists it.",
            "A header or footer of the sheet Log was not read: \"Draft v0.3 Page\".",
            "The cell A1 of the sheet Log links to https://a.example/r.pdf#page=2.",
            "The cell B1 of the sheet Log links to #Lists!A1.",
        ]
    );
}

#[test]
fn a_sheet_that_claims_everything_and_holds_two_cells_has_two_cells() {
    let sheet = format!(
        "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>",
        text("A1", "<t>near</t>"),
        text("XFD1048576", "<t>far</t>")
    );
    let workbook = read(&package(&sheet, &[]), &Limits::default()).unwrap();
    assert_eq!(workbook.sheets[0].cells().count(), 2);
    assert_eq!(workbook.sheets[0].last_row, Some(1_048_575));
}

#[test]
fn a_part_that_defines_entities_is_refused() {
    let sheet = format!("<sheetData><row r=\"1\">{}</row></sheetData>", text("A1", "<t>x</t>"));
    let strings = "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    let error = read(&package(&sheet, &[("xl/sharedStrings.xml", strings)]), &Limits::default()).unwrap_err();
    assert!(error.contains("could define entities"), "{error}");
}

#[test]
fn one_long_text_in_many_cells_is_held_to_what_the_cells_hold_together() {
    let rows: Vec<String> =
        (1..=40).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let row = rows.concat();
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(100 << 10));
    let bytes = package(&format!("<sheetData>{row}</sheetData>"), &[("xl/sharedStrings.xml", &strings)]);
    let error = read(&bytes, &Limits { unpacked_mib: 1, ..Limits::default() }).unwrap_err();
    assert!(error.contains("1 MiB of text") && error.contains("cell A11"), "{error}");
    assert!(error.contains("--max-unpacked-mib"), "{error}");
    let error = read(&bytes, &Limits { cell_kib: 99, ..Limits::default() }).unwrap_err();
    assert!(error.contains("100 KiB; the limit is 99 KiB") && error.contains("--max-cell-kib"), "{error}");
    let error = read(&bytes, &Limits { cells: 10, ..Limits::default() }).unwrap_err();
    assert!(error.contains("More than 10 cells") && error.contains("--max-cells"), "{error}");
    assert!(read(&bytes, &Limits { cells: 40, ..Limits::default() }).is_ok());
    let error = read(&bytes, &Limits { file_mib: 0, ..Limits::default() }).unwrap_err();
    assert!(error.contains("1 MiB on disk") && error.contains("--max-file-mib"), "{error}");
}

#[test]
fn a_workbook_of_too_many_sheets_is_refused() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for _ in 0..3 {
        workbook.add_worksheet();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let error = read(&bytes, &Limits { sheets: 2, ..Limits::default() }).unwrap_err();
    assert!(error.contains("more than 2 sheets") && error.contains("--max-sheets"), "{error}");
    assert_eq!(read(&bytes, &Limits { sheets: 3, ..Limits::default() }).unwrap().sheets.len(), 3);
}
