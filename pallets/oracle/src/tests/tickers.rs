use crate::worker::{
    tickers::{parse, parse_decimal, TickerError},
    Venue,
};
use bulwark_primitives::{Price, PRICE_SCALE};
use proptest::prelude::*;

const PRICE: Price = Price(101_516_500_000_000_000_000_000);

#[test]
fn ticker_should_be_read_when_in_the_venues_shape() {
    for (venue, symbol, body) in [
        (
            Venue::Binance,
            "BTCUSDT",
            r#"{"symbol":"BTCUSDT","price":"101516.50000000"}"#,
        ),
        (
            Venue::Binance,
            "BTCUSDT",
            r#"{"symbol":"BTCUSDT","price":101516.50}"#,
        ),
        (
            Venue::Coinbase,
            "BTC-USD",
            r#"{"ask":"101517","bid":"101516","price":"101516.5","size":"0.01","time":"2025-10-10T21:14:00Z","trade_id":1,"volume":"9000.1"}"#,
        ),
        (
            Venue::Coinbase,
            "BTC-USD",
            r#"{"product_id":"BTC-USD","price":1.015165e5,"time":1}"#,
        ),
        (
            Venue::Kraken,
            "XXBTZUSD",
            r#"{"error":[],"result":{"XXBTZUSD":{"a":["101517","1","1"],"c":["101516.50000","0.00100000"],"v":["1","2"]}}}"#,
        ),
        (
            Venue::Kraken,
            "XXBTZUSD",
            r#"{"error":[],"result":{"XXBTZUSD":{"c":[101516.5,1]}}}"#,
        ),
    ] {
        assert_eq!(parse(venue, symbol, body.as_bytes()), Ok(PRICE), "{body}");
    }
}

#[test]
fn ticker_should_be_refused_when_it_is_not_the_price_asked_for() {
    use TickerError::{NotJson, Price as NoPrice, Shape, Symbol, Venue as Refused};
    for (venue, body, error) in [
        (Venue::Binance, "", NotJson),
        (Venue::Binance, "garbage", NotJson),
        (
            Venue::Binance,
            "<!DOCTYPE html><html><body>502</body></html>",
            NotJson,
        ),
        (Venue::Binance, r#"{"symbol":"S","price":"1""#, NotJson),
        (Venue::Binance, "[]", Shape),
        (Venue::Binance, "{}", Shape),
        (Venue::Binance, r#"{"price":"1"}"#, Shape),
        (
            Venue::Binance,
            r#"{"symbol":"ETHUSDT","price":"1"}"#,
            Symbol,
        ),
        (Venue::Binance, r#"{"symbol":"S"}"#, Shape),
        (Venue::Binance, r#"{"symbol":"S","price":null}"#, Shape),
        (Venue::Binance, r#"{"symbol":"S","price":"0.00"}"#, NoPrice),
        (Venue::Binance, r#"{"symbol":"S","price":"-1"}"#, NoPrice),
        (Venue::Binance, r#"{"symbol":"S","price":-1}"#, NoPrice),
        (
            Venue::Binance,
            r#"{"symbol":"S","price":"1,000.5"}"#,
            NoPrice,
        ),
        (Venue::Binance, r#"{"symbol":"S","price":"NaN"}"#, NoPrice),
        (Venue::Coinbase, r#"{"message":"NotFound"}"#, Shape),
        (
            Venue::Coinbase,
            r#"{"product_id":"ETH-USD","price":"1"}"#,
            Symbol,
        ),
        (
            Venue::Kraken,
            r#"{"error":["EQuery:Unknown asset pair"]}"#,
            Refused,
        ),
        (Venue::Kraken, r#"{"result":{}}"#, Shape),
        (Venue::Kraken, r#"{"error":[]}"#, Shape),
        (
            Venue::Kraken,
            r#"{"error":[],"result":{"XETHZUSD":{"c":["1","1"]}}}"#,
            Symbol,
        ),
        (Venue::Kraken, r#"{"error":[],"result":{"S":{}}}"#, Shape),
        (
            Venue::Kraken,
            r#"{"error":[],"result":{"S":{"c":[]}}}"#,
            Shape,
        ),
    ] {
        assert_eq!(parse(venue, "S", body.as_bytes()), Err(error), "{body}");
    }
    assert_eq!(parse(Venue::Binance, "S", &[0xff, 0xfe]), Err(NotJson));
    let deep = "[".repeat(10_000);
    assert_eq!(parse(Venue::Binance, "S", deep.as_bytes()), Err(NotJson));
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
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = parse_decimal(&text);
        let _ = parse_decimal(&number);
        let _ = crate::worker::parse_sources(&bytes);
        for venue in [Venue::Binance, Venue::Coinbase, Venue::Kraken] {
            let _ = parse(venue, "S", &bytes);
        }
    }
}
