//! Benchmarks of `pallet_backstop`. Every market that is held has an account, a position and a price of its
//! own.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use crate::types::Book;
use bulwark_primitives::{
    CollateralParams, FundingParams, MarginTier, MarketParams, MarketStatus, OpenOrders, Position,
    Price, Rate, Side, Size, Tier, PRICE_SCALE, SIZE_SCALE,
};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;

/// The first id of markets and index assets that benchmarks add.
const FIRST: u32 = 1_000;
/// Price of every index, in USD.
const MARK: u128 = 100;

/// Gives the vault capital and takes its caps away, that of deposits among them.
pub fn endow<T: Config>(amount: Usd) {
    let asset = T::Registry::settlement_asset();
    let params = T::Registry::collateral(asset).unwrap();
    let params = CollateralParams {
        deposit_cap: u128::MAX,
        ..params
    };
    T::Registry::set_collateral(asset, params);
    let who: T::AccountId = account("depositor", 0, 0);
    T::Ledger::endow_wallet(&who, amount);
    T::Ledger::deposit(&who, &Pallet::<T>::free_account(), amount).unwrap();
    Params::<T>::put(Parameters {
        market_loss: Rate::ONE,
        day_loss: Rate::ONE,
        market_notional: Rate(u64::MAX),
        premium: Rate::ONE,
        ..Parameters::default()
    });
}

/// A market of benchmarks, trading at [`MARK`].
fn list<T: Config>(n: u32) -> MarketId {
    let (market, index_asset) = (MarketId(FIRST + n), FIRST + n);
    let params = MarketParams {
        index_asset,
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
    T::Registry::set_market(market, params);
    T::Prices::set_price(index_asset, Price(MARK * PRICE_SCALE));
    T::Guard::set_status(market, MarketStatus::Active);
    market
}

/// Books what is in a market.
fn book<T: Config>(market: MarketId, amount: Usd) {
    Books::<T>::insert(
        market,
        Book {
            allotted: amount,
            ..Book::default()
        },
    );
    AtRisk::<T>::mutate(|sum| sum.0 += amount.0);
    Held::<T>::mutate(|held| held.try_push(market).unwrap());
}

/// 100 units long in each of so many markets, with a fifth of it behind.
fn hold<T: Config>(markets: u32) {
    for n in 0..markets {
        let market = list::<T>(n);
        let position = Position {
            market,
            size: Size(100 * SIZE_SCALE as i128),
            entry_notional: Usd::dollars(10_000),
            funding_index: 0,
            orders: OpenOrders::default(),
        };
        let amount = Usd::dollars(2_000);
        let vault = Pallet::<T>::market_account(market).unwrap();
        T::Ledger::open_position(&vault, position, amount);
        book::<T>(market, amount);
    }
}

/// Somebody with ten million dollars in the vault, and as much in his wallet.
fn depositor<T: Config>() -> T::AccountId {
    let who: T::AccountId = whitelisted_caller();
    T::Ledger::endow_wallet(&who, Usd::dollars(20_000_000));
    Pallet::<T>::do_deposit(who.clone(), Usd::dollars(10_000_000)).unwrap();
    who
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn deposit(m: Linear<0, { T::MaxMarkets::get() }>) {
        let who = depositor::<T>();
        hold::<T>(m);
        let before = Pallet::<T>::holding_of(&who).shares;

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Usd::dollars(1_000));

        assert!(Pallet::<T>::holding_of(&who).shares > before);
    }

    #[benchmark]
    fn request_withdrawal() {
        let who = depositor::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Shares(1_000_000));

        assert!(Pallet::<T>::holding_of(&who).request.is_some());
    }

    #[benchmark]
    fn withdraw(m: Linear<0, { T::MaxMarkets::get() }>) {
        let who = depositor::<T>();
        hold::<T>(m);
        let before = Pallet::<T>::holding_of(&who).shares;
        let shares = Shares(before.0 / 10);
        Pallet::<T>::do_request(who.clone(), shares).unwrap();
        frame_system::Pallet::<T>::set_block_number(
            frame_system::Pallet::<T>::block_number() + T::Cooldown::get(),
        );

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        let after = Pallet::<T>::holding_of(&who).shares;
        assert_eq!(before.checked_sub(after), Some(shares));
    }

    #[benchmark]
    fn set_parameters() {
        let parameters = Parameters {
            patience: 3_600,
            ..Parameters::default()
        };
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, parameters);

        assert_eq!(Params::<T>::get(), parameters);
    }

    #[benchmark]
    fn step() {
        #[block]
        {
            Pallet::<T>::step();
        }
    }

    // A slice is a thousand dollars: ten units, for `f` makers on ticks of their own.
    #[benchmark]
    fn unwind(f: Linear<0, { MAX_FILLS }>) {
        hold::<T>(1);
        let market = MarketId(FIRST);
        let vault = Pallet::<T>::market_account(market).unwrap();
        let slice = 10 * SIZE_SCALE;
        let lot = SIZE_SCALE / 1_000;
        for n in 0..f {
            let maker = SubAccount::new(account("maker", n, 0), 0);
            let part = (slice / u128::from(f)).next_multiple_of(lot);
            let price = MARK * PRICE_SCALE + u128::from(n) * PRICE_SCALE / 1_000;
            T::Venue::rest(&maker, market, Side::Bid, Quantity(part), Price(price));
        }
        let done;

        #[block]
        {
            done = Pallet::<T>::unwind(market, &vault).unwrap();
        }

        let expected = if f == 0 { 0 } else { slice };
        assert_eq!(done.quantity, Quantity(expected));
    }

    #[benchmark]
    fn settle() {
        let who = depositor::<T>();
        let market = list::<T>(0);
        let vault = Pallet::<T>::market_account(market).unwrap();
        T::Ledger::deposit(&who, &vault, Usd::dollars(1_000)).unwrap();
        book::<T>(market, Usd::dollars(2_000));

        #[block]
        {
            Pallet::<T>::settle(market, &vault);
        }

        assert!(Held::<T>::get().is_empty());
        assert_eq!(AtRisk::<T>::get(), Usd::ZERO);
        assert_eq!(
            DayLosses::<T>::get().until(Pallet::<T>::quarter()),
            Some(Usd::dollars(1_000))
        );
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
