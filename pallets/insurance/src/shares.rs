//! Shares of a pool: how many there are for whose money, and how they leave. Stakers of the fund and
//! underwriters of cover have the same ones. Nothing here depends on how many hold them.

use crate::types::{Pool, Request, Stake};
use bulwark_primitives::Usd;
use bulwark_risk_math::{mul_div, Rounding};
use sp_runtime::traits::AtLeast32BitUnsigned;

/// Smallest amount that buys shares, so that a share is never worth more than a rounding.
pub const MIN_STAKE: Usd = Usd::dollars(10);

/// Why shares do not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotYours {
    /// Nobody asked for it.
    NothingRequested,
    /// The cooldown is not over.
    CoolingDown,
    /// The window is.
    RequestExpired,
}

impl Pool {
    /// What shares are worth, rounded down: what is left stays with those who stay. `None` when it does not fit.
    pub fn worth(&self, shares: u128) -> Option<Usd> {
        if self.shares == 0 {
            return Some(Usd::ZERO);
        }
        let assets = u128::try_from(self.assets.0).ok()?;
        let worth = mul_div(assets, shares, self.shares, Rounding::Down).ok()?;
        i128::try_from(worth).ok().map(Usd)
    }

    /// The pool with `amount` more, and the shares for it, rounded down. `None` when it does not fit.
    pub(crate) fn joined(&self, amount: Usd) -> Option<(Self, u128)> {
        let units = u128::try_from(amount.0).ok()?;
        let assets = u128::try_from(self.assets.0).ok()?;
        let bought = if self.shares == 0 {
            units
        } else {
            mul_div(units, self.shares, assets, Rounding::Down).ok()?
        };
        let pool = Self {
            assets: self.assets.checked_add(amount)?,
            shares: self.shares.checked_add(bought)?,
            epoch: self.epoch,
        };
        Some((pool, bought))
    }

    /// The pool without some shares, and what was paid for them, rounded down. `None` when there are not so many.
    pub(crate) fn left(&self, shares: u128) -> Option<(Self, Usd)> {
        let paid = self.worth(shares)?;
        let pool = Self {
            assets: self.assets.checked_sub(paid)?,
            shares: self.shares.checked_sub(shares)?,
            epoch: self.epoch,
        };
        Some((pool, paid))
    }

    /// The pool after a loss. When nothing is left its shares are worth nothing, and those who come
    /// next are not to share with them.
    pub(crate) const fn left_with(self, assets: Usd) -> Self {
        if assets.is_zero() {
            return Self {
                assets,
                shares: 0,
                epoch: self.epoch.wrapping_add(1),
            };
        }
        Self { assets, ..self }
    }
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> Stake<BlockNumber> {
    /// What it is in an epoch: nothing when the pool it was of was lost.
    pub(crate) fn in_epoch(self, epoch: u32) -> Self {
        if self.epoch == epoch {
            return self;
        }
        Self {
            shares: 0,
            epoch,
            request: None,
        }
    }

    /// With more shares; `None` when they do not fit.
    pub(crate) fn with(self, shares: u128) -> Option<Self> {
        Some(Self {
            shares: self.shares.checked_add(shares)?,
            ..self
        })
    }

    /// With a request for some of its shares, in the place of the one before; `None` when it does not have so many.
    pub(crate) fn asking(self, shares: u128, since: BlockNumber) -> Option<Self> {
        if shares == 0 || shares > self.shares {
            return None;
        }
        Some(Self {
            request: Some(Request { shares, since }),
            ..self
        })
    }

    /// Shares that are on their way out.
    pub(crate) fn requested(&self) -> u128 {
        self.request.map_or(0, |request| request.shares)
    }

    /// What is left when the requested shares go out now, and how many they are.
    pub(crate) fn released(
        self,
        now: BlockNumber,
        cooldown: BlockNumber,
        window: BlockNumber,
    ) -> Result<(Self, u128), NotYours> {
        let Request { shares, since } = self.request.ok_or(NotYours::NothingRequested)?;
        let from = since.saturating_add(cooldown);
        if now < from {
            return Err(NotYours::CoolingDown);
        }
        if now > from.saturating_add(window) {
            return Err(NotYours::RequestExpired);
        }
        // A request is never for more than there is, which `try_state` shows.
        let left = self
            .shares
            .checked_sub(shares)
            .ok_or(NotYours::NothingRequested)?;
        let stake = Self {
            shares: left,
            request: None,
            ..self
        };
        Ok((stake, shares))
    }
}
