//! How far each asset may go within the next hour: the volatility model, hour by hour.
//!
//! The formulas are [`bulwark_risk_math::volatility`]; here is what the chain remembers of them and
//! when it moves. An hour is taken in at the first quorum after it, and margins are told at once. Hours
//! without any price are left out: the next one is measured from the last close there was, so what
//! the price did meanwhile belongs to the hour in which it came back.

use crate::{Config, Event, HourBar, Hours, OracleAsset, Pallet, HOUR};
use bulwark_primitives::{AssetId, Moment, Price, Rate, Tier};
use bulwark_risk_math::{
    oracle::is_price,
    volatility::{
        slow_move, FineRate, Forecast, HourInput, HourOfWeek, Rec, RecParams, RecState,
        VolatilityModel, MIN_SLOW_MOVE,
    },
    MathError,
};
use bulwark_traits::{MarginMoves, MoveObserver};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::Time;
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, DispatchResult};

/// What the chain remembers of an asset's volatility: 65 bytes at most.
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
pub struct Volatility {
    /// The state of the model.
    pub model: RecState,
    /// The slow move, of which maintenance margin is made.
    pub slow: Rate,
    /// The last price of the last hour that had one; `None` before the first hour has ended.
    pub close: Option<Price>,
    /// Begin of the hour from which on the moves are in force, and whose place in the week they have.
    pub hour: Moment,
    /// How many hours the model has seen.
    pub hours: u32,
}

/// What is expected of an asset, and since when.
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
pub struct ExpectedMove {
    /// Expected move, multiplier, both together (the margin move), and the level without the shape of the
    /// week. Rounded up.
    pub forecast: Forecast,
    /// The slow move that follows the level.
    pub slow: Rate,
    /// Begin of the hour since which they are in force.
    pub hour: Moment,
    /// How many hours the model has seen. With none it is the start of the tier.
    pub hours: u32,
}

impl ExpectedMove {
    /// What margins are made of.
    pub const fn margins(&self) -> MarginMoves {
        MarginMoves {
            initial: self.forecast.margin_move,
            maintenance: self.slow,
        }
    }
}

/// Mean range of an hour with which a new asset begins: 1.25 / 2 / 3 / 5 % by tier, so a margin move of
/// about 3.5 / 5.6 / 8.4 / 14 %. Over all recorded years BTC had 0.9 %, ETH 1.2 %, and AVAX, the
/// liveliest of the others, 1.8 %.
pub const fn start_range(tier: Tier) -> FineRate {
    FineRate(match tier {
        Tier::A => 12_500_000_000,
        Tier::B => 20_000_000_000,
        Tier::C => 30_000_000_000,
        Tier::Isolated => 50_000_000_000,
    })
}

/// No state goes beyond it: three ranges of 30 % in a row in the calmest hour of the week, at the largest
/// multiplier, make 220 %.
const MAX_SLOW_MOVE: Rate = Rate::percent(300);

/// Begin of the hour of `now`.
pub(crate) fn hour_start(now: Moment) -> Moment {
    // The remainder of a division is never larger than what was divided, and `HOUR` is not zero.
    now.saturating_sub(now.checked_rem(HOUR).unwrap_or_default())
}

impl Volatility {
    /// The state of an asset of which nothing is known but its tier.
    ///
    /// # Errors
    /// None for the ranges of [`start_range`].
    pub fn start(tier: Tier, now: Moment) -> Result<Self, MathError> {
        let (params, hour) = (RecParams::default(), hour_start(now));
        let model = Rec::start(start_range(tier), &params)?;
        let level = Rec::forecast(&model, HourOfWeek::at(hour), &params)?.level;
        Ok(Self {
            model,
            slow: level.max(MIN_SLOW_MOVE),
            close: None,
            hour,
            hours: 0,
        })
    }

