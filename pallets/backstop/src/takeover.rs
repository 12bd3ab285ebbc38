//! Taking positions over: how much of an offer, and the one trade that does it.

use crate::{
    shares::math,
    types::{Cap, Losses, Plan},
    AtRisk, Books, Config, DayLosses, Error, Event, Held, Pallet, Params,
};
use bulwark_primitives::{
    Action, MarketId, MarketParams, Price, Quantity, Rate, Size, SubAccount, Usd,
};
use bulwark_risk_math::{
    backstop::{in_lots, taken, top_up, Limit, Room},
    fraction, mean_rates, PositionInput, Rounding,
};
use bulwark_traits::{
    Backstop, BackstopLedger, LiquidationLedger, MarketGuard, MarketRegistry, PriceSource,
    TakenOver, Takeover,
};
use frame_support::{storage::with_storage_layer, traits::Get};
use sp_runtime::DispatchError;

/// Least that is put into a market at first: an account of the ledger does not begin with less.
const LEAST_ALLOTMENT: Usd = Usd::dollars(10);

impl<T: Config> Pallet<T> {
    /// The vault's position in a market.
    pub(crate) fn size_of(market: MarketId) -> Size {
        Self::market_account(market)
            .and_then(|account| {
                T::Ledger::positions(&account)
                    .into_iter()
                    .find(|position| position.market == market)
            })
            .map_or(Size::ZERO, |position| position.size)
    }

    /// Most that may be put into a market now, and what keeps it from more.
    fn most_to_allot(market: MarketId, capital: Usd) -> Result<(Usd, Cap), Error<T>> {
        let parameters = Params::<T>::get();
        let quarter = Self::quarter();
        let book = Books::<T>::get(market);
        let left = |share: Rate, losses: Losses, at_risk: Usd| {
            let most = fraction(capital, share, Rounding::Down).map_err(math::<T>)?;
            losses
                .until(quarter)
                .and_then(|lost| most.checked_sub(lost)?.checked_sub(at_risk))
                .ok_or(Error::<T>::ArithmeticOverflow)
        };
        let in_market = left(parameters.market_loss, book.losses, book.allotted)?;
        let losses = DayLosses::<T>::get();
        let in_all = left(parameters.day_loss, losses, AtRisk::<T>::get())?;
        let free = T::Ledger::balance(&Self::free_account());
        let bounds = [
            (in_market, Cap::MarketLoss),
            (in_all, Cap::DayLoss),
            (free, Cap::Capital),
        ];
        let (most, cap) = bounds
            .into_iter()
            .min_by_key(|(most, _)| *most)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        Ok((most.max(Usd::ZERO), cap))
    }

    /// What is put behind a position, as a fraction of its notional: never less than its initial margin.
    fn margin_of(params: &MarketParams, size: Size, mark: Price) -> Result<Rate, Error<T>> {
        let (initial, _) = mean_rates(&PositionInput {
            size,
            mark,
            initial_margin: params.initial_margin,
            maintenance_margin: params.maintenance_margin,
            tiers: params.margin_tiers,
            ..PositionInput::default()
        })
        .map_err(math::<T>)?;
        Ok(initial.max(Params::<T>::get().margin))
    }

