//! Politeness: no host is asked more often than it bears, and one that asks for a pause gets it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When each host may be asked next.
#[derive(Debug, Default)]
pub struct Pace {
    next: Mutex<HashMap<String, Instant>>,
}

impl Pace {
    /// Takes the next turn of a host, `gap` after the one before; how long to wait for it. Turns are handed out at once,
    /// so that threads that wait for one host wait one behind the other. `Err`: the turn is further off than `most`.
    pub fn turn(&self, host: &str, gap: Duration, most: Duration) -> Result<Duration, Duration> {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // what is past says nothing any more; keeps the table small
        if next.len() > 10_000 {
            next.retain(|_, at| *at > now);
        }
        let at = next.get(host).copied().filter(|at| *at > now).unwrap_or(now);
        let wait = at - now;
        if wait > most {
            return Err(wait);
        }
        next.insert(host.to_string(), at + gap);
        Ok(wait)
    }

    /// Nobody asks the host for so long.
    pub fn pause(&self, host: &str, time: Duration) {
        let at = Instant::now() + time.min(Duration::from_secs(24 * 3600));
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = next.entry(host.to_string()).or_insert(at);
        *entry = (*entry).max(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_lie_apart() {
        let (pace, gap, most) = (Pace::default(), Duration::from_secs(2), Duration::from_secs(60));
        assert_eq!(pace.turn("a", gap, most), Ok(Duration::ZERO));
        assert!(pace.turn("a", gap, most).unwrap() > Duration::from_secs(1));
        assert!(pace.turn("a", gap, most).unwrap() > Duration::from_secs(3));
        assert_eq!(pace.turn("b", gap, most), Ok(Duration::ZERO));
        pace.pause("b", Duration::from_secs(1000));
        assert!(pace.turn("b", gap, most).is_err());
    }
}
