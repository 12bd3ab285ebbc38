//! Margin as the order book sees it.

use crate::{
    access::ensure_market_of,
    funding::Settlements,
    types::{with_order, without_order, Account, OpenInterest},
    valuation::{Purpose, Unvalued, View},
    Accounts, Config, Error, Event, OpenInterests, Pallet, LOG_TARGET,
};
use bulwark_primitives::{
    Action, AssetId, Fill, FillKind, Health, MakerFee, MarketId, MarketParams, MarketStatus,
    OrderExposure, Position, Price, Quantity, Side, Size, SubAccount, Usd,
};
use bulwark_risk_math::{apply_trade, fraction, mul_div, signed_notional, MathError, Rounding};
use bulwark_traits::{
    AccountObserver, FillError, LossFund, MarketGuard, MarketRegistry, OrderMargin, PriceSource,
};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

/// What the roundings of one fill can take from a side, in `Usd`. A reduction at mark may cost this
/// much; a fill costs more to place than that.
const ROUNDING_RESERVE: i128 = 2;

/// One side of a fill, computed and not yet stored.
struct Settled<T: Config> {
    before: Account<T>,
    after: Account<T>,
    was: Position,
    is: Position,
    realised: Usd,
    fee: Usd,
    /// What was settled of funding before it.
    funding: Usd,
}

impl<T: Config> Settled<T> {
    /// Whether the fill did anything but make the position smaller.
    fn enlarged(&self) -> bool {
        let (was, is) = (self.was.size, self.is.size);
        let turned = is.is_long() && !was.is_long() || is.is_short() && !was.is_short();
        turned || is.quantity() > was.quantity()
    }
}

/// Which side of a fill an account is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Maker,
    Taker,
}

impl<T: Config> Pallet<T> {
    /// Computes one side of a fill: funding settled, orders released, trade applied, fee taken.
    fn compute(
        fill: &Fill<T::AccountId>,
        role: Role,
        settlements: &mut Settlements,
    ) -> Result<Settled<T>, Error<T>> {
        let (who, side) = match role {
            Role::Maker => (&fill.maker, fill.taker_side.opposite()),
            Role::Taker => (&fill.taker, fill.taker_side),
        };
        let overflow = Error::<T>::ArithmeticOverflow;
        let (delta, cost) = match side {
            Side::Bid => (fill.quantity.long(), Some(fill.notional)),
            Side::Ask => (fill.quantity.short(), fill.notional.checked_neg()),
        };
        let (Some(delta), Some(cost)) = (delta, cost) else {
            return Err(overflow);
        };
        let before = Self::load(who);
        let was = before.position(fill.market);
        let (mut after, at_index, funding) = settlements.open(before.clone())?;
        let traded = apply_trade(was.size, was.entry_notional, delta, cost)
            .map_err(|error| Error::<T>::from(Unvalued::from(error)))?;
        let fee = fee_of(fill, role).map_err(|error| Error::<T>::from(Unvalued::from(error)))?;
        let orders = match role {
            Role::Maker => Self::released(who, was, &fill.maker_exposure),
            Role::Taker => was.orders,
        };
        let is = Position {
            market: fill.market,
            size: traded.size,
            entry_notional: traded.entry_notional,
            funding_index: at_index.funding_index,
            orders,
        };
        after.set_position(is)?;
        let gain = traded.realised.checked_sub(fee).ok_or(overflow)?;
        after.add_balance(gain)?;
        Ok(Settled {
            before,
            after,
            was,
            is,
            realised: traded.realised,
            fee,
            funding,
        })
    }

    /// The order exposures of a position without one order.
    fn released(
        who: &SubAccount<T::AccountId>,
        position: Position,
        order: &OrderExposure,
    ) -> bulwark_primitives::OpenOrders {
        let (orders, exact) = without_order(position.orders, order);
        if !exact {
            log::error!(
                target: LOG_TARGET,
                "event=exposure_missing account={who:?} order={order:?} had={:?}",
                position.orders,
            );
        }
        orders
    }

