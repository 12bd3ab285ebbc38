//! The sweep: an incoming order against the resting ones, best price first, oldest first.

use crate::{
    desk::Places,
    fees::{fill_fees, FeeTier, Schedule},
    types::{CancelReason, Grid, Lots, Tick},
    Config, Error, Event, FeeSchedule, LastTrade, OrderOf, Pallet, SubAccountOf, WeightInfo,
};
use bulwark_primitives::{
    Fill, FillKind, MarketId, MarketParams, OrderId, Price, SelfTrade, Side, Usd,
};
use bulwark_risk_math::{value::notional, Rounding};
use bulwark_traits::{FillError, OrderMargin};
use core::cell::OnceCell;
use frame_support::{ensure, storage::with_storage_layer, traits::Time, weights::Weight};
use sp_runtime::DispatchError;

/// An incoming order.
pub(crate) struct Taker<'a, T: Config> {
    pub account: &'a SubAccountOf<T>,
    /// Its id; a liquidation has none.
    pub order: Option<OrderId>,
    pub market: MarketId,
    pub grid: Grid,
    pub side: Side,
    /// The last tick it accepts.
    pub limit: Tick,
    pub kind: FillKind,
    /// Whether it may fill at all.
    pub may_fill: bool,
    /// Whether makers may only make their positions smaller.
    pub makers_reduce: bool,
    /// What it may trade at, from lowest to highest; a liquidation has only its own bound.
    pub band: Option<(Price, Price)>,
    /// In how many fills at most.
    pub max_fills: u32,
    /// How many makers that cannot fill it may take out.
    pub max_removals: u32,
    /// What happens when it meets an order of its own account.
    pub self_trade: SelfTrade,
    /// The market's parameters.
    pub params: MarketParams,
    /// What its fills cost, once it has one: most orders rest without.
    pub costs: OnceCell<Costs>,
}

/// What the fills of one taker depend on besides the makers.
pub(crate) struct Costs {
    pub schedule: Schedule,
    /// The taker's tier when it came in.
    pub tier: FeeTier,
}

impl Costs {
    /// What an account's fills cost as a taker.
    fn of<T: Config>(account: &SubAccountOf<T>) -> Self {
        let schedule = FeeSchedule::<T>::get();
        let tier = Pallet::<T>::tier_of(&schedule, account);
        Self { schedule, tier }
    }
}

/// Why a sweep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Nothing is left to fill.
    Done,
    /// No resting order is good enough.
    Uncrossed,
    /// It filled, or took out, as many resting orders as it may.
    Limit,
    /// Only orders that may not fill in this status are left at its price.
    Blocked,
    /// It met an order of its own account and ends there.
    OwnOrder,
    /// Margin refused the taker.
    Refused(DispatchError),
}

/// What a sweep did.
pub(crate) struct Sweep {
    /// What is left.
    pub left: Lots,
    /// What was filled.
    pub filled: Lots,
    /// For how much.
    pub notional: Usd,
    /// Why it ended.
    pub stop: Stop,
}

/// The resting orders that an incoming one met, or all of a batch; what the weight depends on. It
/// is counted while it happens, because what an error undoes has been done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many filled.
    pub fills: u32,
    /// How many were taken out because they could not fill, or not with all that was left of them.
    pub removed: u32,
    /// How many of its own orders a batch cancelled with `cancel_all`.
    pub cancelled: u32,
    /// When margin is checked for what rests.
    pub margin: MarginCheck,
    /// The account's places, when they were counted for a whole batch.
    pub places: Option<Places>,
}

/// When margin is checked for orders that rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MarginCheck {
    /// With each.
    #[default]
    AtOnce,
    /// After a row of them, if it is `owed`.
    Later { owed: bool },
}

/// How one maker ended.
enum Met {
    /// It filled. `cut`: the rest of it was taken out, because it had reduced all it could.
    Filled { fill: Matched, cut: bool },
    /// It was taken out. `opener`: only because the market allows no new risk now.
    Removed { opener: bool },
    /// It is the taker's own, and the taker ends. `removed`: so does the maker.
    Own { removed: bool },
    /// The taker may not go on.
    Refused(DispatchError),
}

