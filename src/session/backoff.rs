//! How long to wait before the next attempt: longer each time, and never in step with others.

use super::entropy::Entropy;

const FIRST: u64 = 1_000;
const MOST: u64 = 60_000;

/// Full jitter: a random part of a span that doubles with every failure.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Milliseconds until the next attempt.
    pub fn next(&mut self, entropy: &mut Entropy) -> u64 {
        let span = FIRST.saturating_mul(2_u64.saturating_pow(self.failures)).min(MOST);
        self.failures = self.failures.saturating_add(1);
        entropy.below(span)
    }

    /// It worked.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_double_up_to_a_minute() {
        let mut entropy = Entropy::new([3; 32]);
        let mut most = [0; 10];
        for _ in 0..200 {
            let mut backoff = Backoff::default();
            for most in &mut most {
                *most = backoff.next(&mut entropy).max(*most);
            }
        }
        for (most, span) in most.iter().zip([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]) {
            assert!((span * 800..span * 1_000).contains(most), "{most} of {span} s");
        }
    }
}
