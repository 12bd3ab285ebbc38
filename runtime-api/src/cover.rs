//! Cover: policies and who underwrites them.

use alloc::vec::Vec;
use bulwark_primitives::{MarketId, Rate, SubAccount, Usd};
use codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;

/// What a policy would be if it were bought now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CoverQuoteInfo {
    /// What it costs.
    pub premium: Usd,
    /// First block in which it pays.
    pub from: u32,
    /// First block in which it does not pay any more.
    pub until: u32,
    /// How much of the capacity would be sold then.
    pub utilisation: Rate,
}

/// A policy of an account that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CoverPolicyInfo {
    /// In which market.
    pub market: MarketId,
    /// What it can still pay.
    pub left: Usd,
    /// What it cost.
    pub premium: Usd,
    /// First block in which it pays.
    pub from: u32,
    /// First block in which it does not pay any more.
    pub until: u32,
}

/// The underwriters' pool of a market in one look.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CoverPoolInfo {
    /// What underwriters have, with what is earned of the premiums.
    pub assets: Usd,
    /// All their shares.
    pub shares: u128,
    /// What those have who asked for the way out.
    pub leaving: Usd,
    /// What can be sold in all.
    pub capacity: Usd,
    /// What is sold.
    pub sold: Usd,
    /// How much of the capacity that is, at most 100 %.
    pub utilisation: Rate,
    /// Premiums that are paid and not earned.
    pub unearned: Usd,
}

/// What somebody has in the underwriters' pool of a market.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnderwriterInfo {
    /// Shares, those on their way out included.
    pub shares: u128,
    /// What they are worth now.
    pub worth: Usd,
    /// Shares on their way out, with the first and the last block in which they may be claimed.
    pub requested: Option<(u128, u32, u32)>,
}

sp_api::decl_runtime_apis! {
    /// Cover.
    pub trait CoverApi<AccountId> where AccountId: Codec {
        /// What a policy would cost; `None` when it would be refused, whatever the wallet has.
        fn cover_quote(market: MarketId, cover: Usd, days: u32) -> Option<CoverQuoteInfo>;
        /// Policies of an account that are not over.
        fn policies(account: SubAccount<AccountId>) -> Vec<CoverPolicyInfo>;
        /// The underwriters' pool of a market; `None` when a number does not fit.
        fn cover_pool(market: MarketId) -> Option<CoverPoolInfo>;
        /// What somebody has in it; `None` for nothing.
        fn underwriter(market: MarketId, who: AccountId) -> Option<UnderwriterInfo>;
    }
}