/// What one maker filled.
struct Matched {
    tick: Tick,
    lots: Lots,
    notional: Usd,
}

/// How a stretch of a sweep ended: the makers up to the next one that fills.
enum Stretch {
    Filled(Matched),
    Ended(Stop),
}

/// Why a stretch is undone.
enum Undone {
    /// It cleared openers and then met nobody to trade with.
    Vain(Stop),
    Failed(DispatchError),
}

impl From<DispatchError> for Undone {
    fn from(error: DispatchError) -> Self {
        Self::Failed(error)
    }
}

impl<T: Config> Taker<'_, T> {
    /// What its fills cost. Nothing that happens until its first fill changes its tier.
    fn costs(&self) -> &Costs {
        self.costs.get_or_init(|| Costs::of::<T>(self.account))
    }

    /// Whether the taker accepts this tick.
    fn accepts(&self, tick: Tick) -> bool {
        match self.side {
            Side::Bid => tick <= self.limit,
            Side::Ask => tick >= self.limit,
        }
    }

    /// Whether it may trade at this tick. Its own limit is inside the band, or it takes nothing, so a tick
    /// outside is one that the band has left behind: a gift from a maker who is not looking.
    fn in_band(&self, tick: Tick) -> Result<bool, Error<T>> {
        let price = self.grid.price::<T>(tick)?;
        Ok(self
            .band
            .is_none_or(|(low, high)| price >= low && price <= high))
    }
}

impl<T: Config> Pallet<T> {
    /// Fills up to `lots` of an incoming order and tells margin that the row of fills is over. What
    /// it meets is added to `met`, which limits it.
    ///
    /// # Errors
    /// `WouldTake` when it meets a valid order and may not fill; `Corrupt` and
    /// `ArithmeticOverflow` on defects. The caller has to undo what was done until then.
    pub(crate) fn sweep(
        taker: &Taker<T>,
        lots: Lots,
        met: &mut Tally,
    ) -> Result<Sweep, DispatchError> {
        let mut sweep = Sweep {
            left: lots,
            filled: 0,
            notional: Usd::ZERO,
            stop: Stop::Done,
        };
        let mut last = None;
        let all_room = met.removed == 0;
        while sweep.left > 0 {
            let mut stretch = || Self::to_next_fill(taker, sweep.left, all_room, met);
            // Only there a maker can be an opener, and only openers come back.
            let stretch = if taker.makers_reduce {
                with_storage_layer(stretch)
            } else {
                stretch()
            };
            match stretch {
                Ok(Stretch::Filled(fill)) => {
                    last = Some(fill.tick);
                    sweep.add(&fill).ok_or(Error::<T>::ArithmeticOverflow)?;
                }
                Ok(Stretch::Ended(stop)) => {
                    sweep.stop = stop;
                    break;
                }
                Err(Undone::Vain(stop)) => {
                    sweep.stop = match stop {
                        Stop::Uncrossed => Stop::Blocked,
                        Stop::Done
                        | Stop::Limit
                        | Stop::Blocked
                        | Stop::OwnOrder
                        | Stop::Refused(_) => stop,
                    };
                    break;
                }
                Err(Undone::Failed(error)) => return Err(error),
            }
        }
        if let Some(tick) = last {
            // Here and nowhere else, whatever ended the sweep: only an error of this function skips
            // it, and that undoes the fills.
            T::Margin::settled(taker.account);
            LastTrade::<T>::insert(taker.market, taker.grid.price::<T>(tick)?);
            if taker.kind == FillKind::Trade {
                Self::note_volume(&taker.costs().schedule, taker.account, sweep.notional);
            }
        }
        Ok(sweep)
    }

