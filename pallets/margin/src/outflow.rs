//! Limits on what leaves the pots.

use crate::{Config, Error, Event, OutflowLimits, Outflows, OutflowsSince, Pallet, TotalDeposited};
use bulwark_primitives::{AssetId, Moment, Rate};
use bulwark_risk_math::outflow::{outflow_limit, returned, toward_nothing};
use bulwark_traits::MarketRegistry;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{ensure, traits::Time};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult, TryRuntimeError};

/// The short window, in milliseconds.
pub const HOUR: Moment = 3_600_000;
/// The long window, in milliseconds.
pub const DAY: Moment = 24 * HOUR;

/// Limit of one window.
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
pub struct OutflowLimit {
    /// Share of what the pot held before anything left.
    pub pot: Rate,
    /// Share of the asset's deposit cap that may leave in any case.
    pub cap: Rate,
}

/// Limits of both windows.
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
pub struct OutflowParams {
    /// Within an hour: half a percent to 20 % of the pot, at least 0.01 to 2 % of the cap.
    pub hour: OutflowLimit,
    /// Within a day: no less than within an hour, at most half of the pot and 20 % of the cap.
    pub day: OutflowLimit,
}

impl Default for OutflowParams {
    /// 1 % an hour and 10 % a day [dYdX], and for a pot that is small a thousandth and a hundredth of its
    /// cap: a million and ten million dollars of a billion.
    fn default() -> Self {
        Self {
            hour: OutflowLimit {
                pot: Rate::percent(1),
                cap: Rate::basis_points(10),
            },
            day: OutflowLimit {
                pot: Rate::percent(10),
                cap: Rate::percent(1),
            },
        }
    }
}

impl OutflowParams {
    /// Whether each value is within its bounds.
    pub fn is_valid(&self) -> bool {
        let within = |least, value, most| least <= value && value <= most;
        within(
            Rate::basis_points(50),
            self.hour.pot,
            Rate::percent(20).min(self.day.pot),
        ) && within(
            Rate::basis_points(1),
            self.hour.cap,
            Rate::percent(2).min(self.day.cap),
        ) && self.day.pot <= Rate::percent(50)
            && self.day.cap <= Rate::percent(20)
    }

    /// Whether more could leave than by `old`.
    pub fn loosens(&self, old: &Self) -> bool {
        let more = |new: OutflowLimit, old: OutflowLimit| new.pot > old.pot || new.cap > old.cap;
        more(self.hour, old.hour) || more(self.day, old.day)
    }
}

/// What a window counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Window {
    /// What left less what came in, less what time gave back: base units, below zero when more came in.
    pub net: i128,
    /// The limit that what left last was held to.
    pub limit: u128,
    /// When time was last given back.
    pub at: Moment,
}

/// What has left the pot of an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Outflow {
    /// Within an hour.
    pub hour: Window,
    /// Within a day.
    pub day: Window,
}

/// How much of an asset may leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OutflowRoom {
    /// By both windows, in base units.
    pub now: u128,
    /// Limit of an hour.
    pub hour: u128,
    /// Limit of a day.
    pub day: u128,
}

impl Window {
    /// The window at a moment, with the limit that holds then. `pot` is what is there before.
    fn at<T: Config>(
        mut self,
        now: Moment,
        period: Moment,
        limit: OutflowLimit,
        pot: u128,
        cap: u128,
    ) -> Result<Self, DispatchError> {
        let overflow = |_| Error::<T>::ArithmeticOverflow;
        let most = |net| outflow_limit(pot, net, cap, limit.pot, limit.cap).map_err(overflow);
        let elapsed = now.saturating_sub(self.at);
        // What came in counts for a window at most, however much it was.
        let came_in = match self.net < 0 {
            true => self.net.unsigned_abs(),
            false => 0,
        };
        let line = most(self.net)?.max(came_in);
        let back = returned(line, elapsed, period).map_err(overflow)?;
        // Time that gave less than a unit goes on counting; otherwise who acts in each block could stop it.
        if back > 0 || self.net == 0 {
            self.net = toward_nothing(self.net, back).map_err(overflow)?;
            self.at = now;
        }
        self.limit = most(self.net)?;
        Ok(self)
    }

    /// The same after so much has left, or come in when it is below zero.
    fn moved<T: Config>(self, amount: i128) -> Result<Self, DispatchError> {
        let net = self
            .net
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Ok(Self { net, ..self })
    }

