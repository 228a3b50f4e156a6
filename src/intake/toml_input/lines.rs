//! The line of every value of a file.

use crate::case::Place;
use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};
use toml::de::{DeTable, DeValue};

/// The lines of a file's values.
///
/// A value's path is its keys and positions, such as `people/2/registration`.
#[derive(Debug)]
pub struct Lines {
    file: EcoString,
    numbers: FxHashMap<String, usize>,
    /// The paths of lists.
    lists: FxHashSet<String>,
    /// By path, the id of each element of a list that has one.
    ids: FxHashMap<String, String>,
}

impl Lines {
    pub(in crate::intake) fn new(file: &str) -> Self {
        Self {
            file: file.into(),
            numbers: FxHashMap::default(),
            lists: FxHashSet::default(),
            ids: FxHashMap::default(),
        }
    }

    /// Where the value at this path stands: its own line, or that of the nearest value that holds it.
    #[must_use]
    pub fn place(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(line) = self.numbers.get(path) {
                return Place::line(self.file.clone(), *line);
            }
            match path.rfind('/') {
                Some(end) => path = &path[..end],
                None => return Place::file(self.file.clone()),
            }
        }
    }

    /// Every value that has a line of its own, by the path that a reader knows it by: an element of a list by its
    /// id where it has one, else by its position from 1.
    pub fn named(&self) -> impl Iterator<Item = (String, Place)> {
        self.numbers.iter().map(|(path, line)| (self.name(path), Place::line(self.file.clone(), *line)))
    }

    /// Every value that has a line of its own, by its path.
    pub(in crate::intake) fn by_path(&self) -> impl Iterator<Item = (&str, Place)> {
        self.numbers.iter().map(|(path, line)| (path.as_str(), Place::line(self.file.clone(), *line)))
    }

    /// How many values there are that hold no others.
    pub(in crate::intake) fn values(&self) -> usize {
        let holder = |path: &'_ String| path.rfind('/').map(|end| path[..end].to_owned());
        let holders: FxHashSet<String> = self.numbers.keys().filter_map(holder).collect();
        self.numbers.keys().filter(|path| !holders.contains(*path)).count()
    }

    fn name(&self, path: &str) -> String {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let mut start = 0;
        let mut names = Vec::new();
        for end in ends {
            let (holder, part) = (path[..start].trim_end_matches('/'), &path[start..end]);
            let position = part.parse::<usize>().ok().filter(|_| self.lists.contains(holder));
            names.push(match position {
                Some(position) => {
                    self.ids.get(&path[..end]).cloned().unwrap_or_else(|| (position + 1).to_string())
                }
                None => part.to_owned(),
            });
            start = end + 1;
        }
        names.join("/")
    }

    /// Records the line of the value at a path.
    pub(in crate::intake) fn record(&mut self, path: String, line: usize) {
        self.numbers.insert(path, line);
    }

    /// Records that the value at a path is a list.
    pub(in crate::intake) fn record_list(&mut self, path: &str) {
        self.lists.insert(path.to_owned());
    }

    /// Records the id of the element at a path.
    pub(in crate::intake) fn record_id(&mut self, path: &str, id: String) {
        self.ids.insert(path.to_owned(), id);
    }

    pub(super) fn record_table(&mut self, path: &str, table: &DeTable<'_>, starts: &LineStarts) {
        for (key, value) in table {
            let path =
                if path.is_empty() { key.get_ref().to_string() } else { format!("{path}/{}", key.get_ref()) };
            self.numbers.insert(path.clone(), starts.line(key.span().start));
            self.record_inner(&path, value.get_ref(), starts);
        }
    }

    fn record_inner(&mut self, path: &str, value: &DeValue<'_>, starts: &LineStarts) {
        match value {
            DeValue::Table(table) => self.record_table(path, table, starts),
            DeValue::Array(items) => {
                self.lists.insert(path.to_owned());
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}/{index}");
                    self.numbers.insert(path.clone(), starts.line(item.span().start));
                    if let Some(id) = id_of(item.get_ref()) {
                        self.ids.insert(path.clone(), id);
                    }
                    self.record_inner(&path, item.get_ref(), starts);
                }
            }
            _ => {}
        }
    }
}

fn id_of(element: &DeValue<'_>) -> Option<String> {
    match element.as_table()?.get("id")?.get_ref() {
        DeValue::String(id) => Some(id.to_string()),
        _ => None,
    }
}

/// The byte at which each line starts.
pub(in crate::intake) struct LineStarts(pub(super) Vec<usize>);

impl LineStarts {
    pub(in crate::intake) fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect())
    }

    /// The line of a byte, from 1.
    pub(in crate::intake) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }
}
