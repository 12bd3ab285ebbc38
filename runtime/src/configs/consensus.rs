//! Validators: who authors, who finalises, who is slashed.
//!
//! `pallet-staking` is marked deprecated upstream in favour of one made for system parachains. It
//! is the complete, tested choice for a solo chain, and everything that knows of it is in this file.

use crate::{
    currency::BLW, AccountId, Babe, Balance, Balances, Historical, Moment, Offences, Runtime,
    RuntimeEvent, RuntimeHoldReason, Session, SessionKeys, Staking, Timestamp,
};
use bulwark_primitives::SLOT_MILLIS;
use polkadot_sdk::{
    frame_election_provider_support::{
        bounds::{ElectionBounds, ElectionBoundsBuilder},
        onchain, SequentialPhragmen,
    },
    frame_support::{
        parameter_types,
        traits::{ConstU128, ConstU32, ConstU64, Nothing},
    },
    frame_system::EnsureRoot,
    sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration},
    sp_runtime::{traits::ConvertInto, traits::OpaqueKeys, Perbill},
    sp_staking::{EraIndex, SessionIndex},
    *,
};

/// Length of a BABE epoch and of a session: one hour.
pub const EPOCH_DURATION_IN_SLOTS: u64 = 1_800;

/// Primary slots are all but switched off (1 in 1,000), so every slot has exactly one author, the
/// secondary VRF one: no competing blocks, no reorganised trades. Equivocation stays provable.
pub const GENESIS_EPOCH_CONFIG: BabeEpochConfiguration = BabeEpochConfiguration {
    c: (1, 1_000),
    allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots,
};

parameter_types! {
    pub const EpochDuration: u64 = EPOCH_DURATION_IN_SLOTS;
    pub const SessionsPerEra: SessionIndex = 6;
    pub const BondingDuration: EraIndex = 28;
    pub const SlashDeferDuration: EraIndex = 7;
    /// An offence can be reported for as long as a bond can be slashed for it.
    pub const ReportLongevity: u64 =
        28 * 6 * EPOCH_DURATION_IN_SLOTS;
    pub const MaxSetIdSessionEntries: u64 = 28 * 6;
    pub const MaxAuthorities: u32 = 100;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = Moment;
    type OnTimestampSet = Babe;
    type MinimumPeriod = ConstU64<{ SLOT_MILLIS / 2 }>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = EpochDuration;
    type ExpectedBlockTime = ConstU64<SLOT_MILLIS>;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = Session;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = Staking;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, Staking>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<BLW>;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = pallet_staking::UnitIdentificationOf<Self>;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    type OnOffenceHandler = Staking;
}

parameter_types! {
    pub ElectionLimits: ElectionBounds =
        ElectionBoundsBuilder::default().voters_count(1_000.into()).targets_count(1_000.into()).build();
}

/// The election: the bonded validators by stake, on chain, once an era.
#[derive(Debug)]
pub struct OnChainElection;

impl onchain::Config for OnChainElection {
    type Sort = frame_support::traits::ConstBool<true>;
    type System = Runtime;
    type Solver = SequentialPhragmen<AccountId, Perbill>;
    type MaxBackersPerWinner = ConstU32<64>;
    type MaxWinnersPerPage = MaxAuthorities;
    type DataProvider = Staking;
    type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
    type Bounds = ElectionLimits;
}

/// Sizes for the staking pallet's own benchmarks.
#[derive(Debug)]
pub struct StakingBenchmarks;

impl pallet_staking::BenchmarkingConfig for StakingBenchmarks {
    type MaxNominators = ConstU32<64>;
    type MaxValidators = ConstU32<64>;
}

#[allow(deprecated)]
impl pallet_staking::Config for Runtime {
    type OldCurrency = Balances;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type CurrencyBalance = Balance;
    type UnixTime = Timestamp;
    type CurrencyToVote = sp_staking::currency_to_vote::U128CurrencyToVote;
    type ElectionProvider = onchain::OnChainExecution<OnChainElection>;
    type GenesisElectionProvider = onchain::OnChainExecution<OnChainElection>;
    type NominationsQuota = pallet_staking::FixedNominationsQuota<16>;
    type HistoryDepth = ConstU32<84>;
    type RewardRemainder = ();
    type RuntimeEvent = RuntimeEvent;
    // Burned: nobody earns from a slash but the chain.
    type Slash = ();
    type Reward = ();
    type SessionsPerEra = SessionsPerEra;
    type BondingDuration = BondingDuration;
    type SlashDeferDuration = SlashDeferDuration;
    type AdminOrigin = EnsureRoot<AccountId>;
    type SessionInterface = Self;
    // No inflation: validators earn fees.
    type EraPayout = ();
    type NextNewSession = Session;
    type MaxExposurePageSize = ConstU32<64>;
    type MaxValidatorSet = MaxAuthorities;
    type VoterList = pallet_staking::UseNominatorsAndValidatorsMap<Self>;
    type TargetList = pallet_staking::UseValidatorsMap<Self>;
    type MaxUnlockingChunks = ConstU32<32>;
    type MaxControllersInDeprecationBatch = ConstU32<64>;
    type EventListeners = ();
    type Filter = Nothing;
    type BenchmarkingConfig = StakingBenchmarks;
    type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}
