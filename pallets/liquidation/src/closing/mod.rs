//! Closing an account that is under maintenance: orders, then a part of the position with the
//! largest requirement, then the fee, then the loss if one is left. Step 3 and the call share it.
//!
//! An attempt tries at most [`MAX_MISSES`] markets in vain. The first one starts with the largest
//! requirements; when it misses them all, the attempts after it go on where the last one stopped, in
//! the order of the markets' ids and round again, until one fills something. So an account with `n`
//! positions has each of them tried within `1 + n / MAX_MISSES` attempts, rounded up.
//!
//! # The route of one position
//!
//! 1. Bankrupt: the [vault](vault), beyond the mark. In a paused market nothing comes after it, and it is
//!    asked for solvent accounts too.
//! 2. Bankrupt, and the fund would not pay all of it: opposite positions, at once.
//! 3. The book, within the floor of [`plan`]: best price first.
//! 4. Solvent: the vault, at the floor, under two thirds of maintenance.
//! 5. Opposite positions, when all that has not helped for long enough.
//!
//! An account that was left with nothing may take part in the [auction] by which a paused market of it
//! reopens in this block.

mod auction;
mod fill;
mod order;
mod target;
mod vault;
mod weight;

#[cfg(test)]
pub(crate) use order::Order;
pub(crate) use order::{closing_of, plan};
pub(crate) use target::Target;

use crate::{
    losses::{missing, Loss, DELEVERAGE_AFTER, DELEVERAGE_BANKRUPT_AFTER},
    queue::{known, EffectivePrices},
    types::{Attempt, KnownAccount, Outcome, Verdict, PARKED},
    Config, DueSince, Event, Known, Pallet, Stale,
};
use alloc::vec::Vec;
use bulwark_primitives::{Incident, MarketId, Position, SubAccount, Usd};
use bulwark_risk_math::{Closing, MathError};
use bulwark_traits::{LiquidationLedger, LiquidationVenue, MarketGuard};
use sp_runtime::traits::Saturating;
use target::{go_on_at, in_turn};

/// Orders cancelled by one attempt; what is left of them is cancelled by the next. Orders do not
/// count for maintenance, so closing does not wait for them, and what is closed does not depend on
/// them.
pub const MAX_CANCELS: u32 = 16;
/// Markets in which one attempt may find nothing before it gives up.
pub const MAX_MISSES: u32 = 4;

/// How the route of one position ended.
enum Routed {
    /// A part of it is gone.
    Closed,
    /// Nobody took any of it.
    Nothing,
    /// It could not be said how much to close at what price.
    Failed,
    /// Positions of others have to pay, and there is no room for that.
    NoRoom,
}

impl<T: Config> Pallet<T> {
    /// Closes an account as far as one block allows. `liquidator` gets half of the fee and the
    /// fund the rest; without one the fund gets all of it. When the account is not under
    /// maintenance nothing changes, except that its triggers are put right. When nothing could be
    /// closed the account is parked. `others` says whether positions of others may pay; an account that
    /// needs them is parked without.
    pub(crate) fn close_account(
        account: &SubAccount<T::AccountId>,
        liquidator: Option<T::AccountId>,
        max_fills: u32,
        others: bool,
        prices: &mut EffectivePrices,
    ) -> Attempt {
        let mut attempt = Attempt {
            others,
            ..Attempt::new(Outcome::AlreadyClosed)
        };
        let legs = Self::legs_of(account);
        attempt.legs = u32::try_from(legs.len()).unwrap_or(u32::MAX);
        // A known account that did not change and is still under keeps its class: a parked one is not
        // moved twice for an attempt that finds nothing again.
        let keeps_its_place = Known::<T>::contains_key(account)
            && !Stale::<T>::contains_key(account)
            && T::Ledger::health(account).is_ok_and(|health| health.is_liquidatable());
        if !keeps_its_place {
            attempt.moved = true;
            let ended = match Self::evaluate_legs(account, &legs, prices) {
                Verdict::Under => None,
                Verdict::Healthy => Some(Outcome::Healthy),
                Verdict::Frozen => Some(Outcome::Frozen),
                Verdict::Failed => Some(Outcome::MathFailure),
            };
            if let Some(outcome) = ended {
                return Attempt { outcome, ..attempt };
            }
        }
        let known = Self::known(account);
        let now = frame_system::Pallet::<T>::block_number();
        if known.is_some_and(|known| known.closed_at == Some(now)) {
            return attempt;
        }
        attempt.resume = known.and_then(|known| known.resume);
        let was_parked = known.is_some_and(|known| known.class == PARKED);
        attempt.again = was_parked;
        attempt.cancelled = T::Venue::cancel_orders(account, MAX_CANCELS);
        let positions = Self::open_positions(account);
        attempt.outcome = if positions.is_empty() {
            Self::cover_loss(account, was_parked, &mut attempt)
        } else {
            Self::close_largest(
                account,
                positions,
                liquidator,
                max_fills,
                prices,
                &mut attempt,
            )
        };
        if attempt.outcome != Outcome::Progress {
            Self::park(account, &attempt, was_parked);
        }
        attempt
    }

