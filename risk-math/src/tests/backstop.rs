//! What the backstop vault takes, risks and sells at.

use super::{price, quantity, size};
use crate::{backstop::*, MathError, Rounding};
use bulwark_primitives::*;
use proptest::prelude::*;

fn room() -> Room {
    Room {
        loss: Usd::dollars(1_000),
        notional: Usd::dollars(50_000),
        margin: Rate::percent(10),
        premium: Rate::percent(1),
        ..Room::default()
    }
}

fn params() -> MarketParams {
    MarketParams {
        index_asset: 2,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 100),
        lot_size: Quantity(SIZE_SCALE / 10),
        min_order: quantity(2),
        initial_margin: Rate::percent(2),
        maintenance_margin: Rate::basis_points(120),
        maker_fee: Rate::ZERO,
        taker_fee: Rate::ZERO,
        liquidation_fee: Rate::ZERO,
        max_open_interest: Quantity::MAX,
        price_band: Rate::percent(5),
        margin_tiers: [MarginTier::UNUSED; 4],
        lower_open_interest: Quantity::MAX,
        funding: FundingParams {
            interest: Rate::ZERO,
            impact_notional: Usd::dollars(1_000),
        },
    }
}

fn health(equity: i64, margin: i64) -> Health {
    Health {
        equity: Usd::dollars(equity),
        maintenance_margin: Usd::dollars(margin),
        ..Health::default()
    }
}

#[test]
fn account_should_be_for_the_vault_when_it_is_under_two_thirds_of_maintenance() {
    assert_eq!(is_for_backstop(&health(200, 300)), Ok(false));
    assert_eq!(is_for_backstop(&health(199, 300)), Ok(true));
    assert_eq!(is_for_backstop(&health(-1, 300)), Ok(true));
    // Two thirds of nothing.
    assert_eq!(is_for_backstop(&health(-1, 0)), Ok(false));
    assert_eq!(is_for_backstop(&health(0, -1)), Err(MathError::Overflow));
}

#[test]
fn taken_should_be_what_margin_and_loss_leave() {
    let mark = price(100);
    // A unit needs 10 at mark and 11 at a dollar more.
    let (all, limit) = taken(&room(), size(50), price(101), mark).unwrap();
    assert_eq!((all, limit), (quantity(50), Limit::None));
    let (some, limit) = taken(&room(), size(500), price(101), mark).unwrap();
    assert_eq!((some.0 / SIZE_SCALE, limit), (90, Limit::Loss));
    let (none, limit) = taken(&room(), size(50), price(102), mark).unwrap();
    assert_eq!((none, limit), (Quantity::ZERO, Limit::Price));
    // A price under mark is worth nothing for this; it stays with the vault.
    let (some, _) = taken(&room(), size(500), price(90), mark).unwrap();
    assert_eq!(some.0 / SIZE_SCALE, 99);
    // Short, the same the other way round.
    let (some, _) = taken(&room(), size(-500), price(99), mark).unwrap();
    assert_eq!(some.0 / SIZE_SCALE, 90);
    let (none, _) = taken(&room(), size(-500), price(98), mark).unwrap();
    assert_eq!(none, Quantity::ZERO);
}

#[test]
fn taken_should_count_what_is_held_already() {
    let mark = price(100);
    let holds = Room {
        size: size(60),
        equity: Usd::dollars(600),
        loss: Usd::dollars(400),
        ..room()
    };
    let (some, _) = taken(&holds, size(500), mark, mark).unwrap();
    assert_eq!(some.0 / SIZE_SCALE, 39);
    // Half of its margin is lost: what is left to put in makes up for that first.
    let lost = Room {
        equity: Usd::dollars(300),
        ..holds
    };
    let (some, _) = taken(&lost, size(500), mark, mark).unwrap();
    assert_eq!(some.0 / SIZE_SCALE, 9);
    let capped = Room {
        notional: Usd::dollars(7_000),
        ..holds
    };
    let (some, limit) = taken(&capped, size(500), mark, mark).unwrap();
    assert_eq!((some, limit), (quantity(10), Limit::Notional));
}

#[test]
fn opposite_should_only_close_and_need_what_it_loses() {
    let mark = price(100);
    let holds = Room {
        size: size(-60),
        equity: Usd::dollars(100),
        loss: Usd::ZERO,
        ..room()
    };
    assert_eq!(
        taken(&holds, size(500), mark, mark),
        Ok((quantity(60), Limit::None))
    );
    assert_eq!(
        top_up(&holds, size(500), quantity(60), mark, mark),
        Ok(Usd::ZERO)
    );
    assert_eq!(
        taken(&holds, size(500), price(101), mark),
        Ok((Quantity::ZERO, Limit::Loss))
    );
    let cost = top_up(&holds, size(500), quantity(60), price(101), mark);
    assert_eq!(cost, Ok(Usd::dollars(60)));
}

#[test]
fn lots_should_leave_nothing_or_the_smallest_order() {
    let lots = |part: u128, whole: u128| {
        let tenth = SIZE_SCALE / 10;
        let lots = in_lots(
            Quantity(part * tenth + 1),
            Quantity(whole * tenth),
            &params(),
        );
        lots.unwrap().0 / tenth
    };
    assert_eq!(lots(33, 100), 33);
    assert_eq!(lots(85, 100), 80);
    assert_eq!(lots(100, 100), 100);
    assert_eq!(lots(19, 100), 0);
    assert_eq!(lots(25, 35), 0);
    let none = MarketParams {
        lot_size: Quantity::ZERO,
        ..params()
    };
    let lots = in_lots(quantity(3), quantity(9), &none);
    assert_eq!(lots, Err(MathError::DivisionByZero));
}

