//! Policies are bought, earned and over.

use super::*;
use crate::{
    book::{MAX_DAYS, MAX_POLICIES},
    CoverEnds, CoverFunds, Error, Event, Policies,
};
use bulwark_primitives::{MarketParams, Rate};
use bulwark_traits::mock::{market_params, Registry};
use frame_support::assert_noop;

#[test]
fn buy_cover_should_store_the_policy_and_take_the_quoted_premium() {
    underwritten().execute_with(|| {
        let quote = Insurance::cover_quote(A, usd(500), 3).unwrap();
        // An hour is 4.2 of 100 blocks; the third day after it is full in block 306.
        assert_eq!((quote.from, quote.until), (6, 400));
        assert_eq!(quote.utilisation, Rate::percent(50));
        // 0.5 to 1.4375 times a year on 500, at 5 %, for 399 of 36,500 blocks: 0.264748 USD, up.
        assert_eq!(quote.premium, Usd(264_748));
        assert_eq!(buy(2, 500, 3), quote.premium);
        let policies = Insurance::policies(sub(2));
        assert_eq!(policies.len(), 1);
        let (market, policy) = policies[0];
        assert_eq!(
            (market, policy.left, policy.premium),
            (A, usd(500), quote.premium)
        );
        assert_eq!((policy.from, policy.until), (6, 400));
        System::assert_last_event(
            Event::CoverBought {
                account: sub(2),
                market: A,
                cover: usd(500),
                premium: quote.premium,
                from: 6,
                until: 400,
            }
            .into(),
        );
        let pool = Insurance::cover_pool(A).unwrap();
        assert_eq!((pool.sold, pool.unearned), (usd(500), quote.premium));
        assert_eq!((pool.assets, pool.capacity), (usd(1_000), usd(1_000)));
        assert_eq!(pool.utilisation, Rate::percent(50));
    });
}

#[test]
fn premium_should_rise_when_more_is_sold_or_the_market_moves_more() {
    underwritten().execute_with(|| {
        let price = |cover, days| Insurance::cover_quote(A, usd(cover), days).unwrap().premium;
        let calm = price(100, 5);
        assert!(price(100, 6) > calm);
        Registry::insert_market(
            A,
            MarketParams {
                initial_margin: Rate::percent(10),
                ..market_params()
            },
        );
        let storm = price(100, 5);
        assert!((storm.0 - 2 * calm.0).abs() <= 1, "{storm:?} {calm:?}");
        buy(2, 800, 5);
        assert!(price(100, 5) > storm);
    });
}

#[test]
fn premium_should_be_earned_block_by_block_and_whole_at_the_end() {
    underwritten().execute_with(|| {
        let premium = buy(2, 500, 3);
        assert_eq!(assets(), usd(1_000));
        go_to(200);
        // 199 of 399 blocks.
        assert_eq!(assets().0, 1_000_000_000 + premium.0 * 199 / 399);
        go_to(399);
        assert!(assets().0 < 1_000_000_000 + premium.0);
        // Nothing is written by time alone: the books follow when somebody comes.
        assert_eq!(CoverBooks::<Test>::get(A).sold, usd(500));
        go_to(400);
        assert_eq!(assets().0, 1_000_000_000 + premium.0);
        let pool = Insurance::cover_pool(A).unwrap();
        assert_eq!((pool.sold, pool.unearned), (Usd::ZERO, Usd::ZERO));
        check();
        go_to(5_000);
        underwrite(3, 1_000);
        let book = CoverBooks::<Test>::get(A);
        assert_eq!((book.sold, book.rate, book.rest), (Usd::ZERO, 0, 0));
        assert_eq!(CoverEnds::<Test>::iter().count(), 0);
        // Who comes later has no part of what was earned before.
        let late = Insurance::underwriter(A, 3).unwrap();
        assert!(
            (999_999_990..=1_000_000_000).contains(&late.worth.0),
            "{late:?}"
        );
    });
}

#[test]
fn many_policies_should_end_each_with_its_day() {
    underwritten().execute_with(|| {
        let mut premiums = 0;
        for days in 1..=MAX_DAYS {
            premiums += buy(100 + u64::from(days), 30, days).0;
            go_to(System::block_number() + 1);
        }
        assert_eq!(CoverEnds::<Test>::iter().count(), 30);
        for day in 2..=32u64 {
            go_to(day * DAY);
            let sold = Insurance::cover_pool(A).unwrap().sold;
            assert_eq!(sold, usd(30 * (31 - day as i64).max(0)));
            check();
        }
        assert_eq!(assets().0, 1_000_000_000 + premiums);
        // All at once, with the first who comes.
        underwrite(1, 10);
        assert_eq!(CoverEnds::<Test>::iter().count(), 0);
    });
}

