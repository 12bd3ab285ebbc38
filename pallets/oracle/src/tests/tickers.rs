//! Answers of the public tickers, in the shapes in which the exchanges send them.

use crate::worker::{
    parse_decimal,
    tickers::{parse, Ticker, MAX_AGE_MILLIS},
    SourceError::{self, NotJson, Price as NoPrice, Shape, Stale, Symbol, Venue as Refused},
    Venue,
};
use bulwark_primitives::{Price, PRICE_SCALE};
use proptest::prelude::*;

/// Of all good answers here, whatever the digits.
const PRICE: Price = Price(101_516_500_000_000_000_000_000);

/// 2025-10-10T21:14:00Z, the time of all answers here that have one.
const AT: u64 = 1_760_130_840_000;

const BINANCE: &str = r#"{"symbol":"BTCUSDT","price":"101516.50000000"}"#;

const COINBASE: &str = r#"{"ask":"101516.51","bid":"101516.5","volume":"24939.8219076","trade_id":858904096,"price":"101516.5","size":"0.00083068","time":"2025-10-10T21:14:00.000467567Z","rfq_volume":"9.948684"}"#;

const KRAKEN: &str = r#"{"error":[],"result":{"XXBTZUSD":{"a":["101516.60000","1","1.000"],"b":["101516.50000","1","1.000"],"c":["101516.50000","0.00100000"],"v":["11052.13","14270.70"],"p":["113102.11","114301.82"],"t":[174120,220044],"l":["101500.00000","101500.00000"],"h":["122500.00000","122500.00000"],"o":"121650.10000"}}}"#;

const OKX: &str = r#"{"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT","last":"101516.5","lastSz":"0.00683","askPx":"101516.6","askSz":"1.8412","bidPx":"101516.5","bidSz":"0.2041","open24h":"121418.3","high24h":"122873.6","low24h":"101500.1","volCcy24h":"2170832917.25","vol24h":"19193.67","ts":"1760130840000","sodUtc0":"121039.7","sodUtc8":"121327.5"}]}"#;

const BYBIT: &str = r#"{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"BTCUSDT","bid1Price":"101516.4","bid1Size":"0.233476","ask1Price":"101516.5","ask1Size":"0.253817","lastPrice":"101516.5","prevPrice24h":"121922.3","price24hPcnt":"-0.1674","highPrice24h":"122996.9","lowPrice24h":"101500.3","turnover24h":"343699779.01773839","volume24h":"24002.208824","usdIndexPrice":"101640.684418"}]},"retExtInfo":{},"time":1760130840000}"#;

