//! The call auction by which a market comes back from a pause.
//!
//! While a market is paused for its price, the book collects orders: they rest, may cross, and nothing
//! fills. When the pause is over, the book looks for the price at which the most trades ([`search`]), fills
//! at that one price whoever accepts it, by price and then time, and does so until nothing crosses; then
//! the breaker is told and the market is what follows its pause. All of it happens in the book's step of
//! the block, within its budget, and goes on in the next block where it stopped: the market stays paused
//! until then, so the book is never crossed in an open market.
//!
//! Margin is checked at each fill on both sides, as ever. Who cannot have his fill is cancelled, so more
//! may be left on the other side than the price was made for: if that still crosses, it is priced again.
//! The same holds when an owner cancels while an auction takes several blocks; nobody's limit is ever
//! passed, and what is bought is always what is sold. Orders that cross only outside the band are
//! cancelled, as a taker would do.

mod forced;
pub mod search;
pub(crate) mod uncross;

pub use search::{Depth, Found, Range, Search, Step};
