//! Identifiers.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Id of an asset in `Assets` and key of its price in `Oracle`.
pub type AssetId = u32;

/// Id of an order, unique within its market and never reused.
pub type OrderId = u64;

/// Number of a sub-account of one owner.
pub type SubAccountIndex = u16;

/// Id of a perpetual market.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct MarketId(pub u32);

impl MarketId {
    /// Under which losses of accounts are counted that never were in a market: those of loans. No market
    /// is listed under it.
    pub const LOANS: Self = Self(0);
}

/// A margin account: one of the cross-margined sub-accounts of `owner`.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct SubAccount<AccountId> {
    /// The account that signs for it.
    pub owner: AccountId,
    /// Which one of the owner's.
    pub index: SubAccountIndex,
}

impl<AccountId> SubAccount<AccountId> {
    /// The sub-account `index` of `owner`.
    pub const fn new(owner: AccountId, index: SubAccountIndex) -> Self {
        Self { owner, index }
    }
}
