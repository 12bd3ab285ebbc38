//! How much an account may still do: the largest order, withdrawal and loan. Read-only, and never part of a
//! block.

use crate::{
    types::Account,
    valuation::{counts, Purpose, View},
    Config, OpenInterests, Pallet,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, MarketId, OrderExposure, Price, Quantity, Side, Size, SubAccount, Usd,
};
use bulwark_risk_math::{
    collateral_price, fraction, mul_div, notional, scale_collateral, withdrawal_requirement,
    Rounding,
};
use bulwark_traits::{LendingPool, MarketRegistry, PriceSource};

/// `Usd` (6 decimals) per quantity (18 decimals), as a price (18 decimals).
const USD_PER_QUANTITY: u128 = 1_000_000_000_000_000_000_000_000_000_000;

impl<T: Config> Pallet<T> {
    /// The most settlement asset that may be taken out now, a loan included: what initial equity without
    /// open profit has beyond what has to stay, as far as the pool can lend it.
    pub fn max_borrow(who: &SubAccount<T::AccountId>) -> Usd {
        Self::find_max_borrow(&Self::load(who)).unwrap_or(Usd::ZERO)
    }

    fn find_max_borrow(account: &Account<T>) -> Option<Usd> {
        let view = View::from(Purpose::Owner).without_profit();
        let health = Self::value(account, view).ok()?;
        let room = health
            .initial_equity
            .checked_sub(withdrawal_requirement(&health).ok()?)?;
        let lent = T::Pool::available().checked_add(account.balance.max(Usd::ZERO))?;
        // What may leave of the settlement asset; more than fits is no limit.
        let leaves = Self::outflow_room(T::Registry::settlement_asset())?.now;
        let leaves = i128::try_from(leaves).map_or(Usd::MAX, Usd);
        Some(room.min(lent).min(leaves).max(Usd::ZERO))
    }

    /// The largest order at the mark price that margin, lots and the market's cap on open interest
    /// accept now, the fee of filling at once included, whatever else the market allows; nothing without
    /// a clean price. Complexity: about 100 valuations of the account.
    pub fn max_order(who: &SubAccount<T::AccountId>, market: MarketId, side: Side) -> Quantity {
        Self::find_max_order(&Self::load(who), market, side).unwrap_or(Quantity::ZERO)
    }

    fn find_max_order(account: &Account<T>, market: MarketId, side: Side) -> Option<Quantity> {
        let params = T::Registry::market(market)?;
        let price = T::Prices::price(params.index_asset).ok()?;
        let size = account.position(market).size;
        // What turns a position around closes it and opens as much as the cap allows.
        let most = params
            .max_open_interest
            .checked_add(size.quantity())?
            .0
            .checked_div(params.lot_size.0)?;
        let fits = |lots: u128| -> Option<()> {
            let quantity = Quantity(lots.checked_mul(params.lot_size.0)?);
            Self::try_order(account, market, side, quantity, price)
        };
        let (mut low, mut high) = (0u128, most);
        while low < high {
            let middle = high.checked_sub(low)?.div_ceil(2).checked_add(low)?;
            match fits(middle) {
                Some(()) => low = middle,
                None => high = middle.checked_sub(1)?,
            }
        }
        Some(Quantity(low.checked_mul(params.lot_size.0)?))
    }

    /// Whether margin would accept one more order.
    fn try_order(
        account: &Account<T>,
        market: MarketId,
        side: Side,
        quantity: Quantity,
        price: Price,
    ) -> Option<()> {
        let params = T::Registry::market(market)?;
        let (rounding, delta) = match side {
            Side::Bid => (Rounding::Up, quantity.long()?),
            Side::Ask => (Rounding::Down, quantity.short()?),
        };
        let mut after = account.clone();
        let mut position = after.position(market);
        let larger = Size(position.size.0.checked_add(delta.0)?)
            .quantity()
            .0
            .saturating_sub(position.size.quantity().0);
        let open = OpenInterests::<T>::get(market)
            .long
            .checked_add(Quantity(larger))?;
        if larger > 0 && open > params.max_open_interest {
            return None;
        }
        let order = OrderExposure {
            market,
            side,
            quantity,
            notional: notional(price, quantity, rounding).ok()?,
        };
        position.orders = crate::types::with_order(position.orders, &order)?;
        after.set_position(position).ok()?;
        if larger == 0 {
            return Some(());
        }
        crate::access::ensure_market_of::<T>(&after, market, &params).ok()?;
        // It may fill at once, and then pays the market's fee.
        let fee = fraction(order.notional, params.taker_fee, Rounding::Up).ok()?;
        after.add_balance(Usd::ZERO.checked_sub(fee)?).ok()?;
        let view = View::from(Purpose::Owner).with_interest(market, open);
        Self::ensure_initial_margin(&after, view).ok()
    }

    /// The most of an asset that may be withdrawn now, in base units; exact to the rounding of its
    /// value, on the safe side.
    pub fn max_withdrawal(who: &SubAccount<T::AccountId>, asset: AssetId) -> u128 {
        let account = Self::load(who);
        let leaves = Self::outflow_room(asset).map_or(0, |room| room.now);
        Self::candidates(&account, asset)
            .unwrap_or_default()
            .into_iter()
            .map(|amount| amount.min(leaves))
            .find(|amount| Self::may_withdraw(&account, asset, *amount))
            .unwrap_or(0)
    }

    /// Amounts that may be the largest, largest first.
    fn candidates(account: &Account<T>, asset: AssetId) -> Option<Vec<u128>> {
        let settlement = asset == T::Registry::settlement_asset();
        let held = if settlement {
            u128::try_from(account.balance.0).ok()?
        } else {
            account.collateral_of(asset)
        };
        let mut found = alloc::vec![held];
        let health = Self::value(account, Purpose::Owner).ok()?;
        let requirement = withdrawal_requirement(&health).ok()?;
        let room = health.initial_equity.checked_sub(requirement)?;
        let owed = Self::unsettled_funding(account).ok()?.max(Usd::ZERO);
        if settlement {
            let free = room.min(account.balance.checked_sub(owed)?);
            found.push(u128::try_from(free.0).ok()?.min(held));
            return Some(found);
        }
        let params = T::Registry::collateral(asset)?;
        // One unit less for the rounding of what stays.
        let room = u128::try_from(room.0.checked_sub(1)?).ok()?;
        let (low, _) = T::Prices::range(asset).ok()?;
        let factor = Self::initial_factor(account, asset, &params, &Purpose::Owner.into()).ok()?;
        let per_unit = u128::try_from(collateral_price(low, factor).ok()?).ok()?;
        let quantity = mul_div(room, USD_PER_QUANTITY, per_unit, Rounding::Down).ok()?;
        let one = scale_collateral(1, params.decimals).ok()?;
        let amount = quantity.checked_div(one.0.max(1))?.min(held);
        // What would be left as dust counts nothing.
        if !counts(&params, held.checked_sub(amount)?) {
            found.push(held.saturating_sub(params.min_deposit));
        }
        found.push(amount);
        Some(found)
    }

    fn may_withdraw(account: &Account<T>, asset: AssetId, amount: u128) -> bool {
        let mut left = account.clone();
        amount == 0
            || Self::debit(&mut left, asset, amount)
                .and_then(|()| Self::ensure_may_leave(&left))
                .is_ok()
    }
}
