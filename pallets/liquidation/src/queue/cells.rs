//! Cells: paged lists of entries.
//!
//! An entry never leaves its page while it is in, so whoever remembers the page finds it with one
//! read. New entries go to the end of the first page, or into a new one before it: from the last
//! page on, a cell is in the order in which its entries came. Pages are not compacted; an empty one
//! is unlinked and removed.

use crate::{
    types::{CellId, Entry, Head, Page, QueueFull},
    Cells, Config, Heads,
};
use bulwark_primitives::SubAccount;

/// Puts an entry into a cell; returns its page and whether the cell was empty before.
///
/// # Errors
/// [`QueueFull`] when page ids are used up (2^64, not in practice); nothing changes.
pub fn insert<T: Config>(
    cell: CellId,
    entry: Entry<T::AccountId>,
) -> Result<(u64, bool), QueueFull> {
    let Some(head) = Heads::<T>::get(cell) else {
        let page = single(entry, None)?;
        Cells::<T>::insert(cell, 0, page);
        Heads::<T>::insert(
            cell,
            Head {
                first: 0,
                last: 0,
                next_id: 1,
            },
        );
        return Ok((0, true));
    };
    let mut first = Cells::<T>::get(cell, head.first).ok_or(QueueFull)?;
    if let Err(entry) = push(&mut first, entry) {
        let id = head.next_id;
        let next_id = id.checked_add(1).ok_or(QueueFull)?;
        let page = single(entry, Some(head.first))?;
        first.previous = Some(id);
        Cells::<T>::insert(cell, head.first, first);
        Cells::<T>::insert(cell, id, page);
        let head = Head {
            first: id,
            next_id,
            ..head
        };
        Heads::<T>::insert(cell, head);
        return Ok((id, false));
    }
    Cells::<T>::insert(cell, head.first, first);
    Ok((head.first, false))
}

fn single<AccountId>(
    entry: Entry<AccountId>,
    next: Option<u64>,
) -> Result<Page<AccountId>, QueueFull> {
    let mut page = Page {
        entries: Default::default(),
        previous: None,
        next,
    };
    push(&mut page, entry).map_err(|_| QueueFull)?;
    Ok(page)
}

fn push<AccountId>(
    page: &mut Page<AccountId>,
    entry: Entry<AccountId>,
) -> Result<(), Entry<AccountId>> {
    page.entries.try_push(entry)
}

/// Takes the entry of `account` out of a page; returns whether the cell is empty now.
pub fn remove<T: Config>(cell: CellId, id: u64, account: &SubAccount<T::AccountId>) -> bool {
    let Some(mut page) = Cells::<T>::get(cell, id) else {
        return false;
    };
    if let Some(at) = page.entries.iter().position(|e| e.account == *account) {
        // Not by a swap: the oldest stay first.
        page.entries.remove(at);
    }
    if !page.entries.is_empty() {
        Cells::<T>::insert(cell, id, page);
        return false;
    }
    Cells::<T>::remove(cell, id);
    if page.previous.is_none() && page.next.is_none() {
        Heads::<T>::remove(cell);
        return true;
    }
    match page.next {
        Some(next) => link::<T>(cell, next, |neighbour| neighbour.previous = page.previous),
        None => set_head::<T>(cell, |head| head.last = page.previous.unwrap_or(head.last)),
    }
    match page.previous {
        Some(previous) => link::<T>(cell, previous, |neighbour| neighbour.next = page.next),
        None => set_head::<T>(cell, |head| head.first = page.next.unwrap_or(head.first)),
    }
    false
}

fn set_head<T: Config>(cell: CellId, change: impl FnOnce(&mut Head)) {
    Heads::<T>::mutate(cell, |head| {
        if let Some(head) = head {
            change(head);
        }
    });
}

fn link<T: Config>(cell: CellId, id: u64, change: impl FnOnce(&mut Page<T::AccountId>)) {
    Cells::<T>::mutate(cell, id, |page| {
        if let Some(page) = page {
            change(page);
        }
    });
}

/// Changes the key of an entry in its place.
pub fn update<T: Config>(cell: CellId, id: u64, account: &SubAccount<T::AccountId>, key: i128) {
    link::<T>(cell, id, |page| {
        if let Some(entry) = page.entries.iter_mut().find(|e| e.account == *account) {
            entry.key = key;
        }
    });
}

/// The first page of a cell.
pub fn first<T: Config>(cell: CellId) -> Option<u64> {
    Heads::<T>::get(cell).map(|head| head.first)
}

/// The last page of a cell: the one that came first.
pub fn last<T: Config>(cell: CellId) -> Option<u64> {
    Heads::<T>::get(cell).map(|head| head.last)
}
