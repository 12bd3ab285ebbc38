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

/// A parameter is no decimal number of the right kind.
pub const NOT_A_NUMBER: i32 = 8_005;

/// A parameter is no decimal number of the right kind.
pub fn not_a_number() -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        NOT_A_NUMBER,
        "a decimal number like \"0.5\" is expected, not negative and with at most 18 decimals",
        None::<()>,
    )
}

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
