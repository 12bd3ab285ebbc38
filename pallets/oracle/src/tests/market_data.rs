//! The tenth of October 2025 as five feeders would have seen it, each at another exchange.
//!
//! Not every asset is recorded at five exchanges. Where it is not, a feeder follows one of them a minute
//! late: an honest venue that is slow. The table has the number of real ones.
//!
//! Reads recorded one-minute bars from `../shared/data/market` beside the repository. Without them the
//! test says so and does nothing.

use crate::mock::*;
use bulwark_primitives::{AssetId, Moment, Price, PriceError, Tier};
use bulwark_traits::PriceSource;
use frame_support::assert_ok;
use std::{collections::BTreeMap, fs, path::PathBuf};

/// From 20:30 to 22:30 UTC, in seconds.
const WINDOW: std::ops::Range<u64> = 1_760_128_200..1_760_135_400;
const ASSET: AssetId = 9;
/// Open, low, high and close of a minute, fifteen seconds each: the path is not known, its ends are.
const STEP: Moment = 15_000;

/// Prices of one venue, by the second at which it said them.
type Venue = BTreeMap<u64, Price>;

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/market");
    folder.is_dir().then_some(folder)
}

/// `123.456` as a price, exactly.
fn parse(text: &str) -> Price {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction:0<18}");
    Price(digits.parse().unwrap())
}

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = folder().unwrap().join(file);
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

/// Bars of so many seconds, each a quarter of them at its open, low, high and close.
fn bars(file: &str, seconds: u64) -> Venue {
    let mut venue = Venue::new();
    for row in rows(file) {
        let time: u64 = row[0].parse().unwrap();
        for (quarter, column) in (0..).zip([1, 3, 2, 4]) {
            venue.insert(time + seconds / 4 * quarter, parse(&row[column]));
        }
    }
    venue
}

fn minutes(file: &str) -> Venue {
    bars(file, 60)
}

/// A venue that is recorded block by block.
fn ticks(file: &str) -> Venue {
    rows(file)
        .iter()
        .map(|row| (row[0].parse().unwrap(), parse(&row[2])))
        .collect()
}

/// What a feeder there says at each quarter of a minute, `late` seconds after the fact. A ticker repeats
/// the last trade, however long ago it was, so it always answers.
fn ticker(venue: &Venue, late: u64) -> Venue {
    let last = |quarter: u64| venue.range(..quarter + 15 - late).next_back();
    WINDOW
        .step_by(15)
        .filter_map(|quarter| last(quarter).map(|(_, price)| (quarter, *price)))
        .collect()
}

/// A venue of which only the hour is recorded: it has the low of its hour in the minute in which its other
/// market had its own, and follows `another` venue a minute late the rest of the time.
fn hours(file: &str, other: &Venue, another: &Venue) -> Venue {
    let mut venue = ticker(another, 60);
    for row in rows(file) {
        let hour: u64 = row[0].parse().unwrap();
        let low = other
            .range(hour..hour + 3_600)
            .min_by_key(|(_, price)| **price);
        if let Some((time, _)) = low.filter(|(time, _)| WINDOW.contains(time)) {
            let minute = time / 60 * 60;
            venue.extend((0..4).map(|quarter| (minute + 15 * quarter, parse(&row[3]))));
        }
    }
    venue
}

/// Lowest and highest of some prices.
#[derive(Clone, Copy, Debug)]
struct Range {
    low: Price,
    high: Price,
}

impl Range {
    const NOTHING: Self = Self {
        low: Price(u128::MAX),
        high: Price(0),
    };

    fn add(&mut self, price: Price) {
        self.low = self.low.min(price);
        self.high = self.high.max(price);
    }

    fn of<'a>(venues: impl Iterator<Item = &'a Venue>) -> Self {
        let mut range = Self::NOTHING;
        for price in venues.flat_map(|venue| venue.values()) {
            range.add(*price);
        }
        range
    }

    fn at(venues: &[Venue], quarter: u64) -> Self {
        let mut range = Self::NOTHING;
        for venue in venues {
            range.add(venue[&quarter]);
        }
        range
    }

    fn text(&self) -> String {
        let usd = |price: Price| price.0 as f64 / usd(1).0 as f64;
        if self.low > self.high {
            return "-".into();
        }
        format!("{:.3}..{:.3}", usd(self.low), usd(self.high))
    }
}

