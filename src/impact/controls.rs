//! Controls that changed on one hazard, and that other hazards have too.

use crate::assurance::graph::{Graph, Kind, NodeId};
use crate::case::Case;
use crate::case::folding::folded;
use crate::case::hazard::{Control, ControlState};
use crate::change::{Comparison, PartChange, PartChangeKind, PartKind};
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// What is evidence for the controls of more hazards than this is of the product as a whole, and says nothing of what two of
/// them have in common.
const FEW: usize = 8;

/// A control that changed, with the hazards that have it in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedControl {
    /// Key of the hazard on which it changed.
    pub hazard: String,
    pub control: String,
    pub change: PartChangeKind,
    pub others: Vec<Sharing>,
}

/// A control of another hazard, and what it has in common with the one that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sharing {
    pub hazard: String,
    pub control: String,
    /// To follow the control.
    pub why: String,
}

/// What became of a control, as others are concerned by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Reworded,
    Removed,
    /// It was in place and is not any longer, or was deferred.
    Weakened,
}

impl Fate {
    fn of(part: &PartChange) -> Option<Self> {
        let is_deferred = || ControlState::from_stated(part.new.as_deref()) == ControlState::Deferred;
        match part.change {
            _ if part.part == PartKind::Cause => None,
            PartChangeKind::Reworded => Some(Self::Reworded),
            PartChangeKind::Removed => Some(Self::Removed),
            PartChangeKind::Reopened => Some(Self::Weakened),
            PartChangeKind::Status if is_deferred() => Some(Self::Weakened),
            _ => None,
        }
    }
}

pub(super) fn shared(comparison: &Comparison, case: &Case, graph: &Graph) -> Vec<SharedControl> {
    let controls = Controls::of(case, graph);
    let shared = |part: &PartChange| {
        let others = controls.sharing(comparison, part, Fate::of(part)?);
        let (hazard, control) = (part.hazard.clone(), part.id.clone());
        (!others.is_empty()).then_some(SharedControl { hazard, control, change: part.change, others })
    };
    comparison.parts.iter().filter_map(shared).collect()
}

/// A control with its hazard and its place in the graph.
#[derive(Clone, Copy)]
struct Placed<'a> {
    hazard: &'a str,
    control: &'a Control,
    node: NodeId,
}

/// The controls of a case, by what they can have in common.
struct Controls<'a> {
    graph: &'a Graph,
    all: Vec<Placed<'a>>,
    by_id: HashMap<&'a str, Vec<usize>>,
    by_words: HashMap<String, Vec<usize>>,
    by_node: HashMap<NodeId, usize>,
}

impl<'a> Controls<'a> {
    fn of(case: &'a Case, graph: &'a Graph) -> Self {
        let mut controls = Self {
            graph,
            all: Vec::new(),
            by_id: HashMap::new(),
            by_words: HashMap::new(),
            by_node: HashMap::new(),
        };
        for (hazard, node) in case.hazard_log.hazards.iter().zip(graph.logged()) {
            // The graph has them in the order of the log.
            for (control, node) in hazard.all_controls().zip(graph.all_controls(node)) {
                controls.take_in(Placed { hazard: &hazard.key, control, node });
            }
        }
        controls
    }

    fn take_in(&mut self, placed: Placed<'a>) {
        let at = self.all.len();
        self.by_id.entry(&placed.control.id).or_default().push(at);
        let words = folded(&placed.control.text);
        if !words.is_empty() {
            self.by_words.entry(words).or_default().push(at);
        }
        self.by_node.insert(placed.node, at);
        self.all.push(placed);
    }

