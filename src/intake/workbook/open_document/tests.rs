use super::super::container::tests::zipped;
use super::super::{Address, CellKind, Format, Limits, Sheet, Workbook};

const MIMETYPE: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");

fn document(styles: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[MIMETYPE, ("content.xml", &content)])
}

fn read(styles: &str, body: &str) -> Workbook {
    Workbook::from_bytes(&document(styles, body), "log.ods", &Limits::default()).unwrap()
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|text| {
            format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            )
        })
        .collect();
    format!("<table:table-row>{}</table:table-row>", cells.concat())
}

fn cells(sheet: &Sheet) -> Vec<(String, &str)> {
    sheet.cells().map(|(address, cell)| (address.to_string(), cell.text.as_str())).collect()
}

fn at(cell: &str) -> Address {
    cell.parse().unwrap()
}

#[test]
fn values_are_read_as_an_xlsx_workbook_gives_them() {
    let body = "<table:table table:name=\"Log\"><table:table-row>\
        <table:table-cell office:value-type=\"float\" office:value=\"3\" table:formula=\"of:=[.B1]*[.C1]\"><text:p>3,0</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-09-14T10:00:00\"><text:p>14/09/26</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>TRUE</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>one<text:s text:c=\"2\"/>two<text:line-break/>three &amp; four</text:p><text:p>five</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>#REF!</text:p></table:table-cell>\
        </table:table-row></table:table>";
    let workbook = read("", body);
    let sheet = &workbook.sheets[0];
    assert_eq!(workbook.format, Format::Ods);
    assert_eq!(
        cells(sheet).iter().map(|(_, text)| *text).collect::<Vec<_>>(),
        ["3", "2026-09-14", "TRUE", "one  two\nthree & four\nfive", "#REF!"]
    );
    let cell = |name| sheet.cell(at(name)).unwrap();
    assert_eq!((cell("A1").kind, cell("A1").formula.as_deref()), (CellKind::Number(3.0), Some("B1*C1")));
    assert_eq!((cell("B1").kind, cell("E1").kind), (CellKind::Date, CellKind::Error));
}

#[test]
fn runs_of_rows_and_cells_stand_where_they_should_and_empty_ones_cost_nothing() {
    let body = format!(
        "<table:table table:name=\"Log\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/><table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048560\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>{}</table:table>",
        row(&["last"])
    );
    let workbook = read("", &body);
    let found = cells(&workbook.sheets[0]);
    assert_eq!(
        found.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(),
        ["B3", "C3", "B4", "C4", "A1048565"]
    );
}

#[test]
fn a_run_of_cells_that_hold_something_is_held_to_the_limit() {
    let body = "<table:table table:name=\"Log\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    let limits = Limits { cells: 1000, ..Limits::default() };
    let error = Workbook::from_bytes(&document("", body), "log.ods", &limits).unwrap_err().to_string();
    assert!(error.contains("More than 1000 cells") && error.contains("--max-cells"), "{error}");
}

#[test]
fn what_values_do_not_show_is_read_beside_them() {
    let styles = "<style:style style:name=\"gone\" style:family=\"text\"><style:text-properties style:text-line-through-style=\"solid\"/></style:style>\
        <style:style style:name=\"kept\" style:parent-style-name=\"gone\"><style:text-properties style:text-line-through-style=\"none\"/></style:style>\
        <style:style style:name=\"child\" style:parent-style-name=\"gone\"/>\
        <style:style style:name=\"away\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let body = "<table:content-validations><table:content-validation table:name=\"val1\" table:condition=\"of:cell-content-is-in-list(&quot;Open&quot;;&quot;Closed&quot;)\"/></table:content-validations>\
        <table:table table:name=\"Log\"><table:shapes><draw:frame><draw:text-box><text:p>A box</text:p></draw:text-box></draw:frame><draw:frame><draw:image/></draw:frame></table:shapes>\
        <table:table-column/><table:table-column table:visibility=\"collapse\" table:number-columns-repeated=\"3\"/>\
        <table:table-row table:visibility=\"filter\">\
        <table:table-cell table:style-name=\"child\" office:value-type=\"string\"><text:p>all</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\" table:content-validation-name=\"val1\"><office:annotation><dc:creator>Ann</dc:creator><text:p>Why?</text:p></office:annotation><text:p><text:span text:style-name=\"gone\">was</text:span> is</text:p></table:table-cell>\
        <table:table-cell table:style-name=\"kept\" table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\" office:value-type=\"string\"><text:p><text:a xlink:href=\"https://a.example/r\">report</text:a></text:p></table:table-cell><table:covered-table-cell/>\
        </table:table-row></table:table>\
        <table:table table:name=\"Old\" table:style-name=\"away\"/>\
        <table:named-expressions><table:named-range table:name=\"Words\" table:cell-range-address=\"$Log.$A$1:.$B$1\"/></table:named-expressions>";
    let workbook = read(styles, body);
    let sheet = &workbook.sheets[0];
    assert_eq!(cells(sheet).iter().map(|(_, text)| *text).collect::<Vec<_>>(), ["all", "was is", "report"]);
    let cell = |name| sheet.cell(at(name)).unwrap();
    assert!(cell("A1").struck_through && cell("A1").struck_words.is_none());
    assert_eq!(cell("B1").struck_words.as_deref(), Some("was"));
    assert!(!cell("C1").struck_through);
    assert_eq!(sheet.comments[&at("B1")], "Why?");
    assert_eq!(sheet.links[&at("C1")], "https://a.example/r");
    assert_eq!(sheet.merges, [(at("C1"), at("D1"))]);
    assert_eq!(sheet.hidden_rows, [0].into());
    assert_eq!(sheet.hidden_columns, [1, 2].into());
    assert_eq!(workbook.list_words(sheet, &sheet.validations[0].list).unwrap(), ["Open", "Closed"]);
    assert_eq!(workbook.defined_names[0].refers_to, "Log!$A$1:$B$1");
    assert_eq!((sheet.drawing.pictures, &sheet.drawing.text_boxes[..]), (1, &["A box".to_owned()][..]));
    assert!(workbook.sheets[1].hidden && !sheet.hidden);
    assert!(workbook.notes.iter().any(|note| note.contains("Old is hidden")), "{:?}", workbook.notes);
}

#[test]
fn cells_as_they_were_before_a_tracked_change_are_not_taken_for_cells() {
    let body = format!(
        "<table:tracked-changes><table:deletion><table:cell-content-deletion><table:change-track-table-cell><text:p>old</text:p></table:change-track-table-cell></table:cell-content-deletion></table:deletion></table:tracked-changes><table:table table:name=\"Log\">{}</table:table>",
        row(&["new"])
    );
    let workbook = read("", &body);
    assert_eq!(cells(&workbook.sheets[0]), [("A1".to_owned(), "new")]);
    assert!(workbook.notes[0].contains("record of changes"), "{:?}", workbook.notes);
}
