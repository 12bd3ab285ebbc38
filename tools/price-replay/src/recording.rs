//! Bars of one market, and the price inside them.

use crate::{
    data::{self, DataError},
    Price,
};
use std::{io::Read, path::Path};

/// One bar: what the market did from `time` on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Start, in milliseconds since the epoch.
    pub time: u64,
    /// First price.
    pub open: Price,
    /// Highest price.
    pub high: Price,
    /// Lowest price.
    pub low: Price,
    /// Last price.
    pub close: Price,
    /// Traded volume in units of the asset; 0 when the file has none.
    pub volume: f64,
}

impl Bar {
    /// Open, the two extremes in the order they are walked, close.
    ///
    /// A bar does not say which extreme came first. The usual guess: a bar that rose fell first,
    /// and the other way round. Both wicks are always reached.
    pub fn corners(&self) -> [Price; 4] {
        if self.close >= self.open {
            [self.open, self.low, self.high, self.close]
        } else {
            [self.open, self.high, self.low, self.close]
        }
    }

    /// The price `elapsed` milliseconds into a bar of `length` milliseconds: three straight lines
    /// between the [corners](Self::corners), each a third of the bar.
    pub fn price_at(&self, elapsed: u64, length: u64) -> Price {
        let [open, first, second, close] = self.corners();
        // In thirds of a millisecond, so that lengths that three does not divide lose nothing.
        let at = elapsed.min(length) * 3;
        match (at, length.max(1)) {
            (at, third) if at < third => open.towards(first, at, third),
            (at, third) if at < 2 * third => first.towards(second, at - third, third),
            (at, third) => second.towards(close, at - 2 * third, third),
        }
    }
}

/// Bars of one market, in order, none empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    name: String,
    bars: Vec<Bar>,
    interval: u64,
}

impl Recording {
    /// A recording of `bars`; `interval` is the length of each in milliseconds.
    ///
    /// `None` when there are no bars, when they are not in strictly rising order of time, or when
    /// `interval` is zero.
    pub fn new(name: impl Into<String>, bars: Vec<Bar>, interval: u64) -> Option<Self> {
        let ordered = bars
            .iter()
            .zip(bars.iter().skip(1))
            .all(|(a, b)| a.time < b.time);
        (ordered && !bars.is_empty() && interval > 0).then(|| Self {
            name: name.into(),
            bars,
            interval,
        })
    }

    /// Reads a file; see [`crate::data`] for the formats.
    ///
    /// # Errors
    /// File, line and reason of the first thing wrong in it.
    pub fn from_csv(path: impl AsRef<Path>) -> Result<Self, DataError> {
        data::read_file(path.as_ref())
    }

    /// As [`Self::from_csv`], from anything that can be read; `name` stands for the file.
    ///
    /// # Errors
    /// Name, line and reason of the first thing wrong.
    pub fn from_reader(name: &str, reader: impl Read) -> Result<Self, DataError> {
        data::read(name, reader)
    }

    /// What it was read from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bars.
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// Length of a bar in milliseconds.
    pub const fn interval(&self) -> u64 {
        self.interval
    }

    /// Start of the first bar, in milliseconds since the epoch.
    pub fn start(&self) -> u64 {
        self.bars.first().map_or(0, |bar| bar.time)
    }

    /// End of the last bar, in milliseconds since the epoch.
    pub fn end(&self) -> u64 {
        self.bars.last().map_or(0, |bar| bar.time + self.interval)
    }

    /// The price at `time` (milliseconds since the epoch).
    ///
    /// Where bars are missing the last close stands, as on an exchange where nobody trades.
    /// `None` before the first bar.
    pub fn price_at(&self, time: u64) -> Option<Price> {
        self.bar_at(time)
            .map(|bar| bar.price_at(time - bar.time, self.interval))
    }

