//! Pumps: an attacker moves the price of something thin and takes out what it seems to be worth then.
//! Each test counts what left the chain with him, and what it cost anybody else.

use crate::{
    attacks_losses::{deposit_all, equity, fund, minus, Losses},
    bad_input::name,
    play::{
        glide, main_account, size, trade_in, units, wallet, withdraw_most, withdrawable, DOT, LINK,
        LINK_USD,
    },
};
use bulwark_primitives::{Quantity, Side, Tier, TimeInForce, Usd};
use bulwark_runtime::{Lending, Margin, Runtime, RuntimeGenesisConfig};
use bulwark_testing::{
    account, bob, charlie, dave, eve, price, quantity, usd, Chain, BTC_USD, USDX,
};
use polkadot_sdk::sp_core::sr25519::Pair;

/// Ten minutes.
const TEN_MINUTES: u32 = 300;
/// What interest and roundings of a few blocks come to at most, in USD of 6 decimals.
const CENT: i128 = 10_000;
/// Base units of one DOT.
const ONE_DOT: u128 = 10_000_000_000;

/// What an attacker got, in USD.
#[derive(Debug)]
struct Pumped {
    /// What could be withdrawn before the pump, and at a price that the oracle believes, a block after
    /// it rose and later.
    room: [i128; 3],
    /// The largest Bitcoin position that could be opened before the pump and then, in 10^-18 BTC.
    order: [u128; 2],
    /// What both accounts have in their wallets more than before.
    won: Usd,
    /// What losses took of each layer.
    losses: Losses,
}

fn pool_of(chain: &mut Chain, who: &Pair) -> Usd {
    let who = account(who);
    chain.read(|| Lending::supplier(who).1)
}

fn buy_at_once(quantity: Quantity, dollars: u128) -> pallet_order_book::Call<Runtime> {
    pallet_order_book::Call::place_order {
        sub_account: 0,
        market: BTC_USD,
        side: Side::Bid,
        quantity,
        price: price(dollars),
        time_in_force: TimeInForce::FillOrKill,
        reduce_only: false,
        expires_at: None,
    }
}

/// Mango Markets, October 2022: one owner long and short 20 million dollars of a thin market, with 5 millions each;
/// its price 24-fold in ten minutes; the profit of the long is what he borrows all other assets against.
fn pump_own_position(tier: Tier) -> Pumped {
    let mut chain = Chain::development_with(|genesis: &mut RuntimeGenesisConfig| {
        for (market, _, params) in &mut genesis.markets.markets {
            if *market == LINK_USD {
                params.tier = tier;
            }
        }
    });
    chain.price(LINK, 10);
    chain.blocks(2);
    let (long, short, bystander, supplier) = (charlie(), bob(), eve(), dave());
    let attackers = [&long, &short];
    let before: Vec<Usd> = attackers.map(|who| wallet(&mut chain, who)).into();
    deposit_all(
        &mut chain,
        &[
            (charlie(), 5_000_000),
            (bob(), 5_000_000),
            (eve(), 5_000_000),
        ],
    );
    chain
        .submit(
            &supplier,
            pallet_lending::Call::supply {
                amount: usd(5_000_000),
            },
        )
        .expect("dave supplies");
    let fund_before = fund(&mut chain);
    trade_in(
        &mut chain,
        LINK_USD,
        (&long, &short),
        units(2_000_000),
        price(10),
    );
    let (flat, supplied) = (
        equity(&mut chain, &bystander),
        pool_of(&mut chain, &supplier),
    );
    let room = |chain: &mut Chain| i128::try_from(withdrawable(chain, &charlie(), USDX)).unwrap();
    let order = |chain: &mut Chain| {
        chain.read(|| Margin::max_order(&main_account(&charlie()), BTC_USD, Side::Bid).0)
    };
    // A tenth first, which no guard of the oracle minds.
    let rooms_before = room(&mut chain);
    let order_before = order(&mut chain);
    chain.price(LINK, 11);
    chain.blocks(2);
    let at_once = room(&mut chain);
    chain.blocks(100);
    let later = room(&mut chain);
    let order_later = order(&mut chain);
    let mut losses = Losses::default();
    glide(&mut chain, LINK, (11.0, 240.0), TEN_MINUTES, |chain| {
        losses.add(chain.events());
    });
    // And as long as it takes until the short is closed and a withdrawal is allowed again.
    for _ in 0..700 {
        chain.blocks(1);
        losses.add(chain.events());
        if size(&mut chain, &short, LINK_USD) == 0 {
            break;
        }
    }
    // What accrued until the last of it was closed comes a block later.
    for _ in 0..5 {
        chain.blocks(1);
        losses.add(chain.events());
    }
    for who in attackers {
        withdraw_most(&mut chain, who);
    }
    let mut won = Usd::ZERO;
    for (who, before) in attackers.into_iter().zip(before) {
        won = won
            .checked_add(minus(wallet(&mut chain, who), before))
            .expect("fits");
        // Nothing is left that could be taken later.
        let left = chain.health(who).map_or(Usd::ZERO, |health| health.equity);
        assert!(left.0.abs() < CENT, "{left:?}");
    }
    // Nobody else paid but the fund, whatever the rules are.
    assert_eq!(equity(&mut chain, &bystander), flat);
    assert!(pool_of(&mut chain, &supplier) >= supplied);
    let paid = minus(fund_before, fund(&mut chain));
    assert!(won.0 <= paid.0 + CENT, "{won:?} of {paid:?}");
    Pumped {
        room: [rooms_before, at_once, later],
        order: [order_before, order_later],
        won,
        losses,
    }
}

