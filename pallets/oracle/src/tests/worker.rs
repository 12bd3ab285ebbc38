use super::network::{Answer, Network};
use crate::{
    mock::*,
    worker::{Counters, COUNTERS_KEY, KEY_TYPE, SOURCES_KEY},
};
use bulwark_primitives::{AssetId, Price, PRICE_SCALE};
use bulwark_traits::PriceSource;
use codec::{Decode, Encode};
use frame_support::{assert_ok, traits::Hooks};
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use sp_runtime::{
    generic::Preamble,
    traits::{Dispatchable, Verify},
    MultiSignature,
};

const BINANCE: &str = "http://h/binance/BTCUSDT";
const COINBASE: &str = "http://h/coinbase/BTC-USD";
const KRAKEN: &str = "http://h/kraken/XBTUSD";
const KRAKEN_ETH: &str = "http://h/kraken/ETHUSD";
const UNLISTED: &str = "http://h/binance/SOLUSDT";

const SOURCES: &str = r#"{"sources":[
    {"venue":"binance","asset":2,"symbol":"BTCUSDT","url":"http://h/binance/BTCUSDT"},
    {"venue":"coinbase","asset":2,"symbol":"BTC-USD","url":"http://h/coinbase/BTC-USD"},
    {"venue":"kraken","asset":2,"symbol":"XXBTZUSD","url":"http://h/kraken/XBTUSD"},
    {"venue":"kraken","asset":3,"symbol":"XETHZUSD","url":"http://h/kraken/ETHUSD"},
    {"venue":"binance","asset":44,"symbol":"SOLUSDT","url":"http://h/binance/SOLUSDT"}
]}"#;

/// A node with a feeder's key, that feeder alone admitted, all exchanges answering.
fn node() -> (sp_io::TestExternalities, Network, AccountId) {
    let keystore = MemoryKeystore::new();
    // A raw seed: deriving one from a phrase takes half a second without optimisation.
    let seed = format!("0x{}", "07".repeat(32));
    let key = keystore
        .sr25519_generate_new(KEY_TYPE, Some(&seed))
        .unwrap();
    let who = AccountId::from(key.0);
    let mut ext = ext_with(vec![feeder(1), who.clone()], 1);
    ext.register_extension(KeystoreExt::new(keystore));
    let network = Network::install(&mut ext);
    network.set(SOURCES_KEY, SOURCES.as_bytes());
    network.body(BINANCE, r#"{"symbol":"BTCUSDT","price":"101516.50000000"}"#);
    network.body(
        COINBASE,
        r#"{"price":"101520.25","time":"2025-10-10T21:14:00Z"}"#,
    );
    network.body(
        KRAKEN,
        r#"{"error":[],"result":{"XXBTZUSD":{"c":["101510.1","0.1"]}}}"#,
    );
    network.body(
        KRAKEN_ETH,
        r#"{"error":[],"result":{"XETHZUSD":{"c":["3800.5","2"]}}}"#,
    );
    network.body(UNLISTED, r#"{"symbol":"SOLUSDT","price":"180"}"#);
    (ext, network, who)
}

fn work() {
    PriceOracle::offchain_worker(System::block_number());
}

/// The only transaction of the pool: its signer and what it feeds, the signature checked.
fn fed(network: &Network) -> (AccountId, Vec<(AssetId, Price)>) {
    let transactions = network.transactions();
    assert_eq!(transactions.len(), 1, "{transactions:?}");
    let extrinsic = Extrinsic::decode(&mut &*transactions[0]).unwrap();
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
    (who.clone(), values.to_vec())
}

fn counters(network: &Network) -> Counters {
    network.get(COUNTERS_KEY).unwrap()
}

fn cents(price: u128) -> Price {
    Price(price * PRICE_SCALE / 100)
}

#[test]
fn worker_should_feed_its_median_when_every_source_answers() {
    let (mut ext, network, who) = node();
    ext.execute_with(|| {
        work();
        let expected = vec![(BTC, cents(10_151_650)), (ETH, cents(380_050))];
        let (signer, values) = fed(&network);
        assert_eq!((signer, values.clone()), (who.clone(), expected));
        let counters = counters(&network);
        assert_eq!((counters.sources_ok, counters.sources_failed), (4, 0));
        assert_eq!((counters.submitted, counters.refused), (1, 0));
        assert_eq!(counters.last_block, Some(1));
        // The chain takes it, and it is the price of the next block.
        let call = RuntimeCall::Oracle(pallet_oracle::Call::feed_values {
            values: values.try_into().unwrap(),
        });
        assert_ok!(call.dispatch(RuntimeOrigin::signed(who)));
        next_block();
        assert_eq!(PriceOracle::price(BTC), Ok(cents(10_151_650)));
    });
}

#[test]
fn worker_should_ask_all_sources_of_listed_assets_at_once_when_it_runs() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        work();
        assert_eq!(network.requests(), [BINANCE, COINBASE, KRAKEN, KRAKEN_ETH]);
        assert_eq!(network.requests_before_the_first_wait(), Some(4));
    });
}