    /// Checks that a side of a fill may have it. The taker of a liquidation is not asked. `may_enlarge`:
    /// whether the market lets this side of a trade enlarge its position.
    fn ensure_side(
        fill: &Fill<T::AccountId>,
        params: &MarketParams,
        may_enlarge: bool,
        side: &Settled<T>,
        interest: Option<OpenInterest>,
    ) -> DispatchResult {
        if side.enlarged() {
            ensure_market_of::<T>(&side.after, fill.market, params)?;
            // A liquidation moves risk from an account that cannot carry it to a maker who can: the
            // market as a whole has no more than before. Refusing the maker would cancel his order,
            // so each liquidation in a reduce-only market would eat through the book and close
            // nothing. His initial margin is checked as in any trade.
            match fill.kind {
                FillKind::Trade => ensure!(may_enlarge, Error::<T>::MarketReduceOnly),
                FillKind::Liquidation => {}
            }
            // The open interest that counts is the one with this fill.
            let view = View::from(purpose_of(fill.kind));
            let view = match interest {
                Some(interest) => view.with_interest(fill.market, interest.long),
                None => view,
            };
            Self::ensure_initial_margin(&side.after, view)
        } else {
            Self::ensure_fair_reduction(fill, params, side)
        }
    }

    /// Checks that a reduction costs nobody else anything.
    ///
    /// At mark or better it always passes, whatever the account's state. Worse than mark it passes
    /// when the account stays above maintenance; an account under maintenance may lose as much of
    /// its equity as it frees of its requirement, and one without equity nothing: otherwise it
    /// could be emptied into another account at a bad price, and the fund would pay.
    fn ensure_fair_reduction(
        fill: &Fill<T::AccountId>,
        params: &MarketParams,
        side: &Settled<T>,
    ) -> DispatchResult {
        let purpose = purpose_of(fill.kind);
        let Ok(mark) = View::from(purpose).price::<T>(params.index_asset) else {
            return Self::ensure_paid_reduction(fill, params, side);
        };
        let loss = loss_to_mark(side, mark).ok_or(Error::<T>::ArithmeticOverflow)?;
        if loss <= ROUNDING_RESERVE {
            return Ok(());
        }
        let value = |account: &Account<T>| -> Result<Health, Error<T>> {
            Self::value(account, purpose).map_err(Error::<T>::from)
        };
        let after = value(&side.after)?;
        if !after.is_liquidatable() {
            return Ok(());
        }
        let before = value(&side.before)?;
        let share = own_share(&before, &after).ok_or(Error::<T>::UnfairReduction)?;
        ensure!(loss <= share, Error::<T>::UnfairReduction);
        Ok(())
    }

    /// Checks that an account can pay for a reduction whose market has no price.
    ///
    /// The fill's own price, which the breaker keeps inside its band, is the measure then: reducing
    /// works in every halt of a feed. Measured against itself a fill loses nothing, so what is sold
    /// at this price may not leave a debt to the fund.
    fn ensure_paid_reduction(
        fill: &Fill<T::AccountId>,
        params: &MarketParams,
        side: &Settled<T>,
    ) -> DispatchResult {
        let view = View::from(purpose_of(fill.kind));
        let view = view.with_substitute(params.index_asset, fill.price);
        let debt = match Self::value(&side.after, view) {
            Ok(after) => after.is_bankrupt(),
            Err(_) => side.after.balance.is_negative(),
        };
        ensure!(!debt, Error::<T>::UnfairReduction);
        Ok(())
    }

