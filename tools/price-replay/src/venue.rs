//! The exchanges whose public tickers are imitated: names, symbols, answers.

use crate::{utc, Bar, Price};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::{fmt, str::FromStr};

/// An exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Venue {
    /// `GET /binance/api/v3/ticker/price?symbol=BTCUSDT`
    Binance,
    /// `GET /coinbase/products/BTC-USD/ticker`
    Coinbase,
    /// `GET /kraken/0/public/Ticker?pair=XBTUSD`
    Kraken,
    /// `GET /okx/api/v5/market/ticker?instId=BTC-USDT`
    Okx,
    /// `GET /bybit/v5/market/tickers?category=spot&symbol=BTCUSDT`
    Bybit,
}

impl Venue {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Binance,
        Self::Coinbase,
        Self::Kraken,
        Self::Okx,
        Self::Bybit,
    ];

    /// Its name in paths and options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Coinbase => "coinbase",
            Self::Kraken => "kraken",
            Self::Okx => "okx",
            Self::Bybit => "bybit",
        }
    }

    /// Path and query of the ticker of `asset`, below the server's address.
    pub fn ticker_path(self, asset: &Asset) -> String {
        let symbol = self.symbol(asset);
        match self {
            Self::Binance => format!("/binance/api/v3/ticker/price?symbol={symbol}"),
            Self::Coinbase => format!("/coinbase/products/{symbol}/ticker"),
            Self::Kraken => format!("/kraken/0/public/Ticker?pair={symbol}"),
            Self::Okx => format!("/okx/api/v5/market/ticker?instId={symbol}"),
            Self::Bybit => format!("/bybit/v5/market/tickers?category=spot&symbol={symbol}"),
        }
    }

    /// What the venue calls the market of `asset` against the dollar.
    pub fn symbol(self, asset: &Asset) -> String {
        let asset = asset.as_str();
        match self {
            Self::Binance | Self::Bybit => format!("{asset}USDT"),
            Self::Coinbase => format!("{asset}-USD"),
            Self::Kraken => format!("{}USD", kraken_code(asset)),
            Self::Okx => format!("{asset}-USDT"),
        }
    }

    /// What the venue's answer calls that market: the `symbol` of a feeder's sources file. Only
    /// Kraken answers under another name than it is asked by.
    pub fn answer_symbol(self, asset: &Asset) -> String {
        match self {
            Self::Binance | Self::Coinbase | Self::Okx | Self::Bybit => self.symbol(asset),
            Self::Kraken => kraken_result_key(asset),
        }
    }

    /// The asset of a symbol in the venue's spelling.
    pub fn asset_of(self, symbol: &str) -> Option<Asset> {
        let symbol = symbol.to_ascii_uppercase();
        let asset = match self {
            Self::Binance | Self::Bybit => symbol.strip_suffix("USDT")?,
            Self::Okx => symbol.strip_suffix("-USDT")?,
            Self::Coinbase => symbol.strip_suffix("-USD")?,
            Self::Kraken => {
                let legacy = symbol
                    .strip_prefix('X')
                    .and_then(|s| s.strip_suffix("ZUSD"));
                let code = match legacy {
                    Some(code) if code.len() == 3 => code,
                    _ => symbol.strip_suffix("USD")?,
                };
                match code {
                    "XBT" => "BTC",
                    "XDG" => "DOGE",
                    other => other,
                }
            }
        };
        asset.parse().ok()
    }

    /// The body of the ticker's answer. `now` is the machine's time, in milliseconds since the epoch:
    /// a venue stamps its answers with the present, so the feeder of a replayed day sees a quote that is
    /// as old as it was on that day.
    pub(crate) fn ticker(self, asset: &Asset, quote: &Quote, now: u64) -> Value {
        let price = quote.price;
        let at = now.saturating_sub(quote.age);
        let (bid, ask) = (price.off_by_percent(-0.005), price.off_by_percent(0.005));
        let volume = format!("{:.8}", quote.bar.volume);
        match self {
            Self::Binance => json!({ "symbol": self.symbol(asset), "price": price.to_string() }),
            Self::Coinbase => json!({
                "ask": trimmed(ask),
                "bid": trimmed(bid),
                "volume": volume,
                "trade_id": quote.time / 1_000,
                "price": trimmed(price),
                "size": "0.01000000",
                "time": utc::format(at),
                "rfq_volume": "0",
            }),
            Self::Kraken => {
                let decimals = |p: Price| format!("{:.5}", p.to_f64());
                let (low, high) = (quote.bar.low.min(price), quote.bar.high.max(price));
                json!({ "error": [], "result": { kraken_result_key(asset): {
                    "a": [decimals(ask), "1", "1.000"],
                    "b": [decimals(bid), "1", "1.000"],
                    "c": [decimals(price), "0.01000000"],
                    "v": [volume, volume],
                    "p": [decimals(price), decimals(price)],
                    "t": [1, 1],
                    "l": [decimals(low), decimals(low)],
                    "h": [decimals(high), decimals(high)],
                    "o": decimals(quote.bar.open),
                }}})
            }
            Self::Okx => json!({ "code": "0", "msg": "", "data": [{
                "instType": "SPOT",
                "instId": self.symbol(asset),
                "last": trimmed(price),
                "lastSz": "0.01",
                "askPx": trimmed(ask),
                "askSz": "1",
                "bidPx": trimmed(bid),
                "bidSz": "1",
                "open24h": trimmed(quote.bar.open),
                "high24h": trimmed(quote.bar.high.max(price)),
                "low24h": trimmed(quote.bar.low.min(price)),
                "volCcy24h": volume,
                "vol24h": volume,
                "ts": at.to_string(),
                "sodUtc0": trimmed(quote.bar.open),
                "sodUtc8": trimmed(quote.bar.open),
            }]}),
            Self::Bybit => json!({
                "retCode": 0,
                "retMsg": "OK",
                "result": { "category": "spot", "list": [{
                    "symbol": self.symbol(asset),
                    "bid1Price": trimmed(bid),
                    "bid1Size": "1",
                    "ask1Price": trimmed(ask),
                    "ask1Size": "1",
                    "lastPrice": trimmed(price),
                    "prevPrice24h": trimmed(quote.bar.open),
                    "price24hPcnt": "0",
                    "highPrice24h": trimmed(quote.bar.high.max(price)),
                    "lowPrice24h": trimmed(quote.bar.low.min(price)),
                    "turnover24h": "0",
                    "volume24h": volume,
                    "usdIndexPrice": trimmed(price),
                }]},
                "retExtInfo": {},
                "time": at,
            }),
        }
    }

    /// Status and body of the answer to a symbol the venue does not list.
    pub(crate) fn unknown_symbol(self) -> (u16, Value) {
        match self {
            Self::Binance => (400, json!({ "code": -1121, "msg": "Invalid symbol." })),
            Self::Coinbase => (404, json!({ "message": "NotFound" })),
            Self::Kraken => (200, json!({ "error": ["EQuery:Unknown asset pair"] })),
            Self::Okx => (
                200,
                json!({ "code": "51001", "msg": "Instrument ID does not exist", "data": [] }),
            ),
            Self::Bybit => (
                200,
                json!({
                    "retCode": 10001, "retMsg": "Not supported symbols",
                    "result": {}, "retExtInfo": {}, "time": 0,
                }),
            ),
        }
    }

    /// Status and body of the answer of a venue whose engine is down.
    pub(crate) fn unavailable(self) -> (u16, Value) {
        match self {
            Self::Binance => (
                503,
                json!({
                    "code": -1001,
                    "msg": "Internal error; unable to process your request. Please try again.",
                }),
            ),
            Self::Coinbase => (503, json!({ "message": "ServiceUnavailable" })),
            Self::Kraken => (200, json!({ "error": ["EService:Unavailable"] })),
            Self::Okx => (
                503,
                json!({ "code": "50001", "msg": "Service temporarily unavailable", "data": [] }),
            ),
            Self::Bybit => (
                200,
                json!({
                    "retCode": 10016, "retMsg": "Request timeout, please try again later",
                    "result": {}, "retExtInfo": {}, "time": 0,
                }),
            ),
        }
    }
}

