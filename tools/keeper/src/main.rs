//! `bulwark-keeper`: liquidates for the reward.

use bulwark_keeper::{args::Args, keeper::Keeper, log::Log};
use clap::Parser;
use std::process::ExitCode;

/// The node or the command line is not of use.
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let result = async {
        let keeper = Keeper::new(args.settings()?, args.strategy(), Log { json: args.json });
        keeper.run(stopped()).await
    };
    match result.await {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bulwark-keeper: {error}");
            USAGE.into()
        }
    }
}

/// Ends when the process is asked to.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{signal, SignalKind};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
