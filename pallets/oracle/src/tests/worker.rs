use super::network::{Answer, Network};
use crate::{
    mock::*,
    worker::{
        Outcome, Report, SourceError, Venue, VenueReport, HEARTBEAT_MILLIS, KEY_TYPE, REPORT_KEY,
        SOURCES_KEY,
    },
};
use bulwark_primitives::{AssetId, Price, PRICE_SCALE};
use bulwark_traits::PriceSource;
use codec::{Decode, Encode};
use frame_support::{assert_ok, traits::Hooks};
use proptest::prelude::*;
use sp_core::offchain::Timestamp;
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use sp_runtime::{
    generic::Preamble,
    traits::{Dispatchable, Verify},
    MultiSignature,
};

const BINANCE: &str = "http://h/binance/BTCUSDT";
const COINBASE: &str = "http://h/coinbase/BTC-USD";
const KRAKEN: &str = "http://h/kraken/XBTUSD";
const OKX: &str = "https://h/okx/BTC-USDT";
const BYBIT: &str = "https://h/bybit/BTCUSDT";
const KRAKEN_ETH: &str = "http://h/kraken/ETHUSD";
const UNLISTED: &str = "http://h/binance/SOLUSDT";
const ALL: [&str; 6] = [BINANCE, COINBASE, KRAKEN, OKX, BYBIT, KRAKEN_ETH];

const SOURCES: &str = r#"{"sources":[
    {"venue":"binance","asset":2,"symbol":"BTCUSDT","url":"http://h/binance/BTCUSDT"},
    {"venue":"coinbase","asset":2,"symbol":"BTC-USD","url":"http://h/coinbase/BTC-USD"},
    {"venue":"kraken","asset":2,"symbol":"XXBTZUSD","url":"http://h/kraken/XBTUSD"},
    {"venue":"okx","asset":2,"symbol":"BTC-USDT","url":"https://h/okx/BTC-USDT"},
    {"venue":"bybit","asset":2,"symbol":"BTCUSDT","url":"https://h/bybit/BTCUSDT"},
    {"venue":"kraken","asset":3,"symbol":"XETHZUSD","url":"http://h/kraken/ETHUSD"},
    {"venue":"binance","asset":44,"symbol":"SOLUSDT","url":"http://h/binance/SOLUSDT"}
]}"#;

const STATE_KEY: &[u8] = b"bulwark/feeder/state";
const LOCK_KEY: &[u8] = b"bulwark/feeder/lock";

/// 2025-10-10T21:14:00Z.
const NOW: u64 = 1_760_130_840_000;

/// What the sources say of BTC in the middle.
const BTC_MEDIAN: u128 = 10_151_650;

fn key(keystore: &MemoryKeystore, seed: &str) -> AccountId {
    // A raw seed: deriving one from a phrase takes half a second without optimisation.
    let seed = format!("0x{}", seed.repeat(32));
    let key = keystore.sr25519_generate_new(KEY_TYPE, Some(&seed));
    AccountId::from(key.unwrap().0)
}

/// The account of an admitted feeder whose key is not on the node.
fn spare() -> AccountId {
    key(&MemoryKeystore::new(), "08")
}

