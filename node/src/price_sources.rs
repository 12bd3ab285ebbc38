//! The file of `--price-sources`.
//!
//! The price feeder is part of the runtime and cannot open files. It reads its sources from the
//! local storage of offchain workers, where this module puts the content of the file: at start, and
//! again whenever the file changes. The format and its parser belong to the feeder
//! (`pallet_price_oracle::worker::sources`).

use polkadot_sdk::*;

use log::{info, warn};
use pallet_price_oracle::worker::{parse_sources, SourcesError, SOURCES_KEY};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// Time between two looks at the file.
const POLL: Duration = Duration::from_secs(2);

const LOG_TARGET: &str = "bulwark::price-sources";

/// A file that cannot be used. Prints as `file:line: reason`.
#[derive(Debug, PartialEq, Eq)]
pub struct PriceSourcesError {
    path: PathBuf,
    line: Option<u32>,
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
    content: Vec<u8>,
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
    pub fn store(&self, storage: &mut impl OffchainStorage) -> usize {
        storage.set(STORAGE_PREFIX, SOURCES_KEY, &self.content);
        info!(
            target: LOG_TARGET,
            "📄 Price sources loaded: sources={} file={}", self.count, self.path.display(),
        );
        self.count
    }

    /// How many sources an earlier start left in the storage.
    pub fn stored(storage: &impl OffchainStorage) -> usize {
        storage
            .get(STORAGE_PREFIX, SOURCES_KEY)
            .and_then(|content| parse_sources(&content).ok())
            .map_or(0, |sources| sources.iter().count())
    }

    /// Looks at the file for as long as the node runs.
    pub async fn follow(&mut self, mut storage: impl OffchainStorage) {
        loop {
            tokio::time::sleep(POLL).await;
            self.look(&mut storage);
        }
    }

    /// Loads the file if it changed since the last look. A damaged or missing file changes nothing
    /// but the log, once per change.
    fn look(&mut self, storage: &mut impl OffchainStorage) {
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

fn read(path: &Path) -> Result<(Vec<u8>, usize), PriceSourcesError> {
    let error = |line, reason| PriceSourcesError {
        path: path.to_path_buf(),
        line,
        reason,
    };
    let content = fs::read(path).map_err(|e| error(None, e.to_string()))?;
    let sources = parse_sources(&content)
        .map_err(|SourcesError { line, reason }| error(Some(line), reason))?;
    let count = sources.iter().count();
    Ok((content, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::offchain::storage::InMemOffchainStorage;

    const ONE: &str = r#"{"sources":[
        {"venue":"kraken","asset":2,"symbol":"XXBTZUSD","url":"https://a.example/1"}]}"#;
    const TWO: &str = r#"{"sources":[
        {"venue":"kraken","asset":2,"symbol":"XXBTZUSD","url":"https://a.example/1"},
        {"venue":"binance","asset":2,"symbol":"BTCUSDT","url":"https://b.example/1"}]}"#;
    const DAMAGED: &str = "{\n  \"sources\": [ { \"venue\": \"nowhere\" } ]\n}";

    /// A file that is removed with the test.
    struct File(PathBuf);

    impl File {
        fn new(name: &str, content: &str) -> Self {
            let name = format!("bulwark-{name}-{}.json", std::process::id());
            let file = Self(std::env::temp_dir().join(name));
            file.write(content);
            file
        }

        fn write(&self, content: &str) {
            fs::write(&self.0, content).unwrap();
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn open_should_name_file_and_line_when_damaged() {
        let file = File::new("open", DAMAGED);
        let error = PriceSources::open(file.0.clone()).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{}:2: ", file.0.display())),
            "{error}"
        );
        assert!(error.contains("unknown variant `nowhere`"), "{error}");
    }

    #[test]
    fn open_should_fail_when_missing() {
        let error = PriceSources::open("/nonexistent/sources".into()).unwrap_err();
        assert_eq!(error.line, None);
    }

    #[test]
    fn look_should_follow_valid_changes_and_keep_the_rest() {
        let file = File::new("look", ONE);
        let mut storage = InMemOffchainStorage::default();
        let mut sources = PriceSources::open(file.0.clone()).unwrap();
        assert_eq!(PriceSources::stored(&storage), 0);
        assert_eq!(sources.store(&mut storage), 1);
        assert_eq!(PriceSources::stored(&storage), 1);

        file.write(TWO);
        sources.look(&mut storage);
        assert_eq!(PriceSources::stored(&storage), 2);

        file.write(DAMAGED);
        sources.look(&mut storage);
        assert_eq!(PriceSources::stored(&storage), 2);

        fs::remove_file(&file.0).unwrap();
        sources.look(&mut storage);
        assert_eq!(PriceSources::stored(&storage), 2);

        file.write(ONE);
        sources.look(&mut storage);
        assert_eq!(PriceSources::stored(&storage), 1);
    }
}
