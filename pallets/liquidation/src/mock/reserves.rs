//! The mock's insurance fund: what it has in whole, told by whose money it is when that is switched on.

use super::{Usd, MARKET};
use bulwark_primitives::MarketId;
use bulwark_traits::{mock::Fund, LossFund, Reserves};
use frame_support::parameter_types;
use std::{cell::RefCell, collections::BTreeMap};

parameter_types! {
    /// Whether fees and stakers' money are told apart, and a market other than the first has a third of
    /// what there is.
    pub static Splitting: bool = false;
    /// Stakers' part of the fund.
    pub static Stakers: Usd = Usd::ZERO;
}

thread_local! {
    static FEES: RefCell<BTreeMap<MarketId, Usd>> = const { RefCell::new(BTreeMap::new()) };
}

/// [`LossFund`] over the number of [`Fund`].
pub struct Reserve;

impl Reserve {
    pub fn reset() {
        Splitting::set(false);
        Stakers::set(Usd::ZERO);
        FEES.with(|fees| fees.borrow_mut().clear());
    }

    /// Money of stakers comes in.
    pub fn stake(amount: Usd) {
        Fund::credit(amount);
        Stakers::mutate(|stakers| stakers.0 += amount.0);
    }
}

impl LossFund for Reserve {
    fn balance() -> Usd {
        Fund::balance()
    }

    fn available(market: MarketId) -> Reserves {
        let all = Fund::balance().0;
        if !Splitting::get() {
            return Reserves {
                own: Usd(all),
                ..Reserves::default()
            };
        }
        let of_market = |amount: i128| {
            if market == MARKET {
                amount
            } else {
                amount / 3
            }
        };
        let fees = FEES.with(|fees| fees.borrow().get(&market).copied().unwrap_or_default());
        let stakers = Stakers::get().0;
        let fees = fees.0.min(all - stakers);
        Reserves {
            fees: Usd(fees),
            own: Usd(of_market(all - stakers - fees)),
            stakers: Usd(of_market(stakers)),
        }
    }

    fn credit(amount: Usd) {
        Fund::credit(amount);
    }

    fn earmark(market: MarketId, amount: Usd) {
        FEES.with(|fees| fees.borrow_mut().entry(market).or_default().0 += amount.0);
    }

    fn draw(market: MarketId, amount: Usd) -> Usd {
        let reserves = Self::available(market);
        let paid = amount.min(reserves.total().unwrap()).max(Usd::ZERO);
        let parts = reserves.split(paid);
        FEES.with(|fees| fees.borrow_mut().entry(market).or_default().0 -= parts.fees.0);
        Stakers::mutate(|stakers| stakers.0 -= parts.stakers.0);
        assert_eq!(Fund::draw(market, paid), paid);
        paid
    }
}
