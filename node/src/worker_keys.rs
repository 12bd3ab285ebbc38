//! The keys of the two offchain workers, and what a node says about them at start.
//!
//! A worker whose key is missing is silent, and so is one that is switched off. An operator finds
//! out here, not after the first missed liquidation.

use polkadot_sdk::*;

use log::info;
use pallet_price_oracle::worker::KEY_TYPE as FEEDER;
use sc_service::{config::Configuration, error::Error as ServiceError};
use sp_core::crypto::{KeyTypeId, Ss58Codec};
use sp_keystore::KeystorePtr;

/// Signs nothing the chain asks for; it names the account that earns the reward of a liquidation.
pub const LIQUIDATOR: KeyTypeId = KeyTypeId(*b"liqd");

const LOG_TARGET: &str = "bulwark::workers";

/// Gives a node started with `--dev`, `--alice` and the like both keys of its seed.
///
/// Does nothing without such a seed. The keys are in memory only, as the session keys are.
///
/// # Errors
///
/// When the keystore refuses a key.
pub fn insert_development_keys(
    config: &Configuration,
    keystore: &KeystorePtr,
) -> Result<(), ServiceError> {
    let Some(seed) = config.dev_key_seed.as_deref() else {
        return Ok(());
    };
    for key_type in [FEEDER, LIQUIDATOR] {
        keystore
            .sr25519_generate_new(key_type, Some(seed))
            .map_err(|error| ServiceError::Application(error.into()))?;
    }
    Ok(())
}

/// Logs what the workers of this node will do.
///
/// `sources`: price sources in force.
pub fn report(config: &Configuration, keystore: &KeystorePtr, sources: usize) {
    let running = config.offchain_worker.enabled;
    info!(
        target: LOG_TARGET,
        "📡 Price feeder {}",
        feeder(running, &accounts(keystore, FEEDER), sources),
    );
    info!(
        target: LOG_TARGET,
        "🧯 Liquidator {}",
        liquidator(running, &accounts(keystore, LIQUIDATOR)),
    );
}

const SWITCHED_OFF: &str = "idle: offchain workers are off on this node (--offchain-worker \
                            always|when-authority)";

fn feeder(running: bool, accounts: &[String], sources: usize) -> String {
    match (running, accounts, sources) {
        (false, _, _) => SWITCHED_OFF.into(),
        (true, [], _) => "idle: no key of type `orcl` in the keystore".into(),
        (true, accounts, 0) => format!(
            "idle: no price sources (--price-sources FILE) account={}",
            accounts.join(","),
        ),
        (true, accounts, sources) => {
            format!("on: account={} sources={sources}", accounts.join(","))
        }
    }
}

fn liquidator(running: bool, accounts: &[String]) -> String {
    match (running, accounts) {
        (false, _) => SWITCHED_OFF.into(),
        (true, []) => "idle: no key of type `liqd` in the keystore".into(),
        (true, accounts) => format!("on: account={}", accounts.join(",")),
    }
}

fn accounts(keystore: &KeystorePtr, key_type: KeyTypeId) -> Vec<String> {
    keystore
        .sr25519_public_keys(key_type)
        .iter()
        .map(Ss58Codec::to_ss58check)
        .collect()
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
        assert_eq!(feeder(true, &account, 3), "on: account=5Grw sources=3");
    }

    #[test]
    fn liquidator_should_say_why_when_idle() {
        assert!(liquidator(false, &[]).contains("--offchain-worker"));
        assert!(liquidator(true, &[]).contains("liqd"));
        assert_eq!(liquidator(true, &["5Grw".into()]), "on: account=5Grw");
    }
}
