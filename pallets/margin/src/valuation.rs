//! From the ledger and the prices of this block to health.

use crate::{
    funding::unsettled, offsets::offsets_of, types::Account, Config, Error, Fundings,
    OpenInterests, Pallet, TotalDeposited,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    Action, AssetId, CollateralParams, Health, MarketId, MarketParams, Position, Price, PriceError,
    Quantity, Rate, SubAccount, Tier, Usd,
};
use bulwark_risk_math::{
    crowded_factor, crowded_rate, health, offset::with_offsets, profit_share,
    withdrawal_requirement, CollateralInput, MathError, PositionInput,
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
    /// For what a maker takes over from a liquidation, and for orders that nothing else can fill: at the
    /// prices that liquidation may use, clean ones or not, for initial margin at the worst of them, and
    /// otherwise as for its owner. The risk is not new, and a liquidation that goes on while a price is
    /// not clean needs somebody to sell to.
    Takeover,
    /// For closing it: at the prices that liquidation may use, clean ones or medians of feeders who
    /// disagree. Collateral without one makes the value unknown: nobody is closed because a feed
    /// is late. Orders in a market without one are left out, because they do not count for
    /// maintenance.
    Closing,
}

/// A position with the prices and the rates of its market.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Valued<'a> {
    pub(crate) position: &'a Position,
    pub(crate) input: PositionInput,
    /// The index asset of its market.
    pub(crate) index_asset: AssetId,
}

/// How an account is looked at: for what, and what is supposed instead of what is stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    purpose: Purpose,
    /// The price of one asset while it has none for the purpose.
    substitute: Option<(AssetId, Price)>,
    /// Prices supposed instead of those of the block.
    supposed: &'a [(AssetId, Price)],
    /// Open interest of one market supposed instead of what is there.
    interest: Option<(MarketId, Quantity)>,
    /// Whether open profit counts nothing for initial equity.
    without_profit: bool,
}

impl From<Purpose> for View<'_> {
    fn from(purpose: Purpose) -> Self {
        Self {
            purpose,
            substitute: None,
            supposed: &[],
            interest: None,
            without_profit: false,
        }
    }
}

impl<'a> View<'a> {
    /// With a price for an asset that has none.
    pub(crate) const fn with_substitute(self, asset: AssetId, price: Price) -> Self {
        Self {
            substitute: Some((asset, price)),
            ..self
        }
    }

    /// With other prices.
    pub(crate) const fn supposing(self, supposed: &'a [(AssetId, Price)]) -> Self {
        Self { supposed, ..self }
    }

    /// With another open interest in a market.
    pub(crate) const fn with_interest(self, market: MarketId, open: Quantity) -> Self {
        Self {
            interest: Some((market, open)),
            ..self
        }
    }

    /// With open profit that counts nothing for initial equity: it backs no loan.
    pub(crate) const fn without_profit(self) -> Self {
        Self {
            without_profit: true,
            ..self
        }
    }

    fn supposed(&self, asset: AssetId) -> Option<Price> {
        self.supposed
            .iter()
            .find(|(other, _)| *other == asset)
            .map(|(_, price)| *price)
    }

    /// Price of an asset that is good enough for the purpose, or its substitute.
    pub(crate) fn price<T: Config>(&self, asset: AssetId) -> Result<Price, PriceError> {
        if let Some(price) = self.supposed(asset) {
            return Ok(price);
        }
        let price = match self.purpose {
            Purpose::Owner => T::Prices::price(asset),
            Purpose::Takeover | Purpose::Closing => T::Prices::price_for(asset, Action::Liquidate),
        };
        price.or_else(|error| self.substituted(asset, error))
    }

    fn substituted(&self, asset: AssetId, error: PriceError) -> Result<Price, PriceError> {
        match self.substitute {
            Some((other, price)) if other == asset => Ok(price),
            Some(_) | None => Err(error),
        }
    }

    /// [`Self::price`] with the lower and higher price of an asset for initial margin; `None` where one price
    /// is all there is: for a closing, whose target is what the positions need now, and without a price.
    fn price_and_range<T: Config>(
        &self,
        asset: AssetId,
    ) -> Result<(Price, Option<(Price, Price)>), PriceError> {
        match (self.purpose, self.supposed(asset)) {
            (Purpose::Owner, None) => match T::Prices::price_and_range(asset) {
                Ok((price, range)) => Ok((price, Some(range))),
                Err(error) => self.substituted(asset, error).map(|price| (price, None)),
            },
            (Purpose::Takeover, None) => {
                let price = self.price::<T>(asset)?;
                Ok((price, T::Prices::range_for(asset, Action::Liquidate).ok()))
            }
            (Purpose::Closing, _) | (Purpose::Owner | Purpose::Takeover, Some(_)) => {
                Ok((self.price::<T>(asset)?, None))
            }
        }
    }

