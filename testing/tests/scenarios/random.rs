//! Random sequences of signed extrinsics and price moves; the driver checks every numbered
//! invariant after every block.

use bulwark_primitives::{Side, TimeInForce};
use bulwark_runtime::{Runtime, RuntimeCall};
use bulwark_testing::{bob, charlie, dave, price, quantity, usd, Chain, BTC, BTC_USD, USDX};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Deposit(usize, u32),
    Withdraw(usize, u32),
    Order(usize, bool, u16, i16, bool),
    CancelAll(usize),
    Price(i16),
    Silence(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..3usize, 1..50_000u32).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        2 => (0..3usize, 1..50_000u32).prop_map(|(who, amount)| Step::Withdraw(who, amount)),
        8 => (0..3usize, any::<bool>(), 1..3_000u16, -200..200i16, any::<bool>())
            .prop_map(|(who, bid, size, away, ioc)| Step::Order(who, bid, size, away, ioc)),
        1 => (0..3usize).prop_map(Step::CancelAll),
        5 => (-400..400i16).prop_map(Step::Price),
        1 => (1..4u8).prop_map(Step::Silence),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn invariants_should_hold_after_every_block_of_any_sequence(
        steps in prop::collection::vec(step(), 20..60)
    ) {
        let people = [bob(), charlie(), dave()];
        let mut chain = Chain::development();
        for who in &people {
            chain.deposit(who, usd(30_000)).expect("everybody deposits");
        }
        let mut dollars = 100_000i64;
        for step in steps {
            // A refused call is as good a step as an accepted one: `end` checks the invariants.
            match step {
                Step::Deposit(who, amount) => {
                    let _ = chain.deposit(&people[who], usd(amount.into()));
                }
                Step::Withdraw(who, amount) => {
                    let amount = u128::from(amount) * 1_000_000;
                    let call = pallet_margin::Call::<Runtime>::withdraw {
                        sub_account: 0, asset: USDX, amount,
                    };
                    let _ = chain.submit(&people[who], call);
                }
                Step::Order(who, bid, size, away, ioc) => {
                    let at = u128::try_from(dollars + i64::from(away) * 10).expect("positive");
                    let call = RuntimeCall::OrderBook(pallet_order_book::Call::place_order {
                        sub_account: 0,
                        market: BTC_USD,
                        side: if bid { Side::Bid } else { Side::Ask },
                        quantity: quantity(size.into()),
                        price: price(at),
                        time_in_force: if ioc {
                            TimeInForce::ImmediateOrCancel
                        } else {
                            TimeInForce::GoodTillCancelled
                        },
                        reduce_only: false,
                        expires_at: None,
                    });
                    let _ = chain.submit(&people[who], call);
                }
                Step::CancelAll(who) => {
                    let call = pallet_order_book::Call::<Runtime>::cancel_all {
                        sub_account: 0, market: Some(BTC_USD),
                    };
                    let _ = chain.submit(&people[who], call);
                }
                Step::Price(points) => {
                    dollars = (dollars + dollars * i64::from(points) / 10_000).max(1_000);
                    chain.price(BTC, u128::try_from(dollars).expect("positive"));
                    chain.blocks(1);
                }
                Step::Silence(blocks) => {
                    chain.feeding(false);
                    chain.skip_slots(12);
                    chain.blocks(blocks.into());
                    chain.feeding(true);
                }
            }
        }
    }
}
