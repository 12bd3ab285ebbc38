//! A runtime with real tokens and mocked neighbours.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod pool;

pub use pool::{Broken, Pool};

use crate::{self as pallet_margin, Accounts};
use bulwark_primitives::{
    AssetId, CollateralParams, Fill, FillFees, FillKind, MakerFee, MarketId, MarketParams,
    OrderExposure, Price, Quantity, Rate, Side, Size, SubAccount, Tier, Usd, PRICE_SCALE,
    SIZE_SCALE,
};
use bulwark_risk_math::{notional, Rounding};
pub use bulwark_traits::mock::{
    market_params, reset, settlement_params, Fund, Guard, Impact, Insurer, Lender, Observer,
    Prices, Registry,
};
use bulwark_traits::{AccountObserver, FillError, MarketRegistry, OrderMargin};
use frame_support::{
    derive_impl, parameter_types, storage_alias,
    traits::{AsEnsureOriginWithArg, ConstU32},
    Blake2_128Concat, PalletId,
};
use sp_runtime::BuildStorage;

pub use bulwark_traits::mock::{INDEX, MARKET, SETTLEMENT};

/// A collateral asset with 8 decimals at 80 / 87 %.
pub const COIN: AssetId = 3;
/// An asset with tokens that is not accepted.
pub const JUNK: AssetId = 9;
/// A second market, on asset 4.
pub const OTHER: MarketId = MarketId(2);
pub const OTHER_INDEX: AssetId = 4;

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
pub const CAROL: u64 = 3;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Assets: pallet_assets,
        Margin: pallet_margin,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
    type Balance = u128;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<frame_system::EnsureSigned<u64>>;
    type ForceOrigin = frame_system::EnsureRoot<u64>;
}

parameter_types! {
    pub const MarginPalletId: PalletId = PalletId(*b"bw/margn");
}

impl pallet_margin::Config for Test {
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type Assets = Assets;
    type Prices = Prices;
    type Registry = Registry;
    type Guard = Guard;
    type Observer = Watcher;
    type Pool = Lender;
    type Clock = Clock;
    type Impact = Impact;
    type Trading = Trading;
    type Fund = Fund;
    type Cover = Insurer;
    type Spot = Pool;
    type PalletId = MarginPalletId;
    type MaxPositions = ConstU32<4>;
    type MaxCollateral = ConstU32<2>;
    type WeightInfo = ();
}

parameter_types! {
    /// Milliseconds of now.
    pub static Now: u64 = 0;
}

/// The time that a test sets.
#[derive(Debug)]
pub struct Clock;

impl frame_support::traits::Time for Clock {
    type Moment = u64;

    fn now() -> u64 {
        Now::get()
    }
}

/// A remark trades for the sub-account in its first byte; nothing else trades.
#[derive(Debug)]
pub struct Trading;

