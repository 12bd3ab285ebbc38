//! An auction on the stored book.

use super::{Depth, Range, Search, Step};
use crate::{
    bitmap::CAPACITY,
    fees::{auction_fees, Schedule},
    sweep::defect,
    types::{Auction, AuctionInfo, CancelReason, Grid, Lots, Tick},
    Auctions, Config, Error, Event, FeeSchedule, ForcedOrders, LastTrade, Levels, OrderOf, Pallet,
    WeightInfo,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    Fill, FillKind, MarketId, MarketParams, OrderExposure, OrderId, Price, Quantity, Side,
};
use bulwark_risk_math::{value::notional, Rounding};
use bulwark_traits::{
    AuctionGuard, FillError, ForcedFills, MarketGuard, MarketRegistry, OrderMargin, Reopening,
};
use core::marker::PhantomData;
use frame_support::{
    storage::with_storage_layer,
    traits::{Get, Time},
    weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult};

/// Most levels of a side that a look at an auction takes in.
const MAX_LOOK: u32 = 2_000;

/// The stored levels of a market.
pub(crate) struct Stored<T>(MarketId, PhantomData<T>);

impl<T: Config> Depth for Stored<T> {
    fn best(&self, side: Side) -> Option<Tick> {
        Pallet::<T>::best(self.0, side)
    }

    fn after(&self, side: Side, tick: Tick) -> Option<Tick> {
        Pallet::<T>::worse(self.0, side, tick)
    }

    fn lots(&self, side: Side, tick: Tick) -> u128 {
        Levels::<T>::get((self.0, side, tick)).map_or(0, |level| level.lots)
    }
}

/// What the fills of an auction depend on besides the orders.
pub(crate) struct Call {
    market: MarketId,
    params: MarketParams,
    grid: Grid,
    schedule: Schedule,
    /// Whether positions may only become smaller in what follows the auction.
    reduces: bool,
}

/// An order with its id.
type Entry<T> = (OrderId, OrderOf<T>);

/// Why a fill is undone.
enum Undone {
    Refused(FillError),
    Failed(DispatchError),
}

impl From<DispatchError> for Undone {
    fn from(error: DispatchError) -> Self {
        Self::Failed(error)
    }
}

impl<T: Config> Pallet<T> {
    /// Goes on with the auctions of these markets until the budget ends; the first market is another one
    /// in each block.
    pub(crate) fn run_auctions(markets: &[MarketId], meter: &mut WeightMeter) {
        let count = u32::try_from(markets.len()).unwrap_or(u32::MAX);
        let first = Self::now().checked_rem(count).unwrap_or(0);
        let first = usize::try_from(first).unwrap_or(0);
        for market in markets.iter().cycle().skip(first).take(markets.len()) {
            if T::Auctions::reopening(*market) != Some(Reopening::Uncrossing) {
                continue;
            }
            if let Err(error) = Self::uncross(*market, meter) {
                // A contradiction in storage. The market stays paused; the others go on.
                defect("auction", &error);
            }
        }
    }

    /// Goes on with the auction of one market, and lets it reopen when it is over.
    pub(crate) fn uncross(market: MarketId, meter: &mut WeightMeter) -> DispatchResult {
        let call = Self::call_of(market)?;
        // None joins while this step runs.
        let any_forced = ForcedOrders::<T>::iter_key_prefix(market).next().is_some();
        let mut at = Auctions::<T>::get(market);
        let over = loop {
            let cost = match at {
                None | Some(Auction::Searching(_)) => T::WeightInfo::auction_level(),
                Some(Auction::Filling(_)) if any_forced => {
                    Self::forced_heads(market)?.saturating_add(T::WeightInfo::auction_fill())
                }
                Some(Auction::Filling(_)) => T::WeightInfo::auction_fill(),
            };
            if meter.try_consume(cost).is_err() {
                break false;
            }
            at = match at {
                None if !Self::is_crossed(market) => break true,
                None => {
                    let range = Self::auction_range(&call.grid, market);
                    Some(Auction::Searching(Search::new(range, &stored::<T>(market))))
                }
                Some(Auction::Searching(search)) => Self::look_further(&call, search)?,
                Some(Auction::Filling(tick)) => {
                    let filled = with_storage_layer(|| Self::fill_next(&call, tick))?;
                    filled.then_some(Auction::Filling(tick))
                }
            };
            Auctions::<T>::set(market, at);
        };
        if over && Self::end_forced(market, meter)? {
            T::Auctions::reopened(market);
        }
        Ok(())
    }

    /// What liquidation does for those of the two next orders that are its own.
    fn forced_heads(market: MarketId) -> Result<Weight, DispatchError> {
        let mut weight = Weight::zero();
        for side in [Side::Bid, Side::Ask] {
            if let Some(tick) = Self::best(market, side) {
                if Self::head(market, side, tick)?.1.forced {
                    weight = weight.saturating_add(T::ForcedWeight::get());
                }
            }
        }
        Ok(weight)
    }

