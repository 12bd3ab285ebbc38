//! Cover on the real runtime: who has it is paid in the block in which his profit is taken.

use crate::attacks_losses::{deposit_all, equity, minus, trade, Losses};
use bulwark_primitives::{SubAccount, Usd};
use bulwark_runtime::{Insurance, Runtime, RuntimeEvent};
use bulwark_runtime_api::runtime_decl_for_cover_api::CoverApi;
use bulwark_testing::{account, alice, bob, charlie, dave, eve, usd, Chain, Failure, BTC, BTC_USD};
use pallet_insurance::CoverParams;
use polkadot_sdk::{pallet_sudo, sp_core::sr25519::Pair};

/// Blocks of the shortest waiting time that governance can set.
const WAITING: u32 = 300;

/// A pool of so many dollars behind the cover of the market; Eve's.
fn underwritten(dollars: i64) -> Chain {
    let mut chain = Chain::development();
    let underwrite = pallet_insurance::Call::<Runtime>::underwrite {
        market: BTC_USD,
        amount: usd(dollars),
    };
    chain.submit(&eve(), underwrite).expect("eve underwrites");
    chain
}

fn shorten_the_waiting_time(chain: &mut Chain) {
    let params = CoverParams {
        waiting_minutes: 10,
        ..CoverParams::default()
    };
    let call = pallet_insurance::Call::<Runtime>::set_cover_params { params };
    let call = pallet_sudo::Call::sudo {
        call: Box::new(call.into()),
    };
    chain.submit(&alice(), call).expect("alice is sudo");
}

fn buy(who: &Pair, chain: &mut Chain, dollars: i64) {
    let call = pallet_insurance::Call::<Runtime>::buy_cover {
        sub_account: 0,
        market: BTC_USD,
        cover: usd(dollars),
        days: 1,
        max_premium: usd(10_000),
    };
    chain.submit(who, call).expect("the policy is sold");
}

/// What was taken from an account by deleveraging and paid to it by policies, in the last block.
fn taken_and_paid(chain: &Chain, who: &Pair) -> (i128, i128) {
    let whose = SubAccount::new(account(who), 0);
    let mut sums = (0, 0);
    for event in chain.events() {
        match event {
            RuntimeEvent::Liquidation(pallet_liquidation::Event::Deleveraged {
                counterparty,
                given_up,
                ..
            }) if *counterparty == whose => sums.0 += given_up.0,
            RuntimeEvent::Margin(pallet_margin::Event::ProfitCut {
                account, amount, ..
            }) if *account == whose => sums.0 += amount.0,
            RuntimeEvent::Insurance(pallet_insurance::Event::CoverPaid {
                account, paid, ..
            }) if *account == whose => sums.1 += paid.0,
            _ => {}
        }
    }
    sums
}

