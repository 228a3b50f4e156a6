//! The canonical form of a value: JSON with sorted keys, UTF-8; pretty for people, compact for digests.
//!
//! A case of a thousand hazards is several megabytes of it, and digests are taken of them at every
//! command. So the text is written straight away in the order that the fields are declared in, and the
//! members of each object are put into order when it ends. The text is the same as by way of
//! [`serde_json::Value`], without a tree.

use super::digest::FieldPath;
use serde::Serialize;
use serde_json::ser::Formatter;
use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Write};

/// The canonical form of a value for people: indented, one line feed at the end.
pub(super) fn pretty<T: Serialize>(value: &T) -> Vec<u8> {
    let mut text = write(value, Page { pretty: true, ..Page::default() });
    text.push(b'\n');
    text
}

/// What a digest is taken of: no space, no field that holds nothing, and none of these fields.
///
/// A field without a value says as much as a field that is not there. So an engine that knows a further field takes
/// the same digest of a case that does not have it.
pub(super) fn content<T: Serialize>(value: &T, left_out: &[FieldPath]) -> Vec<u8> {
    write(value, Page { left_out, sparse: true, ..Page::default() })
}

fn write<T: Serialize>(value: &T, page: Page<'_>) -> Vec<u8> {
    let page = RefCell::new(page);
    let written = value.serialize(&mut serde_json::Serializer::with_formatter(Pen(&page), Layout(&page)));
    debug_assert!(written.is_ok(), "every value of the domain has a JSON form");
    page.into_inner().text
}

/// The text so far, and where the members of the objects stand that are not finished.
#[derive(Default)]
struct Page<'a> {
    text: Vec<u8>,
    pretty: bool,
    /// Members whose value is `null` are not written. Only where nothing is written between names and values but a
    /// colon.
    sparse: bool,
    /// How many lists and objects are not finished.
    depth: usize,
    /// Those of the outermost object first. The last member of an object is the one being written.
    members: Vec<Member>,
    /// Where in `members` those of each unfinished object begin.
    objects: Vec<usize>,
    left_out: &'a [FieldPath],
    /// How deep the field stands that is left out and whose value is being passed over.
    muted: Option<usize>,
    /// Room to put members into order in.
    sorted: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Member {
    start: usize,
    end_of_key: usize,
    end: usize,
    /// Whether the name is written otherwise than it is, which few are; names are compared again and again.
    escaped: bool,
}

impl Page<'_> {
    fn write(&mut self, bytes: &[u8]) {
        if self.muted.is_none() {
            self.text.extend_from_slice(bytes);
        }
    }

    fn begin(&mut self, bracket: u8) {
        self.depth += 1;
        self.write(&[bracket]);
    }

    fn begin_object(&mut self) {
        if self.muted.is_none() {
            self.objects.push(self.members.len());
        }
        self.begin(b'{');
    }

    fn begin_part(&mut self, first: bool) {
        if self.muted.is_some() {
            return;
        }
        if !first {
            self.text.push(b',');
        }
        self.new_line();
    }

    fn end(&mut self, bracket: u8) {
        self.depth -= 1;
        if self.muted.is_some() {
            return;
        }
        if !matches!(self.text.last(), Some(b'[' | b'{')) {
            self.new_line();
        }
        self.text.push(bracket);
    }

    fn new_line(&mut self) {
        if self.pretty {
            self.text.push(b'\n');
            self.text.resize(self.text.len() + 2 * self.depth, b' ');
        }
    }

    fn colon(&mut self) {
        self.text.extend_from_slice(if self.pretty { b": " } else { b":" });
    }

    fn begin_member(&mut self) {
        if self.muted.is_some() {
            return;
        }
        let start = self.text.len();
        self.members.push(Member { start, end_of_key: start, end: start, escaped: false });
    }

    fn end_key(&mut self) {
        if self.muted.is_some() {
            return;
        }
        let end_of_key = self.text.len();
        if let Some(member) = self.members.last_mut() {
            member.end_of_key = end_of_key;
            member.escaped = self.text[member.start..end_of_key].contains(&b'\\');
        }
        self.colon();
    }

    fn begin_value(&mut self) {
        if self.muted.is_none() && self.left_out.iter().any(|path| self.is_at(path)) {
            self.text.extend_from_slice(b"null");
            self.muted = Some(self.depth);
        }
    }

    fn end_value(&mut self) {
        if self.muted == Some(self.depth) {
            self.muted = None;
        }
        if self.muted.is_none()
            && let Some(member) = self.members.last_mut()
        {
            member.end = self.text.len();
        }
    }

    /// Whether the member being written is the one with this path.
    fn is_at(&self, path: &[&str]) -> bool {
        let ends = self.objects.iter().skip(1).copied().chain([self.members.len()]);
        self.objects.len() == path.len()
            && ends.zip(path).all(|(end, name)| *self.members[end - 1].key(&self.text) == *name.as_bytes())
    }

    /// Puts the members of the innermost object into order, without those that are left out. Between any two stands
    /// the same.
    fn end_object(&mut self) {
        if self.muted.is_some() {
            return;
        }
        let first = self.objects.pop().unwrap_or_default();
        let Self { text, members, sorted, sparse, .. } = self;
        let own = &mut members[first..];
        let is_out = |member: &Member| *sparse && member.is_null(text);
        let in_order = own.is_sorted_by(|one, two| one.key(text) <= two.key(text));
        if let [one, rest @ ..] = &*own
            && (!in_order || own.iter().any(is_out))
        {
            let start = one.start;
            let between = rest.first().map_or(0..0, |two| one.end..two.start);
            own.sort_by(|one, two| one.key(text).cmp(&two.key(text)));
            sorted.clear();
            for member in own.iter().filter(|member| !is_out(member)) {
                if !sorted.is_empty() {
                    sorted.extend_from_slice(&text[between.clone()]);
                }
                sorted.extend_from_slice(&text[member.start..member.end]);
            }
            text.truncate(start);
            text.extend_from_slice(sorted);
        }
        members.truncate(first);
    }
}

