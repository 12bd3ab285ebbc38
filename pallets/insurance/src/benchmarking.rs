//! Benchmarks of `pallet_insurance`.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use crate::book::{MAX_DAYS, MAX_POLICIES, WAITING_MINUTES};
use bulwark_primitives::{
    FundingParams, MarginTier, MarketParams, Price, Quantity, Rate, Tier, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_risk_math::cover::Stream;
use frame_benchmarking::v2::*;
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};

/// The market that is covered.
const MARKET: MarketId = MarketId(1);

impl<T: Config> Pallet<T> {
    /// As many policies of an account as it can have, each of a dollar and with a day of its own, and a dollar of
    /// nobody's behind each.
    pub(crate) fn bench_insure(account: &SubAccount<T::AccountId>, market: MarketId) {
        let mut policies = Policies::<T>::get(account, market);
        let mut book = Self::settled(market).unwrap();
        let (now, day) = (Self::now(), Self::day());
        for n in policies.len() as u32..MAX_POLICIES {
            let last = now / day + 2 + n;
            let premium = Usd(1_000);
            let policy = Policy {
                from: now,
                until: last * day,
                left: Usd::dollars(1),
                premium,
                stream: Stream::of(premium, last * day - now).unwrap(),
            };
            policies.try_push(policy).unwrap();
            book.pool.assets.0 += policy.left.0;
            book.pool.shares += 1_000_000;
            book = book.selling(&policy).unwrap();
            CoverEnds::<T>::mutate(market, last, |ending| {
                *ending = ending.with(&policy).unwrap()
            });
            CoverFunds::<T>::mutate(|funds| funds.0 += policy.left.0 + premium.0);
        }
        CoverBooks::<T>::insert(market, book);
        Policies::<T>::insert(account, market, policies);
    }
}

fn market_params() -> MarketParams {
    MarketParams {
        index_asset: 1,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 10),
        lot_size: Quantity(SIZE_SCALE / 1_000),
        min_order: Quantity(SIZE_SCALE / 1_000),
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        maker_fee: Rate::ZERO,
        taker_fee: Rate::ZERO,
        liquidation_fee: Rate::percent(1),
        max_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        price_band: Rate::percent(5),
        margin_tiers: [MarginTier::UNUSED; 4],
        lower_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        funding: FundingParams {
            interest: Rate::ZERO,
            impact_notional: Usd::dollars(10_000),
        },
    }
}

fn go_to<T: Config>(block: u32) {
    frame_system::Pallet::<T>::set_block_number(block.into());
}

fn rich<T: Config>(name: &'static str, n: u32) -> T::AccountId {
    let who: T::AccountId = account(name, n, 0);
    T::Custody::endow_wallet(&who, Usd::dollars(1_000_000));
    who
}

fn buy<T: Config>(n: u32, days: u32) {
    let account = SubAccount::new(rich::<T>("holder", n), 0);
    Pallet::<T>::do_buy(account, MARKET, Usd::dollars(100), days, Usd::MAX).unwrap();
}

/// An underwriter who wants out with a half, of a market in which as many days have ended with policies as can
/// have since its books were written; the last of them as his cooldown ends.
fn after_all_policies<T: Config>() -> T::AccountId {
    T::Registry::set_market(MARKET, market_params());
    CoverParameters::<T>::mutate(|params| params.waiting_minutes = WAITING_MINUTES.1);
    let who = rich::<T>("underwriter", 0);
    let amount = Usd::dollars(100_000);
    let day = Pallet::<T>::day();
    let first = Pallet::<T>::now() / day + 1;
    go_to::<T>(first * day + 1);
    Pallet::<T>::do_underwrite(who.clone(), MARKET, amount).unwrap();
    for days in 1..=MAX_DAYS {
        buy::<T>(days, days);
    }
    go_to::<T>((first + 2) * day + 1);
    buy::<T>(MAX_DAYS + 1, MAX_DAYS - 1);
    buy::<T>(MAX_DAYS + 2, MAX_DAYS);
    let half = CoverBooks::<T>::get(MARKET).pool.shares / 2;
    Pallet::<T>::do_request_withdrawal(who.clone(), MARKET, half).unwrap();
    let since: BlockNumberFor<T> = ((first + 2) * day + 1).into();
    frame_system::Pallet::<T>::set_block_number(since + T::CoverCooldown::get());
    assert_eq!(
        CoverEnds::<T>::iter_prefix(MARKET).count() as u32,
        MAX_DAYS + 2
    );
    who
}