    /// An account with one more order, its stored balance, and the index asset when its initial margin is
    /// to be checked: an order that can only reduce needs none.
    fn with_opened(
        who: &SubAccount<T::AccountId>,
        order: &OrderExposure,
    ) -> Result<(Account<T>, Usd, Option<AssetId>), DispatchError> {
        let params = T::Registry::market(order.market).ok_or(Error::<T>::UnknownMarket)?;
        let status = T::Guard::order_status(order.market);
        ensure!(status.allows_orders(), Error::<T>::MarketNotOpen);
        ensure!(!order.quantity.is_zero(), Error::<T>::ZeroAmount);
        // An order moves no balance, so it settles no interest: the observer is not told of it.
        let mut account = Accounts::<T>::get(who);
        let stored = account.balance;
        account = Self::with_interest(who, account);
        let mut position = account.position(order.market);
        position.orders =
            with_order(position.orders, order).ok_or(Error::<T>::ArithmeticOverflow)?;
        account.set_position(position)?;
        let owed = !only_reduces(&position, order.side);
        if owed {
            ensure!(
                status.allows_new_risk() || T::Guard::admits_makers(order.market),
                Error::<T>::MarketReduceOnly
            );
            ensure_market_of::<T>(&account, order.market, &params)?;
        }
        Ok((account, stored, owed.then_some(params.index_asset)))
    }

    /// For what an account with new orders is valued. When all that could enlarge its positions is in markets
    /// with a price that nothing but liquidation may use, nothing but liquidations can fill it
    /// ([`Self::settle`]), and it rests for them; when one is not, its owner needs clean prices.
    fn purpose_of_orders(account: &Account<T>) -> Purpose {
        let opens = |position: &&Position| {
            [
                (Side::Bid, position.orders.bid_quantity),
                (Side::Ask, position.orders.ask_quantity),
            ]
            .iter()
            .any(|(side, quantity)| !quantity.is_zero() && !only_reduces(position, *side))
        };
        let mut opening = account.positions.iter().filter(opens).peekable();
        let any = opening.peek().is_some();
        if any && opening.all(|position| is_for_liquidation_alone::<T>(position.market)) {
            Purpose::Takeover
        } else {
            Purpose::Owner
        }
    }

    fn put_opened(who: &SubAccount<T::AccountId>, mut account: Account<T>, stored: Usd) {
        account.balance = stored;
        Self::put(who, account);
    }

    /// Checks what concerns neither side alone.
    fn ensure_fill(fill: &Fill<T::AccountId>, status: MarketStatus) -> Result<(), Error<T>> {
        let open = match fill.kind {
            FillKind::Trade => status.allows_fills(),
            FillKind::Liquidation => status.allows_liquidation(),
        };
        ensure!(open, Error::<T>::MarketNotOpen);
        ensure!(!fill.quantity.is_zero(), Error::<T>::ZeroAmount);
        ensure!(!fill.notional.is_negative(), Error::<T>::ArithmeticOverflow);
        Ok(())
    }

    /// Open interest after a fill; `None` when it does not fit.
    fn interest_after(
        fill: &Fill<T::AccountId>,
        maker: &Settled<T>,
        taker: &Settled<T>,
    ) -> Option<OpenInterest> {
        OpenInterests::<T>::get(fill.market)
            .moved(maker.was.size, maker.is.size)?
            .moved(taker.was.size, taker.is.size)
    }

    /// Checks that open interest fits and does not grow beyond its cap.
    fn ensure_interest(
        fill: &Fill<T::AccountId>,
        params: &MarketParams,
        after: Option<OpenInterest>,
    ) -> Result<OpenInterest, Error<T>> {
        let after = after.ok_or(Error::<T>::ArithmeticOverflow)?;
        ensure!(
            after.long <= OpenInterests::<T>::get(fill.market).long
                || after.long <= params.max_open_interest,
            Error::<T>::OpenInterestCapExceeded
        );
        Ok(after)
    }

    fn announce(who: &SubAccount<T::AccountId>, side: &Settled<T>) {
        Self::deposit_event(Event::PositionChanged {
            account: who.clone(),
            market: side.is.market,
            size: side.is.size,
            entry_notional: side.is.entry_notional,
            realised: side.realised,
        });
        if !side.funding.is_zero() {
            Self::deposit_event(Event::FundingSettled {
                account: who.clone(),
                market: side.is.market,
                paid: side.funding,
            });
        }
        if !side.fee.is_zero() {
            Self::deposit_event(Event::FeePaid {
                account: who.clone(),
                market: side.is.market,
                amount: side.fee,
            });
        }
    }
}

