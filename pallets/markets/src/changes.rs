//! Listing and changing: checked before anything is written.

use crate::{
    record::{BlockNumber, Governed, MarketRecord, Schedule},
    schema::{tiers_loosen, Parameters},
    validate, CollateralIds, Collaterals, Config, Error, MarketIds, Markets, MarketsByIndex,
    Pallet, RampSchedule, ScheduleSince, SettlementAsset, Symbol, Symbols,
};
use bulwark_primitives::{AssetId, CollateralParams, MarketId, MarketParams};
use bulwark_traits::Exposure;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_runtime::traits::UniqueSaturatedInto;

impl<T: Config> Pallet<T> {
    /// The block that is being executed. 32 bits last for 270 years.
    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    /// Parameters of a market in block `at`, as far as they are decided by now: governed values, and
    /// moves as they were told last. O(1).
    pub fn market_at(market: MarketId, at: BlockNumber) -> Option<MarketParams> {
        Markets::<T>::get(market).map(|record| record.at(at))
    }

    /// Parameters of a collateral asset in block `at`, as far as they are decided by now. O(1).
    pub fn collateral_at(asset: AssetId, at: BlockNumber) -> Option<CollateralParams> {
        Collaterals::<T>::get(asset).map(|record| record.at(at))
    }

    /// Checks and stores a market that is not listed yet.
    pub(crate) fn put_new_market(
        market: MarketId,
        symbol: &Symbol,
        params: &MarketParams,
    ) -> DispatchResult {
        ensure!(market != MarketId::LOANS, Error::<T>::ReservedMarket);
        ensure!(
            !Markets::<T>::contains_key(market),
            Error::<T>::MarketExists
        );
        validate::symbol(symbol).map_err(Error::<T>::from)?;
        validate::market(params).map_err(Error::<T>::from)?;
        MarketIds::<T>::try_mutate(|ids| match ids.binary_search(&market) {
            Ok(_) => Err(Error::<T>::MarketExists),
            Err(position) => ids
                .try_insert(position, market)
                .map_err(|_| Error::<T>::TooManyMarkets),
        })?;
        MarketsByIndex::<T>::try_mutate(params.index_asset, |ids| {
            let position = ids.binary_search(&market).unwrap_or_else(|place| place);
            ids.try_insert(position, market)
                .map_err(|_| Error::<T>::TooManyMarkets)
        })?;
        Markets::<T>::insert(market, MarketRecord::settled(*params));
        Symbols::<T>::insert(market, symbol);
        Ok(())
    }

    /// Checks a change of a market and sets it going.
    pub(crate) fn change_market(market: MarketId, params: &MarketParams) -> DispatchResult {
        let record = Markets::<T>::get(market).ok_or(Error::<T>::UnknownMarket)?;
        let now = Self::now();
        let old = record.governed.at(now);
        ensure!(
            old.tick_size == params.tick_size && old.lot_size == params.lot_size,
            Error::<T>::TickOrLotFixed
        );
        ensure!(
            old.index_asset == params.index_asset,
            Error::<T>::IndexAssetFixed
        );
        validate::market(params).map_err(Error::<T>::from)?;
        ensure!(
            MarketParams::too_far(&old, &record.governed.to, params).is_none(),
            Error::<T>::StepTooLarge
        );
        ensure!(
            tiers_loosen(&old, params) || !T::Exposure::has_positions(market),
            Error::<T>::TiersInUse
        );
        let governed = record
            .governed
            .changed(*params, RampSchedule::<T>::get(), now);
        // What changes at once has to agree with what does not.
        validate::market(&governed.at(now)).map_err(Error::<T>::from)?;
        Markets::<T>::insert(market, MarketRecord { governed, ..record });
        Ok(())
    }

    /// Checks a new collateral asset, or a change of one, and sets it going.
    pub(crate) fn change_collateral(asset: AssetId, params: &CollateralParams) -> DispatchResult {
        let settlement = asset == SettlementAsset::<T>::get();
        validate::collateral(params, settlement).map_err(Error::<T>::from)?;
        let (now, schedule) = (Self::now(), RampSchedule::<T>::get());
        let record = match Collaterals::<T>::get(asset) {
            Some(record) => {
                let old = record.at(now);
                ensure!(old.decimals == params.decimals, Error::<T>::DecimalsFixed);
                ensure!(
                    CollateralParams::too_far(&old, &record.to, params).is_none(),
                    Error::<T>::StepTooLarge
                );
                record.changed(*params, schedule, now)
            }
            None => Governed::listed(*params, schedule, now),
        };
        validate::collateral(&record.at(now), settlement).map_err(Error::<T>::from)?;
        Self::put_collateral(asset, record)
    }

    /// Stores a collateral asset, new or known.
    pub(crate) fn put_collateral(
        asset: AssetId,
        record: Governed<CollateralParams>,
    ) -> DispatchResult {
        if !Collaterals::<T>::contains_key(asset) {
            CollateralIds::<T>::try_mutate(|ids| {
                let position = ids.binary_search(&asset).unwrap_or_else(|place| place);
                ids.try_insert(position, asset)
                    .map_err(|_| Error::<T>::TooManyCollaterals)
            })?;
        }
        Collaterals::<T>::insert(asset, record);
        Ok(())
    }

    /// Checks and stores when later changes come into force.
    pub(crate) fn change_schedule(schedule: Schedule) -> DispatchResult {
        validate::schedule(&schedule).map_err(Error::<T>::from)?;
        let old = RampSchedule::<T>::get();
        ensure!(
            Schedule::too_far(&old, &old, &schedule).is_none(),
            Error::<T>::StepTooLarge
        );
        // Otherwise steps in one batch would shorten it to nothing, and what follows in the same batch
        // would hardly wait.
        let (now, since) = (Self::now(), ScheduleSince::<T>::get());
        let shortens = schedule.wait < old.wait || schedule.period < old.period;
        ensure!(
            !shortens || now.saturating_sub(since) >= old.wait,
            Error::<T>::ScheduleTooNew
        );
        RampSchedule::<T>::put(schedule);
        ScheduleSince::<T>::put(now);
        Ok(())
    }
}
