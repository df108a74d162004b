//! Records in little room: JSON, compressed.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Trade of time for room; 3 packs faster than articles are read.
const LEVEL: i32 = 3;

/// Packs a record.
pub fn pack(record: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_vec(record).expect("records serialise");
    zstd::bulk::compress(&json, LEVEL).expect("packing in memory does not fail")
}

/// Unpacks a record; the error says what is wrong with it.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let json = zstd::stream::decode_all(bytes).map_err(|e| format!("cannot be unpacked: {e}"))?;
    serde_json::from_slice(&json).map_err(|e| format!("is not a record of this version: {e}"))
}
