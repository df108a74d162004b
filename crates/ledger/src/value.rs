//! Values that go into and come out of either database.

use std::borrow::Cow;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// Words; never with NUL, which PostgreSQL does not take.
    Text(Cow<'static, str>),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// Words of a document: NUL becomes U+FFFD.
    pub fn text(s: &str) -> Self {
        Self::Text(Cow::Owned(if s.contains('\0') { s.replace('\0', "\u{fffd}") } else { s.to_string() }))
    }

    /// Words, or nothing.
    pub fn text_or_null(s: Option<&str>) -> Self {
        s.map_or(Self::Null, Self::text)
    }

    /// A number as a number, nothing as nothing.
    pub fn int_or_null(n: Option<i64>) -> Self {
        n.map_or(Self::Null, Self::Int)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<&'static str> for Value {
    fn from(s: &'static str) -> Self {
        Self::Text(Cow::Borrowed(s))
    }
}

/// One row of an answer. Columns are taken from left to right; a value of another kind than asked for reads as none.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Value>);

impl Row {
    /// A row of these values.
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next column as a whole number.
    pub fn int(&mut self) -> Option<i64> {
        match self.0.next() {
            Some(Value::Int(n)) => Some(n),
            _ => None,
        }
    }

    /// The next column as a number.
    pub fn real(&mut self) -> Option<f64> {
        match self.0.next() {
            Some(Value::Real(n)) => Some(n),
            Some(Value::Int(n)) => Some(n as f64),
            _ => None,
        }
    }

    /// The next column as words.
    pub fn text(&mut self) -> Option<String> {
        match self.0.next() {
            Some(Value::Text(s)) => Some(s.into_owned()),
            _ => None,
        }
    }

    /// The next column as bytes.
    pub fn blob(&mut self) -> Option<Vec<u8>> {
        match self.0.next() {
            Some(Value::Blob(b)) => Some(b),
            _ => None,
        }
    }
}
