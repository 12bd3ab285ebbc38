//! Who is due, and the storage of it.

use crate::{
    mock::*,
    queue::{bits, cells, PROMPT_LEGS},
    types::{CellId, Entry, PAGE_SIZE},
    Cells, DueSince, Event, Factors, Heads, Keys, Stale,
};
use bulwark_primitives::{Factor, MarketId, Price, PriceError, Rate, Size, Usd, PRICE_SCALE};
use bulwark_risk_math::triggers;
use bulwark_traits::{
    mock::{market_params, Prices, Registry, INDEX, MARKET},
    AccountObserver, MarketRegistry,
};

#[test]
fn highest_bucket_should_be_the_one_a_plain_set_gives_when_buckets_come_and_go() {
    new_test_ext().execute_with(|| {
        let factor = Factor::Long(MARKET);
        let mut plain = std::collections::BTreeSet::new();
        let mut seed = 7u32;
        for step in 0..600 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // A few words only, so that words become empty and full again.
            let bucket = ((seed >> 8) % 5 * 13_107 + (seed >> 16) % 300).min(65_535) as u16;
            if step % 3 == 2 {
                plain.remove(&bucket);
                if bits::is_set::<Runtime>(bits::TRIGGERS, factor, bucket) {
                    bits::clear::<Runtime>(factor, bucket);
                }
            } else {
                plain.insert(bucket);
                bits::set::<Runtime>(factor, bucket).unwrap();
            }
            for from in [
                0,
                255,
                256,
                bucket,
                bucket.saturating_sub(1),
                40_000,
                u16::MAX,
            ] {
                let expected = plain.range(..=from).next_back().copied();
                assert_eq!(bits::highest::<Runtime>(factor, from), expected);
            }
            assert_eq!(
                Factors::<Runtime>::get().len(),
                usize::from(!plain.is_empty())
            );
        }
    });
}

#[test]
fn pages_should_stay_one_list_when_entries_are_removed_in_any_order() {
    // All of them coprime to the number of entries.
    for stride in [1u64, 2, 7, 11] {
        new_test_ext().execute_with(|| {
            let cell = CellId::Known(5);
            let count = u64::from(PAGE_SIZE) * 4 + 1;
            let mut pages = Vec::new();
            for n in 0..count {
                let entry = Entry {
                    account: acc(n),
                    key: 0,
                };
                pages.push(cells::insert::<Runtime>(cell, entry).unwrap().0);
            }
            assert_eq!(Cells::<Runtime>::iter_prefix(cell).count(), 5);
            for step in 0..count {
                let n = step * stride % count;
                let emptied = cells::remove::<Runtime>(cell, pages[n as usize], &acc(n));
                assert_eq!(emptied, step == count - 1);
                let mut at = cells::first::<Runtime>(cell);
                let mut left = 0;
                while let Some(id) = at {
                    let page = Cells::<Runtime>::get(cell, id).unwrap();
                    left += page.entries.len() as u64;
                    at = page.next;
                }
                assert_eq!(left, count - 1 - step);
                // Back from the last page they are in the order in which they came.
                let mut at = cells::last::<Runtime>(cell);
                let mut owners = Vec::new();
                while let Some(id) = at {
                    let page = Cells::<Runtime>::get(cell, id).unwrap();
                    owners.extend(page.entries.iter().map(|entry| entry.account.owner));
                    at = page.previous;
                }
                assert!(owners.is_sorted() && owners.len() as u64 == left);
            }
            assert!(Heads::<Runtime>::get(cell).is_none());
        });
    }
}

#[test]
fn account_should_be_due_exactly_at_its_liquidation_level_when_it_has_one_leg() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        let mut last_healthy = 0;
        // Equity = MM at 92.7835...
        for cents in (9_270..=9_290).rev() {
            set_cents(INDEX, cents);
            assert_eq!(Liquidation::is_due(&account), is_under(&account), "{cents}");
            if !is_under(&account) {
                last_healthy = cents;
            }
        }
        assert_eq!(last_healthy, 9_279);
    });
}

