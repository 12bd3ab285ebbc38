#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]
//! Benchmarks. Triggers are alone in their cells, so that moving one frees a page, a head and the
//! bits of its bucket, and makes all of them anew, most of them in another word of the bitmap;
//! accounts have up to `MaxLegs` legs; fills are with different makers on different ticks.
//!
//! A maker is at its dearest with few legs: up to [`PROMPT_LEGS`] triggers move with the fill, while
//! an account with more only becomes stale. So makers have that many, and orders in as many other
//! markets as the ledger lets them have, which cost its valuation as much as positions.

use super::*;
use crate::{
    closing::{closing_of, Target, MAX_CANCELS, MAX_MISSES},
    queue::{bits, cells, stale, EffectivePrices, PROMPT_LEGS},
    sweep::BACKLOG_BLOCKS,
    types::{Load, Verdict},
};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, CollateralParams, FundingParams, Health, MarginTier, MarketParams, MarketStatus,
    OpenOrders, Position, Price, Rate, Side, Size, Tier, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_risk_math::Closing;
use bulwark_traits::{
    AccountObserver, AuctionGuard, Backstop, ForcedFills, LiquidationLedger, LiquidationVenue,
    LossFund, LossLedger, MarketGuard, MarketRegistry, PriceSource, Reopening, Takeover,
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{Authorize, Get},
    weights::Weight,
};
use frame_system::RawOrigin;
use sp_runtime::transaction_validity::TransactionSource;

/// Factors with triggers: both sides of as many markets as a registry of this chain holds. One of
/// collateral is read like them.
const FACTORS: u32 = 128;
/// Markets that a backlog is reported for.
const MARKETS: u32 = 64;
/// Thousandths of a unit in a position of the benchmarks on triggers.
const LARGE: i128 = 1_000_000;
/// Thousandths of a unit in a position that is there to be a leg.
const SMALL: i128 = 1_000;
/// Price of every index and of every collateral asset, in USD.
const MARK: u128 = 100;
const COLLATERAL: u128 = 10;
/// Decimals of the collateral assets.
const DECIMALS: u8 = 8;

fn index_asset(market: u32) -> AssetId {
    1_000 + market
}

fn collateral_asset(n: u32) -> AssetId {
    5_000 + n
}

/// Base units of one collateral coin.
fn one() -> u128 {
    10u128.pow(u32::from(DECIMALS))
}

/// An asset that counts for nothing: it is no leg, but the ledger has to look at it.
fn dead_asset(n: u32) -> AssetId {
    6_000 + n
}

/// Most positions of an account. It may hold as many collateral assets, and each position may have a size
/// leg; so a third of all legs.
fn most_positions<T: Config>() -> u32 {
    T::MaxLegs::get() / 3
}

/// Most legs of an account without size legs, which cost as much as any other.
fn most_legs<T: Config>() -> u32 {
    2 * most_positions::<T>()
}

fn set_market_price<T: Config>(market: u32, tenths: u128) {
    T::Prices::set_price(index_asset(market), Price(tenths * PRICE_SCALE / 10));
}

fn set_collateral_price<T: Config>(n: u32, cents: u128) {
    T::Prices::set_price(collateral_asset(n), Price(cents * PRICE_SCALE / 100));
}

/// Makes prices diverge by so much that the split of the slack, and with it every trigger of an
/// account with two legs and more, is half an octave away at least.
fn shift_prices<T: Config>() {
    for market in (1..=most_positions::<T>()).step_by(2) {
        set_market_price::<T>(market, 4 * MARK * 10);
    }
    for n in (1..=most_positions::<T>()).step_by(2) {
        set_collateral_price::<T>(n, 4 * COLLATERAL * 100);
    }
}

/// Takes half of the markets' price and all but a hundredth of the collateral's.
fn crash<T: Config>() {
    for market in 1..=most_positions::<T>() {
        set_market_price::<T>(market, MARK * 5);
    }
    for n in 1..=most_positions::<T>() {
        set_collateral_price::<T>(n, COLLATERAL);
    }
}

fn collateral_params(factor: Rate) -> CollateralParams {
    CollateralParams {
        tier: Tier::B,
        decimals: DECIMALS,
        initial_factor: factor,
        maintenance_factor: factor,
        deposit_cap: u128::MAX,
        min_deposit: 1,
        scale_start: u128::MAX,
    }
}

