//! Scenarios over the real runtime. One binary, so that the runtime is linked once.

mod attacks_deviating;
mod attacks_liquidation;
mod attacks_losses;
mod attacks_margin;
mod attacks_margin_rules;
mod attacks_margin_size;
mod attacks_ways;
mod backstop;
mod bad_input;
mod congestion;
mod cover;
mod crash;
mod finding;
mod free_lane;
mod hedges;
mod lanes;
mod layers;
mod lending;
mod oracle;
mod orders;
mod outflow;
mod parameters;
mod play;
mod pools;
mod random;
mod registry;
mod reopening;

use bulwark_primitives::Side;
use bulwark_testing::{bob, charlie, dave, price, quantity, usd, Chain, BTC_USD};

/// Bob long and Charlie short one BTC at 100,000; Bob with `collateral` dollars, Charlie and Dave
/// with plenty.
pub fn one_bitcoin_long(collateral: i64) -> Chain {
    bitcoins_long(1_000, collateral)
}

/// The same with a position of so many thousandths.
pub fn bitcoins_long(thousandths: u128, collateral: i64) -> Chain {
    let mut chain = Chain::development();
    chain
        .deposit(&bob(), usd(collateral))
        .expect("bob deposits");
    chain
        .deposit(&charlie(), usd(1_000_000))
        .expect("charlie deposits");
    chain
        .deposit(&dave(), usd(1_000_000))
        .expect("dave deposits");
    let (size, at) = (quantity(thousandths), price(100_000));
    chain
        .order(&charlie(), BTC_USD, Side::Ask, size, at)
        .expect("charlie offers");
    chain
        .order(&bob(), BTC_USD, Side::Bid, size, at)
        .expect("bob buys");
    chain
}
