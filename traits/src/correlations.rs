//! How the assets of markets move together, as far as governance says.

use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Correlation, Rate};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// Most assets of the matrix.
pub const MAX_CORRELATED: u32 = 32;
/// Correlations below its diagonal.
pub const MAX_CORRELATIONS: u32 = 496;

/// An asset of the matrix.
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
pub struct CorrelatedAsset {
    /// Which.
    pub asset: AssetId,
    /// What of the initial margin of a position in it may be offset against opposite positions; of
    /// maintenance margin it is half.
    pub share: Rate,
}

/// A correlation matrix, and what of margins may be offset by it.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Correlations {
    /// The assets, ascending by id.
    pub assets: BoundedVec<CorrelatedAsset, ConstU32<MAX_CORRELATED>>,
    /// The matrix below its diagonal, row by row. It is symmetric with ones on the diagonal.
    pub below: BoundedVec<Correlation, ConstU32<MAX_CORRELATIONS>>,
}

impl Correlations {
    /// Place of an asset.
    pub fn place_of(&self, asset: AssetId) -> Option<usize> {
        self.assets
            .binary_search_by_key(&asset, |one| one.asset)
            .ok()
    }

    /// What of the initial margin of a position in `asset` may be offset; nothing for one that is not in
    /// the matrix.
    pub fn share_of(&self, asset: AssetId) -> Rate {
        self.place_of(asset)
            .and_then(|place| self.assets.get(place))
            .map_or(Rate::ZERO, |one| one.share)
    }

    /// The correlation of the assets at two places; zero for places that are not there.
    pub fn at(&self, first: usize, second: usize) -> Correlation {
        if first == second {
            return Correlation::ONE;
        }
        let (row, column) = (first.max(second), first.min(second));
        // row * (row - 1) / 2: rows are at most 32.
        let start = row.saturating_mul(row.saturating_sub(1)) / 2;
        self.below
            .get(start.saturating_add(column))
            .copied()
            .unwrap_or_default()
    }

    /// The correlation of what is at two places of [`Self::places`]; zero for what is not in the matrix.
    pub fn of_places(&self, places: &[Option<usize>], first: usize, second: usize) -> Correlation {
        let place = |at: usize| places.get(at).copied().flatten();
        match (place(first), place(second)) {
            (Some(first), Some(second)) => self.at(first, second),
            (Some(_) | None, _) => Correlation::ZERO,
        }
    }

    /// Places of some assets.
    pub fn places(&self, assets: impl Iterator<Item = AssetId>) -> Vec<Option<usize>> {
        assets.map(|asset| self.place_of(asset)).collect()
    }

    /// The correlation of two assets; `None` when one of them is not in the matrix.
    pub fn between(&self, first: AssetId, second: AssetId) -> Option<Correlation> {
        Some(self.at(self.place_of(first)?, self.place_of(second)?))
    }
}