/// Block 1, `markets` markets, and as many collateral assets as an account can have.
fn setup<T: Config>(markets: u32) {
    frame_system::Pallet::<T>::set_block_number(1u32.into());
    for market in 1..=markets {
        let params = MarketParams {
            index_asset: index_asset(market),
            tier: Tier::A,
            tick_size: Price(PRICE_SCALE / 1_000),
            lot_size: Quantity(SIZE_SCALE / 1_000),
            min_order: Quantity(SIZE_SCALE / 1_000),
            initial_margin: Rate::percent(5),
            maintenance_margin: Rate::percent(3),
            maker_fee: Rate::basis_points(2),
            taker_fee: Rate::basis_points(5),
            liquidation_fee: Rate::percent(1),
            max_open_interest: Quantity(1_000_000_000 * SIZE_SCALE),
            price_band: Rate::percent(20),
            margin_tiers: [MarginTier::UNUSED; 4],
            lower_open_interest: Quantity(1_000_000_000 * SIZE_SCALE),
            funding: FundingParams {
                interest: Rate::basis_points(1),
                impact_notional: Usd::dollars(10_000),
            },
        };
        T::Registry::set_market(MarketId(market), params);
        T::Guard::set_status(MarketId(market), MarketStatus::Active);
        set_market_price::<T>(market, MARK * 10);
    }
    for n in 1..=most_positions::<T>() {
        T::Registry::set_collateral(collateral_asset(n), collateral_params(Rate::percent(87)));
        set_collateral_price::<T>(n, COLLATERAL * 100);
        T::Registry::set_collateral(dead_asset(n), collateral_params(Rate::ZERO));
    }
}

fn notional_of(milli: i128) -> Usd {
    Usd(milli * MARK as i128 * 1_000)
}

/// Gives an account a position of `milli` thousandths of a unit, bought or sold at `MARK`.
fn open<T: Config>(account: &SubAccount<T::AccountId>, market: u32, milli: i128, balance: Usd) {
    let position = Position {
        market: MarketId(market),
        size: Size(milli * SIZE_SCALE as i128 / 1_000),
        entry_notional: notional_of(milli),
        funding_index: 0,
        orders: OpenOrders::default(),
    };
    T::Ledger::open_position(account, position, balance);
}

/// Lets an account bid for a thousandth of a unit in a market in which it has no position, as far
/// as the ledger knows.
fn bid_only<T: Config>(account: &SubAccount<T::AccountId>, market: u32, balance: Usd) {
    let position = Position {
        market: MarketId(market),
        size: Size::ZERO,
        entry_notional: Usd::ZERO,
        funding_index: 0,
        orders: OpenOrders {
            bid_quantity: Quantity(SIZE_SCALE / 1_000),
            bid_notional: notional_of(1),
            ..OpenOrders::default()
        },
    };
    T::Ledger::open_position(account, position, balance);
}

/// Gives an account `legs` legs: positions as far as it may have them, the first of `first`
/// thousandths of a unit and the others of `milli`, then collateral of as much value; its triggers
/// are right afterwards.
fn widen<T: Config>(
    account: &SubAccount<T::AccountId>,
    legs: u32,
    first: i128,
    milli: i128,
    balance: Usd,
) {
    let positions = legs.min(most_positions::<T>());
    for market in 1..=positions {
        let milli = if market == 1 { first } else { milli };
        open::<T>(account, market, milli, balance);
    }
    for n in 1..=legs - positions {
        let amount = milli as u128 * one() / 100;
        T::Ledger::set_collateral(account, collateral_asset(n), amount);
    }
    let (verdict, found) = Pallet::<T>::evaluate(account, &mut EffectivePrices::default());
    assert_eq!(
        found, legs,
        "the ledger's `set_collateral` has to hold assets"
    );
    assert_eq!(verdict, Verdict::Healthy);
    assert_eq!(Keys::<T>::get(account).len() as u32, legs);
}

/// An account with `legs` large legs and a tenth of the notional of its positions.
fn wide<T: Config>(legs: u32) -> SubAccount<T::AccountId> {
    let account = SubAccount::new(account("wide", 0, 0), 0);
    let positions = legs.min(most_positions::<T>());
    let balance = Usd(notional_of(LARGE).0 * i128::from(positions) / 10);
    widen::<T>(&account, legs, LARGE, LARGE, balance);
    account
}

