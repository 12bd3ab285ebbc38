//! Recorded prices, served over HTTP in the shapes of public exchange tickers.
//!
//! A chain that takes prices from exchanges cannot be shown, tested or argued about without a
//! crash, and crashes do not come on demand. This server plays one back: from files of bars
//! ([`data`]), or from a seed ([`Scenario`]). The feeders of a development chain ask it as they
//! would ask the exchanges, and cannot tell the difference. Any venue can be made to misbehave
//! ([`Fault`]).
//!
//! ```no_run
//! use price_replay::{serve, Asset, Options, Replay, Scenario, Venue};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let options = Options { speed: 60.0, wait: true, ..Options::default() };
//! let replay = Replay::from_scenario(&Scenario::march_2020_like(1), options)?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let server = serve(listener, replay.clone())?;
//! println!("{}", server.ticker_url(Venue::Kraken, &Asset::btc()));
//! replay.start();
//! # Ok(()) }
//! ```
//!
//! ## Units
//!
//! Times are milliseconds since the Unix epoch, UTC. [`Price`] is USD with 8 decimals.
//!
//! Times inside the tickers' answers (Coinbase, OKX, Bybit) are this machine's, less the age of the
//! quote in replay time: a feeder compares them with its own clock, and must not take a replayed day
//! for an old quote.
//!
//! ## Venues
//!
//! Each venue has a series of its own per asset, or shares one. Where its file has no bar, see
//! [`Gaps`].
//!
//! ## Inside a bar
//!
//! A bar has four prices. The replay walks from the open to one extreme, to the other, to the
//! close, on straight lines of a third of the bar each; see [`Bar::corners`] for the order. So
//! every wick is quoted, provided that someone asks often enough: at most a third of a bar,
//! divided by the speed, apart.

mod clock;
pub mod data;
mod fault;
mod feeds;
mod price;
mod recording;
mod replay;
mod scenario;
mod server;
pub mod utc;
mod venue;

pub use clock::MAX_SPEED;
pub use data::DataError;
pub use fault::Fault;
pub use feeds::{DataSpec, Feeds, Gaps};
pub use price::{Price, PriceTextError};
pub use recording::{Bar, Recording};
pub use replay::{Options, Replay, ReplayError, Status};
pub use scenario::Scenario;
pub use server::{router, serve, Server};
pub use venue::{Asset, Venue};
