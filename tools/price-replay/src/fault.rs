//! What can be wrong with a venue.

use crate::ReplayError;
use serde::Serialize;

/// How a venue misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Fault {
    /// Answers after so many real seconds, and then with an empty error.
    Timeout(f64),
    /// JSON that is cut off, or of the wrong types, or with absurd numbers; another one each time.
    Garbage,
    /// A maintenance page with status 200.
    Html,
    /// Status 200 and nothing.
    Empty,
    /// What the venue says when it is down.
    Unavailable,
    /// The quote of so many seconds ago, with the time of then.
    Stale(f64),
    /// Prices that are off by so many percent.
    OffPercent(f64),
}

impl Fault {
    /// A fault by the name it has over HTTP.
    ///
    /// # Errors
    /// A sentence for the user, when there is no such fault or its value makes no sense.
    pub fn parse(kind: &str, value: Option<f64>) -> Result<Self, String> {
        let fault = match kind {
            "timeout" => Self::Timeout(value.unwrap_or(30.0)),
            "garbage" => Self::Garbage,
            "html" => Self::Html,
            "empty" => Self::Empty,
            "unavailable" => Self::Unavailable,
            "stale" => Self::Stale(value.unwrap_or(120.0)),
            "off_percent" => Self::OffPercent(value.ok_or("off_percent needs a `value`")?),
            other => {
                return Err(format!(
                    "no fault `{other}`; there are timeout, garbage, html, empty, unavailable, \
                     stale, off_percent"
                ))
            }
        };
        fault.validated().map_err(|error| error.to_string())
    }

    pub(crate) fn validated(self) -> Result<Self, ReplayError> {
        match self {
            Self::Timeout(seconds) | Self::Stale(seconds)
                if !(0.0..=3_600.0).contains(&seconds) =>
            {
                Err(ReplayError::FaultValue(seconds))
            }
            Self::OffPercent(percent) if !(percent > -100.0 && percent <= 1_000.0) => {
                Err(ReplayError::FaultValue(percent))
            }
            fault => Ok(fault),
        }
    }
}
