//! `price-replay`: see the library.

use clap::Parser;
use price_replay::{serve, utc, Asset, DataSpec, Feeds, Gaps, Options, Replay, Scenario};
use std::{error::Error, net::SocketAddr, process::ExitCode};
use tokio::net::TcpListener;

/// Serves recorded prices over HTTP in the shapes of the Binance, Coinbase, Kraken, OKX and Bybit
/// tickers.
#[derive(Debug, Parser)]
#[command(version, after_long_help = EXAMPLES)]
struct Cli {
    /// Bars to replay; repeatable. Without a venue (binance, coinbase, kraken, okx, bybit): at all
    /// that have no file of their own. Without an asset: BTC. Without any --data and --venue: a
    /// made-up day like 12-13 March 2020.
    #[arg(long, value_name = "[VENUE=]FILE[:ASSET]")]
    data: Vec<DataSpec>,

    /// Bars of one venue; repeatable, so that each venue has a series of its own. The symbol
    /// follows from the venue and the asset: BTC is BTCUSDT at Binance, XBTUSD at Kraken.
    #[arg(long, value_name = "VENUE=FILE[:ASSET]", value_parser = of_one_venue)]
    venue: Vec<DataSpec>,

    /// What a venue answers while its file has no bar: its `last` price, as old as it is (nobody
    /// traded), or an `error` (the exchange was down).
    #[arg(long, default_value = "last", value_name = "last|error")]
    gaps: Gaps,

    /// Seed of the made-up day.
    #[arg(long, default_value_t = 1, conflicts_with_all = ["data", "venue"])]
    seed: u64,

    /// First moment: 2025-10-10T21:00:00Z, or seconds since 1970. Without it, from when all files
    /// have data; a venue whose file begins later is down until then.
    #[arg(long, value_name = "TIME", value_parser = utc::parse)]
    from: Option<u64>,

    /// Last moment. Without it, until when all files have data.
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

const EXAMPLES: &str = "\
Examples:
  One file at all venues, sixty times faster:
    price-replay --data btc.csv --speed 60
  Five venues, each with its own file, and two of them for a second asset:
    price-replay --venue binance=a.csv --venue coinbase=b.csv --venue kraken=c.csv --venue okx=d.csv --venue bybit=e.csv --venue binance=f.csv:DOT --venue kraken=g.csv:DOT
  A minute without a bar is an outage of that venue:
    price-replay --data all.csv --venue kraken=kraken.csv --gaps error";

fn of_one_venue(text: &str) -> Result<DataSpec, String> {
    let spec: DataSpec = text.parse()?;
    if spec.venue.is_none() {
        return Err(format!("`{text}` names no venue; write VENUE=FILE[:ASSET]"));
    }
    Ok(spec)
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
    let data: Vec<DataSpec> = cli.data.into_iter().chain(cli.venue).collect();
    let feeds = if data.is_empty() {
        Feeds::default().everywhere(
            Asset::btc(),
            Scenario::march_2020_like(cli.seed).recording(),
        )
    } else {
        Feeds::read(&data)?
    };
    let feeds = feeds.with_gaps(cli.gaps);
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use price_replay::Venue;

    #[test]
    fn command_line_should_be_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn examples_of_the_help_should_parse() {
        let examples: Vec<_> = EXAMPLES
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("price-replay"))
            .collect();
        assert_eq!(examples.len(), 3);
        for example in examples {
            if let Err(error) = Cli::try_parse_from(example.split_whitespace()) {
                panic!("{example}: {error}");
            }
        }
    }

    #[test]
    fn venue_should_be_required_when_the_option_says_so() {
        let parse = |args: &[&str]| Cli::try_parse_from([&["price-replay"], args].concat());
        let cli = parse(&["--venue", "okx=a.csv:ETH", "--venue", "bybit=b.csv"]).unwrap();
        let venues: Vec<_> = cli.venue.iter().map(|spec| spec.venue).collect();
        assert_eq!(venues, [Some(Venue::Okx), Some(Venue::Bybit)]);
        for (bad, why) in [
            (["--venue", "a.csv"], "names no venue"),
            (["--venue", "mtgox=a.csv"], "no venue `mtgox`"),
            (["--gaps", "none"], "neither `last` nor `error`"),
        ] {
            let error = parse(&bad).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
