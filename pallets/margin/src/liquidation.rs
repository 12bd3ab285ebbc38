//! Accounts as liquidation sees them.

use crate::{
    types::Account,
    valuation::{counts, Purpose},
    Config, Error, Event, Fundings, Pallet,
};
use alloc::{vec, vec::Vec};
use bulwark_primitives::{
    Action, Factor, Health, Index, Leg, MarketId, Position, Price, Quantity, SubAccount, Usd,
};
use bulwark_risk_math::{mul_div, scale_collateral, size_leg, Rounding, SizeLeg};
use bulwark_traits::{
    Absorbed, AccountObserver, LendingPool, LiquidationFee, LiquidationLedger, LossFund,
    MarketRegistry, PriceSource,
};
use frame_support::ensure;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// The legs of a position: its own, and one for its size add-on when it is large enough.
    fn legs_of_position(position: &Position) -> Vec<Leg> {
        let market = position.market;
        let factor = match (position.size.is_long(), position.size.is_short()) {
            (true, _) => Factor::Long(market),
            (_, true) => Factor::Short(market),
            (false, false) => return Vec::new(),
        };
        let quantity = position.size.quantity();
        let Some(size) = Self::size_leg_of(position) else {
            // The most there can be, which makes the account due instead of hiding the leg.
            let amount = Quantity::MAX;
            return vec![Leg { factor, amount }];
        };
        let amount = quantity.checked_add(size.own).unwrap_or(Quantity::MAX);
        let mut legs = vec![Leg { factor, amount }];
        if !size.separate.is_zero() {
            legs.push(Leg {
                factor: Factor::Size(market),
                amount: size.separate,
            });
        }
        legs
    }

    /// What the size add-on adds to the legs; the account has no health without a price, so what it
    /// would be at one does not matter.
    fn size_leg_of(position: &Position) -> Option<SizeLeg> {
        let params = T::Registry::market(position.market)?;
        let mark =
            T::Prices::price_for(params.index_asset, Action::Liquidate).unwrap_or(Price::ZERO);
        size_leg(position.size, mark, &params.margin_tiers).ok()
    }

    fn leg_of_collateral(asset: bulwark_primitives::AssetId, amount: u128) -> Option<Leg> {
        let params = T::Registry::collateral(asset)?;
        // What does not count moves nothing: health and legs must not disagree (invariant 9).
        if !counts(&params, amount) {
            return None;
        }
        Some(Leg {
            factor: Factor::Collateral(asset),
            // The registry bounds deposits so that they scale; what does not is the most there can
            // be, which makes the account due instead of hiding the leg.
            amount: scale_collateral(amount, params.decimals).unwrap_or(Quantity::MAX),
        })
    }

    /// Splits what is taken like `asked`, rounding in favour of the fund.
    fn split(
        asked: &LiquidationFee<T::AccountId>,
        total: Usd,
        taken: Usd,
    ) -> Result<LiquidationFee<T::AccountId>, Error<T>> {
        let overflow = || Error::<T>::ArithmeticOverflow;
        let Some((who, part)) = &asked.liquidator else {
            return Ok(LiquidationFee {
                fund: taken,
                liquidator: None,
            });
        };
        let unsigned = |amount: Usd| u128::try_from(amount.0).map_err(|_| overflow());
        let part = mul_div(
            unsigned(*part)?,
            unsigned(taken)?,
            unsigned(total)?,
            Rounding::Down,
        )
        .map_err(|_| overflow())?;
        let part = Usd(i128::try_from(part).map_err(|_| overflow())?);
        Ok(LiquidationFee {
            fund: taken.checked_sub(part).ok_or_else(overflow)?,
            liquidator: Some((who.clone(), part)),
        })
    }

    /// Credits a liquidator's sub-account 0.
    fn reward(who: &T::AccountId, amount: Usd) -> Result<(), Error<T>> {
        if amount.is_zero() {
            return Ok(());
        }
        let liquidator = SubAccount::new(who.clone(), 0);
        let mut account = Self::load(&liquidator);
        account.add_balance(amount)?;
        Self::store(&liquidator, account);
        T::Observer::account_changed(&liquidator);
        Ok(())
    }

    fn take_fee(
        who: &SubAccount<T::AccountId>,
        asked: LiquidationFee<T::AccountId>,
    ) -> Result<LiquidationFee<T::AccountId>, DispatchError> {
        let overflow = Error::<T>::ArithmeticOverflow;
        let part = asked
            .liquidator
            .as_ref()
            .map_or(Usd::ZERO, |(_, part)| *part);
        ensure!(!asked.fund.is_negative() && !part.is_negative(), overflow);
        let total = asked.fund.checked_add(part).ok_or(overflow)?;
        let mut account = Self::load(who);
        let health = Self::value(&account, Purpose::Closing).map_err(Error::<T>::from)?;
        let taken = total.min(health.equity.max(Usd::ZERO));
        if taken.is_zero() {
            return Ok(LiquidationFee {
                fund: Usd::ZERO,
                liquidator: None,
            });
        }
        let fee = Self::split(&asked, total, taken)?;
        account.balance = account
            .balance
            .checked_sub(taken)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Self::store(who, account);
        let mut rewarded = Usd::ZERO;
        if let Some((liquidator, part)) = &fee.liquidator {
            Self::reward(liquidator, *part)?;
            rewarded = *part;
        }
        T::Fund::credit(fee.fund);
        Self::deposit_event(Event::LiquidationFeePaid {
            account: who.clone(),
            fund: fee.fund,
            liquidator: rewarded,
        });
        T::Observer::account_changed(who);
        Ok(fee)
    }

    /// What a flat account owes beyond its own collateral, or nothing.
    fn shortfall(account: &Account<T>) -> Result<Usd, Error<T>> {
        if !account.balance.is_negative() {
            return Ok(Usd::ZERO);
        }
        let health = Self::value(account, Purpose::Closing)?;
        health
            .equity
            .min(Usd::ZERO)
            .checked_neg()
            .ok_or(Error::<T>::ArithmeticOverflow)
    }
}

