//! The cells of a hazard in the template's layout, in which equal list numbers tie a control to its cause.
//!
//! A cell is a numbered list, `1) ...` on a line each, as far as that says what the hazard says: a number that a
//! cause and a control share is a link between them. Where they share one and are not linked, the controls are
//! written without numbers. A number whose cause has no control in a cell says `None` there, or what the log says in
//! place of a control.

use crate::case::hazard::{Cause, Control, ControlKind, Hazard};

/// The texts of the cells that hold lists.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub causes: String,
    pub existing: String,
    pub design: String,
    pub test: String,
    pub training: String,
    pub business_process: String,
    /// Additional controls of no kind that has a column.
    pub further: String,
}

impl Lists {
    pub(super) fn of(hazard: &Hazard) -> Self {
        let causes = Causes::of(hazard);
        let mut cells = Cells { key: &hazard.key, unsaid: causes.without_control(), causes: &causes };
        Self {
            existing: cells.of_kind(ControlKind::Existing, "E", &hazard.existing_controls),
            design: cells.of_kind(ControlKind::Design, "D", &hazard.controls),
            test: cells.of_kind(ControlKind::Test, "T", &hazard.controls),
            training: cells.of_kind(ControlKind::Training, "TR", &hazard.controls),
            business_process: cells.of_kind(ControlKind::BusinessProcess, "B", &hazard.controls),
            further: cells.of_kind(ControlKind::Unspecified, "A", &hazard.controls),
            causes: causes.cell(),
        }
    }
}

/// The existing controls of a hazard in a layout whose existing controls answer no one cause.
pub(super) fn existing_alone(hazard: &Hazard) -> String {
    let controls: Vec<&Control> = hazard.existing_controls.iter().collect();
    let items = items(&hazard.key, "E", &controls);
    match &items[..] {
        [only] if only.number == 1 && !may_read_as_list(only.text) => only.text.to_owned(),
        _ => numbered(&items),
    }
}

/// An entry of a list.
#[derive(Debug, Clone)]
struct Item<'a> {
    /// The number that its id says it has, or, failing that, the next.
    number: u32,
    text: &'a str,
}

/// The causes of a hazard as a list.
struct Causes<'a> {
    all: &'a [Cause],
    items: Vec<Item<'a>>,
    is_numbered: bool,
}

impl<'a> Causes<'a> {
    fn of(hazard: &'a Hazard) -> Self {
        let causes = &hazard.causes;
        let ids = causes.iter().map(|cause| (cause.id.as_str(), cause.text.as_str()));
        let items = numbers(&hazard.key, "", ids);
        let says_more = |cause: &Cause| !cause.controls.is_empty() || cause.without_control.is_some();
        let is_numbered = items.len() > 1
            || !in_sequence(&items)
            || causes.iter().any(says_more)
            || items.iter().any(|item| may_read_as_list(item.text));
        Self { all: causes, items, is_numbered }
    }

    fn cell(&self) -> String {
        if self.is_numbered { numbered(&self.items) } else { unnumbered(&self.items) }
    }

    /// Each cause's number, where a number is written and can be referred to.
    fn by_number(&self) -> impl Iterator<Item = (u32, &'a Cause)> {
        let first_is_lead = leads(&self.items);
        self.items
            .iter()
            .zip(self.all)
            .skip(usize::from(first_is_lead))
            .filter(|_| self.is_numbered)
            .map(|(item, cause)| (item.number, cause))
    }

    /// What the log says in place of a control, by the number of the cause.
    fn without_control(&self) -> Vec<(u32, &'a str)> {
        self.by_number()
            .filter_map(|(number, cause)| Some((number, cause.without_control.as_deref()?)))
            .collect()
    }

    /// Whether a control answers one of the causes.
    fn are_answered_by(&self, control: &Control) -> bool {
        self.all.iter().any(|cause| cause.controls.contains(&control.id))
    }

