//! What the liquidator worker does, for Prometheus.
//!
//! As the price feeder it is part of the runtime and keeps a [`Report`] in the local storage of offchain
//! workers, at which this module looks every few seconds.

use crate::feeder_metrics::{raise, POLL};
use polkadot_sdk::*;

use log::debug;
use pallet_liquidation::worker::{Report, REPORT_KEY};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use substrate_prometheus_endpoint::{
    register, Counter, Gauge, Opts, PrometheusError, Registry, U64,
};

const LOG_TARGET: &str = "bulwark::liquidator-metrics";

/// The metrics `bulwark_liquidator_*`.
#[derive(Clone)]
pub struct LiquidatorMetrics {
    due_accounts: Gauge<U64>,
    runs: Counter<U64>,
    locked: Counter<U64>,
    calls: Counter<U64>,
    rejections: Counter<U64>,
    last_run: Gauge<U64>,
}

impl LiquidatorMetrics {
    /// Registers the metrics. Until the first report they are zero.
    ///
    /// # Errors
    ///
    /// When one of the names is taken.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name, help| register(Gauge::with_opts(opts(name, help))?, registry);
        let counter = |name, help| register(Counter::with_opts(opts(name, help))?, registry);
        Ok(Self {
            due_accounts: gauge(
                "due_accounts",
                "Due accounts that the last run saw, 256 at the most",
            )?,
            runs: counter("runs_total", "Runs that looked for due accounts")?,
            locked: counter("locked_total", "Runs that found another one at work")?,
            calls: counter("calls_total", "Liquidations handed to the transaction pool")?,
            rejections: counter(
                "rejections_total",
                "Liquidations that the transaction pool refused",
            )?,
            last_run: gauge(
                "last_run_timestamp_seconds",
                "Unix time of the last run; 0 before the first",
            )?,
        })
    }

    /// Looks at the report for as long as the node runs.
    pub async fn follow(self, storage: impl OffchainStorage) {
        loop {
            self.look(&storage);
            tokio::time::sleep(POLL).await;
        }
    }

    /// Exports the report. Without one, or with one that is damaged, what was exported stands.
    fn look(&self, storage: &impl OffchainStorage) {
        let Some(bytes) = storage.get(STORAGE_PREFIX, REPORT_KEY) else {
            return;
        };
        match Report::from_bytes(&bytes) {
            Some(report) => self.export(&report),
            None => debug!(target: LOG_TARGET, "event=unreadable_report bytes={}", bytes.len()),
        }
    }

    fn export(&self, report: &Report) {
        self.due_accounts.set(report.due.into());
        raise(&self.runs, report.runs);
        raise(&self.locked, report.locked);
        raise(&self.calls, report.sent);
        raise(&self.rejections, report.rejected);
        self.last_run.set(report.last_run / 1_000);
    }
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(format!("bulwark_liquidator_{name}"), help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::offchain::storage::InMemOffchainStorage;
    use substrate_prometheus_endpoint::prometheus::{Encoder, TextEncoder};

    fn text(registry: &Registry) -> String {
        let mut buffer = Vec::new();
        TextEncoder::new()
            .encode(&registry.gather(), &mut buffer)
            .unwrap();
        String::from_utf8(buffer).unwrap()
    }

    fn seen(metrics: &LiquidatorMetrics, registry: &Registry, stored: &[u8]) -> String {
        let mut storage = InMemOffchainStorage::default();
        storage.set(STORAGE_PREFIX, REPORT_KEY, stored);
        metrics.look(&storage);
        text(registry)
    }

    fn report() -> Report {
        Report {
            runs: 40,
            locked: 3,
            due: 17,
            sent: 9,
            rejected: 2,
            last_run: 1_760_130_840_500,
        }
    }

    #[test]
    fn metrics_should_tell_what_the_report_says() {
        let registry = Registry::new();
        let metrics = LiquidatorMetrics::register(&registry).unwrap();
        let text = seen(&metrics, &registry, &report().to_bytes());
        for line in [
            "bulwark_liquidator_due_accounts 17",
            "bulwark_liquidator_runs_total 40",
            "bulwark_liquidator_locked_total 3",
            "bulwark_liquidator_calls_total 9",
            "bulwark_liquidator_rejections_total 2",
            "bulwark_liquidator_last_run_timestamp_seconds 1760130840",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }

    #[test]
    fn metrics_should_stand_when_the_report_is_missing_or_damaged() {
        let registry = Registry::new();
        let metrics = LiquidatorMetrics::register(&registry).unwrap();
        metrics.look(&InMemOffchainStorage::default());
        assert!(text(&registry).contains("bulwark_liquidator_calls_total 0\n"));
        let good = report().to_bytes();
        seen(&metrics, &registry, &good);
        for end in 0..good.len() {
            let text = seen(&metrics, &registry, &good[..end]);
            assert!(
                text.contains("bulwark_liquidator_calls_total 9\n"),
                "{text}"
            );
        }
        for bytes in [&[0; 500][..], &[9; 45], &[good.clone(), vec![0]].concat()] {
            let text = seen(&metrics, &registry, bytes);
            assert!(
                text.contains("bulwark_liquidator_calls_total 9\n"),
                "{text}"
            );
        }
    }
}
