//! What a change touches, as part of what a difference says.

use super::page::Block;
use crate::change::Line;
use crate::change::{Bearing, Reason};
use crate::impact::{Impact, OutdatedReview, RecordedDecision, SharedControl};
use crate::signoff::sides::Side;

/// As many reasons as are shown; all of them are in the JSON.
const SHOWN: usize = 20;

pub(super) fn tell(impact: Option<&Impact>, new: &Side, page: &mut Vec<Block>) {
    page.push(Block::Heading(1, "Impact".to_owned()));
    let Some(impact) = impact else {
        let words = format!(
            "What the change touches is asked of a case folder as the new side; {} is another thing ({}), so there is no case to ask.",
            new.name, new.what
        );
        page.push(Block::Paragraph(words));
        return;
    };
    clinical_risk(impact, page);
    let approvals = impact.stale_approvals.iter().map(|stale| Line::plain("", &*stale.sentence));
    part("Approvals that no longer count", approvals, page);
    let clauses = impact.clauses.iter().map(|clause| Line::plain(&*clause.cited, &*clause.because));
    part("Clauses to look at again", clauses, page);
    let sections = impact.sections.iter().map(|section| Line::plain(&*section.title, &*section.because));
    part("Sections of the report to read again", sections, page);
    part("Other hazards with a control that changed", impact.shared_controls.iter().flat_map(shared), page);
    part("Reviews that are older than their hazard", impact.outdated_reviews.iter().map(review), page);
}

fn part(title: &str, lines: impl Iterator<Item = Line>, page: &mut Vec<Block>) {
    let lines: Vec<Line> = lines.collect();
    if !lines.is_empty() {
        page.push(Block::Heading(2, title.to_owned()));
        page.push(Block::Lines(lines));
    }
}

fn clinical_risk(impact: &Impact, page: &mut Vec<Block>) {
    let by =
        |what: &str| impact.clause.as_ref().map_or_else(String::new, |clause| format!(": {what} ({clause})"));
    let answer = match impact.clinical_risk.answer {
        Bearing::SeemsChanged => format!("Clinical risk seems changed{}.", by("a new safety case report")),
        Bearing::SeemsUnchanged => {
            format!("Clinical risk seems not changed{}.", by("a short addendum to the report"))
        }
        Bearing::Unclear => {
            "Whether clinical risk changed cannot be said from what differs: a person has to look.".to_owned()
        }
    };
    page.push(Block::Paragraph(format!("{answer} This is a proposal; the Clinical Safety Officer decides.")));
    let reasons: Vec<&Reason> = impact.clinical_risk.decisive().collect();
    let mut lines: Vec<Line> =
        reasons.iter().take(SHOWN).map(|reason| Line::plain(reason.subject(), &*reason.why)).collect();
    if reasons.len() > SHOWN {
        lines.push(Line::plain(
            "",
            format!("and {} more reasons, which are in the JSON", reasons.len() - SHOWN),
        ));
    }
    if !lines.is_empty() {
        page.push(Block::Lines(lines));
    }
    page.push(Block::Paragraph(decision(&impact.decision)));
}

fn decision(decision: &RecordedDecision) -> String {
    let from =
        decision.modifies.as_ref().map_or_else(String::new, |release| format!(" from release {release}"));
    let said = match decision.risk_changed {
        None => {
            return "The case records no decision: `risk_changed` and `change_rationale` under `release` in case.toml."
                .to_owned();
        }
        Some(true) => format!("The case records that clinical risk changes{from}"),
        Some(false) => format!("The case records that clinical risk does not change{from}"),
    };
    let because = match decision.rationale.as_deref().map(str::trim).filter(|why| !why.is_empty()) {
        Some(why) => format!("{said}: \"{}\".", why.trim_end_matches('.')),
        None => format!("{said}, and not why."),
    };
    if decision.is_contradicted {
        format!(
            "{because} The proposal is another: look at the reasons above once more, or say in the rationale why they bear on no risk."
        )
    } else {
        because
    }
}

fn shared(shared: &SharedControl) -> impl Iterator<Item = Line> {
    let other = |hazard: &str, control: &str| format!("{hazard} control {control}");
    shared.others.iter().map(move |it| Line::plain(other(&it.hazard, &it.control), &*it.why))
}

fn review(review: &OutdatedReview) -> Line {
    let found = review.found_by.map_or_else(String::new, |check| format!(" ({check} says so too)"));
    let words = format!(
        "last discussed by {} on {:#}; since then: {}{found}",
        review.session,
        review.date,
        review.since.join("; ")
    );
    Line::plain(&*review.hazard, words)
}
