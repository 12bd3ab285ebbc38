//! Closing an account that is under maintenance: orders, then a part of the position with the
//! largest requirement, then the fee, then the loss if one is left. Step 3 and the call share it.

use crate::{
    queue::{known, EffectivePrices},
    types::{Attempt, Outcome, Verdict, PARKED},
    Config, DueSince, Event, Known, Pallet, WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    Action, Incident, MarketId, MarketParams, Position, Price, Quantity, Rate, Side, SubAccount,
    Usd, RATE_SCALE,
};
use bulwark_risk_math::{
    ceil_to_multiple, fee, fee_room, floor_to_multiple, maintenance_margin, mul_div, notional,
    quantity_to_restore, worst_price, Closing, MathError, Rounding,
};
use bulwark_traits::{
    Execution, LiquidationFee, LiquidationLedger, LiquidationVenue, LossFund, MarketGuard,
    MarketRegistry, PriceSource,
};
use core::cmp::Reverse;
use frame_support::{traits::Get, weights::Weight};

/// Orders cancelled by one attempt; what is left of them is cancelled by the next. Orders do not
/// count for maintenance, so closing does not wait for them.
pub const MAX_CANCELS: u32 = 16;
/// Markets in which one attempt may find nothing before it gives up.
pub const MAX_MISSES: u32 = 4;
/// Position notional below which all of it is closed at once.
pub const WHOLE_BELOW: Usd = Usd::dollars(1_000);
/// Position notional above which a block closes at most [`LARGE_SHARE`] of the position.
pub const LARGE_ABOVE: Usd = Usd::dollars(100_000);
/// Share of a large position that one block may close, rounded down to a lot.
pub const LARGE_SHARE: Rate = Rate::percent(20);

/// USD (6 decimals) per quantity (18 decimals), as a price (18 decimals).
const USD_PER_QUANTITY: u128 = 1_000_000_000_000_000_000_000_000_000_000;

/// A position that can be closed now.
struct Target {
    position: Position,
    params: MarketParams,
    mark: Price,
    /// Its part of the maintenance margin.
    maintenance: Usd,
}

/// What is sent to the book.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub side: Side,
    pub quantity: Quantity,
    pub worst: Price,
}

impl<T: Config> Pallet<T> {
    /// Closes an account as far as one block allows. `liquidator` gets half of the fee and the
    /// fund the rest; without one the fund gets all of it. When the account is not under
    /// maintenance nothing changes, except that its triggers are put right. When nothing could be
    /// closed the account is parked.
    pub(crate) fn close_account(
        account: &SubAccount<T::AccountId>,
        liquidator: Option<T::AccountId>,
        max_fills: u32,
        prices: &mut EffectivePrices,
    ) -> Attempt {
        // A known account that is still under keeps its class: a parked one is not moved twice for
        // an attempt that finds nothing again.
        let mut attempt = Attempt::new(Outcome::AlreadyClosed);
        let known = Self::known(account);
        let under = T::Ledger::health(account).is_ok_and(|health| health.is_liquidatable());
        if known.is_none() || !under {
            let (verdict, legs) = Self::evaluate(account, prices);
            attempt.legs = legs;
            let ended = match verdict {
                Verdict::Under => None,
                Verdict::Healthy => Some(Outcome::Healthy),
                Verdict::Frozen => Some(Outcome::Frozen),
                Verdict::Failed => Some(Outcome::MathFailure),
            };
            if let Some(outcome) = ended {
                return Attempt { outcome, ..attempt };
            }
        }
        let now = frame_system::Pallet::<T>::block_number();
        if known.is_some_and(|known| known.closed_at == Some(now)) {
            return attempt;
        }
        let was_parked = known.is_some_and(|known| known.class == PARKED);
        attempt.cancelled = T::Venue::cancel_orders(account, MAX_CANCELS);
        let positions: Vec<Position> = T::Ledger::positions(account)
            .into_iter()
            .filter(|position| position.size.0 != 0)
            .collect();
        attempt.outcome = if positions.is_empty() {
            Self::cover_loss(account, was_parked, &mut attempt)
        } else {
            Self::close_largest(
                account,
                positions,
                liquidator,
                max_fills,
                prices,
                &mut attempt,
            )
        };
        if attempt.outcome != Outcome::Progress {
            Self::park(account, attempt.outcome, was_parked);
        }
        attempt
    }

