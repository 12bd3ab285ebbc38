//! The Bulwark runtime: composition only. Each pallet's configuration is in [`configs`], runtime
//! APIs are in [`apis`], genesis in [`genesis_presets`].
//!
//! The indices are fixed: a client may hard-code them, an upgrade may not change them. The risk
//! pallets stand in the order in which their `on_initialize` has to run: prices, then brakes, then
//! liquidations, then interest. People come after all hooks.

#![cfg_attr(not(feature = "std"), no_std)]
// `polkadot_sdk::*` at the top of each module lets the SDK's macros and paths resolve.
#![recursion_limit = "512"]
// The aggregated enums of calls, events and origins are made by macros, which write indices with `as`.
#![allow(clippy::as_conversions)]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

#[cfg(any(substrate_runtime, test))]
mod allocator;
pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod clock;
pub mod configs;
mod cover_reads;
pub mod genesis_presets;
pub mod invariants;
pub mod lanes;
mod market_reads;
mod oracle_reads;
pub mod parameters;
mod reads;
pub mod weights;

#[cfg(feature = "std")]
pub use apis::RuntimeApi;

use polkadot_sdk::*;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// An account's public identity.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How transactions address accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Amount of the native token BLW, 12 decimals; and of any asset in its own base units.
pub type Balance = u128;
pub use bulwark_primitives::Moment;
/// Number of a block.
pub type BlockNumber = u32;
/// Hash of blocks and storage.
pub type Hash = sp_core::H256;
/// Transaction count of an account.
pub type Nonce = u32;
/// Signature of a transaction.
pub type Signature = MultiSignature;

/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// Extrinsic as it comes from outside.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a transaction's signature signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Checks around every transaction, in the SDK's order.
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    lanes::InLane<frame_system::CheckWeight<Runtime>>,
    lanes::ChargeWithLane,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    lanes::InLane<frame_system::WeightReclaim<Runtime>>,
);

/// Executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Types for the parts of the node that need not know extrinsics.
pub mod opaque {
    use super::*;
    pub use polkadot_sdk::sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// Block with opaque extrinsics.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

impl_opaque_keys! {
    /// Keys of a validator.
    pub struct SessionKeys {
        pub grandpa: Grandpa,
        pub babe: Babe,
    }
}

/// Version of this runtime. `spec_version` rises with every change of behaviour,
/// `transaction_version` when an existing call's index or arguments change.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("bulwark"),
    impl_name: Cow::Borrowed("bulwark-node"),
    authoring_version: 1,
    spec_version: 100,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// Units of the native token.
pub mod currency {
    use super::Balance;

    /// One BLW, 12 decimals.
    pub const BLW: Balance = 1_000_000_000_000;
    /// A thousandth.
    pub const MILLI_BLW: Balance = BLW / 1_000;
    /// A millionth.
    pub const MICRO_BLW: Balance = BLW / 1_000_000;
    /// What an account must hold to exist.
    pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_BLW;
}

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Runtime>;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp::Pallet<Runtime>;
    #[runtime::pallet_index(2)]
    pub type Babe = pallet_babe::Pallet<Runtime>;
    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship::Pallet<Runtime>;
    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances::Pallet<Runtime>;
    #[runtime::pallet_index(5)]
    pub type TransactionPayment = pallet_transaction_payment::Pallet<Runtime>;
    #[runtime::pallet_index(6)]
    pub type Assets = pallet_assets::Pallet<Runtime>;
    #[runtime::pallet_index(7)]
    pub type Staking = pallet_staking::Pallet<Runtime>;
    #[runtime::pallet_index(8)]
    pub type Offences = pallet_offences::Pallet<Runtime>;
    #[runtime::pallet_index(9)]
    pub type Historical = pallet_session::historical::Pallet<Runtime>;
    #[runtime::pallet_index(10)]
    pub type Session = pallet_session::Pallet<Runtime>;
    #[runtime::pallet_index(11)]
    pub type Grandpa = pallet_grandpa::Pallet<Runtime>;
    #[runtime::pallet_index(12)]
    pub type Utility = pallet_utility::Pallet<Runtime>;
    #[runtime::pallet_index(13)]
    pub type Proxy = pallet_proxy::Pallet<Runtime>;
    #[runtime::pallet_index(14)]
    pub type Multisig = pallet_multisig::Pallet<Runtime>;
    #[runtime::pallet_index(15)]
    pub type SkipFeeless = pallet_skip_feeless_payment::Pallet<Runtime>;
    // Pools: shares of them, and the pools.
    #[runtime::pallet_index(16)]
    pub type PoolAssets = pallet_assets::Pallet<Runtime, Instance1>;
    #[runtime::pallet_index(17)]
    pub type AssetConversion = pallet_asset_conversion::Pallet<Runtime>;
    #[runtime::pallet_index(19)]
    pub type Sudo = pallet_sudo::Pallet<Runtime>;

    // Step 1: prices.
    #[runtime::pallet_index(30)]
    pub type Oracle = pallet_oracle::Pallet<Runtime>;
    #[runtime::pallet_index(31)]
    pub type PriceOracle = pallet_price_oracle::Pallet<Runtime>;
    #[runtime::pallet_index(32)]
    pub type Markets = pallet_markets::Pallet<Runtime>;
    // Step 2: brakes.
    #[runtime::pallet_index(33)]
    pub type CircuitBreaker = pallet_circuit_breaker::Pallet<Runtime>;
    #[runtime::pallet_index(34)]
    pub type Insurance = pallet_insurance::Pallet<Runtime>;
    #[runtime::pallet_index(35)]
    pub type Margin = pallet_margin::Pallet<Runtime>;
    #[runtime::pallet_index(36)]
    pub type OrderBook = pallet_order_book::Pallet<Runtime>;
    // Step 3: liquidations.
    #[runtime::pallet_index(37)]
    pub type Liquidation = pallet_liquidation::Pallet<Runtime>;
    // Step 4: interest. What it puts under maintenance is due at once and closed in the next block.
    #[runtime::pallet_index(38)]
    pub type Lending = pallet_lending::Pallet<Runtime>;
    // What liquidation has left to the vault goes into the book after it, before people come.
    #[runtime::pallet_index(39)]
    pub type Backstop = pallet_backstop::Pallet<Runtime>;
}