#[test]
fn unwinding_price_should_give_way_in_a_straight_line() {
    let patience = Patience {
        first: Rate::basis_points(10),
        last: Rate::percent(1),
        blocks: 90,
    };
    let most = Rate::percent(5);
    let tick = Price(PRICE_SCALE / 100);
    let at = |units: i128, age: u32| {
        let price = unwinding_price(size(units), price(100), age, &patience, most, tick);
        price.unwrap().0 / (PRICE_SCALE / 100)
    };
    assert_eq!(
        (at(1, 0), at(1, 45), at(1, 90), at(1, u32::MAX)),
        (9_990, 9_945, 9_900, 9_900)
    );
    assert_eq!(
        (at(-1, 0), at(-1, 45), at(-1, 90)),
        (10_010, 10_055, 10_100)
    );
    // Ticks and the most there may be are in favour of the vault.
    let tight = |units, tick| {
        unwinding_price(
            size(units),
            price(100),
            90,
            &patience,
            Rate::basis_points(55),
            Price(tick),
        )
    };
    assert_eq!(
        tight(1, PRICE_SCALE / 100),
        Ok(Price(9_945 * PRICE_SCALE / 100))
    );
    assert_eq!(tight(1, PRICE_SCALE), Ok(price(100)));
    assert_eq!(tight(-1, PRICE_SCALE), Ok(price(100)));
    assert_eq!(tight(1, 0), Err(MathError::DivisionByZero));
    let backward = Patience {
        first: Rate::ONE,
        ..patience
    };
    let price = unwinding_price(size(1), price(100), 9, &backward, most, tick);
    assert_eq!(price, Err(MathError::Overflow));
}

#[test]
fn unwinding_slice_should_come_to_an_end() {
    let slice = |tenths: i128| {
        let size = Size(tenths * SIZE_SCALE as i128 / 10);
        let slice = unwinding_slice(
            size,
            price(100),
            Rate::percent(5),
            Usd::dollars(400),
            &params(),
        );
        slice.unwrap().0 / (SIZE_SCALE / 10)
    };
    assert_eq!((slice(10_000), slice(-10_000)), (500, 500));
    assert_eq!(
        (slice(100), slice(61), slice(59), slice(3)),
        (40, 40, 59, 3)
    );
    assert_eq!(unwinding_side(size(1)), Side::Ask);
    assert_eq!(unwinding_side(size(-1)), Side::Bid);
}

#[test]
fn value_should_be_between_the_prices_and_never_below_nothing() {
    let range = (price(90), price(110));
    let value = |equity: i64, units: i128| {
        value_range(Usd::dollars(equity), size(units), price(100), range).unwrap()
    };
    let usd = Usd::dollars;
    assert_eq!(value(1_000, 20), (usd(800), usd(1_200)));
    assert_eq!(value(1_000, -20), (usd(800), usd(1_200)));
    assert_eq!(value(100, 20), (usd(0), usd(300)));
    assert_eq!(value(-300, 20), (usd(0), usd(0)));
    assert_eq!(value(500, 0), (usd(500), usd(500)));
}

#[test]
fn shares_should_be_worthless_under_a_millionth_of_their_price() {
    // A dollar's shares, and a million dollars'.
    let dollar = 1_000_000_000_000;
    assert!(are_worthless(Usd::ZERO, dollar));
    assert!(are_worthless(Usd(-1), 0));
    assert!(!are_worthless(Usd(1), dollar));
    assert!(are_worthless(Usd(999_999), 1_000_000 * dollar));
    assert!(!are_worthless(Usd(1_000_000), 1_000_000 * dollar));
}

proptest! {
    /// Whatever is taken, what is put in for it is within the room and leaves the account with its margin.
    #[test]
    fn top_up_should_fit_the_room_when_it_is_for_what_is_taken(
        held in -1_000_000i128..1_000_000,
        equity in 0i128..20_000_000_000,
        offered in -1_000_000i128..1_000_000,
        loss in 0i128..20_000_000_000,
        notional_cap in 0i128..200_000_000_000,
        cents in 1u128..1_000_000,
        move_points in -300i128..300,
        margin in 1u32..100,
    ) {
        let milli = SIZE_SCALE as i128 / 1_000;
        let room = Room {
            size: Size(held * milli),
            equity: Usd(equity),
            loss: Usd(loss),
            notional: Usd(notional_cap),
            margin: Rate::percent(margin),
            premium: Rate::percent(2),
        };
        let mark = Price(cents * PRICE_SCALE / 100);
        let price = Price((mark.0 as i128 + mark.0 as i128 / 10_000 * move_points) as u128);
        let offer = Size(offered * milli);
        let (part, limit) = taken(&room, offer, price, mark).unwrap();
        prop_assert!(part <= offer.quantity());
        prop_assert!(limit == Limit::None || part < offer.quantity());
        let put = top_up(&room, offer, part, price, mark).unwrap();
        if !part.is_zero() {
            prop_assert!(put <= room.loss, "{:?} {:?}", put, room);
        }
        let opposite = held.signum() * offered.signum() < 0;
        if !part.is_zero() && !opposite {
            let whole = Quantity(room.size.quantity().0 + part.0);
            let worth = crate::notional(mark, whole, Rounding::Up).unwrap();
            prop_assert!(worth <= room.notional);
            // What the account has afterwards, the worse price paid for.
            let paid = crate::notional(price, part, Rounding::Up).unwrap();
            let got = crate::notional(mark, part, Rounding::Down).unwrap();
            let lost = match offered > 0 {
                true => paid.0 - got.0,
                false => got.0 - paid.0,
            };
            let needed = crate::fraction(worth, room.margin, Rounding::Up).unwrap();
            prop_assert!(equity + put.0 - lost.max(0) >= needed.0);
        }
    }
}