/// What the chain made of it.
struct Outcome {
    /// Clean prices.
    clean: Range,
    /// Medians that only a reduction may use.
    median: Range,
    blocks: u32,
    /// Blocks with a quorum but without a clean price.
    unclean: u32,
    /// Blocks without a quorum.
    without: u32,
}

/// Plays what the venues said, one feeder for each, a block every fifteen seconds. However the others
/// lie, the median is never outside of what the calm ones said.
fn play(calm: &[Venue], wicks: &[Venue], tier: Tier) -> Outcome {
    let venues: Vec<&Venue> = calm.iter().chain(wicks).collect();
    let feeders = (1..=venues.len() as u8).map(feeder).collect();
    ext_with(feeders, 3).execute_with(|| {
        let root = RuntimeOrigin::root();
        assert_ok!(PriceOracle::add_asset(root, ASSET, tier, None, None));
        Now::set(WINDOW.start * 1_000);
        let mut outcome = Outcome {
            clean: Range::NOTHING,
            median: Range::NOTHING,
            blocks: 0,
            unclean: 0,
            without: 0,
        };
        for quarter in WINDOW.step_by(15) {
            for (who, venue) in (1u8..).zip(&venues) {
                feed_raw(who, ASSET, venue[&quarter]);
            }
            next_block_after(STEP);
            let snapshot = PriceOracle::snapshot(ASSET).unwrap();
            assert_eq!(snapshot.feeds, 5);
            let honest = Range::at(calm, quarter);
            let median = snapshot.median.expect("five feeders answer");
            assert!(
                honest.low <= median && median <= honest.high,
                "{quarter}: {median:?} outside of {honest:?}"
            );
            outcome.blocks += 1;
            match (snapshot.price, snapshot.median) {
                (Ok(price), _) => outcome.clean.add(price),
                (Err(_), Some(median)) => {
                    outcome.unclean += 1;
                    outcome.median.add(median);
                }
                (Err(_), None) => outcome.without += 1,
            }
            // Liquidation sees a clean price, or one about which feeders merely disagree.
            let closing = PriceOracle::price_for(ASSET, bulwark_primitives::Action::Liquidate);
            if snapshot.price != Err(PriceError::Uncertain) {
                assert_eq!(closing, snapshot.price);
            }
        }
        outcome
    })
}

/// One line of the table: five feeders.
struct Line {
    asset: &'static str,
    /// How many of the five are venues of their own, recorded and on time.
    venues: u32,
    /// Those that kept their heads, as feeders would have read them.
    calm: Vec<Venue>,
    /// Those with the wick.
    wicks: Vec<Venue>,
    tier: Tier,
}

/// Binance (coin-margined), Coinbase and Gemini by the minute, Binance spot by the hour. The fifth is
/// Coinbase, a minute late.
fn four(asset: &'static str) -> Line {
    let perp = minutes(&format!("binance_coinm_{asset}USD_1m_2025-10-10.csv"));
    let coinbase = minutes(&format!("coinbase_spot_{asset}USD_1m_2025-10-10.csv"));
    let gemini = minutes(&format!("gemini_spot_{asset}USD_1m_2025-10-10.csv"));
    let spot = format!("binance_spot_{asset}USDT_1h_2022-2025.csv");
    Line {
        asset,
        venues: 4,
        wicks: vec![ticker(&perp, 0), hours(&spot, &perp, &coinbase)],
        calm: vec![
            ticker(&coinbase, 0),
            ticker(&gemini, 0),
            ticker(&coinbase, 60),
        ],
        tier: Tier::C,
    }
}

/// Binance USD-margined by five minutes instead of the coin-margined market.
fn doge() -> Line {
    let perp = bars("binance_perp_DOGEUSDT_5m_2025-10.csv", 300);
    let coinbase = minutes("coinbase_spot_DOGEUSD_1m_2025-10-10.csv");
    let gemini = minutes("gemini_spot_DOGEUSD_1m_2025-10-10.csv");
    let spot = "binance_spot_DOGEUSDT_1h_2022-2025.csv";
    Line {
        asset: "DOGE",
        venues: 4,
        wicks: vec![ticker(&perp, 0), hours(spot, &perp, &coinbase)],
        calm: vec![
            ticker(&coinbase, 0),
            ticker(&gemini, 0),
            ticker(&coinbase, 60),
        ],
        tier: Tier::C,
    }
}

