//! What the lending pool, the ledger and the pot ask of each other.

use crate::Custody;
use bulwark_primitives::{Index, Quantity, Usd};

/// The pot as the lending pool sees it: beside the ways in and out, what is there.
pub trait PoolCustody<AccountId>: Custody<AccountId> {
    /// Settlement asset in the pot, whoever's it is: more cannot be paid out.
    fn held() -> Usd;
}

/// What is borrowed, as the lending pool sees it.
pub trait DebtBook {
    /// Sum of all accounts' debts, each divided by the borrow index at which it was stored and rounded
    /// up; 18 decimals. It changes when debts are made and paid, never by time.
    fn scaled_debt() -> Quantity;

    /// Makes `scaled_debt` answer so, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_scaled_debt(scaled: Quantity);
}

/// Nothing is borrowed.
impl DebtBook for () {
    fn scaled_debt() -> Quantity {
        Quantity::ZERO
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_scaled_debt(_: Quantity) {}
}

/// The lending pool as the ledger sees it.
pub trait LendingPool {
    /// What one unit borrowed at the beginning has grown to. Never falls; the same within a block.
    fn borrow_index() -> Index;
    /// An account paid so much interest out of its balance: of what was booked as long as there is any
    /// of that, the rest for the fund. Never fails.
    fn settle(interest: Usd);
    /// What can be lent now: what is not lent, and in the pot.
    fn available() -> Usd;
    /// The pool's part of the ledger: `pot = balances + this + fund - entry notionals`.
    fn booked() -> Usd;

    /// Puts so much more into the pool's books, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn fill(amount: Usd) {
        let _ = amount;
    }
}

/// No pool: nothing can be borrowed, and what is negative costs nothing.
impl LendingPool for () {
    fn borrow_index() -> Index {
        Index::ONE
    }

    fn settle(_: Usd) {}

    fn available() -> Usd {
        Usd::ZERO
    }

    fn booked() -> Usd {
        Usd::ZERO
    }
}
