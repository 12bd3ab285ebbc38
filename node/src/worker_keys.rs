//! The keys of the offchain workers, and what a node says about its workers at start.
//!
//! A feeder whose key is missing is silent, and so is a worker that is switched off. An operator
//! finds out here, not after the first missed price. The liquidator needs no key: its transactions
//! are free, and the chain checks for itself that the account is due.

use polkadot_sdk::*;

use log::info;
use pallet_price_oracle::worker::KEY_TYPE as FEEDER;
use sc_service::{config::Configuration, error::Error as ServiceError};
use sp_core::crypto::Ss58Codec;
use sp_keystore::KeystorePtr;

const LOG_TARGET: &str = "bulwark::workers";

/// Gives a node started with `--dev`, `--alice` and the like the feeder key of its seed.
///
/// Does nothing without such a seed. The key is in memory only, as the session keys are.
///
/// # Errors
///
/// When the keystore refuses the key.
pub fn insert_development_keys(
    config: &Configuration,
    keystore: &KeystorePtr,
) -> Result<(), ServiceError> {
    if let Some(seed) = config.dev_key_seed.as_deref() {
        keystore
            .sr25519_generate_new(FEEDER, Some(seed))
            .map_err(|error| ServiceError::Application(error.into()))?;
    }
    Ok(())
}

/// Logs what the workers of this node will do.
///
/// `sources`: price sources in force.
pub fn report(config: &Configuration, keystore: &KeystorePtr, sources: usize) {
    let running = config.offchain_worker.enabled;
    let feeders: Vec<_> = keystore
        .sr25519_public_keys(FEEDER)
        .iter()
        .map(Ss58Codec::to_ss58check)
        .collect();
    info!(target: LOG_TARGET, "📡 Price feeder {}", feeder(running, &feeders, sources));
    info!(target: LOG_TARGET, "🧯 Liquidator {}", liquidator(running));
}

const SWITCHED_OFF: &str =
    "idle: offchain workers are off on this node (see --offchain-worker always|when-authority)";

fn feeder(running: bool, accounts: &[String], sources: usize) -> String {
    let account = accounts.join(",");
    match (running, accounts.is_empty(), sources) {
        (false, _, _) => SWITCHED_OFF.into(),
        (true, true, _) => "idle: no key of type `orcl` in the keystore".into(),
        (true, false, 0) => {
            format!("idle: no price sources (see --price-sources FILE) account={account}")
        }
        (true, false, sources) => {
            format!(
                "on, once its account is an admitted feeder: account={account} sources={sources}"
            )
        }
    }
}

fn liquidator(running: bool) -> &'static str {
    if running {
        "on: sends free `liquidate` transactions, no key needed"
    } else {
        SWITCHED_OFF
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeder_should_say_why_when_idle() {
        let account = ["5Grw".to_string()];
        assert!(feeder(false, &account, 3).contains("--offchain-worker"));
        assert!(feeder(true, &[], 3).contains("orcl"));
        assert!(feeder(true, &account, 0).contains("--price-sources"));
        assert!(feeder(true, &account, 3).ends_with("account=5Grw sources=3"));
    }

    #[test]
    fn liquidator_should_say_why_when_idle() {
        assert!(liquidator(false).contains("--offchain-worker"));
        assert!(liquidator(true).starts_with("on"));
    }
}
