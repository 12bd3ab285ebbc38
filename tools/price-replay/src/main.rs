//! `price-replay`: see the library.

use clap::Parser;
use price_replay::{serve, utc, Asset, DataSpec, Feeds, Options, Replay, Scenario};
use std::{error::Error, net::SocketAddr, process::ExitCode};
use tokio::net::TcpListener;

/// Serves recorded prices over HTTP in the shapes of the Binance, Coinbase and Kraken tickers.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// Bars to replay; repeatable. Without a venue (binance, coinbase, kraken): at all of them.
    /// Without an asset: BTC. Without any --data: a made-up day like 12-13 March 2020.
    #[arg(long, value_name = "[VENUE=]FILE[:ASSET]")]
    data: Vec<DataSpec>,

    /// Seed of the made-up day.
    #[arg(long, default_value_t = 1, conflicts_with = "data")]
    seed: u64,

    /// First moment: 2025-10-10T21:00:00Z, or seconds since 1970.
    #[arg(long, value_name = "TIME", value_parser = utc::parse)]
    from: Option<u64>,

    /// Last moment.
    #[arg(long, value_name = "TIME", value_parser = utc::parse)]
    to: Option<u64>,

    /// Replay seconds per second.
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    speed: f64,

    /// Where to listen. The controls have no password: keep it on your own machine.
    #[arg(long, default_value = "127.0.0.1:8099", value_name = "ADDRESS")]
    listen: SocketAddr,

    /// Stand at the first moment until `POST /control/start`.
    #[arg(long)]
    wait: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("price-replay: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let feeds = if cli.data.is_empty() {
        Feeds::default().everywhere(
            Asset::btc(),
            Scenario::march_2020_like(cli.seed).recording(),
        )
    } else {
        Feeds::read(&cli.data)?
    };
    let options = Options {
        from: cli.from,
        to: cli.to,
        speed: cli.speed,
        wait: cli.wait,
    };
    let replay = Replay::new(feeds, options)?;
    let listener = TcpListener::bind(cli.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", cli.listen))?;
    let server = serve(listener, replay.clone())?;

    let (from, to) = replay.range();
    println!(
        "{} to {}, speed {}",
        utc::format(from),
        utc::format(to),
        cli.speed
    );
    for (asset, venue) in replay.markets() {
        println!("  {asset:<5} {}", server.ticker_url(venue, asset));
    }
    println!("  controls: http://{}/", server.address());
    if cli.wait {
        println!("  waiting for POST /control/start");
    }
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(())
}