impl<T: Config> Pallet<T> {
    fn do_absorb(
        who: &SubAccount<T::AccountId>,
        pay: &mut dyn FnMut(Usd) -> Usd,
    ) -> Result<Absorbed, DispatchError> {
        let mut account = Self::load(who);
        ensure!(account.is_flat(), Error::<T>::PositionsOpen);
        if Self::shortfall(&account)?.is_zero() {
            return Ok(Absorbed::default());
        }
        // Its own collateral first, as far as it is needed and pools and the fund take it.
        let before = account.clone();
        let sales = Self::convert(who, &mut account)?;
        if account != before {
            Self::store(who, account.clone());
            T::Observer::account_changed(who);
        }
        let shortfall = Self::shortfall(&account)?;
        let paid = if shortfall.is_zero() {
            Usd::ZERO
        } else {
            pay(shortfall).min(shortfall).max(Usd::ZERO)
        };
        if !paid.is_zero() {
            // At most what is missing to zero, so it fits.
            account.add_balance(paid)?;
            Self::store(who, account);
            T::Observer::account_changed(who);
            Self::deposit_event(Event::LossAbsorbed {
                account: who.clone(),
                shortfall,
                paid,
            });
        }
        Ok(Absorbed {
            shortfall,
            paid,
            sales,
        })
    }
}

impl<T: Config> LiquidationLedger<T::AccountId> for Pallet<T> {
    fn health(who: &SubAccount<T::AccountId>) -> Result<Health, DispatchError> {
        Self::account_health(who)
    }

    fn legs(who: &SubAccount<T::AccountId>) -> Vec<Leg> {
        let account = Self::load(who);
        let positions = account.positions.iter().flat_map(Self::legs_of_position);
        let collateral = account
            .collateral
            .iter()
            .filter_map(|(asset, amount)| Self::leg_of_collateral(*asset, *amount));
        let debt = Self::leg_of_debt(&account);
        let offset = Self::legs_of_offset(&account);
        positions
            .chain(collateral)
            .chain(debt)
            .chain(offset)
            .collect()
    }

    fn positions(who: &SubAccount<T::AccountId>) -> Vec<Position> {
        Self::load(who)
            .positions
            .into_iter()
            .filter(|position| position.size.0 != 0)
            .collect()
    }

    fn funding(market: MarketId) -> i128 {
        Fundings::<T>::get(market).index
    }

    fn borrow_index() -> Index {
        T::Pool::borrow_index()
    }

    fn charge_fee(
        who: &SubAccount<T::AccountId>,
        fee: LiquidationFee<T::AccountId>,
    ) -> Result<LiquidationFee<T::AccountId>, DispatchError> {
        frame_support::storage::with_storage_layer(|| Self::take_fee(who, fee))
    }

    fn absorb(
        who: &SubAccount<T::AccountId>,
        pay: &mut dyn FnMut(Usd) -> Usd,
    ) -> Result<Absorbed, DispatchError> {
        frame_support::storage::with_storage_layer(|| Self::do_absorb(who, pay))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn open_position(who: &SubAccount<T::AccountId>, position: Position, balance: Usd) {
        Self::bench_open_position(who, position, balance);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_collateral(
        who: &SubAccount<T::AccountId>,
        asset: bulwark_primitives::AssetId,
        amount: u128,
    ) {
        Self::bench_set_collateral(who, asset, amount);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make_pool(asset: bulwark_primitives::AssetId, base: u128, quote: Usd) {
        Self::bench_make_pool(asset, base, quote);
    }
}
