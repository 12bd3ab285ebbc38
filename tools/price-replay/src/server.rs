//! HTTP: the tickers, and the controls.

use crate::{replay::Said, utc, Asset, Fault, Replay, Venue};
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{header, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Json, Router,
};
use serde::Deserialize;
use serde_json::{json, Value};
use std::{
    io,
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// How long [`Server::shutdown`] waits for answers that are under way.
const GRACE: Duration = Duration::from_secs(1);

/// A replay being served. Dropping it leaves the server running.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The ticker of `asset` at `venue`, in full.
    pub fn ticker_url(&self, venue: Venue, asset: &Asset) -> String {
        format!("http://{}{}", self.address, venue.ticker_path(asset))
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        let _ = self.stop.send(());
        let mut task = self.task;
        if tokio::time::timeout(GRACE, &mut task).await.is_err() {
            task.abort();
        }
    }

    /// Waits until the server ends by itself, which it does when its socket breaks.
    ///
    /// # Errors
    /// What broke.
    pub async fn closed(self) -> io::Result<()> {
        let Self { stop, task, .. } = self;
        let ended = task.await.map_err(io::Error::other)?;
        drop(stop);
        ended
    }
}

/// Serves `replay` on `listener`, in a task of the present runtime.
///
/// # Errors
/// The listener has no address.
pub fn serve(listener: TcpListener, replay: Replay) -> io::Result<Server> {
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let until_stopped = async move {
        // An `Err` is a dropped `Server`, which is no order to stop.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let task = tokio::spawn(async move {
        axum::serve(listener, router(replay))
            .with_graceful_shutdown(until_stopped)
            .await
    });
    Ok(Server {
        address,
        stop,
        task,
    })
}

/// The routes.
pub fn router(replay: Replay) -> Router {
    Router::new()
        .route("/", get(|| async { HELP }))
        .route("/binance/api/v3/ticker/price", get(binance))
        .route("/coinbase/products/{symbol}/ticker", get(coinbase))
        .route("/kraken/0/public/Ticker", get(kraken))
        .route("/okx/api/v5/market/ticker", get(okx))
        .route("/bybit/v5/market/tickers", get(bybit))
        .route("/control/status", get(status))
        .route("/control/start", post(start))
        .route("/control/resume", post(start))
        .route("/control/pause", post(pause))
        .route("/control/speed", post(speed))
        .route("/control/jump", post(jump))
        .route("/control/fault", post(fault))
        .route("/control/clear", post(clear))
        .fallback(|| async { problem(StatusCode::NOT_FOUND, "no such path; GET / lists them") })
        .with_state(replay)
}

const HELP: &str = "\
Recorded prices in the shapes of public tickers.

GET  /binance/api/v3/ticker/price?symbol=BTCUSDT
GET  /coinbase/products/BTC-USD/ticker
GET  /kraken/0/public/Ticker?pair=XBTUSD
GET  /okx/api/v5/market/ticker?instId=BTC-USDT
GET  /bybit/v5/market/tickers?category=spot&symbol=BTCUSDT

Times in the answers are this machine's, less the age of the quote.

