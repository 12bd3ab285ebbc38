use super::*;
use crate::DataSpec;

fn flat(usd: u64, start: u64, bars: u64) -> Recording {
    let price = Price::from_whole(usd);
    let bars = (0..bars)
        .map(|i| crate::Bar {
            time: start + i * 60_000,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: 1.0,
        })
        .collect();
    Recording::new("flat", bars, 60_000).unwrap()
}

#[test]
fn range_should_be_what_all_recordings_cover_when_they_differ() {
    let eth: Asset = "ETH".parse().unwrap();
    let feeds = Feeds::default()
        .everywhere(Asset::btc(), flat(100, 0, 10))
        .at(Venue::Kraken, eth.clone(), flat(5, 120_000, 20));
    let replay = Replay::new(feeds, Options::default()).unwrap();
    assert_eq!(replay.range(), (120_000, 600_000));
    let at = |venue| replay.price_of(venue, &eth, 130_000);
    assert_eq!(at(Venue::Kraken), Some(Price::from_whole(5)));
    assert_eq!(at(Venue::Binance), None);
    assert_eq!(replay.price_at(0), Some(Price::from_whole(100)));
    assert_eq!(replay.markets().count(), 6);
}

#[test]
fn range_should_reach_beyond_what_is_common_when_asked_for() {
    let feeds = || {
        Feeds::default()
            .at(Venue::Kraken, Asset::btc(), flat(1, 0, 2))
            .at(Venue::Okx, Asset::btc(), flat(2, 600_000, 2))
    };
    let options = Options {
        from: Some(0),
        to: Some(720_000),
        ..Options::default()
    };
    let replay = Replay::new(feeds(), options).unwrap();
    assert_eq!(replay.range(), (0, 720_000));
    let outside = Options {
        to: Some(720_001),
        ..options
    };
    assert!(matches!(
        Replay::new(feeds(), outside).unwrap_err(),
        ReplayError::OutOfRange { to: 720_000, .. }
    ));
}

fn ages(replay: &Replay, venue: Venue) -> Option<(Price, u64)> {
    match replay.ask(venue, Some(&Asset::btc())).said {
        Said::Quote(quote) => Some((quote.price, quote.age)),
        Said::Unavailable => None,
        Said::Unlisted => panic!("{venue} lists it"),
    }
}

/// Five venues from five files; OKX has a gap from 1 to 4 minutes, Bybit begins at 2 minutes.
fn five(gaps: Gaps) -> Replay {
    let mut bars = flat(40, 0, 1).bars().to_vec();
    bars.extend_from_slice(flat(41, 240_000, 6).bars());
    let feeds = Feeds::default()
        .at(Venue::Binance, Asset::btc(), flat(10, 0, 10))
        .at(Venue::Coinbase, Asset::btc(), flat(20, 0, 10))
        .at(Venue::Kraken, Asset::btc(), flat(30, 0, 10))
        .at(
            Venue::Okx,
            Asset::btc(),
            Recording::new("gap", bars, 60_000).unwrap(),
        )
        .at(Venue::Bybit, Asset::btc(), flat(50, 120_000, 8))
        .with_gaps(gaps);
    let options = Options {
        from: Some(0),
        wait: true,
        ..Options::default()
    };
    Replay::new(feeds, options).unwrap()
}

#[test]
fn venues_should_quote_their_own_series_when_each_has_a_file() {
    let replay = five(Gaps::Last);
    replay.jump(250_000).unwrap();
    let quoted = Venue::ALL.map(|venue| ages(&replay, venue).unwrap());
    assert_eq!(
        quoted,
        [10, 20, 30, 41, 50].map(|usd| (Price::from_whole(usd), 0))
    );
}

#[test]
fn quote_should_age_when_its_venue_has_no_bar() {
    let replay = five(Gaps::Last);
    replay.jump(100_000).unwrap();
    assert_eq!(
        ages(&replay, Venue::Okx),
        Some((Price::from_whole(40), 40_000))
    );
    assert_eq!(
        ages(&replay, Venue::Kraken),
        Some((Price::from_whole(30), 0))
    );
    assert_eq!(ages(&replay, Venue::Bybit), None, "it has not begun");
}

