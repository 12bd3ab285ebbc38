//! Time as hooks may know it.

use crate::Runtime;
use bulwark_primitives::{Moment, SLOT_MILLIS};
use polkadot_sdk::{frame_support::traits::Time, *};

/// The start of the block's BABE slot, in milliseconds.
///
/// The timestamp inherent of block N runs after every `on_initialize` of block N, so
/// `Timestamp::now` would be a block late there, and after a gap as late as the gap was long. BABE
/// reads the slot from the header before any of our hooks, and refuses a timestamp that lies in
/// another slot, so this clock never differs from the timestamp by a slot or more.
#[derive(Debug)]
pub struct SlotClock;

impl Time for SlotClock {
    type Moment = Moment;

    fn now() -> Moment {
        let slot: u64 = pallet_babe::CurrentSlot::<Runtime>::get().into();
        // Saturation would need a slot number 500 million years ahead.
        slot.saturating_mul(SLOT_MILLIS)
    }
}
