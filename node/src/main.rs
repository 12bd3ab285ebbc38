//! The Bulwark validator node.
//!
//! The node knows no risk rule: prices, margin and liquidation live in the runtime. What is left
//! here is consensus, networking, storage, RPC, and the three things an offchain worker cannot do by
//! itself: holding keys ([`worker_keys`]), reading a file ([`price_sources`]) and telling Prometheus
//! what it does ([`feeder_metrics`], [`liquidator_metrics`]).

#![warn(missing_docs)]
// The SDK's own error types are that large.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod feeder_metrics;
mod liquidator_metrics;
mod price_sources;
mod rpc;
mod service;
mod worker_keys;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
