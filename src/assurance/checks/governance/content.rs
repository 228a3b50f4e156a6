//! What the report has to contain: an absent statement is "not given", and never "none".

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::placeholder;
use crate::case::system::Declared;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F11",
        level: Blocking,
        clause: Some("2.5.1, 2.5.2"),
        title: "Third-party products not accounted for",
        why: "A product that came from elsewhere brings its own hazards; the report has to say how each was assessed, or that there is none.",
        remedy: "List each product with its assessment, or say that there is none.",
        how: Some("`third_party_products` in case.toml; `\"none\"` where there is none"),
        runs: &[Run::Case(third_party_products)],
        ..Check::DEFAULT
    },
    Check {
        id: "F12",
        level: Blocking,
        clause: Some("7.1.3"),
        title: "Release configuration missing",
        why: "The report is about one configuration; without its parts and versions it is about none.",
        remedy: "Give the release's version, and list its components with their versions.",
        how: Some("`version` and `configuration` under `release` in case.toml"),
        runs: &[Run::Case(configuration)],
        ..Check::DEFAULT
    },
    Check {
        id: "F13",
        level: Blocking,
        clause: Some("7.1.1, 7.1.2"),
        title: "Pre-delivery review missing",
        why: "Before delivery a formal review has to show that all requirements were addressed, and the report has to give its result.",
        remedy: "Record the review's date and outcome.",
        how: Some("`pre_delivery_review` in case.toml"),
        runs: &[Run::Case(pre_delivery_review)],
        ..Check::DEFAULT
    },
    Check {
        id: "F14",
        level: Blocking,
        clause: Some("4.2.1, 4.2.2"),
        title: "Scope or intended use missing",
        why: "What is safe in one use is not in another: the analysis holds only for the scope and the use that it was made for.",
        remedy: "Describe the scope and the intended use.",
        how: Some("`in_scope` and `intended_use` under `system` in case.toml"),
        runs: &[Run::Case(scope)],
        ..Check::DEFAULT
    },
    Check {
        id: "F15",
        level: Warning,
        clause: Some("6.3.3"),
        title: "Test issues not given",
        why: "The reader must know which faults are still open and what they mean for patients, or that there are none.",
        remedy: "List the outstanding issues, or say that there are none.",
        how: Some("`test_issues` in case.toml; `\"none\"` where there are none"),
        runs: &[Run::Case(test_issues)],
        ..Check::DEFAULT
    },
    Check {
        id: "F16",
        level: Warning,
        clause: Some("7.2.1"),
        title: "Post-deployment process missing",
        why: "Concerns and incidents that arise in use have to reach somebody who reviews them.",
        remedy: "Describe how concerns and incidents are collected and reviewed.",
        how: Some("`post_deployment` in case.toml"),
        runs: &[Run::Case(post_deployment)],
        ..Check::DEFAULT
    },
    Check {
        id: "F24",
        level: Blocking,
        clause: Some("2.3.4, 3.5.2"),
        title: "Summary safety statement missing",
        why: "The statement is the Clinical Safety Officer's own judgement, in their own words; the computed risk position does not replace it.",
        remedy: "Have the Clinical Safety Officer write the statement.",
        how: Some("the narrative section `summary-safety-statement`"),
        runs: &[Run::Case(safety_statement)],
        ..Check::DEFAULT
    },
];

/// What is wrong with what a text says, where something is.
fn fault(text: Option<&String>) -> Option<String> {
    placeholder::written(text.map(String::as_str)).fault()
}

fn third_party_products(examined: &Examined<'_>, outcome: &mut Outcome) {
    let products = &examined.subject.case.third_party_products;
    let message = "Third-party products are neither listed nor declared to be none.";
    match products {
        Declared::NotGiven => outcome.hit(Hit::at("third_party_products", message)),
        Declared::DeclaredNone => {}
        Declared::Given(products) if products.is_empty() => {
            outcome.hit(Hit::at("third_party_products", message));
        }
        Declared::Given(products) => {
            for product in products {
                if let Some(fault) = fault(product.assessment.as_ref()) {
                    let message =
                        format!("How the third-party product {} was assessed {fault}.", product.name);
                    outcome.hit(Hit::at("third_party_products", message));
                }
            }
        }
    }
}

fn configuration(examined: &Examined<'_>, outcome: &mut Outcome) {
    let release = &examined.subject.case.release;
    if let Some(fault) = fault(release.version.as_ref()) {
        outcome.hit(Hit::at("release/version", format!("The version of the release {fault}.")));
    }
    if release.configuration.is_empty() {
        outcome.hit(Hit::at("release/configuration", "No component of the release is listed."));
    }
    for component in &release.configuration {
        if let Some(fault) = fault(component.version.as_ref()) {
            let message = format!("The version of the component {} {fault}.", component.name);
            outcome.hit(Hit::at("release/configuration", message));
        }
    }
}

fn pre_delivery_review(examined: &Examined<'_>, outcome: &mut Outcome) {
    let message = match &examined.subject.case.pre_delivery_review {
        None => "No pre-delivery review is recorded.".to_owned(),
        Some(review) => match fault(review.outcome.as_ref()) {
            Some(fault) => format!("The outcome of the pre-delivery review {fault}."),
            None if review.date.is_none() => "The pre-delivery review has no date.".to_owned(),
            None => return,
        },
    };
    outcome.hit(Hit::at("pre_delivery_review", message));
}

