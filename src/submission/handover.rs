//! The hand-over to deploying organisations (DCB0160): what a manufacturer's case transfers, as a hazard log that they go
//! on with.
//!
//! It holds each hazard that is transferred, and each with a control that is, with all its causes and controls: who takes a
//! control on has to see what it is for. Ratings are the manufacturer's; the deployer rates anew. Nothing is decided for
//! the deployer: read there as a log received from the manufacturer, each hazard stands with its adoption undecided, and
//! check D4 asks for it.
//!
//! What a layout keeps is not predicted. The log is read back as a deployer's program would, and the layout is the one that
//! hands over all of it, or more of it than the other.

use crate::case::document::Revision;
use crate::case::folding::folded;
use crate::case::hazard::{Control, ControlState, Hazard, HazardState};
use crate::case::hazard_log::HazardLog;
use crate::case::received::{Origin, ReceivedHazard};
use crate::case::{Case, Date};
use crate::export::{self, Export, ExportError, Layout};
use crate::intake::hazard_log::{LogFiles, ReadOptions, transferred_to};
use crate::intake::received::log::{self as received_log, SenderLog};

/// A hazard log for a deploying organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    pub bytes: Vec<u8>,
    /// Name of the file, without its extension.
    pub file_stem: String,
    pub layout: Layout,
    /// Hazards that are transferred as a whole.
    pub hazards: usize,
    /// Controls that are transferred, of these and of other hazards.
    pub controls: usize,
    /// What a deployer's program would not read back as handed over, by its id.
    pub lost: Vec<String>,
}

/// The hand-over of a case; nothing where the case transfers nothing.
///
/// # Errors
/// If the log cannot be written, or not be read back.
pub fn of(case: &Case, as_of: Date) -> Result<Option<HandOver>, ExportError> {
    let hazards: Vec<Hazard> =
        case.hazard_log.hazards.iter().filter(|hazard| concerns(hazard)).map(prepared).collect();
    if hazards.is_empty() {
        return Ok(None);
    }
    let log = log_of(case, hazards, as_of);
    let title = log.title.clone().unwrap_or_default();
    let export =
        Export { log: &log, policies: case.policies().collect(), title, date: Export::of(case, as_of).date };
    let template = written(case, &export, Layout::Template)?;
    let handover = if template.lost.is_empty() {
        template
    } else {
        let rows = written(case, &export, Layout::ControlRows)?;
        if rows.lost.len() < template.lost.len() { rows } else { template }
    };
    Ok(Some(handover))
}

/// The lines that a deployer's case.toml names the hand-over log by, in a file of this name.
#[must_use]
pub fn entry(case: &Case, file: &str) -> String {
    let from = case.organisation.name.as_deref().unwrap_or("(name of the manufacturer)");
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    format!(
        "[[hazard_logs]]\nid = {}\nfile = {}\nkind = \"manufacturer\"\nfrom = {}\n",
        quoted(&short_id(&case.product.name)),
        quoted(file),
        quoted(from)
    )
}

/// A short id for the log: the first letters of the product's words, or its first word.
fn short_id(product: &str) -> String {
    let words: Vec<&str> =
        product.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words[..] {
        [] => "MFR".to_owned(),
        [word] => word.chars().take(8).collect::<String>().to_uppercase(),
        _ => words.iter().filter_map(|word| word.chars().next()).take(6).collect::<String>().to_uppercase(),
    }
}

fn is_transferred(hazard: &Hazard) -> bool {
    hazard.state == HazardState::Transferred || hazard.transferred_to.is_some()
}

fn is_transferred_control(control: &Control) -> bool {
    control.state == ControlState::Transferred || control.transferred_to.is_some()
}

fn concerns(hazard: &Hazard) -> bool {
    is_transferred(hazard) || hazard.all_controls().any(is_transferred_control)
}

/// A hazard as the log says it: what the case says of transfers beside the log stands in its columns.
fn prepared(hazard: &Hazard) -> Hazard {
    let mut hazard = hazard.clone();
    if is_transferred(&hazard) {
        hazard.status = Some("Transferred".to_owned());
        if let Some(recipient) = &hazard.transferred_to {
            let words = format!("Transferred to: {recipient}.");
            hazard.notes = Some(match hazard.notes.take() {
                Some(notes) => format!("{notes}\n{words}"),
                None => words,
            });
        }
    }
    // No column describes an existing control. One that the deployer keeps up stands with those that do have columns.
    let (handed_over, kept) = hazard.existing_controls.drain(..).partition(is_transferred_control);
    hazard.existing_controls = kept;
    let handed_over: Vec<Control> = handed_over;
    hazard.controls.extend(handed_over);
    for control in hazard.controls.iter_mut().filter(|control| is_transferred_control(control)) {
        say_transfer(control);
    }
    hazard
}

