//! Closing into the book, and the fee.

use super::{
    order::{fee_of, plan, Order},
    target::Target,
};
use crate::{Config, Event, Pallet};
use bulwark_primitives::{MarketId, SubAccount, Usd};
use bulwark_risk_math::{Closing, MathError};
use bulwark_traits::{Execution, LiquidationFee, LiquidationLedger, LiquidationVenue, LossFund};
use frame_system::pallet_prelude::BlockNumberFor;

impl<T: Config> Pallet<T> {
    /// Sends one position to the book.
    ///
    /// # Errors
    /// When it cannot be said how much and at what price; nothing has happened then.
    pub(crate) fn try_close(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        closing: &Closing,
        max_fills: u32,
    ) -> Result<Execution, MathError> {
        let order = Self::order_of(target, closing)?;
        Ok(T::Venue::close(
            account,
            target.market(),
            order.side,
            order.quantity,
            order.worst,
            max_fills,
        ))
    }

    /// What of a position is sold or bought, and at what price at worst.
    ///
    /// # Errors
    /// Those of [`plan`].
    pub(super) fn order_of(target: &Target, closing: &Closing) -> Result<Order, MathError> {
        let reserves = T::Fund::available(target.market()).total();
        plan(
            closing,
            &target.holding.params,
            reserves.ok_or(MathError::Overflow)?,
        )
    }

    /// Takes the fee: what the rate says, at most what keeps the health ratio of the rest.
    pub(super) fn charge(
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

    pub(super) fn deposit_liquidated(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        closing: &Closing,
        execution: &Execution,
        charged: LiquidationFee<T::AccountId>,
        since: Option<BlockNumberFor<T>>,
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
}