#[test]
fn venue_should_be_down_when_it_has_no_bar_and_gaps_are_errors() {
    let replay = five(Gaps::Error);
    replay.jump(60_000).unwrap();
    assert_eq!(ages(&replay, Venue::Okx), Some((Price::from_whole(40), 0)));
    replay.jump(60_001).unwrap();
    assert_eq!(ages(&replay, Venue::Okx), None);
    replay.jump(240_000).unwrap();
    assert_eq!(ages(&replay, Venue::Okx), Some((Price::from_whole(41), 0)));
}

#[test]
fn quote_should_be_of_then_when_the_venue_is_stuck() {
    let replay = five(Gaps::Last);
    replay.jump(250_000).unwrap();
    replay.set_fault(Venue::Okx, Fault::Stale(200.0)).unwrap();
    // At 50 seconds OKX said 40.
    assert_eq!(
        ages(&replay, Venue::Okx),
        Some((Price::from_whole(40), 200_000))
    );
    // Before the file nothing is known, so the first moment it is.
    replay.set_fault(Venue::Bybit, Fault::Stale(200.0)).unwrap();
    assert_eq!(
        ages(&replay, Venue::Bybit),
        Some((Price::from_whole(50), 200_000))
    );
}

#[test]
fn replay_should_be_refused_when_options_make_no_sense() {
    let new = |options| {
        let feeds = Feeds::default().everywhere(Asset::btc(), flat(1, 60_000, 2));
        Replay::new(feeds, options).map(|_| ()).unwrap_err()
    };
    let base = Options::default();
    let out = ReplayError::OutOfRange {
        time: 1,
        from: 60_000,
        to: 180_000,
    };
    assert_eq!(
        new(Options {
            from: Some(1),
            ..base
        }),
        out
    );
    assert_eq!(
        new(Options {
            to: Some(60_000),
            ..base
        }),
        ReplayError::EmptyRange
    );
    assert_eq!(new(Options { speed: 0.0, ..base }), ReplayError::Speed(0.0));
    assert!(matches!(
        new(Options {
            speed: f64::NAN,
            ..base
        }),
        ReplayError::Speed(_)
    ));
    let apart = Feeds::default()
        .at(Venue::Kraken, Asset::btc(), flat(1, 0, 1))
        .at(Venue::Binance, Asset::btc(), flat(1, 600_000, 1));
    let error = Replay::new(apart, base).unwrap_err();
    assert_eq!(error, ReplayError::NothingToPlay);
    assert_eq!(
        Replay::new(Feeds::default(), base).unwrap_err(),
        ReplayError::NothingToPlay
    );
}

#[test]
fn specific_recording_should_win_when_a_general_one_is_there_too() {
    for general_first in [true, false] {
        let one = |feeds: Feeds| feeds.at(Venue::Kraken, Asset::btc(), flat(7, 0, 1));
        let all = |feeds: Feeds| feeds.everywhere(Asset::btc(), flat(1, 0, 1));
        let feeds = match general_first {
            true => one(all(Feeds::default())),
            false => all(one(Feeds::default())),
        };
        let replay = Replay::new(feeds, Options::default()).unwrap();
        let price = |venue| replay.price_of(venue, &Asset::btc(), 0);
        assert_eq!(price(Venue::Kraken), Some(Price::from_whole(7)));
        assert_eq!(price(Venue::Binance), Some(Price::from_whole(1)));
    }
}

#[test]
fn data_spec_should_be_split_when_parts_are_given() {
    let spec = |text: &str| text.parse::<DataSpec>();
    let btc = Asset::btc();
    let eth: Asset = "ETH".parse().unwrap();
    let of = |venue, file: &str, asset: &Asset| {
        Ok(DataSpec {
            venue,
            file: file.into(),
            asset: asset.clone(),
        })
    };
    assert_eq!(spec("a/b.csv"), of(None, "a/b.csv", &btc));
    assert_eq!(spec("a/b.csv:ETHUSDT"), of(None, "a/b.csv", &eth));
    assert_eq!(
        spec("kraken=b.csv:ETH"),
        of(Some(Venue::Kraken), "b.csv", &eth)
    );
    assert_eq!(spec("a/x=1/b.csv"), of(None, "a/x=1/b.csv", &btc));
    assert_eq!(
        spec("bybit=b.csv:USDEUSDT"),
        of(Some(Venue::Bybit), "b.csv", &"USDE".parse().unwrap())
    );
    assert!(spec("bitmex=b.csv")
        .unwrap_err()
        .contains("no venue `bitmex`; there are binance, coinbase, kraken, okx, bybit"));
    assert!(spec("kraken=").unwrap_err().contains("names no file"));
}