/// A node with the key of an admitted feeder, all exchanges answering.
fn node() -> (sp_io::TestExternalities, Network, AccountId) {
    let keystore = MemoryKeystore::new();
    let who = key(&keystore, "07");
    let mut ext = ext_with(vec![feeder(1), who.clone(), spare()], 1);
    ext.register_extension(KeystoreExt::new(keystore));
    let network = Network::install(&mut ext);
    network.set_now(NOW);
    network.set(SOURCES_KEY, SOURCES.as_bytes());
    network.body(BINANCE, r#"{"symbol":"BTCUSDT","price":"101516.50000000"}"#);
    network.body(COINBASE, &coinbase("101520.25", "21:14:00"));
    network.body(
        KRAKEN,
        r#"{"error":[],"result":{"XXBTZUSD":{"c":["101510.1","0.1"]}}}"#,
    );
    network.body(OKX, &okx("101518", NOW));
    network.body(BYBIT, &bybit("101500", NOW));
    network.body(
        KRAKEN_ETH,
        r#"{"error":[],"result":{"XETHZUSD":{"c":["3800.5","2"]}}}"#,
    );
    network.body(UNLISTED, r#"{"symbol":"SOLUSDT","price":"180"}"#);
    (ext, network, who)
}

fn coinbase(price: &str, clock: &str) -> String {
    format!(r#"{{"price":"{price}","time":"2025-10-10T{clock}.016274911Z"}}"#)
}

fn okx(price: &str, at: u64) -> String {
    format!(r#"{{"code":"0","data":[{{"instId":"BTC-USDT","last":"{price}","ts":"{at}"}}]}}"#)
}

fn bybit(price: &str, at: u64) -> String {
    format!(
        r#"{{"retCode":0,"result":{{"list":[{{"symbol":"BTCUSDT","lastPrice":"{price}"}}]}},"time":{at}}}"#
    )
}

/// All venues say the same of BTC, now.
fn quote_everywhere(network: &Network, price: &str) {
    network.body(
        BINANCE,
        &format!(r#"{{"symbol":"BTCUSDT","price":"{price}"}}"#),
    );
    network.body(COINBASE, &coinbase(price, "21:14:00"));
    let kraken = format!(r#"{{"error":[],"result":{{"XXBTZUSD":{{"c":["{price}","0.1"]}}}}}}"#);
    network.body(KRAKEN, &kraken);
    network.body(OKX, &okx(price, NOW));
    network.body(BYBIT, &bybit(price, NOW));
}

fn work() {
    PriceOracle::offchain_worker(System::block_number());
}

/// The round of the next block, a slot later.
fn work_in_next_block(network: &Network) {
    next_block();
    network.advance(2_000);
    work();
}

/// The transaction of the pool, taken out of it: its signer and what it feeds, the signature checked.
fn fed(network: &Network) -> Option<(AccountId, Vec<(AssetId, Price)>)> {
    let transactions = network.transactions();
    assert!(transactions.len() <= 1, "{transactions:?}");
    let extrinsic = Extrinsic::decode(&mut &**transactions.first()?).unwrap();
    let Preamble::Signed(who, signature, ()) = &extrinsic.preamble else {
        panic!("not signed");
    };
    let RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values }) = &extrinsic.function
    else {
        panic!("not a feed: {:?}", extrinsic.function);
    };
    let nonce = System::account_nonce(who) - 1;
    let payload = (&extrinsic.function, nonce).encode();
    let signature: &MultiSignature = signature;
    assert!(signature.verify(&*payload, who));
    Some((who.clone(), values.to_vec()))
}

/// Puts what the pool holds into the chain.
fn include(network: &Network) {
    let (who, values) = fed(network).unwrap();
    let values = values.try_into().unwrap();
    let call = RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values });
    assert_ok!(call.dispatch(RuntimeOrigin::signed(who)));
}

fn report(network: &Network) -> Report {
    Report::from_bytes(&network.get(REPORT_KEY).unwrap()).unwrap()
}

fn rounds(network: &Network, outcome: Outcome) -> u64 {
    report(network).rounds.get(&outcome).copied().unwrap_or(0)
}

fn venue(network: &Network, venue: Venue) -> VenueReport {
    report(network).venues.remove(&venue).unwrap()
}

/// How many sources gave a usable quote in the last round, and how many did not.
fn sources(network: &Network) -> (u32, u32) {
    let report = report(network);
    let up = report.venues.values().map(|venue| venue.up).sum();
    let all: u32 = report.venues.values().map(|venue| venue.sources).sum();
    (up, all - up)
}

fn cents(price: u128) -> Price {
    Price(price * PRICE_SCALE / 100)
}

#[test]
fn worker_should_feed_its_median_when_every_source_answers() {
    let (mut ext, network, who) = node();
    ext.execute_with(|| {
        work();
        let expected = vec![(BTC, cents(BTC_MEDIAN)), (ETH, cents(380_050))];
        let (signer, values) = fed(&network).unwrap();
        assert_eq!((signer, values.clone()), (who.clone(), expected));
        assert_eq!(sources(&network), (6, 0));
        let report = report(&network);
        assert_eq!((report.submissions(), report.rejections()), (1, 0));
        assert_eq!(report.last_submission, Some(NOW));
        assert!(report.has_key());
        // The chain takes it, and it is the price of the next block.
        let call = RuntimeCall::Oracle(pallet_oracle::Call::feed_values {
            values: values.try_into().unwrap(),
        });
        assert_ok!(call.dispatch(RuntimeOrigin::signed(who)));
        next_block();
        assert_eq!(PriceOracle::price(BTC), Ok(cents(BTC_MEDIAN)));
    });
}

#[test]
fn worker_should_ask_all_sources_of_listed_assets_at_once_when_it_runs() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        work();
        assert_eq!(network.requests(), ALL);
        assert_eq!(network.requests_before_the_first_wait(), Some(6));
    });
}

