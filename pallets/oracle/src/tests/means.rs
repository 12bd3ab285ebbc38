use crate::{mock::*, Event, History, HourBar, Hours, Means, Snapshot, Tracks, HISTORY, HOUR};
use bulwark_primitives::{Action, Moment, Price, PriceError, Rate, PRICE_SCALE};
use bulwark_risk_math::bounds;
use bulwark_traits::PriceSource;

fn means() -> Means {
    PriceOracle::means(BTC).unwrap()
}

/// Hundredths of a USD.
fn cents(cents: u128) -> Price {
    Price(cents * PRICE_SCALE / 100)
}

/// A second after the chain's first price of 100 USD, which is given at a full hour.
fn settled() -> sp_io::TestExternalities {
    let mut ext = new_test_ext();
    ext.execute_with(|| {
        Now::set(START - START % HOUR - 2_000);
        fed_blocks(1, 100);
    });
    ext
}

#[test]
fn means_should_begin_with_the_first_price_and_not_before() {
    new_test_ext().execute_with(|| {
        next_block();
        assert_eq!(PriceOracle::means(BTC), None);
        fed_blocks(1, 100);
        let means = means();
        let hundred = usd(100);
        assert_eq!((means.short, means.long), (hundred, hundred));
        assert_eq!((means.slow, means.delayed), (hundred, hundred));
        assert_eq!(means.at, Now::get());
        assert_eq!(Hours::<Test>::get(BTC).delays.to_vec(), vec![hundred]);
    });
}

#[test]
fn price_should_be_deviating_until_the_mean_has_followed_when_it_jumps() {
    settled().execute_with(|| {
        fed_blocks(1, 110);
        assert_eq!(PriceOracle::price(BTC), Ok(usd(110)), "exactly 10 %");
        fed_blocks(60, 100);
        let jump = Now::get();
        let mut clean = None;
        for _ in 0..60 {
            let mean = means().short;
            fed_blocks(1, 112);
            match PriceOracle::price(BTC) {
                Ok(price) => {
                    assert_eq!(price, usd(112));
                    clean = clean.or(Some(Now::get() - jump));
                }
                Err(error) => {
                    assert_eq!(error, PriceError::Deviating);
                    assert_eq!(clean, None, "clean and then again not");
                    let closing = PriceOracle::price_for(BTC, Action::Liquidate);
                    let (_, most) = bounds(mean, Rate::percent(10)).unwrap();
                    assert!(most < usd(112), "{most:?}");
                    assert_eq!(closing, Ok(most), "as much as is believed");
                    assert_eq!(PriceOracle::price_for(BTC, Action::Reduce), Ok(usd(112)));
                    assert_eq!(PriceOracle::range(BTC), Err(PriceError::Deviating));
                    // The slow price has hardly moved, and what is told lies beyond what is believed.
                    let range = PriceOracle::range_for(BTC, Action::Liquidate);
                    assert_eq!(range, Ok((means().slow, usd(112))));
                    assert!(means().slow < most);
                    let opening = PriceOracle::range_for(BTC, Action::Open);
                    assert_eq!(opening, Err(PriceError::Deviating));
                }
            }
        }
        // The mean has to come from 100.1 to 101.8, at 10 % in five minutes: about 52 s.
        let clean = clean.expect("the mean follows");
        assert!((45_000..=60_000).contains(&clean), "{clean}");
    });
}

#[test]
fn jump_should_be_as_large_as_the_tier_allows_when_it_is_clean() {
    // ETH is of tier C.
    for (to, clean) in [(150, true), (151, false), (50, true), (49, false)] {
        new_test_ext().execute_with(|| {
            everybody(ETH, 100);
            next_block();
            everybody(ETH, to);
            next_block();
            let expected = if clean {
                Ok(usd(to))
            } else {
                Err(PriceError::Deviating)
            };
            assert_eq!(PriceOracle::price(ETH), expected, "{to}");
        });
    }
}

#[test]
fn mean_should_move_by_its_clamp_at_most_when_a_price_is_absurd() {
    settled().execute_with(|| {
        fed_blocks(1, 1_000_000_000);
        // 10 % for 2 s of 5 min.
        let short = means().short;
        assert!(short > usd(100) && short < cents(10_007), "{short:?}");
        fed_blocks(150, 1_000_000_000);
        // For five minutes: e^0.1 and no more.
        assert!(means().short < cents(11_060), "{:?}", means().short);
        assert!(means().long < cents(10_100), "{:?}", means().long);
    });
}

#[test]
fn means_should_be_the_same_when_the_same_time_has_few_or_many_blocks() {
    let after = |steps: Vec<Moment>| {
        settled().execute_with(|| {
            for dt in steps {
                everybody(BTC, 105);
                next_block_after(dt);
            }
            means()
        })
    };
    let even = after(vec![2_000; 10]);
    for steps in [vec![10_000; 2], vec![1_000; 20], vec![1_000, 15_000, 4_000]] {
        let other = after(steps.clone());
        assert_eq!(even.at, other.at);
        for (a, b) in [(even.short, other.short), (even.long, other.long)] {
            assert!(a.0.abs_diff(b.0) < 10_000, "{steps:?}: {a:?} {b:?}");
        }
        // The slow price compounds 0.03 % a second: cut differently, it differs by 0.001 %.
        assert!(even.slow.0.abs_diff(other.slow.0) < PRICE_SCALE / 500);
    }
}

