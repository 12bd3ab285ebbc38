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

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::new_test_ext(Usd::ZERO),
        crate::mock::Test
    );
}
