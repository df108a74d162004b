//! Numbers in JSON: whole ones without a decimal point.

/// For `Option<f64>`.
pub mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes whole numbers as integers.
    #[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)] // the signature serde asks for
    pub fn serialize<S: Serializer>(value: &Option<f64>, s: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(v) if v.fract() == 0.0 && v.abs() < 9e15 => (*v as i64).serialize(s),
            other => other.serialize(s),
        }
    }

    /// Reads either.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<f64>, D::Error> {
        Option::<f64>::deserialize(d)
    }
}
