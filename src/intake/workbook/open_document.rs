//! `OpenDocument` spreadsheets, as their content goes by.
//!
//! The format writes a run of equal rows or cells once, with a count; an empty sheet ends with a run of a million
//! rows. Only what holds something is kept, so such a run costs nothing.

mod expression;
mod style;
mod table;

use super::fault::Fault;
use super::limits::Quota;
use super::xml::{attribute, each_event, local};
use super::{DefinedName, Format, Workbook, container};
use quick_xml::events::Event;
use style::Styles;
use table::TableReading;

/// Reads an archive that [`container::open`] has passed.
pub(super) fn read(bytes: &[u8], quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    let mut archive = container::reopen(bytes)?;
    let mut styles = Styles::default();
    each_event(&mut archive, "styles.xml", |event| {
        styles.visit(event);
        Ok(())
    })?;
    let mut reading = Content {
        workbook: Workbook { format: Format::Ods, ..Workbook::default() },
        styles,
        lists: Vec::new(),
        table: None,
        in_changes: false,
        quota,
    };
    each_event(&mut archive, "content.xml", |event| reading.visit(event))?;
    Ok(reading.workbook)
}

struct Content<'a, 'q> {
    workbook: Workbook,
    styles: Styles,
    /// The drop-down lists, by name.
    lists: Vec<(String, String)>,
    table: Option<TableReading>,
    /// Within the record of what was changed, which holds cells as they were.
    in_changes: bool,
    quota: &'a mut Quota<'q>,
}

impl Content<'_, '_> {
    fn visit(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(element) if local(element) == "tracked-changes" => {
                self.in_changes = true;
                self.workbook.notes.push(
                    "The workbook keeps a record of changes; it was read as it is now, and what it was before was not."
                        .to_owned(),
                );
            }
            Event::End(element) if element.local_name().as_ref() == "tracked-changes" => {
                self.in_changes = false;
            }
            _ if self.in_changes => {}
            event => match &mut self.table {
                Some(table) => {
                    table.visit(event, &self.styles, &self.lists, self.quota)?;
                    if table.is_done() {
                        self.workbook.sheets.extend(self.table.take().map(TableReading::sheet));
                    }
                }
                None => self.outside(event)?,
            },
        }
        Ok(())
    }

    /// What stands outside of sheets: styles, drop-down lists, names.
    fn outside(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        self.styles.visit(event);
        let (Event::Start(element) | Event::Empty(element)) = event else { return Ok(()) };
        let value = |name| attribute(element, name);
        match local(element) {
            "table" => {
                self.quota.sheet()?;
                let name = value("name").unwrap_or_default();
                let is_hidden = value("style-name").is_some_and(|style| self.styles.hides(&style));
                let table = TableReading::new(&name, is_hidden);
                if matches!(event, Event::Start(_)) {
                    self.table = Some(table);
                } else {
                    self.workbook.sheets.push(table.sheet());
                }
            }
            "content-validation" => {
                if let (Some(name), Some(condition)) = (value("name"), value("condition"))
                    && let Some(list) = expression::list(&condition)
                {
                    self.lists.push((name.into_owned(), list));
                }
            }
            "named-range" => {
                if let (Some(name), Some(cells)) = (value("name"), value("cell-range-address")) {
                    let refers_to = expression::reference(&cells);
                    self.workbook.defined_names.push(DefinedName { name: name.into_owned(), refers_to });
                }
            }
            "named-expression" => {
                if let (Some(name), Some(formula)) = (value("name"), value("expression")) {
                    let refers_to = expression::formula(&formula);
                    self.workbook.defined_names.push(DefinedName { name: name.into_owned(), refers_to });
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
