//! The base layer: accounts, balances, assets, block limits.

// The codec derive of an enum writes its index with `as`; the arithmetic is of constants.
#![allow(clippy::as_conversions, clippy::arithmetic_side_effects)]

use crate::{
    currency::{BLW, EXISTENTIAL_DEPOSIT, MILLI_BLW},
    AccountId, Balance, Balances, Block, BlockNumber, Nonce, PalletInfo, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, System,
    VERSION,
};
use bulwark_primitives::AssetId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{
        derive_impl,
        dispatch::DispatchClass,
        parameter_types,
        traits::{AsEnsureOriginWithArg, ConstU128, ConstU32, InstanceFilter, VariantCountOf},
        weights::{
            constants::{
                BlockExecutionWeight, ExtrinsicBaseWeight, ParityDbWeight,
                WEIGHT_REF_TIME_PER_MILLIS,
            },
            Weight,
        },
    },
    frame_system::{
        limits::{BlockLength, BlockWeights},
        EnsureRoot, EnsureRootWithSuccess,
    },
    sp_runtime::{traits::BlakeTwo256, Perbill},
    sp_version::RuntimeVersion,
    *,
};
use scale_info::TypeInfo;

/// Share of a block that user transactions may fill. The rest belongs to operational ones, of
/// which `liquidate` is one, so that congestion cannot keep it out.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
/// Compute per block: 1.2 s of the 2 s slot, the rest is for travelling and importing.
const MAXIMUM_BLOCK_WEIGHT: Weight =
    Weight::from_parts(1_200 * WEIGHT_REF_TIME_PER_MILLIS, u64::MAX);

parameter_types! {
    pub const BlockHashCount: BlockNumber = 4_800;
    pub const Version: RuntimeVersion = VERSION;
    pub const SS58Prefix: u8 = 42;
    pub RuntimeBlockLength: BlockLength =
        BlockLength::builder().max_length(5 * 1024 * 1024).build();
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |weights| {
            weights.base_extrinsic = ExtrinsicBaseWeight::get();
        })
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
            weights.reserved =
                Some(MAXIMUM_BLOCK_WEIGHT - NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .avg_block_initialization(Perbill::from_percent(20))
        .build_or_panic();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = crate::configs::SoundFeeds;
    type Block = Block;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type BlockHashCount = BlockHashCount;
    type DbWeight = ParityDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = SS58Prefix;
    type MaxConsumers = ConstU32<32>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    // Those of the default count RocksDB's figures.
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

parameter_types! {
    /// Assets are created by governance alone: an asset's admin can freeze or burn it, so nobody
    /// else may be one of an asset that serves as collateral.
    pub AssetOwner: AccountId = frame_support::PalletId(*b"blw/asst").into_account();
}

/// `into_account_truncating` in a form `parameter_types!` can call.
trait IntoAccount {
    fn into_account(self) -> AccountId;
}

impl IntoAccount for frame_support::PalletId {
    fn into_account(self) -> AccountId {
        use polkadot_sdk::sp_runtime::traits::AccountIdConversion;
        self.into_account_truncating()
    }
}

impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<256>;
    type AssetId = AssetId;
    type AssetIdParameter = codec::Compact<AssetId>;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureRootWithSuccess<AccountId, AssetOwner>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<{ 100 * BLW }>;
    type AssetAccountDeposit = ConstU128<{ 10 * MILLI_BLW }>;
    type MetadataDepositBase = ConstU128<BLW>;
    type MetadataDepositPerByte = ConstU128<{ 10 * MILLI_BLW }>;
    type ApprovalDeposit = ConstU128<{ 10 * MILLI_BLW }>;
    type StringLimit = ConstU32<50>;
    type Freezer = ();
    type Holder = ();
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = crate::OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = ConstU128<BLW>;
    type DepositFactor = ConstU128<{ 100 * MILLI_BLW }>;
    type MaxSignatories = ConstU32<32>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}

/// What a proxy may do for its principal.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Anything.
    #[default]
    #[codec(index = 0)]
    Any,
    /// Place and cancel orders, and nothing that moves value out.
    #[codec(index = 1)]
    Trading,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::Trading => matches!(call, RuntimeCall::OrderBook(..)),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Trading, other) => *other == Self::Trading,
        }
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ConstU128<BLW>;
    type ProxyDepositFactor = ConstU128<{ 100 * MILLI_BLW }>;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ConstU128<BLW>;
    type AnnouncementDepositFactor = ConstU128<{ 100 * MILLI_BLW }>;
    type BlockNumberProvider = System;
}

// Without a key, which only the development preset sets, every call of it is refused.
impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}
