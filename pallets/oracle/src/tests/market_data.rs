//! The tenth of October 2025 as five feeders would have seen it, each at another exchange.
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

/// Prices of one venue: what it says at each quarter of a minute in which it traded.
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

/// Bars of one minute.
fn minutes(file: &str) -> Venue {
    let mut venue = Venue::new();
    for row in rows(file) {
        let time: u64 = row[0].parse().unwrap();
        if WINDOW.contains(&time) {
            for (quarter, column) in [1, 3, 2, 4].into_iter().enumerate() {
                venue.insert(time + 15 * quarter as u64, parse(&row[column]));
            }
        }
    }
    venue
}

/// A venue of which only the hour is recorded: silent but for the minute in which its other market had
/// its low. There it says its own.
fn hours(file: &str, other: &Venue) -> Venue {
    let mut venue = Venue::new();
    for row in rows(file) {
        let hour: u64 = row[0].parse().unwrap();
        let low = other
            .range(hour..hour + 3_600)
            .min_by_key(|(_, price)| **price);
        if let Some((time, _)) = low.filter(|_| WINDOW.contains(&hour)) {
            let minute = time / 60 * 60;
            venue.extend((0..4).map(|quarter| (minute + 15 * quarter, parse(&row[3]))));
        }
    }
    venue
}

/// A venue that is recorded block by block, read `late` seconds after the fact.
fn ticks(file: &str, late: u64) -> Venue {
    rows(file)
        .iter()
        .map(|row| {
            let time: u64 = row[0].parse().unwrap();
            (time + late, parse(&row[2]))
        })
        .filter(|(time, _)| WINDOW.contains(time))
        .collect()
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

    fn of(venues: &[&Venue]) -> Self {
        let mut range = Self::NOTHING;
        for price in venues.iter().flat_map(|venue| venue.values()) {
            range.add(*price);
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
    /// Feeders left at the end.
    feeders: usize,
}

/// Plays what the venues said, one feeder for each, a block every fifteen seconds.
fn play(venues: &[&Venue], tier: Tier, quorum: u32) -> Outcome {
    let feeders = (1..=venues.len() as u8).map(feeder).collect();
    ext_with(feeders, quorum).execute_with(|| {
        let root = RuntimeOrigin::root();
        // A trade of the last two minutes is what an exchange with little trade can say.
        let age = Some(120_000);
        assert_ok!(PriceOracle::add_asset(root, ASSET, tier, age, None));
        Now::set(WINDOW.start * 1_000);
        let mut outcome = Outcome {
            clean: Range::NOTHING,
            median: Range::NOTHING,
            blocks: 0,
            unclean: 0,
            without: 0,
            feeders: 0,
        };
        for quarter in WINDOW.step_by(15) {
            for (who, venue) in (1u8..).zip(venues) {
                // What the venue said since the block before; nothing is a missing feed.
                let said = venue.range(quarter..quarter + 15).next_back();
                if let Some((_, price)) = said {
                    feed_raw(who, ASSET, *price);
                }
            }
            next_block_after(STEP);
            let snapshot = PriceOracle::snapshot(ASSET).unwrap();
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
        outcome.feeders = crate::Feeders::<Test>::get().len();
        outcome
    })
}

/// One line of the table.
struct Line {
    asset: &'static str,
    /// Where the wick was.
    wicks: Vec<Venue>,
    /// The venues that kept their heads.
    calm: Vec<Venue>,
    tier: Tier,
}

impl Line {
    fn run(&self) -> (Range, Range, Outcome) {
        let calm: Vec<&Venue> = self.calm.iter().collect();
        let wicks: Vec<&Venue> = self.wicks.iter().collect();
        let all: Vec<&Venue> = wicks.iter().chain(&calm).copied().collect();
        (Range::of(&all), Range::of(&calm), play(&all, self.tier, 3))
    }
}

fn lines() -> Vec<Line> {
    let dot = minutes("binance_coinm_DOTUSD_1m_2025-10-10.csv");
    let avax = minutes("binance_coinm_AVAXUSD_1m_2025-10-10.csv");
    vec![
        Line {
            asset: "DOT",
            calm: vec![
                minutes("coinbase_spot_DOTUSD_1m_2025-10-10.csv"),
                minutes("gemini_spot_DOTUSD_1m_2025-10-10.csv"),
            ],
            wicks: vec![hours("binance_spot_DOTUSDT_1h_2022-2025.csv", &dot), dot],
            tier: Tier::C,
        },
        Line {
            asset: "AVAX",
            calm: vec![
                minutes("coinbase_spot_AVAXUSD_1m_2025-10-10.csv"),
                minutes("gemini_spot_AVAXUSD_1m_2025-10-10.csv"),
            ],
            wicks: vec![hours("binance_spot_AVAXUSDT_1h_2022-2025.csv", &avax), avax],
            tier: Tier::C,
        },
        Line {
            asset: "UNI",
            calm: vec![
                minutes("coinbase_spot_UNIUSD_1m_2025-10-10.csv"),
                minutes("gemini_spot_UNIUSD_1m_2025-10-10.csv"),
            ],
            wicks: vec![minutes("binance_coinm_UNIUSD_1m_2025-10-10.csv")],
            tier: Tier::C,
        },
        // Only two venues are recorded, so two feeders read the calm one, a minute apart.
        Line {
            asset: "USDe",
            calm: vec![
                ticks("uniswap_USDE_USDT_blocks_2025-10-10.csv", 0),
                ticks("uniswap_USDE_USDT_blocks_2025-10-10.csv", 60),
            ],
            wicks: vec![minutes("binance_spot_USDEUSDT_1m_2025-10.csv")],
            tier: Tier::A,
        },
    ]
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
        "{:6}{:>18}{:>18}{:>18}{:>22}{:>8}{:>9}{:>9}",
        "asset",
        "all venues",
        "calm venues",
        "clean price",
        "median under error",
        "blocks",
        "unclean",
        "without"
    );
    for line in lines() {
        let (all, calm, outcome) = line.run();
        println!(
            "{:6}{:>18}{:>18}{:>18}{:>22}{:>8}{:>9}{:>9}",
            line.asset,
            all.text(),
            calm.text(),
            outcome.clean.text(),
            outcome.median.text(),
            outcome.blocks,
            outcome.unclean,
            outcome.without,
        );
        assert!(all.low.0 < calm.low.0 / 10 * 9, "{}: no wick", line.asset);
        // A wick of one venue moves the median at most to the next one; the tolerance of the feeders'
        // disagreement is what a mean of the two middle values may be off.
        let floor = Price(calm.low.0 / 100 * 96);
        assert!(
            outcome.clean.low >= floor,
            "{}: the price fell to {:?}",
            line.asset,
            outcome.clean.low
        );
        assert!(
            outcome.clean.low <= outcome.clean.high,
            "{}: never a price",
            line.asset
        );
    }
}