GET  /control/status
POST /control/start    lets time run; so does resume
POST /control/pause
POST /control/resume
POST /control/speed    {\"speed\": 60}
POST /control/jump     {\"to\": \"2025-10-10T21:00:00Z\"}
POST /control/fault    {\"venue\": \"kraken\", \"kind\": \"off_percent\", \"value\": -5}
                       venue: binance, coinbase, kraken, okx, bybit, all
                       kind: timeout (value: seconds), garbage, html, empty, unavailable,
                       stale (value: seconds), off_percent (value: percent)
POST /control/clear    {\"venue\": \"kraken\"}, or nothing for all
";

#[derive(Deserialize)]
struct SymbolQuery {
    #[serde(default)]
    symbol: String,
}

async fn binance(State(replay): State<Replay>, Query(query): Query<SymbolQuery>) -> Response {
    ticker(&replay, Venue::Binance, &query.symbol).await
}

async fn coinbase(State(replay): State<Replay>, Path(symbol): Path<String>) -> Response {
    ticker(&replay, Venue::Coinbase, &symbol).await
}

#[derive(Deserialize)]
struct KrakenQuery {
    #[serde(default)]
    pair: String,
}

async fn kraken(State(replay): State<Replay>, Query(query): Query<KrakenQuery>) -> Response {
    ticker(&replay, Venue::Kraken, &query.pair).await
}

#[derive(Deserialize)]
struct OkxQuery {
    #[serde(default, rename = "instId")]
    instrument: String,
}

async fn okx(State(replay): State<Replay>, Query(query): Query<OkxQuery>) -> Response {
    ticker(&replay, Venue::Okx, &query.instrument).await
}

async fn bybit(State(replay): State<Replay>, Query(query): Query<SymbolQuery>) -> Response {
    ticker(&replay, Venue::Bybit, &query.symbol).await
}

async fn ticker(replay: &Replay, venue: Venue, symbol: &str) -> Response {
    let asset = venue.asset_of(symbol);
    let answer = replay.ask(venue, asset.as_ref());
    let mut percent = 0.0;
    match answer.fault {
        None | Some(Fault::Stale(_)) => {}
        Some(Fault::OffPercent(off)) => percent = off,
        Some(Fault::Unavailable) => return with_status(venue.unavailable()),
        Some(Fault::Timeout(seconds)) => {
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(Fault::Garbage) => return garbage(symbol, answer.earlier),
        Some(Fault::Html) => {
            let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            return (html, MAINTENANCE).into_response();
        }
        Some(Fault::Empty) => return StatusCode::OK.into_response(),
    }
    match (asset, answer.said) {
        (Some(asset), Said::Quote(mut quote)) => {
            quote.price = quote.price.off_by_percent(percent);
            Json(venue.ticker(&asset, &quote, wall_clock())).into_response()
        }
        (_, Said::Unavailable) => with_status(venue.unavailable()),
        (None, Said::Quote(_)) | (_, Said::Unlisted) => with_status(venue.unknown_symbol()),
    }
}

fn with_status((status, body): (u16, Value)) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(body)).into_response()
}

/// Milliseconds since the epoch.
fn wall_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

const MAINTENANCE: &str = "<!DOCTYPE html>\n<html><head><title>Down for maintenance</title></head>\
    <body><h1>We'll be right back</h1></body></html>\n";

/// Everything a broken backend has been seen to send, in turn.
fn garbage(symbol: &str, turn: u64) -> Response {
    let body = match turn % 6 {
        0 => format!("{{\"symbol\":\"{symbol}\",\"price\":\"1015"),
        1 => json!({ "symbol": symbol, "price": "NaN", "error": [], "result": null }).to_string(),
        2 => json!({ "symbol": symbol, "price": -1, "error": [], "result": {} }).to_string(),
        3 => json!({ "symbol": symbol, "price": "9".repeat(400), "result": [[[]]] }).to_string(),
        4 => "\u{0}\u{1}\u{fffd}}}]]".to_string(),
        _ => "[".repeat(20_000),
    };
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn status(State(replay): State<Replay>) -> Response {
    Json(replay.status()).into_response()
}

async fn start(State(replay): State<Replay>) -> Response {
    replay.start();
    Json(replay.status()).into_response()
}

async fn pause(State(replay): State<Replay>) -> Response {
    replay.pause();
    Json(replay.status()).into_response()
}

#[derive(Deserialize)]
struct Speed {
    speed: f64,
}

async fn speed(State(replay): State<Replay>, body: Bytes) -> Response {
    let changed = read::<Speed>(&body)
        .and_then(|b| replay.set_speed(b.speed).map_err(|error| error.to_string()));
    outcome(&replay, changed)
}

#[derive(Deserialize)]
struct Jump {
    to: Value,
}

async fn jump(State(replay): State<Replay>, body: Bytes) -> Response {
    let jumped = read::<Jump>(&body).and_then(|b| {
        let time = match &b.to {
            Value::String(text) => utc::parse(text)?,
            other => utc::parse(&other.to_string())?,
        };
        replay.jump(time).map_err(|error| error.to_string())
    });
    outcome(&replay, jumped)
}

#[derive(Deserialize)]
struct FaultBody {
    venue: String,
    kind: String,
    value: Option<f64>,
}

async fn fault(State(replay): State<Replay>, body: Bytes) -> Response {
    let set = read::<FaultBody>(&body).and_then(|b| {
        let venues = venues(&b.venue)?;
        let fault = Fault::parse(&b.kind, b.value)?;
        for venue in venues {
            replay.set_fault(venue, fault).map_err(|e| e.to_string())?;
        }
        Ok(())
    });
    outcome(&replay, set)
}

#[derive(Deserialize)]
struct Clear {
    venue: Option<String>,
}

async fn clear(State(replay): State<Replay>, body: Bytes) -> Response {
    let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
    let cleared = read::<Clear>(body).and_then(|b| {
        for venue in venues(b.venue.as_deref().unwrap_or("all"))? {
            replay.clear_fault(venue);
        }
        Ok(())
    });
    outcome(&replay, cleared)
}

fn venues(name: &str) -> Result<Vec<Venue>, String> {
    match name {
        "all" => Ok(Venue::ALL.to_vec()),
        one => Ok(vec![one.parse()?]),
    }
}

/// JSON whatever the content type says, so that `curl -d` works as it is.
fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("the body is not as expected: {error}"))
}

fn outcome(replay: &Replay, result: Result<(), String>) -> Response {
    match result {
        Ok(()) => Json(replay.status()).into_response(),
        Err(error) => problem(StatusCode::BAD_REQUEST, &error),
    }
}

fn problem(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "error": text }))).into_response()
}

#[cfg(test)]
mod tests;
