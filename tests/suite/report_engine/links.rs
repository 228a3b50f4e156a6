//! Every reference in a report is a link, and every link leads somewhere.

use crate::commands::sample;
use cscr::assurance::Assurance;
use cscr::assurance::finding::Finding;
use cscr::intake::workbook::Limits;
use cscr::report::{Engine, FontSet, RenderInput, RenderOptions, Rendered, Templates};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// A link of a page, and what it leads to.
struct Link {
    page: u32,
    /// Name of the destination, where it has one: headings do.
    name: Option<String>,
    /// Page that it leads to; `None` for an address outside.
    to: Option<u32>,
}

struct Links<'a> {
    document: &'a Document,
    pages: BTreeMap<ObjectId, u32>,
    names: BTreeMap<String, u32>,
}

impl<'a> Links<'a> {
    fn of(document: &'a Document) -> Self {
        let pages = document.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
        let mut links = Self { document, pages, names: BTreeMap::new() };
        let names = links.resolve(document.catalog().unwrap().get(b"Names").unwrap());
        let destinations = links.resolve(names.as_dict().unwrap().get(b"Dests").unwrap());
        links.read_names(destinations.as_dict().unwrap());
        links
    }

    fn resolve(&self, object: &Object) -> Object {
        self.document.dereference(object).unwrap().1.clone()
    }

    fn read_names(&mut self, tree: &Dictionary) {
        if let Ok(names) = tree.get(b"Names") {
            for pair in self.resolve(names).as_array().unwrap().chunks(2) {
                let name = lopdf::decode_text_string(&pair[0]).unwrap();
                let page = self.page(&pair[1]);
                self.names.insert(name, page);
            }
        }
        if let Ok(kids) = tree.get(b"Kids") {
            for kid in self.resolve(kids).as_array().unwrap() {
                let kid = self.resolve(kid);
                self.read_names(kid.as_dict().unwrap());
            }
        }
    }

    /// The page of an explicit destination. Panics where there is no such page.
    fn page(&self, destination: &Object) -> u32 {
        let destination = match self.resolve(destination) {
            Object::Dictionary(holder) => self.resolve(holder.get(b"D").unwrap()),
            other => other,
        };
        self.pages[&destination.as_array().unwrap()[0].as_reference().unwrap()]
    }

    fn all(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (id, page) in &self.pages {
            let Ok(annotations) = self.document.get_dictionary(*id).unwrap().get(b"Annots") else { continue };
            for annotation in self.resolve(annotations).as_array().unwrap() {
                let annotation = self.resolve(annotation);
                let annotation = annotation.as_dict().unwrap();
                if annotation.get(b"Subtype").unwrap().as_name().unwrap() == b"Link" {
                    links.push(self.link(*page, annotation));
                }
            }
        }
        links
    }

    fn link(&self, page: u32, annotation: &Dictionary) -> Link {
        let destination = match (annotation.get(b"Dest"), annotation.get(b"A")) {
            (Ok(destination), _) => destination.clone(),
            (_, Ok(action)) => {
                let action = self.resolve(action);
                let action = action.as_dict().unwrap();
                if action.get(b"S").unwrap().as_name().unwrap() == b"URI" {
                    return Link { page, name: None, to: None };
                }
                action.get(b"D").unwrap().clone()
            }
            _ => panic!("a link on page {page} leads nowhere"),
        };
        match self.resolve(&destination) {
            name @ Object::String(..) => {
                let name = lopdf::decode_text_string(&name).unwrap();
                let to = self.names.get(&name).copied();
                assert!(to.is_some(), "the link to \"{name}\" on page {page} leads nowhere");
                Link { page, name: Some(name), to }
            }
            explicit => Link { page, name: None, to: Some(self.page(&explicit)) },
        }
    }
}

