//! Every account under maintenance is found, and hardly another one is looked at.

use bulwark_flow::Rng;
use bulwark_primitives::{Price, PRICE_SCALE, SLOT_MILLIS};
use bulwark_testing::finding::{Finding, Tally};
use price_replay::{utc, Recording};

const ACCOUNTS: usize = 300;
const BLOCKS: usize = 150;
const START: [f64; 3] = [100_000.0, 4_000.0, 200.0];

fn prices(usd: [f64; 3]) -> [Price; 3] {
    usd.map(|usd| Price((usd * 1e6) as u128 * (PRICE_SCALE / 1_000_000)))
}

/// A number between -1 and 1 that is near zero more often than not.
fn noise(rng: &mut Rng) -> f64 {
    let sum: u64 = (0..4).map(|_| rng.below(1_000_000)).sum();
    sum as f64 / 2e6 - 1.0
}

/// Blocks with a step of each price in hundredths of a percent, after which `drift` pulls; each ends with a
/// scan of all accounts.
fn play(seed: u64, step: f64, drift: f64) -> (Tally, f64) {
    let mut finding = Finding::new(ACCOUNTS, seed, prices(START), 900_000_000);
    let mut rng = Rng::new(seed);
    let mut at = START;
    for block in 0..BLOCKS {
        // Down for two thirds of the time, then half of it back.
        let pull = if block < BLOCKS * 2 / 3 {
            drift
        } else {
            -drift
        };
        for (place, price) in at.iter_mut().enumerate() {
            let own = 1.0 + place as f64 / 2.0;
            *price *= 1.0 + own * (pull + step * noise(&mut rng)) / 10_000.0;
        }
        finding.block(prices(at), true);
    }
    let tally = finding.tally();
    assert_eq!((tally.blocks, tally.scans), (BLOCKS as u32, BLOCKS as u32));
    assert_eq!(tally.missed, 0, "{tally:?}");
    (tally, finding.percent())
}

#[test]
fn hardly_anybody_should_be_evaluated_when_the_market_is_calm() {
    // Steps of 0.01 % in two seconds are 2 % a day.
    let (tally, percent) = play(1, 2.5, 0.0);
    println!("calm: {percent:.4} % of the accounts a block, {tally:?}");
    assert!(percent <= 0.05, "{percent} {tally:?}");
}

#[test]
fn everybody_should_be_found_and_few_others_evaluated_when_the_market_crashes() {
    // Ten percent of Bitcoin, twenty of SOL within 200 seconds.
    let (tally, percent) = play(2, 10.0, 10.5);
    println!("crash: {percent:.4} % of the accounts a block, {tally:?}");
    assert!(tally.found > 20 && tally.under > 0, "{tally:?}");
    // A scan would be 100 %, and find a healthy account nearly each time.
    assert!(percent <= 1.0, "{percent} {tally:?}");
    assert!(tally.healthy <= 5 * tally.found, "{tally:?}");
}

/// What is set, or what there is to be otherwise.
fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    let Ok(text) = std::env::var(format!("BULWARK_FINDING_{name}")) else {
        return otherwise;
    };
    text.parse()
        .unwrap_or_else(|_| panic!("BULWARK_FINDING_{name} is {text}"))
}

/// Prices between the bars of Bitcoin, Ether and SOL, on straight lines of a third of a bar.
fn recorded(folder: &str, files: &str, at: u64) -> impl Fn(u64) -> [Price; 3] {
    let recordings: Vec<Recording> = files
        .split(',')
        .map(|file| Recording::from_csv(format!("{folder}/{file}")).expect("bars"))
        .collect();
    move |block| {
        let now = at + block * SLOT_MILLIS;
        let price = |of: usize| {
            let price = recordings[of].price_at(now).expect("it has begun");
            // From 8 decimals to 18.
            Price(u128::from(price.0) * 10_000_000_000)
        };
        [price(0), price(1), price(2)]
    }
}

/// Every so many blocks all accounts are scanned; `SCAN_EVERY=1` with fewer accounts and blocks is the comparison of
/// each block. `docs/replays.md` has the commands.
#[test]
#[ignore = "a whole day with 100,000 accounts"]
fn nobody_should_be_missed_and_hardly_anybody_evaluated_when_a_recorded_day_is_played() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/market");
    let folder: String = setting("DATA", beside.into());
    if !std::path::Path::new(&folder).is_dir() {
        println!("skipped: no recorded market data in {folder}");
        return;
    }
    let minutes = ["BTC", "ETH", "SOL"].map(|of| format!("gemini_spot_{of}USD_1m_2025-10-10.csv"));
    let files: String = setting("FILES", minutes.join(","));
    let from: String = setting("FROM", "2025-10-10T00:05:00Z".into());
    let from = utc::parse(&from).expect("a time");
    let (accounts, blocks): (usize, u64) =
        (setting("ACCOUNTS", 100_000), setting("BLOCKS", 43_000));
    let (seed, scan_every): (u64, u64) = (setting("SEED", 1), setting("SCAN_EVERY", 3_600));
    let prices = recorded(&folder, &files, from);
    let begun = std::time::Instant::now();
    let mut finding = Finding::new(accounts, seed, prices(0), from / SLOT_MILLIS);
    println!("{accounts} accounts open after {:?}", begun.elapsed());
    for block in 1..=blocks {
        finding.block(
            prices(block),
            scan_every > 0 && block.is_multiple_of(scan_every),
        );
        if block.is_multiple_of(1_800) {
            println!("hour {}: {:?}", block / 1_800, finding.tally());
        }
    }
    let (tally, percent) = (finding.tally(), finding.percent());
    println!(
        "{percent:.5} % of the accounts a block, {:.2} healthy for each found, {tally:?}, {:?}",
        tally.healthy as f64 / tally.found.max(1) as f64,
        begun.elapsed()
    );
    assert_eq!(tally.missed, 0, "{tally:?}");
}
