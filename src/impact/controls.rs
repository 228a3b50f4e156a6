//! Controls that changed on one hazard, and that other hazards have too.

use crate::assurance::graph::{Graph, Kind, NodeId};
use crate::case::Case;
use crate::case::folding::folded;
use crate::case::hazard::{Control, ControlState};
use crate::change::{Comparison, GONE, PartChange, PartChangeKind, PartKind, PartPlace};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// Evidence for a control that went or is weaker, and that controls of other hazards rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedEvidence {
    pub evidence: String,
    /// The controls that are gone, or not in place any longer.
    pub changed: Vec<PartPlace>,
    pub others: Vec<PartPlace>,
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
            // What stands in another hazard now is not gone.
            _ if part.elsewhere.is_some() => None,
            PartChangeKind::Reworded => Some(Self::Reworded),
            PartChangeKind::Removed => Some(Self::Removed),
            PartChangeKind::Reopened => Some(Self::Weakened),
            PartChangeKind::Status if is_deferred() => Some(Self::Weakened),
            _ => None,
        }
    }
}

pub(super) fn shared(comparison: &Comparison, old: &Value, case: &Case, graph: &Graph) -> Vec<SharedControl> {
    let controls = Controls::of(comparison, old, case, graph);
    let shared = |part: &PartChange| {
        let others = controls.sharing(part, Fate::of(part)?);
        let (hazard, control) = (part.hazard.clone(), part.id.clone());
        (!others.is_empty()).then_some(SharedControl { hazard, control, change: part.change, others })
    };
    comparison.parts.iter().filter_map(shared).collect()
}

pub(super) fn evidence(
    comparison: &Comparison,
    old: &Value,
    case: &Case,
    graph: &Graph,
) -> Vec<SharedEvidence> {
    Controls::of(comparison, old, case, graph).evidence(comparison)
}

/// Controls that are gone or weaker, each with which of it.
type Lost<'a> = Vec<(&'a PartChange, Fate)>;

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
    /// By the number that it had, where that was one control wherever it stood.
    by_number: HashMap<&'a str, Vec<usize>>,
    by_words: HashMap<String, Vec<usize>>,
    by_node: HashMap<NodeId, usize>,
}

impl<'a> Controls<'a> {
    fn of(comparison: &'a Comparison, old: &'a Value, case: &'a Case, graph: &'a Graph) -> Self {
        let numbers = OldNumbers::of(comparison, old);
        let mut controls = Self {
            graph,
            all: Vec::new(),
            by_number: HashMap::new(),
            by_words: HashMap::new(),
            by_node: HashMap::new(),
        };
        for (hazard, node) in case.hazard_log.hazards.iter().zip(graph.logged()) {
            // The graph has them in the order of the log.
            for (control, node) in hazard.all_controls().zip(graph.all_controls(node)) {
                let placed = Placed { hazard: &hazard.key, control, node };
                controls.take_in(placed, numbers.of_control(&hazard.key, &control.id));
            }
        }
        controls
    }

    fn take_in(&mut self, placed: Placed<'a>, number: Option<&'a str>) {
        let at = self.all.len();
        if let Some(number) = number {
            self.by_number.entry(number).or_default().push(at);
        }
        let words = folded(&placed.control.text);
        if !words.is_empty() {
            self.by_words.entry(words).or_default().push(at);
        }
        self.by_node.insert(placed.node, at);
        self.all.push(placed);
    }

    fn sharing(&self, part: &PartChange, fate: Fate) -> Vec<Sharing> {
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
        let same_number = self.by_number.get(number_of(part)).into_iter().flatten();
        let is_other = |at: &&usize| {
            fate != Fate::Reworded
                || part.new.as_deref().map(folded) != Some(folded(&self.all[**at].control.text))
        };
        found.extend(same_number.filter(is_other).map(|at| (*at, by_number(part, fate))));
        let mut seen = HashSet::new();
        let concerns = |at: usize| {
            let other = &self.all[at];
            // What is not in place either leans on nothing.
            let leans = fate != Fate::Weakened || other.control.state == ControlState::Closed;
            other.hazard != part.hazard && leans
        };
        found.retain(|(at, _)| concerns(*at) && seen.insert(*at));
        let told = |(at, why): (usize, String)| Sharing {
            hazard: self.all[at].hazard.to_owned(),
            control: self.all[at].control.id.clone(),
            why,
        };
        found.into_iter().map(told).collect()
    }

