//! What there is to say of a workbook beside its cells.

use super::{Sheet, Workbook};
use crate::case::excerpt::excerpt;

/// Adds to the notes what the format cannot show, and what its sheets hold that is neither cell nor observation.
pub(super) fn complete(workbook: &mut Workbook) {
    let notes: Vec<String> = workbook.sheets.iter().flat_map(of_sheet).collect();
    workbook.notes.extend(notes);
    workbook.notes.extend(workbook.format.does_not_show().map(str::to_owned));
}

fn of_sheet(sheet: &Sheet) -> Vec<String> {
    let name = sheet.name.trim();
    let mut notes = Vec::new();
    if sheet.very_hidden {
        notes.push(format!("The sheet {name} is hidden so that not even the spreadsheet program lists it."));
    } else if sheet.hidden {
        notes.push(format!("The sheet {name} is hidden."));
    }
    for text in &sheet.page_texts {
        notes.push(format!("A header or footer of the sheet {name} was not read: \"{}\".", excerpt(text)));
    }
    // A link that its cell spells out says nothing more.
    let unsaid = sheet.links.iter().filter(|(address, target)| {
        let target = target.trim_start_matches("mailto:").trim_end_matches('/');
        !sheet.text(**address).is_some_and(|text| text.contains(target))
    });
    for (address, target) in unsaid {
        notes.push(format!("The cell {address} of the sheet {name} links to {target}."));
    }
    notes
}
