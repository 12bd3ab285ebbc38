//! The book's share of the numbered invariants, by reading all of it.

use crate::{
    bitmap::LAYERS, types::Level, Bits, Config, ForcedOrders, Levels, NextOrderId, OrderOf, Orders,
    Pallet, Tick,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use bulwark_primitives::{MarketId, MarketStatus, OrderId, Side};
use bulwark_traits::MarketGuard;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks invariants 8 (the book's own sums and indices) and 13 (never crossed).
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_levels()?;
        Self::check_bits()?;
        Self::check_accounts()?;
        Self::check_queues()?;
        Self::check_stops()?;
        Self::check_orders()?;
        Self::check_auctions()?;
        Self::check_not_crossed()
    }

    /// Every queue is linked both ways and its level has its sums; every order is in one queue.
    fn check_levels() -> Result<(), TryRuntimeError> {
        let mut queued: usize = 0;
        for ((market, side, tick), level) in Levels::<T>::iter() {
            let queue = Self::check_queue(market, side, tick, &level)?;
            queued = queued
                .checked_add(queue)
                .ok_or("invariant 8: too many orders")?;
        }
        ensure!(
            queued == Orders::<T>::iter_keys().count(),
            "invariant 8: an order is in no level"
        );
        Ok(())
    }

    /// Walks one queue and returns how many orders it has.
    fn check_queue(
        market: MarketId,
        side: Side,
        tick: Tick,
        level: &Level,
    ) -> Result<usize, TryRuntimeError> {
        let mut seen = BTreeSet::new();
        let mut lots: u128 = 0;
        let mut previous: Option<OrderId> = None;
        let mut at = Some(level.head);
        while let Some(id) = at {
            ensure!(seen.insert(id), "invariant 8: a queue has a cycle");
            let order =
                Orders::<T>::get(market, id).ok_or("invariant 8: a queue names a missing order")?;
            ensure!(
                order.side == side && order.tick == tick,
                "invariant 8: an order is in the wrong level"
            );
            ensure!(
                order.previous == previous,
                "invariant 8: a queue is not linked back"
            );
            lots = lots
                .checked_add(u128::from(order.remaining))
                .ok_or("invariant 8: a level's lots do not fit")?;
            previous = Some(id);
            at = order.next;
        }
        ensure!(
            previous == Some(level.tail),
            "invariant 8: a level's tail is not its last order"
        );
        ensure!(
            lots == level.lots,
            "invariant 8: a level's lots are not the sum of its orders"
        );
        ensure!(
            u32::try_from(seen.len()).ok() == Some(level.orders),
            "invariant 8: a level's count is not that of its orders"
        );
        Ok(seen.len())
    }

    /// The bitmaps, built anew from the levels, are the stored ones.
    fn check_bits() -> Result<(), TryRuntimeError> {
        let mut expected: BTreeMap<(MarketId, Side, u8, u32), BTreeSet<u8>> = BTreeMap::new();
        for (market, side, tick) in Levels::<T>::iter_keys() {
            let mut index = tick;
            for layer in 0..LAYERS {
                let [bit, ..] = index.to_le_bytes();
                index >>= 8;
                expected
                    .entry((market, side, layer, index))
                    .or_default()
                    .insert(bit);
            }
        }
        let mut words: usize = 0;
        for (key, word) in Bits::<T>::iter() {
            let bits: Vec<u8> = (0..=u8::MAX)
                .filter(|bit| {
                    let limb = word.get(usize::from(bit >> 6)).copied().unwrap_or_default();
                    limb.wrapping_shr(u32::from(*bit)) & 1 == 1
                })
                .collect();
            let found = expected
                .get(&key)
                .is_some_and(|wanted| wanted.iter().eq(bits.iter()));
            ensure!(found, "invariant 8: the bitmap is not that of the levels");
            words = words.checked_add(1).ok_or("invariant 8: too many words")?;
        }
        ensure!(
            words == expected.len(),
            "invariant 8: the bitmap lacks a level"
        );
        Ok(())
    }

    /// Every order has something left, an id that was given out, and the exposure of its limit.
    fn check_orders() -> Result<(), TryRuntimeError> {
        let mut forced: usize = 0;
        for (market, id, order) in Orders::<T>::iter() {
            ensure!(
                order.remaining > 0,
                "invariant 8: an order has nothing left"
            );
            ensure!(
                id < NextOrderId::<T>::get(market),
                "invariant 8: an id was not given out"
            );
            forced = forced.saturating_add(usize::from(order.forced));
            ensure!(
                !order.forced || ForcedOrders::<T>::get(market, &order.account) == Some(id),
                "invariant 8: an order of liquidation is not listed"
            );
            let exposure = Self::exposure_at_limit(market, &order)?;
            ensure!(
                exposure == order.exposure,
                "invariant 8: an order's exposure is wrong"
            );
        }
        ensure!(
            forced == ForcedOrders::<T>::iter_keys().count(),
            "invariant 8: a list names a missing order of liquidation"
        );
        Ok(())
    }

    fn exposure_at_limit(
        market: MarketId,
        order: &OrderOf<T>,
    ) -> Result<bulwark_primitives::Usd, TryRuntimeError> {
        if order.forced {
            return Ok(bulwark_primitives::Usd::ZERO);
        }
        let grid = Self::grid(market)?;
        let exposure = grid.exposure::<T>(market, order.side, order.tick, order.remaining);
        Ok(exposure.map_err(sp_runtime::DispatchError::from)?.notional)
    }

    /// In every market the best bid is below the best ask, but for those whose orders wait for an auction.
    /// A pause by governance may come over one, so that it waits longer.
    fn check_not_crossed() -> Result<(), TryRuntimeError> {
        let markets: BTreeSet<MarketId> = Levels::<T>::iter_keys()
            .map(|(market, _, _)| market)
            .collect();
        for market in markets {
            let sides = (Self::best(market, Side::Bid), Self::best(market, Side::Ask));
            if let (Some(bid), Some(ask)) = sides {
                ensure!(
                    bid < ask || T::Guard::status(market) == MarketStatus::Paused,
                    "invariant 13: the book is crossed"
                );
            }
        }
        Ok(())
    }
}
