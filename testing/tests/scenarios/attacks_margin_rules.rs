//! Attacks through the rules themselves: half of an update, and collateral that is worth nothing.

use crate::{
    attacks_losses::{deposit_all, equity, fund},
    bad_input::name,
    play::{govern, main_account, withdraw, withdrawable, DOT},
};
use bulwark_primitives::{
    AssetId, CollateralParams, Health, MarketParams, Quantity, Rate, Side, Tier, SIZE_SCALE,
};
use bulwark_runtime::{configs::AssetOwner, Margin, Markets, Runtime, RuntimeCall, System};
use bulwark_testing::{
    account, bob, charlie, eve, price, quantity, usd, Chain, Outcome, BTC, BTC_USD, USDX,
};
use pallet_markets::{validate, Error, Schedule};
use polkadot_sdk::{pallet_utility, sp_core::sr25519::Pair};

fn market(chain: &mut Chain) -> MarketParams {
    let now = chain.number();
    chain.read(|| Markets::market_at(BTC_USD, now).expect("listed"))
}

fn collateral(chain: &mut Chain, asset: AssetId) -> CollateralParams {
    let now = chain.number();
    chain.read(|| Markets::collateral_at(asset, now).expect("listed"))
}

fn set_market(params: MarketParams) -> RuntimeCall {
    pallet_markets::Call::set_market {
        market: BTC_USD,
        params,
    }
    .into()
}

fn set_collateral(asset: AssetId, params: CollateralParams) -> RuntimeCall {
    pallet_markets::Call::set_collateral { asset, params }.into()
}

/// Lets governance try what has to fail by this name and change nothing.
fn refused(chain: &mut Chain, call: RuntimeCall, error: Error<Runtime>) {
    let before = chain.risk_state();
    let told = format!("{error:?}");
    assert_eq!(govern(chain, call), Err(error.into()));
    assert_eq!(chain.risk_state(), before, "{told} changed something");
}

/// Health of somebody so many blocks later if nothing but parameters moves, and what a closure says then.
fn later<R>(chain: &mut Chain, blocks: u32, f: impl FnOnce() -> R) -> R {
    let then = chain.number() + blocks;
    chain.read(|| {
        System::set_block_number(then);
        f()
    })
}

fn health_later(chain: &mut Chain, who: &Pair, blocks: u32) -> Health {
    let who = main_account(who);
    later(chain, blocks, || {
        Margin::account_health(&who).expect("priced")
    })
}

/// Aave, March 2026: of two linked parameters one was updated and the other was not, because each had a
/// bound of its own, and 26 millions of healthy positions were liquidated.
///
/// The rule: parameters that bound each other are set in one call, which is checked against what holds now,
/// what will hold, and each block between.
#[test]
fn linked_parameters_should_change_together_or_not_at_all_when_an_update_is_half() {
    let mut chain = Chain::development();
    let old = market(&mut chain);
    let changed = |change: fn(&mut MarketParams)| {
        let mut params = old;
        change(&mut params);
        params
    };
    type Change = fn(&mut MarketParams);
    let halves: [(Change, Change, Error<Runtime>); 4] = [
        (
            |params| params.maintenance_margin = Rate::basis_points(150),
            |params| params.liquidation_fee = Rate::basis_points(70),
            Error::LiquidationFeeOutOfBounds,
        ),
        (
            |params| params.initial_margin = Rate::percent(3),
            |params| params.maintenance_margin = Rate::percent(2),
            Error::MaintenanceMarginOutOfBounds,
        ),
        (
            |params| params.max_open_interest = Quantity(5_000 * SIZE_SCALE),
            |params| params.lower_open_interest = Quantity(3_000 * SIZE_SCALE),
            Error::LowerOpenInterestOutOfBounds,
        ),
        (
            |params| params.maker_fee = Rate::basis_points(5),
            |params| params.taker_fee = Rate::basis_points(6),
            Error::MakerFeeOutOfBounds,
        ),
    ];
    let wholes = halves.each_ref().map(|(half, other, _)| (*half, *other));
    let first_half = wholes[0].0;
    for (half, _, error) in halves {
        refused(&mut chain, set_market(changed(half)), error);
    }
    let dot = collateral(&mut chain, DOT);
    for (initial_factor, maintenance_factor) in [
        (Rate::percent(88), dot.maintenance_factor),
        (dot.initial_factor, Rate::percent(79)),
    ] {
        let params = CollateralParams {
            initial_factor,
            maintenance_factor,
            ..dot
        };
        refused(
            &mut chain,
            set_collateral(DOT, params),
            Error::FactorsUnordered,
        );
    }
    // A batch of one that could stand alone and one that cannot.
    let alone = CollateralParams {
        initial_factor: Rate::percent(70),
        maintenance_factor: Rate::percent(80),
        ..dot
    };
    let calls = vec![set_collateral(DOT, alone), set_market(changed(first_half))];
    let batch = pallet_utility::Call::batch_all { calls };
    refused(&mut chain, batch.into(), Error::LiquidationFeeOutOfBounds);

    // Both halves in one call: then they hold in every block of the way, and none jumps ahead of the other.
    for (half, other) in wholes {
        let mut params = changed(half);
        other(&mut params);
        let mut chain = Chain::development();
        govern(&mut chain, set_market(params)).expect("whole");
        let now = chain.number();
        chain.read(|| {
            let length = 2 * Schedule::default().wait;
            for block in (now..now + length).chain([now + length + 10]) {
                let between = Markets::market_at(BTC_USD, block).expect("listed");
                assert_eq!(validate::market(&between), Ok(()), "block {block}");
            }
            assert_eq!(Markets::market_at(BTC_USD, now + length), Some(params));
        });
    }
}