/// The rules: open profit of a tier C market is no collateral; where it is, it counts at the worse of
/// snapshot and slow price; the fund pays for such a market a twentieth of itself; who is on the other side of
/// a bankrupt account gives up what cannot be paid.
#[test]
fn pumping_an_own_position_should_win_no_more_than_the_markets_share_of_the_fund() {
    let thin = pump_own_position(Tier::C);
    let [before, at_once, later] = thin.room;
    assert!(at_once <= before && later <= before, "{thin:?}");
    assert!(thin.order[1] <= thin.order[0], "{thin:?}");
    // A twentieth of a million, and the fees of both sides are his as well.
    assert!(thin.won <= usd(50_000), "{thin:?}");
    let [_, of_fund, deleveraged, _, unpaid] = thin.losses.0;
    assert!(
        of_fund <= usd(51_000).0 && deleveraged > 0 && unpaid < CENT,
        "{thin:?}"
    );

    // The same market without them, as tier A: its profit counts, and all of the fund stands behind it.
    let deep = pump_own_position(Tier::A);
    let [before, at_once, later] = deep.room;
    assert!(later > before + usd(200_000).0, "{deep:?}");
    assert!(deep.order[1] > deep.order[0], "{deep:?}");
    assert!(deep.won > usd(500_000), "{deep:?}");
    // But never at the snapshot: of the two millions of profit that the first block shows, 0.06 % of the notional.
    assert!(at_once <= before + usd(20_000).0, "{deep:?}");
}

