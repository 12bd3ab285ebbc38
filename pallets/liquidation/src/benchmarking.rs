#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]
//! Benchmarks. Triggers are alone in their cells, so that moving one frees a page, a head and the
//! bits of its bucket, and makes all of them anew; fills are with different makers on different
//! ticks.

use super::*;
use crate::{
    closing::MAX_CANCELS,
    queue::{bits, cells, EffectivePrices},
    types::Verdict,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, MarketParams, MarketStatus, OpenOrders, Position, Price, Rate, Side, Size, Tier,
    PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::{
    AccountObserver, LiquidationLedger, LiquidationVenue, LossFund, MarketGuard, MarketRegistry,
    PriceSource,
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{Authorize, Get},
    weights::Weight,
};
use frame_system::RawOrigin;
use sp_runtime::transaction_validity::TransactionSource;

/// Legs of an account; weights grow linearly with them.
const LEGS: u32 = 8;
/// Factors with triggers.
const FACTORS: u32 = 32;
/// Units of a position, and price of every index, in USD.
const UNITS: i128 = 1_000;
const MARK: u128 = 100;

fn index_asset(market: u32) -> AssetId {
    1_000 + market
}

/// Sets the price of the index of every market, in tenths of a USD.
fn set_prices<T: Config>(markets: u32, tenths: u128) {
    for market in 1..=markets {
        T::Prices::set_price(index_asset(market), Price(tenths * PRICE_SCALE / 10));
    }
}

/// Makes prices diverge, so that the split of the slack, and with it every trigger, is another one.
fn shift_prices<T: Config>(markets: u32) {
    for market in 1..=markets {
        let percent = if market % 2 == 0 { 95 } else { 110 };
        T::Prices::set_price(
            index_asset(market),
            Price(MARK * percent * PRICE_SCALE / 100),
        );
    }
}

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
        };
        T::Registry::set_market(MarketId(market), params);
        T::Guard::set_status(MarketId(market), MarketStatus::Active);
    }
    set_prices::<T>(markets, MARK * 10);
}

/// An account that is long in markets `from..=to`, with a tenth of its notional as equity.
fn long<T: Config>(name: &'static str, n: u32, from: u32, to: u32) -> SubAccount<T::AccountId> {
    let account = SubAccount::new(account(name, n, 0), 0);
    let notional = Usd::dollars(UNITS as i64 * MARK as i64);
    let balance = Usd(notional.0 * i128::from(to - from + 1) / 10);
    for market in from..=to {
        let position = Position {
            market: MarketId(market),
            size: Size(UNITS * SIZE_SCALE as i128),
            entry_notional: notional,
            orders: OpenOrders::default(),
        };
        T::Ledger::open_position(&account, position, balance);
    }
    assert_eq!(Keys::<T>::get(&account).len() as u32, to - from + 1);
    account
}

/// An account under maintenance with `orders` resting orders, and `fills` makers whose bids close
/// as much of it as restores it.
fn closable<T: Config>(orders: u32, fills: u32) -> SubAccount<T::AccountId> {
    setup::<T>(LEGS);
    let account = long::<T>("account", 0, 1, 1);
    // A fill moves all triggers of its maker, those in other markets too.
    let makers: Vec<_> = (0..fills).map(|n| long::<T>("maker", n, 2, LEGS)).collect();
    let one = Quantity(SIZE_SCALE);
    let tick = PRICE_SCALE / 1_000;
    for n in 0..orders {
        let price = Price(101 * PRICE_SCALE + u128::from(n) * tick);
        T::Venue::rest(&account, MarketId(1), Side::Ask, one, price);
    }
    // Equity 2,500 under 2,775 of maintenance margin: about 575 of the 1,000 have to go.
    set_prices::<T>(1, 925);
    let lots = 575_000 / u128::from(fills.max(1));
    for (n, maker) in makers.iter().enumerate() {
        let price = Price(925 * PRICE_SCALE / 10 - n as u128 * tick);
        let quantity = Quantity(lots * SIZE_SCALE / 1_000);
        T::Venue::rest(maker, MarketId(1), Side::Bid, quantity, price);
    }
    assert!(T::Ledger::health(&account).unwrap().is_liquidatable());
    account
}

