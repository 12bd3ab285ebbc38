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
}

impl Venue {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Binance, Self::Coinbase, Self::Kraken];

    /// Its name in paths and options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Coinbase => "coinbase",
            Self::Kraken => "kraken",
        }
    }

    /// Path and query of the ticker of `asset`, below the server's address.
    pub fn ticker_path(self, asset: &Asset) -> String {
        let symbol = self.symbol(asset);
        match self {
            Self::Binance => format!("/binance/api/v3/ticker/price?symbol={symbol}"),
            Self::Coinbase => format!("/coinbase/products/{symbol}/ticker"),
            Self::Kraken => format!("/kraken/0/public/Ticker?pair={symbol}"),
        }
    }

    /// What the venue calls the market of `asset` against the dollar.
    pub fn symbol(self, asset: &Asset) -> String {
        let asset = asset.as_str();
        match self {
            Self::Binance => format!("{asset}USDT"),
            Self::Coinbase => format!("{asset}-USD"),
            Self::Kraken => format!("{}USD", kraken_code(asset)),
        }
    }

    /// The asset of a symbol in the venue's spelling.
    pub fn asset_of(self, symbol: &str) -> Option<Asset> {
        let symbol = symbol.to_ascii_uppercase();
        let asset = match self {
            Self::Binance => symbol.strip_suffix("USDT")?,
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

    /// The body of the ticker's answer.
    pub(crate) fn ticker(self, asset: &Asset, quote: &Quote) -> Value {
        let price = quote.price;
        let (bid, ask) = (price.off_by_percent(-0.005), price.off_by_percent(0.005));
        let volume = format!("{:.8}", quote.bar.volume);
        match self {
            Self::Binance => json!({ "symbol": self.symbol(asset), "price": price.to_string() }),
            Self::Coinbase => json!({
                "trade_id": quote.time / 1_000,
                "price": trimmed(price),
                "size": "0.01000000",
                "time": utc::format(quote.time),
                "bid": trimmed(bid),
                "ask": trimmed(ask),
                "volume": volume,
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
        }
    }

    /// Status and body of the answer to a symbol the venue does not list.
    pub(crate) fn unknown_symbol(self) -> (u16, Value) {
        match self {
            Self::Binance => (400, json!({ "code": -1121, "msg": "Invalid symbol." })),
            Self::Coinbase => (404, json!({ "message": "NotFound" })),
            Self::Kraken => (200, json!({ "error": ["EQuery:Unknown asset pair"] })),
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
            .ok_or_else(|| format!("no venue `{text}`; there are binance, coinbase and kraken"))
    }
}

/// What a ticker tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quote {
    /// Replay time, milliseconds since the epoch.
    pub time: u64,
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
            assert_eq!(
                Venue::Kraken.asset_of(&kraken_result_key(&asset)),
                Some(asset)
            );
        }
        assert_eq!(Venue::Kraken.asset_of("XBTUSD"), Some(Asset::btc()));
        assert_eq!(Venue::Kraken.asset_of("BTCUSD"), Some(Asset::btc()));
        assert_eq!(Venue::Binance.asset_of("BTC-USD"), None);
        assert_eq!(Venue::Binance.asset_of(""), None);
        assert_eq!(Venue::Binance.asset_of("USDT"), None);
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
