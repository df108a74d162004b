//! Gold annotations, and the scores of readings against them: the same figures as the project's reference scorer.

pub mod gold;
pub mod score;

pub use gold::{Gold, GoldError, GoldEvent, GoldStatement, load};
pub use score::{F1, LAYERS, Scores, score_article};
