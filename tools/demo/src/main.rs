//! The demo: a recorded or made crash, replayed over HTTP into a development chain, and a report of
//! what block execution did about it.
//!
//! The chain is an ordinary `bulwark-node --dev`; traders and market maker are ordinary accounts
//! that send signed transactions over RPC. What the report says is worked out from the state of every
//! block, not from what the node says about itself.

mod actors;
mod args;
mod node;
mod observe;
mod report;
mod show;
mod timeline;
mod units;
mod world;

use args::Args;
use bulwark_client::{chain, client};
use clap::Parser;
use std::process::ExitCode;

/// The run broke a promise: an account was closed late, or an invariant failed.
const BROKEN: u8 = 1;
/// The run could not be made.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bulwark-demo: cannot start: {error}");
            return USAGE.into();
        }
    };
    match runtime.block_on(world::run(&args)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => BROKEN.into(),
        Err(error) => {
            eprintln!("bulwark-demo: {error}");
            USAGE.into()
        }
    }
}
