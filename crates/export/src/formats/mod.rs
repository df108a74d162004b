//! The formats.

mod csv;
mod geojson;
mod graphml;
mod jsonld;
#[cfg(feature = "parquet")]
mod parquet;
mod plover;

use std::collections::BTreeMap;
use std::io::Write;

use crate::claim::{Article, Claim};
use crate::{ExportError, Settings};

/// A form of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// PLOVER's JSON fields, one object a line.
    Plover,
    /// Tables.
    Csv,
    /// One table with nested lists, through Arrow.
    Parquet,
    /// Points.
    GeoJson,
    /// Claims and chains as PROV-O.
    JsonLd,
    /// A graph.
    GraphMl,
}

/// Which graph `GraphML` shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Graph {
    /// Who to whom: actors and recipients, an edge a claim.
    #[default]
    Actors,
    /// Who from whom: origins, relays, outlets, an edge a step of a chain.
    Chains,
}

impl Graph {
    /// The code used on the command line and in manifests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Actors => "actors",
            Self::Chains => "chains",
        }
    }
}

/// A file of a format.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What its name has before the ending of the main file; empty for the main file.
    pub suffix: &'static str,
    /// What it holds.
    pub holds: &'static str,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] = [Self::Plover, Self::Csv, Self::Parquet, Self::GeoJson, Self::JsonLd, Self::GraphMl];

    /// The name used on the command line and in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plover => "plover",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::GeoJson => "geojson",
            Self::JsonLd => "jsonld",
            Self::GraphMl => "graphml",
        }
    }

    /// Version of its schema.
    pub const fn version(self) -> u32 {
        1
    }

    /// Its files, the main one first.
    pub const fn parts(self) -> &'static [Part] {
        match self {
            Self::Csv => &[
                Part { suffix: "", holds: "events" },
                Part { suffix: "participants", holds: "participants" },
                Part { suffix: "things", holds: "things" },
                Part { suffix: "chain", holds: "chain" },
            ],
            Self::Plover | Self::Parquet => &[Part { suffix: "", holds: "events" }],
            Self::GeoJson => &[Part { suffix: "", holds: "features" }],
            Self::JsonLd => &[Part { suffix: "", holds: "nodes" }],
            Self::GraphMl => &[Part { suffix: "", holds: "nodes and edges" }],
        }
    }

    /// Its schema as text: JSON Schema, for Parquet Arrow's fields, for `GraphML` its keys.
    pub fn schema(self, graph: Graph) -> Result<String, ExportError> {
        let json = |value: serde_json::Value| serde_json::to_string_pretty(&value).map(|s| s + "\n");
        Ok(match self {
            Self::Plover => plover::SCHEMA.into(),
            Self::Csv => json(csv::schema())?,
            Self::GeoJson => json(geojson::schema())?,
            Self::JsonLd => jsonld::SCHEMA.into(),
            Self::GraphMl => graphml::schema(graph),
            #[cfg(feature = "arrow")]
            Self::Parquet => crate::arrow::schema_text(),
            #[cfg(not(feature = "arrow"))]
            Self::Parquet => return Err(ExportError::NotBuilt("parquet")),
        })
    }

    /// Its options, for a manifest.
    pub(crate) fn options(self, settings: &Settings) -> BTreeMap<String, String> {
        match self {
            Self::GraphMl => [("graph".to_string(), settings.graph.code().to_string())].into(),
            _ => BTreeMap::new(),
        }
    }
}

/// A part that is complete.
pub(crate) struct Done<W> {
    pub(crate) writer: W,
    pub(crate) records: u64,
}

/// How a format lays claims out.
pub(crate) trait Layout<W> {
    /// Called before the claims of an article that has any.
    fn article(&mut self, article: &Article<'_>) -> Result<(), ExportError> {
        let _ = article;
        Ok(())
    }

    /// Writes a claim, or tells why this format cannot hold it.
    fn claim(&mut self, article: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError>;

    /// Writes what comes last.
    fn finish(self: Box<Self>) -> Result<Vec<Done<W>>, ExportError>;
}

/// Begins a format.
pub(crate) fn open<W: Write + Send + 'static>(
    format: Format,
    settings: &Settings,
    mut writers: Vec<W>,
) -> Result<Box<dyn Layout<W>>, ExportError> {
    if format == Format::Csv {
        return Ok(Box::new(csv::Csv::new(writers)?));
    }
    let writer = writers.swap_remove(0);
    Ok(match format {
        Format::Plover | Format::Csv => Box::new(plover::Plover::new(writer, &settings.made_with)),
        Format::GeoJson => Box::new(geojson::GeoJson::new(writer)?),
        Format::JsonLd => Box::new(jsonld::JsonLd::new(writer)?),
        Format::GraphMl => Box::new(graphml::GraphMl::new(writer, settings.graph)?),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(parquet::Parquet::new(writer)?),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(ExportError::NotBuilt("parquet")),
    })
}
