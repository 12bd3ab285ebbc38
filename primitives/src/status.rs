//! What a price is good for, and what a market allows.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Why an asset has no clean price in this block.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub enum PriceError {
    /// Fewer fresh feeds than the quorum.
    #[codec(index = 0)]
    TooFewFeeds,
    /// Every feed is older than the maximal age.
    #[codec(index = 1)]
    Stale,
    /// Too far from its own time-weighted mean.
    #[codec(index = 2)]
    Deviating,
    /// The feeders disagree by more than the tier's tolerance.
    #[codec(index = 3)]
    Uncertain,
    /// The asset is halted, or no price was ever registered for it.
    #[codec(index = 4)]
    Halted,
}

/// What a price or a market status is asked for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Action {
    /// Open or enlarge a position.
    #[codec(index = 0)]
    Open,
    /// Take collateral out.
    #[codec(index = 1)]
    Withdraw,
    /// Close an account under maintenance.
    #[codec(index = 2)]
    Liquidate,
    /// Make a position smaller.
    #[codec(index = 3)]
    Reduce,
    /// Add collateral.
    #[codec(index = 4)]
    Deposit,
    /// Take an order out of the book.
    #[codec(index = 5)]
    Cancel,
}

impl PriceError {
    /// The one table of which action goes on in spite of which error.
    ///
    /// New risk and exits of value need a clean price; liquidation lives with feeders that
    /// disagree but never acts on a price that is missing, old or suspect; what makes an account
    /// safer always works.
    pub const fn tolerated_by(self, action: Action) -> bool {
        match (action, self) {
            (Action::Reduce | Action::Deposit | Action::Cancel, _) => true,
            (Action::Liquidate, Self::Uncertain) => true,
            (
                Action::Liquidate,
                Self::TooFewFeeds | Self::Stale | Self::Deviating | Self::Halted,
            ) => false,
            (Action::Open | Action::Withdraw, _) => false,
        }
    }
}

/// What a market lets people do.
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
    Serialize,
    Deserialize,
)]
pub enum MarketStatus {
    /// Everything.
    #[default]
    #[codec(index = 0)]
    Active,
    /// Orders may rest, none may take.
    #[codec(index = 1)]
    PostOnly,
    /// Positions may only become smaller.
    #[codec(index = 2)]
    ReduceOnly,
    /// Nothing fills; orders may be cancelled.
    #[codec(index = 3)]
    Paused,
    /// Being wound up at a fixed price.
    #[codec(index = 4)]
    Settling,
    /// Gone.
    #[codec(index = 5)]
    Closed,
}

impl MarketStatus {
    /// Whether a new order may be placed at all.
    pub const fn allows_orders(self) -> bool {
        match self {
            Self::Active | Self::PostOnly | Self::ReduceOnly => true,
            Self::Paused | Self::Settling | Self::Closed => false,
        }
    }

    /// Whether an order may take liquidity.
    pub const fn allows_fills(self) -> bool {
        match self {
            Self::Active | Self::ReduceOnly => true,
            Self::PostOnly | Self::Paused | Self::Settling | Self::Closed => false,
        }
    }

    /// Whether a position may be opened or enlarged.
    pub const fn allows_new_risk(self) -> bool {
        match self {
            Self::Active | Self::PostOnly => true,
            Self::ReduceOnly | Self::Paused | Self::Settling | Self::Closed => false,
        }
    }

    /// Whether due accounts may be closed into the book.
    pub const fn allows_liquidation(self) -> bool {
        match self {
            Self::Active | Self::PostOnly | Self::ReduceOnly => true,
            Self::Paused | Self::Settling | Self::Closed => false,
        }
    }
}

/// Why a market has the status it has.
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
    Serialize,
    Deserialize,
)]
pub enum StatusReason {
    /// Nothing is wrong.
    #[default]
    #[codec(index = 0)]
    Normal,
    /// The price stayed outside its band.
    #[codec(index = 1)]
    PriceBand,
    /// Set by governance.
    #[codec(index = 2)]
    Governance,
    /// An [`Incident`] was reported by another part of the chain.
    #[codec(index = 3)]
    Incident,
}

/// Something another pallet saw that the breaker answers with reduce-only.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Incident {
    /// A loss that no layer could pay.
    #[codec(index = 0)]
    UncoveredLoss,
    /// Accounts under maintenance that did not fit into one block's budget for too long.
    #[codec(index = 1)]
    LiquidationBacklog,
    /// A formula of this market failed (overflow).
    #[codec(index = 2)]
    MathFailure,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERRORS: [PriceError; 5] = [
        PriceError::TooFewFeeds,
        PriceError::Stale,
        PriceError::Deviating,
        PriceError::Uncertain,
        PriceError::Halted,
    ];

    #[test]
    fn help_and_exits_should_work_when_the_price_has_any_error() {
        for error in ERRORS {
            for action in [Action::Reduce, Action::Deposit, Action::Cancel] {
                assert!(error.tolerated_by(action), "{action:?} under {error:?}");
            }
        }
    }

    #[test]
    fn new_risk_and_withdrawals_should_stop_when_the_price_has_any_error() {
        for error in ERRORS {
            for action in [Action::Open, Action::Withdraw] {
                assert!(!error.tolerated_by(action), "{action:?} under {error:?}");
            }
        }
    }

    #[test]
    fn liquidation_should_go_on_only_when_the_price_is_merely_uncertain() {
        let tolerated: Vec<_> = ERRORS
            .into_iter()
            .filter(|e| e.tolerated_by(Action::Liquidate))
            .collect();
        assert_eq!(tolerated, vec![PriceError::Uncertain]);
    }

    #[test]
    fn fills_should_imply_orders_in_every_status() {
        use MarketStatus::*;
        for status in [Active, PostOnly, ReduceOnly, Paused, Settling, Closed] {
            assert!(
                !status.allows_fills() || status.allows_orders(),
                "{status:?}"
            );
            assert!(
                !status.allows_new_risk() || status.allows_orders(),
                "{status:?}"
            );
        }
    }
}
