//! Closing an account that is under maintenance: orders, then a part of the position with the
//! largest requirement, then the fee, then the loss if one is left. Step 3 and the call share it.
//!
//! An attempt tries at most [`MAX_MISSES`] markets in vain. The first one starts with the largest
//! requirements; when it misses them all, the attempts after it go on where the last one stopped, in
//! the order of the markets' ids and round again, until one fills something. So an account with `n`
//! positions has each of them tried within `1 + n / MAX_MISSES` attempts, rounded up.

use crate::{
    losses::{missing, Loss, DELEVERAGE_AFTER, DELEVERAGE_BANKRUPT_AFTER},
    offsets,
    queue::{known, EffectivePrices},
    ranking::MAX_COUNTERPARTIES,
    types::{Attempt, KnownAccount, Outcome, Verdict, PARKED},
    Config, DueSince, Event, Known, Pallet, Stale, WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    Action, Health, Incident, MarketId, MarketParams, Position, Price, Quantity, Rate, Side, Size,
    SubAccount, Usd, RATE_SCALE,
};
use bulwark_risk_math::{
    ceil_to_multiple, fee, fee_room, floor_to_multiple, health as health_of, maintenance_margin,
    mean_rates, mul_div, notional, quantity_to_restore, worst_price, Closing, MathError,
    PositionInput, Rounding,
};
use bulwark_traits::{
    Execution, LiquidationFee, LiquidationLedger, LiquidationVenue, LossFund, MarketGuard,
    MarketRegistry, PriceSource,
};
use core::cmp::Reverse;
use frame_support::{traits::Get, weights::Weight};
use sp_runtime::traits::Saturating;

/// Orders cancelled by one attempt; what is left of them is cancelled by the next. Orders do not
/// count for maintenance, so closing does not wait for them, and what is closed does not depend on
/// them.
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

/// A position with what its market says of it.
#[derive(Clone, Copy)]
struct Holding {
    position: Position,
    params: MarketParams,
    mark: Price,
}

/// A position that can be closed now.
pub(crate) struct Target {
    holding: Holding,
    /// Its part of the maintenance margin.
    maintenance: Usd,
}