    /// Puts an account behind those that can be closed.
    fn park(account: &SubAccount<T::AccountId>, reason: Outcome, was_parked: bool) {
        if !Known::<T>::contains_key(account) {
            return;
        }
        known::put::<T>(account, PARKED, None);
        if !was_parked {
            Self::deposit_event(Event::Parked {
                account: account.clone(),
                reason,
            });
        }
    }

    /// Positions whose market has a price that liquidation may use and allows liquidation, largest
    /// requirement first.
    fn targets(positions: Vec<Position>) -> Vec<Target> {
        let mut targets: Vec<Target> = positions
            .into_iter()
            .filter(|position| T::Guard::status(position.market).allows_liquidation())
            .filter_map(|position| {
                let params = T::Registry::market(position.market)?;
                let mark = T::Prices::price_for(params.index_asset, Action::Liquidate).ok()?;
                let rate = params.maintenance_margin;
                let maintenance = match maintenance_margin(position.size, mark, rate) {
                    Ok(maintenance) => maintenance,
                    Err(error) => {
                        Self::math_failed(position.market, error);
                        return None;
                    }
                };
                Some(Target {
                    position,
                    params,
                    mark,
                    maintenance,
                })
            })
            .collect();
        targets.sort_by_key(|target| Reverse(target.maintenance));
        targets
    }

    fn close_largest(
        account: &SubAccount<T::AccountId>,
        positions: Vec<Position>,
        liquidator: Option<T::AccountId>,
        max_fills: u32,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) -> Outcome {
        let targets = Self::targets(positions);
        if targets.is_empty() {
            return Outcome::MarketsHalted;
        }
        // Orders are gone now, so initial margin is another one than at the evaluation.
        let Ok(health) = T::Ledger::health(account) else {
            return Outcome::MathFailure;
        };
        let mut outcome = Outcome::NoLiquidity;
        for target in targets {
            let left = max_fills.saturating_sub(attempt.fills);
            if left == 0 || attempt.misses >= MAX_MISSES {
                break;
            }
            let closing = closing_of(&target, health);
            let order = match plan(&closing, &target.params, T::Fund::balance()) {
                Ok(order) => order,
                Err(error) => {
                    Self::math_failed(target.position.market, error);
                    outcome = Outcome::MathFailure;
                    attempt.misses = attempt.misses.saturating_add(1);
                    continue;
                }
            };
            let since = DueSince::<T>::get(account);
            let market = target.position.market;
            let execution = T::Venue::close(
                account,
                market,
                order.side,
                order.quantity,
                order.worst,
                left,
            );
            attempt.fills = attempt.fills.saturating_add(execution.fills);
            if execution.quantity.is_zero() {
                attempt.misses = attempt.misses.saturating_add(1);
                continue;
            }
            let charged = Self::charge(account, market, &closing, &execution, liquidator);
            Self::deposit_liquidated(account, market, &closing, &execution, charged, since);
            return Self::after_closing(account, market, prices, attempt);
        }
        outcome
    }

    /// Takes the fee: what the rate says, at most what keeps the health ratio of the rest.
    fn charge(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        closing: &Closing,
        execution: &Execution,
        liquidator: Option<T::AccountId>,
    ) -> LiquidationFee<T::AccountId> {
        let nothing = LiquidationFee {
            fund: Usd::ZERO,
            liquidator: None,
        };
        let due = match fee_of(closing, execution) {
            Ok(due) if due > Usd::ZERO => due,
            Ok(_) => return nothing,
            Err(error) => {
                Self::math_failed(market, error);
                return nothing;
            }
        };
        // Nobody earns by being liquidated: the owner's part goes to the fund.
        let liquidator = liquidator.filter(|who| *who != account.owner);
        let half = liquidator.and_then(|who| {
            let half = Usd(due.0.checked_div(2)?);
            (half > Usd::ZERO).then_some((who, half))
        });
        let paid_out = half.as_ref().map_or(Usd::ZERO, |(_, half)| *half);
        let split = LiquidationFee {
            fund: due.checked_sub(paid_out).unwrap_or(Usd::ZERO),
            liquidator: half,
        };
        match T::Ledger::charge_fee(account, split) {
            Ok(charged) => charged,
            Err(error) => {
                log::error!(
                    target: crate::LOG_TARGET,
                    "event=fee_failed account={account:?} error={error:?}",
                );
                nothing
            }
        }
    }

