//! What attacks are played with.

use bulwark_primitives::{AssetId, MarketId, Price, Quantity, Side, SubAccount, Usd, PRICE_SCALE};
use bulwark_runtime::{AccountId, Assets, Margin, Runtime, RuntimeCall, RuntimeEvent};
use bulwark_testing::{account, alice, quantity, usd, Chain, USDX};
use polkadot_sdk::{pallet_sudo, sp_core::sr25519::Pair, sp_runtime::DispatchResult};

/// DOT: collateral of tier B, and the index of a market of tier C.
pub const DOT: AssetId = 5;
/// LINK, which is no collateral.
pub const LINK: AssetId = 6;
/// The thinnest market of the genesis: tier C.
pub const LINK_USD: MarketId = MarketId(5);

/// A price in dollars, to a millionth.
pub fn dollars(price: f64) -> Price {
    Price((price * 1e6).round() as u128 * (PRICE_SCALE / 1_000_000))
}

/// Whole units.
pub fn units(count: u128) -> Quantity {
    quantity(count * 1_000)
}

/// Somebody's sub-account 0.
pub fn main_account(who: &Pair) -> SubAccount<AccountId> {
    SubAccount::new(account(who), 0)
}

/// `buyer` long and `seller` short so much of a market.
pub fn trade_in(
    chain: &mut Chain,
    market: MarketId,
    (buyer, seller): (&Pair, &Pair),
    size: Quantity,
    at: Price,
) {
    chain
        .order(seller, market, Side::Ask, size, at)
        .expect("the offer rests");
    chain
        .order(buyer, market, Side::Bid, size, at)
        .expect("the bid fills");
}

/// Most of an asset that the chain lets somebody take out of sub-account 0 now.
pub fn withdrawable(chain: &mut Chain, who: &Pair, asset: AssetId) -> u128 {
    chain.read(|| Margin::max_withdrawal(&main_account(who), asset))
}

/// A withdrawal from sub-account 0.
pub fn withdraw(asset: AssetId, amount: u128) -> pallet_margin::Call<Runtime> {
    pallet_margin::Call::withdraw {
        sub_account: 0,
        asset,
        amount,
    }
}

/// Takes out all that the chain lets go; how much that is.
pub fn withdraw_most(chain: &mut Chain, who: &Pair) -> Usd {
    let most = withdrawable(chain, who, USDX);
    let is_flat = chain
        .health(who)
        .is_some_and(|health| health.notional.is_zero());
    // With a position the next block may ask for a little more.
    let amount = if is_flat { most } else { most - most / 100 };
    if amount > 0 {
        chain
            .submit(who, withdraw(USDX, amount))
            .expect("the chain said so much may go");
    }
    Usd(i128::try_from(amount).expect("fits"))
}

/// Dollars in somebody's wallet.
pub fn wallet(chain: &mut Chain, who: &Pair) -> Usd {
    let balance = chain.read(|| Assets::balance(USDX, account(who)));
    Usd(i128::try_from(balance).expect("fits"))
}

/// Signed size of somebody's position.
pub fn size(chain: &mut Chain, who: &Pair, market: MarketId) -> i128 {
    chain.read(|| {
        let account = Margin::load(&main_account(who));
        let position = account.positions.iter().find(|p| p.market == market);
        position.map_or(0, |position| position.size.0)
    })
}

/// Lets governance make a call, and tells how it went.
pub fn govern(chain: &mut Chain, call: impl Into<RuntimeCall>) -> DispatchResult {
    let call = Box::new(call.into());
    chain
        .submit(&alice(), pallet_sudo::Call::sudo { call })
        .expect("alice is sudo");
    let told = chain.events().iter().find_map(|event| match event {
        RuntimeEvent::Sudo(pallet_sudo::Event::Sudid { sudo_result }) => Some(*sudo_result),
        _ => None,
    });
    told.expect("sudo tells")
}

/// Moves a price by the same factor in each block until it is `to` dollars, in so many blocks.
pub fn glide(
    chain: &mut Chain,
    asset: AssetId,
    (from, to): (f64, f64),
    blocks: u32,
    mut each: impl FnMut(&mut Chain),
) {
    for block in 1..=blocks {
        let way = f64::from(block) / f64::from(blocks);
        chain.exact_price(asset, dollars(from * (to / from).powf(way)));
        chain.blocks(1);
        each(chain);
    }
}

/// Dollars, for messages and rough bounds.
pub fn in_dollars(amount: Usd) -> i64 {
    i64::try_from(amount.0 / usd(1).0).expect("fits")
}