    /// The positions of an account that are not flat.
    fn open_positions(account: &SubAccount<T::AccountId>) -> Vec<Position> {
        T::Ledger::positions(account)
            .into_iter()
            .filter(|position| position.size.0 != 0)
            .collect()
    }

    /// Puts an account behind those that can be closed, with where the next attempt has to start.
    fn park(account: &SubAccount<T::AccountId>, attempt: &Attempt, was_parked: bool) {
        let Some(known) = Self::known(account) else {
            return;
        };
        let (reason, resume) = (attempt.outcome, attempt.resume);
        if known.resume != resume {
            Known::<T>::insert(account, KnownAccount { resume, ..known });
        }
        known::put::<T>(account, PARKED, None);
        if !was_parked {
            Self::deposit_event(Event::Parked {
                account: account.clone(),
                reason,
            });
        }
    }

    fn close_largest(
        account: &SubAccount<T::AccountId>,
        positions: Vec<Position>,
        liquidator: Option<T::AccountId>,
        max_fills: u32,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) -> Outcome {
        let (targets, health) = match Self::closable(account, positions) {
            Ok(closable) => closable,
            Err(outcome) => return outcome,
        };
        // Without an open market only the vault was asked.
        let mut outcome = if targets.iter().any(|target| target.is_open) {
            Outcome::NoLiquidity
        } else {
            Outcome::MarketsHalted
        };
        let mut targets = in_turn(targets, attempt.resume).into_iter();
        let removals = T::Venue::max_removals(max_fills);
        let goes_on = |attempt: &Attempt| {
            attempt.misses < MAX_MISSES
                && attempt.fills < max_fills
                && (attempt.removed == 0 || attempt.removed < removals)
        };
        while goes_on(attempt) {
            let Some(target) = targets.next() else {
                break;
            };
            let closing = closing_of(&target.holding, health);
            match Self::route(
                account,
                &target,
                &closing,
                liquidator.as_ref(),
                max_fills,
                attempt,
            ) {
                Routed::Closed => {
                    attempt.resume = None;
                    return Self::after_closing(account, target.market(), prices, attempt);
                }
                Routed::NoRoom => return Outcome::NoRoom,
                Routed::Failed => outcome = Outcome::MathFailure,
                Routed::Nothing => {}
            }
        }
        attempt.resume = go_on_at(targets, attempt.resume);
        outcome
    }

