//! Genesis presets: `development` (one validator, one feeder, sudo) and `local_testnet` (two
//! validators, three feeders of whom two are a quorum, no sudo).
//!
//! Two validators and not three: GRANDPA tolerates `(n - 1) / 3` silent ones, which is none of
//! three, so a network of three of which only Alice and Bob run would never finalise.

use crate::{
    configs::GENESIS_EPOCH_CONFIG, currency::BLW, AccountId, AssetsConfig, BabeConfig, Balance,
    BalancesConfig, InsuranceConfig, Margin, MarketsConfig, PriceOracleConfig,
    RuntimeGenesisConfig, SessionConfig, SessionKeys, StakingConfig, SudoConfig,
};
use alloc::{vec, vec::Vec};
use bulwark_primitives::{
    AssetId, CollateralParams, FundingParams, MarginTier, MarketId, MarketParams, Price, Quantity,
    Rate, Tier, Usd, PRICE_SCALE, SIZE_SCALE, USD_DECIMALS,
};
use pallet_price_oracle::Quorum;
use polkadot_sdk::{
    frame_support::build_struct_json_patch,
    pallet_staking::{Forcing, StakerStatus},
    sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_keyring::{Ed25519Keyring, Sr25519Keyring},
    sp_runtime::Perbill,
};
use serde_json::Value;

/// The settlement asset USDX.
pub const USDX: AssetId = 1;
/// The index asset of [`BTC_USD`].
pub const BTC: AssetId = 2;
/// The first market.
pub const BTC_USD: MarketId = MarketId(1);

/// Native tokens of each funded account.
const ENDOWMENT: Balance = 10_000_000 * BLW;
/// USDX of each funded account: ten million, in base units.
const USDX_ENDOWMENT: Balance = 10_000_000_000_000;
/// What a genesis validator has bonded.
const STASH: Balance = 100_000 * BLW;
/// What the insurance fund starts with.
const FUND: Usd = Usd::dollars(1_000_000);

/// Parameters of BTC-USD: 5 % initial and 3 % maintenance margin.
pub const fn btc_usd() -> MarketParams {
    MarketParams {
        index_asset: BTC,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 10),
        lot_size: Quantity(SIZE_SCALE / 10_000),
        min_order: Quantity(SIZE_SCALE / 1_000),
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        maker_fee: Rate::basis_points(1),
        taker_fee: Rate::basis_points(4),
        liquidation_fee: Rate::percent(1),
        max_open_interest: Quantity(10_000 * SIZE_SCALE),
        price_band: Rate::percent(5),
        margin_tiers: [MarginTier::UNUSED; 4],
        lower_open_interest: Quantity(10_000 * SIZE_SCALE),
        funding: FundingParams {
            interest: Rate::basis_points(1),
            impact_notional: Usd::dollars(10_000),
        },
    }
}

/// Parameters of the settlement asset.
pub const fn usdx() -> CollateralParams {
    CollateralParams {
        tier: Tier::A,
        decimals: USD_DECIMALS,
        initial_factor: Rate::ONE,
        maintenance_factor: Rate::ONE,
        // A billion dollars.
        deposit_cap: 1_000_000_000_000_000,
        // One dollar.
        min_deposit: 1_000_000,
        // It always counts in full.
        scale_start: 1_000_000_000_000_000,
    }
}

fn genesis(
    validators: Vec<(Sr25519Keyring, Ed25519Keyring)>,
    feeders: Vec<Sr25519Keyring>,
    min_feeders: u32,
    sudo: Option<AccountId>,
) -> Value {
    let endowed: Vec<AccountId> = Sr25519Keyring::well_known()
        .map(|key| key.to_account_id())
        .collect();
    let pot = Margin::pot_account(USDX);
    // The fund's tokens lie in the pot from the first block on: invariant 1 holds at genesis.
    let fund = Balance::try_from(FUND.0).unwrap_or_default();
    let asset_owner: AccountId = crate::configs::AssetOwner::get();
    let mut usdx_accounts: Vec<(AssetId, AccountId, Balance)> = endowed
        .iter()
        .cloned()
        .map(|who| (USDX, who, USDX_ENDOWMENT))
        .collect();
    usdx_accounts.push((USDX, pot, fund));

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
            assets: vec![(USDX, asset_owner, true, 1)],
            metadata: vec![(
                USDX,
                b"Bulwark USD".to_vec(),
                b"USDX".to_vec(),
                USD_DECIMALS
            )],
            accounts: usdx_accounts,
        },
        sudo: SudoConfig { key: sudo },
        price_oracle: PriceOracleConfig {
            feeders: feeders
                .iter()
                .map(|key| key.to_account_id())
                .collect::<Vec<_>>(),
            assets: vec![(BTC, Tier::A)],
            quorum,
        },
        markets: MarketsConfig {
            settlement_asset: USDX,
            collaterals: vec![(USDX, usdx())],
            markets: vec![(BTC_USD, "BTC-USD".into(), btc_usd())],
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
