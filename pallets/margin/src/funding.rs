//! Funding: sampled and accrued at the start of each block, settled when a position is touched.

use crate::{
    types::{Account, FundingState},
    valuation::Unvalued,
    Config, Error, Event, Fundings, Pallet, Premiums, LOG_TARGET, MINUTES,
};
use bulwark_primitives::{
    FundingRate, Incident, MarketId, MarketParams, Moment, Position, Price, Usd,
};
use bulwark_risk_math::{
    funding::{accrual, gather, hourly_rate, mean, payment, premium, trimmed_mean, HOUR},
    MathError,
};
use bulwark_traits::{ImpactPrices, LossFund, MarketGuard, MarketRegistry, PriceSource};
use frame_support::traits::Time;

/// Milliseconds of a minute, whose samples become one value of the mean.
const MINUTE: Moment = 60_000;
/// A block that comes later than this after the one before it follows an outage, for which nobody
/// pays.
pub const LONGEST_GAP: Moment = 60_000;

impl<T: Config> Pallet<T> {
    /// One step of funding in every market; returns how many there are. Complexity: O(markets), each
    /// with a bounded look into its book.
    pub(crate) fn step_funding() -> u32 {
        let now = T::Clock::now();
        let markets = T::Registry::market_ids();
        let count = u32::try_from(markets.len()).unwrap_or(u32::MAX);
        for market in markets {
            let before = Fundings::<T>::get(market);
            match Self::next_funding(market, before, now) {
                Ok(after) => Fundings::<T>::insert(market, after),
                Err(error) => {
                    log::error!(
                        target: LOG_TARGET,
                        "event=funding_failed market={} error={error:?}",
                        market.0,
                    );
                    // Nothing is charged for a block that could not be computed.
                    let paused = FundingState {
                        at: now,
                        paused: true,
                        ..before
                    };
                    Fundings::<T>::insert(market, paused);
                    T::Guard::report(market, Incident::MathFailure);
                }
            }
        }
        count
    }

    /// The funding of a market after this block's step.
    fn next_funding(
        market: MarketId,
        before: FundingState,
        now: Moment,
    ) -> Result<FundingState, MathError> {
        let mut next = FundingState {
            at: now,
            paused: true,
            ..before
        };
        let Some(params) = T::Registry::market(market) else {
            return Ok(next);
        };
        let price = T::Prices::price(params.index_asset)
            .ok()
            .filter(|_| T::Guard::status(market).allows_funding());
        next.paused = price.is_none();
        let elapsed = now.saturating_sub(before.at);
        if let Some(price) = price.filter(|_| !before.paused && elapsed <= LONGEST_GAP) {
            next.index = before
                .index
                .checked_add(accrual(before.rate, price, elapsed)?)
                .ok_or(MathError::Overflow)?;
        }
        // Minutes and hours end in a pause too, or old samples would count for a later hour.
        Self::close_minute(market, &params, before.at, now, &mut next)?;
        if let Some(price) = price {
            Self::sample(market, &params, price, &mut next)?;
        }
        Ok(next)
    }

    /// Adds this block's premium to the running minute.
    fn sample(
        market: MarketId,
        params: &MarketParams,
        price: Price,
        next: &mut FundingState,
    ) -> Result<(), MathError> {
        let (bid, ask) = T::Impact::impact(market, params.funding.impact_notional);
        let FundingRate(value) = premium(bid, ask, price)?;
        next.sum = next
            .sum
            .checked_add(i128::from(value))
            .ok_or(MathError::Overflow)?;
        next.samples = next.samples.checked_add(1).ok_or(MathError::Overflow)?;
        Ok(())
    }

    /// Puts the mean of a minute that is over among those of its hour, and makes a rate of an hour that
    /// is over. Samples of an hour that does not border on this one are forgotten.
    fn close_minute(
        market: MarketId,
        params: &MarketParams,
        last: Moment,
        now: Moment,
        next: &mut FundingState,
    ) -> Result<(), MathError> {
        let unit = |at: Moment, unit: Moment| at.checked_div(unit).unwrap_or(0);
        if unit(last, MINUTE) == unit(now, MINUTE) {
            return Ok(());
        }
        let (old, new) = (unit(last, HOUR), unit(now, HOUR));
        let mut minutes = Premiums::<T>::get(market);
        if next.samples > 0 {
            let count = usize::try_from(next.samples).map_err(|_| MathError::Overflow)?;
            // An hour has no more minutes than fit.
            let _ = minutes.try_push(mean(next.sum, count)?);
            (next.sum, next.samples) = (0, 0);
        }
        if old == new {
            if !minutes.is_empty() {
                Premiums::<T>::insert(market, minutes);
            }
            return Ok(());
        }
        let premium = if old.checked_add(1) == Some(new) {
            trimmed_mean(&minutes)?
        } else {
            FundingRate::ZERO
        };
        let rate = hourly_rate(
            premium,
            params.funding.interest,
            params.initial_margin,
            params.maintenance_margin,
        )?;
        Premiums::<T>::remove(market);
        next.rate = rate;
        Self::deposit_event(Event::FundingRateSet {
            market,
            rate,
            premium,
            index: next.index,
        });
        Ok(())
    }

