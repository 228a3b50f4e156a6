//! Collects the texts of a value in one pass over what it serialises as, without a JSON tree: the texts
//! are copied into one string, and what they stand in into one list.

use super::{Found, Holder, Name, Step, Texts};
use serde::Serialize;
use serde::ser::{self, Serializer};
use std::ops::Range;

/// Where a value stands: in what, and which part of it.
type At = (Option<u32>, Step);

#[derive(Default)]
pub(super) struct Collector {
    texts: Texts,
    /// Where the next value stands; nowhere for the root.
    at: Option<At>,
}

impl Collector {
    /// The texts of a value that stands in a field of this name, or nowhere.
    pub(super) fn collect(value: &impl Serialize, field: Option<&'static str>) -> Texts {
        let mut collector = Self { at: field.map(|field| (None, Step::Field(field))), ..Self::default() };
        let collected = value.serialize(&mut collector);
        debug_assert!(collected.is_ok(), "every value of the domain can be serialised");
        collector.texts
    }

    fn copy(&mut self, text: &str) -> Range<usize> {
        let start = self.texts.all.len();
        self.texts.all.push_str(text);
        start..self.texts.all.len()
    }

    fn text(&mut self, text: &str) {
        let range = self.copy(text);
        let Some((within, step)) = self.at else { return };
        if let Step::Field(field @ ("key" | "id" | "clause")) = step {
            self.call(within, field, &range);
            if field == "key" {
                // The key repeats the id; what it says is looked at there.
                return;
            }
        } else if matches!(step, Step::Field("from")) {
            self.call_of(within, &range);
        }
        self.texts.found.push(Found { within, step, text: range });
    }

    /// An element of a list is called by its key, else by its id or by the clause that it answers.
    fn call(&mut self, holder: Option<u32>, field: &str, text: &Range<usize>) {
        match self.element(holder) {
            Some(Step::Element { name: Some(name), .. }) if field == "key" => {
                self.texts.names[name as usize].text = text.clone();
            }
            Some(Step::Element { name: None, .. }) => self.name(holder, text.clone()),
            _ => {}
        }
    }

    /// A hazard that was received is its sender's, and two senders may use one id.
    fn call_of(&mut self, holder: Option<u32>, text: &Range<usize>) {
        let list = holder.and_then(|index| self.texts.holders[index as usize].within);
        let is_received = list.is_some_and(|index| {
            matches!(
                self.texts.holders[index as usize],
                Holder { within: None, step: Step::Field("received") }
            )
        });
        if is_received && let Some(Step::Element { name: Some(name), .. }) = self.element(holder) {
            self.texts.names[name as usize].sender = Some(text.clone());
        }
    }

    fn element(&self, holder: Option<u32>) -> Option<Step> {
        holder.map(|index| self.texts.holders[index as usize].step)
    }

    /// Gives a holder without a name this one.
    fn name(&mut self, holder: Option<u32>, text: Range<usize>) {
        let new = self.new_name(text);
        if let Some(index) = holder
            && let Step::Element { name, .. } = &mut self.texts.holders[index as usize].step
        {
            *name = Some(new);
        }
    }

    fn new_name(&mut self, text: Range<usize>) -> u32 {
        self.texts.names.push(Name { text, sender: None });
        last(&self.texts.names)
    }

    fn parts(&mut self) -> Parts<'_> {
        let holder = self.at.take().map(|(within, step)| {
            self.texts.holders.push(Holder { within, step });
            last(&self.texts.holders)
        });
        Parts { collector: self, holder, elements: 0, key: 0 }
    }

    /// A variant that holds something is an object of one field.
    fn variant(&mut self, name: &'static str) {
        let Parts { holder, .. } = self.parts();
        self.at = Some((holder, Step::Field(name)));
    }
}

/// The parts of a list or an object, one after the other.
pub(super) struct Parts<'a> {
    collector: &'a mut Collector,
    holder: Option<u32>,
    elements: u32,
    key: u32,
}

/// The index of the last element. It fits: four billion of them would not fit into the memory of any machine that
/// this runs on.
fn last<T>(list: &[T]) -> u32 {
    u32::try_from(list.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

impl Parts<'_> {
    fn part<T: ?Sized + Serialize>(&mut self, step: Step, value: &T) -> Result<(), Error> {
        self.collector.at = Some((self.holder, step));
        value.serialize(&mut *self.collector)
    }

    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.elements += 1;
        self.part(Step::Element { number: self.elements, name: None }, value)
    }
}

/// Nothing here fails; serde asks for an error that could be made of a message.
type Error = serde_json::Error;

macro_rules! holds_no_text {
    ($($method:ident($kind:ty))*) => {
        $(fn $method(self, _: $kind) -> Result<(), Error> {
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Collector {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    holds_no_text! {
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64)
        serialize_bytes(&[u8]) serialize_unit_struct(&'static str)
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        self.text(text);
        Ok(())
    }

    fn serialize_char(self, text: char) -> Result<(), Error> {
        self.serialize_str(text.encode_utf8(&mut [0; 4]))
    }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    /// A word of ours, which nobody wrote.
    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant);
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        self.variant(variant);
        Ok(self.parts())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        self.variant(variant);
        Ok(self.parts())
    }
}

macro_rules! list {
    ($($list:ident $element:ident)*) => {
        $(impl ser::$list for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })*
    };
}

list! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

macro_rules! fields {
    ($($object:ident)*) => {
        $(impl ser::$object for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                field: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.part(Step::Field(field), value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })*
    };
}

fields! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Error> {
        let key = serde_json::to_value(key)?;
        let key = self.collector.copy(&key.as_str().map_or_else(|| key.to_string(), str::to_owned));
        self.key = self.collector.new_name(key);
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.part(Step::Entry(self.key), value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}