    /// What is gone from one hazard and stands in another still rests on what it rested on.
    fn evidence(&self, comparison: &Comparison) -> Vec<SharedEvidence> {
        let mut lost: BTreeMap<&str, (NodeId, Lost<'_>)> = BTreeMap::new();
        for part in &comparison.parts {
            let Some(fate) = Fate::of(part).filter(|fate| *fate != Fate::Reworded) else { continue };
            for at in self.evidence_of(comparison, part) {
                let known = lost.entry(&self.graph.node(at).id).or_insert_with(|| (at, Vec::new()));
                if !known.1.iter().any(|(other, _)| (&other.hazard, &other.id) == (&part.hazard, &part.id)) {
                    known.1.push((part, fate));
                }
            }
        }
        let shared = |(evidence, (at, changed)): (&str, (NodeId, Lost<'_>))| {
            let shown = self.graph.links_out(at).filter(|link| link.relation.is_evidence());
            let controls: Vec<usize> = shown.filter_map(|link| self.by_node.get(&link.at).copied()).collect();
            let hazards: HashSet<&str> = controls.iter().map(|at| self.all[*at].hazard).collect();
            if hazards.len() > FEW {
                return None;
            }
            let concerns = |other: &Placed<'_>| {
                let leans = |fate: Fate| fate == Fate::Removed || other.control.state == ControlState::Closed;
                changed.iter().any(|(part, fate)| part.hazard != other.hazard && leans(*fate))
            };
            let mut seen = HashSet::new();
            let others = controls.iter().filter(|at| seen.insert(**at)).map(|at| &self.all[*at]);
            let place = |hazard: &str, id: &str| PartPlace { hazard: hazard.to_owned(), id: id.to_owned() };
            let others: Vec<PartPlace> =
                others.filter(|other| concerns(other)).map(|it| place(it.hazard, &it.control.id)).collect();
            let changed = changed.iter().map(|(part, _)| place(&part.hazard, number_of(part))).collect();
            (!others.is_empty()).then(|| SharedEvidence { evidence: evidence.to_owned(), changed, others })
        };
        lost.into_iter().filter_map(shared).collect()
    }

    fn evidence_of(&self, comparison: &Comparison, part: &PartChange) -> Vec<NodeId> {
        let own = self.all.iter().find(|it| it.hazard == part.hazard && it.control.id == part.id);
        let of_own = own.into_iter().flat_map(|own| self.graph.links_in(own.node));
        let mut evidence: Vec<NodeId> =
            of_own.filter(|link| link.relation.is_evidence()).map(|link| link.at).collect();
        let ids = removed_evidence(comparison, part);
        evidence.extend(ids.iter().filter_map(|id| self.graph.find(Kind::Evidence, id)));
        evidence
    }
}

/// The numbers that controls had. A log that numbers its controls afresh in each hazard has many a `D1`, and they have
/// nothing in common.
struct OldNumbers<'a> {
    of_one: HashSet<&'a str>,
    was: HashMap<(&'a str, &'a str), &'a str>,
    came: HashSet<(&'a str, &'a str)>,
}

impl<'a> OldNumbers<'a> {
    fn of(comparison: &'a Comparison, old: &'a Value) -> Self {
        let mut words: HashMap<&str, HashSet<String>> = HashMap::new();
        let hazards = old.pointer("/hazard_log/hazards").and_then(Value::as_array).into_iter().flatten();
        for control in hazards.flat_map(controls_of) {
            if let (Some(id), Some(text)) = (own(control, "id"), own(control, "text")) {
                words.entry(id).or_default().insert(folded(text));
            }
        }
        let renumbered = comparison.changes.renumbered_parts.iter();
        let came = comparison.parts.iter().filter(|part| part.change == PartChangeKind::Added);
        let came = came.map(|part| (part.hazard.as_str(), part.id.as_str()));
        let of_new_hazards = comparison.changes.added.iter().flat_map(|entry| {
            let ids = controls_of(&entry.hazard).filter_map(|control| own(control, "id"));
            ids.map(|id| (entry.id.as_str(), id))
        });
        Self {
            of_one: words.into_iter().filter(|(_, words)| words.len() == 1).map(|(id, _)| id).collect(),
            was: renumbered
                .map(|part| ((part.hazard.as_str(), part.new_id.as_str()), part.old_id.as_str()))
                .collect(),
            came: came.chain(of_new_hazards).collect(),
        }
    }

    /// The number that a control of the new side had, where that says which control it is.
    fn of_control(&self, hazard: &'a str, id: &'a str) -> Option<&'a str> {
        let number = self.was.get(&(hazard, id)).copied().unwrap_or(id);
        (!self.came.contains(&(hazard, id)) && self.of_one.contains(number)).then_some(number)
    }
}

/// The controls of a hazard of a canonical case.
fn controls_of(hazard: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["existing_controls", "controls"].into_iter().filter_map(|list| hazard.get(list));
    lists.filter_map(Value::as_array).flatten()
}

fn own<'a>(control: &'a Value, name: &str) -> Option<&'a str> {
    control.get(name).and_then(Value::as_str)
}

/// The number that a control had.
fn number_of(part: &PartChange) -> &str {
    part.old_id.as_deref().unwrap_or_else(|| part.id.strip_suffix(GONE).unwrap_or(&part.id))
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
    format!("{} of {}", number_of(part), part.hazard)
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

fn by_number(part: &PartChange, fate: Fate) -> String {
    let called = called(part);
    match fate {
        Fate::Reworded => format!("has the same number as {called}, and now other words"),
        Fate::Removed => format!("has the same number as {called}, which is gone"),
        Fate::Weakened => {
            format!("counts as in place with the same number as {called}, which does not any longer")
        }
    }
}
