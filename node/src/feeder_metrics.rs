//! What the price feeder does, for Prometheus.
//!
//! The feeder is part of the runtime, which has no metrics. It keeps a [`Report`] in the local storage
//! of offchain workers; this module looks at it every few seconds and exports what it says. Label values
//! are venues, errors and outcomes: enums, so there are never more series than those allow.

use polkadot_sdk::*;

use log::debug;
use pallet_price_oracle::worker::{Report, REPORT_KEY};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use substrate_prometheus_endpoint::{
    register, Counter, CounterVec, Gauge, GaugeVec, Opts, PrometheusError, Registry, F64, U64,
};

/// Time between two looks at the report: one slot, in which there is at most one round.
pub const POLL: Duration = Duration::from_secs(2);

const LOG_TARGET: &str = "bulwark::feeder-metrics";

/// The metrics `bulwark_feeder_*`.
#[derive(Clone)]
pub struct FeederMetrics {
    key_ready: Gauge<U64>,
    sources: GaugeVec<U64>,
    sources_up: GaugeVec<U64>,
    source_errors: CounterVec<U64>,
    quote_age: GaugeVec<F64>,
    rounds: CounterVec<U64>,
    submissions: Counter<U64>,
    rejections: Counter<U64>,
    last_submission: Gauge<U64>,
}