/// Three venues; Coinbase and Binance have a second feeder each, a minute late.
fn uni() -> Line {
    let perp = minutes("binance_coinm_UNIUSD_1m_2025-10-10.csv");
    let coinbase = minutes("coinbase_spot_UNIUSD_1m_2025-10-10.csv");
    let gemini = minutes("gemini_spot_UNIUSD_1m_2025-10-10.csv");
    Line {
        asset: "UNI",
        venues: 3,
        wicks: vec![ticker(&perp, 0), ticker(&perp, 60)],
        calm: vec![
            ticker(&coinbase, 0),
            ticker(&gemini, 0),
            ticker(&coinbase, 60),
        ],
        tier: Tier::C,
    }
}

/// Only two venues are recorded: three feeders read Uniswap, at once, a minute and two minutes late, two
/// read Binance, at once and a minute late.
fn usde() -> Line {
    let uniswap = ticks("uniswap_USDE_USDT_blocks_2025-10-10.csv");
    let binance = minutes("binance_spot_USDEUSDT_1m_2025-10.csv");
    Line {
        asset: "USDe",
        venues: 2,
        wicks: vec![ticker(&binance, 0), ticker(&binance, 60)],
        calm: [0, 60, 120].map(|late| ticker(&uniswap, late)).into(),
        tier: Tier::A,
    }
}

/// Five series, none with a wick: Gemini, Binance spot (the low of the hour, else Gemini a minute late),
/// its coin-margined index or mark price, its USD-margined perpetual, and the mark price of that.
fn btc() -> Line {
    let gemini = minutes("gemini_spot_BTCUSD_1m_2025-10-10.csv");
    let perp = bars("binance_perp_BTCUSDT_5m_2025-10.csv", 300);
    let spot = "binance_spot_BTCUSDT_1h_2022-2025.csv";
    Line {
        asset: "BTC",
        venues: 5,
        wicks: vec![],
        calm: vec![
            ticker(&gemini, 0),
            hours(spot, &perp, &gemini),
            ticker(
                &minutes("binance_coinm_BTCUSD_nonlast_1m_2025-10-10.csv"),
                0,
            ),
            ticker(&perp, 0),
            ticker(&bars("binance_perp_BTCUSDT_mark_5m_2025-10.csv", 300), 0),
        ],
        tier: Tier::A,
    }
}

#[test]
fn wick_of_one_exchange_should_never_be_the_price_when_three_venues_answer() {
    if folder().is_none() {
        eprintln!(
            "skipped: no recorded market data in ../shared/data/market beside the repository"
        );
        return;
    }
    println!(
        "{:6}{:>7}{:>24}{:>24}{:>24}{:>24}{:>8}{:>9}{:>9}",
        "asset",
        "venues",
        "all venues",
        "calm venues",
        "clean price",
        "median under error",
        "blocks",
        "unclean",
        "without"
    );
    for line in [four("DOT"), four("AVAX"), doge(), uni(), usde(), btc()] {
        let outcome = play(&line.calm, &line.wicks, line.tier);
        let all = Range::of(line.calm.iter().chain(&line.wicks));
        let calm = Range::of(line.calm.iter());
        println!(
            "{:6}{:>7}{:>24}{:>24}{:>24}{:>24}{:>8}{:>9}{:>9}",
            line.asset,
            line.venues,
            all.text(),
            calm.text(),
            outcome.clean.text(),
            outcome.median.text(),
            outcome.blocks,
            outcome.unclean,
            outcome.without,
        );
        let wick = line.wicks.is_empty() || all.low.0 < calm.low.0 / 10 * 9;
        assert!(wick, "{}: no wick", line.asset);
        for price in [outcome.clean, outcome.median] {
            assert!(price.low >= calm.low, "{}: {price:?}", line.asset);
            assert!(price.high <= calm.high, "{}: {price:?}", line.asset);
        }
        assert!(
            outcome.clean.low <= outcome.clean.high,
            "{}: never a price",
            line.asset
        );
        assert_eq!(outcome.without, 0);
    }
}