    /// Meets makers until one fills or the sweep has to end.
    ///
    /// # Errors
    /// `Vain` when it took openers out of the way of nobody. When it took out so many makers that it
    /// may not look further, they stay out: otherwise as many of them would stop everybody for ever.
    /// That holds for a sweep with `all_room` only, not for one whose batch has used some before.
    fn to_next_fill(
        taker: &Taker<T>,
        left: Lots,
        all_room: bool,
        met: &mut Tally,
    ) -> Result<Stretch, Undone> {
        let mut openers = false;
        let stop = loop {
            let best = Self::best(taker.market, taker.side.opposite());
            let Some(tick) = best.filter(|tick| taker.accepts(*tick)) else {
                break Stop::Uncrossed;
            };
            if met.fills >= taker.max_fills || met.removed >= taker.max_removals {
                openers &= !all_room;
                break Stop::Limit;
            }
            let maker = Self::meet(taker, tick, left)?;
            met.count(&maker)
                .ok_or_else(|| DispatchError::from(Error::<T>::ArithmeticOverflow))?;
            match maker {
                Met::Filled { fill, .. } => return Ok(Stretch::Filled(fill)),
                Met::Removed { opener } => openers |= opener,
                Met::Own { .. } => break Stop::OwnOrder,
                Met::Refused(error) => break Stop::Refused(error),
            }
        };
        if openers {
            Err(Undone::Vain(stop))
        } else {
            Ok(Stretch::Ended(stop))
        }
    }

    /// The taker meets the oldest order of a level.
    fn meet(taker: &Taker<T>, tick: Tick, left: Lots) -> Result<Met, DispatchError> {
        let Taker { market, grid, .. } = taker;
        let (id, mut maker) = Self::head(*market, taker.side.opposite(), tick)?;
        let cancel = |maker: &OrderOf<T>, reason| {
            Self::cancel(*market, grid, id, maker, reason)?;
            Ok(Met::Removed { opener: false })
        };
        if maker.is_expired(&frame_system::Pallet::<T>::block_number(), T::Clock::now) {
            return cancel(&maker, CancelReason::Expired);
        }
        if maker.account == *taker.account {
            return Self::meet_own(taker, id, &maker);
        }
        if !taker.in_band(tick)? {
            return cancel(&maker, CancelReason::OutsideBand);
        }
        ensure!(taker.may_fill, Error::<T>::WouldTake);

        let wanted = left.min(maker.remaining);
        let lots = if maker.reduce_only || taker.makers_reduce {
            let reducible = T::Margin::reducible(&maker.account, *market, maker.side);
            wanted.min(grid.whole_lots(reducible))
        } else {
            wanted
        };
        if lots == 0 {
            Self::cancel(*market, grid, id, &maker, CancelReason::ReduceOnly)?;
            return Ok(Met::Removed {
                opener: !maker.reduce_only,
            });
        }
        let fill = Self::fill(taker, id, &maker, lots)?;
        match T::Margin::settle(&fill) {
            Ok(()) => {}
            Err(FillError::Maker(error)) => return cancel(&maker, CancelReason::Refused(error)),
            Err(FillError::Taker(error)) => return Ok(Met::Refused(error)),
        }
        maker.filled = true;
        let rest = Self::shrink(*market, id, maker, lots, &fill.maker_exposure)?;
        Self::note_volume(&taker.costs().schedule, &fill.maker, fill.notional);
        let notional = fill.notional;
        Self::deposit_filled(taker.order, fill);
        // It has reduced all it can. What is left of an opener is met once more, as one.
        let dead = rest.filter(|rest| lots < wanted && rest.reduce_only);
        if let Some(rest) = &dead {
            Self::cancel(*market, grid, id, rest, CancelReason::ReduceOnly)?;
        }
        Ok(Met::Filled {
            fill: Matched {
                tick,
                lots,
                notional,
            },
            cut: dead.is_some(),
        })
    }

