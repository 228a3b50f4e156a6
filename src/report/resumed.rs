//! Laying a report out again after an edit, from where it last stood.
//!
//! A report refers to its own pages, so Typst lays it out until what it says of them holds. It begins from nothing: in
//! the first round no page has a number and no reference leads anywhere. After an edit nearly everything stands where
//! it stood, so beginning from the last pages settles in a round or two instead of three or four.
//!
//! What has settled holds by Typst's own rule. But a report may settle in more than one way, such as with a heading
//! that stays on its page only while a reference to it has one digit. Then a build that began from nothing may come
//! out otherwise. So whoever resumes tells from these pages at once, and lays them out from nothing before they are
//! relied on.

use super::world::ReportWorld;
use comemo::{Constraint, Track};
use typst::World;
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{StyleChain, Target, TargetElem};
use typst::introspection::Introspector;
use typst::utils::Protected;
use typst_layout::{PagedDocument, layout_document};

/// Where everything stood when a report was last laid out.
#[derive(Debug, Default)]
pub struct LastLayout(Option<PagedDocument>);

impl LastLayout {
    pub(super) fn keep(&mut self, document: &PagedDocument) {
        self.0 = Some(document.clone());
    }

    /// The pages of a world, if they settle soon and without anything to be said of them.
    pub(super) fn resume(&self, world: &ReportWorld) -> Option<PagedDocument> {
        /// One for the edit, one for what refers to it, one for what that moves.
        const ROUNDS: usize = 3;
        let mut document = self.0.clone()?;
        let world = (world as &dyn World).track();
        let library = world.library();
        let styles = StyleChain::new(&library.styles);
        let target = TargetElem::target.set(Target::Paged).wrap();
        let styles = styles.chain(&target);
        let traced = Traced::default();
        let mut sink = Sink::new();
        let main = world.source(world.main()).ok()?;
        let route = Route::default();
        let module =
            typst_eval::eval(world, library, traced.track(), sink.track_mut(), route.track(), &main).ok()?;
        let content = module.content();
        for _ in 0..ROUNDS {
            let constraint = Constraint::new();
            let mut told = Sink::new();
            let before: &dyn Introspector = document.introspector().as_ref();
            let mut engine = Engine {
                library,
                world,
                introspector: Protected::new(before.track_with(&constraint)),
                traced: traced.track(),
                sink: told.track_mut(),
                route: Route::default(),
            };
            let next = layout_document(&mut engine, &content, styles).ok()?;
            let after: &dyn Introspector = next.introspector().as_ref();
            if constraint.validate(after) {
                sink.extend_from_sink(told);
                let is_silent = sink.delayed().is_empty() && sink.warnings().is_empty();
                return is_silent.then_some(next);
            }
            document = next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::with_source;
    use crate::report::{pdf, printed};

    /// The text of a source's pages, built from nothing, and gone on to from those of another; the latter where that
    /// settles.
    fn both(before: &str, source: &str) -> (Vec<String>, Option<Vec<String>>) {
        let mut last = LastLayout::default();
        with_source(before, |world| last.keep(&pdf::layout(world).unwrap().0));
        with_source(source, |world| {
            let (document, _) = pdf::layout(world).unwrap();
            (printed::pages(&document), last.resume(world).as_ref().map(printed::pages))
        })
    }

    const REPORT: &str = "#set heading(numbering: \"1.\")\n#outline()\n= First <first>\nSee @last.\n#pagebreak()\n= Second\nAs in @first.\n#pagebreak()\n= Last <last>\n#context counter(page).final().first() pages";

    #[test]
    fn what_goes_on_from_the_last_pages_settles_as_what_begins_from_nothing() {
        for (what, by) in [
            ("As in", "As it is in"),
            ("= Second", "= The second"),
            ("= Second", "= Between\n#pagebreak()\n= Second"),
            ("See @last.", ""),
            ("", ""),
        ] {
            let (cold, resumed) = both(REPORT, &REPORT.replacen(what, by, 1));
            assert_eq!(resumed, Some(cold), "{by}");
        }
        let (cold, resumed) = both("Another document", REPORT);
        assert_eq!(resumed, Some(cold));
    }

    #[test]
    fn there_is_nothing_to_go_on_from_at_first_or_where_something_is_to_be_said() {
        let none = with_source(REPORT, |world| LastLayout::default().resume(world).is_none());
        assert!(none);
        let (_, warned) = both(REPORT, &format!("{REPORT}\n#text(font: \"No Such Font\")[Warned]"));
        assert_eq!(warned, None);
    }

    /// Why a report is built from nothing before it is relied on.
    #[test]
    fn pages_may_settle_in_more_than_one_way() {
        let source = "#context if query(<here>).any(each => each.location().page() == 2) { pagebreak() }\nIt is #[here]<here>.";
        let (cold, resumed) = both("#pagebreak()\nIt is #[here]<here>.", source);
        assert_eq!((cold.len(), resumed.map(|pages| pages.len())), (1, Some(2)));
    }
}
