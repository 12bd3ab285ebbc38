//! Worst cases of the calls and of the hook.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, FeederStatus, Moment, Price, Seat, Tier, PRICE_SCALE};
use bulwark_risk_math::{
    oracle::{Continuity, Record},
    Quote,
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{fungible::Mutate, EnsureOrigin, Get, SortedMembers},
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::Perbill;

/// An asset that is not the settlement asset.
fn asset<T: Config>(index: u32) -> AssetId {
    T::Settlement::get() + 1_000 + index
}

/// Lists exactly `count` assets.
fn list_assets<T: Config>(count: u32) {
    let assets: Vec<OracleAsset> = (0..count)
        .map(|index| OracleAsset::new(asset::<T>(index), Tier::A))
        .collect();
    for entry in &assets {
        Pallet::<T>::start_moves(entry).unwrap();
    }
    Assets::<T>::put(BoundedVec::try_from(assets).unwrap());
}

fn origin<T: Config>() -> T::RuntimeOrigin {
    T::AdminOrigin::try_successful_origin().unwrap()
}

/// When the hook runs. The clock of a runtime may not have started yet in a benchmark.
const NOW: Moment = 1_700_000_000_000;

/// Lets `feeder` feed every listed asset.
fn feed<T: Config>(feeder: &T::AccountId, price: Price) {
    let at = NOW;
    for entry in Assets::<T>::get() {
        T::Feeds::set_value(feeder, entry.asset, Quote { price, at });
    }
}

/// A registered account with a held bond of so many of the least ones.
fn registered<T: Config>(seed: u32, bonds: u32) -> T::AccountId {
    let who: T::AccountId = account("candidate", seed, 0);
    let bond = T::MinFeederBond::get() * bonds.into();
    T::Currency::mint_into(&who, bond + bond + T::Currency::minimum_balance()).unwrap();
    Pallet::<T>::do_register(&who, who.clone(), bond).unwrap();
    who
}

/// Exactly `count` bonded feeders with seats of governance, each with a price of its own for every
/// listed asset, so that there is something to sort.
fn feed_everything<T: Config>(count: u32) -> Vec<T::AccountId> {
    Feeders::<T>::kill();
    CurrentRound::<T>::kill();
    let _ = Registrations::<T>::clear(u32::MAX, None);
    let _ = HotKeys::<T>::clear(u32::MAX, None);
    (0..count)
        .map(|index| {
            let who = registered::<T>(1_000 + index, 1);
            Pallet::<T>::do_admit(&who).unwrap();
            let price = 100 * PRICE_SCALE + u128::from((index * 7_919) % 1_000);
            feed::<T>(&who, Price(price));
            who
        })
        .collect()
}

/// The most assets and feeders, all fed; the last feeder is returned.
fn admitted<T: Config>() -> T::AccountId {
    list_assets::<T>(T::MaxAssets::get());
    feed_everything::<T>(T::MaxFeeders::get()).pop().unwrap()
}

/// The most assets and feeders, all fed, as many of them in open seats as there are.
fn full_seats<T: Config>() {
    list_assets::<T>(T::MaxAssets::get());
    let feeders = feed_everything::<T>(T::MaxFeeders::get());
    for who in feeders.iter().rev().take(T::OpenSeats::get() as usize) {
        Registrations::<T>::mutate_extant(who, |registration| {
            registration.status = FeederStatus::Active(Seat::Open);
        });
    }
}

/// Tracks in which an hour is over and a full day of delayed prices is kept; the hour before it is known.
fn age<T: Config>() {
    for entry in Assets::<T>::get() {
        let then = NOW - HOUR;
        let price = Price(100 * PRICE_SCALE);
        Tracks::<T>::insert(
            entry.asset,
            Track {
                continuity: Continuity::Held,
                means: Some(Means::new(price, then)),
                next: 0,
                snapshot: None,
            },
        );
        Hours::<T>::mutate(entry.asset, |hours| {
            hours.delays = Delays::try_from(alloc::vec![price; 24]).unwrap();
            let state = hours.moves.as_mut().unwrap();
            state.close = Some(price);
            state.hours = 1;
        });
    }
}

fn quorum_of_one<T: Config>() {
    Settings::<T>::put(Quorum {
        min_feeders: 1,
        max_age: MAX_MAX_AGE,
    });
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_feeder() {
        let who: T::AccountId = whitelisted_caller();
        let bond = T::MinFeederBond::get();
        T::Currency::mint_into(&who, bond + bond + T::Currency::minimum_balance()).unwrap();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), who.clone(), bond);

        assert!(Registrations::<T>::contains_key(&who));
    }

    #[benchmark]
    fn unregister_feeder() {
        let who = admitted::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!Pallet::<T>::contains(&who));
        assert!(T::Feeds::value(&who, asset::<T>(0)).is_none());
    }

    #[benchmark]
    fn admit_feeder() {
        list_assets::<T>(T::MaxAssets::get());
        feed_everything::<T>(T::MaxFeeders::get() - 1);
        let who = registered::<T>(0, 1);
        feed::<T>(&who, Price(PRICE_SCALE));
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());

        assert!(Pallet::<T>::contains(&who));
    }

    #[benchmark]
    fn remove_feeder() {
        let who = admitted::<T>();
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());

        assert!(!Pallet::<T>::contains(&who));
    }

    #[benchmark]
    fn set_quorum() {
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1, MIN_MAX_AGE);

        assert_eq!(Settings::<T>::get().max_age, MIN_MAX_AGE);
    }

    #[benchmark]
    fn add_asset() {
        list_assets::<T>(T::MaxAssets::get() - 1);
        let new = asset::<T>(T::MaxAssets::get());
        let origin = origin::<T>();

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            new,
            Tier::B,
            Some(MIN_MAX_AGE),
            Some(MIN_TOLERANCE),
        );

        assert_eq!(
            Assets::<T>::decode_len(),
            Some(T::MaxAssets::get() as usize)
        );
    }

    #[benchmark]
    fn remove_asset() {
        admitted::<T>();
        age::<T>();
        Pallet::<T>::take_snapshots(NOW);
        let gone = asset::<T>(0);
        let snapshot = Pallet::<T>::snapshot(gone).unwrap();
        for place in 0..=u8::MAX {
            History::<T>::insert(gone, place, snapshot);
        }
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, gone);

        assert!(Pallet::<T>::snapshot(gone).is_none());
        assert_eq!(History::<T>::iter_prefix(gone).count(), 0);
    }

    #[benchmark]
    fn withdraw_bond() {
        let who = registered::<T>(0, 1);
        Registrations::<T>::mutate_extant(&who, |registration| {
            registration.status = FeederStatus::Leaving { until: 0 };
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!Registrations::<T>::contains_key(&who));
    }

    #[benchmark]
    fn add_bond() {
        let who = registered::<T>(0, 1);
        let amount = T::MinFeederBond::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), amount);

        assert_eq!(Registrations::<T>::get(&who).unwrap().bond, amount + amount);
    }

    #[benchmark]
    fn set_hot_key() {
        let who = admitted::<T>();
        let hot_key: T::AccountId = account("hot", 0, 0);
        feed::<T>(&hot_key, Price(PRICE_SCALE));

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), hot_key.clone());

        assert!(Pallet::<T>::contains(&hot_key) && !Pallet::<T>::contains(&who));
        assert!(T::Feeds::value(&who, asset::<T>(0)).is_none());
    }

    #[benchmark]
    fn claim_seat() {
        full_seats::<T>();
        let who = registered::<T>(0, 2);
        feed::<T>(&who, Price(PRICE_SCALE));

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(Pallet::<T>::contains(&who));
    }

    #[benchmark]
    fn resume_feeder() {
        full_seats::<T>();
        let who = registered::<T>(0, 2);
        feed::<T>(&who, Price(PRICE_SCALE));
        Registrations::<T>::mutate_extant(&who, |registration| {
            registration.status = FeederStatus::Suspended {
                seat: Seat::Open,
                until: 0,
            };
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(Pallet::<T>::contains(&who));
    }

    #[benchmark]
    fn set_asset() {
        list_assets::<T>(T::MaxAssets::get());
        let last = asset::<T>(T::MaxAssets::get() - 1);
        let origin = origin::<T>();

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            last,
            Tier::C,
            Some(MAX_MAX_AGE),
            Some(MAX_TOLERANCE),
        );

        assert_eq!(Assets::<T>::get().last().unwrap().tier, Tier::C);
    }

    #[benchmark]
    fn set_guards() {
        let guards = Guards {
            grace: HOUR,
            ..Guards::default()
        };
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, guards);

        assert_eq!(GuardSettings::<T>::get(), guards);
    }

    #[benchmark]
    fn set_scoring() {
        let scoring = Scoring {
            slash: MAX_SLASH,
            ..Scoring::default()
        };
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, scoring);

        assert_eq!(ScoreSettings::<T>::get(), scoring);
    }

    #[benchmark]
    fn slash_feeder() {
        let who = registered::<T>(0, 1);
        let origin = origin::<T>();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone(), MAX_SLASH);

        assert!(Registrations::<T>::get(&who).unwrap().bond < T::MinFeederBond::get());
    }

    // One feeder with a fresh value for every asset; every price is new. More feeders are more values to
    // read, which `read_feeds` has.
    #[benchmark]
    fn on_initialize(a: Linear<1, { T::MaxAssets::get() }>) {
        quorum_of_one::<T>();
        list_assets::<T>(a);
        let feeder = feed_everything::<T>(1).pop().unwrap();
        // The round and the hour have only begun.
        Pallet::<T>::take_snapshots(NOW);
        feed::<T>(&feeder, Price(101 * PRICE_SCALE));
        let work;

        #[block]
        {
            work = Pallet::<T>::take_snapshots(NOW);
        }

        assert!(!work.hour && !work.round);
        for index in 0..a {
            let snapshot = Pallet::<T>::snapshot(asset::<T>(index)).unwrap();
            assert_eq!(snapshot.price, Ok(Price(101 * PRICE_SCALE)));
        }
    }

    // Moreover an hour of every asset ends.
    #[benchmark]
    fn on_initialize_hours(a: Linear<1, { T::MaxAssets::get() }>) {
        quorum_of_one::<T>();
        list_assets::<T>(a);
        feed_everything::<T>(1);
        CurrentRound::<T>::mutate(|round| round.started = NOW);
        age::<T>();
        let work;

        #[block]
        {
            work = Pallet::<T>::take_snapshots(NOW);
        }

        assert!(work.hour && !work.round);
        for index in 0..a {
            let asset = asset::<T>(index);
            let means = Tracks::<T>::get(asset).means.unwrap();
            assert_eq!(means.hour.start, NOW - NOW % HOUR);
            assert_eq!(Hours::<T>::get(asset).moves.unwrap().hours, 2);
        }
    }

    // As many values of each asset as there can be, for sorting costs more than in proportion.
    #[benchmark]
    fn read_feeds(v: Linear<1, { T::MaxFeeders::get() * T::MaxAssets::get() }>) {
        admitted::<T>();
        let feeders = Feeders::<T>::get();
        let mut marks = alloc::vec![snapshot::Mark::default(); feeders.len()];
        let quorum = Quorum {
            min_feeders: 1,
            max_age: MAX_MAX_AGE,
        };
        let mut left = v as usize;
        let mut work = Vec::new();
        for entry in Assets::<T>::get() {
            let some = left.min(feeders.len());
            left -= some;
            if some > 0 {
                work.push((entry, some));
            }
        }
        let mut fresh = 0;

        #[block]
        {
            for (entry, some) in &work {
                let reading =
                    Pallet::<T>::read_asset(&feeders[..*some], entry, NOW, &quorum, &mut marks);
                fresh += reading.fresh.iter().flatten().count();
            }
        }

        assert_eq!(fresh, v as usize);
    }

    // As many feeders as may be are convicted for the second time.
    #[benchmark]
    fn close_round(f: Linear<1, { T::MaxFeeders::get() }>) {
        quorum_of_one::<T>();
        list_assets::<T>(1);
        let who = feed_everything::<T>(f);
        ScoreSettings::<T>::put(Scoring {
            slash: Perbill::from_percent(50),
            ..Scoring::default()
        });
        let bad = f / 3;
        for who in &who {
            Registrations::<T>::mutate_extant(who, |registration| {
                registration.record = Record {
                    outside: u64::MAX,
                    rounds: 64,
                    offences: 1,
                    ..Record::default()
                };
            });
        }
        CurrentRound::<T>::mutate(|round| {
            round.started = NOW - ROUND;
            round.blocks = 14;
            for tally in round.tallies.iter_mut().take(bad as usize) {
                tally.outside = 14;
            }
        });
        let feeders = Feeders::<T>::get();
        let marks = alloc::vec![snapshot::Mark::default(); feeders.len()];
        let quorum = Settings::<T>::get();
        let closed;

        #[block]
        {
            closed = Pallet::<T>::run_round(&feeders, &marks, NOW, &quorum);
        }

        assert!(closed);
        assert_eq!(Feeders::<T>::decode_len(), Some((f - bad) as usize));
        let slashed = Registrations::<T>::iter_values()
            .filter(|registration| registration.bond < T::MinFeederBond::get())
            .count();
        assert_eq!(slashed, bad as usize);
    }

    // The SDK's call, with as many feeders as there can be: none of the others may cost it anything. The
    // lanes and the call filter look at the values before it.
    #[benchmark]
    fn feed_values(v: Linear<1, { T::MaxAssets::get() }>) {
        list_assets::<T>(T::MaxAssets::get());
        let feeder = feed_everything::<T>(T::MaxFeeders::get()).pop().unwrap();
        let price = Price(102 * PRICE_SCALE);
        let values: Vec<_> = (0..v).map(|index| (asset::<T>(index), price)).collect();

        #[block]
        {
            assert!(Pallet::<T>::is_sound_feed(&values));
            assert!(Pallet::<T>::is_sound_feed(&values));
            T::Feeds::feed(&feeder, values);
        }

        let last = T::Feeds::value(&feeder, asset::<T>(v - 1)).unwrap();
        assert_eq!(last.price, price);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
