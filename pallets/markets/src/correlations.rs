//! How the assets of markets move together: one matrix for the probability of liquidation and, with a
//! share for each asset, for the offset between opposite positions.
//!
//! A change goes the way of everything that weakens a safeguard, and one step further: what
//! maintenance depends on has to be a price of the due queue, or never get worse. So
//!
//! - a share ramps: down linearly over the period, up after the wait. It is part of an effective price.
//! - correlations go to their new values linearly over the period after the wait. One may fall (below
//!   zero counts as zero) only while the share of one of its two assets is zero and stays so: then
//!   no offset comes from it.
//! - assets are added and not taken out, and begin with nothing: no share, and no correlation.
//!
//! All correlations move by the same part of their way, and what lies between two positive semi-definite
//! matrices is one. Rounding moves each by less than a billionth.

use crate::{
    record::{BlockNumber, Schedule},
    schema::{Course, Safer},
    Config, CorrelationMatrix, Error, Pallet, RampSchedule,
};
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Correlation, Rate};
use bulwark_risk_math::{
    offset::{is_positive_semidefinite, MAX_SHARE},
    ramp, Rounding,
};
use bulwark_traits::{CorrelatedAsset, Correlations};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use scale_info::TypeInfo;

/// How far one change may take a correlation: a quarter.
pub const CORRELATION_STEP: u32 = 250_000_000;
/// How far one change may take a share.
pub const SHARE_STEP: Rate = Rate::percent(10);

/// What is stored of the matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CorrelationRecord {
    /// What was decided.
    pub to: Correlations,
    /// How it is reached, until it is.
    pub change: Option<CorrelationChange>,
}

/// A change under way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CorrelationChange {
    /// What was in force when it was decided, of the same assets.
    pub from: Correlations,
    /// When it was.
    pub start: BlockNumber,
    /// How it comes into force.
    pub schedule: Schedule,
}

impl CorrelationRecord {
    /// What holds at once.
    pub const fn settled(to: Correlations) -> Self {
        Self { to, change: None }
    }

    /// What holds in block `now`.
    pub fn at(&self, now: BlockNumber) -> Correlations {
        let mut value = self.to.clone();
        let Some(change) = &self.change else {
            return value;
        };
        let since = now.saturating_sub(change.start);
        let schedule = &change.schedule;
        let from = change.from.assets.iter();
        for (asset, from) in value.assets.iter_mut().zip(from) {
            asset.share = share_at(from.share, asset.share, since, schedule);
        }
        let from = change.from.below.iter();
        for (entry, from) in value.below.iter_mut().zip(from) {
            *entry = entry_at(*from, *entry, since, schedule);
        }
        value
    }
}

/// A share on its way: what liquidates ramps, and what loosens waits before.
fn share_at(from: Rate, to: Rate, since: BlockNumber, schedule: &Schedule) -> Rate {
    let course = Course::Maintenance(Safer::Lower);
    let value = course.value(from.0.into(), to.0.into(), since, schedule);
    // Lies between the two, so it always fits.
    u64::try_from(value).map_or(to, Rate)
}

/// A correlation on its way, rounded down.
fn entry_at(
    from: Correlation,
    to: Correlation,
    since: BlockNumber,
    schedule: &Schedule,
) -> Correlation {
    let one = i64::from(Correlation::ONE.0);
    let shifted = |entry: Correlation| {
        let sum = i64::from(entry.0).saturating_add(one);
        u128::from(sum.max(0).unsigned_abs())
    };
    let waited = since.saturating_sub(schedule.wait);
    ramp(
        shifted(from),
        shifted(to),
        waited,
        schedule.period,
        Rounding::Down,
    )
    .ok()
    .and_then(|value| i64::try_from(value).ok())
    .and_then(|value| i32::try_from(value.saturating_sub(one)).ok())
    .map_or(from, Correlation)
}

/// Why a matrix is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Assets out of order, or a number of correlations that is not theirs.
    Shape,
    /// A share above [`MAX_SHARE`].
    Share,
    /// A correlation beyond 1, or an eigenvalue below zero.
    Indefinite,
}

