//! What the losses of one market may take, by its tier.

use crate::mock::*;
use bulwark_primitives::{MarketId, Usd};
use bulwark_traits::{LossFund, Reserves};
use frame_support::assert_ok;

const A: MarketId = MarketId(1);
const B: MarketId = MarketId(2);
const C: MarketId = MarketId(3);
const ISOLATED: MarketId = MarketId(4);

fn usd(dollars: i64) -> Usd {
    Usd::dollars(dollars)
}

#[test]
fn market_should_take_no_more_than_the_share_of_its_tier() {
    for (market, most) in [
        (A, 1_000),
        (B, 200),
        (C, 50),
        (ISOLATED, 0),
        (MarketId(9), 0),
        (MarketId::LOANS, 1_000),
    ] {
        new_test_ext(usd(1_000)).execute_with(|| {
            assert_eq!(Insurance::available(market).total(), Some(usd(most)));
            assert_eq!(Insurance::draw(market, usd(5_000)), usd(most));
            // Nor by asking twice.
            assert_eq!(Insurance::draw(market, usd(5_000)), Usd::ZERO);
            assert_ok!(Insurance::do_try_state());
        });
    }
}

#[test]
fn share_should_be_of_what_there_was_before_the_market_took_any() {
    new_test_ext(usd(1_000)).execute_with(|| {
        for _ in 0..4 {
            assert_eq!(Insurance::draw(B, usd(50)), usd(50));
        }
        assert_eq!(Insurance::draw(B, usd(50)), Usd::ZERO);
        // Income makes it more, other losses less.
        Insurance::credit(usd(500));
        assert_eq!(Insurance::available(B).own, usd(100));
        assert_eq!(Insurance::draw(A, usd(1_000)), usd(1_000));
        assert_eq!(Insurance::available(B).own, Usd::ZERO);
    });
}

#[test]
fn share_should_be_free_again_when_the_window_is_over() {
    new_test_ext(usd(1_000)).execute_with(|| {
        assert_eq!(Insurance::draw(B, usd(500)), usd(200));
        System::set_block_number(100);
        assert_eq!(Insurance::draw(B, usd(500)), Usd::ZERO);
        System::set_block_number(101);
        assert_eq!(Insurance::draw(B, usd(500)), usd(160));
    });
}

#[test]
fn fees_of_a_market_should_pay_first_and_beyond_its_share() {
    new_test_ext(usd(1_000)).execute_with(|| {
        Insurance::credit(usd(100));
        Insurance::earmark(ISOLATED, usd(100));
        Insurance::earmark(ISOLATED, Usd(-5));
        let reserves = Reserves {
            fees: usd(100),
            ..Reserves::default()
        };
        assert_eq!(Insurance::available(ISOLATED), reserves);
        assert_eq!(Insurance::draw(ISOLATED, usd(60)), usd(60));
        assert_eq!(Insurance::draw(ISOLATED, usd(60)), usd(40));
        Insurance::earmark(B, usd(100));
        assert_eq!(Insurance::draw(B, usd(1_000)), usd(280));
        // What is earmarked and not there any more pays nothing.
        Insurance::earmark(C, usd(10));
        assert_eq!(Insurance::draw(A, usd(1_000)), usd(720));
        assert_eq!(Insurance::available(C).total(), Some(Usd::ZERO));
        assert_ok!(Insurance::do_try_state());
    });
}
