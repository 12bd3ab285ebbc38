use super::status;
use crate::{mock::*, Event, Reference, References, Statuses, PRICE_WAIT};
use bulwark_primitives::{
    Incident, MarketId, MarketStatus, Price, PriceError, StatusReason, PRICE_SCALE,
};
use bulwark_traits::{
    mock::{market_params, Prices, Registry, INDEX, MARKET},
    MarketGuard,
};
use frame_support::assert_ok;

fn usd(whole: u128) -> Price {
    Price(whole * PRICE_SCALE)
}

fn reference() -> Reference {
    References::<Test>::get(MARKET).unwrap()
}

#[test]
fn market_should_be_active_without_storage_when_the_price_is_calm() {
    new_test_ext().execute_with(|| {
        hold(100, 60_000);
        hold(104, 60_000);
        hold(96, 60_000);
        assert_eq!(status(), MarketStatus::Active);
        assert_eq!(Statuses::<Test>::iter().count(), 0);
    });
}

#[test]
fn market_should_be_closed_when_it_is_unknown() {
    new_test_ext().execute_with(|| {
        assert_eq!(CircuitBreaker::status(MarketId(9)), MarketStatus::Closed);
        assert_eq!(CircuitBreaker::band(MarketId(9)), None);
    });
}

#[test]
fn band_should_be_around_the_reference_when_there_is_one() {
    new_test_ext().execute_with(|| {
        assert_eq!(CircuitBreaker::band(MARKET), Some((usd(95), usd(105))));
        Registry::insert_market(MarketId(2), market_params());
        assert_eq!(CircuitBreaker::band(MarketId(2)), None, "no reference yet");
        next_block();
        assert_eq!(CircuitBreaker::band(MarketId(2)), Some((usd(95), usd(105))));
        assert_eq!(
            CircuitBreaker::price_band(MARKET),
            CircuitBreaker::band(MARKET)
        );
    });
}

#[test]
fn reference_should_follow_the_price_as_a_five_minute_mean() {
    new_test_ext().execute_with(|| {
        Prices::set(INDEX, 103);
        next_block_after(100_000);
        assert_eq!(reference().mean, usd(101), "a third of the window");
        next_block_after(200_000);
        assert!(reference().mean > usd(102) && reference().mean < usd(103));
        next_block_after(300_000);
        assert_eq!(reference().mean, usd(103), "a whole window replaces it");
    });
}

#[test]
fn market_should_pause_when_the_price_stays_outside_for_15_seconds() {
    new_test_ext().execute_with(|| {
        hold(110, 16_000);
        assert_eq!(status(), MarketStatus::Active, "outside for 14 s");
        next_block();
        assert_eq!(status(), MarketStatus::Paused, "outside for 16 s");
        let record = CircuitBreaker::status_record(MARKET).unwrap();
        assert_eq!(record.reason, StatusReason::PriceBand);
        assert_eq!(record.until, Some(Now::get() + 300_000));
        System::assert_has_event(
            Event::MarketHalted {
                market: MARKET,
                status: MarketStatus::Paused,
                reason: StatusReason::PriceBand,
                until: record.until,
            }
            .into(),
        );
    });
}

#[test]
fn market_should_pause_when_the_price_falls_too() {
    new_test_ext().execute_with(|| {
        hold(90, 18_000);
        assert_eq!(status(), MarketStatus::Paused);
    });
}

#[test]
fn market_should_not_pause_when_the_price_comes_back_in_time() {
    new_test_ext().execute_with(|| {
        for _ in 0..5 {
            hold(106, 14_000);
            hold(100, 2_000);
        }
        assert_eq!(status(), MarketStatus::Active);
        assert_eq!(reference().outside_since, None);
    });
}

#[test]
fn market_should_reopen_and_stay_open_when_the_pause_ends_at_the_new_price() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        assert_eq!(status(), MarketStatus::Paused);
        hold(150, 298_000);
        assert_eq!(status(), MarketStatus::Paused);
        hold(150, 2_000);
        assert_eq!(status(), MarketStatus::Active);
        assert_eq!(reference(), Reference::new(usd(150), Now::get()));
        System::assert_has_event(
            Event::MarketResumed {
                market: MARKET,
                status: MarketStatus::Active,
            }
            .into(),
        );
        hold(150, 60_000);
        assert_eq!(status(), MarketStatus::Active);
        // And it is as watchful as before.
        hold(170, 18_000);
        assert_eq!(status(), MarketStatus::Paused);
    });
}

