//! `bulwark-book-bench`: what the order book and margin cost, in the compiled runtime and on a running node.

mod actors;
mod chain;
mod counted;
mod load;
mod margin;
mod wasm;

use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Measures the order book and margin.
#[derive(Debug, Parser)]
#[command(name = "bulwark-book-bench", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Whole extrinsics and batches in a compiled wasm runtime.
    Wasm(WasmArgs),
    /// Health, deposits and withdrawals in a compiled wasm runtime.
    Margin(MarginArgs),
    /// Accepted actions per second over RPC on a running development node.
    Load(LoadArgs),
}

#[derive(Debug, clap::Args)]
pub struct WasmArgs {
    /// The runtime, compressed or not.
    #[arg(long, value_name = "FILE")]
    wasm: PathBuf,

    /// Orders that rest in the book.
    #[arg(
        long,
        value_name = "N",
        value_delimiter = ',',
        default_value = "100,1000,10000,100000"
    )]
    orders: Vec<u32>,

    /// Extrinsics of each kind.
    #[arg(long, value_name = "N", default_value_t = 40)]
    rounds: u32,

    /// Shows what an action does with storage, pallet by pallet, at the first size of the book.
    #[arg(long)]
    profile: bool,

    /// Where the state is.
    #[arg(long, value_enum, default_value_t = StateKind::Flat)]
    state: StateKind,
}

#[derive(Debug, clap::Args)]
pub struct MarginArgs {
    /// The runtime, compressed or not.
    #[arg(long, value_name = "FILE")]
    wasm: PathBuf,

    /// Calls of each kind.
    #[arg(long, value_name = "N", default_value_t = 200)]
    rounds: u32,

    /// Where the state is.
    #[arg(long, value_enum, default_value_t = StateKind::Flat)]
    state: StateKind,
}

/// Where the state is while it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum StateKind {
    /// In one map, which is what a node's warm cache comes to.
    Flat,
    /// In a Merkle trie in memory without a cache.
    Trie,
}

#[derive(Debug, clap::Args)]
pub struct LoadArgs {
    /// The node, one of `bulwark-node --dev` without price sources.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    node: String,

    /// How long.
    #[arg(long, value_name = "S", default_value_t = 60)]
    seconds: u64,

    /// Makers, each with a batch in every block if there is room; one taker for eight of them is added.
    #[arg(long, value_name = "N", default_value_t = 32)]
    senders: u32,

    /// Quotes of each maker, all of which every batch moves.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(2..=64))]
    batch: u32,
}

fn run(args: &Args) -> Result<(), String> {
    match &args.command {
        Command::Wasm(args) => wasm::run(args),
        Command::Margin(args) => margin::run(args),
        Command::Load(args) => tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| format!("cannot start: {e}"))?
            .block_on(load::run(args)),
    }
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bulwark-book-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
