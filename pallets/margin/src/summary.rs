//! What clients ask: an account in one look, and what it would be after an order or at other prices. Read-only, and never part of a block.

use crate::{
    funding::{settlement, Settlements},
    offsets::{hedge_of, offsets_of, open},
    types::{Account, MarginBreakdown, MarketSummary, PositionBreakdown},
    valuation::{counts, Purpose, Unvalued, Valued, View},
    Config, Error, Fundings, OpenInterests, Pallet,
};
use alloc::{collections::BTreeMap, vec::Vec};
use bulwark_primitives::{
    AssetId, Health, MarketId, Position, Price, Quantity, Rate, Side, SubAccount, Usd, RATE_SCALE,
};
use bulwark_risk_math::{
    apply_trade, collateral_value, crowded_rate, fraction, initial_margin, liquidation_price,
    maintenance_margin, mul_div, notional, position_maintenance, signed_notional, size_add_on,
    withdrawal_requirement, PositionInput, Rounding,
};
use bulwark_traits::MarketRegistry;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Health of an account: equity and maintenance margin as liquidation sees them, initial equity and
    /// margin as its owner is held to. While a clean price is missing, these too are those of a
    /// liquidation.
    ///
    /// # Errors
    /// `Price...` when liquidation may not use a price that counts, `ArithmeticOverflow` when a number does
    /// not fit.
    pub fn owner_health(who: &SubAccount<T::AccountId>) -> Result<Health, DispatchError> {
        let account = Self::load(who);
        Ok(Self::owner_value(&account, &[]).map_err(Error::<T>::from)?)
    }

    fn owner_value(
        account: &Account<T>,
        supposed: &[(AssetId, Price)],
    ) -> Result<Health, Unvalued> {
        let closing = Self::value(account, View::from(Purpose::Closing).supposing(supposed))?;
        let owner = Self::value(account, View::from(Purpose::Owner).supposing(supposed));
        Ok(owner.map_or(closing, |owner| Health {
            initial_equity: owner.initial_equity,
            initial_margin: owner.initial_margin,
            ..closing
        }))
    }

    /// Everything about an account; `None` when it has nothing or its health cannot be known.
    pub fn margin_breakdown(who: &SubAccount<T::AccountId>) -> Option<MarginBreakdown> {
        Self::break_down(&Self::try_load(who)?, &[])
    }

    /// The same at other prices of some assets, with slow prices at the new ones.
    pub fn breakdown_at(
        who: &SubAccount<T::AccountId>,
        prices: &[(AssetId, Price)],
    ) -> Option<MarginBreakdown> {
        Self::break_down(&Self::try_load(who)?, prices)
    }

    /// The same after an order that fills in full at `price` as a taker; `None` also when the account
    /// cannot have it.
    pub fn breakdown_after(
        who: &SubAccount<T::AccountId>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        price: Price,
    ) -> Option<MarginBreakdown> {
        let params = T::Registry::market(market)?;
        let worth = notional(price, quantity, Rounding::Up).ok()?;
        let (delta, cost) = match side {
            Side::Bid => (quantity.long()?, worth),
            Side::Ask => (quantity.short()?, worth.checked_neg()?),
        };
        let (mut after, position, _) = Settlements::of::<T>(market).open(Self::load(who)).ok()?;
        let traded = apply_trade(position.size, position.entry_notional, delta, cost).ok()?;
        let fee = fraction(worth, params.taker_fee, Rounding::Up).ok()?;
        after.add_balance(traded.realised.checked_sub(fee)?).ok()?;
        after
            .set_position(Position {
                size: traded.size,
                entry_notional: traded.entry_notional,
                ..position
            })
            .ok()?;
        Self::break_down(&after, &[])
    }

    fn break_down(account: &Account<T>, supposed: &[(AssetId, Price)]) -> Option<MarginBreakdown> {
        let health = Self::owner_value(account, supposed).ok()?;
        let closing = View::from(Purpose::Closing).supposing(supposed);
        let owner = View::from(Purpose::Owner).supposing(supposed);
        let inputs = Self::position_inputs(account, &closing).ok()?;
        let owned = Self::position_inputs(account, &owner).unwrap_or_else(|_| inputs.clone());
        let open = open(&inputs);
        let hedge = hedge_of::<T>(&open);
        let positions = open
            .iter()
            .enumerate()
            .map(|(place, one)| {
                let held_to = owned
                    .iter()
                    .find(|other| other.position.market == one.position.market)
                    .map_or(&one.input, |other| &other.input);
                // What a fall takes of a long's offset it takes of its slack.
                let freed = match &hedge {
                    Some(hedge) if one.input.size.is_long() => {
                        hedge.freed(place, one.input.maintenance_margin).ok()?
                    }
                    Some(_) | None => one.input.maintenance_margin,
                };
                break_down_position::<T>(one, freed, held_to, &health)
            })
            .collect::<Option<Vec<_>>>()?;
        let requirement = withdrawal_requirement(&health).ok()?;
        Some(MarginBreakdown {
            balance: account.balance,
            collateral: account.collateral.to_vec(),
            isolated: account.isolated,
            ratio: ratio(&health),
            free_collateral: health.initial_equity.checked_sub(health.initial_margin)?,
            withdrawal_room: health.initial_equity.checked_sub(requirement)?,
            funding: Self::unsettled_funding(account).ok()?,
            initial_offset: offsets_of::<T>(&owned).ok()?.0,
            maintenance_offset: offsets_of::<T>(&inputs).ok()?.1,
            exposures: Self::exposures(account, &closing, &open)?,
            health,
            positions,
        })
    }

    /// What the slack of an account would gain if the price of each asset doubled, and lose as it
    /// falls: signed notional of positions less the maintenance margin that grows with the price, and
    /// counted collateral. Offsets and size add-ons are those of now. In the order of the assets.
    fn exposures(
        account: &Account<T>,
        view: &View<'_>,
        open: &[&Valued<'_>],
    ) -> Option<Vec<(AssetId, Usd)>> {
        let mut sums: BTreeMap<AssetId, Usd> = BTreeMap::new();
        let mut add = |asset, amount: Usd| -> Option<()> {
            let sum = sums.entry(asset).or_default();
            *sum = sum.checked_add(amount)?;
            Some(())
        };
        for one in open {
            let (size, mark) = (one.input.size, one.input.mark);
            let rate = one.input.maintenance_margin;
            add(
                one.index_asset,
                signed_notional(mark, size, Rounding::Down).ok()?,
            )?;
            let margin = maintenance_margin(size, mark, rate).ok()?;
            add(one.index_asset, margin.checked_neg()?)?;
        }
        for (asset, amount) in &account.collateral {
            let params = T::Registry::collateral(*asset)?;
            if counts(&params, *amount) {
                let price = view.price::<T>(*asset).ok()?;
                let factor = params.maintenance_factor;
                add(
                    *asset,
                    collateral_value(*amount, params.decimals, price, factor).ok()?,
                )?;
            }
        }
        Some(sums.into_iter().collect())
    }

    /// Open interest, funding and margin of a market; `None` for one that does not exist.
    pub fn market_summary(market: MarketId) -> Option<MarketSummary> {
        let params = T::Registry::market(market)?;
        let interest = OpenInterests::<T>::get(market);
        let funding = Fundings::<T>::get(market);
        Some(MarketSummary {
            long: interest.long,
            short: interest.short,
            funding_rate: funding.rate,
            funding_index: funding.index,
            funding_paused: funding.paused,
            initial_margin: crowded_rate(
                params.initial_margin,
                interest.long,
                params.lower_open_interest,
                params.max_open_interest,
            )
            .ok()?,
            base_initial_margin: params.initial_margin,
            maintenance_margin: params.maintenance_margin,
        })
    }

    /// Initial and maintenance margin of a position worth `notional` in a market, as fractions of it,
    /// rounded up.
    pub fn margin_at(market: MarketId, notional: Usd) -> Option<(Rate, Rate)> {
        let params = T::Registry::market(market)?;
        let summary = Self::market_summary(market)?;
        let worth = u128::try_from(notional.0).ok().filter(|worth| *worth > 0);
        let on_top = |add_on: Usd| -> Option<u64> {
            let Some(worth) = worth else { return Some(0) };
            let rate = mul_div(
                add_on.0.unsigned_abs(),
                u128::from(RATE_SCALE),
                worth,
                Rounding::Up,
            );
            u64::try_from(rate.ok()?).ok()
        };
        let initial = on_top(size_add_on(notional, &params.margin_tiers).ok()?)?;
        let maintenance =
            on_top(bulwark_risk_math::maintenance_add_on(notional, &params.margin_tiers).ok()?)?;
        let maintenance = Rate(params.maintenance_margin.0.checked_add(maintenance)?);
        let initial = Rate(summary.initial_margin.0.checked_add(initial)?);
        Some((initial.min(Rate::ONE).max(maintenance), maintenance))
    }
}

