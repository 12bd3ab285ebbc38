//! What an attempt weighs.

use super::{MAX_CANCELS, MAX_MISSES};
use crate::{
    ranking::MAX_COUNTERPARTIES,
    types::{Attempt, Outcome},
    Config, Pallet, WeightInfo,
};
use bulwark_traits::{LiquidationVenue, MAX_SALES};
use frame_support::{traits::Get, weights::Weight};

impl<T: Config> Pallet<T> {
    /// Most that a closing with `fills` fills can use in which nobody else pays, whatever the account.
    pub(crate) fn worst_closing(fills: u32) -> Weight {
        Self::worst_closing_of(T::MaxLegs::get(), fills)
    }

    /// The same for an account with `legs` legs. The debt that a closing may leave is one more.
    pub(crate) fn worst_closing_of(legs: u32, fills: u32) -> Weight {
        let legs = legs.saturating_add(1).min(T::MaxLegs::get());
        Self::weight_of(&Attempt {
            joined: true,
            ..worst_attempt::<T>(legs, fills)
        })
    }

    /// Most that positions of others, which pay for an account, can use beside its closing.
    pub(crate) fn worst_others() -> Weight {
        of_others::<T>(&WORST_OF_OTHERS)
    }

    /// What an attempt of step 3 has used.
    pub(crate) fn weight_of(attempt: &Attempt) -> Weight {
        if attempt.is_retry_in_vain() {
            return T::WeightInfo::retry_account(attempt.legs)
                .saturating_add(of_vault::<T>(attempt))
                .saturating_add(of_auction::<T>(attempt));
        }
        T::WeightInfo::close_account(attempt.moved_legs())
            .saturating_add(of_orders::<T>(attempt))
            .saturating_add(around::<T>(attempt))
            .saturating_add(of_auction::<T>(attempt))
    }

    /// Most that a call can use.
    pub(crate) fn worst_call() -> Weight {
        let worst = worst_attempt::<T>(T::MaxLegs::get(), T::MaxFillsPerClosing::get());
        Self::call_weight(&worst).saturating_add(Self::worst_others())
    }

    /// What a call that made `attempt` has used.
    pub(crate) fn call_weight(attempt: &Attempt) -> Weight {
        T::WeightInfo::liquidate(attempt.moved_legs())
            .saturating_add(of_orders::<T>(attempt))
            .saturating_add(around::<T>(attempt))
    }
}

/// What its own orders and those of others have used beside the one fill that a closing is measured
/// with. One that is taken out is weighed as a fill: it costs less, and that it does is a test of the
/// runtime.
fn of_orders<T: Config>(attempt: &Attempt) -> Weight {
    let cancelled = match attempt.cancelled {
        0 => Weight::zero(),
        some => T::WeightInfo::cancel_orders(some),
    };
    let met = attempt.fills.saturating_add(attempt.removed).max(1);
    T::WeightInfo::close_fills(met)
        .saturating_sub(T::WeightInfo::close_fills(1))
        .saturating_add(cancelled)
}

/// Each layer once: a search for deleveraging, and one of either side for a haircut.
const WORST_OF_OTHERS: Attempt = Attempt {
    others: true,
    searches: 3,
    deleveraged: MAX_COUNTERPARTIES,
    cut: MAX_COUNTERPARTIES,
    ..Attempt::new(Outcome::Progress)
};

/// What the positions of others have used.
fn of_others<T: Config>(attempt: &Attempt) -> Weight {
    let times = |one: Weight, count: u32| one.saturating_mul(u64::from(count));
    times(T::WeightInfo::search(), attempt.searches)
        .saturating_add(times(T::WeightInfo::deleverage(), attempt.deleveraged))
        .saturating_add(times(T::WeightInfo::cut_profit(), attempt.cut))
}

/// What offers to the vault have used.
fn of_vault<T: Config>(attempt: &Attempt) -> Weight {
    let offers = T::WeightInfo::offer().saturating_mul(attempt.offers.into());
    let taken_over = T::WeightInfo::take_over().saturating_mul(attempt.taken_over.into());
    offers.saturating_add(taken_over)
}

/// What taking part in an auction has used.
fn of_auction<T: Config>(attempt: &Attempt) -> Weight {
    if attempt.joined {
        T::WeightInfo::join(attempt.legs)
    } else {
        Weight::zero()
    }
}

fn worst_attempt<T: Config>(legs: u32, fills: u32) -> Attempt {
    Attempt {
        cancelled: MAX_CANCELS,
        fills,
        // The last market tried may bring as many as all before it were allowed.
        removed: T::Venue::max_removals(fills).saturating_mul(2),
        misses: MAX_MISSES,
        offers: MAX_MISSES,
        taken_over: 1,
        legs,
        moved: true,
        covered: true,
        sales: MAX_SALES,
        ..Attempt::new(Outcome::Progress)
    }
}

/// What an attempt uses beside its triggers, orders and fills: the valuation of an account whose
/// triggers did not move, markets without liquidity, the loss.
fn around<T: Config>(attempt: &Attempt) -> Weight {
    let value = if attempt.moved {
        Weight::zero()
    } else {
        T::WeightInfo::value_account(attempt.legs)
    };
    let cover = if attempt.covered {
        let sales = T::WeightInfo::sell_collateral().saturating_mul(attempt.sales.into());
        T::WeightInfo::cover_loss().saturating_add(sales)
    } else {
        Weight::zero()
    };
    T::WeightInfo::close_miss()
        .saturating_mul(u64::from(attempt.misses))
        .saturating_add(value)
        .saturating_add(cover)
        .saturating_add(of_vault::<T>(attempt))
        .saturating_add(of_others::<T>(attempt))
}