fn report(of: &str) -> (Assurance, Rendered) {
    let fonts = FontSet::embedded();
    let loaded = cscr::intake::folder::load(&sample(of), None, &Limits::default()).unwrap();
    let assurance = cscr::assure(&loaded, &fonts);
    let engine = Engine::new(fonts, Templates::embedded());
    let rendered = engine.render(&RenderInput {
        case: &loaded.case,
        assurance: &assurance,
        provenance: &loaded.provenance,
        sources: &loaded.sources,
        approvals: &loaded.approvals,
        template: &engine.template("ers-cscr").unwrap(),
        as_of: loaded.as_of,
        since: None,
        options: RenderOptions::default(),
    });
    (assurance, rendered.unwrap())
}

/// How often the rows of the completeness section name each hazard and session. Where a hazard's section and
/// page are given too, they are one more link.
fn named(assurance: &Assurance) -> BTreeMap<String, usize> {
    let reference = &assurance.cross_reference;
    let mut named = BTreeMap::new();
    let mut add = |kind: &str, id: &str, times: usize| {
        *named.entry(format!("{kind}:{id}")).or_default() += times;
    };
    for row in &reference.items {
        row.hazards.iter().for_each(|hazard| add("hazard", hazard, 2));
        row.sessions.iter().for_each(|session| add("psa", session, 1));
    }
    for row in &reference.hazards {
        add("hazard", &row.key, 2);
        let origins =
            row.origins.iter().filter(|origin| reference.sessions.iter().any(|row| row.id == **origin));
        origins.for_each(|session| add("psa", session, 1));
        row.sessions.iter().for_each(|session| add("psa", session, 1));
        row.decision.iter().for_each(|(_, session)| add("psa", session, 1));
    }
    for row in &reference.sessions {
        add("psa", &row.id, 2);
        row.hazards.iter().for_each(|hazard| add("hazard", hazard, 1));
    }
    for row in &reference.actions {
        add("psa", &row.session, 2);
        row.hazard.iter().for_each(|hazard| add("hazard", hazard, 1));
    }
    // A line a hazard, whatever it is exempt from.
    let exempt = assurance.not_applicable.iter().map(|exempt| exempt.hazard.as_str());
    exempt.collect::<BTreeSet<&str>>().into_iter().for_each(|hazard| add("hazard", hazard, 1));
    named
}

#[test]
fn every_reference_of_a_report_is_a_link_that_leads_somewhere() {
    let (assurance, rendered) = report("referral-hub");
    let document = Document::load_mem(&rendered.pdf).unwrap();
    let links = Links::of(&document);
    let all = links.all();
    assert!(all.len() > 500, "{} links", all.len());

    let first = links.names["section:completeness"];
    let next = links.names.iter().filter(|(name, page)| name.starts_with("section:") && **page > first);
    let last = next.map(|(_, page)| *page).min().unwrap();
    let here: Vec<&Link> = all.iter().filter(|link| (first..=last).contains(&link.page)).collect();
    for (name, times) in named(&assurance) {
        let found = here.iter().filter(|link| link.name.as_deref() == Some(&name)).count();
        assert!(found >= times, "{name} is named {times} times and linked {found} times");
    }

    // Items, evidence, actions, questions and points have no heading, and so no name: pages are compared.
    let (analysis, evidence) =
        (links.names["section:clinical-risk-analysis"], links.names["section:appendix-evidence"]);
    let unnamed = |from: u32| here.iter().filter(|link| link.name.is_none() && link.to >= Some(from)).count();
    let printed: usize = assurance
        .cross_reference
        .items
        .iter()
        .map(|row| if row.evidence.len() > 3 { 0 } else { row.evidence.len() })
        .sum();
    assert!(unnamed(evidence) >= printed, "{printed} records, {} links", unnamed(evidence));
    let to_actions = here
        .iter()
        .filter(|link| link.name.is_none() && link.to.is_some_and(|page| (analysis..first).contains(&page)));
    let actions = assurance.cross_reference.actions.len();
    assert!(actions > 0 && to_actions.count() >= actions, "{actions} actions");
}

