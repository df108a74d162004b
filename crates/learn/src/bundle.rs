use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Model, ModelError};

const MAGIC: &[u8; 8] = b"ISNADML1";

/// Several named models in one file, as shipped with the program.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    models: BTreeMap<String, Model>,
}

impl Bundle {
    /// Reads a bundle in place.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        if bytes.get(..8) != Some(MAGIC) {
            return Err(ModelError::Magic);
        }
        let word = |at: usize| -> Result<usize, ModelError> {
            let b = bytes.get(at..at + 4).ok_or(ModelError::Damaged)?;
            Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
        };
        let mut at = 12;
        let mut models = BTreeMap::new();
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
            models.insert(name, Model::from_bytes(part)?);
            at += len;
        }
        Ok(Self { models })
    }

    /// Writes named models in the layout that [`Bundle::from_bytes`] reads.
    pub fn to_bytes(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((parts.len() as u32).to_le_bytes());
        for (name, bytes) in parts {
            out.extend((name.len() as u32).to_le_bytes());
            out.extend((bytes.len() as u32).to_le_bytes());
            out.extend(name.as_bytes());
            out.extend(bytes);
        }
        out
    }

    /// The model of this name.
    pub fn get(&self, name: &str) -> Option<&Model> {
        self.models.get(name)
    }

    /// The model of this name, or an error that says which is missing.
    pub fn need(&self, name: &str) -> Result<Model, ModelError> {
        self.models.get(name).cloned().ok_or_else(|| ModelError::Missing(name.into()))
    }
}