#[test]
fn short_should_be_due_when_the_price_rises() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, -100_000);
        set_cents(INDEX, 10_679);
        assert!(!is_under(&account) && !Liquidation::is_due(&account));
        set_cents(INDEX, 10_680);
        assert!(is_under(&account) && Liquidation::is_due(&account));
    });
}

#[test]
fn account_should_be_due_when_the_price_jumps_in_one_block() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 1);
        assert!(Liquidation::is_due(&account));
        assert_eq!(Liquidation::due_accounts(10), vec![account.clone()]);
        next_block();
        assert_eq!(Liquidation::due_since(&account), Some(2));
    });
}

#[test]
fn account_should_be_due_when_it_has_no_slack() {
    new_test_ext().execute_with(|| {
        // Equity 300 = maintenance margin of 100 units at 100 USD.
        let account = open(1, 300, MARKET, 100_000);
        assert!(!is_under(&account));
        assert!(Liquidation::is_due(&account));
        for _ in 0..3 {
            next_block();
            assert!(Liquidation::is_due(&account));
            assert!(!is_under(&account));
            assert!(DueSince::<Runtime>::get(&account).is_none());
        }
    });
}

#[test]
fn all_should_be_found_when_keys_are_equal_and_fill_several_pages() {
    new_test_ext().execute_with(|| {
        let count = u64::from(PAGE_SIZE) * 3 + 5;
        let accounts: Vec<_> = (1..=count)
            .map(|n| open(n, 1_000, MARKET, 100_000))
            .collect();
        check();
        set_cents(INDEX, 9_278);
        assert_eq!(Liquidation::due_accounts(1_000).len() as u64, count);
        next_block();
        for account in &accounts {
            assert_eq!(Liquidation::due_since(account), Some(2));
        }
    });
}

#[test]
fn nothing_should_be_due_when_the_price_is_an_error() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        for error in [
            PriceError::TooFewFeeds,
            PriceError::Stale,
            PriceError::Recovering,
        ] {
            Prices::set_result(INDEX, Err(error));
            assert!(!Liquidation::is_due(&account));
            next_block();
            assert!(Liquidation::due_accounts(10).is_empty());
        }
        set_cents(INDEX, 9_000);
        assert!(Liquidation::is_due(&account));
        next_block();
        assert_eq!(Liquidation::due_since(&account), Some(5));
    });
}

#[test]
fn account_should_be_due_at_the_median_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        Prices::set_uncertain(INDEX, 93);
        assert!(!is_under(&account) && !Liquidation::is_due(&account));
        Prices::set_uncertain(INDEX, 92);
        assert!(Liquidation::is_due(&account));
        assert_eq!(Liquidation::due_accounts(10), vec![account.clone()]);
        next_block();
        assert_eq!(Liquidation::due_since(&account), Some(2));
        // The error alone, or a median under an error that is not tolerated, is no price.
        for error in [PriceError::Stale, PriceError::Recovering] {
            Prices::set_unclean(INDEX, error, Price(92 * PRICE_SCALE));
            next_block();
            assert!(!Liquidation::is_due(&account));
        }
        Prices::set_result(INDEX, Err(PriceError::Uncertain));
        assert!(!Liquidation::is_due(&account));
        Prices::set_uncertain(INDEX, 92);
        assert!(Liquidation::is_due(&account));
    });
}

#[test]
fn collateral_should_count_at_the_median_when_feeders_disagree() {
    new_test_ext().execute_with(|| {
        let account = acc(1);
        // 100 units of collateral at 10 USD and 90 %: 900 USD, of which 600 are required.
        Ledger::add_collateral(&account, INDEX_2, 100 * 100_000_000);
        enlarge(&account, MARKET, 200_000);
        Prices::set_uncertain(INDEX_2, 7);
        // With two legs it is looked at, and gets new triggers.
        next_block();
        assert!(!is_under(&account) && !Liquidation::is_due(&account));
        Prices::set_uncertain(INDEX_2, 6);
        assert!(is_under(&account) && Liquidation::is_due(&account));
        next_block();
        assert!(class(&account).is_some());
    });
}