impl fmt::Display for Venue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Venue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|venue| venue.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(", ");
                format!("no venue `{text}`; there are {names}")
            })
    }
}

/// What a ticker tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quote {
    /// Replay time, milliseconds since the epoch.
    pub time: u64,
    /// How long ago, in milliseconds, the venue last had a price: more than nothing in a gap.
    pub age: u64,
    /// The price.
    pub price: Price,
    /// The bar it lies in.
    pub bar: Bar,
}

/// Code of an asset: `BTC`, `ETH`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Asset(String);

impl Asset {
    /// Bitcoin, what a file holds when nothing else is said.
    pub fn btc() -> Self {
        Self("BTC".into())
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Asset {
    type Err = String;

    /// Takes `BTC`, and also `BTCUSDT` and `BTC-USD`, which is what files are called after.
    fn from_str(text: &str) -> Result<Self, String> {
        let upper = text.to_ascii_uppercase();
        let code = ["-USD", "USDT", "USD"]
            .into_iter()
            .find_map(|quote| upper.strip_suffix(quote).filter(|rest| !rest.is_empty()))
            .unwrap_or(&upper);
        let good =
            (1..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        good.then(|| Self(code.to_string()))
            .ok_or_else(|| format!("`{text}` is no asset code like BTC"))
    }
}

/// Kraken's own codes for the assets it listed first.
fn kraken_code(asset: &str) -> &str {
    match asset {
        "BTC" => "XBT",
        "DOGE" => "XDG",
        other => other,
    }
}

/// Kraken answers under an older name than it is asked by.
fn kraken_result_key(asset: &Asset) -> String {
    let code = kraken_code(asset.as_str());
    match code {
        "XBT" | "ETH" | "LTC" | "XRP" | "ETC" | "XLM" | "ZEC" | "XMR" => format!("X{code}ZUSD"),
        _ => format!("{code}USD"),
    }
}

/// Without the trailing zeros that Coinbase does not print.
fn trimmed(price: Price) -> String {
    let text = price.to_string();
    let text = text.trim_end_matches('0');
    text.strip_suffix('.').unwrap_or(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_should_lead_back_to_the_asset_when_spelled_by_the_venue() {
        for code in ["BTC", "ETH", "DOGE", "SOL", "XRP", "LINK"] {
            let asset: Asset = code.parse().unwrap();
            for venue in Venue::ALL {
                assert_eq!(
                    venue.asset_of(&venue.symbol(&asset)),
                    Some(asset.clone()),
                    "{venue}"
                );
            }
            for venue in Venue::ALL {
                let answered = venue.answer_symbol(&asset);
                assert_eq!(venue.asset_of(&answered), Some(asset.clone()), "{venue}");
            }
        }
        assert_eq!(Venue::Kraken.asset_of("XBTUSD"), Some(Asset::btc()));
        assert_eq!(Venue::Kraken.asset_of("BTCUSD"), Some(Asset::btc()));
        assert_eq!(Venue::Binance.asset_of("BTC-USD"), None);
        assert_eq!(Venue::Binance.asset_of(""), None);
        assert_eq!(Venue::Binance.asset_of("USDT"), None);
        assert_eq!(Venue::Okx.asset_of("BTCUSDT"), None);
        assert_eq!(Venue::Okx.asset_of("-USDT"), None);
    }

    #[test]
    fn asset_should_be_read_when_written_as_a_pair() {
        for text in ["BTC", "btc", "BTCUSDT", "BTC-USD", "BTCUSD"] {
            assert_eq!(text.parse(), Ok(Asset::btc()), "{text}");
        }
        for text in ["", "BTC/USD", "A-VERY-LONG-NAME"] {
            assert!(text.parse::<Asset>().is_err(), "{text}");
        }
    }
}