fn scope(examined: &Examined<'_>, outcome: &mut Outcome) {
    let system = &examined.subject.case.system;
    if !system.in_scope.iter().any(|entry| placeholder::is_written(entry)) {
        let fault = fault(system.in_scope.first()).unwrap_or_default();
        outcome.hit(Hit::at("system/in_scope", format!("What is in scope {fault}.")));
    }
    if let Some(fault) = fault(system.intended_use.as_ref()) {
        outcome.hit(Hit::at("system/intended_use", format!("The intended use {fault}.")));
    }
}

fn test_issues(examined: &Examined<'_>, outcome: &mut Outcome) {
    match &examined.subject.case.test_issues {
        Declared::Given(issues) if !issues.is_empty() => {}
        Declared::DeclaredNone => {}
        Declared::Given(_) | Declared::NotGiven => {
            let message = "Outstanding test issues are neither listed nor declared to be none.";
            outcome.hit(Hit::at("test_issues", message));
        }
    }
}

fn post_deployment(examined: &Examined<'_>, outcome: &mut Outcome) {
    let process = examined.subject.case.post_deployment.as_ref().map(|after| &after.process);
    if let Some(fault) = fault(process) {
        let message = format!("How concerns and incidents are collected after deployment {fault}.");
        outcome.hit(Hit::at("post_deployment", message));
    }
}

fn safety_statement(examined: &Examined<'_>, outcome: &mut Outcome) {
    let section = super::STATEMENT.rsplit('/').next().unwrap_or_default();
    let statement = examined.subject.case.narrative.get(section);
    let hit = |message: String| Hit::at(super::STATEMENT, message);
    outcome.hit(match statement {
        Some(statement) if !has_words(statement) => hit("The summary safety statement is empty.".to_owned()),
        Some(statement) => match placeholder::find(statement) {
            Some(placeholder) => hit(format!("The summary safety statement still says \"{placeholder}\"."))
                .on_line(super::super::line_of(statement, placeholder)),
            None => return,
        },
        None => hit("The Clinical Safety Officer's summary safety statement is not given.".to_owned()),
    });
}

/// Something beside Markdown headings.
fn has_words(markdown: &str) -> bool {
    markdown.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, some};
    use crate::case::system::ThirdPartyProduct;

    #[test]
    fn f11_an_absent_list_is_not_none() {
        fires(
            "F11",
            |fixture| fixture.case.third_party_products = Declared::NotGiven,
            "Third-party products are neither listed nor declared to be none.",
        );
    }

    #[test]
    fn f11_a_product_without_assessment() {
        let product = |assessment: Option<&str>| {
            let product = ThirdPartyProduct {
                name: "Message Hub".to_owned(),
                version: None,
                supplier: None,
                assessment: assessment.map(str::to_owned),
            };
            move |fixture: &mut Fixture| fixture.case.third_party_products = Declared::Given(vec![product])
        };
        fires("F11", product(None), "How the third-party product Message Hub was assessed is not given.");
        assert_eq!(Fixture::with(product(Some("Reviewed"))).messages("F11"), Vec::<String>::new());
    }

    #[test]
    fn f12_configuration() {
        fires(
            "F12",
            |fixture| fixture.case.release.version = None,
            "The version of the release is not given.",
        );
        fires(
            "F12",
            |fixture| fixture.case.release.configuration.clear(),
            "No component of the release is listed.",
        );
        fires(
            "F12",
            |fixture| fixture.case.release.configuration[0].version = None,
            "The version of the component Web service is not given.",
        );
    }

    #[test]
    fn f13_pre_delivery_review() {
        fires(
            "F13",
            |fixture| fixture.case.pre_delivery_review = None,
            "No pre-delivery review is recorded.",
        );
        let without_outcome = |fixture: &mut Fixture| {
            fixture.case.pre_delivery_review.as_mut().expect("the case has a review").outcome = some(" ");
        };
        fires("F13", without_outcome, "The outcome of the pre-delivery review is not given.");
    }

    #[test]
    fn f14_scope_and_use() {
        fires("F14", |fixture| fixture.case.system.in_scope.clear(), "What is in scope is not given.");
        fires("F14", |fixture| fixture.case.system.intended_use = None, "The intended use is not given.");
    }

    #[test]
    fn f15_test_issues() {
        fires(
            "F15",
            |fixture| fixture.case.test_issues = Declared::NotGiven,
            "Outstanding test issues are neither listed nor declared to be none.",
        );
    }

    #[test]
    fn f16_post_deployment() {
        fires(
            "F16",
            |fixture| fixture.case.post_deployment = None,
            "How concerns and incidents are collected after deployment is not given.",
        );
    }

    #[test]
    fn f24_safety_statement() {
        let stating = |statement: &str| {
            let statement = statement.to_owned();
            move |fixture: &mut Fixture| {
                fixture.case.narrative.insert("summary-safety-statement".to_owned(), statement);
            }
        };
        fires(
            "F24",
            |fixture| fixture.case.narrative.clear(),
            "The Clinical Safety Officer's summary safety statement is not given.",
        );
        fires("F24", stating("# Statement\n\n"), "The summary safety statement is empty.");
        fires(
            "F24",
            stating("It is safe, [to be completed by the CSO]."),
            "The summary safety statement still says \"[to be completed by the CSO]\".",
        );
    }
}
