//! Benchmarks of `pallet_lending`.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use bulwark_primitives::{
    FundingParams, MarginTier, MarketId, MarketParams, MarketStatus, Price, Quantity, Tier, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_traits::Custody;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;

/// The first id of markets that benchmarks add.
const FIRST: u32 = 1_000;

/// Halts whatever market there is and adds until there are `count`, all halted.
fn halt_markets<T: Config>(count: u32) {
    for market in T::Registry::market_ids() {
        T::Guard::set_status(market, MarketStatus::Paused);
    }
    let present = T::Registry::market_ids().len() as u32;
    for index in present..count {
        let (market, asset) = (MarketId(FIRST + index), FIRST + index);
        T::Registry::set_market(
            market,
            MarketParams {
                index_asset: asset,
                tier: Tier::A,
                tick_size: Price(PRICE_SCALE / 10),
                lot_size: Quantity(SIZE_SCALE / 1_000),
                min_order: Quantity(SIZE_SCALE / 1_000),
                initial_margin: Rate::percent(5),
                maintenance_margin: Rate::percent(3),
                maker_fee: Rate::ZERO,
                taker_fee: Rate::basis_points(5),
                liquidation_fee: Rate::percent(1),
                max_open_interest: Quantity(1_000_000 * SIZE_SCALE),
                price_band: Rate::percent(5),
                margin_tiers: [MarginTier::UNUSED; 4],
                lower_open_interest: Quantity(1_000_000 * SIZE_SCALE),
                funding: FundingParams {
                    interest: Rate::basis_points(1),
                    impact_notional: Usd::dollars(10_000),
                },
            },
        );
        T::Guard::set_status(market, MarketStatus::Paused);
    }
}

/// A supplier with a thousand dollars in the pool.
fn supplier<T: Config>() -> T::AccountId {
    let who: T::AccountId = whitelisted_caller();
    T::Custody::endow_wallet(&who, Usd::dollars(10_000));
    Pallet::<T>::do_supply(&who, Usd::dollars(1_000)).unwrap();
    who
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn supply() {
        let who = supplier::<T>();
        let before = Suppliers::<T>::get(&who);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Usd::dollars(100));

        assert!(Suppliers::<T>::get(&who) > before);
    }

    #[benchmark]
    fn redeem() {
        let who = supplier::<T>();
        // Above the kink, and enough for what is asked.
        T::Debts::set_scaled_debt(Quantity(850 * SIZE_SCALE));
        let all = Suppliers::<T>::get(&who);
        let part = Shares(all.0 / 10);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), part);

        assert_eq!(Suppliers::<T>::get(&who).0, all.0 - part.0);
    }

    #[benchmark]
    fn set_params() {
        let params = InterestParams {
            rate_at_kink: Rate::percent(12),
            ..InterestParams::default()
        };
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, params);

        assert_eq!(Params::<T>::get(), params);
    }

    // Every market is looked at, interest is booked and the hour closed. That never comes together: a
    // step in which no market trades books nothing. So it is an upper bound.
    #[benchmark]
    fn on_initialize(m: Linear<1, { T::MaxMarkets::get() }>) {
        supplier::<T>();
        T::Debts::set_scaled_debt(Quantity(850 * SIZE_SCALE));
        let mut books = Books::<T>::get();
        books.reserve = Usd(1);
        Books::<T>::put(books);
        let now = T::Clock::now();
        LastStep::<T>::put(Timing {
            at: now,
            frozen: false,
        });
        halt_markets::<T>(m);
        let looked_at;

        #[block]
        {
            let (frozen, markets) = Pallet::<T>::is_frozen();
            looked_at = (frozen, markets);
            Pallet::<T>::pass_time(now + 3_600_000, false);
        }

        assert!(looked_at.0 && looked_at.1 >= m);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