    /// The taker meets an order of its own account.
    fn meet_own(taker: &Taker<T>, id: OrderId, maker: &OrderOf<T>) -> Result<Met, DispatchError> {
        let cancel = || {
            Self::cancel(
                taker.market,
                &taker.grid,
                id,
                maker,
                CancelReason::SelfTrade,
            )
        };
        match taker.self_trade {
            SelfTrade::CancelOldest => {
                cancel()?;
                Ok(Met::Removed { opener: false })
            }
            SelfTrade::CancelNewest => Ok(Met::Own { removed: false }),
            SelfTrade::CancelBoth => {
                cancel()?;
                Ok(Met::Own { removed: true })
            }
        }
    }

    /// The fill of `lots` of a maker at its price.
    fn fill(
        taker: &Taker<T>,
        id: OrderId,
        maker: &OrderOf<T>,
        lots: Lots,
    ) -> Result<Fill<T::AccountId>, DispatchError> {
        let price: Price = taker.grid.price::<T>(maker.tick)?;
        let quantity = taker.grid.quantity::<T>(u128::from(lots))?;
        // In favour of the maker: a buyer pays less, a seller gets more.
        let rounding = match maker.side {
            Side::Bid => Rounding::Down,
            Side::Ask => Rounding::Up,
        };
        Ok(Fill {
            market: taker.market,
            maker: maker.account.clone(),
            maker_order: id,
            maker_exposure: maker.exposure_of::<T>(taker.market, &taker.grid, lots)?,
            taker: taker.account.clone(),
            taker_side: taker.side,
            quantity,
            price,
            notional: notional(price, quantity, rounding)
                .map_err(|_| Error::<T>::ArithmeticOverflow)?,
            kind: taker.kind,
            fees: fill_fees(
                &taker.params,
                &Self::tier_of(&taker.costs().schedule, &maker.account),
                &taker.costs().tier,
                taker.kind,
            )
            .map_err(|_| Error::<T>::ArithmeticOverflow)?,
        })
    }

    pub(crate) fn deposit_filled(taker_order: Option<OrderId>, fill: Fill<T::AccountId>) {
        Self::deposit_event(Event::Filled {
            market: fill.market,
            maker_order: fill.maker_order,
            maker: fill.maker,
            taker_order,
            taker: fill.taker,
            price: fill.price,
            quantity: fill.quantity,
            notional: fill.notional,
            taker_side: fill.taker_side,
            kind: fill.kind,
        });
    }
}

impl Tally {
    /// Counts a maker in.
    fn count(&mut self, met: &Met) -> Option<()> {
        match met {
            Met::Filled { cut, .. } => {
                self.fills = self.fills.checked_add(1)?;
                self.removed = self.removed.checked_add(u32::from(*cut))?;
            }
            Met::Removed { .. } | Met::Own { removed: true } => {
                self.removed = self.removed.checked_add(1)?;
            }
            Met::Own { removed: false } | Met::Refused(_) => {}
        }
        Some(())
    }

    /// What was met after `earlier`.
    pub fn since(&self, earlier: &Self) -> Self {
        // Counts only grow, so nothing saturates.
        Self {
            fills: self.fills.saturating_sub(earlier.fills),
            removed: self.removed.saturating_sub(earlier.removed),
            cancelled: self.cancelled.saturating_sub(earlier.cancelled),
            margin: self.margin,
            places: self.places,
        }
    }

    /// Weight of a placement that met these.
    pub fn weight<T: Config>(&self) -> Weight {
        match (self.fills, self.removed) {
            (0, 0) => T::WeightInfo::place_order_rest(),
            (fills, removed) => T::WeightInfo::place_order_fill(fills, removed),
        }
    }
}

impl Sweep {
    /// One that met nobody.
    pub const fn nothing(left: Lots) -> Self {
        Self {
            left,
            filled: 0,
            notional: Usd::ZERO,
            stop: Stop::Uncrossed,
        }
    }

    /// Counts a fill in.
    fn add(&mut self, fill: &Matched) -> Option<()> {
        self.left = self.left.checked_sub(fill.lots)?;
        self.filled = self.filled.checked_add(fill.lots)?;
        self.notional = self.notional.checked_add(fill.notional)?;
        Some(())
    }
}