/// How often the words of a text are this id.
fn times_named(id: &str, text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '~' | '-');
    text.split(|c| !is_part(c)).filter(|word| word.trim_end_matches(['.', '-']) == id).count()
}

#[test]
fn what_the_sentences_of_findings_name_is_linked() {
    let (assurance, rendered) = report("faulty-log");
    let document = Document::load_mem(&rendered.pdf).unwrap();
    let links = Links::of(&document);
    let first = links.names["section:appendix-findings"];
    let after = links.names.iter().find(|(name, page)| name.starts_with("section:") && **page > first);
    assert_eq!(after, None, "the findings are the last");
    let all = links.all();
    let here: Vec<&Link> = all.iter().filter(|link| link.page >= first).collect();

    let hazards: BTreeSet<&str> = assurance.findings.iter().filter_map(|f| f.hazard.as_deref()).collect();
    for hazard in hazards.iter().filter(|hazard| links.names.contains_key(&format!("hazard:{hazard}"))) {
        let of_it = |finding: &&Finding| finding.hazard.as_deref() == Some(hazard);
        let in_column = assurance.findings.iter().filter(of_it).count();
        // An id without a number is not told from other words.
        let in_messages: usize = if hazard.contains(char::is_numeric) {
            // The row of a finding leads to its own hazard already.
            let of_others = assurance.findings.iter().filter(|finding| !of_it(finding));
            // "The waiver of F16" is of a check.
            let messages = of_others.map(|finding| finding.message.as_str());
            let messages = messages.filter(|message| !message.contains("waiver of F"));
            // "After control, F01 has a residual risk" and its like are in quotation marks.
            messages.map(|message| times_named(hazard, message.split('"').next().unwrap_or_default())).sum()
        } else {
            0
        };
        let name = format!("hazard:{hazard}");
        let found = here.iter().filter(|link| link.name.as_deref() == Some(&name)).count();
        assert!(
            found >= in_column + in_messages,
            "{hazard} is named {in_column} and {in_messages} times and linked {found} times"
        );
    }
    // What is said of several hazards at once stands on the sheet of each.
    let shared: BTreeSet<&str> = assurance
        .findings
        .iter()
        .flat_map(|f| &f.hazards)
        .map(|concerned| concerned.hazard.as_str())
        .collect();
    let sheets =
        rendered.printed.iter().map(|page| page.matches("Said of this hazard and others at once").count());
    assert!(shared.len() > 1);
    assert_eq!(sheets.sum::<usize>(), shared.len());

    let to_sheets = links.names["section:clinical-risk-control"]..links.names["section:transferred-hazards"];
    let to_controls = here
        .iter()
        .filter(|link| link.name.is_none() && link.to.is_some_and(|page| to_sheets.contains(&page)));
    let controls =
        assurance.findings.iter().map(|finding| finding.message.matches(".D1").count()).sum::<usize>();
    assert!(controls >= 20 && to_controls.count() >= controls, "{controls} first design controls are named");

    // Clauses of findings lead to the clause table, and the marks there lead back.
    let completeness = links.names["section:completeness"]..first;
    let to_clauses = here
        .iter()
        .filter(|link| link.name.is_none() && link.to.is_some_and(|page| completeness.contains(&page)));
    let checks: BTreeSet<&str> = assurance
        .findings
        .iter()
        .filter(|finding| finding.clause.is_some())
        .map(|finding| finding.check)
        .collect();
    let clauses = to_clauses.count();
    assert!(clauses >= checks.len(), "{} checks name clauses, {clauses} links", checks.len());
    let back = all.iter().filter(|link| {
        completeness.contains(&link.page) && link.name.is_none() && link.to.is_some_and(|page| page >= first)
    });
    let marks: usize = assurance.clauses.iter().map(|row| row.findings.len()).sum();
    assert!(marks > 50 && back.count() >= marks, "{marks} marks");
}
