//! One round: ask, agree with oneself, and feed if that is due.

use super::{
    fetch, is_clean, listed,
    policy::{State, Why},
    report, tickers,
    value::{own_value, Value},
    Outcome, Source, SourceError, Sources, SubmitFeed, FETCH_MILLIS, LOG_TARGET,
};
use crate::Config;
use alloc::{collections::BTreeMap, vec::Vec};
use bulwark_primitives::{AssetId, Moment, Price};
use sp_runtime::offchain::Duration;

/// What a source gave.
struct Answer<'a> {
    source: &'a Source,
    /// The price and when it was true.
    quote: Result<(Price, Moment), SourceError>,
}

/// Makes the round of `block` and reports it. `O(sources)` requests, all at once.
pub(super) fn run<T: Config>(
    block: u64,
    feeder: &T::AccountId,
    sources: &Sources,
    state: &mut State,
) {
    let (answers, values) = gather(sources, &listed::<T>());
    log_sources(&answers, state);
    let gaps: Vec<AssetId> = values
        .iter()
        .map(|(asset, _)| *asset)
        .filter(|asset| !is_clean::<T>(*asset))
        .collect();
    let assets = values.len();
    let now = sp_io::offchain::timestamp().unix_millis();
    let why = state.due(now, &values, &gaps);
    let outcome = match why {
        None if values.is_empty() => Outcome::NothingToFeed,
        None => Outcome::Unchanged,
        Some(_) => match T::Submit::submit(feeder, values.clone()) {
            Ok(()) => Outcome::Submitted,
            Err(error) => error.into(),
        },
    };
    if outcome == Outcome::Submitted {
        state.submitted(now, values, gaps);
    } else {
        state.waited(&gaps);
    }
    let before = report::load().last_outcome;
    report::update(|report| {
        report.asked(answers.iter().map(|answer| {
            let quote = answer.quote.map(|(_, at)| at);
            (answer.source.venue, quote)
        }));
        report.ended(outcome);
        if outcome == Outcome::Submitted {
            report.last_submission = Some(now);
        }
    });
    let up = answers.iter().filter(|answer| answer.quote.is_ok()).count();
    log::log!(
        target: LOG_TARGET,
        outcome.level(before == Some(outcome)),
        "block={block} outcome={} why={} assets={assets} sources_up={up} sources_failed={} \
         feeder={feeder:?}",
        outcome.as_str(),
        why.map_or("nothing_new", Why::as_str),
        answers.len().saturating_sub(up),
    );
}

/// Asks every source of a listed asset. Returns what each gave, and this feeder's value of each asset
/// that has one.
fn gather<'a>(
    sources: &'a Sources,
    listed: &[AssetId],
) -> (Vec<Answer<'a>>, Vec<(AssetId, Price)>) {
    let wanted: Vec<&Source> = sources
        .iter()
        .filter(|source| listed.contains(&source.asset))
        .collect();
    let bodies = fetch::all(&wanted, Duration::from_millis(FETCH_MILLIS));
    let now = sp_io::offchain::timestamp().unix_millis();
    let mut answers: Vec<Answer> = wanted
        .into_iter()
        .zip(bodies)
        .map(|(source, body)| Answer {
            source,
            quote: body.and_then(|body| quote(source, &body, now)),
        })
        .collect();

    let mut prices = BTreeMap::<AssetId, Vec<Price>>::new();
    for answer in &answers {
        if let Ok((price, _)) = answer.quote {
            prices.entry(answer.source.asset).or_default().push(price);
        }
    }
    let values: BTreeMap<AssetId, Value> = prices
        .into_iter()
        .filter_map(|(asset, prices)| Some((asset, own_value(&prices)?)))
        .collect();
    for answer in &mut answers {
        let value = values.get(&answer.source.asset);
        if let (Ok((price, _)), Some(value)) = (answer.quote, value) {
            if !value.counts(price) {
                answer.quote = Err(SourceError::Outlier);
            }
        }
    }
    let values = values
        .into_iter()
        .map(|(asset, value)| (asset, value.price))
        .collect();
    (answers, values)
}

fn quote(source: &Source, body: &[u8], now: Moment) -> Result<(Price, Moment), SourceError> {
    let ticker = tickers::parse(source.venue, &source.symbol, body)?;
    Ok((ticker.price, ticker.fresh_at(now)?))
}

/// One line when a source begins to fail, fails in another way, or is back. A source that goes on failing
/// is in the counters, and here at debug level.
fn log_sources(answers: &[Answer], state: &mut State) {
    let mut failing = BTreeMap::new();
    for Answer { source, quote } in answers {
        let name = sp_io::hashing::twox_64(source.url.as_bytes());
        let before = state.failing.get(&name).copied();
        let (venue, asset, symbol) = (source.venue.as_str(), source.asset, &source.symbol);
        match quote {
            Err(error) => {
                let level = if before == Some(*error) {
                    log::Level::Debug
                } else {
                    log::Level::Warn
                };
                let error_text = error.as_str();
                log::log!(
                    target: LOG_TARGET,
                    level,
                    "event=source_down venue={venue} asset={asset} symbol={symbol} error={error_text}",
                );
                failing.insert(name, *error);
            }
            Ok(_) if before.is_some() => log::info!(
                target: LOG_TARGET,
                "event=source_up venue={venue} asset={asset} symbol={symbol}",
            ),
            Ok(_) => {}
        }
    }
    state.failing = failing;
}
