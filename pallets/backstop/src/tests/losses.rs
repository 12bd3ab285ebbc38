//! Losses of the last day.

use crate::types::Losses;
use bulwark_primitives::Usd;
use proptest::prelude::*;

/// Blocks of a quarter.
const LENGTH: u32 = 10;

proptest! {
    #[test]
    fn losses_should_be_no_less_than_those_of_any_day_and_end_within_a_quarter_more(
        steps in prop::collection::vec((0u32..2 * LENGTH, 0i128..1_000), 1..60),
    ) {
        let mut losses = Losses::default();
        let mut all = Vec::new();
        let mut block = 0;
        for (passed, lost) in steps {
            block += passed;
            all.push((block, lost));
            losses = losses.with(block / LENGTH, Usd(lost)).unwrap();
            let since = |blocks: u32| -> i128 {
                let recent = all.iter().filter(|(at, _)| at + blocks > block);
                recent.map(|(_, lost)| *lost).sum()
            };
            let counted = losses.until(block / LENGTH).unwrap().0;
            prop_assert!(since(4 * LENGTH) <= counted, "{losses:?}");
            prop_assert!(counted <= since(5 * LENGTH), "{losses:?}");
        }
        prop_assert_eq!(losses.until(block / LENGTH + 5), Some(Usd::ZERO));
    }
}

#[test]
fn losses_should_refuse_more_when_they_do_not_fit() {
    let most = Losses::default().with(3, Usd::MAX).unwrap();
    assert_eq!(most.with(4, Usd(1)), None);
    assert_eq!(most.with(3, Usd(1)), None);
    assert!(most.with(8, Usd(1)).is_some());
}
