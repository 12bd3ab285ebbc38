//! The numbered invariants of the chain, as one piece of code.
//!
//! Each pallet checks its own share in `do_try_state`; what spans pallets is here. The same list is
//! run by `try_state`, by the scenario driver after every block, by the property tests, and by the
//! demo, which loads a running node's state over RPC and runs it from outside.
//!
//! Invariants 4, 5, 6, 7 and 10 are about what a step may do and not about a state: they are held by tests
//! of transitions (`testing/tests/scenarios`), and 7, limits on outflow, by a later version.

use crate::{
    AccountId, CircuitBreaker, Insurance, Liquidation, Margin, Markets, OrderBook, PriceOracle,
    Runtime,
};
use alloc::{format, string::String, vec, vec::Vec};
use bulwark_primitives::SubAccount;
use bulwark_traits::LiquidationLedger;
use polkadot_sdk::sp_runtime::TryRuntimeError;

/// One invariant and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its number in the list.
    pub number: u8,
    /// What it says.
    pub name: &'static str,
    /// Nothing, or what is wrong.
    pub result: Result<(), String>,
}

/// Checks the state at hand. Reads everything, so it is for tests, tools and `try_state`, never
/// for a block.
pub fn check() -> Vec<Check> {
    vec![
        report(1, "the pot of each asset holds exactly what the ledger says", Margin::check_pots()),
        report(2, "long open interest equals short open interest", Margin::check_open_interest()),
        report(3, "what the fund received and paid is what it holds", Insurance::do_try_state()),
        report(8, "aggregates equal the sums they stand for", aggregates()),
        report(9, "no account under maintenance is missing from the due set", due_set()),
        report(11, "no parameter is outside its bounds", parameters()),
        report(12, "initial margin is not below maintenance margin", margins()),
        report(13, "the book is never crossed", OrderBook::do_try_state()),
    ]
}

fn report(number: u8, name: &'static str, result: Result<(), TryRuntimeError>) -> Check {
    Check { number, name, result: result.map_err(|error| format!("{error:?}")) }
}

fn aggregates() -> Result<(), TryRuntimeError> {
    Margin::do_try_state()?;
    Liquidation::do_try_state()?;
    PriceOracle::do_try_state()
}

fn parameters() -> Result<(), TryRuntimeError> {
    Markets::do_try_state()?;
    CircuitBreaker::do_try_state()
}

/// Every account, with a health that can be told at the prices of this block.
fn healths() -> impl Iterator<Item = (SubAccount<AccountId>, bulwark_primitives::Health)> {
    pallet_margin::Accounts::<Runtime>::iter_keys().filter_map(|account| {
        <Margin as LiquidationLedger<AccountId>>::health(&account)
            .ok()
            .map(|health| (account, health))
    })
}

fn due_set() -> Result<(), TryRuntimeError> {
    for (account, health) in healths() {
        if health.is_liquidatable() && !Liquidation::is_due(&account) {
            polkadot_sdk::sp_runtime::runtime_logger::RuntimeLogger::init();
            log::error!(target: "bulwark::invariants", "9: {account:?} is not due: {health:?}");
            return Err("9: an account under maintenance is missing from the due set".into());
        }
    }
    Ok(())
}

fn margins() -> Result<(), TryRuntimeError> {
    for (account, health) in healths() {
        if health.initial_margin < health.maintenance_margin {
            log::error!(target: "bulwark::invariants", "12: {account:?}: {health:?}");
            return Err("12: an account needs less to open than to hold".into());
        }
    }
    Ok(())
}