#[test]
fn worker_should_feed_the_others_when_a_source_fails_in_any_way() {
    let html = b"<html><body>Bad gateway</body></html>".to_vec();
    let huge = format!(
        r#"{{"symbol":"BTCUSDT","price":"1","pad":"{}"}}"#,
        "x".repeat(20_000)
    );
    for bad in [
        Answer::Refused,
        Answer::Broken,
        Answer::Silence,
        Answer::Stalled,
        Answer::Body(200, Vec::new()),
        Answer::Body(200, b"garbage".to_vec()),
        Answer::Body(200, html.clone()),
        Answer::Body(502, html.clone()),
        Answer::Body(500, br#"{"symbol":"BTCUSDT","price":"1"}"#.to_vec()),
        Answer::Body(200, br#"{"symbol":"ETHUSDT","price":"1"}"#.to_vec()),
        Answer::Body(200, br#"{"symbol":"BTCUSDT","price":"0"}"#.to_vec()),
        Answer::Body(200, vec![0xff; 100]),
        Answer::Body(200, huge.into_bytes()),
    ] {
        let (mut ext, network, _) = node();
        ext.execute_with(|| {
            network.answer(BINANCE, bad.clone());
            work();
            // The mean of the two that are left.
            let expected = vec![
                (BTC, Price(101_515_175_000_000_000_000_000)),
                (ETH, cents(380_050)),
            ];
            assert_eq!(fed(&network).1, expected, "{bad:?}");
            let counters = counters(&network);
            assert_eq!(
                (counters.sources_ok, counters.sources_failed),
                (3, 1),
                "{bad:?}"
            );
        });
    }
}

#[test]
fn worker_should_leave_an_asset_out_when_all_its_sources_fail() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        network.answer(KRAKEN_ETH, Answer::Silence);
        work();
        assert_eq!(fed(&network).1, vec![(BTC, cents(10_151_650))]);
    });
}

#[test]
fn worker_should_feed_nothing_when_every_source_fails() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        for url in [BINANCE, COINBASE, KRAKEN, KRAKEN_ETH] {
            network.answer(url, Answer::Silence);
        }
        work();
        assert!(network.transactions().is_empty());
        let counters = counters(&network);
        assert_eq!((counters.sources_failed, counters.submitted), (4, 0));
        assert_eq!(counters.refused, 0);
    });
}

#[test]
fn worker_should_do_one_round_when_a_block_comes_twice() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        work();
        work();
        assert_eq!(network.transactions().len(), 1);
        next_block();
        work();
        assert_eq!(network.transactions().len(), 1);
        assert_eq!(counters(&network).submitted, 2);
    });
}

#[test]
fn worker_should_stay_away_when_another_round_runs() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        let end = sp_core::offchain::Timestamp::from_unix_millis(1);
        network.set(b"bulwark/feeder/lock", &end.encode());
        work();
        assert!(network.requests().is_empty());
        // A lock left behind runs out.
        sp_io::offchain::sleep_until(sp_core::offchain::Timestamp::from_unix_millis(2));
        work();
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
        assert_eq!(network.get::<Counters>(COUNTERS_KEY), None);
    });
}

#[test]
fn worker_should_be_quiet_when_its_feeder_is_not_admitted() {
    let (mut ext, network, who) = node();
    ext.execute_with(|| {
        assert_ok!(PriceOracle::remove_feeder(RuntimeOrigin::root(), who));
        work();
        assert!(network.requests().is_empty());
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
        });
    }
}

#[test]
fn worker_should_count_the_refusal_when_the_pool_does_not_take_the_feed() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        network.refuse_transactions();
        work();
        let counters = counters(&network);
        assert_eq!((counters.submitted, counters.refused), (0, 1));
    });
}

#[test]
fn worker_should_start_counting_again_when_the_counters_are_unreadable() {
    let (mut ext, network, _) = node();
    ext.execute_with(|| {
        network.set(COUNTERS_KEY, b"?");
        work();
        assert_eq!(counters(&network).submitted, 1);
    });
}
