use super::{sentences, wish};
use crate::assurance::testing::{Fixture, fires, silent, some};
use crate::case::hazard::{Cause, ControlState, HazardState, LinkBasis};

/// What a check says of the first hazard's only cause with this text.
fn of_cause(check: &str, text: &str) -> Vec<String> {
    silent(check);
    Fixture::with(|fixture| text.clone_into(&mut fixture.hazard().causes[0].text)).messages(check)
}

/// What a check says of the first hazard's additional control with this text.
fn of_control(check: &str, text: &str) -> Vec<String> {
    silent(check);
    Fixture::with(|fixture| text.clone_into(&mut fixture.hazard().controls[0].text)).messages(check)
}

#[test]
fn l1_an_effect_is_no_cause() {
    assert_eq!(
        of_cause("L1", "Leads to patient harm"),
        [
            "Cause H01.1 of H01 speaks of what the hazard leads to (\"patient harm\"): \"Leads to patient harm\"."
        ]
    );
    assert_eq!(
        of_cause("L1", "referral H01 is lost."),
        ["Cause H01.1 of H01 repeats the hazard's name: \"referral H01 is lost\"."]
    );
    assert_eq!(of_cause("L1", "The patient is treated late").len(), 1, "the clinical impact");
    for text in ["The referral of the patient is lost in the queue", "A harmless message hides it"] {
        assert_eq!(of_cause("L1", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn l2_an_error_has_something_that_makes_it_likely() {
    for text in ["Human error", "User error.", "Error: user error", "Possible human error"] {
        assert_eq!(of_cause("L2", text).len(), 1, "{text}");
    }
    for text in [
        "User error because two patients of one name stand side by side",
        "Users do not see the second page",
        "Superuser error log is full of entries",
    ] {
        assert_eq!(of_cause("L2", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn l3_training_says_who_and_what() {
    assert_eq!(
        of_control("L3", "Staff training to be provided"),
        [
            "Control H01.D1 of H01 is training and does not say whose, or in what: \"Staff training to be provided\"."
        ]
    );
    for text in ["Training", "User training.", "Local training and professional guidelines"] {
        assert_eq!(of_control("L3", text).len(), 1, "{text}");
    }
    for text in [
        "The e-learning module shows users how to mark needs",
        "Training of clerks in patient search",
        "Guidance",
    ] {
        assert_eq!(of_control("L3", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn l4_a_name_is_short() {
    let named = |name: &'static str| move |fixture: &mut Fixture| fixture.hazard().name = some(name);
    fires(
        "L4",
        named("Referral is lost. Patient waits"),
        "The name of H01 is several sentences: \"Referral is lost. Patient waits\".",
    );
    let joined = "Referral is lost and the patient waits and the practice does not know of it at all";
    assert!(Fixture::with(named(joined)).messages("L4")[0].contains("joins several things"));
    for name in [
        "Advice and guidance is lost between practice and hospital",
        "Wrong list is shown, e.g. Orthopaedics instead of Cardiology",
    ] {
        assert_eq!(Fixture::with(named(name)).messages("L4"), Vec::<String>::new(), "{name}");
    }
    assert_eq!(sentences("Sent to St. Mary's vs. Guy's on its way. Twice"), 2);
}

#[test]
fn l5_a_control_that_counts_says_what_is_done() {
    assert_eq!(
        of_control("L5", "Trusts should check the list"),
        ["Control H01.D1 of H01 says \"should\" and counts as in place: \"Trusts should check the list\"."]
    );
    let open = Fixture::with(|fixture| {
        "Trusts should check the list".clone_into(&mut fixture.hazard().controls[0].text);
        fixture.hazard().controls[0].state = ControlState::Open;
    });
    assert_eq!(open.messages("L5"), Vec::<String>::new(), "an open control may be a wish");
    let transferred = Fixture::with(|fixture| {
        "Trusts should check the list".clone_into(&mut fixture.hazard().controls[0].text);
        fixture.hazard().controls[0].transferred_to = some("Eastmere Trust");
    });
    assert_eq!(transferred.messages("L5"), Vec::<String>::new(), "a recommendation to others");
    let undecided = Fixture::with(|fixture| {
        "Trusts should check the list".clone_into(&mut fixture.hazard().controls[0].text);
        fixture.hazard().controls[0].state = ControlState::NotGiven;
        fixture.hazard().state = HazardState::Open;
    });
    assert_eq!(undecided.messages("L5"), Vec::<String>::new());
    let work = "Options work has started and is ongoing";
    let lowered = Fixture::with(|fixture| {
        work.clone_into(&mut fixture.hazard().controls[0].text);
        fixture.hazard().controls[0].state = ControlState::NotGiven;
        fixture.hazard().state = HazardState::Open;
    });
    assert_eq!(
        lowered.messages("L5"),
        [
            "Control H01.D1 of H01 says \"work has started\" and counts in the residual rating: \"Options work has started and is ongoing\"."
        ]
    );
    let unlowered = Fixture::with(|fixture| {
        work.clone_into(&mut fixture.hazard().controls[0].text);
        fixture.hazard().controls[0].state = ControlState::NotGiven;
        fixture.hazard().state = HazardState::Open;
        fixture.hazard().residual = fixture.hazard().initial.clone();
    });
    assert_eq!(unlowered.messages("L5"), Vec::<String>::new(), "no rating counts it");
    let assumed = Fixture::with(|fixture| {
        "Assumed control that trusts check the list".clone_into(&mut fixture.hazard().controls[0].text);
        fixture.hazard().controls[0].transferred_to = some("Eastmere Trust");
        fixture.hazard().controls[0].state = ControlState::Closed;
    });
    assert_eq!(assumed.findings("L5").len(), 1, "nobody has agreed to it");
    for text in [
        "Consider a second check",
        "Suppliers to consider an alert",
        "Format to be agreed",
        "The index will include a check",
    ] {
        assert!(wish(text).is_some(), "{text}");
    }
    for text in [
        "A report lists letters that should have arrived",
        "The prescriber is asked to confirm doses; considerations are recorded",
        "An alert shows when the result should be back",
        "The service MUST consider the context in its logic",
        "Ongoing monitoring of the queue",
        "When it fails the message will include the reason",
        "Each result has a time. This should be local time",
    ] {
        assert_eq!(wish(text), None, "{text}");
    }
}

#[test]
fn l6_a_cause_stands_once() {
    let spoil = |fixture: &mut Fixture| {
        fixture.hazard().causes.push(Cause {
            id: "H01.2".to_owned(),
            text: "the network  fails.".to_owned(),
            controls: vec!["H01.D1".to_owned()],
            link: LinkBasis::Stated,
            without_control: None,
        });
    };
    fires("L6", spoil, "Causes H01.1 and H01.2 of H01 say the same: \"The network fails\".");
    let other = Fixture::with(|fixture| {
        spoil(fixture);
        "The network is slow".clone_into(&mut fixture.hazard().causes[1].text);
    });
    assert_eq!(other.messages("L6"), Vec::<String>::new());
}
