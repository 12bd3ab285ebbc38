#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_debug_implementations
)]
//! A runtime with this pallet only, on an in-memory ledger and book that follow the contracts of
//! `bulwark-traits`.

mod reserves;

pub use reserves::{Reserve, Splitting};

use crate as pallet_liquidation;
use crate::types::PARKED;
use bulwark_primitives::*;
use bulwark_risk_math::interest::{debt_now, scaled_debt};
use bulwark_risk_math::{
    apply_trade, can_give, health, notional, scale_collateral, signed_notional, CollateralInput,
    PositionInput, Rounding,
};
use bulwark_traits::{
    mock::{Fund, Guard, Lender, Prices, Registry, MARKET},
    Absorbed, AccountObserver, AuctionGuard, Backstop, Deleveraged, Deleveraging, Execution,
    LendingPool, LiquidationFee, LiquidationLedger, LiquidationVenue, LossFund, LossLedger,
    MarketRegistry, OpenProfit, PriceSource, Reopening, TakenOver, Takeover,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, Hooks},
    weights::Weight,
};
use sp_runtime::{traits::BlakeTwo256, BuildStorage, DispatchError};
use std::{cell::RefCell, collections::BTreeMap};

pub type AccountId = u64;
pub type Account = SubAccount<AccountId>;
pub type Extrinsic = sp_runtime::testing::TestXt<RuntimeCall, frame_system::AuthorizeCall<Runtime>>;
type Block = sp_runtime::generic::Block<sp_runtime::generic::Header<u64, BlakeTwo256>, Extrinsic>;

frame_support::construct_runtime!(
    pub enum Runtime {
        System: frame_system,
        Liquidation: pallet_liquidation,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
}

parameter_types! {
    pub static StepWeight: Weight = Weight::from_parts(500_000_000_000, 1_000_000);
    pub static Author: Option<AccountId> = None;
    pub static MaxFills: u32 = 10;
}

impl crate::Config for Runtime {
    type Prices = Prices;
    type Registry = Registry;
    type Guard = Guard;
    type Auctions = Guard;
    type Ledger = Ledger;
    type Venue = Book;
    type Fund = Reserve;
    type Backstop = Vault;
    type Author = Author;
    type StepWeight = StepWeight;
    type MaxFillsPerClosing = MaxFills;
    type MaxLegs = ConstU32<16>;
    type LiquidationPriority = ConstU64<1_000>;
    type WeightInfo = ();
}

impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type RuntimeCall = RuntimeCall;
    type Extrinsic = Extrinsic;
}

impl<LocalCall> frame_system::offchain::CreateTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extension = frame_system::AuthorizeCall<Runtime>;
    fn create_transaction(call: RuntimeCall, extension: Self::Extension) -> Extrinsic {
        Extrinsic::new_transaction(call, extension)
    }
}

impl<LocalCall> frame_system::offchain::CreateAuthorizedTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    fn create_extension() -> Self::Extension {
        frame_system::AuthorizeCall::new()
    }
}

/// A second market, on an index that is collateral too.
pub const MARKET_2: MarketId = MarketId(2);
pub const INDEX_2: AssetId = 3;
/// Stands behind everything that rests in [`Book`].
pub const MAKER: AccountId = 1_000;

#[derive(Clone, Default)]
struct State {
    balance: i128,
    collateral: BTreeMap<AssetId, u128>,
    positions: BTreeMap<MarketId, (Size, Usd)>,
    orders: u32,
    /// Thousandths of a unit that each of the orders bids for in `MARKET`, at mark.
    order_size: u128,
}

impl State {
    /// With the interest since the first index.
    fn balance_now(&self) -> Usd {
        if !Charging::get() || self.balance >= 0 {
            return Usd(self.balance);
        }
        let debt = debt_now(Usd(-self.balance), Index::ONE, Lender::borrow_index());
        Usd(-debt.unwrap().0)
    }