#[test]
fn worker_should_feed_the_others_when_a_source_fails_in_any_way() {
    let html = b"<html><body>Bad gateway</body></html>".to_vec();
    let huge = format!(
        r#"{{"symbol":"BTCUSDT","price":"1","pad":"{}"}}"#,
        "x".repeat(20_000)
    );
    let json = |code, text: &str| Answer::Body(code, text.as_bytes().to_vec());
    for (bad, error) in [
        (Answer::Refused, SourceError::Unreachable),
        (Answer::Broken, SourceError::Unreachable),
        (Answer::Silence, SourceError::Timeout),
        (Answer::Stalled, SourceError::Timeout),
        (Answer::Body(200, Vec::new()), SourceError::NotJson),
        (json(200, "garbage"), SourceError::NotJson),
        (Answer::Body(200, html.clone()), SourceError::NotJson),
        (Answer::Body(502, html.clone()), SourceError::Status),
        (json(418, "{}"), SourceError::RateLimited),
        (json(429, "{}"), SourceError::RateLimited),
        (
            json(500, r#"{"symbol":"BTCUSDT","price":"1"}"#),
            SourceError::Status,
        ),
        (
            json(200, r#"{"symbol":"ETHUSDT","price":"1"}"#),
            SourceError::Symbol,
        ),
        (
            json(200, r#"{"symbol":"BTCUSDT","price":"0"}"#),
            SourceError::Price,
        ),
        (
            json(200, r#"{"symbol":"BTCUSDT","cost":"1"}"#),
            SourceError::Shape,
        ),
        (
            json(200, r#"{"code":-1121,"msg":"Invalid symbol."}"#),
            SourceError::Venue,
        ),
        (
            json(200, r#"{"symbol":"BTCUSDT","price":"99000"}"#),
            SourceError::Outlier,
        ),
        (Answer::Body(200, vec![0xff; 100]), SourceError::NotJson),
        (Answer::Body(200, huge.into_bytes()), SourceError::TooLarge),
    ] {
        let (mut ext, network, _) = node();
        ext.execute_with(|| {
            network.answer(BINANCE, bad.clone());
            work();
            // The mean of the middle two that are left, 101510.1 and 101518.
            let expected = vec![(BTC, cents(10_151_405)), (ETH, cents(380_050))];
            assert_eq!(fed(&network).unwrap().1, expected, "{bad:?}");
            assert_eq!(sources(&network), (5, 1), "{bad:?}");
            let binance = venue(&network, Venue::Binance);
            assert_eq!(binance.errors.into_iter().collect::<Vec<_>>(), [(error, 1)]);
            assert_eq!(binance.quote_at, None);
        });
    }
}

#[test]
fn worker_should_skip_a_quote_when_its_venue_dates_it_back() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        // Half a minute is the limit; Coinbase says the second, OKX and Bybit the millisecond.
        network.body(COINBASE, &coinbase("90000", "21:13:29"));
        network.body(OKX, &okx("90000", NOW - 30_001));
        network.body(BYBIT, &bybit("101500", NOW - 30_000));
        work();
        for (name, stale) in [(Venue::Coinbase, 1), (Venue::Okx, 1), (Venue::Bybit, 0)] {
            let errors = venue(&network, name).errors;
            let count = errors.get(&SourceError::Stale).copied().unwrap_or(0);
            assert_eq!(count, stale, "{name:?}");
        }
        assert_eq!(venue(&network, Venue::Bybit).quote_at, Some(NOW - 30_000));
        assert_eq!(venue(&network, Venue::Kraken).quote_at, Some(NOW));
        // 101500, 101510.1, 101516.5
        assert_eq!(fed(&network).unwrap().1[0], (BTC, cents(10_151_010)));
    });
}

#[test]
fn worker_should_leave_an_asset_out_when_all_its_sources_fail() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        network.answer(KRAKEN_ETH, Answer::Silence);
        work();
        assert_eq!(fed(&network).unwrap().1, vec![(BTC, cents(BTC_MEDIAN))]);
        let kraken = venue(&network, Venue::Kraken);
        assert_eq!((kraken.sources, kraken.up), (2, 1));
    });
}

