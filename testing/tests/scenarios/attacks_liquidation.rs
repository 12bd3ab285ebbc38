//! Failures of liquidation elsewhere, played on the real runtime. More of them: `attacks_losses.rs` (no bidders
//! beyond the fund, bankruptcy prices that leave a residue, stakers who flee), `attacks_margin_size.rs` (margin
//! taken out before a dump), `congestion.rs` and `lanes.rs` (tips).

use crate::{
    attacks_losses::{deposit_all, equity, fund, minus, trade, Losses},
    bad_input::name,
    bitcoins_long,
    play::{dollars, glide, size, trade_in, units, withdraw_most, LINK, LINK_USD},
};
use bulwark_primitives::{
    MarketStatus, Price, Quantity, Rate, Side, SubAccount, Tier, TimeInForce, Usd,
};
use bulwark_runtime::{
    currency::BLW, CircuitBreaker, Lending, Margin, Runtime, RuntimeCall, RuntimeEvent,
};
use bulwark_testing::{
    account, alice, bob, charlie, dave, eve, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
    USDX,
};
use bulwark_traits::MarketGuard;
use polkadot_sdk::{
    frame_system, pallet_oracle,
    sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// How a long bitcoin of Bob's was closed.
#[derive(Debug, PartialEq, Eq)]
struct Closed {
    /// Blocks from the feed to the first closing.
    after: u32,
    /// At which price, in whole dollars.
    at: u128,
    /// Equity of the account before and after, to whole dollars.
    equity: (i64, i64),
}

/// Blocks so full that nobody gets a transaction in, or empty ones; nobody bids but at the lowest price that is
/// allowed.
fn auction(collateral: i64, falls_to: u128, full: bool) -> Closed {
    let mut chain = bitcoins_long(1_000, collateral);
    let bid = |chain: &mut Chain, at: Price| {
        chain.order(&dave(), BTC_USD, Side::Bid, quantity(5_000), at)
    };
    // A bid of a tenth of a dollar, as those that won two out of five auctions, is not even taken.
    for at in [
        Price(price(1).0 / 10),
        price(1),
        price(50_000),
        price(94_000),
    ] {
        assert_eq!(name(bid(&mut chain, at)), "OutsideBand");
    }
    if falls_to > 96_000 {
        bid(&mut chain, price(95_100)).expect("inside the band");
    }
    let has = |chain: &mut Chain| i64::try_from(equity(chain, &bob()).0 / usd(1).0).expect("fits");
    let mut before = 0;
    for after in 1..=200 {
        chain.open_block();
        if full {
            chain.fill_block();
            // Whoever would bid, or keep, has to get past this.
            let tip = 1_000_000 * BLW;
            let late =
                chain.sign_with_tip(&dave(), frame_system::Call::remark { remark: vec![] }, tip);
            let refused = TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);
            assert_eq!(chain.include(late), Err(Failure::Invalid(refused)));
        }
        let values = vec![(BTC, price(falls_to))].try_into().expect("one value");
        let feed = RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values });
        let feed = chain.sign(&alice(), feed);
        chain.include(feed).expect("feeds have room of their own");
        chain.close_block();
        let found = chain.events().iter().find_map(|event| match event {
            RuntimeEvent::Liquidation(
                pallet_liquidation::Event::Liquidated {
                    quantity, notional, ..
                }
                | pallet_liquidation::Event::Deleveraged {
                    quantity, notional, ..
                },
            ) => Some((*quantity, *notional)),
            _ => None,
        });
        if let Some((quantity, notional)) = found {
            let each = notional.0.abs() as f64 * 1e12 / quantity.0 as f64;
            return Closed {
                after,
                at: each.round() as u128,
                equity: (before, has(&mut chain)),
            };
        }
        if after > 1 {
            before = has(&mut chain);
        }
    }
    panic!("nothing was closed");
}

