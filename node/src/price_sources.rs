//! The file of `--price-sources`.
//!
//! The price feeder is part of the runtime and cannot open files. It reads its sources from the
//! local storage of offchain workers, where this module puts the content of the file: at start, and
//! again whenever the file changes. The format belongs to the feeder; so does the parser.

use polkadot_sdk::*;

use log::{info, warn};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// Where the feeder looks.
const KEY: &[u8] = b"bulwark/price-sources";

/// Time between two looks at the file.
const POLL: Duration = Duration::from_secs(2);

const LOG_TARGET: &str = "bulwark::price-sources";

/// A file that cannot be used. Prints as `file:line: reason`.
#[derive(Debug, PartialEq, Eq)]
pub struct PriceSourcesError {
    path: PathBuf,
    line: Option<usize>,
    reason: String,
}

impl fmt::Display for PriceSourcesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.reason)
    }
}

impl std::error::Error for PriceSourcesError {}

/// Tells one state of the file from the next without reading it.
type Stamp = (SystemTime, u64);

/// A valid file and its content.
#[derive(Debug)]
pub struct PriceSources {
    path: PathBuf,
    content: String,
    count: usize,
    /// State of the file at the last look; `None` while it is missing.
    seen: Option<Stamp>,
}

impl PriceSources {
    /// Reads and checks the file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or a line is damaged.
    pub fn open(path: PathBuf) -> Result<Self, PriceSourcesError> {
        // Before the content: a change in between then counts as a change.
        let seen = stamp(&path);
        let (content, count) = read(&path)?;
        Ok(Self {
            path,
            content,
            count,
            seen,
        })
    }

    /// Gives the sources to the feeder. Returns how many there are.
    pub fn store(&self, storage: &impl OffchainStorage) -> usize {
        storage
            .clone()
            .set(STORAGE_PREFIX, KEY, self.content.as_bytes());
        info!(
            target: LOG_TARGET,
            "📄 Price sources loaded: sources={} file={}", self.count, self.path.display(),
        );
        self.count
    }

    /// How many sources an earlier start left in the storage.
    pub fn stored(storage: &impl OffchainStorage) -> usize {
        storage
            .get(STORAGE_PREFIX, KEY)
            .and_then(|content| String::from_utf8(content).ok())
            .and_then(|content| parse(&content).ok())
            .unwrap_or(0)
    }

    /// Looks at the file for as long as the node runs.
    pub async fn follow(&mut self, storage: impl OffchainStorage) {
        loop {
            tokio::time::sleep(POLL).await;
            self.look(&storage);
        }
    }

    /// Loads the file if it changed since the last look. A damaged or missing file changes nothing
    /// but the log, once per change.
    fn look(&mut self, storage: &impl OffchainStorage) {
        let now = stamp(&self.path);
        if now == self.seen {
            return;
        }
        self.seen = now;
        match read(&self.path) {
            Ok((content, _)) if content == self.content => {}
            Ok((content, count)) => {
                self.content = content;
                self.count = count;
                self.store(storage);
            }
            Err(error) => warn!(
                target: LOG_TARGET,
                "⚠️  Price sources not reloaded, the {} loaded before stay in force: {error}",
                self.count,
            ),
        }
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn read(path: &Path) -> Result<(String, usize), PriceSourcesError> {
    let error = |line, reason| PriceSourcesError {
        path: path.to_path_buf(),
        line,
        reason,
    };
    let content = fs::read_to_string(path).map_err(|e| error(None, e.to_string()))?;
    let count = parse(&content).map_err(|(line, reason)| error(Some(line), reason))?;
    Ok((content, count))
}