/// The other half of it: a cut of collateral by as much as one step may, which at once would liquidate.
///
/// The rule: what maintenance asks for only ramps.
#[test]
fn nobody_should_be_liquidated_by_the_vote_itself_when_a_factor_is_cut() {
    let mut chain = Chain::development();
    chain.price(DOT, 5);
    chain.blocks(2);
    deposit_all(&mut chain, &[(charlie(), 3_000_000)]);
    let deposit = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: DOT,
        amount: 100_000 * 10_000_000_000,
    };
    chain.submit(&bob(), deposit).expect("bob has DOT");
    // Half a million of DOT, of which 435,000 count for maintenance; 79 bitcoins, and a fall by 2 %.
    chain
        .order(
            &charlie(),
            BTC_USD,
            Side::Ask,
            quantity(79_000),
            price(100_000),
        )
        .expect("charlie offers");
    chain
        .order(&bob(), BTC_USD, Side::Bid, quantity(79_000), price(100_000))
        .expect("bob buys");
    chain.price(BTC, 98_000);
    chain.blocks(2);
    let before = chain.health(&bob()).expect("priced");
    let slack = before.slack().expect("fits");
    assert!(slack > usd(20_000) && slack < usd(50_000), "{before:?}");

    let cut = CollateralParams {
        initial_factor: Rate::percent(70),
        maintenance_factor: Rate::percent(77),
        ..collateral(&mut chain, DOT)
    };
    govern(&mut chain, set_collateral(DOT, cut)).expect("one step");
    let period = Schedule::default().period;
    // At once it would have been a loss of 50,000 of his equity: due.
    assert!(health_later(&mut chain, &bob(), period).is_liquidatable());
    chain.blocks(10);
    let after = chain.health(&bob()).expect("priced");
    assert!(!after.is_liquidatable());
    assert!(
        before.equity.0 - after.equity.0 < usd(30).0,
        "{before:?} {after:?}"
    );
    // He has most of a day to do something about it, and no block takes more than a 43,200th.
    let (mut low, mut high) = (0, period);
    while low + 1 < high {
        let middle = (low + high) / 2;
        if health_later(&mut chain, &bob(), middle).is_liquidatable() {
            high = middle;
        } else {
            low = middle;
        }
    }
    assert!(low > period / 2, "due after {low} blocks");
    // While initial margin follows the vote at once: nothing more can be taken out over it.
    assert_eq!(withdrawable(&mut chain, &bob(), DOT), 0);
    assert_eq!(
        collateral(&mut chain, DOT).initial_factor,
        Rate::percent(70)
    );
}

/// A token that its maker has all of.
const FAKE: AssetId = 77;
/// Base units of one.
const ONE: u128 = 1_000_000;

/// A chain on which governance and the feeder have fallen to an attacker, who has a billion of [`FAKE`].
fn captured() -> Chain {
    let mut chain = Chain::development_with(|genesis| {
        let assets = &mut genesis.assets;
        assets.assets.push((FAKE, AssetOwner::get(), true, 1));
        assets
            .accounts
            .push((FAKE, account(&bob()), 1_000_000_000 * ONE));
    });
    deposit_all(&mut chain, &[(charlie(), 5_000_000), (eve(), 5_000_000)]);
    let add = pallet_price_oracle::Call::add_asset {
        asset: FAKE,
        tier: Tier::A,
        max_age: None,
        tolerance: None,
    };
    govern(&mut chain, add).expect("governance has fallen");
    chain.price(FAKE, 1_000);
    chain.blocks(2);
    chain
}

