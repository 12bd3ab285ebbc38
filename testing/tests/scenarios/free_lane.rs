//! Placing and cancelling without a native token, as far as the quota goes.

use bulwark_primitives::{Side, TimeInForce};
use bulwark_runtime::{Balances, OrderBook, Runtime, RuntimeEvent};
use bulwark_testing::{account, bob, eve, price, quantity, usd, Chain, Failure, BTC_USD, USDX};
use pallet_order_book::Call;
use polkadot_sdk::{
    pallet_assets,
    sp_core::{sr25519::Pair, Pair as _},
    sp_runtime::transaction_validity::InvalidTransaction,
};

fn place() -> Call<Runtime> {
    Call::place_order {
        sub_account: 0,
        market: BTC_USD,
        side: Side::Bid,
        quantity: quantity(1),
        price: price(99_000),
        time_in_force: TimeInForce::PostOnly,
        reduce_only: false,
        expires_at: None,
    }
}

fn cancel(order_id: u64) -> Call<Runtime> {
    Call::cancel_order {
        sub_account: 0,
        market: BTC_USD,
        order_id,
    }
}

/// Somebody without native tokens. Of the dollars he has, `deposited` are collateral.
fn penniless(chain: &mut Chain, deposited: i64) -> Pair {
    let frank = Pair::from_string("//Frank", None).expect("a seed");
    let transfer = pallet_assets::Call::<Runtime>::transfer {
        id: USDX.into(),
        target: account(&frank).into(),
        amount: 1_000_000_000,
    };
    chain.submit(&bob(), transfer).expect("bob pays him");
    if deposited > 0 {
        // Somebody else's fee: the call itself is what counts here.
        chain.open_block();
        let deposit = pallet_margin::Call::deposit {
            sub_account: 0,
            asset: USDX,
            amount: usd(deposited).0.unsigned_abs(),
        };
        chain
            .dispatch(&account(&frank), deposit)
            .expect("it is his");
        chain.close_block();
    }
    assert_eq!(native(chain, &frank), 0);
    frank
}

fn native(chain: &mut Chain, who: &Pair) -> u128 {
    chain.read(|| Balances::free_balance(account(who)))
}

fn skipped(chain: &Chain) -> usize {
    use polkadot_sdk::pallet_skip_feeless_payment::Event::FeeSkipped;
    let skipped =
        |event: &&RuntimeEvent| matches!(event, RuntimeEvent::SkipFeeless(FeeSkipped { .. }));
    chain.events().iter().filter(skipped).count()
}

const UNPAID: Failure = Failure::Invalid(
    polkadot_sdk::sp_runtime::transaction_validity::TransactionValidityError::Invalid(
        InvalidTransaction::Payment,
    ),
);

#[test]
fn trader_should_place_and_cancel_when_he_has_no_native_token() {
    let mut chain = Chain::development();
    let frank = penniless(&mut chain, 50);
    chain.submit(&frank, place()).expect("it needs no fee");
    assert_eq!(skipped(&chain), 1);
    assert_eq!(
        chain.read(|| OrderBook::best_bid(BTC_USD)),
        Some(price(99_000))
    );
    chain.submit(&frank, cancel(0)).expect("nor does this");
    assert_eq!(chain.read(|| OrderBook::best_bid(BTC_USD)), None);
    assert_eq!(native(&mut chain, &frank), 0);
    // Whatever else costs what it did.
    let heartbeat = Call::heartbeat {
        sub_account: 0,
        blocks: 5,
        stops: false,
    };
    assert_eq!(chain.submit(&frank, heartbeat), Err(UNPAID));
}

#[test]
fn account_should_pay_when_it_has_no_collateral() {
    let mut chain = Chain::development();
    let frank = penniless(&mut chain, 0);
    let placed = chain.sign(&frank, place());
    assert_eq!(
        chain.validate(placed),
        Err(InvalidTransaction::Payment.into()),
        "it does not enter the pool"
    );
    assert_eq!(chain.submit(&frank, place()), Err(UNPAID));
    // Who has native tokens pays with them.
    let before = native(&mut chain, &eve());
    let nothing = chain.submit(&eve(), cancel(7));
    assert!(matches!(nothing, Err(Failure::Dispatch(_))));
    assert!(native(&mut chain, &eve()) < before);
}

#[test]
fn trader_should_pay_when_the_quota_of_the_block_is_used_up() {
    let mut chain = Chain::development();
    // 50 dollars: eight places, so eight actions a block. What fails counts as well.
    let frank = penniless(&mut chain, 50);
    chain.deposit(&eve(), usd(50)).expect("eve deposits");
    let before = native(&mut chain, &eve());
    chain.open_block();
    for who in [&frank, &eve()] {
        for _ in 0..8 {
            let extrinsic = chain.sign(who, cancel(7));
            let done = chain.include(extrinsic);
            assert!(matches!(done, Err(Failure::Dispatch(_))), "{done:?}");
        }
    }
    assert_eq!(native(&mut chain, &eve()), before, "eight were free");
    let ninth = chain.sign(&frank, cancel(7));
    assert_eq!(chain.include(ninth), Err(UNPAID));
    let ninth = chain.sign(&eve(), cancel(7));
    assert!(matches!(chain.include(ninth), Err(Failure::Dispatch(_))));
    assert!(native(&mut chain, &eve()) < before, "the ninth was not");
    chain.close_block();
    // The next block has a quota of its own.
    chain.submit(&frank, place()).expect("it needs no fee");
}

#[test]
fn free_order_should_wait_behind_one_that_pays() {
    let mut chain = Chain::development();
    let frank = penniless(&mut chain, 50);
    let free = chain.sign(&frank, place());
    let paying = chain.sign(&eve(), place());
    let free = chain.validate(free).expect("valid").priority;
    let paying = chain.validate(paying).expect("valid").priority;
    assert!(free < paying);
}

#[test]
fn clients_should_see_the_fee_extension_of_the_sdk() {
    use bulwark_runtime::{lanes::ChargeWithLane, RuntimeCall, TxExtension};
    use codec::Encode;
    use polkadot_sdk::{
        pallet_transaction_payment::ChargeTransactionPayment,
        sp_runtime::traits::TransactionExtension,
    };
    type Fee = ChargeTransactionPayment<Runtime>;
    assert_eq!(
        ChargeWithLane::from(1_000_000).encode(),
        Fee::from(1_000_000).encode()
    );
    let ours = <ChargeWithLane as TransactionExtension<RuntimeCall>>::metadata();
    let theirs = <Fee as TransactionExtension<RuntimeCall>>::metadata();
    let seen = |all: &[polkadot_sdk::sp_runtime::traits::TransactionExtensionMetadata]| {
        all.iter()
            .map(|one| (one.identifier, one.ty, one.implicit))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(&ours), seen(&theirs));
    let names: Vec<_> = <TxExtension as TransactionExtension<RuntimeCall>>::metadata()
        .into_iter()
        .map(|one| one.identifier)
        .collect();
    assert_eq!(
        names,
        [
            "AuthorizeCall",
            "CheckNonZeroSender",
            "CheckSpecVersion",
            "CheckTxVersion",
            "CheckGenesis",
            "CheckMortality",
            "CheckNonce",
            "CheckWeight",
            "ChargeTransactionPayment",
            "CheckMetadataHash",
            "WeightReclaim"
        ]
    );
}
