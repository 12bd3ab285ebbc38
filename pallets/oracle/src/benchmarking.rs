//! Worst cases of the calls and of the hook.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Price, Tier, PRICE_SCALE};
use bulwark_risk_math::Quote;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{fungible::Mutate, EnsureOrigin, Get, SortedMembers, Time},
    BoundedVec,
};
use frame_system::RawOrigin;

/// An asset that is not the settlement asset.
fn asset<T: Config>(index: u32) -> AssetId {
    T::Settlement::get() + 1_000 + index
}

/// Lists exactly `count` assets.
fn list_assets<T: Config>(count: u32) {
    let assets: Vec<OracleAsset> = (0..count)
        .map(|index| OracleAsset {
            asset: asset::<T>(index),
            tier: Tier::A,
        })
        .collect();
    Assets::<T>::put(BoundedVec::try_from(assets).unwrap());
}

/// Admits exactly `count` feeders and lets each feed every listed asset, every one a price of its
/// own so that there is something to sort.
fn feed_everything<T: Config>(count: u32) {
    Feeders::<T>::kill();
    let _ = Registrations::<T>::clear(u32::MAX, None);
    let now = T::Clock::now();
    for index in 0..count {
        let feeder: T::AccountId = account("feeder", index, 0);
        Pallet::<T>::add(&feeder);
        for entry in Assets::<T>::get() {
            let price = Price(100 * PRICE_SCALE + u128::from((index * 7_919) % 1_000));
            T::Feeds::set_value(&feeder, entry.asset, Quote { price, at: now });
        }
    }
}

/// A registered account with a held bond.
fn registered<T: Config>() -> T::AccountId {
    let who: T::AccountId = account("candidate", 0, 0);
    let bond = T::FeederBond::get();
    T::Currency::mint_into(&who, bond + bond + T::Currency::minimum_balance()).unwrap();
    Pallet::<T>::do_register(&who).unwrap();
    who
}

/// The most feeders but one, every asset fed, and `registered` admitted as the last.
fn admitted<T: Config>() -> T::AccountId {
    list_assets::<T>(T::MaxAssets::get());
    feed_everything::<T>(T::MaxFeeders::get() - 1);
    let who = registered::<T>();
    Pallet::<T>::do_admit(&who).unwrap();
    for entry in Assets::<T>::get() {
        let quote = Quote {
            price: Price(PRICE_SCALE),
            at: T::Clock::now(),
        };
        T::Feeds::set_value(&who, entry.asset, quote);
    }
    who
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_feeder() {
        let who: T::AccountId = whitelisted_caller();
        let bond = T::FeederBond::get();
        T::Currency::mint_into(&who, bond + bond + T::Currency::minimum_balance()).unwrap();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(Registrations::<T>::contains_key(&who));
    }

    #[benchmark]
    fn unregister_feeder() {
        let who = admitted::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!Registrations::<T>::contains_key(&who));
        assert!(T::Feeds::value(&who, asset::<T>(0)).is_none());
    }

    #[benchmark]
    fn admit_feeder() {
        feed_everything::<T>(T::MaxFeeders::get() - 1);
        let who = registered::<T>();
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());

        assert!(Pallet::<T>::contains(&who));
    }

    #[benchmark]
    fn remove_feeder() {
        let who = admitted::<T>();
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());

        assert!(!Pallet::<T>::contains(&who));
    }

    #[benchmark]
    fn set_quorum() {
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1, MIN_MAX_AGE);

        assert_eq!(Settings::<T>::get().max_age, MIN_MAX_AGE);
    }

    #[benchmark]
    fn add_asset() {
        list_assets::<T>(T::MaxAssets::get() - 1);
        let new = asset::<T>(T::MaxAssets::get());
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, new, Tier::B);

        assert_eq!(
            Assets::<T>::decode_len(),
            Some(T::MaxAssets::get() as usize)
        );
    }

    #[benchmark]
    fn remove_asset() {
        list_assets::<T>(T::MaxAssets::get());
        Pallet::<T>::take_snapshots(T::Clock::now());
        let origin = T::AdminOrigin::try_successful_origin().unwrap();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, asset::<T>(0));

        assert!(Snapshots::<T>::get(asset::<T>(0)).is_none());
    }

    // Every feeder has a fresh value for every asset, and every price is new.
    #[benchmark]
    fn on_initialize(
        f: Linear<1, { T::MaxFeeders::get() }>,
        a: Linear<1, { T::MaxAssets::get() }>,
    ) {
        Settings::<T>::put(Quorum {
            min_feeders: 1,
            max_age: MAX_MAX_AGE,
        });
        list_assets::<T>(a);
        feed_everything::<T>(f);

        #[block]
        {
            Pallet::<T>::take_snapshots(T::Clock::now());
        }

        for index in 0..a {
            let snapshot = Snapshots::<T>::get(asset::<T>(index)).unwrap();
            assert_eq!(snapshot.feeds, f);
            assert!(snapshot.price.is_ok());
        }
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
