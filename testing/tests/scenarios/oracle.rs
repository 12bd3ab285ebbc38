//! Prices end when feeders do, and begin again with care.

use crate::one_bitcoin_long;
use bulwark_primitives::{FeederStatus, Price, PriceError, Seat, Side, TimeInForce, PRICE_SCALE};
use bulwark_runtime::{Balances, PriceOracle, Runtime, RuntimeCall, RuntimeEvent};
use bulwark_runtime_api::runtime_decl_for_oracle_api::OracleApi;
use bulwark_testing::{
    account, alice, bob, charlie, dave, price, quantity, usd, Chain, BTC, BTC_USD, USDX,
};
use bulwark_traits::PriceSource;
use polkadot_sdk::{
    frame_support::dispatch::GetDispatchInfo, frame_system, pallet_oracle, sp_core::sr25519::Pair,
};

fn liquidated(event: &RuntimeEvent) -> bool {
    matches!(
        event,
        RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. })
    )
}

fn error(chain: &mut Chain) -> Option<PriceError> {
    chain.read(|| PriceOracle::price(BTC)).err()
}

fn withdraw(amount: u128) -> pallet_margin::Call<Runtime> {
    pallet_margin::Call::withdraw {
        sub_account: 0,
        asset: USDX,
        amount,
    }
}

/// An order that may only make a position smaller.
fn reduce(side: Side, at: u128, time_in_force: TimeInForce) -> pallet_order_book::Call<Runtime> {
    pallet_order_book::Call::place_order {
        sub_account: 0,
        market: BTC_USD,
        side,
        quantity: quantity(1),
        price: price(at),
        time_in_force,
        reduce_only: true,
        expires_at: None,
    }
}

#[test]
fn snapshot_should_follow_the_feed_a_block_later() {
    let mut chain = Chain::development();
    chain.price(BTC, 90_000);
    chain.blocks(1);
    assert_eq!(
        chain.read(|| PriceOracle::price(BTC)),
        Ok(Price(100_000 * PRICE_SCALE))
    );
    chain.blocks(1);
    assert_eq!(
        chain.read(|| PriceOracle::price(BTC)),
        Ok(Price(90_000 * PRICE_SCALE))
    );
}

#[test]
fn price_should_be_an_error_and_never_the_old_one_when_blocks_stop_for_too_long() {
    let mut chain = Chain::development();
    chain.feeding(false);
    chain.skip_slots(40);
    chain.blocks(1);
    assert!(matches!(
        chain.read(|| PriceOracle::price(BTC)),
        Err(PriceError::Stale | PriceError::TooFewFeeds)
    ));
}

#[test]
fn withdrawal_should_wait_and_deposit_should_work_when_there_is_no_price() {
    let mut chain = one_bitcoin_long(20_000);
    chain.feeding(false);
    chain.skip_slots(40);
    assert!(chain.submit(&bob(), withdraw(1_000_000)).is_err());
    chain
        .deposit(&bob(), usd(100))
        .expect("help is always welcome");
    chain.feeding(true);
    chain.blocks(2);
    assert!(
        chain.submit(&bob(), withdraw(1_000_000)).is_err(),
        "the price is back, and not yet for a minute"
    );
    chain.blocks(30);
    chain
        .submit(&bob(), withdraw(1_000_000))
        .expect("the price is clean");
}

/// What has to work whatever the price is, and what must not.
fn exits_work_and_risk_does_not(chain: &mut Chain) {
    chain.deposit(&dave(), usd(100)).expect("deposits work");
    let order = chain.read(|| {
        let dave = bulwark_primitives::SubAccount::new(account(&dave()), 0);
        let orders = bulwark_runtime::OrderBook::orders_of(&dave);
        let spare = orders.iter().find(|order| order.quantity == quantity(10));
        spare.expect("two to spare").order_id
    });
    let cancel = pallet_order_book::Call::cancel_order {
        sub_account: 0,
        market: BTC_USD,
        order_id: order,
    };
    chain.submit(&dave(), cancel).expect("cancels work");
    // Charlie is short and Bob is long, so both get smaller.
    chain
        .submit(
            &charlie(),
            reduce(Side::Bid, 99_000, TimeInForce::GoodTillCancelled),
        )
        .expect("a reducing order rests");
    let before = position(chain, &bob());
    chain
        .submit(
            &bob(),
            reduce(Side::Ask, 99_000, TimeInForce::ImmediateOrCancel),
        )
        .expect("reductions work");
    assert_eq!(position(chain, &bob()), before - quantity(1).0);
    let open = chain.order(&dave(), BTC_USD, Side::Bid, quantity(1), price(96_000));
    assert!(open.is_err(), "no new risk");
    assert!(chain.submit(&dave(), withdraw(1_000_000)).is_err());
}

/// How much somebody is long.
fn position(chain: &mut Chain, who: &Pair) -> u128 {
    let who = bulwark_primitives::SubAccount::new(account(who), 0);
    chain.read(|| {
        pallet_margin::Accounts::<Runtime>::get(&who).positions[0]
            .size
            .quantity()
            .0
    })
}