#[test]
fn file_and_line_should_be_named_when_one_of_many_is_damaged() {
    let folder = std::env::temp_dir().join(format!("price-replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let specs: Vec<DataSpec> = Venue::ALL
        .into_iter()
        .map(|venue| {
            let file = folder.join(format!("{venue}.csv"));
            let close = if venue == Venue::Okx { "much" } else { "5" };
            let text = format!("time_utc,open,high,low,close\n60,5,6,4,5\n120,5,6,4,{close}\n");
            std::fs::write(&file, text).unwrap();
            format!("{venue}={}:ETH", file.display()).parse().unwrap()
        })
        .collect();
    let error = Feeds::read(&specs).unwrap_err().to_string();
    assert!(
        error.ends_with("okx.csv:3: close `much` is not a plain decimal number"),
        "{error}"
    );
    let good: Vec<_> = specs
        .into_iter()
        .filter(|spec| spec.venue != Some(Venue::Okx))
        .collect();
    let replay = Replay::new(Feeds::read(&good).unwrap(), Options::default()).unwrap();
    assert_eq!(replay.markets().count(), 4);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn fault_should_be_refused_when_its_value_makes_no_sense() {
    assert_eq!(
        Fault::parse("off_percent", Some(-5.0)),
        Ok(Fault::OffPercent(-5.0))
    );
    assert_eq!(Fault::parse("timeout", None), Ok(Fault::Timeout(30.0)));
    assert!(Fault::parse("off_percent", None).is_err());
    assert!(Fault::parse("off_percent", Some(-100.0)).is_err());
    assert!(Fault::parse("off_percent", Some(f64::NAN)).is_err());
    assert!(Fault::parse("timeout", Some(-1.0)).is_err());
    assert_eq!(Fault::parse("stale", None), Ok(Fault::Stale(120.0)));
    assert!(Fault::parse("stale", Some(f64::NAN)).is_err());
    assert!(Fault::parse("fire", None)
        .unwrap_err()
        .contains("no fault `fire`"));
}

/// The recorded minutes of 2025-10-10, where they are at hand.
fn recorded(file: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/market")
        .join(file);
    if !path.exists() {
        eprintln!("skipped: no recorded data at {}", path.display());
        return None;
    }
    Some(path.display().to_string())
}

#[test]
fn venues_should_part_when_they_did_on_the_recorded_day() {
    let files = [
        (Venue::Binance, "binance_coinm_DOTUSD_1m_2025-10-10.csv"),
        (Venue::Coinbase, "coinbase_spot_DOTUSD_1m_2025-10-10.csv"),
        (Venue::Okx, "gemini_spot_DOTUSD_1m_2025-10-10.csv"),
    ];
    let mut specs = Vec::new();
    for (venue, file) in files {
        let Some(path) = recorded(file) else { return };
        specs.push(format!("{venue}={path}:DOT").parse().unwrap());
    }
    let dot: Asset = "DOT".parse().unwrap();
    let replay = Replay::new(Feeds::read(&specs).unwrap(), Options::default()).unwrap();
    let minutes =
        utc::parse("2025-10-10T21:10Z").unwrap()..utc::parse("2025-10-10T21:40Z").unwrap();
    let low = |venue| {
        let prices = minutes.clone().step_by(1_000);
        prices
            .filter_map(|time| replay.price_of(venue, &dot, time))
            .min()
    };
    // Every wick is quoted: Binance DOT at 0.696 while Coinbase never went under 2.86.
    assert_eq!(low(Venue::Binance), Price::parse("0.696").ok());
    assert_eq!(low(Venue::Coinbase), Price::parse("2.86").ok());
    assert!(low(Venue::Okx) > Price::parse("2.8").ok());
    // Where nobody traded for minutes, the quote says so.
    let noon = utc::parse("2025-10-10T12:00Z").unwrap();
    let ages: Vec<u64> = (0..60)
        .filter_map(|minute| {
            replay.jump(noon + minute * 60_000).unwrap();
            match replay.ask(Venue::Okx, Some(&dot)).said {
                Said::Quote(quote) => Some(quote.age),
                Said::Unlisted | Said::Unavailable => None,
            }
        })
        .collect();
    assert_eq!(ages.len(), 60);
    assert!(ages.iter().any(|age| *age > 120_000), "{ages:?}");
}