    /// What may still leave.
    const fn room(self) -> u128 {
        if self.net < 0 {
            // What came in may leave again, beyond the limit. A sum that does not fit is more than any pot has.
            self.limit.saturating_add(self.net.unsigned_abs())
        } else {
            self.limit.saturating_sub(self.net.unsigned_abs())
        }
    }

    /// Whether no more has left than may have.
    fn is_kept(self) -> bool {
        self.net <= 0 || self.net.unsigned_abs() <= self.limit
    }
}

impl<T: Config> Pallet<T> {
    /// Counts what leaves a pot that holds `pot` before.
    ///
    /// # Errors
    /// `OutflowLimited` when more would have left than may within an hour or a day.
    pub(crate) fn count_out(asset: AssetId, pot: u128, amount: u128) -> DispatchResult {
        let amount = i128::try_from(amount).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        let Outflow { hour, day } = Self::outflow_of(asset, pot)?;
        let (hour, day) = (hour.moved::<T>(amount)?, day.moved::<T>(amount)?);
        ensure!(hour.is_kept() && day.is_kept(), Error::<T>::OutflowLimited);
        Outflows::<T>::insert(asset, Outflow { hour, day });
        Ok(())
    }

    /// Counts what came into a pot that held `pot` before: it may leave again.
    pub(crate) fn count_in(asset: AssetId, pot: u128, amount: u128) -> DispatchResult {
        let amount = 0i128
            .checked_sub_unsigned(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let before = Outflows::<T>::get(asset);
        let Outflow { mut hour, mut day } = Self::outflow_of(asset, pot)?;
        // What left was held to its own limit, whatever holds now.
        hour.limit = before.hour.limit;
        day.limit = before.day.limit;
        let (hour, day) = (hour.moved::<T>(amount)?, day.moved::<T>(amount)?);
        Outflows::<T>::insert(asset, Outflow { hour, day });
        Ok(())
    }

    /// What both windows count now, and their limits.
    fn outflow_of(asset: AssetId, pot: u128) -> Result<Outflow, DispatchError> {
        let params = OutflowLimits::<T>::get();
        let cap = T::Registry::collateral(asset).map_or(0, |params| params.deposit_cap);
        let now = T::Clock::now();
        let Outflow { hour, day } = Outflows::<T>::get(asset);
        Ok(Outflow {
            hour: hour.at::<T>(now, HOUR, params.hour, pot, cap)?,
            day: day.at::<T>(now, DAY, params.day, pot, cap)?,
        })
    }

    /// How much of an asset may leave now; `None` when it cannot be computed.
    pub fn outflow_room(asset: AssetId) -> Option<OutflowRoom> {
        let pot = TotalDeposited::<T>::get(asset);
        let Outflow { hour, day } = Self::outflow_of(asset, pot).ok()?;
        Some(OutflowRoom {
            now: hour.room().min(day.room()).min(pot),
            hour: hour.limit,
            day: day.limit,
        })
    }

    /// Sets the limits.
    pub(crate) fn do_set_outflow_limits(limits: OutflowParams) -> DispatchResult {
        ensure!(limits.is_valid(), Error::<T>::InvalidOutflowLimits);
        let now = T::Clock::now();
        if limits.loosens(&OutflowLimits::<T>::get()) {
            // Before the first change there is nothing to wait for.
            let waited = OutflowsSince::<T>::get().is_none_or(|at| now.saturating_sub(at) >= DAY);
            ensure!(waited, Error::<T>::ChangedRecently);
        }
        OutflowsSince::<T>::put(now);
        OutflowLimits::<T>::put(limits);
        Self::deposit_event(Event::OutflowLimitsSet { limits });
        Ok(())
    }

    /// Checks invariants 7 and 11.
    pub(crate) fn try_outflows() -> Result<(), TryRuntimeError> {
        ensure!(
            OutflowLimits::<T>::get().is_valid(),
            "11: a limit on outflow is out of its bounds"
        );
        for (asset, before) in Outflows::<T>::iter() {
            let pot = TotalDeposited::<T>::get(asset);
            let after = Self::outflow_of(asset, pot).map_err(|_| "7: an outflow does not fit")?;
            for (before, after) in [(before.hour, after.hour), (before.day, after.day)] {
                ensure!(
                    before.is_kept(),
                    "7: more left a pot than may within an hour or a day"
                );
                ensure!(
                    after.net.unsigned_abs() <= before.net.unsigned_abs(),
                    "7: time made an outflow larger"
                );
            }
        }
        Ok(())
    }
}
