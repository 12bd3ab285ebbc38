//! Collateral of accounts that cannot pay, sold in a pool.
//!
//! How much, and for how much at least, is [`pool_sale`]'s to say. The tokens leave the pot
//! for a wallet that has nothing else, from which the pool takes them and into which it pays; what it
//! paid comes into the pot of the settlement asset, so no value has left that a limit on outflow would count. A sale that fails anywhere on this way changes
//! nothing, and the fund is asked for all of it.

use crate::{types::Account, Config, Error, Event, Pallet, LOG_TARGET};
use bulwark_primitives::{AssetId, SubAccount, Usd};
use bulwark_risk_math::{pool_sale, SpotHolding, SpotSale};
use bulwark_traits::{MarketRegistry, Purse, SpotSource};
use frame_support::{ensure, storage::with_storage_layer, PalletId};
use sp_runtime::{traits::AccountIdConversion, DispatchError};

/// From which the wallet of sales is derived: none of the pots, even where account ids are short.
const BROKER: PalletId = PalletId(*b"sale/blw");

impl<T: Config> Pallet<T> {
    /// The wallet through which collateral goes to a pool: empty between two sales, unless somebody
    /// sends tokens to it, which stay there.
    pub fn broker() -> T::AccountId {
        BROKER.into_account_truncating()
    }

    /// Sells what a pool takes of a holding for the debt of its account, when that is better than what the
    /// fund would do. Whether a sale was tried; the account has changed when it went well.
    pub(crate) fn sell_in_pool(
        who: &SubAccount<T::AccountId>,
        account: &mut Account<T>,
        asset: AssetId,
        holding: &SpotHolding,
    ) -> Result<bool, Error<T>> {
        let overflow = Error::<T>::ArithmeticOverflow;
        let debt = account.balance.checked_neg().ok_or(overflow)?;
        let Some(pool) = T::Spot::pool(asset) else {
            return Ok(false);
        };
        // A pool whose numbers do not fit is no pool.
        let sale = pool_sale(&pool, holding, debt, T::Fund::spendable());
        let Ok(Some(sale)) = sale else {
            return Ok(false);
        };
        let proceeds = match with_storage_layer(|| Self::swap(asset, &sale)) {
            Ok(proceeds) => proceeds,
            Err(error) => {
                log::debug!(
                    target: LOG_TARGET,
                    "event=sale_failed account={who:?} asset={asset} error={error:?}",
                );
                return Ok(true);
            }
        };
        let left = holding
            .held
            .checked_sub(sale.amount)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        account.set_collateral(asset, left)?;
        account.add_balance(proceeds)?;
        Self::deposit_event(Event::CollateralSold {
            account: who.clone(),
            asset,
            amount: sale.amount,
            proceeds,
        });
        Ok(true)
    }

    /// Moves the tokens of a sale; returns what came in for them.
    fn swap(asset: AssetId, sale: &SpotSale) -> Result<Usd, DispatchError> {
        let broker = Self::broker();
        Self::ensure_exists(&broker);
        Self::move_out(asset, &broker, sale.amount)?;
        let proceeds = T::Spot::sell(&broker, asset, sale.amount, sale.least)?;
        ensure!(proceeds >= sale.least, Error::<T>::CostsMore);
        let tokens = u128::try_from(proceeds.0).map_err(|_| Error::<T>::ArithmeticOverflow)?;
        Self::move_in(T::Registry::settlement_asset(), &broker, tokens)?;
        Ok(proceeds)
    }
}
