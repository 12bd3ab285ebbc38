//! `bulwark-book-check`: is the order book of a running node what its events say?

use bulwark_book_check::{check, Options};
use bulwark_client::Client;
use clap::Parser;
use std::process::ExitCode;

/// Events and state tell different books.
const DIFFERENT: u8 = 1;
/// The check could not be made.
const USAGE: u8 = 2;

/// Rebuilds the order books of a running node from its events and compares them with its state.
///
/// Ends with 0 when they are the same, with 1 when not, with 2 when the node cannot be asked.
#[derive(Debug, Parser)]
#[command(name = "bulwark-book-check", version)]
struct Args {
    /// The node.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    url: String,

    /// The block to begin after, its book taken from the state; 0 is the genesis.
    #[arg(long, value_name = "BLOCK", default_value_t = 0)]
    from: u32,

    /// The last block; without it the best one at the start.
    #[arg(long, value_name = "BLOCK", conflicts_with = "follow")]
    to: Option<u32>,

    /// Goes on for so many blocks after the best one at the start.
    #[arg(long, value_name = "BLOCKS")]
    follow: Option<u32>,

    /// Compares with the state after so many blocks, and after the last.
    #[arg(long, value_name = "BLOCKS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
}

async fn run(args: &Args) -> Result<bool, String> {
    let client = Client::connect_to(&args.url).await?;
    let to = match args.follow {
        Some(blocks) => Some(client.best_number().await?.saturating_add(blocks)),
        None => args.to,
    };
    let options = Options {
        from: args.from,
        to,
        every: args.every,
    };
    let summary = check(&client, options, |line| println!("{line}")).await?;
    println!("{summary}");
    for line in &summary.differences {
        println!("  {line}");
    }
    Ok(summary.differences.is_empty())
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bulwark-book-check: cannot start: {error}");
            return USAGE.into();
        }
    };
    match runtime.block_on(run(&args)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => DIFFERENT.into(),
        Err(error) => {
            eprintln!("bulwark-book-check: {error}");
            USAGE.into()
        }
    }
}
