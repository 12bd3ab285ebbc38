//! The invariants of what belongs to accounts: their lists, desks, names, expiries and stops.

use crate::{
    AccountOrders, BlockExpiries, ClientIds, Config, Deadlines, Desk, Desks, NextStopId, Orders,
    Pallet, Stops, StopsOf, SubAccountOf, TimeExpiries,
};
use alloc::collections::{BTreeMap, BTreeSet};
use bulwark_primitives::{MarketId, OrderId};
use frame_support::ensure;
use sp_runtime::{traits::UniqueSaturatedInto, TryRuntimeError};

impl<T: Config> Pallet<T> {
    /// Every order is named once, by its own account, on the page it knows, and every desk has the
    /// number of its orders and the pages without room.
    pub(crate) fn check_accounts() -> Result<(), TryRuntimeError> {
        let mut named = BTreeSet::new();
        let mut desks: BTreeMap<SubAccountOf<T>, Desk> = BTreeMap::new();
        for (account, page, orders) in AccountOrders::<T>::iter() {
            ensure!(
                !orders.is_empty(),
                "invariant 8: an account's empty list is stored"
            );
            let desk = desks.entry(account.clone()).or_default();
            desk.set_full(page, orders.is_full());
            for (market, id) in orders {
                let order = Orders::<T>::get(market, id)
                    .ok_or("invariant 8: an account names a missing order")?;
                ensure!(
                    order.account == account && order.page == page,
                    "invariant 8: an account names another's order"
                );
                ensure!(
                    named.insert((market, id)),
                    "invariant 8: an account names an order twice"
                );
                desk.orders = desk.orders.saturating_add(1);
            }
        }
        ensure!(
            named.len() == Orders::<T>::iter_keys().count(),
            "invariant 8: an account does not name its order"
        );
        for (account, stored) in Desks::<T>::iter() {
            let counted = desks.remove(&account).unwrap_or_default();
            ensure!(
                (stored.orders, stored.full) == (counted.orders, counted.full),
                "invariant 8: a desk has the wrong number of orders"
            );
        }
        ensure!(
            desks.is_empty(),
            "invariant 8: an account with orders has no desk"
        );
        Ok(())
    }

    /// Names, expiries and deadlines are those of the orders and desks, and nothing else.
    pub(crate) fn check_queues() -> Result<(), TryRuntimeError> {
        let (mut names, mut blocks, mut moments) = (0usize, 0usize, 0usize);
        for (market, id, order) in Orders::<T>::iter() {
            let entry: (MarketId, OrderId) = (market, id);
            if let Some(name) = order.client_id {
                ensure!(
                    ClientIds::<T>::get(&order.account, name) == Some(entry),
                    "invariant 8: a name is not that of its order"
                );
                names = names.saturating_add(1);
            }
            if let Some(at) = order.expires_at {
                let block: u64 = at.unique_saturated_into();
                ensure!(
                    BlockExpiries::<T>::contains_key(block.to_be_bytes(), entry),
                    "invariant 8: an order that expires is not queued"
                );
                blocks = blocks.saturating_add(1);
            }
            if let Some(at) = order.good_till {
                ensure!(
                    TimeExpiries::<T>::contains_key(at.to_be_bytes(), entry),
                    "invariant 8: an order that expires is not queued"
                );
                moments = moments.saturating_add(1);
            }
        }
        ensure!(
            (names, blocks, moments)
                == (
                    ClientIds::<T>::iter_keys().count(),
                    BlockExpiries::<T>::iter_keys().count(),
                    TimeExpiries::<T>::iter_keys().count(),
                ),
            "invariant 8: a queue names a missing order"
        );
        let mut deadlines: usize = 0;
        for (account, desk) in Desks::<T>::iter() {
            if let Some(deadline) = desk.deadline {
                ensure!(
                    Deadlines::<T>::contains_key(deadline.at.to_be_bytes(), &account),
                    "invariant 8: a heartbeat is not queued"
                );
                deadlines = deadlines.saturating_add(1);
            }
        }
        ensure!(
            deadlines == Deadlines::<T>::iter_keys().count(),
            "invariant 8: a queue has a heartbeat that nobody set"
        );
        Ok(())
    }

    /// Every waiting stop is named once by its account, whose desk has their number.
    pub(crate) fn check_stops() -> Result<(), TryRuntimeError> {
        let mut named = BTreeSet::new();
        for (account, keys) in StopsOf::<T>::iter() {
            ensure!(
                !keys.is_empty(),
                "invariant 8: an account's empty list is stored"
            );
            for key in keys {
                let stop = Stops::<T>::get((key.market, key.condition), (key.rank, key.id))
                    .ok_or("invariant 8: an account names a missing stop")?;
                ensure!(
                    stop.account == account,
                    "invariant 8: an account names another's stop"
                );
                ensure!(
                    key.stop_id() < NextStopId::<T>::get(),
                    "invariant 8: an id was not given out"
                );
                ensure!(
                    named.insert(key),
                    "invariant 8: an account names a stop twice"
                );
            }
        }
        ensure!(
            named.len() == Stops::<T>::iter_keys().count(),
            "invariant 8: an account does not name its stop"
        );
        let mut counted: usize = 0;
        for (account, desk) in Desks::<T>::iter() {
            let listed = StopsOf::<T>::decode_len(&account).unwrap_or(0);
            ensure!(
                u32::try_from(listed).ok() == Some(desk.stops),
                "invariant 8: a desk has the wrong number of stops"
            );
            counted = counted.saturating_add(listed);
        }
        ensure!(
            counted == named.len(),
            "invariant 8: an account with stops has no desk"
        );
        Ok(())
    }
}
