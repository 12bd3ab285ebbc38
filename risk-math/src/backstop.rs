//! The backstop vault: who is offered to it.

use crate::{math::to_signed, mul_div, value::RATE_ONE, MathError, Rounding};
use bulwark_primitives::{Health, Rate};

/// Share of maintenance margin under which an account is offered to the vault: two thirds, rounded down
/// [Hyperliquid].
pub const ENTRY: Rate = Rate(666_666_666);

/// Whether the vault is offered an account: equity under two thirds of maintenance margin, rounded
/// down. The one of an account without positions never is: there is nothing to take over.
///
/// # Errors
/// `Overflow` for a negative maintenance margin.
pub fn is_for_backstop(health: &Health) -> Result<bool, MathError> {
    let margin = u128::try_from(health.maintenance_margin.0).map_err(|_| MathError::Overflow)?;
    let entry = mul_div(margin, u128::from(ENTRY.0), RATE_ONE, Rounding::Down)?;
    Ok(health.equity.0 < to_signed(entry)?)
}
