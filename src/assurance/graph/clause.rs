//! The clauses of the standard in the graph: each with what the report shows for it.

use super::{Graph, Kind, Relation};
use crate::assurance::clauses::ClauseRow;

impl Graph {
    /// Links each clause to where the report shows what was found for it, by the labels that the clause names.
    pub fn link_clauses(&mut self, clauses: &[ClauseRow]) {
        for clause in clauses {
            self.add(Kind::Clause, &clause.number);
            for (label, id) in clause.anchors.iter().filter_map(|anchor| anchor.split_once(':')) {
                let kind = match label {
                    "section" => Kind::Section,
                    "part" => Kind::Part,
                    "hazard" => Kind::Hazard,
                    "psa" => Kind::Session,
                    "evidence" => Kind::Evidence,
                    "item" => Kind::Item,
                    _ => continue,
                };
                if matches!(kind, Kind::Section | Kind::Part) {
                    self.add(kind, id);
                }
                self.show(&clause.number, kind, id);
            }
        }
    }

    /// Says that what a clause asks for is shown by something in the case.
    pub(super) fn show(&mut self, clause: &str, kind: Kind, id: &str) {
        let clause = self.add(Kind::Clause, clause);
        let shown = self.refer(kind, id);
        self.draw(clause, Relation::ShownBy, shown);
    }
}
