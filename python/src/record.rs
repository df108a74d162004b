//! Readings as JSON, as the program prints them.

use model::Reading;
use serde_json::Value;

/// A reading with the CAMEO codes that follow from types and modes.
pub fn reading(reading: &Reading) -> String {
    let mut value = serde_json::to_value(reading).unwrap_or_default();
    let events = value.get_mut("events").and_then(Value::as_array_mut).into_iter().flatten();
    for (out, event) in events.zip(&reading.events) {
        out["cameo"] = export::codes::cameo(event.kind, event.mode.as_deref()).into();
    }
    value.to_string()
}