/// Bob long one BTC with 8,000 USD, Dave with a bid that would close him and two to spare.
fn about_to_be_closed() -> Chain {
    let mut chain = one_bitcoin_long(8_000);
    for at in [95_100, 95_200] {
        chain
            .order(&dave(), BTC_USD, Side::Bid, quantity(10), price(at))
            .expect("dave bids");
    }
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    chain
}

#[test]
fn nobody_should_be_closed_before_the_grace_ends_when_the_feeders_were_silent_for_ten_minutes() {
    let mut chain = about_to_be_closed();
    chain.price(BTC, 94_500);
    chain.feeding(false);
    assert_eq!(chain.until(150, liquidated), None);
    assert_eq!(error(&mut chain), Some(PriceError::Stale));
    exits_work_and_risk_does_not(&mut chain);
    assert_eq!(chain.until(145, liquidated), None);
    chain.feeding(true);
    // The feed is in the first block, the first snapshot in the second; 60 s later, in the 32nd, it is clean.
    assert_eq!(chain.until(10, liquidated), None);
    assert_eq!(error(&mut chain), Some(PriceError::Recovering));
    exits_work_and_risk_does_not(&mut chain);
    let left = 31 - 10 - calls_of_exits();
    assert_eq!(chain.until(left, liquidated), None);
    assert_eq!(error(&mut chain), Some(PriceError::Recovering));
    assert_eq!(chain.until(1, liquidated), Some(1));
    assert_eq!(error(&mut chain), None);
    assert!(!chain.health(&bob()).expect("clean").is_liquidatable());
}

/// Blocks that [`exits_work_and_risk_does_not`] makes: one for each call.
fn calls_of_exits() -> u32 {
    6
}

#[test]
fn nobody_should_be_closed_before_the_grace_ends_when_the_chain_stood_still_for_ten_minutes() {
    let mut chain = about_to_be_closed();
    chain.price(BTC, 94_500);
    chain.skip_slots(300);
    // The first block after it feeds, the next has a snapshot, and 60 s later it is clean.
    assert_eq!(chain.until(31, liquidated), None);
    assert_eq!(chain.until(1, liquidated), Some(1));
}

