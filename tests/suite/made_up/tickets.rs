//! A supplier that keeps its hazards in an issue tracker and sends the tracker's export: a row a ticket, whatever the
//! ticket is, the newest first, so that a child stands above its parent. Which row is a hazard, a cause or a control
//! only a column says, and what belongs to what only the keys.

use super::{cell, cells, counts, found, ratings, read};
use cscr::case::hazard::LinkBasis;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::{HazardLogInput, LogFiles};

/// The export. Two columns have the same name, texts have the tracker's own marks, dates are in words.
const EXPORT: &str = r##"Summary,Issue key,Issue id,Issue Type,Status,Project key,Assignee,Created,Due date,Labels,Labels,Description,Parent,Parent summary,Custom field (Consequence),Custom field (Likelihood - pre),Custom field (Likelihood - post),Custom field (Consequence - post)
Bleep test at shift handover,RNG-131,40311,Safety control,In Progress,RNG,Priya Nand,12/Aug/26 9:02 AM,30/Nov/26,training,,"Each team sends a test alert at handover.

*Evidence:* checklist in the ward handover pack",RNG-130,Alert volume is muted on the handset,,,,
Alert volume is muted on the handset,RNG-130,40310,Safety cause,Open,RNG,,12/Aug/26 8:58 AM,,,,,RNG-101,Urgent call is not heard by the on-call doctor,,,,
Screen is dark to save battery,RNG-129,40309,Story,Done,RNG,Tom Hale,02/Aug/26 1:15 PM,,ui,,As a ward clerk I want the screen to dim.,,,,,,
Directory is read from the rota every 15 minutes,RNG-124,40298,Safety control,Done,RNG,Tom Hale,20/Jul/26 4:40 PM,31/Aug/26,design,rota,"# rota import runs at 00, 15, 30 and 45 past
# a failed import alerts the service desk",RNG-123,Rota change is not in the directory yet,,,,
Rota change is not in the directory yet,RNG-123,40297,Safety cause,Open,RNG,,20/Jul/26 4:31 PM,,,,"Swaps are entered late, or on paper only.",RNG-120,Call goes to a doctor who is off duty,,,,
Switchboard answers a call that nobody takes in 3 minutes,RNG-122,40296,Safety control,Done,RNG,Priya Nand,20/Jul/26 4:20 PM,,design,,Escalation rule ESC-2; tested in test run TR-77.,RNG-120,Call goes to a doctor who is off duty,,,,
Call goes to a doctor who is off duty,RNG-120,40294,Safety hazard,Mitigated,RNG,Dr Wen Okoro,20/Jul/26 4:02 PM,,,,"h3. Effect on the patient
Review of a deteriorating patient is delayed.",,,Major,Medium,Low,Major
Patient name is cut off on the lock screen,RNG-116,40283,Safety cause,Open,RNG,,11/Jul/26 10:10 AM,,,,,RNG-115,Call is acted on for the wrong patient,,,,
Call is acted on for the wrong patient,RNG-115,40282,Safety hazard,Open,RNG,Dr Wen Okoro,11/Jul/26 10:04 AM,,,,"h3. Effect on the patient
A patient is given another's treatment.",,,Considerable,Low,,
Wi-Fi survey of every clinical area before go-live,RNG-104,40262,Safety control,Open,RNG,,03/Jul/26 2:14 PM,15/Dec/26,transferred,,For the hospital to do.,RNG-102,No signal in the basement,,,,
Text falls back to the mobile network,RNG-103,40261,Safety control,Done,RNG,Tom Hale,03/Jul/26 2:09 PM,,design,,,RNG-102,No signal in the basement,,,,
No signal in the basement,RNG-102,40260,Safety cause,Open,RNG,,03/Jul/26 2:03 PM,,,,,RNG-101,Urgent call is not heard by the on-call doctor,,,,
Urgent call is not heard by the on-call doctor,RNG-101,40259,Safety hazard,Mitigated,RNG,Dr Wen Okoro,03/Jul/26 2:00 PM,,,,"h3. Effect on the patient
Arrest or sepsis is attended late.",,,Catastrophic,Medium,Very Low,Catastrophic
Photo of a wound is shown upside down,RNG-098,40251,Safety cause,Open,RNG,,28/Jun/26 5:45 PM,,,,,RNG-097,,,,,
Message history is lost when a handset is exchanged,RNG-090,40240,Safety hazard,Open,RNG,Dr Wen Okoro,21/Jun/26 9:30 AM,,,,,,,TBC,,,
"##;

fn log() -> LogFiles {
    LogFiles::file("tickets.csv", EXPORT.as_bytes().to_vec())
}

fn messages(input: &HazardLogInput, wanted: ObservationKind) -> Vec<&str> {
    let of_kind = input.observations.iter().filter(|observation| observation.kind == wanted);
    of_kind.map(|observation| observation.message.as_str()).collect()
}

