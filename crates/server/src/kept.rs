//! A bounded memory of things that cost something to make.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps the latest things up to a weight; the oldest go first.
pub struct Kept<K, V> {
    most: usize,
    state: Mutex<State<K, V>>,
}

struct State<K, V> {
    things: HashMap<K, (Arc<V>, usize)>,
    order: VecDeque<K>,
    weight: usize,
}

impl<K: Clone + Eq + Hash, V> Kept<K, V> {
    /// Keeps things of this weight in all.
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::new(State { things: HashMap::new(), order: VecDeque::new(), weight: 0 }) }
    }

    /// What is kept under a key.
    pub fn get(&self, key: &K) -> Option<Arc<V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).things.get(key).map(|t| Arc::clone(&t.0))
    }

    /// Keeps a thing, unless it is heavier than a quarter of all.
    pub fn put(&self, key: K, thing: Arc<V>, weight: usize) {
        if weight > self.most / 4 {
            return;
        }
        let mut s = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, before)) = s.things.insert(key.clone(), (thing, weight)) {
            s.weight -= before;
        } else {
            s.order.push_back(key);
        }
        s.weight += weight;
        while s.weight > self.most {
            let Some(oldest) = s.order.pop_front() else { break };
            if let Some((_, w)) = s.things.remove(&oldest) {
                s.weight -= w;
            }
        }
    }

    /// Forgets what is kept under these keys.
    pub fn forget(&self, keys: &[K]) {
        let mut s = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some((_, w)) = s.things.remove(key) {
                s.weight -= w;
                s.order.retain(|k| k != key);
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut s = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        s.things.clear();
        s.order.clear();
        s.weight = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_weight_and_forgets_the_oldest() {
        let kept: Kept<u32, u32> = Kept::new(100);
        for i in 0..50 {
            kept.put(i, Arc::new(i), 10);
        }
        assert_eq!((0..50).filter(|i| kept.get(i).is_some()).count(), 10);
        assert_eq!(kept.get(&49).as_deref(), Some(&49));
        kept.put(49, Arc::new(7), 20);
        assert_eq!(kept.get(&49).as_deref(), Some(&7));
        assert!(kept.get(&40).is_none(), "the oldest left");
        kept.put(1000, Arc::new(1), 26);
        assert!(kept.get(&1000).is_none(), "too heavy to be worth it");
        kept.forget(&[49, 48, 1]);
        assert!(kept.get(&49).is_none() && kept.get(&47).is_some());
        for i in 0..8 {
            kept.put(i, Arc::new(i), 10);
        }
        assert!((0..8).all(|i| kept.get(&i).is_some()), "what was forgotten weighs nothing");
        kept.clear();
        assert!(kept.get(&7).is_none());
    }
}
