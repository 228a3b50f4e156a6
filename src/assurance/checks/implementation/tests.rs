use crate::assurance::testing::{
    Fixture, acceptance, control, date, discussion, fires, rating, silent, some, without_its_file,
};
use crate::case::hazard::{ControlKind, ControlState, HazardState};
use crate::case::hazard_log::RetiredHazard;
use crate::case::psa::Decision;
use crate::case::system::Declared;

/// The first hazard's only additional control, with this status.
fn with_status(status: &'static str) -> impl Fn(&mut Fixture) {
    move |fixture| {
        let control = &mut fixture.hazard().controls[0];
        control.status = some(status);
        control.state = ControlState::from_stated(Some(status));
    }
}

fn exempt(fixture: &Fixture, check: &str) -> Vec<String> {
    let exempt = crate::assurance::assure(&fixture.subject()).not_applicable;
    exempt.into_iter().filter(|exempt| exempt.check == check).map(|exempt| exempt.because).collect()
}

#[test]
fn c3_a_closed_hazard_with_an_open_control() {
    fires("C3", with_status("Open"), "H01 is closed, and its control H01.D1 has the status \"Open\".");
    for status in ["Deferred to version 2.0", "Added to the roadmap"] {
        assert_eq!(Fixture::with(with_status(status)).findings("C3").len(), 1, "{status}");
    }
    assert_eq!(Fixture::with(with_status("Implemented")).messages("C3"), Vec::<String>::new());
    let open = Fixture::with(|fixture| {
        with_status("Open")(fixture);
        fixture.hazard().state = HazardState::Open;
        fixture.hazard().controls.push(control("H01.D2", ControlKind::Design));
    });
    assert_eq!(open.messages("C3"), Vec::<String>::new(), "an open hazard may have open controls");
}

#[test]
fn c3_a_session_may_have_closed_the_hazard() {
    let fixture = Fixture::with(|fixture| {
        with_status("Open")(fixture);
        fixture.hazard().state = HazardState::Open;
        fixture.case.psa[0].discussed = vec![discussion("H01", Some(Decision::Close))];
    });
    assert_eq!(
        fixture.messages("C3"),
        ["H01 was closed by PSA session PSA-1, and its control H01.D1 has the status \"Open\"."]
    );
}

#[test]
fn c3_is_not_asked_of_another_organisation() {
    let fixture = Fixture::with(|fixture| {
        with_status("Open")(fixture);
        fixture.hazard().controls[0].transferred_to = some("Eastmere Trust");
    });
    assert_eq!(fixture.messages("C3"), Vec::<String>::new());
    assert_eq!(
        exempt(&fixture, "C3"),
        ["H01.D1 is for Eastmere Trust to implement and verify (DCB0129 6.3.1)"]
    );
}

#[test]
fn c4_and_c5_each_ask_for_their_own_evidence() {
    for (check, shows, missing) in [
        ("C4", crate::case::hazard::Shows::Effectiveness, "implemented"),
        ("C5", crate::case::hazard::Shows::Implementation, "effective"),
    ] {
        silent(check);
        let fixture = Fixture::with(|fixture| fixture.case.evidence[0].shows = vec![shows]);
        assert_eq!(
            fixture.messages(check)[0],
            format!("The only control of H01 that is in place has no evidence that it is {missing}: H01.D1.")
        );
        assert_eq!(fixture.messages(check).len(), 2, "once a hazard");
        let other = if check == "C4" { "C5" } else { "C4" };
        assert_eq!(fixture.messages(other), Vec::<String>::new());
    }
}

#[test]
fn c4_counts_the_controls_that_lack_evidence() {
    let mut fixture = Fixture::with(|fixture| {
        for id in ["H01.D2", "H01.T1"] {
            let mut bare = control(id, ControlKind::Design);
            bare.evidence.clear();
            fixture.hazard().controls.push(bare);
        }
    });
    assert_eq!(
        fixture.messages("C4"),
        [
            "Of the 3 controls of H01 that are in place 2 have no evidence that they are implemented: H01.D2 and H01.T1."
        ]
    );
    fixture.hazard().controls[2].stated_evidence = some("Test report 7");
    assert_eq!(
        fixture.messages("C4"),
        ["Of the 3 controls of H01 that are in place 1 has no evidence that it is implemented: H01.D2."]
    );
    assert_eq!(fixture.findings("C5").len(), 1, "the log's own cell does not say that the control works");
    fixture.hazard().controls[0].evidence.clear();
    fixture.hazard().controls[2].stated_evidence = None;
    assert!(fixture.messages("C4")[0].contains("none has evidence that it is implemented"));
}

#[test]
fn c4_evidence_that_is_not_there_shows_nothing() {
    let fixture = Fixture::with(without_its_file);
    assert_eq!(
        fixture.messages("C4")[0],
        "The only control of H01 that is in place has no evidence that it is implemented: H01.D1 (the file of EV-1 is not there)."
    );
}

