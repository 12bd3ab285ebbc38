//! What is stored.

use bulwark_primitives::{Rate, Tier, Usd};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Most that the losses of one market may take of the fund within one window, its own liquidation
/// fees apart.
pub const fn share_of(tier: Tier) -> Rate {
    match tier {
        Tier::A => Rate::ONE,
        Tier::B => Rate::percent(20),
        Tier::C => Rate::percent(5),
        // Nobody else's money for a market that is kept apart.
        Tier::Isolated => Rate::ZERO,
    }
}

/// What happened to a market since its window began.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Window<BlockNumber> {
    /// When it began.
    pub start: BlockNumber,
    /// What was paid for losses of the market, its own fees apart.
    pub drawn: Usd,
    /// Liquidation fees of the market that its losses have not used.
    pub fees: Usd,
}

/// Money of many in one pot: of all stakers, or of all underwriters of a market.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Pool {
    /// Their money.
    pub assets: Usd,
    /// Their shares in it.
    pub shares: u128,
    /// How often all of it was lost. Shares of an epoch before are worth nothing.
    pub epoch: u32,
}

/// What one of them has.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Stake<BlockNumber> {
    /// Shares in the pool, those on their way out included.
    pub shares: u128,
    /// Epoch of the pool in which they were bought.
    pub epoch: u32,
    /// What shall go out.
    pub request: Option<Request<BlockNumber>>,
}

/// Shares on their way out. They earn and lose like the others until they are paid.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Request<BlockNumber> {
    /// How many.
    pub shares: u128,
    /// When it was made.
    pub since: BlockNumber,
}
