//! A runtime with nothing but the fund; wallets are a table.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use crate as pallet_insurance;
use bulwark_primitives::Usd;
use bulwark_traits::Custody;
use frame_support::{derive_impl, ensure};
use sp_runtime::{BuildStorage, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Insurance: pallet_insurance,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

impl pallet_insurance::Config for Test {
    type Custody = Wallets;
    type WeightInfo = ();
}

thread_local! {
    static WALLETS: RefCell<BTreeMap<u64, i128>> = const { RefCell::new(BTreeMap::new()) };
    static POT: RefCell<i128> = const { RefCell::new(0) };
}

#[derive(Debug)]
pub struct Wallets;

impl Wallets {
    pub fn set(who: u64, amount: Usd) {
        WALLETS.with(|wallets| wallets.borrow_mut().insert(who, amount.0));
    }

    pub fn pot() -> Usd {
        POT.with(|pot| Usd(*pot.borrow()))
    }
}

impl Custody<u64> for Wallets {
    fn collect(from: &u64, amount: Usd) -> DispatchResult {
        WALLETS.with(|wallets| {
            let mut wallets = wallets.borrow_mut();
            let wallet = wallets.entry(*from).or_default();
            ensure!(*wallet >= amount.0, "poor");
            *wallet -= amount.0;
            POT.with(|pot| *pot.borrow_mut() += amount.0);
            Ok(())
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &u64, amount: Usd) {
        Self::set(*who, amount);
    }
}

pub fn new_test_ext(balance: Usd) -> sp_io::TestExternalities {
    WALLETS.with(|wallets| wallets.borrow_mut().clear());
    POT.with(|pot| *pot.borrow_mut() = balance.0);
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let genesis = crate::GenesisConfig::<Test> {
        balance,
        ..Default::default()
    };
    genesis.assimilate_storage(&mut storage).unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}