/// Equity over maintenance margin, rounded down; nothing for an account below zero, `None` for one
/// without a requirement. A ratio that does not fit is the largest.
fn ratio(health: &Health) -> Option<Rate> {
    let margin = u128::try_from(health.maintenance_margin.0)
        .ok()
        .filter(|margin| *margin > 0)?;
    let equity = u128::try_from(health.equity.0).unwrap_or(0);
    let ratio = mul_div(equity, u128::from(RATE_SCALE), margin, Rounding::Down).ok();
    Some(
        ratio
            .and_then(|ratio| u64::try_from(ratio).ok())
            .map_or(Rate::MAX, Rate),
    )
}

fn break_down_position<T: Config>(
    one: &Valued<'_>,
    freed: Rate,
    held_to: &PositionInput,
    health: &Health,
) -> Option<PositionBreakdown> {
    let (position, input) = (one.position, &one.input);
    let notional = signed_notional(input.mark, position.size, Rounding::Down).ok()?;
    let falling = PositionInput {
        maintenance_margin: freed,
        ..*input
    };
    Some(PositionBreakdown {
        market: position.market,
        size: position.size,
        entry_notional: position.entry_notional,
        mark: input.mark,
        notional,
        unrealised: notional.checked_sub(position.entry_notional)?,
        funding: settlement(position, &Fundings::<T>::get(position.market))
            .ok()?
            .paid,
        initial_margin: initial_margin(held_to).ok()?,
        maintenance_margin: position_maintenance(input).ok()?,
        liquidation_price: liquidation_price(health, &falling),
    })
}
