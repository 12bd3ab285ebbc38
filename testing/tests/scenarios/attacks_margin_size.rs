//! Positions that are too large for their market: by a hundred accounts, and by one that takes its margin out.

use crate::{
    attacks_losses::{deposit_all, equity, fund, minus, Losses},
    bad_input::name,
    play::{
        dollars, glide, in_dollars, main_account, size, trade_in, units, withdraw_most,
        withdrawable, LINK, LINK_USD,
    },
};
use bulwark_primitives::{Quantity, Side, TimeInForce, Usd, SIZE_SCALE};
use bulwark_runtime::{Margin, Runtime, RuntimeCall};
use bulwark_testing::{
    bob, charlie, crowd, endow, eve, price, quantity, usd, Chain, BTC, BTC_USD, USDX,
};
use polkadot_sdk::sp_core::sr25519::Pair;

/// Accounts of one owner, and those who trade with them.
const SYBILS: usize = 100;
const MAKERS: usize = 10;
/// What each of them deposits, in dollars.
const STAKE: i64 = 100_000;
const MAKER_STAKE: i64 = 15_000_000;
/// Transactions of one block.
const CHUNK: usize = 10;

fn take(market: bulwark_primitives::MarketId, quantity: Quantity, dollars: u128) -> RuntimeCall {
    pallet_order_book::Call::<Runtime>::place_order {
        sub_account: 0,
        market,
        side: Side::Bid,
        quantity,
        price: price(dollars),
        time_in_force: TimeInForce::ImmediateOrCancel,
        reduce_only: false,
        expires_at: None,
    }
    .into()
}

/// A hundred accounts that all want as much of LINK as their margin buys.
struct Pyramid {
    chain: Chain,
    sybils: Vec<Pair>,
    makers: Vec<Pair>,
    /// What each bought, in thousandths.
    bought: Vec<u128>,
}

/// Each account buys at 10 dollars what it may. `capped` is the rule: margin rises with the open interest of
/// all, from a level on up to all of the notional at the cap.
fn build_pyramid(capped: bool) -> Pyramid {
    let people = crowd(SYBILS + MAKERS);
    let mut chain = Chain::development_with(|genesis| {
        endow(genesis, &people, 20_000_000);
        for (market, _, params) in &mut genesis.markets.markets {
            if *market == LINK_USD && !capped {
                params.max_open_interest = Quantity(1_000_000_000 * SIZE_SCALE);
                params.lower_open_interest = params.max_open_interest;
            }
        }
    });
    chain.price(LINK, 10);
    chain.blocks(2);
    let (sybils, makers) = people.split_at(SYBILS);
    let deposit = |dollars: i64| -> RuntimeCall {
        pallet_margin::Call::<Runtime>::deposit {
            sub_account: 0,
            asset: USDX,
            amount: u128::try_from(usd(dollars).0).expect("positive"),
        }
        .into()
    };
    let mut calls: Vec<(Pair, RuntimeCall)> = Vec::new();
    calls.extend(sybils.iter().map(|who| (who.clone(), deposit(STAKE))));
    calls.extend(makers.iter().map(|who| (who.clone(), deposit(MAKER_STAKE))));
    for calls in calls.chunks(2 * CHUNK) {
        let done = chain.together(calls.to_vec());
        assert!(done.iter().all(Result::is_ok), "{done:?}");
    }
    for who in makers {
        chain
            .order(who, LINK_USD, Side::Ask, units(1_300_000), price(10))
            .expect("makers offer");
    }
    let mut bought = Vec::new();
    for chunk in sybils.chunks(CHUNK) {
        // What each may buy is known only when those before him have.
        chain.open_block();
        for who in chunk {
            let most = chain.read(|| Margin::max_order(&main_account(who), LINK_USD, Side::Bid));
            // Less the fee, in whole units.
            let whole = units(most.0 * 98 / 100 / SIZE_SCALE);
            let take = chain.sign(who, take(LINK_USD, whole, 10));
            chain
                .include(take)
                .expect("the chain said so much may be bought");
            let has = u128::try_from(size(&mut chain, who, LINK_USD)).expect("long");
            bought.push(has / (SIZE_SCALE / 1_000));
        }
        chain.close_block();
        // Feeds, and checks the invariants.
        chain.blocks(1);
    }
    Pyramid {
        chain,
        sybils: sybils.to_vec(),
        makers: makers.to_vec(),
        bought,
    }
}

