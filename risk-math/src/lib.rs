//! Every risk formula of Bulwark as a pure function: no storage, no FRAME, no floating point.
//!
//! A pallet reads its storage, calls one function of this crate, and writes the answer back. So a
//! formula can be read, tested and quoted apart from the chain, and the same one serves the
//! runtime, its runtime APIs and off-chain tools.
//!
//! | module | formulas | used by |
//! |---|---|---|
//! | [`value`] | notional, collateral value, fractions, steps | all pallets |
//! | [`position`] | entry notional and realised profit of a trade | margin |
//! | [`margin`] | health, withdrawal requirement, liquidation price | margin, runtime APIs |
//! | [`add_on`] | size add-on, open interest, concentration of collateral, profit that counts | margin, liquidation |
//! | [`funding`] | premium, hourly rate, index, payments | margin |
//! | [`offset`] | margin offset between opposite positions, correlation matrices | margin, markets, liquidation |
//! | [`triggers`] | effective prices, trigger levels, buckets | liquidation |
//! | [`liquidation`] | worst price, quantity and fee of a closing | liquidation |
//! | [`losses`] | rank for auto-deleveraging, who gives up how much | liquidation, margin |
//! | [`backstop`] | entry, shares and prices of the backstop vault | backstop, liquidation |
//! | [`cover`] | premium of a policy, how it is earned | insurance |
//! | [`seizure`] | price and amount of collateral that is taken over | margin |
//! | [`outflow`] | limits on what leaves, how they return | margin |
//! | [`spot`] | what is sold in a pool instead, within which price | margin |
//! | [`band`] | running mean, price band | circuit breaker |
//! | [`median`] | median and spread of the feeds | price oracle |
//! | [`oracle`] | time-weighted means, slow price, outages, scores of feeders | price oracle |
//! | [`ramp`](mod@ramp) | values that move from block to block | markets |
//! | [`volatility`] | expected move of the next hour, margin fractions | price oracle, markets |
//! | [`interest`] | rate of a loan, index of debts, shares and books of the pool | lending, margin |
//! | [`probability`] | probability of falling under maintenance | runtime APIs |
//! | [`math`] | `a * b / c` with a 256-bit intermediate and a named rounding | this crate |
//!
//! # Units
//!
//! Those of `bulwark-primitives`: [`Price`](bulwark_primitives::Price) 18 decimals,
//! [`Quantity`](bulwark_primitives::Quantity) and [`Size`](bulwark_primitives::Size) 18,
//! [`Usd`](bulwark_primitives::Usd) 6, [`Rate`](bulwark_primitives::Rate) 9. Effective prices are
//! bare `i128` with 18 decimals, because they may be negative.
//!
//! # Rounding
//!
//! Every division names its rounding. Requirements, debts and fees round up, credits down: the
//! difference, always under one base unit per operation, stays with the protocol.
//!
//! # Errors
//!
//! [`MathError`] only: a result that does not fit its type, or a division by nothing. Nothing
//! saturates on money and nothing panics.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod add_on;
pub mod backstop;
pub mod band;
pub mod cover;
pub mod funding;
pub mod interest;
pub mod liquidation;
pub mod losses;
pub mod margin;
pub mod math;
pub mod median;
pub mod offset;
pub mod oracle;
pub mod outflow;
pub mod position;
pub mod probability;
pub mod ramp;
pub mod seizure;
pub mod spot;
pub mod triggers;
pub mod value;
pub mod volatility;

pub use add_on::{
    crowded_factor, crowded_rate, first_tier, maintenance_add_on, profit_share, size_add_on,
    steepest_maintenance_add_on,
};
pub use backstop::is_for_backstop;
pub use band::{bounds, mean_update};
pub use liquidation::{
    bankruptcy_price, fee, fee_room, quantity_to_restore, worst_price, Closing, LIMIT_START,
    RECOVERY,
};
pub use losses::{can_give, entry_key, haircut, score, to_give_up};
pub use margin::{
    health, initial_margin, liquidation_price, maintenance_margin, mean_rates,
    position_maintenance, withdrawal_requirement, CollateralInput, PositionInput, NO_TIERS,
    WITHDRAWAL_MARGIN,
};
pub use math::{mul_div, signed_mul_div, MathError, Rounding};
pub use median::{aggregate, Aggregate, Quote};
pub use position::{apply_trade, Traded};
pub use ramp::ramp;
pub use seizure::{bought, sale_cost, sale_factor, takeover_factor, to_sell};
pub use spot::{amount_for, paid_by, pool_room, pool_sale, SpotHolding, SpotSale};
pub use triggers::{
    bucket, collateral_price, keys, long_price, short_price, size_leg, size_price, LegInput,
    SizeLeg, BUCKETS, RESERVE_PER_LEG,
};
pub use value::{
    ceil_to_multiple, collateral_value, floor_to_multiple, fraction, notional, price_with_rate,
    scale_collateral, signed_notional,
};

#[cfg(test)]
mod tests;