#[test]
fn account_should_be_evaluated_when_its_price_returns_after_a_change_without_one() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        Prices::set_result(INDEX, Err(PriceError::Stale));
        // The slack grows while nobody can say how far: the trigger cannot be put right.
        Ledger::deposit(&account, Usd::dollars(1_000));
        assert!(!Liquidation::is_due(&account));
        next_block();
        Prices::set(INDEX, 100);
        assert!(Liquidation::is_due(&account));
        next_block();
        assert!(!Liquidation::is_due(&account));
        set_cents(INDEX, 8_247);
        assert!(Liquidation::is_due(&account));
    });
}

#[test]
fn known_account_should_wait_when_its_price_becomes_an_error() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 9_200);
        next_block();
        assert!(class(&account).is_some());
        Prices::set_result(INDEX, Err(PriceError::Stale));
        next_block();
        assert!(class(&account).is_none() && !Liquidation::is_due(&account));
        assert_eq!(Liquidation::due_since(&account), Some(2));
        set_cents(INDEX, 9_200);
        assert!(Liquidation::is_due(&account));
        next_block();
        assert!(class(&account).is_some());
        assert_eq!(Liquidation::due_since(&account), Some(2));
    });
}

#[test]
fn other_legs_should_not_be_due_when_one_price_is_an_error() {
    new_test_ext().execute_with(|| {
        let account = open(1, 10_000, MARKET, 100_000);
        enlarge(&account, MARKET_2, 500_000);
        Prices::set_result(INDEX_2, Err(PriceError::Stale));
        set_cents(INDEX, 10);
        next_block();
        // Nobody can say whether the account is under: it is looked at when the other price is back.
        assert!(!Liquidation::is_due(&account));
        assert_eq!(Keys::<Runtime>::get(&account).len(), 1);
        Prices::set(INDEX_2, 10);
        assert!(Liquidation::is_due(&account));
        next_block();
        assert!(is_under(&account) && class(&account).is_some());
    });
}

#[test]
fn account_should_become_due_when_maintenance_margin_ramps_up() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        for points in 300..1_100u32 {
            let maintenance_margin = Rate::basis_points(points);
            Registry::insert_market(
                MARKET,
                bulwark_primitives::MarketParams {
                    maintenance_margin,
                    ..market_params()
                },
            );
            // At 10 % equity is exactly the margin: due within the rounding reserve, not under.
            assert_eq!(is_under(&account), points > 1_000, "{points}");
            assert_eq!(Liquidation::is_due(&account), points >= 1_000, "{points}");
        }
    });
}

#[test]
fn account_should_become_due_when_a_collateral_factor_ramps_down() {
    new_test_ext().execute_with(|| {
        let account = acc(1);
        // 100 units of collateral at 10 USD and 90 %: 900 USD.
        Ledger::add_collateral(&account, INDEX_2, 100 * 100_000_000);
        enlarge(&account, MARKET, 200_000);
        let before = Registry::collateral(INDEX_2).unwrap();
        let mut due_at = None;
        for percent in (50..=90).rev() {
            let maintenance_factor = Rate::percent(percent);
            Registry::insert_collateral(
                INDEX_2,
                bulwark_primitives::CollateralParams {
                    maintenance_factor,
                    ..before
                },
            );
            assert!(!is_under(&account) || Liquidation::is_due(&account));
            if is_under(&account) {
                due_at = due_at.or(Some(percent));
            }
            next_block();
        }
        // 600 USD of maintenance margin are left at 60 %.
        assert_eq!(due_at, Some(59));
    });
}

#[test]
fn triggers_should_go_when_the_account_is_flat() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        assert_eq!(Keys::<Runtime>::get(&account).len(), 1);
        enlarge(&account, MARKET, -100_000);
        assert!(!Keys::<Runtime>::contains_key(&account));
        assert!(Factors::<Runtime>::get().is_empty());
        check();
    });
}

