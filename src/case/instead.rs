//! A value in which something else stands in the place of one field.
//!
//! The field itself is never looked at: the hazards of a log are nearly all of a case, and their digests stand for
//! them.

use serde::ser::{Error, Impossible, SerializeStruct};
use serde::{Serialize, Serializer};

/// A struct, seen with `other` in the place of the field at `path`, which leads through structs alone.
pub(super) struct Instead<'a, T: ?Sized, R> {
    pub value: &'a T,
    pub path: &'static [&'static str],
    pub other: &'a R,
}

impl<T: Serialize + ?Sized, R: Serialize> Serialize for Instead<'_, T, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.path.split_first() {
            Some((field, path)) => self.value.serialize(Outer { serializer, field, path, other: self.other }),
            None => self.other.serialize(serializer),
        }
    }
}

/// Takes structs alone.
struct Outer<'a, S, R> {
    serializer: S,
    field: &'static str,
    /// The way on from the field.
    path: &'static [&'static str],
    other: &'a R,
}

/// The fields of a struct on the way.
struct Fields<'a, S, R> {
    inner: S,
    field: &'static str,
    path: &'static [&'static str],
    other: &'a R,
}

impl<S: SerializeStruct, R: Serialize> SerializeStruct for Fields<'_, S, R> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        if key == self.field {
            let value = Instead { value, path: self.path, other: self.other };
            return self.inner.serialize_field(key, &value);
        }
        self.inner.serialize_field(key, value)
    }

    fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
        self.inner.skip_field(key)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

fn no_struct<T, E: Error>() -> Result<T, E> {
    Err(E::custom("a field is looked for in what is no struct"))
}

macro_rules! refuse {
    ($($method:ident($($argument:ty),*) -> $given:ident;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<Self::$given, S::Error> { no_struct() })*
    };
}

impl<'a, S: Serializer, R: Serialize> Serializer for Outer<'a, S, R> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeStruct = Fields<'a, S::SerializeStruct, R>;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let Self { serializer, field, path, other } = self;
        Ok(Fields { inner: serializer.serialize_struct(name, len)?, field, path, other })
    }

    refuse! {
        serialize_bool(bool) -> Ok;
        serialize_i8(i8) -> Ok;
        serialize_i16(i16) -> Ok;
        serialize_i32(i32) -> Ok;
        serialize_i64(i64) -> Ok;
        serialize_u8(u8) -> Ok;
        serialize_u16(u16) -> Ok;
        serialize_u32(u32) -> Ok;
        serialize_u64(u64) -> Ok;
        serialize_f32(f32) -> Ok;
        serialize_f64(f64) -> Ok;
        serialize_char(char) -> Ok;
        serialize_str(&str) -> Ok;
        serialize_bytes(&[u8]) -> Ok;
        serialize_none() -> Ok;
        serialize_unit() -> Ok;
        serialize_unit_struct(&'static str) -> Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> Ok;
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_map(Option<usize>) -> SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }

    fn serialize_some<T: ?Sized + Serialize>(self, _: &T) -> Result<S::Ok, S::Error> {
        no_struct()
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        no_struct()
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        no_struct()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Serialize)]
    struct Case {
        name: &'static str,
        log: Log,
    }

    #[derive(Serialize)]
    struct Log {
        hazards: NeverSeen,
        owner: Option<&'static str>,
    }

    struct NeverSeen;

    impl Serialize for NeverSeen {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("it was looked at"))
        }
    }

    #[test]
    fn something_else_stands_in_the_place_of_a_field_that_is_not_looked_at() {
        let case = Case { name: "x", log: Log { hazards: NeverSeen, owner: None } };
        let seen = |path| serde_json::to_value(Instead { value: &case, path, other: &["digest"] });
        assert_eq!(
            seen(&["log", "hazards"]).unwrap(),
            json!({"name": "x", "log": {"hazards": ["digest"], "owner": null}})
        );
        assert!(seen(&["name", "hazards"]).is_err(), "a text has no fields");
        assert!(seen(&["log", "owner"]).is_err(), "all others are looked at");
    }
}
