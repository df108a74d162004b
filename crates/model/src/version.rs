use std::fmt;

use serde::{Deserialize, Serialize};

/// What made a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version {
    /// Version of the reader's code.
    pub reader: String,
    /// Fingerprint of the weights.
    pub weights: String,
    /// Fingerprint of the lexicon, with that of an overlay after `+`.
    pub lexicon: String,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reader {}, weights {}, lexicon {}", self.reader, self.weights, self.lexicon)
    }
}
