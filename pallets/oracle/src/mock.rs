//! A runtime with this pallet, the SDK's oracle and balances.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_debug_implementations
)]

use crate::{self as pallet_price_oracle, worker::SignedFeed, *};
use bulwark_primitives::{AssetId, Moment, Price, Tier, PRICE_SCALE, SLOT_MILLIS};
use bulwark_traits::{AssetUse, MarginMoves, MoveObserver};
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU128, ConstU32, ConstU64, Hooks, Time, TypedGet},
    PalletId,
};
use frame_system::{
    offchain::{AppCrypto, CreateSignedTransaction, CreateTransactionBase, SigningTypes},
    EnsureRoot,
};
use pallet_oracle::{CombineData, TimestampedValue};
use sp_runtime::{
    generic, traits::IdentityLookup, AccountId32, BuildStorage, MultiSignature, MultiSigner,
};

pub type AccountId = AccountId32;
pub type Extrinsic = generic::UncheckedExtrinsic<AccountId, RuntimeCall, MultiSignature, ()>;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Oracle: pallet_oracle,
        PriceOracle: pallet_price_oracle,
    }
);

pub const BOND: u128 = 1_000;
/// How long a bond can be slashed after its feeder left.
pub const UNBONDING: Moment = 1_000_000;
pub const SETTLEMENT: AssetId = 1;
pub const BTC: AssetId = 2;
pub const ETH: AssetId = 3;
pub const START: Moment = 1_700_000_000_000;

parameter_types! {
    pub static Now: Moment = START;
    pub const OraclePalletId: PalletId = PalletId(*b"bw/oracl");
}

parameter_types! {
    /// What margins were told.
    pub static Told: Vec<(AssetId, MarginMoves)> = Vec::new();
    /// The most values that the SDK's oracle has read for one key of a feed.
    pub static MostCombined: usize = 0;
    /// Assets that something needs.
    pub static Used: Vec<AssetId> = Vec::new();
}

/// Where slashed bonds go.
pub struct Reserve;
impl TypedGet for Reserve {
    type Type = AccountId;

    fn get() -> AccountId {
        feeder(200)
    }
}

pub struct Observer;
impl MoveObserver for Observer {
    fn moves_changed(asset: AssetId, moves: MarginMoves) {
        Told::mutate(|told| told.push((asset, moves)));
    }
}

/// [`NoAggregate`], which notes how much was read for it.
pub struct Combined;
impl CombineData<AssetId, TimestampedValue<Price, Moment>> for Combined {
    fn combine_data(
        key: &AssetId,
        values: Vec<TimestampedValue<Price, Moment>>,
        old: Option<TimestampedValue<Price, Moment>>,
    ) -> Option<TimestampedValue<Price, Moment>> {
        MostCombined::mutate(|most| *most = values.len().max(*most));
        NoAggregate::combine_data(key, values, old)
    }
}

/// Hours that were closed.
pub fn closed_hours() -> Vec<(AssetId, HourBar)> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::PriceOracle(Event::HourClosed { asset, bar }) => Some((asset, bar)),
            _ => None,
        })
        .collect()
}

pub struct Use;
impl AssetUse for Use {
    fn is_used(asset: AssetId) -> bool {
        Used::get().contains(&asset)
    }
}

pub struct Clock;
impl Time for Clock {
    type Moment = Moment;

