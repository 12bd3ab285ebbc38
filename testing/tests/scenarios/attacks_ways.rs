//! Ways in and out that were less guarded than the others, elsewhere; here they are tried.

use crate::{
    attacks_liquidation::in_sub_account,
    bad_input::name,
    bitcoins_long,
    play::{main_account, trade_in, withdraw, withdrawable},
};
use bulwark_primitives::{Side, SubAccount};
use bulwark_runtime::{
    currency::BLW,
    lanes::{LIQUIDATION_PRIORITY, MAX_USER_PRIORITY},
    Margin, PriceOracle, Runtime, RuntimeCall, UncheckedExtrinsic,
};
use bulwark_testing::{
    account, alice, bob, charlie, dave, eve, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
    USDX,
};
use bulwark_traits::PriceSource;
use polkadot_sdk::{
    frame_system, pallet_oracle, pallet_utility, sp_core::sr25519::Pair, sp_io::hashing::blake2_256,
};

/// Every way by which value leaves an account says no to the same amount.
fn no_way_out(chain: &mut Chain, who: &Pair, amount: u128, error: &str) {
    let out = || -> RuntimeCall { withdraw(USDX, amount).into() };
    let transfer: RuntimeCall = pallet_margin::Call::<Runtime>::transfer {
        from_sub: 0,
        to_sub: 3,
        asset: USDX,
        amount,
    }
    .into();
    let batch: RuntimeCall = pallet_utility::Call::batch_all { calls: vec![out()] }.into();
    for call in [out(), transfer.clone(), batch] {
        let before = chain.risk_state();
        assert_eq!(name(chain.submit(who, call.clone())), error, "{call:?}");
        assert_eq!(chain.risk_state(), before);
    }
    // Nor by a key that may trade for the account.
    for call in [out(), transfer] {
        let delegated = pallet_margin::Call::trade_as {
            owner: account(who),
            call: Box::new(call),
        };
        assert_eq!(name(chain.submit(&eve(), delegated)), "NotATrade");
    }
}

/// Percolator: trading brought an account up to date, withdrawing looked at what it had been.
///
/// The rule: all value leaves through one function, which settles interest and funding and then asks for health, with
/// the same prices and the same requirement whatever the way.
#[test]
fn every_way_out_should_ask_the_same_when_an_account_owes_or_has_no_price() {
    let mut chain = bitcoins_long(1_000, 30_000);
    let delegate = pallet_margin::Call::set_delegate {
        sub_account: 0,
        delegate: account(&eve()),
        allowed: true,
    };
    chain.submit(&bob(), delegate).expect("bob has an account");
    let room = withdrawable(&mut chain, &bob(), USDX);
    no_way_out(&mut chain, &bob(), room + 1_000_000, "InsufficientMargin");
    // A price that nobody vouches for.
    chain.feeding(false);
    chain.skip_slots(40);
    chain.blocks(1);
    let error = chain
        .read(|| PriceOracle::price(BTC))
        .expect_err("nobody feeds");
    no_way_out(&mut chain, &bob(), 2_000_000, &format!("Price{error:?}"));
    chain.feeding(true);
    chain.blocks(40);
    // Interest that has not been settled: what is owed is looked at as of this block. Bob's debt is the loss of
    // a second position, his collateral a bitcoin.
    let bitcoin = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: BTC,
        amount: 100_000_000,
    };
    chain.submit(&bob(), bitcoin).expect("bob has bitcoins");
    let supply = pallet_lending::Call::supply {
        amount: usd(100_000),
    };
    chain.submit(&dave(), supply).expect("dave supplies");
    chain.price(BTC, 96_000);
    chain.blocks(2);
    let one = quantity(1_000);
    trade_in(
        &mut chain,
        BTC_USD,
        (&charlie(), &bob()),
        one,
        price(96_000),
    );
    // 26,000 of it are left; so much is moved out, and then a loss comes.
    let room = withdrawable(&mut chain, &bob(), USDX);
    chain
        .submit(&bob(), withdraw(USDX, room))
        .expect("flat, so all may go");
    trade_in(
        &mut chain,
        BTC_USD,
        (&bob(), &charlie()),
        one,
        price(96_000),
    );
    chain.price(BTC, 95_000);
    chain.blocks(2);
    trade_in(
        &mut chain,
        BTC_USD,
        (&charlie(), &bob()),
        one,
        price(95_000),
    );
    let owed = chain.read(|| Margin::load(&main_account(&bob())).balance);
    assert!(owed < usd(-1_000), "{owed:?}");
    chain.blocks(20);
    no_way_out(&mut chain, &bob(), 2_000_000, "InsufficientBalance");
    // Nor does the collateral leave while anything is owed, though it is worth ninety times that.
    for call in [
        withdraw(BTC, 10_000),
        pallet_margin::Call::transfer {
            from_sub: 0,
            to_sub: 3,
            asset: BTC,
            amount: 10_000,
        },
    ] {
        assert_eq!(name(chain.submit(&bob(), call)), "SettlementDebt");
    }
    // What pays it back is the debt as it has grown, not as it was stored.
    let grown = chain.read(|| Margin::load(&main_account(&bob())).balance);
    assert!(grown < owed, "{grown:?} {owed:?}");
    let stored =
        chain.read(|| pallet_margin::Accounts::<Runtime>::get(main_account(&bob())).balance);
    assert!(grown < stored, "{grown:?} {stored:?}");
}

