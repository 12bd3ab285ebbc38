//! From the ledger and the prices of this block to health.

use crate::{
    types::{Account, MarginBreakdown, PositionBreakdown},
    Accounts, Config, Error, Pallet,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    Action, AssetId, CollateralParams, Health, MarketParams, Position, Price, PriceError,
    SubAccount,
};
use bulwark_risk_math::{
    health, liquidation_price, maintenance_margin, signed_notional, withdrawal_requirement,
    CollateralInput, MathError, PositionInput, Rounding,
};
use bulwark_traits::{MarketRegistry, PriceSource};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

/// Why an account has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unvalued {
    /// A price it depends on is not good enough for the purpose.
    Price(PriceError),
    /// The registry does not know a market it is in.
    Market,
    /// The registry does not know an asset it holds.
    Asset,
    /// A number does not fit.
    Math,
}

impl From<MathError> for Unvalued {
    fn from(error: MathError) -> Self {
        match error {
            MathError::Overflow | MathError::DivisionByZero => Self::Math,
        }
    }
}

impl<T: Config> From<Unvalued> for Error<T> {
    fn from(reason: Unvalued) -> Self {
        match reason {
            Unvalued::Price(PriceError::TooFewFeeds) => Self::PriceTooFewFeeds,
            Unvalued::Price(PriceError::Stale) => Self::PriceStale,
            Unvalued::Price(PriceError::Deviating) => Self::PriceDeviating,
            Unvalued::Price(PriceError::Uncertain) => Self::PriceUncertain,
            Unvalued::Price(PriceError::Halted) => Self::PriceHalted,
            Unvalued::Price(PriceError::Recovering) => Self::PriceRecovering,
            Unvalued::Market => Self::UnknownMarket,
            Unvalued::Asset => Self::UnknownAsset,
            Unvalued::Math => Self::ArithmeticOverflow,
        }
    }
}

/// For what an account is valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For what its owner does with it: at clean prices. Collateral without one counts nothing: a
    /// stale minor asset blocks nothing else and never helps.
    Owner,
    /// For what a maker takes over from a liquidation: at the prices that liquidation may use, clean
    /// ones or medians of feeders who disagree, and otherwise as for its owner. The risk is not
    /// new, and a liquidation that goes on while feeders disagree needs somebody to sell to.
    Takeover,
    /// For closing it: at the prices that liquidation may use, clean ones or medians of feeders who
    /// disagree. Collateral without one makes the value unknown: nobody is closed because a feed
    /// is late. Orders in a market without one are left out, because they do not count for
    /// maintenance.
    Closing,
}

/// The price to use for one asset while it has none for the purpose.
pub(crate) type Substitute = Option<(AssetId, Price)>;

impl<T: Config> Pallet<T> {
    /// Price of an asset that is good enough for the purpose, or its substitute.
    pub(crate) fn price(
        asset: AssetId,
        purpose: Purpose,
        substitute: Substitute,
    ) -> Result<Price, PriceError> {
        let price = match purpose {
            Purpose::Owner => T::Prices::price(asset),
            Purpose::Takeover | Purpose::Closing => T::Prices::price_for(asset, Action::Liquidate),
        };
        price.or_else(|error| match substitute {
            Some((other, price)) if other == asset => Ok(price),
            Some(_) | None => Err(error),
        })
    }

    /// Health of an account.
    pub(crate) fn value(
        account: &Account<T>,
        purpose: Purpose,
        substitute: Substitute,
    ) -> Result<Health, Unvalued> {
        let collateral = Self::collateral_inputs(account, purpose, substitute)?;
        let positions: Vec<PositionInput> = Self::position_inputs(account, purpose, substitute)?
            .into_iter()
            .map(|(_, input)| input)
            .collect();
        Ok(health(account.balance, &collateral, &positions)?)
    }

    fn collateral_inputs(
        account: &Account<T>,
        purpose: Purpose,
        substitute: Substitute,
    ) -> Result<Vec<CollateralInput>, Unvalued> {
        let mut inputs = Vec::with_capacity(account.collateral.len());
        for &(asset, amount) in &account.collateral {
            let params = T::Registry::collateral(asset).ok_or(Unvalued::Asset)?;
            if !counts(&params, amount) {
                continue;
            }
            let price = match (Self::price(asset, purpose, substitute), purpose) {
                (Ok(price), Purpose::Owner | Purpose::Takeover | Purpose::Closing) => price,
                (Err(_), Purpose::Owner | Purpose::Takeover) => continue,
                (Err(error), Purpose::Closing) => return Err(Unvalued::Price(error)),
            };
            inputs.push(CollateralInput {
                amount,
                decimals: params.decimals,
                price,
                initial_factor: params.initial_factor,
                maintenance_factor: params.maintenance_factor,
            });
        }
        Ok(inputs)
    }