    /// Initial margin of a market, its open interest taken into account. Not for what liquidations
    /// aim at and what their makers need: they move risk and add none, so what others hold must not
    /// make them close more, or find nobody.
    fn initial_rate<T: Config>(
        &self,
        market: MarketId,
        params: &MarketParams,
    ) -> Result<Rate, MathError> {
        match self.purpose {
            Purpose::Owner => {
                let open = match self.interest {
                    Some((other, open)) if other == market => open,
                    Some(_) | None => OpenInterests::<T>::get(market).long,
                };
                crowded_rate(
                    params.initial_margin,
                    open,
                    params.lower_open_interest,
                    params.max_open_interest,
                )
            }
            Purpose::Takeover | Purpose::Closing => Ok(params.initial_margin),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Health of an account.
    pub(crate) fn value<'a>(
        account: &Account<T>,
        view: impl Into<View<'a>>,
    ) -> Result<Health, Unvalued> {
        let view = view.into();
        let collateral = Self::collateral_inputs(account, &view)?;
        let valued = Self::position_inputs(account, &view)?;
        let positions: Vec<PositionInput> = valued.iter().map(|one| one.input).collect();
        let gross = health(account.balance, &collateral, &positions)?;
        let (initial, maintenance) = offsets_of::<T>(&valued)?;
        Ok(with_offsets(gross, initial, maintenance)?)
    }

    fn collateral_inputs(
        account: &Account<T>,
        view: &View<'_>,
    ) -> Result<Vec<CollateralInput>, Unvalued> {
        let mut inputs = Vec::with_capacity(account.collateral.len());
        if account.collateral.is_empty() {
            return Ok(inputs);
        }
        let collaterals = T::Registry::collaterals();
        for &(asset, amount) in &account.collateral {
            let params = collaterals(asset).ok_or(Unvalued::Asset)?;
            if !counts(&params, amount) {
                continue;
            }
            let (price, range) = match (view.price_and_range::<T>(asset), view.purpose) {
                (Ok(priced), Purpose::Owner | Purpose::Takeover | Purpose::Closing) => priced,
                (Err(_), Purpose::Owner | Purpose::Takeover) => continue,
                (Err(error), Purpose::Closing) => return Err(Unvalued::Price(error)),
            };
            inputs.push(CollateralInput {
                amount,
                decimals: params.decimals,
                price,
                low: range.map(|(low, _)| low),
                initial_factor: Self::initial_factor(account, asset, &params, view)?,
                maintenance_factor: params.maintenance_factor,
            });
        }
        Ok(inputs)
    }

    /// What of a collateral counts for initial margin: less when much of it is deposited, and nothing
    /// of an isolated asset outside an account of its own.
    pub(crate) fn initial_factor(
        account: &Account<T>,
        asset: AssetId,
        params: &CollateralParams,
        view: &View<'_>,
    ) -> Result<Rate, MathError> {
        if params.tier == Tier::Isolated && account.isolated.is_none() {
            return Ok(Rate::ZERO);
        }
        match view.purpose {
            Purpose::Owner | Purpose::Takeover => crowded_factor(
                params.initial_factor,
                params.scale_start,
                TotalDeposited::<T>::get(asset),
            ),
            // A closing looks at equity, in which the maintenance factor counts.
            Purpose::Closing => Ok(params.initial_factor),
        }
    }

    pub(crate) fn position_inputs<'a>(
        account: &'a Account<T>,
        view: &View<'_>,
    ) -> Result<Vec<Valued<'a>>, Unvalued> {
        let mut inputs = Vec::with_capacity(account.positions.len());
        if account.positions.is_empty() {
            return Ok(inputs);
        }
        let markets = T::Registry::markets();
        for position in &account.positions {
            let params = markets(position.market).ok_or(Unvalued::Market)?;
            let only_orders = position.size.0 == 0;
            let priced = view.price_and_range::<T>(params.index_asset);
            let (mark, range) = match (priced, view.purpose) {
                (Ok(priced), Purpose::Owner | Purpose::Takeover | Purpose::Closing) => priced,
                (Err(_), Purpose::Closing) if only_orders => continue,
                (Err(error), Purpose::Owner | Purpose::Takeover | Purpose::Closing) => {
                    return Err(Unvalued::Price(error))
                }
            };
            let funding = if only_orders {
                0
            } else {
                unsettled(position, &Fundings::<T>::get(position.market))?
            };
            let input = PositionInput {
                size: position.size,
                entry_notional: position.entry_notional,
                mark,
                range,
                initial_margin: view.initial_rate::<T>(position.market, &params)?,
                maintenance_margin: params.maintenance_margin,
                tiers: params.margin_tiers,
                profit_share: match view.without_profit {
                    true => Rate::ZERO,
                    false => profit_share(params.tier),
                },
                funding,
                orders: position.orders,
            };
            inputs.push(Valued {
                position,
                input,
                index_asset: params.index_asset,
            });
        }
        Ok(inputs)
    }

    /// Checks that initial margin is covered, with resting orders at their worst case.
    pub(crate) fn ensure_initial_margin<'a>(
        account: &Account<T>,
        view: impl Into<View<'a>>,
    ) -> DispatchResult {
        let health = Self::value(account, view).map_err(Error::<T>::from)?;
        ensure!(
            health.initial_equity >= health.initial_margin,
            Error::<T>::InsufficientMargin
        );
        Ok(())
    }

    /// Checks that an account may be left as it is by what was taken out of it.
    pub(crate) fn ensure_may_leave(account: &Account<T>) -> DispatchResult {
        // Open profit and other collateral back a debt, but nothing leaves over it: collateral cannot be
        // sold to pay it back.
        // Funding that is owed is as good as paid.
        let owed = Self::unsettled_funding(account)?.max(Usd::ZERO);
        ensure!(account.balance >= owed, Error::<T>::SettlementDebt);
        if account.positions.is_empty() {
            return Ok(());
        }
        let health = Self::value(account, Purpose::Owner).map_err(Error::<T>::from)?;
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
        let account = Self::load(who);
        Ok(Self::value(&account, Purpose::Closing).map_err(Error::<T>::from)?)
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