    /// What the fills of a market's auction depend on.
    pub(crate) fn call_of(market: MarketId) -> Result<Call, DispatchError> {
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        Ok(Call {
            market,
            grid: Grid::new(&params),
            params,
            schedule: FeeSchedule::<T>::get(),
            reduces: !T::Guard::order_status(market).allows_new_risk(),
        })
    }

    /// Whether the best bid is not below the best ask.
    fn is_crossed(market: MarketId) -> bool {
        match (Self::best(market, Side::Bid), Self::best(market, Side::Ask)) {
            (Some(bid), Some(ask)) => bid >= ask,
            (None, _) | (_, None) => false,
        }
    }

    /// The prices that an auction may have now: those of the band, near the reference.
    pub(crate) fn auction_range(grid: &Grid, market: MarketId) -> Range {
        let last = CAPACITY.saturating_sub(1);
        let reference = T::Auctions::reference(market)
            .and_then(|price| grid.nearest(price))
            .unwrap_or(1);
        let band = T::Guard::band(market).and_then(|(low, high)| {
            let low = grid.bound(Side::Ask, low)?.max(1);
            let high = grid.bound(Side::Bid, high)?;
            Some((low, high))
        });
        let (low, high) = match band {
            None => (1, last),
            Some((low, high)) if low <= high => (low, high),
            // A band between two ticks.
            Some(_) => (reference, reference),
        };
        Range {
            low,
            high,
            reference,
        }
    }

    /// One step of a search. When it finds nothing in a crossed book, what crosses is outside the band: one
    /// order of it is cancelled, the one that would make a gift.
    fn look_further(call: &Call, mut search: Search) -> Result<Option<Auction>, DispatchError> {
        let market = call.market;
        match search.step(&stored::<T>(market)) {
            Step::On => Ok(Some(Auction::Searching(search))),
            Step::Over(Some(found)) => {
                Self::deposit_event(Event::AuctionPriced {
                    market,
                    price: call.grid.price::<T>(found.tick)?,
                    quantity: call.grid.quantity::<T>(found.lots)?,
                });
                Ok(Some(Auction::Filling(found.tick)))
            }
            Step::Over(None) => {
                let best = (Self::best(market, Side::Bid), Self::best(market, Side::Ask));
                if let (Some(bid), Some(ask)) = best {
                    let (side, tick) = if bid < search.lowest() {
                        (Side::Ask, ask)
                    } else {
                        (Side::Bid, bid)
                    };
                    let reason = CancelReason::OutsideBand;
                    with_storage_layer(|| Self::cancel_head(market, side, tick, reason))?;
                }
                Ok(None)
            }
        }
    }

    /// Fills the two orders that are next at the price of an auction, or takes out the one of them that
    /// cannot fill. `false` when nobody is left on one of the sides.
    pub(crate) fn fill_next(call: &Call, tick: Tick) -> Result<bool, DispatchError> {
        let market = call.market;
        let best = (Self::best(market, Side::Bid), Self::best(market, Side::Ask));
        let (Some(bid_at), Some(ask_at)) = best else {
            return Ok(false);
        };
        if bid_at < tick || ask_at > tick {
            return Ok(false);
        }
        let bid = Self::head(market, Side::Bid, bid_at)?;
        let ask = Self::head(market, Side::Ask, ask_at)?;
        let (now, clock) = (frame_system::Pallet::<T>::block_number(), T::Clock::now);
        for (id, order) in [&bid, &ask] {
            if order.is_expired(&now, clock) {
                Self::cancel(market, &call.grid, *id, order, CancelReason::Expired)?;
                return Ok(true);
            }
        }
        // The older one gives way, as it does to a taker; of the two of a fill it is the maker. A
        // liquidation takes, so that its account is not asked for margin.
        let bid_takes = (bid.1.forced, bid.0) > (ask.1.forced, ask.0);
        let (maker, taker) = if bid_takes { (ask, bid) } else { (bid, ask) };
        if maker.1.account == taker.1.account {
            let reason = CancelReason::SelfTrade;
            Self::cancel(market, &call.grid, maker.0, &maker.1, reason)?;
            return Ok(true);
        }
        let mut lots = maker.1.remaining.min(taker.1.remaining);
        for (id, order) in [&maker, &taker] {
            let most = Self::fillable(call, order);
            if most == 0 {
                Self::cancel(market, &call.grid, *id, order, CancelReason::ReduceOnly)?;
                return Ok(true);
            }
            lots = lots.min(most);
        }
        Self::fill_pair(call, tick, maker, taker, lots)?;
        Ok(true)
    }

    /// How much of an order may fill: no more than its position when it may only reduce that.
    fn fillable(call: &Call, order: &OrderOf<T>) -> Lots {
        if !order.reduce_only && !call.reduces {
            return order.remaining;
        }
        let reducible = T::Margin::reducible(&order.account, call.market, order.side);
        call.grid.whole_lots(reducible).min(order.remaining)
    }