#[test]
fn worker_should_feed_nothing_when_every_source_fails() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        for url in ALL {
            network.answer(url, Answer::Silence);
        }
        work();
        assert_eq!(fed(&network), None);
        assert_eq!(sources(&network), (0, 6));
        let report = report(&network);
        assert_eq!((report.submissions(), report.rejections()), (0, 0));
        assert_eq!(report.last_outcome, Some(Outcome::NothingToFeed));
    });
}

#[test]
fn worker_should_do_one_round_when_a_block_comes_twice() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        work();
        network.advance(HEARTBEAT_MILLIS);
        quote_everywhere(&network, "90000");
        work();
        assert_eq!(network.transactions().len(), 1);
        assert_eq!(network.requests().len(), 6);
        work_in_next_block(&network);
        assert_eq!(network.transactions().len(), 1);
        assert_eq!(report(&network).submissions(), 2);
    });
}

#[test]
fn worker_should_wait_when_it_has_nothing_new_to_say() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        work();
        include(&network);
        // 2, 4, 6 and 8 seconds later, then 10.
        for _ in 0..4 {
            work_in_next_block(&network);
            assert_eq!(fed(&network), None);
        }
        assert_eq!(rounds(&network, Outcome::Unchanged), 4);
        assert_eq!(report(&network).last_submission, Some(NOW));
        work_in_next_block(&network);
        assert_eq!(
            fed(&network).unwrap().1.len(),
            2,
            "all values, not only new ones"
        );
        assert_eq!(report(&network).last_submission, Some(NOW + 10_000));
    });
}

#[test]
fn worker_should_feed_when_a_value_moved() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        quote_everywhere(&network, "100000");
        work();
        include(&network);
        for (price, moved) in [
            ("100049.99", false),
            ("100050", true),
            // Counted from what was fed last, not from what was seen last.
            ("100100.01", false),
            ("100000.1", false),
            ("99999.97", true),
        ] {
            quote_everywhere(&network, price);
            work_in_next_block(&network);
            assert_eq!(fed(&network).is_some(), moved, "{price}");
        }
    });
}

#[test]
fn worker_should_feed_when_an_asset_loses_its_price() {
    let (mut ext, network, who) = node();
    ext.execute_with(|| {
        work();
        include(&network);
        work_in_next_block(&network);
        assert_eq!(fed(&network), None, "both have a price");
        // What the chain knew of this feeder is gone.
        pallet_oracle::RawValues::<Test>::remove(&who, ETH);
        work_in_next_block(&network);
        assert_eq!(fed(&network).unwrap().1.len(), 2);
        work_in_next_block(&network);
        assert_eq!(fed(&network), None, "the gap is not a fresh one");
    });
}

#[test]
fn worker_should_stay_away_when_another_round_runs() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        let lock = |millis| network.set(LOCK_KEY, &Timestamp::from_unix_millis(millis).encode());
        lock(NOW + 4_000);
        work();
        assert!(network.requests().is_empty());
        assert_eq!(rounds(&network, Outcome::Locked), 1);
        // A lock left behind runs out, and half a second is waited for it.
        network.set_now(NOW);
        lock(NOW + 600);
        work();
        assert!(network.requests().is_empty());
        network.set_now(NOW);
        lock(NOW + 400);
        work();
        assert_eq!(network.transactions().len(), 1);
        assert_eq!(rounds(&network, Outcome::Locked), 2);
    });
}

#[test]
fn lock_should_be_removed_when_it_is_from_the_future() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        // Held when the clock was a day ahead.
        network.set(
            LOCK_KEY,
            &Timestamp::from_unix_millis(NOW + 86_400_000).encode(),
        );
        work();
        assert!(network.requests().is_empty());
        work_in_next_block(&network);
        assert_eq!(network.transactions().len(), 1);
    });
}

#[test]
fn worker_should_be_quiet_when_the_node_has_no_feeders_key() {
    let (mut ext, network, _) = node();
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    ext.execute_with(|| {
        work();
        assert!(network.requests().is_empty());
        assert_eq!(network.get(REPORT_KEY), None);
    });
}

