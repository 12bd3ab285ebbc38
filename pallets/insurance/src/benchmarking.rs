//! Benchmarks of `pallet_insurance`.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;

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

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::new_test_ext(Usd::ZERO),
        crate::mock::Test
    );
}
