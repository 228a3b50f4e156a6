//! A difference as a PDF of its own: two sides, and what changed from one to the other.

use super::changes::told_of;
use super::running_digest::Running;
use super::world::{self, ReportWorld};
use super::{Engine, ReportError, add_data, pdf, printable};
use crate::case::Date;
use crate::change::Comparison;
use crate::impact::ImpactTold;
use serde_json::{Value, json};
use typst::foundations::Bytes;

/// What such a document is made of.
#[derive(Debug, Clone, Copy)]
pub struct DifferenceInput<'a> {
    pub comparison: &'a Comparison,
    /// What the change touches.
    pub impact: &'a ImpactTold,
    /// The two sides as they are told: `old` and `new`.
    pub sides: &'a Value,
    /// What was not compared, and why.
    pub notes: &'a [String],
    /// The risk policies of the new side, the main one first.
    pub policies: &'a Value,
    /// The date of the document.
    pub date: Date,
}

const SOURCE: &str = r#"#import "/lib/theme.typ": report
#import "/lib/words.typ": date-value
#import "/lib/difference.typ": difference
#let settings = json("/data/report.json")
#let (sides, notes, told, impact) = json("/data/changes.json")
#show: report.with(
  title: "What changed",
  date: date-value(settings.as_of),
  header: ([What changed], [], []),
)
#difference(told, sides, notes, impact)
"#;

impl Engine {
    /// Makes the PDF.
    pub fn difference(&self, input: &DifferenceInput) -> Result<Vec<u8>, ReportError> {
        let mut world = ReportWorld::new(&self.fonts);
        for (path, file) in self.templates.shared()? {
            world.add(&path, file.origin, file.bytes);
        }
        let told = told_of(input.comparison, None, false);
        let mut changes =
            json!({ "sides": input.sides, "notes": input.notes, "told": told, "impact": input.impact });
        printable::make_printable(&mut changes, &self.fonts, "changes");
        let mut policies = input.policies.clone();
        printable::make_printable(&mut policies, &self.fonts, "risk_policy");
        let report = json!({ "as_of": input.date, "options": { "include_names": true } });
        for (name, value) in [("changes", &changes), ("risk-policies", &policies), ("report", &report)] {
            add_data(&mut world, name, value.to_string());
        }
        world.add(world::MAIN, world::GENERATED, Bytes::from_string(SOURCE.to_owned()));
        Ok(pdf::export(&world, "difference".to_owned(), input.date, Running::default(), None, |_| ())?.pdf)
    }
}