#[test]
fn due_account_should_be_restored_when_collateral_is_added() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        set_cents(INDEX, 9_200);
        next_block();
        assert!(Liquidation::is_due(&account));
        events();
        Ledger::deposit(&account, Usd::dollars(1_000));
        assert!(!Liquidation::is_due(&account));
        let restored = Event::AccountRestored {
            account,
            due_since: 2,
        };
        assert_eq!(events(), vec![restored]);
        check();
    });
}

#[test]
fn nothing_should_change_when_the_same_account_is_evaluated_again() {
    new_test_ext().execute_with(|| {
        let account = open(1, 1_000, MARKET, 100_000);
        enlarge(&account, MARKET_2, -20_000);
        let before = Keys::<Runtime>::get(&account);
        assert_eq!(before.len(), 2);
        for key in &before {
            assert_eq!(key.bucket, triggers::bucket(key.key));
        }
        Liquidation::account_changed(&account);
        assert_eq!(Keys::<Runtime>::get(&account), before);
        check();
    });
}

#[test]
fn account_should_be_known_when_it_has_more_legs_than_fit() {
    new_test_ext().execute_with(|| {
        let account = acc(1);
        Ledger::deposit(&account, Usd::dollars(1_000_000));
        for market in more_markets(20) {
            enlarge(&account, market, 1_000);
            check();
        }
        next_block();
        assert!(is_parked(&account) && Liquidation::is_due(&account));
        for n in 10..20 {
            enlarge(&account, MarketId(n), -1_000);
            check();
        }
        next_block();
        assert!(!Liquidation::is_due(&account));
        assert_eq!(Keys::<Runtime>::get(&account).len(), 10);
    });
}

/// An account that is long in `legs` markets with `balance` USD, and evaluated.
fn wide(n: AccountId, balance: i64, legs: u32) -> Account {
    let account = acc(n);
    Ledger::deposit(&account, Usd::dollars(balance));
    for market in more_markets(legs) {
        let size = if market.0 % 2 == 0 { 10_000 } else { 100_000 };
        enlarge(&account, market, size);
    }
    next_block();
    account
}

#[test]
fn account_should_be_put_right_at_once_when_it_has_few_legs() {
    new_test_ext().execute_with(|| {
        let account = wide(1, 1_000, PROMPT_LEGS as u32);
        let before = Keys::<Runtime>::get(&account);
        assert_eq!(before.len(), PROMPT_LEGS);
        Ledger::deposit(&account, Usd::dollars(500));
        assert!(!is_stale(&account));
        let after = Keys::<Runtime>::get(&account);
        assert!(before
            .iter()
            .zip(&after)
            .all(|(old, new)| new.key < old.key));
    });
}

#[test]
fn account_should_be_stale_and_due_until_the_next_step_when_it_has_many_legs() {
    new_test_ext().execute_with(|| {
        let legs = PROMPT_LEGS as u32 + 1;
        let account = wide(1, 1_000, legs);
        assert!(!is_stale(&account) && !Liquidation::is_due(&account));
        let keys = Keys::<Runtime>::get(&account);
        assert_eq!(keys.len() as u32, legs);

        Ledger::deposit(&account, Usd::dollars(500));
        assert!(is_stale(&account) && Liquidation::is_due(&account));
        assert_eq!(Keys::<Runtime>::get(&account), keys, "nothing moved");
        assert_eq!(Liquidation::due_accounts(10), vec![account.clone()]);
        assert_eq!(Stale::<Runtime>::get(&account).unwrap().since, 2);
        check();

        next_block();
        assert!(!is_stale(&account) && !Liquidation::is_due(&account));
        let after = Keys::<Runtime>::get(&account);
        assert!(keys.iter().zip(&after).all(|(old, new)| new.key < old.key));
        assert!(Heads::<Runtime>::get(CellId::Stale).is_none());
    });
}

