//! Where collateral is sold for settlement asset.

use bulwark_primitives::{AssetId, SpotPool, Usd};
use sp_runtime::DispatchError;

/// Most sales of one attempt to close an account. What is left goes to the fund, or waits for the next
/// attempt.
pub const MAX_SALES: u32 = 8;

/// A market for collateral besides the insurance fund. It is asked how much it pays and never what
/// something is worth: who sells bounds it by the oracle's price.
pub trait SpotSource<AccountId> {
    /// The pool of an asset against the settlement asset, as it stands; `None` when there is none that
    /// can be used.
    fn pool(asset: AssetId) -> Option<SpotPool>;

    /// Sells `amount` base units of an asset out of a wallet, and pays into the same wallet; returns what
    /// was paid.
    ///
    /// # Errors
    /// Why it is not sold, for instance because it would bring less than `least`. The caller rolls back.
    fn sell(
        wallet: &AccountId,
        asset: AssetId,
        amount: u128,
        least: Usd,
    ) -> Result<Usd, DispatchError>;

    /// Makes a pool with these reserves, for benchmarks, and the asset if there is none yet.
    #[cfg(feature = "runtime-benchmarks")]
    fn make(asset: AssetId, base: u128, quote: Usd) -> sp_runtime::DispatchResult;
}

/// There is none.
impl<AccountId> SpotSource<AccountId> for () {
    fn pool(_: AssetId) -> Option<SpotPool> {
        None
    }

    fn sell(_: &AccountId, _: AssetId, _: u128, _: Usd) -> Result<Usd, DispatchError> {
        Err("there is no pool".into())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make(_: AssetId, _: u128, _: Usd) -> sp_runtime::DispatchResult {
        Err("there are no pools".into())
    }
}
