//! Accounts under maintenance, by health class.

use super::cells;
use crate::{
    types::{CellId, Entry, KnownAccount, HEALTH_CLASSES, PARKED},
    Config, Known, KnownBits,
};
use bulwark_primitives::{Health, MarketId, SubAccount};

/// Health class by equity / maintenance margin: 0 below zero, then 62 equal steps up to 1. A
/// smaller class is closed earlier.
pub fn class_of(health: &Health) -> u8 {
    if health.equity.is_negative() {
        return 0;
    }
    let last = HEALTH_CLASSES.saturating_sub(1);
    // A ratio that does not fit is an account of more than 10^29 USD: first among the solvent.
    health
        .equity
        .0
        .checked_mul(i128::from(last))
        .and_then(|scaled| scaled.checked_div(health.maintenance_margin.0))
        .and_then(|step| u8::try_from(step).ok())
        .map_or(1, |step| step.saturating_add(1).min(last))
}

/// Puts an account into a class, moving it when it is in another one. `market` is remembered
/// unless the account already has one.
pub fn put<T: Config>(account: &SubAccount<T::AccountId>, class: u8, market: Option<MarketId>) {
    let old = Known::<T>::get(account);
    if let Some(record) = old {
        if record.class == class {
            if record.market.is_none() && market.is_some() {
                Known::<T>::insert(account, KnownAccount { market, ..record });
            }
            return;
        }
        leave::<T>(account, &record);
    }
    let entry = Entry {
        account: account.clone(),
        key: 0,
    };
    // Page ids do not run out (2^64); if they did, the last class still has room.
    let (class, page) = match cells::insert::<T>(CellId::Known(class), entry.clone()) {
        Ok((page, _)) => (class, page),
        Err(_) => match cells::insert::<T>(CellId::Known(PARKED), entry) {
            Ok((page, _)) => (PARKED, page),
            Err(_) => return,
        },
    };
    KnownBits::<T>::mutate(|bits| *bits |= mask(class));
    let record = KnownAccount {
        class,
        page,
        market: old.and_then(|record| record.market).or(market),
        closed_at: old.and_then(|record| record.closed_at),
        resume: old.and_then(|record| record.resume),
    };
    Known::<T>::insert(account, record);
}

/// Takes an account out; returns whether it was in.
pub fn remove<T: Config>(account: &SubAccount<T::AccountId>) -> bool {
    let Some(record) = Known::<T>::take(account) else {
        return false;
    };
    leave::<T>(account, &record);
    true
}

fn leave<T: Config>(
    account: &SubAccount<T::AccountId>,
    record: &KnownAccount<frame_system::pallet_prelude::BlockNumberFor<T>>,
) {
    if cells::remove::<T>(CellId::Known(record.class), record.page, account) {
        KnownBits::<T>::mutate(|bits| *bits &= !mask(record.class));
    }
}

/// Bit of a class.
pub fn mask(class: u8) -> u64 {
    1u64.checked_shl(u32::from(class)).unwrap_or(0)
}