#[test]
fn c4_asks_only_for_what_is_in_place() {
    let undecided = |fixture: &mut Fixture| {
        let control = &mut fixture.hazard().controls[0];
        control.evidence.clear();
        (control.status, control.state) = (None, ControlState::NotGiven);
        fixture.hazard().state = HazardState::Open;
        fixture.hazard().residual_acceptance = None;
        fixture.case.psa[0].discussed = vec![discussion("H02", Some(Decision::Accept))];
    };
    let mut fixture = Fixture::with(undecided);
    assert_eq!(fixture.messages("C4"), Vec::<String>::new(), "nobody said that it is in place");
    with_status("Implemented")(&mut fixture);
    assert_eq!(fixture.findings("C4").len(), 1);
    with_status("Open")(&mut fixture);
    fixture.hazard().residual_acceptance = Some(acceptance());
    assert_eq!(fixture.messages("C4"), Vec::<String>::new(), "an open control is not in place");
}

#[test]
fn c4_and_c5_say_where_they_do_not_apply() {
    for check in ["C4", "C5"] {
        let low = Fixture::with(|fixture| {
            fixture.hazard().controls[0].evidence.clear();
            fixture.hazard().initial = rating("Minor", "Low", 1);
        });
        assert_eq!(low.messages(check), Vec::<String>::new());
        assert!(
            exempt(&low, check)[0]
                .starts_with("no evidence is needed for its controls (DCB0129 5.1.2): the initial risk is 1")
        );
        let transferred = Fixture::with(|fixture| {
            fixture.hazard().controls[0].evidence.clear();
            fixture.hazard().controls[0].transferred_to = some("Eastmere Trust");
        });
        assert_eq!(transferred.messages(check), Vec::<String>::new());
        assert!(
            exempt(&transferred, check)[0]
                .ends_with("for Eastmere Trust to implement and verify (DCB0129 6.3.1)")
        );
    }
}

#[test]
fn a_hazard_without_controls_is_said_to_be_exempt_as_well() {
    let low = Fixture::with(|fixture| {
        fixture.hazard().controls.clear();
        fixture.hazard().initial = rating("Minor", "Low", 1);
    });
    let said = crate::assurance::assure(&low.subject()).not_applicable;
    let of = |check: &str| said.iter().filter(|said| said.check == check && said.hazard == "H01").count();
    for check in crate::assurance::checks::checks().filter(|check| check.exempt.is_some()) {
        assert_eq!(of(check.id), 1, "{}", check.id);
    }
    let reasons: std::collections::BTreeSet<&str> = said.iter().map(|said| said.reason.as_str()).collect();
    assert_eq!(
        reasons.into_iter().collect::<Vec<_>>(),
        ["DCB0129 5.1.2: the initial risk is 1, which is acceptable"],
        "one reason for all, and none for H02"
    );
}

#[test]
fn checks_and_clauses_exempt_the_same_hazards() {
    let hazards = |fixture: &Fixture| {
        let assurance = crate::assurance::assure(&fixture.subject());
        let clause = assurance.clauses.iter().find(|clause| clause.number == "6.3.2").expect("clause 6.3.2");
        let said = assurance.not_applicable.iter().filter(|said| said.check == "C4");
        (clause.exempt.clone(), said.map(|said| said.hazard.clone()).collect::<Vec<_>>())
    };
    let nobody = Fixture::with(|fixture| with_status("Transferred")(fixture));
    assert_eq!(hazards(&nobody), (Vec::new(), Vec::new()), "there is no recipient");
    let somebody = Fixture::with(|fixture| {
        with_status("Transferred")(fixture);
        fixture.hazard().controls[0].transferred_to = some("Eastmere Trust");
    });
    assert_eq!(hazards(&somebody), (vec!["H01".to_owned()], vec!["H01".to_owned()]));
}

#[test]
fn c4_says_that_a_control_counts_as_in_place_where_nobody_says_that_it_is() {
    let mut fixture = Fixture::with(|fixture| {
        let control = &mut fixture.hazard().controls[0];
        control.evidence.clear();
        control.state = ControlState::NotGiven;
        control.status = None;
    });
    assert_eq!(
        fixture.messages("C4"),
        [
            "The only control of H01 that counts as in place has no evidence that it is implemented: H01.D1 (no status). H01 is closed, so what nobody says to be in place counts as in place."
        ]
    );
    assert_eq!(
        fixture.messages("C25"),
        ["Control H01.D1 of H01 has no status; H01 is closed, so it counts as in place."]
    );
    with_status("Transferred")(&mut fixture);
    assert!(fixture.messages("C5")[0].contains("H01.D1 (transferred, and to nobody by name)"));
    with_status("Closed")(&mut fixture);
    assert_eq!(
        fixture.messages("C4"),
        ["The only control of H01 that is in place has no evidence that it is implemented: H01.D1."]
    );
}

#[test]
fn c14_a_hazard_that_a_control_brings() {
    let brings = |id: &'static str| {
        move |fixture: &mut Fixture| {
            fixture.hazard().controls[0].introduces = Declared::Given(vec![id.to_owned()]);
        }
    };
    fires(
        "C14",
        brings("H07"),
        "Control H01.D1 of H01 is said to bring the hazard H07, which is not in the log.",
    );
    assert_eq!(Fixture::with(brings("H02")).messages("C14"), Vec::<String>::new());
    let retired = Fixture::with(|fixture| {
        brings("H07")(fixture);
        fixture.case.hazard_log.retired.push(RetiredHazard {
            id: "H07".to_owned(),
            on: date("2026-08-01"),
            by: "cso".to_owned(),
            reason: "Joined with H02".to_owned(),
        });
    });
    assert_eq!(retired.messages("C14"), Vec::<String>::new());
}