/// The same with collateral: DOT that he holds is pumped as fast as the oracle believes (over 40 % in ten minutes), and
/// he loses all that it lets him lose in Bitcoin, at the worst prices of the band, to an account of his own.
///
/// The rule: collateral counts for new risk at the worse of snapshot and slow price, times its initial
/// factor. At the snapshot it would be more than it is worth.
#[test]
fn pumping_own_collateral_should_win_nothing_when_all_is_lost_to_an_accomplice() {
    let mut chain = Chain::development();
    chain.price(DOT, 5);
    chain.blocks(2);
    let (debtor, accomplice, supplier, bystander) = (bob(), charlie(), dave(), eve());
    let start = wallet(&mut chain, &accomplice);
    deposit_all(&mut chain, &[(charlie(), 5_000_000), (eve(), 500_000)]);
    chain
        .submit(
            &supplier,
            pallet_lending::Call::supply {
                amount: usd(2_000_000),
            },
        )
        .expect("dave supplies");
    chain
        .submit(
            &debtor,
            pallet_margin::Call::deposit {
                sub_account: 0,
                asset: DOT,
                amount: 100_000 * ONE_DOT,
            },
        )
        .expect("bob has DOT");
    let true_worth = usd(500_000);
    let supplied = pool_of(&mut chain, &supplier);
    let fund_before = fund(&mut chain);

    let top = 7.2;
    glide(&mut chain, DOT, (5.0, top), TEN_MINUTES, |_| {});
    let seen = chain.read(|| Margin::owner_health(&main_account(&debtor)).expect("priced"));
    let counted = seen.initial_equity;
    assert!(counted > usd(400_000), "the pump is believed at all");
    // Without the slow price: 80 % of 720,000.
    let at_snapshot = 100_000.0 * top * 0.8;
    assert!(at_snapshot > 500_000.0 && counted < true_worth, "{seen:?}");

    // Bought at 104,900 where the index is 100,000: each costs 4,900 of loss, 5,000 of margin, 42 of fee.
    let milli = |usd_each: i128| u128::try_from(counted.0 / usd_each / 1_000).unwrap();
    let most = quantity(milli(9_945));
    let more = quantity(milli(9_945) * 102 / 100);
    chain
        .order(&accomplice, BTC_USD, Side::Ask, more, price(104_900))
        .expect("charlie offers");
    let refused = chain.submit(&debtor, buy_at_once(more, 104_900));
    assert_eq!(name(refused), "InsufficientMargin");
    chain
        .submit(&debtor, buy_at_once(most, 104_900))
        .expect("so much may be risked");
    chain
        .order(&accomplice, BTC_USD, Side::Bid, most, price(95_100))
        .expect("charlie bids");
    chain
        .order(&debtor, BTC_USD, Side::Ask, most, price(95_100))
        .expect("he may make it smaller");
    let debt = chain.read(|| Margin::load(&main_account(&debtor)).balance);
    assert!(debt < usd(-400_000), "{debt:?}");
    // Nothing can be carried away directly.
    assert_eq!(withdrawable(&mut chain, &debtor, DOT), 0);

    // The pump ends; the fund takes over what the debt needs.
    chain.price(DOT, 5);
    let losses = Losses::of(&mut chain, 200);
    let (left, seized) = chain.read(|| {
        let of = |account| {
            let held = Margin::load(account).collateral;
            held.iter()
                .find(|(asset, _)| *asset == DOT)
                .map_or(0, |(_, amount)| *amount)
        };
        (of(&main_account(&debtor)), of(&Margin::vault()))
    });
    let worth = |amount: u128| Usd(i128::try_from(amount * 5_000_000 / ONE_DOT).unwrap());
    let balance = chain.read(|| Margin::load(&main_account(&debtor)).balance);
    let accomplice_has = chain.health(&accomplice).expect("flat").equity;
    let gained = minus(
        wallet(&mut chain, &accomplice)
            .checked_add(accomplice_has)
            .and_then(|sum| sum.checked_add(worth(left)))
            .and_then(|sum| sum.checked_add(balance))
            .expect("fits"),
        start.checked_add(true_worth).expect("fits"),
    );
    assert!(gained < Usd::ZERO, "{gained:?} with {losses:?}");
    // The fund has DOT for what it paid, at a discount, and no loss was brought to it.
    let fund_has = fund(&mut chain).checked_add(worth(seized)).expect("fits");
    assert!(fund_has >= fund_before, "{fund_has:?} {fund_before:?}");
    assert_eq!(losses, Losses::default());
    assert!(pool_of(&mut chain, &supplier) >= supplied);
    assert_eq!(equity(&mut chain, &bystander), usd(500_000));
}