impl bulwark_traits::TradingCalls<RuntimeCall> for Trading {
    fn sub_account(call: &RuntimeCall) -> Option<u16> {
        match call {
            RuntimeCall::System(frame_system::Call::remark_with_event { remark }) => {
                remark.first().copied().map(u16::from)
            }
            _ => None,
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn example(sub_account: u16) -> Option<RuntimeCall> {
        let remark = vec![sub_account as u8];
        Some(RuntimeCall::System(frame_system::Call::remark_with_event {
            remark,
        }))
    }
}

/// Blocks of two seconds until `millis` later.
pub fn pass(millis: u64) {
    let until = Now::get() + millis;
    while Now::get() < until {
        Now::mutate(|now| *now += 2_000);
        System::set_block_number(System::block_number() + 1);
        let _ =
            <Margin as frame_support::traits::Hooks<u64>>::on_initialize(System::block_number());
    }
}

/// What moves health: balance, collateral, positions without their orders.
pub type Watched = (Usd, Vec<(AssetId, u128)>, Vec<(MarketId, Size, Usd)>);

/// An observer that remembers what it saw, in storage so that a failed call undoes it.
#[derive(Debug)]
pub struct Watcher;

#[storage_alias]
type Seen = StorageMap<
    Watcher,
    Blake2_128Concat,
    SubAccount<u64>,
    Watched,
    frame_support::pallet_prelude::ValueQuery,
>;

pub fn watched(who: &SubAccount<u64>) -> Watched {
    let account = Accounts::<Test>::get(who);
    let positions = account
        .positions
        .iter()
        .filter(|position| position.size.0 != 0)
        .map(|position| (position.market, position.size, position.entry_notional))
        .collect();
    (account.balance, account.collateral.into_inner(), positions)
}

impl AccountObserver<u64> for Watcher {
    fn account_changed(who: &SubAccount<u64>) {
        Observer::account_changed(who);
        Seen::insert(who, watched(who));
    }
}

/// The observer was told of every account after its last change.
pub fn check_told() {
    for who in Accounts::<Test>::iter_keys().chain(Seen::iter_keys()) {
        assert_eq!(Seen::get(&who), watched(&who), "{who:?} changed unseen");
    }
}

pub fn coin_params() -> CollateralParams {
    CollateralParams {
        tier: Tier::B,
        decimals: 8,
        initial_factor: Rate::percent(80),
        maintenance_factor: Rate::percent(87),
        deposit_cap: 1_000_000 * COIN_UNIT,
        min_deposit: 1_000,
        scale_start: u128::MAX,
    }
}

/// One whole coin in base units.
pub const COIN_UNIT: u128 = 100_000_000;
/// What each person has of each asset, in base units.
pub const WEALTH: u128 = 1_000_000_000_000_000;
/// The fund at genesis.
pub const FUND: Usd = Usd::dollars(1_000);

pub fn new_test_ext() -> sp_io::TestExternalities {
    reset();
    Broken::set(false);
    Now::set(1_000_000 * 3_600_000);
    Registry::insert_collateral(
        SETTLEMENT,
        CollateralParams {
            deposit_cap: 100 * WEALTH,
            min_deposit: 1_000_000,
            ..settlement_params()
        },
    );
    Registry::insert_collateral(COIN, coin_params());
    Registry::insert_market(
        OTHER,
        MarketParams {
            index_asset: OTHER_INDEX,
            initial_margin: Rate::percent(10),
            maintenance_margin: Rate::percent(6),
            ..market_params()
        },
    );
    Prices::set(COIN, 10);
    Prices::set(OTHER_INDEX, 50);
    Fund::set(FUND);
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let people = [ALICE, BOB, CAROL];
    let assets = [SETTLEMENT, COIN, JUNK];
    // An asset that is not sufficient needs an account that exists without it.
    pallet_balances::GenesisConfig::<Test> {
        balances: people.map(|who| (who, 1_000)).to_vec(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_assets::GenesisConfig::<Test> {
        assets: vec![
            (SETTLEMENT, 99, true, 1),
            // Not sufficient, with a minimum above one.
            (COIN, 99, false, 10),
            (JUNK, 99, true, 1),
        ],
        accounts: assets
            .into_iter()
            .flat_map(|asset| people.map(|who| (asset, who, WEALTH)))
            .collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_margin::GenesisConfig::<Test>::default()
        .assimilate_storage(&mut storage)
        .unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

pub fn sub(owner: u64) -> SubAccount<u64> {
    SubAccount::new(owner, 0)
}

/// Deposits whole dollars into sub-account 0.
pub fn fund(owner: u64, dollars: u128) {
    Margin::deposit(
        RuntimeOrigin::signed(owner),
        0,
        SETTLEMENT,
        dollars * 1_000_000,
    )
    .unwrap();
}

/// Thousandths of a unit.
pub fn milli(thousandths: u128) -> Quantity {
    Quantity(thousandths * SIZE_SCALE / 1_000)
}

/// Whole dollars.
pub fn usd(dollars: u128) -> Price {
    Price(dollars * PRICE_SCALE)
}

pub fn exposure(side: Side, quantity: Quantity, price: Price) -> OrderExposure {
    exposure_in(MARKET, side, quantity, price)
}

pub fn exposure_in(
    market: MarketId,
    side: Side,
    quantity: Quantity,
    price: Price,
) -> OrderExposure {
    let rounding = match side {
        Side::Bid => Rounding::Up,
        Side::Ask => Rounding::Down,
    };
    OrderExposure {
        market,
        side,
        quantity,
        notional: notional(price, quantity, rounding).unwrap(),
    }
}

/// A fill between sub-accounts 0 in which the taker is on `side`.
pub fn fill_of(maker: u64, taker: u64, side: Side, quantity: Quantity, price: Price) -> Fill<u64> {
    Fill {
        market: MARKET,
        maker: sub(maker),
        maker_order: 1,
        maker_exposure: exposure(side.opposite(), quantity, price),
        taker: sub(taker),
        taker_side: side,
        quantity,
        price,
        notional: notional(price, quantity, Rounding::Down).unwrap(),
        kind: FillKind::Trade,
        fees: fees(MARKET),
    }
}

/// What the market itself charges.
pub fn fees(market: MarketId) -> FillFees {
    let params = Registry::market(market).unwrap();
    FillFees {
        maker: MakerFee::Pays(params.maker_fee),
        taker: params.taker_fee,
    }
}

/// Rests the maker's order and fills all of it.
pub fn trade(maker: u64, taker: u64, side: Side, quantity: Quantity, price: Price) {
    try_trade(maker, taker, side, quantity, price).unwrap();
}

/// Rests the maker's order and tries to fill all of it; takes it back when that fails.
pub fn try_trade(
    maker: u64,
    taker: u64,
    side: Side,
    quantity: Quantity,
    price: Price,
) -> Result<(), FillError> {
    let fill = fill_of(maker, taker, side, quantity, price);
    Margin::open_order(&fill.maker, &fill.maker_exposure).map_err(FillError::Maker)?;
    Margin::settle(&fill)
        .inspect(|()| Margin::settled(&fill.taker))
        .inspect_err(|_| Margin::close_order(&fill.maker, &fill.maker_exposure))
}

/// Balance, size and entry notional of sub-account 0 in [`MARKET`].
pub fn state(owner: u64) -> (Usd, i128, Usd) {
    let account = crate::Accounts::<Test>::get(sub(owner));
    let position = account.position(MARKET);
    (account.balance, position.size.0, position.entry_notional)
}

/// Whole units as a size.
pub fn units(whole: i128) -> i128 {
    whole * SIZE_SCALE as i128
}

/// Sets the fees of [`MARKET`] in basis points.
pub fn set_fees(maker: u32, taker: u32) {
    Registry::insert_market(
        MARKET,
        MarketParams {
            maker_fee: Rate::basis_points(maker),
            taker_fee: Rate::basis_points(taker),
            ..market_params()
        },
    );
}
