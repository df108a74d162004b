//! What an article reports, and what it only tells in passing.
//!
//! Two articles that tell of one happening need not report the same: one brings it as its news, the other recalls it far down,
//! or days later, as what went before. An article **reports** a happening when one of its claims of it stands in the
//! headline or the first lines, or in a sentence that shares words with the headline, and the happening was not told of more
//! than [`NEWS_DAYS`] days earlier. What no article reports so is reported by the one that told it first.
//!
//! The mark says how an article tells of something, not how true or how weighty it is; all claims count for outlets, ways and
//! origins. It is worked out when a happening is gathered, from all its claims, so it does not hang on the order in which
//! articles were added.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::happenings::Member;

/// Days from the first telling within which a happening is news; those within which it is looked for.
pub const NEWS_DAYS: i32 = crate::happenings::NEAR_DAYS;

/// Why a claim is told in passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passing {
    /// None of the article's claims of it stands in the headline or the first lines, or in words of the headline.
    Below,
    /// It was first told of so many days before.
    Days(i32),
}

impl fmt::Display for Passing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below => write!(f, "stands below the first lines, in other words than the headline's"),
            Self::Days(n) => write!(f, "was first told of {n} days before"),
        }
    }
}

/// Marks what is told in passing.
pub(crate) fn mark(members: &mut [Member]) {
    let first = members.iter().filter_map(|m| m.claim.published).min();
    let mut articles: BTreeMap<u64, Option<Passing>> = BTreeMap::new();
    for m in members.iter() {
        let passing = articles.entry(m.claim.document).or_insert(Some(Passing::Below));
        if m.claim.prominent {
            *passing = None;
        }
    }
    for m in members.iter() {
        let days = m.claim.published.zip(first).map_or(0, |(day, first)| day.saturating_sub(first));
        if days > NEWS_DAYS {
            articles.insert(m.claim.document, Some(Passing::Days(days)));
        }
    }
    if articles.values().all(Option::is_some)
        && let Some(m) = members.iter().min_by_key(|m| (m.claim.published.is_none(), m.claim.published, m.number))
    {
        articles.insert(m.claim.document, None);
    }
    for m in members {
        m.passing = articles[&m.claim.document];
    }
}