fn pool_refuses(chain: &mut Chain, spam: &[UncheckedExtrinsic]) {
    for (place, extrinsic) in spam.iter().enumerate() {
        assert!(chain.validate(extrinsic.clone()).is_err(), "pool: {place}");
    }
}

/// Neither the pool nor a block takes any of these, and they use nothing of the block.
fn all_are_refused(chain: &mut Chain, spam: Vec<UncheckedExtrinsic>) {
    pool_refuses(chain, &spam);
    chain.open_block();
    // The first transaction of a block starts what the book does by itself.
    let remark = frame_system::Call::remark { remark: vec![] };
    let first = chain.sign(&eve(), remark);
    chain.include(first).expect("a transaction like any other");
    let before = chain.weight();
    for (place, extrinsic) in spam.into_iter().enumerate() {
        let outcome = chain.include(extrinsic);
        assert!(
            matches!(outcome, Err(Failure::Invalid(_))),
            "block: {place} {outcome:?}"
        );
    }
    assert_eq!(chain.weight(), before);
    chain.close_block();
}

/// Subspace, laminar: anybody could fill blocks with unsigned transactions that were hardly looked at.
///
/// The rules: a free liquidation is valid only for an account that is under maintenance now and was not tried
/// in vain; nothing else without a signature gets in.
#[test]
fn unsigned_transactions_should_never_enter_a_block_when_there_is_nothing_to_liquidate() {
    let mut chain = bitcoins_long(5_000, 30_000);
    chain
        .order(&dave(), BTC_USD, Side::Bid, quantity(9_000), price(96_000))
        .expect("dave bids");
    let liquidate = |account| pallet_liquidation::Call::liquidate { account };
    let nobody = (0..200u16).map(|seed| {
        let owner = blake2_256(&seed.to_le_bytes()).into();
        SubAccount::new(owner, seed % 7)
    });
    let healthy = [alice(), bob(), charlie(), dave(), eve()]
        .into_iter()
        .flat_map(|who| [0, 1, u16::MAX].map(|index| SubAccount::new(account(&who), index)));
    let spam: Vec<UncheckedExtrinsic> = nobody
        .chain(healthy)
        .map(|who| chain.authorized(liquidate(who)))
        .collect();
    let bare: [RuntimeCall; 6] = [
        withdraw(USDX, 1_000_000).into(),
        in_sub_account(Side::Bid, quantity(1), price(10)),
        liquidate(main_account(&bob())).into(),
        frame_system::Call::remark { remark: vec![] }.into(),
        pallet_oracle::Call::feed_values {
            values: vec![(BTC, price(1))].try_into().expect("one value"),
        }
        .into(),
        pallet_lending::Call::supply { amount: usd(1) }.into(),
    ];
    all_are_refused(&mut chain, spam);
    // Without any form at all no pool takes them, and an author who puts them into his own block gets nothing.
    let bare = bare.map(UncheckedExtrinsic::new_bare);
    pool_refuses(&mut chain, &bare);
    let before = chain.risk_state();
    chain.open_block();
    for (place, extrinsic) in bare.into_iter().enumerate() {
        assert!(chain.include(extrinsic).is_err(), "author: {place}");
    }
    chain.close_block();
    assert_eq!(chain.risk_state(), before);

    // Due now, large enough to be still due after the block's own closing: one is valid, for few blocks, and
    // a second one replaces it and does not come beside it.
    chain.price(BTC, 96_000);
    chain.blocks(2);
    let due = chain.authorized(liquidate(main_account(&bob())));
    let first = chain.validate(due.clone()).expect("due");
    let again = chain.authorized(liquidate(main_account(&bob())));
    let second = chain.validate(again).expect("due");
    assert_eq!(first.provides, second.provides);
    assert_eq!(first.provides.len(), 1);
    assert!(first.longevity <= 3, "{}", first.longevity);
    // One that waits in the pool is looked at again: the account has paid in meanwhile.
    chain.deposit(&bob(), usd(100_000)).expect("bob pays in");
    all_are_refused(&mut chain, vec![due]);
}

/// Hydration, and whoever pays for a place in a block: a liquidation call that the sender signs and tips, alone or in
/// a batch, is of the class that has room of its own. It gets no place before a free liquidation or a feed by that.
#[test]
fn signed_liquidation_should_not_outrank_a_free_one_or_a_feed_when_it_is_tipped_or_wrapped() {
    let mut chain = bitcoins_long(5_000, 30_000);
    let liquidate = || -> RuntimeCall {
        pallet_liquidation::Call::<Runtime>::liquidate {
            account: main_account(&bob()),
        }
        .into()
    };
    let many = vec![liquidate(), liquidate()];
    let calls: [RuntimeCall; 4] = [
        liquidate(),
        pallet_utility::Call::batch { calls: vec![] }.into(),
        pallet_utility::Call::batch_all {
            calls: many.clone(),
        }
        .into(),
        pallet_utility::Call::force_batch { calls: many }.into(),
    ];
    for call in calls {
        let bribe = chain.sign_with_tip(&dave(), call.clone(), 1_000_000 * BLW);
        let priority = chain.validate(bribe).expect("it may be sent").priority;
        assert!(priority <= MAX_USER_PRIORITY, "{call:?}");
        assert!(priority < LIQUIDATION_PRIORITY);
    }
}
