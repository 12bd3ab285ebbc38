use super::*;
use crate::oracle::*;
use crate::MathError;
use proptest::prelude::*;

const FIVE_MINUTES: u64 = 300_000;
const HOUR: u64 = 3_600_000;
const RULE: GapRule = GapRule {
    quorum: 30_000,
    blocks: 60_000,
    grace: 60_000,
};

/// 10^40: the reference computes with so many decimals.
fn one() -> BigInt {
    big(10).pow(40)
}

/// `e^(-elapsed / window)` with 40 decimals.
fn reference_decay(elapsed: u64, window: u64) -> BigInt {
    let x = one() * big(elapsed) / big(window);
    let (mut sum, mut term) = (one(), one());
    for k in 1..60 {
        term = term * &x / one() / k;
        sum += &term;
    }
    one() * one() / sum
}

/// The mean of [`twap`] with 40 decimals more than the price has.
fn reference_twap(mean: &BigInt, sample: Price, elapsed: u64, window: u64, limit: Rate) -> BigInt {
    let sample = big(sample.0) * one();
    if elapsed >= window {
        return sample;
    }
    let width = mean * big(limit.0) / big(RATE_SCALE);
    let input = sample.max(mean - &width).min(mean + &width);
    let kept = reference_decay(elapsed.min(MAX_HOLD), window);
    (mean * &kept + input * (one() - &kept)) / one()
}

#[test]
fn decay_should_be_within_its_bound_of_the_exact_one() {
    let scale = big(10).pow(22);
    for window in [8_000, FIVE_MINUTES, HOUR, 86_400_000] {
        for part in 0..=200 {
            let elapsed = window * part / 200;
            let exact = reference_decay(elapsed, window);
            let off = big(decay(elapsed, window).unwrap()) * &scale - exact;
            assert!(off <= big(50) * &scale, "{elapsed} of {window}: {off} high");
            assert!(off >= -scale.clone(), "{elapsed} of {window}: {off} low");
        }
    }
    assert_eq!(decay(2, 1), Err(MathError::Overflow));
    assert_eq!(decay(0, 0), Err(MathError::DivisionByZero));
}

#[test]
fn mean_should_not_take_an_outage_for_a_price() {
    let (hundred, two) = (price(100), price(200));
    let limit = Rate::percent(50);
    let held = twap(hundred, two, MAX_HOLD, FIVE_MINUTES, limit).unwrap();
    let silent = twap(hundred, two, FIVE_MINUTES - 1, FIVE_MINUTES, limit).unwrap();
    assert_eq!(held, silent, "what is beyond 30 s belongs to nobody");
    // After a whole window nothing is left of the old mean.
    assert_eq!(
        twap(hundred, two, FIVE_MINUTES, FIVE_MINUTES, limit),
        Ok(two)
    );
    assert_eq!(twap(hundred, two, 0, FIVE_MINUTES, limit), Ok(hundred));
}

#[test]
fn deviation_should_be_exact_at_its_limit_and_never_overflow() {
    for (tier, limit) in [(10, 110), (20, 120), (50, 150)] {
        let rate = Rate::percent(tier);
        assert!(!deviates(price(limit), price(100), rate));
        assert!(deviates(Price(price(limit).0 + 1), price(100), rate));
        assert!(!deviates(price(200 - limit), price(100), rate));
        assert!(deviates(Price(price(200 - limit).0 - 1), price(100), rate));
    }
    assert!(deviates(Price::MAX, Price(1), Rate(u64::MAX)));
    assert!(!deviates(Price(0), Price::MAX, Rate::ONE));
    assert!(deviates(Price(1), Price(0), Rate::MAX));
}

#[test]
fn slow_price_should_move_at_its_speed_and_slower_far_from_the_price_of_yesterday() {
    // One second: 0.03 %.
    let up = slow_step(price(100), price(200), price(100), 1_000);
    assert_eq!(up, Ok(Price(100_030_000_000_000_000_000)));
    let down = slow_step(price(100), price(1), price(100), 1_000).unwrap();
    assert_eq!(down.0 / 1_000_000_000_000, 99_970_008); // 100 / 1.0003
                                                        // Twice the price of yesterday, from either side: a quarter of the speed.
    for delayed in [50, 200] {
        let far = slow_step(price(100), price(400), price(delayed), 1_000);
        assert_eq!(far, Ok(Price(100_007_500_000_000_000_000)));
    }
    // Close by it is simply the sample; an outage gives no more than 30 s.
    assert_eq!(
        slow_step(price(10_000), price(10_001), price(10_000), 1_000),
        Ok(price(10_001))
    );
    assert_eq!(
        slow_step(price(100), price(200), price(100), HOUR),
        slow_step(price(100), price(200), price(100), MAX_HOLD)
    );
    assert_eq!(delayed_step(price(100), price(150)), Ok(price(106)));
    assert_eq!(delayed_step(price(106), price(10)), Ok(price(100)));
    assert_eq!(delayed_step(price(100), price(103)), Ok(price(103)));
}

