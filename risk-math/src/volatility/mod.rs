//! How far a price may go within the next hour, and the margin that follows from it.
//!
//! Once an hour and asset: [`update`](VolatilityModel::update) takes what the hour did into the
//! state, [`forecast`](VolatilityModel::forecast) says what the next one may do. The model in use
//! is [`rec`]; another one is another [`VolatilityModel`]. Margins never see the model, only
//! [`Forecast`].
//!
//! # Terminology
//!
//! - *move*: distance of the worst price inside an hour from the close of the hour before, as a
//!   fraction of that close. Liquidation triggers inside the hour, so its close would be too mild.
//! - *expected move* `m`: the move that 99.5 % of the hours of a side do not pass.
//! - *multiplier* `k`: what realised coverage says is missing; `k * m` is the *margin move*.
//! - *level*: `k * m` without the shape of the week, for maintenance: a clock liquidates nobody.
//!
//! # Units
//!
//! [`FineRate`] inside a model, 12 decimals; [`Rate`] outside, 9 decimals, rounded up: what comes out
//! is a requirement.

pub mod hour;
pub mod margin;
pub mod rec;

pub use hour::{HourOfWeek, HOUR_MILLIS};
pub use margin::{
    initial_margin_fraction, maintenance_margin_fraction, slow_move, MAINTENANCE_SHARE,
    MIN_SLOW_MOVE,
};
pub use rec::{expected_move, Rec, RecParams, RecState};

use crate::{mul_div, MathError, Rounding};
use bulwark_primitives::{Price, Rate};
use codec::{Codec, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// One (100 %) as a [`FineRate`], widened.
pub const FINE_SCALE: u128 = 1_000_000_000_000;
/// Units of a [`FineRate`] in one of a [`Rate`].
const FINE_PER_RATE: u128 = 1_000;

/// A fraction with 12 decimals: 1_000_000_000_000 is 100 %. What models keep, so that a half-life of
/// half a year does not drown in rounding.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct FineRate(pub u64);

impl FineRate {
    /// 100 %.
    pub const ONE: Self = Self(1_000_000_000_000);

    /// The same as a [`Rate`], rounded up: it becomes a requirement.
    ///
    /// # Errors
    /// None in practice: a thousandth of a `u64` fits.
    pub fn rate_up(self) -> Result<Rate, MathError> {
        let rate = mul_div(self.into(), 1, FINE_PER_RATE, Rounding::Up)?;
        u64::try_from(rate)
            .map(Rate)
            .map_err(|_| MathError::Overflow)
    }
}

impl From<FineRate> for u128 {
    fn from(fine: FineRate) -> Self {
        fine.0.into()
    }
}

impl TryFrom<Rate> for FineRate {
    type Error = MathError;

    /// Exact.
    ///
    /// # Errors
    /// `Overflow` above 18,446,744, which no fraction is.
    fn try_from(rate: Rate) -> Result<Self, MathError> {
        rate.0
            .checked_mul(1_000)
            .map(Self)
            .ok_or(MathError::Overflow)
    }
}

/// What one hour did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourInput {
    /// Highest price in the hour.
    pub high: Price,
    /// Lowest price in the hour.
    pub low: Price,
    /// Last price of the hour before; for a first hour its own first price.
    pub previous_close: Price,
    /// Which hour of the week it was.
    pub hour: HourOfWeek,
}

/// What a model says about one hour, before it begins. All rounded up.
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
pub struct Forecast {
    /// `m`: the move that 99.5 % of the hours of a side do not pass, as a fraction of the price.
    pub expected_move: Rate,
    /// `k`: the multiplier that tracks realised coverage.
    pub multiplier: Rate,
    /// `k * m`, rounded once: what initial margin asks for.
    pub margin_move: Rate,
    /// `k * m` without the shape of the week: what [`slow_move`] follows.
    pub level: Rate,
}

/// A model of the next hour's moves. State in, state out: who stores it and when is not its business.
pub trait VolatilityModel {
    /// What is remembered per asset between two hours.
    type State: Copy + Codec + MaxEncodedLen + TypeInfo;
    /// What governance may set.
    type Params;

    /// The state of a new asset whose hours have this mean range.
    ///
    /// # Errors
    /// `Overflow` when something does not fit.
    fn start(range: FineRate, params: &Self::Params) -> Result<Self::State, MathError>;

    /// The state after one more hour.
    ///
    /// # Errors
    /// `DivisionByZero` for a price of zero, `Overflow` for a high below the low or a result that
    /// does not fit. The caller keeps the old state.
    fn update(
        state: &Self::State,
        hour: &HourInput,
        params: &Self::Params,
    ) -> Result<Self::State, MathError>;

    /// What to expect of `hour`, when the state holds all hours before it.
    ///
    /// # Errors
    /// `Overflow` when a rate does not fit.
    fn forecast(
        state: &Self::State,
        hour: HourOfWeek,
        params: &Self::Params,
    ) -> Result<Forecast, MathError>;
}