/// Two holders of the same short, one of whom is covered; the long is bankrupt beyond the fund.
#[test]
fn covered_holder_should_be_made_whole_and_the_other_not_when_both_are_deleveraged() {
    let mut chain = underwritten(800_000);
    shorten_the_waiting_time(&mut chain);
    let quote = chain.read(|| Runtime::cover_quote(BTC_USD, usd(700_000), 1));
    buy(&charlie(), &mut chain, 700_000);
    let policy = chain.read(|| Runtime::policies(SubAccount::new(account(&charlie()), 0)));
    // A block later than it was asked.
    let (quote, bought) = (quote.expect("it is sold"), chain.number());
    assert_eq!((policy.len(), policy[0].left), (1, usd(700_000)));
    assert_eq!(
        (policy[0].from, policy[0].until),
        (bought + WAITING, quote.until)
    );
    assert!(policy[0].premium < quote.premium);
    chain.blocks(WAITING);
    deposit_all(
        &mut chain,
        &[
            (bob(), 1_620_000),
            (charlie(), 2_500_000),
            (dave(), 2_500_000),
        ],
    );
    trade(&mut chain, &charlie(), &bob(), 150, 100_000);
    trade(&mut chain, &dave(), &bob(), 150, 100_000);
    let before = [charlie(), dave()].map(|who| equity(&mut chain, &who));
    let pool = chain.read(|| Insurance::cover_pool(BTC_USD)).expect("fits");
    let held = |chain: &mut Chain| chain.read(pallet_insurance::CoverFunds::<Runtime>::get);
    let funds = held(&mut chain);
    // 11 % in one block, as far as the price is still believed.
    chain.price(BTC, 101_000);
    chain.blocks(2);
    chain.price(BTC, 110_500);
    chain.blocks(1);
    let (mut covered, mut uncovered) = ((0, 0), (0, 0));
    let mut losses = Losses::default();
    for _ in 0..6 {
        chain.blocks(1);
        losses.add(chain.events());
        let of_block = taken_and_paid(&chain, &charlie());
        // In the same block, to the base unit.
        assert_eq!(of_block.0, of_block.1);
        covered = (covered.0 + of_block.0, covered.1 + of_block.1);
        let of_block = taken_and_paid(&chain, &dave());
        uncovered = (uncovered.0 + of_block.0, uncovered.1 + of_block.1);
    }
    assert!(
        losses.0[2] > usd(100_000).0 && losses.0[4] == 0,
        "{losses:?}"
    );
    assert!(
        covered.0 > 0 && uncovered.0 > 0,
        "{covered:?} {uncovered:?}"
    );
    assert!(covered.1 == covered.0 && uncovered.1 == 0);
    // One has won all of the rise, the other lacks what was taken.
    let won = [charlie(), dave()]
        .map(|who| equity(&mut chain, &who))
        .into_iter()
        .zip(before)
        .map(|(after, before)| minus(after, before).0)
        .collect::<Vec<_>>();
    let lacking = won[0] - won[1];
    assert!(
        (lacking - uncovered.0).abs() < usd(5).0,
        "{won:?} {uncovered:?}"
    );
    // The underwriters paid exactly that.
    assert_eq!(minus(funds, held(&mut chain)).0, covered.1);
    let after = chain.read(|| Insurance::cover_pool(BTC_USD)).expect("fits");
    assert_eq!(minus(pool.sold, after.sold).0, covered.1);
    assert!(after.assets >= after.sold && after.assets < pool.assets);
    // Who underwrites does not leave with a loss open, nor is more cover sold.
    let stake = chain.read(|| Insurance::underwriter(BTC_USD, account(&eve())));
    let request = pallet_insurance::Call::<Runtime>::request_withdrawal {
        market: BTC_USD,
        shares: stake.expect("eve underwrites").shares,
    };
    chain.submit(&eve(), request).expect("eve asks");
    for call in [
        pallet_insurance::Call::<Runtime>::withdraw { market: BTC_USD },
        pallet_insurance::Call::<Runtime>::buy_cover {
            sub_account: 0,
            market: BTC_USD,
            cover: usd(10),
            days: 1,
            max_premium: Usd::MAX,
        },
    ] {
        let refused = chain.submit(&eve(), call);
        assert!(matches!(refused, Err(Failure::Dispatch(_))), "{refused:?}");
    }
}

/// Whoever buys when the crash is there is not covered against it.
#[test]
fn policy_should_pay_nothing_for_a_loss_within_its_waiting_time() {
    let mut chain = underwritten(800_000);
    deposit_all(&mut chain, &[(bob(), 1_620_000), (charlie(), 2_000_000)]);
    trade(&mut chain, &charlie(), &bob(), 300, 100_000);
    buy(&charlie(), &mut chain, 700_000);
    chain.price(BTC, 109_500);
    chain.blocks(1);
    let mut sums = (0, 0);
    for _ in 0..5 {
        chain.blocks(1);
        let of_block = taken_and_paid(&chain, &charlie());
        sums = (sums.0 + of_block.0, sums.1 + of_block.1);
    }
    assert!(sums.0 > 0 && sums.1 == 0, "{sums:?}");
    assert_eq!(
        chain
            .read(|| Insurance::cover_pool(BTC_USD))
            .map(|pool| pool.sold),
        Some(usd(700_000))
    );
}