#[test]
fn slow_price_should_need_a_day_to_believe_a_doubling() {
    // Twenty times the price for ten minutes, as in the attack on Mango: the slow price is up by less than 20 %.
    let mut slow = price(100);
    for _ in 0..300 {
        slow = slow_step(slow, price(2_000), price(100), 2_000).unwrap();
    }
    assert!(slow < price(120), "{slow:?}");
    assert!(slow > price(110), "{slow:?}");
}

#[test]
fn first_quorum_should_need_no_grace() {
    let first = Continuity::Never.next(true, 1_000_000, 0, &RULE);
    assert_eq!(first, Continuity::Held);
    assert_eq!(
        Continuity::Never.next(false, 9_000_000, 0, &RULE),
        Continuity::Never
    );
}

#[test]
fn grace_should_follow_when_the_quorum_was_missing_for_more_than_thirty_seconds() {
    for (silence, expected) in [
        (2_000, Continuity::Held),
        (30_000, Continuity::Held),
        (30_001, Continuity::Recovering(130_001)),
        (50_000, Continuity::Recovering(150_000)),
    ] {
        let lost = Continuity::Held.next(false, 100_500, 100_000, &RULE);
        assert_eq!(lost, Continuity::Lost(100_000));
        let now = 100_000 + silence;
        assert_eq!(lost.next(true, now, now - 1, &RULE), expected, "{silence}");
    }
    // Without a quorum it becomes an outage, which never ends by itself.
    let lost = Continuity::Lost(100_000);
    assert_eq!(lost.next(false, 130_000, 129_000, &RULE), lost);
    assert_eq!(
        lost.next(false, 130_001, 129_000, &RULE),
        Continuity::Outage
    );
    assert_eq!(
        Continuity::Outage.next(false, 130_002, 130_001, &RULE),
        Continuity::Outage
    );
}

#[test]
fn grace_should_follow_when_more_than_sixty_seconds_have_no_block() {
    let states = [
        Continuity::Held,
        Continuity::Lost(100_000),
        Continuity::Outage,
        Continuity::Recovering(90_000),
    ];
    for state in states {
        let now = 160_001;
        assert_eq!(
            state.next(true, now, 100_000, &RULE),
            Continuity::Recovering(now)
        );
        assert_eq!(
            state.next(false, now, 100_000, &RULE),
            Continuity::Outage,
            "{state:?}"
        );
    }
    assert_eq!(
        Continuity::Held.next(true, 160_000, 100_000, &RULE),
        Continuity::Held,
        "exactly sixty are none"
    );
    assert_eq!(
        Continuity::Held.next(false, 140_000, 100_000, &RULE),
        Continuity::Outage,
        "and forty are one when the quorum is gone after them"
    );
}

#[test]
fn grace_should_start_again_when_the_quorum_is_lost_in_it() {
    let back = Continuity::Outage.next(true, 200_000, 198_000, &RULE);
    assert_eq!(back, Continuity::Recovering(200_000));
    assert!(back.is_recovering());
    assert_eq!(back.next(true, 259_999, 258_000, &RULE), back);
    assert_eq!(back.next(true, 260_000, 258_000, &RULE), Continuity::Held);
    let again = back
        .next(false, 250_000, 248_000, &RULE)
        .next(true, 252_000, 250_000, &RULE);
    assert_eq!(again, Continuity::Recovering(252_000));
}

#[test]
fn feed_should_be_outside_only_beyond_the_band_and_its_floor() {
    let floor = Rate::basis_points(25);
    let (none, one) = (Rate::ZERO, Rate::percent(1));
    assert!(!outside(price(1_000), price(1_000), none, floor));
    assert!(!outside(
        Price(price(1_000).0 * 10_025 / 10_000),
        price(1_000),
        none,
        floor
    ));
    assert!(outside(
        Price(price(1_000).0 * 10_026 / 10_000),
        price(1_000),
        none,
        floor
    ));
    assert!(!outside(price(1_030), price(1_000), one, floor));
    assert!(outside(price(1_031), price(1_000), one, floor));
    assert!(!outside(price(970), price(1_000), one, floor));
    assert!(outside(price(969), price(1_000), one, floor));
    // Whoever disagrees without bound convicts nobody.
    assert!(!outside(price(1_000_000), price(1), Rate::MAX, floor));
}

