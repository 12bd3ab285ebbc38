//! Tokens in and out, and the ledger entries that go with them.

use crate::{
    access::is_isolated, types::Account, Accounts, Config, Delegates, Error, Event, Pallet,
    TotalDeposited,
};
use bulwark_primitives::{AssetId, SubAccount, SubAccountIndex, Usd};
use bulwark_traits::{AccountObserver, Custody, MarketRegistry, PoolCustody};
use frame_support::{
    ensure,
    traits::{
        fungibles::{Inspect, Mutate},
        tokens::Preservation,
        Get,
    },
};
use sp_runtime::{traits::AccountIdConversion, DispatchResult};

impl<T: Config> Pallet<T> {
    /// The account that holds the tokens of one asset.
    pub fn pot_account(asset: AssetId) -> T::AccountId {
        T::PalletId::get().into_sub_account_truncating(asset)
    }

    /// Writes an account that was [`load`](Pallet::load)ed, and books the interest that was settled by it.
    pub(crate) fn store(who: &SubAccount<T::AccountId>, account: Account<T>) {
        Self::book_debt(who, account.balance);
        Self::put(who, account);
    }

    /// Writes an account whose balance is as it is stored, or removes it when nothing is left.
    pub(crate) fn put(who: &SubAccount<T::AccountId>, account: Account<T>) {
        if account.is_empty() {
            // What was delegated ends with the account: nobody keeps storage for nothing.
            Accounts::<T>::remove(who);
            Delegates::<T>::remove(who);
        } else {
            Accounts::<T>::insert(who, account);
        }
    }

