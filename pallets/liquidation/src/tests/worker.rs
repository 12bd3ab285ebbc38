//! The offchain worker.

use crate::{
    mock::*,
    worker::{Report, MAX_TRANSACTIONS, REPORT_KEY},
    Call,
};
use bulwark_primitives::Side;
use bulwark_traits::mock::{INDEX, MARKET};
use codec::Decode;
use frame_support::{assert_ok, traits::Hooks};
use frame_system::RawOrigin;
use sp_core::offchain::{
    testing::{TestOffchainExt, TestTransactionPoolExt},
    OffchainDbExt, OffchainWorkerExt, TransactionPoolExt,
};

fn with_worker(test: impl FnOnce(&dyn Fn() -> Vec<Account>)) {
    let mut ext = new_test_ext();
    let (offchain, _) = TestOffchainExt::new();
    let (pool, state) = TestTransactionPoolExt::new();
    ext.register_extension(OffchainDbExt::new(offchain.clone()));
    ext.register_extension(OffchainWorkerExt::new(offchain));
    ext.register_extension(TransactionPoolExt::new(pool));
    ext.execute_with(|| test(&|| submitted(core::mem::take(&mut state.write().transactions))));
}

fn submitted(transactions: Vec<Vec<u8>>) -> Vec<Account> {
    transactions
        .iter()
        .map(
            |bytes| match Extrinsic::decode(&mut &bytes[..]).unwrap().function {
                RuntimeCall::Liquidation(Call::liquidate { account }) => account,
                call => panic!("{call:?}"),
            },
        )
        .collect()
}

#[test]
fn worker_should_send_the_accounts_that_step_3_did_not_reach() {
    with_worker(|sent| {
        for n in 1..=30 {
            open(n, 1_000, MARKET, 100_000);
        }
        open(99, 10_000, MARKET, 100_000);
        set_cents(INDEX, 9_250);
        Book::rest(MARKET, Side::Bid, 925, 100_000_000);
        Liquidation::offchain_worker(1);
        let accounts = sent();
        assert_eq!(accounts.len() as u32, MAX_TRANSACTIONS);
        for account in accounts {
            assert_ok!(Liquidation::liquidate(
                RawOrigin::Authorized.into(),
                account
            ));
        }
        check();
        Liquidation::offchain_worker(2);
        assert_eq!(sent().len() as u32, 30 - MAX_TRANSACTIONS);
        let report = report();
        assert_eq!((report.runs, report.sent, report.rejected), (2, 30, 0));
        assert_eq!((report.locked, report.due), (0, 30 - MAX_TRANSACTIONS));
    });
}

/// What the node would read of the worker's doings.
fn report() -> Report {
    let kind = sp_core::offchain::StorageKind::PERSISTENT;
    let bytes = sp_io::offchain::local_storage_get(kind, REPORT_KEY).unwrap();
    Report::from_bytes(&bytes).unwrap()
}

#[test]
fn report_should_begin_again_when_it_is_damaged() {
    with_worker(|sent| {
        let kind = sp_core::offchain::StorageKind::PERSISTENT;
        for damaged in [&[][..], &[0], &[7; 500]] {
            sp_io::offchain::local_storage_set(kind, REPORT_KEY, damaged);
            Liquidation::offchain_worker(1);
            assert_eq!((report().runs, report().due), (1, 0));
        }
        assert_eq!(sent(), vec![]);
    });
}

#[test]
fn worker_should_send_nothing_when_nobody_is_due_or_can_be_closed() {
    with_worker(|sent| {
        let account = open(1, 1_000, MARKET, 100_000);
        Liquidation::offchain_worker(1);
        assert!(sent().is_empty());
        set_cents(INDEX, 9_250);
        next_block();
        assert!(is_parked(&account));
        Liquidation::offchain_worker(2);
        assert!(sent().is_empty());
    });
}
