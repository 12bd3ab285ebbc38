use crate::worker::{parse_sources, Venue};
use proptest::prelude::*;

const GOOD: &str = r#"{
  "sources": [
    { "venue": "binance", "asset": 2, "symbol": "BTCUSDT",
      "url": "https://api.binance.com/api/v3/ticker/price?symbol=BTCUSDT" },
    { "venue": "kraken", "asset": 2, "symbol": "XXBTZUSD",
      "url": "http://127.0.0.1:7070/kraken/0/public/Ticker?pair=XBTUSD" }
  ]
}"#;

fn error(text: &str) -> (u32, String) {
    let error = parse_sources(text.as_bytes()).unwrap_err();
    (error.line, error.reason)
}

#[test]
fn file_should_be_read_when_well_formed() {
    let sources = parse_sources(GOOD.as_bytes()).unwrap();
    let read: Vec<_> = sources
        .iter()
        .map(|s| (s.venue, s.asset, s.symbol.as_str()))
        .collect();
    assert_eq!(
        read,
        vec![
            (Venue::Binance, 2, "BTCUSDT"),
            (Venue::Kraken, 2, "XXBTZUSD")
        ]
    );
}

#[test]
fn error_should_name_the_line_when_a_field_is_bad() {
    for (from, to, line, reason) in [
        (
            "\"binance\"",
            "\"mtgox\"",
            3,
            "unknown variant `mtgox`, expected one of `binance`, `coinbase`, `kraken`, `okx`, `bybit`",
        ),
        (
            "\"asset\": 2, \"symbol\": \"XX",
            "\"asset\": -2, \"symbol\": \"XX",
            5,
            "invalid value",
        ),
        ("\"BTCUSDT\"", "\"BTC USDT\"", 3, "a symbol of 1 to 32"),
        ("http://127", "ftp://127", 6, "a URL of at most 512 bytes"),
        (
            "https://api",
            "https:// api",
            4,
            "a URL of at most 512 bytes",
        ),
        (
            "\"url\": \"http:",
            "\"link\": \"http:",
            6,
            "unknown field `link`",
        ),
        (
            " \"asset\": 2, \"symbol\": \"XX",
            " \"symbol\": \"XX",
            6,
            "missing field `asset`",
        ),
        (
            "\"asset\": 2, \"symbol\": \"XX",
            "\"asset\": \"2\", \"symbol\": \"XX",
            5,
            "invalid type",
        ),
    ] {
        let (found, text) = error(&GOOD.replacen(from, to, 1));
        assert_eq!(found, line, "{to}: {text}");
        assert!(text.contains(reason), "{to}: {text}");
    }
}

#[test]
fn error_should_name_the_line_when_a_url_is_there_twice() {
    let url = "https://api.binance.com/api/v3/ticker/price?symbol=BTCUSDT";
    let twice = GOOD.replace(
        "http://127.0.0.1:7070/kraken/0/public/Ticker?pair=XBTUSD",
        url,
    );
    let (line, reason) = error(&twice);
    assert_eq!(line, 6);
    assert!(reason.contains("twice"), "{reason}");
}

#[test]
fn error_should_be_clear_when_the_file_is_not_a_list_of_sources() {
    for (text, line) in [
        ("", 1),
        ("not json", 1),
        ("<html>\n</html>", 1),
        ("{\n\"sources\": []\n}", 1),
        ("{\n\"sources\": [,]\n}", 2),
        ("[]", 1),
        ("{}", 1),
        ("{\n\"sources\": [],\n\"more\": 1\n}", 3),
        ("\u{0}\u{1}", 1),
    ] {
        assert_eq!(error(text).0, line, "{text:?}: {}", error(text).1);
    }
}

#[test]
fn error_should_be_returned_when_there_are_too_many_sources() {
    let one = |i| format!(r#"{{"venue":"kraken","asset":2,"symbol":"A{i}","url":"http://h/{i}"}}"#);
    let file = |count| {
        let all: Vec<String> = (0..count).map(one).collect();
        format!("{{\"sources\":[{}]}}", all.join(",\n"))
    };
    assert_eq!(
        parse_sources(file(64).as_bytes()).unwrap().iter().count(),
        64
    );
    assert!(error(&file(65)).1.contains("more than 64"));
}

#[test]
fn file_should_be_read_when_all_venues_are_in_it() {
    let handbook = include_str!("../../../../docs/operating.md");
    let begin = handbook.find("{ \"sources\": [").unwrap();
    let (text, _) = handbook[begin..].split_once("```").unwrap();
    let sources = parse_sources(text.as_bytes()).unwrap();
    let venues: Vec<_> = sources.iter().map(|source| source.venue).collect();
    for venue in Venue::ALL {
        assert!(venues.contains(&venue), "{venue:?}");
    }
    assert!(sources
        .iter()
        .all(|source| source.url.starts_with("https://")));
}

#[test]
fn error_should_name_the_market_when_it_is_there_twice_under_other_urls() {
    let file = |symbol: &str, asset: u32| {
        format!(
            "{{\"sources\":[\n\
             {{\"venue\":\"okx\",\"asset\":2,\"symbol\":\"BTC-USDT\",\"url\":\"http://h/1\"}},\n\
             {{\"venue\":\"okx\",\"asset\":{asset},\"symbol\":\"{symbol}\",\"url\":\"http://h/2\"}}]}}"
        )
    };
    let (line, reason) = error(&file("BTC-USDT", 2));
    assert_eq!(line, 3);
    assert!(
        reason.contains("okx BTC-USDT is there twice for asset 2"),
        "{reason}"
    );
    // Another market of the asset, or the same market for another asset, is another quote.
    assert!(parse_sources(file("BTC-USDC", 2).as_bytes()).is_ok());
    assert!(parse_sources(file("BTC-USDT", 3).as_bytes()).is_ok());
}

#[test]
fn error_should_be_returned_when_a_coinbase_url_does_not_name_the_symbol() {
    let file = |url: &str| {
        format!(
            "{{\"sources\":[\n{{\"venue\":\"coinbase\",\"asset\":2,\"symbol\":\"BTC-USD\",\"url\":\"{url}\"}}]}}"
        )
    };
    assert!(parse_sources(file("https://h/products/BTC-USD/ticker").as_bytes()).is_ok());
    let (line, reason) = error(&file("https://h/products/ETH-USD/ticker"));
    assert_eq!(line, 2);
    assert!(reason.contains("must name BTC-USD"), "{reason}");
}

proptest! {
    #[test]
    fn parser_should_never_panic_when_the_file_is_anything(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        text in "\\PC{0,100}",
        json in r#"[{}\[\]":,0-9a-z \n]{0,120}"#,
    ) {
        let _ = parse_sources(&bytes);
        let _ = parse_sources(text.as_bytes());
        let _ = parse_sources(json.as_bytes());
    }

    #[test]
    fn parser_should_never_panic_when_a_good_file_is_damaged(
        from in 0..GOOD.len(),
        removed in 0usize..40,
        inserted in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut bytes = GOOD.as_bytes().to_vec();
        let to = (from + removed).min(bytes.len());
        bytes.splice(from..to, inserted);
        if let Err(error) = parse_sources(&bytes) {
            let lines = u32::try_from(bytes.split(|byte| *byte == b'\n').count()).unwrap();
            prop_assert!((1..=lines).contains(&error.line), "{error}");
        }
    }
}
