//! Means, slow price and hour range of an asset, from one block to the next.

use crate::{
    moves::hour_start, Config, Delays, Event, Guards, HourBar, Hours, Means, OracleAsset, Pallet,
    HOUR,
};
use bulwark_primitives::{Moment, Price};
use bulwark_risk_math::{
    oracle::{delayed_step, deviates, slow_step, twap},
    MathError,
};

/// The bar of the hour of `now`, which has one price so far.
fn new_bar(price: Price, now: Moment) -> HourBar {
    HourBar {
        start: hour_start(now),
        open: price,
        high: price,
        low: price,
        close: price,
    }
}

impl Means {
    /// Everything at the first price.
    pub(crate) fn new(price: Price, now: Moment) -> Self {
        Self {
            short: price,
            long: price,
            slow: price,
            delayed: price,
            at: now,
            hour: new_bar(price, now),
        }
    }

    /// Whether a median is too far from the short mean. A mean that is a whole window old says
    /// nothing: after such a silence the price is in its grace anyway.
    pub(crate) fn suspects(
        &self,
        median: Price,
        now: Moment,
        asset: &OracleAsset,
        guards: &Guards,
    ) -> bool {
        now.saturating_sub(self.at) < guards.short_window
            && deviates(median, self.short, asset.move_limit())
    }

    /// The means after one more median, and whether another hour has begun.
    ///
    /// # Errors
    /// None for prices in their range.
    fn after(
        &self,
        median: Price,
        now: Moment,
        asset: &OracleAsset,
        guards: &Guards,
    ) -> Result<(Self, bool), MathError> {
        let elapsed = now.saturating_sub(self.at);
        let limit = asset.move_limit();
        let bar = new_bar(median, now);
        let begun = bar.start != self.hour.start;
        let hour = if begun {
            bar
        } else {
            HourBar {
                high: self.hour.high.max(median),
                low: self.hour.low.min(median),
                close: median,
                ..self.hour
            }
        };
        let next = Self {
            short: twap(self.short, median, elapsed, guards.short_window, limit)?,
            long: twap(self.long, median, elapsed, guards.long_window, limit)?,
            slow: slow_step(self.slow, median, self.delayed, elapsed)?,
            delayed: self.delayed,
            at: now,
            hour,
        };
        Ok((next, begun))
    }
}

/// Adds the hours that have passed to the delayed prices; returns the oldest.
fn push_hours(delays: &mut Delays, mean: Price, hours: u64) -> Result<Price, MathError> {
    let newest = delays.last().copied().unwrap_or(mean);
    let next = delayed_step(newest, mean)?;
    for _ in 0..hours.clamp(1, 24) {
        if delays.is_full() {
            delays.remove(0);
        }
        // There is room: one was removed when it was full.
        let _ = delays.try_push(next);
    }
    Ok(delays.first().copied().unwrap_or(next))
}

impl<T: Config> Pallet<T> {
    /// Moves the means of an asset to `median`. Returns them and whether an hour was closed.
    ///
    /// The hour that ends goes into the expected move, and its long mean, within 6 % of the hour before,
    /// becomes one of the delayed prices; hours without any price repeat it [Mango].
    pub(crate) fn move_means(
        means: Option<Means>,
        median: Price,
        now: Moment,
        asset: &OracleAsset,
        guards: &Guards,
    ) -> Result<(Means, bool), MathError> {
        let Some(before) = means else {
            let first = Delays::try_from(alloc::vec![median]).unwrap_or_default();
            Hours::<T>::mutate(asset.asset, |hours| hours.delays = first);
            return Ok((Means::new(median, now), false));
        };
        let (mut after, begun) = before.after(median, now, asset, guards)?;
        if begun {
            let passed = after.hour.start.saturating_sub(before.hour.start) / HOUR;
            after.delayed = Hours::<T>::mutate(asset.asset, |hours| {
                push_hours(&mut hours.delays, before.long, passed)
            })?;
            Self::deposit_event(Event::HourClosed {
                asset: asset.asset,
                bar: before.hour,
            });
            Self::take_hour(asset, &before.hour, now);
        }
        Ok((after, begun))
    }
}