    fn deposit_liquidated(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        closing: &Closing,
        execution: &Execution,
        charged: LiquidationFee<T::AccountId>,
        since: Option<frame_system::pallet_prelude::BlockNumberFor<T>>,
    ) {
        let equity_before = closing.health.equity;
        let reward = charged
            .liquidator
            .as_ref()
            .map_or(Usd::ZERO, |(_, part)| *part);
        let equity_after = T::Ledger::health(account).map_or(equity_before, |h| h.equity);
        Self::deposit_event(Event::Liquidated {
            account: account.clone(),
            market,
            quantity: execution.quantity,
            notional: execution.notional,
            fee: charged.fund.checked_add(reward).unwrap_or(charged.fund),
            reward,
            liquidator: charged.liquidator.map(|(who, _)| who),
            equity_before,
            equity_after,
            due_since: since.unwrap_or_else(frame_system::Pallet::<T>::block_number),
        });
    }

    /// Puts the account where it belongs now, and brings its loss to the fund when it is flat.
    fn after_closing(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) -> Outcome {
        attempt.legs = attempt.legs.max(Self::evaluate(account, prices).1);
        let now = frame_system::Pallet::<T>::block_number();
        let still_due = Known::<T>::mutate(account, |known| {
            known.as_mut().map(|known| {
                known.closed_at = Some(now);
                known.market = Some(market);
            })
        });
        let flat = T::Ledger::positions(account)
            .iter()
            .all(|position| position.size.0 == 0);
        if still_due.is_some() && flat {
            return Self::cover_loss(account, false, attempt);
        }
        Outcome::Progress
    }

    /// Brings what a flat account owes to the fund. A rest that stays unpaid stays with the
    /// account, which stays due; it is brought again when the fund has something.
    pub(crate) fn cover_loss(
        account: &SubAccount<T::AccountId>,
        was_parked: bool,
        attempt: &mut Attempt,
    ) -> Outcome {
        if was_parked && T::Fund::balance() <= Usd::ZERO {
            return Outcome::FundShort;
        }
        attempt.covered = true;
        // An account that never had a position cannot owe anything: the default is not reached.
        let market = Self::known(account)
            .and_then(|known| known.market)
            .unwrap_or_default();
        let absorbed = T::Ledger::absorb(account, &mut |amount| T::Fund::draw(market, amount));
        let (shortfall, by_fund) = match absorbed {
            Ok(absorbed) => absorbed,
            Err(error) => {
                log::error!(
                    target: crate::LOG_TARGET,
                    "event=absorb_failed account={account:?} error={error:?}",
                );
                T::Guard::report(market, Incident::MathFailure);
                return Outcome::MathFailure;
            }
        };
        let unpaid = shortfall.checked_sub(by_fund).unwrap_or(shortfall);
        if shortfall > Usd::ZERO {
            Self::deposit_event(Event::LossCovered {
                account: account.clone(),
                market,
                shortfall,
                by_fund,
                unpaid,
            });
        }
        if unpaid > Usd::ZERO {
            T::Guard::report(market, Incident::UncoveredLoss);
        }
        let (_, legs) = Self::evaluate(account, &mut EffectivePrices::default());
        attempt.legs = attempt.legs.max(legs);
        if Known::<T>::contains_key(account) {
            Outcome::FundShort
        } else {
            Outcome::Progress
        }
    }

    fn math_failed(market: MarketId, error: MathError) {
        log::error!(
            target: crate::LOG_TARGET,
            "event=math_failed market={} error={error:?}",
            market.0,
        );
        T::Guard::report(market, Incident::MathFailure);
    }

    /// Most that a closing with `fills` fills can use.
    pub(crate) fn worst_closing(fills: u32) -> Weight {
        let attempt = worst_attempt::<T>(fills);
        T::WeightInfo::close_account(attempt.cancelled, attempt.fills)
            .saturating_add(around::<T>(&attempt))
    }

    /// What an attempt of step 3 has used.
    pub(crate) fn weight_of(attempt: &Attempt) -> Weight {
        T::WeightInfo::close_account(attempt.cancelled, attempt.fills)
            .saturating_add(around::<T>(attempt))
    }

    /// Most that a call can use.
    pub(crate) fn worst_call() -> Weight {
        Self::call_weight(&worst_attempt::<T>(T::MaxFillsPerClosing::get()))
    }

    /// What a call that made `attempt` has used.
    pub(crate) fn call_weight(attempt: &Attempt) -> Weight {
        T::WeightInfo::liquidate(attempt.cancelled, attempt.fills)
            .saturating_add(around::<T>(attempt))
    }
}