#[test]
fn second_change_should_write_nothing_when_the_account_is_stale() {
    new_test_ext().execute_with(|| {
        let account = wide(1, 1_000, 10);
        Ledger::deposit(&account, Usd::dollars(500));
        System::set_block_number(9);
        let root = sp_io::storage::root(sp_core::storage::StateVersion::V1);
        Ledger::deposit(&account, Usd::dollars(-5_000));
        enlarge(&account, MARKET, 1_000);
        assert_eq!(
            root,
            sp_io::storage::root(sp_core::storage::StateVersion::V1)
        );
        assert!(is_under(&account) && Liquidation::is_due(&account));
        next_block();
        assert!(is_under(&account) && class(&account).is_some());
        assert_eq!(Liquidation::due_since(&account), Some(10));
        assert!(!Keys::<Runtime>::contains_key(&account));
    });
}

/// How many pages a change of a wide account moved.
fn moved(change: impl FnOnce(&Account)) -> usize {
    let account = wide(1, 1_000, 12);
    let before = pages();
    change(&account);
    assert!(is_stale(&account));
    check();
    changed_pages(&before)
}

#[test]
fn change_should_move_one_page_when_it_would_take_all_triggers_away() {
    // Under maintenance, without a price, and flat.
    for case in 0..3 {
        new_test_ext().execute_with(|| {
            let pages = moved(|account| match case {
                0 => Ledger::deposit(account, Usd::dollars(-900)),
                1 => {
                    Prices::set_result(INDEX, Err(PriceError::Stale));
                    Ledger::deposit(account, Usd::dollars(1));
                }
                _ => {
                    for n in 10..22 {
                        let size = Ledger::size(account, MarketId(n));
                        let mark = if n % 2 == 0 { 100 } else { 10 };
                        let cost = Usd(-size.0 * mark / 1_000_000_000_000);
                        Ledger::trade(account, MarketId(n), Size(-size.0), cost);
                    }
                }
            });
            assert_eq!(pages, 1, "case {case}");
            next_block();
            let account = acc(1);
            assert!(!is_stale(&account));
            let keys = Keys::<Runtime>::get(&account);
            match case {
                0 => assert!(class(&account).is_some() && keys.is_empty()),
                1 => assert!(keys.len() == 6 && keys.iter().all(|key| key.key == i128::MAX)),
                _ => assert!(keys.is_empty() && !Liquidation::is_due(&account)),
            }
        });
    }
}

#[test]
fn known_account_should_be_stale_too_when_it_has_many_legs_and_changes() {
    new_test_ext().execute_with(|| {
        let account = wide(1, 1_000, 12);
        set_cents(INDEX, 9_000);
        set_cents(INDEX_2, 900);
        next_block();
        assert!(is_parked(&account), "there are no bids");
        let since = Liquidation::due_since(&account);
        Ledger::deposit(&account, Usd::dollars(1));
        assert!(is_stale(&account) && is_parked(&account));
        check();
        // Still under: it gets the class that it has now, and is tried and parked again.
        events();
        next_block();
        assert!(!is_stale(&account) && is_parked(&account));
        assert!(matches!(events().as_slice(), [Event::Parked { .. }]));
        Ledger::deposit(&account, Usd::dollars(2_000));
        next_block();
        assert!(!is_stale(&account) && !Liquidation::is_due(&account));
        assert!(since.is_some() && Liquidation::due_since(&account).is_none());
        assert_eq!(Keys::<Runtime>::get(&account).len(), 12);
    });
}

#[test]
fn accounts_should_leave_the_cell_of_stale_ones_in_any_order_when_they_are_evaluated() {
    new_test_ext().execute_with(|| {
        let count = u64::from(PAGE_SIZE) + 3;
        for n in 1..=count {
            wide(n, 1_000, 12);
        }
        for n in 1..=count {
            Ledger::deposit(&acc(n), Usd::dollars(1));
        }
        assert_eq!(Cells::<Runtime>::iter_prefix(CellId::Stale).count(), 2);
        for n in [5, count - 1, 1, count] {
            Liquidation::evaluate(&acc(n), &mut Default::default());
            assert!(!is_stale(&acc(n)));
            check();
        }
        next_block();
        assert!((1..=count).all(|n| !is_stale(&acc(n))));
    });
}
