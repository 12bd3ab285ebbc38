//! Pools in which an asset is sold for settlement asset.

use crate::Rate;

/// A pool of an asset and the settlement asset as it stands: the product of its reserves never falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpotPool {
    /// Base units of the asset in it.
    pub base: u128,
    /// Base units of the settlement asset in it.
    pub quote: u128,
    /// What it keeps of all that is brought.
    pub fee: Rate,
}
