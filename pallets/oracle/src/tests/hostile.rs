//! Feeders that say anything at any time, and feeds that are no feeds.

use crate::mock::*;
use bulwark_primitives::{AssetId, Moment, Price, PriceError};
use bulwark_risk_math::oracle::{MAX_PRICE, MIN_PRICE};
use bulwark_traits::PriceSource;
use codec::{Decode, Encode};
use proptest::prelude::*;

/// What a liar says, if anything.
fn lie() -> impl Strategy<Value = Option<u128>> {
    prop_oneof![
        2 => Just(None),
        1 => Just(Some(0)),
        1 => Just(Some(1)),
        1 => Just(Some(u128::MAX)),
        1 => Just(Some(MIN_PRICE.0)),
        1 => Just(Some(MAX_PRICE.0)),
        2 => (0..100_000u128).prop_map(|cents| Some(cents * 10_000_000_000_000_000)),
        2 => any::<u128>().prop_map(Some),
    ]
}

/// One block: its length, what each liar says, and what each honest feeder says in hundredths of a
/// percent around 100 USD, if it speaks in this block.
type Block = (Moment, Vec<Option<u128>>, Vec<Option<u16>>);

fn block(liars: usize) -> impl Strategy<Value = Block> {
    (
        prop_oneof![8 => Just(2_000u64), 1 => 1u64..20_000],
        prop::collection::vec(lie(), liars),
        prop::collection::vec(prop::option::weighted(0.8, 0..500u16), liars + 1),
    )
}

fn attack() -> impl Strategy<Value = (usize, Vec<Block>)> {
    (1..=3usize).prop_flat_map(|liars| (Just(liars), prop::collection::vec(block(liars), 1..60)))
}

fn honest_price(drift: u16) -> Price {
    Price(usd(100).0 / 10_000 * (9_750 + u128::from(drift)))
}

/// Plays an attack of `liars` among `2 * liars + 1` feeders.
fn play(liars: usize, blocks: Vec<Block>) {
    let count = 2 * liars + 1;
    let accounts: Vec<AccountId> = (1..=count as u8).map(feeder).collect();
    // The liars may be anywhere in the order of accounts: the odd places.
    let is_liar = |index: usize| index % 2 == 1;
    ext_with(accounts.clone(), liars as u32 + 1).execute_with(|| {
        let honest: Vec<usize> = (0..count).filter(|index| !is_liar(*index)).collect();
        for index in &honest {
            feed_as(&accounts[*index], BTC, usd(100));
        }
        next_block();
        for (dt, lies, truths) in blocks {
            let mut lies = lies.into_iter();
            let mut truths = truths.into_iter();
            for (index, who) in accounts.iter().enumerate() {
                if is_liar(index) {
                    if let Some(lie) = lies.next().flatten() {
                        feed_as(who, BTC, Price(lie));
                    }
                } else if let Some(drift) = truths.next().flatten() {
                    feed_as(who, BTC, honest_price(drift));
                }
            }
            let before = PriceOracle::means(BTC).unwrap();
            next_block_after(dt);
            judge(&accounts, &honest, before.short);
        }
    });
}

/// With every honest feeder's value fresh the median is between two honest ones, and the mean moves
/// by less than its clamp whatever the liars do.
fn judge(accounts: &[AccountId], honest: &[usize], mean: Price) {
    let fresh: Vec<Price> = honest
        .iter()
        .map(|index| pallet_oracle::RawValues::<Test>::get(&accounts[*index], BTC).unwrap())
        .filter(|fed| Now::get() - fed.timestamp <= 60_000)
        .map(|fed| fed.value)
        .collect();
    let snapshot = PriceOracle::snapshot(BTC).unwrap();
    if fresh.len() == honest.len() {
        let median = snapshot.median.expect("the honest are a quorum");
        let (low, high) = (fresh.iter().min().unwrap(), fresh.iter().max().unwrap());
        assert!(
            low <= &median && &median <= high,
            "{low:?} {median:?} {high:?}"
        );
    }
    // What liquidation and initial margin get is nothing else.
    if let Ok(price) = snapshot.price {
        assert_eq!(snapshot.median, Some(price));
        let (low, high) = PriceOracle::range(BTC).unwrap();
        assert!(low <= price && price <= high);
    }
    let after = PriceOracle::means(BTC).unwrap().short;
    assert!(
        after.0.abs_diff(mean.0) <= mean.0 / 10,
        "{mean:?} -> {after:?}"
    );
}

