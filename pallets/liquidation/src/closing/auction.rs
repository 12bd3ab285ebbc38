//! Accounts that could not be closed otherwise, in an auction.
//!
//! A market that comes back from a pause is uncrossed at one price in the step after this one
//! ([`AuctionGuard`]). What the book would be sent of an account, were it open, rests there as an order
//! like any other, with the same quantity and price limit. It is good for this block alone: when the
//! auction goes on in the next one, the account, if it is still due, joins anew at the prices of then. So
//! no order of a healthy account fills, and none at a limit of other prices. The fills are the book's, in a
//! later step; it asks for the fee of each ([`ForcedFills`]), which is what a closing of as much at that
//! price into the open book would pay. Whoever is still under maintenance when the market is open is closed
//! in the ordinary way.

use super::order::closing_of;
use crate::{losses::missing, types::Outcome, Config, DueSince, Event, Known, Pallet};
use bulwark_primitives::{MarketId, Quantity, SubAccount, Usd};
use bulwark_risk_math::Closing;
use bulwark_traits::{
    AuctionGuard, Execution, ForcedFills, LiquidationLedger, LiquidationVenue, Reopening,
};
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;

impl<T: Config> Pallet<T> {
    /// Lets an account whose attempt ended with `outcome` take part in the auction of one of its markets,
    /// the largest requirement first. Whether that was tried. Only in step 3, which the auction follows.
    pub(crate) fn join_auction(account: &SubAccount<T::AccountId>, outcome: Outcome) -> bool {
        match outcome {
            Outcome::MarketsHalted | Outcome::NoLiquidity => {}
            Outcome::Progress
            | Outcome::Healthy
            | Outcome::Frozen
            | Outcome::AlreadyClosed
            | Outcome::FundShort
            | Outcome::MathFailure
            | Outcome::NoRoom => return false,
        }
        let positions = Self::open_positions(account);
        if !positions
            .iter()
            .any(|position| Self::is_uncrossing(position.market))
        {
            return false;
        }
        let Some((target, health)) = Self::joinable(account, positions) else {
            return true;
        };
        let market = target.market();
        // A debt that the fund would not pay all of is for those who pay it when the market is open.
        if missing::<T>(market, &health) > Usd::ZERO {
            return true;
        }
        let closing = closing_of(&target.holding, health);
        let order = match Self::order_of(&target, &closing) {
            Ok(order) => order,
            Err(error) => {
                Self::math_failed(market, error);
                return true;
            }
        };
        let quantity =
            T::Venue::join_auction(account, market, order.side, order.quantity, order.worst);
        if quantity.is_zero() {
            return true;
        }
        let now = frame_system::Pallet::<T>::block_number();
        // What the auction closes is all that this block may.
        Known::<T>::mutate_extant(account, |known| known.closed_at = Some(now));
        Self::deposit_event(Event::JoinedAuction {
            account: account.clone(),
            market,
            quantity,
            worst: order.worst,
            due_since: DueSince::<T>::get(account).unwrap_or(now),
        });
        true
    }

    /// Whether the book of a market is about to be uncrossed in this block.
    pub(super) fn is_uncrossing(market: MarketId) -> bool {
        T::Auctions::reopening(market) == Some(Reopening::Uncrossing)
    }
}

impl<T: Config> ForcedFills<T::AccountId> for Pallet<T> {
    /// The closing, and since when the account is due.
    type Before = (Closing, Option<BlockNumberFor<T>>);

    fn before(account: &SubAccount<T::AccountId>, market: MarketId) -> Option<Self::Before> {
        let health = T::Ledger::health(account).ok()?;
        let target = Self::target_in(account, market)?;
        let closing = closing_of(&target.holding, health);
        Some((closing, DueSince::<T>::get(account)))
    }

    fn after(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        (closing, since): Self::Before,
        quantity: Quantity,
        notional: Usd,
    ) {
        let execution = Execution {
            quantity,
            notional,
            fills: 1,
            removed: 0,
        };
        let charged = Self::charge(account, market, &closing, &execution, T::Author::get());
        Self::deposit_liquidated(account, market, &closing, &execution, charged, since);
    }
}
