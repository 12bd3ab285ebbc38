//! The backstop vault.

use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Shares, Usd};
use codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;

/// The vault in one look.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BackstopInfo {
    /// What all shares are worth at the worse prices: what is paid for them. `None` while a market in which it
    /// has a position has no clean price.
    pub worse_value: Option<Usd>,
    /// At the better ones: what they are bought at.
    pub better_value: Option<Usd>,
    /// In no market.
    pub free: Usd,
    /// Put into markets: the most that can be lost there.
    pub at_risk: Usd,
    /// Lost today, gains apart.
    pub lost_today: Usd,
    /// All shares.
    pub shares: Shares,
    /// Markets in which it has a position, with what was put in there.
    pub markets: Vec<(MarketId, Usd)>,
}

/// What a depositor has.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BackstopDepositorInfo {
    /// Shares.
    pub shares: Shares,
    /// What they are worth at the worse prices; `None` while that is not known.
    pub value: Option<Usd>,
}

sp_api::decl_runtime_apis! {
    /// The backstop vault.
    pub trait BackstopApi<AccountId> where AccountId: Codec {
        /// The vault.
        fn vault() -> BackstopInfo;
        /// A depositor; `None` for who has no shares.
        fn depositor(who: AccountId) -> Option<BackstopDepositorInfo>;
    }
}