    /// What the vault does with an offer; `None` when it does not look at it.
    pub(crate) fn plan(offer: &Takeover<T::AccountId>) -> Option<Plan> {
        let market = offer.market;
        if Self::is_own(&offer.account) || !T::Guard::status(market).allows_takeover() {
            return None;
        }
        let held = Held::<T>::get();
        let is_full = u32::try_from(held.len()).ok()? >= T::MaxMarkets::get();
        if is_full && !held.contains(&market) {
            return None;
        }
        let account = Self::market_account(market)?;
        let params = T::Registry::market(market)?;
        let mark = T::Prices::price_for(params.index_asset, Action::Liquidate).ok()?;
        let health = T::Ledger::health(&account).ok()?;
        // What is being closed itself is given nothing more.
        if health.is_liquidatable() {
            return None;
        }
        let capital = Self::capital()?;
        let (loss, loss_cap) = Self::most_to_allot(market, capital).ok()?;
        let size = Self::size_of(market);
        let parameters = Params::<T>::get();
        let room = Room {
            size,
            equity: health.equity,
            loss,
            notional: fraction(capital, parameters.market_notional, Rounding::Down).ok()?,
            // Large positions need more a unit; so the rate of all that is offered bounds the others.
            margin: Self::margin_of(&params, Size(size.0.checked_add(offer.size.0)?), mark).ok()?,
            premium: parameters.premium,
        };
        let (fits, limit) = taken(&room, offer.size, offer.price, mark).ok()?;
        let quantity = in_lots(fits, offer.size.quantity(), &params).ok()?;
        let mut top_up = top_up(&room, offer.size, quantity, offer.price, mark).ok()?;
        if !held.contains(&market) {
            top_up = top_up.max(LEAST_ALLOTMENT);
        }
        let cap = match limit {
            Limit::None | Limit::Price => None,
            Limit::Loss => Some(loss_cap),
            Limit::Notional => Some(Cap::Notional),
        };
        // Less than the least, or a rounding: the cap counts. So it does when this leaves next to nothing.
        let fits = top_up <= loss;
        let left = loss.checked_sub(top_up)?;
        let exhausts = !fits || !quantity.is_zero() && left < LEAST_ALLOTMENT;
        Some(Plan {
            quantity: if fits { quantity } else { Quantity::ZERO },
            top_up,
            cap: cap.or_else(|| exhausts.then_some(loss_cap)),
        })
    }

    fn carry_out(offer: &Takeover<T::AccountId>, plan: &Plan) -> Result<TakenOver, DispatchError> {
        let market = offer.market;
        let overflow = Error::<T>::ArithmeticOverflow;
        let account = Self::market_account(market).ok_or(overflow)?;
        let long = offer.size.is_long();
        let size = if long {
            plan.quantity.long()
        } else {
            plan.quantity.short()
        };
        let part = Takeover {
            size: size.ok_or(Error::<T>::ArithmeticOverflow)?,
            ..offer.clone()
        };
        Self::put_at_risk(market, plan.top_up)?;
        if plan.top_up > Usd::ZERO {
            T::Ledger::allot(&Self::free_account(), &account, plan.top_up)?;
        }
        let done = T::Ledger::take_over(&part, &account)?;
        Self::deposit_event(Event::TakenOver {
            account: part.account,
            market,
            long,
            quantity: done.quantity,
            notional: done.notional,
            allotted: plan.top_up,
        });
        Ok(done)
    }

    fn put_at_risk(market: MarketId, amount: Usd) -> Result<(), Error<T>> {
        let overflow = || Error::<T>::ArithmeticOverflow;
        let mut book = Books::<T>::get(market);
        let mut held = Held::<T>::get();
        if !held.contains(&market) {
            held.try_push(market).map_err(|_| overflow())?;
            Held::<T>::put(held);
            book.since = frame_system::Pallet::<T>::block_number();
        }
        book.allotted = book.allotted.checked_add(amount).ok_or_else(overflow)?;
        let at_risk = AtRisk::<T>::get().checked_add(amount);
        AtRisk::<T>::put(at_risk.ok_or_else(overflow)?);
        Books::<T>::insert(market, book);
        Ok(())
    }

    /// Tells of a cap, once a quarter of a day and market.
    fn tell(market: MarketId, cap: Cap) {
        let quarter = Self::quarter();
        Books::<T>::mutate(market, |book| {
            let Some(losses) = book.losses.with(quarter, Usd::ZERO) else {
                return;
            };
            if !losses.told {
                Self::deposit_event(Event::CapReached { market, cap });
            }
            book.losses = Losses {
                told: true,
                ..losses
            };
        });
    }
}

impl<T: Config> Backstop<T::AccountId> for Pallet<T> {
    fn quote(offer: &Takeover<T::AccountId>) -> Quantity {
        Self::plan(offer).map_or(Quantity::ZERO, |plan| plan.quantity)
    }

    fn take_over(offer: &Takeover<T::AccountId>) -> Result<TakenOver, DispatchError> {
        let Some(plan) = Self::plan(offer) else {
            return Ok(TakenOver::default());
        };
        let done = if plan.quantity.is_zero() {
            TakenOver::default()
        } else {
            with_storage_layer(|| Self::carry_out(offer, &plan))?
        };
        if let Some(cap) = plan.cap {
            Self::tell(offer.market, cap);
        }
        Ok(done)
    }

    fn is_own(account: &SubAccount<T::AccountId>) -> bool {
        account.owner == Self::owner()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow(amount: Usd) {
        crate::benchmarking::endow::<T>(amount);
    }
}