    fn sharing(&self, comparison: &Comparison, part: &PartChange, fate: Fate) -> Vec<Sharing> {
        let own = self.all.iter().find(|it| it.hazard == part.hazard && it.control.id == part.id);
        let words = match fate {
            Fate::Weakened => own.map(|own| own.control.text.as_str()),
            _ => part.old.as_deref(),
        };
        let words = words.map(folded).unwrap_or_default();
        let says_otherwise =
            fate != Fate::Reworded || part.old.as_deref().map(folded) != part.new.as_deref().map(folded);
        let same_words = self.by_words.get(&words).into_iter().flatten();
        let mut found: Vec<(usize, String)> = Vec::new();
        found.extend(same_words.filter(|_| says_otherwise).map(|at| (*at, by_words(part, fate))));
        let same_id = self.by_id.get(part.id.as_str()).into_iter().flatten();
        let is_other = |at: &&usize| {
            fate != Fate::Reworded
                || part.new.as_deref().map(folded) != Some(folded(&self.all[**at].control.text))
        };
        found.extend(same_id.filter(is_other).map(|at| (*at, by_id(part, fate))));
        if fate != Fate::Reworded {
            found.extend(self.same_evidence(comparison, part, own));
        }
        let mut seen = HashSet::new();
        let concerns = |at: usize| {
            let other = &self.all[at];
            let is_elsewhere = part
                .elsewhere
                .as_ref()
                .is_some_and(|place| place.hazard == other.hazard && place.id == other.control.id);
            // What is not in place either leans on nothing.
            let leans = fate != Fate::Weakened || other.control.state == ControlState::Closed;
            other.hazard != part.hazard && !is_elsewhere && leans
        };
        found.retain(|(at, _)| concerns(*at) && seen.insert(*at));
        let told = |(at, why): (usize, String)| Sharing {
            hazard: self.all[at].hazard.to_owned(),
            control: self.all[at].control.id.clone(),
            why,
        };
        found.into_iter().map(told).collect()
    }

    /// Controls that some evidence of the changed one is for too.
    fn same_evidence(
        &self,
        comparison: &Comparison,
        part: &PartChange,
        own: Option<&Placed<'a>>,
    ) -> Vec<(usize, String)> {
        let of_own = own.into_iter().flat_map(|own| self.graph.links_in(own.node));
        let mut evidence: Vec<NodeId> =
            of_own.filter(|link| link.relation.is_evidence()).map(|link| link.at).collect();
        let ids = removed_evidence(comparison, part);
        evidence.extend(ids.iter().filter_map(|id| self.graph.find(Kind::Evidence, id)));
        let mut found = Vec::new();
        for at in evidence {
            let shown = self.graph.links_out(at).filter(|link| link.relation.is_evidence());
            let controls: Vec<usize> = shown.filter_map(|link| self.by_node.get(&link.at).copied()).collect();
            let hazards: HashSet<&str> = controls.iter().map(|at| self.all[*at].hazard).collect();
            if hazards.len() > FEW {
                continue;
            }
            let why =
                format!("rests on the same evidence, {}, as {} did", self.graph.node(at).id, called(part));
            found.extend(controls.into_iter().map(|at| (at, why.clone())));
        }
        found
    }
}

/// The evidence that a control named before it was removed.
fn removed_evidence(comparison: &Comparison, part: &PartChange) -> Vec<String> {
    let list = if part.part == PartKind::ExistingControl { "existing_controls" } else { "controls" };
    let place = [list, part.id.as_str()];
    let change = comparison.changes.changed.iter().find(|change| change.id == part.hazard);
    let mut fields = change.into_iter().flat_map(|change| &change.fields);
    let field = fields.find(|field| field.path.iter().map(String::as_str).eq(place));
    let evidence = field.and_then(|field| field.old.get("evidence")).and_then(Value::as_array);
    evidence.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn called(part: &PartChange) -> String {
    format!("{} of {}", part.id, part.hazard)
}

fn by_words(part: &PartChange, fate: Fate) -> String {
    let called = called(part);
    match fate {
        Fate::Reworded => format!("still has the words that {called} had"),
        Fate::Removed => format!("is the same control as {called}, which is gone"),
        Fate::Weakened => {
            format!("counts as in place with the same words as {called}, which does not any longer")
        }
    }
}

fn by_id(part: &PartChange, fate: Fate) -> String {
    let called = called(part);
    match fate {
        Fate::Reworded => format!("has the same number as {called}, and now other words"),
        Fate::Removed => format!("has the same number as {called}, which is gone"),
        Fate::Weakened => {
            format!("counts as in place with the same number as {called}, which does not any longer")
        }
    }
}
