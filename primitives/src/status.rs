//! What a price is good for, and what a market allows.

// The codec derive of an enum writes its index with `as`.
#![allow(clippy::as_conversions)]

use crate::Moment;
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
    /// Back after an outage, and not yet for long enough: nobody is closed on the first prices that
    /// come through.
    #[codec(index = 5)]
    Recovering,
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
    /// disagree, and with a price that has moved too far too fast, of which it believes only as much as
    /// its tier allows; it never acts on one that is missing, old or fresh from an outage; what makes an
    /// account safer always works.
    pub const fn tolerated_by(self, action: Action) -> bool {
        match (action, self) {
            (Action::Reduce | Action::Deposit | Action::Cancel, _) => true,
            (Action::Liquidate, Self::Uncertain | Self::Deviating) => true,
            (
                Action::Liquidate,
                Self::TooFewFeeds | Self::Stale | Self::Halted | Self::Recovering,
            ) => false,
            (Action::Open | Action::Withdraw, _) => false,
        }
    }
}

/// By what right a feeder feeds.
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
pub enum Seat {
    /// Admitted by governance.
    #[codec(index = 0)]
    Governance,
    /// One of the few seats that go to the largest bonds.
    #[codec(index = 1)]
    Open,
}

/// Where a registered feeder stands.
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
pub enum FeederStatus {
    /// Without a seat: its values do not count.
    #[codec(index = 0)]
    Candidate,
    /// Its values count.
    #[codec(index = 1)]
    Active(Seat),
    /// Convicted by its score: its values do not count, and it may come back from `until` on.
    #[codec(index = 2)]
    Suspended {
        /// The right by which it fed.
        seat: Seat,
        /// When it may come back.
        until: Moment,
    },
    /// Taken off by governance, which alone can let it feed again.
    #[codec(index = 3)]
    Barred,
    /// On its way out; its bond can be slashed until it is withdrawn, from `until` on.
    #[codec(index = 4)]
    Leaving {
        /// When the bond may be withdrawn.
        until: Moment,
    },
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

    /// Whether somebody may rest an order that would enlarge his position, with initial margin for all of
    /// it.
    ///
    /// More than [`Self::allows_new_risk`] while liquidation is behind: a bid that rests there takes over
    /// what accounts under maintenance, and those who reduce, have to get rid of. The market as a whole
    /// has no more risk than before, and without such bids a backlog would last because it is one.
    pub const fn allows_makers(self, reason: StatusReason) -> bool {
        match self {
            Self::Active | Self::PostOnly => true,
            Self::ReduceOnly => matches!(reason, StatusReason::Backlog),
            Self::Paused | Self::Settling | Self::Closed => false,
        }
    }

    /// Whether positions pay funding. It freezes while nothing trades, and is not charged
    /// afterwards.
    pub const fn allows_funding(self) -> bool {
        match self {
            Self::Active | Self::PostOnly | Self::ReduceOnly => true,
            Self::Paused | Self::Settling | Self::Closed => false,
        }
    }

    /// Whether due accounts may be closed into the book.
    pub const fn allows_liquidation(self) -> bool {
        match self {
            Self::Active | Self::PostOnly | Self::ReduceOnly => true,
            Self::Paused | Self::Settling | Self::Closed => false,
        }
    }

    /// Whether the backstop vault may take positions over: outside the book, so also while nothing
    /// fills in it.
    pub const fn allows_takeover(self) -> bool {
        match self {
            Self::Active | Self::PostOnly | Self::ReduceOnly | Self::Paused => true,
            Self::Settling | Self::Closed => false,
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
    /// Liquidations do not fit into their blocks: [`Incident::LiquidationBacklog`].
    #[codec(index = 4)]
    Backlog,
    /// Its pause is over and its book is being uncrossed by an auction.
    #[codec(index = 5)]
    Auction,
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

    /// The table of [`PriceError::tolerated_by`], cell by cell: rows are errors, columns the actions
    /// of [`ACTIONS`].
    const TABLE: [(PriceError, [bool; 6]); 6] = [
        (
            PriceError::TooFewFeeds,
            [false, false, false, true, true, true],
        ),
        (PriceError::Stale, [false, false, false, true, true, true]),
        (
            PriceError::Deviating,
            [false, false, true, true, true, true],
        ),
        (
            PriceError::Uncertain,
            [false, false, true, true, true, true],
        ),
        (PriceError::Halted, [false, false, false, true, true, true]),
        (
            PriceError::Recovering,
            [false, false, false, true, true, true],
        ),
    ];

    const ACTIONS: [Action; 6] = [
        Action::Open,
        Action::Withdraw,
        Action::Liquidate,
        Action::Reduce,
        Action::Deposit,
        Action::Cancel,
    ];

    #[test]
    fn every_cell_of_the_table_should_be_what_the_risk_rules_say() {
        for (error, row) in TABLE {
            for (action, tolerated) in ACTIONS.into_iter().zip(row) {
                assert_eq!(
                    error.tolerated_by(action),
                    tolerated,
                    "{action:?} under {error:?}"
                );
            }
        }
    }

    #[test]
    fn table_should_name_every_error_and_every_action_once() {
        // Exhaustive on purpose: a new variant does not compile until it has its row or column.
        for (place, (error, _)) in TABLE.into_iter().enumerate() {
            let expected = match error {
                PriceError::TooFewFeeds => 0,
                PriceError::Stale => 1,
                PriceError::Deviating => 2,
                PriceError::Uncertain => 3,
                PriceError::Halted => 4,
                PriceError::Recovering => 5,
            };
            assert_eq!(place, expected);
            assert_eq!(error.encode(), [place as u8], "{error:?} changed its index");
        }
        for (place, action) in ACTIONS.into_iter().enumerate() {
            let expected = match action {
                Action::Open => 0,
                Action::Withdraw => 1,
                Action::Liquidate => 2,
                Action::Reduce => 3,
                Action::Deposit => 4,
                Action::Cancel => 5,
            };
            assert_eq!(place, expected);
        }
    }

    #[test]
    fn takeovers_should_go_on_where_liquidation_does_and_while_nothing_fills() {
        use MarketStatus::*;
        for status in [Active, PostOnly, ReduceOnly, Paused, Settling, Closed] {
            let takes = status.allows_liquidation() || status == Paused;
            assert_eq!(status.allows_takeover(), takes, "{status:?}");
        }
    }

    #[test]
    fn makers_should_be_allowed_beyond_new_risk_only_in_a_backlog() {
        use MarketStatus::*;
        for status in [Active, PostOnly, ReduceOnly, Paused, Settling, Closed] {
            for reason in [
                StatusReason::Normal,
                StatusReason::PriceBand,
                StatusReason::Governance,
                StatusReason::Incident,
                StatusReason::Backlog,
            ] {
                let helps = status == ReduceOnly && reason == StatusReason::Backlog;
                assert_eq!(
                    status.allows_makers(reason),
                    status.allows_new_risk() || helps,
                    "{status:?} {reason:?}"
                );
            }
        }
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
