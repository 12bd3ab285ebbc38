//! Fees by tier of volume, and what orders cost that die unfilled.
//!
//! A market has a maker and a taker fee. A tier takes a share of them, and may turn the maker's fee
//! into a rebate, a share of the taker fee of the same market. `validate` keeps the largest rebate
//! at or below the smallest taker share, so in every market and between any two tiers the taker pays
//! at least what the maker gets.
//!
//! Volume decays: each day it loses a thirtieth, so it stands for about the last thirty days, and one
//! number an account is enough.

use crate::{Config, Desks, Error, Event, FeeSchedule, Pallet, SubAccountOf};
use bulwark_primitives::{
    FillFees, FillKind, MakerFee, MarketParams, Moment, Rate, Usd, RATE_SCALE,
};
use bulwark_risk_math::{fraction, mul_div, MathError, Rounding};
use bulwark_traits::TraderAccount;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    ensure,
    traits::{ConstU32, Time},
    BoundedVec,
};
use scale_info::TypeInfo;

/// Most tiers.
pub const MAX_TIERS: u32 = 16;
/// Largest fee for an order that died unfilled: 1 USD.
pub const MAX_UNFILLED_FEE: Usd = Usd::dollars(1);
/// What is left of a volume after a day: 29/30.
const DAILY: Rate = Rate(966_666_666);
const DAY_MILLIS: Moment = 24 * 3_600_000;

/// What accounts with at least so much volume pay.
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
pub struct FeeTier {
    /// Decayed volume from which it holds.
    pub min_volume: Usd,
    /// Share of the market's taker fee that a taker pays.
    pub taker: Rate,
    /// Share of the market's maker fee that a maker pays.
    pub maker: Rate,
    /// Share of the market's taker fee that a maker is paid; instead of a fee, when it is not zero.
    pub rebate: Rate,
}

/// The tier of accounts below the first one: the fees of the market.
const BASE: FeeTier = FeeTier {
    min_volume: Usd::ZERO,
    taker: Rate::ONE,
    maker: Rate::ONE,
    rebate: Rate::ZERO,
};

/// What trading costs, governed.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Schedule {
    /// Tiers, ascending by volume. Below the first one the market's own fees hold. While there is
    /// none, volume is not counted.
    pub tiers: BoundedVec<FeeTier, ConstU32<MAX_TIERS>>,
    /// How many orders of a sub-account may die unfilled for nothing.
    pub quota: u32,
    /// How many of those are forgotten with every block.
    pub refill: u32,
    /// What each beyond the quota costs.
    pub unfilled_fee: Usd,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            tiers: BoundedVec::new(),
            quota: 1_024,
            refill: 64,
            unfilled_fee: Usd(10_000),
        }
    }
}

impl Schedule {
    /// Whether it may be set: volumes ascend and are above zero, shares are at most 100 % and do not
    /// rise with volume, no rebate is above the smallest taker share, and the fee of an unfilled
    /// order is between nothing and [`MAX_UNFILLED_FEE`].
    pub fn is_valid(&self) -> bool {
        let ascending = self.tiers.windows(2).all(|pair| match pair {
            [lower, upper] => {
                lower.min_volume < upper.min_volume
                    && upper.taker <= lower.taker
                    && upper.maker <= lower.maker
            }
            [] | [_] | [_, _, ..] => true,
        });
        let least_taker = self.tiers.iter().map(|tier| tier.taker).min();
        let sound = self.tiers.iter().all(|tier| {
            tier.min_volume > Usd::ZERO
                && tier.taker <= Rate::ONE
                && tier.maker <= Rate::ONE
                && least_taker.is_some_and(|least| tier.rebate <= least)
        });
        let fee = self.unfilled_fee;
        ascending && sound && !fee.is_negative() && fee <= MAX_UNFILLED_FEE
    }

    /// The tier of a volume.
    pub fn tier(&self, volume: Usd) -> FeeTier {
        self.tiers
            .iter()
            .rev()
            .find(|tier| volume >= tier.min_volume)
            .copied()
            .unwrap_or(BASE)
    }
}

/// A share of a fee.
fn share(fee: Rate, share: Rate, rounding: Rounding) -> Result<Rate, MathError> {
    let rate = mul_div(fee.0.into(), share.0.into(), RATE_SCALE.into(), rounding)?;
    u64::try_from(rate)
        .map(Rate)
        .map_err(|_| MathError::Overflow)
}

