//! Points after RFC 7946: a collection of features, one a claim whose place has coordinates.

use std::io::Write;

use serde::Serialize;
use serde::ser::SerializeMap;

use super::{Done, Layout};
use crate::ExportError;
use crate::claim::{Article, Claim};
use crate::table::{self, EVENTS};

pub(super) struct GeoJson<W> {
    writer: W,
    records: u64,
}

impl<W: Write> GeoJson<W> {
    pub(super) fn new(mut writer: W) -> Result<Self, ExportError> {
        writer.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self { writer, records: 0 })
    }
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: &'a str,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Geometry {
    r#type: &'static str,
    coordinates: [f64; 2],
}

struct Properties<'a> {
    claim: &'a Claim<'a>,
    precision: u8,
}

impl Serialize for Properties<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(EVENTS.columns.len() + 1))?;
        map.serialize_entry("approximate", &(self.precision > 1))?;
        for column in EVENTS.columns {
            map.serialize_entry(column.name, &serde_json::Value::from((column.get)(self.claim, 0)))?;
        }
        map.end()
    }
}

impl<W: Write> Layout<W> for GeoJson<W> {
    fn claim(&mut self, _: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        let Some(point) = claim.point else {
            return Ok(Some(if claim.places.is_empty() {
                "no place is stated"
            } else {
                "the place has no coordinates"
            }));
        };
        let feature = Feature {
            r#type: "Feature",
            id: &claim.id,
            geometry: Geometry { r#type: "Point", coordinates: [point.longitude, point.latitude] },
            properties: Properties { claim, precision: point.precision },
        };
        self.writer.write_all(if self.records == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.writer, &feature)?;
        self.records += 1;
        Ok(None)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        self.writer.write_all(b"\n]}\n")?;
        Ok(vec![Done { writer: self.writer, records: self.records }])
    }
}

pub(super) fn schema() -> serde_json::Value {
    let mut properties = table::json_schema(&EVENTS);
    properties["properties"]["approximate"] = serde_json::json!({
        "type": "boolean", "description": "whether the point stands for an area: where_prec is more than 1",
    });
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "isnad geojson 1",
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": { "const": "FeatureCollection" },
            "features": { "type": "array", "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": { "const": "Feature" },
                    "id": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
                    "geometry": {
                        "type": "object",
                        "properties": {
                            "type": { "const": "Point" },
                            "coordinates": {
                                "type": "array",
                                "prefixItems": [
                                    { "type": "number", "minimum": -180, "maximum": 180 },
                                    { "type": "number", "minimum": -90, "maximum": 90 },
                                ],
                                "minItems": 2, "maxItems": 2,
                            },
                        },
                        "required": ["type", "coordinates"],
                    },
                    "properties": properties,
                },
            } },
        },
    })
}
