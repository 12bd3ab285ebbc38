//! Prices out of the exchanges' public tickers, without floating point.
//!
//! | venue | price | must be about | time |
//! |---|---|---|---|
//! | Binance | `price` | `symbol` | none |
//! | Coinbase | `price` | the URL ([`super::sources`]) | `time`, of the last trade |
//! | Kraken | `result.<symbol>.c[0]` | the key of `result` | none |
//! | OKX | `data[].last` | `data[].instId` | `data[].ts`, of the last update |
//! | Bybit | `result.list[].lastPrice` | `result.list[].symbol` | `time`, of the answer |
//!
//! All are prices of the last trade. A quote older than [`MAX_AGE_MILLIS`] is refused; the venues
//! without a time are believed to speak of the present.

use super::{decimal::parse_decimal, utc::parse_utc, SourceError, Venue};
use bulwark_primitives::{Moment, Price};
use serde_json::{Map, Value};

/// How old a quote may be by its venue's own time, in milliseconds. It adds to the age of the feed on
/// chain, so it is half of what that may be by default.
pub const MAX_AGE_MILLIS: Moment = 30_000;

/// What a venue says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticker {
    /// Last traded price, in the venue's quote currency, which is taken for USD.
    pub price: Price,
    /// Of when, where the venue tells.
    pub at: Option<Moment>,
}

impl Ticker {
    /// When the price was true, `now` for a venue that does not tell. A venue whose clock is ahead
    /// of the node's means now too.
    ///
    /// # Errors
    /// [`SourceError::Stale`] when that is more than [`MAX_AGE_MILLIS`] ago.
    pub fn fresh_at(&self, now: Moment) -> Result<Moment, SourceError> {
        let at = self.at.map_or(now, |at| at.min(now));
        // `at` is never after `now`.
        if now.saturating_sub(at) > MAX_AGE_MILLIS {
            return Err(SourceError::Stale);
        }
        Ok(at)
    }
}

type Object = Map<alloc::string::String, Value>;

/// The price in `body`, an answer of `venue` about `symbol`. Decimals beyond 18 are cut off.
///
/// # Errors
/// When the body is anything but a well-formed positive price of that symbol, with a time where the
/// venue gives one.
pub fn parse(venue: Venue, symbol: &str, body: &[u8]) -> Result<Ticker, SourceError> {
    let value: Value = serde_json::from_slice(body).map_err(|_| SourceError::NotJson)?;
    let answer = value.as_object().ok_or(SourceError::Shape)?;
    match venue {
        Venue::Binance => binance(answer, symbol),
        Venue::Coinbase => coinbase(answer, symbol),
        Venue::Kraken => kraken(answer, symbol),
        Venue::Okx => okx(answer, symbol),
        Venue::Bybit => bybit(answer, symbol),
    }
}

/// `{"symbol":"BTCUSDT","price":"101516.50000000"}`, or `{"code":-1121,"msg":".."}`.
fn binance(answer: &Object, symbol: &str) -> Result<Ticker, SourceError> {
    if answer.contains_key("code") {
        return Err(SourceError::Venue);
    }
    about(answer.get("symbol"), symbol)?;
    Ok(Ticker {
        price: price(answer.get("price"))?,
        at: None,
    })
}

/// `{"price":"101516.5","time":"2025-10-10T21:14:00.123456Z",..}`, or `{"message":".."}`.
fn coinbase(answer: &Object, symbol: &str) -> Result<Ticker, SourceError> {
    if answer.contains_key("message") {
        return Err(SourceError::Venue);
    }
    // The ticker of one product names it only in the newer API.
    if answer.contains_key("product_id") {
        about(answer.get("product_id"), symbol)?;
    }
    let time = answer.get("time").and_then(Value::as_str);
    Ok(Ticker {
        price: price(answer.get("price"))?,
        at: Some(time.and_then(parse_utc).ok_or(SourceError::Shape)?),
    })
}

/// `{"error":[],"result":{"XXBTZUSD":{"c":["101516.50000","0.1"],..}}}`, or `{"error":[".."]}`.
fn kraken(answer: &Object, symbol: &str) -> Result<Ticker, SourceError> {
    let errors = answer.get("error").and_then(Value::as_array);
    if !errors.ok_or(SourceError::Shape)?.is_empty() {
        return Err(SourceError::Venue);
    }
    let result = answer.get("result").and_then(Value::as_object);
    let pair = result
        .ok_or(SourceError::Shape)?
        .get(symbol)
        .ok_or(SourceError::Symbol)?;
    let last = pair
        .get("c")
        .and_then(Value::as_array)
        .ok_or(SourceError::Shape)?;
    Ok(Ticker {
        price: price(last.first())?,
        at: None,
    })
}

/// `{"code":"0","msg":"","data":[{"instId":"BTC-USDT","last":"101516.5","ts":"1760130840000",..}]}`,
/// or `{"code":"51001","msg":"..","data":[]}`.
fn okx(answer: &Object, symbol: &str) -> Result<Ticker, SourceError> {
    refuse_code(answer.get("code"))?;
    let entry = entry(answer.get("data"), "instId", symbol)?;
    Ok(Ticker {
        price: price(entry.get("last"))?,
        at: Some(epoch_millis(entry.get("ts"))?),
    })
}

/// `{"retCode":0,"result":{"list":[{"symbol":"BTCUSDT","lastPrice":"101516.5",..}]},"time":1760130840000}`,
/// or `{"retCode":10001,"retMsg":"..","result":{},..}`.
fn bybit(answer: &Object, symbol: &str) -> Result<Ticker, SourceError> {
    refuse_code(answer.get("retCode"))?;
    let list = answer.get("result").and_then(|result| result.get("list"));
    let entry = entry(list, "symbol", symbol)?;
    Ok(Ticker {
        price: price(entry.get("lastPrice"))?,
        at: Some(epoch_millis(answer.get("time"))?),
    })
}

/// A code of zero is success; anything else is an error of the venue's.
fn refuse_code(code: Option<&Value>) -> Result<(), SourceError> {
    match digits(code).ok_or(SourceError::Shape)? {
        "0" => Ok(()),
        _ => Err(SourceError::Venue),
    }
}

/// The entry of `list` whose field `name` is `symbol`.
fn entry<'a>(list: Option<&'a Value>, name: &str, symbol: &str) -> Result<&'a Value, SourceError> {
    let list = list.and_then(Value::as_array).ok_or(SourceError::Shape)?;
    if list.is_empty() {
        return Err(SourceError::Shape);
    }
    let is_it = |entry: &&Value| about(entry.get(name), symbol).is_ok();
    list.iter().find(is_it).ok_or(SourceError::Symbol)
}

fn about(answered: Option<&Value>, symbol: &str) -> Result<(), SourceError> {
    let answered = answered.and_then(Value::as_str).ok_or(SourceError::Shape)?;
    if answered == symbol {
        Ok(())
    } else {
        Err(SourceError::Symbol)
    }
}

fn epoch_millis(value: Option<&Value>) -> Result<Moment, SourceError> {
    digits(value)
        .and_then(|text| text.parse().ok())
        .ok_or(SourceError::Shape)
}

/// The text of a number, written as a JSON string or as a JSON number, which keeps its digits
/// (`arbitrary_precision`).
fn digits(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::String(text)) => Some(text),
        Some(Value::Number(number)) => Some(number.as_str()),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => None,
    }
}

fn price(value: Option<&Value>) -> Result<Price, SourceError> {
    let text = digits(value).ok_or(SourceError::Shape)?;
    parse_decimal(text)
        .filter(|price| !price.is_zero())
        .ok_or(SourceError::Price)
}
