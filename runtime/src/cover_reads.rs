//! What the runtime API tells of cover.

use crate::{AccountId, Insurance};
use alloc::vec::Vec;
use bulwark_primitives::{MarketId, SubAccount, Usd};
use bulwark_runtime_api::{CoverPolicyInfo, CoverPoolInfo, CoverQuoteInfo, UnderwriterInfo};

/// What a policy would be.
pub fn quote(market: MarketId, cover: Usd, days: u32) -> Option<CoverQuoteInfo> {
    Insurance::cover_quote(market, cover, days).map(|quote| CoverQuoteInfo {
        premium: quote.premium,
        from: quote.from,
        until: quote.until,
        utilisation: quote.utilisation,
    })
}

/// Policies of an account.
pub fn policies(account: SubAccount<AccountId>) -> Vec<CoverPolicyInfo> {
    Insurance::policies(account)
        .into_iter()
        .map(|(market, policy)| CoverPolicyInfo {
            market,
            left: policy.left,
            premium: policy.premium,
            from: policy.from,
            until: policy.until,
        })
        .collect()
}

/// The underwriters' pool of a market.
pub fn pool(market: MarketId) -> Option<CoverPoolInfo> {
    Insurance::cover_pool(market).map(|pool| CoverPoolInfo {
        assets: pool.assets,
        shares: pool.shares,
        leaving: pool.leaving,
        capacity: pool.capacity,
        sold: pool.sold,
        utilisation: pool.utilisation,
        unearned: pool.unearned,
    })
}

/// What somebody has in it.
pub fn underwriter(market: MarketId, who: AccountId) -> Option<UnderwriterInfo> {
    Insurance::underwriter(market, who).map(|stake| UnderwriterInfo {
        shares: stake.shares,
        worth: stake.worth,
        requested: stake.requested,
    })
}
