//! Accounts as those layers of loss see them that other traders bear.
//!
//! Both ways to pay for somebody else's loss take open profit and nothing else: deleveraging closes a
//! part of a position at a price worse than mark by what is given up, a cut moves the entry notional
//! toward the mark. Value only moves between the two accounts, so balances less entry notionals keep
//! their sum (invariants 1 and 3), and an account without a position is never asked (invariant 5). What the giver's
//! policies pay for it comes from the underwriters' part of the pot in the same step.

use crate::{
    funding::Settlements,
    types::Account,
    valuation::{Purpose, Unvalued, View},
    Config, Error, Event, OpenInterests, Pallet,
};
use bulwark_primitives::{
    Health, MarketId, MarketParams, Position, Price, Quantity, SubAccount, Usd,
};
use bulwark_risk_math::{
    apply_trade, can_give, notional, signed_notional, MathError, Rounding, Traded,
};
use bulwark_traits::{
    AccountObserver, Deleveraged, Deleveraging, LossCover, LossLedger, MarketRegistry, OpenProfit,
};
use frame_support::{ensure, storage::with_storage_layer};
use sp_runtime::DispatchError;

pub(crate) fn math<T: Config>(error: MathError) -> Error<T> {
    Unvalued::from(error).into()
}

/// One side of a closing outside the book, its funding settled.
pub(crate) struct Side<T: Config> {
    pub(crate) account: Account<T>,
    pub(crate) was: Position,
}

impl<T: Config> Side<T> {
    pub(crate) fn open(
        who: &SubAccount<T::AccountId>,
        settlements: &mut Settlements,
    ) -> Result<Self, Error<T>> {
        let (account, was, _) = settlements.open(Pallet::<T>::load(who))?;
        Ok(Self { account, was })
    }

    /// The account after `quantity` of its position is closed for `value`, which a seller gets and a
    /// buyer pays.
    pub(crate) fn closed_for(
        &self,
        quantity: Quantity,
        value: Usd,
    ) -> Result<(Account<T>, Traded), Error<T>> {
        self.traded(self.was.size.is_short(), quantity, value)
    }

    /// The account after it bought or sold `quantity` for `value`.
    pub(crate) fn traded(
        &self,
        buys: bool,
        quantity: Quantity,
        value: Usd,
    ) -> Result<(Account<T>, Traded), Error<T>> {
        let (delta, cost) = if buys {
            (quantity.long(), Some(value))
        } else {
            (quantity.short(), value.checked_neg())
        };
        let (Some(delta), Some(cost)) = (delta, cost) else {
            return Err(Error::<T>::ArithmeticOverflow);
        };
        let traded =
            apply_trade(self.was.size, self.was.entry_notional, delta, cost).map_err(math::<T>)?;
        let mut after = self.account.clone();
        after.set_position(Position {
            size: traded.size,
            entry_notional: traded.entry_notional,
            ..self.was
        })?;
        after.add_balance(traded.realised)?;
        Ok((after, traded))
    }
}

impl<T: Config> Pallet<T> {
    fn mark_of(market: MarketId) -> Result<(MarketParams, Price), Error<T>> {
        let params = T::Registry::market(market).ok_or(Error::<T>::UnknownMarket)?;
        let mark = View::from(Purpose::Closing)
            .price::<T>(params.index_asset)
            .map_err(Unvalued::Price)
            .map_err(Error::<T>::from)?;
        Ok((params, mark))
    }

    /// What an account can lose and stay at or above maintenance; nothing when that is not known.
    fn slack_of(account: &Account<T>) -> Usd {
        Self::value(account, Purpose::Closing)
            .ok()
            .and_then(|health| health.slack())
            .unwrap_or_default()
    }

