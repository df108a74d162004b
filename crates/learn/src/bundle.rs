use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Model, ModelError};

const MAGIC: &[u8; 8] = b"ISNADML2";

/// Several named parts (models, tables) in one file, as shipped with the program.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    parts: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Bundle {
    /// Reads a bundle in place.
    #[allow(clippy::needless_pass_by_value)] // parts are cut out of it
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        if bytes.get(..8) != Some(MAGIC) {
            return Err(ModelError::Magic);
        }
        let word = |at: usize| -> Result<usize, ModelError> {
            let b = bytes.get(at..at + 4).ok_or(ModelError::Damaged)?;
            Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
        };
        let mut at = 12;
        let mut parts = BTreeMap::new();
        for _ in 0..word(8)? {
            let (name_len, len) = (word(at)?, word(at + 4)?);
            at += 8;
            let name = bytes.get(at..at + name_len).ok_or(ModelError::Damaged)?;
            let name = std::str::from_utf8(name).map_err(|_| ModelError::Damaged)?.to_string();
            at += name_len;
            if bytes.len() < at + len {
                return Err(ModelError::Damaged);
            }
            let part = match &bytes {
                Cow::Borrowed(b) => Cow::Borrowed(&b[at..at + len]),
                Cow::Owned(b) => Cow::Owned(b[at..at + len].to_vec()),
            };
            parts.insert(name, part);
            at += len;
        }
        Ok(Self { parts })
    }

    /// Writes the layout that [`Bundle::from_bytes`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.parts.len() as u32).to_le_bytes());
        for (name, bytes) in &self.parts {
            out.extend((name.len() as u32).to_le_bytes());
            out.extend((bytes.len() as u32).to_le_bytes());
            out.extend(name.as_bytes());
            out.extend(bytes.iter());
        }
        out
    }

    /// Puts a part in, or another in its place.
    pub fn insert(&mut self, name: &str, bytes: Vec<u8>) {
        self.parts.insert(name.to_string(), Cow::Owned(bytes));
    }

    /// The bytes of the part of this name.
    pub fn part(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        self.parts.get(name).cloned()
    }

    /// The names of all parts with their sizes in bytes.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, usize)> {
        self.parts.iter().map(|(n, b)| (n.as_str(), b.len()))
    }

    /// The model of this name; none where the bundle lacks it.
    pub fn model(&self, name: &str) -> Result<Option<Model>, ModelError> {
        self.part(name).map(Model::from_bytes).transpose()
    }
}
