//! An account as the order book limits, charges and funds it.

use crate::{Accounts, Config, Pallet};
use bulwark_primitives::{AssetId, SubAccount, SubAccountIndex, Usd};
use bulwark_traits::{AccountObserver, LossFund, TraderAccount};
use frame_support::traits::Get;
use sp_runtime::DispatchResult;

impl<T: Config> TraderAccount<T::AccountId> for Pallet<T> {
    fn equity(who: &SubAccount<T::AccountId>) -> Option<Usd> {
        Self::account_health(who).ok().map(|health| health.equity)
    }

    fn holdings(who: &SubAccount<T::AccountId>) -> (u32, u32) {
        let account = Accounts::<T>::get(who);
        let held = account
            .positions
            .len()
            .saturating_add(account.collateral.len());
        let most = T::MaxPositions::get().saturating_add(T::MaxCollateral::get());
        (u32::try_from(held).unwrap_or(most), most)
    }

    fn charge(who: &SubAccount<T::AccountId>, amount: Usd) -> Usd {
        let mut account = Self::load(who);
        let taken = Usd(amount.0.min(account.balance.0).max(0));
        let Some(left) = account.balance.checked_sub(taken) else {
            return Usd::ZERO;
        };
        if taken.is_zero() {
            return taken;
        }
        account.balance = left;
        Self::store(who, account);
        T::Fund::credit(taken);
        T::Observer::account_changed(who);
        taken
    }

    fn transfer(
        from: &SubAccount<T::AccountId>,
        to: SubAccountIndex,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult {
        Self::do_transfer(from.clone(), to, asset, amount)
    }
}