/// What a side of a fill pays, rounded up; negative when it is paid, rounded down.
fn fee_of<AccountId>(fill: &Fill<AccountId>, role: Role) -> Result<Usd, MathError> {
    match (role, fill.kind) {
        (Role::Maker, FillKind::Trade | FillKind::Liquidation) => match fill.fees.maker {
            MakerFee::Pays(rate) => fraction(fill.notional, rate, Rounding::Up),
            MakerFee::Gets(rate) => fraction(fill.notional, rate, Rounding::Down)?
                .checked_neg()
                .ok_or(MathError::Overflow),
        },
        (Role::Taker, FillKind::Trade) => fraction(fill.notional, fill.fees.taker, Rounding::Up),
        (Role::Taker, FillKind::Liquidation) => Ok(Usd::ZERO),
    }
}

/// For what the sides of a fill are valued.
const fn purpose_of(kind: FillKind) -> Purpose {
    match kind {
        FillKind::Trade => Purpose::Owner,
        FillKind::Liquidation => Purpose::Takeover,
    }
}

/// Whether a market has a price that liquidation may use and new risk may not.
fn is_for_liquidation_alone<T: Config>(market: MarketId) -> bool {
    T::Registry::market(market).is_some_and(|params| {
        T::Prices::price(params.index_asset).is_err()
            && T::Prices::price_for(params.index_asset, Action::Liquidate).is_ok()
    })
}

/// What a side lost against `mark` by a fill, fee apart; negative when it won.
fn loss_to_mark<T: Config>(side: &Settled<T>, mark: Price) -> Option<i128> {
    let worth = |position: &Position| {
        signed_notional(mark, position.size, Rounding::Down)
            .ok()?
            .checked_sub(position.entry_notional)
    };
    let after = worth(&side.is)?.checked_add(side.realised)?;
    Some(worth(&side.was)?.checked_sub(after)?.0)
}

/// The part of an account's equity that goes with the maintenance margin it frees, rounded down;
/// nothing when there is no equity, `None` when nothing was required.
fn own_share(before: &Health, after: &Health) -> Option<i128> {
    let equity = before.equity.0.max(0).unsigned_abs();
    let freed = before
        .maintenance_margin
        .checked_sub(after.maintenance_margin)?;
    let freed = u128::try_from(freed.0).ok()?;
    let required = u128::try_from(before.maintenance_margin.0).ok()?;
    let share = mul_div(equity, freed, required, Rounding::Down).ok()?;
    i128::try_from(share).ok()
}

/// Whether all resting orders of a side together can only make the position smaller.
fn only_reduces(position: &Position, side: Side) -> bool {
    match side {
        Side::Bid => {
            position.size.is_short() && position.orders.bid_quantity <= position.size.quantity()
        }
        Side::Ask => {
            position.size.is_long() && position.orders.ask_quantity <= position.size.quantity()
        }
    }
}

impl<T: Config> OrderMargin<T::AccountId> for Pallet<T> {
    fn open_order(who: &SubAccount<T::AccountId>, order: &OrderExposure) -> DispatchResult {
        let (account, stored, owed) = Self::with_opened(who, order)?;
        if let Some(index) = owed {
            let purpose = match T::Prices::price(index) {
                Ok(_) => Purpose::Owner,
                Err(_) => Self::purpose_of_orders(&account),
            };
            Self::ensure_initial_margin(&account, purpose)?;
        }
        Self::put_opened(who, account, stored);
        Ok(())
    }

    fn record_order(
        who: &SubAccount<T::AccountId>,
        order: &OrderExposure,
    ) -> Result<bool, DispatchError> {
        let (account, stored, owed) = Self::with_opened(who, order)?;
        Self::put_opened(who, account, stored);
        Ok(owed.is_some())
    }

    fn check_orders(who: &SubAccount<T::AccountId>) -> DispatchResult {
        let account = Self::load(who);
        Self::ensure_initial_margin(&account, Self::purpose_of_orders(&account))
    }