#[test]
fn tickets_are_put_together_by_their_keys_in_any_order() {
    let input = read(&log(), None);
    assert_eq!(
        counts(&input),
        [("RNG-120", 1, 0, 2), ("RNG-115", 1, 0, 0), ("RNG-101", 2, 0, 3), ("RNG-090", 0, 0, 0)]
    );
    let [first, _, third, last] = &input.log.hazards[..] else { panic!("four hazards") };
    assert_eq!(ratings(first), ["Major Medium", "Major Low"]);
    assert_eq!(ratings(last), ["TBC", ""]);
    assert_eq!((third.initial.risk, third.residual.risk), (Some(4), Some(3)));
    assert_eq!(third.status.as_deref(), Some("Mitigated"));
    let links: Vec<(&str, String)> =
        third.causes.iter().map(|cause| (cause.id.as_str(), cause.controls.join(" "))).collect();
    assert_eq!(links, [("RNG-130", "RNG-131".to_owned()), ("RNG-102", "RNG-104 RNG-103".to_owned())]);
    assert!(third.causes.iter().all(|cause| cause.link == LinkBasis::Stated));
    // A control of the hazard answers no cause in particular.
    assert_eq!(first.causes[0].controls, ["RNG-124"]);
    let control = &first.controls[1];
    assert_eq!((control.id.as_str(), control.owner.as_deref()), ("RNG-122", Some("Priya Nand")));
    assert_eq!(control.status.as_deref(), Some("Done"));
    assert!(control.text.ends_with("in 3 minutes\nEscalation rule ESC-2; tested in test run TR-77."));
    assert_eq!(cell(&input, "hazards/RNG-101"), "B14");
    assert_eq!(cell(&input, "hazards/RNG-101/controls/RNG-131"), "B2");
    assert_eq!(cell(&input, "hazards/RNG-115/residual/likelihood"), "Q10");
}

#[test]
fn what_is_no_part_of_a_hazard_is_said_and_counted() {
    let input = read(&log(), None);
    assert_eq!(
        messages(&input, ObservationKind::LayoutInDoubt),
        [
            "1 row is neither a hazard nor a cause nor a control, by the type that the sheet tickets gives (Story), and not read."
        ]
    );
    let lost = messages(&input, ObservationKind::Unmapped);
    assert!(
        lost.contains(&"The cause RNG-098 (\"Photo of a wound is shown upside down\") belongs to RNG-097, which is no hazard or cause of the log; it was read into no hazard."),
        "{lost:?}"
    );
    let total = input.explanation.total;
    assert_eq!((total.cells, total.mapped, total.unmapped, total.ignored), (181, 102, 69, 10));
}

#[test]
fn a_mapping_leaves_out_what_only_the_tracker_needs() {
    let mut mapping = found(&log());
    assert!(mapping.contains("shape = \"row-per-item\"\n"), "{mapping}");
    for header in ["Issue id", "Project key", "Created", "Due date", "Parent summary"] {
        let column = format!("header = \"{header}\" }}");
        assert!(mapping.contains(&column), "{mapping}");
        let ignored = format!("header = \"{header}\", ignored = \"for the tracker\" }}");
        mapping = mapping.replace(&column, &ignored);
    }
    mapping = mapping.replace("header = \"Labels\" }", "header = \"Labels\", field = \"control-action\" }");
    let error = super::try_read(&log(), Some(&mapping)).unwrap_err().to_string();
    assert!(error.contains("Column K is the control-action"), "{error}");
    let mapping = mapping.replacen("field = \"control-action\"", "field = \"control-type\"", 1);
    let input = read(&log(), Some(&mapping));
    assert_eq!(input.log.hazards[0].controls[0].stated_type.as_deref(), Some("design"));
    assert_eq!(input.log.hazards[0].controls[0].action.as_deref(), Some("rota"));
    // The status of causes, and the cause that leads nowhere.
    let unread = cells(&input, ObservationKind::Unmapped);
    assert_eq!(input.explanation.total.unmapped, 9, "{unread:?}");
}

/// An item that belongs to itself belongs to no hazard.
#[test]
fn a_circle_of_keys_ends() {
    let export = "Key,Type,Title,Parent,Severity\n";
    let rows = "H1,Hazard,Result is late,,Major\nC1,Cause,Full disk,C2,\nC2,Cause,Slow link,C1,\nM1,Control,Alarm,C1,\nM2,Existing control,Staff ring,H1,\n";
    let export = format!("{}{rows}", export.replace("Key", "Issue key").replace("Type", "Issue type"));
    let input = read(&LogFiles::file("items.csv", export.into_bytes()), None);
    assert_eq!(counts(&input), [("H1", 0, 1, 0)]);
    let lost = messages(&input, ObservationKind::Unmapped);
    assert_eq!(lost.iter().filter(|message| message.contains("belongs to itself")).count(), 3, "{lost:?}");
}

/// Without keys that say what belongs to what, no cause becomes a hazard of its own.
#[test]
fn causes_without_a_parent_are_told_and_never_taken_for_hazards() {
    let export = "Issue key,Issue type,Title,Description,Severity\nH1,Hazard,Result is late,Late care,Major\nC1,Cause,Full disk,,\n";
    let input = read(&LogFiles::file("items.csv", export.as_bytes().to_vec()), None);
    assert_eq!(counts(&input), [("H1", 0, 0, 0)]);
    let lost = messages(&input, ObservationKind::Unmapped);
    assert!(
        lost.contains(
            &"The cause C1 (\"Full disk\") says of nothing that it belongs to it; it was read into no hazard."
        ),
        "{lost:?}"
    );
}

#[test]
fn a_parent_may_be_named_by_the_number_that_the_tracker_gave_it() {
    let export = "Summary,Issue key,Issue id,Issue Type,Parent id,Custom field (Severity),Custom field (Likelihood)\n\
                  Call is lost,RNG-1,40001,Hazard,,Major,Low\n\
                  Handset is muted,RNG-2,40002,Cause,40001,,\n\
                  Handset warns,RNG-3,40003,Control,40002,,\n\
                  Call is late,RNG-4,40004,Hazard,,Major,Low\n\
                  Network is slow,RNG-5,40005,Cause,40009,,\n";
    let input = read(&LogFiles::file("tickets.csv", export.as_bytes().to_vec()), None);
    assert_eq!(counts(&input), [("RNG-1", 1, 0, 1), ("RNG-4", 0, 0, 0)]);
    let lost = messages(&input, ObservationKind::Unmapped);
    assert!(lost.iter().any(|lost| lost.contains("belongs to 40009, which is no hazard")), "{lost:?}");
}