    fn now() -> Moment {
        Now::get()
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = u128;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

impl pallet_oracle::Config for Test {
    type OnNewData = ();
    type CombineData = Combined;
    type Time = Clock;
    type OracleKey = AssetId;
    type OracleValue = Price;
    type PalletId = OraclePalletId;
    type Members = FeedRights<Test>;
    type WeightInfo = ();
    type MaxHasDispatchedSize = ConstU32<20>;
    type MaxFeedValues = ConstU32<5>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type AdminOrigin = EnsureRoot<AccountId>;
    type Feeds = OracleFeeds<Test>;
    type Submit = SignedFeed<Test>;
    type Clock = Clock;
    type Settlement = frame_support::traits::ConstU32<SETTLEMENT>;
    type Slash = ResolveTo<Reserve, Balances>;
    type Moves = Observer;
    type AssetUse = Use;
    type MinFeederBond = ConstU128<BOND>;
    type UnbondingPeriod = ConstU64<UNBONDING>;
    type OpenSeats = ConstU32<2>;
    type MaxFeeders = ConstU32<7>;
    type MaxAssets = ConstU32<5>;
    type WeightInfo = ();
}

impl SigningTypes for Test {
    type Public = MultiSigner;
    type Signature = MultiSignature;
}

impl<C> CreateTransactionBase<C> for Test
where
    RuntimeCall: From<C>,
{
    type Extrinsic = Extrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<LocalCall> CreateSignedTransaction<LocalCall> for Test
where
    RuntimeCall: From<LocalCall>,
{
    fn create_signed_transaction<C: AppCrypto<Self::Public, Self::Signature>>(
        call: RuntimeCall,
        public: MultiSigner,
        account: AccountId,
        nonce: Self::Nonce,
    ) -> Option<Extrinsic> {
        let payload = (&call, nonce).encode();
        let signature = C::sign(&payload, public)?;
        Some(Extrinsic::new_signed(call, account, signature, ()))
    }
}

/// Account number `index`.
pub fn feeder(index: u8) -> AccountId {
    AccountId::new([index; 32])
}

/// A price in whole USD.
pub fn usd(whole: u128) -> Price {
    Price(whole * PRICE_SCALE)
}

/// A chain with `feeders` admitted, BTC (tier A) and ETH (tier C) listed and a quorum of `min`.
pub fn ext_with(feeders: Vec<AccountId>, min: u32) -> sp_io::TestExternalities {
    Now::set(START);
    Told::set(Vec::new());
    MostCombined::set(0);
    Used::set(Vec::new());
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: (1..=20).map(|index| (feeder(index), 10 * BOND)).collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    GenesisConfig::<Test> {
        feeders,
        assets: vec![(BTC, Tier::A), (ETH, Tier::C)],
        quorum: Quorum {
            min_feeders: min,
            max_age: 60_000,
        },
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Feeders 1, 2 and 3 admitted, two of them a quorum.
pub fn new_test_ext() -> sp_io::TestExternalities {
    ext_with(vec![feeder(1), feeder(2), feeder(3)], 2)
}

/// Registers `who` with a bond, its own account being the hot key.
pub fn register_with(who: u8, bond: u128) {
    PriceOracle::register_feeder(RuntimeOrigin::signed(feeder(who)), feeder(who), bond).unwrap();
}

/// Lets every active feeder feed the same price in whole USD, as one feed in this block.
pub fn everybody(asset: AssetId, price: u128) {
    everybody_raw(asset, usd(price));
}

/// As [`everybody`], any price.
pub fn everybody_raw(asset: AssetId, price: Price) {
    for who in Feeders::<Test>::get() {
        feed_as(&who, asset, price);
    }
}

/// Feeds as an account.
pub fn feed_as(who: &AccountId, asset: AssetId, price: Price) {
    let values = vec![(asset, price)].try_into().unwrap();
    Oracle::feed_values(RuntimeOrigin::signed(who.clone()), values).unwrap();
}

/// Makes blocks in each of which every active feeder feeds BTC at whole USD.
pub fn fed_blocks(count: u32, price: u128) {
    for _ in 0..count {
        everybody(BTC, price);
        next_block();
    }
}

/// Ends the block: every feeder may feed again.
pub fn end_block() {
    Oracle::on_finalize(System::block_number());
}

/// Feeds whole USD as `who`.
pub fn feed(who: u8, asset: AssetId, price: u128) {
    feed_raw(who, asset, usd(price));
}

/// Feeds a price as `who`.
pub fn feed_raw(who: u8, asset: AssetId, price: Price) {
    let values = vec![(asset, price)].try_into().unwrap();
    Oracle::feed_values(RuntimeOrigin::signed(feeder(who)), values).unwrap();
}

/// Ends the block, starts the next one a slot later and checks every invariant.
pub fn next_block() {
    next_block_after(SLOT_MILLIS);
}

/// As [`next_block`], `millis` later.
pub fn next_block_after(millis: Moment) {
    let block = System::block_number();
    Oracle::on_finalize(block);
    System::set_block_number(block + 1);
    Now::mutate(|now| *now += millis);
    PriceOracle::on_initialize(block + 1);
    PriceOracle::do_try_state().unwrap();
}
