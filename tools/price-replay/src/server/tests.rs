use super::*;
use crate::{Feeds, Options, Recording};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Instant,
};

const BARS: &str = "1760130900,112137.6,112539.5,102193.6,103441.3,39820.6\n\
                    1760131200,103441.3,109550,101516.5,108473,18875.9\n";

async fn server(options: Options) -> (Server, Replay) {
    let recording = Recording::from_reader("bars", BARS.as_bytes()).unwrap();
    let feeds = Feeds::default().everywhere(Asset::btc(), recording);
    let replay = Replay::new(feeds, options).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (serve(listener, replay.clone()).unwrap(), replay)
}

async fn standing() -> (Server, Replay) {
    let wait = true;
    server(Options {
        wait,
        ..Options::default()
    })
    .await
}

/// Status, content type and body.
async fn request(server: &Server, method: &str, path: &str, body: &str) -> (u16, String, String) {
    let address = server.address();
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    });
    let answer = answer.await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let kind = head
        .lines()
        .find_map(|line| line.strip_prefix("content-type: "))
        .unwrap_or_default();
    (status, kind.to_string(), body.to_string())
}

async fn get_json(server: &Server, path: &str) -> Value {
    let (status, kind, body) = request(server, "GET", path, "").await;
    assert_eq!((status, kind.as_str()), (200, "application/json"), "{body}");
    serde_json::from_str(&body).unwrap()
}

async fn post_json(server: &Server, path: &str, body: &str) -> (u16, Value) {
    let (status, _, body) = request(server, "POST", path, body).await;
    (status, serde_json::from_str(&body).unwrap())
}

const BINANCE: &str = "/binance/api/v3/ticker/price?symbol=BTCUSDT";
const COINBASE: &str = "/coinbase/products/BTC-USD/ticker";
const KRAKEN: &str = "/kraken/0/public/Ticker?pair=XBTUSD";
const OKX: &str = "/okx/api/v5/market/ticker?instId=BTC-USDT";
const BYBIT: &str = "/bybit/v5/market/tickers?category=spot&symbol=BTCUSDT";

/// Seconds that lie between a stamp of an answer and the present, which is what a feeder sees.
fn age(stamp: u64) -> u64 {
    (wall_clock() - stamp) / 1_000
}

#[tokio::test]
async fn tickers_should_have_the_venues_shapes_when_asked() {
    let (server, replay) = standing().await;
    replay.jump(1_760_131_400_000).unwrap();
    assert_eq!(
        get_json(&server, BINANCE).await,
        json!({ "symbol": "BTCUSDT", "price": "109550.00000000" })
    );
    let coinbase = get_json(&server, COINBASE).await;
    assert_eq!(coinbase["price"], "109550");
    assert_eq!(
        age(utc::parse(coinbase["time"].as_str().unwrap()).unwrap()),
        0
    );
    for key in ["size", "bid", "ask", "volume"] {
        assert!(coinbase[key].as_str().unwrap().parse::<f64>().unwrap() > 0.0);
    }
    assert!(coinbase["trade_id"].is_u64());
    let kraken = get_json(&server, KRAKEN).await;
    assert_eq!(kraken["error"], json!([]));
    let pair = &kraken["result"]["XXBTZUSD"];
    assert_eq!(pair["c"][0], "109550.00000");
    for (key, length) in [
        ("a", 3),
        ("b", 3),
        ("c", 2),
        ("v", 2),
        ("p", 2),
        ("l", 2),
        ("h", 2),
    ] {
        assert_eq!(pair[key].as_array().unwrap().len(), length, "{key}");
    }
    assert_eq!(pair["t"], json!([1, 1]));
    assert_eq!(pair["o"], "103441.30000");
    let okx = get_json(&server, OKX).await;
    assert_eq!((&okx["code"], &okx["msg"]), (&json!("0"), &json!("")));
    let ticker = &okx["data"][0];
    assert_eq!(ticker["instId"], "BTC-USDT");
    assert_eq!(ticker["last"], "109550");
    assert_eq!(age(ticker["ts"].as_str().unwrap().parse().unwrap()), 0);
    let bybit = get_json(&server, BYBIT).await;
    assert_eq!(
        (&bybit["retCode"], &bybit["retMsg"]),
        (&json!(0), &json!("OK"))
    );
    let ticker = &bybit["result"]["list"][0];
    assert_eq!(ticker["symbol"], "BTCUSDT");
    assert_eq!(ticker["lastPrice"], "109550");
    assert_eq!(age(bybit["time"].as_u64().unwrap()), 0);
    for venue in Venue::ALL {
        let url = server.ticker_url(venue, &Asset::btc());
        assert!(url.starts_with("http://127.0.0.1:"));
        let path = url.split_once(&server.address().to_string()).unwrap().1;
        assert!(
            [BINANCE, COINBASE, KRAKEN, OKX, BYBIT].contains(&path),
            "{url}"
        );
    }
}

