//! What the styles of a document say that matters: struck-through text, hidden sheets.

use super::super::xml::{attribute, local};
use quick_xml::events::Event;
use std::collections::{HashMap, HashSet};

#[derive(Debug, Default)]
pub(super) struct Styles {
    struck: HashMap<String, bool>,
    parents: HashMap<String, String>,
    hiding: HashSet<String>,
    /// The style that is being read.
    current: Option<String>,
}

impl Styles {
    pub(super) fn visit(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(element) | Event::Empty(element) => match local(element) {
                "style" => {
                    let name = attribute(element, "name").map(std::borrow::Cow::into_owned);
                    if let (Some(name), Some(parent)) = (&name, attribute(element, "parent-style-name")) {
                        self.parents.insert(name.clone(), parent.into_owned());
                    }
                    self.current = name;
                }
                "text-properties" => {
                    let line = attribute(element, "text-line-through-style")
                        .or_else(|| attribute(element, "text-line-through-type"));
                    if let (Some(name), Some(line)) = (&self.current, line) {
                        self.struck.insert(name.clone(), line != "none");
                    }
                }
                "table-properties" => {
                    if let Some(name) = &self.current
                        && attribute(element, "display").is_some_and(|display| display == "false")
                    {
                        self.hiding.insert(name.clone());
                    }
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "style" => self.current = None,
            _ => {}
        }
    }

    /// Whether a sheet of this style is hidden.
    pub(super) fn hides(&self, style: &str) -> bool {
        self.hiding.contains(style)
    }

    /// Whether text of this style is struck through, by the style itself or one that it follows.
    pub(super) fn strikes(&self, style: &str) -> bool {
        const DEEPEST: usize = 16;
        let mut style = style;
        for _ in 0..DEEPEST {
            if let Some(is_struck) = self.struck.get(style) {
                return *is_struck;
            }
            match self.parents.get(style) {
                Some(parent) => style = parent,
                None => return false,
            }
        }
        false
    }
}
