//! Random income and losses never make the fund negative or lose track of a unit.

use crate::mock::*;
use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::LossFund;
use frame_support::assert_ok;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Contribute(i128),
    Credit(i128),
    Draw(i128),
}

fn amounts() -> impl Strategy<Value = i128> {
    prop_oneof![
        -10i128..1_000,
        Just(i128::MAX),
        Just(i128::MIN),
        0i128..1_000_000_000_000
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        amounts().prop_map(Step::Contribute),
        amounts().prop_map(Step::Credit),
        amounts().prop_map(Step::Draw),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn fund_should_add_up_when_anything_happens(
        start in 0i128..1_000_000,
        steps in prop::collection::vec(steps(), 1..60),
    ) {
        new_test_ext(Usd(start)).execute_with(|| {
            Wallets::set(1, Usd(1_000_000_000_000));
            for step in steps {
                let before = <Insurance as LossFund>::balance();
                match step {
                    Step::Contribute(amount) => {
                        let _ = Insurance::contribute(RuntimeOrigin::signed(1), Usd(amount));
                    }
                    Step::Credit(amount) => Insurance::credit(Usd(amount)),
                    Step::Draw(amount) => {
                        let paid = Insurance::draw(MarketId(1), Usd(amount));
                        assert!(paid >= Usd::ZERO && paid <= before);
                        assert!(paid.0 <= amount.max(0));
                    }
                }
                assert_ok!(Insurance::do_try_state());
            }
        });
    }
}