    fn open_orders(&self, market: MarketId, mark: Price) -> OpenOrders {
        if market != MARKET {
            return OpenOrders::default();
        }
        let bids = Quantity(u128::from(self.orders) * self.order_size * SIZE_SCALE / 1_000);
        OpenOrders {
            bid_quantity: bids,
            bid_notional: notional(mark, bids, Rounding::Up).unwrap(),
            ..OpenOrders::default()
        }
    }
}

/// An order of liquidation: account, market, side, quantity, worst price.
pub type Sent = (Account, MarketId, Side, Quantity, Price);

/// Price and quantity of what rests on one side, best last.
type Levels = Vec<(u128, u128)>;

thread_local! {
    static ACCOUNTS: RefCell<BTreeMap<Account, State>> = const { RefCell::new(BTreeMap::new()) };
    static BOOK: RefCell<BTreeMap<(MarketId, bool), Levels>> = const { RefCell::new(BTreeMap::new()) };
    static SENT: RefCell<Vec<Sent>> = const { RefCell::new(Vec::new()) };
    static JOINED: RefCell<Vec<Sent>> = const { RefCell::new(Vec::new()) };
}

parameter_types! {
    /// Whether negative balances bear interest, from the first index on.
    pub static Charging: bool = false;
    /// What pools pay for an asset, in base units of the settlement asset a coin.
    pub static Bids: Vec<(AssetId, u128)> = Vec::new();
}

pub struct Ledger;

impl Ledger {
    fn with<R>(account: &Account, f: impl FnOnce(&mut State) -> R) -> R {
        ACCOUNTS.with(|a| f(a.borrow_mut().entry(account.clone()).or_default()))
    }

    fn read(account: &Account) -> State {
        ACCOUNTS.with(|a| a.borrow().get(account).cloned().unwrap_or_default())
    }

    pub fn accounts() -> Vec<Account> {
        ACCOUNTS.with(|a| a.borrow().keys().cloned().collect())
    }

    pub fn balance(account: &Account) -> Usd {
        Usd(Self::read(account).balance)
    }

    pub fn size(account: &Account, market: MarketId) -> Size {
        let state = Self::read(account);
        state.positions.get(&market).map_or(Size::ZERO, |p| p.0)
    }

    pub fn set_orders(account: &Account, orders: u32) {
        Self::with(account, |state| state.orders = orders);
    }

    /// Orders that bid for `size` thousandths of a unit each.
    pub fn set_bids(account: &Account, orders: u32, size: u128) {
        Self::with(account, |state| {
            state.orders = orders;
            state.order_size = size;
        });
    }

    pub fn orders(account: &Account) -> u32 {
        Self::read(account).orders
    }

    /// Adds to the settlement balance.
    pub fn deposit(account: &Account, amount: Usd) {
        Self::with(account, |state| state.balance += amount.0);
        Liquidation::account_changed(account);
    }

    pub fn add_collateral(account: &Account, asset: AssetId, amount: u128) {
        Self::with(account, |s| {
            *s.collateral.entry(asset).or_default() += amount
        });
        Liquidation::account_changed(account);
    }

    /// Trades with nobody.
    pub fn trade(account: &Account, market: MarketId, delta: Size, cost: Usd) {
        Self::with(account, |state| {
            let (size, entry) = state.positions.get(&market).copied().unwrap_or_default();
            let traded = apply_trade(size, entry, delta, cost).unwrap();
            state.balance += traded.realised.0;
            if traded.size.0 == 0 {
                state.positions.remove(&market);
            } else {
                let position = (traded.size, traded.entry_notional);
                state.positions.insert(market, position);
            }
        });
        Liquidation::account_changed(account);
    }

    /// What all accounts own and owe together, positions at entry.
    pub fn total() -> i128 {
        ACCOUNTS.with(|accounts| {
            let accounts = accounts.borrow();
            let entries = |s: &State| s.positions.values().map(|p| p.1 .0).sum::<i128>();
            accounts.values().map(|s| s.balance - entries(s)).sum()
        })
    }
}

