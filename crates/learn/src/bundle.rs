use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use crate::model::{Model, ModelError};

const MAGIC: &[u8; 8] = b"ISNADML2";
/// First bytes of a packed bundle: of a Zstandard frame.
const PACKED: &[u8; 4] = &[0x28, 0xb5, 0x2f, 0xfd];
/// How closely bundles are packed.
const LEVEL: i32 = 19;
/// Most bytes that a packed bundle may unpack to.
const MOST: u64 = 1 << 30;

/// Several named parts (models, tables). A file has them packed ([`Bundle::packed`]); the program holds them laid out for
/// use ([`Bundle::laid_out`]).
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    parts: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Bundle {
    /// Reads a bundle: in place, or unpacked where it is packed.
    pub fn from_bytes(mut bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        if bytes.starts_with(PACKED) {
            bytes = unpack(&bytes).ok_or(ModelError::Damaged)?.into();
        }
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

    /// The bundle as files have it: every model in its stored layout, all of it compressed. Weights are kept bit for bit.
    pub fn packed(&self) -> std::io::Result<Vec<u8>> {
        let stored = self.mapped(|model| model.to_columns()).map_err(std::io::Error::other)?;
        zstd::bulk::compress(&stored.to_bytes(), LEVEL)
    }

    /// The same parts with every model laid out for look-ups, so that opening it costs nothing.
    pub fn laid_out(&self) -> Result<Self, ModelError> {
        self.mapped(|model| model.as_bytes().to_vec())
    }

    /// The bundle with each model written anew; what is no model stays.
    fn mapped(&self, write: impl Fn(Model) -> Vec<u8>) -> Result<Self, ModelError> {
        let write = |(name, bytes): (&String, &Cow<'static, [u8]>)| {
            let bytes =
                if Model::begins(bytes) { write(Model::from_bytes(bytes.clone())?).into() } else { bytes.clone() };
            Ok((name.clone(), bytes))
        };
        Ok(Self { parts: self.parts.iter().map(write).collect::<Result<_, _>>()? })
    }

    /// Writes the layout that [`Bundle::from_bytes`] reads in place.
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

/// What a packed bundle holds, if it is whole and not too large.
fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut input = zstd::Decoder::new(bytes).ok()?.take(MOST + 1);
    input.read_to_end(&mut out).ok()?;
    (out.len() as u64 <= MOST).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> Bundle {
        let names = ["a", "b"].map(String::from);
        let features: Vec<_> = (1..300u32).map(|k| (k * 7_777_777, vec![k as f32 / 99.0, -0.5])).collect();
        let mut bundle = Bundle::default();
        bundle.insert("model", Model::to_bytes(&names, &[0.0; 6], &features));
        bundle.insert("table", b"no model".to_vec());
        bundle
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let bundle = bundle();
        let packed = bundle.packed().unwrap();
        assert!(packed.len() < bundle.to_bytes().len());
        let again = Bundle::from_bytes(packed.into()).unwrap().laid_out().unwrap();
        assert_eq!(again.part("table"), bundle.part("table"));
        let weights = |b: &Bundle| {
            let mut rows = b.model("model").unwrap().unwrap().features();
            rows.sort_by_key(|r| r.0);
            rows
        };
        assert_eq!(weights(&again), weights(&bundle));
        // and packing it again gives the same bytes
        assert_eq!(again.packed().unwrap(), bundle.packed().unwrap());
    }

    #[test]
    fn what_is_damaged_is_told() {
        let packed = bundle().packed().unwrap();
        for cut in [0, 4, packed.len() / 2, packed.len() - 1] {
            assert!(Bundle::from_bytes(packed[..cut].to_vec().into()).is_err(), "{cut}");
        }
    }
}