#[test]
fn buy_cover_should_fail_and_change_nothing_when_it_cannot_be_sold() {
    underwritten().execute_with(|| {
        Wallets::set(2, usd(100));
        let try_buy = |market: u32, cover: Usd, days: u32, most: Usd| {
            Insurance::buy_cover(by(2), 0, MarketId(market), cover, days, most)
        };
        let all = usd(1_000);
        for (outcome, error) in [
            ((9, usd(10), 1, Usd::MAX), Error::<Test>::UnknownMarket),
            (
                (1, Usd(9_999_999), 1, Usd::MAX),
                Error::<Test>::BelowMinimumCover,
            ),
            ((1, Usd(-1), 1, Usd::MAX), Error::<Test>::BelowMinimumCover),
            ((1, usd(10), 0, Usd::MAX), Error::<Test>::InvalidPeriod),
            (
                (1, usd(10), MAX_DAYS + 1, Usd::MAX),
                Error::<Test>::InvalidPeriod,
            ),
            (
                (1, usd(10), u32::MAX, Usd::MAX),
                Error::<Test>::InvalidPeriod,
            ),
            (
                (1, Usd(all.0 + 1), 1, Usd::MAX),
                Error::<Test>::NotEnoughCapacity,
            ),
            ((2, usd(10), 1, Usd::MAX), Error::<Test>::NotEnoughCapacity),
            ((1, Usd::MAX, 1, Usd::MAX), Error::<Test>::NotEnoughCapacity),
            (
                (1, usd(500), 3, Usd(264_747)),
                Error::<Test>::PremiumTooHigh,
            ),
            ((1, usd(500), 3, Usd(-1)), Error::<Test>::PremiumTooHigh),
        ] {
            let (market, cover, days, most) = outcome;
            assert_noop!(try_buy(market, cover, days, most), error);
        }
        Wallets::set(2, Usd::ZERO);
        assert!(try_buy(1, usd(10), 1, Usd::MAX).is_err());
        assert!(Policies::<Test>::get(sub(2), A).is_empty());
        Losses::set(true);
        assert_noop!(try_buy(1, usd(10), 1, Usd::MAX), Error::<Test>::LossOpen);
        assert_eq!(Insurance::cover_quote(A, usd(10), 1), None);
        Losses::set(false);
        assert_eq!(CoverFunds::<Test>::get(), usd(1_000));
    });
}

#[test]
fn account_should_have_no_more_policies_than_four_in_a_market() {
    underwritten().execute_with(|| {
        for days in (1..=MAX_POLICIES).rev() {
            buy(2, 10, days);
        }
        assert_noop!(
            Insurance::buy_cover(by(2), 0, A, usd(10), 1, Usd::MAX),
            Error::<Test>::TooManyPolicies
        );
        // Another sub-account is another account.
        assert_ok!(Insurance::buy_cover(by(2), 1, A, usd(10), 1, Usd::MAX));
        // One that is over makes room.
        go_to(200);
        assert_eq!(Insurance::policies(sub(2)).len(), 3);
        buy(2, 10, 1);
        let ends: Vec<_> = Policies::<Test>::get(sub(2), A)
            .iter()
            .map(|policy| policy.until)
            .collect();
        assert_eq!(ends, vec![300, 400, 400, 500]);
    });
}

#[test]
fn remove_expired_should_remove_what_is_over_and_nothing_else() {
    underwritten().execute_with(|| {
        buy(2, 10, 1);
        buy(2, 10, 3);
        let remove = || Insurance::remove_expired(by(7), sub(2), A);
        assert_noop!(remove(), Error::<Test>::NothingExpired);
        go_to(200);
        let post = remove().unwrap();
        assert_eq!(post.pays_fee, frame_support::pallet_prelude::Pays::No);
        check();
        assert_eq!(Policies::<Test>::get(sub(2), A).len(), 1);
        assert_noop!(remove(), Error::<Test>::NothingExpired);
        go_to(400);
        assert_ok!(remove());
        assert!(!Policies::<Test>::contains_key(sub(2), A));
        check();
    });
}
