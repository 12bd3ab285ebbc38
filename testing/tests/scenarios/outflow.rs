//! What leaves the chain within an hour, whoever takes it out and by whichever way.

use crate::play::{govern, withdraw, withdrawable};
use bulwark_primitives::{Rate, Usd};
use bulwark_runtime::{Lending, Margin, Runtime};
use bulwark_testing::{account, alice, bob, dave, usd, Chain, Failure, Outcome, USDX};
use pallet_margin::outflow::{OutflowLimit, OutflowParams};
use polkadot_sdk::{frame_support::assert_ok, sp_runtime::DispatchError};

/// Slots of an hour.
const HOUR: u64 = 1_800;

fn is_limited(outcome: Outcome) -> bool {
    let Err(Failure::Dispatch(DispatchError::Module(error))) = outcome else {
        panic!("{outcome:?}");
    };
    error.message == Some("OutflowLimited")
}

fn room(chain: &mut Chain) -> u128 {
    chain.read(|| Margin::outflow_room(USDX).expect("it fits").now)
}

/// Alice and Bob have deposited and Dave has lent, nine million each, a day ago and more.
fn with_savings() -> Chain {
    let mut chain = Chain::development();
    for who in [alice(), bob()] {
        chain.deposit(&who, usd(9_000_000)).expect("deposits");
    }
    let amount = usd(9_000_000);
    chain
        .submit(&dave(), pallet_lending::Call::supply { amount })
        .expect("dave supplies");
    chain.skip_slots(25 * HOUR);
    // Feeders are back for a minute.
    chain.blocks(40);
    chain
}

#[test]
fn million_should_be_the_most_that_leaves_within_an_hour_by_all_ways_together() {
    let mut chain = with_savings();
    // 1 % of 27 million and the fund's million is less than a thousandth of the cap of a billion.
    assert_eq!(room(&mut chain), 1_000_000_000_000);
    assert!(is_limited(
        chain.submit(&alice(), withdraw(USDX, 1_000_000_000_001))
    ));
    assert_ok!(chain.submit(&alice(), withdraw(USDX, 600_000_000_000)));
    // A lender goes through the same door.
    let shares = chain.read(|| Lending::supplier(account(&dave())).0);
    let all = pallet_lending::Call::<Runtime>::redeem { shares };
    assert!(is_limited(chain.submit(&dave(), all)));
    let amount = usd(300_000);
    assert_ok!(chain.submit(
        &bob(),
        pallet_margin::Call::borrow {
            sub_account: 0,
            amount
        }
    ));
    let left = withdrawable(&mut chain, &bob(), USDX);
    // What a few blocks have given back, and no more.
    assert!((100_000_000_000..105_000_000_000).contains(&left), "{left}");
    assert_ok!(chain.submit(&bob(), withdraw(USDX, left)));
    assert!(is_limited(
        chain.submit(&bob(), withdraw(USDX, 5_000_000_000))
    ));

    chain.skip_slots(HOUR / 2);
    chain.blocks(40);
    let half = room(&mut chain);
    assert!((500_000_000_000..530_000_000_000).contains(&half), "{half}");
    // Who brings something in may take it out again.
    chain.deposit(&alice(), usd(500_000)).expect("deposits");
    assert!(room(&mut chain) >= half + 499_000_000_000);
}

#[test]
fn governance_should_be_quick_to_tighten_and_slow_to_loosen() {
    let mut chain = with_savings();
    let limits = |limits| pallet_margin::Call::<Runtime>::set_outflow_limits { limits };
    let narrow = OutflowParams {
        hour: OutflowLimit {
            pot: Rate::basis_points(50),
            cap: Rate::basis_points(1),
        },
        ..OutflowParams::default()
    };
    assert_ok!(govern(&mut chain, limits(narrow)));
    // Half a percent of 27 million and the fund's million.
    assert_eq!(Usd(room(&mut chain) as i128), usd(140_000));
    assert!(govern(&mut chain, limits(OutflowParams::default())).is_err());
    chain.skip_slots(24 * HOUR);
    // A session begins.
    chain.blocks(2);
    assert_ok!(govern(&mut chain, limits(OutflowParams::default())));
}
