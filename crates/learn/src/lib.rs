//! Linear models over hashed features.
//!
//! One family serves every decision of the reader: a linear-chain conditional random field (Lafferty et al. 2001),
//! of which a plain multi-class decision is the chain of length one. [`Model`] is read in place from its bytes;
//! [`train()`] makes it. Everything is deterministic.

mod bundle;
mod chain;
mod hash;
mod model;
mod rank;
mod train;
mod vector;

pub use bundle::Bundle;
pub use chain::viterbi;
pub use hash::{Features, Key, LEXICAL, Named, feature, key, key_of, lexical, mix, plain};
pub use model::{Model, ModelError};
pub use rank::{Group, train_ranker};
pub use train::{Example, Options, Rng, Trained, train};
