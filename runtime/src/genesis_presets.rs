//! Genesis presets: `development` (one validator, one feeder, sudo) and `local_testnet` (two
//! validators, three feeders of whom two are a quorum, no sudo).
//!
//! Two validators and not three: GRANDPA tolerates `(n - 1) / 3` silent ones, which is none of
//! three, so a network of three of which only Alice and Bob run would never finalise.

mod listing;

use crate::{
    configs::GENESIS_EPOCH_CONFIG, currency::BLW, AccountId, AssetsConfig, BabeConfig, Balance,
    BalancesConfig, InsuranceConfig, Margin, MarketsConfig, PriceOracleConfig,
    RuntimeGenesisConfig, SessionConfig, SessionKeys, StakingConfig, SudoConfig,
};
use alloc::{vec, vec::Vec};
use bulwark_primitives::{AssetId, Usd};
use pallet_price_oracle::Quorum;
use polkadot_sdk::{
    frame_support::build_struct_json_patch,
    pallet_staking::{Forcing, StakerStatus},
    sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_keyring::{Ed25519Keyring, Sr25519Keyring},
    sp_runtime::Perbill,
};
use serde_json::Value;

pub use listing::{btc_usd, BTC, BTC_USD, DOT, ETH, LINK, SOL, USDX};

/// Native tokens of each funded account.
const ENDOWMENT: Balance = 10_000_000 * BLW;
/// What a genesis validator has bonded.
const STASH: Balance = 100_000 * BLW;
/// What the insurance fund starts with.
const FUND: Usd = Usd::dollars(1_000_000);

/// What the pot of each collateral asset has from the start, so that it exists.
const POT: Balance = 1;

fn genesis(
    validators: Vec<(Sr25519Keyring, Ed25519Keyring)>,
    feeders: Vec<Sr25519Keyring>,
    min_feeders: u32,
    sudo: Option<AccountId>,
) -> Value {
    let endowed: Vec<AccountId> = Sr25519Keyring::well_known()
        .map(|key| key.to_account_id())
        .collect();
    // The fund's tokens lie in the pot from the first block on: invariant 1 holds at genesis.
    let fund = Balance::try_from(FUND.0).unwrap_or_default();
    let collaterals = listing::collaterals();
    let asset_owner: AccountId = crate::configs::AssetOwner::get();
    let mut asset_accounts: Vec<(AssetId, AccountId, Balance)> = Vec::new();
    for collateral in &collaterals {
        let asset = collateral.asset;
        let held = if asset == USDX { fund } else { POT };
        asset_accounts.push((asset, Margin::pot_account(asset), held));
        let people = endowed.iter().cloned();
        asset_accounts.extend(people.map(|who| (asset, who, collateral.endowment)));
    }

    // A value and not a struct literal: the macro below keeps only camelCase fields of literals.
    let quorum = Quorum {
        min_feeders,
        max_age: 60_000,
    };

    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: endowed
                .iter()
                .cloned()
                .map(|who| (who, ENDOWMENT))
                .collect::<Vec<_>>(),
        },
        babe: BabeConfig {
            epoch_config: GENESIS_EPOCH_CONFIG,
            ..Default::default()
        },
        session: SessionConfig {
            keys: validators
                .iter()
                .map(|(sr, ed)| {
                    let who = sr.to_account_id();
                    let keys = SessionKeys {
                        grandpa: ed.public().into(),
                        babe: sr.public().into(),
                    };
                    (who.clone(), who, keys)
                })
                .collect::<Vec<_>>(),
        },
        staking: StakingConfig {
            validator_count: u32::try_from(validators.len()).unwrap_or(u32::MAX),
            minimum_validator_count: 1,
            slash_reward_fraction: Perbill::from_percent(10),
            force_era: Forcing::NotForcing,
            stakers: validators
                .iter()
                .map(|(sr, _)| {
                    let who = sr.to_account_id();
                    (who.clone(), who, STASH, StakerStatus::Validator)
                })
                .collect::<Vec<_>>(),
        },
        assets: AssetsConfig {
            assets: collaterals
                .iter()
                .map(|collateral| (collateral.asset, asset_owner.clone(), true, 1))
                .collect::<Vec<_>>(),
            metadata: collaterals
                .iter()
                .map(|collateral| {
                    (
                        collateral.asset,
                        collateral.name.to_vec(),
                        collateral.symbol.to_vec(),
                        collateral.params.decimals,
                    )
                })
                .collect::<Vec<_>>(),
            accounts: asset_accounts,
        },
        sudo: SudoConfig { key: sudo },
        price_oracle: PriceOracleConfig {
            feeders: feeders
                .iter()
                .map(|key| key.to_account_id())
                .collect::<Vec<_>>(),
            assets: listing::priced(),
            quorum,
        },
        markets: MarketsConfig {
            settlement_asset: USDX,
            collaterals: collaterals
                .iter()
                .map(|collateral| (collateral.asset, collateral.params))
                .collect::<Vec<_>>(),
            markets: listing::markets()
                .into_iter()
                .map(|(market, symbol, params)| (market, symbol.into(), params))
                .collect::<Vec<_>>(),
            correlated: listing::correlated(),
            correlations: listing::correlations(),
        },
        insurance: InsuranceConfig { balance: FUND },
    })
}

/// The named preset, as JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    use Sr25519Keyring::{Alice, Bob, Charlie};
    let patch = match id.as_str() {
        DEV_RUNTIME_PRESET => genesis(
            vec![(Alice, Ed25519Keyring::Alice)],
            vec![Alice],
            1,
            Some(Alice.to_account_id()),
        ),
        LOCAL_TESTNET_RUNTIME_PRESET => genesis(
            vec![(Alice, Ed25519Keyring::Alice), (Bob, Ed25519Keyring::Bob)],
            vec![Alice, Bob, Charlie],
            2,
            None,
        ),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// Names of the presets.
pub fn names() -> Vec<PresetId> {
    vec![
        PresetId::from(DEV_RUNTIME_PRESET),
        PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
    ]
}