/// Whether it is a matrix within bounds (invariant 11).
pub fn validate(correlations: &Correlations) -> Result<(), Flaw> {
    let assets = &correlations.assets;
    let ordered = assets
        .windows(2)
        .all(|pair| pair.first().map(|one| one.asset) < pair.last().map(|one| one.asset));
    let named = assets.first().is_none_or(|first| first.asset != 0);
    let entries = assets.len().saturating_mul(assets.len().saturating_sub(1)) / 2;
    if !ordered || !named || correlations.below.len() != entries {
        return Err(Flaw::Shape);
    }
    if assets.iter().any(|one| one.share > MAX_SHARE) {
        return Err(Flaw::Share);
    }
    if !is_positive_semidefinite(assets.len(), &correlations.below) {
        return Err(Flaw::Indefinite);
    }
    Ok(())
}

impl<T: Config> From<Flaw> for Error<T> {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Shape => Self::MatrixShape,
            Flaw::Share => Self::OffsetShareOutOfBounds,
            Flaw::Indefinite => Self::MatrixNotPositive,
        }
    }
}

/// What holds of `old` for the assets of `new`: nothing for those it does not have. `None` when `new` lacks
/// one of them.
fn extended(old: &Correlations, new: &Correlations) -> Option<Correlations> {
    if old
        .assets
        .iter()
        .any(|one| new.place_of(one.asset).is_none())
    {
        return None;
    }
    let mut from = new.clone();
    for one in from.assets.iter_mut() {
        one.share = old.share_of(one.asset);
    }
    let assets = new.assets.iter().enumerate();
    let pairs = assets.flat_map(|(row, one)| {
        let before = new.assets.iter().take(row);
        before.map(move |other| (one.asset, other.asset))
    });
    for (entry, (first, second)) in from.below.iter_mut().zip(pairs) {
        *entry = old.between(first, second).unwrap_or_default();
    }
    Some(from)
}

/// Shares of the two assets of each correlation, in their order.
fn pairs(assets: &[CorrelatedAsset]) -> impl Iterator<Item = (Rate, Rate)> + '_ {
    assets.iter().enumerate().flat_map(|(row, one)| {
        let before = assets.iter().take(row);
        before.map(move |other| (one.share, other.share))
    })
}

impl<T: Config> Pallet<T> {
    /// The matrix and the shares in block `at`, as far as they are decided by now.
    pub fn correlations_at(at: BlockNumber) -> Correlations {
        CorrelationMatrix::<T>::get().at(at)
    }

    /// The matrix and the shares that were decided.
    pub fn decided_correlations() -> Correlations {
        CorrelationMatrix::<T>::get().to
    }

    /// Stores the first matrix.
    pub(crate) fn put_first_matrix(
        assets: &[(AssetId, Rate)],
        below: &[Correlation],
    ) -> Result<(), Flaw> {
        let assets: Vec<_> = assets
            .iter()
            .map(|(asset, share)| CorrelatedAsset {
                asset: *asset,
                share: *share,
            })
            .collect();
        let first = Correlations {
            assets: assets.try_into().map_err(|_| Flaw::Shape)?,
            below: below.to_vec().try_into().map_err(|_| Flaw::Shape)?,
        };
        validate(&first)?;
        CorrelationMatrix::<T>::put(CorrelationRecord::settled(first));
        Ok(())
    }

    /// Checks a new matrix and sets the change going.
    pub(crate) fn change_correlations(to: Correlations) -> DispatchResult {
        validate(&to).map_err(Error::<T>::from)?;
        let now = Self::now();
        let old = CorrelationMatrix::<T>::get().at(now);
        let from = extended(&old, &to).ok_or(Error::<T>::AssetMissing)?;
        for (from, to) in from.assets.iter().zip(&to.assets) {
            let step = from.share.0.abs_diff(to.share.0);
            ensure!(step <= SHARE_STEP.0, Error::<T>::StepTooLarge);
        }
        let shares = pairs(&from.assets).zip(pairs(&to.assets));
        for ((from, to), (were, are)) in from.below.iter().zip(&to.below).zip(shares) {
            let step = from.0.abs_diff(to.0);
            ensure!(step <= CORRELATION_STEP, Error::<T>::StepTooLarge);
            let unused = were.0.is_zero() && are.0.is_zero() || were.1.is_zero() && are.1.is_zero();
            ensure!(
                unused || to.positive() >= from.positive(),
                Error::<T>::OffsetInUse
            );
        }
        let change = CorrelationChange {
            from,
            start: now,
            schedule: RampSchedule::<T>::get(),
        };
        CorrelationMatrix::<T>::put(CorrelationRecord {
            change: (change.from != to).then_some(change),
            to,
        });
        Ok(())
    }
}
