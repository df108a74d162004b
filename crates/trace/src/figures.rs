//! Counts with bounds as intervals, and whether two of them can both be right.

use model::Bound;
use serde::{Deserialize, Serialize};

/// A count as said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The number.
    pub count: f64,
    /// How it bounds the true count.
    pub bound: Bound,
}

impl Figure {
    /// The least and the most that it leaves open. «About» leaves a fifth to either side.
    pub fn interval(self) -> (f64, f64) {
        match self.bound {
            Bound::Exact => (self.count, self.count),
            Bound::About => (self.count * 0.8, self.count * 1.2),
            Bound::AtLeast => (self.count, f64::INFINITY),
            Bound::MoreThan => (self.count + f64::EPSILON * self.count.abs().max(1.0), f64::INFINITY),
            Bound::UpTo => (0.0, self.count),
        }
    }

    /// Whether no count fits both.
    pub fn contradicts(self, other: Self) -> bool {
        let ((a, b), (c, d)) = (self.interval(), other.interval());
        b < c || d < a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn f(count: f64, bound: Bound) -> Figure {
        Figure { count, bound }
    }

    #[test]
    fn bounds_are_kept() {
        let at_least_8 = f(8.0, Bound::AtLeast);
        assert!(!at_least_8.contradicts(f(14.0, Bound::Exact)));
        assert!(at_least_8.contradicts(f(6.0, Bound::Exact)));
        assert!(f(12.0, Bound::MoreThan).contradicts(f(12.0, Bound::Exact)));
        assert!(!f(20.0, Bound::About).contradicts(f(18.0, Bound::Exact)));
        assert!(f(10.0, Bound::UpTo).contradicts(f(12.0, Bound::MoreThan)));
    }

    proptest::proptest! {
        #[test]
        fn both_ways_alike(a in 0.0f64..1e6, b in 0.0f64..1e6, x in 0usize..5, y in 0usize..5) {
            let (p, q) = (f(a, Bound::ALL[x]), f(b, Bound::ALL[y]));
            proptest::prop_assert_eq!(p.contradicts(q), q.contradicts(p));
            proptest::prop_assert!(!p.contradicts(p) );
        }
    }
}
