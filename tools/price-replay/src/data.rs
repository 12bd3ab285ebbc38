//! Reads bars from CSV.
//!
//! Two formats, told apart by the number of columns; a header line is optional in both:
//!
//! - `time_utc,open,high,low,close[,volume]`: `time_utc` is the start of the bar. With a header
//!   the columns are found by name, so their order is free and further ones are ignored.
//! - Binance's public kline dumps, 12 columns: `open_time,open,high,low,close,volume,close_time,...`.
//!
//! Times are seconds, milliseconds or microseconds since the epoch (Binance switched its spot dumps
//! to microseconds in 2025). A damaged file is an error that names file, line and reason: a
//! replay that silently drops a bar would be a different crash from the one recorded.

use crate::{utc, Bar, Price, Recording};
use std::{fmt, fs::File, io::Read, path::Path};

/// Columns of a Binance kline.
const KLINE_COLUMNS: usize = 12;

/// Length of a bar in milliseconds when a file has one bar and does not say.
const DEFAULT_INTERVAL: u64 = 60_000;

/// What is wrong with a file of bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 when it is not about a line.
    pub line: u64,
    /// What is wrong there.
    pub reason: Reason,
}

/// Why a line, or the whole file, is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file cannot be read.
    Io(String),
    /// The line is not text or not CSV.
    Malformed(String),
    /// No bar in the file.
    NoBars,
    /// Neither of the known formats.
    Columns {
        /// How many there are.
        found: usize,
        /// How many lines before this one had; 0 in the first line.
        expected: usize,
    },
    /// The header lacks a column.
    MissingColumn(&'static str),
    /// A value cannot be read.
    Value {
        /// The column.
        column: &'static str,
        /// Its text.
        text: String,
        /// What is wrong with the text.
        problem: String,
    },
    /// A price of zero.
    ZeroPrice(&'static str),
    /// High is not the highest or low not the lowest of the four prices.
    Inconsistent,
    /// Not later than the line before.
    TimeOrder {
        /// Time of the line before, milliseconds.
        previous: u64,
        /// Time of this line, milliseconds.
        time: u64,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{}:{line}: {}", self.file, self.reason),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::Malformed(error) => write!(f, "is not CSV: {error}"),
            Self::NoBars => f.write_str("holds no bars"),
            Self::Columns { found, expected: 0 } => write!(
                f,
                "{found} columns; bars have time_utc,open,high,low,close[,volume], \
                 Binance klines have {KLINE_COLUMNS} columns"
            ),
            Self::Columns { found, expected } => {
                write!(
                    f,
                    "{found} columns where the lines before have {expected}; is the line cut off?"
                )
            }
            Self::MissingColumn(name) => write!(f, "the header has no column `{name}`"),
            Self::Value {
                column,
                text,
                problem,
            } => {
                write!(f, "{column} `{text}` {problem}")
            }
            Self::ZeroPrice(column) => write!(f, "{column} is zero"),
            Self::Inconsistent => {
                f.write_str("low is not the lowest or high not the highest of the four prices")
            }
            Self::TimeOrder { previous, time } => write!(
                f,
                "time {} is not after {} of the bar before",
                utc::format(*time),
                utc::format(*previous)
            ),
        }
    }
}

impl std::error::Error for DataError {}

/// Reads the file at `path`.
pub(crate) fn read_file(path: &Path) -> Result<Recording, DataError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| DataError {
        file: name.clone(),
        line: 0,
        reason: Reason::Io(error.to_string()),
    })?;
    read(&name, file)
}

/// Reads bars from `reader`; errors call it `name`.
pub(crate) fn read(name: &str, reader: impl Read) -> Result<Recording, DataError> {
    let fail = |line: u64, reason: Reason| DataError {
        file: name.to_string(),
        line,
        reason,
    };
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(reader);
    let mut columns: Option<Columns> = None;
    let mut bars: Vec<Bar> = Vec::new();
    let mut closes: Option<u64> = None;
    let mut record = csv::StringRecord::new();
    loop {
        match lines.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Err(fail(line, Reason::Malformed(error.to_string())));
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let layout = match &columns {
            Some(layout) => layout,
            None => {
                let (layout, is_header) = Columns::detect(&record).map_err(|r| fail(line, r))?;
                let layout = columns.insert(layout);
                if is_header {
                    continue;
                }
                layout
            }
        };
        let bar = layout.bar(&record).map_err(|r| fail(line, r))?;
        if let Some(previous) = bars.last().map(|b| b.time).filter(|&p| p >= bar.time) {
            let reason = Reason::TimeOrder {
                previous,
                time: bar.time,
            };
            return Err(fail(line, reason));
        }
        if bars.is_empty() {
            closes = layout.close_time(&record);
        }
        bars.push(bar);
    }
    let interval = interval(&bars, closes);
    Recording::new(name, bars, interval).ok_or_else(|| fail(0, Reason::NoBars))
}