/// The fees of a fill between accounts of two tiers: fees up, rebates down. The maker of a
/// liquidation gets no rebate, because its taker pays no fee.
///
/// # Errors
/// `Overflow` when a rate does not fit.
pub fn fill_fees(
    params: &MarketParams,
    maker: &FeeTier,
    taker: &FeeTier,
    kind: FillKind,
) -> Result<FillFees, MathError> {
    let rebate = match kind {
        FillKind::Trade => share(params.taker_fee, maker.rebate, Rounding::Down)?,
        FillKind::Liquidation => Rate::ZERO,
    };
    let maker = if maker.rebate.is_zero() {
        MakerFee::Pays(share(params.maker_fee, maker.maker, Rounding::Up)?)
    } else {
        MakerFee::Gets(rebate)
    };
    Ok(FillFees {
        maker,
        taker: share(params.taker_fee, taker.taker, Rounding::Up)?,
    })
}

/// The fees of a fill in an auction, where nobody takes: both sides pay the maker's, each by its tier and
/// rounded up. There are no rebates.
///
/// # Errors
/// `Overflow` when a rate does not fit.
pub fn auction_fees(
    params: &MarketParams,
    maker: &FeeTier,
    taker: &FeeTier,
) -> Result<FillFees, MathError> {
    let fee = |tier: &FeeTier| share(params.maker_fee, tier.maker, Rounding::Up);
    Ok(FillFees {
        maker: MakerFee::Pays(fee(maker)?),
        taker: fee(taker)?,
    })
}

/// What is left of a volume after so many days: `volume * (29/30)^days`, rounded down, for nobody's
/// benefit but the fund's.
///
/// # Errors
/// `Overflow`, which no volume reaches.
pub fn decayed(volume: Usd, days: u32) -> Result<Usd, MathError> {
    let (mut left, mut days, mut factor) = (volume, days, DAILY);
    while days > 0 && !factor.is_zero() {
        if days & 1 == 1 {
            left = fraction(left, factor, Rounding::Down)?;
        }
        factor = share(factor, factor, Rounding::Down)?;
        days >>= 1;
    }
    Ok(if days > 0 { Usd::ZERO } else { left })
}

impl<T: Config> Pallet<T> {
    /// Days since the Unix epoch.
    fn today() -> u32 {
        let days = T::Clock::now().checked_div(DAY_MILLIS).unwrap_or(0);
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    /// The tier of an account.
    pub(crate) fn tier_of(schedule: &Schedule, account: &SubAccountOf<T>) -> FeeTier {
        if schedule.tiers.is_empty() {
            return BASE;
        }
        schedule.tier(Self::volume_of(account))
    }

    /// Decayed volume of an account's fills, USD.
    pub fn volume_of(account: &SubAccountOf<T>) -> Usd {
        let desk = Desks::<T>::get(account);
        let days = Self::today().saturating_sub(desk.day);
        decayed(desk.volume, days).unwrap_or(Usd::ZERO)
    }

    /// Adds fills to the volume of an account. What does not fit is the largest volume.
    pub(crate) fn note_volume(schedule: &Schedule, account: &SubAccountOf<T>, notional: Usd) {
        if schedule.tiers.is_empty() {
            return;
        }
        let today = Self::today();
        Desks::<T>::mutate(account, |desk| {
            let days = today.saturating_sub(desk.day);
            let before = decayed(desk.volume, days).unwrap_or(Usd::ZERO);
            desk.volume = before.checked_add(notional).unwrap_or(Usd::MAX);
            desk.day = today;
        });
    }

    /// Counts an order that died unfilled outside its account's list.
    pub(crate) fn note_unfilled(account: &SubAccountOf<T>) {
        let refill = FeeSchedule::<T>::get().refill;
        Desks::<T>::mutate(account, |desk| desk.note_unfilled(1, Self::now(), refill));
    }

    /// Takes the fee for orders that died unfilled beyond the quota, as far as the account has it.
    /// Returns whether there were any. This is done with the account's placements and not when an order
    /// dies, so that cancelling is free always and the sweep charges nobody.
    pub(crate) fn collect_unfilled(account: &SubAccountOf<T>) -> bool {
        let mut desk = Desks::<T>::get(account);
        if desk.unfilled == 0 {
            return false;
        }
        let Schedule {
            quota,
            refill,
            unfilled_fee,
            ..
        } = FeeSchedule::<T>::get();
        let orders = desk.take_beyond(Self::now(), quota, refill);
        if orders == 0 || unfilled_fee.is_zero() {
            return false;
        }
        Desks::<T>::insert(account, desk);
        // At most 1 USD times 2^32 orders: it fits.
        let fee = unfilled_fee.0.saturating_mul(orders.into());
        let amount = T::Trader::charge(account, Usd(fee));
        Self::deposit_event(Event::UnfilledFee {
            account: account.clone(),
            orders,
            amount,
        });
        true
    }

    /// Replaces the schedule.
    pub(crate) fn do_set_schedule(schedule: Schedule) -> Result<(), Error<T>> {
        ensure!(schedule.is_valid(), Error::<T>::BadSchedule);
        FeeSchedule::<T>::put(&schedule);
        Self::deposit_event(Event::ScheduleSet { schedule });
        Ok(())
    }
}