#[test]
fn pause_should_not_be_prolonged_when_the_price_goes_on_moving() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        let until = Statuses::<Test>::get(MARKET).unwrap().until;
        hold(200, 100_000);
        hold(50, 100_000);
        assert_eq!(Statuses::<Test>::get(MARKET).unwrap().until, until);
    });
}

#[test]
fn reference_should_keep_when_the_price_is_an_error() {
    new_test_ext().execute_with(|| {
        hold(110, 4_000);
        let before = reference();
        Prices::set_result(INDEX, Err(PriceError::Stale));
        for _ in 0..5 {
            next_block();
            assert_eq!(reference(), before);
        }
        // The time outside went on: nobody saw the price come back.
        Prices::set(INDEX, 110);
        next_block_after(4_000);
        assert_eq!(status(), MarketStatus::Paused);
    });
}

#[test]
fn market_should_reopen_with_its_old_band_when_the_pause_ends_without_a_price() {
    new_test_ext().execute_with(|| {
        hold(150, 18_000);
        let band = CircuitBreaker::band(MARKET).unwrap();
        Prices::set_result(INDEX, Err(PriceError::TooFewFeeds));
        next_block_after(300_000);
        assert_eq!(status(), MarketStatus::Paused, "it waits for a price");
        next_block_after(PRICE_WAIT);
        assert_eq!(status(), MarketStatus::Active);
        assert_eq!(CircuitBreaker::band(MARKET), Some(band));
        // The next clean price is the new reference, wherever it is.
        Prices::set(INDEX, 300);
        next_block();
        assert_eq!(reference(), Reference::new(usd(300), Now::get()));
        hold(300, 60_000);
        assert_eq!(status(), MarketStatus::Active);
    });
}

#[test]
fn reference_should_restart_when_there_was_no_price_for_a_window() {
    new_test_ext().execute_with(|| {
        Prices::set(INDEX, 200);
        next_block_after(300_000);
        assert_eq!(reference(), Reference::new(usd(200), Now::get()));
    });
}

#[test]
fn pause_should_give_the_halt_back_when_there_was_one_before() {
    new_test_ext().execute_with(|| {
        let halt = MarketStatus::ReduceOnly;
        assert_ok!(CircuitBreaker::halt_market(
            RuntimeOrigin::root(),
            MARKET,
            halt
        ));
        hold(150, 18_000);
        assert_eq!(status(), MarketStatus::Paused);
        hold(150, 300_000);
        assert_eq!(status(), MarketStatus::ReduceOnly);
        let record = Statuses::<Test>::get(MARKET).unwrap();
        assert_eq!(
            (record.reason, record.until),
            (StatusReason::Governance, None)
        );
        assert_eq!(
            record.since, START,
            "since it was halted, not since the pause ended"
        );
    });
}

#[test]
fn market_should_be_reduce_only_when_its_band_cannot_be_computed() {
    new_test_ext().execute_with(|| {
        let monster = Reference::new(Price(u128::MAX), Now::get());
        References::<Test>::insert(MARKET, monster);
        let mean = monster.mean;
        assert_eq!(CircuitBreaker::band(MARKET), Some((mean, mean)));
        next_block();
        assert_eq!(status(), MarketStatus::ReduceOnly);
        System::assert_has_event(
            Event::IncidentReported {
                market: MARKET,
                incident: Incident::MathFailure,
            }
            .into(),
        );
    });
}

#[test]
fn one_market_should_not_pause_another_when_its_price_jumps() {
    new_test_ext().execute_with(|| {
        let mut other = market_params();
        other.index_asset = INDEX + 1;
        Registry::insert_market(MarketId(2), other);
        Prices::set(INDEX + 1, 100);
        next_block();
        hold(150, 18_000);
        assert_eq!(status(), MarketStatus::Paused);
        assert_eq!(CircuitBreaker::status(MarketId(2)), MarketStatus::Active);
    });
}