    /// Fills two orders against each other, or cancels the one that margin refuses.
    fn fill_pair(
        call: &Call,
        tick: Tick,
        (maker_id, mut maker): Entry<T>,
        (taker_id, mut taker): Entry<T>,
        lots: Lots,
    ) -> DispatchResult {
        let (market, grid) = (call.market, &call.grid);
        let maker_part = maker.exposure_of::<T>(market, grid, lots)?;
        let taker_part = taker.exposure_of::<T>(market, grid, lots)?;
        let fill = Self::auction_fill(call, tick, (maker_id, &maker), &taker, &maker_part)?;
        let before = |order: &OrderOf<T>| {
            let forced = order.forced.then_some(&order.account)?;
            T::Forced::before(forced, market)
        };
        let forced = [
            (maker.account.clone(), before(&maker)),
            (taker.account.clone(), before(&taker)),
        ];
        let settled = with_storage_layer(|| {
            // Margin knows makers that rest and takers that do not.
            if !taker.forced {
                T::Margin::close_order(&taker.account, &taker_part);
            }
            T::Margin::settle(&fill).map_err(Undone::Refused)
        });
        match settled {
            Ok(()) => {}
            Err(Undone::Refused(FillError::Maker(error))) => {
                return Self::cancel(market, grid, maker_id, &maker, CancelReason::Refused(error));
            }
            Err(Undone::Refused(FillError::Taker(error))) => {
                return Self::cancel(market, grid, taker_id, &taker, CancelReason::Refused(error));
            }
            Err(Undone::Failed(error)) => return Err(error),
        }
        T::Margin::settled(&taker.account);
        for (account, before) in forced {
            if let Some(before) = before {
                T::Forced::after(&account, market, before, fill.quantity, fill.notional);
            }
        }
        (maker.filled, taker.filled) = (true, true);
        Self::note_volume(&call.schedule, &maker.account, fill.notional);
        if !taker.forced {
            Self::note_volume(&call.schedule, &taker.account, fill.notional);
        }
        Self::shrink(market, maker_id, maker, lots, &maker_part)?;
        Self::shrink(market, taker_id, taker, lots, &taker_part)?;
        LastTrade::<T>::insert(market, fill.price);
        Self::deposit_filled(Some(taker_id), fill);
        Ok(())
    }

    /// The fill of two orders at the price of an auction.
    fn auction_fill(
        call: &Call,
        tick: Tick,
        (maker_order, maker): (OrderId, &OrderOf<T>),
        taker: &OrderOf<T>,
        part: &OrderExposure,
    ) -> Result<Fill<T::AccountId>, DispatchError> {
        let price: Price = call.grid.price::<T>(tick)?;
        let quantity = part.quantity;
        // In favour of the one who was there first, as between a maker and a taker.
        let rounding = match maker.side {
            Side::Bid => Rounding::Down,
            Side::Ask => Rounding::Up,
        };
        let tier = |order: &OrderOf<T>| Self::tier_of(&call.schedule, &order.account);
        let overflow = |_| Error::<T>::ArithmeticOverflow;
        Ok(Fill {
            market: call.market,
            maker: maker.account.clone(),
            maker_order,
            maker_exposure: OrderExposure {
                // Margin holds nothing for an order of liquidation.
                quantity: if maker.forced {
                    Quantity::ZERO
                } else {
                    quantity
                },
                ..*part
            },
            taker: taker.account.clone(),
            taker_side: taker.side,
            quantity,
            price,
            notional: notional(price, quantity, rounding).map_err(overflow)?,
            kind: if taker.forced {
                FillKind::Liquidation
            } else {
                FillKind::Trade
            },
            fees: auction_fees(&call.params, &tier(maker), &tier(taker)).map_err(overflow)?,
        })
    }

    /// The auction by which a market is going to reopen, as it would be with the orders that rest now.
    /// `None` when none is coming. O(levels that cross), at most 2,000 a side.
    pub fn auction(market: MarketId) -> Option<AuctionInfo> {
        let uncrossing = T::Auctions::reopening(market)? == Reopening::Uncrossing;
        let grid = Self::grid(market).ok()?;
        let depth = stored::<T>(market);
        let mut search = Search::new(Self::auction_range(&grid, market), &depth);
        let found = (0..MAX_LOOK).find_map(|_| match search.step(&depth) {
            Step::On => None,
            Step::Over(found) => Some(found),
        });
        let found = found.flatten();
        Some(AuctionInfo {
            uncrossing,
            price: found.and_then(|found| grid.price::<T>(found.tick).ok()),
            quantity: found
                .and_then(|found| grid.quantity::<T>(found.lots).ok())
                .unwrap_or(Quantity::ZERO),
        })
    }

    /// The markets' auctions are those of markets that are being uncrossed.
    pub(crate) fn check_auctions() -> Result<(), sp_runtime::TryRuntimeError> {
        let markets: Vec<MarketId> = Auctions::<T>::iter_keys().collect();
        for market in markets {
            let open = T::Guard::status(market).allows_orders();
            frame_support::ensure!(!open, "invariant 13: an open market has an auction");
        }
        Ok(())
    }
}

pub(crate) fn stored<T: Config>(market: MarketId) -> Stored<T> {
    Stored(market, PhantomData)
}
