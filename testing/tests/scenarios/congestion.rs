//! Blocks full of transactions with the highest tips: nothing that keeps the chain solvent waits for them.

use crate::one_bitcoin_long;
use bulwark_primitives::{Side, SubAccount};
use bulwark_runtime::{currency::BLW, Runtime, RuntimeCall, RuntimeEvent};
use bulwark_testing::{
    account, alice, bob, charlie, dave, eve, price, quantity, Chain, Failure, BTC, BTC_USD,
};
use polkadot_sdk::{
    frame_system, pallet_oracle,
    sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// Bytes of one user transaction: four of them fill a block.
const LARGE: usize = 900_000;
/// More than anybody needs for the highest priority that can be bought.
const TIP: u128 = 100_000 * BLW;

fn exhausted() -> Failure {
    let invalid = InvalidTransaction::ExhaustsResources;
    Failure::Invalid(TransactionValidityError::Invalid(invalid))
}

/// Fills the open block with Eve's transactions, in length and in weight, until no more fits.
fn fill(chain: &mut Chain) {
    let remark = |bytes| frame_system::Call::<Runtime>::remark {
        remark: vec![0; bytes],
    };
    let mut included = 0;
    loop {
        let transaction = chain.sign_with_tip(&eve(), remark(LARGE), TIP);
        match chain.include(transaction) {
            Ok(()) => included += 1,
            Err(refused) => {
                assert_eq!(refused, exhausted(), "after {included}");
                break;
            }
        }
    }
    assert!(included > 0, "the block was never filled");
    chain.fill_block();
    let one_more = chain.sign_with_tip(&eve(), remark(0), TIP);
    assert_eq!(chain.include(one_more), Err(exhausted()));
}

/// Blocks from the feed that puts Bob under maintenance to his closing.
fn blocks_to_closing(congested: bool) -> Option<u32> {
    let mut chain = one_bitcoin_long(8_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(5_000), price(95_000))
        .expect("dave bids");
    (1..=5).find(|_| {
        chain.open_block();
        if congested {
            fill(&mut chain);
        }
        let values = vec![(BTC, price(94_500))].try_into().expect("one value");
        let feed = RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values });
        let feed = chain.sign(&alice(), feed);
        chain.include(feed).expect("feeds have room of their own");
        chain.close_block();
        chain.events().iter().any(|event| {
            matches!(
                event,
                RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. })
            )
        })
    })
}

#[test]
fn liquidation_should_not_be_a_block_later_when_tips_fill_every_block() {
    let quiet = blocks_to_closing(false);
    // The feed is in one block, the snapshot and the closing in the next.
    assert_eq!(quiet, Some(2));
    assert_eq!(blocks_to_closing(true), quiet);
}

#[test]
fn liquidators_call_should_have_room_when_tips_fill_the_block() {
    let mut chain = one_bitcoin_long(8_000);
    let healthy = SubAccount::new(account(&bob()), 0);
    chain.open_block();
    fill(&mut chain);
    let call = pallet_liquidation::Call::<Runtime>::liquidate { account: healthy };
    let call = chain.sign(&charlie(), call);
    let refused = pallet_liquidation::Error::<Runtime>::NotLiquidatable.into();
    // It was in the block: what refused it is the account's health.
    assert_eq!(chain.include(call), Err(Failure::Dispatch(refused)));
    chain.close_block();
}
