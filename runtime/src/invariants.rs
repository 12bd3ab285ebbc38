//! The numbered invariants of the chain, as one piece of code.
//!
//! Each pallet checks its own share in `do_try_state`; what spans pallets is here. The same list is
//! run by `try_state`, by the scenario driver after every block, by the property tests, and by the
//! demo, which loads a running node's state over RPC and runs it from outside.
//!
//! Invariants 4, 5, 6 and 10 are about what a step may do and not about a state: they are held by tests
//! of transitions (`testing/tests/scenarios`).

use crate::{
    AccountId, Backstop, CircuitBreaker, Insurance, Lending, Liquidation, Margin, Markets,
    OrderBook, PriceOracle, Runtime,
};
use alloc::{format, string::String, vec::Vec};
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

/// The invariants that can be seen in a state.
const NAMES: [(u8, &str); 9] = [
    (
        1,
        "the pot of each asset holds exactly what the ledger says",
    ),
    (2, "long open interest equals short open interest"),
    (3, "profit, funding and fees of all accounts sum to nothing"),
    (
        7,
        "no more of an asset left within an hour or a day than its limit",
    ),
    (8, "aggregates equal the sums they stand for"),
    (
        9,
        "no account under maintenance is missing from the due set",
    ),
    (11, "no parameter is outside its bounds"),
    (12, "initial margin is not below maintenance margin"),
    (13, "the book is never crossed"),
];

/// Checks the state at hand. Reads everything, so it is for tests, tools and `try_state`, never
/// for a block.
pub fn check() -> Vec<Check> {
    // Each pallet names the invariants that a finding breaks at its beginning: "1, 3: ..." or "invariant 8: ...".
    let findings: Vec<String> = [
        Insurance::do_try_state(),
        Backstop::do_try_state(),
        Lending::do_try_state(),
        Margin::do_try_state(),
        OrderBook::do_try_state(),
        Liquidation::do_try_state(),
        PriceOracle::do_try_state(),
        Markets::do_try_state(),
        CircuitBreaker::do_try_state(),
        due_set(),
        margins(),
    ]
    .into_iter()
    .filter_map(Result::err)
    .map(describe)
    .collect();
    NAMES
        .into_iter()
        .map(|(number, name)| {
            let broken = findings
                .iter()
                .find(|finding| numbers(finding).contains(&number));
            Check {
                number,
                name,
                result: broken.cloned().map_or(Ok(()), Err),
            }
        })
        .chain(unnumbered(&findings))
        .collect()
}

/// A finding that names no invariant of the list must not get lost.
fn unnumbered(findings: &[String]) -> Option<Check> {
    let known = |number: &u8| NAMES.iter().any(|(listed, _)| listed == number);
    findings
        .iter()
        .find(|finding| !numbers(finding).iter().any(known))
        .map(|finding| Check {
            number: 0,
            name: "a pallet's own storage is consistent",
            result: Err(finding.clone()),
        })
}

/// The numbers before the colon of a finding.
fn numbers(finding: &str) -> Vec<u8> {
    finding
        .trim_start_matches("invariant ")
        .split(':')
        .next()
        .unwrap_or_default()
        .split(',')
        .filter_map(|number| number.trim().parse().ok())
        .collect()
}

fn describe(error: TryRuntimeError) -> String {
    match error {
        TryRuntimeError::Other(message) => message.into(),
        other => format!("{other:?}"),
    }
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