impl Member {
    fn is_null(&self, text: &[u8]) -> bool {
        const COLON: usize = 1;
        text[self.end_of_key + COLON..self.end] == *b"null"
    }

    fn key<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let quoted = &text[self.start..self.end_of_key];
        if self.escaped
            && let Ok(key) = serde_json::from_slice::<String>(quoted)
        {
            return Cow::Owned(key.into_bytes());
        }
        Cow::Borrowed(&quoted[1..quoted.len() - 1])
    }
}

/// What the serializer writes names, texts and numbers with.
struct Pen<'a, 'b>(&'a RefCell<Page<'b>>);

impl Write for Pen<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().write(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tells the page where lists, objects and their parts begin and end.
struct Layout<'a, 'b>(&'a RefCell<Page<'b>>);

impl Formatter for Layout<'_, '_> {
    fn begin_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().begin(b'[');
        Ok(())
    }

    fn end_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end(b']');
        Ok(())
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        self.0.borrow_mut().begin_part(first);
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().begin_object();
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let mut page = self.0.borrow_mut();
        page.end_object();
        page.end(b'}');
        Ok(())
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        let mut page = self.0.borrow_mut();
        page.begin_part(first);
        page.begin_member();
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end_key();
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().begin_value();
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end_value();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// The same by way of a tree, whose maps are sorted.
    fn by_way_of_a_tree<T: Serialize>(value: &T) -> String {
        let value = serde_json::to_value(value).expect("a value of a test");
        format!("{value:#}\n")
    }

    fn without_nulls(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(without_nulls),
            Value::Object(members) => {
                members.values_mut().for_each(without_nulls);
                members.retain(|_, member| !member.is_null());
            }
            _ => {}
        }
    }

    fn text(written: Vec<u8>) -> String {
        String::from_utf8(written).expect("JSON is UTF-8")
    }

    /// An object whose members stand as they are given.
    #[derive(Debug, Clone)]
    enum Unsorted {
        Leaf(Value),
        List(Vec<Self>),
        Object(Vec<(String, Self)>),
    }

    impl Serialize for Unsorted {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Leaf(value) => value.serialize(serializer),
                Self::List(values) => values.serialize(serializer),
                Self::Object(members) => {
                    serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
                }
            }
        }
    }

    fn unsorted() -> impl Strategy<Value = Unsorted> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_map(Unsorted::Leaf).prop_recursive(4, 40, 6, |inner| {
            let members = prop::collection::hash_map(
                prop_oneof!["[a-c\"\\\\\n]{0,3}", any::<String>()],
                inner.clone(),
                0..6,
            );
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Unsorted::List),
                members.prop_map(|members| Unsorted::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_text_is_that_of_the_tree(value in unsorted()) {
            prop_assert_eq!(text(pretty(&value)), by_way_of_a_tree(&value));
            let mut tree = serde_json::to_value(&value).expect("a value of a test");
            without_nulls(&mut tree);
            prop_assert_eq!(text(content(&value, &[])), tree.to_string());
        }
    }

    #[test]
    fn a_field_that_is_left_out_is_written_as_if_it_held_nothing() {
        const LEFT_OUT: &[FieldPath] = &[&["b", "list", "date"], &["b", "a"]];
        let filled = json!({
            "a": [1], "b": {"a": {"a": 1}, "list": [{"date": "2026", "x": {"date": 1}}, {"date": 2}]}, "date": 3,
        });
        let left = json!({ "a": [1], "b": {"list": [{"x": {"date": 1}}, {}]}, "date": 3 });
        assert_eq!(text(content(&filled, LEFT_OUT)), left.to_string());
    }
}