/// Length of a bar: the shortest distance between two, which holes in a file cannot stretch.
fn interval(bars: &[Bar], close_time: Option<u64>) -> u64 {
    let shortest = bars
        .iter()
        .zip(bars.iter().skip(1))
        .map(|(a, b)| b.time - a.time)
        .min();
    let of_first = || Some(close_time?.checked_sub(bars.first()?.time)?.max(1) + 1);
    shortest.or_else(of_first).unwrap_or(DEFAULT_INTERVAL)
}

/// Where the values of a line are.
struct Columns {
    count: usize,
    time: usize,
    prices: [usize; 4],
    volume: Option<usize>,
    close_time: Option<usize>,
}

const PRICE_NAMES: [&str; 4] = ["open", "high", "low", "close"];

impl Columns {
    /// The layout by the first line, and whether that line is a header.
    fn detect(first: &csv::StringRecord) -> Result<(Self, bool), Reason> {
        let count = first.len();
        let is_header = first
            .get(0)
            .is_some_and(|cell| cell.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
        let positional = |volume, close_time| Self {
            count,
            time: 0,
            prices: [1, 2, 3, 4],
            volume,
            close_time,
        };
        let layout = match count {
            KLINE_COLUMNS => positional(Some(5), Some(6)),
            _ if is_header => Self::by_name(first)?,
            5 => positional(None, None),
            6 => positional(Some(5), None),
            found => return Err(Reason::Columns { found, expected: 0 }),
        };
        Ok((layout, is_header))
    }

    fn by_name(header: &csv::StringRecord) -> Result<Self, Reason> {
        let find = |names: &[&str]| {
            header
                .iter()
                .position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)))
        };
        let time =
            find(&["time_utc", "open_time", "timestamp", "time"]).ok_or(Reason::Columns {
                found: header.len(),
                expected: 0,
            })?;
        let mut prices = [0; 4];
        for (slot, name) in prices.iter_mut().zip(PRICE_NAMES) {
            *slot = find(&[name]).ok_or(Reason::MissingColumn(name))?;
        }
        Ok(Self {
            count: header.len(),
            time,
            prices,
            volume: find(&["volume"]),
            close_time: None,
        })
    }

    fn bar(&self, record: &csv::StringRecord) -> Result<Bar, Reason> {
        if record.len() != self.count {
            return Err(Reason::Columns {
                found: record.len(),
                expected: self.count,
            });
        }
        let time = millis("time", cell(record, self.time))?;
        let mut prices = [Price(0); 4];
        for ((slot, &column), name) in prices.iter_mut().zip(&self.prices).zip(PRICE_NAMES) {
            let text = cell(record, column);
            *slot = Price::parse(text).map_err(|problem| value(name, text, problem.to_string()))?;
            if slot.0 == 0 {
                return Err(Reason::ZeroPrice(name));
            }
        }
        let [open, high, low, close] = prices;
        if low > open.min(close) || high < open.max(close) {
            return Err(Reason::Inconsistent);
        }
        let volume = match self.volume {
            Some(column) => volume(cell(record, column))?,
            None => 0.0,
        };
        Ok(Bar {
            time,
            open,
            high,
            low,
            close,
            volume,
        })
    }

    fn close_time(&self, record: &csv::StringRecord) -> Option<u64> {
        millis("close_time", cell(record, self.close_time?)).ok()
    }
}

fn cell(record: &csv::StringRecord, column: usize) -> &str {
    record.get(column).unwrap_or_default()
}

fn value(column: &'static str, text: &str, problem: impl Into<String>) -> Reason {
    Reason::Value {
        column,
        // A cell of a damaged file may be a megabyte long.
        text: text.chars().take(40).collect(),
        problem: problem.into(),
    }
}

fn millis(column: &'static str, text: &str) -> Result<u64, Reason> {
    text.parse::<u64>()
        .ok()
        .and_then(utc::epoch_millis)
        .ok_or_else(|| value(column, text, "is not a time in seconds since the epoch"))
}