    /// The state after the hour `bar`, when the hour that began at `now` is running.
    ///
    /// The first hour of an asset is hardly ever a whole one, and the range of a part of an hour would
    /// be too small: it gives only the close from which the next is measured. The slow move makes one
    /// step for each hour that is taken in, so that an outage ends in a ramp too.
    ///
    /// # Errors
    /// None for prices in their range; the caller keeps what it has.
    pub fn after(&self, bar: &HourBar, now: Moment) -> Result<Self, MathError> {
        let next = Self {
            close: Some(bar.close),
            hour: hour_start(now),
            ..*self
        };
        let Some(previous_close) = self.close else {
            return Ok(next);
        };
        let params = RecParams::default();
        let hour = HourInput {
            high: bar.high,
            low: bar.low,
            previous_close,
            hour: HourOfWeek::at(bar.start),
        };
        let model = Rec::update(&self.model, &hour, &params)?;
        let level = Rec::forecast(&model, HourOfWeek::at(next.hour), &params)?.level;
        Ok(Self {
            model,
            slow: slow_move(self.slow, level)?,
            // Saturation: half a million years.
            hours: self.hours.saturating_add(1),
            ..next
        })
    }

    /// What is expected.
    ///
    /// # Errors
    /// None for a state that came from [`Self::start`] and [`Self::after`].
    pub fn expected(&self) -> Result<ExpectedMove, MathError> {
        let hour = HourOfWeek::at(self.hour);
        Ok(ExpectedMove {
            forecast: Rec::forecast(&self.model, hour, &RecParams::default())?,
            slow: self.slow,
            hour: self.hour,
            hours: self.hours,
        })
    }

    /// Whether it is a state that [`Self::start`] and [`Self::after`] may have made.
    pub(crate) fn fits(&self) -> bool {
        let params = RecParams::default();
        let multipliers = params.min_multiplier..=params.max_multiplier;
        multipliers.contains(&self.model.multiplier)
            && self.slow >= MIN_SLOW_MOVE
            && self.slow <= MAX_SLOW_MOVE
            && self.close.is_none_or(is_price)
            && (self.hours == 0 || self.close.is_some())
            && self.hour == hour_start(self.hour)
            && self.expected().is_ok()
    }
}

impl<T: Config> Pallet<T> {
    /// Starts the expected move of an asset from its tier, and tells margins of it.
    pub(crate) fn start_moves(entry: &OracleAsset) -> DispatchResult {
        let state = Volatility::start(entry.tier, T::Clock::now());
        Self::put_moves(entry.asset, state).map_err(|_| ArithmeticError::Overflow.into())
    }

    /// Starts again from another tier, as long as the model has not seen an hour.
    pub(crate) fn restart_moves(entry: &OracleAsset) -> DispatchResult {
        match Hours::<T>::get(entry.asset).moves {
            Some(state) if state.hours == 0 => {
                let start = Volatility::start(entry.tier, state.hour).map(|start| Volatility {
                    close: state.close,
                    ..start
                });
                Self::put_moves(entry.asset, start).map_err(|_| ArithmeticError::Overflow.into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes an hour that has ended into the expected move and tells margins, when the hour that
    /// began at `now` is running. What cannot be computed changes nothing.
    pub(crate) fn take_hour(entry: &OracleAsset, bar: &HourBar, now: Moment) {
        let state = match Hours::<T>::get(entry.asset).moves {
            Some(state) => Ok(state),
            None => Volatility::start(entry.tier, now),
        };
        let next = state.and_then(|state| state.after(bar, now));
        if let Err(error) = Self::put_moves(entry.asset, next) {
            log::error!(
                target: "runtime::price-oracle",
                "expected move of asset {}: {error}", entry.asset,
            );
        }
    }

    fn put_moves(asset: AssetId, state: Result<Volatility, MathError>) -> Result<(), MathError> {
        let state = state?;
        let expected = state.expected()?;
        Hours::<T>::mutate(asset, |hours| hours.moves = Some(state));
        T::Moves::moves_changed(asset, expected.margins());
        Self::deposit_event(Event::MoveExpected { asset, expected });
        Ok(())
    }
}
