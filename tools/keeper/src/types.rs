//! What the keeper reads of the chain, by name out of the metadata: fields that it does not need are
//! left out here, and may come and go there.

use scale_decode::DecodeAsType;
use scale_encode::EncodeAsType;
use std::fmt;
use subxt::{dynamic::Value, utils::AccountId32};

/// Decimals of amounts in USD.
const USD_DECIMALS: usize = 6;
/// The class of an account of which the last attempt could close nothing.
const PARKED: u8 = 63;

/// An account: its owner and which of the owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, DecodeAsType, EncodeAsType)]
pub struct SubAccount {
    /// Who signs for it.
    pub owner: AccountId32,
    /// Which one.
    pub index: u16,
}

impl fmt::Display for SubAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.index)
    }
}

/// An amount of USD, 6 decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, DecodeAsType)]
pub struct Usd(pub i128);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum; one that does not fit stays at the end of the range, for it is only shown.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>1$}", self.0.unsigned_abs(), USD_DECIMALS + 1);
        let (whole, fraction) = digits.split_at(digits.len() - USD_DECIMALS);
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        match fraction.trim_end_matches('0') {
            "" => Ok(()),
            fraction => write!(f, ".{fraction}"),
        }
    }
}

impl std::str::FromStr for Usd {
    type Err = String;

    /// Reads whole units, `2500` or `0.5`; no sign, no exponent, at most 6 decimals.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not an amount in USD like 2500 or 0.5");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) || fraction.len() > USD_DECIMALS {
            return Err(wrong());
        }
        format!("{whole}{fraction:0<USD_DECIMALS$}")
            .parse()
            .map(Self)
            .map_err(|_| wrong())
    }
}

/// A position's market and its signed value at mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
pub struct Position {
    /// The market.
    pub market: u32,
    /// Its value.
    pub notional: Usd,
}

/// Equity and what it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
pub struct Health {
    /// What the account is worth.
    pub equity: Usd,
    /// What it has to be worth.
    pub maintenance_margin: Usd,
    /// Values of all positions, unsigned.
    pub notional: Usd,
}

/// Why health cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
pub enum HealthError {
    /// A price is missing.
    PriceUnavailable,
    /// A number does not fit.
    Overflow,
}

/// What `MarginApi.account_summary` answers.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
pub struct AccountSummary {
    /// The account's health.
    pub health: Result<Health, HealthError>,
    /// Its positions; none when a price is missing.
    pub positions: Vec<Position>,
}

/// What `Liquidation.Known` has of an account that was found under maintenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
pub struct Known {
    class: u8,
}

impl Known {
    /// Whether the last attempt could close nothing of it.
    pub const fn is_parked(self) -> bool {
        self.class == PARKED
    }
}

/// The event `Liquidation.Liquidated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
pub struct Liquidated {
    /// Whose.
    pub account: SubAccount,
    /// In which market.
    pub market: u32,
    /// For how much.
    pub notional: Usd,
    /// What was taken of the account, the reward included.
    pub fee: Usd,
    /// The liquidator's part.
    pub reward: Usd,
    /// Who got it.
    pub liquidator: Option<AccountId32>,
}

/// The account of any event about one.
#[derive(Clone, Copy, Debug, DecodeAsType)]
pub struct About {
    /// Which.
    pub account: SubAccount,
}

/// The event `Liquidation.Parked`.
#[derive(Clone, Debug, DecodeAsType)]
pub struct Parked {
    /// Why nothing could be closed, an enum of the chain's.
    pub reason: Value,
}

/// The event `TransactionPayment.TransactionFeePaid`.
#[derive(Clone, Copy, Debug, DecodeAsType)]
pub struct FeePaid {
    /// In base units of the native token.
    pub actual_fee: u128,
}

#[cfg(test)]
mod tests;