    /// Whether numbers say of these controls which causes they answer, no more and no less.
    fn says_links(&self, items: &[Item<'_>], controls: &[&Control]) -> bool {
        let first_is_lead = leads(items);
        items.iter().zip(controls).enumerate().all(|(index, (item, control))| {
            let is_numbered = index > 0 || !first_is_lead;
            let answers = |cause: &Cause| cause.controls.contains(&control.id);
            let tied = |cause: &Cause| {
                is_numbered
                    && self.by_number().any(|(number, own)| own.id == cause.id && number == item.number)
            };
            self.all.iter().all(|cause| answers(cause) == tied(cause))
        })
    }
}

/// The cells of controls, from left to right.
struct Cells<'a> {
    key: &'a str,
    causes: &'a Causes<'a>,
    /// What the log says in place of a control and no cell says yet, by the number of the cause.
    unsaid: Vec<(u32, &'a str)>,
}

impl<'a> Cells<'a> {
    /// The cell of the controls of one kind. What the log says in place of a control is written into the first cell
    /// that has room for it.
    fn of_kind(&mut self, kind: ControlKind, prefix: &str, controls: &'a [Control]) -> String {
        let controls: Vec<&Control> = controls.iter().filter(|control| control.kind == kind).collect();
        let items = items(self.key, prefix, &controls);
        let is_unlinked = controls.iter().all(|control| !self.causes.are_answered_by(control));
        let can_be_unnumbered = in_sequence(&items) && is_unlinked && !items.is_empty();
        let is_lone = items.len() == 1 && !self.causes.is_numbered && !may_read_as_list(items[0].text);
        if can_be_unnumbered && (is_lone || !self.causes.says_links(&items, &controls)) {
            return unnumbered(&items);
        }
        // What stands before a list counts after it, and must not be counted any later.
        let most = items.first().filter(|_| leads(&items)).map_or(u32::MAX, |lead| lead.number);
        let is_free = |number: u32| number < most && items.iter().all(|item| item.number != number);
        let (said, left): (Vec<_>, Vec<_>) = self.unsaid.iter().partition(|(number, _)| is_free(*number));
        self.unsaid = left;
        if items.is_empty() && said.is_empty() {
            return String::new();
        }
        let (lead, listed) = items.split_at(usize::from(leads(&items)));
        let mut all = listed.to_vec();
        for (number, _) in self.causes.by_number().filter(|(number, _)| is_free(*number)) {
            let said = said.iter().find(|(of, _)| *of == number);
            all.push(Item { number, text: said.map_or("None", |(_, text)| text) });
        }
        // Numbers that do not rise are those of no list: their order is all that is left to keep.
        if listed.is_sorted_by_key(|item| item.number) {
            all.sort_by_key(|item| item.number);
        }
        lines(lead.iter().map(|item| item.text.to_owned()).chain(all.iter().map(marked)))
    }
}

fn items<'a>(key: &str, prefix: &str, controls: &[&'a Control]) -> Vec<Item<'a>> {
    numbers(key, prefix, controls.iter().map(|control| (control.id.as_str(), control.text.as_str())))
}

