//! The raw feeds, as this pallet sees them, and the adapter over the SDK's oracle.
//!
//! The SDK's oracle takes, authorises and timestamps what feeders send. Its aggregate is of no use
//! here: when feeds run out it goes on answering the old value. So only its raw values are read.

use crate::{AccountIdOf, Config, Feeders, Pallet};
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Moment, Price};
use bulwark_risk_math::Quote;
use core::marker::PhantomData;
use frame_support::traits::{SortedMembers, Time};
use pallet_oracle::{CombineData, TimestampedValue};

/// What each feeder said last.
pub trait RawFeeds<AccountId> {
    /// The last value of `feeder` for `asset` and when it was fed.
    fn value(feeder: &AccountId, asset: AssetId) -> Option<Quote>;
    /// Forgets what `feeder` said of `assets`.
    fn forget(feeder: &AccountId, assets: &[AssetId]);

    /// Feeds a value, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_value(feeder: &AccountId, asset: AssetId, quote: Quote);
    /// Feeds values as a feeder's call does, for benchmarks. A source without such a call does nothing.
    #[cfg(feature = "runtime-benchmarks")]
    fn feed(feeder: &AccountId, values: Vec<(AssetId, Price)>) {
        let _ = (feeder, values);
    }
}

/// [`RawFeeds`] over the SDK's `pallet_oracle`, keyed by asset.
#[derive(Debug)]
pub struct OracleFeeds<T, I = ()>(PhantomData<(T, I)>);

impl<T, I> RawFeeds<T::AccountId> for OracleFeeds<T, I>
where
    I: 'static,
    T: pallet_oracle::Config<I, OracleKey = AssetId, OracleValue = Price>,
    <T as pallet_oracle::Config<I>>::Time: Time<Moment = Moment>,
{
    fn value(feeder: &T::AccountId, asset: AssetId) -> Option<Quote> {
        pallet_oracle::RawValues::<T, I>::get(feeder, asset).map(|fed| Quote {
            price: fed.value,
            at: fed.timestamp,
        })
    }

    // Key by key and not by prefix: a feeder may have fed keys nobody reads, and what is written
    // there must not decide how much work leaving is.
    fn forget(feeder: &T::AccountId, assets: &[AssetId]) {
        for asset in assets {
            pallet_oracle::RawValues::<T, I>::remove(feeder, asset);
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_value(feeder: &T::AccountId, asset: AssetId, quote: Quote) {
        let value = TimestampedValue {
            value: quote.price,
            timestamp: quote.at,
        };
        pallet_oracle::RawValues::<T, I>::insert(feeder, asset, value);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn feed(feeder: &T::AccountId, values: Vec<(AssetId, Price)>) {
        let origin = frame_system::RawOrigin::Signed(feeder.clone()).into();
        let fed = values
            .try_into()
            .map(|values| pallet_oracle::Pallet::<T, I>::feed_values(origin, values));
        debug_assert!(matches!(fed, Ok(Ok(_))), "a feeder may feed: {fed:?}");
    }
}

/// The active feeders, as the SDK's oracle is to see them: it may ask whether somebody is one, and it
/// finds none to list.
///
/// For every value of a feed that oracle reads what each listed member said of the same key, to hand
/// it to [`NoAggregate`], which does not look at it. With nobody to list a feed costs what its own
/// values cost, however many feeders there are. The list itself is [`Feeders`], in order.
#[derive(Debug)]
pub struct FeedRights<T>(PhantomData<T>);

impl<T: Config> SortedMembers<AccountIdOf<T>> for FeedRights<T> {
    fn sorted_members() -> Vec<AccountIdOf<T>> {
        Vec::new()
    }

    fn contains(who: &AccountIdOf<T>) -> bool {
        <Pallet<T> as SortedMembers<AccountIdOf<T>>>::contains(who)
    }

    fn count() -> usize {
        Feeders::<T>::decode_len().unwrap_or_default()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(who: &AccountIdOf<T>) {
        <Pallet<T> as SortedMembers<AccountIdOf<T>>>::add(who);
    }
}

/// `CombineData` for the SDK's oracle that aggregates nothing, so that `Oracle.Values` stays empty
/// and nobody can mistake it for a price: that is the snapshot of `PriceOracle.Tracks`.
#[derive(Debug)]
pub struct NoAggregate;

impl<Key, Moment> CombineData<Key, TimestampedValue<Price, Moment>> for NoAggregate {
    fn combine_data(
        _: &Key,
        _: Vec<TimestampedValue<Price, Moment>>,
        _: Option<TimestampedValue<Price, Moment>>,
    ) -> Option<TimestampedValue<Price, Moment>> {
        None
    }
}
