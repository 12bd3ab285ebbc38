//! The orders of an account: a list in pages, with their number and what the account may have on its
//! [`Desk`](crate::Desk).
//!
//! A page is small, an order knows its page, and the desk knows which pages have room. So placing
//! and cancelling read and write one desk and one page, however many orders there are.

use crate::{
    desk::{places, Desk, Places, EXIT_PLACES, PAGES, PAGE_LEN, PLACES_BLOCKS},
    types::CancelReason,
    AccountOrders, ClientIds, Config, Desks, Error, FeeSchedule, Orders, Pallet, SubAccountOf,
};
use bulwark_primitives::{ClientOrderId, MarketId, OrderId};
use bulwark_traits::TraderAccount;
use frame_support::{ensure, traits::Get};
use sp_runtime::{traits::UniqueSaturatedInto, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// The block, as desks count it.
    pub(crate) fn now() -> u32 {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    /// Changes a desk, and forgets it when there is nothing on it.
    pub(crate) fn on_desk<R>(
        account: &SubAccountOf<T>,
        change: impl FnOnce(&mut Desk) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        Desks::<T>::try_mutate_exists(account, |stored| {
            let mut desk = stored.take().unwrap_or_default();
            let done = change(&mut desk)?;
            *stored = Some(desk).filter(|desk| !desk.is_idle());
            Ok(done)
        })
    }

    /// Makes sure that an account may have one more order or stop. Its equity is looked at when the
    /// places it had are taken, or were counted long ago, unless they are `counted` already. Orders that
    /// only reduce have a few places whatever the equity.
    pub(crate) fn ensure_place(
        account: &SubAccountOf<T>,
        desk: &mut Desk,
        reduces: bool,
        counted: Option<Places>,
    ) -> DispatchResult {
        let taken = desk
            .orders
            .checked_add(desk.stops)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let known = match counted {
            Some(known) => known,
            None if taken >= desk.places || Self::counted_long_ago(desk) => {
                Self::count_places(account, desk)
            }
            None => desk.known_places(),
        };
        (desk.places, desk.places_at) = (known.places, known.at);
        let exits = if reduces { EXIT_PLACES } else { 0 };
        ensure!(taken < desk.places.max(exits), Error::<T>::TooManyOrders);
        Ok(())
    }

    /// The places of an account that is about to place `orders`: counted once for all of them, so that
    /// no more than one look at equity is needed.
    pub(crate) fn places_for(account: &SubAccountOf<T>, orders: u32) -> Places {
        let desk = Desks::<T>::get(account);
        // Sums that end at their bounds.
        let wanted = desk
            .orders
            .saturating_add(desk.stops)
            .saturating_add(orders);
        if wanted > desk.places || Self::counted_long_ago(&desk) {
            Self::count_places(account, &desk)
        } else {
            desk.known_places()
        }
    }

    fn counted_long_ago(desk: &Desk) -> bool {
        Self::now().saturating_sub(desk.places_at) >= PLACES_BLOCKS
    }

    /// Places by the equity there is now. While that cannot be known, what was known last holds.
    fn count_places(account: &SubAccountOf<T>, desk: &Desk) -> Places {
        T::Trader::equity(account).map_or_else(
            || desk.known_places(),
            |equity| Places {
                places: places(equity).min(T::MaxOrdersPerAccount::get()),
                at: Self::now(),
            },
        )
    }

    /// Puts an order into its account's list and returns its page.
    pub(crate) fn enlist(
        account: &SubAccountOf<T>,
        market: MarketId,
        id: OrderId,
        reduces: bool,
        places: Option<Places>,
    ) -> Result<u8, DispatchError> {
        Self::on_desk(account, |desk| {
            Self::ensure_place(account, desk, reduces, places)?;
            let page = desk.page_with_room().ok_or(Error::<T>::TooManyOrders)?;
            let full = AccountOrders::<T>::try_mutate(account, page, |orders| {
                orders.try_push((market, id))?;
                Ok::<bool, (MarketId, OrderId)>(orders.is_full())
            })
            .map_err(|_| Error::<T>::Corrupt)?;
            desk.set_full(page, full);
            desk.orders = desk
                .orders
                .checked_add(1)
                .ok_or(Error::<T>::ArithmeticOverflow)?;
            Ok(page)
        })
    }

    /// Takes an order out of its account's list. One that `died` unfilled by its owner's doing counts
    /// against the quota of the account.
    pub(crate) fn delist(
        account: &SubAccountOf<T>,
        market: MarketId,
        id: OrderId,
        page: u8,
        died: bool,
    ) -> DispatchResult {
        AccountOrders::<T>::try_mutate_exists(account, page, |stored| {
            let orders = stored.as_mut().ok_or(Error::<T>::Corrupt)?;
            let at = orders.iter().position(|entry| *entry == (market, id));
            // Not a swap: a page stays in the order of placement.
            orders.remove(at.ok_or(Error::<T>::Corrupt)?);
            if orders.is_empty() {
                *stored = None;
            }
            Ok::<(), DispatchError>(())
        })?;
        Self::leave_desk(account, 1, &[page], u32::from(died))
    }

    /// Takes orders off a desk: pages from which some left have room, and those that died unfilled
    /// count.
    fn leave_desk(
        account: &SubAccountOf<T>,
        orders: u32,
        pages: &[u8],
        died: u32,
    ) -> DispatchResult {
        let refill = (died > 0).then(|| FeeSchedule::<T>::get().refill);
        Self::on_desk(account, |desk| {
            desk.orders = desk.orders.checked_sub(orders).ok_or(Error::<T>::Corrupt)?;
            for page in pages {
                desk.set_full(*page, false);
            }
            if let Some(refill) = refill {
                desk.note_unfilled(died, Self::now(), refill);
            }
            Ok(())
        })
    }

    /// Cancels at most `limit` orders of an account, in one market or in all, page by page and oldest
    /// first in each. Returns how many.
    pub(crate) fn cancel_orders_of(
        account: &SubAccountOf<T>,
        market: Option<MarketId>,
        limit: u32,
        reason: CancelReason,
    ) -> Result<u32, DispatchError> {
        let mut unseen = Desks::<T>::get(account).orders;
        let (mut cancelled, mut died) = (0u32, 0u32);
        let mut pages = alloc::vec::Vec::new();
        for page in 0..PAGES {
            if unseen == 0 || cancelled >= limit {
                break;
            }
            let mut listed = AccountOrders::<T>::get(account, page);
            let before = listed.len();
            unseen = unseen.saturating_sub(u32::try_from(before).unwrap_or(PAGE_LEN));
            let mut gone = alloc::vec::Vec::new();
            for (at, id) in &listed {
                if cancelled >= limit || market.is_some_and(|only| only != *at) {
                    continue;
                }
                died = died.saturating_add(Self::cancel_listed(account, *at, *id, reason)?);
                cancelled = cancelled
                    .checked_add(1)
                    .ok_or(Error::<T>::ArithmeticOverflow)?;
                gone.push((*at, *id));
            }
            if gone.is_empty() {
                continue;
            }
            // The list is written once, not once per order.
            listed.retain(|entry| !gone.contains(entry));
            pages.push(page);
            if listed.is_empty() {
                AccountOrders::<T>::remove(account, page);
            } else {
                AccountOrders::<T>::insert(account, page, listed);
            }
        }
        if cancelled > 0 {
            Self::leave_desk(account, cancelled, &pages, died)?;
        }
        Ok(cancelled)
    }

    /// Cancels an order whose account's list the caller writes. Returns one when it died unfilled by
    /// its owner's doing.
    fn cancel_listed(
        account: &SubAccountOf<T>,
        market: MarketId,
        id: OrderId,
        reason: CancelReason,
    ) -> Result<u32, DispatchError> {
        let order = Orders::<T>::get(market, id).ok_or(Error::<T>::Corrupt)?;
        ensure!(order.account == *account, Error::<T>::Corrupt);
        Self::unlink(market, id, &order)?;
        Self::release(market, &Self::grid(market)?, id, &order, reason)?;
        Ok(u32::from(order.died_by(reason)))
    }

    /// Cancels the resting order that its owner calls `client_id`.
    ///
    /// # Errors
    /// `UnknownClientId`.
    pub(crate) fn cancel_named(
        account: &SubAccountOf<T>,
        client_id: ClientOrderId,
    ) -> DispatchResult {
        let (market, id) =
            ClientIds::<T>::get(account, client_id).ok_or(Error::<T>::UnknownClientId)?;
        Self::cancel_own(account, market, id)
    }

    /// Makes sure that none of an account's resting orders has this name.
    pub(crate) fn ensure_unnamed(
        account: &SubAccountOf<T>,
        client_id: Option<ClientOrderId>,
    ) -> DispatchResult {
        let taken = client_id.is_some_and(|name| ClientIds::<T>::contains_key(account, name));
        ensure!(!taken, Error::<T>::DuplicateClientId);
        Ok(())
    }
}