/// dYdX, November 2023: over a hundred wallets bought SUSHI and YFI with the profit of what they had bought
/// before, until there was more open interest than the market could ever close; then the price fell by half.
///
/// The rules: initial margin rises to all of the notional as the open interest of *all* nears the cap, so
/// that a hundred accounts are no more than one; open profit of a tier C market buys nothing and cannot be
/// withdrawn; the fund pays for such a market a twentieth of itself.
#[test]
fn hundred_accounts_should_not_build_a_pyramid_when_open_interest_is_what_margin_follows() {
    // Without the first rule: 1.25 million dollars each, 12 times what was deposited, and far beyond the cap.
    let free = build_pyramid(false).bought;
    let all = |bought: &[u128]| bought.iter().sum::<u128>() / 1_000;
    assert!(all(&free) > 11_000_000, "{}", all(&free));

    let Pyramid {
        mut chain,
        sybils,
        makers,
        bought,
    } = build_pyramid(true);
    assert!(all(&bought) < 5_000_000, "{}", all(&bought));
    let (first, last) = (bought[0] / 100, bought[SYBILS - 1] / 100);
    // Dollars of position: the first has 12 times his stake, the last hardly more than he paid for in full.
    assert!(first > 1_100_000 && last < 140_000, "{first} {last}");

    deposit_all(&mut chain, &[(eve(), 1_000_000)]);
    let flat = equity(&mut chain, &eve());
    chain.price(LINK, 11);
    chain.blocks(60);
    // A tenth up is 4.6 millions of open profit. Nobody can buy more with it, or take it out.
    for who in &sybils {
        let most = chain.read(|| Margin::max_order(&main_account(who), LINK_USD, Side::Bid));
        assert!(most.is_zero(), "{most:?}");
        assert_eq!(withdrawable(&mut chain, who, USDX), 0);
    }

    let fund_before = fund(&mut chain);
    let makers_had = usd(MAKER_STAKE - 10_000);
    // 40 % down in one block, as far as a tier C price is believed.
    chain.exact_price(LINK, dollars(6.6));
    chain.blocks(1);
    let mut losses = Losses::default();
    let closed = (0..700).find(|_| {
        chain.blocks(1);
        losses.add(chain.events());
        sybils.iter().all(|who| {
            let health = chain.health(who).expect("priced");
            !health.is_bankrupt() && !health.is_liquidatable()
        })
    });
    assert!(closed.is_some(), "somebody is still under: {losses:?}");
    let [shortfall, of_fund, deleveraged, _, unpaid] = losses.0;
    assert!(
        shortfall > 0 && deleveraged > 0 && unpaid == 0,
        "{losses:?}"
    );
    let paid = minus(fund_before, fund(&mut chain));
    let share = Usd(fund_before.0 / 20);
    assert!(paid <= share && of_fund >= 0, "{paid:?} of {share:?}");
    // What the fund did not pay was profit of those who had won it; their own money is theirs.
    for maker in &makers {
        let has = equity(&mut chain, maker);
        assert!(has >= makers_had, "{}", in_dollars(has));
    }
    assert_eq!(equity(&mut chain, &eve()), flat);
}

/// What became of a whale of 1,200 bitcoins when its price fell by 8.5 % and nobody bought.
struct Dumped {
    /// What it could take out before, and its equity after that.
    taken: Usd,
    kept: Usd,
    losses: Losses,
    /// What the fund has more than before.
    fund: i128,
}

