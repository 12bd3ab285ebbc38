#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod caps;
mod contribute;
mod cover;
mod cover_invariants;
mod cover_params;
mod invariants;
mod loss_fund;
mod payouts;
mod staking;
mod underwriting;

use crate::{mock::*, CoverBooks};
use bulwark_primitives::{MarketId, SubAccount, Usd};
use bulwark_traits::LossCover;
use frame_support::assert_ok;

/// The market that is covered: 5 % initial margin.
const A: MarketId = MarketId(1);

fn usd(dollars: i64) -> Usd {
    Usd::dollars(dollars)
}

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn sub(owner: u64) -> SubAccount<u64> {
    SubAccount::new(owner, 0)
}

fn underwrite(who: u64, dollars: i64) {
    let had = Wallets::get(who);
    Wallets::set(who, had.checked_add(usd(dollars)).unwrap());
    assert_ok!(Insurance::underwrite(by(who), A, usd(dollars)));
    check();
}

/// Buys a policy for sub-account 0; what it cost.
fn buy(who: u64, dollars: i64, days: u32) -> Usd {
    let rich = usd(1_000_000);
    Wallets::set(who, rich);
    assert_ok!(Insurance::buy_cover(
        by(who),
        0,
        A,
        usd(dollars),
        days,
        Usd::MAX
    ));
    check();
    rich.checked_sub(Wallets::get(who)).unwrap()
}

/// A loss of an account that the mock does not have; what was paid for it.
fn lose(who: u64, loss: Usd) -> Usd {
    let paid = <Insurance as LossCover<u64>>::pay(&sub(who), A, loss);
    Wallets::lose(paid);
    check();
    paid
}

/// What underwriters have in this block.
fn assets() -> Usd {
    Insurance::cover_pool(A).unwrap().assets
}

fn go_to(block: u64) {
    System::set_block_number(block);
}

/// Underwriter 1 with 1,000 dollars, in block 1.
fn underwritten() -> sp_io::TestExternalities {
    let mut ext = new_test_ext(Usd::ZERO);
    ext.execute_with(|| {
        underwrite(1, 1_000);
        assert_eq!(CoverBooks::<Test>::get(A).pool.shares, 1_000_000_000);
    });
    ext
}
