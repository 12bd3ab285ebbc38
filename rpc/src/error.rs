//! What a method answers instead of a result.

use bulwark_runtime_api::HealthError;
use jsonrpsee::types::ErrorObjectOwned;

/// The runtime could not be asked: an unknown block, pruned state, a runtime without the API.
pub const RUNTIME: i32 = 8_001;
/// There is no such account, asset or market.
pub const UNKNOWN: i32 = 8_002;
/// An asset or market the account holds has no usable price in the block.
pub const PRICE_UNAVAILABLE: i32 = 8_003;
/// A number does not fit.
pub const OVERFLOW: i32 = 8_004;

/// An argument cannot be read.
pub const INVALID: i32 = 8_005;
/// What is asked about cannot be.
pub const IMPOSSIBLE: i32 = 8_006;

/// The call into the runtime failed.
pub fn runtime(error: impl std::fmt::Display) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        RUNTIME,
        "the runtime cannot be asked at this block: it may be unknown or its state pruned",
        Some(error.to_string()),
    )
}

/// Nothing has this id.
pub fn unknown(what: &str) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(UNKNOWN, format!("there is no such {what}"), None::<()>)
}

/// A number of the chain does not fit.
pub fn overflow() -> ErrorObjectOwned {
    ErrorObjectOwned::owned(OVERFLOW, "a number does not fit", None::<()>)
}

/// An argument cannot be read.
pub fn invalid(what: &str) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        INVALID,
        format!("{what} is not an amount in whole units, like \"0.1\""),
        None::<()>,
    )
}

/// What is asked about cannot be.
pub fn impossible() -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        IMPOSSIBLE,
        "the account cannot be told after this: a market or price is missing, it has too many \
         positions, or a number does not fit",
        None::<()>,
    )
}

/// A policy would be refused.
pub fn not_sold() -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        IMPOSSIBLE,
        "such a policy is not sold now: there is no such market, the cover or the days are outside \
         their bounds, more than underwriters have free, or a loss is open",
        None::<()>,
    )
}

/// Health cannot be told.
pub fn health(error: HealthError) -> ErrorObjectOwned {
    match error {
        HealthError::PriceUnavailable => ErrorObjectOwned::owned(
            PRICE_UNAVAILABLE,
            "an asset or market that the account holds has no usable price in this block",
            None::<()>,
        ),
        HealthError::Overflow => {
            ErrorObjectOwned::owned(OVERFLOW, "a number of the account does not fit", None::<()>)
        }
    }
}