fn dump(withdraws: bool) -> Dumped {
    let makers = crowd(MAKERS);
    let mut chain = Chain::development_with(|genesis| endow(genesis, &makers, 10_000_000));
    let start = if withdraws { 100_000 } else { 103_000 };
    chain.price(BTC, start);
    chain.blocks(100);
    for maker in &makers {
        chain.deposit(maker, usd(5_000_000)).expect("deposits");
    }
    // Initial margin of so large a position is 7 %: five, and what its size asks for on top.
    let deposit = if withdraws { 9_000_000 } else { 8_800_000 };
    deposit_all(&mut chain, &[(bob(), deposit), (charlie(), 1_000_000)]);
    for maker in &makers {
        chain
            .order(maker, BTC_USD, Side::Ask, quantity(120_000), price(start))
            .expect("makers offer");
    }
    chain
        .order(
            &bob(),
            BTC_USD,
            Side::Bid,
            quantity(1_200_000),
            price(start),
        )
        .expect("the whale buys");
    let mut taken = Usd::ZERO;
    if withdraws {
        glide(&mut chain, BTC, (100_000.0, 103_000.0), 30, |_| {});
        // Until the slow price has followed.
        chain.blocks(60);
        taken = withdraw_most(&mut chain, &bob());
    }
    let kept = equity(&mut chain, &bob());
    let (fund_before, flat) = (fund(&mut chain), equity(&mut chain, &charlie()));
    chain.price(BTC, 94_200);
    let mut losses = Losses::default();
    let ended = (0..700).find(|_| {
        chain.blocks(1);
        losses.add(chain.events());
        let health = chain.health(&bob()).expect("priced");
        chain.number() > 2 && !health.is_liquidatable() && health.notional < usd(115_000_000)
    });
    assert!(ended.is_some(), "{losses:?}");
    assert_eq!(equity(&mut chain, &charlie()), flat);
    Dumped {
        taken,
        kept,
        losses,
        fund: minus(fund(&mut chain), fund_before).0,
    }
}

/// Hyperliquid, March 2025: a whale with an open profit took its margin out, and the vault that inherited the
/// position lost four millions when it had to sell it.
///
/// The rule: what is left after a withdrawal is initial margin, which grows with the position's size, and at
/// least a tenth of the notional. The same position at its initial margin, which is what would be left
/// without the tenth, costs the fund all it has.
#[test]
fn withdrawing_margin_and_dumping_should_leave_no_loss_when_a_tenth_has_to_stay() {
    let whale = dump(true);
    let notional = usd(1_200 * 103_000);
    // Of 3.6 millions of profit only what is beyond the tenth could go.
    assert!(
        whale.taken > Usd::ZERO && whale.taken < usd(300_000),
        "{:?}",
        whale.taken
    );
    assert!(whale.kept.0 >= notional.0 / 10, "{:?}", whale.kept);
    assert_eq!(whale.losses, Losses::default());
    assert!(whale.fund >= 0, "{}", whale.fund);

    let without = dump(false);
    assert!(without.kept.0 < notional.0 / 13, "{:?}", without.kept);
    assert!(
        without.losses.0[0] > usd(1_000_000).0,
        "{:?}",
        without.losses
    );
    assert!(without.fund < usd(-900_000).0, "{}", without.fund);
}

/// A position that is split over sub-accounts of one owner frees nothing: what moves between them is held
/// to what a withdrawal is.
#[test]
fn moving_margin_to_another_sub_account_should_be_held_to_what_a_withdrawal_is() {
    let mut chain = Chain::development();
    deposit_all(&mut chain, &[(bob(), 200_000), (charlie(), 500_000)]);
    trade_in(
        &mut chain,
        BTC_USD,
        (&bob(), &charlie()),
        units(10),
        price(100_000),
    );
    let room = withdrawable(&mut chain, &bob(), USDX);
    // A tenth of a million stays, where initial margin is half of that.
    let left = equity(&mut chain, &bob()).0 - i128::try_from(room).expect("fits");
    assert!((usd(100_000).0..usd(100_010).0).contains(&left), "{left}");
    let transfer = |amount| pallet_margin::Call::<Runtime>::transfer {
        from_sub: 0,
        to_sub: 1,
        asset: USDX,
        amount,
    };
    let refused = chain.submit(&bob(), transfer(room + 1_000_000));
    assert_eq!(name(refused), "InsufficientMargin");
    // Less a thousandth, for what accrues until the next block.
    chain
        .submit(&bob(), transfer(room - room / 1_000))
        .expect("so much may go");
    // And then nothing more than that thousandth, by either way.
    let left = withdrawable(&mut chain, &bob(), USDX);
    assert!(left <= room / 1_000, "{left} of {room}");
    let refused = chain.submit(&bob(), transfer(room / 500));
    assert_eq!(name(refused), "InsufficientMargin");
}