#[benchmarks(where <T as frame_system::Config>::RuntimeCall: From<Call<T>>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn step_base(n: Linear<1, FACTORS>) {
        setup::<T>(n);
        for market in 1..=n {
            long::<T>("account", market, market, market);
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
            long::<T>("account", n, 1, 1);
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

    #[benchmark]
    fn sweep_evaluate(l: Linear<2, LEGS>) {
        setup::<T>(l);
        let account = long::<T>("account", 0, 1, l);
        let before = Keys::<T>::get(&account);
        shift_prices::<T>(l);
        let verdict;

        #[block]
        {
            verdict = Pallet::<T>::evaluate(&account, &mut EffectivePrices::default());
        }

        assert_eq!(verdict, (Verdict::Healthy, l));
        let after = Keys::<T>::get(&account);
        assert!(before
            .iter()
            .zip(&after)
            .all(|(old, new)| old.bucket != new.bucket));
    }

    #[benchmark]
    fn sweep_under(l: Linear<1, LEGS>) {
        setup::<T>(l);
        let account = long::<T>("account", 0, 1, l);
        set_prices::<T>(l, 925);
        let verdict;

        #[block]
        {
            verdict = Pallet::<T>::evaluate(&account, &mut EffectivePrices::default());
        }

        assert_eq!(verdict, (Verdict::Under, l));
        assert!(Known::<T>::contains_key(&account) && !Keys::<T>::contains_key(&account));
    }

    #[benchmark]
    fn close_account(
        o: Linear<0, MAX_CANCELS>,
        f: Linear<1, { <T as Config>::MaxFillsPerClosing::get() }>,
    ) {
        let account = closable::<T>(o, f);
        let liquidator: T::AccountId = whitelisted_caller();
        let attempt;

        #[block]
        {
            let prices = &mut EffectivePrices::default();
            attempt = Pallet::<T>::close_account(&account, Some(liquidator), f, prices);
        }

        assert_eq!(attempt.outcome, Outcome::Progress);
        assert_eq!((attempt.cancelled, attempt.fills), (o, f));
    }

    #[benchmark]
    fn close_miss() {
        let account = closable::<T>(0, 0);
        let attempt;

        #[block]
        {
            let prices = &mut EffectivePrices::default();
            attempt = Pallet::<T>::close_account(&account, None, 1, prices);
        }

        assert_eq!(attempt.outcome, Outcome::NoLiquidity);
        assert_eq!(attempt.misses, 1);
    }

    #[benchmark]
    fn cover_loss() {
        setup::<T>(1);
        let account = long::<T>("account", 0, 1, 1);
        let flat = Position {
            market: MarketId(1),
            size: Size::ZERO,
            entry_notional: Usd::ZERO,
            orders: OpenOrders::default(),
        };
        T::Fund::credit(Usd::dollars(500));
        T::Ledger::open_position(&account, flat, Usd::dollars(-500));
        assert!(Known::<T>::contains_key(&account));
        let outcome;

        #[block]
        {
            let attempt = &mut Attempt::new(Outcome::NoLiquidity);
            outcome = Pallet::<T>::cover_loss(&account, false, attempt);
        }

        assert_eq!(outcome, Outcome::Progress);
        assert!(!Known::<T>::contains_key(&account));
    }

    #[benchmark]
    fn authorize_liquidate() -> Result<(), BenchmarkError> {
        setup::<T>(LEGS);
        let account = long::<T>("account", 0, 1, LEGS);
        set_prices::<T>(LEGS, 925);
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
    fn liquidate(
        o: Linear<0, MAX_CANCELS>,
        f: Linear<1, { <T as Config>::MaxFillsPerClosing::get() }>,
    ) {
        let account = closable::<T>(o, f);
        let before = T::Ledger::health(&account).unwrap();
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), account.clone());

        let after = T::Ledger::health(&account).unwrap();
        assert!(after.notional < before.notional);
    }

    #[benchmark]
    fn account_changed(l: Linear<2, LEGS>) {
        setup::<T>(l);
        let account = long::<T>("account", 0, 1, l);
        shift_prices::<T>(l);

        #[block]
        {
            Pallet::<T>::account_changed(&account);
        }

        assert_eq!(Keys::<T>::get(&account).len() as u32, l);
    }

    impl_benchmark_test_suite!(Pallet, mock::new_test_ext(), mock::Runtime);
}