#[test]
fn report_should_tell_when_a_feeder_loses_its_key() {
    let (mut ext, network, _) = node();
    ext.execute_with(work);
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    ext.execute_with(|| {
        assert!(report(&network).has_key());
        work();
        assert!(!report(&network).has_key());
        assert_eq!(report(&network).last_outcome, Some(Outcome::NoKey));
    });
}

#[test]
fn worker_should_be_quiet_when_its_feeder_is_not_admitted() {
    let (mut ext, network, who) = node();
    ext.execute_with(|| {
        assert_ok!(PriceOracle::remove_feeder(RuntimeOrigin::root(), who));
        work();
        assert!(network.requests().is_empty());
        assert!(!report(&network).has_key());
        assert_eq!(rounds(&network, Outcome::NotAdmitted), 1);
    });
}

#[test]
fn worker_should_feed_at_once_when_the_key_was_changed() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        work();
        include(&network);
        work_in_next_block(&network);
        assert_eq!(fed(&network), None);
    });
    let keystore = MemoryKeystore::new();
    key(&keystore, "08");
    ext.register_extension(KeystoreExt::new(keystore));
    ext.execute_with(|| {
        work_in_next_block(&network);
        assert_eq!(fed(&network).unwrap().0, spare());
    });
}

#[test]
fn worker_should_feed_nothing_when_the_sources_are_missing_or_bad() {
    for bytes in [&b""[..], b"{", b"{\"sources\":[]}", b"\xff\xff"] {
        let (mut ext, network, _) = node();
        ext.execute_with(|| {
            network.set(SOURCES_KEY, bytes);
            work();
            assert!(network.requests().is_empty());
            assert!(network.transactions().is_empty());
            assert_eq!(report(&network).last_outcome, Some(Outcome::BadSources));
        });
    }
}

#[test]
fn worker_should_count_the_refusal_and_try_again_when_the_pool_does_not_take_the_feed() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        network.refuse_transactions();
        work();
        let first = report(&network);
        assert_eq!((first.submissions(), first.rejections()), (0, 1));
        assert_eq!(first.last_submission, None);
        network.accept_transactions();
        work_in_next_block(&network);
        assert!(fed(&network).is_some());
        let second = report(&network);
        assert_eq!((second.submissions(), second.rejections()), (1, 1));
    });
}

#[test]
fn worker_should_start_again_when_what_it_stored_is_damaged() {
    for garbage in [&b""[..], b"?", &[0xff; 100], &[1; 100], &[0; 100_000]] {
        let (mut ext, network, _) = node();
        ext.execute_with(|| {
            work();
            include(&network);
            for key in [REPORT_KEY, STATE_KEY, LOCK_KEY] {
                network.set(key, garbage);
            }
            // An undecodable lock is none; one that decodes runs out or is removed.
            work();
            work_in_next_block(&network);
            assert_eq!(network.transactions().len(), 1, "{}", garbage.len());
            assert_eq!(report(&network).submissions(), 1);
        });
    }
}

proptest! {
    // A case is a chain of its own.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn worker_should_never_panic_when_the_world_is_made_of_garbage(
        bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 6),
        codes in prop::collection::vec(prop::sample::select(vec![0u16, 200, 204, 404, 429, 503]), 6),
        good in prop::collection::vec(any::<bool>(), 6),
        stored in prop::collection::vec(any::<u8>(), 0..60),
        clock in any::<u64>(),
        sources in prop::option::weighted(0.1, prop::collection::vec(any::<u8>(), 0..60)),
    ) {
        let (mut ext, network, _) = node();
        ext.execute_with(|| {
            for (url, ((body, code), good)) in ALL.iter().zip(bodies.iter().zip(codes).zip(good)) {
                if !good {
                    network.answer(url, Answer::Body(code, body.clone()));
                }
            }
            for key in [REPORT_KEY, STATE_KEY] {
                network.set(key, &stored);
            }
            if let Some(sources) = sources {
                network.set(SOURCES_KEY, &sources);
            }
            network.set_now(clock);
            work();
            // Whatever answered well says between 101500 and 101520.25, or 3800.5.
            for (asset, price) in fed(&network).map(|(_, values)| values).unwrap_or_default() {
                let (low, high) = if asset == BTC {
                    (10_150_000, 10_152_025)
                } else {
                    (380_050, 380_050)
                };
                assert!((cents(low)..=cents(high)).contains(&price), "{asset} {price:?}");
            }
        });
    }
}