    fn position_inputs(
        account: &Account<T>,
        purpose: Purpose,
        substitute: Substitute,
    ) -> Result<Vec<(&Position, PositionInput)>, Unvalued> {
        let mut inputs = Vec::with_capacity(account.positions.len());
        for position in &account.positions {
            let params = T::Registry::market(position.market).ok_or(Unvalued::Market)?;
            let only_orders = position.size.0 == 0;
            let price = Self::price(params.index_asset, purpose, substitute);
            let mark = match (price, purpose) {
                (Ok(mark), Purpose::Owner | Purpose::Takeover | Purpose::Closing) => mark,
                (Err(_), Purpose::Closing) if only_orders => continue,
                (Err(error), Purpose::Owner | Purpose::Takeover | Purpose::Closing) => {
                    return Err(Unvalued::Price(error))
                }
            };
            inputs.push((position, position_input(position, &params, mark)));
        }
        Ok(inputs)
    }

    /// Checks that initial margin is covered, with resting orders at their worst case.
    pub(crate) fn ensure_initial_margin(account: &Account<T>, purpose: Purpose) -> DispatchResult {
        let health = Self::value(account, purpose, None).map_err(Error::<T>::from)?;
        ensure!(
            health.initial_equity >= health.initial_margin,
            Error::<T>::InsufficientMargin
        );
        Ok(())
    }

    /// Checks that an account may be left as it is by what was taken out of it.
    pub(crate) fn ensure_may_leave(account: &Account<T>) -> DispatchResult {
        // No lending: open profit and other collateral back a debt, but nothing leaves over it.
        ensure!(!account.balance.is_negative(), Error::<T>::SettlementDebt);
        if account.positions.is_empty() {
            return Ok(());
        }
        let health = Self::value(account, Purpose::Owner, None).map_err(Error::<T>::from)?;
        let requirement = withdrawal_requirement(&health)
            .map_err(Unvalued::from)
            .map_err(Error::<T>::from)?;
        ensure!(
            health.initial_equity >= requirement,
            Error::<T>::InsufficientMargin
        );
        Ok(())
    }

    /// Health of an account at the prices of this block, as liquidation sees it.
    ///
    /// # Errors
    /// `Price...` when liquidation may not use a price that counts, `ArithmeticOverflow` when a number does
    /// not fit.
    pub fn account_health(who: &SubAccount<T::AccountId>) -> Result<Health, DispatchError> {
        let account = Accounts::<T>::get(who);
        Ok(Self::value(&account, Purpose::Closing, None).map_err(Error::<T>::from)?)
    }

    /// Everything about an account; `None` when it has nothing or its health cannot be known.
    pub fn margin_breakdown(who: &SubAccount<T::AccountId>) -> Option<MarginBreakdown> {
        let account = Accounts::<T>::try_get(who).ok()?;
        let health = Self::value(&account, Purpose::Closing, None).ok()?;
        let positions = Self::position_inputs(&account, Purpose::Closing, None)
            .ok()?
            .into_iter()
            .filter(|(position, _)| position.size.0 != 0)
            .map(|(position, input)| break_down(position, &input, &health))
            .collect::<Option<Vec<_>>>()?;
        Some(MarginBreakdown {
            balance: account.balance,
            collateral: account.collateral.into_inner(),
            health,
            positions,
        })
    }
}

/// Whether a holding counts for health and so moves it.
///
/// One below the asset's smallest deposit is dust and counts nothing, with a price or without: so a
/// feed that fails can neither keep an account open through a holding that is worth nothing nor
/// cost anybody more than dust, and health does not jump when the price is gone. What is larger
/// makes health unknown for a closing while it has no price.
pub(crate) fn counts(params: &CollateralParams, amount: u128) -> bool {
    !params.maintenance_factor.is_zero() && amount >= params.min_deposit
}

fn position_input(position: &Position, params: &MarketParams, mark: Price) -> PositionInput {
    PositionInput {
        size: position.size,
        entry_notional: position.entry_notional,
        mark,
        initial_margin: params.initial_margin,
        maintenance_margin: params.maintenance_margin,
        orders: position.orders,
    }
}

fn break_down(
    position: &Position,
    input: &PositionInput,
    health: &Health,
) -> Option<PositionBreakdown> {
    let notional = signed_notional(input.mark, position.size, Rounding::Down).ok()?;
    Some(PositionBreakdown {
        market: position.market,
        size: position.size,
        entry_notional: position.entry_notional,
        mark: input.mark,
        notional,
        unrealised: notional.checked_sub(position.entry_notional)?,
        maintenance_margin: maintenance_margin(position.size, input.mark, input.maintenance_margin)
            .ok()?,
        liquidation_price: liquidation_price(health, input),
    })
}