impl LiquidationLedger<AccountId> for Ledger {
    fn health(account: &Account) -> Result<Health, DispatchError> {
        let state = Self::read(account);
        let no_price = |_| DispatchError::Other("price");
        let mut positions = Vec::new();
        for (market, (size, entry)) in &state.positions {
            let params = Registry::market(*market).unwrap();
            let mark =
                Prices::price_for(params.index_asset, Action::Liquidate).map_err(no_price)?;
            positions.push(PositionInput {
                size: *size,
                entry_notional: *entry,
                mark,
                initial_margin: params.initial_margin,
                maintenance_margin: params.maintenance_margin,
                orders: state.open_orders(*market, mark),
                ..PositionInput::default()
            });
        }
        let mut collateral = Vec::new();
        for (asset, amount) in &state.collateral {
            let params = Registry::collateral(*asset).unwrap();
            if params.maintenance_factor.is_zero() {
                continue;
            }
            collateral.push(CollateralInput {
                amount: *amount,
                decimals: params.decimals,
                price: Prices::price_for(*asset, Action::Liquidate).map_err(no_price)?,
                low: None,
                initial_factor: params.initial_factor,
                maintenance_factor: params.maintenance_factor,
            });
        }
        health(state.balance_now(), &collateral, &positions)
            .map_err(|_| DispatchError::Other("math"))
    }

    fn legs(account: &Account) -> Vec<Leg> {
        let state = Self::read(account);
        let mut legs = Vec::new();
        if Charging::get() && state.balance < 0 {
            let debt = Usd(-state.balance);
            legs.push(Leg {
                factor: Factor::Debt,
                amount: scaled_debt(debt, Index::ONE).unwrap(),
            });
        }
        for (market, (size, _)) in &state.positions {
            let factor = if size.is_long() {
                Factor::Long(*market)
            } else {
                Factor::Short(*market)
            };
            let amount = size.quantity();
            legs.push(Leg { factor, amount });
        }
        for (asset, amount) in &state.collateral {
            let params = Registry::collateral(*asset).unwrap();
            if params.maintenance_factor.is_zero() {
                continue;
            }
            legs.push(Leg {
                factor: Factor::Collateral(*asset),
                amount: scale_collateral(*amount, params.decimals).unwrap(),
            });
        }
        legs
    }

    fn positions(account: &Account) -> Vec<Position> {
        Self::read(account)
            .positions
            .iter()
            .map(|(market, (size, entry_notional))| Position {
                market: *market,
                size: *size,
                entry_notional: *entry_notional,
                funding_index: 0,
                orders: OpenOrders::default(),
            })
            .collect()
    }

    fn borrow_index() -> Index {
        Lender::borrow_index()
    }

    fn charge_fee(
        account: &Account,
        fee: LiquidationFee<AccountId>,
    ) -> Result<LiquidationFee<AccountId>, DispatchError> {
        let room = Self::health(account)?.equity.0.max(0);
        let fund = fee.fund.0.min(room);
        let liquidator = fee
            .liquidator
            .map(|(who, amount)| (who, Usd(amount.0.min(room - fund))));
        let paid = fund + liquidator.as_ref().map_or(0, |(_, amount)| amount.0);
        Self::with(account, |state| state.balance -= paid);
        Fund::credit(Usd(fund));
        Liquidation::account_changed(account);
        if let Some((who, amount)) = &liquidator {
            Self::deposit(&SubAccount::new(*who, 0), *amount);
        }
        let fund = Usd(fund);
        Ok(LiquidationFee { fund, liquidator })
    }

