//! Transaction lanes: feeds before liquidations before everything a user can pay for.
//!
//! Two things make a lane. *Priority*: the fee extension turns a tip into priority, up to
//! `u64::MAX`; with it alone, whoever wants a price or a liquidation to wait could buy that, so
//! [`ChargeWithLane`] clamps what a tip can buy. *Room*: the SDK's `feed_values` is a normal call,
//! and normal calls share three quarters of a block; [`InLane`] counts a feeder's feed as operational,
//! so that no amount of user transactions takes its place. `liquidate` is operational by itself.
//!
//! Orders have a lane as well, in which no fee is needed: the SDK's `SkipCheckIfFeeless` inside
//! [`ChargeWithLane`], whose rule is that of `pallet_order_book::lane`. Such a transaction has no priority
//! and waits behind those that pay.
//!
//! All of them are the SDK's extensions with one thing changed; on the wire and in the metadata they
//! are the SDK's, so wallets need to know nothing of it.

mod charge;
mod class;

pub use charge::ChargeWithLane;
pub use class::InLane;

use crate::{PriceOracle, RuntimeCall, RuntimeOrigin};
use polkadot_sdk::{
    frame_support::traits::SortedMembers, frame_system::ensure_signed, pallet_oracle,
    sp_runtime::transaction_validity::TransactionPriority,
};

/// No tip buys more than this.
pub const MAX_USER_PRIORITY: TransactionPriority = 1 << 61;
/// Priority of the free `liquidate` call.
pub const LIQUIDATION_PRIORITY: TransactionPriority = 1 << 62;
/// Priority of a feeder's `feed_values`.
pub const FEED_PRIORITY: TransactionPriority = 1 << 63;

/// What a call is to the lane of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Feed {
    /// The call is another one.
    No,
    /// Values in order, of one whose feeds count.
    Member,
    /// Values of somebody else.
    Stranger,
    /// Values of one whose feeds count, for assets that are not listed or twice for one.
    Unsound,
}

fn feed_of(origin: &RuntimeOrigin, call: &RuntimeCall) -> Feed {
    let RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values }) = call else {
        return Feed::No;
    };
    match ensure_signed(origin.clone()) {
        Ok(who) if PriceOracle::contains(&who) => {
            if PriceOracle::is_sound_feed(values) {
                Feed::Member
            } else {
                Feed::Unsound
            }
        }
        Ok(_) | Err(_) => Feed::Stranger,
    }
}