    fn do_deleverage(order: &Deleveraging<T::AccountId>) -> Result<Deleveraged, Error<T>> {
        let market = order.market;
        ensure!(order.account != order.counterparty, Error::<T>::SelfTrade);
        let (_, mark) = Self::mark_of(market)?;
        let mut settlements = Settlements::of::<T>(market);
        let closed = Side::<T>::open(&order.account, &mut settlements)?;
        let giver = Side::<T>::open(&order.counterparty, &mut settlements)?;
        let (size, opposite) = (closed.was.size, giver.was.size);
        let are_opposite =
            size.is_long() && opposite.is_short() || size.is_short() && opposite.is_long();
        ensure!(are_opposite, Error::<T>::NotReducing);
        let quantity = order.quantity.min(size.quantity()).min(opposite.quantity());
        ensure!(!quantity.is_zero(), Error::<T>::ZeroAmount);

        // As the account's position is valued, so that closing it at mark costs its equity nothing.
        let rounding = if size.is_long() {
            Rounding::Down
        } else {
            Rounding::Up
        };
        let fair = notional(mark, quantity, rounding).map_err(math::<T>)?;
        let (after, traded) = giver.closed_for(quantity, fair)?;
        let given_up = order
            .give_up
            .min(can_give(traded.realised, Self::slack_of(&after)))
            .max(Usd::ZERO);
        let value = if size.is_long() {
            fair.checked_add(given_up)
        } else {
            fair.checked_sub(given_up)
        }
        .ok_or(Error::<T>::ArithmeticOverflow)?;
        let of_account = closed.closed_for(quantity, value)?;
        let mut of_giver = giver.closed_for(quantity, value)?;
        let interest = OpenInterests::<T>::get(market)
            .moved(closed.was.size, of_account.1.size)
            .and_then(|sums| sums.moved(giver.was.size, of_giver.1.size))
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        let covered = T::Cover::pay(&order.counterparty, market, given_up);
        of_giver.0.add_balance(covered)?;

        OpenInterests::<T>::insert(market, interest);
        settlements.store::<T>();
        Self::conclude(&order.account, market, of_account);
        Self::conclude(&order.counterparty, market, of_giver);
        T::Observer::account_changed(&order.counterparty);
        T::Observer::account_changed(&order.account);
        Ok(Deleveraged {
            quantity,
            notional: value,
            given_up,
        })
    }

    pub(crate) fn conclude(
        who: &SubAccount<T::AccountId>,
        market: MarketId,
        (after, traded): (Account<T>, Traded),
    ) {
        Self::store(who, after);
        Self::deposit_event(Event::PositionChanged {
            account: who.clone(),
            market,
            size: traded.size,
            entry_notional: traded.entry_notional,
            realised: traded.realised,
        });
    }

    fn do_cut(
        from: &SubAccount<T::AccountId>,
        market: MarketId,
        to: &SubAccount<T::AccountId>,
        amount: Usd,
    ) -> Result<Usd, Error<T>> {
        ensure!(from != to, Error::<T>::SameAccount);
        let mut winner = Self::load(from);
        let position = winner.position(market);
        ensure!(position.size.0 != 0, Error::<T>::NotReducing);
        let (_, mark) = Self::mark_of(market)?;
        let profit = Self::profit_of(&position, mark)?;
        let cut = amount
            .min(can_give(profit, Self::slack_of(&winner)))
            .max(Usd::ZERO);
        if cut.is_zero() {
            return Ok(cut);
        }
        let entry_notional = position
            .entry_notional
            .checked_add(cut)
            .ok_or(Error::<T>::ArithmeticOverflow)?;
        winner.set_position(Position {
            entry_notional,
            ..position
        })?;
        winner.add_balance(T::Cover::pay(from, market, cut))?;
        let mut debtor = Self::load(to);
        debtor.add_balance(cut)?;
        Self::store(from, winner);
        Self::store(to, debtor);
        Self::deposit_event(Event::ProfitCut {
            account: from.clone(),
            market,
            amount: cut,
            entry_notional,
            paid_to: to.clone(),
        });
        T::Observer::account_changed(from);
        T::Observer::account_changed(to);
        Ok(cut)
    }

    fn profit_of(position: &Position, mark: Price) -> Result<Usd, Error<T>> {
        signed_notional(mark, position.size, Rounding::Down)
            .map_err(math::<T>)?
            .checked_sub(position.entry_notional)
            .ok_or(Error::<T>::ArithmeticOverflow)
    }
}

impl<T: Config> LossLedger<T::AccountId> for Pallet<T> {
    fn open_profit(who: &SubAccount<T::AccountId>, market: MarketId) -> Option<OpenProfit> {
        let account = Self::load(who);
        let position = account.position(market);
        if position.size.0 == 0 {
            return None;
        }
        let (_, mark) = Self::mark_of(market).ok()?;
        let health: Option<Health> = Self::value(&account, Purpose::Closing).ok();
        let holdings = account
            .positions
            .len()
            .saturating_add(account.collateral.len());
        Some(OpenProfit {
            size: position.size,
            entry_notional: position.entry_notional,
            notional: notional(mark, position.size.quantity(), Rounding::Up).ok()?,
            profit: Self::profit_of(&position, mark).ok()?,
            health,
            holdings: u32::try_from(holdings).unwrap_or(u32::MAX),
        })
    }

    fn deleverage(order: &Deleveraging<T::AccountId>) -> Result<Deleveraged, DispatchError> {
        with_storage_layer(|| Self::do_deleverage(order).map_err(DispatchError::from))
    }

    fn cut_profit(
        from: &SubAccount<T::AccountId>,
        market: MarketId,
        to: &SubAccount<T::AccountId>,
        amount: Usd,
    ) -> Result<Usd, DispatchError> {
        with_storage_layer(|| Self::do_cut(from, market, to, amount).map_err(DispatchError::from))
    }
}