#[test]
fn initial_margin_should_see_the_worse_of_price_and_slow_price() {
    settled().execute_with(|| {
        fed_blocks(1, 105);
        assert_eq!(means().slow, cents(10_006), "0.06 % in two seconds");
        assert_eq!(PriceOracle::range(BTC), Ok((cents(10_006), usd(105))));
        assert_eq!(PriceOracle::price_range(BTC), Ok((cents(10_006), usd(105))));
        fed_blocks(1, 95);
        let (low, high) = PriceOracle::range(BTC).unwrap();
        assert_eq!((low, high), (usd(95), means().slow));
        assert_eq!(PriceOracle::range(SETTLEMENT), Ok((usd(1), usd(1))));
        assert_eq!(PriceOracle::range(99), Err(PriceError::Halted));
        // It arrives where the price stays.
        fed_blocks(120, 95);
        assert_eq!(PriceOracle::range(BTC), Ok((usd(95), usd(95))));
    });
}

#[test]
fn nothing_should_move_when_there_is_no_quorum() {
    settled().execute_with(|| {
        let before = means();
        next_block_after(70_000);
        feed(1, BTC, 900);
        next_block();
        assert_eq!(PriceOracle::price(BTC), Err(PriceError::TooFewFeeds));
        assert_eq!(means(), before);
    });
}

#[test]
fn hour_should_be_handed_over_when_it_ends() {
    settled().execute_with(|| {
        let start = Now::get();
        for price in [103, 99, 101] {
            fed_blocks(1, price);
        }
        let bar = HourBar {
            start,
            open: usd(100),
            high: usd(103),
            low: usd(99),
            close: usd(101),
        };
        assert_eq!(means().hour, bar);
        assert_eq!(closed_hours(), vec![]);
        Now::set(start + HOUR - 30_000);
        fed_blocks(14, 102);
        assert_eq!(closed_hours(), vec![]);
        fed_blocks(1, 107);
        let bar = HourBar {
            close: usd(102),
            ..bar
        };
        assert_eq!(closed_hours(), vec![(BTC, bar)]);
        System::assert_has_event(Event::HourClosed { asset: BTC, bar }.into());
        let next = means().hour;
        assert_eq!((next.start, next.open), (start + HOUR, usd(107)));
        // The hour's long mean is the next delayed price.
        let delays = Hours::<Test>::get(BTC).delays;
        assert_eq!(delays.len(), 2);
        assert!(delays[1] > usd(100) && delays[1] < usd(102));
        assert_eq!(means().delayed, usd(100));
    });
}

#[test]
fn hours_without_a_price_should_repeat_the_last_one_and_tell_nobody() {
    settled().execute_with(|| {
        let start = Now::get();
        fed_blocks(1, 110);
        Now::set(start + 5 * HOUR - 2_000);
        fed_blocks(1, 130);
        assert_eq!(closed_hours().len(), 1);
        let delays = Hours::<Test>::get(BTC).delays;
        assert_eq!(delays.len(), 6);
        assert!(delays[1] > usd(100) && delays[1] < usd(101));
        assert!(delays.iter().skip(1).all(|price| *price == delays[1]));
        // After a day the oldest is out, however long it was.
        Now::set(start + 500 * HOUR - 2_000);
        fed_blocks(1, 130);
        let delays = Hours::<Test>::get(BTC).delays;
        assert_eq!(delays.len(), 24);
        assert!(delays.iter().all(|price| *price == delays[0]));
        assert_eq!(means().delayed, delays[0]);
        // 130 is more than 6 % from it.
        assert!(delays[0] < usd(107), "{:?}", delays[0]);
    });
}

#[test]
fn history_should_hold_the_last_256_snapshots_newest_first() {
    settled().execute_with(|| {
        let mut expected: Vec<Snapshot> = vec![PriceOracle::snapshot(BTC).unwrap()];
        for block in 0..300u32 {
            // Every fortieth block nobody is there: history holds the errors too.
            if block % 40 == 39 {
                next_block_after(70_000);
            } else {
                fed_blocks(1, 100 + u128::from(block % 3));
            }
            expected.push(PriceOracle::snapshot(BTC).unwrap());
            if block == 10 {
                expected.reverse();
                assert_eq!(PriceOracle::history(BTC, 1_000), expected);
                expected.reverse();
            }
        }
        expected.reverse();
        expected.truncate(HISTORY as usize);
        assert_eq!(PriceOracle::history(BTC, u32::MAX), expected);
        assert_eq!(PriceOracle::history(BTC, 3), expected[..3]);
        assert_eq!(PriceOracle::history(BTC, 0), vec![]);
        assert_eq!(PriceOracle::history(99, 5), vec![]);
        assert!(expected.iter().any(|snapshot| snapshot.price.is_err()));
        assert_eq!(Tracks::<Test>::get(BTC).next, (301 % 256) as u8);
        // What an asset costs does not grow with its history.
        let places = History::<Test>::iter_prefix(BTC).count();
        assert_eq!(places as u32, HISTORY);
    });
}