#[test]
fn record_should_convict_on_the_last_of_too_many_bad_rounds() {
    let thresholds = Thresholds {
        window: 16,
        missed: 8,
        outside: 4,
    };
    let mut record = Record::default();
    for round in 1..=8 {
        assert_eq!(record.verdict(&thresholds), None, "{round}");
        record = record.after(true, false);
    }
    assert_eq!(record.verdict(&thresholds), Some(Offence::Missed));
    assert_eq!(record.counts(16), (8, 0));
    // A good round convicts nobody, however bad the window.
    assert_eq!(record.after(false, false).verdict(&thresholds), None);
    // Bad rounds fall out of the window.
    let mut rested = record;
    for _ in 0..15 {
        rested = rested.after(false, false);
    }
    assert_eq!((rested.honest, rested.counts(16)), (15, (1, 0)));
    assert_eq!(rested.after(true, false).verdict(&thresholds), None);

    let mut far = Record::default();
    for _ in 0..4 {
        far = far.after(true, true);
    }
    assert_eq!(far.verdict(&thresholds), Some(Offence::Outside));
    let convicted = far.convicted();
    assert_eq!(
        (convicted.offences, convicted.rounds, convicted.counts(64)),
        (1, 0, (0, 0))
    );
}

#[test]
fn record_should_know_no_more_than_sixty_four_rounds() {
    let mut record = Record::default();
    for _ in 0..100 {
        record = record.after(true, false);
    }
    assert_eq!((record.rounds, record.counts(64)), (64, (64, 0)));
    assert_eq!(record.counts(255), (64, 0));
    assert_eq!(record.counts(0), (0, 0));
    for _ in 0..70_000 {
        record = record.after(false, false);
    }
    assert_eq!((record.honest, record.counts(64)), (u16::MAX, (0, 0)));
}

fn any_price() -> impl Strategy<Value = Price> {
    (MIN_PRICE.0..=MAX_PRICE.0, 0u32..80).prop_map(|(p, s)| Price((p >> s).max(MIN_PRICE.0)))
}

fn limits() -> impl Strategy<Value = Rate> {
    prop_oneof![
        Just(Rate::percent(10)),
        Just(Rate::percent(20)),
        Just(Rate::percent(50))
    ]
}

