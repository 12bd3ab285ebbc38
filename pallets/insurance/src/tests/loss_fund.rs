//! The fund as other pallets use it.

use crate::{mock::*, Event};
use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::LossFund;
use frame_support::assert_ok;

const MARKET: MarketId = MarketId(1);

#[test]
fn draw_should_pay_all_when_the_fund_has_it() {
    new_test_ext(Usd::dollars(10)).execute_with(|| {
        assert_eq!(Insurance::draw(MARKET, Usd::dollars(4)), Usd::dollars(4));
        assert_eq!(
            Insurance::fund(),
            (Usd::dollars(6), Usd::dollars(10), Usd::dollars(4))
        );
        System::assert_last_event(
            Event::Drawn {
                market: MARKET,
                asked: Usd::dollars(4),
                paid: Usd::dollars(4),
                balance: Usd::dollars(6),
            }
            .into(),
        );
        assert_ok!(Insurance::do_try_state());
    });
}

#[test]
fn draw_should_pay_what_is_left_when_asked_for_more() {
    new_test_ext(Usd::dollars(10)).execute_with(|| {
        assert_eq!(Insurance::draw(MARKET, Usd::MAX), Usd::dollars(10));
        assert_eq!(Insurance::draw(MARKET, Usd(1)), Usd::ZERO);
        assert_eq!(<Insurance as LossFund>::balance(), Usd::ZERO);
        assert_ok!(Insurance::do_try_state());
    });
}

#[test]
fn fund_should_not_change_when_amounts_are_negative() {
    new_test_ext(Usd::dollars(10)).execute_with(|| {
        Insurance::credit(Usd(-5));
        Insurance::credit(Usd::ZERO);
        assert_eq!(Insurance::draw(MARKET, Usd(-5)), Usd::ZERO);
        assert_eq!(<Insurance as LossFund>::balance(), Usd::dollars(10));
        assert!(System::events().is_empty());
    });
}

#[test]
fn credit_should_change_nothing_when_it_does_not_fit() {
    new_test_ext(Usd::dollars(10)).execute_with(|| {
        Insurance::credit(Usd::MAX);
        assert_eq!(<Insurance as LossFund>::balance(), Usd::dollars(10));
        Insurance::credit(Usd(3));
        assert_eq!(<Insurance as LossFund>::balance(), Usd(10_000_003));
        assert_ok!(Insurance::do_try_state());
    });
}