/// Entries with the numbers that their ids give them: `H01.D3` is the third of the design controls.
fn numbers<'a>(key: &str, prefix: &str, ids: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Item<'a>> {
    let number = |id: &str| {
        let digits = id.strip_prefix(key)?.strip_prefix('.')?.strip_prefix(prefix)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mut items: Vec<Item<'_>> = Vec::new();
    for (id, text) in ids {
        let next = items.iter().map(|item| item.number).max().unwrap_or(0) + 1;
        items.push(Item { number: number(id).unwrap_or(next), text });
    }
    items
}

/// Numbered 1, 2, 3 and so on, as a list is that states no numbers.
fn in_sequence(items: &[Item<'_>]) -> bool {
    (1..).zip(items).all(|(number, item)| item.number == number)
}

/// Whether the first entry is a text before the list: one without a number counts after all others.
fn leads(items: &[Item<'_>]) -> bool {
    let [first, rest @ ..] = items else { return false };
    let last = rest.iter().map(|item| item.number).max();
    last.is_some_and(|last| first.number == last + 1) && rest.is_sorted_by_key(|item| item.number)
}

fn numbered(items: &[Item<'_>]) -> String {
    let lead = usize::from(leads(items));
    lines(items[..lead].iter().map(|item| item.text.to_owned()).chain(items[lead..].iter().map(marked)))
}

fn marked(item: &Item<'_>) -> String {
    format!("{}) {}", item.number, item.text)
}

/// One entry as it is, more with a bullet each.
fn unnumbered(items: &[Item<'_>]) -> String {
    match items {
        [only] if !may_read_as_list(only.text) => only.text.to_owned(),
        _ => lines(items.iter().map(|item| format!("\u{2022} {}", item.text))),
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a line of a text could begin an entry of a list.
fn may_read_as_list(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| {
        let first = line.chars().next().unwrap_or(' ');
        let labelled = line.find([')', '.']).is_some_and(|at| at <= 5);
        first.is_ascii_digit() || "(-*\u{2022}\u{2023}\u{25aa}\u{b7}".contains(first) || labelled
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::hazard::{ControlState, LinkBasis};
    use crate::case::system::Declared;

    fn cause(number: u32, controls: &[&str]) -> Cause {
        Cause {
            id: format!("H1.{number}"),
            text: format!("cause {number}"),
            controls: controls.iter().map(|id| (*id).to_owned()).collect(),
            link: LinkBasis::Inferred,
            without_control: None,
        }
    }

    fn control(id: &str, kind: ControlKind) -> Control {
        Control {
            id: id.to_owned(),
            kind,
            stated_type: None,
            text: format!("control {id}"),
            owner: None,
            action: None,
            status: None,
            state: ControlState::NotGiven,
            transferred_to: None,
            evidence: Vec::new(),
            stated_evidence: None,
            introduces: Declared::NotGiven,
        }
    }

    fn hazard(causes: Vec<Cause>, controls: Vec<Control>) -> Hazard {
        Hazard { key: "H1".to_owned(), causes, controls, ..Hazard::default() }
    }

    #[test]
    fn a_number_ties_a_control_to_its_cause_and_the_others_say_none() {
        let causes = vec![cause(1, &[]), cause(2, &["H1.D2"])];
        let lists = Lists::of(&hazard(causes, vec![control("H1.D2", ControlKind::Design)]));
        assert_eq!(lists.causes, "1) cause 1\n2) cause 2");
        assert_eq!(lists.design, "1) None\n2) control H1.D2");
        assert_eq!(lists.test, "");
    }

    #[test]
    fn controls_that_answer_no_cause_have_no_number_of_one() {
        let causes = vec![cause(1, &[]), cause(2, &[])];
        let controls = ["H1.T1", "H1.T2"].map(|id| control(id, ControlKind::Test)).to_vec();
        let lists = Lists::of(&hazard(causes, controls));
        assert_eq!(lists.test, "\u{2022} control H1.T1\n\u{2022} control H1.T2");
        let one = hazard(vec![cause(1, &[])], vec![control("H1.T1", ControlKind::Test)]);
        let Lists { causes, test, .. } = Lists::of(&one);
        assert_eq!((causes.as_str(), test.as_str()), ("cause 1", "control H1.T1"));
    }

    #[test]
    fn what_stands_in_place_of_a_control_takes_the_first_free_cell() {
        let mut causes = vec![cause(1, &["H1.E1"])];
        causes[0].without_control = Some("None available for this release".to_owned());
        let mut hazard = hazard(causes, Vec::new());
        hazard.existing_controls = vec![control("H1.E1", ControlKind::Existing)];
        let lists = Lists::of(&hazard);
        assert_eq!((lists.existing.as_str(), lists.test.as_str()), ("1) control H1.E1", ""));
        assert_eq!(lists.design, "1) None available for this release");
    }

    #[test]
    fn a_text_before_a_list_stays_before_it() {
        let lists = Lists::of(&hazard(vec![cause(3, &[]), cause(1, &[]), cause(2, &[])], Vec::new()));
        assert_eq!(lists.causes, "cause 3\n1) cause 1\n2) cause 2");
    }
}
