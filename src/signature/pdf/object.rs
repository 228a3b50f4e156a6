//! The kinds of value that a PDF is made of (ISO 32000-1, 7.3).

use super::super::SignatureError;
use super::document::unsuited;
use std::collections::BTreeMap;
use std::io::Read as _;

/// What an object is referred to by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    pub number: u32,
    pub generation: u16,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

/// A value. Two are equal when they say the same, however that was written; only a real number is kept as it was
/// written, so that what is copied is not rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number with a point, as it was written.
    Real(String),
    /// The bytes that a string stands for; see [`text`](super::text) for those that are text.
    String(Vec<u8>),
    /// A name, without its slash and its escapes.
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Stream(Stream),
    Reference(Reference),
}

impl Object {
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A number to at most four places, which is far below what anybody can see.
    #[must_use]
    pub fn number(value: f64) -> Self {
        let digits = format!("{value:.4}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        digits.parse().map_or_else(|_| Self::Real(digits.to_owned()), Self::Integer)
    }

    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own == name.as_bytes())
    }

    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => value.to_string().parse().ok(),
            Self::Real(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_string(&self) -> Option<&[u8]> {
        match self {
            Self::String(bytes) => Some(bytes),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// A dictionary; of a stream, the one that it begins with.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }
}

impl From<i64> for Object {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Vec<Object>> for Object {
    fn from(items: Vec<Object>) -> Self {
        Self::Array(items)
    }
}

impl From<Dict> for Object {
    fn from(dict: Dict) -> Self {
        Self::Dict(dict)
    }
}

impl From<Stream> for Object {
    fn from(stream: Stream) -> Self {
        Self::Stream(stream)
    }
}

impl From<Reference> for Object {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

/// A dictionary, its entries in the order in which they stand.
#[derive(Debug, Clone, Default, Eq)]
pub struct Dict(Vec<(Vec<u8>, Object)>);

/// The order of entries says nothing.
impl PartialEq for Dict {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.by_key() == other.by_key()
    }
}

impl Dict {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A dictionary that says what it is.
    #[must_use]
    pub fn of_type(name: &str) -> Self {
        Self::new().with("Type", Object::name(name))
    }

    fn find(&self, key: &[u8]) -> Option<&Object> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.find(key.as_bytes())
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets an entry, in the place of the one of this key where there is one.
    pub fn set(&mut self, key: &str, value: impl Into<Object>) {
        let value = value.into();
        match self.0.iter_mut().find(|(own, _)| own == key.as_bytes()) {
            Some((_, own)) => *own = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.set(key, value);
        self
    }

    pub fn remove(&mut self, key: &str) -> Option<Object> {
        let at = self.0.iter().position(|(own, _)| own == key.as_bytes())?;
        Some(self.0.remove(at).1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// A dictionary that was read; else which of the entries has a key for the second time.
    pub(super) fn of_entries(entries: Vec<(Vec<u8>, Object)>) -> Result<Self, usize> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|index| &entries[*index].0);
        let doubles = order.windows(2).filter(|two| entries[two[0]].0 == entries[two[1]].0);
        match doubles.map(|two| two[1]).min() {
            Some(double) => Err(double),
            None => Ok(Self(entries)),
        }
    }

    /// The entries sorted, since a dictionary of somebody else's making can have a great many.
    #[must_use]
    pub fn by_key(&self) -> BTreeMap<&[u8], &Object> {
        self.iter().collect()
    }

    /// The same dictionary with other values.
    pub fn try_map<E>(&self, mut map: impl FnMut(&Object) -> Result<Object, E>) -> Result<Self, E> {
        let entries = self.0.iter().map(|(key, value)| Ok((key.clone(), map(value)?)));
        Ok(Self(entries.collect::<Result<_, E>>()?))
    }
}

/// A dictionary with data: the bytes as they lie in the file, still encoded by the filters that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    pub dict: Dict,
    pub data: Vec<u8>,
}

impl Stream {
    /// The data without the packing that the dictionary names; refused where that is more than `limit` bytes, so that
    /// a few cannot unpack to more than the memory holds. `what` it is, is for the words of an error.
    pub fn unpacked(&self, what: &str, limit: usize) -> Result<Vec<u8>, SignatureError> {
        let too_large = || unsuited(&format!("{what} is larger than {limit} bytes"));
        match self.dict.get("Filter") {
            None if self.data.len() > limit => Err(too_large()),
            None => Ok(self.data.clone()),
            Some(filter) if filter.is_name("FlateDecode") && !self.dict.has("DecodeParms") => {
                let mut data = Vec::new();
                let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
                let mut decoder = flate2::read::ZlibDecoder::new(self.data.as_slice()).take(most);
                decoder
                    .read_to_end(&mut data)
                    .map_err(|_| unsuited(&format!("{what} cannot be unpacked")))?;
                if data.len() > limit { Err(too_large()) } else { Ok(data) }
            }
            Some(_) => Err(unsuited(&format!("{what} is packed in a way that is not known here"))),
        }
    }
}
