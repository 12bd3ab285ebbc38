//! HTTP requests to all sources at once, bounded in time and size.
//!
//! `https://` needs nothing here: the node's HTTP client speaks TLS and checks certificates against the
//! roots of its operating system. A bad certificate is a connection that cannot be had.

use super::{Source, SourceError};
use alloc::vec::Vec;
use sp_core::offchain::HttpError;
use sp_runtime::offchain::{
    http::{PendingRequest, Request, Response},
    Duration, Timestamp,
};

/// Longest body that is read. Tickers have a few hundred bytes.
const MAX_BODY: usize = 16_384;

/// The bodies of all sources, in their order. Takes at most `limit`.
pub(super) fn all(sources: &[&Source], limit: Duration) -> Vec<Result<Vec<u8>, SourceError>> {
    let deadline = sp_io::offchain::timestamp().add(limit);
    // All are sent before the first is waited for.
    let sent: Vec<Result<PendingRequest, SourceError>> = sources
        .iter()
        .map(|source| {
            Request::get(&source.url)
                .add_header("Accept", "application/json")
                // Some exchanges refuse requests without one.
                .add_header("User-Agent", "bulwark-feeder")
                .deadline(deadline)
                .send()
                .map_err(SourceError::from)
        })
        .collect();
    sent.into_iter().map(|sent| read(sent?, deadline)).collect()
}

fn read(pending: PendingRequest, deadline: Timestamp) -> Result<Vec<u8>, SourceError> {
    let response: Response = pending
        .try_wait(deadline)
        .map_err(|_| SourceError::Timeout)?
        .map_err(|_| SourceError::Unreachable)?;
    match response.code {
        200 => {}
        418 | 429 => return Err(SourceError::RateLimited),
        _ => return Err(SourceError::Status),
    }
    let mut reader = response.body();
    reader.deadline(deadline);
    let body: Vec<u8> = reader.by_ref().take(MAX_BODY.saturating_add(1)).collect();
    if let Some(error) = reader.error() {
        return Err((*error).into());
    }
    if body.len() > MAX_BODY {
        return Err(SourceError::TooLarge);
    }
    Ok(body)
}

impl From<HttpError> for SourceError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::DeadlineReached => Self::Timeout,
            HttpError::IoError | HttpError::Invalid => Self::Unreachable,
        }
    }
}