proptest! {
    #[test]
    fn mean_should_move_by_less_than_its_clamp_and_toward_the_input(
        mean in any_price(), sample in any_price(), elapsed in 0..FIVE_MINUTES, limit in limits(),
    ) {
        let next = twap(mean, sample, elapsed, FIVE_MINUTES, limit).unwrap();
        let kept = decay(elapsed.min(MAX_HOLD), FIVE_MINUTES).unwrap();
        let widest = big(mean.0) * big(limit.0) * big(ONE - kept);
        let moved = big(next.0.abs_diff(mean.0)) - 1;
        prop_assert!(moved * big(RATE_SCALE) * big(ONE) <= widest);
        prop_assert!(mean.min(sample) <= next && next <= mean.max(sample));
    }

    #[test]
    fn mean_should_be_the_same_however_the_time_is_cut(
        mean in any_price(), sample in any_price(), cuts in prop::collection::vec(1u64..4_000, 1..16),
    ) {
        // Ends of the clamp move with the mean, so only inputs inside it are cut without a difference.
        let sample = Price(mean.0 + (sample.0 % (mean.0 / 10 + 1)) / 2);
        let total: u64 = cuts.iter().sum::<u64>().min(MAX_HOLD);
        prop_assume!(total == cuts.iter().sum::<u64>());
        let step = |mean, dt| twap(mean, sample, dt, FIVE_MINUTES, Rate::percent(10)).unwrap();
        let whole = step(mean, total);
        let parts = cuts.iter().fold(mean, |mean, dt| step(mean, *dt));
        let tolerance = mean.0 / 1_000_000_000_000_000 + cuts.len() as u128;
        prop_assert!(whole.0.abs_diff(parts.0) <= tolerance, "{whole:?} {parts:?}");
    }

    #[test]
    fn slow_price_should_never_outrun_its_speed_nor_overshoot(
        slow in any_price(), delayed in any_price(),
        path in prop::collection::vec((any_price(), 0u64..10_000), 1..60),
    ) {
        let (mut now, mut elapsed) = (slow, 0);
        for (sample, dt) in path {
            let next = slow_step(now, sample, delayed, dt).unwrap();
            prop_assert!(now.min(sample) <= next && next <= now.max(sample));
            now = next;
            elapsed += dt;
        }
        let factor = (0.000_000_3 * elapsed as f64).exp() * (1.0 + 1e-9);
        let units = 60.0;
        prop_assert!(now.0 as f64 <= slow.0 as f64 * factor + units);
        prop_assert!(now.0 as f64 + units >= slow.0 as f64 / factor);
    }

    #[test]
    fn slow_step_should_be_within_its_bound_of_the_exact_one(
        slow in any_price(), sample in any_price(), delayed in any_price(), dt in 0u64..=MAX_HOLD,
    ) {
        let step = big(slow_step(slow, sample, delayed, dt).unwrap().0);
        let (near, far) = (big(slow.0.min(delayed.0)), big(slow.0.max(delayed.0)));
        // growth = 3e-7 * dt * (near / far)^2, with 40 decimals.
        let growth = one() * big(3 * dt) * &near * &near / (big(10_000_000) * &far * &far);
        let (low, high) = (
            big(slow.0) * one() / (one() + &growth),
            big(slow.0) * (one() + &growth) / one(),
        );
        let exact = big(sample.0).max(low).min(high);
        let bound = big(slow.0) * 3 / big(ONE) + 2;
        let off = if exact > step { &exact - &step } else { &step - &exact };
        prop_assert!(off <= bound, "{step} {exact}");
    }

    #[test]
    fn prices_in_their_range_should_never_overflow(
        mean in any_price(), sample in any_price(), delayed in any_price(), dt in any::<u64>(),
        window in 1u64..86_400_000, limit in limits(),
    ) {
        prop_assert!(is_price(mean));
        prop_assert!(twap(mean, sample, dt, window, limit).is_ok());
        prop_assert!(slow_step(mean, sample, delayed, dt).is_ok());
        prop_assert!(delayed_step(mean, sample).is_ok());
    }

    #[test]
    fn price_should_be_held_only_a_grace_after_an_outage_and_always_after_a_good_minute(
        blocks in prop::collection::vec(
            (prop_oneof![12 => Just(2_000u64), 1 => 1u64..90_000], 0u8..20), 1..200,
        ),
    ) {
        let start = 1_000_000;
        let mut state = Continuity::Held;
        // Time and quorum of each block.
        let mut seen = vec![(start, true)];
        for (dt, luck) in blocks {
            let (before, _) = seen[seen.len() - 1];
            let (now, quorum) = (before + dt, luck > 0);
            state = state.next(quorum, now, before, &RULE);
            seen.push((now, quorum));
            if !quorum {
                prop_assert!(!state.is_recovering());
                continue;
            }
            prop_assert_eq!(state == Continuity::Held, !state.is_recovering());
            let quorums: Vec<usize> = (0..seen.len()).filter(|i| seen[*i].1).collect();
            let outage = quorums.windows(2).any(|pair| {
                let (a, b) = (pair[0], pair[1]);
                let jumped = seen[a..=b].windows(2).any(|w| w[1].0 - w[0].0 > RULE.blocks);
                let missing = b > a + 1 && seen[b].0 - seen[a].0 > RULE.quorum;
                (jumped || missing) && now - seen[b].0 < RULE.grace
            });
            if outage {
                prop_assert!(state.is_recovering(), "an outage ended less than a grace before {}", now);
            }
            // The run of blocks with a quorum and without a jump that ends here.
            let mut first = seen.len() - 1;
            while first > 0 && seen[first - 1].1 && seen[first].0 - seen[first - 1].0 <= RULE.blocks {
                first -= 1;
            }
            if now - seen[first].0 >= RULE.grace {
                prop_assert_eq!(state, Continuity::Held);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn mean_of_a_long_series_should_stay_within_its_bound_of_the_exact_one(
        start in any_price(), limit in limits(), long in any::<bool>(),
        path in prop::collection::vec((0.7f64..1.4, prop_oneof![9 => Just(2_000u64), 1 => 1u64..40_000]), 300),
    ) {
        let window = if long { HOUR } else { FIVE_MINUTES };
        let (mut mean, mut exact) = (start, big(start.0) * one());
        for (factor, dt) in path {
            let sample = Price(((mean.0 as f64 * factor) as u128).clamp(MIN_PRICE.0, MAX_PRICE.0));
            mean = twap(mean, sample, dt, window, limit).unwrap();
            exact = reference_twap(&exact, sample, dt, window, limit);
            let off = big(mean.0) * one() - &exact;
            let bound = &exact / big(10u64.pow(13)) + one() * 1_000;
            prop_assert!(off <= bound && off >= -bound, "{mean:?} {exact}");
        }
    }
}