/// What a feed may be, said in another way.
fn sound(values: &[(AssetId, Price)]) -> bool {
    let listed = |asset: &AssetId| [BTC, ETH].contains(asset);
    !values.is_empty()
        && values.iter().all(|(asset, price)| {
            listed(asset)
                && (MIN_PRICE..=MAX_PRICE).contains(price)
                && values.iter().filter(|(other, _)| other == asset).count() == 1
        })
}

#[test]
fn feed_should_be_unsound_when_it_has_anything_it_should_not() {
    new_test_ext().execute_with(|| {
        let (good, bad) = (usd(100), [0, 1, MAX_PRICE.0 + 1, u128::MAX]);
        assert!(PriceOracle::is_sound_feed(&[(BTC, good)]));
        assert!(PriceOracle::is_sound_feed(&[(ETH, good), (BTC, good)]));
        assert!(!PriceOracle::is_sound_feed(&[]));
        assert!(!PriceOracle::is_sound_feed(&[(BTC, good), (BTC, good)]));
        for stranger in [0, SETTLEMENT, 99, u32::MAX] {
            assert!(!PriceOracle::is_sound_feed(&[
                (BTC, good),
                (stranger, good)
            ]));
        }
        for price in bad {
            assert!(!PriceOracle::is_sound_feed(&[
                (ETH, good),
                (BTC, Price(price))
            ]));
        }
    });
}

#[test]
fn feed_should_not_decode_when_it_has_too_many_values() {
    let call = |count: u32| {
        let values: Vec<(AssetId, Price)> = (0..count).map(|asset| (asset, usd(1))).collect();
        // Pallet and call index before the values.
        let good = RuntimeCall::Oracle(pallet_oracle::Call::feed_values {
            values: vec![].try_into().unwrap(),
        })
        .encode();
        let mut bytes = good[..2].to_vec();
        values.encode_to(&mut bytes);
        RuntimeCall::decode(&mut &*bytes)
    };
    assert!(call(5).is_ok());
    assert!(call(6).is_err());
    assert!(call(1_000).is_err());
}

#[test]
fn feeder_should_not_break_the_quorum_by_feeding_nonsense_more_than_by_silence() {
    for nonsense in [0, 1, u128::MAX] {
        new_test_ext().execute_with(|| {
            feed(1, BTC, 100);
            feed(2, BTC, 100);
            feed_raw(3, BTC, Price(nonsense));
            next_block();
            assert_eq!(PriceOracle::price(BTC), Ok(usd(100)));
            assert_eq!(PriceOracle::price(ETH), Err(PriceError::TooFewFeeds));
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn median_should_stay_among_the_honest_when_f_of_2f_plus_1_lie((liars, blocks) in attack()) {
        play(liars, blocks);
    }

    #[test]
    fn soundness_should_be_what_it_says_for_any_feed(
        values in prop::collection::vec(
            (
                prop_oneof![3 => Just(BTC), 3 => Just(ETH), 1 => 0..6u32],
                prop_oneof![4 => Just(usd(7).0), 1 => any::<u128>(), 1 => Just(0)],
            ),
            0..4,
        ),
    ) {
        new_test_ext().execute_with(|| {
            let values: Vec<_> = values.into_iter().map(|(a, p)| (a, Price(p))).collect();
            assert_eq!(PriceOracle::is_sound_feed(&values), sound(&values), "{values:?}");
        });
    }
}