fn worst_attempt<T: Config>(fills: u32) -> Attempt {
    Attempt {
        outcome: Outcome::Progress,
        cancelled: MAX_CANCELS,
        fills,
        misses: MAX_MISSES,
        legs: T::MaxLegs::get(),
        covered: true,
    }
}

/// What an attempt uses beside its orders and fills: the closed account's own triggers, markets
/// without liquidity, the loss.
fn around<T: Config>(attempt: &Attempt) -> Weight {
    let legs = if attempt.legs == 0 {
        Weight::zero()
    } else {
        T::WeightInfo::sweep_evaluate(attempt.legs)
    };
    let cover = if attempt.covered {
        T::WeightInfo::cover_loss()
    } else {
        Weight::zero()
    };
    T::WeightInfo::close_miss()
        .saturating_mul(u64::from(attempt.misses))
        .saturating_add(legs)
        .saturating_add(cover)
}

fn closing_of(target: &Target, health: bulwark_primitives::Health) -> Closing {
    let maintenance_rate = target.params.maintenance_margin;
    // The registry bounds the fee by half of maintenance margin (invariant 6); a closing holds to
    // it whatever the registry says.
    let most = Rate(maintenance_rate.0.checked_div(2).unwrap_or(0));
    Closing {
        size: target.position.size,
        mark: target.mark,
        initial_rate: target.params.initial_margin,
        maintenance_rate,
        fee_rate: target.params.liquidation_fee.min(most),
        health,
    }
}

fn fee_of(closing: &Closing, execution: &Execution) -> Result<Usd, MathError> {
    let due = fee(execution.notional, closing.fee_rate)?;
    let room = fee_room(closing, execution.quantity, execution.notional)?;
    Ok(due.min(room))
}

/// How much of a position to close, on which side, and at what price at worst.
///
/// Quantity: enough to restore the account, rounded up to a lot; all of it when the position is
/// worth less than [`WHOLE_BELOW`], at most [`LARGE_SHARE`] when more than [`LARGE_ABOVE`]; never
/// below the smallest order, and never leaving a rest below it.
///
/// Price: [`worst_price`], rounded to a tick in favour of the account. For an account below zero
/// every step away from mark is the fund's: the price is no further away than what is left of the
/// fund after the debt there already is.
///
/// # Errors
/// `Overflow`, or `DivisionByZero` for a market without tick or lot.
pub(crate) fn plan(
    closing: &Closing,
    params: &MarketParams,
    fund: Usd,
) -> Result<Order, MathError> {
    let whole = closing.size.quantity();
    let value = notional(closing.mark, whole, Rounding::Up)?;
    let mut quantity = if value < WHOLE_BELOW {
        whole
    } else {
        ceil_to_multiple(quantity_to_restore(closing)?, params.lot_size)?
    };
    if value > LARGE_ABOVE {
        let share = mul_div(
            whole.0,
            u128::from(LARGE_SHARE.0),
            u128::from(RATE_SCALE),
            Rounding::Down,
        )?;
        quantity = quantity.min(floor_to_multiple(Quantity(share), params.lot_size)?);
    }
    quantity = quantity.max(params.min_order).min(whole);
    let rest = whole.checked_sub(quantity).ok_or(MathError::Overflow)?;
    if rest < params.min_order {
        quantity = whole;
    }

    let mut worst = worst_price(closing)?;
    let tick = Quantity(params.tick_size.0);
    let reach = if closing.health.equity <= Usd::ZERO {
        let left = fund
            .checked_add(closing.health.equity)
            .ok_or(MathError::Overflow)?;
        let left = left.0.max(0).unsigned_abs();
        // A reach that does not fit, here or added to the mark below, is no limit.
        mul_div(left, USD_PER_QUANTITY, quantity.0, Rounding::Down).unwrap_or(u128::MAX)
    } else {
        u128::MAX
    };
    let mark = closing.mark.0;
    let (side, worst) = if closing.size.is_short() {
        let highest = Price(mark.saturating_add(reach));
        worst = worst.min(highest);
        (Side::Bid, floor_to_multiple(Quantity(worst.0), tick)?)
    } else {
        let lowest = Price(mark.saturating_sub(reach));
        worst = worst.max(lowest);
        (Side::Ask, ceil_to_multiple(Quantity(worst.0), tick)?)
    };
    Ok(Order {
        side,
        quantity,
        worst: Price(worst.0),
    })
}