    /// Asks the sources for one position in the order of the module's documentation. Counts a miss when
    /// neither book nor vault has taken anything.
    fn route(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        closing: &Closing,
        liquidator: Option<&T::AccountId>,
        max_fills: u32,
        attempt: &mut Attempt,
    ) -> Routed {
        let market = target.market();
        let is_bankrupt = closing.health.is_bankrupt();
        let vault_first = is_bankrupt || !target.is_open;
        if vault_first && Self::offer(account, target, closing, attempt) {
            return Routed::Closed;
        }
        let miss = |attempt: &mut Attempt| attempt.misses = attempt.misses.saturating_add(1);
        if !target.is_open {
            miss(attempt);
            return Routed::Nothing;
        }
        // What is sold at mark leaves a debt, and the fund would not pay all of it.
        if missing::<T>(market, &closing.health) > Usd::ZERO {
            if !attempt.others {
                return Routed::NoRoom;
            }
            if Self::deleverage(account, target, target.size().quantity(), attempt) {
                return Routed::Closed;
            }
        }
        let since = DueSince::<T>::get(account);
        let left = max_fills.saturating_sub(attempt.fills);
        let execution = match Self::try_close(account, target, closing, left) {
            Ok(execution) => execution,
            Err(error) => {
                Self::math_failed(market, error);
                miss(attempt);
                return Routed::Failed;
            }
        };
        attempt.fills = attempt.fills.saturating_add(execution.fills);
        attempt.removed = attempt.removed.saturating_add(execution.removed);
        if !execution.quantity.is_zero() {
            let charged = Self::charge(account, market, closing, &execution, liquidator.cloned());
            Self::deposit_liquidated(account, market, closing, &execution, charged, since);
            return Routed::Closed;
        }
        miss(attempt);
        if !vault_first && Self::offer(account, target, closing, attempt) {
            return Routed::Closed;
        }
        if Self::is_for_others(account, closing) {
            if !attempt.others {
                return Routed::NoRoom;
            }
            if Self::close_without_book(account, target, closing, attempt) {
                return Routed::Closed;
            }
        }
        Routed::Nothing
    }

    /// Whether the book has not taken an account for so long that others have to.
    fn is_for_others(account: &SubAccount<T::AccountId>, closing: &Closing) -> bool {
        let patience = if closing.health.is_bankrupt() {
            DELEVERAGE_BANKRUPT_AFTER
        } else {
            DELEVERAGE_AFTER
        };
        let now = frame_system::Pallet::<T>::block_number();
        DueSince::<T>::get(account)
            .is_some_and(|since| now.saturating_sub(since) >= patience.into())
    }

    /// Deleverages a position that the book does not take: all of it for a bankrupt account, and for
    /// a solvent one as much as restores it, at mark.
    fn close_without_book(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        closing: &Closing,
        attempt: &mut Attempt,
    ) -> bool {
        if closing.health.is_bankrupt() {
            return Self::deleverage(account, target, target.size().quantity(), attempt);
        }
        plan(closing, &target.holding.params, Usd::ZERO)
            .is_ok_and(|order| Self::deleverage(account, target, order.quantity, attempt))
    }

    /// Puts the account where it belongs now, and brings its loss to the fund when it is flat.
    fn after_closing(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) -> Outcome {
        Self::evaluate_again(account, prices, attempt);
        let now = frame_system::Pallet::<T>::block_number();
        let still_due = Known::<T>::mutate(account, |known| {
            known.as_mut().map(|known| {
                known.closed_at = Some(now);
                known.market = Some(market);
                known.resume = None;
            })
        });
        let flat = T::Ledger::positions(account)
            .iter()
            .all(|position| position.size.0 == 0);
        if still_due.is_some() && flat {
            return Self::cover_loss(account, false, attempt);
        }
        Self::announce_loss(account, market, Loss::default(), attempt);
        Outcome::Progress
    }

    /// Puts an account where it belongs after it was closed or paid for.
    pub(crate) fn evaluate_again(
        account: &SubAccount<T::AccountId>,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) {
        match Self::evaluate(account, prices).0 {
            // It had no triggers and has none.
            Verdict::Under | Verdict::Failed => {}
            Verdict::Healthy | Verdict::Frozen => attempt.moved = true,
        }
    }

    pub(crate) fn math_failed(market: MarketId, error: MathError) {
        log::error!(
            target: crate::LOG_TARGET,
            "event=math_failed market={} error={error:?}",
            market.0,
        );
        T::Guard::report(market, Incident::MathFailure);
    }
}
