//! A runtime with nothing but the fund and cover; wallets are a table.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use crate as pallet_insurance;
use bulwark_primitives::{MarketId, MarketParams, Tier, Usd};
use bulwark_traits::{
    mock::{market_params, reset, Registry},
    Custody, LossCover, LossFund, OpenLosses,
};
use frame_support::{derive_impl, ensure, traits::ConstU64};
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

/// Blocks of a day.
pub const DAY: u64 = 100;

impl pallet_insurance::Config for Test {
    type Custody = Wallets;
    type Registry = Registry;
    type Losses = Losses;
    type LossWindow = ConstU64<100>;
    type Cooldown = ConstU64<1_000>;
    type ClaimWindow = ConstU64<200>;
    type LossGate = ConstU64<50>;
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type CoverDay = ConstU64<DAY>;
    type CoverCooldown = ConstU64<{ 32 * DAY }>;
    type WeightInfo = ();
}

thread_local! {
    static OPEN: RefCell<bool> = const { RefCell::new(false) };
    static WALLETS: RefCell<BTreeMap<u64, i128>> = const { RefCell::new(BTreeMap::new()) };
    static POT: RefCell<i128> = const { RefCell::new(0) };
}

/// Whether an account is bankrupt.
#[derive(Debug)]
pub struct Losses;

impl Losses {
    pub fn set(open: bool) {
        OPEN.with(|is| *is.borrow_mut() = open);
    }
}

impl OpenLosses for Losses {
    fn is_open() -> bool {
        OPEN.with(|is| *is.borrow())
    }
}

/// Markets 1 to 4 are of the tiers A, B, C and isolated.
pub const TIERS: [(MarketId, Tier); 4] = [
    (MarketId(1), Tier::A),
    (MarketId(2), Tier::B),
    (MarketId(3), Tier::C),
    (MarketId(4), Tier::Isolated),
];

#[derive(Debug)]
pub struct Wallets;

impl Wallets {
    pub fn set(who: u64, amount: Usd) {
        WALLETS.with(|wallets| wallets.borrow_mut().insert(who, amount.0));
    }

    pub fn get(who: u64) -> Usd {
        WALLETS.with(|wallets| Usd(wallets.borrow().get(&who).copied().unwrap_or_default()))
    }

    /// What was drawn goes to accounts that the mock does not have.
    pub fn lose(amount: Usd) {
        POT.with(|pot| *pot.borrow_mut() -= amount.0);
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

    fn pay_out(to: &u64, amount: Usd) -> DispatchResult {
        POT.with(|pot| *pot.borrow_mut() -= amount.0);
        WALLETS.with(|wallets| *wallets.borrow_mut().entry(*to).or_default() += amount.0);
        Ok(())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &u64, amount: Usd) {
        Self::set(*who, amount);
    }
}

pub fn new_test_ext(balance: Usd) -> sp_io::TestExternalities {
    reset();
    Losses::set(false);
    for (market, tier) in TIERS {
        let params = MarketParams {
            tier,
            ..market_params()
        };
        Registry::insert_market(market, params);
    }
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

/// The fund and cover are all that came in and did not go out: the pot holds no more and no less.
pub fn check() {
    Insurance::do_try_state().unwrap();
    let cover = <Insurance as LossCover<u64>>::held();
    let fund = <Insurance as LossFund>::balance();
    assert_eq!(fund.checked_add(cover), Some(Wallets::pot()));
}
