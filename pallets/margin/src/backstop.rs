//! Accounts as the backstop vault sees them.
//!
//! A takeover is one trade outside the book, at a price that both sides know before: what the account has
//! less, the vault has more, so open interest does not grow, and balances less entry notionals keep
//! their sum (invariants 1 to 3). Whether the price is fair to either side is for those to say who ask
//! for it.

use crate::{
    access::ensure_market_of,
    funding::Settlements,
    losses::{math, Side},
    valuation::Purpose,
    Config, Error, OpenInterests, Pallet,
};
use bulwark_primitives::{SubAccount, Usd};
use bulwark_risk_math::{notional, Rounding};
use bulwark_traits::{AccountObserver, BackstopLedger, MarketRegistry, TakenOver, Takeover};
use frame_support::{ensure, storage::with_storage_layer};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    fn do_take_over(
        offer: &Takeover<T::AccountId>,
        to: &SubAccount<T::AccountId>,
    ) -> Result<TakenOver, DispatchError> {
        let market = offer.market;
        ensure!(offer.account != *to, Error::<T>::SelfTrade);
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        let mut settlements = Settlements::of::<T>(market);
        let giver = Side::<T>::open(&offer.account, &mut settlements)?;
        let mut taker = Side::<T>::open(to, &mut settlements)?;
        let (size, part) = (giver.was.size, offer.size);
        let is_part = size.is_long() && part.is_long() || size.is_short() && part.is_short();
        ensure!(is_part, Error::<T>::NotReducing);
        // Nothing that the vault has elsewhere stands for this market.
        let elsewhere = taker
            .account
            .positions
            .iter()
            .any(|position| position.market != market);
        ensure!(!elsewhere, Error::<T>::IsolatedMarket);
        taker.account.isolated = taker.account.isolated.or(Some(market));
        ensure_market_of::<T>(&taker.account, market, &params)?;

        let quantity = part.quantity().min(size.quantity());
        let rounding = if size.is_long() {
            Rounding::Down
        } else {
            Rounding::Up
        };
        let value = notional(offer.price, quantity, rounding).map_err(math::<T>)?;
        let of_giver = giver.closed_for(quantity, value)?;
        let of_taker = taker.traded(size.is_long(), quantity, value)?;
        let (was, is) = (taker.was.size, of_taker.1.size);
        let only_smaller =
            is.0 == 0 || is.is_long() == was.is_long() && is.quantity() <= was.quantity();
        if !only_smaller {
            Self::ensure_initial_margin(&of_taker.0, Purpose::Closing)?;
        }
        let interest = OpenInterests::<T>::get(market)
            .moved(giver.was.size, of_giver.1.size)
            .and_then(|sums| sums.moved(taker.was.size, of_taker.1.size))
            .ok_or(Error::<T>::ArithmeticOverflow)?;

        OpenInterests::<T>::insert(market, interest);
        settlements.store::<T>();
        Self::conclude(to, market, of_taker);
        Self::conclude(&offer.account, market, of_giver);
        T::Observer::account_changed(to);
        T::Observer::account_changed(&offer.account);
        Ok(TakenOver {
            quantity,
            notional: value,
        })
    }

    fn base_units(amount: Usd) -> Result<u128, Error<T>> {
        u128::try_from(amount.0).map_err(|_| Error::<T>::ArithmeticOverflow)
    }
}

impl<T: Config> BackstopLedger<T::AccountId> for Pallet<T> {
    fn deposit(from: &T::AccountId, to: &SubAccount<T::AccountId>, amount: Usd) -> DispatchResult {
        let asset = T::Registry::settlement_asset();
        let amount = Self::base_units(amount)?;
        with_storage_layer(|| Self::deposit_from(from, to.clone(), asset, amount))
    }

    fn withdraw(from: &SubAccount<T::AccountId>, to: &T::AccountId, amount: Usd) -> DispatchResult {
        let asset = T::Registry::settlement_asset();
        let amount = Self::base_units(amount)?;
        with_storage_layer(|| Self::withdraw_to(to, from.clone(), asset, amount))
    }

    fn allot(
        from: &SubAccount<T::AccountId>,
        to: &SubAccount<T::AccountId>,
        amount: Usd,
    ) -> DispatchResult {
        ensure!(from.owner == to.owner, Error::<T>::NotADelegate);
        let asset = T::Registry::settlement_asset();
        let amount = Self::base_units(amount)?;
        with_storage_layer(|| Self::do_transfer(from.clone(), to.index, asset, amount))
    }

    fn take_over(
        offer: &Takeover<T::AccountId>,
        to: &SubAccount<T::AccountId>,
    ) -> Result<TakenOver, DispatchError> {
        with_storage_layer(|| Self::do_take_over(offer, to))
    }

    fn balance(account: &SubAccount<T::AccountId>) -> Usd {
        Self::load(account).balance
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &T::AccountId, amount: Usd) {
        <Self as bulwark_traits::Custody<T::AccountId>>::endow_wallet(who, amount);
    }
}