/// Maker, March 2020: the chain was so full that keepers did not get in, and whoever did won collateral for
/// bids of nothing.
///
/// The rules: blocks close accounts themselves, before any transaction; nothing is sold below the fillable
/// price; what nobody takes is closed at mark against those who have won.
#[test]
fn closing_should_be_at_mark_and_not_a_block_later_when_blocks_are_full_and_bids_are_nothing() {
    // Solvent and due; then bankrupt by a few dollars, which the fund pays.
    for (collateral, falls_to) in [(5_060, 97_400), (5_060, 94_960)] {
        let quiet = auction(collateral, falls_to, false);
        let full = auction(collateral, falls_to, true);
        assert_eq!(quiet, full);
        assert_eq!(full.at, falls_to, "{full:?}");
        let (before, after) = full.equity;
        assert!(after >= before.min(0), "{full:?}");
        assert!(after >= before - 1 || before < 0, "{full:?}");
    }
}

/// JELLY on Hyperliquid, March 2025: a short of four millions whose margin was taken out until it was closed,
/// inherited by a vault that had other positions, and the price pumped 4-fold. Deleveraging never came, because the
/// vault's other money stood behind it.
///
/// The rules: what stays after a withdrawal; the market's share of the fund and not a dollar more; then
/// who has won gives it up, in the block in which the account is bankrupt.
#[test]
fn pumping_an_inherited_short_four_fold_should_cost_nobody_but_its_own_market() {
    let mut chain = Chain::development();
    chain.price(LINK, 10);
    chain.blocks(2);
    deposit_all(
        &mut chain,
        &[
            (bob(), 1_000_000),
            (charlie(), 2_000_000),
            (dave(), 2_000_000),
            (eve(), 1_000_000),
        ],
    );
    let supply = pallet_lending::Call::supply {
        amount: usd(2_000_000),
    };
    chain.submit(&eve(), supply).expect("eve supplies");
    trade(&mut chain, &dave(), &charlie(), 5, 100_000);
    for long in [charlie(), dave()] {
        trade_in(
            &mut chain,
            LINK_USD,
            (&long, &bob()),
            units(200_000),
            price(10),
        );
    }
    withdraw_most(&mut chain, &bob());
    let left = equity(&mut chain, &bob());
    // Not a vault's worth of margin less than the position needs.
    assert!(left >= usd(400_000), "{left:?}");
    let pool = |chain: &mut Chain| chain.read(|| Lending::supplier(account(&eve())).1);
    let before = (
        equity(&mut chain, &eve()),
        pool(&mut chain),
        fund(&mut chain),
    );
    let longs = [charlie(), dave()].map(|who| equity(&mut chain, &who));
    let mut losses = Losses::default();
    let mut deleveraged_at = None;
    let mut bankrupt_at = None;
    let mut deleveraged = 0;
    glide(&mut chain, LINK, (10.0, 40.0), 300, |chain| {
        losses.add(chain.events());
        let closings = chain.events().iter().filter(|event| {
            let RuntimeEvent::Liquidation(event) = event else {
                return false;
            };
            matches!(event, pallet_liquidation::Event::Deleveraged { .. })
        });
        deleveraged += closings.count();
        let bankrupt = chain
            .health(&bob())
            .is_some_and(|health| health.is_bankrupt());
        bankrupt_at = bankrupt_at.or(bankrupt.then(|| chain.number()));
        let gone = size(chain, &bob(), LINK_USD) == 0;
        deleveraged_at = deleveraged_at.or(gone.then(|| chain.number()));
    });
    let at = deleveraged_at.expect("the short is closed on the way up");
    // The fund would pay a twentieth of itself: until more is missing than that, the book has its half minute.
    let waited = at - bankrupt_at.unwrap_or(at);
    assert!(waited <= 16, "{waited} blocks");
    let [shortfall, _, _, _, unpaid] = losses.0;
    assert!(
        shortfall > 0 && deleveraged > 0 && unpaid == 0,
        "{losses:?}"
    );
    let paid = minus(before.2, fund(&mut chain));
    assert!(paid <= Usd(before.2 .0 / 20), "{paid:?}");
    // The other market, the supplier and whoever is flat have what they had.
    assert_eq!(equity(&mut chain, &eve()), before.0);
    assert!(pool(&mut chain) >= before.1);
    assert_eq!(
        size(&mut chain, &dave(), BTC_USD),
        quantity(5_000).long().unwrap().0
    );
    for (who, had) in [charlie(), dave()].iter().zip(longs) {
        // They have won what the short had, and what the fund paid.
        assert!(equity(&mut chain, who) > had, "{losses:?}");
    }
    // 400,000 LINK up by 30 dollars would have been 12 millions.
    assert!(shortfall < usd(1_000_000).0, "{losses:?}");
}

