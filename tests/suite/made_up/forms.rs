//! A hospital trust that fills in a form a hazard, one below the other on a single sheet, as it once did on paper:
//! labels at the left and in the middle, scores as a sum (`4x3=12`), no header row anywhere.

use super::{cell, cells, counts, found, ratings, read, try_read};
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::LogFiles;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

/// One filled-in form.
struct Form {
    reference: &'static str,
    title: &'static str,
    wrong: &'static str,
    harm: &'static str,
    causes: &'static str,
    in_place: &'static str,
    before: &'static str,
    to_do: &'static str,
    lead: &'static str,
    by: &'static str,
    after: &'static str,
    status: &'static str,
}

const FORMS: [Form; 5] = [
    Form {
        reference: "EP-01",
        title: "Dose is given twice at transfer",
        wrong: "A dose given on the admissions unit is not shown as given when the patient reaches the ward.",
        harm: "Overdose of opioid, insulin or anticoagulant.",
        causes: "- Administration record is saved on a trolley that is offline\n- Ward uses the paper chart during the move\n- Agency nurse has no login",
        in_place: "- Offline trolley shows a red banner\n- Paper chart is struck through on transfer",
        before: "4x3=12",
        to_do: "- Block the next dose for 30 minutes after transfer\n- Agency logins issued by the site team",
        lead: "Chief Pharmacist",
        by: "31.03.2026",
        after: "4x2=8",
        status: "Open - awaiting build",
    },
    Form {
        reference: "EP-02",
        title: "Allergy is not seen by the prescriber",
        wrong: "An allergy held only in the GP record does not warn.",
        harm: "Anaphylaxis.",
        causes: "- GP record is not available at night\n- Allergy is typed as free text",
        in_place: "- Pharmacist reconciles within 24 hours",
        before: "5x2=10",
        to_do: "- Free-text allergies are coded weekly",
        lead: "CCIO",
        by: "1st June 2026",
        after: "5x1=5",
        status: "Accepted",
    },
    Form {
        reference: "EP-03",
        title: "Infusion rate is shown in the wrong unit",
        wrong: "Rate in ml/h is read as mg/h.",
        harm: "Under- or overdose.",
        causes: "Two units on one line of the screen",
        in_place: "None",
        before: "4x3=14",
        to_do: "- Unit is shown beside every number\n- Second nurse checks the pump",
        lead: "Lead nurse, critical care",
        by: "",
        after: "4x1=4",
        status: "Open",
    },
    Form {
        reference: "EP-04",
        title: "Discharge medicines are not sent",
        wrong: "The letter leaves without its list of medicines.",
        harm: "Patient stops a medicine.",
        causes: "- Printer queue is full\n- Letter is signed before pharmacy has finished",
        in_place: "- Ward clerk counts the letters",
        before: "3x4=12",
        to_do: "",
        lead: "",
        by: "",
        after: "",
        status: "new",
    },
    Form {
        reference: "EP-06",
        title: "Downtime copy is old",
        wrong: "The copy on the ward PC was made more than 12 hours ago.",
        harm: "Wrong dose during downtime.",
        causes: "- PC is switched off at night",
        in_place: "- Copy shows its time of making",
        before: "3x3=9",
        to_do: "- PC reports to the service desk when no copy was made",
        lead: "IT operations",
        by: "15/01/2026",
        after: "3x1=3",
        status: "Closed 20.01.2026",
    },
];

const PITCH: u32 = 11;

pub fn bytes() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1).unwrap();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name("EPMA hazards").unwrap();
    sheet.write(0, 0, "St Elsewhere Hospitals: electronic prescribing, hazard records").unwrap();
    for (number, form) in (0..).zip(&FORMS) {
        fill(sheet, 2 + number * PITCH, form);
    }
    workbook.save_to_buffer().unwrap()
}

