//! Records in little room: JSON, compressed with a dictionary of what records of the kind begin with or repeat.

use std::cell::RefCell;
use std::io::Read;
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::get_frame_content_size;

/// Trade of time for room.
const LEVEL: i32 = 4;
/// Bytes of a record up to which its own word for its size is believed.
const BELIEVED: u64 = 16 << 20;

/// Kinds of records. The dictionaries are part of the stored form: a ledger written with one is read with that one only.
/// They are invented articles and what was read in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A document.
    Document,
    /// A reading.
    Reading,
}

struct Dictionary {
    plain: &'static [u8],
    to: LazyLock<EncoderDictionary<'static>>,
    from: LazyLock<DecoderDictionary<'static>>,
}

static DOCUMENT: Dictionary = Dictionary {
    plain: include_bytes!("../data/document.dict"),
    to: LazyLock::new(|| EncoderDictionary::copy(DOCUMENT.plain, LEVEL)),
    from: LazyLock::new(|| DecoderDictionary::copy(DOCUMENT.plain)),
};

static READING: Dictionary = Dictionary {
    plain: include_bytes!("../data/reading.dict"),
    to: LazyLock::new(|| EncoderDictionary::copy(READING.plain, LEVEL)),
    from: LazyLock::new(|| DecoderDictionary::copy(READING.plain)),
};

/// What packs and unpacks records of a kind in one thread: to set these up costs more than most records.
struct Workshop {
    packing: Compressor<'static>,
    unpacking: Decompressor<'static>,
}

impl Workshop {
    fn new(dictionary: &'static Dictionary) -> std::io::Result<RefCell<Self>> {
        let packing = Compressor::with_prepared_dictionary(&dictionary.to)?;
        let unpacking = Decompressor::with_prepared_dictionary(&dictionary.from)?;
        Ok(RefCell::new(Self { packing, unpacking }))
    }
}

thread_local! {
    static DOCUMENTS: std::io::Result<RefCell<Workshop>> = Workshop::new(&DOCUMENT);
    static READINGS: std::io::Result<RefCell<Workshop>> = Workshop::new(&READING);
}

impl Kind {
    const fn dictionary(self) -> &'static Dictionary {
        match self {
            Self::Document => &DOCUMENT,
            Self::Reading => &READING,
        }
    }

    fn with<T>(self, work: impl FnOnce(&mut Workshop) -> std::io::Result<T>) -> std::io::Result<T> {
        let shop = match self {
            Self::Document => &DOCUMENTS,
            Self::Reading => &READINGS,
        };
        shop.with(|shop| match shop {
            Ok(shop) => work(&mut shop.borrow_mut()),
            Err(e) => Err(std::io::Error::new(e.kind(), e.to_string())),
        })
    }

    /// Packs a record.
    pub fn pack(self, record: &impl Serialize) -> Vec<u8> {
        let json = serde_json::to_vec(record).expect("records serialise");
        self.with(|shop| shop.packing.compress(&json)).expect("packing in memory does not fail")
    }

    /// Unpacks a record; the error says what is wrong with it.
    pub fn unpack<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, String> {
        let cannot = |e: std::io::Error| format!("cannot be unpacked: {e}");
        let json = match get_frame_content_size(bytes) {
            Ok(Some(size)) if size <= BELIEVED => self.with(|shop| shop.unpacking.decompress(bytes, size as usize)),
            _ => {
                let mut json = Vec::with_capacity(bytes.len() * 6);
                zstd::stream::read::Decoder::with_prepared_dictionary(bytes, &self.dictionary().from)
                    .and_then(|mut d| d.read_to_end(&mut json))
                    .map(|_| json)
            }
        };
        let json = json.map_err(cannot)?;
        serde_json::from_slice(&json).map_err(|e| format!("is not a record of this version: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictionaries_are_those_that_ledgers_were_written_with() {
        let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex()[..16].to_string();
        assert_eq!(hash(DOCUMENT.plain), "9f22a24277c46287");
        assert_eq!(hash(READING.plain), "67894130c6322ac9");
    }

    #[test]
    fn damage_is_told() {
        let packed = Kind::Reading.pack(&model::Reading::default());
        assert!(Kind::Reading.unpack::<model::Reading>(&packed).is_ok());
        assert!(Kind::Reading.unpack::<model::Reading>(&packed[..packed.len() / 2]).is_err());
        assert!(Kind::Reading.unpack::<model::Reading>(b"nonsense").is_err());
    }
}