    fn close_order(who: &SubAccount<T::AccountId>, order: &OrderExposure) {
        let mut account = Accounts::<T>::get(who);
        let position = account.position(order.market);
        let orders = Self::released(who, position, order);
        // Taking an order out never needs a new entry, so it always fits.
        if account
            .set_position(Position { orders, ..position })
            .is_ok()
        {
            Self::put(who, account);
        }
    }

    fn settle(fill: &Fill<T::AccountId>) -> Result<(), FillError> {
        let of_taker = |error: Error<T>| FillError::Taker(error.into());
        let of_maker = |error: Error<T>| FillError::Maker(error.into());
        let params =
            T::Registry::market(fill.market).ok_or_else(|| of_taker(Error::UnknownMarket))?;
        let status = T::Guard::order_status(fill.market);
        Self::ensure_fill(fill, status).map_err(of_taker)?;
        // The older order gives way, so that nobody blocks a price level for himself.
        if fill.maker == fill.taker {
            return Err(of_maker(Error::SelfTrade));
        }
        let mut settlements = Settlements::of::<T>(fill.market);
        // The taker first: one that cannot trade must not get other people's orders cancelled.
        let taker = Self::compute(fill, Role::Taker, &mut settlements).map_err(of_taker)?;
        let maker = Self::compute(fill, Role::Maker, &mut settlements);
        let interest = maker
            .as_ref()
            .ok()
            .and_then(|maker| Self::interest_after(fill, maker, &taker));
        match fill.kind {
            FillKind::Trade => {
                let may_enlarge = status.allows_new_risk();
                Self::ensure_side(fill, &params, may_enlarge, &taker, interest)
                    .map_err(FillError::Taker)?;
            }
            FillKind::Liquidation if taker.enlarged() => {
                return Err(of_taker(Error::NotReducing));
            }
            FillKind::Liquidation => {}
        }
        let maker = maker.map_err(of_maker)?;
        let may_enlarge = T::Guard::admits_makers(fill.market);
        if let Err(error) = Self::ensure_side(fill, &params, may_enlarge, &maker, interest) {
            if maker.enlarged() {
                // Reducing goes on without a price, new risk does not. That is nothing the maker
                // could help: matching stops, so that his order and those behind it stay.
                View::from(purpose_of(fill.kind))
                    .price::<T>(params.index_asset)
                    .map_err(|error| of_taker(Unvalued::Price(error).into()))?;
            }
            return Err(FillError::Maker(error));
        }
        let interest = Self::ensure_interest(fill, &params, interest).map_err(of_taker)?;
        let fees = maker
            .fee
            .checked_add(taker.fee)
            .ok_or_else(|| of_taker(Error::ArithmeticOverflow))?;
        // The fund would pay for it.
        if fees.is_negative() {
            return Err(of_taker(Error::RebateExceedsFee));
        }

        // Nothing below can fail.
        OpenInterests::<T>::insert(fill.market, interest);
        T::Fund::credit(fees);
        settlements.store::<T>();
        Self::announce(&fill.maker, &maker);
        Self::announce(&fill.taker, &taker);
        Self::store(&fill.maker, maker.after);
        Self::store(&fill.taker, taker.after);
        T::Observer::account_changed(&fill.maker);
        Ok(())
    }

    fn settled(taker: &SubAccount<T::AccountId>) {
        T::Observer::account_changed(taker);
    }

    fn reducible(who: &SubAccount<T::AccountId>, market: MarketId, side: Side) -> Quantity {
        let size: Size = Self::load(who).position(market).size;
        let smaller = match side {
            Side::Bid => size.is_short(),
            Side::Ask => size.is_long(),
        };
        if smaller {
            size.quantity()
        } else {
            Quantity::ZERO
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow(who: &SubAccount<T::AccountId>, amount: Usd) {
        Self::bench_endow(who, amount);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn fill_up(who: &SubAccount<T::AccountId>, market: MarketId) {
        Self::bench_fill_up(who, market);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn drain(who: &SubAccount<T::AccountId>) {
        Self::bench_drain(who);
    }
}
