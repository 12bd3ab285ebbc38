//! A runtime with the vault, a ledger of balances and positions, and a book of one level a side. All of
//! it is storage, so that what fails changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use crate as pallet_backstop;
use bulwark_primitives::{
    Action, AssetId, Health, Leg, MarketId, MarketParams, OpenOrders, Position, Price, Quantity,
    Rate, Side, Size, SubAccount, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_risk_math::{apply_trade, health, notional, PositionInput, Rounding};
pub use bulwark_traits::mock::{market_params, reset, Guard, Prices, Registry, INDEX, MARKET};
use bulwark_traits::{
    Absorbed, BackstopLedger, Execution, LiquidationFee, LiquidationLedger, LiquidationVenue,
    MarketRegistry, OpenLosses, PriceSource, TakenOver, Takeover,
};
use frame_support::{
    derive_impl, ensure,
    pallet_prelude::ValueQuery,
    parameter_types,
    storage::with_storage_layer,
    storage_alias,
    traits::{ConstU32, ConstU64, Hooks},
    Blake2_128Concat, PalletId,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Backstop: pallet_backstop,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

parameter_types! {
    pub const VaultId: PalletId = PalletId(*b"bw/vault");
    /// Whether an account owes more than it owns.
    pub static Open: bool = false;
}

/// The flag.
#[derive(Debug)]
pub struct Losses;

impl OpenLosses for Losses {
    fn is_open() -> bool {
        Open::get()
    }
}

impl pallet_backstop::Config for Test {
    type Ledger = Ledger;
    type Venue = Book;
    type Prices = Prices;
    type Registry = Registry;
    type Guard = Guard;
    type OpenLosses = Losses;
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type PalletId = VaultId;
    type Day = ConstU64<1_000>;
    type Cooldown = ConstU64<100>;
    type ClaimWindow = ConstU64<50>;
    type ChangeInterval = ConstU64<200>;
    type MaxMarkets = ConstU32<8>;
    type WeightInfo = ();
}

/// Depositors.
pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
/// Whoever is being liquidated.
pub const DEBTOR: u64 = 7;
/// Who rests orders.
pub const MAKER: u64 = 8;
/// Markets with indices 2, 3 and 4.
pub const MARKETS: [MarketId; 3] = [MARKET, MarketId(2), MarketId(3)];

/// The index of one of [`MARKETS`].
pub const fn index_of(market: MarketId) -> AssetId {
    INDEX + market.0 - 1
}

/// Balances and positions.
#[derive(Debug)]
pub struct Ledger;

#[storage_alias]
type Balances = StorageMap<Ledger, Blake2_128Concat, SubAccount<u64>, Usd, ValueQuery>;
#[storage_alias]
type Positions =
    StorageMap<Ledger, Blake2_128Concat, (SubAccount<u64>, MarketId), (Size, Usd), ValueQuery>;
#[storage_alias]
type Wallets = StorageMap<Ledger, Blake2_128Concat, u64, Usd, ValueQuery>;
/// Settlement asset in all balances that came out of nothing: what accounts were set to.
#[storage_alias]
type Minted = StorageValue<Ledger, Usd, ValueQuery>;

fn add(account: &SubAccount<u64>, amount: i128) {
    Balances::mutate(account, |balance| balance.0 += amount);
}

fn trade(account: &SubAccount<u64>, market: MarketId, delta: Size, cost: Usd) {
    let key = (account.clone(), market);
    let (size, entry) = Positions::get(&key);
    let traded = apply_trade(size, entry, delta, cost).unwrap();
    Positions::insert(&key, (traded.size, traded.entry_notional));
    add(account, traded.realised.0);
}

impl Ledger {
    /// Gives a wallet whole dollars.
    pub fn endow(who: u64, dollars: i64) {
        let amount = Usd::dollars(dollars);
        Minted::mutate(|sum| sum.0 += amount.0 - Wallets::get(who).0);
        Wallets::insert(who, amount);
    }

    pub fn wallet(who: u64) -> Usd {
        Wallets::get(who)
    }

    /// Sets a balance.
    pub fn set_balance(account: &SubAccount<u64>, amount: Usd) {
        let before = Balances::get(account);
        Minted::mutate(|sum| sum.0 += amount.0 - before.0);
        Balances::insert(account, amount);
    }

    /// Gives the debtor a position at a price, against nobody who matters.
    pub fn set_position(market: MarketId, units: i128, dollars: u128) {
        let maker = SubAccount::new(MAKER, 1);
        let size = units * SIZE_SCALE as i128;
        let cost = Usd(units * dollars as i128 * 1_000_000);
        trade(&debtor(), market, Size(size), cost);
        trade(&maker, market, Size(-size), Usd(-cost.0));
    }

    pub fn position(account: &SubAccount<u64>, market: MarketId) -> (Size, Usd) {
        Positions::get((account.clone(), market))
    }

    /// What wallets, balances and positions have together, less what was minted: always nothing.
    pub fn imbalance() -> i128 {
        let wallets: i128 = Wallets::iter_values().map(|amount| amount.0).sum();
        let balances: i128 = Balances::iter_values().map(|amount| amount.0).sum();
        let entries: i128 = Positions::iter_values().map(|(_, entry)| entry.0).sum();
        wallets + balances - entries - Minted::get().0
    }
}

impl BackstopLedger<u64> for Ledger {
    fn deposit(from: &u64, to: &SubAccount<u64>, amount: Usd) -> DispatchResult {
        let wallet = Wallets::get(from);
        ensure!(wallet >= amount, "poor");
        Wallets::insert(from, Usd(wallet.0 - amount.0));
        add(to, amount.0);
        Ok(())
    }

    fn withdraw(from: &SubAccount<u64>, to: &u64, amount: Usd) -> DispatchResult {
        ensure!(Balances::get(from) >= amount, "poor");
        add(from, -amount.0);
        Wallets::mutate(to, |wallet| wallet.0 += amount.0);
        Ok(())
    }

    fn allot(from: &SubAccount<u64>, to: &SubAccount<u64>, amount: Usd) -> DispatchResult {
        ensure!(amount > Usd::ZERO, "nothing");
        ensure!(from.owner == to.owner && from.index != to.index, "others");
        ensure!(Balances::get(from) >= amount, "poor");
        add(from, -amount.0);
        add(to, amount.0);
        Ok(())
    }

    fn take_over(offer: &Takeover<u64>, to: &SubAccount<u64>) -> Result<TakenOver, DispatchError> {
        with_storage_layer(|| {
            let (held, _) = Positions::get((offer.account.clone(), offer.market));
            ensure!(held.0.signum() == offer.size.0.signum(), "not that side");
            let quantity = held.quantity().min(offer.size.quantity());
            let (sign, rounding) = match held.is_long() {
                true => (1, Rounding::Down),
                false => (-1, Rounding::Up),
            };
            let value = notional(offer.price, quantity, rounding).unwrap();
            let delta = Size(sign * quantity.0 as i128);
            let (was, _) = Positions::get((to.clone(), offer.market));
            trade(to, offer.market, delta, Usd(sign * value.0));
            trade(
                &offer.account,
                offer.market,
                Size(-delta.0),
                Usd(-sign * value.0),
            );
            let (is, _) = Positions::get((to.clone(), offer.market));
            let health = Self::health(to)?;
            ensure!(
                is.quantity() < was.quantity() || health.equity >= health.initial_margin,
                "margin"
            );
            Ok(TakenOver {
                quantity,
                notional: value,
            })
        })
    }

    fn balance(account: &SubAccount<u64>) -> Usd {
        Balances::get(account)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &u64, amount: Usd) {
        Wallets::insert(who, amount);
    }
}

impl LiquidationLedger<u64> for Ledger {
    fn health(account: &SubAccount<u64>) -> Result<Health, DispatchError> {
        let mut inputs = Vec::new();
        for position in Self::positions(account) {
            let params = Registry::market(position.market).unwrap();
            inputs.push(PositionInput {
                size: position.size,
                entry_notional: position.entry_notional,
                mark: Prices::price_for(params.index_asset, Action::Liquidate)
                    .map_err(|_| "no price")?,
                initial_margin: params.initial_margin,
                maintenance_margin: params.maintenance_margin,
                tiers: params.margin_tiers,
                ..PositionInput::default()
            });
        }
        Ok(health(Balances::get(account), &[], &inputs).unwrap())
    }

    fn legs(_: &SubAccount<u64>) -> Vec<Leg> {
        Vec::new()
    }

    fn positions(account: &SubAccount<u64>) -> Vec<Position> {
        Registry::market_ids()
            .into_iter()
            .map(|market| {
                let (size, entry_notional) = Positions::get((account.clone(), market));
                Position {
                    market,
                    size,
                    entry_notional,
                    funding_index: 0,
                    orders: OpenOrders::default(),
                }
            })
            .filter(|position| position.size.0 != 0)
            .collect()
    }

    fn charge_fee(
        _: &SubAccount<u64>,
        _: LiquidationFee<u64>,
    ) -> Result<LiquidationFee<u64>, DispatchError> {
        Err("the vault charges nobody".into())
    }

    fn absorb(
        _: &SubAccount<u64>,
        _: &mut dyn FnMut(Usd) -> Usd,
    ) -> Result<Absorbed, DispatchError> {
        Err("the vault absorbs nothing".into())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make_pool(_: AssetId, _: u128, _: Usd) {}

    #[cfg(feature = "runtime-benchmarks")]
    fn open_position(account: &SubAccount<u64>, position: Position, balance: Usd) {
        trade(
            account,
            position.market,
            position.size,
            position.entry_notional,
        );
        Self::set_balance(account, balance);
    }
}

/// One level a side.
#[derive(Debug)]
pub struct Book;

#[storage_alias]
type Level = StorageMap<Book, Blake2_128Concat, (MarketId, Side), (Price, Quantity), ValueQuery>;

impl Book {
    /// Whole units at a price in cents.
    pub fn set(market: MarketId, side: Side, units: u128, cents: u128) {
        let level = (
            Price(cents * PRICE_SCALE / 100),
            Quantity(units * SIZE_SCALE),
        );
        Level::insert((market, side), level);
    }
}

impl LiquidationVenue<u64> for Book {
    fn cancel_orders(_: &SubAccount<u64>, _: u32) -> u32 {
        0
    }

    fn close(
        account: &SubAccount<u64>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
        max_fills: u32,
    ) -> Execution {
        assert!(max_fills > 0);
        let (price, there) = Level::get((market, side.opposite()));
        let reaches = match side {
            Side::Ask => price >= worst,
            Side::Bid => price <= worst,
        };
        let filled = there.min(quantity);
        if !reaches || filled.is_zero() {
            return Execution::default();
        }
        let (held, _) = Positions::get((account.clone(), market));
        assert!(filled <= held.quantity(), "not reducing");
        let value = notional(price, filled, Rounding::Down).unwrap();
        let sign = match side {
            Side::Bid => 1,
            Side::Ask => -1,
        };
        let (delta, cost) = (sign * filled.0 as i128, sign * value.0);
        trade(account, market, Size(delta), Usd(cost));
        let maker = SubAccount::new(MAKER, 0);
        trade(&maker, market, Size(-delta), Usd(-cost));
        let left = Quantity(there.0 - filled.0);
        Level::insert((market, side.opposite()), (price, left));
        Execution {
            quantity: filled,
            notional: value,
            fills: 1,
            removed: 0,
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn rest(_: &SubAccount<u64>, market: MarketId, side: Side, quantity: Quantity, price: Price) {
        Level::mutate((market, side), |level| {
            *level = (price, Quantity(level.1 .0 + quantity.0));
        });
    }
}

/// The account that is liquidated.
pub fn debtor() -> SubAccount<u64> {
    SubAccount::new(DEBTOR, 0)
}

/// The vault's account of a market.
pub fn account(market: MarketId) -> SubAccount<u64> {
    Backstop::market_account(market).unwrap()
}

/// Whole units of the debtor's, at a price in cents.
pub fn offer(market: MarketId, units: i128, cents: u128) -> Takeover<u64> {
    Takeover {
        account: debtor(),
        market,
        size: Size(units * SIZE_SCALE as i128),
        price: Price(cents * PRICE_SCALE / 100),
    }
}

/// So many blocks, each with its step.
pub fn pass(blocks: u64) {
    for _ in 0..blocks {
        let now = System::block_number() + 1;
        System::set_block_number(now);
        Backstop::on_initialize(now);
    }
}

/// Three markets at 100 USD with 2 % and 1.2 % margin.
pub fn new_test_ext() -> sp_io::TestExternalities {
    reset();
    Open::set(false);
    for market in MARKETS {
        Registry::insert_market(
            market,
            MarketParams {
                index_asset: index_of(market),
                tick_size: Price(PRICE_SCALE / 100),
                initial_margin: Rate::percent(2),
                maintenance_margin: Rate::basis_points(120),
                ..market_params()
            },
        );
        Prices::set(index_of(market), 100);
    }
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    crate::GenesisConfig::<Test>::default()
        .assimilate_storage(&mut storage)
        .unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        for who in [ALICE, BOB] {
            Ledger::endow(who, 1_000_000);
        }
    });
    ext
}

/// What has to hold after whatever happens.
pub fn check() {
    Backstop::do_try_state().unwrap();
    assert_eq!(Ledger::imbalance(), 0);
}

/// The next layers close the vault's account of a market at mark and pay what it owes.
pub fn liquidate_vault(market: MarketId) {
    let account = account(market);
    let (size, _) = Ledger::position(&account, market);
    let mark = Prices::price(index_of(market)).unwrap();
    let value = notional(mark, size.quantity(), Rounding::Down).unwrap();
    let cost = Usd(-size.0.signum() * value.0);
    let maker = SubAccount::new(MAKER, 2);
    trade(&account, market, Size(-size.0), cost);
    trade(&maker, market, size, Usd(-cost.0));
    let left = Ledger::balance(&account).max(Usd::ZERO);
    Ledger::set_balance(&account, left);
}