/// An account with one position and a tenth of its notional.
fn narrow<T: Config>(n: u32, market: u32, milli: i128) -> SubAccount<T::AccountId> {
    let account = SubAccount::new(account("narrow", n, 0), 0);
    let balance = Usd(notional_of(milli.abs()).0 / 10);
    open::<T>(&account, market, milli, balance);
    assert_eq!(Keys::<T>::get(&account).len(), 1);
    account
}

/// A maker with one position less than are put right at once, of `milli` thousandths of a unit each
/// in markets that the closed account is not in, and orders in as many others as it may have. The
/// triggers of no two makers share a bucket.
fn maker<T: Config>(n: u32, milli: i128) -> SubAccount<T::AccountId> {
    let maker = SubAccount::new(account("maker", n, 0), 0);
    let positions = PROMPT_LEGS as u32 - 1;
    let balance = notional_of(milli).0 * i128::from(positions) * i128::from(20 + n) / 100;
    let balance = Usd(balance);
    let from = most_positions::<T>() + 1;
    // One more is for the order that fills.
    let others = most_positions::<T>() - positions - 1;
    for market in from + positions..from + positions + others {
        bid_only::<T>(&maker, market, balance);
    }
    for market in from..from + positions {
        open::<T>(&maker, market, milli, balance);
    }
    assert_eq!(Keys::<T>::get(&maker).len() as u32, positions);
    maker
}

/// An account under maintenance with `legs` legs and `orders` resting orders, and `fills` makers
/// whose bids close as much of its position in market 1 as restores it.
fn closable<T: Config>(legs: u32, orders: u32, fills: u32) -> SubAccount<T::AccountId> {
    setup::<T>(2 * most_positions::<T>());
    let account = SubAccount::new(account("account", 0, 0), 0);
    // The legs but the first are too small to matter to what is closed. Each 10 units of collateral
    // count 87 USD, which the balance does not have then.
    let held = legs - legs.min(most_positions::<T>());
    let balance = Usd(notional_of(LARGE).0 / 10 - Usd::dollars(87).0 * i128::from(held));
    widen::<T>(&account, legs, LARGE, SMALL, balance);
    // The last maker takes what the others leave. All that a maker has moves with his fill.
    let size = |n: u32| if n + 1 == fills { LARGE } else { SMALL };
    let makers: Vec<_> = (0..fills).map(|n| maker::<T>(n, size(n))).collect();
    let one = Quantity(SIZE_SCALE);
    let tick = PRICE_SCALE / 1_000;
    for n in 0..orders {
        let price = Price(101 * PRICE_SCALE + u128::from(n) * tick);
        T::Venue::rest(&account, MarketId(1), Side::Ask, one, price);
    }
    // Equity 2,500 under 2,775 of maintenance margin, the small legs apart: 575 to 620 of the 1,000
    // units have to go, at no less than 92.22.
    set_market_price::<T>(1, 925);
    for (n, maker) in makers.iter().enumerate() {
        let is_last = n + 1 == makers.len();
        let below = if is_last { 150 } else { n as u128 };
        let price = Price(925 * PRICE_SCALE / 10 - below * tick);
        let units = if is_last { 700 } else { 1 };
        T::Venue::rest(
            maker,
            MarketId(1),
            Side::Bid,
            Quantity(units * SIZE_SCALE),
            price,
        );
    }
    assert!(T::Ledger::health(&account).unwrap().is_liquidatable());
    assert!(!Known::<T>::contains_key(&account) && !Stale::<T>::contains_key(&account));
    account
}

/// Bids for a unit in the first `markets` markets, at less than anybody may be sold at.
fn bid_too_low<T: Config>(markets: u32) {
    let low = Price(50 * PRICE_SCALE);
    for market in 1..=markets {
        let bidder = SubAccount::new(account("bidder", market, 0), 0);
        let market = MarketId(market);
        T::Venue::rest(&bidder, market, Side::Bid, Quantity(SIZE_SCALE), low);
    }
}