    pub(crate) fn do_deposit(
        who: SubAccount<T::AccountId>,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult {
        let wallet = who.owner.clone();
        Self::deposit_from(&wallet, who, asset, amount)
    }

    /// A deposit out of anybody's wallet.
    pub(crate) fn deposit_from(
        wallet: &T::AccountId,
        who: SubAccount<T::AccountId>,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let params = T::Registry::collateral(asset).ok_or(Error::<T>::UnknownAsset)?;
        ensure!(
            amount >= params.min_deposit,
            Error::<T>::BelowMinimumDeposit
        );
        let total = Self::take_in(asset, wallet, amount)?;
        ensure!(total <= params.deposit_cap, Error::<T>::DepositCapExceeded);
        let mut account = Self::load(&who);
        Self::credit(&mut account, asset, amount)?;
        Self::store(&who, account);
        T::Observer::account_changed(&who);
        Self::deposit_event(Event::Deposited {
            account: who,
            asset,
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw(
        who: SubAccount<T::AccountId>,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult {
        let wallet = who.owner.clone();
        Self::withdraw_to(&wallet, who, asset, amount)
    }

    /// A withdrawal into anybody's wallet.
    pub(crate) fn withdraw_to(
        wallet: &T::AccountId,
        who: SubAccount<T::AccountId>,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let mut account = Self::load(&who);
        Self::debit(&mut account, asset, amount)?;
        Self::ensure_may_leave(&account)?;
        Self::store(&who, account);
        Self::release(asset, wallet, amount)?;
        T::Observer::account_changed(&who);
        Self::deposit_event(Event::Withdrawn {
            account: who,
            asset,
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_transfer(
        from: SubAccount<T::AccountId>,
        to_index: SubAccountIndex,
        asset: AssetId,
        amount: u128,
    ) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        ensure!(from.index != to_index, Error::<T>::SameAccount);
        let params = T::Registry::collateral(asset).ok_or(Error::<T>::UnknownAsset)?;
        let to = SubAccount::new(from.owner.clone(), to_index);
        let mut source = Self::load(&from);
        let mut destination = Self::load(&to);
        // Otherwise one minimum deposit could be cut into entries for 65,536 sub-accounts.
        ensure!(
            !destination.is_empty() || amount >= params.min_deposit,
            Error::<T>::BelowMinimumDeposit
        );
        Self::debit(&mut source, asset, amount)?;
        Self::ensure_may_leave(&source)?;
        Self::credit(&mut destination, asset, amount)?;
        Self::store(&from, source);
        Self::store(&to, destination);
        T::Observer::account_changed(&from);
        T::Observer::account_changed(&to);
        Self::deposit_event(Event::Transferred {
            from,
            to: to_index,
            asset,
            amount,
        });
        Ok(())
    }

    /// Adds base units of an asset to an account's ledger entry.
    fn credit(account: &mut Account<T>, asset: AssetId, amount: u128) -> DispatchResult {
        ensure!(
            account.isolated.is_some() || !is_isolated::<T>(asset),
            Error::<T>::IsolatedCollateral
        );
        if asset == T::Registry::settlement_asset() {
            let usd = i128::try_from(amount).map_err(|_| Error::<T>::ArithmeticOverflow)?;
            account.add_balance(Usd(usd))?;
        } else {
            let sum = account
                .collateral_of(asset)
                .checked_add(amount)
                .ok_or(Error::<T>::ArithmeticOverflow)?;
            account.set_collateral(asset, sum)?;
        }
        Ok(())
    }

    /// Takes base units of an asset out of an account's ledger entry, never below zero.
    pub(crate) fn debit(account: &mut Account<T>, asset: AssetId, amount: u128) -> DispatchResult {
        if asset == T::Registry::settlement_asset() {
            let usd = i128::try_from(amount).map_err(|_| Error::<T>::InsufficientBalance)?;
            account.balance = account
                .balance
                .checked_sub(Usd(usd))
                .filter(|left| !left.is_negative())
                .ok_or(Error::<T>::InsufficientBalance)?;
        } else {
            let held = account.collateral_of(asset);
            // What is held can be taken out even after the registry has forgotten the asset.
            ensure!(
                held > 0 || T::Registry::collateral(asset).is_some(),
                Error::<T>::UnknownAsset
            );
            let left = held
                .checked_sub(amount)
                .ok_or(Error::<T>::InsufficientBalance)?;
            account.set_collateral(asset, left)?;
        }
        Ok(())
    }

    /// Lets an account of this pallet receive any asset, whether or not it is sufficient for an account to exist.
    pub(crate) fn ensure_exists(who: &T::AccountId) {
        if !frame_system::Pallet::<T>::account_exists(who) {
            frame_system::Pallet::<T>::inc_providers(who);
        }
    }

    /// Moves tokens from a wallet into the pot; returns what the pot holds for the ledger then.
    fn take_in(
        asset: AssetId,
        from: &T::AccountId,
        amount: u128,
    ) -> Result<u128, sp_runtime::DispatchError> {
        Self::count_in(asset, TotalDeposited::<T>::get(asset), amount)?;
        Self::move_in(asset, from, amount)
    }

    /// The same for what was paid for something that left the pots: nothing came in on balance.
    pub(crate) fn move_in(
        asset: AssetId,
        from: &T::AccountId,
        amount: u128,
    ) -> Result<u128, sp_runtime::DispatchError> {
        let pot = Self::pot_account(asset);
        Self::ensure_exists(&pot);
        T::Assets::transfer(asset, from, &pot, amount, Preservation::Expendable)?;
        let total = TotalDeposited::<T>::get(asset)
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        TotalDeposited::<T>::insert(asset, total);
        Ok(total)
    }

    /// The one way out: every value that leaves the pots leaves them here, within the limits on outflow.
    pub(crate) fn release(asset: AssetId, to: &T::AccountId, amount: u128) -> DispatchResult {
        let pot = TotalDeposited::<T>::get(asset);
        ensure!(amount <= pot, Error::<T>::InsufficientLiquidity);
        Self::count_out(asset, pot, amount)?;
        Self::move_out(asset, to, amount)
    }

    /// The same for what is sold in the same step, at a price that the oracle bounds: no value leaves.
    pub(crate) fn move_out(asset: AssetId, to: &T::AccountId, amount: u128) -> DispatchResult {
        let pot = Self::pot_account(asset);
        let total = TotalDeposited::<T>::get(asset)
            .checked_sub(amount)
            .ok_or(Error::<T>::InsufficientLiquidity)?;
        // A rest below the asset's minimum would be burned: then the transfer has to fail.
        let preservation = if T::Assets::balance(asset, &pot) == amount {
            Preservation::Expendable
        } else {
            Preservation::Preserve
        };
        T::Assets::transfer(asset, &pot, to, amount, preservation)?;
        if total == 0 {
            TotalDeposited::<T>::remove(asset);
        } else {
            TotalDeposited::<T>::insert(asset, total);
        }
        Ok(())
    }

    /// Books the insurance fund's first balance, and mints what the pot lacks of it.
    pub(crate) fn book_fund(balance: Usd) -> DispatchResult {
        let amount = u128::try_from(balance.0).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        if amount == 0 {
            return Ok(());
        }
        let asset = T::Registry::settlement_asset();
        let pot = Self::pot_account(asset);
        if let Some(missing) = amount
            .checked_sub(T::Assets::balance(asset, &pot))
            .filter(|missing| *missing > 0)
        {
            Self::ensure_exists(&pot);
            T::Assets::mint_into(asset, &pot, missing)?;
        }
        TotalDeposited::<T>::insert(asset, amount);
        Ok(())
    }
}

impl<T: Config> Custody<T::AccountId> for Pallet<T> {
    fn collect(from: &T::AccountId, amount: Usd) -> DispatchResult {
        let amount = u128::try_from(amount.0).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        Self::take_in(T::Registry::settlement_asset(), from, amount)?;
        Ok(())
    }

    fn pay_out(to: &T::AccountId, amount: Usd) -> DispatchResult {
        let amount = u128::try_from(amount.0).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        Self::release(T::Registry::settlement_asset(), to, amount)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &T::AccountId, amount: Usd) {
        if let Ok(amount) = u128::try_from(amount.0) {
            let minted = T::Assets::mint_into(T::Registry::settlement_asset(), who, amount);
            debug_assert!(minted.is_ok(), "the settlement asset exists: {minted:?}");
        }
    }
}

impl<T: Config> PoolCustody<T::AccountId> for Pallet<T> {
    fn held() -> Usd {
        let held = TotalDeposited::<T>::get(T::Registry::settlement_asset());
        // More than 10^32 USD are not there.
        i128::try_from(held).map_or(Usd::MAX, Usd)
    }
}