/// Says in the columns of a control that it is transferred, and to whom.
fn say_transfer(control: &mut Control) {
    let Some(recipient) = &control.transferred_to else { return };
    let reads = |action: &str| {
        transferred_to(action, control.owner.as_deref())
            .is_some_and(|read| folded(&read) == folded(recipient))
    };
    let alone = format!("Transferred to {recipient}");
    let action = match control.action.as_deref() {
        Some(action) if reads(action) => return,
        Some(action) => {
            let both = format!("{}. {alone}", action.trim().trim_end_matches('.'));
            if reads(&both) { both } else { alone }
        }
        None => alone,
    };
    control.action = Some(action);
}

/// The log that holds these hazards.
fn log_of(case: &Case, hazards: Vec<Hazard>, as_of: Date) -> HazardLog {
    let own = &case.hazard_log;
    let release = case.release.version.as_deref().map(|release| format!(" {release}")).unwrap_or_default();
    let product = format!("{}{release}", case.product.name);
    let version = own.version.as_deref().map_or_else(String::new, |version| format!(", version {version}"));
    let summary = format!("What the hazard log of {product}{version} hands over.");
    let of_deployer = "Each hazard here is transferred, or has a control that is. Adopting it, rating it anew in the own setting and deciding on it are left to the deploying organisation (DCB0160). Ratings are the manufacturer's.";
    HazardLog {
        title: Some(format!("{product} hand-over")),
        programme: own.programme.clone(),
        project: own.project.clone(),
        owner: case.organisation.name.clone(),
        version: own.version.clone(),
        version_date: own.version_date.clone(),
        status: None,
        notes: vec![summary.clone(), of_deployer.to_owned()],
        revisions: vec![Revision {
            version: own.version.clone().unwrap_or_default(),
            date: own.version_date.clone().or_else(|| Some(as_of.to_string())),
            summary: Some(summary),
        }],
        hazards,
        ..HazardLog::default()
    }
}

fn written(case: &Case, export: &Export<'_>, layout: Layout) -> Result<HandOver, ExportError> {
    let bytes = export::workbook::write(export, layout)?;
    let received = read_back(case, &bytes)?;
    let hazards: Vec<&Hazard> = export.log.hazards.iter().collect();
    let mut lost = Vec::new();
    for hazard in &hazards {
        lost.extend(lost_of(hazard, &received));
    }
    let controls = hazards
        .iter()
        .flat_map(|hazard| hazard.all_controls())
        .filter(|control| is_transferred_control(control));
    Ok(HandOver {
        bytes,
        file_stem: export::file_stem(export),
        layout,
        hazards: hazards.iter().filter(|hazard| is_transferred(hazard)).count(),
        controls: controls.count(),
        lost,
    })
}

const READER: &str = "R";

/// What a deployer receives from the log.
fn read_back(case: &Case, bytes: &[u8]) -> Result<Vec<ReceivedHazard>, ExportError> {
    let log = SenderLog {
        id: READER.to_owned(),
        file: "hand-over.xlsx".to_owned(),
        mapping: None,
        kind: Origin::Manufacturer,
        from: String::new(),
        document: None,
        transferred: false,
        transferred_to: Vec::new(),
    };
    let files = LogFiles::file(&log.file, bytes.to_vec());
    let (received, ..) = received_log::read(&log, &files, &ReadOptions::default(), &case.risk_policy)
        .map_err(|error| {
            ExportError::new(
                format!("The hand-over log cannot be read back: {}", error.what),
                "see that its hazards have ids and names; `cscr export` tells what a workbook does not keep",
            )
        })?;
    Ok(received)
}

/// What of a hazard does not come back as handed over.
fn lost_of(hazard: &Hazard, received: &[ReceivedHazard]) -> Vec<String> {
    let id = format!("{READER}:{}", hazard.key);
    let own = received.iter().find(|back| back.id == id);
    let mut lost = Vec::new();
    if !own.is_some_and(|back| back.transferred || !is_transferred(hazard)) {
        lost.push(hazard.key.clone());
    }
    let mut of_controls: Vec<&ReceivedHazard> =
        received.iter().filter(|back| back.control_of.as_deref() == Some(id.as_str())).collect();
    for control in hazard.all_controls().filter(|control| is_transferred_control(control)) {
        let same = |back: &&ReceivedHazard| back.text.as_deref().map(folded) == Some(folded(&control.text));
        match of_controls.iter().position(same) {
            Some(at) => {
                of_controls.swap_remove(at);
            }
            None => lost.push(control.id.clone()),
        }
    }
    // What was never handed over must not come back as if it were.
    lost.extend(of_controls.iter().map(|back| back.id.trim_start_matches(&format!("{READER}:")).to_owned()));
    lost
}

#[cfg(test)]
mod tests;
