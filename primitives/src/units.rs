//! Quantities with units.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch.
pub type Moment = u64;

/// One USD per unit, as a [`Price`].
pub const PRICE_SCALE: u128 = 1_000_000_000_000_000_000;
/// One whole unit of a market's underlying, as a [`Quantity`] or [`Size`].
pub const SIZE_SCALE: u128 = 1_000_000_000_000_000_000;
/// Decimals of the settlement asset, and so of [`Usd`].
pub const USD_DECIMALS: u8 = 6;
/// One USD, as a [`Usd`].
pub const USD_SCALE: i128 = 1_000_000;
/// One (100 %), as a [`Rate`].
pub const RATE_SCALE: u64 = 1_000_000_000;

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        pub struct $name(pub $inner);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// The largest value.
            pub const MAX: Self = Self(<$inner>::MAX);

            /// Whether it is nothing.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum, or `None` when it does not fit.
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// The difference, or `None` when it does not fit.
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }
        }
    };
}

unit! {
    /// USD per one whole unit of an asset, 18 decimals. Never zero when it comes from a snapshot.
    Price(u128)
}
unit! {
    /// Signed USD, 6 decimals: the base unit of the settlement asset, so that ledger sums are exact.
    Usd(i128)
}
unit! {
    /// Unsigned amount of a market's underlying, 18 decimals.
    Quantity(u128)
}
unit! {
    /// Signed position, 18 decimals: positive when long, negative when short.
    Size(i128)
}
unit! {
    /// A fraction with 9 decimals: 1_000_000_000 is 100 %.
    Rate(u64)
}
unit! {
    /// A signed fraction of notional with 9 decimals: what longs pay shorts, or get when negative.
    FundingRate(i64)
}
unit! {
    /// What one unit lent at the beginning has grown to, 18 decimals; starts at [`Index::ONE`] and
    /// never falls.
    Index(u128)
}
unit! {
    /// Shares of the lending pool, 12 decimals: the first million of base units stands for one base
    /// unit of the settlement asset.
    Shares(u128)
}

impl Index {
    /// No growth yet.
    pub const ONE: Self = Self(1_000_000_000_000_000_000);
}

impl Usd {
    /// Whole dollars.
    pub const fn dollars(whole: i64) -> Self {
        // A product of an i64 and 10^6 always fits an i128.
        #[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
        Self(whole as i128 * USD_SCALE)
    }

    /// Whether it is below nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The negated amount, or `None` for the one value that has none.
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(negated) => Some(Self(negated)),
            None => None,
        }
    }
}

impl Size {
    /// Whether the position is long.
    pub const fn is_long(self) -> bool {
        self.0 > 0
    }

    /// Whether the position is short.
    pub const fn is_short(self) -> bool {
        self.0 < 0
    }

    /// The size without its sign.
    pub const fn quantity(self) -> Quantity {
        Quantity(self.0.unsigned_abs())
    }
}

impl Quantity {
    /// The long position of this quantity, or `None` when it does not fit.
    pub const fn long(self) -> Option<Size> {
        match 0i128.checked_add_unsigned(self.0) {
            Some(size) => Some(Size(size)),
            None => None,
        }
    }

    /// The short position of this quantity, or `None` when it does not fit.
    pub const fn short(self) -> Option<Size> {
        match 0i128.checked_sub_unsigned(self.0) {
            Some(size) => Some(Size(size)),
            None => None,
        }
    }
}

impl Rate {
    /// 100 %.
    pub const ONE: Self = Self(RATE_SCALE);

    /// Whole percent, for constants.
    pub const fn percent(percent: u32) -> Self {
        // A u32 times 10^7 always fits a u64.
        #[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
        Self(percent as u64 * 10_000_000)
    }

    /// Basis points (1/100 %), for constants.
    pub const fn basis_points(points: u32) -> Self {
        // A u32 times 10^5 always fits a u64.
        #[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
        Self(points as u64 * 100_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_should_be_the_same_when_written_in_percent_or_basis_points() {
        assert_eq!(Rate::percent(2), Rate::basis_points(200));
        assert_eq!(Rate::percent(100), Rate::ONE);
    }

    #[test]
    fn sums_should_be_none_when_they_do_not_fit() {
        assert_eq!(Usd::MAX.checked_add(Usd(1)), None);
        assert_eq!(Quantity::ZERO.checked_sub(Quantity(1)), None);
        assert_eq!(Quantity::MAX.long(), None);
        assert_eq!(
            Quantity(i128::MAX as u128 + 1).short(),
            Some(Size(i128::MIN))
        );
    }
}
