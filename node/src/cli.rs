//! The command line: the whole surface of the SDK node, plus `--price-sources`.

use polkadot_sdk::*;

use std::path::PathBuf;

/// `bulwark-node`
#[derive(Debug, clap::Parser)]
#[command(after_long_help = EXAMPLES)]
pub struct Cli {
    /// Runs the node when absent.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// Where the price feeder of this node gets its quotes.
    ///
    /// A JSON file:
    ///
    ///   { "sources": [
    ///     { "venue": "binance", "asset": 2, "symbol": "BTCUSDT",
    ///       "url": "https://api.binance.com/api/v3/ticker/price?symbol=BTCUSDT" } ] }
    ///
    /// `venue` is binance, coinbase, kraken, okx or bybit and says how the answer is
    /// read; `asset` is the asset id on this chain; `symbol` is what the answer must be
    /// about.
    ///
    /// Only a node with the key of an admitted feeder (key type `orcl`) and running
    /// offchain workers feeds prices. The file is checked at start: a damaged one stops
    /// the start and names the line. While the node runs, a changed file is loaded within
    /// two seconds; if it is damaged, the node warns and keeps the sources it has.
    /// Without this option the sources of the last start stay in force.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub price_sources: Option<PathBuf>,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub run: sc_cli::RunCmd,
}

const EXAMPLES: &str = "\
Examples:
  One node, gone when it stops:
    bulwark-node --dev
  Two validators on one machine; they find each other by mDNS:
    bulwark-node --chain local --alice --tmp
    bulwark-node --chain local --bob --tmp --port 30334 --rpc-port 9945 --prometheus-port 9616
  A validator that also feeds prices:
    bulwark-node key insert --chain spec.json --base-path /data --key-type orcl --scheme sr25519
    bulwark-node --validator --chain spec.json --base-path /data --price-sources sources.json";

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Sign a message with a secret key.
    Sign(sc_cli::SignCmd),

    /// Verify the signature of a message.
    Verify(sc_cli::VerifyCmd),

    /// Search for an address with a chosen prefix.
    Vanity(sc_cli::VanityCmd),

    /// Write a chain specification to a file or to standard output.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// The older form of `export-chain-spec`, for tools that expect it.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Execute one stored block again and check the result.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Export blocks.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Export the state of a block as a raw chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Import blocks.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the database of a chain. Keys and the network identity stay.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Take back the last blocks, as far as they are not final.
    Revert(sc_cli::RevertCmd),

    /// Print best, finalized and genesis block of the database as JSON.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure the runtime and this machine.
    #[cfg(feature = "runtime-benchmarks")]
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[test]
    fn command_line_should_be_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn examples_of_the_help_should_parse() {
        let examples: Vec<_> = EXAMPLES
            .lines()
            .map(str::trim)
            .filter(|l| l.starts_with("bulwark-node"))
            .collect();
        assert_eq!(examples.len(), 5);
        for example in examples {
            if let Err(error) = Cli::try_parse_from(example.split_whitespace()) {
                panic!("{example}: {error}");
            }
        }
    }
}
