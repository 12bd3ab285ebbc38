//! A runtime with nothing but the pool. Wallets, the pot and the debtors are tables in storage, so that a
//! failed call undoes them.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use crate as pallet_lending;
use bulwark_primitives::{Index, Moment, Quantity, Usd};
use bulwark_risk_math::interest::{debt_now, scaled_debt};
pub use bulwark_traits::mock::{market_params, Fund, Guard, Registry, MARKET};
use bulwark_traits::{Custody, DebtBook, LendingPool, LossFund, PoolCustody};
use frame_support::{
    derive_impl, ensure, parameter_types, storage_alias,
    traits::{ConstU32, ConstU64, Hooks, Time},
    Blake2_128Concat,
};
use sp_runtime::{BuildStorage, DispatchResult};

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
/// A debtor.
pub const CAROL: u64 = 3;

/// The beginning of an hour.
pub const START: Moment = 3_600_000 * 500_000;
pub const SECOND: Moment = 1_000;
pub const HOUR: Moment = 3_600_000;
pub const DAY: Moment = 24 * HOUR;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Lending: pallet_lending,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

parameter_types! {
    pub static Now: Moment = START;
}

#[derive(Debug)]
pub struct Clock;

impl Time for Clock {
    type Moment = Moment;

    fn now() -> Moment {
        Now::get()
    }
}

impl pallet_lending::Config for Test {
    type Custody = Pot;
    type Debts = Debtors;
    type Fund = Fund;
    type Registry = Registry;
    type Guard = Guard;
    type Clock = Clock;
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type MaxStep = ConstU64<60_000>;
    type ChangeInterval = ConstU64<DAY>;
    type MaxMarkets = ConstU32<8>;
    type WeightInfo = ();
}

/// Wallets and one pot.
#[derive(Debug)]
pub struct Pot;

#[storage_alias]
type Wallets =
    StorageMap<Pot, Blake2_128Concat, u64, i128, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
type Held = StorageValue<Pot, i128, frame_support::pallet_prelude::ValueQuery>;

pub fn wallet(who: u64) -> Usd {
    Usd(Wallets::get(who))
}

impl Custody<u64> for Pot {
    fn collect(from: &u64, amount: Usd) -> DispatchResult {
        ensure!(Wallets::get(from) >= amount.0, "poor");
        Wallets::mutate(from, |wallet| *wallet -= amount.0);
        Held::mutate(|held| *held += amount.0);
        Ok(())
    }

    fn pay_out(to: &u64, amount: Usd) -> DispatchResult {
        ensure!(Held::get() >= amount.0, "empty");
        Held::mutate(|held| *held -= amount.0);
        Wallets::mutate(to, |wallet| *wallet += amount.0);
        Ok(())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &u64, amount: Usd) {
        Wallets::insert(who, amount.0);
    }
}

impl PoolCustody<u64> for Pot {
    fn held() -> Usd {
        Usd(Held::get())
    }
}

/// Takes tokens out of the pot that no ledger knows of, or puts them in.
pub fn set_held(amount: Usd) {
    Held::put(amount.0);
}

/// A ledger of debts: each as it was stored, with the index of then. Loans are paid out of the pot.
#[derive(Debug)]
pub struct Debtors;

#[storage_alias]
type Debts = StorageMap<Debtors, Blake2_128Concat, u64, (Usd, Index)>;
#[storage_alias]
type Forced = StorageValue<Debtors, Quantity>;

impl DebtBook for Debtors {
    fn scaled_debt() -> Quantity {
        Forced::get().unwrap_or_else(|| {
            let scaled = |(debt, index)| scaled_debt(debt, index).unwrap().0;
            Quantity(Debts::iter_values().map(scaled).sum())
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_scaled_debt(scaled: Quantity) {
        Forced::put(scaled);
    }
}

/// Settles the interest of a debtor, and answers the debt.
pub fn touch(who: u64) -> Usd {
    let index = <Lending as LendingPool>::borrow_index();
    let (debt, from) = Debts::get(who).unwrap_or((Usd::ZERO, index));
    let now = debt_now(debt, from, index).unwrap();
    <Lending as LendingPool>::settle(Usd(now.0 - debt.0));
    store(who, now);
    now
}

fn store(who: u64, debt: Usd) {
    if debt.is_zero() {
        Debts::remove(who);
    } else {
        Debts::insert(who, (debt, <Lending as LendingPool>::borrow_index()));
    }
}

/// Lends `amount` to a debtor, out of the pot as far as it is there.
pub fn borrow(who: u64, amount: Usd) {
    let debt = touch(who);
    store(who, Usd(debt.0 + amount.0));
    Held::mutate(|held| *held -= amount.0);
}

/// A debtor pays `amount` back, at most what is owed.
pub fn repay(who: u64, amount: Usd) {
    let debt = touch(who);
    let amount = amount.min(debt);
    store(who, Usd(debt.0 - amount.0));
    Held::mutate(|held| *held += amount.0);
}

/// The pot is what the pool and the fund have of it, less what was lent: exactly.
pub fn check() {
    let stored: i128 = Debts::iter_values().map(|(debt, _)| debt.0).sum();
    let ledger = <Lending as LendingPool>::booked().0 + Fund::balance().0 - stored;
    assert_eq!(Held::get(), ledger);
    Lending::do_try_state().unwrap();
}

/// Runs a block `elapsed` milliseconds after the last.
pub fn block(elapsed: Moment) {
    Now::set(Now::get() + elapsed);
    System::set_block_number(System::block_number() + 1);
    System::reset_events();
    Lending::on_initialize(System::block_number());
}

/// Runs blocks of a minute.
pub fn minutes(count: u64) {
    for _ in 0..count {
        block(60 * SECOND);
    }
}

/// One market that trades; Alice and Bob with a million each; one block.
pub fn new_test_ext() -> sp_io::TestExternalities {
    bulwark_traits::mock::reset();
    Now::set(START);
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| {
        Fund::set(Usd::ZERO);
        Registry::insert_market(MARKET, market_params());
        for who in [ALICE, BOB] {
            Wallets::insert(who, Usd::dollars(1_000_000).0);
        }
        block(0);
    });
    ext
}