impl FeederMetrics {
    /// Registers the metrics. Until the first report they are zero.
    ///
    /// # Errors
    ///
    /// When one of the names is taken.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name, help| register(Gauge::with_opts(opts(name, help))?, registry);
        let counter = |name, help| register(Counter::with_opts(opts(name, help))?, registry);
        let by_venue =
            |name, help| register(GaugeVec::new(opts(name, help), &["venue"])?, registry);
        let counters = |name, help, labels: &[&str]| {
            register(CounterVec::new(opts(name, help), labels)?, registry)
        };
        Ok(Self {
            key_ready: gauge(
                "key_ready",
                "1 when the node holds the key of an admitted feeder",
            )?,
            sources: by_venue("sources", "Sources of listed assets")?,
            sources_up: by_venue(
                "sources_up",
                "Sources with a usable quote in the last round",
            )?,
            source_errors: counters(
                "source_errors_total",
                "Quotes that could not be had or used",
                &["venue", "reason"],
            )?,
            quote_age: register(
                GaugeVec::new(
                    opts(
                        "quote_age_seconds",
                        "Age of the venue's newest usable quote",
                    ),
                    &["venue"],
                )?,
                registry,
            )?,
            rounds: counters("rounds_total", "Rounds, by how they ended", &["outcome"])?,
            submissions: counter("submissions_total", "Feeds handed to the transaction pool")?,
            rejections: counter(
                "rejections_total",
                "Feeds that could not be signed or that the pool refused",
            )?,
            last_submission: gauge(
                "last_submission_timestamp_seconds",
                "Unix time of the last submission; 0 before the first",
            )?,
        })
    }

    /// Looks at the report for as long as the node runs.
    pub async fn follow(self, storage: impl OffchainStorage) {
        loop {
            self.look(&storage, now());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Exports the report at `now`, milliseconds since the Unix epoch. Without one, or with one that is
    /// damaged, what was exported stands.
    fn look(&self, storage: &impl OffchainStorage, now: u64) {
        let Some(bytes) = storage.get(STORAGE_PREFIX, REPORT_KEY) else {
            return;
        };
        match Report::from_bytes(&bytes) {
            Some(report) => self.export(&report, now),
            None => debug!(target: LOG_TARGET, "event=unreadable_report bytes={}", bytes.len()),
        }
    }

    fn export(&self, report: &Report, now: u64) {
        self.key_ready.set(report.has_key().into());
        raise(&self.submissions, report.submissions());
        raise(&self.rejections, report.rejections());
        self.last_submission
            .set(report.last_submission.unwrap_or_default() / 1_000);
        for (outcome, count) in &report.rounds {
            raise(&self.rounds.with_label_values(&[outcome.as_str()]), *count);
        }
        for (venue, said) in &report.venues {
            let labels = [venue.as_str()];
            self.sources
                .with_label_values(&labels)
                .set(said.sources.into());
            self.sources_up
                .with_label_values(&labels)
                .set(said.up.into());
            match said.quote_at {
                Some(at) if said.sources > 0 => {
                    let age = Duration::from_millis(now.saturating_sub(at));
                    self.quote_age
                        .with_label_values(&labels)
                        .set(age.as_secs_f64());
                }
                // A venue that is no longer asked does not age. There may be no such series.
                Some(_) | None => {
                    let _ = self.quote_age.remove_label_values(&labels);
                }
            }
            for (error, count) in &said.errors {
                let labels = [venue.as_str(), error.as_str()];
                raise(&self.source_errors.with_label_values(&labels), *count);
            }
        }
    }
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(format!("bulwark_feeder_{name}"), help)
}

/// Brings a counter to `total`. When that is less than it has, the report began again, and so does the
/// counter, as after a restart.
pub fn raise(counter: &Counter<U64>, total: u64) {
    match total.checked_sub(counter.get()) {
        Some(more) => counter.inc_by(more),
        None => {
            counter.reset();
            counter.inc_by(total);
        }
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_price_oracle::worker::{Outcome, SourceError, Venue, VenueReport};
    use sp_core::offchain::storage::InMemOffchainStorage;
    use substrate_prometheus_endpoint::prometheus::{Encoder, TextEncoder};

    const NOW: u64 = 1_760_130_840_000;

    fn text(registry: &Registry) -> String {
        let mut buffer = Vec::new();
        TextEncoder::new()
            .encode(&registry.gather(), &mut buffer)
            .unwrap();
        String::from_utf8(buffer).unwrap()
    }

    fn report() -> Report {
        Report {
            rounds: [
                (Outcome::Submitted, 7),
                (Outcome::Unchanged, 20),
                (Outcome::Refused, 2),
            ]
            .into(),
            last_outcome: Some(Outcome::Unchanged),
            last_submission: Some(NOW - 4_500),
            venues: [
                (
                    Venue::Kraken,
                    VenueReport {
                        sources: 2,
                        up: 1,
                        quote_at: Some(NOW - 1_500),
                        errors: [(SourceError::Timeout, 3)].into(),
                    },
                ),
                (Venue::Okx, VenueReport::default()),
            ]
            .into(),
        }
    }

    fn seen(metrics: &FeederMetrics, registry: &Registry, stored: &[u8]) -> String {
        let mut storage = InMemOffchainStorage::default();
        storage.set(STORAGE_PREFIX, REPORT_KEY, stored);
        metrics.look(&storage, NOW);
        text(registry)
    }

    #[test]
    fn metrics_should_tell_what_the_report_says() {
        let registry = Registry::new();
        let metrics = FeederMetrics::register(&registry).unwrap();
        let text = seen(&metrics, &registry, &report().to_bytes());
        for line in [
            "bulwark_feeder_key_ready 1",
            "bulwark_feeder_sources{venue=\"kraken\"} 2",
            "bulwark_feeder_sources_up{venue=\"kraken\"} 1",
            "bulwark_feeder_sources_up{venue=\"okx\"} 0",
            "bulwark_feeder_source_errors_total{reason=\"timeout\",venue=\"kraken\"} 3",
            "bulwark_feeder_quote_age_seconds{venue=\"kraken\"} 1.5",
            "bulwark_feeder_rounds_total{outcome=\"unchanged\"} 20",
            "bulwark_feeder_submissions_total 7",
            "bulwark_feeder_rejections_total 2",
            "bulwark_feeder_last_submission_timestamp_seconds 1760130835",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(!text.contains("quote_age_seconds{venue=\"okx\"}"), "{text}");
    }

    #[test]
    fn counters_should_follow_when_the_report_grows_or_begins_again() {
        let registry = Registry::new();
        let metrics = FeederMetrics::register(&registry).unwrap();
        let mut report = report();
        for count in [7, 9, 9, 1] {
            report.rounds.insert(Outcome::Submitted, count);
            let text = seen(&metrics, &registry, &report.to_bytes());
            assert!(
                text.contains(&format!("submissions_total {count}\n")),
                "{text}"
            );
        }
    }

    #[test]
    fn age_should_end_when_the_venue_is_no_longer_asked() {
        let registry = Registry::new();
        let metrics = FeederMetrics::register(&registry).unwrap();
        let mut report = report();
        assert!(seen(&metrics, &registry, &report.to_bytes()).contains("quote_age_seconds{"));
        report.venues.get_mut(&Venue::Kraken).unwrap().sources = 0;
        assert!(!seen(&metrics, &registry, &report.to_bytes()).contains("quote_age_seconds{"));
    }

    #[test]
    fn metrics_should_stand_when_the_report_is_missing_or_damaged() {
        let registry = Registry::new();
        let metrics = FeederMetrics::register(&registry).unwrap();
        metrics.look(&InMemOffchainStorage::default(), NOW);
        assert!(text(&registry).contains("bulwark_feeder_submissions_total 0\n"));
        seen(&metrics, &registry, &report().to_bytes());
        let good = report().to_bytes();
        for end in 0..good.len() {
            let text = seen(&metrics, &registry, &good[..end]);
            assert!(
                text.contains("bulwark_feeder_submissions_total 7\n"),
                "{text}"
            );
        }
        for byte in 0..=u8::MAX {
            seen(&metrics, &registry, &vec![byte; 5_000]);
            seen(&metrics, &registry, &[&[1], &[byte; 200][..]].concat());
        }
    }
}
