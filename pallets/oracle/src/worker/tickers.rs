//! Prices out of the exchanges' public tickers, without floating point.

use super::Venue;
use bulwark_primitives::Price;
use serde_json::{Map, Value};

/// Decimals of [`Price`].
const DECIMALS: i32 = 18;

/// Why an answer is not the price it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TickerError {
    /// Not JSON.
    NotJson,
    /// JSON, but not in the venue's shape.
    Shape,
    /// About another symbol.
    Symbol,
    /// Not a positive number that fits a price.
    Price,
    /// The venue answered with an error of its own.
    Venue,
}

impl TickerError {
    /// For log lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::Shape => "wrong_shape",
            Self::Symbol => "wrong_symbol",
            Self::Price => "bad_price",
            Self::Venue => "venue_error",
        }
    }
}

/// The price in `body`, an answer of `venue` about `symbol`. Decimals beyond 18 are cut off.
///
/// # Errors
/// When the body is anything but a well-formed positive price of that symbol.
pub fn parse(venue: Venue, symbol: &str, body: &[u8]) -> Result<Price, TickerError> {
    let value: Value = serde_json::from_slice(body).map_err(|_| TickerError::NotJson)?;
    let ticker = value.as_object().ok_or(TickerError::Shape)?;
    match venue {
        Venue::Binance => {
            let answered = ticker.get("symbol").and_then(Value::as_str);
            if answered.ok_or(TickerError::Shape)? != symbol {
                return Err(TickerError::Symbol);
            }
            price(ticker.get("price"))
        }
        Venue::Coinbase => {
            // The ticker of one product names it only in the newer API.
            match ticker.get("product_id").and_then(Value::as_str) {
                Some(answered) if answered != symbol => Err(TickerError::Symbol),
                Some(_) | None => price(ticker.get("price")),
            }
        }
        Venue::Kraken => kraken(ticker, symbol),
    }
}

/// The last trade's price: the first of `c`.
fn kraken(ticker: &Map<alloc::string::String, Value>, symbol: &str) -> Result<Price, TickerError> {
    let errors = ticker.get("error").and_then(Value::as_array);
    if !errors.ok_or(TickerError::Shape)?.is_empty() {
        return Err(TickerError::Venue);
    }
    let result = ticker.get("result").and_then(Value::as_object);
    let pair = result
        .ok_or(TickerError::Shape)?
        .get(symbol)
        .ok_or(TickerError::Symbol)?;
    let last = pair
        .get("c")
        .and_then(Value::as_array)
        .ok_or(TickerError::Shape)?;
    price(last.first())
}

/// A price as a JSON string or number. Numbers keep their digits (`arbitrary_precision`).
fn price(value: Option<&Value>) -> Result<Price, TickerError> {
    let parsed = match value {
        Some(Value::String(text)) => parse_decimal(text),
        Some(Value::Number(number)) => parse_decimal(number.as_str()),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            return Err(TickerError::Shape)
        }
    };
    match parsed {
        Some(price) if !price.is_zero() => Ok(price),
        Some(_) | None => Err(TickerError::Price),
    }
}

/// Reads an unsigned decimal such as `101516.50` or `1.5e-7`. Decimals beyond 18 are cut off.
/// `None` for anything else, and for what does not fit.
pub fn parse_decimal(text: &str) -> Option<Price> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    if whole.is_empty() {
        return None;
    }
    let mut mantissa = 0u128;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        mantissa = mantissa.checked_mul(10)?.checked_add(digit.into())?;
    }
    let shift = DECIMALS
        .checked_add(exponent)?
        .checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10u128.checked_pow(shift.unsigned_abs());
    if shift >= 0 {
        if mantissa == 0 {
            return Some(Price::ZERO);
        }
        mantissa.checked_mul(power?).map(Price)
    } else {
        // A power that does not fit is above every mantissa, so nothing is left of it.
        Some(Price(power.map_or(0, |power| {
            mantissa.checked_div(power).unwrap_or_default()
        })))
    }
}
