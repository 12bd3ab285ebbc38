//! The lending pool.

use bulwark_primitives::{Index, Rate, Shares, Usd};
use codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;

/// The pool in one look. Rates are per year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LendingPoolInfo {
    /// What all suppliers own, interest included.
    pub supplied: Usd,
    /// All debts, with interest up to this block.
    pub borrowed: Usd,
    /// What can be redeemed or borrowed now.
    pub available: Usd,
    /// The insurance fund's part of the interest that goes to it at the end of the hour.
    pub reserve: Usd,
    /// All shares.
    pub shares: Shares,
    /// Borrowed over supplied, at most 100 %.
    pub utilisation: Rate,
    /// What a loan costs now.
    pub borrow_rate: Rate,
    /// What a supplier earns now.
    pub supply_rate: Rate,
    /// What one unit borrowed at the beginning has grown to.
    pub borrow_index: Index,
    /// What one unit supplied at the beginning has grown to.
    pub supply_index: Index,
    /// Factor on the curve.
    pub scaling: Rate,
    /// Whether no interest is charged now, because no market trades.
    pub frozen: bool,
}

/// What a supplier has.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SupplierInfo {
    /// Shares.
    pub shares: Shares,
    /// What they are worth.
    pub value: Usd,
    /// How much of it can be taken out now.
    pub redeemable: Usd,
}

sp_api::decl_runtime_apis! {
    /// The lending pool.
    pub trait LendingApi<AccountId> where AccountId: Codec {
        /// The pool; `None` when a number does not fit.
        fn pool() -> Option<LendingPoolInfo>;
        /// A supplier; `None` for who has no shares.
        fn supplier(who: AccountId) -> Option<SupplierInfo>;
    }
}