/// All that a listing may ask for.
fn listing() -> RuntimeCall {
    set_collateral(
        FAKE,
        CollateralParams {
            tier: Tier::A,
            decimals: 6,
            initial_factor: Rate::percent(97),
            maintenance_factor: Rate::percent(97),
            deposit_cap: 1_000_000_000 * ONE,
            min_deposit: ONE,
            scale_start: 1_000_000_000 * ONE,
        },
    )
}

/// Bob deposits a million millions of it; Charlie offers bitcoins.
fn deposit_fake(chain: &mut Chain) {
    let deposit = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: FAKE,
        amount: 1_000_000_000 * ONE,
    };
    chain.submit(&bob(), deposit).expect("it is listed");
    chain
        .order(
            &charlie(),
            BTC_USD,
            Side::Ask,
            quantity(100_000),
            price(100_000),
        )
        .expect("charlie offers");
}

/// Whether a hundred bitcoins can be bought against it so many blocks later.
fn buys(chain: &mut Chain, blocks: u32) -> bool {
    let most = later(chain, blocks, || {
        Margin::max_order(&main_account(&bob()), BTC_USD, Side::Bid)
    });
    most >= quantity(1)
}

fn buy(chain: &mut Chain) -> Outcome {
    chain.order(
        &bob(),
        BTC_USD,
        Side::Bid,
        quantity(100_000),
        price(100_000),
    )
}

/// Drift, April 2026: whoever held the council's keys listed a token of his own as collateral, gave it a price
/// and took out 285 millions within minutes.
///
/// The rule: new collateral counts nothing, waits, and then ramps, whatever is voted for.
#[test]
fn fake_collateral_should_buy_nothing_for_a_day_when_governance_lists_it() {
    let mut chain = captured();
    govern(&mut chain, listing()).expect("governance has fallen");
    deposit_fake(&mut chain);
    let (flat, fund_before) = (equity(&mut chain, &eve()), fund(&mut chain));
    let health = chain.health(&bob()).expect("priced");
    assert_eq!((health.equity, health.initial_equity), (usd(0), usd(0)));
    assert_eq!(name(buy(&mut chain)), "InsufficientMargin");
    let taken = chain.submit(&bob(), withdraw(USDX, 1_000_000));
    assert_eq!(name(taken), "InsufficientBalance");
    // Voting for it again does not make it faster, and no vote gives a listed asset its full factor at once.
    govern(&mut chain, listing()).expect("governance has fallen");
    let wait = Schedule::default().wait;
    let factor = |chain: &mut Chain, blocks| {
        let then = chain.number() + blocks;
        let params = chain.read(|| Markets::collateral_at(FAKE, then).expect("listed"));
        (params.initial_factor, params.maintenance_factor)
    };
    let nothing = (Rate::ZERO, Rate::ZERO);
    assert_eq!(factor(&mut chain, wait - 1), nothing);
    assert!(!buys(&mut chain, wait - 1), "after a day less two seconds");
    // All that stands between is time: two days later it is collateral like any other.
    let full = (Rate::percent(97), Rate::percent(97));
    assert_eq!(factor(&mut chain, 2 * wait), full);
    assert!(buys(&mut chain, 2 * wait));
    assert_eq!(equity(&mut chain, &eve()), flat);
    assert!(fund(&mut chain) >= fund_before);
}

/// The same, with the schedule of changes halved as often as its step allows, in one batch.
///
/// The rule: a schedule may be shortened only after it has held for as long as it makes others wait.
#[test]
fn fake_collateral_should_wait_as_long_when_governance_first_shortens_the_wait() {
    let mut chain = captured();
    let shorter = |wait: u32| -> RuntimeCall {
        pallet_markets::Call::set_schedule {
            schedule: Schedule { wait, period: wait },
        }
        .into()
    };
    let mut calls: Vec<RuntimeCall> = [21_600, 10_800, 5_400, 2_700, 1_800].map(shorter).into();
    calls.push(listing());
    let _ = govern(&mut chain, pallet_utility::Call::force_batch { calls });
    deposit_fake(&mut chain);
    let wait = Schedule::default().wait;
    assert!(!buys(&mut chain, wait / 2 - 10), "within half a day");
}
