//! Cover for those whose profit pays for somebody else's loss.

use bulwark_primitives::{MarketId, SubAccount, Usd};

/// Policies as the ledger sees them when it takes open profit for others: by deleveraging or by a haircut.
pub trait LossCover<AccountId> {
    /// What the policies of `account` pay for a `loss` that it has just borne in `market`: at most the
    /// loss, nothing without a policy. It leaves the underwriters' part of the pot, so the caller
    /// credits the account with all of it, or undoes this call with the rest. Never fails.
    fn pay(account: &SubAccount<AccountId>, market: MarketId, loss: Usd) -> Usd;
    /// What underwriters and premiums have of the pot.
    fn held() -> Usd;

    /// Gives an account as many policies in a market as it can have, each worth a dollar, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn insure(account: &SubAccount<AccountId>, market: MarketId) {
        let _ = (account, market);
    }
}

impl<AccountId> LossCover<AccountId> for () {
    fn pay(_: &SubAccount<AccountId>, _: MarketId, _: Usd) -> Usd {
        Usd::ZERO
    }

    fn held() -> Usd {
        Usd::ZERO
    }
}
