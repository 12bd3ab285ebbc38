//! HTTP requests to all sources at once, bounded in time and size.

use super::Source;
use alloc::vec::Vec;
use sp_core::offchain::HttpError;
use sp_runtime::offchain::{
    http::{PendingRequest, Request, Response},
    Duration, Timestamp,
};

/// Longest body that is read. Tickers have a few hundred bytes.
const MAX_BODY: usize = 16_384;

/// Why a source gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FetchError {
    /// No connection, or it broke.
    Unreachable,
    /// Not within the deadline.
    Timeout,
    /// Answered with something other than 200.
    Status,
    /// The body is longer than [`MAX_BODY`].
    TooLarge,
}

impl FetchError {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::TooLarge => "too_large",
        }
    }
}

/// The bodies of all sources, in their order. Takes at most `limit`.
pub(super) fn all(sources: &[&Source], limit: Duration) -> Vec<Result<Vec<u8>, FetchError>> {
    let deadline = sp_io::offchain::timestamp().add(limit);
    // All are sent before the first is waited for.
    let sent: Vec<Result<PendingRequest, FetchError>> = sources
        .iter()
        .map(|source| {
            Request::get(&source.url)
                .add_header("Accept", "application/json")
                // Some exchanges refuse requests without one.
                .add_header("User-Agent", "bulwark-feeder")
                .deadline(deadline)
                .send()
                .map_err(FetchError::from)
        })
        .collect();
    sent.into_iter().map(|sent| read(sent?, deadline)).collect()
}

fn read(pending: PendingRequest, deadline: Timestamp) -> Result<Vec<u8>, FetchError> {
    let response: Response = pending
        .try_wait(deadline)
        .map_err(|_| FetchError::Timeout)?
        .map_err(|_| FetchError::Unreachable)?;
    if response.code != 200 {
        return Err(FetchError::Status);
    }
    let mut reader = response.body();
    reader.deadline(deadline);
    let body: Vec<u8> = reader.by_ref().take(MAX_BODY.saturating_add(1)).collect();
    if let Some(error) = reader.error() {
        return Err((*error).into());
    }
    if body.len() > MAX_BODY {
        return Err(FetchError::TooLarge);
    }
    Ok(body)
}

impl From<HttpError> for FetchError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::DeadlineReached => Self::Timeout,
            HttpError::IoError | HttpError::Invalid => Self::Unreachable,
        }
    }
}