    /// What an account owes for funding, or gets when negative: every position rounded against it.
    pub(crate) fn unsettled_funding(account: &Account<T>) -> Result<Usd, Error<T>> {
        let mut owed = Usd::ZERO;
        for position in account
            .positions
            .iter()
            .filter(|position| position.size.0 != 0)
        {
            let funding = Fundings::<T>::get(position.market);
            let payment = settlement(position, &funding)
                .map_err(|error| Error::<T>::from(Unvalued::from(error)))?;
            owed = owed
                .checked_add(payment.paid)
                .ok_or(Error::<T>::ArithmeticOverflow)?;
        }
        Ok(owed)
    }
}

/// Settlements of positions of one market, computed and not yet stored.
pub(crate) struct Settlements {
    market: MarketId,
    before: FundingState,
    after: FundingState,
    /// Rounding that has become whole: the fund's.
    rounding: Usd,
}

impl Settlements {
    pub(crate) fn of<T: Config>(market: MarketId) -> Self {
        let before = Fundings::<T>::get(market);
        Self {
            market,
            before,
            after: before,
            rounding: Usd::ZERO,
        }
    }

    /// The account with its position in this market settled, that position, and what it paid: where
    /// every change of a position's size starts, in a fill or outside the book.
    pub(crate) fn open<T: Config>(
        &mut self,
        mut account: Account<T>,
    ) -> Result<(Account<T>, Position, Usd), Error<T>> {
        let mut position = account.position(self.market);
        let paid = self.settle(&mut account, &mut position)?;
        if position.size.0 != 0 {
            account.set_position(position)?;
        }
        Ok((account, position, paid))
    }

    /// Settles one position of an account: its balance pays or gets what the index has moved, and the
    /// pool takes the other side. Returns what it paid.
    fn settle<T: Config>(
        &mut self,
        account: &mut Account<T>,
        position: &mut Position,
    ) -> Result<Usd, Error<T>> {
        let overflow = || Error::<T>::ArithmeticOverflow;
        let settled = settlement(position, &self.after).map_err(|_| overflow())?;
        position.funding_index = self.after.index;
        account.add_balance(settled.paid.checked_neg().ok_or_else(overflow)?)?;
        let (dust, whole) = gather(self.after.dust, settled.dust).map_err(|_| overflow())?;
        self.after.dust = dust;
        self.after.pool = self
            .after
            .pool
            .checked_add(settled.paid)
            .and_then(|pool| pool.checked_sub(whole))
            .ok_or_else(overflow)?;
        self.rounding = self.rounding.checked_add(whole).ok_or_else(overflow)?;
        Ok(settled.paid)
    }

    /// Stores the market's side of the settlements and gives the fund what has been rounded.
    pub(crate) fn store<T: Config>(self) {
        if self.after != self.before {
            Fundings::<T>::insert(self.market, self.after);
        }
        if !self.rounding.is_zero() {
            T::Fund::credit(self.rounding);
        }
    }
}

/// What a position would pay if it were settled now.
pub(crate) fn settlement(
    position: &Position,
    funding: &FundingState,
) -> Result<bulwark_risk_math::funding::Payment, MathError> {
    payment(position.size, unsettled(position, funding)?)
}

/// What the index of a position's market has moved since its last settlement; nothing for a
/// position without size.
pub(crate) fn unsettled(position: &Position, funding: &FundingState) -> Result<i128, MathError> {
    if position.size.0 == 0 {
        return Ok(0);
    }
    funding
        .index
        .checked_sub(position.funding_index)
        .ok_or(MathError::Overflow)
}

/// The minutes of an hour.
pub type Minutes = frame_support::BoundedVec<FundingRate, frame_support::traits::ConstU32<MINUTES>>;
