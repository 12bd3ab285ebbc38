//! Interest moves health as prices do: an account that it puts under maintenance is due.

use crate::{mock::*, Factors, Keys};
use bulwark_primitives::{Factor, Index, Side, Usd};
use bulwark_traits::{
    mock::{Lender, MARKET},
    LendingPool, LiquidationLedger,
};
use proptest::prelude::*;

/// Owes 500 USD, has collateral worth 90 units of 9 USD, and is long 1 unit of 100 USD.
fn debtor(n: u64) -> Account {
    Charging::set(true);
    let account = open(n, -500, MARKET, 1_000);
    Ledger::add_collateral(&account, INDEX_2, 90 * 100_000_000);
    account
}

fn liquidatable(account: &Account) -> bool {
    Ledger::health(account).unwrap().is_liquidatable()
}

#[test]
fn debt_should_be_a_factor_with_a_trigger_when_an_account_owes() {
    new_test_ext().execute_with(|| {
        let account = debtor(1);
        assert!(Factors::<Runtime>::get().contains(&Factor::Debt));
        let key = Keys::<Runtime>::get(&account)
            .into_iter()
            .find(|key| key.factor == Factor::Debt)
            .unwrap();
        assert!(key.key < -(Index::ONE.0 as i128), "{key:?}");
        assert!(!Liquidation::is_due(&account));
        // A debt that is paid has no trigger.
        Ledger::deposit(&account, Usd::dollars(600));
        assert!(!Factors::<Runtime>::get().contains(&Factor::Debt));
    });
}

#[test]
fn account_should_be_due_when_interest_alone_puts_it_under_maintenance() {
    new_test_ext().execute_with(|| {
        let account = debtor(1);
        Book::rest(MARKET, Side::Bid, 1_000, 10_000_000);
        let mut grown = 0;
        while !liquidatable(&account) {
            assert!(grown < 100, "it never falls");
            grown += 1;
            Lender::set_index(Index(Index::ONE.0 / 100 * (100 + grown)));
        }
        // 810 + 0 - 500 * 1.62 is under the 3 USD of maintenance.
        assert_eq!(grown, 62);
        assert!(Liquidation::is_due(&account));
        assert_eq!(Liquidation::due_accounts(10), vec![account.clone()]);
        next_block();
        assert_ne!(Ledger::size(&account, MARKET), milli(1_000), "it is closed");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Invariant 9 with debts: whatever the index and the prices do, no account under maintenance is missing.
    #[test]
    fn nobody_should_be_missing_when_index_and_prices_move(
        debts in prop::collection::vec((1i64..800, 0u128..90, 1i128..3_000), 1..8),
        moves in prop::collection::vec((0u128..60_000_000_000_000_000, 2_000u128..20_000), 1..12),
    ) {
        new_test_ext().execute_with(|| {
            Charging::set(true);
            let accounts: Vec<Account> = debts
                .into_iter()
                .zip(1u64..)
                .map(|((debt, coins, size), n)| {
                    let account = open(n, -debt, MARKET, size);
                    Ledger::add_collateral(&account, INDEX_2, coins * 100_000_000);
                    account
                })
                .collect();
            for (growth, cents) in moves {
                let index = <Lender as LendingPool>::borrow_index();
                Lender::set_index(Index(index.0 + growth));
                set_cents(bulwark_traits::mock::INDEX, cents);
                for account in &accounts {
                    prop_assert!(
                        !liquidatable(account) || Liquidation::is_due(account),
                        "{account:?}"
                    );
                }
                next_block();
            }
            Ok(())
        })?;
    }
}