impl Target {
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
    /// closed the account is parked. `others` says whether positions of others may pay; an account that
    /// needs them is parked without.
    pub(crate) fn close_account(
        account: &SubAccount<T::AccountId>,
        liquidator: Option<T::AccountId>,
        max_fills: u32,
        others: bool,
        prices: &mut EffectivePrices,
    ) -> Attempt {
        let mut attempt = Attempt {
            others,
            ..Attempt::new(Outcome::AlreadyClosed)
        };
        let legs = Self::legs_of(account);
        attempt.legs = u32::try_from(legs.len()).unwrap_or(u32::MAX);
        // A known account that did not change and is still under keeps its class: a parked one is not
        // moved twice for an attempt that finds nothing again.
        let keeps_its_place = Known::<T>::contains_key(account)
            && !Stale::<T>::contains_key(account)
            && T::Ledger::health(account).is_ok_and(|health| health.is_liquidatable());
        if !keeps_its_place {
            attempt.moved = true;
            let ended = match Self::evaluate_legs(account, &legs, prices) {
                Verdict::Under => None,
                Verdict::Healthy => Some(Outcome::Healthy),
                Verdict::Frozen => Some(Outcome::Frozen),
                Verdict::Failed => Some(Outcome::MathFailure),
            };
            if let Some(outcome) = ended {
                return Attempt { outcome, ..attempt };
            }
        }
        let known = Self::known(account);
        let now = frame_system::Pallet::<T>::block_number();
        if known.is_some_and(|known| known.closed_at == Some(now)) {
            return attempt;
        }
        attempt.resume = known.and_then(|known| known.resume);
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
            Self::park(account, &attempt, was_parked);
        }
        attempt
    }

    /// Puts an account behind those that can be closed, with where the next attempt has to start.
    fn park(account: &SubAccount<T::AccountId>, attempt: &Attempt, was_parked: bool) {
        let Some(known) = Self::known(account) else {
            return;
        };
        let (reason, resume) = (attempt.outcome, attempt.resume);
        if known.resume != resume {
            Known::<T>::insert(account, KnownAccount { resume, ..known });
        }
        known::put::<T>(account, PARKED, None);
        if !was_parked {
            Self::deposit_event(Event::Parked {
                account: account.clone(),
                reason,
            });
        }
    }

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

    /// The holdings whose market allows liquidation, with the rates that closing them frees.
    fn targets(holdings: &[Holding]) -> Vec<Target> {
        let sides: Vec<_> = holdings
            .iter()
            .map(|holding| (holding.position.size, holding.params.index_asset))
            .collect();
        let offsets = offsets::of::<T>(&sides);
        holdings
            .iter()
            .zip(offsets)
            .map(|(holding, offset)| Holding {
                params: offset.freed(holding.params),
                ..*holding
            })
            .filter(|holding| T::Guard::status(holding.position.market).allows_liquidation())
            .filter_map(|holding| {
                let rate = holding.params.maintenance_margin;
                match maintenance_margin(holding.position.size, holding.mark, rate) {
                    Ok(maintenance) => Some(Target {
                        holding,
                        maintenance,
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
        let targets = Self::targets(&holdings);
        if targets.is_empty() {
            return Err(Outcome::MarketsHalted);
        }
        let health = T::Ledger::health(account).map_err(|_| Outcome::MathFailure)?;
        Ok((targets, without_orders(health, &holdings)))
    }

    fn close_largest(
        account: &SubAccount<T::AccountId>,
        positions: Vec<Position>,
        liquidator: Option<T::AccountId>,
        max_fills: u32,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) -> Outcome {
        let (targets, health) = match Self::closable(account, positions) {
            Ok(closable) => closable,
            Err(outcome) => return outcome,
        };
        let mut targets = in_turn(targets, attempt.resume).into_iter();
        let mut outcome = Outcome::NoLiquidity;
        let removals = T::Venue::max_removals(max_fills);
        let goes_on = |attempt: &Attempt| {
            attempt.misses < MAX_MISSES
                && attempt.fills < max_fills
                && (attempt.removed == 0 || attempt.removed < removals)
        };
        while goes_on(attempt) {
            let Some(target) = targets.next() else {
                break;
            };
            let market = target.market();
            let since = DueSince::<T>::get(account);
            // What is sold at mark leaves a debt, and the fund would not pay all of it.
            if missing::<T>(market, &health) > Usd::ZERO {
                if !attempt.others {
                    return Outcome::NoRoom;
                }
                if Self::deleverage(account, &target, target.size().quantity(), attempt) {
                    attempt.resume = None;
                    return Self::after_closing(account, market, prices, attempt);
                }
            }
            let left = max_fills.saturating_sub(attempt.fills);
            let (closing, execution) = match Self::try_close(account, &target, health, left) {
                Ok(tried) => tried,
                Err(error) => {
                    Self::math_failed(market, error);
                    outcome = Outcome::MathFailure;
                    attempt.misses = attempt.misses.saturating_add(1);
                    continue;
                }
            };
            attempt.fills = attempt.fills.saturating_add(execution.fills);
            attempt.removed = attempt.removed.saturating_add(execution.removed);
            if execution.quantity.is_zero() {
                attempt.misses = attempt.misses.saturating_add(1);
                if Self::is_for_others(account, &closing) {
                    if !attempt.others {
                        return Outcome::NoRoom;
                    }
                    if Self::close_without_book(account, &target, &closing, attempt) {
                        attempt.resume = None;
                        return Self::after_closing(account, market, prices, attempt);
                    }
                }
                continue;
            }
            attempt.resume = None;
            let charged = Self::charge(account, market, &closing, &execution, liquidator);
            Self::deposit_liquidated(account, market, &closing, &execution, charged, since);
            return Self::after_closing(account, market, prices, attempt);
        }
        attempt.resume = go_on_at(targets, attempt.resume);
        outcome
    }

    /// Whether the book has not taken an account for so long that others have to.
    fn is_for_others(account: &SubAccount<T::AccountId>, closing: &Closing) -> bool {
        let patience = if closing.health.is_bankrupt() {
            DELEVERAGE_BANKRUPT_AFTER
        } else {
            DELEVERAGE_AFTER
        };
        let now = frame_system::Pallet::<T>::block_number();
        DueSince::<T>::get(account)
            .is_some_and(|since| now.saturating_sub(since) >= patience.into())
    }

    /// Deleverages a position that the book does not take: all of it for a bankrupt account, and for
    /// a solvent one as much as restores it, at mark.
    fn close_without_book(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        closing: &Closing,
        attempt: &mut Attempt,
    ) -> bool {
        if closing.health.is_bankrupt() {
            return Self::deleverage(account, target, target.size().quantity(), attempt);
        }
        plan(closing, &target.holding.params, Usd::ZERO)
            .is_ok_and(|order| Self::deleverage(account, target, order.quantity, attempt))
    }

    /// Sends one position to the book.
    ///
    /// # Errors
    /// When it cannot be said how much and at what price; nothing has happened then.
    pub(crate) fn try_close(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        health: Health,
        max_fills: u32,
    ) -> Result<(Closing, Execution), MathError> {
        let closing = closing_of(&target.holding, health);
        let reserves = T::Fund::available(target.market()).total();
        let order = plan(
            &closing,
            &target.holding.params,
            reserves.ok_or(MathError::Overflow)?,
        )?;
        let execution = T::Venue::close(
            account,
            target.market(),
            order.side,
            order.quantity,
            order.worst,
            max_fills,
        );
        Ok((closing, execution))
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
            Ok(charged) => {
                T::Fund::earmark(market, charged.fund);
                charged
            }
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
        Self::evaluate_again(account, prices, attempt);
        let now = frame_system::Pallet::<T>::block_number();
        let still_due = Known::<T>::mutate(account, |known| {
            known.as_mut().map(|known| {
                known.closed_at = Some(now);
                known.market = Some(market);
                known.resume = None;
            })
        });
        let flat = T::Ledger::positions(account)
            .iter()
            .all(|position| position.size.0 == 0);
        if still_due.is_some() && flat {
            return Self::cover_loss(account, false, attempt);
        }
        Self::announce_loss(account, market, Loss::default(), attempt);
        Outcome::Progress
    }

    /// Puts an account where it belongs after it was closed or paid for.
    pub(crate) fn evaluate_again(
        account: &SubAccount<T::AccountId>,
        prices: &mut EffectivePrices,
        attempt: &mut Attempt,
    ) {
        match Self::evaluate(account, prices).0 {
            // It had no triggers and has none.
            Verdict::Under | Verdict::Failed => {}
            Verdict::Healthy | Verdict::Frozen => attempt.moved = true,
        }
    }

    pub(crate) fn math_failed(market: MarketId, error: MathError) {
        log::error!(
            target: crate::LOG_TARGET,
            "event=math_failed market={} error={error:?}",
            market.0,
        );
        T::Guard::report(market, Incident::MathFailure);
    }

    /// Most that a closing with `fills` fills can use in which nobody else pays.
    pub(crate) fn worst_closing(fills: u32) -> Weight {
        Self::weight_of(&worst_attempt::<T>(fills))
    }

    /// Most that positions of others, which pay for an account, can use beside its closing.
    pub(crate) fn worst_others() -> Weight {
        of_others::<T>(&WORST_OF_OTHERS)
    }

    /// What an attempt of step 3 has used.
    pub(crate) fn weight_of(attempt: &Attempt) -> Weight {
        T::WeightInfo::close_account(attempt.moved_legs(), attempt.cancelled, met(attempt))
            .saturating_add(around::<T>(attempt))
    }

    /// Most that a call can use.
    pub(crate) fn worst_call() -> Weight {
        Self::call_weight(&worst_attempt::<T>(T::MaxFillsPerClosing::get()))
            .saturating_add(Self::worst_others())
    }

    /// What a call that made `attempt` has used.
    pub(crate) fn call_weight(attempt: &Attempt) -> Weight {
        T::WeightInfo::liquidate(attempt.moved_legs(), attempt.cancelled, met(attempt))
            .saturating_add(around::<T>(attempt))
    }
}

/// Orders of others that an attempt met. One that is taken out is weighed as a fill: it costs less, and
/// that it does is a test of the runtime.
fn met(attempt: &Attempt) -> u32 {
    attempt.fills.saturating_add(attempt.removed)
}

/// Each layer once: a search for deleveraging, and one of either side for a haircut.
const WORST_OF_OTHERS: Attempt = Attempt {
    others: true,
    searches: 3,
    deleveraged: MAX_COUNTERPARTIES,
    cut: MAX_COUNTERPARTIES,
    ..Attempt::new(Outcome::Progress)
};

/// What the positions of others have used.
fn of_others<T: Config>(attempt: &Attempt) -> Weight {
    let times = |one: Weight, count: u32| one.saturating_mul(u64::from(count));
    times(T::WeightInfo::search(), attempt.searches)
        .saturating_add(times(T::WeightInfo::deleverage(), attempt.deleveraged))
        .saturating_add(times(T::WeightInfo::cut_profit(), attempt.cut))
}

fn worst_attempt<T: Config>(fills: u32) -> Attempt {
    Attempt {
        cancelled: MAX_CANCELS,
        fills,
        // The last market tried may bring as many as all before it were allowed.
        removed: T::Venue::max_removals(fills).saturating_mul(2),
        misses: MAX_MISSES,
        legs: T::MaxLegs::get(),
        moved: true,
        covered: true,
        ..Attempt::new(Outcome::Progress)
    }
}

/// What an attempt uses beside its triggers, orders and fills: the valuation of an account whose
/// triggers did not move, markets without liquidity, the loss.
fn around<T: Config>(attempt: &Attempt) -> Weight {
    let value = if attempt.moved {
        Weight::zero()
    } else {
        T::WeightInfo::value_account(attempt.legs)
    };
    let cover = if attempt.covered {
        T::WeightInfo::cover_loss()
    } else {
        Weight::zero()
    };
    T::WeightInfo::close_miss()
        .saturating_mul(u64::from(attempt.misses))
        .saturating_add(value)
        .saturating_add(cover)
        .saturating_add(of_others::<T>(attempt))
}

/// Targets in the order in which they are tried: from the market where the last attempt stopped, or
/// the largest requirement first.
fn in_turn(mut targets: Vec<Target>, resume: Option<MarketId>) -> Vec<Target> {
    match resume {
        Some(from) => targets.sort_by_key(|target| (target.market() < from, target.market())),
        None => targets.sort_by_key(|target| Reverse(target.maintenance)),
    }
    targets
}

/// Where the next attempt starts when `rest` was not tried: with the first of them. `None` when
/// everything was.
fn go_on_at(mut rest: impl Iterator<Item = Target>, resume: Option<MarketId>) -> Option<MarketId> {
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

fn closing_of(holding: &Holding, health: Health) -> Closing {
    let maintenance_rate = holding.params.maintenance_margin;
    // The registry bounds the fee by half of maintenance margin (invariant 6); a closing holds to
    // it whatever the registry says.
    let most = Rate(maintenance_rate.0.checked_div(2).unwrap_or(0));
    Closing {
        size: holding.position.size,
        mark: holding.mark,
        initial_rate: holding.params.initial_margin,
        maintenance_rate,
        fee_rate: holding.params.liquidation_fee.min(most),
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
