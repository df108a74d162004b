/// A non-negative amount in whole billionths: sums and scales of decimals stay exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Amount(u128);

const ONE: u128 = 1_000_000_000;

impl Amount {
    pub(crate) const fn whole(n: u64) -> Self {
        Self(n as u128 * ONE)
    }

    /// Billionths, as from decimals.
    pub(crate) const fn billionths(n: u128) -> Self {
        Self(n)
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub(crate) fn times(self, scale: u64) -> Option<Self> {
        self.0.checked_mul(u128::from(scale)).map(Self)
    }

    pub(crate) fn divided(self, by: u64) -> Self {
        Self(self.0 / u128::from(by.max(1)))
    }

    /// The amount as an integer, where it is one and fits.
    pub(crate) fn exact(self) -> Option<u64> {
        (self.0.is_multiple_of(ONE)).then(|| u64::try_from(self.0 / ONE).ok()).flatten()
    }

    /// The nearest floating-point value.
    pub(crate) fn value(self) -> f64 {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        if part == 0 {
            return whole as f64;
        }
        if whole < (1 << 20) {
            // both below 2^53: one correctly rounded division
            return self.0 as f64 / ONE as f64;
        }
        whole as f64 + part as f64 / ONE as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn decimals_come_out_as_written() {
        assert_eq!(Amount::billionths(100_000_000).value().to_bits(), 0.1f64.to_bits());
        assert_eq!(Amount::billionths(5_600_000_000).value().to_bits(), 5.6f64.to_bits());
        assert_eq!(Amount::whole(u64::MAX).exact(), Some(u64::MAX));
        assert_eq!(Amount::billionths(1).exact(), None);
    }
}