/// The largest position of an account under maintenance.
fn first_target<T: Config>(account: &SubAccount<T::AccountId>) -> (Target, Closing) {
    let positions = T::Ledger::positions(account);
    let (targets, health) = Pallet::<T>::closable(account, positions).unwrap();
    let target = targets.into_iter().next().unwrap();
    let closing = closing_of(target.holding(), health);
    (target, closing)
}

/// A maker who is short in market 1 with a tenth of profit: as many triggers as are put right at
/// once, and as many holdings as there can be.
fn winner<T: Config>() -> SubAccount<T::AccountId> {
    let winner = maker::<T>(0, LARGE);
    let balance = Usd(notional_of(LARGE).0);
    open::<T>(&winner, 1, -LARGE, balance);
    assert_eq!(Keys::<T>::get(&winner).len(), PROMPT_LEGS);
    set_market_price::<T>(1, MARK * 9);
    winner
}

/// Checks that every trigger of an account is in another bucket than `before`.
fn assert_moved<T: Config>(account: &SubAccount<T::AccountId>, before: &[types::TriggerKey]) {
    let after = Keys::<T>::get(account);
    assert_eq!(before.len(), after.len());
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old.factor, new.factor);
        assert_ne!(old.bucket, new.bucket, "{old:?}");
    }
}

