//! What a change touches, as part of what a difference says.

use super::page::Block;
use crate::impact::{ImpactTold, PartTold};

pub(super) fn tell(told: &ImpactTold, page: &mut Vec<Block>) {
    page.push(Block::Heading(1, "Impact".to_owned()));
    let risk = &told.risk;
    page.push(Block::Paragraph(risk.proposal.clone()));
    let judged = [&risk.contradiction, &risk.decision, &risk.older, &told.without];
    page.extend(judged.into_iter().flatten().cloned().map(Block::Paragraph));
    for PartTold { title, lines } in risk.reasons.iter().chain(&told.parts) {
        page.push(Block::Heading(2, title.clone()));
        page.push(Block::Lines(lines.clone()));
    }
}