#[test]
fn account_should_be_closed_at_once_when_a_jump_is_too_far_and_its_limit_is_enough() {
    let mut chain = one_bitcoin_long(11_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    // 12 % in one block may be a lie, 10 % are believed: equity 1,000 of the 2,700 it takes.
    chain.price(BTC, 88_000);
    assert!(chain.until(2, liquidated).is_some());
    assert_eq!(error(&mut chain), Some(PriceError::Deviating));
    chain.read(|| {
        let bounded = Runtime::price(BTC).and_then(|info| info.bounded);
        assert!(bounded.is_some_and(|bounded| bounded > price(89_900) && bounded <= price(90_000)));
    });
}

#[test]
fn liquidation_should_wait_for_the_mean_to_follow_when_the_price_jumps_by_more_than_its_tier_allows(
) {
    let mut chain = one_bitcoin_long(14_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    // Equity 2,000 is under the maintenance margin of 2,640; but 12 % in one block may be a lie, and
    // at the 10 % that are believed it is 4,000 of 2,700.
    chain.price(BTC, 88_000);
    chain.blocks(2);
    assert_eq!(error(&mut chain), Some(PriceError::Deviating));
    // It is under maintenance at 88,660, which is the limit of a mean of 98,510: from 100,000 at 10 % in
    // five minutes that takes 45 s.
    let took = chain.until(60, liquidated).expect("the mean follows");
    assert!((19..=26).contains(&took), "{took}");
    assert!(!chain.health(&bob()).expect("clean").is_liquidatable());
}

#[test]
fn api_should_tell_price_means_history_and_feeders() {
    let mut chain = Chain::development();
    chain.blocks(10);
    chain.price(BTC, 101_000);
    chain.blocks(2);
    chain.read(|| {
        let info = Runtime::price(BTC).expect("listed");
        assert_eq!(info.price, Ok(price(101_000)));
        assert_eq!((info.feeds, info.age), (1, 2_000));
        assert_eq!(Runtime::price(99), None);
        assert_eq!(Runtime::prices()[0], (BTC, info.clone()));
        let history = Runtime::history(BTC, 3);
        assert_eq!((history.len(), &history[0]), (3, &info));
        assert_eq!(history[1].price, Ok(price(100_000)));
        assert_eq!(Runtime::history(BTC, u32::MAX).len(), 14);
        let twap = Runtime::twap(BTC).expect("fed");
        assert!(twap.long < twap.short && twap.short < price(101_000));
        let slow = Runtime::slow_price(BTC).expect("fed");
        assert_eq!(slow.slow, price(100_060));
        assert_eq!(slow.range, Ok((price(100_060), price(101_000))));
        let hour = Runtime::hour_range(BTC).expect("fed");
        assert_eq!((hour.low, hour.high), (price(100_000), price(101_000)));
        let feeders = Runtime::feeders();
        assert_eq!(feeders.len(), 1);
        assert_eq!(feeders[0].who, account(&alice()));
        assert_eq!(feeders[0].status, FeederStatus::Active(Seat::Governance));
    });
}

#[test]
fn slashed_bond_should_go_to_the_reserve_of_the_insurance_fund() {
    let mut chain = Chain::development();
    let bond = 10_000 * bulwark_runtime::currency::BLW;
    let register = pallet_price_oracle::Call::register_feeder {
        hot_key: account(&charlie()),
        bond,
    };
    chain.submit(&bob(), register).expect("bob has the bond");
    let reserve = bulwark_runtime::configs::InsuranceReserve::get();
    let slash = pallet_price_oracle::Call::slash_feeder {
        who: account(&bob()),
        share: polkadot_sdk::sp_runtime::Perbill::from_percent(10),
    };
    chain.submit(&alice(), sudo(slash)).expect("alice is sudo");
    let balance = chain.read(|| {
        use polkadot_sdk::frame_support::traits::fungible::Inspect;
        Balances::total_balance(&reserve)
    });
    assert_eq!(balance, bond / 10);
}

fn sudo(call: impl Into<RuntimeCall>) -> RuntimeCall {
    polkadot_sdk::pallet_sudo::Call::sudo {
        call: Box::new(call.into()),
    }
    .into()
}

#[test]
fn asset_should_stay_listed_when_a_market_needs_its_price() {
    let mut chain = Chain::development();
    let remove = pallet_price_oracle::Call::remove_asset { asset: BTC };
    chain
        .submit(&alice(), sudo(remove))
        .expect("sudo itself works");
    assert!(chain.read(|| PriceOracle::price(BTC)).is_ok());
    let add = pallet_price_oracle::Call::add_asset {
        asset: 7,
        tier: bulwark_primitives::Tier::B,
        max_age: None,
        tolerance: None,
    };
    chain.submit(&alice(), sudo(add)).expect("sudo");
    chain.blocks(1);
    assert!(chain.read(|| PriceOracle::snapshot(7)).is_some());
    let remove = pallet_price_oracle::Call::remove_asset { asset: 7 };
    chain.submit(&alice(), sudo(remove)).expect("sudo");
    assert!(chain.read(|| PriceOracle::snapshot(7)).is_none());
}

/// Declared milliseconds of what feeds cost, from the weights in force: those are of the compiled wasm.
#[test]
fn feeds_of_a_block_should_cost_a_twentieth_of_two_seconds_at_the_most() {
    use pallet_price_oracle::WeightInfo as _;
    type Weights = <Runtime as pallet_price_oracle::Config>::WeightInfo;
    const ASSETS: u32 = 50;
    const FEEDERS: u32 = 15;
    let values = |count: u32| {
        let values: Vec<_> = (0..count).map(|asset| (asset, price(100))).collect();
        pallet_oracle::Call::feed_values {
            values: values.try_into().expect("as many as one feed may have"),
        }
    };
    let mut chain = Chain::development();
    let transaction = chain.sign(&alice(), values(ASSETS)).get_dispatch_info();
    let (feed, hook, hours) = chain.read(|| {
        let base = <Runtime as frame_system::Config>::BlockWeights::get()
            .get(transaction.class)
            .base_extrinsic;
        let reading = Weights::read_feeds(FEEDERS * ASSETS);
        (
            transaction.total_weight() + base,
            Weights::on_initialize(ASSETS) + reading,
            Weights::on_initialize_hours(ASSETS) + reading + Weights::close_round(FEEDERS),
        )
    });
    let feeds = feed * u64::from(FEEDERS);
    let millis = |weight: polkadot_sdk::frame_support::weights::Weight| {
        weight.ref_time() as f64 / 1_000_000_000.0
    };
    for (what, weight) in [
        ("one feed of 50 values, as a transaction", feed),
        ("15 of them", feeds),
        ("hook with 50 assets and 15 feeders", hook),
        ("the same when hours and round end", hours),
        ("all of it", feeds + hook),
        ("all of it when hours and round end", feeds + hours),
    ] {
        println!("| {what} | {:.2} |", millis(weight));
    }
    // Once an hour too.
    assert!(millis(feeds + hours) <= 100.0);
}

#[test]
fn expected_move_should_be_known_from_the_first_block_and_move_with_the_hours() {
    let mut chain = Chain::development();
    chain.blocks(1);
    let start = chain
        .read(|| Runtime::expected_move(BTC))
        .expect("BTC is listed");
    assert_eq!(start.hours, 0);
    assert!(start.margin_move > bulwark_primitives::Rate::percent(1));
    // Two hours and a little: the first one is not whole.
    for dollars in [100_000, 101_000, 103_000] {
        chain.price(BTC, dollars);
        chain.skip_slots(1_800);
        chain.blocks(2);
    }
    let later = chain
        .read(|| Runtime::expected_move(BTC))
        .expect("BTC is listed");
    assert!(later.hours >= 1, "{later:?}");
    assert!(later.hour > start.hour);
    assert_ne!(later.slow_move, start.slow_move);
    assert!(chain.read(|| Runtime::expected_move(99)).is_none());
}