#[benchmarks(where <T as frame_system::Config>::RuntimeCall: From<Call<T>>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn step_base(n: Linear<1, FACTORS>) {
        setup::<T>(FACTORS / 2);
        for factor in 0..n {
            let size = if factor % 2 == 0 { LARGE } else { -LARGE };
            narrow::<T>(factor, factor / 2 + 1, size);
        }
        let report;

        #[block]
        {
            report = Pallet::<T>::step(Weight::MAX).0;
        }

        assert_eq!(report, Default::default());
        assert_eq!(Factors::<T>::get().len() as u32, n);
    }

    #[benchmark]
    fn read_page() {
        setup::<T>(1);
        for n in 0..types::PAGE_SIZE {
            narrow::<T>(n, 1, LARGE);
        }
        let factor = Factor::Long(MarketId(1));
        let (page, below);

        #[block]
        {
            let bucket = bits::highest::<T>(factor, u16::MAX).unwrap();
            let cell = CellId::Trigger(factor, bucket);
            page = Cells::<T>::get(cell, cells::first::<T>(cell).unwrap()).unwrap();
            below = bits::highest::<T>(factor, bucket - 1);
        }

        assert_eq!(page.entries.len() as u32, types::PAGE_SIZE);
        assert!(below.is_none());
    }

    // Positions only, each with its place in the ranking: a leg of collateral costs less, and a line through
    // both kinds would charge an account of one leg for the places of thirty-two.
    #[benchmark]
    fn sweep_evaluate(l: Linear<2, { most_positions::<T>() }>) {
        setup::<T>(most_positions::<T>());
        let account = wide::<T>(l);
        let before = Keys::<T>::get(&account);
        shift_prices::<T>();
        stale::put::<T>(&account).unwrap();
        ranking::misplace::<T>(&account, usize::MAX);
        let verdict;

        #[block]
        {
            verdict = Pallet::<T>::evaluate(&account, &mut EffectivePrices::default());
        }

        assert_eq!(verdict, (Verdict::Healthy, l));
        assert!(!Stale::<T>::contains_key(&account));
        assert_moved::<T>(&account, &before);
    }

    #[benchmark]
    fn sweep_under(l: Linear<1, { most_positions::<T>() }>) {
        setup::<T>(most_positions::<T>());
        let account = wide::<T>(l);
        crash::<T>();
        stale::put::<T>(&account).unwrap();
        ranking::misplace::<T>(&account, usize::MAX);
        let verdict;

        #[block]
        {
            verdict = Pallet::<T>::evaluate(&account, &mut EffectivePrices::default());
        }

        assert_eq!(verdict, (Verdict::Under, l));
        assert!(Known::<T>::contains_key(&account) && !Keys::<T>::contains_key(&account));
        assert!(!Stale::<T>::contains_key(&account));
    }

    #[benchmark]
    fn report_backlog(m: Linear<1, MARKETS>) {
        setup::<T>(m);
        Workload::<T>::put(Load {
            saturated: BACKLOG_BLOCKS,
            calm: None,
        });
        let told;

        #[block]
        {
            told = Pallet::<T>::note_load(true);
        }

        assert!(told);
    }

    #[benchmark]
    fn close_account(l: Linear<1, { most_legs::<T>() }>) {
        let account = closable::<T>(l, 0, 1);
        let liquidator: T::AccountId = whitelisted_caller();
        let attempt;

        #[block]
        {
            let prices = &mut EffectivePrices::default();
            attempt = Pallet::<T>::close_account(&account, Some(liquidator), 1, true, prices);
        }

        assert_eq!(attempt.outcome, Outcome::Progress);
        assert_eq!((attempt.legs, attempt.cancelled, attempt.fills), (l, 0, 1));
        assert_eq!(Keys::<T>::get(&account).len() as u32, l);
    }

    // Of an account that is as large as it can be.
    #[benchmark]
    fn cancel_orders(o: Linear<1, MAX_CANCELS>) {
        let account = closable::<T>(most_legs::<T>(), o, 0);
        let cancelled;

        #[block]
        {
            cancelled = T::Venue::cancel_orders(&account, MAX_CANCELS);
        }

        assert_eq!(cancelled, o);
    }

    // Of an account that is as large as it can be, with its triggers.
    #[benchmark]
    fn close_fills(f: Linear<2, { <T as Config>::MaxFillsPerClosing::get() }>) {
        let account = closable::<T>(most_legs::<T>(), 0, f);
        let (target, closing) = first_target::<T>(&account);
        let closed;

        #[block]
        {
            closed = Pallet::<T>::try_close(&account, &target, &closing, f);
        }

        assert_eq!(closed.unwrap().fills, f);
    }

    #[benchmark]
    fn value_account(l: Linear<1, { most_legs::<T>() }>) {
        let account = closable::<T>(l, 0, 0);
        let (legs, closable);

        #[block]
        {
            legs = Pallet::<T>::legs_of(&account);
            let under = T::Ledger::health(&account).is_ok_and(|health| health.is_liquidatable());
            assert!(under);
            closable = Pallet::<T>::closable(&account, T::Ledger::positions(&account));
        }

        assert_eq!(legs.len() as u32, l);
        let positions = l.min(most_positions::<T>());
        assert_eq!(closable.unwrap().0.len() as u32, positions);
    }

    // The best bid is beyond the worst price.
    #[benchmark]
    fn close_miss() {
        let account = closable::<T>(most_legs::<T>(), 0, 0);
        bid_too_low::<T>(1);
        let (target, closing) = first_target::<T>(&account);
        let tried;

        #[block]
        {
            tried = Pallet::<T>::try_close(&account, &target, &closing, 1);
        }

        assert!(tried.unwrap().quantity.is_zero());
    }

    // All markets but the last have a bid beyond the worst price.
    #[benchmark]
    fn retry_account(l: Linear<1, { most_legs::<T>() }>) {
        let account = closable::<T>(l, 0, 0);
        bid_too_low::<T>(most_positions::<T>() - 1);
        let prices = &mut EffectivePrices::default();
        let parked = Pallet::<T>::close_account(&account, None, 1, false, prices);
        assert_eq!(parked.outcome, Outcome::NoLiquidity);
        let attempt;

        #[block]
        {
            let prices = &mut EffectivePrices::default();
            attempt = Pallet::<T>::close_account(&account, None, 1, false, prices);
        }

        let positions = l.min(most_positions::<T>());
        assert!(attempt.is_retry_in_vain() && attempt.offers == 0);
        assert_eq!(attempt.misses, positions.min(MAX_MISSES));
    }

    #[benchmark]
    fn offer() {
        let account = closable::<T>(most_legs::<T>(), 0, 0);
        T::Backstop::endow(Usd::dollars(1_000_000_000));
        let asked = Takeover {
            account,
            market: MarketId(1),
            size: Size(LARGE * SIZE_SCALE as i128 / 1_000),
            price: Price(90 * PRICE_SCALE),
        };
        let quoted;

        #[block]
        {
            quoted = T::Backstop::quote(&asked);
        }

        assert!(!quoted.is_zero());
    }

    #[benchmark]
    fn take_over() {
        let account = closable::<T>(most_legs::<T>(), 0, 0);
        T::Backstop::endow(Usd::dollars(1_000_000_000));
        let (target, closing) = first_target::<T>(&account);
        // The vault is offered what has next to nothing left.
        let closing = Closing {
            health: Health {
                equity: Usd::dollars(1),
                ..closing.health
            },
            ..closing
        };
        let attempt = &mut Attempt::new(Outcome::NoLiquidity);
        let before = T::Ledger::health(&account).unwrap();
        let taken;

        #[block]
        {
            taken = Pallet::<T>::offer(&account, &target, &closing, attempt);
        }

        assert!(taken);
        assert!(T::Ledger::health(&account).unwrap().notional < before.notional);
    }

    // As much collateral as there can be, a fund that pays a part, and a market that is told.
    #[benchmark]
    fn cover_loss() {
        setup::<T>(1);
        let account = narrow::<T>(0, 1, LARGE);
        T::Fund::credit(Usd::dollars(500));
        let more_than_there_is = Usd(-T::Fund::balance().0 - Usd::dollars(10_000).0);
        open::<T>(&account, 1, 0, more_than_there_is);
        for n in 1..=most_legs::<T>() - most_positions::<T>() {
            T::Ledger::set_collateral(&account, collateral_asset(n), 1_000_000);
            // A tenth of what the asset is worth.
            T::Ledger::make_pool(
                collateral_asset(n),
                1_000_000 * one(),
                Usd::dollars(1_000_000),
            );
        }
        Pallet::<T>::evaluate(&account, &mut EffectivePrices::default());
        assert_eq!(
            Pallet::<T>::known(&account).unwrap().market,
            Some(MarketId(1))
        );
        let outcome;

        #[block]
        {
            let attempt = &mut Attempt {
                others: true,
                ..Attempt::new(Outcome::NoLiquidity)
            };
            outcome = Pallet::<T>::cover_loss(&account, false, attempt);
        }

        assert_eq!(outcome, Outcome::FundShort);
        assert_eq!(T::Fund::balance(), Usd::ZERO);
    }

    // All of a holding, which is not enough for the debt.
    #[benchmark]
    fn sell_collateral() {
        setup::<T>(1);
        let account = narrow::<T>(0, 1, LARGE);
        open::<T>(&account, 1, 0, Usd::dollars(-10_000));
        T::Ledger::set_collateral(&account, collateral_asset(1), one());
        T::Ledger::make_pool(
            collateral_asset(1),
            1_000_000 * one(),
            Usd::dollars(10_000_000),
        );
        let absorbed;

        #[block]
        {
            absorbed = T::Ledger::absorb(&account, &mut |_| Usd::ZERO).unwrap();
        }

        assert_eq!(absorbed.sales, 1);
        // All but the fee of the pool.
        let brought = Usd::dollars(10_000).0 - absorbed.shortfall.0;
        assert!(brought > Usd::dollars(9).0 && brought <= Usd::dollars(10).0);
    }

    // Half of the accounts come first by entry price, the other half by leverage; none shares a cell
    // with another.
    #[benchmark]
    fn search() {
        setup::<T>(most_positions::<T>());
        let each = ranking::SEARCH_HOLDINGS / ranking::SEARCH_ACCOUNTS;
        for n in 0..ranking::SEARCH_ACCOUNTS {
            let is_first = n < ranking::SEARCH_ACCOUNTS / 2;
            let (entry, percent) = if is_first {
                (150 + n, 300 + 5 * n)
            } else {
                (110 - n, 20 + n)
            };
            let seller = SubAccount::new(account("seller", n, 0), 0);
            let balance = Usd(notional_of(LARGE).0 * i128::from(percent) / 100);
            for market in 2..=each.min(most_positions::<T>()) {
                bid_only::<T>(&seller, market, balance);
            }
            let position = Position {
                market: MarketId(1),
                size: Size(-LARGE * SIZE_SCALE as i128 / 1_000),
                entry_notional: Usd(-notional_of(LARGE).0 * i128::from(entry) / 100),
                funding_index: 0,
                orders: OpenOrders::default(),
            };
            T::Ledger::open_position(&seller, position, balance);
        }
        let debtor = SubAccount::new(account("debtor", 0, 0), 0);
        let found;

        #[block]
        {
            found = Pallet::<T>::search(Factor::Short(MarketId(1)), &debtor);
        }

        assert_eq!(found.len() as u32, ranking::SEARCH_ACCOUNTS);
    }

    #[benchmark]
    fn deleverage() {
        setup::<T>(2 * most_positions::<T>());
        let account = wide::<T>(most_legs::<T>());
        let seller = winner::<T>();
        let attempt = &mut Attempt::new(Outcome::NoLiquidity);
        let closed;

        #[block]
        {
            assert!(T::Ledger::health(&account).is_ok());
            closed = Pallet::<T>::close_against(
                &account,
                MarketId(1),
                Quantity(SIZE_SCALE),
                Usd::dollars(5),
                seller,
                attempt,
            );
        }

        assert_eq!(closed, Quantity(SIZE_SCALE));
        assert_eq!(attempt.given_up, Usd::dollars(5));
    }

    #[benchmark]
    fn cut_profit() {
        setup::<T>(2 * most_positions::<T>());
        let account = wide::<T>(most_legs::<T>());
        let seller = winner::<T>();
        let cut;

        #[block]
        {
            cut = T::Ledger::cut_profit(&seller, MarketId(1), &account, Usd::dollars(5));
        }

        assert_eq!(cut, Ok(Usd::dollars(5)));
    }

    // The book of the market of the large position is empty, so that all of its records are new.
    #[benchmark]
    fn join(l: Linear<1, { most_legs::<T>() }>) {
        let account = closable::<T>(l, 0, 0);
        T::Auctions::set_reopening(MarketId(1), Reopening::Uncrossing);
        let prices = &mut EffectivePrices::default();
        let parked = Pallet::<T>::close_account(&account, None, 1, false, prices).outcome;
        let tried;

        #[block]
        {
            tried = Pallet::<T>::join_auction(&account, parked);
        }

        assert!(tried);
        let now = frame_system::Pallet::<T>::block_number();
        assert_eq!(Known::<T>::get(&account).unwrap().closed_at, Some(now));
    }

    // Of an account that is as large as it can be, which the fill has left as it was.
    #[benchmark]
    fn forced_fill() {
        let account = closable::<T>(most_legs::<T>(), 0, 0);
        let market = MarketId(1);
        let before = T::Fund::balance();

        #[block]
        {
            let closing = Pallet::<T>::before(&account, market).unwrap();
            let paid = Usd::dollars(92);
            Pallet::<T>::after(&account, market, closing, Quantity(SIZE_SCALE), paid);
        }

        assert!(T::Fund::balance() > before);
    }

    #[benchmark]
    fn authorize_liquidate() -> Result<(), BenchmarkError> {
        setup::<T>(most_positions::<T>());
        let account = wide::<T>(most_legs::<T>());
        crash::<T>();
        let call: <T as frame_system::Config>::RuntimeCall = Call::liquidate { account }.into();

        #[block]
        {
            call.authorize(TransactionSource::External)
                .ok_or("liquidate has an authorization")?
                .map_err(|_| "the account is liquidatable")?;
        }

        Ok(())
    }

    #[benchmark]
    fn liquidate(l: Linear<1, { most_legs::<T>() }>) {
        let account = closable::<T>(l, 0, 1);
        let before = T::Ledger::health(&account).unwrap();
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), account.clone());

        let after = T::Ledger::health(&account).unwrap();
        assert!(after.notional < before.notional);
        assert_eq!(Keys::<T>::get(&account).len() as u32, l);
    }

    // As many legs as are put right at once, and beside them all that the ledger has to look at and
    // that is no leg.
    #[benchmark]
    fn account_changed() {
        setup::<T>(most_positions::<T>());
        let legs = PROMPT_LEGS as u32;
        let account = wide::<T>(legs);
        let balance = Usd(notional_of(LARGE).0 * i128::from(legs) / 10);
        for market in legs + 1..=most_positions::<T>() {
            bid_only::<T>(&account, market, balance);
        }
        for n in 1..=most_legs::<T>() - most_positions::<T>() {
            T::Ledger::set_collateral(&account, dead_asset(n), 1);
        }
        let before = Keys::<T>::get(&account);
        shift_prices::<T>();
        // One change is of one position.
        ranking::misplace::<T>(&account, 1);

        #[block]
        {
            Pallet::<T>::account_changed(&account);
        }

        assert!(!Stale::<T>::contains_key(&account));
        assert_moved::<T>(&account, &before);
    }

    impl_benchmark_test_suite!(Pallet, mock::new_test_ext(), mock::Runtime);
}