    fn absorb(
        account: &Account,
        pay: &mut dyn FnMut(Usd) -> Usd,
    ) -> Result<Absorbed, DispatchError> {
        let mut sales = 0;
        for (asset, bid) in Bids::get() {
            let state = Self::read(account);
            let Some(amount) = state.collateral.get(&asset).filter(|_| state.balance < 0) else {
                continue;
            };
            sales += 1;
            let decimals = Registry::collateral(asset).unwrap().decimals;
            let brought = amount * bid / 10u128.pow(u32::from(decimals));
            Self::with(account, |state| {
                state.balance += brought as i128;
                state.collateral.remove(&asset);
            });
        }
        let shortfall = Usd((-Self::read(account).balance).max(0));
        let paid = pay(shortfall);
        assert!(paid <= shortfall);
        Self::with(account, |state| state.balance += paid.0);
        Liquidation::account_changed(account);
        Ok(Absorbed {
            shortfall,
            paid,
            sales,
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn open_position(account: &Account, position: Position, balance: Usd) {
        // The book is not in storage, so the one of the run before is still there when the account
        // of a run is made.
        Book::clear();
        Self::with(account, |state| {
            state.balance = balance.0;
            let entry = (position.size, position.entry_notional);
            state.positions.insert(position.market, entry);
            state.positions.retain(|_, (size, _)| size.0 != 0);
        });
        Liquidation::account_changed(account);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make_pool(asset: AssetId, base: u128, quote: Usd) {
        let decimals = Registry::collateral(asset).unwrap().decimals;
        let price = quote.0 as u128 * 10u128.pow(u32::from(decimals)) / base * 997 / 1_000;
        let oracle = Prices::price(asset).unwrap().0 / 1_000_000_000_000;
        // One that pays less than the fund does not matter here.
        Bids::set(
            (price > oracle * 9 / 10)
                .then_some((asset, price))
                .into_iter()
                .collect(),
        );
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_collateral(account: &Account, asset: AssetId, amount: u128) {
        Self::with(account, |state| {
            state.collateral.insert(asset, amount);
            state.collateral.retain(|_, amount| *amount != 0);
        });
        Liquidation::account_changed(account);
    }
}

impl Ledger {
    /// A position's value and profit at mark.
    fn profit(state: &State, market: MarketId) -> Option<(Size, Usd, Price, Usd)> {
        let (size, entry) = state.positions.get(&market).copied()?;
        let params = Registry::market(market)?;
        let mark = Prices::price_for(params.index_asset, Action::Liquidate).ok()?;
        let value = signed_notional(mark, size, Rounding::Down).ok()?;
        Some((size, entry, mark, value.checked_sub(entry)?))
    }

    fn slack(account: &Account) -> Usd {
        Self::health(account).map_or(Usd::ZERO, |health| health.slack().unwrap())
    }
}

impl LossLedger<AccountId> for Ledger {
    fn open_profit(account: &Account, market: MarketId) -> Option<OpenProfit> {
        let state = Self::read(account);
        let (size, entry_notional, mark, profit) = Self::profit(&state, market)?;
        Some(OpenProfit {
            size,
            entry_notional,
            notional: notional(mark, size.quantity(), Rounding::Up).unwrap(),
            profit,
            health: Self::health(account).ok(),
            holdings: (state.positions.len() + state.collateral.len()) as u32,
        })
    }

    fn deleverage(order: &Deleveraging<AccountId>) -> Result<Deleveraged, DispatchError> {
        let market = order.market;
        let (size, other) = (
            Self::size(&order.account, market),
            Self::size(&order.counterparty, market),
        );
        assert!(size.0.signum() * other.0.signum() < 0, "not opposite");
        let quantity = order.quantity.min(size.quantity()).min(other.quantity());
        let (_, _, mark, _) = Self::profit(&Self::read(&order.account), market)
            .ok_or(DispatchError::Other("price"))?;
        let up = if size.is_long() {
            Rounding::Down
        } else {
            Rounding::Up
        };
        let fair = notional(mark, quantity, up).unwrap();
        let give = if size.is_long() { 1 } else { -1 };
        let close = |who: &Account, size: Size, value: i128| {
            let sign = -size.0.signum();
            let delta = Size(sign * quantity.0 as i128);
            Self::trade(who, market, delta, Usd(sign * value));
        };
        // What it would realise at mark, and what it can spare then.
        let before = Self::read(&order.counterparty);
        close(&order.counterparty, other, fair.0);
        let realised = {
            let after = Self::read(&order.counterparty);
            after.balance - before.balance
        };
        let can = can_give(Usd(realised), Self::slack(&order.counterparty));
        let given_up = order.give_up.min(can).max(Usd::ZERO);
        Self::with(&order.counterparty, |state| state.balance -= given_up.0);
        Liquidation::account_changed(&order.counterparty);
        close(&order.account, size, fair.0 + give * given_up.0);
        Ok(Deleveraged {
            quantity,
            notional: Usd(fair.0 + give * given_up.0),
            given_up,
        })
    }

    fn cut_profit(
        from: &Account,
        market: MarketId,
        to: &Account,
        amount: Usd,
    ) -> Result<Usd, DispatchError> {
        let (.., profit) =
            Self::profit(&Self::read(from), market).ok_or(DispatchError::Other("price"))?;
        let cut = amount
            .min(can_give(profit, Self::slack(from)))
            .max(Usd::ZERO);
        Self::with(from, |state| {
            state.positions.get_mut(&market).unwrap().1 .0 += cut.0;
        });
        Self::with(to, |state| state.balance += cut.0);
        Liquidation::account_changed(from);
        Liquidation::account_changed(to);
        Ok(cut)
    }
}

pub struct Book;

impl Book {
    /// Rests `quantity` thousandths of a unit at `price` tenths of a USD.
    pub fn rest(market: MarketId, side: Side, price: u128, quantity: u128) {
        let level = (price * PRICE_SCALE / 10, quantity * SIZE_SCALE / 1_000);
        BOOK.with(|book| {
            let mut book = book.borrow_mut();
            let levels = book.entry((market, side == Side::Bid)).or_default();
            levels.push(level);
            levels.sort();
            // Best last: highest bid, lowest ask.
            if side == Side::Ask {
                levels.reverse();
            }
        });
    }

    pub fn clear() {
        BOOK.with(|book| book.borrow_mut().clear());
        Self::sent();
        Self::joined();
    }

    /// Orders that came since the last call.
    pub fn sent() -> Vec<Sent> {
        SENT.take()
    }

    /// Orders that joined an auction since the last call.
    pub fn joined() -> Vec<Sent> {
        JOINED.take()
    }

    fn take(market: MarketId, side: Side, worst: Price, left: u128) -> Option<(Price, Quantity)> {
        BOOK.with(|book| {
            let mut book = book.borrow_mut();
            let levels = book.get_mut(&(market, side == Side::Ask))?;
            let (price, quantity) = levels.last_mut()?;
            let good = match side {
                Side::Ask => *price >= worst.0,
                Side::Bid => *price <= worst.0,
            };
            if !good {
                return None;
            }
            let filled = left.min(*quantity);
            *quantity -= filled;
            let fill = (Price(*price), Quantity(filled));
            if *quantity == 0 {
                levels.pop();
            }
            Some(fill)
        })
    }
}

impl LiquidationVenue<AccountId> for Book {
    fn cancel_orders(account: &Account, limit: u32) -> u32 {
        Ledger::with(account, |state| {
            let cancelled = state.orders.min(limit);
            state.orders -= cancelled;
            cancelled
        })
    }

    fn close(
        account: &Account,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
        max_fills: u32,
    ) -> Execution {
        let size = Ledger::size(account, market);
        assert!(quantity <= size.quantity(), "closes more than there is");
        assert_eq!(size.is_long(), side == Side::Ask, "closes the wrong way");
        let order = (account.clone(), market, side, quantity, worst);
        SENT.with(|sent| sent.borrow_mut().push(order));
        let mut execution = Execution::default();
        while execution.fills < max_fills && execution.quantity < quantity {
            let left = quantity.0 - execution.quantity.0;
            let Some((price, filled)) = Self::take(market, side, worst, left) else {
                break;
            };
            let cost = notional(price, filled, Rounding::Down).unwrap();
            let bought = (filled.long().unwrap(), cost);
            let sold = (filled.short().unwrap(), cost.checked_neg().unwrap());
            let (mine, theirs) = match side {
                Side::Ask => (sold, bought),
                Side::Bid => (bought, sold),
            };
            Ledger::trade(account, market, mine.0, mine.1);
            Ledger::trade(&SubAccount::new(MAKER, 0), market, theirs.0, theirs.1);
            execution.quantity.0 += filled.0;
            execution.notional.0 += cost.0;
            execution.fills += 1;
        }
        execution
    }

    fn join_auction(
        account: &Account,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        worst: Price,
    ) -> Quantity {
        let size = Ledger::size(account, market);
        assert!(quantity <= size.quantity(), "closes more than there is");
        assert_eq!(size.is_long(), side == Side::Ask, "closes the wrong way");
        assert_eq!(Guard::reopening(market), Some(Reopening::Uncrossing));
        let order = (account.clone(), market, side, quantity, worst);
        JOINED.with(|joined| joined.borrow_mut().push(order));
        quantity
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn rest(account: &Account, market: MarketId, side: Side, quantity: Quantity, price: Price) {
        // Asks are the orders of whoever is closed, bids are what closes it.
        if side == Side::Ask {
            Ledger::with(account, |state| state.orders += 1);
            return;
        }
        Self::rest(
            market,
            side,
            price.0 * 10 / PRICE_SCALE,
            quantity.0 * 1_000 / SIZE_SCALE,
        );
    }
}

parameter_types! {
    /// How much the vault takes from now on.
    pub static Capacity: Quantity = Quantity::ZERO;
}

/// A vault with room for so much, and money for it.
pub struct Vault;

impl Vault {
    pub const OWNER: AccountId = 5_000;

    /// Lets it take so many thousandths of a unit from now on.
    pub fn open(milli: u128) {
        Capacity::set(Quantity(milli * SIZE_SCALE / 1_000));
    }

    pub fn account() -> Account {
        acc(Self::OWNER)
    }
}

impl Backstop<AccountId> for Vault {
    fn quote(offer: &Takeover<AccountId>) -> Quantity {
        offer.size.quantity().min(Capacity::get())
    }

    fn take_over(offer: &Takeover<AccountId>) -> Result<TakenOver, DispatchError> {
        let had = Ledger::size(&offer.account, offer.market);
        assert_eq!(had.is_long(), offer.size.is_long(), "the other way round");
        let quantity = Self::quote(offer).min(had.quantity());
        Capacity::mutate(|left| left.0 -= quantity.0);
        let sign = if had.is_long() { 1 } else { -1 };
        let rounding = if had.is_long() {
            Rounding::Down
        } else {
            Rounding::Up
        };
        let value = notional(offer.price, quantity, rounding).unwrap();
        let size = Size(sign * quantity.0 as i128);
        Ledger::trade(&Self::account(), offer.market, size, Usd(sign * value.0));
        let given = Size(-size.0);
        Ledger::trade(&offer.account, offer.market, given, Usd(-sign * value.0));
        Ok(TakenOver {
            quantity,
            notional: value,
        })
    }

    fn is_own(account: &Account) -> bool {
        account.owner == Self::OWNER
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow(amount: Usd) {
        Self::open(u128::from(u64::MAX));
        Ledger::deposit(&Self::account(), amount);
    }
}

/// Block 1, two markets at 100 and 10 USD, a maker with more than enough.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities = storage().into();
    ext.execute_with(set_up);
    ext
}

/// Runs something on a state that is a map and no trie: faster.
pub fn in_plain_state<R>(run: impl FnOnce() -> R) -> R {
    sp_state_machine::BasicExternalities::new(storage()).execute_with(|| {
        set_up();
        run()
    })
}

fn storage() -> sp_runtime::Storage {
    frame_system::GenesisConfig::<Runtime>::default()
        .build_storage()
        .unwrap()
}

fn set_up() {
    bulwark_traits::mock::reset();
    ACCOUNTS.with(|accounts| accounts.borrow_mut().clear());
    Book::clear();
    Charging::set(false);
    Reserve::reset();
    Bids::set(Vec::new());
    StepWeight::set(Weight::from_parts(500_000_000_000, 1_000_000));
    Author::set(None);
    MaxFills::set(10);
    Capacity::set(Quantity::ZERO);
    Registry::insert_market(
        MARKET_2,
        MarketParams {
            index_asset: INDEX_2,
            ..bulwark_traits::mock::market_params()
        },
    );
    Registry::insert_collateral(
        INDEX_2,
        CollateralParams {
            decimals: 8,
            initial_factor: Rate::percent(80),
            maintenance_factor: Rate::percent(90),
            ..bulwark_traits::mock::settlement_params()
        },
    );
    Prices::set(INDEX_2, 10);
    System::set_block_number(1);
    Ledger::deposit(&SubAccount::new(MAKER, 0), Usd::dollars(1_000_000_000));
    Ledger::deposit(&Vault::account(), Usd::dollars(1_000_000));
}

/// An account of owner `n`.
pub fn acc(n: AccountId) -> Account {
    SubAccount::new(n, 0)
}

/// Thousandths of a unit as a size.
pub fn milli(size: i128) -> Size {
    Size(size * SIZE_SCALE as i128 / 1_000)
}

/// An account with `balance` USD that buys (sells when negative) `size` thousandths at mark.
pub fn open(n: AccountId, balance: i64, market: MarketId, size: i128) -> Account {
    let account = acc(n);
    Ledger::deposit(&account, Usd::dollars(balance));
    enlarge(&account, market, size);
    account
}

/// Trades `size` thousandths at mark.
pub fn enlarge(account: &Account, market: MarketId, size: i128) {
    let index = Registry::market(market).unwrap().index_asset;
    let mark = Prices::price(index).unwrap();
    let size = milli(size);
    let cost = bulwark_risk_math::signed_notional(mark, size, Rounding::Up).unwrap();
    Ledger::trade(account, market, size, cost);
}

/// Sets the price of an index in cents.
pub fn set_cents(index: AssetId, cents: u128) {
    Prices::set_result(index, Ok(Price(cents * PRICE_SCALE / 100)));
}

/// The next block, up to the end of step 3, with all checks.
pub fn next_block() {
    System::set_block_number(System::block_number() + 1);
    let used = Liquidation::on_initialize(System::block_number());
    assert!(
        used.all_lte(StepWeight::get()),
        "10: step 3 used more than its budget"
    );
    check();
}

/// `do_try_state`, and invariant 9 by a full scan.
pub fn check() {
    Liquidation::do_try_state().unwrap();
    for account in Ledger::accounts() {
        let under = Ledger::health(&account).is_ok_and(|h| h.is_liquidatable());
        assert!(
            !under || Liquidation::is_due(&account),
            "9: {account:?} is under maintenance and not due"
        );
    }
}

/// Whether an account is under maintenance.
pub fn is_under(account: &Account) -> bool {
    Ledger::health(account).unwrap().is_liquidatable()
}

/// The class of a known account.
pub fn class(account: &Account) -> Option<u8> {
    Liquidation::known(account).map(|known| known.class)
}

/// Whether an account is parked.
pub fn is_parked(account: &Account) -> bool {
    class(account) == Some(PARKED)
}

/// Whether an account changed and was not evaluated since.
pub fn is_stale(account: &Account) -> bool {
    crate::Stale::<Runtime>::contains_key(account)
}

/// Markets 10 to `9 + count`, each like [`MARKET`] or like [`MARKET_2`] in turn.
pub fn more_markets(count: u32) -> Vec<MarketId> {
    let markets = 10..10 + count;
    for n in markets.clone() {
        let like = if n % 2 == 0 { MARKET } else { MARKET_2 };
        Registry::insert_market(MarketId(n), Registry::market(like).unwrap());
    }
    markets.map(MarketId).collect()
}

/// Pages of cells that are not the same in `before` and now.
pub fn changed_pages(before: &Pages) -> usize {
    let after = pages();
    let of_both = before.keys().chain(after.keys());
    let ids: std::collections::BTreeSet<_> = of_both.collect();
    ids.into_iter()
        .filter(|id| before.get(id) != after.get(id))
        .count()
}

pub type Pages = BTreeMap<(crate::CellId, u64), crate::types::Page<AccountId>>;

/// All pages of all cells.
pub fn pages() -> Pages {
    crate::Cells::<Runtime>::iter()
        .map(|(cell, id, page)| ((cell, id), page))
        .collect()
}

/// Events of this pallet, oldest first; forgets them.
pub fn events() -> Vec<crate::Event<Runtime>> {
    let events = System::events();
    System::reset_events();
    events
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Liquidation(event) => Some(event),
            RuntimeEvent::System(_) => None,
        })
        .collect()
}
