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
    Earmark(u32, i128),
    Draw(u32, i128),
    Stake(u64, i128),
    Request(u64, u128),
    Unstake(u64),
    Blocks(u64),
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
        (1..6u32, amounts()).prop_map(|(m, a)| Step::Earmark(m, a)),
        (1..6u32, amounts()).prop_map(|(m, a)| Step::Draw(m, a)),
        (1..4u64, 0i128..100_000_000_000).prop_map(|(who, a)| Step::Stake(who, a)),
        (1..4u64, 0u128..100_000_000_000).prop_map(|(who, a)| Step::Request(who, a)),
        (1..4u64).prop_map(Step::Unstake),
        (1u64..1_200).prop_map(Step::Blocks),
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
            for who in 1..4 {
                Wallets::set(who, Usd(1_000_000_000_000));
            }
            for step in steps {
                let before = <Insurance as LossFund>::balance();
                match step {
                    Step::Contribute(amount) => {
                        let _ = Insurance::contribute(RuntimeOrigin::signed(1), Usd(amount));
                    }
                    Step::Credit(amount) => Insurance::credit(Usd(amount)),
                    Step::Earmark(market, amount) => {
                        Insurance::earmark(MarketId(market), Usd(amount));
                    }
                    Step::Draw(market, amount) => {
                        let market = MarketId(market);
                        let reserves = Insurance::available(market);
                        let paid = Insurance::draw(market, Usd(amount));
                        assert!(paid >= Usd::ZERO && paid <= before);
                        assert_eq!(paid, Usd(amount.max(0)).min(reserves.total().unwrap()));
                        assert_eq!(reserves.split(paid).total(), Some(paid));
                        let after = <Insurance as LossFund>::balance();
                        assert_eq!(before.0 - after.0, paid.0);
                    }
                    Step::Stake(who, amount) => {
                        let _ = Insurance::stake(RuntimeOrigin::signed(who), Usd(amount));
                    }
                    Step::Request(who, shares) => {
                        let _ = Insurance::request_unstake(RuntimeOrigin::signed(who), shares);
                    }
                    Step::Unstake(who) => {
                        let wallet = Wallets::get(who);
                        let _ = Insurance::unstake(RuntimeOrigin::signed(who));
                        let after = <Insurance as LossFund>::balance();
                        let paid = Wallets::get(who).0 - wallet.0;
                        assert_eq!(before.0 - after.0, paid);
                    }
                    Step::Blocks(blocks) => {
                        System::set_block_number(System::block_number() + blocks);
                    }
                }
                assert_ok!(Insurance::do_try_state());
            }
        });
    }
}