#[tokio::test]
async fn tickers_should_answer_like_the_venue_when_symbol_is_unknown() {
    let (server, _) = standing().await;
    let (status, _, body) = request(
        &server,
        "GET",
        "/binance/api/v3/ticker/price?symbol=FOOUSDT",
        "",
    )
    .await;
    assert_eq!(
        (status, body.as_str()),
        (400, r#"{"code":-1121,"msg":"Invalid symbol."}"#)
    );
    let (status, ..) = request(&server, "GET", "/binance/api/v3/ticker/price", "").await;
    assert_eq!(status, 400);
    let (status, ..) = request(&server, "GET", "/coinbase/products/FOO-USD/ticker", "").await;
    assert_eq!(status, 404);
    let kraken = get_json(&server, "/kraken/0/public/Ticker?pair=FOOUSD").await;
    assert_eq!(kraken, json!({ "error": ["EQuery:Unknown asset pair"] }));
    let okx = get_json(&server, "/okx/api/v5/market/ticker?instId=FOO-USDT").await;
    assert_eq!(okx["code"], "51001");
    let bybit = get_json(&server, "/bybit/v5/market/tickers?category=spot&symbol=FOO").await;
    assert_eq!(bybit["retCode"], 10_001);
    let (status, ..) = request(&server, "GET", "/nowhere", "").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn stamps_should_age_when_a_venue_is_stuck() {
    let (server, _) = standing().await;
    let stuck = r#"{"venue":"all","kind":"stale","value":90}"#;
    post_json(&server, "/control/fault", stuck).await;
    let coinbase = get_json(&server, COINBASE).await;
    let okx = get_json(&server, OKX).await;
    let bybit = get_json(&server, BYBIT).await;
    for stamp in [
        utc::parse(coinbase["time"].as_str().unwrap()).unwrap(),
        okx["data"][0]["ts"].as_str().unwrap().parse().unwrap(),
        bybit["time"].as_u64().unwrap(),
    ] {
        assert!((90..=92).contains(&age(stamp)), "{}", age(stamp));
    }
}

#[tokio::test]
async fn venues_should_use_their_own_words_when_they_are_down() {
    let (server, _) = standing().await;
    let down = r#"{"venue":"all","kind":"unavailable"}"#;
    post_json(&server, "/control/fault", down).await;
    for (path, code, word) in [
        (BINANCE, 503, "-1001"),
        (COINBASE, 503, "ServiceUnavailable"),
        (KRAKEN, 200, "EService:Unavailable"),
        (OKX, 503, "50001"),
        (BYBIT, 200, "10016"),
    ] {
        let (status, _, body) = request(&server, "GET", path, "").await;
        assert_eq!(status, code, "{body}");
        assert!(body.contains(word), "{body}");
    }
}

#[tokio::test]
async fn controls_should_move_the_clock_when_posted() {
    let (server, _) = standing().await;
    let status = get_json(&server, "/control/status").await;
    assert_eq!(status["waiting"], true);
    assert_eq!(status["time"], "2025-10-10T21:15:00.000Z");
    assert_eq!(status["price"], "112137.60000000");
    assert_eq!(status["prices"]["BTC"]["kraken"], "112137.60000000");
    assert_eq!(status["sources"]["BTC"]["kraken"], "bars");

    let (code, status) =
        post_json(&server, "/control/jump", r#"{"to":"2025-10-10T21:21:40Z"}"#).await;
    assert_eq!((code, &status["price"]), (200, &json!("101516.50000000")));
    let (code, status) = post_json(&server, "/control/jump", r#"{"to":1760130900}"#).await;
    assert_eq!(
        (code, &status["time_ms"]),
        (200, &json!(1_760_130_900_000_u64))
    );
    let (_, status) = post_json(&server, "/control/speed", r#"{"speed":100000}"#).await;
    assert_eq!(status["speed"], 100_000.0);
    let (_, status) = post_json(&server, "/control/start", "").await;
    assert_eq!(status["waiting"], false);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let status = get_json(&server, "/control/status").await;
    assert_eq!(
        (&status["done"], &status["price"]),
        (&json!(true), &json!("108473.00000000"))
    );
    let (_, status) = post_json(&server, "/control/pause", "").await;
    assert_eq!(status["paused"], true);
    let (_, status) = post_json(&server, "/control/resume", "").await;
    assert_eq!(status["paused"], false);
}

#[tokio::test]
async fn controls_should_say_why_when_refused() {
    let (server, replay) = standing().await;
    let before = replay.now();
    for (path, body, why) in [
        (
            "/control/jump",
            r#"{"to":"2020-01-01"}"#,
            "outside the data",
        ),
        ("/control/jump", r#"{"to":"soon"}"#, "no UTC time"),
        ("/control/jump", "", "not as expected"),
        ("/control/speed", r#"{"speed":-1}"#, "not between"),
        ("/control/speed", r#"{"speed":"x"}"#, "not as expected"),
        (
            "/control/fault",
            r#"{"venue":"mtgox","kind":"html"}"#,
            "no venue",
        ),
        (
            "/control/fault",
            r#"{"venue":"kraken","kind":"fire"}"#,
            "no fault",
        ),
        (
            "/control/fault",
            r#"{"venue":"kraken","kind":"off_percent"}"#,
            "needs a `value`",
        ),
        ("/control/clear", r#"{"venue":"mtgox"}"#, "no venue"),
    ] {
        let (code, answer) = post_json(&server, path, body).await;
        assert_eq!(code, 400, "{path} {body}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(why), "{error:?} lacks {why:?}");
    }
    assert_eq!(replay.now(), before);
    assert!(replay.status().faults.is_empty());
}

#[tokio::test]
async fn venue_should_misbehave_when_it_has_a_fault() {
    let (server, replay) = standing().await;
    let fault = |kind: &str, value: f64| {
        format!(r#"{{"venue":"binance","kind":"{kind}","value":{value}}}"#)
    };

    let (_, status) = post_json(&server, "/control/fault", &fault("off_percent", -10.0)).await;
    assert_eq!(
        status["faults"],
        json!({ "binance": { "kind": "off_percent", "value": -10.0 } })
    );
    assert_eq!(
        status["price"], "112137.60000000",
        "the status tells the true price"
    );
    assert_eq!(get_json(&server, BINANCE).await["price"], "100923.84000000");
    assert_eq!(get_json(&server, COINBASE).await["price"], "112137.6");

    post_json(&server, "/control/fault", &fault("html", 0.0)).await;
    let (code, kind, body) = request(&server, "GET", BINANCE, "").await;
    assert!(code == 200 && kind.starts_with("text/html") && body.contains("maintenance"));

    post_json(&server, "/control/fault", &fault("empty", 0.0)).await;
    let (code, _, body) = request(&server, "GET", BINANCE, "").await;
    assert_eq!((code, body.as_str()), (200, ""));

    post_json(&server, "/control/fault", &fault("garbage", 0.0)).await;
    let mut bodies = std::collections::BTreeSet::new();
    for _ in 0..6 {
        let (code, _, body) = request(&server, "GET", BINANCE, "").await;
        assert_eq!(code, 200);
        let parsed: Option<Value> = serde_json::from_str(&body).ok();
        let price = parsed.and_then(|v| v["price"].as_str()?.parse::<f64>().ok());
        assert!(!price.is_some_and(|p| p.is_finite() && p < 1e12), "{body}");
        bodies.insert(body);
    }
    assert_eq!(bodies.len(), 6);

    post_json(&server, "/control/fault", &fault("timeout", 0.2)).await;
    let asked = Instant::now();
    let (code, _, body) = request(&server, "GET", BINANCE, "").await;
    assert_eq!((code, body.as_str()), (504, ""));
    assert!(asked.elapsed() >= Duration::from_millis(200));

    let (_, status) = post_json(&server, "/control/clear", "").await;
    assert_eq!(status["faults"], json!({}));
    assert_eq!(get_json(&server, BINANCE).await["price"], "112137.60000000");
    assert_eq!(replay.status().requests[&Venue::Binance], 11);

    let all = r#"{"venue":"all","kind":"html"}"#;
    let (_, status) = post_json(&server, "/control/fault", all).await;
    assert_eq!(status["faults"].as_object().unwrap().len(), 5);
    let (_, status) = post_json(&server, "/control/clear", r#"{"venue":"kraken"}"#).await;
    assert_eq!(status["faults"].as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn server_should_stop_at_once_when_a_slow_answer_is_under_way() {
    let (server, replay) = standing().await;
    replay
        .set_fault(Venue::Binance, Fault::Timeout(60.0))
        .unwrap();
    let address = server.address();
    let mut stream = TcpStream::connect(address).unwrap();
    let text = format!("GET {BINANCE} HTTP/1.1\r\nhost: t\r\n\r\n");
    stream.write_all(text.as_bytes()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let asked = Instant::now();
    server.shutdown().await;
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert!(TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn server_should_go_on_when_its_handle_is_dropped() {
    let (server, _) = standing().await;
    let address = server.address();
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(TcpStream::connect(address).is_ok());
}