/// Checks that all of them are over and earned.
fn assert_settled<T: Config>(left: usize) {
    assert_eq!(CoverEnds::<T>::iter_prefix(MARKET).count(), left);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn contribute() {
        let who: T::AccountId = whitelisted_caller();
        let amount = Usd::dollars(1_000);
        T::Custody::endow_wallet(&who, Usd::dollars(10_000));
        let before = Balance::<T>::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), amount);

        assert_eq!(Balance::<T>::get().0, before.0 + amount.0);
    }

    /// A staker, behind whose money some was lost.
    fn staker<T: Config>() -> T::AccountId {
        let who: T::AccountId = whitelisted_caller();
        T::Custody::endow_wallet(&who, Usd::dollars(10_000));
        Pallet::<T>::stake(RawOrigin::Signed(who.clone()).into(), Usd::dollars(1_000)).unwrap();
        StakePool::<T>::mutate(|pool| pool.assets = Usd::dollars(900));
        who
    }

    #[benchmark]
    fn stake() {
        let who = staker::<T>();
        let before = Pallet::<T>::stake_of(&who).shares;

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Usd::dollars(90));

        let shares = Pallet::<T>::stake_of(&who).shares - before;
        assert_eq!(shares, 100_000_000);
    }

    #[benchmark]
    fn request_unstake() {
        let who = staker::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), 1_000);

        assert!(Pallet::<T>::stake_of(&who).request.is_some());
    }

    #[benchmark]
    fn unstake() {
        let who = staker::<T>();
        let origin = RawOrigin::Signed(who.clone());
        Pallet::<T>::request_unstake(origin.into(), 1_000_000).unwrap();
        frame_system::Pallet::<T>::set_block_number(
            frame_system::Pallet::<T>::block_number() + T::Cooldown::get(),
        );

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert_eq!(Pallet::<T>::stake_of(&who).shares, 999_000_000);
    }

    #[benchmark]
    fn buy_cover() {
        after_all_policies::<T>();
        let who = rich::<T>("buyer", 0);
        let (cover, origin) = (Usd::dollars(100), RawOrigin::Signed(who));

        #[extrinsic_call]
        _(origin, 0, MARKET, cover, MAX_DAYS, Usd::MAX);

        assert_settled::<T>(1);
        assert_eq!(CoverBooks::<T>::get(MARKET).sold, cover);
    }

    #[benchmark]
    fn underwrite() {
        after_all_policies::<T>();
        let who = rich::<T>("other", 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), MARKET, Usd::dollars(1_000));

        assert_settled::<T>(0);
        // Premiums are in the price of a share.
        assert!(Underwriters::<T>::get(MARKET, &who).shares < 1_000_000_000);
    }

    #[benchmark]
    fn request_withdrawal() {
        let who = after_all_policies::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), MARKET, 1_000);

        assert_settled::<T>(0);
        assert_eq!(CoverBooks::<T>::get(MARKET).leaving, 1_000);
    }

    #[benchmark]
    fn withdraw() {
        let who = after_all_policies::<T>();
        let before = CoverBooks::<T>::get(MARKET).pool.shares;

        #[extrinsic_call]
        _(RawOrigin::Signed(who), MARKET);

        assert_settled::<T>(0);
        assert_eq!(
            CoverBooks::<T>::get(MARKET).pool.shares,
            before - before / 2
        );
    }

    #[benchmark]
    fn set_cover_params() {
        let params = CoverParams {
            waiting_minutes: 90,
            ..CoverParams::default()
        };
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, params);

        assert_eq!(CoverParameters::<T>::get(), params);
    }

    #[benchmark]
    fn remove_expired() {
        let holder = SubAccount::new(rich::<T>("holder", 0), 0);
        Pallet::<T>::bench_insure(&holder, MARKET);
        go_to::<T>(Pallet::<T>::now() + 10 * Pallet::<T>::day());
        let who: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), holder.clone(), MARKET);

        assert!(Policies::<T>::get(&holder, MARKET).is_empty());
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::new_test_ext(Usd::ZERO),
        crate::mock::Test
    );
}
