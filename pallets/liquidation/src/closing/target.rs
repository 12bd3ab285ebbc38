//! What of an account can be closed now, and in which order.

use crate::{offsets, types::Outcome, Config, Pallet};
use alloc::vec::Vec;
use bulwark_primitives::{
    Action, Health, MarketId, MarketParams, Position, Price, Size, SubAccount, Usd,
};
use bulwark_risk_math::{
    health as health_of, is_for_backstop, maintenance_margin, mean_rates, MathError, PositionInput,
};
use bulwark_traits::{LiquidationLedger, MarketGuard, MarketRegistry, PriceSource};
use core::cmp::Reverse;

/// A position with what its market says of it.
#[derive(Clone, Copy)]
pub(crate) struct Holding {
    pub position: Position,
    pub params: MarketParams,
    pub mark: Price,
}

/// A position that can be closed now.
pub(crate) struct Target {
    pub(super) holding: Holding,
    /// Its part of the maintenance margin.
    maintenance: Usd,
    /// Whether its market allows liquidation into the book. When not, only the vault can take it.
    pub(super) is_open: bool,
}

impl Target {
    #[cfg(feature = "runtime-benchmarks")]
    pub(crate) const fn holding(&self) -> &Holding {
        &self.holding
    }

    pub(crate) const fn market(&self) -> MarketId {
        self.holding.position.market
    }

    /// Signed size of the position.
    pub(crate) const fn size(&self) -> Size {
        self.holding.position.size
    }

    /// Maintenance margin of a part of it.
    pub(crate) fn margin_of(&self, part: Size) -> Result<Usd, MathError> {
        maintenance_margin(
            part,
            self.holding.mark,
            self.holding.params.maintenance_margin,
        )
    }
}

impl<T: Config> Pallet<T> {
    /// The positions whose market has a price that liquidation may use: all of them, when the
    /// account's health is known.
    fn holdings(positions: Vec<Position>) -> Vec<Holding> {
        positions
            .into_iter()
            .filter_map(|position| {
                let params = T::Registry::market(position.market)?;
                let mark = T::Prices::price_for(params.index_asset, Action::Liquidate).ok()?;
                Some(Holding {
                    position,
                    params: with_add_on(params, &position, mark)?,
                    mark,
                })
            })
            .collect()
    }

    /// The holdings that can be closed, with the rates that closing them frees. `is_open` says of a market
    /// whether that is into its open book, and `None` when it is not to be closed in at all.
    fn targets(holdings: &[Holding], is_open: impl Fn(MarketId) -> Option<bool>) -> Vec<Target> {
        let sides: Vec<_> = holdings
            .iter()
            .map(|holding| (holding.position.size, holding.params.index_asset))
            .collect();
        holdings
            .iter()
            .zip(offsets::of::<T>(&sides))
            .map(|(holding, offset)| Holding {
                params: offset.freed(holding.params),
                ..*holding
            })
            .filter_map(|holding| {
                let is_open = is_open(holding.position.market)?;
                let rate = holding.params.maintenance_margin;
                match maintenance_margin(holding.position.size, holding.mark, rate) {
                    Ok(maintenance) => Some(Target {
                        holding,
                        maintenance,
                        is_open,
                    }),
                    Err(error) => {
                        Self::math_failed(holding.position.market, error);
                        None
                    }
                }
            })
            .collect()
    }

    /// What an account may be closed in, with the health that says how much of it.
    pub(crate) fn closable(
        account: &SubAccount<T::AccountId>,
        positions: Vec<Position>,
    ) -> Result<(Vec<Target>, Health), Outcome> {
        let holdings = Self::holdings(positions);
        let health = T::Ledger::health(account).map_err(|_| Outcome::MathFailure)?;
        let for_vault = is_for_backstop(&health).unwrap_or(false);
        // Into the book where liquidation is allowed, and of a paused market into the vault when the account
        // is one for it.
        let targets = Self::targets(&holdings, |market| {
            let status = T::Guard::status(market);
            let is_open = status.allows_liquidation();
            (is_open || for_vault && status.allows_takeover()).then_some(is_open)
        });
        if targets.is_empty() {
            return Err(Outcome::MarketsHalted);
        }
        Ok((targets, without_orders(health, &holdings)))
    }

    /// The position of an account in a market, whatever its status.
    pub(super) fn target_in(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
    ) -> Option<Target> {
        let holdings = Self::holdings(Self::open_positions(account));
        let mut targets = Self::targets(&holdings, |other| (other == market).then_some(false));
        targets.pop()
    }

    /// The position with the largest requirement of those whose market is being uncrossed, of an account
    /// that is under maintenance, with the health that says how much of it.
    pub(super) fn joinable(
        account: &SubAccount<T::AccountId>,
        positions: Vec<Position>,
    ) -> Option<(Target, Health)> {
        let health = T::Ledger::health(account)
            .ok()
            .filter(Health::is_liquidatable)?;
        let holdings = Self::holdings(positions);
        let target = Self::targets(&holdings, |market| {
            Self::is_uncrossing(market).then_some(false)
        })
        .into_iter()
        .max_by_key(|target| (target.maintenance, Reverse(target.market())))?;
        Some((target, without_orders(health, &holdings)))
    }
}

/// Targets in the order in which they are tried: from the market where the last attempt stopped, or
/// open markets before paused ones, the largest requirement first.
pub(super) fn in_turn(mut targets: Vec<Target>, resume: Option<MarketId>) -> Vec<Target> {
    match resume {
        Some(from) => targets.sort_by_key(|target| (target.market() < from, target.market())),
        None => {
            targets.sort_by_key(|target| (!target.is_open, Reverse(target.maintenance)));
        }
    }
    targets
}

/// Where the next attempt starts when `rest` was not tried: with the first of them. `None` when
/// everything was.
pub(super) fn go_on_at(
    mut rest: impl Iterator<Item = Target>,
    resume: Option<MarketId>,
) -> Option<MarketId> {
    match resume {
        Some(_) => rest.next().map(|target| target.market()),
        None => rest.map(|target| target.market()).min(),
    }
}

/// The market's parameters with the rates that a position of this size has in the mean, its size
/// add-on included: what closing a part of it frees at least.
fn with_add_on(params: MarketParams, position: &Position, mark: Price) -> Option<MarketParams> {
    let (initial_margin, maintenance_margin) = mean_rates(&PositionInput {
        size: position.size,
        mark,
        initial_margin: params.initial_margin,
        maintenance_margin: params.maintenance_margin,
        tiers: params.margin_tiers,
        ..PositionInput::default()
    })
    .ok()?;
    Some(MarketParams {
        initial_margin,
        maintenance_margin,
        ..params
    })
}

/// Health with the initial margin of the positions alone.
///
/// Orders that are still there are cancelled by the attempts to come, so what has to be closed is
/// what the positions need. Counting the orders would close more than brings the account back, and
/// waiting until the last one is cancelled would leave it under maintenance.
fn without_orders(health: Health, holdings: &[Holding]) -> Health {
    let inputs: Vec<PositionInput> = holdings
        .iter()
        .map(|holding| PositionInput {
            size: holding.position.size,
            entry_notional: holding.position.entry_notional,
            mark: holding.mark,
            initial_margin: holding.params.initial_margin,
            maintenance_margin: holding.params.maintenance_margin,
            ..PositionInput::default()
        })
        .collect();
    // The ledger has computed larger sums of the same terms, so this does not fail.
    health_of(Usd::ZERO, &[], &inputs).map_or(health, |positions| Health {
        initial_margin: health.initial_margin.min(positions.initial_margin),
        ..health
    })
}
