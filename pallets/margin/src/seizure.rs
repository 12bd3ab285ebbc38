//! Collateral of accounts that cannot pay: sold in pools, or taken over by the insurance fund and sold on.
//!
//! A flat account that owes more than it is worth must not keep collateral while others pay for it. So
//! before any of them is asked, as much as the debt needs is sold: in a pool ([`spot`](crate::spot)) where
//! that pays more, and otherwise to the fund at the oracle price less
//! a discount, with its own money and for as much of it as there is. What it took lies in an account
//! of the ledger like any other ([`Pallet::vault`]), so the pots hold what they held. Anybody may buy it
//! from there, at a price that starts at the oracle's and falls for a day to what the fund paid.

use crate::{
    types::Account,
    valuation::{counts, Purpose, Unvalued, View},
    Accounts, Config, Error, Event, Pallet, SeizedSince,
};
use bulwark_primitives::{AssetId, Price, SubAccount, Usd};
use bulwark_risk_math::{
    bought, sale_cost, sale_factor, takeover_factor, to_sell, MathError, SpotHolding,
};
use bulwark_traits::{AccountObserver, MarketRegistry, Purse, MAX_SALES};
use frame_support::{ensure, traits::Get};
use sp_runtime::{
    traits::{AccountIdConversion, Saturating, UniqueSaturatedInto},
    DispatchResult,
};

/// Blocks in which the price of a sale falls to what the fund paid: a day.
pub const SALE_BLOCKS: u32 = 43_200;

fn math<T: Config>(error: MathError) -> Error<T> {
    Unvalued::from(error).into()
}

impl<T: Config> Pallet<T> {
    /// The fund's account: what it took over and has not sold.
    pub fn vault() -> SubAccount<T::AccountId> {
        SubAccount::new(T::PalletId::get().into_account_truncating(), 0)
    }

    /// Sells collateral of an account with a debt to pools and to the fund, as much as needed and as
    /// these can pay; returns how many sales in pools were tried. Stores and tells of the fund's account,
    /// not of this one.
    pub(crate) fn convert(
        who: &SubAccount<T::AccountId>,
        account: &mut Account<T>,
    ) -> Result<u32, Error<T>> {
        let holdings = account.collateral.clone();
        let mut vault = Accounts::<T>::get(Self::vault());
        let before = vault.clone();
        let mut sales = 0u32;
        for (asset, held) in holdings {
            if !account.balance.is_negative() {
                break;
            }
            let Some(params) = T::Registry::collateral(asset) else {
                continue;
            };
            if !counts(&params, held) {
                continue;
            }
            let price = View::from(Purpose::Closing)
                .price::<T>(asset)
                .map_err(Unvalued::Price)?;
            let holding = SpotHolding {
                held,
                decimals: params.decimals,
                price,
                maintenance_factor: params.maintenance_factor,
            };
            let is_tried = sales < MAX_SALES && Self::sell_in_pool(who, account, asset, &holding)?;
            sales = sales.saturating_add(u32::from(is_tried));
            let is_full = vault.collateral_of(asset) == 0 && vault.collateral.is_full();
            let held = account.collateral_of(asset);
            if is_full || held == 0 || !account.balance.is_negative() {
                continue;
            }
            let holding = SpotHolding { held, ..holding };
            Self::convert_one(who, account, &mut vault, asset, &holding)?;
        }
        if vault != before {
            Self::store(&Self::vault(), vault);
            T::Observer::account_changed(&Self::vault());
        }
        Ok(sales)
    }

    fn convert_one(
        who: &SubAccount<T::AccountId>,
        account: &mut Account<T>,
        vault: &mut Account<T>,
        asset: AssetId,
        holding: &SpotHolding,
    ) -> Result<(), Error<T>> {
        let debt = account
            .balance
            .checked_neg()
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let held = holding.held;
        let factor = takeover_factor(holding.maintenance_factor);
        let (amount, worth) =
            to_sell(held, holding.decimals, holding.price, factor, debt).map_err(math::<T>)?;
        if worth <= Usd::ZERO {
            return Ok(());
        }
        let paid = T::Fund::spend(worth);
        if paid <= Usd::ZERO {
            return Ok(());
        }
        let amount = bought(amount, paid, worth).map_err(math::<T>)?;
        let overflow = Error::<T>::ArithmeticOverflow;
        let left = held.checked_sub(amount).ok_or(overflow)?;
        let had = vault.collateral_of(asset);
        let has = had
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        account.set_collateral(asset, left)?;
        account.add_balance(paid)?;
        vault.set_collateral(asset, has)?;
        if had == 0 {
            SeizedSince::<T>::insert(asset, frame_system::Pallet::<T>::block_number());
        }
        Self::deposit_event(Event::CollateralSeized {
            account: who.clone(),
            asset,
            amount,
            paid,
        });
        Ok(())
    }

    /// What `amount` base units of the fund's collateral cost now.
    ///
    /// # Errors
    /// `NotForSale`, `UnknownAsset`, `Price...`, `ArithmeticOverflow`.
    pub fn seized_cost(asset: AssetId, amount: u128) -> Result<Usd, Error<T>> {
        let params = T::Registry::collateral(asset).ok_or(Error::<T>::UnknownAsset)?;
        let since = SeizedSince::<T>::get(asset).ok_or(Error::<T>::NotForSale)?;
        let now = frame_system::Pallet::<T>::block_number();
        let elapsed: u32 = now.saturating_sub(since).unique_saturated_into();
        let price: Price = View::from(Purpose::Owner)
            .price::<T>(asset)
            .map_err(Unvalued::Price)?;
        sale_factor(params.maintenance_factor, elapsed, SALE_BLOCKS)
            .and_then(|factor| sale_cost(amount, params.decimals, price, factor))
            .map_err(math::<T>)
    }

    pub(crate) fn do_buy_seized(
        who: SubAccount<T::AccountId>,
        asset: AssetId,
        amount: u128,
        most: Usd,
    ) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let params = T::Registry::collateral(asset).ok_or(Error::<T>::UnknownAsset)?;
        let mut vault = Accounts::<T>::get(Self::vault());
        let held = vault.collateral_of(asset);
        ensure!(amount <= held, Error::<T>::NotForSale);
        // Dust is not cut off what is for sale; all that is left of it may go.
        ensure!(
            amount >= params.min_deposit || amount == held,
            Error::<T>::BelowMinimumDeposit
        );
        let cost = Self::seized_cost(asset, amount)?;
        ensure!(cost <= most, Error::<T>::CostsMore);
        let mut buyer = Self::load(&who);
        buyer.balance = buyer
            .balance
            .checked_sub(cost)
            .filter(|left| !left.is_negative())
            .ok_or(Error::<T>::InsufficientBalance)?;
        let has = buyer
            .collateral_of(asset)
            .checked_add(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        buyer.set_collateral(asset, has)?;
        Self::ensure_may_leave(&buyer)?;
        let left = held
            .checked_sub(amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        vault.set_collateral(asset, left)?;
        Self::store(&who, buyer);
        Self::store(&Self::vault(), vault);
        if left == 0 {
            SeizedSince::<T>::remove(asset);
        }
        T::Fund::refund(cost);
        T::Observer::account_changed(&who);
        T::Observer::account_changed(&Self::vault());
        Self::deposit_event(Event::SeizedSold {
            account: who,
            asset,
            amount,
            cost,
        });
        Ok(())
    }
}
