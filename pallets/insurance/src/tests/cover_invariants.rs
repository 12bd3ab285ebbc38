//! Random lives of two markets: nothing is made or lost, nothing is sold that is not backed.

use super::*;
use proptest::prelude::*;
use sp_core::U256;
use sp_runtime::DispatchResult;

const MARKETS: [MarketId; 2] = [MarketId(1), MarketId(3)];
const PEOPLE: std::ops::Range<u64> = 1..5;

#[derive(Clone, Debug)]
enum Step {
    Underwrite(u64, usize, i128),
    Request(u64, usize, u32),
    Withdraw(u64, usize),
    Buy(u64, usize, i128, u32),
    Lose(u64, usize, i128),
    Remove(u64, usize),
    Open(bool),
    Blocks(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || (0u32..34).prop_flat_map(|bits| 1i128..=(1 << bits));
    let step = prop_oneof![
        3 => (PEOPLE, 0..2usize, amount()).prop_map(|(who, m, a)| Step::Underwrite(who, m, a)),
        2 => (PEOPLE, 0..2usize, 0u32..=10).prop_map(|(who, m, part)| Step::Request(who, m, part)),
        2 => (PEOPLE, 0..2usize).prop_map(|(who, m)| Step::Withdraw(who, m)),
        6 => (PEOPLE, 0..2usize, 0i128..=10, 1u32..=30)
            .prop_map(|(who, m, part, days)| Step::Buy(who, m, part, days)),
        4 => (PEOPLE, 0..2usize, amount()).prop_map(|(who, m, a)| Step::Lose(who, m, a)),
        1 => (PEOPLE, 0..2usize).prop_map(|(who, m)| Step::Remove(who, m)),
        1 => any::<bool>().prop_map(Step::Open),
        5 => prop_oneof![0u64..20, 0u64..500, 3_100u64..3_400].prop_map(Step::Blocks),
    ];
    prop::collection::vec(step, 1..80)
}

fn all_wallets() -> i128 {
    PEOPLE.map(|who| Wallets::get(who).0).sum()
}

/// What it did to the pot, other than by calls.
fn take(step: Step) -> DispatchResult {
    match step {
        Step::Underwrite(who, m, amount) => Insurance::underwrite(by(who), MARKETS[m], Usd(amount)),
        Step::Request(who, m, part) => {
            let shares = Insurance::underwriter(MARKETS[m], who).map_or(0, |stake| stake.shares);
            let shares = shares * u128::from(part) / 10;
            Insurance::request_withdrawal(by(who), MARKETS[m], shares)
        }
        Step::Withdraw(who, m) => Insurance::withdraw(by(who), MARKETS[m]),
        Step::Buy(who, m, part, days) => {
            let pool = Insurance::cover_pool(MARKETS[m]).unwrap();
            // A part of what is free, and a little more than all of it.
            let free = (pool.capacity.0 - pool.sold.0).max(0);
            let cover = Usd(free * part / 10 + part / 10);
            let quote = Insurance::cover_quote(MARKETS[m], cover, days);
            let before = Wallets::get(who);
            let bought = Insurance::buy_cover(by(who), 0, MARKETS[m], cover, days, Usd::MAX);
            if bought.is_ok() {
                let paid = before.checked_sub(Wallets::get(who));
                assert_eq!(quote.map(|quote| quote.premium), paid);
            }
            bought
        }
        Step::Lose(who, m, loss) => {
            let cover: i128 = Insurance::policies(sub(who))
                .iter()
                .filter(|(market, policy)| {
                    let now = System::block_number() as u32;
                    *market == MARKETS[m] && policy.from <= now
                })
                .map(|(_, policy)| policy.left.0)
                .sum();
            let paid = <Insurance as LossCover<u64>>::pay(&sub(who), MARKETS[m], Usd(loss));
            assert_eq!(paid.0, loss.min(cover));
            // In the mock the holder's account is a wallet.
            Wallets::lose(paid);
            let wallet = Wallets::get(who).checked_add(paid).unwrap();
            Wallets::set(who, wallet);
            Ok(())
        }
        Step::Remove(who, m) => Insurance::remove_expired(by(who), sub(who), MARKETS[m])
            .map(|_| ())
            .map_err(|refused| refused.error),
        Step::Open(open) => {
            Losses::set(open);
            Ok(())
        }
        Step::Blocks(blocks) => {
            System::set_block_number(System::block_number() + blocks);
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn books_should_add_up_when_anything_happens(steps in steps()) {
        new_test_ext(Usd::ZERO).execute_with(|| {
            for who in PEOPLE {
                Wallets::set(who, usd(100_000));
            }
            let all = all_wallets() + Wallets::pot().0;
            for step in steps {
                let priced = MARKETS.map(|market| Insurance::cover_pool(market).unwrap());
                let is_loss = matches!(step, Step::Lose(..));
                // A refused call is as good a step as another.
                let _ = frame_support::storage::with_storage_layer(|| take(step));
                check();
                assert_eq!(all_wallets() + Wallets::pot().0, all);
                for (market, before) in MARKETS.into_iter().zip(priced) {
                    let after = Insurance::cover_pool(market).unwrap();
                    assert!(after.sold <= after.assets);
                    // No share is ever worth less but by a payment.
                    let price = |pool: crate::CoverPool, shares: u128| {
                        U256::from(pool.assets.0 as u128) * U256::from(shares)
                    };
                    let kept = price(after, before.shares) >= price(before, after.shares);
                    assert!(is_loss || after.shares == 0 || kept, "{before:?} {after:?}");
                }
            }
            // When all is over everything is earned, and everybody can leave.
            Losses::set(false);
            System::set_block_number(System::block_number() + 4_000);
            for market in MARKETS {
                let pool = Insurance::cover_pool(market).unwrap();
                assert_eq!((pool.sold, pool.unearned), (Usd::ZERO, Usd::ZERO));
                for who in PEOPLE {
                    if let Some(stake) = Insurance::underwriter(market, who) {
                        assert_ok!(Insurance::request_withdrawal(by(who), market, stake.shares));
                    }
                }
            }
            System::set_block_number(System::block_number() + 32 * DAY);
            for market in MARKETS {
                for who in PEOPLE {
                    if Insurance::underwriter(market, who).is_some() {
                        assert_ok!(Insurance::withdraw(by(who), market));
                    }
                }
                check();
            }
            assert_eq!((all_wallets(), Wallets::pot()), (all, Usd::ZERO));
        });
    }
}