    /// How long before `time` the last bar up to it ended, in milliseconds: nothing inside a bar,
    /// more in a gap and after the end. `None` before the first bar.
    pub fn age_at(&self, time: u64) -> Option<u64> {
        let end = self.bar_at(time)?.time + self.interval;
        Some(time.saturating_sub(end))
    }

    /// The last bar that began at or before `time`.
    pub fn bar_at(&self, time: u64) -> Option<&Bar> {
        let after = self.bars.partition_point(|bar| bar.time <= time);
        after.checked_sub(1).and_then(|last| self.bars.get(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(time: u64, [open, high, low, close]: [u64; 4]) -> Bar {
        let [open, high, low, close] = [open, high, low, close].map(Price::from_whole);
        Bar {
            time,
            open,
            high,
            low,
            close,
            volume: 1.0,
        }
    }

    fn usd(usd: u64) -> Option<Price> {
        Some(Price::from_whole(usd))
    }

    #[test]
    fn path_should_visit_low_then_high_when_bar_rises() {
        let r = Recording::new("t", vec![bar(0, [100, 130, 90, 120])], 60_000).unwrap();
        assert_eq!(r.price_at(0), usd(100));
        assert_eq!(r.price_at(10_000), usd(95));
        assert_eq!(r.price_at(20_000), usd(90));
        assert_eq!(r.price_at(30_000), usd(110));
        assert_eq!(r.price_at(40_000), usd(130));
        assert_eq!(r.price_at(50_000), usd(125));
        assert_eq!(r.price_at(60_000), usd(120));
    }

    #[test]
    fn path_should_visit_high_then_low_when_bar_falls() {
        let r = Recording::new("t", vec![bar(0, [120, 130, 90, 100])], 60_000).unwrap();
        assert_eq!(r.price_at(20_000), usd(130));
        assert_eq!(r.price_at(40_000), usd(90));
        assert_eq!(r.price_at(60_000), usd(100));
    }

    #[test]
    fn path_should_reach_both_wicks_when_three_does_not_divide_the_bar() {
        for interval in [1_000, 7_001, 50_000, 100_001] {
            let r = Recording::new("t", vec![bar(0, [100, 130, 90, 120])], interval).unwrap();
            let prices: Vec<_> = (0..=interval).filter_map(|t| r.price_at(t)).collect();
            let (low, high) = (prices.iter().min().unwrap(), prices.iter().max().unwrap());
            assert!(low.to_f64() < 90.2 && *low >= Price::from_whole(90));
            assert!(high.to_f64() > 129.8 && *high <= Price::from_whole(130));
        }
    }

    #[test]
    fn price_should_hold_the_close_when_bars_are_missing() {
        let bars = vec![
            bar(60_000, [100, 100, 100, 100]),
            bar(300_000, [200, 200, 200, 200]),
        ];
        let r = Recording::new("t", bars, 60_000).unwrap();
        assert_eq!(r.price_at(59_999), None);
        assert_eq!(r.price_at(120_000), usd(100));
        assert_eq!(r.price_at(299_999), usd(100));
        assert_eq!(r.price_at(300_000), usd(200));
        assert_eq!(r.price_at(9_000_000), usd(200));
        assert_eq!((r.start(), r.end()), (60_000, 360_000));
        let ages = [59_999, 60_000, 120_000, 120_001, 299_999, 300_000, 360_001];
        assert_eq!(
            ages.map(|time| r.age_at(time)),
            [
                None,
                Some(0),
                Some(0),
                Some(1),
                Some(179_999),
                Some(0),
                Some(1)
            ]
        );
    }

    #[test]
    fn recording_should_be_refused_when_bars_are_unordered_or_absent() {
        let one = bar(60_000, [1, 1, 1, 1]);
        assert!(Recording::new("t", vec![], 1).is_none());
        assert!(Recording::new("t", vec![one, one], 1).is_none());
        assert!(Recording::new("t", vec![one], 0).is_none());
    }
}
