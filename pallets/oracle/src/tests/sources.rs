use crate::worker::{parse_sources, Venue};

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
        ("\"binance\"", "\"mtgox\"", 3, "unknown variant `mtgox`"),
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
    let one = |i| format!(r#"{{"venue":"kraken","asset":2,"symbol":"A","url":"http://h/{i}"}}"#);
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