fn volume(text: &str) -> Result<f64, Reason> {
    text.parse::<f64>()
        .ok()
        .filter(|v| v.is_finite() && *v >= 0.0)
        .ok_or_else(|| value("volume", text, "is not a number of zero or more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "time_utc,open,high,low,close,volume\n\
        1760130900,112137.6,112539.5,102193.6,103441.3,39820.6\n\
        1760131200,103441.3,109550,101516.5,108473,18875.9\n";

    fn error(text: &str) -> (u64, String) {
        let error = Recording::from_reader("f.csv", text.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("f.csv"));
        (error.line, error.reason.to_string())
    }

    #[test]
    fn reader_should_find_bars_and_interval_when_file_is_good() {
        let r = Recording::from_reader("f.csv", GOOD.as_bytes()).unwrap();
        assert_eq!(
            (r.bars().len(), r.interval(), r.start()),
            (2, 300_000, 1_760_130_900_000)
        );
        assert_eq!(
            r.bars()[1].low,
            Price::parse("101516.5").unwrap(),
            "the wick of the day"
        );
        let bare = GOOD.split_once('\n').unwrap().1;
        let without_header = Recording::from_reader("f.csv", bare.as_bytes()).unwrap();
        assert_eq!(without_header, r);
        let windows = Recording::from_reader("f.csv", GOOD.replace('\n', "\r\n").as_bytes());
        assert_eq!(windows.unwrap(), r);
    }

    #[test]
    fn reader_should_take_columns_by_name_when_there_is_a_header() {
        let text = "window,close,low,high,open,timestamp\nx,3,1,4,2,1760130900\n";
        let r = Recording::from_reader("f.csv", text.as_bytes()).unwrap();
        assert_eq!(
            r.bars()[0].corners(),
            [2, 1, 4, 3].map(Price::from_whole),
            "a rising bar"
        );
        assert_eq!(r.bars()[0].volume, 0.0);
    }

    #[test]
    fn reader_should_read_klines_when_there_are_twelve_columns() {
        let header = "open_time,open,high,low,close,volume,close_time,quote_volume,count,\
                      taker_buy_volume,taker_buy_quote_volume,ignore\n";
        let millis =
            "1760130900000,112137.6,112539.5,102193.6,103441.3,39820.6,1760131199999,1,2,3,4,0\n";
        let micros = "1760130900000000,112137.6,112539.5,102193.6,103441.3,39820.6,1760131199999999,1,2,3,4,0\n";
        for text in [format!("{header}{millis}"), millis.into(), micros.into()] {
            let r = Recording::from_reader("k.csv", text.as_bytes()).unwrap();
            assert_eq!((r.start(), r.interval()), (1_760_130_900_000, 300_000));
            assert_eq!(r.bars()[0].volume, 39820.6);
        }
    }

    #[test]
    fn reader_should_name_line_and_reason_when_file_is_damaged() {
        let good = GOOD.trim_end();
        let cases = [
            (
                format!("{good}\n1760131500,108548.1,1098"),
                4,
                "3 columns where the lines before have 6",
            ),
            (
                format!("{good}\n1760131500,,1,1,1,1"),
                4,
                "open `` is empty",
            ),
            (
                format!("{good}\n1760131500,abc,1,1,1,1"),
                4,
                "open `abc` is not a plain decimal number",
            ),
            (format!("{good}\n1760131500,1,1,0,1,1"), 4, "low is zero"),
            (
                format!("{good}\n1760131500,5,6,5.5,5,1"),
                4,
                "low is not the lowest",
            ),
            (
                format!("{good}\n1760131500,5,4,3,5,1"),
                4,
                "high not the highest",
            ),
            (
                format!("{good}\n1760131500,5,6,4,5,-1"),
                4,
                "volume `-1` is not a number",
            ),
            (
                format!("{good}\n1760131200,5,6,4,5,1"),
                4,
                "is not after 2025-10-10T21:20:00.000Z",
            ),
            (
                format!("{good}\nnoon,5,6,4,5,1"),
                4,
                "time `noon` is not a time",
            ),
            (
                "time_utc,open,high,close,volume\n1,2,3,4,5".into(),
                1,
                "no column `low`",
            ),
            (
                "<html>\n<body>down".into(),
                1,
                "1 columns; bars have time_utc",
            ),
            ("a,b,c,d\n".into(), 1, "4 columns; bars have time_utc"),
            ("1,2,3\n".into(), 1, "3 columns; bars have time_utc"),
            (String::new(), 0, "holds no bars"),
            (
                "time_utc,open,high,low,close,volume\n".into(),
                0,
                "holds no bars",
            ),
        ];
        for (text, line, reason) in cases {
            let (found_line, found) = error(&text);
            assert_eq!(found_line, line, "{found}");
            assert!(found.contains(reason), "{found:?} lacks {reason:?}");
        }
    }

    #[test]
    fn reader_should_refuse_when_bytes_are_no_text() {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes.extend_from_slice(b"1760131500,\xff\xfe,1,1,1,1\n");
        let error = Recording::from_reader("f.csv", &bytes[..]).unwrap_err();
        assert!(
            matches!((error.line, &error.reason), (4, Reason::Malformed(_))),
            "{error}"
        );
    }

    #[test]
    fn file_should_be_named_when_it_does_not_exist() {
        let error = Recording::from_csv("no/such/file.csv").unwrap_err();
        assert!(error
            .to_string()
            .starts_with("no/such/file.csv: cannot be read"));
    }
}