fn fill(sheet: &mut Worksheet, top: u32, form: &Form) {
    let label = Format::new().set_bold().set_background_color(Color::Silver);
    let text = |sheet: &mut Worksheet, row: u32, column: u16, text: &str| {
        if !text.is_empty() {
            sheet.write(row, column, text).unwrap();
        }
    };
    let wide = |sheet: &mut Worksheet, row: u32, name: &str, value: &str| {
        sheet.write_with_format(row, 0, name, &label).unwrap();
        sheet.merge_range(row, 1, row, 5, value, &Format::new()).unwrap();
    };
    sheet.merge_range(top, 0, top, 3, "HAZARD RECORD", &label).unwrap();
    text(sheet, top, 4, "Ref:");
    text(sheet, top, 5, form.reference);
    wide(sheet, top + 1, "Title", form.title);
    wide(sheet, top + 2, "What could go wrong", form.wrong);
    wide(sheet, top + 3, "Harm to the patient", form.harm);
    wide(sheet, top + 4, if form.reference == "EP-03" { "Causes:" } else { "Causes" }, form.causes);
    wide(sheet, top + 5, "Safeguards in place", form.in_place);
    text(sheet, top + 6, 0, "Risk before (C x L)");
    text(sheet, top + 6, 1, form.before);
    text(sheet, top + 6, 2, "Risk after (C x L)");
    text(sheet, top + 6, 3, form.after);
    wide(sheet, top + 7, "Further action", form.to_do);
    text(sheet, top + 8, 0, "Lead");
    text(sheet, top + 8, 1, form.lead);
    text(sheet, top + 8, 2, "By when");
    text(sheet, top + 8, 3, form.by);
    text(sheet, top + 8, 4, "Status");
    text(sheet, top + 8, 5, form.status);
}

fn log() -> LogFiles {
    LogFiles::file("forms.xlsx", bytes())
}

#[test]
fn forms_on_one_sheet_are_hazards_with_their_lists_and_products() {
    let input = read(&log(), None);
    assert_eq!(
        counts(&input),
        [("EP-01", 3, 2, 2), ("EP-02", 2, 1, 1), ("EP-03", 1, 0, 2), ("EP-04", 2, 1, 0), ("EP-06", 1, 1, 1)]
    );
    let [first, _, third, fourth, last] = &input.log.hazards[..] else { panic!("five hazards") };
    assert_eq!(first.name.as_deref(), Some("Dose is given twice at transfer"));
    assert_eq!(first.impact.as_deref(), Some("Overdose of opioid, insulin or anticoagulant."));
    assert_eq!(ratings(first), ["4 3 12", "4 2 8"]);
    assert_eq!(ratings(third), ["4 3 14", "4 1 4"], "what is stated stays as it is stated");
    assert_eq!(ratings(fourth), ["3 4 12", ""]);
    assert_eq!(
        (last.owner.as_deref(), last.status.as_deref()),
        (Some("IT operations"), Some("Closed 20.01.2026"))
    );
    assert_eq!(first.causes[1].text, "Ward uses the paper chart during the move");
    assert_eq!(cell(&input, "hazards/EP-01"), "F3");
    assert_eq!(cell(&input, "hazards/EP-03/residual/likelihood"), "D31");
    assert_eq!(cell(&input, "hazards/EP-06/causes/EP-06.1"), "B51");
}

/// What no label is known for is told cell by cell, and is nobody's value.
#[test]
fn a_label_that_nobody_knows_is_reported_with_what_stands_beside_it() {
    let input = read(&log(), None);
    assert_eq!(cells(&input, ObservationKind::Unmapped), ["D11", "D22", "D55"]);
    assert_eq!(input.log.hazards[0].owner.as_deref(), Some("Chief Pharmacist"));
    let total = input.explanation.total;
    assert_eq!((total.cells, total.unmapped, total.ignored), (121, 3, 1));
}

#[test]
fn a_mapping_says_what_a_label_of_a_form_means() {
    let found = found(&log());
    assert!(found.contains("shape = \"form-per-hazard\"\n"), "{found}");
    assert_eq!(read(&log(), Some(&found)).log.hazards, read(&log(), None).log.hazards);
    let mapping = found.replace("{ label = \"By when\" }", "{ label = \"By when\", field = \"notes\" }");
    assert_ne!(mapping, found);
    let input = read(&log(), Some(&mapping));
    assert_eq!(cells(&input, ObservationKind::Unmapped), Vec::<String>::new());
    assert_eq!(input.log.hazards[1].notes.as_deref(), Some("1st June 2026"));
    let error = try_read(&log(), Some(&mapping.replace("By when", "By whom"))).unwrap_err().to_string();
    assert!(
        error.contains("names the label \"By whom\", and no form of the sheet EPMA hazards has it"),
        "{error}"
    );
    assert!(error.contains("mapping.toml, line"), "{error}");
}
