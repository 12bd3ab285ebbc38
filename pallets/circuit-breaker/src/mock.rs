//! A runtime with this pallet over the mocks of `bulwark-traits`.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_debug_implementations
)]

use crate::{self as pallet_circuit_breaker, *};
use bulwark_primitives::{Moment, SLOT_MILLIS};
use bulwark_traits::{
    mock::{Prices, Registry, INDEX},
    AuctionGuard, MarketRegistry, Reopening,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, EitherOfDiverse, Hooks, Time},
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        CircuitBreaker: pallet_circuit_breaker,
    }
);

pub const START: Moment = 1_700_000_000_000;

/// May halt, but not resume.
pub const GUARDIAN: u64 = 7;

parameter_types! {
    pub static Now: Moment = START;
}

frame_support::ord_parameter_types! {
    pub const Guardian: u64 = GUARDIAN;
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
    type Block = Block;
}

impl Config for Test {
    type Prices = Prices;
    type Registry = Registry;
    type Clock = Clock;
    type HaltOrigin = EitherOfDiverse<EnsureRoot<u64>, EnsureSignedBy<Guardian, u64>>;
    type AdminOrigin = EnsureRoot<u64>;
    type MaxMarkets = ConstU32<8>;
    type WeightInfo = ();
}

/// One market at 100 USD with a band of 5 %, and a reference that knows that price.
pub fn new_test_ext() -> sp_io::TestExternalities {
    bulwark_traits::mock::reset();
    Now::set(START);
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        CircuitBreaker::on_initialize(1);
    });
    ext
}

/// A block a slot later, with every invariant checked.
pub fn next_block() {
    next_block_after(SLOT_MILLIS);
}

/// As [`next_block`], `millis` later.
pub fn next_block_after(millis: Moment) {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    Now::mutate(|now| *now += millis);
    CircuitBreaker::on_initialize(block);
    // The book of these tests is never crossed.
    for market in Registry::market_ids() {
        if CircuitBreaker::reopening(market) == Some(Reopening::Uncrossing) {
            CircuitBreaker::reopened(market);
        }
    }
    CircuitBreaker::do_try_state().unwrap();
}

/// Blocks of a slot each for `millis`, at a price in whole USD.
pub fn hold(usd: u128, millis: Moment) {
    Prices::set(INDEX, usd);
    let end = Now::get() + millis;
    while Now::get() < end {
        next_block();
    }
}
