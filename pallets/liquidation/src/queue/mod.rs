//! The due queue: who is due, and how an account gets its triggers.
//!
//! The due set is a pure function of storage and of the prices of the block: every trigger whose
//! factor's effective price is below its key, every account in `Known`, and every account in
//! `Stale`.

pub mod bits;
pub mod cells;
pub mod known;
pub mod stale;

use crate::{
    ranking,
    types::{
        CellId, Entry, KnownAccount, QueueFull, TriggerKey, Unpriced, Verdict, HEALTH_CLASSES,
        MAX_FACTORS, PARKED,
    },
    Cells, Config, DueSince, Event, Factors, Keys, Known, Pallet, Stale,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use bulwark_primitives::{Action, Factor, Health, Incident, Leg, MarketId, SubAccount};
use bulwark_risk_math::{triggers, MathError};
use bulwark_traits::{LiquidationLedger, MarketGuard, MarketRegistry, PriceSource};
use frame_support::BoundedVec;

/// Legs and triggers up to which an account is put right as soon as it changes; one with more becomes
/// stale. Most accounts have fewer: [`stale`] says what the bound is for.
pub const PROMPT_LEGS: usize = 4;

/// Effective price of a factor at the prices of this block, 18 decimals.
///
/// Made of the prices that liquidation may use: clean ones, and medians of feeders who disagree. A
/// missing or an old price is never used.
///
/// # Errors
/// `Frozen` without such a price, or for a market or asset that does not exist; `Failed` when the
/// result does not fit.
pub fn effective_price<T: Config>(factor: Factor) -> Result<i128, Unpriced> {
    let market = |id: MarketId| {
        let params = T::Registry::market(id).ok_or(Unpriced::Frozen)?;
        let mark = T::Prices::price_for(params.index_asset, Action::Liquidate)
            .map_err(|_| Unpriced::Frozen)?;
        Ok((mark, params))
    };
    match factor {
        // Funding makes a long's price fall and a short's rise by the same amount.
        Factor::Long(id) => {
            let (mark, params) = market(id)?;
            triggers::long_price(mark, params.maintenance_margin).and_then(|price| {
                price
                    .checked_sub(T::Ledger::funding(id))
                    .ok_or(MathError::Overflow)
            })
        }
        Factor::Short(id) => {
            let (mark, params) = market(id)?;
            triggers::short_price(mark, params.maintenance_margin).and_then(|price| {
                price
                    .checked_add(T::Ledger::funding(id))
                    .ok_or(MathError::Overflow)
            })
        }
        Factor::Size(id) => triggers::size_price(market(id)?.0),
        Factor::Offset(id) => {
            let (mark, params) = market(id)?;
            let share = T::Registry::correlations().share_of(params.index_asset);
            triggers::offset_leg_price(mark, params.maintenance_margin, share)
        }
        Factor::Debt => triggers::debt_price(T::Ledger::borrow_index()),
        Factor::Collateral(asset) => {
            let params = T::Registry::collateral(asset).ok_or(Unpriced::Frozen)?;
            // What counts nothing has no need of a price, and its account's health is known without:
            // a trigger that was set while there was none must be found.
            if params.maintenance_factor.is_zero() {
                return Ok(0);
            }
            let index =
                T::Prices::price_for(asset, Action::Liquidate).map_err(|_| Unpriced::Frozen)?;
            triggers::collateral_price(index, params.maintenance_factor)
        }
    }
    .map_err(|_| Unpriced::Failed)
}

/// Effective prices, each computed once. Prices and parameters do not change while one lives.
#[derive(Debug, Default)]
pub struct EffectivePrices(BTreeMap<Factor, Result<i128, Unpriced>>);

impl EffectivePrices {
    /// The price of a factor.
    pub fn get<T: Config>(&mut self, factor: Factor) -> Result<i128, Unpriced> {
        *self
            .0
            .entry(factor)
            .or_insert_with(|| effective_price::<T>(factor))
    }
}

/// The market of the first position among some factors.
fn market_of(mut factors: impl Iterator<Item = Factor>) -> Option<MarketId> {
    factors.find_map(|factor| match factor {
        Factor::Long(market)
        | Factor::Short(market)
        | Factor::Size(market)
        | Factor::Offset(market) => Some(market),
        Factor::Collateral(_) | Factor::Debt => None,
    })
}

impl<T: Config> Pallet<T> {
    /// What moves the health of an account.
    pub(crate) fn legs_of(account: &SubAccount<T::AccountId>) -> Vec<Leg> {
        let mut legs = T::Ledger::legs(account);
        legs.retain(|leg| !leg.amount.is_zero());
        legs
    }

    /// Puts an account that changed where it belongs, or makes it stale when that would move more
    /// than [`PROMPT_LEGS`] triggers. Complexity: constant.
    pub(crate) fn note_change(account: &SubAccount<T::AccountId>) {
        if Stale::<T>::contains_key(account) {
            return;
        }
        let few = Keys::<T>::decode_len(account).unwrap_or(0) <= PROMPT_LEGS
            && ranking::ranked::<T>(account) <= PROMPT_LEGS;
        let legs = few
            .then(|| Self::legs_of(account))
            .filter(|legs| legs.len() <= PROMPT_LEGS);
        let prices = &mut EffectivePrices::default();
        match legs {
            Some(legs) => {
                ranking::put_right::<T>(account);
                Self::evaluate_legs(account, &legs, prices);
            }
            None => {
                // Page ids do not run out (2^64); if they did, the account would still be put right.
                if stale::put::<T>(account).is_err() {
                    ranking::put_right::<T>(account);
                    Self::evaluate(account, prices);
                }
            }
        }
    }

    /// [`Pallet::evaluate_legs`] with the legs that the ledger names, and how many they are.
    pub(crate) fn evaluate(
        account: &SubAccount<T::AccountId>,
        prices: &mut EffectivePrices,
    ) -> (Verdict, u32) {
        let legs = Self::legs_of(account);
        let count = u32::try_from(legs.len()).unwrap_or(u32::MAX);
        (Self::evaluate_legs(account, &legs, prices), count)
    }

    /// Computes the health of an account and puts it where it belongs: triggers when it is
    /// healthy, `Known` when it is under maintenance or a formula failed. When a price is
    /// missing, the legs without a price get the highest possible trigger: nothing of them is due
    /// while there is none, and the account is evaluated as soon as it is back. It is not stale
    /// after that, whatever comes of it.
    pub(crate) fn evaluate_legs(
        account: &SubAccount<T::AccountId>,
        legs: &[Leg],
        prices: &mut EffectivePrices,
    ) -> Verdict {
        if stale::remove::<T>(account) {
            ranking::put_right::<T>(account);
        }
        Self::judge(account, legs, prices)
    }

    fn judge(
        account: &SubAccount<T::AccountId>,
        legs: &[Leg],
        prices: &mut EffectivePrices,
    ) -> Verdict {
        match T::Ledger::health(account) {
            Ok(health) if health.is_liquidatable() => {
                Self::found_under(account, legs, &health);
                Verdict::Under
            }
            Ok(health) => Self::found_healthy(account, legs, &health, prices),
            Err(error) => {
                let frozen = frozen_keys::<T>(legs, prices);
                if frozen.is_empty() {
                    log::error!(
                        target: crate::LOG_TARGET,
                        "event=health_failed account={account:?} error={error:?}",
                    );
                    return Self::found_failed(account, legs);
                }
                Self::found_frozen(account, legs, frozen)
            }
        }
    }

    fn found_healthy(
        account: &SubAccount<T::AccountId>,
        legs: &[Leg],
        health: &Health,
        prices: &mut EffectivePrices,
    ) -> Verdict {
        let frozen = frozen_keys::<T>(legs, prices);
        if !frozen.is_empty() {
            return Self::found_frozen(account, legs, frozen);
        }
        let inputs: Option<Vec<_>> = legs
            .iter()
            .map(|leg| {
                let price = prices.get::<T>(leg.factor).ok()?;
                let amount = leg.amount;
                Some(triggers::LegInput { amount, price })
            })
            .collect();
        let keys = inputs
            .zip(health.slack())
            .and_then(|(inputs, slack)| triggers::keys(slack, &inputs).ok());
        let Some(keys) = keys else {
            log::error!(target: crate::LOG_TARGET, "event=keys_failed account={account:?}");
            return Self::found_failed(account, legs);
        };
        let keys = legs.iter().map(|leg| leg.factor).zip(keys).collect();
        if Self::set_keys(account, keys).is_err() {
            log::error!(target: crate::LOG_TARGET, "event=queue_full account={account:?}");
            return Self::found_failed(account, legs);
        }
        known::remove::<T>(account);
        if let Some(since) = DueSince::<T>::take(account) {
            Self::deposit_event(Event::AccountRestored {
                account: account.clone(),
                due_since: since,
            });
        }
        Verdict::Healthy
    }

    fn found_under(account: &SubAccount<T::AccountId>, legs: &[Leg], health: &Health) {
        let old = Self::remove_keys(account);
        let market = market_of(legs.iter().map(|leg| leg.factor))
            .or_else(|| market_of(old.iter().map(|key| key.factor)));
        known::put::<T>(account, known::class_of(health), market);
        if !DueSince::<T>::contains_key(account) {
            DueSince::<T>::insert(account, frame_system::Pallet::<T>::block_number());
            Self::deposit_event(Event::AccountDue {
                account: account.clone(),
                equity: health.equity,
                maintenance_margin: health.maintenance_margin,
            });
        }
    }

    fn found_frozen(
        account: &SubAccount<T::AccountId>,
        legs: &[Leg],
        keys: Vec<(Factor, i128)>,
    ) -> Verdict {
        if Self::set_keys(account, keys).is_err() {
            return Self::found_failed(account, legs);
        }
        known::remove::<T>(account);
        Verdict::Frozen
    }

    /// An account whose health cannot be computed is due, behind all that can.
    fn found_failed(account: &SubAccount<T::AccountId>, legs: &[Leg]) -> Verdict {
        let old = Self::remove_keys(account);
        let market = market_of(legs.iter().map(|leg| leg.factor))
            .or_else(|| market_of(old.iter().map(|key| key.factor)));
        known::put::<T>(account, PARKED, market);
        if !DueSince::<T>::contains_key(account) {
            DueSince::<T>::insert(account, frame_system::Pallet::<T>::block_number());
            Self::deposit_event(Event::HealthFailed {
                account: account.clone(),
            });
            if let Some(market) = market {
                T::Guard::report(market, Incident::MathFailure);
            }
        }
        Verdict::Failed
    }

    /// Makes `keys` the triggers of an account. What is in the right cell already stays there.
    ///
    /// # Errors
    /// [`QueueFull`] when there are too many factors or triggers; `Keys` and `Cells` agree then
    /// too, but some triggers are missing.
    fn set_keys(
        account: &SubAccount<T::AccountId>,
        keys: Vec<(Factor, i128)>,
    ) -> Result<(), QueueFull> {
        let mut old = Keys::<T>::get(account).into_inner();
        let before = old.clone();
        let mut new: BoundedVec<TriggerKey, T::MaxLegs> = BoundedVec::new();
        let mut result = Ok(());
        for (factor, key) in keys {
            let bucket = triggers::bucket(key);
            let page = match old.iter().position(|k| k.factor == factor) {
                Some(at) if old.get(at).is_some_and(|k| k.bucket == bucket) => {
                    let kept = old.swap_remove(at);
                    if kept.key != key {
                        cells::update::<T>(
                            CellId::Trigger(factor, bucket),
                            kept.page,
                            account,
                            key,
                        );
                    }
                    Ok(kept.page)
                }
                Some(at) => {
                    Self::remove_key(account, &old.swap_remove(at));
                    Self::insert_key(account, factor, bucket, key)
                }
                None => Self::insert_key(account, factor, bucket, key),
            };
            let placed = page.and_then(|page| {
                let trigger = TriggerKey {
                    factor,
                    bucket,
                    page,
                    key,
                };
                new.try_push(trigger).map_err(|trigger| {
                    Self::remove_key(account, &trigger);
                    QueueFull
                })
            });
            if placed.is_err() {
                result = placed;
                break;
            }
        }
        for gone in &old {
            Self::remove_key(account, gone);
        }
        if new.is_empty() {
            if !before.is_empty() {
                Keys::<T>::remove(account);
            }
        } else if new.as_slice() != before.as_slice() {
            Keys::<T>::insert(account, new);
        }
        result
    }

    fn insert_key(
        account: &SubAccount<T::AccountId>,
        factor: Factor,
        bucket: u16,
        key: i128,
    ) -> Result<u64, QueueFull> {
        let cell = CellId::Trigger(factor, bucket);
        let entry = Entry {
            account: account.clone(),
            key,
        };
        let (page, fresh) = cells::insert::<T>(cell, entry)?;
        if fresh {
            if let Err(full) = bits::set::<T>(factor, bucket) {
                cells::remove::<T>(cell, page, account);
                return Err(full);
            }
        }
        Ok(page)
    }

    fn remove_key(account: &SubAccount<T::AccountId>, key: &TriggerKey) {
        let cell = CellId::Trigger(key.factor, key.bucket);
        if cells::remove::<T>(cell, key.page, account) {
            bits::clear::<T>(key.factor, key.bucket);
        }
    }

    fn remove_keys(account: &SubAccount<T::AccountId>) -> Vec<TriggerKey> {
        let keys = Keys::<T>::take(account).into_inner();
        for key in &keys {
            Self::remove_key(account, key);
        }
        keys
    }

    /// Whether an account has to be looked at: it is in `Known`, or in `Stale`, or the effective
    /// price of one of its legs is below its trigger. Every account under maintenance is due
    /// (invariant 9); a due account with several legs may be healthy.
    pub fn is_due(account: &SubAccount<T::AccountId>) -> bool {
        Known::<T>::contains_key(account)
            || Stale::<T>::contains_key(account)
            || Keys::<T>::get(account)
                .iter()
                .any(|k| effective_price::<T>(k.factor).is_ok_and(|price| price < k.key))
    }

    /// Block in which an account was found under maintenance; `None` when it is not, or not found
    /// yet.
    pub fn due_since(
        account: &SubAccount<T::AccountId>,
    ) -> Option<frame_system::pallet_prelude::BlockNumberFor<T>> {
        DueSince::<T>::get(account)
    }

    /// What `Known` says about an account.
    pub fn known(
        account: &SubAccount<T::AccountId>,
    ) -> Option<KnownAccount<frame_system::pallet_prelude::BlockNumberFor<T>>> {
        Known::<T>::get(account)
    }

    /// At most `limit` due accounts: those found under maintenance, worst class first, then those
    /// with a trigger above the price, deepest first in each factor, then stale ones, then parked
    /// ones. Read-only, for runtime APIs and the offchain worker.
    pub fn due_accounts(limit: u32) -> Vec<SubAccount<T::AccountId>> {
        let mut due = DueList::<T> {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            seen: BTreeSet::new(),
            accounts: Vec::new(),
        };
        for class in 0..HEALTH_CLASSES {
            due.add_cell(CellId::Known(class), None);
        }
        for factor in Factors::<T>::get() {
            let Ok(price) = effective_price::<T>(factor) else {
                continue;
            };
            let lowest = triggers::bucket(price);
            let mut at = bits::highest::<T>(factor, u16::MAX);
            while let Some(bucket) = at.filter(|bucket| *bucket >= lowest && !due.is_full()) {
                due.add_cell(CellId::Trigger(factor, bucket), Some(price));
                at = bucket
                    .checked_sub(1)
                    .and_then(|below| bits::highest::<T>(factor, below));
            }
        }
        due.add_cell(CellId::Stale, None);
        due.add_cell(CellId::Known(PARKED), None);
        due.accounts
    }
}

/// Due accounts, each once, up to a limit.
struct DueList<T: Config> {
    limit: usize,
    seen: BTreeSet<SubAccount<T::AccountId>>,
    accounts: Vec<SubAccount<T::AccountId>>,
}

impl<T: Config> DueList<T> {
    fn is_full(&self) -> bool {
        self.accounts.len() >= self.limit
    }

    /// Adds what is in a cell, only triggers above `price` when there is one.
    fn add_cell(&mut self, cell: CellId, price: Option<i128>) {
        let mut at = cells::first::<T>(cell);
        while let Some(page) = at.and_then(|id| Cells::<T>::get(cell, id)) {
            for entry in page.entries {
                if self.is_full() {
                    return;
                }
                let is_due = price.is_none_or(|price| price < entry.key);
                if is_due && self.seen.insert(entry.account.clone()) {
                    self.accounts.push(entry.account);
                }
            }
            at = page.next;
        }
    }
}

/// The highest possible trigger for each leg without a price.
fn frozen_keys<T: Config>(legs: &[Leg], prices: &mut EffectivePrices) -> Vec<(Factor, i128)> {
    legs.iter()
        .filter(|leg| prices.get::<T>(leg.factor) == Err(Unpriced::Frozen))
        .map(|leg| (leg.factor, i128::MAX))
        .collect()
}

/// Bound of [`Factors`].
pub type MaxFactors = frame_support::traits::ConstU32<MAX_FACTORS>;
