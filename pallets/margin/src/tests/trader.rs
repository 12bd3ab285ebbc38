//! Rebates, and accounts as the order book limits, charges and funds them.

use crate::{mock::*, Error, Event, Pallet};
use bulwark_primitives::{FillFees, FillKind, MakerFee, PriceError, Rate, Side, Usd};
use bulwark_traits::{FillError, LossFund, OrderMargin, TraderAccount};
use frame_support::{assert_noop, assert_ok};

type Trader = Pallet<Test>;

fn settle(fees: FillFees, kind: FillKind) -> Result<(), FillError> {
    let mut fill = fill_of(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
    fill.fees = fees;
    fill.kind = kind;
    assert_ok!(Margin::open_order(&fill.maker, &fill.maker_exposure));
    Margin::settle(&fill).inspect(|()| Margin::settled(&fill.taker))
}

#[test]
fn maker_should_be_paid_a_rebate_out_of_the_takers_fee() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 100);
        let fees = FillFees {
            // A tenth of a base unit less than 0.2 USD, and as much more than 0.5.
            maker: MakerFee::Gets(Rate(199_999)),
            taker: Rate(500_001),
        };
        assert_ok!(settle(fees, FillKind::Trade));
        // Rebates round down, fees up.
        assert_eq!(state(BOB).0, Usd(100_199_999));
        assert_eq!(state(ALICE).0, Usd(99_499_999));
        assert_eq!(Fund::balance(), Usd(FUND.0 + 300_002));
        System::assert_has_event(
            Event::FeePaid {
                account: sub(BOB),
                market: MARKET,
                amount: Usd(-199_999),
            }
            .into(),
        );
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn fill_should_be_refused_when_the_rebate_is_above_the_fee() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 100);
        let fees = FillFees {
            maker: MakerFee::Gets(Rate::basis_points(6)),
            taker: Rate::basis_points(5),
        };
        let refused = FillError::Taker(Error::<Test>::RebateExceedsFee.into());
        assert_eq!(settle(fees, FillKind::Trade), Err(refused));
        assert_eq!(state(BOB).0, Usd::dollars(100));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn charge_should_take_what_is_there_to_the_fund() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 1);
        let charge = |usd| Trader::charge(&sub(ALICE), usd);
        assert_eq!(charge(Usd(400_000)), Usd(400_000));
        assert_eq!(charge(Usd(-5)), Usd::ZERO);
        assert_eq!(charge(Usd::dollars(3)), Usd(600_000));
        assert_eq!(charge(Usd::dollars(3)), Usd::ZERO);
        assert_eq!(Fund::balance(), Usd(FUND.0 + 1_000_000));
        assert_ok!(Margin::do_try_state());
    });
}

#[test]
fn equity_should_be_unknown_when_a_price_is_missing() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        fund(BOB, 100);
        assert_eq!(Trader::equity(&sub(ALICE)), Some(Usd::dollars(100)));
        trade(BOB, ALICE, Side::Bid, milli(10_000), usd(100));
        Prices::set(INDEX, 101);
        assert_eq!(Trader::equity(&sub(ALICE)), Some(Usd::dollars(110)));
        Prices::set_result(INDEX, Err(PriceError::Stale));
        assert_eq!(Trader::equity(&sub(ALICE)), None);
    });
}

#[test]
fn recorded_orders_should_owe_the_check_that_an_opened_one_has_had() {
    new_test_ext().execute_with(|| {
        fund(ALICE, 100);
        assert_eq!(Trader::holdings(&sub(ALICE)), (0, 6));
        // 5 % of 1,500 USD, and then of 3,000.
        let order = fill_of(ALICE, BOB, Side::Ask, milli(15_000), usd(100)).maker_exposure;
        assert_eq!(Margin::record_order(&sub(ALICE), &order), Ok(true));
        assert_ok!(Margin::check_orders(&sub(ALICE)));
        assert_noop!(
            Margin::open_order(&sub(ALICE), &order),
            Error::<Test>::InsufficientMargin
        );
        assert_eq!(Margin::record_order(&sub(ALICE), &order), Ok(true));
        assert_noop!(
            Margin::check_orders(&sub(ALICE)),
            Error::<Test>::InsufficientMargin
        );
        assert_eq!(Trader::holdings(&sub(ALICE)), (1, 6));
    });
}
