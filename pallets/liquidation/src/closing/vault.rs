//! The backstop vault as a source of the route.
//!
//! # Where it stands
//!
//! The vault is offered a position whole, at the bankruptcy price of its share of the account
//! ([`bankruptcy_price`]): the account has nothing left of it and owes nothing for it.
//!
//! - Of a solvent account that price is the floor itself, so whatever the book fills within the floor is
//!   better, and the book is asked first. The vault gets what the book does not take of an account under
//!   two thirds of maintenance, or all of it while the market is paused.
//! - Of a bankrupt account it lies beyond the mark, where nobody bids: the vault bears the debt, before the
//!   fund would (layer 3 of [`crate::losses`]). So it is asked before the book, which sells at a price that
//!   leaves the debt to the fund.
//!
//! Its capital and its caps are its own business: it takes a part or nothing, and the route goes on.

use super::target::Target;
use crate::{types::Attempt, Config, DueSince, Event, Pallet};
use bulwark_primitives::{Price, Size, SubAccount, Usd};
use bulwark_risk_math::{bankruptcy_price, is_for_backstop, notional, Closing, Rounding};
use bulwark_traits::{Backstop, TakenOver, Takeover};

impl<T: Config> Pallet<T> {
    /// Offers a position to the vault; whether it took any of it.
    pub(crate) fn offer(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        closing: &Closing,
        attempt: &mut Attempt,
    ) -> bool {
        if !is_for_backstop(&closing.health).unwrap_or(false) {
            return false;
        }
        // A short that owes more than its position is worth has no such price above zero: the vault
        // cannot clear it, and the layers behind it do.
        let Ok(price) = bankruptcy_price(closing) else {
            return false;
        };
        let market = target.market();
        let offer = Takeover {
            account: account.clone(),
            market,
            size: target.size(),
            price,
        };
        attempt.offers = attempt.offers.saturating_add(1);
        if T::Backstop::quote(&offer).is_zero() {
            return false;
        }
        let since = DueSince::<T>::get(account);
        attempt.taken_over = attempt.taken_over.saturating_add(1);
        let taken = match T::Backstop::take_over(&offer) {
            Ok(taken) if !taken.quantity.is_zero() => taken,
            Ok(_) => return false,
            Err(error) => {
                log::error!(
                    target: crate::LOG_TARGET,
                    "event=takeover_failed offer={offer:?} error={error:?}",
                );
                return false;
            }
        };
        let borne = borne(target.size(), closing.mark, &taken);
        attempt.by_vault = attempt
            .by_vault
            .checked_add(borne)
            .unwrap_or(attempt.by_vault);
        Self::deposit_event(Event::TakenOver {
            account: account.clone(),
            market,
            quantity: taken.quantity,
            notional: taken.notional,
            borne,
            due_since: since.unwrap_or_else(frame_system::Pallet::<T>::block_number),
        });
        true
    }
}

/// What the vault paid beyond mark: the account's loss that it bears, rounded up. Nothing for a solvent
/// account.
fn borne(size: Size, mark: Price, taken: &TakenOver) -> Usd {
    let worth = |rounding| notional(mark, taken.quantity, rounding).ok();
    let borne = if size.is_short() {
        worth(Rounding::Up).and_then(|worth| worth.checked_sub(taken.notional))
    } else {
        worth(Rounding::Down).and_then(|worth| taken.notional.checked_sub(worth))
    };
    borne.unwrap_or_default().max(Usd::ZERO)
}
