//! Interest: golden vectors, and properties of the books over random lives of a pool.

mod golden;
mod properties;

use super::*;
use crate::{interest::*, volatility::FineRate, MathError};

/// Parameters in the order of their fields.
fn parsed_params(fields: &[u64]) -> InterestParams {
    InterestParams {
        kink: Rate(fields[0]),
        rate_at_zero: Rate(fields[1]),
        rate_at_kink: Rate(fields[2]),
        rate_at_full: Rate(fields[3]),
        reserve_share: Rate(fields[4]),
        daily_adjustment: Rate(fields[5]),
        min_scaling: Rate(fields[6]),
        max_scaling: Rate(fields[7]),
    }
}