/// An order of sub-account 1 in LINK.
pub fn in_sub_account(side: Side, size: Quantity, at: Price) -> RuntimeCall {
    pallet_order_book::Call::<Runtime>::place_order {
        sub_account: 1,
        market: LINK_USD,
        side,
        quantity: size,
        price: at,
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
    }
    .into()
}

/// dYdX, October 2025: one liquidation closed all of an isolated market, its pool was negative for a moment because it
/// was paid out before the fund paid in, and the chain stood for eight hours.
///
/// The rule: a loss is settled where it is, whatever is left of the market; nothing in a hook can panic, and
/// invariants hold in each block.
#[test]
fn chain_should_go_on_when_one_liquidation_closes_all_of_an_isolated_market() {
    let mut chain = Chain::development_with(|genesis| {
        for (asset, tier) in &mut genesis.price_oracle.assets {
            if *asset == LINK {
                *tier = Tier::Isolated;
            }
        }
        for (market, _, params) in &mut genesis.markets.markets {
            if *market == LINK_USD {
                params.tier = Tier::Isolated;
                params.initial_margin = Rate::percent(15);
                params.maintenance_margin = Rate::percent(9);
            }
        }
    });
    chain.price(LINK, 10);
    chain.blocks(2);
    let people = [(bob(), 200_000u128), (charlie(), 1_000_000)];
    for (who, stake) in &people {
        let deposit = pallet_margin::Call::deposit {
            sub_account: 1,
            asset: USDX,
            amount: stake * 1_000_000,
        };
        chain.submit(who, deposit).expect("deposits");
        let isolate = pallet_margin::Call::isolate {
            sub_account: 1,
            market: Some(LINK_USD),
        };
        chain.submit(who, isolate).expect("it is flat");
    }
    deposit_all(&mut chain, &[(dave(), 100_000), (eve(), 100_000)]);
    let all = units(100_000);
    chain
        .submit(&charlie(), in_sub_account(Side::Ask, all, price(10)))
        .expect("the offer rests");
    chain
        .submit(&bob(), in_sub_account(Side::Bid, all, price(10)))
        .expect("the bid fills");
    let fund_before = fund(&mut chain);
    let open = |chain: &mut Chain| chain.read(|| Margin::open_interest(LINK_USD).long);
    assert_eq!(open(&mut chain), all);
    let short = |chain: &mut Chain| {
        let account = SubAccount::new(account(&charlie()), 1);
        chain.read(|| Margin::account_health(&account).expect("priced").equity)
    };
    let had = short(&mut chain);

    // 40 % in one block: 400,000 of loss with 200,000.
    chain.exact_price(LINK, dollars(6.0));
    chain.blocks(1);
    let losses = Losses::of(&mut chain, 1);
    assert!(open(&mut chain).is_zero(), "all of the market in one block");
    let [shortfall, of_fund, by_short, haircut, unpaid] = losses.0;
    assert!(shortfall > usd(150_000).0, "{losses:?}");
    // Nothing of the fund stands behind an isolated market; its short has won what there was.
    assert_eq!((of_fund, haircut, unpaid), (0, 0, 0), "{losses:?}");
    assert_eq!(by_short, shortfall);
    assert!(fund(&mut chain) >= fund_before);
    let won = minus(short(&mut chain), had);
    assert!((usd(199_000)..=usd(200_000)).contains(&won), "{won:?}");
    // Other markets trade on in the next block, and so does this one at the price that it has.
    trade(&mut chain, &dave(), &eve(), 1, 100_000);
    chain.blocks(400);
    let status = chain.read(|| CircuitBreaker::status(LINK_USD));
    assert_eq!(status, MarketStatus::Active);
}
