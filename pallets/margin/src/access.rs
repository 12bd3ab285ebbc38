//! Isolated accounts, and keys that may trade and nothing else.

use crate::{types::Account, Accounts, Config, Delegates, Error, Event, Pallet};
use bulwark_primitives::{MarketId, MarketParams, SubAccount, Tier};
use bulwark_traits::{MarketRegistry, TradingAuthority};
use frame_support::ensure;
use sp_runtime::DispatchResult;

/// Keys that one account may have beside its owner's.
pub const MAX_DELEGATES: u32 = 4;

impl<T: Config> Pallet<T> {
    /// Ties an account to one market, or unties it.
    pub(crate) fn do_isolate(
        who: SubAccount<T::AccountId>,
        market: Option<MarketId>,
    ) -> DispatchResult {
        let mut account = Accounts::<T>::get(&who);
        ensure!(!account.is_empty(), Error::<T>::EmptyAccount);
        // With neither positions nor orders nothing can be in the wrong place.
        ensure!(account.positions.is_empty(), Error::<T>::PositionsOpen);
        match market {
            Some(market) => ensure!(
                T::Registry::market(market).is_some(),
                Error::<T>::UnknownMarket
            ),
            None => ensure!(
                !account
                    .collateral
                    .iter()
                    .any(|(asset, _)| is_isolated::<T>(*asset)),
                Error::<T>::IsolatedCollateral
            ),
        }
        account.isolated = market;
        Self::put(&who, account);
        Self::deposit_event(Event::Isolated {
            account: who,
            market,
        });
        Ok(())
    }

    /// Gives a key the right to trade for an account, or takes it away.
    pub(crate) fn do_set_delegate(
        who: SubAccount<T::AccountId>,
        delegate: T::AccountId,
        allowed: bool,
    ) -> DispatchResult {
        Delegates::<T>::try_mutate_exists(&who, |stored| -> DispatchResult {
            let mut keys = stored.take().unwrap_or_default();
            let place = keys.iter().position(|key| *key == delegate);
            match (place, allowed) {
                (Some(place), false) => {
                    keys.swap_remove(place);
                }
                (None, true) => {
                    ensure!(Accounts::<T>::contains_key(&who), Error::<T>::EmptyAccount);
                    keys.try_push(delegate.clone())
                        .map_err(|_| Error::<T>::TooManyDelegates)?;
                }
                (Some(_), true) | (None, false) => {}
            }
            *stored = (!keys.is_empty()).then_some(keys);
            Ok(())
        })?;
        Self::deposit_event(Event::DelegateSet {
            account: who,
            delegate,
            allowed,
        });
        Ok(())
    }
}

/// Whether an asset may only be held by isolated accounts.
pub(crate) fn is_isolated<T: Config>(asset: bulwark_primitives::AssetId) -> bool {
    T::Registry::collateral(asset).is_some_and(|params| params.tier == Tier::Isolated)
}

/// Checks that an account may take new risk in a market: an isolated one only in its own, and an
/// isolated market only in an account of its own.
pub(crate) fn ensure_market_of<T: Config>(
    account: &Account<T>,
    market: MarketId,
    params: &MarketParams,
) -> Result<(), Error<T>> {
    let fits = match account.isolated {
        Some(own) => own == market,
        None => params.tier != Tier::Isolated,
    };
    ensure!(fits, Error::<T>::IsolatedMarket);
    Ok(())
}

impl<T: Config> TradingAuthority<T::AccountId> for Pallet<T> {
    fn may_trade(who: &T::AccountId, account: &SubAccount<T::AccountId>) -> bool {
        *who == account.owner || Delegates::<T>::get(account).contains(who)
    }
}
