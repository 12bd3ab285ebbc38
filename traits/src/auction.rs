//! The way back from a pause: a call auction between the circuit breaker and the order book.

use bulwark_primitives::{MarketId, Price};

/// What a paused market does until it is open again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reopening {
    /// Orders are placed and rest, and may cross; nothing fills.
    Collecting,
    /// The book is being uncrossed at one price; no orders are taken.
    Uncrossing,
}

/// Which markets come back by an auction.
pub trait AuctionGuard {
    /// Where a market stands on its way back; `None` when it is open, or paused with no auction coming.
    fn reopening(market: MarketId) -> Option<Reopening>;
    /// The price near which the auction is to be: the mean that the band is around.
    fn reference(market: MarketId) -> Option<Price>;
    /// The book of a market that is [`Reopening::Uncrossing`] is not crossed any more: what follows the
    /// pause holds from now on. Never fails; elsewhere it does nothing.
    fn reopened(market: MarketId);

    /// Puts a market where an auction begins, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_reopening(market: MarketId, reopening: Reopening);
}
