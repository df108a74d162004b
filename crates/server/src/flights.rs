//! Answers on their way: a question that many ask at once is answered once, and the others take that answer.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// What is being answered now.
pub struct Flights<K: Eq + Hash>(Arc<Mutex<HashMap<K, watch::Sender<()>>>>);

impl<K: Eq + Hash> Default for Flights<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// Whose turn it is.
pub enum Turn<K: Eq + Hash> {
    /// Nobody answers this yet: the caller does, and holds this until the answer is at hand.
    Mine(Flight<K>),
    /// Somebody does, and is done when [`watch::Receiver::changed`] returns.
    Theirs(watch::Receiver<()>),
}

/// Ends the flight when it is dropped, also where the asker went away.
pub struct Flight<K: Eq + Hash> {
    key: K,
    all: Arc<Mutex<HashMap<K, watch::Sender<()>>>>,
}

impl<K: Clone + Eq + Hash> Flights<K> {
    /// Whether the caller is to answer or to wait.
    pub fn turn(&self, key: &K) -> Turn<K> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = all.get(key) {
            return Turn::Theirs(flight.subscribe());
        }
        all.insert(key.clone(), watch::Sender::new(()));
        Turn::Mine(Flight { key: key.clone(), all: Arc::clone(&self.0) })
    }
}

impl<K: Eq + Hash> Drop for Flight<K> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_answers_and_the_others_wait() {
        let flights: Flights<u32> = Flights::default();
        let Turn::Mine(first) = flights.turn(&1) else { panic!("nobody else asks") };
        assert!(matches!(flights.turn(&2), Turn::Mine(_)), "another question is its own");
        let Turn::Theirs(mut done) = flights.turn(&1) else { panic!("it is being answered") };
        assert!(!done.has_changed().expect("still being answered"));
        drop(first);
        assert!(done.changed().await.is_err(), "the end wakes who waits");
        assert!(matches!(flights.turn(&1), Turn::Mine(_)), "what ended may begin anew");
    }
}