/// A venue, the symbol its answer has to be about, a good answer, and the price in it as it stands there.
const GOOD: [(Venue, &str, &str, &str); 5] = [
    (Venue::Binance, "BTCUSDT", BINANCE, r#""101516.50000000""#),
    (
        Venue::Coinbase,
        "BTC-USD",
        COINBASE,
        r#""price":"101516.5""#,
    ),
    (Venue::Kraken, "XXBTZUSD", KRAKEN, r#""c":["101516.50000""#),
    (Venue::Okx, "BTC-USDT", OKX, r#""last":"101516.5""#),
    (Venue::Bybit, "BTCUSDT", BYBIT, r#""lastPrice":"101516.5""#),
];

const HTML: &str =
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body></body></html>";

/// The good answer of `venue` with one piece replaced.
fn with(venue: Venue, from: &str, to: &str) -> String {
    let (.., body, _) = GOOD.into_iter().find(|good| good.0 == venue).unwrap();
    assert!(body.contains(from), "{venue:?} has no {from}");
    body.replacen(from, to, 1)
}

fn read(venue: Venue, body: &str) -> Result<Ticker, SourceError> {
    let (_, symbol, ..) = GOOD.into_iter().find(|good| good.0 == venue).unwrap();
    parse(venue, symbol, body.as_bytes())
}

#[test]
fn ticker_should_be_read_when_in_the_venues_shape() {
    for (venue, symbol, body, _) in GOOD {
        let at = match venue {
            Venue::Binance | Venue::Kraken => None,
            Venue::Coinbase | Venue::Okx | Venue::Bybit => Some(AT),
        };
        let ticker = Ticker { price: PRICE, at };
        assert_eq!(parse(venue, symbol, body.as_bytes()), Ok(ticker), "{body}");
    }
}

#[test]
fn price_should_be_read_when_it_is_a_number() {
    for (venue, _, _, text) in GOOD {
        // The same digits without their quotes, and with an exponent.
        let (name, digits) = text.split_at(text.rfind("\"1").unwrap());
        let digits = digits.trim_matches('"');
        for number in [digits, "1.015165e5", "101516.500000000000000000000"] {
            let body = with(venue, text, &format!("{name}{number}"));
            assert_eq!(
                read(venue, &body).map(|ticker| ticker.price),
                Ok(PRICE),
                "{body}"
            );
        }
    }
}

#[test]
fn price_should_be_refused_when_it_is_none() {
    for (venue, _, _, text) in GOOD {
        let (name, _) = text.split_at(text.rfind("\"1").unwrap());
        for (price, error) in [
            ("\"0\"", NoPrice),
            ("\"0.00\"", NoPrice),
            ("0", NoPrice),
            ("\"-1\"", NoPrice),
            ("-1", NoPrice),
            ("\"1,000.5\"", NoPrice),
            ("\"NaN\"", NoPrice),
            ("\"\"", NoPrice),
            ("\" 1\"", NoPrice),
            ("1e999", NoPrice),
            ("\"99999999999999999999999999999999999999999999\"", NoPrice),
            ("null", Shape),
            ("true", Shape),
            ("{}", Shape),
            ("[]", Shape),
        ] {
            let body = with(venue, text, &format!("{name}{price}"));
            assert_eq!(read(venue, &body), Err(error), "{body}");
        }
    }
}

#[test]
fn ticker_should_be_refused_when_it_is_about_another_symbol() {
    for (venue, _, body, _) in GOOD {
        let other = match venue {
            Venue::Binance | Venue::Bybit => "ETHUSDT",
            // Its answers do not say; that its URL does is seen to when the sources are read.
            Venue::Coinbase => continue,
            Venue::Kraken => "XETHZUSD",
            Venue::Okx => "ETH-USDT",
        };
        assert_eq!(
            parse(venue, other, body.as_bytes()),
            Err(Symbol),
            "{venue:?}"
        );
    }
    let named = with(
        Venue::Coinbase,
        r#""price""#,
        r#""product_id":"ETH-USD","price""#,
    );
    assert_eq!(read(Venue::Coinbase, &named), Err(Symbol));
    let named = with(
        Venue::Coinbase,
        r#""price""#,
        r#""product_id":"BTC-USD","price""#,
    );
    assert_eq!(
        read(Venue::Coinbase, &named).map(|ticker| ticker.price),
        Ok(PRICE)
    );
}

#[test]
fn error_should_be_the_venues_when_it_answers_with_one() {
    for (venue, body) in [
        (Venue::Binance, r#"{"code":-1121,"msg":"Invalid symbol."}"#),
        (
            Venue::Binance,
            r#"{"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility'."}"#,
        ),
        (Venue::Coinbase, r#"{"message":"NotFound"}"#),
        (
            Venue::Coinbase,
            r#"{"message":"Public rate limit exceeded"}"#,
        ),
        (Venue::Kraken, r#"{"error":["EQuery:Unknown asset pair"]}"#),
        (Venue::Kraken, r#"{"error":["EService:Unavailable"]}"#),
        (
            Venue::Okx,
            r#"{"code":"51001","data":[],"msg":"Instrument ID does not exist"}"#,
        ),
        (Venue::Okx, r#"{"msg":"Too Many Requests","code":"50011"}"#),
        (
            Venue::Bybit,
            r#"{"retCode":10001,"retMsg":"Not supported symbols","result":{},"retExtInfo":{},"time":1760130840000}"#,
        ),
        (
            Venue::Bybit,
            r#"{"retCode":10006,"retMsg":"Too many visits!","result":null,"retExtInfo":{},"time":1760130840000}"#,
        ),
    ] {
        assert_eq!(read(venue, body), Err(Refused), "{body}");
    }
}

#[test]
fn ticker_should_be_refused_when_it_is_not_json() {
    let deep = "[".repeat(10_000);
    for (venue, symbol, body, _) in GOOD {
        for text in ["", " ", "garbage", HTML, &deep, "{", "\"", "nul"] {
            assert_eq!(read(venue, text), Err(NotJson), "{venue:?} {text:.40}");
        }
        assert_eq!(parse(venue, symbol, &[0xff, 0xfe]), Err(NotJson));
        let trailing = format!("{body}{HTML}");
        assert_eq!(read(venue, &trailing), Err(NotJson));
    }
}

#[test]
fn ticker_should_be_refused_when_it_is_cut_off_anywhere() {
    for (venue, symbol, body, _) in GOOD {
        for end in 0..body.len() {
            let cut = &body.as_bytes()[..end];
            assert_eq!(parse(venue, symbol, cut), Err(NotJson), "{venue:?} {end}");
        }
    }
}

#[test]
fn ticker_should_be_refused_when_its_shape_is_another() {
    for (venue, symbol, body, _) in GOOD {
        for text in ["[]", "{}", "null", "0", "\"\"", r#"{"price":"1"}"#] {
            assert_eq!(read(venue, text), Err(Shape), "{venue:?} {text}");
        }
        // The answers of the other venues are not its own.
        for (other, _, answer, _) in GOOD {
            if other != venue {
                assert!(
                    parse(venue, symbol, answer.as_bytes()).is_err(),
                    "{venue:?} {answer}"
                );
            }
        }
        assert!(parse(venue, symbol, body.as_bytes()).is_ok());
    }
    for (venue, from, to) in [
        (Venue::Binance, r#""price""#, r#""prices""#),
        (Venue::Binance, r#""BTCUSDT""#, "7"),
        (Venue::Coinbase, r#""time""#, r#""times""#),
        (Venue::Coinbase, r#""2025-10-10T21:14:00.000467567Z""#, "1"),
        (Venue::Coinbase, "2025-10-10T", "yesterday, "),
        (Venue::Kraken, r#""error":[],"#, ""),
        (Venue::Kraken, r#""error":[]"#, r#""error":null"#),
        (
            Venue::Kraken,
            r#""c":["101516.50000","0.00100000"]"#,
            r#""c":[]"#,
        ),
        (Venue::Kraken, r#""c":["#, r#""last":["#),
        (Venue::Okx, r#""code":"0""#, r#""code":null"#),
        (Venue::Okx, r#""ts":"1760130840000""#, r#""ts":"soon""#),
        (Venue::Okx, r#""ts":"1760130840000""#, r#""ts":-1"#),
        (Venue::Okx, r#""ts":"1760130840000","#, ""),
        (Venue::Okx, r#""data""#, r#""tickers""#),
        (Venue::Bybit, r#""retCode":0"#, r#""retCode":[0]"#),
        (Venue::Bybit, r#","time":1760130840000"#, ""),
        (Venue::Bybit, r#""time":1760130840000"#, r#""time":1.5"#),
        (Venue::Bybit, r#""list""#, r#""rows""#),
        (Venue::Bybit, r#""lastPrice""#, r#""price""#),
    ] {
        let body = with(venue, from, to);
        assert_eq!(read(venue, &body), Err(Shape), "{body}");
    }
    assert_eq!(
        read(Venue::Okx, r#"{"code":"0","msg":"","data":[]}"#),
        Err(Shape)
    );
    assert_eq!(
        read(Venue::Kraken, r#"{"error":[],"result":{}}"#),
        Err(Symbol)
    );
}

#[test]
fn time_should_be_read_when_it_is_a_number_or_a_string() {
    let at = |venue, from, to| read(venue, &with(venue, from, to)).map(|ticker| ticker.at);
    let number = r#""ts":1760130840000"#;
    assert_eq!(
        at(Venue::Okx, r#""ts":"1760130840000""#, number),
        Ok(Some(AT))
    );
    let text = r#""time":"1760130840000""#;
    assert_eq!(
        at(Venue::Bybit, r#""time":1760130840000"#, text),
        Ok(Some(AT))
    );
}

#[test]
fn quote_should_be_stale_when_the_venue_dates_it_back() {
    for (venue, symbol, body, _) in GOOD {
        let ticker = parse(venue, symbol, body.as_bytes()).unwrap();
        let last = AT + MAX_AGE_MILLIS;
        match venue {
            // They do not tell.
            Venue::Binance | Venue::Kraken => {
                assert_eq!(ticker.fresh_at(last + 1), Ok(last + 1));
            }
            Venue::Coinbase | Venue::Okx | Venue::Bybit => {
                assert_eq!(ticker.fresh_at(last), Ok(AT));
                assert_eq!(ticker.fresh_at(last + 1), Err(Stale));
                // Its clock is ahead, or the node's is behind.
                assert_eq!(ticker.fresh_at(AT - 5_000), Ok(AT - 5_000));
            }
        }
    }
}

#[test]
fn decimal_should_keep_every_digit_when_it_fits() {
    for (text, price) in [
        ("1", PRICE_SCALE),
        ("0", 0),
        ("0.000000000000000001", 1),
        ("0.0000000000000000019", 1),
        ("1e-18", 1),
        ("1e-19", 0),
        ("1E+2", 100 * PRICE_SCALE),
        ("007.5", 7_500_000_000_000_000_000),
        ("0.1", PRICE_SCALE / 10),
        ("0e999", 0),
        ("340282366920938463463.374607431768211455", u128::MAX),
    ] {
        assert_eq!(parse_decimal(text), Some(Price(price)), "{text}");
    }
}

#[test]
fn decimal_should_be_refused_when_it_is_not_one() {
    for text in [
        "",
        ".",
        "1.",
        ".5",
        "+1",
        "-1",
        " 1",
        "1 ",
        "1.2.3",
        "0x10",
        "1e",
        "e5",
        "1e999",
        "1_000",
        "inf",
        "١",
        "340282366920938463463.374607431768211456",
        "1e2147483647",
        "1e-2147483649",
    ] {
        assert_eq!(parse_decimal(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn decimal_should_round_trip_when_written_with_18_decimals(raw in any::<u128>()) {
        let text = format!("{}.{:018}", raw / PRICE_SCALE, raw % PRICE_SCALE);
        prop_assert_eq!(parse_decimal(&text), Some(Price(raw)));
    }

    #[test]
    fn parsers_should_never_panic_when_fed_anything(
        text in "\\PC{0,40}",
        number in "[0-9.eE+-]{0,50}",
        json in r#"[{}\[\]":,0-9a-z.-]{0,120}"#,
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = parse_decimal(&text);
        let _ = parse_decimal(&number);
        for (venue, symbol, ..) in GOOD {
            let _ = parse(venue, symbol, &bytes);
            let _ = parse(venue, symbol, text.as_bytes());
            let _ = parse(venue, symbol, json.as_bytes());
        }
    }

    #[test]
    fn parsers_should_never_panic_when_a_good_body_is_damaged(
        which in 0..GOOD.len(),
        from in 0.0..1.0f64,
        removed in 0usize..40,
        inserted in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let (venue, symbol, body, _) = GOOD[which];
        let mut bytes = body.as_bytes().to_vec();
        let from = (from * bytes.len() as f64) as usize;
        let to = (from + removed).min(bytes.len());
        bytes.splice(from..to, inserted);
        if let Ok(ticker) = parse(venue, symbol, &bytes) {
            prop_assert!(!ticker.price.is_zero());
        }
    }
}
