//! What stands beside an export: what it holds, of what it was made, how to check it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Version of the manifest's own form.
pub const MANIFEST_VERSION: u32 = 1;

/// What an export was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Name and version of the program.
    pub program: String,
    /// Version of the reader; `several` where the readings of a ledger differ in it, and so below.
    pub reader: String,
    /// Fingerprint of the program's own lexicon: the first 16 digits of the BLAKE3 hash of its compiled form.
    pub lexicon: String,
    /// The same of the user's overlay, where one was used.
    pub overlay: Option<String>,
    /// Fingerprint of the weights.
    pub weights: String,
}

/// The ledger that an export was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromLedger {
    /// What made the readings in it, in the order of their names.
    pub readings: Vec<ReadBy>,
}

/// What made some of the readings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBy {
    /// Version of the reader.
    pub reader: String,
    /// Fingerprint of the lexicon, `+` that of the overlay where one was used.
    pub lexicon: String,
    /// Fingerprint of the weights.
    pub weights: String,
    /// How many of the documents counted here.
    pub documents: u64,
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Name, without folders.
    pub name: String,
    /// What it holds.
    pub holds: String,
    /// Records in it: rows, lines, features, nodes and edges.
    pub records: u64,
    /// Length.
    pub bytes: u64,
    /// Checksum, as `sha256sum` prints it.
    pub sha256: String,
}

/// What an export holds, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles read.
    pub documents: u64,
    /// Articles in which no event was found.
    pub documents_without_events: u64,
    /// Inputs that could not be read: their silence is no absence.
    pub inputs_not_read: u64,
    /// Events found.
    pub events: u64,
    /// Events that the filters left out.
    pub events_filtered_out: u64,
    /// Events in the export.
    pub events_exported: u64,
    /// Events that passed the filters and that this format cannot hold, by reason.
    pub events_left_out: BTreeMap<String, u64>,
    /// Exported events without a stated day.
    pub events_without_day: u64,
    /// Exported events without coordinates.
    pub events_without_coordinates: u64,
    /// Exported events without an actor.
    pub events_without_actor: u64,
}

/// What stands beside an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub manifest_version: u32,
    /// Name of the format.
    pub format: String,
    /// Version of the format's schema: a new one where a field is renamed, dropped or changes its meaning.
    pub schema_version: u32,
    /// A sentence on what the records are.
    pub note: String,
    /// When it was made (RFC 3339), only where asked for: else the same input gives the same bytes.
    pub created: Option<String>,
    /// What it was made with.
    pub made_with: Provenance,
    /// Where readings come from a ledger: what made them. A ledger may hold readings of several versions; `made_with` then
    /// says `several` where they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<FromLedger>,
    /// The filters, as given; empty: everything.
    pub filters: BTreeMap<String, Vec<String>>,
    /// Options of the format, as given.
    pub options: BTreeMap<String, String>,
    /// Numbers.
    pub counts: Counts,
    /// The files.
    pub files: Vec<FileEntry>,
}
