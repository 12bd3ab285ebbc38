//! The command line.

use crate::{
    data::{Asset, WARM_UP},
    score::{Periods, Spans},
};
use bulwark_risk_math::volatility::HOUR_MILLIS;
use clap::Parser;
use price_replay::utc;
use std::path::{Path, PathBuf};

/// Where recorded hours are looked for when none are named.
const RECORDED: &str = "../shared/data/market";

/// Measures the volatility model on recorded hours: coverage, cost and shortfall of its margins,
/// against static tiers, EWMA and GARCH(1,1)-t.
#[derive(Clone, Debug, Parser)]
#[command(name = "bulwark-backtest", version, after_help = EXAMPLES)]
pub struct Args {
    /// Files of hourly bars (`time_utc,open,high,low,close,volume`, or Binance kline dumps), or
    /// directories with such files called like binance_spot_BTCUSDT_1h_2025.csv. Files about the same
    /// asset are joined.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub data: Vec<PathBuf>,

    /// Which assets to take from a directory.
    #[arg(
        long,
        value_name = "NAME,..",
        value_delimiter = ',',
        default_value = "BTC,ETH,SOL,DOGE,LINK,DOT"
    )]
    pub assets: Vec<String>,

    /// Each model's one factor is fitted to the hours before this, UTC.
    #[arg(long, value_name = "DATE", default_value = "2025-01-01", value_parser = parse_time)]
    pub train_end: u64,

    /// Begin of the scored hours, UTC; default: the end of the training.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub from: Option<u64>,

    /// End of the scored hours, UTC; default: the end of the data.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub to: Option<u64>,

    /// Write every number as JSON, too.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Draw: one page, backtest.html, in this directory.
    #[arg(long, value_name = "DIR")]
    pub plots: Option<PathBuf>,
}

const EXAMPLES: &str = "\
What each number means: docs/volatility.md.

Examples:
  cargo xtask backtest --plots target/backtest
  cargo xtask backtest --train-end 2022-01-01 --from 2022-01-01 --to 2023-01-01
  cargo xtask backtest --data BTCUSDT_1h_2023.csv BTCUSDT_1h_2024.csv --train-end 2024-01-01";

fn parse_time(text: &str) -> Result<u64, String> {
    utc::parse(text)
}

impl Args {
    /// What is to be read.
    ///
    /// # Errors
    /// When nothing is named and nothing is there.
    pub fn paths(&self) -> Result<Vec<PathBuf>, String> {
        if !self.data.is_empty() {
            return Ok(self.data.clone());
        }
        if Path::new(RECORDED).is_dir() {
            return Ok(vec![RECORDED.into()]);
        }
        Err(format!(
            "there is no {RECORDED} here: name hourly bars with --data FILE.csv.. (time_utc,open,high,\
             low,close,volume) or --data DIRECTORY"
        ))
    }

    /// Which hours train and which are scored.
    ///
    /// # Errors
    /// When one of the two is empty: why, and what to do.
    pub fn periods(&self, assets: &[Asset]) -> Result<Periods, String> {
        let from = self.from.unwrap_or(self.train_end);
        let first = assets
            .iter()
            .filter_map(|a| a.hours.first())
            .map(|h| h.time)
            .min();
        let last = assets
            .iter()
            .filter_map(|a| a.hours.last())
            .map(|h| h.time)
            .max();
        let (first, last) = first.zip(last).ok_or("there are no hours")?;
        let end = last + HOUR_MILLIS;
        let to = self.to.unwrap_or(end);
        if from >= to {
            return Err(format!(
                "the scored hours begin at {} and end at {}: set --train-end, --from or --to",
                utc::format(from),
                utc::format(to)
            ));
        }
        let spans = |from, to| -> Spans { assets.iter().map(|a| a.scored(from, to)).collect() };
        let (training, scored) = (spans(0, self.train_end), spans(from, to));
        let is_empty = |spans: &Spans| spans.iter().all(|span| span.is_empty());
        let there = format!(
            "the data goes from {} to {}, and the first {WARM_UP} hours of each asset only start the models",
            utc::format(first),
            utc::format(last)
        );
        if is_empty(&training) {
            let end = utc::format(self.train_end);
            return Err(format!("nothing to fit before --train-end {end}: {there}"));
        }
        if is_empty(&scored) {
            return Err(format!(
                "nothing to score from {}: {there}",
                utc::format(from)
            ));
        }
        let start = |spans: &Spans| {
            let hours = assets
                .iter()
                .zip(spans)
                .filter(|(_, span)| !span.is_empty());
            hours
                .map(|(a, span)| a.hours[span.start].time)
                .min()
                .unwrap_or(from)
        };
        let day = |time| utc::format(time)[..10].to_owned();
        Ok(Periods {
            training_from: day(start(&training)),
            training_to: day(self.train_end),
            scored_from: day(start(&scored)),
            scored_to: day(to.min(end)),
            training,
            scored,
        })
    }
}

#[cfg(test)]
mod tests {
    // One asset, one span.
    #![allow(clippy::single_range_in_vec_init)]

    use super::*;
    use crate::data::tests::asset;

    fn args(line: &str) -> Result<Args, String> {
        Args::try_parse_from(line.split(' ')).map_err(|error| error.to_string())
    }

    /// 100 days from 1 January 2024 on.
    fn periods(line: &str) -> Result<Periods, String> {
        let asset = asset("BTC", 1_704_067_200_000, vec![0.01; 2_400]);
        args(line)?.periods(&[asset])
    }

    #[test]
    fn periods_should_begin_after_the_warm_up_and_end_with_the_data() {
        let found = periods("backtest --train-end 2024-03-20").unwrap();
        // 1 March is day 60.
        assert_eq!(found.training_from, "2024-03-01");
        assert_eq!(found.training_to, "2024-03-20");
        assert_eq!(found.scored_from, "2024-03-20");
        assert_eq!(found.scored_to, "2024-04-10");
        assert_eq!(found.training, [1_440..1_896]);
        assert_eq!(found.scored, [1_896..2_400]);
        let found = periods("backtest --train-end 2024-03-20 --from 2024-04-01 --to 2024-04-03");
        assert_eq!(found.unwrap().scored, [2_184..2_232]);
    }

    #[test]
    fn bad_arguments_should_be_named() {
        let cases = [
            ("backtest --train-end soon", "`soon`"),
            (
                "backtest --train-end 2024-02-01",
                "nothing to fit before --train-end 2024-02-01",
            ),
            ("backtest --train-end 2025-01-01", "begin at 2025-01-01"),
            (
                "backtest --train-end 2025-01-01 --to 2026-01-01",
                "nothing to score from 2025-01-01",
            ),
            (
                "backtest --train-end 2024-03-20 --to 2024-03-19",
                "end at 2024-03-19",
            ),
            ("backtest --sometimes", "--sometimes"),
        ];
        for (line, expected) in cases {
            let error = periods(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }

    #[test]
    fn paths_should_be_those_named() {
        let named = args("backtest --data a.csv b.csv").unwrap().paths();
        assert_eq!(
            named,
            Ok(vec![PathBuf::from("a.csv"), PathBuf::from("b.csv")])
        );
    }
}
