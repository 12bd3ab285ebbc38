//! What a trade does to a position.

use crate::{
    math::{signed_add, signed_sub},
    signed_mul_div, MathError, Rounding,
};
use bulwark_primitives::{Size, Usd};

/// A position after a trade, and what the trade realised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traded {
    /// The new signed size, 18 decimals.
    pub size: Size,
    /// What is paid for it: positive for a long, negative for a short. Zero when flat.
    pub entry_notional: Usd,
    /// Profit (positive) or loss to add to the settlement balance.
    pub realised: Usd,
}

/// Adds `delta` to a position for `cost`: plus the fill's notional for a buy, minus it for a sell.
///
/// - Same direction: `entry' = entry + cost`, nothing is realised.
/// - Smaller: `entry' = entry * |size'| / |size|`, the average entry price stays.
/// - Flipped: closed, then opened at the trade's own price: `entry' = cost * |size'| / |delta|`.
/// - Flat: `entry' = 0`.
///
/// In every case `realised = entry' - entry - cost`, exactly. So `balance - entry` changes by
/// `-cost` and nothing else, and because the other side of the fill has `+cost`, the sum over all
/// accounts does not change (invariant 3). `entry'` rounds down, which only moves less than one
/// base unit between the balance and the open profit of this one account; what is realised, and
/// so could be withdrawn, is the smaller.
///
/// Long 3 for 300 USD in all, 1 sold for 120 USD: 200 stay as entry, 20 are realised.
/// ```
/// # use bulwark_primitives::*; use bulwark_risk_math::*;
/// let unit = SIZE_SCALE as i128;
/// let traded = apply_trade(Size(3 * unit), Usd::dollars(300), Size(-unit), Usd::dollars(-120)).unwrap();
/// assert_eq!(traded.entry_notional, Usd::dollars(200));
/// assert_eq!(traded.realised, Usd::dollars(20));
/// ```
///
/// # Errors
/// `Overflow` when size, entry or profit does not fit.
pub fn apply_trade(
    size: Size,
    entry_notional: Usd,
    delta: Size,
    cost: Usd,
) -> Result<Traded, MathError> {
    let new_size = signed_add(size.0, delta.0)?;
    let (entry, cost) = (entry_notional.0, cost.0);
    let opposite = (size.is_long() && delta.is_short()) || (size.is_short() && delta.is_long());
    let new_entry = if new_size == 0 {
        0
    } else if !opposite {
        signed_add(entry, cost)?
    } else {
        let smaller = new_size.is_negative() == size.0.is_negative();
        let (from, whole) = if smaller {
            (entry, size)
        } else {
            (cost, delta)
        };
        signed_mul_div(
            from,
            new_size.unsigned_abs(),
            whole.quantity().0,
            Rounding::Down,
        )?
    };
    let realised = signed_sub(signed_sub(new_entry, entry)?, cost)?;
    Ok(Traded {
        size: Size(new_size),
        entry_notional: Usd(new_entry),
        realised: Usd(realised),
    })
}
